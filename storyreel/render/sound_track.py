"""A run of encoded sound as a track of an MP4 file, whatever it is encoded with: its packets go in as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storyreel.errors import RenderError
from storyreel.render.packets import PacketRun

TRACK_CODECS = {
    "aac": "aac",
    "ac3": "ac3",
    "alac": "alac",
    "flac": "flac",
    "mp3": "libmp3lame",
    "opus": "libopus",
}
"""What may go in, and the encoder that says what such a track is like; nothing is encoded with it."""


def add_sound_track(container: Any, sound: PacketRun) -> Any:
    """Add a track for a run to a file that is being written; returns its stream.

    Raises:
        RenderError: the run's codec has no place in an MP4 file, or its packets cannot be decoded.
    """
    import av
    from av.codec.context import Flags

    if sound.codec not in TRACK_CODECS:
        raise RenderError(f"the sound is {sound.codec}, which an MP4 file cannot hold: render the film again")
    try:
        form = _form_of(sound)
        stream = container.add_stream(TRACK_CODECS[sound.codec], rate=form.sample_rate, layout=form.layout.name)
        context = stream.codec_context
        context.flags |= Flags.global_header
        if sound.codec in ("flac", "alac"):
            context.format = form.format
        context.open(strict=False)
        if sound.extradata:
            context.extradata = sound.extradata
    except (av.FFmpegError, ValueError) as error:
        raise RenderError(f"the {sound.codec} sound cannot go into an MP4 file: {error}") from error
    stream.time_base = sound.time_base
    return stream


def timed_packets(sound: PacketRun, stream: Any) -> Iterator[tuple[float, Any]]:
    """The run as packets of the file's stream, each with its decoding time in seconds."""
    import av

    tick_s = float(sound.time_base)
    for kept in sound.packets:
        packet = av.Packet(kept.data)
        packet.stream, packet.time_base = stream, sound.time_base
        packet.pts, packet.dts, packet.duration = kept.pts, kept.dts, kept.duration
        packet.is_keyframe = True
        yield kept.dts * tick_s, packet


def _form_of(sound: PacketRun) -> Any:
    """The first frame that can be decoded: its rate, its layout and its samples' format are the track's."""
    import av

    decoder: Any = av.CodecContext.create(sound.codec, "r")
    if sound.extradata:
        decoder.extradata = sound.extradata
    for kept in sound.packets[:64]:
        try:
            for frame in decoder.decode(av.Packet(kept.data)):
                return frame
        except av.FFmpegError:
            continue  # a packet that leans on one that was cut off
    raise RenderError(f"the {sound.codec} sound holds nothing that can be played")
