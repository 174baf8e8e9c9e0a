"""When each shot is seen and each line is heard. Pure.

Sound leads: lines follow one another with the rests that people leave, and the cuts are placed on them. A cut between
two speakers lies in the rest between them, except where an editor would split it:

- After a question the picture is with whoever is asked before its last word is out (an L cut).
- Somebody who is interrupted is still seen while the other begins (a J cut).

A shot lasts as long as its action needs and its lines take, or as somebody decided, but never cuts a line off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyreel.clock import Rate
from storyreel.media.model import Asset
from storyreel.providers.contracts import SpokenWord
from storyreel.shots.pacing import speech_s
from storyreel.shots.script_model import Breakdown, Line, Shot, ShotScene
from storyreel.timeline.captions import pace

TITLE_S = 3.4
END_S = 2.6
SCENE_LEAD_S = 0.7
SCENE_TAIL_S = 0.9
ANSWER_REST_S = 0.34
GOES_ON_REST_S = 0.3
BEAT_REST_S = 0.9
SHOT_LEAD_S = 0.3
SHOT_TAIL_S = 0.45
L_CUT_S = (0.2, 0.7)
J_CUT_S = 0.4
LEAST_SHOT_S = 0.8

_BEAT = re.compile(r"\b(?:beat|pauses?|silence|after a (?:moment|while)|hesitat\w*)\b", re.IGNORECASE)
_INTERRUPTED = ("—", "–", "--", "-")


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line as it is heard.

    Attributes:
        audio: None while it has not been spoken; captions and rough times then stand for it.
        duration_s: how long it takes.
        words: with times from its start.
        lufs: its integrated loudness, None where it is not known or too short to tell.
    """

    audio: Asset | None
    duration_s: float
    words: tuple[SpokenWord, ...]
    lufs: float | None = None


@dataclass(frozen=True, slots=True)
class ShotSpan:
    """When a shot is seen: frames `start` to `end`, the end excluded."""

    shot: Shot
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScriptLayout:
    """A script film's times.

    Attributes:
        shots: in order; they tile the film.
        lines: line id -> the frame at which it begins to be heard.
        length_frames: of the film.
    """

    shots: tuple[ShotSpan, ...]
    lines: Mapping[str, int]
    length_frames: int


def unspoken(line: Line) -> SpokenLine:
    """A line that nobody has spoken yet, at the pace of speech."""
    wanted_s = speech_s(line.text)
    words = pace(line.text)
    scale = wanted_s / max(words[-1].end_s, 0.1) if words else 1.0
    timed = tuple(
        SpokenWord(text=word.text, start_s=round(word.start_s * scale, 3), end_s=round(word.end_s * scale, 3))
        for word in words
    )
    return SpokenLine(None, wanted_s, timed)


def lay_out_script(breakdown: Breakdown, lines: Mapping[str, SpokenLine], rate: Rate) -> ScriptLayout:
    """Place every shot and line.

    Args:
        breakdown: scenes and shots.
        lines: line id -> as it is heard; one for each line.
        rate: of the film.
    """
    clock = _Clock(lines, rate)
    last_scene = breakdown.scenes[-1]
    for scene in breakdown.scenes:
        for index, shot in enumerate(scene.shots):
            following = scene.shots[index + 1] if index + 1 < len(scene.shots) else None
            clock.shot(
                scene, shot, following, opens_film=not clock.spans, ends_film=scene is last_scene and following is None
            )
    return ScriptLayout(tuple(clock.spans), clock.starts, clock.spans[-1].end)


