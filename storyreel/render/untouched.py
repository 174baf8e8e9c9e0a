"""A recording in the film as it was recorded: its own packets, or its samples without loss.

Where MP4 can hold the codec the file's packets go in as they are, cut at packet bounds; the track's edit list, from
the packets' times, cuts what an encoder put before the sound and what lies outside the film, to the sample. A recording
that was not compressed becomes FLAC, which gives back every sample and is played by all browsers; ALAC, the other
choice, only by Apple's. Either way it is decoded and compared before it is used.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from storyreel.errors import RenderError
from storyreel.media.container import open_media
from storyreel.media.sound import SoundFile
from storyreel.memo.blob import Blob
from storyreel.providers.contracts import FloatArray
from storyreel.render.packets import Packet, PacketRun
from storyreel.render.sound_track import TRACK_CODECS, add_sound_track, timed_packets
from storyreel.timeline.model import Sound, Timeline

if TYPE_CHECKING:
    from av import Packet as AvPacket

_NAMES = {"mp3float": "mp3"}  # FFmpeg's decoders, where they are not called as their codec
_LOSSLESS = frozenset({"flac", "alac"})
# Packets before the first that is heard, for the decoder to settle on: an MP3 packet may lean on nine.
_RUN_IN_PACKETS = 16
_COMPARED_S = 2.0
_24_BITS = float(1 << 23)
_WIDER = ("pcm_s32", "pcm_f64", "pcm_s64")


def untouched_recording(timeline: Timeline) -> Sound | None:
    """The recording that goes into the film untouched, if there is one.

    Raises:
        RenderError: other sounds would have to be mixed with it.
    """
    untouched = [sound for sound in timeline.sounds if sound.untouched]
    if untouched and len(timeline.sounds) > 1:
        others = len(timeline.sounds) - 1
        raise RenderError(
            f"a recording is to go into the film untouched, and {others} other sound{'s are' if others > 1 else ' is'} "
            "to be mixed with it, which would touch it: take the others out, or let the recording be mixed"
        )
    return untouched[0] if untouched else None


def untouched_run(
    sound: Sound,
    timeline: Timeline,
    path_of: Callable[[Blob], Path],
    on_warning: Callable[[str], None] = lambda message: None,
) -> PacketRun:
    """A recording as the film's sound track.

    It lies where its sound is placed and ends with it, with the film or with the recording, whichever is first. Gain,
    fades and loudness do not apply.

    Args:
        sound, timeline: what goes where.
        path_of: where a sound's file is.
        on_warning: told, in a sentence, if the recording is finer than what a film can hold.

    Returns:
        Packets in units of one sample. Those before time 0 are for the decoder only.

    Raises:
        CorruptFile: the recording is missing or damaged.
        RenderError: it has more channels or a higher level than a lossless track holds, or is over before its place.
    """
    path = path_of(sound.asset.blob)
    run = _copied(path, sound, timeline)
    if run is not None and _sounds_as(run, path, sound):
        return run
    return _lossless(path, sound, timeline, on_warning)


@dataclass(frozen=True, slots=True)
class _Place:
    """Film samples `first` to `after`, at the recording's rate."""

    first: int
    after: int


def _place(sound: Sound, timeline: Timeline, rate_hz: int) -> _Place:
    end_frame = min(sound.start_frame + sound.length_frames, timeline.length_frames)
    first = timeline.rate.samples(sound.start_frame, rate_hz)
    return _Place(first, max(first, timeline.rate.samples(end_frame, rate_hz)))


def _copied(path: Path, sound: Sound, timeline: Timeline) -> PacketRun | None:
    """The file's own packets; None where MP4 cannot hold them, or their times cannot be kept."""
    with SoundFile(path) as file:
        rate_hz, late_s = file.sample_rate_hz, file.late_s
    place = _place(sound, timeline, rate_hz)
    first = floor((Fraction(sound.source_start_s) - late_s) * rate_hz + Fraction(1, 2))
    shift = place.first - min(first, 0)  # where the first sample that is heard lies in the film
    first = max(first, 0)
    with open_media(path) as container:
        stream = container.streams.audio[0]
        codec = _NAMES.get(stream.codec_context.name, stream.codec_context.name)
        if codec not in TRACK_CODECS or stream.time_base is None:
            return None
        packets = [packet for packet in container.demux(stream) if packet.size]
        extradata = bytes(stream.codec_context.extradata or b"")
        spans = _spans(packets, stream.time_base, rate_hz, path)
    if spans is None:
        return None
    datas = [bytes(packet) for packet in packets]
    if codec == "aac" and not extradata:
        setups = {_adts(data) for data in datas}
        if len(setups) != 1 or (setup := setups.pop()) is None:
            return None
        extradata, header = setup
        datas = [data[header:] for data in datas]
    after = min(first + place.after - shift, spans[-1][1])
    heard = [index for index, (begin, end) in enumerate(spans) if end > first and begin < after]
    if not heard or after <= first:
        raise _over(path, sound)
    low = heard[0] if codec in _LOSSLESS else max(0, heard[0] - _RUN_IN_PACKETS)
    if spans[low][0] < first and shift > 0:
        return None  # only a track that starts with the film can have packets before its first sample
    kept = tuple(
        Packet(begin - first + shift, begin - first + shift, min(end, after) - begin, True, datas[low + offset])
        for offset, (begin, end) in enumerate(spans[low : heard[-1] + 1])
    )
    return PacketRun(codec, Fraction(1, rate_hz), extradata, kept)


