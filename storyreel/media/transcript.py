"""What was said in a recording: words with times and confidences, and how the pieces it was heard in are joined. Pure.

Long recordings are heard in overlapping pieces. Where two overlap, both have heard the same words, save those that a
piece's edge has cut and those that a listener passed over; so the two lists are aligned there, the join goes through a
word that both have, as far from either edge as possible, and what only one of them has heard is set in where the other
has nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from storyreel.media.tokens import plain
from storyreel.providers.contracts import HeardWord

_SAME_WORD_S = 0.6  # how far apart two listeners' times for one word may lie
_SAME_MOMENT_S = 0.3  # likewise where they heard different words
_MISHEARD = 0.35  # what a word heard in two ways is worth beside one heard alike
_CUT_S = 0.3  # how near to a piece's edge a word may have been cut by it
_SLACK_S = 0.05  # how far a word may reach over its neighbours' edges and still lie between them
_LEAST_SURE = 0.5
# English heard by tiny.en has 0.85 to 0.95 on average, in noise too; Spanish that it takes for English, 0.5.
_DOUBTFUL_WORDS, _MOST_DOUBTFUL = 15, 0.65


class Language(BaseModel, frozen=True, extra="forbid"):
    """A stretch of a recording in one language (ISO 639-1), in seconds."""

    start_s: float
    end_s: float
    code: str


class Transcript(BaseModel, frozen=True, extra="forbid"):
    """A recording's words; kept as transcript.json.

    Attributes:
        language: the one most words are in.
        duration_s: the recording's length.
        words: in order, times not overlapping; `confidence` is 0 to 1.
        languages: one entry a stretch, where the recording has several.
    """

    language: str = "en"
    duration_s: float = Field(ge=0.0)
    words: tuple[HeardWord, ...] = ()
    languages: tuple[Language, ...] = ()

    @property
    def text(self) -> str:
        """All words in one line."""
        return " ".join(word.text for word in self.words)


class HeardPiece(BaseModel, frozen=True, extra="forbid"):
    """What was heard between two moments of a recording; its words' times count from the recording's start."""

    start_s: float
    end_s: float
    words: tuple[HeardWord, ...]
    language: str = "en"


def piece_bounds(duration_s: float, dips_s: Sequence[float], longest_s: float) -> tuple[tuple[float, float], ...]:
    """Where to cut a recording into pieces that overlap.

    Args:
        duration_s: of the recording.
        dips_s: moments of low energy, ascending; pieces end and begin on them where that costs little.
        longest_s: the longest piece, at least 4 s; pieces overlap by about a seventh of it, 2 to 5 s where it allows.

    Returns:
        (start_s, end_s) in order; each begins before the one before it ends, and together they are the whole.
    """
    overlap_s = min(5.0, max(longest_s / 7, min(2.0, longest_s / 3)))
    bounds: list[tuple[float, float]] = []
    start_s = 0.0
    while duration_s - start_s > longest_s:
        end_s = _last(dips_s, start_s + 0.75 * longest_s, start_s + longest_s)
        bounds.append((start_s, end_s))
        start_s = _last(dips_s, end_s - 1.5 * overlap_s, end_s - 0.75 * overlap_s)
    bounds.append((start_s, duration_s))
    return tuple((round(first, 3), round(after, 3)) for first, after in bounds)


def _last(dips_s: Sequence[float], low_s: float, high_s: float) -> float:
    """The last dip in a range; its end where there is none."""
    from bisect import bisect_right

    at = bisect_right(dips_s, high_s) - 1
    return float(dips_s[at]) if at >= 0 and dips_s[at] >= low_s else high_s


def joined(pieces: Sequence[HeardPiece], duration_s: float) -> Transcript:
    """The transcript of a whole recording from its pieces, without lost or doubled words.

    Args:
        pieces: in order, overlapping their neighbours.
        duration_s: of the recording.
    """
    words: list[tuple[HeardWord, str]] = []
    before: HeardPiece | None = None
    for piece in pieces:
        own = [(word, piece.language) for word in piece.words]
        words = own if before is None else _join(words, own, piece.start_s, before.end_s)
        before = piece
    in_order = _in_order([word for word, _ in words], duration_s)
    spoken = [language for _, language in words]
    return Transcript(
        language=max(dict.fromkeys(spoken), key=spoken.count) if spoken else (pieces[0].language if pieces else "en"),
        duration_s=round(duration_s, 3),
        words=in_order,
        languages=_languages(in_order, spoken, duration_s),
    )


_Said = tuple[HeardWord, str]


def _join(earlier: list[_Said], later: list[_Said], start_s: float, end_s: float) -> list[_Said]:
    """Two lists of words, of which the first ends at `end_s` and the second begins at `start_s`."""
    middle_s = (start_s + end_s) / 2
    first = next((at for at, (word, _) in enumerate(earlier) if word.end_s > start_s - _SAME_WORD_S), len(earlier))
    after = next((at for at, (word, _) in enumerate(later) if word.start_s >= end_s + _SAME_WORD_S), len(later))
    pairs = [
        (first + one, other)
        for one, other in _paired([word for word, _ in earlier[first:]], [word for word, _ in later[:after]])
    ]
    alike = [(one, other) for one, other in pairs if _alike(earlier[one][0], later[other][0])]
    cut = [(one, other) for one, other in pairs if _cut(earlier[one][0], end_s) or _cut(later[other][0], start_s)]
    if not (alike or cut):
        # Nothing in common: one passed over what the other heard.
        return _with_missed(earlier, later)
    one, other = min(alike or cut, key=lambda pair: abs(earlier[pair[0]][0].start_s - middle_s))
    # A word heard in two ways was cut by the edge that is nearer.
    theirs = not alike and earlier[one][0].start_s > middle_s
    before, behind = earlier[: one + (not theirs)], later[other + (not theirs) :]
    known = {place for _, place in pairs}
    missed = [later[at] for at in range(other) if at not in known and not _cut(later[at][0], start_s)]
    known = {place for place, _ in pairs}
    lost = [earlier[at] for at in range(one + 1, len(earlier)) if at not in known and not _cut(earlier[at][0], end_s)]
    return _with_missed(before + behind, missed + lost)


def _cut(word: HeardWord, edge_s: float) -> bool:
    return word.start_s - _CUT_S < edge_s < word.end_s + _CUT_S


def _with_missed(kept: list[_Said], others: list[_Said]) -> list[_Said]:
    """Words in their order, and those of another hearing that lie where the first has none and that it was sure of."""
    ends_s = kept[-1][0].end_s if kept else 0.0
    told = list(kept)
    for said in others:
        word = said[0]
        place = next((at for at, (own, _) in enumerate(told) if own.start_s + _SLACK_S >= word.end_s), len(told))
        free = not place or told[place - 1][0].end_s <= word.start_s + _SLACK_S
        if free and (word.confidence >= _LEAST_SURE or word.start_s >= ends_s):
            told.insert(place, said)
    return told


def _alike(one: HeardWord, other: HeardWord) -> bool:
    return plain(one.text) == plain(other.text)


def _paired(one: Sequence[HeardWord], other: Sequence[HeardWord]) -> list[tuple[int, int]]:
    """Which words of two hearings of the same moments are one, as pairs of places, in order.

    The best alignment (Needleman and Wunsch 1970): the same word at the same time is worth most, and another word at
    the same time, as the edge of a piece makes of one that it cuts, more than the same word at another time, since a
    word may be said twice in a second.
    """

    def worth(i: int, j: int) -> float:
        apart_s = abs(one[i].start_s - other[j].start_s)
        if _alike(one[i], other[j]):
            return 1.0 - apart_s / _SAME_WORD_S
        return _MISHEARD * (1.0 - apart_s / _SAME_MOMENT_S)

    best = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one)):
        for j in range(len(other)):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + worth(i, j))
    pairs: list[tuple[int, int]] = []
    i, j = len(one), len(other)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _in_order(words: Sequence[HeardWord], duration_s: float) -> tuple[HeardWord, ...]:
    """The words with times that neither overlap nor leave the recording."""
    ordered: list[HeardWord] = []
    for word in words:
        earliest_s = ordered[-1].end_s if ordered else 0.0
        start_s = min(max(word.start_s, earliest_s), duration_s)
        end_s = min(max(word.end_s, start_s), duration_s)
        ordered.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
    return tuple(ordered)


def _languages(words: Sequence[HeardWord], spoken: Sequence[str], duration_s: float) -> tuple[Language, ...]:
    if len(set(spoken)) < 2:
        return ()
    stretches: list[Language] = []
    for word, code in zip(words, spoken, strict=True):
        if stretches and stretches[-1].code == code:
            stretches[-1] = stretches[-1].model_copy(update={"end_s": word.end_s})
        else:
            stretches.append(Language(start_s=word.start_s, end_s=word.end_s, code=code))
    return tuple(stretches)


def doubtful_stretches(transcript: Transcript) -> tuple[tuple[float, float], ...]:
    """Where words were heard with little confidence one after another: another language, or a bad recording.

    Returns:
        (start_s, end_s) of each stretch of at least 15 words whose confidences are low on average, in order and apart.
    """
    words, stretches = transcript.words, list[tuple[float, float]]()
    for first in range(len(words) - _DOUBTFUL_WORDS + 1):
        run = words[first : first + _DOUBTFUL_WORDS]
        if sum(word.confidence for word in run) / len(run) < _MOST_DOUBTFUL:
            begun_s = stretches.pop()[0] if stretches and run[0].start_s <= stretches[-1][1] else run[0].start_s
            stretches.append((begun_s, run[-1].end_s))
    return tuple(stretches)
