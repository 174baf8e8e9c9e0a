"""A timeline's sound, mixed, mastered and encoded, a block of some twenty seconds at a time.

Two passes over the blocks: the first measures each, and from all levels together the master is planned; the second
mixes each again, applies the master's gain and limiter and encodes AAC. A block is worked on by itself, with a margin
of its neighbours (see `sound_blocks`), so every result can be remembered, and memory does not grow with the film.

A block's encoder starts 16 frames early and what it gives for those is dropped. By then it chooses its windows as one
that had encoded the film from the start does, so the blocks' packets join without a seam. How finely it quantises
follows all it has seen, so the bytes are not those of one long run; the decoded sound is as close to the mix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storyreel.errors import RenderError
from storyreel.media.looping import read_looped
from storyreel.media.loudness import TAPS, peaks
from storyreel.media.sound import read_sound
from storyreel.media.survey import Source, survey
from storyreel.memo.blob import Blob
from storyreel.providers.contracts import FloatArray
from storyreel.render.loudness import (
    CODEC_HEADROOM_DB,
    LIMITER_REACH_S,
    Levels,
    Master,
    joined,
    levels_of,
    limit,
    plan_master,
)
from storyreel.render.mix import CHANNELS, SAMPLE_RATE_HZ, add
from storyreel.render.packets import Packet, PacketRun
from storyreel.render.sound_blocks import AAC_FRAME, BLOCK, TAIL, Block, Part, loops_from, sound_blocks
from storyreel.render.untouched import untouched_recording, untouched_run
from storyreel.timeline.model import Sound, Timeline

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.codeccontext import AudioCodecContext

BITS_A_SECOND = 192_000
_RUN_IN = 16 * AAC_FRAME
_MOST_TRIES = 6
_MARGIN = 1.02  # what is held down after the encoder raised it is held down a little more
_NEAR = 256  # samples: where the encoder raises a peak need not be where the mix has it
_METER_RUN_IN = round(0.4 * SAMPLE_RATE_HZ)
_KEPT_HZ = 17_000.0  # at this bit rate the encoder keeps little of what is higher, so it does not count as loud
_LOOK_AHEAD = 2 * AAC_FRAME  # the encoder gives a frame out when it has seen the next, whole
assert _LOOK_AHEAD + LIMITER_REACH_S * SAMPLE_RATE_HZ <= TAIL

PathOf = Callable[[Blob], Path]


def sound_steps(timeline: Timeline) -> int:
    """How many times `encode_sound` will call `on_block`, added up."""
    return 2 * ceil(timeline.rate.samples(timeline.length_frames, SAMPLE_RATE_HZ) / BLOCK)


def encode_sound(
    timeline: Timeline,
    path_of: PathOf,
    on_block: Callable[[int], None] = lambda count: None,
    on_warning: Callable[[str], None] = lambda message: None,
) -> PacketRun:
    """Mix and encode the film's sound: AAC, 192 kbit/s, 48 kHz, stereo, as long as the timeline to the sample.

    A film without sounds gets a silent track, which players and sites handle better than none. A recording that is to
    stay untouched goes in as it is: see `storyreel.render.untouched`.

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
        RenderError: a sound is to be looped from behind its end, or other sounds mixed with an untouched one.
    """
    recording = untouched_recording(timeline)
    if recording is not None:
        run = untouched_run(recording, timeline, path_of, on_warning)
        on_block(sound_steps(timeline))
        return run
    blocks = sound_blocks(timeline, lambda sound: source_of(sound, path_of))
    levels = []
    for block in blocks:
        levels.append(measure_block(block, path_of))
        on_block(1)
    master = plan(levels, timeline, on_warning)
    runs = []
    for block in blocks:
        runs.append(encode_block(block, master.gain_db, master.ceiling_dbtp, path_of))
        on_block(1)
    return join_blocks(runs)


def source_of(sound: Sound, path_of: PathOf) -> Source:
    """What mixing has to know of a sound's file."""
    return survey(path_of(sound.asset.blob), SAMPLE_RATE_HZ, CHANNELS, loops_from(sound))


def plan(
    levels: Sequence[Levels], timeline: Timeline, on_warning: Callable[[str], None] = lambda message: None
) -> Master:
    """The master of a film, from its blocks' levels."""
    master = plan_master(joined(levels), timeline.loudness_lufs, timeline.true_peak_dbtp)
    if master.warning:
        on_warning(master.warning)
    return master


def measure_block(block: Block, path_of: PathOf) -> Levels:
    """Mix a block and measure it.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
    """
    run_in = min(block.lead, _METER_RUN_IN)
    mix = mixed(block, path_of)
    run_out = min(block.tail, TAPS)
    stretch = mix[block.lead - run_in : block.lead + block.count + run_out]
    return levels_of(stretch, SAMPLE_RATE_HZ, run_in, run_out, kept_hz=_KEPT_HZ)


def mastered(block: Block, gain_db: float, ceiling_dbtp: float, path_of: PathOf) -> FloatArray:
    """A block and its margins as they will be heard, shape (lead + count + tail, 2).

    The outermost 28 ms of the margins are not as they will be heard: their limiter saw no further.
    """
    gain = np.float32(10.0 ** (gain_db / 20.0))
    return limit(mixed(block, path_of) * gain, ceiling_dbtp, SAMPLE_RATE_HZ)


