"""A timeline as FCPXML 1.9, which Final Cut Pro and DaVinci Resolve read (and Premiere by way of either).

Written by the document type definition that Apple publishes with its "FCPXML Reference". Times are rational seconds,
all of them whole frames: of the film, and of a video that has a rate of its own. Final Cut would play such a one faster
or slower to fit (24 in 25 frames a second), so `conform-rate` says that it shall not; a clip that outlasts its video
holds its last picture by a `timeMap`. Stills are `video` elements of assets without a length; a camera move that does
not turn is their "Ken Burns" (`adjust-crop` in the mode "pan"), whose insets count in hundredths of the picture's
height. Sounds hang below the pictures that they begin under. Captions, cards and labels are markers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree

from storyreel.media.model import Asset
from storyreel.memo.blob import Blob
from storyreel.publish.interchange.media import MediaFacts
from storyreel.publish.interchange.otio import lanes
from storyreel.render.motion import is_static, window_at
from storyreel.timeline.model import Clip, Motion, Rect, Sound, Timeline
from storyreel.timeline.transitions import reach

VERSION = "1.9"
_STILL_START_S = 3600
_DISSOLVE = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"  # Final Cut's "Cross Dissolve"
_CONFORMED = {
    Fraction(24_000, 1001): "23.98", Fraction(24): "24", Fraction(25): "25", Fraction(30_000, 1001): "29.97",
    Fraction(30): "30", Fraction(48_000, 1001): "47.95", Fraction(48): "48", Fraction(50): "50",
    Fraction(60_000, 1001): "59.94", Fraction(60): "60",
}  # fmt: skip
_ROLES = {"narration": "dialogue", "dialogue": "dialogue", "recording": "dialogue", "music": "music"}


def to_fcpxml(
    timeline: Timeline, media: Mapping[Blob, str], folder: str, facts: Mapping[Blob, MediaFacts] | None = None
) -> str:
    """A timeline as the text of an .fcpxml file.

    Args:
        timeline: with transitions that fit; see `storyreel.timeline.transitions.fitted`.
        media: the name of every asset's file.
        folder: where these are, relative to the .fcpxml file.
        facts: of every video and sound; of those that are left out it is assumed that they are as the film is.
    """
    root = ElementTree.Element("fcpxml", version=VERSION)
    resources = ElementTree.SubElement(root, "resources")
    writer = _Writer(timeline, media, folder, facts or {}, resources)
    library = ElementTree.SubElement(root, "library")
    event = ElementTree.SubElement(library, "event", name=_line(timeline.title) or "storyreel")
    project = ElementTree.SubElement(event, "project", name=_line(timeline.title) or "storyreel")
    sequence = ElementTree.SubElement(
        project,
        "sequence",
        format=writer.film_format,
        duration=writer.time(timeline.length_frames),
        tcStart="0s",
        tcFormat="NDF",
        audioLayout="stereo",
        audioRate="48k",
    )
    writer.write_spine(ElementTree.SubElement(sequence, "spine"))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{text}\n'


class _Placed(NamedTuple):
    """A clip's element, its frames, and the frame of its own time on which it starts."""

    element: ElementTree.Element
    start_frame: int
    end_frame: int
    own_start: Fraction


