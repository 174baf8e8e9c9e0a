"""Music and effects as services send them: unpacked as stereo, and brought to the length asked for without a click,
a dead stop or a gap."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence

import numpy as np

from storyreel.airlock import FORMATS, Unsafe, look_at_media
from storyreel.providers.contracts import FloatArray, Music
from storyreel.providers.transport import Lost, Reply, kind_of

LONGEST_S = 3600
OVERLAP_S = 2.0
FADE_OUT_S = 1.5
SHORTFALL_S = 0.5


def stereo(data: bytes) -> tuple[FloatArray, int]:
    """An encoded sound as float32 samples of shape (n, 2) and their rate.

    Raises:
        ValueError: it cannot be decoded to its end, is silent, or is longer than an hour.
    """
    import av

    try:
        look_at_media(data)
        with av.open(io.BytesIO(data), options={"format_whitelist": FORMATS}) as container:
            if not container.streams.audio:
                raise ValueError("it holds no sound")
            stream = container.streams.audio[0]
            rate_hz = int(stream.rate)
            samples = np.concatenate([*_both(container, stream, rate_hz), np.zeros((0, 2), np.float32)])
    except Unsafe as error:
        raise ValueError(error.reason) from None
    except av.FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from None
    if not samples.any():
        raise ValueError("it is silent")
    return samples, rate_hz


def _both(container: object, stream: object, rate_hz: int) -> Iterator[FloatArray]:
    import av

    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=rate_hz)
    count = 0
    for frame in container.decode(stream):  # type: ignore[attr-defined]
        for part in resampler.resample(frame):
            count += part.samples
            if count > LONGEST_S * rate_hz:
                raise ValueError("it is longer than an hour")
            yield part.to_ndarray().T.astype(np.float32)
    for part in resampler.resample(None):
        yield part.to_ndarray().T.astype(np.float32)


def piece_lengths(duration_s: float, *, shortest_s: float, longest_s: float) -> list[float]:
    """How long each piece must be that a service is asked for, so that together, overlapping, they last so long."""
    count = max(1, math.ceil((duration_s - OVERLAP_S) / (longest_s - OVERLAP_S)))
    each_s = (duration_s + (count - 1) * OVERLAP_S) / count
    return [min(longest_s, max(shortest_s, each_s))] * count


def fitted(pieces: Sequence[FloatArray], sample_rate_hz: int, duration_s: float) -> FloatArray:
    """Pieces put together to exactly `duration_s`: each fades into the next, and the last is repeated if they run out.

    What lacks less than half a second is left to end, and silence follows.

    Args:
        pieces: samples of shape (n, 2), at least one of them with sound.
    """
    count = round(duration_s * sample_rate_hz)
    pieces = [piece for piece in pieces if len(piece)]
    overlap = min(round(OVERLAP_S * sample_rate_hz), *(len(piece) // 2 for piece in pieces))
    row, length = list(pieces), sum(len(piece) - overlap for piece in pieces) + overlap
    while length < count - round(SHORTFALL_S * sample_rate_hz):
        row.append(pieces[-1])
        length += len(pieces[-1]) - overlap
    sound = np.zeros((length, 2), np.float32)
    at = 0
    for number, piece in enumerate(row):
        shaped = piece.copy()
        if number:
            shaped[:overlap] *= _rising(overlap)
        if number < len(row) - 1:
            shaped[len(piece) - overlap :] *= _rising(overlap)[::-1]
        sound[at : at + len(piece)] += shaped
        at += len(piece) - overlap
    if length != count:
        sound = _ended(sound[:count], sample_rate_hz)
    return np.clip(np.pad(sound, ((0, count - len(sound)), (0, 0))), -1.0, 1.0)


def _rising(count: int) -> FloatArray:
    """A fade of equal power: two unlike sounds stay as loud as one while they cross."""
    return np.sqrt(np.linspace(0.0, 1.0, count, dtype=np.float32))[:, None]


def _ended(sound: FloatArray, sample_rate_hz: int) -> FloatArray:
    count = min(round(FADE_OUT_S * sample_rate_hz), len(sound) // 4)
    ended = sound.copy()
    if count:
        ended[-count:] *= np.linspace(1.0, 0.0, count, dtype=np.float32)[:, None] ** 2
    return ended


def checked_sound(reply: Reply) -> bytes:
    """An answer that is a sound.

    Raises:
        Lost: it is something else, damaged or silent.
    """
    if kind_of(reply.data) != "audio":
        raise Lost(reply.vendor, "what came is no sound")
    try:
        stereo(reply.data)
    except ValueError as error:
        raise Lost(reply.vendor, f"the sound that came is damaged: {error}") from None
    return reply.data


def whole(sounds: Sequence[bytes], duration_s: float) -> Music:
    """Encoded pieces, checked before, as one of exactly `duration_s`."""
    parts = [stereo(sound) for sound in sounds]
    rate_hz = parts[0][1]
    return Music(fitted([samples for samples, _ in parts], rate_hz, duration_s), rate_hz)
