"""Words from the times that voices give: of characters, or of stretches of the text that was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from storyreel.providers.contracts import Speech, SpokenWord
from storyreel.providers.speaking import joined

_TOKEN = re.compile(r"\S+")
LEAST_KNOWN = 0.5

Span = tuple[int, int]
Times = tuple[float, float]


def words_of_characters(
    text: str, characters: Sequence[str], starts_s: Sequence[float], ends_s: Sequence[float]
) -> tuple[SpokenWord, ...]:
    """The words of a text from the times of its characters; empty where those are of another text.

    A word ends with its last letter or digit: services give the pause after a mark to the mark.
    """
    spelled = "".join(characters)
    if spelled.split() != text.split() or not len(characters) == len(starts_s) == len(ends_s):
        return ()
    # A "character" may be several code points, so positions in the spelling are counted.
    at = [0, *accumulate(len(character) for character in characters)]
    times: list[Times] = []
    for token in _TOKEN.finditer(spelled):
        inside = [n for n in range(len(characters)) if at[n] < token.end() and at[n + 1] > token.start()]
        said = [n for n in inside if any(letter.isalnum() for letter in characters[n])] or inside
        times.append((starts_s[said[0]], ends_s[said[-1]]))
    return _in_order(text.split(), times)


def words_of_marks(
    tokens: Sequence[str], spans: Sequence[Span], marks: Sequence[tuple[Span, Times]]
) -> tuple[SpokenWord, ...]:
    """The words of a text from marks on stretches of what was sent; empty where those leave most of it open.

    Args:
        tokens: the text's words.
        spans: where each stands in what was sent, as (start, end) in characters.
        marks: stretches, in the same characters, and when they sound, as (start_s, end_s). They may leave gaps; a word
            that none covers gets the time between its neighbours.
    """
    found: list[Times | None] = []
    for start, end in spans:
        times = [_part(mark, when, (start, end)) for mark, when in marks if mark[0] < end and mark[1] > start]
        found.append((min(when[0] for when in times), max(when[1] for when in times)) if times else None)
    known = sum(times is not None for times in found)
    if not tokens or known < LEAST_KNOWN * len(tokens) or known == 0:
        return ()
    return _in_order(tokens, _filled(tokens, found))


def _part(mark: Span, when: Times, word: Span) -> Times:
    """When the part of a mark sounds that lies in a word: one mark may stand for several words."""
    length_s = (when[1] - when[0]) / (mark[1] - mark[0])
    return when[0] + (max(mark[0], word[0]) - mark[0]) * length_s, when[1] - max(0, mark[1] - word[1]) * length_s


def spoken_whole(parts: Sequence[Speech]) -> Speech:
    """Speeches one after another; with words only if every one of them has its own."""
    whole = joined(parts)
    return whole if all(part.words for part in parts) else Speech(whole.samples, whole.sample_rate_hz)


def _filled(tokens: Sequence[str], found: Sequence[Times | None]) -> list[Times]:
    """Times for the words that have none: what lies between those that have, by their lengths."""
    filled: list[Times] = []
    number = 0
    while number < len(found):
        times = found[number]
        if times is not None:
            filled.append(times)
            number += 1
            continue
        end = next((n for n in range(number, len(found)) if found[n] is not None), len(found))
        start_s = filled[-1][1] if filled else 0.0
        after = found[end] if end < len(found) else None
        end_s = max(start_s, after[0] if after is not None else start_s)
        weights = [len(token) for token in tokens[number:end]]
        edges = [start_s + (end_s - start_s) * share / sum(weights) for share in (0, *accumulate(weights))]
        filled += pairwise(edges)
        number = end
    return filled


def _in_order(tokens: Sequence[str], times: Sequence[Times]) -> tuple[SpokenWord, ...]:
    words: list[SpokenWord] = []
    least_s = 0.0
    for token, (start_s, end_s) in zip(tokens, times, strict=True):
        start_s = max(least_s, start_s)
        end_s = max(start_s, end_s)
        words.append(SpokenWord(text=token, start_s=round(start_s, 3), end_s=round(end_s, 3)))
        least_s = start_s
    return tuple(words)