def encode_block(block: Block, gain_db: float, ceiling_dbtp: float, path_of: PathOf) -> PacketRun:
    """Mix, master and encode a block.

    Args:
        gain_db, ceiling_dbtp: the film's master; see `Master`.

    Where the encoder has raised a peak over the ceiling by more than the headroom it was left, that moment is limited
    further and the block encoded again.

    Returns:
        Its packets, timed from its own start, the first at -1024: they hold the 1024 samples before the block and all
        of it but its last 1024, which the next block's packets hold; a film's last block holds them too.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
    """
    excess: NDArray[np.float64] | None = None
    gain = np.float32(10.0 ** (gain_db / 20.0))
    loud = mixed(block, path_of) * gain
    most = 10.0 ** ((ceiling_dbtp + CODEC_HEADROOM_DB) / 20.0)
    for _ in range(_MOST_TRIES):
        run = _encoded(block, limit(loud, ceiling_dbtp, SAMPLE_RATE_HZ, excess))
        over = _excess(run, block, most)
        if over is None:
            break
        excess = over if excess is None else excess * over
    return run


def _encoded(block: Block, done: FloatArray) -> PacketRun:
    run_in = min(block.lead, _RUN_IN)
    # Where the film ends within the tail there is nothing to come that could change it, and the encoder is run out.
    ends = block.tail < TAIL
    after = block.lead + block.count + (block.tail if ends else _LOOK_AHEAD)
    encoder = _encoder()
    packets = _encode(encoder, done[block.lead - run_in : after], -run_in)
    if ends:
        packets += _packets(encoder, None)
    end = block.count - AAC_FRAME if block.tail else block.count
    own = tuple(packet for packet in packets if -AAC_FRAME <= packet.pts < end)
    if not own or own[0].pts != -AAC_FRAME or sum(packet.duration for packet in own) != end + AAC_FRAME:
        raise RenderError("the AAC encoder gave another length than the film has; please report it with the film's id")
    return PacketRun("aac", Fraction(1, SAMPLE_RATE_HZ), bytes(encoder.extradata or b""), own)


def _excess(run: PacketRun, block: Block, most: float) -> NDArray[np.float64] | None:
    """By how much the encoder raised peaks beyond `most`, around each, else 1; shape (lead + count + tail,)."""
    import av

    decoder: Any = av.CodecContext.create("aac", "r")
    decoder.extradata = run.extradata
    frames = [frame.to_ndarray().T for packet in run.packets for frame in decoder.decode(av.Packet(packet.data))]
    # The first packet of a run cannot be decoded without the one before it, which the run before ends with.
    heard = np.concatenate(frames)[AAC_FRAME:]
    high = peaks(heard, most)
    over = np.flatnonzero(high > most)
    if not len(over):
        return None
    excess = np.ones(block.lead + block.count + block.tail)
    for at in over.tolist():
        near = excess[max(0, block.lead + at - _NEAR) : block.lead + at + _NEAR]
        np.maximum(near, high[at] / most * _MARGIN, out=near)
    return excess


def join_blocks(runs: Iterable[PacketRun]) -> PacketRun:
    """The blocks' packets as one run, in the film's time; all but the last are of `BLOCK` samples.

    Raises:
        RenderError: the blocks were encoded in different ways.
    """
    packets: list[Packet] = []
    setups = set()
    for index, run in enumerate(runs):
        setups.add((run.codec, run.time_base, run.extradata))
        shift = index * BLOCK
        packets += (
            Packet(packet.pts + shift, packet.dts + shift, packet.duration, packet.keyframe, packet.data)
            for packet in run.packets
        )
    if len(setups) != 1:
        raise RenderError("the film's sound was encoded in more than one way: render it again with an empty cache")
    return PacketRun(*setups.pop(), tuple(packets))


def mixed(block: Block, path_of: PathOf) -> FloatArray:
    """A block's sounds and its margins' added up, before mastering; float32 of shape (lead + count + tail, 2).

    Where a sound's file ends before its place on the timeline does, the rest is silent.
    """
    low, after = -block.lead, block.count + block.tail
    mix = np.zeros((after - low, CHANNELS), np.float32)
    for part in block.parts:
        begin = max(low, part.placement.first)
        samples = _read(part, begin, min(after, part.placement.after), path_of)
        add(mix, samples, part.placement, low, begin, block.windows)
    return mix


def _read(part: Part, begin: int, after: int, path_of: PathOf) -> FloatArray:
    first, count = part.source_first + begin - part.placement.first, after - begin
    path = path_of(part.blob)
    if part.loop is not None:
        samples = read_looped(path, part.loop, first, count, SAMPLE_RATE_HZ, CHANNELS)
    else:
        start_s, length_s = first / SAMPLE_RATE_HZ, count / SAMPLE_RATE_HZ
        samples = read_sound(
            path, sample_rate_hz=SAMPLE_RATE_HZ, channels=CHANNELS, start_s=start_s, duration_s=length_s
        )
    return samples - np.array(part.offset, np.float32) if any(part.offset) else samples


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
    for start in range(0, len(samples), AAC_FRAME):
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[start : start + AAC_FRAME].T), format="fltp", layout="stereo"
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
        packets.append(Packet(packet.pts, packet.dts, packet.duration or AAC_FRAME, packet.is_keyframe, bytes(packet)))
    return packets
