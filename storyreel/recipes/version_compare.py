"""What is different between two versions of a film: as a table, and as two pictures side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher, unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from storyreel.errors import InputError
from storyreel.project import RECORD_NAME, Project, storage_error
from storyreel.recipes.resume import existing
from storyreel.recipes.script_versions import read_version
from storyreel.recipes.versions import SCRIPT, files_of, timeline_of
from storyreel.timeline.model import Clip, Sound, Timeline

if TYPE_CHECKING:
    from pandas import DataFrame


class Change(BaseModel, frozen=True, extra="forbid"):
    """One line of the table.

    Attributes:
        what: "film", "setting", "picture", "caption", "sound", "title", "label" or "script".
        where: which one, and of what of it ("s0003 length").
        before, after: as text, "" for what is not there.
        frame_before, frame_after: where to look at it in either version, -1 for nowhere.
    """

    what: str
    where: str
    before: str = ""
    after: str = ""
    frame_before: int = -1
    frame_after: int = -1


class Comparison(BaseModel, frozen=True, extra="forbid"):
    """What is different between two versions, in the film's order."""

    a: str
    b: str
    changes: tuple[Change, ...]

    def table(self) -> DataFrame:
        """As a table with the columns what, where, and the two versions' names."""
        from pandas import DataFrame

        rows = [(change.what, change.where, change.before, change.after) for change in self.changes]
        return DataFrame(rows, columns=["what", "where", self.a, self.b])


def compare(
    project_id: str,
    a: str,
    b: str,
    *,
    pictures: Path | str | None = None,
    cache: Path | str | None = None,
) -> Comparison:
    """Compare two versions of a film; see `storyreel.recipes.versions` for their names.

    Args:
        pictures: a PNG to write: for each changed place the frame of `a` on the left and that of `b` on the right.

    Raises:
        InputError: there is no such version, or pictures are asked for of scripts or of equal versions.
        StorageError: the pictures cannot be written.
    """
    project = existing(project_id, cache)
    scripts = a.startswith(SCRIPT), b.startswith(SCRIPT)
    if any(scripts):
        if not all(scripts):
            raise InputError(f"{a!r} and {b!r} are no two of a kind: compare a script with a script")
        if pictures is not None:
            raise InputError("scripts have no pictures to be compared by: leave --pictures out")
        return Comparison(a=a, b=b, changes=tuple(_script_changes(_script(project, a), _script(project, b))))
    one, other = timeline_of(project, a), timeline_of(project, b)
    settings = _setting_changes(files_of(project, a), files_of(project, b))
    found = Comparison(a=a, b=b, changes=(*settings, *timeline_changes(one, other)))
    if pictures is not None:
        from storyreel.publish.compared_pictures import compared_pictures

        path = Path(pictures).expanduser().absolute()
        places = [
            (f"{change.what} {change.where}", change.frame_before, change.frame_after) for change in found.changes
        ]
        data = compared_pictures(project, (a, one), (b, other), places)
        try:
            path.write_bytes(data)
        except OSError as error:
            raise storage_error(error, path) from error
    return found


def timeline_changes(one: Timeline, other: Timeline) -> list[Change]:
    """What is different between two timelines. Pure."""
    rate = one.rate
    changes = [
        Change(what="film", where=name, before=str(before), after=str(after))
        for name, before, after in (
            ("length", f"{rate.seconds(one.length_frames):.2f} s", f"{other.rate.seconds(other.length_frames):.2f} s"),
            ("size", f"{one.width_px}x{one.height_px}", f"{other.width_px}x{other.height_px}"),
            ("rate", one.rate.fps, other.rate.fps),
            ("captions", one.captions, other.captions),
            ("platform", one.platform or "any", other.platform or "any"),
            ("title", one.title, other.title),
        )
        if before != after
    ]
    if one.caption_style != other.caption_style:
        changes.append(
            Change(
                what="film", where="caption style", before=_short(one.caption_style), after=_short(other.caption_style)
            )
        )
    changes += _clip_changes(one, other)
    changes += _listed("caption", one.cues, other.cues, lambda cue: cue.text.replace("\n", " / "))
    changes += _listed("title", one.cards, other.cards, lambda card: f"{card.title} {card.subtitle}".strip())
    changes += _listed("label", one.labels, other.labels, lambda label: label.text.replace("\n", " / "))
    changes += _sound_changes(one, other)
    return changes


