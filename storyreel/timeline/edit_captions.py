"""Edits of captions and of texts over the picture, applied. See `storyreel.timeline.edit`."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from storyreel.errors import InputError
from storyreel.providers.contracts import SpokenWord
from storyreel.timeline.captions import NORMS, cues, shape_of
from storyreel.timeline.edit_kinds import (
    AddLabel,
    ChangeCaption,
    ChangeCaptionStyle,
    MergeCaptions,
    RemoveLabel,
    RetimeCaption,
    RetimeWord,
    SplitCaption,
)
from storyreel.timeline.model import Cue, CueWord, Timeline
from storyreel.timeline.safe_area import margins


def change_caption(timeline: Timeline, edit: ChangeCaption) -> Timeline:
    """Make `ChangeCaption`."""
    cue = _cue(timeline, edit.cue)
    lines = [line.split() for line in edit.text.splitlines() if line.split()]
    if len(lines) > 2:
        raise InputError(f"a caption has at most two lines, not {len(lines)}")
    words = [word for line in lines for word in line]
    if len(lines) == 1:
        lines = _broken(words, cue, timeline)
    timed = iter(_timed(words, cue))
    changed = (
        (cue.model_copy(update={"lines": tuple(tuple(next(timed) for _ in line) for line in lines)}),) if words else ()
    )
    return _with_cues(timeline, edit.cue, 1, changed)


def change_caption_style(timeline: Timeline, edit: ChangeCaptionStyle) -> Timeline:
    """Make `ChangeCaptionStyle`."""
    changes: dict[str, object] = {}
    if edit.platform is not None:
        margins(edit.platform, timeline.width_px, timeline.height_px)
        changes["platform"] = edit.platform
    if edit.captions is not None:
        changes |= {"captions": edit.captions, "caption_style": None}
        if edit.captions != "none":
            rate, size = timeline.rate, (timeline.width_px, timeline.height_px)
            words = [
                SpokenWord(
                    text=word.text, start_s=rate.seconds(word.start_frame), end_s=rate.seconds(word.end_frame)
                )
                for cue in timeline.cues
                for line in cue.lines
                for word in line
            ]  # fmt: skip
            changes["cues"] = cues(words, rate, edit.captions, timeline.language, size)
    if edit.style is not None:
        changes["caption_style"] = edit.style
    return timeline.model_copy(update=changes)


def add_label(timeline: Timeline, edit: AddLabel) -> Timeline:
    """Make `AddLabel`."""
    end = edit.label.start_frame + edit.label.length_frames
    if end > timeline.length_frames:
        raise InputError(f"the label ends on frame {end} and the film on {timeline.length_frames}: let it end sooner")
    return timeline.model_copy(update={"labels": (*timeline.labels, edit.label)})


def remove_label(timeline: Timeline, edit: RemoveLabel) -> Timeline:
    """Make `RemoveLabel`."""
    if edit.label >= len(timeline.labels):
        raise InputError(f"there is no label {edit.label}: the film has {len(timeline.labels)}, counted from 0")
    labels = (*timeline.labels[: edit.label], *timeline.labels[edit.label + 1 :])
    return timeline.model_copy(update={"labels": labels})


def _broken(words: list[str], cue: Cue, timeline: Timeline) -> list[list[str]]:
    """Words as lines: as they were if their number is the same, else in halves if they are too many for one line."""
    if len(words) == sum(map(len, cue.lines)):
        ends = list(accumulate(len(line) for line in cue.lines))
        return [words[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return _best_lines(words, timeline)


def _best_lines(words: list[str], timeline: Timeline) -> list[list[str]]:
    """Words as one line if they fit it by the film's norm, else as two near halves."""
    norm = NORMS.get(timeline.captions)
    total = len(" ".join(words))
    if norm is None or norm.lines < 2 or total <= norm.columns[shape_of(timeline.width_px, timeline.height_px)]:
        return [words]
    # The upper line is the shorter one where they differ, as subtitlers prefer.
    split = min(range(1, len(words) + 1), key=lambda count: abs(2 * len(" ".join(words[:count])) - total + 1))
    return [line for line in (words[:split], words[split:]) if line]


def _timed(words: Sequence[str], cue: Cue) -> list[CueWord]:
    """New words with times: those that stay keep theirs, runs of others share out the time of what they replace."""
    old = [word for line in cue.lines for word in line]
    if not old:
        return _shared(words, cue.start_frame, cue.end_frame)
    timed: list[CueWord] = []
    matcher = SequenceMatcher(None, [word.text for word in old], words, autojunk=False)
    for kind, first, after, new_first, new_after in matcher.get_opcodes():
        new = list(words[new_first:new_after])
        if kind == "equal":
            timed += old[first:after]
        elif kind == "replace":
            timed += _shared(new, old[first].start_frame, old[after - 1].end_frame)
        elif kind == "insert" and timed:
            # What is put in shares the time of the word before it.
            before = timed.pop()
            timed += _shared([before.text, *new], before.start_frame, before.end_frame)
        elif kind == "insert":
            timed += _shared(new, cue.start_frame, old[0].start_frame)
    return timed


