"""Shorts: the moments of a finished film that stand alone, re-framed for a telephone held upright.

hearing     what of the film is loud, sudden or laughter
looking     what its pictures show, where, and how much they move; whose faces are seen
wording     what its words promise: hooks, turns, words that lean on what was said before
moments     the stretches that may be cut out, and the best of them
judging     what a writer thinks of those
framing     where a tall frame lies in a wide picture, and how the camera follows
compose     a moment as a film of its own
"""