class _Writer:
    def __init__(
        self,
        timeline: Timeline,
        media: Mapping[Blob, str],
        folder: str,
        facts: Mapping[Blob, MediaFacts],
        resources: ElementTree.Element,
    ) -> None:
        self._timeline, self._media, self._folder, self._resources = timeline, media, folder, resources
        self._facts = facts
        self._assets: dict[tuple[Blob, str], str] = {}
        self._formats: dict[tuple[int, int, Fraction | None], str] = {}
        self._count = 0
        self.film_format = self._id()
        ElementTree.SubElement(
            resources,
            "format",
            id=self.film_format,
            frameDuration=self.time(1),
            width=str(timeline.width_px),
            height=str(timeline.height_px),
            colorSpace="1-1-1 (Rec. 709)",
        )
        self._dissolve = ""
        if any(index and sum(reach(clip.into)) for index, clip in enumerate(timeline.clips)):
            self._dissolve = self._id()
            ElementTree.SubElement(resources, "effect", id=self._dissolve, name="Cross Dissolve", uid=_DISSOLVE)

    def time(self, frames: int | Fraction) -> str:
        """So many frames as rational seconds."""
        return _seconds(Fraction(frames) / self._timeline.rate.fps)

    def write_spine(self, spine: ElementTree.Element) -> None:
        """Pictures with the transitions between them, and what hangs on them."""
        clips, placed = self._timeline.clips, []
        for index, clip in enumerate(clips):
            before, after = reach(clip.into) if index else (0, 0)
            if before + after:
                transition = ElementTree.SubElement(
                    spine,
                    "transition",
                    name="Cross Dissolve",
                    offset=self.time(clip.start_frame - before),
                    duration=self.time(before + after),
                )
                ElementTree.SubElement(transition, "filter-video", ref=self._dissolve, name="Cross Dissolve")
            placed.append(self._picture(spine, clip))
        self._hang(placed)

    def _picture(self, spine: ElementTree.Element, clip: Clip) -> _Placed:
        rate, asset = self._timeline.rate, clip.asset
        place: dict[str, str] = {"offset": self.time(clip.start_frame), "duration": self.time(clip.length_frames)}
        if asset is None:
            own = Fraction(rate.frames(_STILL_START_S))
            element = ElementTree.SubElement(spine, "gap", {"name": clip.id, "start": self.time(own), **place})
        elif asset.kind == "image":
            own = Fraction(rate.frames(_STILL_START_S))
            element = ElementTree.SubElement(
                spine, "video", {"ref": self._asset(asset), "name": clip.id, "start": self.time(own), **place}
            )
            self._frame_still(element, clip, asset)
        else:
            element = ElementTree.SubElement(
                spine, "asset-clip", {"ref": self._asset(asset), "name": clip.id, "srcEnable": "video", **place}
            )
            own = self._time_of(element, clip, asset)
            element.set("start", self.time(own))
            ElementTree.SubElement(element, "adjust-conform", type="fit" if clip.fit.kind != "crop" else "fill")
        return _Placed(element, clip.start_frame, clip.end_frame, own)

    def _time_of(self, element: ElementTree.Element, clip: Clip, asset: Asset) -> Fraction:
        """How a video's time passes in a clip; the frame of the clip's own time on which it starts."""
        rate, speed = self._timeline.rate, Fraction(str(clip.speed))
        own_rate = self._rate(asset)
        if own_rate != rate.fps and own_rate in _CONFORMED:
            ElementTree.SubElement(element, "conform-rate", scaleEnabled="0", srcFrameRate=_CONFORMED[own_rate])
        start, whole = rate.frames(clip.source_start_s), max(1, rate.frames(asset.duration_s))
        own, end = round(start / speed), max(1, round(whole / speed))
        outlasts = own + clip.length_frames > end
        if speed == 1 and not outlasts:
            return Fraction(own)
        points = [(0, 0), (end, whole)]
        if outlasts:
            held = round((whole - 1) / speed)
            points = [*([(0, 0)] if held else []), (held, whole - 1), (own + clip.length_frames, whole - 1)]
        map_ = ElementTree.SubElement(element, "timeMap")
        for time, value in points:
            ElementTree.SubElement(
                map_, "timept", time=self.time(time), value=self.time(value), interp="linear"
            )  # fmt: skip
        return Fraction(own)

    def _frame_still(self, element: ElementTree.Element, clip: Clip, asset: Asset) -> None:
        if carries_move(clip.motion) and clip.fit.kind == "crop":
            crop = ElementTree.SubElement(element, "adjust-crop", mode="pan")
            for progress in (0.0, 1.0):
                ElementTree.SubElement(crop, "pan-rect", _insets(clip.motion, progress, asset, self._timeline))
        ElementTree.SubElement(element, "adjust-conform", type="fit" if clip.fit.kind != "crop" else "fill")

    def _hang(self, placed: list[_Placed]) -> None:
        """Sounds and markers, each on the picture that it begins under; markers come last, as the DTD has it."""
        for number, (name, lane) in enumerate(lanes(self._timeline.sounds), 1):
            for sound in lane:
                on = _under(placed, sound.start_frame)
                offset = on.own_start + sound.start_frame - on.start_frame
                hung = ElementTree.SubElement(
                    on.element,
                    "asset-clip",
                    ref=self._asset(sound.asset, audio=True),
                    lane=str(-number),
                    name=name,
                    offset=self.time(offset),
                    start=self.time(self._timeline.rate.frames(sound.source_start_s)),
                    duration=self.time(sound.length_frames),
                    audioRole=_ROLES.get(sound.track, "effects"),
                    srcEnable="audio",
                )
                self._level(hung, sound)
        timeline = self._timeline
        notes = [(cue.start_frame, cue.length_frames, cue.text) for cue in timeline.cues]
        notes += [(card.start_frame, card.length_frames, card.title) for card in timeline.cards]
        notes += [(label.start_frame, label.length_frames, label.text) for label in timeline.labels]
        for start, _, text in sorted(notes):
            on = _under(placed, start)
            ElementTree.SubElement(
                on.element,
                "marker",
                start=self.time(on.own_start + start - on.start_frame),
                duration=self.time(1),
                value=_line(text),
            )

    def _level(self, element: ElementTree.Element, sound: Sound) -> None:
        if not (sound.gain_db or sound.fade_in_s or sound.fade_out_s):
            return
        volume = ElementTree.SubElement(element, "adjust-volume", amount=f"{sound.gain_db:g}dB")
        fades = [("fadeIn", "easeIn", sound.fade_in_s), ("fadeOut", "easeOut", sound.fade_out_s)]
        if any(length_s for _, _, length_s in fades):
            amount = ElementTree.SubElement(volume, "param", name="amount")
            for tag, shape, length_s in fades:
                if length_s:
                    frames = max(1, self._timeline.rate.frames(length_s))
                    ElementTree.SubElement(amount, tag, type=shape, duration=self.time(frames))

    def _asset(self, asset: Asset, *, audio: bool = False) -> str:
        known = self._assets.get((asset.blob, "audio" if audio else "video"))
        if known:
            return known
        name, rate, facts = self._media[asset.blob], self._timeline.rate, self._facts.get(asset.blob)
        given = {"id": self._id(), "name": name, "start": "0s"}
        if asset.kind == "image":
            given |= {"duration": "0s", "hasVideo": "1", "format": self._format(asset.width_px, asset.height_px, None)}
        elif asset.kind == "video" and not audio:
            own_rate = self._rate(asset)
            length = Fraction(max(1, round(Fraction(asset.duration_s) * own_rate))) / own_rate
            given |= {"duration": _seconds(length), "hasVideo": "1", "videoSources": "1"}
            given["format"] = self._format(asset.width_px, asset.height_px, own_rate)
        else:
            channels, sample_rate_hz = (facts.channels, facts.sample_rate_hz) if facts else (2, 48_000)
            given |= {"duration": self.time(rate.frames(asset.duration_s)), "hasAudio": "1", "audioSources": "1"}
            given |= {"audioChannels": str(channels), "audioRate": str(sample_rate_hz)}
        element = ElementTree.SubElement(self._resources, "asset", given)
        source = "./" + quote(f"{self._folder}/{name}")
        ElementTree.SubElement(element, "media-rep", kind="original-media", src=source)
        self._assets[asset.blob, "audio" if audio else "video"] = given["id"]
        return given["id"]

    def _rate(self, asset: Asset) -> Fraction:
        facts = self._facts.get(asset.blob)
        return facts.fps if facts and facts.fps else self._timeline.rate.fps

    def _format(self, width_px: int, height_px: int, fps: Fraction | None) -> str:
        """The id of a size and rate; stills have none."""
        timeline = self._timeline
        if (width_px, height_px, fps) == (timeline.width_px, timeline.height_px, timeline.rate.fps):
            return self.film_format
        key = width_px, height_px, fps
        if key not in self._formats:
            self._formats[key] = self._id()
            how = {"frameDuration": _seconds(1 / fps)} if fps else {"name": "FFVideoFormatRateUndefined"}
            size = {"width": str(width_px), "height": str(height_px)}
            ElementTree.SubElement(self._resources, "format", {"id": self._formats[key], **how, **size})
        return self._formats[key]

    def _id(self) -> str:
        self._count += 1
        return f"r{self._count}"


