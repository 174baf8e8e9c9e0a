"""Pieces of film and the sound put into one MP4 file by copying their packets; nothing is decoded or encoded again."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

from storyreel.clock import Rate
from storyreel.errors import RenderError, StorageError
from storyreel.project import storage_error
from storyreel.render.encode import Encoder, codec_of, open_encoder
from storyreel.render.packets import PacketRun
from storyreel.render.sound_track import add_sound_track, timed_packets
from storyreel.settings import Quality

_LEAST_TICKS_HZ = 10_000


def ticks_per_second(rate: Rate) -> int:
    """The film's clock: the rate's numerator, doubled until it ticks 10 000 times a second (15 360 for 30 a second).

    Every frame then starts on a whole tick.
    """
    ticks = rate.num
    while ticks < _LEAST_TICKS_HZ:
        ticks *= 2
    return ticks


def join(
    path: Path,
    pieces: Iterable[PacketRun],
    sound: PacketRun | None,
    *,
    width_px: int,
    height_px: int,
    rate: Rate,
    quality: Quality,
    encoder: Encoder = "x264",
    title: str = "",
) -> int:
    """Write a film to `path`, its index before its pictures so that it plays while it loads.

    Args:
        path: a new file, or one to write over.
        pieces: the film's pieces in order, taken one by one; encoded by `encode` with the same size, rate, quality and
            encoder.
        sound: the whole sound, or None for a film without a sound track. Its time base is one of its samples.
        title: kept in the file's metadata, if there is one.

    Returns:
        How many frames were written.

    Raises:
        RenderError: a piece was encoded in another way than the first, or the sound in one MP4 has no place for.
        DiskFull, StorageError: the file could not be written; what there is of it is no film.
    """
    import av

    # The file's own clock says where sound and picture end; it has to count both in whole ticks.
    clock_hz = lcm(ticks_per_second(rate), sound.time_base.denominator if sound else 1)
    options = {"movflags": "+faststart", "movie_timescale": str(clock_hz)}
    try:
        with av.open(path, "w", format="mp4", options=options) as container:
            if title:
                container.metadata["title"] = title
            video: Any = container.add_stream(codec_of(encoder), rate=rate.fps)
            open_encoder(video.codec_context, width_px, height_px, rate, quality, encoder)
            audio = add_sound_track(container, sound) if sound is not None else None
            video.time_base = Fraction(1, ticks_per_second(rate))
            # Opens the encoders, for the set-up they give the file; they encode nothing.
            container.start_encoding()
            frames = _Counted(pieces, bytes(video.codec_context.extradata or b""))
            streams = [_timed(frames, video, rate)]
            if sound is not None:
                streams.append(timed_packets(sound, audio))
            for _, packet in heapq.merge(*streams, key=lambda timed: timed[0]):
                container.mux_one(packet)
    except OSError as error:
        raise storage_error(error, path) from error
    except av.FFmpegError as error:
        raise RenderError(f"the pieces of the film cannot be joined: {error}") from error
    _check_whole(path)
    return frames.count


class _Counted:
    """The pieces one by one, checked, with the number of frames that came before each."""

    def __init__(self, pieces: Iterable[PacketRun], extradata: bytes) -> None:
        self._pieces, self._extradata = pieces, extradata
        self.count = 0

    def __iter__(self) -> Iterator[tuple[int, PacketRun]]:
        for piece in self._pieces:
            _check_setup("a piece of film", self._extradata, piece.extradata)
            yield self.count, piece
            self.count += len(piece.packets)


def _check_setup(what: str, wanted: bytes, got: bytes) -> None:
    if wanted != got:
        raise RenderError(
            f"{what} was encoded with another set-up than this one's: render the film again with an empty cache, "
            "and by --encoder x264 if one in hardware made it"
        )


def _timed(pieces: _Counted, stream: Any, rate: Rate) -> Iterator[tuple[float, Any]]:
    """The pictures as packets of the file's stream, each with its decoding time in seconds."""
    import av

    ticks = ticks_per_second(rate)
    per_frame = ticks // rate.num * rate.den
    base, frame_s = Fraction(1, ticks), float(1 / rate.fps)
    for before, piece in pieces:
        for kept in piece.packets:
            packet = av.Packet(kept.data)
            packet.stream, packet.time_base = stream, base
            packet.pts, packet.dts = (before + kept.pts) * per_frame, (before + kept.dts) * per_frame
            packet.duration, packet.is_keyframe = per_frame, kept.keyframe
            yield (before + kept.dts) * frame_s, packet


def _check_whole(path: Path) -> None:
    """Walk the file's boxes, and bring it to the disk: a write that failed quietly must not pass for a film.

    Raises:
        StorageError: the boxes do not fill the file, or one of the three is missing.
    """
    try:
        with path.open("rb") as file:
            size, at, boxes = path.stat().st_size, 0, []
            while at + 8 <= size:
                file.seek(at)
                head = file.read(16)
                length, kind = int.from_bytes(head[:4]), head[4:8]
                if length == 1:
                    length = int.from_bytes(head[8:16])
                if length < 8:
                    break
                boxes.append(kind)
                at += length
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_error(error, path) from error
    if at != size or [kind for kind in boxes if kind in (b"ftyp", b"moov", b"mdat")] != [b"ftyp", b"moov", b"mdat"]:
        raise StorageError(f"{path} was not written whole: make sure its disk works and has room, then try again")
