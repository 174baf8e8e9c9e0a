"""An MP4 with all that players can show beside picture and sound: chapters, and the captions as a text track.

Picture and sound are copied packet by packet, so this takes seconds and loses nothing.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

from storyreel.errors import RenderError
from storyreel.media.container import open_media
from storyreel.progress import Progress
from storyreel.project import storage_error
from storyreel.publish.chapters import chapters
from storyreel.render.join import ticks_per_second
from storyreel.timeline.formats import caption_lines
from storyreel.timeline.model import Timeline

_ISO_639_2 = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fa": "fas",
    "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn",
    "ko": "kor", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sv": "swe",
    "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "zho",
}  # fmt: skip


def add_chapters(container: Any, timeline: Timeline) -> None:
    """Give a file that is being written the film's chapters, if it has more than one."""
    found = chapters(timeline)
    if len(found) < 2:
        return
    base = 1 / timeline.rate.fps
    container.set_chapters(
        [
            {"id": number, "start": each.start_frame, "end": each.end_frame, "time_base": base,
             "metadata": {"title": each.title}}
            for number, each in enumerate(found, 1)
        ]
    )  # fmt: skip


def with_tracks(film: Path, timeline: Timeline, path: Path, progress: Progress) -> None:
    """Copy a film into an MP4 with its chapters and captions.

    Args:
        film: an MP4 of this timeline.
        path: a new file.

    Raises:
        RenderError: the film cannot be copied.
        DiskFull, StorageError: the disk took no more.
        Cancelled: the user stopped it.
    """
    import av

    clock_hz = lcm(ticks_per_second(timeline.rate), 48_000)
    options = {"movflags": "+faststart", "movie_timescale": str(clock_hz)}
    try:
        with open_media(film) as source, av.open(path, "w", format="mp4", options=options) as container:
            if timeline.title:
                container.metadata["title"] = timeline.title
            add_chapters(container, timeline)
            kept = [stream for stream in source.streams if stream.type in ("video", "audio")]
            copies = {stream.index: container.add_stream_from_template(stream) for stream in kept}
            texts = _add_text_track(container, timeline)
            packets = (packet for packet in source.demux(kept) if packet.dts is not None)
            total = timeline.rate.seconds(timeline.length_frames)
            with progress.task("export", 100, "percent") as task:
                for at_s, packet in heapq.merge(_copied(packets, copies), texts, key=lambda timed: timed[0]):
                    container.mux_one(packet)
                    if (done := min(100, int(at_s / total * 100))) > task.done:
                        task.advance(done - task.done)
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise storage_error(error, path) from error
        raise RenderError(f"the film {film} cannot be copied: {error}") from error


def _copied(packets: Iterator[Any], copies: dict[int, Any]) -> Iterator[tuple[float, Any]]:
    for packet in packets:
        packet.stream = copies[packet.stream.index]
        yield float(packet.dts * packet.time_base), packet


def _add_text_track(container: Any, timeline: Timeline) -> Iterator[tuple[float, Any]]:
    """Add the captions as 3GPP timed text (ETSI TS 126 245), which QuickTime, VLC and mpv can switch on."""
    cues = caption_lines(timeline)
    if not cues:
        return iter(())
    stream = container.add_mux_stream("mov_text")
    ticks = ticks_per_second(timeline.rate)
    stream.time_base = Fraction(1, ticks)
    stream.metadata["language"] = _ISO_639_2.get(timeline.language[:2], "und")
    return _text_packets(cues, stream, Fraction(1, ticks), ticks // timeline.rate.num * timeline.rate.den)


def _text_packets(cues: Any, stream: Any, base: Fraction, per_frame: int) -> Iterator[tuple[float, Any]]:
    import av

    for start, end, lines in cues:
        text = "\n".join(lines).encode()
        packet = av.Packet(struct.pack(">H", len(text)) + text)
        packet.stream, packet.time_base, packet.is_keyframe = stream, base, True
        packet.pts = packet.dts = start * per_frame
        packet.duration = (end - start) * per_frame
        yield float(packet.pts * base), packet