def _spans(packets: list[AvPacket[Any]], base: Fraction, rate_hz: int, path: Path) -> list[tuple[int, int]] | None:
    """(first, after) of every packet in samples from the first one heard; None where there are gaps or no telling."""
    if not packets or packets[0].pts is None:
        return None
    begin_skipped, _ = _skips(packets[0])
    _, end_skipped = _skips(packets[-1])
    exact = (1 / base) % rate_hz == 0
    length = None if exact else _usual_samples(path)
    spans: list[tuple[int, int]] = []
    at = -begin_skipped
    for packet in packets:
        if packet.pts is None:
            return None
        samples = length if length is not None else round((packet.duration or 0) * base * rate_hz)
        expected = (packet.pts - packets[0].pts) * base * rate_hz - begin_skipped
        if samples <= 0 or abs(expected - at) > (0 if exact else 2 * base * rate_hz):
            return None
        spans.append((at, at + samples))
        at += samples
    if end_skipped and len(spans) > 1:
        # Some containers say it by a shorter packet, some beside it, some both.
        begin, usual = spans[-1][0], spans[-2][1] - spans[-2][0]
        spans[-1] = begin, begin + max(1, min(spans[-1][1] - begin, usual - end_skipped))
    return spans


def _skips(packet: AvPacket[Any]) -> tuple[int, int]:
    """How many samples at a packet's start and end are not to be heard."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    data = bytes(packet.get_sidedata("skip_samples"))
    return int.from_bytes(data[:4], "little"), int.from_bytes(data[4:8], "little")


def _usual_samples(path: Path) -> int:
    """How many samples most of a file's first packets decode to."""
    with open_media(path) as container:
        return Counter(frame.samples for frame in islice(container.decode(audio=0), 32)).most_common(1)[0][0]


def _adts(data: bytes) -> tuple[bytes, int] | None:
    """(decoder set-up, header's length) of an AAC packet that carries its own header; None for what has no such form.

    ISO/IEC 14496-3: adts_fixed_header in, AudioSpecificConfig out.
    """
    if len(data) < 9 or data[0] != 0xFF or data[1] & 0xF6 != 0xF0 or data[6] & 3:
        return None
    profile, rate = (data[2] >> 6) + 1, data[2] >> 2 & 15
    channels = (data[2] & 1) << 2 | data[3] >> 6
    if not channels:
        return None
    return (profile << 11 | rate << 7 | channels << 3).to_bytes(2), 7 if data[1] & 1 else 9


def _sounds_as(run: PacketRun, path: Path, sound: Sound) -> bool:
    """Whether the track's first seconds, played from an MP4 file, are the recording's at the same sample.

    They are equal, but where a lossy track begins in the middle of the recording: there a decoder may round otherwise
    and draw other noise, and what is asked is that no neighbouring sample fits nearly as well.
    """
    import av

    some = tuple(
        packet for packet in run.packets if (packet.pts - run.packets[0].pts) * run.time_base < _COMPARED_S + 1
    )
    buffer = io.BytesIO()
    try:
        with av.open(buffer, "w", format="mp4") as container:
            piece = PacketRun(run.codec, run.time_base, run.extradata, some)
            stream = add_sound_track(container, piece)
            for _, packet in timed_packets(piece, stream):
                container.mux_one(packet)
        buffer.seek(0)
        with av.open(buffer, "r") as written:
            frames = (_samples(frame) for frame in written.decode(audio=0))
            heard = np.concatenate([next(frames), *frames])
    except (RenderError, av.FFmpegError, StopIteration):
        return False
    with SoundFile(path, start_s=sound.source_start_s) as file:
        late = max(0, floor((file.late_s - Fraction(sound.source_start_s)) * file.sample_rate_hz + Fraction(1, 2)))
        file.read(late)
        length_s = sum(packet.duration for packet in some) * run.time_base
        wanted = file.read(round(min(_COMPARED_S, float(length_s) / 2) * file.sample_rate_hz))
    if not len(heard) >= len(wanted) > 2:
        return False
    if np.array_equal(heard[: len(wanted)], wanted):
        return True
    here, before, behind = (
        float(np.square(heard[1 + shift : len(wanted) - 1 + shift] - wanted[1:-1]).sum()) for shift in (0, -1, 1)
    )
    return run.codec not in _LOSSLESS and here < 0.25 * min(before, behind)


