"""What pictures show and where: faces, what stands out, how much moves. Every look is remembered.

What stands out is what differs from its surroundings in lightness or colour (Itti, Koch & Niebur 1998, "A model of
saliency-based visual attention"), what has a rare colour, and what has much detail, as long as it is compact: what runs
across the whole picture, like a horizon, is no subject. It counts a little more towards the middle, where painters and
cameras put what they mean; in moving pictures what moves stands out, too. Of pictures that tell where their people are,
as the offline painter's do, people of some size count as much as all the rest: neon signs outshine a figure in rain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from storyreel.clock import Rate
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.people import NO_FINDER, SIDE_PX, Face, find_faces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from storyreel.render.stills import Master

BINS = 48
LOOKS_A_SECOND = 5

_SALIENCY_PX = 96
_CUT_CHANGE = 0.22
_CAMERA_STANDS = 0.012
_KEYFRAMES_APART_S = 0.9
_SEEN_AT_ONCE = 0.14  # of the picture's height: smaller people are a part of the place


class Look(BaseModel, frozen=True, extra="forbid"):
    """What was seen in a picture.

    Attributes:
        at_s: when, of a video, in seconds from its start or from where it was entered.
        contrast: the spread of its lightness, 0 to 1.
        motion: how much it differs from the look before, 0 to 1.
        cut: whether it is of another shot than the look before.
        columns, rows: how much stands out in each of `BINS` equal parts of its width and height; each sums to 1.
        faces: from the largest to the smallest.
    """

    at_s: float
    contrast: float
    motion: float = 0.0
    cut: bool = False
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    faces: tuple[Face, ...] = ()


@step(version=2)
def look_at_picture(project: Project, picture: Blob, finder: str) -> Look:
    """Look at a still.

    Raises:
        RenderError: it cannot be read.
    """
    from storyreel.providers.offline.travel.people import people_in
    from storyreel.render.picture_files import decode_still, still_size

    path = store_of(project).path(picture)
    rgb, _ = decode_still(path, min(1.0, 1.5 * SIDE_PX / max(still_size(path))))
    return _look(rgb, 0.0, None, finder, people_in(path.read_bytes()))


@step(version=1)
def skim_video(project: Project, video: Blob, finder: str) -> tuple[Look, ...]:
    """Look at a video's key pictures, about one a second: enough to say how lively it is.

    Raises:
        CorruptFile: it cannot be read.
    """
    looks: list[Look] = []
    before: NDArray[np.float32] | None = None
    for at_s, rgb in _key_pictures(store_of(project).path(video)):
        project.progress.raise_if_cancelled()
        looks.append(_look(rgb, at_s, before, finder))
        before = _saliency_input(rgb)
    return tuple(looks)


@step(version=1)
def follow_video(
    project: Project, video: Blob, finder: str, *, rate: Rate, start_s: float, frames: int, speed: float
) -> tuple[Look, ...]:
    """Look at a stretch of a video about five times a second, to keep what it shows in view.

    Where it cuts to another shot, its looks begin anew on that very frame.

    Args:
        rate: the film's.
        start_s: where in the video the stretch begins.
        frames: how many frames of the film it fills.
        speed: how fast it plays.

    Returns:
        Looks whose times count from the stretch's start as it plays.

    Raises:
        RenderError: it cannot be read.
    """
    from storyreel.render.footage import footage

    masters = footage(
        store_of(project).path(video),
        rate,
        source_start_s=start_s,
        speed=speed,
        shrink_of=_small,
    )
    every = max(1, round(rate.fps / LOOKS_A_SECOND))
    looks: list[Look] = []
    last = before = None  # small pictures: of the frame before, of the look before
    due = 0
    for index, master in enumerate(islice(masters, frames)):
        project.progress.raise_if_cancelled()
        rgb = _rgb(master)
        small = _saliency_input(rgb)
        cut = last is not None and is_cut(last, small)
        if cut or index >= due:
            look = _look(rgb, rate.seconds(index), None if cut else before, finder)
            looks.append(look.model_copy(update={"cut": cut}))
            before, due = small, index + every
        last = small
    return tuple(looks)


def is_cut(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Whether one frame and the next are of different shots: most of the picture changes, and its colours with it.

    Args:
        before, after: as `saliency` takes them.
    """
    import numpy as np

    if float(np.abs(after - before).mean()) < _CUT_CHANGE / 2:
        return False
    tones = [
        np.concatenate([np.histogram(each[..., channel], 16, (0, 1))[0] for channel in range(3)]) / each[..., 0].size
        for each in (before, after)
    ]
    return bool(np.abs(tones[0] - tones[1]).sum() / 6 > _CUT_CHANGE)


