"""A film out of the door: as a file of any kind, or as a folder of all that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storyreel.errors import InputError
from storyreel.progress import Progress
from storyreel.project import Project, list_projects
from storyreel.publish.bundle import write_bundle
from storyreel.publish.files import Order, Written, whole, write_file
from storyreel.publish.interchange.losses import Loss
from storyreel.publish.interchange.media import Media
from storyreel.publish.moviepy_clip import moviepy_clip
from storyreel.publish.project_unzip import unpack
from storyreel.publish.project_zip import pack
from storyreel.publish.stills import frame_numbers
from storyreel.publish.targets import Target, target_for
from storyreel.publish.zipped import zip_files
from storyreel.recipes._finish import TIMELINE_NAME, read_timeline
from storyreel.recipes._run import run
from storyreel.recipes.edits import read_recut, timeline_text
from storyreel.recipes.prune import look_again
from storyreel.recipes.resume import existing
from storyreel.settings import Quality, cache_root
from storyreel.timeline.edit import Edit
from storyreel.timeline.model import Timeline

EXPORT_SHARES = {"render": 0.4, "export": 0.6}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported.

    Attributes:
        path: the file or folder.
        kind: as what; see `storyreel.publish.targets`.
        files: every file that was written.
        losses: what the format cannot carry, of timelines for other programs.
    """

    path: Path
    kind: str
    files: tuple[Path, ...]
    losses: tuple[Loss, ...] = ()


