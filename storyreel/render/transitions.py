"""How one picture gives way to the next: where a transition is on each frame, and the blends on planes that draw it.

A transition of n frames is at (k + 1) / (n + 1) on its frame k, so neither of its ends repeats a frame that shows one
picture alone. Pictures that travel do so at the "in_out" ease, and are placed between pixels: rounding to pixels would
have to be to even ones, for the chroma's sake, and where the ease is slow steps of two pixels are seen as judder. Two
neighbouring pixels mixed are softer than one, but only while the picture moves, when nobody can tell.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from storyreel.render.colour import BLACK, WHITE, Colour
from storyreel.render.motion import eased
from storyreel.render.overlay import Planes
from storyreel.timeline.model import Side, TransitionKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

FADES: dict[TransitionKind, Colour] = {"fade_black": BLACK, "fade_white": WHITE}
"""The kinds that never show both pictures, and the colour between them."""

WIPE_EDGE = 0.1
"""How much of the way a wipe's soft edge takes up."""

ZOOM = 1.4
"""How much nearer the camera comes in the course of a zoom."""


def progress_of(index: int, length_frames: int) -> float:
    """How far a transition is on its frame `index`, strictly between 0 and 1."""
    return (index + 1) / (length_frames + 1)


def fade_weights(progress: float) -> tuple[float, float]:
    """How much of the picture that goes and of the one that comes a fade shows; what is left to 1 is its colour."""
    return max(0.0, 1.0 - 2.0 * progress), max(0.0, 2.0 * progress - 1.0)


def fade(planes: Planes, colour: Colour, opacity: float) -> None:
    """Bring a frame towards a colour in place: `opacity` 1 leaves it, 0 is the colour alone."""
    import cv2

    if opacity >= 1.0:
        return
    for plane, level in zip(planes, colour, strict=True):
        if opacity <= 0.0:
            plane.fill(level)
        else:
            cv2.convertScaleAbs(plane, dst=plane, alpha=opacity, beta=level * (1.0 - opacity))


def mix(kind: TransitionKind, side: Side, progress: float, going: Planes, coming: Planes, out: Planes) -> None:
    """Draw one frame of a transition that shows both pictures.

    Args:
        kind: any but a cut and the `FADES`.
        side: where a wipe, a slide or a push comes from.
        progress: strictly between 0 and 1.
        going, coming: both pictures' frames; left as they are.
        out: where to draw, neither of them.
    """
    e = eased(progress, "in_out")
    if kind == "wipe":
        _wipe(side, progress, going, coming, out)
    elif kind == "slide":
        _slide(side, e, going, coming, out)
    elif kind == "push":
        _push(side, e, going, coming, out)
    elif kind == "zoom":
        _zoom(e, going, coming, out)
    else:
        _dissolve(progress, going, coming, out)


def _dissolve(weight: float, going: Planes, coming: Planes, out: Planes) -> None:
    import cv2

    for a, b, target in zip(going, coming, out, strict=True):
        cv2.addWeighted(a, 1.0 - weight, b, weight, 0.0, dst=target)


def _wipe(side: Side, progress: float, going: Planes, coming: Planes, out: Planes) -> None:
    """An edge that crosses the frame at an even pace; the coming picture's share falls off across it, softly."""
    import numpy as np

    length = out[0].shape[1 if side in ("left", "right") else 0]
    edge = length * WIPE_EDGE
    reached = progress * (length + edge)  # of the edge's front, from the side it comes from
    for index, (a, b, target) in enumerate(_laid(side, going, coming, out)):
        count = target.shape[1]
        # Chroma stands level with the first of its two columns, but between its two rows.
        every, first = (2, 0.5 if side in ("left", "right") else 1.0) if index else (1, 0.5)
        centres = first + every * np.arange(count)
        if side in ("right", "down"):
            centres = length - centres[::-1]
        share = np.clip((reached - centres) / edge, 0.0, 1.0)
        weights = np.rint(share * share * (3.0 - 2.0 * share) * 256).astype(np.uint16)
        done, begun = int(np.count_nonzero(weights == 256)), int(np.count_nonzero(weights))
        target[:, :done], target[:, begun:] = b[:, :done], a[:, begun:]
        soft = weights[done:begun]
        mixed = b[:, done:begun] * soft + a[:, done:begun] * (256 - soft)
        target[:, done:begun] = (mixed + 128) >> 8


def _slide(side: Side, way: float, going: Planes, coming: Planes, out: Planes) -> None:
    """The coming picture moves in over the one that goes."""
    import numpy as np

    for a, b, target in _laid(side, going, coming, out):
        width = target.shape[1]
        n = ceil(way * width)
        # The picture's own last column covers its pixel in part; what is seen beside it belongs to the one below.
        beside = np.concatenate([b[:, width - n + 1 :], a[:, n - 1 : n]], axis=1)
        target[:, :n] = _between(b[:, width - n :], beside, n - way * width)
        target[:, n:] = a[:, n:]


def _push(side: Side, way: float, going: Planes, coming: Planes, out: Planes) -> None:
    """The coming picture pushes the other one out."""
    import numpy as np

    for a, b, target in _laid(side, going, coming, out):
        width = target.shape[1]
        n = ceil(way * width)
        strip = np.concatenate([b[:, width - n :], a[:, : width - n + 1]], axis=1)
        target[...] = _between(strip[:, :-1], strip[:, 1:], n - way * width)


def _zoom(way: float, going: Planes, coming: Planes, out: Planes) -> None:
    """The camera goes on into the picture that goes and comes out in the other, which is mixed in on the way.

    Its pace is even: the same factor nearer in each equal step. The coming picture is seen from too far off at first;
    what lies past its edges is mirrored, as long as it is hardly seen.
    """
    import cv2
    import numpy as np

    share = min(max((way - 0.25) / 0.7, 0.0), 1.0)
    weight = share * share * (3.0 - 2.0 * share)
    for index, (a, b, target) in enumerate(zip(going, coming, out, strict=True)):
        height, width = target.shape
        # The frame's middle in the plane's own samples: chroma stands level with the first of its two columns.
        x, y = ((width - 0.5) / 2 if index else (width - 1) / 2), (height - 1) / 2
        near, far = (
            cv2.warpAffine(
                plane, np.array([[step, 0.0, x * (1.0 - step)], [0.0, step, y * (1.0 - step)]]), (width, height),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101,
            )
            for plane, step in ((a, ZOOM**-way), (b, ZOOM ** (1.0 - way)))
        )  # fmt: skip
        cv2.addWeighted(near, 1.0 - weight, far, weight, 0.0, dst=target)


def _between(one: Plane, other: Plane, share: float) -> Plane:
    """Two strips mixed: `share` of the second."""
    import cv2
    import numpy as np

    if not share:
        return one
    return np.asarray(cv2.addWeighted(one, 1.0 - share, other, share, 0.0), np.uint8)


def _laid(side: Side, *frames: Planes) -> list[tuple[Plane, ...]]:
    """Views of the frames' planes, turned so that what comes from `side` comes from the left: y, then u, then v."""
    across = side in ("left", "right")
    step = 1 if side in ("left", "up") else -1
    return [
        tuple((plane if across else plane.T)[:, ::step] for plane in planes) for planes in zip(*frames, strict=True)
    ]
