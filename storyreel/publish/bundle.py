"""All that goes out of the door with a film, in one folder."""

from __future__ import annotations

from pathlib import Path

from storyreel.errors import MissingExtra
from storyreel.project import Project
from storyreel.publish.credits import CREDITS_NAME
from storyreel.publish.files import Order, Written, whole, write_file
from storyreel.publish.interchange.losses import Loss
from storyreel.publish.interchange.media import Media
from storyreel.publish.manifest import MANIFEST_NAME
from storyreel.publish.targets import TARGETS, why_not
from storyreel.publish.thumbnails import telling_frames, write_thumbnail
from storyreel.publish.transcripts import transcript_json
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline

_FILES = {
    "mp4": "film.mp4",
    "webm": "film.webm",
    "m4a": "sound.m4a",
    "srt": "captions.srt",
    "vtt": "captions.vtt",
    "ass": "captions.ass",
    "chapters": "chapters.txt",
    "transcript": "transcript.txt",
    "edl": "timeline.edl",
    "fcpxml": "timeline.fcpxml",
    "otio": "timeline.otio",
    "manifest": MANIFEST_NAME,
    "credits": CREDITS_NAME,
}
_OF_CAPTIONS = ("srt", "vtt", "ass", "transcript")
THUMBNAILS = 3


def write_bundle(
    project: Project, timeline: Timeline, folder: Path, *, quality: Quality = "standard", media: Media = "copy"
) -> Written:
    """Write a film as MP4 and WebM, its sound, captions, chapters, transcript, thumbnails, timelines and origins.

    What this machine cannot write is left out, with a warning. Files of the same names are replaced, others left alone.

    Args:
        folder: new, or one that is there.

    Raises:
        RenderError: a source cannot be read, or an encoder refused.
        DiskFull, StorageError: the disk took no more; nothing new is left in `folder`.
        Cancelled: the user stopped it; nothing new is left in `folder`.
    """
    found: list[Loss] = []
    with whole(folder, folder=True) as place:
        for name, file in _FILES.items():
            target = TARGETS[name]
            if name in _OF_CAPTIONS and not timeline.cues:
                continue
            if reason := why_not(target):
                project.progress.warn(reason, "export")
                continue
            try:
                written = write_file(project, timeline, Order(target, quality, media=media), place / file)
            except MissingExtra as missing:
                project.progress.warn(f"{file} is left out: {missing}", "export")
                continue
            found += written.losses
        if timeline.cues:
            (place / "transcript.json").write_text(transcript_json(timeline), encoding="utf-8")
        _write_thumbnails(project, timeline, place)
        names = sorted(path.relative_to(place) for path in place.rglob("*") if path.is_file())
    return Written(tuple(folder / name for name in names), tuple(found))


def _write_thumbnails(project: Project, timeline: Timeline, folder: Path) -> None:
    for number, judged in enumerate(telling_frames(project, timeline, THUMBNAILS), 1):
        name = "thumbnail.jpg" if number == 1 else f"thumbnail_{number}.jpg"
        (folder / name).write_bytes(write_thumbnail(project, timeline, judged.frame))
