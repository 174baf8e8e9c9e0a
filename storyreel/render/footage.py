"""Moving pictures as a source of frames: a video played at the film's rate and its own speed, its last picture held.

Only containers that hold their pictures themselves are opened, and nothing but the file itself: a playlist, a list of
files or a stream's address would make the render read whatever it names.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from struct import unpack
from typing import TYPE_CHECKING, Any

from storyreel.airlock import FORMATS
from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.render.colour import BT601, BT709, BT2020, FCC, SMPTE_240M, planes_of, to_bt709
from storyreel.render.motion import Size
from storyreel.render.overlay import Planes
from storyreel.render.picture_files import LARGEST_PIXELS
from storyreel.render.stills import Master, with_margin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRACE_S = Fraction(1, 1000)
"""How much too late a picture may start and still be shown: containers and people round times to milliseconds."""

# ITU-T H.273's numbers, as FFmpeg has them.
_MATRICES = {1: BT709, 4: FCC, 5: BT601, 6: BT601, 7: SMPTE_240M, 9: BT2020, 10: BT2020}
_HDR = {16: "PQ", 18: "HLG"}
_FULL_RANGE = 2
_CENTRED_CHROMA = ("mjpeg", "mpeg1video")


def footage(
    path: Path,
    rate: Rate,
    first: int = 0,
    *,
    source_start_s: float = 0.0,
    speed: float = 1.0,
    shrink_of: Callable[[Size], float] = lambda size: 1.0,
) -> Iterator[Master]:
    """The pictures of a video, one for each of the film's frames, without end.

    Film frame k shows the latest picture that starts no later than `source_start_s` + k speed / rate into the video,
    the first one before that, and the last one for ever after. Sound is not read. Colours are brought to BT.709 in
    limited range; an unnamed matrix is taken for BT.601 up to 576 lines and for BT.709 above, transparency is dropped.

    Args:
        path: the video, in one of the formats that `storyreel.media.container` opens.
        rate: the film's frames a second.
        first: the film frame to begin with; it may lie before frame 0.
        source_start_s: where in the video frame 0 lies, seconds.
        speed: how fast it plays.
        shrink_of: told a picture's (width, height) as shown, how much to shrink it before it is sampled, at most 1.

    Raises:
        RenderError: the file is missing, damaged, of another kind, HDR, larger than 64 million pixels, or holds no
            picture.
    """
    import av

    start, step = Fraction(str(source_start_s)), Fraction(str(speed)) / rate.fps
    shown: _Picture | None = None
    master: Master | None = None
    index = first
    try:
        with closing(_pictures(path, start + first * step)) as pictures:
            coming = next(pictures, None)
            while coming is not None or shown is not None:
                wanted = start + index * step + GRACE_S
                while coming is not None and (shown is None or coming.at_s <= wanted):
                    shown, master, coming = coming, None, next(pictures, None)
                if master is None and shown is not None:
                    master = _master(shown, path, shrink_of)
                if master is not None:
                    yield master
                index += 1
    except FileNotFoundError as error:
        raise RenderError(f"the video {path.name} is missing: make or choose it again") from error
    except (OSError, ValueError, av.FFmpegError) as error:
        raise RenderError(f"the video {path.name} cannot be read ({_reason(path, error)}): {_MEND}") from error
    raise RenderError(f"the video {path.name} holds no pictures: {_MEND}")


_MEND = "replace it with another file"


def _reason(path: Path, error: Exception) -> str:
    from av.error import ArgumentError, InvalidDataError

    if path.stat().st_size == 0:
        return "it is empty"
    # The first is what FFmpeg says of a container that is not allowed.
    if isinstance(error, ArgumentError | InvalidDataError):
        return "it is no video of a known kind, or it is damaged"
    return getattr(error, "strerror", None) or str(error)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A decoded picture, and what its file says of it.

    Attributes:
        at_s: when it is shown, counted from the video's start.
        frame: PyAV's frame.
        pixel_shape: a pixel's width for its height.
        centred_chroma: whether its chroma lies in the middle of its luma samples.
    """

    at_s: Fraction
    frame: Any
    pixel_shape: float
    centred_chroma: bool


