"""What a format for other programs cannot carry, told for the film at hand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from storyreel.render.motion import is_static
from storyreel.timeline.model import Clip, Rect, Timeline
from storyreel.timeline.transitions import reach

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["otio", "edl", "fcpxml"]
FORMATS: tuple[Format, ...] = ("otio", "edl", "fcpxml")
_EDL_MOST_EVENTS = 999


class Loss(BaseModel, frozen=True, extra="forbid"):
    """Something of a film that a format cannot carry.

    Attributes:
        what: of the film.
        count: how often the film has it.
        becomes: what another program finds instead.
    """

    format: Format
    what: str
    count: int
    becomes: str

    def __str__(self) -> str:
        return f"{self.count} {self.what}: {self.becomes}"


def losses(timeline: Timeline, format: Format) -> tuple[Loss, ...]:
    """What of this film the format cannot carry."""
    return tuple(
        Loss(format=format, what=what, count=count, becomes=becomes)
        for what, count, becomes in _losses(timeline, format)
        if count
    )


def losses_table(found: Sequence[Loss]) -> pd.DataFrame:
    """Losses as a table, one a row."""
    import pandas as pd

    rows = [each.model_dump() for each in found]
    return pd.DataFrame(rows, columns=list(Loss.model_fields))


def _losses(timeline: Timeline, format: Format) -> Iterator[tuple[str, int, str]]:
    clips, sounds = timeline.clips, timeline.sounds
    kept = " (kept in the file's metadata for the way back)" if format == "otio" else ""
    inner = [clip.into for clip in clips[1:] if sum(reach(clip.into))]
    moving = [clip for clip in clips if not is_static(clip.motion)]
    framed = [clip for clip in clips if is_static(clip.motion) and clip.motion.start != Rect()]
    if format == "fcpxml":
        moving, framed = ([clip for clip in some if not _pans(clip)] for some in (moving, framed))
    yield "camera moves", len(moving), f"the whole picture stands still{kept}"
    yield "framings of a part of a picture", len(framed), f"the whole picture is seen{kept}"
    grounds = sum(clip.fit.kind != "crop" for clip in clips)
    yield "grounds behind pictures of another shape", grounds, f"what the program puts there{kept}"
    yield "clips without a picture", sum(clip.asset is None for clip in clips), "a gap, or black"
    wipes = [into for into in inner if into.kind == "wipe"]
    others = sum(into.kind not in ("dissolve", "wipe") for into in inner)
    ends = bool(timeline.fade_in_frames) + bool(timeline.fade_out_frames)
    yield "fades of the whole film", ends, f"a hard start or end{kept}"
    texts = len(timeline.cards) + len(timeline.labels)
    if format == "edl":
        yield "transitions of other kinds than dissolve and wipe", others, "a dissolve of the same length"
        yield "wipes from another side", sum(into.side != "left" for into in wipes), "a wipe from the left"
        yield "sounds", len(sounds), "nothing; export the sound as a file of its own: --as wav"
        yield "captions", len(timeline.cues), "nothing; export them as a file of their own: --as srt"
        yield "cards and labels", texts, "nothing"
        yield "events above 999", max(0, len(clips) - _EDL_MOST_EVENTS), "numbers that old programs refuse"
        return
    yield "transitions of other kinds than dissolve", others + len(wipes), f"a dissolve of the same length{kept}"
    yield "sounds that make room for the voice", sum(each.ducked for each in sounds), f"one level throughout{kept}"
    if format == "otio":
        yield "gains of sounds", sum(bool(each.gain_db) for each in sounds), f"as loud as recorded{kept}"
        fades = sum(bool(each.fade_in_s or each.fade_out_s) for each in sounds)
        yield "fades of sounds", fades, f"a hard start or end{kept}"
    yield "loops", sum(each.looped for each in sounds), f"the sound once, as long as it lasts{kept}"
    yield "captions", len(timeline.cues), "a marker each; export them with their look: --as ass"
    yield "cards and labels", texts, "a marker each"
    yield "master", int(bool(sounds)), f"no loudness is set; the film has {timeline.loudness_lufs:g} LUFS"


def _pans(clip: Clip) -> bool:
    """Whether FCPXML has words for a clip's framing: a still's, that fills the frame and is not turned."""
    turned = clip.motion.start.turn_deg or clip.motion.end.turn_deg
    return clip.asset is not None and clip.asset.kind == "image" and clip.fit.kind == "crop" and not turned
