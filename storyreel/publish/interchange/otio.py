"""A timeline as OpenTimelineIO, which Resolve, Premiere, Hiero, Kdenlive, Blender's tools and others read.

Pictures are one track, sounds as many as overlap, each clip with its media beside the file, its range in it and its
available range. Captions, cards and labels are markers. What OTIO has no word for is in each object's metadata under
"storyreel", so that the way back loses nothing: see `storyreel.publish.interchange.recut`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from storyreel.clock import Rate
from storyreel.errors import MissingExtra
from storyreel.memo.blob import Blob
from storyreel.timeline.model import Clip, Sound, Timeline
from storyreel.timeline.transitions import reach

METADATA = "storyreel"
_COLOURS = {"caption": "YELLOW", "card": "CYAN", "label": "GREEN"}


def open_timeline_io() -> Any:
    """The OpenTimelineIO package.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import opentimelineio
    except ImportError:
        raise MissingExtra("OpenTimelineIO", "interchange") from None
    return opentimelineio


def to_otio(timeline: Timeline, media: Mapping[Blob, str], folder: str) -> str:
    """A timeline as the text of an .otio file.

    Args:
        timeline: with transitions that fit; see `storyreel.timeline.transitions.fitted`.
        media: the name of every asset's file.
        folder: where these are, relative to the .otio file.

    Raises:
        MissingExtra: OpenTimelineIO is not installed.
    """
    otio = open_timeline_io()
    make = _Maker(otio, timeline, media, folder)
    film = otio.schema.Timeline(name=timeline.title, metadata={METADATA: make.film_metadata()})
    film.global_start_time = make.time(0)
    pictures = otio.schema.Track("Pictures", kind=otio.schema.TrackKind.Video)
    for index, clip in enumerate(timeline.clips):
        if index and sum(reach(clip.into)):
            pictures.append(make.transition(clip))
        pictures.append(make.picture(index))
    pictures.markers.extend(make.markers())
    film.tracks.append(pictures)
    for name, lane in lanes(timeline.sounds):
        film.tracks.append(make.sounds(name, lane))
    text: str = film.to_json_string(indent=1)
    return text + "\n"


def lanes(sounds: Sequence[Sound]) -> list[tuple[str, list[Sound]]]:
    """Sounds on tracks on which none overlaps another, as (name, sounds by their start)."""
    found: list[tuple[str, list[Sound]]] = []
    for sound in sorted(sounds, key=lambda each: each.start_frame):
        for name, lane in found:
            if name.split(" ")[0] == sound.track and lane[-1].start_frame + lane[-1].length_frames <= sound.start_frame:
                lane.append(sound)
                break
        else:
            count = sum(name.split(" ")[0] == sound.track for name, _ in found)
            found.append((f"{sound.track} {count + 1}" if count else sound.track, [sound]))
    return found


class _Maker:
    def __init__(self, otio: Any, timeline: Timeline, media: Mapping[Blob, str], folder: str) -> None:
        self._otio, self._timeline, self._media, self._folder = otio, timeline, media, folder

    def time(self, frames: int) -> Any:
        return self._otio.opentime.RationalTime(frames, _rate(self._timeline.rate))

    def range(self, start: int, length: int) -> Any:
        return self._otio.opentime.TimeRange(self.time(start), self.time(length))

    def film_metadata(self) -> dict[str, Any]:
        kept = self._timeline.model_dump(mode="json", exclude={"clips", "cues", "cards", "labels", "sounds"})
        return {"format": 1, "timeline": kept}

    def picture(self, index: int) -> Any:
        """A clip with handles: a still is as long as it is seen, a video as long as it is."""
        clip, schema = self._timeline.clips[index], self._otio.schema
        before = reach(clip.into)[0] if index else 0
        after = reach(self._timeline.clips[index + 1].into)[1] if index + 1 < len(self._timeline.clips) else 0
        metadata = {METADATA: {"clip": clip.model_dump(mode="json", exclude={"start_frame", "length_frames"})}}
        if clip.asset is None:
            return schema.Clip(
                name=clip.id,
                media_reference=schema.MissingReference(),
                source_range=self.range(0, clip.length_frames),
                metadata=metadata,
            )
        start = before if clip.asset.kind == "image" else self._timeline.rate.frames(clip.source_start_s)
        held = before + clip.length_frames + after
        whole = held if clip.asset.kind == "image" else self._timeline.rate.frames(clip.asset.duration_s)
        effects = [schema.LinearTimeWarp(time_scalar=clip.speed)] if clip.speed != 1.0 else []
        # A clip may outlast its video, whose last picture is then held.
        available = max(whole, start + clip.length_frames)
        return schema.Clip(
            name=clip.id,
            media_reference=self._reference(clip.asset.blob, available),
            source_range=self.range(start, clip.length_frames),
            effects=effects,
            metadata=metadata,
        )

    def transition(self, clip: Clip) -> Any:
        before, after = reach(clip.into)
        schema = self._otio.schema
        is_dissolve = clip.into.kind == "dissolve"
        return schema.Transition(
            name=clip.into.kind,
            transition_type=schema.TransitionTypes.SMPTE_Dissolve if is_dissolve else schema.TransitionTypes.Custom,
            in_offset=self.time(before),
            out_offset=self.time(after),
            metadata={METADATA: clip.into.model_dump(mode="json")},
        )

    def sounds(self, name: str, lane: Sequence[Sound]) -> Any:
        schema, rate = self._otio.schema, self._timeline.rate
        track = schema.Track(name, kind=schema.TrackKind.Audio)
        at = 0
        for sound in lane:
            if sound.start_frame > at:
                track.append(schema.Gap(source_range=self.range(0, sound.start_frame - at)))
            start = rate.frames(sound.source_start_s)
            available = max(rate.frames(sound.asset.duration_s), start + sound.length_frames)
            track.append(
                schema.Clip(
                    name=PurePosixPath(self._media[sound.asset.blob]).stem,
                    media_reference=self._reference(sound.asset.blob, available),
                    source_range=self.range(start, sound.length_frames),
                    metadata={
                        METADATA: {"sound": sound.model_dump(mode="json", exclude={"start_frame", "length_frames"})}
                    },
                )
            )
            at = sound.start_frame + sound.length_frames
        return track

    def markers(self) -> list[Any]:
        timeline = self._timeline
        marked: list[tuple[str, int, int, str, BaseModel]] = [
            ("caption", cue.start_frame, cue.length_frames, cue.text, cue) for cue in timeline.cues
        ]
        marked += [("card", card.start_frame, card.length_frames, card.title, card) for card in timeline.cards]
        marked += [("label", label.start_frame, label.length_frames, label.text, label) for label in timeline.labels]
        return [
            self._otio.schema.Marker(
                name=text.replace("\n", " "),
                marked_range=self.range(start, length),
                color=_COLOURS[kind],
                metadata={METADATA: {kind: value.model_dump(mode="json")}},
            )
            for kind, start, length, text, value in sorted(marked, key=lambda each: each[1:3])
        ]

    def _reference(self, blob: Blob, available: int) -> Any:
        name = self._media[blob]
        return self._otio.schema.ExternalReference(
            target_url=quote(f"{self._folder}/{name}"),
            available_range=self.range(0, available),
            metadata={METADATA: {"sha256": blob.sha256}},
        )


def _rate(rate: Rate) -> float:
    return rate.num / rate.den