def _pictures(path: Path, wanted_s: Fraction) -> Generator[_Picture]:
    """Decoded pictures in the order they are shown.

    They begin at or before the one shown at `wanted_s`, as near as the file can be entered.
    """
    import av

    allowed = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    entry_s, back_s = max(wanted_s, Fraction(0)), Fraction(2)
    while True:
        with av.open(f"file:{path}", container_options=allowed) as container:
            stream: Any = container.streams.best("video")
            if stream is None:
                return
            context = stream.codec_context
            context.thread_count = 1
            _check_size(path, context)
            pixel_shape = float(stream.sample_aspect_ratio or 1)
            centred = context.name in _CENTRED_CHROMA
            start, interval_s = stream.start_time or 0, 1 / Fraction(stream.average_rate or 25)
            if entry_s:
                container.seek(start + int(entry_s / stream.time_base), stream=stream, backward=True)
            frames = container.decode(stream)
            frame = next(frames, None)
            at_s = _seconds(frame, stream, start, entry_s) if frame is not None else entry_s
            if not entry_s or (frame is not None and at_s <= wanted_s):
                while frame is not None:
                    yield _Picture(at_s, frame, pixel_shape, centred)
                    frame = next(frames, None)
                    if frame is not None:
                        at_s = _seconds(frame, stream, start, at_s + interval_s)
                return
        # Some files are entered behind the time asked for, or at their end: then further back, at last at the start.
        entry_s, back_s = max(entry_s - back_s, Fraction(0)), back_s * 4


def _seconds(picture: Any, stream: Any, start: int, otherwise: Fraction) -> Fraction:
    """When a picture is shown; `otherwise` where the file does not say."""
    time = picture.pts if picture.pts is not None else picture.dts
    return otherwise if time is None else Fraction((time - start) * stream.time_base)


def _check_size(path: Path, context: Any) -> None:
    if context.width * context.height > LARGEST_PIXELS:
        raise RenderError(
            f"the video {path.name} has {context.width} x {context.height} pixels, more than "
            f"{LARGEST_PIXELS // 1_000_000} million: make it smaller"
        )


def _master(picture: _Picture, path: Path, shrink_of: Callable[[Size], float]) -> Master:
    """A decoded picture as a master: upright, BT.709 limited, small enough to be sampled."""
    frame = picture.frame
    if frame.color_trc in _HDR:
        raise RenderError(
            f"the video {path.name} is in HDR ({_HDR[frame.color_trc]}), which would come out pale: "
            "convert it to SDR (BT.709) first"
        )
    stand = stand_of(frame)
    stored, size = (frame.width, frame.height), (round(frame.width * picture.pixel_shape) or 1, frame.height)
    if stand.on_its_side:
        stored, size = stored[::-1], size[::-1]
    planes, shift = _upright(picture, stand)
    # A shape other than square makes the pixels as shown more or fewer than those stored.
    across, down = stored[0] / size[0], stored[1] / size[1]
    shrink = shrink_of(size)
    ratios = min(1.0, shrink / across), min(1.0, shrink / down)
    (luma, luma_ratio), (blue, chroma_ratio), (red, _) = (_shrunk(plane, *ratios) for plane in planes)
    return Master(
        with_margin((luma, blue, red)),
        *size,
        (across * luma_ratio[0], down * luma_ratio[1]),
        (across * chroma_ratio[0] / 2, down * chroma_ratio[1] / 2),
        (shift[0] / across, shift[1] / down),
    )