class _Clock:
    """Goes through the shots with two hands: when the picture changes, and until when somebody speaks."""

    def __init__(self, lines: Mapping[str, SpokenLine], rate: Rate) -> None:
        self.heard, self.rate = lines, rate
        self.spans: list[ShotSpan] = []
        self.starts: dict[str, int] = {}
        self.cut_s = 0.0
        self.voice_s = 0.0  # when the next line may begin

    def shot(self, scene: ShotScene, shot: Shot, following: Shot | None, *, opens_film: bool, ends_film: bool) -> None:
        start_s = self.cut_s
        lead_s = self._lead_s(scene, shot, opens_film=opens_film)
        acted_s = 0.0 if shot.lines and not _acts_first(shot) else _acting_s(shot)
        waits_s = lead_s + (acted_s if shot.lines else 0.0)
        # The voice may begin before its picture does, but not before something that has to be seen first.
        begins_s = max(self.voice_s, start_s + waits_s) if waits_s or not self.spans else self.voice_s
        ends_s = start_s + lead_s + acted_s if not shot.lines else self._speak(shot.lines, begins_s)
        cut_s = self._cut_s(shot, following, ends_s, ends_film=ends_film)
        if shot.fixed_s is not None:
            # The time that was asked for, but no line is cut off: the next shot's picture may not come before its end.
            cut_s = max(start_s + shot.fixed_s, ends_s + self.rate.seconds(1) if shot.lines else 0.0)
            self.voice_s = max(self.voice_s, cut_s) if cut_s > ends_s else self.voice_s
        cut_s = max(cut_s, start_s + LEAST_SHOT_S)
        start, end = self.rate.frames(start_s), self.rate.frames(cut_s)
        self.spans.append(ShotSpan(shot, start, max(end, start + 1)))
        self.cut_s = self.rate.seconds(self.spans[-1].end)

    def _lead_s(self, scene: ShotScene, shot: Shot, *, opens_film: bool) -> float:
        if opens_film:
            return TITLE_S
        if shot is scene.shots[0]:
            return SCENE_LEAD_S
        return 0.0

    def _speak(self, lines: Sequence[Line], begins_s: float) -> float:
        """Place a shot's lines one after another; returns when the last one ends."""
        at_s, ends_s, before = begins_s, begins_s, None
        for line in lines:
            heard = self.heard[line.id]
            if line.together and self.starts:
                at_s = self.rate.seconds(max(self.starts.values()))
            elif before is not None:
                at_s = ends_s + _rest_s(before, line)
            elif _BEAT.search(line.manner):
                at_s += BEAT_REST_S - ANSWER_REST_S
            frame = self.rate.frames(at_s)
            self.starts[line.id] = frame
            ends_s = max(ends_s, self.rate.seconds(frame) + heard.duration_s)
            before = line
        return ends_s

    def _cut_s(self, shot: Shot, following: Shot | None, ends_s: float, *, ends_film: bool) -> float:
        """When the picture leaves a shot; sets when the next voice may begin."""
        if ends_film:
            self.voice_s = ends_s + END_S
            return ends_s + END_S
        if following is None:
            self.voice_s = ends_s + SCENE_TAIL_S
            return ends_s + SCENE_TAIL_S
        if not shot.lines:
            self.voice_s = ends_s + SHOT_LEAD_S
            return ends_s
        if not following.lines or _acts_first(following):
            self.voice_s = ends_s + SHOT_TAIL_S
            return ends_s + SHOT_TAIL_S
        last, first = shot.lines[-1], following.lines[0]
        rest_s = _rest_s(last, first)
        self.voice_s = ends_s + rest_s
        answered = last.character != first.character
        if answered and last.text.rstrip('"”’ ').endswith(_INTERRUPTED):
            return self.voice_s + min(J_CUT_S, self.heard[first.id].duration_s / 3)
        if answered and last.text.rstrip('"”’ ').endswith("?"):
            return self._before_last_word_s(last, ends_s)
        return ends_s + rest_s / 2

    def _before_last_word_s(self, line: Line, ends_s: float) -> float:
        """The beginning of the word during which the listener is seen, or the line's end where none fits."""
        heard = self.heard[line.id]
        begins_s = ends_s - heard.duration_s
        starts = [begins_s + word.start_s for word in heard.words[1:]]
        nearest, farthest = L_CUT_S
        fitting = [start_s for start_s in starts if nearest <= ends_s - start_s <= farthest]
        return fitting[0] if fitting else ends_s


def _acts_first(shot: Shot) -> bool:
    """Whether a shot's action is seen before somebody speaks; what a narrator tells is seen while it is told."""
    return bool(shot.action) and any(line.character for line in shot.lines)


def _acting_s(shot: Shot) -> float:
    """How long a shot's own action takes, its lines left out."""
    return max(0.0, shot.rough_s - sum(speech_s(line.text) for line in shot.lines))


def _rest_s(before: Line, line: Line) -> float:
    if line.goes_on:
        return GOES_ON_REST_S
    if _BEAT.search(line.manner):
        return BEAT_REST_S
    if before.text.rstrip('"”’ ').endswith(_INTERRUPTED) and before.character != line.character:
        return 0.06
    return ANSWER_REST_S