def _clip_changes(one: Timeline, other: Timeline) -> list[Change]:
    rate, changes = one.rate, []
    before, after = {clip.id: clip for clip in one.clips}, {clip.id: clip for clip in other.clips}
    order = [clip.id for clip in one.clips if clip.id in after], [clip.id for clip in other.clips if clip.id in before]
    for clip_id in dict.fromkeys((*before, *after)):
        old, new = before.get(clip_id), after.get(clip_id)
        frames = {"frame_before": _middle(old), "frame_after": _middle(new)}
        if old is None or new is None:
            there, gone = ("", "added") if old is None else ("removed", "")
            changes.append(Change(what="picture", where=clip_id, before=there, after=gone, **frames))
            continue
        parts: list[tuple[str, str, str]] = [
            ("length", f"{rate.seconds(old.length_frames):.2f} s", f"{rate.seconds(new.length_frames):.2f} s"),
            ("picture", _asset(old), _asset(new)),
            ("comes in by", _into(old), _into(new)),
            ("camera", _short(old.motion), _short(new.motion)),
            ("fit", _short(old.fit), _short(new.fit)),
            ("speed", f"{old.speed:g}", f"{new.speed:g}"),
            ("begins in its video at", f"{old.source_start_s:g} s", f"{new.source_start_s:g} s"),
        ]
        parts = [part for part in parts if part[1] != part[2]]
        changes += [
            Change(what="picture", where=f"{clip_id} {part}", before=was, after=now, **frames)
            for part, was, now in parts
        ]
    for kind, a, b, _, _ in SequenceMatcher(None, *order, autojunk=False).get_opcodes():
        if kind in ("delete", "replace"):
            for clip_id in order[0][a:b]:
                place = [clip.id for clip in one.clips].index(clip_id), [clip.id for clip in other.clips].index(clip_id)
                frames = {"frame_before": _middle(before[clip_id]), "frame_after": _middle(after[clip_id])}
                told = [f"picture {number + 1}" for number in place]
                changes.append(
                    Change(what="picture", where=f"{clip_id} place", before=told[0], after=told[1], **frames)
                )
    return changes


def _listed(what: str, one: Sequence[Any], other: Sequence[Any], text: Any) -> list[Change]:
    """Changes of things that have a text and a time, matched by their texts."""
    matched = SequenceMatcher(None, [text(item) for item in one], [text(item) for item in other], autojunk=False)
    changes = []
    for kind, a, b, x, y in matched.get_opcodes():
        if kind == "equal":
            continue
        for number in range(max(b - a, y - x)):
            old = one[a + number] if a + number < b else None
            new = other[x + number] if x + number < y else None
            changes.append(
                Change(
                    what=what,
                    where=str((a if old else x) + number),
                    before=text(old) if old else "",
                    after=text(new) if new else "",
                    frame_before=_middle(old),
                    frame_after=_middle(new),
                )
            )
    return changes


def _sound_changes(one: Timeline, other: Timeline) -> list[Change]:
    changes = []
    for number in range(max(len(one.sounds), len(other.sounds))):
        old = one.sounds[number] if number < len(one.sounds) else None
        new = other.sounds[number] if number < len(other.sounds) else None
        if old != new:
            track = (old or new).track  # type: ignore[union-attr]
            changes.append(
                Change(what="sound", where=f"{number} {track}", before=_sound(old, one), after=_sound(new, other))
            )
    return changes


def _sound(sound: Sound | None, timeline: Timeline) -> str:
    if sound is None:
        return ""
    start_s, length_s = timeline.rate.seconds(sound.start_frame), timeline.rate.seconds(sound.length_frames)
    return f"{sound.asset.blob.sha256[:8]} at {start_s:.2f} s for {length_s:.2f} s, {sound.gain_db:+.1f} dB"


def _setting_changes(one: Mapping[str, str], other: Mapping[str, str]) -> list[Change]:
    records = [json.loads(files.get(RECORD_NAME, "{}")) for files in (one, other)]
    changes = []
    for part in ("settings", "inputs", "crew"):
        old, new = (record.get(part, {}) for record in records)
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                changes.append(
                    Change(what="setting", where=key, before=_short(old.get(key)), after=_short(new.get(key)))
                )
    return changes


def _script(project: Project, name: str) -> list[str]:
    digits = name[len(SCRIPT) :]
    if not (digits.isascii() and digits.isdecimal()):
        raise InputError(f"{project.id!r} has no version {name[:60]!r}: see  storyreel versions {project.id}")
    return read_version(project, int(digits)).text.splitlines()


def _script_changes(one: Sequence[str], other: Sequence[str]) -> list[Change]:
    lines = list(unified_diff(one, other, n=0, lineterm=""))[2:]
    changes: list[Change] = []
    where, gone, come = "", list[str](), list[str]()
    for line in [*lines, "@@"]:
        if line.startswith("@@"):
            if gone or come:
                changes.append(Change(what="script", where=where, before="\n".join(gone), after="\n".join(come)))
            where, gone, come = "line " + line[3:].partition(" ")[0].lstrip("-").partition(",")[0], [], []
        elif line.startswith("-"):
            gone.append(line[1:])
        else:
            come.append(line[1:])
    return changes


def _middle(item: Any) -> int:
    return -1 if item is None else int(item.start_frame + item.length_frames // 2)


def _asset(clip: Clip) -> str:
    return "no picture yet" if clip.asset is None else f"{clip.asset.kind} {clip.asset.blob.sha256[:8]}"


def _into(clip: Clip) -> str:
    return clip.into.kind if clip.into.kind == "cut" else f"{clip.into.kind}, {clip.into.length_frames} frames"


def _short(value: Any) -> str:
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_defaults=True)
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."
