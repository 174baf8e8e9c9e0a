"""Which stretches of a film may be shown alone, and which of them are the best. Pure.

A stretch begins before a sentence and ends after one, in a pause, where no word is spoken; where nobody speaks it
begins and ends at cuts and at quiet moments. How much happens is a curve over the film: words that turn a story,
laughter, sudden and loud sounds, movement and faces each raise it, and any of them alone can. A stretch is worth its
best seconds, its first three and a little of all the rest. Of those that share over half of the shorter one the better
is kept, and what one short shows counts little for the next.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from storyreel.clock import Rate
from storyreel.publish.shorts.hearing import LAUGH_HOP_S, LEVEL_HOP_S, SoundCurve
from storyreel.publish.shorts.wording import headline, hook, leans_on_before, telling
from storyreel.story.split import ends_sentence
from storyreel.timeline.model import CueWord, Timeline
from storyreel.timeline.scripts import join_words

SHORTEST_S, LONGEST_S = 15.0, 60.0
MOST_SHARED = 0.5
HOOK_S = 3.0

_BIN_S = 0.5
_SENTENCE_PAUSE_S = 0.9  # a silence this long ends a sentence, full stop or not
_LEAD_S, _TAIL_S = 0.3, 0.7
_QUIET_GAP_S = 2.0  # nobody speaks for so long: there may be laughter to keep, so quiet moments in it count as ends
_BEST_BINS = 6  # three seconds
_SEEN_ALREADY = 0.15
_USUAL_S = 30.0


class Scene(NamedTuple):
    """How a film looks at a moment: what moves (0 to 1), its contrast and its faces' share of the frame (0 to 1)."""

    at_s: float
    motion: float
    contrast: float
    faces: float


class Moment(BaseModel, frozen=True, extra="forbid"):
    """A stretch of a film.

    Attributes:
        first_frame, after_frame: of the film; the last is not shown.
        start_s, end_s: the same in seconds.
        score: how good it is; only comparable within one film.
        text: what is said in it.
        title: a hook for the first seconds; "" where nothing is said.
        reasons: what makes it good, for a person.
        leaning: whether its first word leans on one before it.
    """

    first_frame: int
    after_frame: int
    start_s: float
    end_s: float
    score: float = 0.0
    text: str = ""
    title: str = ""
    reasons: tuple[str, ...] = ()
    leaning: bool = False

    def shares_much(self, other: Moment) -> bool:
        """Whether over half of the shorter of the two lies in the other."""
        spans = ((each.first_frame, each.after_frame) for each in (self, other))
        return _share_much(*spans)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that belong together, and when they are spoken, in frames."""

    words: tuple[CueWord, ...]

    @property
    def start(self) -> int:
        """The frame on which it begins."""
        return self.words[0].start_frame

    @property
    def end(self) -> int:
        """The frame before which it is over."""
        return max(word.end_frame for word in self.words)

    @property
    def text(self) -> str:
        """It, as a line."""
        return join_words(word.text for word in self.words)


def words_of(timeline: Timeline) -> tuple[CueWord, ...]:
    """Every word of a film's captions, in the order they are spoken."""
    return tuple(word for cue in timeline.cues for line in cue.lines for word in line)


def sentences_of(words: Sequence[CueWord], rate: Rate) -> tuple[Sentence, ...]:
    """The words as sentences, by their punctuation and by long pauses."""
    found: list[Sentence] = []
    first = 0
    for index, word in enumerate(words):
        last = index + 1 == len(words)
        pause = 0 if last else words[index + 1].start_frame - word.end_frame
        if last or pause >= rate.frames(_SENTENCE_PAUSE_S) or ends_sentence(word.text, words[index + 1].text):
            found.append(Sentence(tuple(words[first : index + 1])))
            first = index + 1
    return tuple(found)


def rank(timeline: Timeline, sound: SoundCurve, scenes: Sequence[Scene], count: int) -> tuple[Moment, ...]:
    """The best `count` moments of a film, best first; fewer where it does not have so many.

    Args:
        timeline: the film.
        sound: its sound, measured.
        scenes: how it looks, in order of time; may be empty.
    """
    film = _Film(timeline, sound, scenes)
    left, chosen = film.stretches(), list[Moment]()
    left = [each for each in left if not each.leaning] or left
    while left and len(chosen) < count:
        scores = [film.worth(each) for each in left]
        place = int(np.argmax(scores))
        best = film.told(left[place], scores[place])
        chosen.append(best)
        film.show(left[place])
        left = [each for each in left if not _share_much(each, (best.first_frame, best.after_frame))]
    return tuple(chosen)