def _seconds(time: Fraction) -> str:
    return f"{time.numerator}s" if time.denominator == 1 else f"{time.numerator}/{time.denominator}s"


def carries_move(motion: Motion) -> bool:
    """Whether a still's framing is one that FCPXML has words for, and not the whole picture anyway."""
    whole = Rect()
    turned = motion.start.turn_deg or motion.end.turn_deg
    return not turned and not (is_static(motion) and motion.start == whole)


def _insets(motion: Motion, progress: float, asset: Asset, timeline: Timeline) -> dict[str, str]:
    """How far each side of the part that is seen lies within the picture, in hundredths of the picture's height."""
    width, height = asset.width_px, asset.height_px
    window = window_at(motion.model_copy(update={"ease": "linear"}), progress, (width, height),
                       (timeline.width_px, timeline.height_px))  # fmt: skip
    seen_width, seen_height = timeline.width_px * window.steps[0], timeline.height_px * window.steps[0]
    left, top = window.left_px, window.top_px
    inset = (left, top, width - left - seen_width, height - top - seen_height)
    return {
        side: f"{max(0.0, value) * 100 / height:.4f}"
        for side, value in zip(("left", "top", "right", "bottom"), inset, strict=True)
    }


def _under(placed: list[_Placed], frame: int) -> _Placed:
    return next((each for each in placed if each.start_frame <= frame < each.end_frame), placed[-1])


def _line(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