def export(
    project_id: str,
    dest: Path | str,
    *,
    kind: str = "",
    quality: Quality | None = None,
    captions: bool = True,
    start_s: float | None = None,
    end_s: float | None = None,
    width_px: int | None = None,
    at_s: Sequence[float] = (),
    media: Media = "copy",
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write a film as another kind of file.

    Args:
        dest: where. The ending of its name says as what (see `storyreel.publish.targets`); a folder gets a bundle of
            everything, in a folder of the film's own if it is there already. A file that is there is replaced.
        kind: as what, where the ending does not say: "h265", "av1", "dnxhr", "stills", "chapters", ... With `dest` a
            ".zip", that is in it: a timeline with its media, stills, or, as "bundle", all of it.
        quality: of the encoder; by default the film's own.
        captions: whether they are drawn into the picture.
        start_s, end_s, width_px: of a GIF: which stretch of the film it shows, and how wide it is.
        at_s: of stills and thumbnails: which moments; by default they are chosen.
        media: of timelines for other programs: "copy" puts files of your own beside them, "link" hard links into the
            cache, which take no room and are read-only.

    Raises:
        InputError: the project has no timeline yet, or the place or the kind cannot be used.
        RenderError: a source cannot be read, or an encoder refused.
        DiskFull, StorageError: the disk took no more; nothing new is left at `dest`.
        Cancelled: the user stopped it; nothing new is left at `dest`.
    """
    project, place = existing(project_id, cache, progress), Path(dest).expanduser().absolute()
    target = target_for(place, kind)
    _check_options(target, start_s is not None or end_s is not None or width_px is not None, bool(at_s))
    zipped = place.suffix.lower() == ".zip" and target.name != "project"
    place = _checked_place(place, target, project, zipped=zipped)
    if target.name == "project":
        with run(project, "export", EXPORT_SHARES), whole(place) as half:
            pack(project, half)
        return Exported(place, target.name, (place,))
    timeline = read_timeline(project)
    if not captions:
        timeline = timeline.model_copy(update={"captions": "none"})
    first, after = _stretch(timeline, start_s, end_s)
    order = Order(
        target=target,
        quality=quality or project.record().settings.quality,
        first=first,
        after=after,
        width_px=width_px,
        frames=frame_numbers(timeline, at_s),
        media=media,
    )
    with run(project, "export", EXPORT_SHARES):
        written = (_write_zipped if zipped else _write)(project, timeline, order, place)
    look_again(project)
    return Exported(place, target.name, written.files, written.losses)


def import_project(
    file: Path | str,
    *,
    project_id: str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> Project:
    """Open a project that `export` wrote as a ZIP, with all its links, edits and takes; `resume` goes on with it.

    Args:
        project_id: another id for it than the one it had.

    Raises:
        InputError: the file is no project's ZIP, is damaged or unsafe, or there is a project of that id; nothing is
            left of it.
        DiskFull, StorageError: the disk took no more; nothing is left of it.
        Cancelled: the user stopped it; nothing is left of it.
    """
    return unpack(Path(file).expanduser().absolute(), cache, project_id=project_id, progress=progress)


def to_moviepy(
    project: Project | str | None = None, *, timeline: Timeline | None = None, cache: Path | str | None = None
) -> Any:
    """A film as a MoviePy clip, with its sound; see `storyreel.publish.moviepy_clip`.

    Args:
        project: the film's project, or its id; None to look for the one that has the timeline's pictures and sounds.
        timeline: by default the one the project has come to.

    Raises:
        InputError: the project has no timeline yet, or none has these pictures and sounds.
        MissingExtra: MoviePy is not installed.
    """
    opened = _opened(project, timeline, cache)
    return moviepy_clip(opened, timeline or read_timeline(opened))


def from_otio(
    path: Path | str,
    project: Project | str | None = None,
    *,
    timeline: Timeline | None = None,
    cache: Path | str | None = None,
) -> tuple[Edit, ...]:
    """A film's timeline as it was re-cut in another program, as edits; `edit` makes them.

    Args:
        path: the .otio or .edl file; see `storyreel.publish.interchange.recut`.
        project: the film's project, or its id; as of `to_moviepy`. Pictures that are new to the film are copied into
            its store.
        timeline: what was cut; by default the one the project has come to.

    Raises:
        InputError: the file, or a picture that it names, cannot be read; else as `to_moviepy`.
        MissingExtra: OpenTimelineIO is not installed.
    """
    opened = _opened(project, timeline, cache)
    return read_recut(Path(path).expanduser().absolute(), timeline or read_timeline(opened), opened)


def _opened(project: Project | str | None, timeline: Timeline | None, cache: Path | str | None) -> Project:
    if isinstance(project, Project):
        return project
    if project is not None:
        return existing(project, cache)
    if timeline is None:
        raise InputError("neither a project nor a timeline is given: give one of them")
    return _project_of(timeline, cache)


def _project_of(timeline: Timeline, cache: Path | str | None) -> Project:
    """The project that has a timeline's pictures and sounds: the one whose film it is, else the last one changed."""
    root = cache_root(cache)
    assets = (*(clip.asset for clip in timeline.clips), *(sound.asset for sound in timeline.sounds))
    digests = {asset.blob.sha256 for asset in assets if asset is not None}
    found: list[tuple[bool, float, Project]] = []
    for project_id in list_projects(root):
        project = Project(project_id, root)
        path = project.path(TIMELINE_NAME)
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if all(digest in text for digest in digests):
            found.append((text == timeline_text(timeline), path.stat().st_mtime, project))
    if not found:
        raise InputError(f"no project in {root} has the pictures of {timeline.title!r}: give the film's project")
    return max(found, key=lambda each: each[:2])[2]


def _write(project: Project, timeline: Timeline, order: Order, place: Path) -> Written:
    if order.target.name == "bundle":
        return write_bundle(project, timeline, place, quality=order.quality, media=order.media)
    return write_file(project, timeline, order, place)


def _write_zipped(project: Project, timeline: Timeline, order: Order, place: Path) -> Written:
    with whole(place) as half, TemporaryDirectory(prefix=f".{project.id}-", dir=place.parent) as scratch:
        inner = Path(scratch) / f"{project.id}{order.target.suffix}"
        written = _write(project, timeline, replace(order, media="link"), inner)
        zip_files(written.files, Path(scratch), half, project.progress)
    return Written((place,), written.losses)


def _checked_place(place: Path, target: Target, project: Project, *, zipped: bool) -> Path:
    if target.name == "bundle" and place.is_dir():
        place = place / project.id
    if target.suffix and place.is_dir():
        raise InputError(f"{place} is a folder: give the file's name, such as {place / project.id}{target.suffix}")
    if not target.suffix and place.exists() and not place.is_dir() and not zipped:
        raise InputError(f"{place} is a file, and {target.what}: give another place")
    if not place.parent.is_dir():
        raise InputError(f"the folder {place.parent} does not exist: create it, or give another place")
    return place


def _check_options(target: Target, of_gif: bool, moments: bool) -> None:
    if of_gif and target.name != "gif":
        raise InputError(f"--from, --to and --width are for a GIF, not for {target.name}: leave them out")
    if moments and target.name not in ("still", "stills", "thumbnail"):
        raise InputError(f"--at is for stills and thumbnails, not for {target.name}: leave it out")


def _stretch(timeline: Timeline, start_s: float | None, end_s: float | None) -> tuple[int, int]:
    rate, film = timeline.rate, timeline.length_frames
    first = 0 if start_s is None else rate.frames(start_s)
    after = film if end_s is None else min(rate.frames(end_s), film)
    if not 0 <= first < after:
        end = rate.seconds(film) if end_s is None else end_s
        raise InputError(
            f"nothing of the film lies between {start_s or 0:g} s and {end:g} s: it lasts {rate.seconds(film):.2f} s"
        )
    return first, after
