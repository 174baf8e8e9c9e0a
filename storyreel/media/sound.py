"""Sound files and sample arrays: reading any file, from any point, at any rate; writing FLAC.

Samples are float32 of shape (n, channels), full scale at 1. A file is read from front to back with `SoundFile`, so an
hour of it never has to be in memory; `read_sound` is the short way for a stretch of it. A video's sound counts from its
first picture, as the pictures do: where the sound sets in later it is silent until then.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from fractions import Fraction
from itertools import chain
from math import floor, gcd
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from storyreel.errors import CorruptFile, RenderError
from storyreel.media.container import open_media
from storyreel.providers.contracts import FloatArray

if TYPE_CHECKING:
    from av import AudioFrame, AudioLayout, AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# Containers with an index by which reading can start in the middle. Their packets carry a sample-exact time;
# where it is coarser, as in Matroska, it still tells which packet of a codec with packets of one length it is.
_SEEKABLE = frozenset({"flac", "wav", "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "ogg"})
# Containers that count their packets from the front: those before the start are passed over, not decoded. All others
# are decoded from their front.
_COUNTING = frozenset({"mp3", "aac", "ac3", "eac3"})
_ONE_LENGTH = frozenset({"aac", "mp3", "mp3float", "opus", "ac3", "eac3"})
# Containers that state their length to the sample, and those that do so to a packet.
_EXACT_LENGTH = frozenset({"flac", "wav"})
_STATED_LENGTH = frozenset({"mov,mp4,m4a,3gp,3g2,mj2"})
_SLACK_SAMPLES = 8192  # a packet, of any codec
_MOST_PLANES = 8
_UNKNOWN_BYTES = 0x7FFFF000
_PREROLL_S = 0.3  # more than any decoder or the resampler needs to settle
_HALF = Fraction(1, 2)
_3DB = 0.5**0.5
# How much of each loudspeaker goes to the left and the right one (ITU-R BS.775-3, annex 4, table 2: 2/0 from 3/2); a
# seven-channel recording's second pair is treated as its first. Nothing is scaled: what passes full scale is for the
# master to catch, and a voice in the centre stays as loud as it was.
_TO_STEREO = {
    "FL": (1.0, 0.0), "FR": (0.0, 1.0), "FC": (_3DB, _3DB), "LFE": (0.0, 0.0), "LFE2": (0.0, 0.0), "BC": (0.5, 0.5),
    "SL": (_3DB, 0.0), "SR": (0.0, _3DB), "BL": (_3DB, 0.0), "BR": (0.0, _3DB), "FLC": (1.0, 0.0), "FRC": (0.0, 1.0),
    "DL": (1.0, 0.0), "DR": (0.0, 1.0),
}  # fmt: skip


def read_sound(
    path: Path, *, sample_rate_hz: int, channels: int, start_s: float = 0.0, duration_s: float | None = None
) -> FloatArray:
    """Read a stretch of a sound file, or of a video's first sound track.

    Args:
        path: any file with sound in it.
        sample_rate_hz, channels: what is wanted; mono is copied to every channel, surround is mixed down.
        start_s: where to begin.
        duration_s: how much to read at most; None reads to the end.

    Returns:
        float32 of shape (n, channels); shorter than asked for where the file ends.

    Raises:
        CorruptFile: the file is missing, holds no sound, is damaged or cut short.
    """
    with SoundFile(path, sample_rate_hz=sample_rate_hz, channels=channels, start_s=start_s) as file:
        if duration_s is not None:
            return file.read(floor(Fraction(duration_s) * sample_rate_hz + _HALF))
        pieces = [np.zeros((0, channels), np.float32)]
        while len(piece := file.read(10 * sample_rate_hz)):
            pieces.append(piece)
        return np.concatenate(pieces)


def sound_length(path: Path) -> float:
    """How long the file's sound lasts, in seconds, to the sample.

    Raises:
        CorruptFile: the file is missing, holds no sound, is damaged or cut short.
    """
    with SoundFile(path) as file:
        if file.stated_samples is not None:
            return file.stated_samples / file.sample_rate_hz
        count = 0
        while read := len(file.read(10 * file.sample_rate_hz)):
            count += read
        return count / file.sample_rate_hz


class SoundFile:
    """A sound file that is read from front to back, at the rate and with the channels that are wanted.

    What is read does not depend on how it is cut into reads, nor (for FLAC, WAV, MP4, Matroska and Ogg, within the
    resampler's rounding) on where reading starts.

    Args:
        path: any file with sound in it.
        sample_rate_hz: the rate wanted; None keeps the file's.
        channels: how many are wanted; None keeps the file's. One is copied to all; surround becomes two as ITU-R BS.775
            says, and one as the mean of those; of any other layout every wanted channel gets the mean of all.
        start_s: where reading begins; in a video counted from its first picture.

    Attributes:
        sample_rate_hz, channels: of what `read` returns.
        late_s: how much later than its first picture a video's sound sets in; less than 0 for earlier.
        codec, layout_name, bits: of the file: as FFmpeg names them, and how fine its samples are; 24 for floats.
        stated_samples: the file's whole length at its own rate, where its head says so to the sample.

    Raises:
        CorruptFile: the file is missing, holds no sound, or is a list of other files.
    """

    def __init__(
        self, path: Path, *, sample_rate_hz: int | None = None, channels: int | None = None, start_s: float = 0.0
    ) -> None:
        self._path = path
        self._container, self._stream = _open(path)
        self._source_rate_hz = self._stream.codec_context.sample_rate
        self._layout = self._stream.codec_context.layout
        self.codec, self.layout_name = self._stream.codec_context.name, self._layout.name
        self.bits = 16 if self._stream.codec_context.format.name.startswith(("u8", "s16")) else 24
        self.sample_rate_hz = sample_rate_hz or self._source_rate_hz
        self.channels = channels or self._layout.nb_channels
        kind, stated, base = self._container.format.name, self._stream.duration, self._stream.time_base
        length = None if stated is None or base is None else round(stated * base * self._source_rate_hz)
        self.stated_samples = length if kind in _EXACT_LENGTH else None
        # Fewer samples than this, and the file is cut short.
        self._least_samples = self.stated_samples or 0
        if kind in _STATED_LENGTH and length is not None:
            self._least_samples = length - _SLACK_SAMPLES
        self._packer: AudioResampler | None = None
        self._matrix = _matrix(self._layout, self.channels)
        # Silence before the sound sets in, in output samples; below 0 where it sets in before the picture.
        self.late_s = _late_s(self._container, self._stream)
        late = floor(self.late_s * self.sample_rate_hz + _HALF)
        start = floor(Fraction(max(start_s, 0.0)) * self.sample_rate_hz + _HALF) - late
        self._ready = np.zeros((max(0, -start), self.channels), np.float32)
        self._blocks = self._decoded(max(0, start))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._blocks.close()
        self._container.close()

    def read(self, count: int) -> FloatArray:
        """The next `count` samples, shape (count, channels); fewer only at the end of the sound.

        Raises:
            CorruptFile: the file is damaged or cut short.
        """
        pieces, have = [self._ready], len(self._ready)
        while have < count:
            block = next(self._blocks, None)
            if block is None:
                break
            pieces.append(block)
            have += len(block)
        joined = np.concatenate(pieces) if len(pieces) > 1 else self._ready
        self._ready = joined[count:]
        return joined[:count]

    def _decoded(self, start: int) -> Generator[FloatArray, None, None]:
        """Blocks of output samples from sample number `start`."""
        from av import AudioResampler

        # The resampler begins where an output sample falls on an input sample, so that its grid is the whole file's.
        step = self._source_rate_hz // gcd(self._source_rate_hz, self.sample_rate_hz)
        preroll = Fraction(_PREROLL_S) * self._source_rate_hz
        begin = Fraction(start * self._source_rate_hz, self.sample_rate_hz) - preroll
        first = max(0, floor(begin) // step * step)
        resampler = AudioResampler(format="flt", layout=self._layout, rate=self.sample_rate_hz)
        position = first * self.sample_rate_hz // self._source_rate_hz
        taken = 0
        for frame in self._frames_from(first):
            taken += frame.samples
            frame.pts = None
            for out in resampler.resample(frame):
                block = self._mixed(out)
                skip = min(len(block), max(0, start - position))
                position += len(block)
                if skip < len(block):
                    yield block[skip:]
        end = floor(Fraction((first + taken) * self.sample_rate_hz, self._source_rate_hz) + _HALF)
        tail = [self._mixed(out) for out in resampler.resample(None)] if taken else []
        rest = np.concatenate([*tail, np.zeros((0, self.channels), np.float32)])
        # The resampler may end a sample early or late; the length is the file's.
        wanted = max(0, end - position)
        rest = np.concatenate([rest[:wanted], np.zeros((max(0, wanted - len(rest)), self.channels), np.float32)])
        yield rest[max(0, start - position) :]

    def _frames_from(self, first: int) -> Iterator[AudioFrame]:
        """The file's own frames, the leading one cut so that it starts at sample `first`."""
        kind, base = self._container.format.name, self._stream.time_base
        exact = base is not None and (1 / base) % self._source_rate_hz == 0
        position: int | None = 0
        begin: int | None = None
        skipped = 0
        if first > 0 and base is not None and (exact or self._stream.codec_context.name in _ONE_LENGTH):
            before = (Fraction(first, self._source_rate_hz) - Fraction(_PREROLL_S)) / base
            start = (self._stream.start_time or 0) + max(0, floor(before))
            if kind in _SEEKABLE:
                skipped = self._skipped()
                self._container.seek(start, stream=self._stream)
                position = None
            elif kind in _COUNTING and exact:
                begin, position = start, None
        frames = self._frames(begin, from_front=position is not None)
        if position is None:
            position, frames = self._located(frames, first, None if exact else skipped)
        for frame in frames:
            if position + frame.samples > first:
                yield from self._cut(iter([frame]), position, first)
            position += frame.samples
        if position < self._least_samples:
            stated = self.stated_samples or self._least_samples + _SLACK_SAMPLES
            raise CorruptFile(
                f"{self._path} is cut short: {stated / self._source_rate_hz:.1f} s were written, "
                f"{position / self._source_rate_hz:.1f} s can be read; fetch or make the file again"
            )

    def _located(
        self, frames: Iterator[AudioFrame], first: int, skipped: int | None
    ) -> tuple[int, Iterator[AudioFrame]]:
        """(the sample the frames start at, the frames); from the file's front if they start later or cannot tell.

        Args:
            frames: what follows a seek.
            first: the sample that is wanted.
            skipped: None where the frames' times are exact; else what `_skipped` gave.
        """
        last, some = 0, False
        for frame in frames:
            some = True
            # After a seek the first frames may be cut: where only their length tells the sample, wait for two alike.
            if skipped is not None and frame.samples != last:
                last = frame.samples
                continue
            position = self._sample_of(frame, skipped)
            if position is None or position > first:
                break
            return position, chain([frame], frames)
        if not some and first >= self._least_samples:
            return first, iter(())  # the sound is over by then
        self._container.close()
        self._container, self._stream = _open(self._path)
        return 0, self._frames()

    def _cut(self, frames: Iterator[AudioFrame], position: int, first: int) -> Iterator[AudioFrame]:
        from av import AudioFrame as Frame

        for frame in map(self._packed, frames):
            skip = first - position
            position += frame.samples
            if skip <= 0:
                yield frame
            elif skip < frame.samples:
                step = 1 if frame.format.is_planar else frame.layout.nb_channels
                rest: NDArray[Any] = np.ascontiguousarray(frame.to_ndarray()[:, skip * step :])
                part = Frame.from_ndarray(rest, format=frame.format.name, layout=frame.layout)
                part.sample_rate = frame.sample_rate
                yield part

    def _packed(self, frame: AudioFrame) -> AudioFrame:
        """The frame with its channels side by side, if it has many: PyAV reads past a frame of eight planes."""
        from av import AudioResampler

        if not frame.format.is_planar or frame.layout.nb_channels < _MOST_PLANES:
            return frame
        if self._packer is None:
            self._packer = AudioResampler(format=frame.format.packed, layout=frame.layout, rate=frame.sample_rate)
        frame.pts = None
        (packed,) = self._packer.resample(frame)
        return packed

    def _frames(self, begin: int | None = None, *, from_front: bool = True) -> Iterator[AudioFrame]:
        """Decode on; bytes before the first and after the last frame that are no sound are passed over, as tags are.

        Packets that lie before `begin`, in the stream's time, are not decoded.
        """
        from av.error import FFmpegError

        heard, damaged = False, False
        try:
            for packet in self._container.demux(self._stream):
                if begin is not None and packet.pts is not None and packet.pts < begin:
                    continue
                try:
                    frames = packet.decode()
                except FFmpegError:
                    damaged = heard
                    continue
                for frame in frames:
                    if damaged:
                        raise self._broken("its sound is damaged")
                    form = frame.sample_rate, frame.layout.nb_channels
                    if form != (self._source_rate_hz, self._layout.nb_channels):
                        raise self._broken("its sound changes rate or channels on the way")
                    heard = True
                    yield frame
        except FFmpegError as error:
            raise self._broken("its sound is damaged") from error
        if not heard and from_front:
            raise self._broken("there is no sound in it that can be read")

    def _sample_of(self, frame: AudioFrame, skipped: int | None) -> int | None:
        """The sample a frame starts at, by its time; None where that is too coarse to tell. See `_located`."""
        if frame.pts is None or frame.time_base is None:
            raise self._broken("its sound carries no times")
        at = (frame.pts - (self._stream.start_time or 0)) * frame.time_base * self._source_rate_hz
        if skipped is None:
            return round(at)
        nearest = round((at + skipped) / frame.samples) * frame.samples - skipped
        return nearest if abs(nearest - at) <= frame.time_base * self._source_rate_hz else None

    def _skipped(self) -> int:
        """How many samples of the first packets are the encoder's running in, and not heard."""
        packet = next(self._container.demux(self._stream))
        skip = packet.get_sidedata("skip_samples") if packet.has_sidedata("skip_samples") else None
        return int.from_bytes(bytes(skip)[:4], "little") if skip is not None else 0

    def _mixed(self, frame: AudioFrame) -> FloatArray:
        samples = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
        if not np.isfinite(samples).all():
            # Silence in their place would hide that what wrote the file has failed.
            raise self._broken("it holds samples that are not numbers")
        mixed = samples if self._matrix is None else samples @ self._matrix
        return np.ascontiguousarray(mixed, np.float32)

    def _broken(self, why: str) -> CorruptFile:
        return CorruptFile(f"{self._path} cannot be read: {why}; check the file or make it again")


def write_flac(samples: FloatArray, sample_rate_hz: int, bits: Literal[16, 24] = 16) -> bytes:
    """Encode samples as FLAC.

    16 bits are reached with triangular dither of two steps' width (Lipshitz, Wannamaker and Vanderkooy 1992), the same
    for the same input; digital silence stays digital silence. 24 bits are rounded. Beyond full scale is clipped.

    Args:
        samples: float32 of shape (n,) or (n, channels), one to eight channels.
        sample_rate_hz: samples a second.
        bits: sample depth.

    Raises:
        RenderError: there are no samples, or some are not finite numbers.
    """
    import av

    columns = samples[:, None] if samples.ndim == 1 else samples
    if columns.ndim != 2 or not len(columns) or not 1 <= columns.shape[1] <= 8:
        raise RenderError(f"an array of shape {samples.shape} is no sound: give (n,) or (n, channels) with n above 0")
    channels = columns.shape[1]
    layout = {1: "mono", 2: "stereo"}.get(channels) or av.AudioLayout(f"{channels}c").name
    buffer = io.BytesIO()
    noise = np.random.default_rng(0)
    with av.open(buffer, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=sample_rate_hz, layout=layout)
        stream.codec_context.format = av.AudioFormat("s16" if bits == 16 else "s32")
        for start in range(0, len(columns), sample_rate_hz):
            block = columns[start : start + sample_rate_hz]
            frame = av.AudioFrame.from_ndarray(
                _quantised(block, bits, noise).reshape(1, -1), format="s16" if bits == 16 else "s32", layout=layout
            )
            frame.sample_rate, frame.pts = sample_rate_hz, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def _quantised(
    block: FloatArray, bits: Literal[16, 24], noise: np.random.Generator
) -> NDArray[np.int16] | NDArray[np.int32]:
    if not np.isfinite(block).all():
        raise RenderError("a sound holds samples that are not numbers: what made it has failed, make it again")
    steps = float(2 ** (bits - 1))
    scaled = block.astype(np.float64) * steps
    if bits == 16:
        dither = noise.random(block.shape) - noise.random(block.shape)
        scaled += np.where(block == 0.0, 0.0, dither)
    whole = np.clip(np.rint(scaled), -steps, steps - 1)
    return whole.astype(np.int16) if bits == 16 else whole.astype(np.int32) << 8


def _open(path: Path) -> tuple[InputContainer, AudioStream]:
    container = open_media(path)
    if not container.streams.audio or not container.streams.audio[0].codec_context.sample_rate:
        container.close()
        raise CorruptFile(f"{path} cannot be read: there is no sound in it; check the file or make it again")
    if container.format.name == "wav":
        _check_wav(path)
    stream = container.streams.audio[0]
    stream.codec_context.thread_count = 1
    return container, stream


def _check_wav(path: Path) -> None:
    """Raise CorruptFile for a file that is shorter than its head says; FFmpeg reads what is left of one in silence."""
    with path.open("rb") as file:
        head, there = file.read(8), path.stat().st_size
    written = int.from_bytes(head[4:], "little") + 8
    # What was written to a pipe says 0 or the largest number: it could not know.
    if head[:4] == b"RIFF" and there + 1 < written < _UNKNOWN_BYTES:
        raise CorruptFile(
            f"{path} is cut short: {written} bytes were written, {there} are there; fetch or make the file again"
        )


def _late_s(container: InputContainer, stream: AudioStream) -> Fraction:
    """How much later a video's sound begins than its pictures, in seconds; 0 for a sound file, whatever its cover."""
    from av.stream import Disposition

    for video in container.streams.video:
        if video.disposition & Disposition.attached_pic:
            continue
        if video.start_time is None or stream.start_time is None or not video.time_base or not stream.time_base:
            break
        return stream.start_time * stream.time_base - video.start_time * video.time_base
    return Fraction(0)


def _matrix(layout: AudioLayout, channels: int) -> FloatArray | None:
    """How the file's channels make the wanted ones, shape (from, to); None where they are the same."""
    count = layout.nb_channels
    if count == channels:
        return None
    if count == 1:
        return np.ones((1, channels), np.float32)
    names = [channel.name for channel in layout.channels]
    if count > 2 and all(name in _TO_STEREO for name in names):
        stereo = np.array([_TO_STEREO[name] for name in names], np.float32)
        if channels == 2:
            return stereo
        return np.repeat(stereo.mean(axis=1, keepdims=True), channels, axis=1)
    return np.full((count, channels), 1.0 / count, np.float32)