@dataclass(frozen=True, slots=True)
class Stand:
    """How a camera was held: whether rows and columns are to be exchanged, and what is to be mirrored after that."""

    on_its_side: bool = False
    mirror_x: bool = False
    mirror_y: bool = False

    def raise_up(self, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Samples (h, w, ...) as they are to be seen."""
        if self.on_its_side:
            plane = plane.swapaxes(0, 1)
        return plane[:: -1 if self.mirror_y else 1, :: -1 if self.mirror_x else 1]


def stand_of(picture: Any) -> Stand:
    """From the display matrix (ISO/IEC 14496-12, 8.3.2): (x, y) is shown at (a x + c y, b x + d y); quarters only."""
    for data in picture.side_data.keys():  # noqa: SIM118 (iterating it gives its buffers)
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = unpack("=5i", bytes(data)[:20])
            if abs(b) + abs(c) > abs(a) + abs(d):
                return Stand(True, c < 0, b < 0)
            return Stand(False, a < 0, d < 0)
    return Stand()


def upright_planes(frame: Any, stand: Stand) -> Planes:
    """PyAV's frame as it is to be seen, in BT.709 limited range, 4:2:0; an odd size's planes are odd too, or padded."""
    return _upright(_Picture(Fraction(0), frame, 1.0, centred_chroma=False), stand)[0]


def _upright(picture: _Picture, stand: Stand) -> tuple[Planes, tuple[float, float]]:
    """A picture's planes in BT.709 limited range, upright, and how far their chroma lies off the middle of its luma.

    The shift is (right, down) in stored pixels. An odd size's planes are odd too, or padded at the right and bottom.
    """
    import numpy as np

    frame = picture.frame
    layout = frame.format
    if layout.is_rgb or layout.has_palette:
        rgb = stand.raise_up(frame.reformat(format="rgb24", threads=1).to_ndarray())
        rgb = np.pad(rgb, ((0, rgb.shape[0] % 2), (0, rgb.shape[1] % 2), (0, 0)), mode="edge")
        return planes_of(rgb), (0.0, 0.0)
    grey = len(layout.components) <= 2  # with or without alpha
    # FFmpeg takes grey without a named range for full, and everything else for limited.
    full_range = frame.color_range == _FULL_RANGE or layout.name.startswith("yuvj") or (grey and not frame.color_range)
    if layout.name not in ("yuv420p", "yuvj420p"):
        # Ranges named alike on both sides, so that only the layout and the depth change.
        same = "JPEG" if full_range else "MPEG"
        frame = frame.reformat(
            format="gray" if grey else "yuv420p", src_colorspace="ITU709", dst_colorspace="ITU709",
            src_color_range=same, dst_color_range=same, threads=1,
        )  # fmt: skip
    luma = _samples(frame.planes[0])
    if grey:
        neutral = np.full([-(-side // 2) for side in luma.shape], 128, np.uint8)
        planes: Planes = luma, neutral, neutral
    else:
        planes = luma, _samples(frame.planes[1]), _samples(frame.planes[2])
    unnamed = BT709 if frame.height > 576 else BT601
    y, u, v = to_bt709(planes, _MATRICES.get(picture.frame.colorspace, unnamed), full_range)
    # Halved columns stand level with the first of both; where a conversion has halved them, in the middle.
    halved = not grey and layout.chroma_width(64) == 32
    shift = -0.5 if halved and not picture.centred_chroma else 0.0, 0.0
    if stand.on_its_side:
        shift = shift[::-1]
    height, width = stand.raise_up(y).shape
    shift = (
        -shift[0] - width % 2 if stand.mirror_x else shift[0],
        -shift[1] - height % 2 if stand.mirror_y else shift[1],
    )
    return (stand.raise_up(y), stand.raise_up(u), stand.raise_up(v)), shift


def _samples(plane: Any) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def _shrunk(plane: NDArray[np.uint8], across: float, down: float) -> tuple[NDArray[np.uint8], tuple[float, float]]:
    """A plane made smaller by averaging, and by how much exactly."""
    import cv2
    import numpy as np

    height, width = plane.shape
    size = max(1, round(width * across)), max(1, round(height * down))
    if size == (width, height):
        return plane, (1.0, 1.0)
    small = cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), (size[0] / width, size[1] / height)