def _share_much(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether over half of the shorter of two spans (first, after, ...) lies in the other."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > MOST_SHARED * min(one[1] - one[0], other[1] - other[0])


class _Stretch(NamedTuple):
    """Frames that may be shown alone, and whether their first word leans on one before it."""

    first: int
    after: int
    leaning: bool


class _Film:
    """A film as curves over bins of half a second, and its sentences."""

    def __init__(self, timeline: Timeline, sound: SoundCurve, scenes: Sequence[Scene]) -> None:
        self.timeline, self.rate, self.sound = timeline, timeline.rate, sound
        self.words = sorted(words_of(timeline), key=lambda word: word.start_frame)
        self._begins = [word.start_frame for word in self.words]
        self._hooks: dict[int, float] = {}
        self.sentences = sentences_of(self.words, timeline.rate)
        self.bins = max(1, int(np.ceil(timeline.rate.seconds(timeline.length_frames) / _BIN_S)))
        self.words_told = self._words_told()
        self.laughs, self.sudden, self.loud = self._heard()
        self.seen = self._seen(scenes)
        heard = np.maximum.reduce([self.laughs, 0.9 * self.sudden, 0.4 * self.loud])
        self.interest = 1 - (1 - 0.9 * self.words_told) * (1 - 0.9 * heard) * (1 - 0.35 * self.seen)

    def _bin(self, frame: int) -> int:
        return min(int(self.rate.seconds(frame) / _BIN_S), self.bins - 1)

    def _words_told(self) -> NDArray[np.float64]:
        told = np.zeros(self.bins)
        for sentence in self.sentences:
            first, last = self._bin(sentence.start), self._bin(sentence.end)
            told[first : last + 1] = np.maximum(told[first : last + 1], telling(sentence.text, self.timeline.language))
        return told

    def _heard(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Laughter, suddenness and loudness, 0 to 1, by bin."""
        level = _pooled(self.sound.levels(), round(_BIN_S / LEVEL_HOP_S), self.bins, -100.0)
        audible = level[level > -70.0]
        usual = float(np.median(audible)) if len(audible) else 0.0
        # A voice after a pause is neither: what counts is louder than nearly all of the film.
        high = float(np.percentile(audible, 90)) if len(audible) else 0.0
        loud = np.clip((level - high - 1.0) / 8.0, 0, 1)
        before = np.array([level[max(0, at - 8) : at].mean() if at else level[0] for at in range(len(level))])
        sudden = np.clip((level - np.maximum(before, high) - 2.0) / 6.0, 0, 1)
        # Speech has a rhythm, too: where words are spoken it is no laughter, and neither is what is hardly heard.
        silent = np.ones(self.bins)
        for word in self.words:
            silent[self._bin(word.start_frame) : self._bin(max(word.start_frame, word.end_frame - 1)) + 1] = 0.0
        laughs = _pooled(self.sound.laughs(), round(_BIN_S / LAUGH_HOP_S), self.bins, 0.0)
        return laughs * silent * np.clip((level - usual + 12.0) / 8.0, 0, 1), sudden, loud

    def _seen(self, scenes: Sequence[Scene]) -> NDArray[np.float64]:
        if not scenes:
            return np.zeros(self.bins)
        times = np.array([scene.at_s for scene in scenes])
        at = np.clip(np.searchsorted(times, np.arange(self.bins) * _BIN_S, "right") - 1, 0, len(scenes) - 1)
        values = np.array([[scene.motion, scene.contrast, min(1.0, 4 * scene.faces)] for scene in scenes])
        spread = values[:, 0] / max(float(np.percentile(values[:, 0], 95)), 1e-6)
        worth = 0.5 * np.clip(spread, 0, 1) + 0.25 * np.clip(values[:, 1], 0, 1) + 0.25 * values[:, 2]
        return np.asarray(worth[at], np.float64)

    # ------------------------------------------------------------------------------------------------ where to cut

    def stretches(self) -> list[_Stretch]:
        """Every stretch of 15 to 60 s that begins and ends where nobody speaks."""
        starts, ends = self._cuts()
        shortest, longest = self.rate.frames_ceil(SHORTEST_S), self.rate.frames(LONGEST_S)
        begins = [sentence.start for sentence in self.sentences]
        found = []
        for first in starts:
            low, high = bisect_left(ends, first + shortest), bisect_right(ends, first + longest)
            at = bisect_left(begins, first)
            leaning = at < len(begins) and leans_on_before(self.sentences[at].text, self.timeline.language)
            found += [_Stretch(first, after, leaning and begins[at] < after) for after in ends[low:high]]
        return found

    def _cuts(self) -> tuple[list[int], list[int]]:
        """(frames on which a stretch may begin, frames before which it may end), ascending."""
        length, rate = self.timeline.length_frames, self.rate
        starts, ends = set[int](), set[int]()
        over = 0  # the frame before which every sentence so far is over
        for number, sentence in enumerate(self.sentences):
            start = self._quiet(max(over + 1 if number else 0, sentence.start - rate.frames(_LEAD_S)), sentence.start)
            if start is not None:
                starts.add(start)
            if sentence.start - over >= rate.frames(_QUIET_GAP_S):
                quiet = self._quiet_moments(over, sentence.start)
                starts |= quiet
                ends |= quiet
            over = max(over, sentence.end)
            following = self.sentences[number + 1].start if number + 1 < len(self.sentences) else length + 1
            earliest = min(over + rate.frames(0.2), following - 1)
            end = self._quiet(max(earliest, over + 1), min(following, over + rate.frames(_TAIL_S), length + 1))
            if end is not None:
                ends.add(end)
        if length - over >= rate.frames(_QUIET_GAP_S):
            quiet = self._quiet_moments(over, length)
            starts |= quiet
            ends |= quiet
        if over < length:
            ends.add(length)
        if not self.sentences or self.sentences[0].start > 0:
            starts.add(0)
        return sorted(starts), sorted(end for end in ends if 0 < end <= length)

    def _quiet(self, low: int, high: int) -> int | None:
        """The quietest frame from `low` to before `high`, the last such; None where there is none."""
        if low >= high:
            return None
        levels = [self._level(frame) for frame in range(low, high)]
        return high - 1 - int(np.argmin(levels[::-1]))

    def _quiet_moments(self, low: int, high: int) -> set[int]:
        """Where a stretch without words may be cut: at its cuts and its quietest moments, two seconds apart."""
        rate = self.rate
        found = {clip.start_frame for clip in self.timeline.clips if low < clip.start_frame < high}
        step = max(1, rate.frames(_QUIET_GAP_S))
        for begin in range(low + 1, high, step):
            quiet = self._quiet(begin, min(begin + step, high))
            if quiet is not None:
                found.add(quiet)
        return found

    def _level(self, frame: int) -> float:
        index = int(self.rate.seconds(frame) / LEVEL_HOP_S)
        levels = self.sound.level_db
        return levels[index] if index < len(levels) else -100.0

    # ------------------------------------------------------------------------------------------------ what it is worth

    def _span(self, stretch: _Stretch) -> tuple[int, int]:
        first = self._bin(stretch.first)
        return first, max(first + 1, self._bin(stretch.after - 1) + 1)

    def worth(self, stretch: _Stretch) -> float:
        """How good a stretch is."""
        first, after = self._span(stretch)
        curve = self.interest[first:after]
        # A highlight that is cut off is none: what comes in the last second counts half.
        whole = np.sort(np.concatenate([curve[:-2], curve[-2:] * 0.5]))[-_BEST_BINS:]
        opening = max(self._hook(stretch.first), 0.6 * float(curve[: int(HOOK_S / _BIN_S)].max()))
        length_s = self.rate.seconds(stretch.after - stretch.first)
        return (
            0.6 * float(whole.mean())
            + 0.25 * float(curve.mean())
            + 0.2 * opening
            + 0.1 * self._closes(stretch.after)
            - 0.1 * abs(length_s - _USUAL_S) / _USUAL_S
        )

    def show(self, stretch: _Stretch) -> None:
        """Take what a stretch shows as seen: it counts little from now on."""
        first, after = self._span(stretch)
        self.interest[first:after] *= _SEEN_ALREADY

    def _hook(self, first: int) -> float:
        """How much the words of the first three seconds from a frame on make one stay."""
        if first not in self._hooks:
            low, high = bisect_left(self._begins, first), bisect_left(self._begins, first + self.rate.frames(HOOK_S))
            said = join_words(word.text for word in self.words[low:high])
            self._hooks[first] = hook(said, self.timeline.language)
        return self._hooks[first]

    def _closes(self, after: int) -> float:
        """How much of an end there is before a frame: a pause after the last word, a second long for all of it."""
        at = bisect_left(self._begins, after)
        if not 0 < at < len(self.words):
            return 1.0
        return min(1.0, self.rate.seconds(max(0, self.words[at].start_frame - self.words[at - 1].end_frame)))

    def told(self, stretch: _Stretch, score: float) -> Moment:
        """A stretch with its words, a title and the reasons for it."""
        first, after = self._span(stretch)
        inside = [each for each in self.sentences if stretch.first <= each.start and each.end <= stretch.after]
        reasons = []
        for curve, what in ((self.laughs, "laughter"), (self.sudden, "a sudden sound"), (self.loud, "a loud moment")):
            at = first + int(np.argmax(curve[first:after]))
            if curve[at] >= 0.5:
                reasons.append(f"{what} at {_clock(at * _BIN_S)}")
        told = max(inside, key=lambda each: telling(each.text, self.timeline.language), default=None)
        if told is not None and telling(told.text, self.timeline.language) >= 0.4:
            reasons.append(f"“{told.text[:80]}” at {_clock(self.rate.seconds(told.start))}")
        if float(self.seen[first:after].mean()) > float(self.seen.mean()) + 0.05:
            reasons.append("lively pictures")
        return Moment(
            first_frame=stretch.first,
            after_frame=stretch.after,
            start_s=round(self.rate.seconds(stretch.first), 3),
            end_s=round(self.rate.seconds(stretch.after), 3),
            score=round(score, 4),
            text=join_words(each.text for each in inside),
            title=headline([each.text for each in inside], self.timeline.language),
            reasons=tuple(reasons),
            leaning=stretch.leaning,
        )


def _pooled(values: NDArray[np.float32], each: int, bins: int, empty: float) -> NDArray[np.float64]:
    """The greatest of every `each` values, as many as there are bins."""
    padded = np.full(bins * each, empty)
    count = min(len(values), len(padded))
    padded[:count] = values[:count]
    return np.asarray(padded.reshape(bins, each).max(axis=1), np.float64)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
