"""Which words each picture is shown with. Pure."""

from __future__ import annotations

from itertools import pairwise

from storyreel.story.split import Passage, ends_clause, sentence_passages, words

SCENES_PER_WORD = 15 / 800


def scene_count(word_count: int) -> int:
    """How many pictures a text of that many words gets: 15 for 800 words, pro rata, at least one."""
    return max(1, round(word_count * SCENES_PER_WORD))


def passages(text: str, count: int) -> tuple[Passage, ...]:
    """Part a text into consecutive passages of nearly equal length, one for each picture.

    Cuts fall at the ends of sentences. Where the text has fewer sentences than passages are wanted, the longest
    sentences are parted at the ends of their clauses, and in the last resort between two words.

    Args:
        text: what is told.
        count: passages wanted, at least 1; a text with fewer words than that gives one passage a word.

    Returns:
        Passages (first_word, last_word) that cover all words in order, without gap or overlap; () for an empty text.
    """
    tokens = words(text)
    count = min(max(1, count), len(tokens))
    if not tokens:
        return ()
    units = list(sentence_passages(text))
    while len(units) < count:
        longest = max(range(len(units)), key=lambda index: units[index][1] - units[index][0])
        units[longest : longest + 1] = _halves(tokens, *units[longest])
    return _grouped(units, count)


def _halves(tokens: tuple[str, ...], first: int, last: int) -> list[Passage]:
    middle = (first + last - 1) / 2
    inner = range(first, last)
    clause_ends = [index for index in inner if ends_clause(tokens[index]) and index > first and index < last - 1]
    cut = min(clause_ends or inner, key=lambda index: abs(index - middle))
    return [(first, cut), (cut + 1, last)]


def _grouped(units: list[Passage], count: int) -> tuple[Passage, ...]:
    """Join neighbouring units into `count` groups with the least sum of squared differences from the mean length."""
    starts = [first for first, _ in units] + [units[-1][1] + 1]
    mean = starts[-1] / count
    # Groups far above the mean are never best unless they are one unit, so they need not be tried.
    widest = 4 * mean
    unreached = float("inf")
    cost = [0.0] + [unreached] * len(units)
    steps: list[list[int]] = []
    for group in range(1, count + 1):
        reached = [unreached] * (len(units) + 1)
        origin = [0] * (len(units) + 1)
        for end in range(group, len(units) - (count - group) + 1):
            for start in range(end - 1, group - 2, -1):
                length = starts[end] - starts[start]
                if length > widest and start < end - 1:
                    break
                total = cost[start] + (length - mean) ** 2
                if total < reached[end]:
                    reached[end], origin[end] = total, start
        cost = reached
        steps.append(origin)
    bounds = [len(units)]
    for origin in reversed(steps):
        bounds.append(origin[bounds[-1]])
    bounds.reverse()
    return tuple((starts[a], starts[b] - 1) for a, b in pairwise(bounds))