def _lossless(path: Path, sound: Sound, timeline: Timeline, on_warning: Callable[[str], None]) -> PacketRun:
    """The recording's samples as FLAC: of 16 bits where they have no more, else of 24."""
    import av

    with SoundFile(path) as file:
        rate_hz, channels, layout, finer = file.sample_rate_hz, file.channels, file.layout_name, _is_finer(file)
        bits = 16 if file.bits <= 16 else 24
    place = _place(sound, timeline, rate_hz)
    if channels > 8:
        raise RenderError(f"{path} has {channels} channels, and an untouched track holds 8: let it be mixed instead")
    form = "s16" if bits == 16 else "s32"
    packets: list[Packet] = []
    try:
        encoder: Any = av.CodecContext.create("flac", "w")
        encoder.sample_rate, encoder.layout, encoder.format = rate_hz, layout, form
        encoder.time_base, encoder.thread_count = Fraction(1, rate_hz), 1
        at = place.first
        exact = not finer
        for block in _blocks(path, sound, place.after - place.first):
            whole, same = _whole(block, bits, path)
            exact = exact and same
            frame = av.AudioFrame.from_ndarray(whole.reshape(1, -1), format=form, layout=layout)
            frame.sample_rate, frame.time_base, frame.pts = rate_hz, Fraction(1, rate_hz), at
            packets += map(_kept, encoder.encode(frame))
            at += len(block)
        if at == place.first:
            raise _over(path, sound)
        packets += map(_kept, encoder.encode(None))
        run = PacketRun("flac", Fraction(1, rate_hz), bytes(encoder.extradata or b""), tuple(packets))
        _compare(run, path, sound, place, bits)
    except (av.FFmpegError, ValueError) as error:
        raise RenderError(
            f"{path} cannot be kept untouched ({layout}, {rate_hz} Hz): {error}; let it be mixed instead"
        ) from error
    if not exact:
        on_warning(f"{path.name} is finer than 24 bits, the most a film's sound track holds: it is rounded to those")
    return run


def _is_finer(file: SoundFile) -> bool:
    return file.codec.startswith(_WIDER)


def _kept(packet: AvPacket[Any]) -> Packet:
    if packet.pts is None:
        raise RenderError("the FLAC encoder gave a packet without a time; please report it with the film's id")
    return Packet(packet.pts, packet.pts, packet.duration or 0, True, bytes(packet))


def _blocks(path: Path, sound: Sound, count: int) -> Iterator[FloatArray]:
    """The recording's own samples, at most `count`, ten seconds at a time."""
    with SoundFile(path, start_s=sound.source_start_s) as file:
        while count > 0 and len(block := file.read(min(count, 10 * file.sample_rate_hz))):
            yield block
            count -= len(block)


def _whole(block: FloatArray, bits: int, path: Path) -> tuple[Any, bool]:
    """(samples as whole numbers, whether nothing was rounded)."""
    scaled = block.astype(np.float64) * (1 << (bits - 1))
    whole = np.rint(scaled)
    if whole.max() > (1 << (bits - 1)) or whole.min() < -(1 << (bits - 1)):
        raise RenderError(
            f"{path} goes beyond full scale, which no untouched sound track can: lower the recording, or let it be "
            "mixed"
        )
    # Full scale itself is one step too many.
    whole = np.minimum(whole, (1 << (bits - 1)) - 1)
    exact = bool(np.array_equal(whole, scaled))
    return (whole.astype(np.int16) if bits == 16 else whole.astype(np.int32) << 8), exact


def _compare(run: PacketRun, path: Path, sound: Sound, place: _Place, bits: int) -> None:
    """Decode what was encoded and hold it against the recording, sample for sample."""
    import av

    decoder: Any = av.CodecContext.create("flac", "r")
    decoder.extradata = run.extradata
    ready: list[Any] = []

    def decoded() -> Iterator[Any]:
        for packet in run.packets:
            for frame in decoder.decode(av.Packet(packet.data)):
                yield frame.to_ndarray().reshape(-1, frame.layout.nb_channels)

    pieces = decoded()
    for block in _blocks(path, sound, place.after - place.first):
        whole, _ = _whole(block, bits, path)
        while sum(map(len, ready)) < len(whole):
            ready.append(next(pieces, np.zeros((len(whole), whole.shape[1]), whole.dtype)))
        joined = np.concatenate(ready)
        if not np.array_equal(joined[: len(whole)], whole):
            raise RenderError(f"the FLAC encoder changed samples of {path}; please report it with the film's id")
        ready = [joined[len(whole) :]]


def _samples(frame: Any) -> FloatArray:
    """A decoded frame as float32 of shape (n, channels), scaled as `SoundFile` does."""
    from av import AudioResampler

    resampler = AudioResampler(format="flt", layout=frame.layout, rate=frame.sample_rate)
    frame.pts = None
    parts = [part.to_ndarray().reshape(-1, part.layout.nb_channels) for part in resampler.resample(frame)]
    return np.concatenate(parts)


def _over(path: Path, sound: Sound) -> RenderError:
    return RenderError(
        f"{path} is over before {sound.source_start_s:.2f} s, where the film's untouched recording begins: choose an "
        "earlier start"
    )