def _shared(words: Sequence[str], start: int, end: int) -> list[CueWord]:
    """Words one after another from `start` to `end`, each as long as its letters ask."""
    ends = list(accumulate(len(word) + 1 for word in words))
    at = [start + (end - start) * letters // (ends[-1] if ends else 1) for letters in (0, *ends)]
    return [
        CueWord(text=word, start_frame=first, end_frame=after)
        for word, first, after in zip(words, at, at[1:], strict=False)
    ]


def retime_caption(timeline: Timeline, edit: RetimeCaption) -> Timeline:
    """Make a `RetimeCaption`."""
    cue, end = _cue(timeline, edit.cue), edit.start_frame + edit.length_frames
    earliest = timeline.cues[edit.cue - 1].end_frame if edit.cue else 0
    last = edit.cue + 1 == len(timeline.cues)
    latest = timeline.length_frames if last else timeline.cues[edit.cue + 1].start_frame
    if edit.start_frame < earliest or end > latest:
        raise InputError(
            f"caption {edit.cue} has room from frame {earliest} to {latest}, between its neighbours, "
            f"and cannot fill {edit.start_frame} to {end}"
        )

    def moved(frame: int) -> int:
        # Rounded to the nearest frame, halves up, in whole numbers.
        inside = 2 * (frame - cue.start_frame) * edit.length_frames + cue.length_frames
        return edit.start_frame + inside // (2 * cue.length_frames)

    lines = tuple(
        tuple(
            CueWord(text=word.text, start_frame=moved(word.start_frame), end_frame=moved(word.end_frame))
            for word in line
        )
        for line in cue.lines
    )
    retimed = Cue(start_frame=edit.start_frame, length_frames=edit.length_frames, lines=lines)
    return _with_cues(timeline, edit.cue, 1, (retimed,))


def retime_word(timeline: Timeline, edit: RetimeWord) -> Timeline:
    """Make a `RetimeWord`."""
    cue = _cue(timeline, edit.cue)
    words = [word for line in cue.lines for word in line]
    if edit.word >= len(words):
        raise InputError(f"caption {edit.cue} has no word {edit.word}: it has {len(words)}, counted from 0")
    earliest = words[edit.word - 1].start_frame if edit.word else cue.start_frame
    latest = words[edit.word + 1].end_frame if edit.word + 1 < len(words) else cue.end_frame
    if not earliest <= edit.start_frame <= edit.end_frame <= latest:
        raise InputError(
            f"the word {words[edit.word].text!r} has room from frame {earliest} to {latest} and cannot be spoken from "
            f"{edit.start_frame} to {edit.end_frame}: move its neighbours, or make the caption longer, first"
        )
    at = {"start_frame": edit.start_frame, "end_frame": edit.end_frame}
    if edit.word:
        before = words[edit.word - 1]
        words[edit.word - 1] = before.model_copy(update={"end_frame": min(before.end_frame, edit.start_frame)})
    if edit.word + 1 < len(words):
        after = words[edit.word + 1]
        words[edit.word + 1] = after.model_copy(update={"start_frame": max(after.start_frame, edit.end_frame)})
    words[edit.word] = words[edit.word].model_copy(update=at)
    return _with_cues(timeline, edit.cue, 1, (cue.model_copy(update={"lines": _like(cue, words)}),))


def split_caption(timeline: Timeline, edit: SplitCaption) -> Timeline:
    """Make a `SplitCaption`."""
    cue = _cue(timeline, edit.cue)
    words = [word for line in cue.lines for word in line]
    if edit.word >= len(words):
        raise InputError(f"caption {edit.cue} has no word {edit.word} to begin another: it has {len(words)}")
    at = words[edit.word].start_frame
    if not cue.start_frame < at < cue.end_frame:
        raise InputError(f"no time is left for one of the two captions: {words[edit.word].text!r} begins on frame {at}")
    parts: tuple[list[tuple[CueWord, ...]], list[tuple[CueWord, ...]]] = ([], [])
    count = 0
    for line in cue.lines:
        cut = min(max(edit.word - count, 0), len(line))
        count += len(line)
        for part, piece in zip(parts, (line[:cut], line[cut:]), strict=True):
            if piece:
                part.append(piece)
    first, second = (tuple(part) for part in parts)
    both = (
        Cue(start_frame=cue.start_frame, length_frames=at - cue.start_frame, lines=first),
        Cue(start_frame=at, length_frames=cue.end_frame - at, lines=second),
    )
    return _with_cues(timeline, edit.cue, 1, both)


def merge_captions(timeline: Timeline, edit: MergeCaptions) -> Timeline:
    """Make a `MergeCaptions`."""
    cue = _cue(timeline, edit.cue)
    if edit.cue + 1 == len(timeline.cues):
        raise InputError(f"caption {edit.cue} is the last one: there is none after it to merge it with")
    after = timeline.cues[edit.cue + 1]
    words = [word for each in (cue, after) for line in each.lines for word in line]
    left = iter(words)
    broken = _best_lines([word.text for word in words], timeline)
    lines = tuple(tuple(next(left) for _ in line) for line in broken)
    merged = Cue(start_frame=cue.start_frame, length_frames=after.end_frame - cue.start_frame, lines=lines)
    return _with_cues(timeline, edit.cue, 2, (merged,))


def _cue(timeline: Timeline, place: int) -> Cue:
    if place >= len(timeline.cues):
        raise InputError(f"there is no caption {place}: the film has {len(timeline.cues)}, counted from 0")
    return timeline.cues[place]


def _with_cues(timeline: Timeline, at: int, removed: int, put_in: Sequence[Cue]) -> Timeline:
    return timeline.model_copy(update={"cues": (*timeline.cues[:at], *put_in, *timeline.cues[at + removed :])})


def _like(cue: Cue, words: Sequence[CueWord]) -> tuple[tuple[CueWord, ...], ...]:
    """Words in the lines of a caption that has as many."""
    left = iter(words)
    return tuple(tuple(next(left) for _ in line) for line in cue.lines)
