"""What one edit costs: the whole command that renders the film again, next to the one that rendered it from nothing.

Each edit is made to the film as it was first rendered, in the middle of it; the pieces of the edits before are in the
store, but no edit's pieces are another's. `python -m storyreel render` is timed from start to exit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from material import FULL_HD, PICTURES, SCENE_FRAMES, Size, picture, still, tune
from measure import command_cost
from report import Report
from setting import Rendered, Setting, remembered_frames, render_command

from storyreel.project import Project, write_text_atomically
from storyreel.recipes._finish import TIMELINE_NAME
from storyreel.render.packets import SUFFIX
from storyreel.timeline.model import Cue, Timeline, Transition

NAME, TITLE = "edits", "one edit and the film rendered again"
SMALL: Size = (320, 180)
CAPTION_SHARE = 100
LONGER_FRAMES = 15

Edit = Callable[[Project, Timeline, Size], Timeline]


def measure(setting: Setting) -> Report:
    """Every kind of edit in a film of five minutes and in one of an hour."""
    report = Report(NAME, TITLE)
    five = setting.rendered(5, FULL_HD)
    _one_film(report, five, "5 min, 1920 x 1080", judged=False)
    size = FULL_HD if setting.hour else SMALL
    hour = setting.rendered(60, size)
    _one_film(report, hour, f"60 min, {size[0]} x {size[1]}", judged=setting.hour)
    report.notes = [
        "Wall seconds of the command, and their share of the full render's; the same in CPU seconds; frames drawn and "
        "encoded again, and new pieces of picture in the store.",
    ]
    if not setting.hour:
        caption_s = _last(report, "60 min", "caption") + _last(report, "5 min", "caption")
        full_s = 12 * five.cost.wall_s
        report.notes.append(
            f"The goal, 1/{CAPTION_SHARE} for a caption in an hour of 1920 x 1080, is judged with --hour. Here the "
            f"hour was rendered at {size[0]} x {size[1]}, all its {hour.timeline.length_frames} frames: its full "
            "render is cheap, while an edit's fixed part is what it is. Reckoned from both films, a full hour would "
            f"take {full_s:.0f} s (12 times the five minutes) and one caption no more than {caption_s:.0f} s (both "
            f"captions added up) and the time to copy the larger file: 1/{full_s / caption_s:.0f}."
        )
    return report


def _one_film(report: Report, rendered: Rendered, name: str, *, judged: bool) -> None:
    project, full = rendered.project, rendered.cost
    frames = rendered.timeline.length_frames
    pieces = len(_pictures(project))
    report.add(f"{name}: full render", f"{full.wall_s:.1f} s, {full.cpu_s:.1f} s CPU, {frames} frames, {pieces} pieces")
    before = _pictures(project)
    for kind, edit in EDITS.items():
        edited = edit(project, rendered.timeline, rendered.size)
        write_text_atomically(project.path(TIMELINE_NAME), edited.model_dump_json(indent=1) + "\n")
        cost = command_cost(render_command(project))
        after = _pictures(project)
        share = full.wall_s / cost.wall_s
        drawn = edited.length_frames - remembered_frames(project)
        figure = (
            f"{cost.wall_s:.2f} s, 1/{share:.0f} of the full render; {cost.cpu_s:.1f} s CPU, "
            f"1/{full.cpu_s / cost.cpu_s:.0f}; {drawn} frames, {len(after - before)} pieces"
        )
        if kind == "caption" and judged:
            report.hold(f"{name}: one {kind}", figure, 1 / share, at_most=1 / CAPTION_SHARE, unit="of the full render")
        else:
            report.add(f"{name}: one {kind}", figure)
        before = after
        _forget_films(project)
    write_text_atomically(project.path(TIMELINE_NAME), rendered.timeline.model_dump_json(indent=1) + "\n")


def _last(report: Report, film: str, kind: str) -> float:
    row = next(row for row in report.rows if row.what.startswith(film) and row.what.endswith(f"one {kind}"))
    return float(row.measured.split()[0])


def _pictures(project: Project) -> set[Path]:
    """The pieces of picture in the store."""
    found = set()
    for path in (project.cache / "store" / "files").glob(f"*/*{SUFFIX}"):
        with path.open("rb") as file:
            if b"h264" in file.read(16):
                found.add(path)
    return found


def _forget_films(project: Project) -> None:
    """Remove finished films, which an hour in full size would soon fill the disk with."""
    for path in (project.cache / "store" / "files").glob("*/*.mp4"):
        path.unlink()


def _caption(project: Project, timeline: Timeline, size: Size) -> Timeline:
    middle = len(timeline.cues) // 2
    cue = timeline.cues[middle]
    first, *others = cue.lines[0]
    words = (first.model_copy(update={"text": "Another"}), *others)
    cues = list(timeline.cues)
    cues[middle] = cue.model_copy(update={"lines": (words, *cue.lines[1:])})
    return timeline.model_copy(update={"cues": tuple(cues)})


def _picture(project: Project, timeline: Timeline, size: Size) -> Timeline:
    asset = timeline.clips[0].asset
    if asset is None:
        raise RuntimeError("the film has no pictures")
    large = asset.width_px, asset.height_px
    other = picture(project, still(PICTURES, *large), large)
    return _with_clip(timeline, _middle(timeline), {"asset": other})


def _duration(project: Project, timeline: Timeline, size: Size) -> Timeline:
    """A clip half a second longer; captions and sounds after it move along."""
    middle = _middle(timeline)
    edge = timeline.clips[middle].end_frame

    def later(frame: int) -> int:
        return frame + LONGER_FRAMES if frame >= edge else frame

    clips = tuple(
        clip.model_copy(update={"length_frames": clip.length_frames + LONGER_FRAMES}) if index == middle
        else clip.model_copy(update={"start_frame": later(clip.start_frame)})
        for index, clip in enumerate(timeline.clips)
    )  # fmt: skip
    sounds = tuple(
        sound.model_copy(update={"start_frame": later(sound.start_frame)}) for sound in timeline.sounds
    )  # fmt: skip
    return timeline.model_copy(
        update={
            "clips": clips, "sounds": sounds,
            "cues": tuple(_moved(cue, later(cue.start_frame)) for cue in timeline.cues),
            "voice_windows": tuple((later(start), later(end)) for start, end in timeline.voice_windows),
            "length_frames": timeline.length_frames + LONGER_FRAMES,
        }
    )  # fmt: skip


def _order(project: Project, timeline: Timeline, size: Size) -> Timeline:
    """Two neighbouring clips of one length change places; captions and sound stay."""
    middle = _middle(timeline)
    one, other = timeline.clips[middle], timeline.clips[middle + 1]
    clips = list(timeline.clips)
    clips[middle] = other.model_copy(update={"start_frame": one.start_frame})
    clips[middle + 1] = one.model_copy(update={"start_frame": one.start_frame + SCENE_FRAMES})
    return timeline.model_copy(update={"clips": tuple(clips)})


def _transition(project: Project, timeline: Timeline, size: Size) -> Timeline:
    middle = _middle(timeline)
    length = timeline.clips[middle].into.length_frames
    return _with_clip(timeline, middle, {"into": Transition(kind="fade_black", length_frames=length)})


def _music(project: Project, timeline: Timeline, size: Size) -> Timeline:
    return _with_sound(timeline, "music", {"asset": tune(project, 99)})


def _gain(project: Project, timeline: Timeline, size: Size) -> Timeline:
    return _with_sound(timeline, "music", {"gain_db": 3.0})


EDITS: Mapping[str, Edit] = {
    "caption": _caption, "picture": _picture, "duration": _duration, "order": _order, "transition": _transition,
    "music": _music, "gain": _gain,
}  # fmt: skip


def _middle(timeline: Timeline) -> int:
    return len(timeline.clips) // 2


def _moved(cue: Cue, start_frame: int) -> Cue:
    by = start_frame - cue.start_frame
    lines = tuple(
        tuple(
            word.model_copy(update={"start_frame": word.start_frame + by, "end_frame": word.end_frame + by})
            for word in line
        )
        for line in cue.lines
    )
    return cue.model_copy(update={"start_frame": start_frame, "lines": lines})


def _with_clip(timeline: Timeline, index: int, changes: dict[str, object]) -> Timeline:
    clips = list(timeline.clips)
    clips[index] = clips[index].model_copy(update=changes)
    return timeline.model_copy(update={"clips": tuple(clips)})


def _with_sound(timeline: Timeline, track: str, changes: dict[str, object]) -> Timeline:
    """Change the sound on a track that plays in the middle of the film."""
    playing = [index for index, sound in enumerate(timeline.sounds) if sound.track == track]
    index = playing[len(playing) // 2]
    sounds = list(timeline.sounds)
    sounds[index] = sounds[index].model_copy(update=changes)
    return timeline.model_copy(update={"sounds": tuple(sounds)})