@step(version=1)
def flows_on(project: Project, before: Blob, before_s: float, after: Blob, after_s: float, *, rate: Rate) -> bool:
    """Whether a video goes on where another one stops, as one shot.

    Args:
        before_s: where in the one the last picture that is shown lies.
        after_s: where in the other the first one lies.
        rate: the film's.

    Raises:
        RenderError: one of them cannot be read.
    """
    from storyreel.render.footage import footage

    store = store_of(project)
    last, first = (
        _saliency_input(_rgb(next(footage(store.path(video), rate, source_start_s=at_s, shrink_of=_small))))
        for video, at_s in ((before, before_s), (after, after_s))
    )
    return last.shape == first.shape and not is_cut(last, first)


def _small(size: tuple[int, int]) -> float:
    return min(1.0, SIDE_PX / max(size))


def shots(looks: Sequence[Look]) -> list[Sequence[Look]]:
    """The looks parted at cuts."""
    bounds = [0, *(index for index, look in enumerate(looks) if look.cut and index), len(looks)]
    return [looks[first:after] for first, after in pairwise(bounds)]


def _key_pictures(path: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    import av
    import numpy as np

    from storyreel.errors import CorruptFile
    from storyreel.media.container import open_media

    try:
        with open_media(path) as container:
            stream: Any = container.streams.video[0]
            stream.codec_context.thread_count = 1
            stream.codec_context.skip_frame = "NONKEY"
            start, last_s = stream.start_time or 0, -1.0
            for frame in container.decode(stream):
                at_s = float(((frame.pts or 0) - start) * stream.time_base)
                if last_s >= 0 and at_s - last_s < _KEYFRAMES_APART_S:
                    continue
                last_s, shrink = at_s, min(1.0, SIDE_PX / max(frame.width, frame.height))
                small = frame.reformat(
                    max(2, round(frame.width * shrink)), max(2, round(frame.height * shrink)), "rgb24", threads=1
                )
                yield at_s, np.asarray(small.to_ndarray(), np.uint8)
    except (av.FFmpegError, IndexError) as error:
        raise CorruptFile(f"{path.name} cannot be read as a video: replace it with another file") from error


def _look(
    rgb: NDArray[np.uint8],
    at_s: float,
    before: NDArray[np.float32] | None,
    finder: str,
    people: NDArray[np.float32] | None = None,
) -> Look:
    import cv2
    import numpy as np

    small = _saliency_input(rgb)
    change = None if before is None or before.shape != small.shape else np.abs(small - before).mean(axis=2)
    moved = 0.0 if change is None else float(change.mean())
    standing_out = saliency(small)
    # Where the camera itself moves, all of the picture does, and what is near the most; that says nothing.
    if change is not None and float(np.median(change)) < _CAMERA_STANDS and float(change.max()) > 0.08:
        standing_out = standing_out + 1.5 * _compact(change) * float(standing_out.sum())
    if people is not None:
        shares = np.asarray(cv2.resize(people, small.shape[1::-1], interpolation=cv2.INTER_AREA))
        tall = float((people.max(axis=1) > 0.5).mean())
        weight = min(1.0, (tall / _SEEN_AT_ONCE) ** 2) * float(standing_out.sum()) / max(float(shares.sum()), 1e-6)
        standing_out = standing_out + shares * np.float32(weight)
    return Look(
        at_s=round(at_s, 3),
        contrast=round(min(1.0, float(small.mean(axis=2).std()) * 4), 3),
        motion=round(min(1.0, moved * 5), 3),
        columns=_profile(standing_out.sum(axis=0)),
        rows=_profile(standing_out.sum(axis=1)),
        faces=find_faces(rgb) if finder != NO_FINDER else (),
    )


def _saliency_input(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2
    import numpy as np

    height, width = rgb.shape[:2]
    shrink = _SALIENCY_PX / max(height, width)
    size = max(8, round(width * shrink)), max(8, round(height * shrink))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)


def saliency(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each part of a picture stands out.

    Args:
        rgb: 0 to 1, shape (h, w, 3), about a hundred pixels wide.

    Returns:
        Shape (h, w), at least 0.
    """
    import cv2
    import numpy as np

    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    lightness = rgb.mean(axis=2)
    opponents = np.stack([lightness, 2 * (red - green), blue - (red + green) / 2], axis=2)
    surrounded = np.zeros(rgb.shape[:2], np.float32)
    for centre, surround in ((1.0, 5.0), (2.0, 10.0)):
        near, wide = (np.asarray(cv2.GaussianBlur(opponents, (0, 0), each)) for each in (centre, surround))
        difference = np.abs(near - wide).sum(axis=2)
        surrounded += difference / max(float(difference.mean()), 1e-3)
    flat = np.asarray(cv2.GaussianBlur(opponents, (0, 0), 1.0)).reshape(-1, 3)
    flat = flat - flat.mean(axis=0)
    inverse = np.linalg.inv(flat.T @ flat / len(flat) + 1e-4 * np.eye(3))
    rare = np.einsum("ij,jk,ik->i", flat, inverse, flat).reshape(lightness.shape)
    fine = np.abs(opponents - np.asarray(cv2.GaussianBlur(opponents, (0, 0), 1.2))).sum(axis=2)
    detail = np.asarray(cv2.GaussianBlur(fine, (0, 0), 1.5))
    height, width = lightness.shape
    across, down = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    middle = np.exp(-(np.square(across) + np.square(down - 0.2) / 2) / 0.8)
    return np.asarray((_compact(surrounded**1.5) + _compact(rare) + _compact(detail**1.5)) * middle, np.float32)


def _compact(found: NDArray[np.floating]) -> NDArray[np.floating]:
    """What stands out, summing to 1, without what runs all the way across or down: horizons, trunks, walls."""
    import numpy as np

    left = np.maximum(found - np.percentile(found, 70, axis=0, keepdims=True), 0)
    left = np.maximum(left - np.percentile(left, 70, axis=1, keepdims=True), 0)
    return np.asarray(left / max(float(left.sum()), 1e-6))


def _profile(sums: NDArray[np.float32]) -> tuple[float, ...]:
    """Sums over one side of a picture as `BINS` shares."""
    import numpy as np

    edges = np.linspace(0, len(sums), BINS + 1)
    total = np.interp(edges, np.arange(len(sums) + 1), np.concatenate([[0.0], np.cumsum(sums, dtype=np.float64)]))
    shares = np.diff(total)
    whole = float(shares.sum())
    flat = shares / whole if whole > 0 else np.full(BINS, 1 / BINS)
    return tuple(round(float(share), 5) for share in flat)


def _rgb(master: Master) -> NDArray[np.uint8]:
    """A master's planes as RGB, without its margin."""
    import cv2
    import numpy as np

    from storyreel.render.stills import MARGIN_PX

    y, u, v = (np.ascontiguousarray(plane[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]) for plane in master.planes)
    size = y.shape[1], y.shape[0]
    luma = (y.astype(np.float32) - 16) * (255 / 219)
    blue, red = (np.asarray(cv2.resize(plane, size), np.float32) - 128 for plane in (u, v))
    # ITU-R BT.709 in limited range.
    channels = (luma + 1.7927 * red, luma - 0.2132 * blue - 0.5329 * red, luma + 2.1124 * blue)
    return np.asarray(np.clip(np.stack(channels, axis=2), 0, 255), np.uint8)
