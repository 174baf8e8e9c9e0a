"""A timeline's sound, mixed, mastered and encoded.

Two passes in blocks of a minute, so memory does not grow with the film: the first measures the mix, the second applies
the master's gain and limiter and encodes AAC. Each source is read once a pass, from front to back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyreel.errors import RenderError
from storyreel.media.sound import SoundFile
from storyreel.memo.blob import Blob
from storyreel.providers.contracts import FloatArray
from storyreel.render.loudness import Levels, Limiter, Master, plan_master
from storyreel.render.mix import CHANNELS, SAMPLE_RATE_HZ, Placement, add, blocks, ducking_windows, place
from storyreel.render.packets import Packet, PacketRun
from storyreel.timeline.model import Sound, Timeline

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.codeccontext import AudioCodecContext

BLOCK_S = 60
BITS_A_SECOND = 192_000
_FRAME = 1024  # samples in an AAC frame

PathOf = Callable[[Blob], Path]


def sound_steps(timeline: Timeline) -> int:
    """How many times `encode_sound` will call `on_block`, added up."""
    return 2 * ceil(_sample_count(timeline) / (BLOCK_S * SAMPLE_RATE_HZ))


def encode_sound(
    timeline: Timeline,
    path_of: PathOf,
    on_block: Callable[[int], None] = lambda count: None,
    on_warning: Callable[[str], None] = lambda message: None,
) -> PacketRun:
    """Mix and encode the film's sound: AAC, 192 kbit/s, 48 kHz, stereo, as long as the timeline to the sample.

    A film without sounds gets a silent track, which players and sites handle better than none.

    Args:
        timeline: its sounds, voice windows, rate, length, loudness and true peak are read.
        path_of: where a sound's file is.
        on_block: told 1 for every block finished; see `sound_steps`.
        on_warning: told, in a sentence, if the loudness asked for cannot be reached.

    Returns:
        Packets in units of 1/48000 s. The first starts at -1024: the encoder's priming, which a container's edit list
        takes away. The durations add up to the film's length and those 1024.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
    """
    master = measure(timeline, path_of, on_block)
    if master.warning:
        on_warning(master.warning)
    encoder = _encoder()
    packets: list[Packet] = []
    pending, position = np.zeros((0, CHANNELS), np.float32), 0
    for block in mastered(timeline, path_of, master):
        pending = np.concatenate([pending, block])
        whole = len(pending) // _FRAME * _FRAME
        packets += _encode(encoder, pending[:whole], position)
        pending, position = pending[whole:], position + whole
        on_block(1)
    packets += _encode(encoder, pending, position)
    packets += _packets(encoder, None)
    total = _sample_count(timeline) + _FRAME
    if sum(packet.duration for packet in packets) != total:
        raise RenderError("the AAC encoder gave another length than the film has; please report it with the film's id")
    return PacketRun("aac", Fraction(1, SAMPLE_RATE_HZ), bytes(encoder.extradata or b""), tuple(packets))


def measure(timeline: Timeline, path_of: PathOf, on_block: Callable[[int], None] = lambda count: None) -> Master:
    """The first pass: mix, and plan the master."""
    levels = Levels(SAMPLE_RATE_HZ)
    for block in mixed(timeline, path_of):
        levels.add(block)
        on_block(1)
    return plan_master(levels, timeline.loudness_lufs, timeline.true_peak_dbtp)


def mastered(timeline: Timeline, path_of: PathOf, master: Master) -> Iterator[FloatArray]:
    """The second pass: the finished sound in blocks of shape (n, 2); the n differ, and add up to the film."""
    limiter = Limiter(master.ceiling_dbtp, SAMPLE_RATE_HZ, CHANNELS)
    gain = np.float32(10.0 ** (master.gain_db / 20.0))
    left = ceil(_sample_count(timeline) / (BLOCK_S * SAMPLE_RATE_HZ))
    for block in mixed(timeline, path_of):
        left -= 1
        done = limiter.add(block * gain)
        yield done if left else np.concatenate([done, limiter.flush()])


def mixed(timeline: Timeline, path_of: PathOf) -> Iterator[FloatArray]:
    """The film's sounds added up, before mastering, in blocks of a minute; float32 of shape (n, 2).

    Where a sound's file ends before its place on the timeline does, the rest is silent.
    """
    windows = ducking_windows(timeline)
    waiting = sorted(((place(sound, timeline), sound) for sound in timeline.sounds), key=lambda each: each[0].first)
    playing: list[tuple[Placement, SoundFile]] = []
    with ExitStack() as files:
        for first, count in blocks(_sample_count(timeline), BLOCK_S * SAMPLE_RATE_HZ):
            while waiting and waiting[0][0].first < first + count:
                placement, sound = waiting.pop(0)
                playing.append((placement, files.enter_context(_opened(sound, path_of))))
            block = np.zeros((count, CHANNELS), np.float32)
            for placement, file in playing:
                begin, end = max(first, placement.first), min(first + count, placement.after)
                add(block, file.read(max(0, end - begin)), placement, first, begin, windows)
            for placement, file in playing:
                if placement.after <= first + count:
                    file.close()
            playing = [each for each in playing if each[0].after > first + count]
            yield block


def _opened(sound: Sound, path_of: PathOf) -> SoundFile:
    return SoundFile(
        path_of(sound.asset.blob), sample_rate_hz=SAMPLE_RATE_HZ, channels=CHANNELS, start_s=sound.source_start_s
    )


def _sample_count(timeline: Timeline) -> int:
    return timeline.rate.samples(timeline.length_frames, SAMPLE_RATE_HZ)


def _encoder() -> AudioCodecContext:
    from av import AudioCodecContext, CodecContext
    from av.codec.context import Flags

    encoder = CodecContext.create("aac", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE_HZ, "stereo", "fltp"
    encoder.bit_rate, encoder.time_base = BITS_A_SECOND, Fraction(1, SAMPLE_RATE_HZ)
    encoder.thread_count = 1
    # At this bit rate the fast coder is no worse than the default one, and takes a third of its time.
    encoder.options = {"aac_coder": "fast"}
    encoder.flags |= Flags.global_header
    encoder.open()
    return encoder


def _encode(encoder: AudioCodecContext, samples: FloatArray, position: int) -> list[Packet]:
    from av import AudioFrame

    packets: list[Packet] = []
    for start in range(0, len(samples), _FRAME):
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[start : start + _FRAME].T), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.time_base = SAMPLE_RATE_HZ, Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = position + start
        packets += _packets(encoder, frame)
    return packets


def _packets(encoder: AudioCodecContext, frame: AudioFrame | None) -> list[Packet]:
    packets = []
    for packet in encoder.encode(frame):
        if packet.pts is None or packet.dts is None:
            raise RenderError("the AAC encoder gave a packet without a time; please report it with the film's id")
        packets.append(Packet(packet.pts, packet.dts, packet.duration or _FRAME, packet.is_keyframe, bytes(packet)))
    return packets
