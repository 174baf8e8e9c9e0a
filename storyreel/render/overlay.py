"""What is laid over pictures: patches of colour with their alpha, when they show, and how they are blended in.

Everything is in the planes that the encoder takes: Y'CbCr BT.709, limited range, chroma at half size both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import uint8, uint16
    from numpy.typing import NDArray

    Planes = tuple[NDArray[uint8], NDArray[uint8], NDArray[uint8]]
    """y (H, W), u (H/2, W/2), v (H/2, W/2): BT.709 limited range."""
else:
    Planes = tuple[Any, Any, Any]


@dataclass(frozen=True, eq=False)
class Patch:
    """A piece of overlay.

    Colours are not premultiplied; where alpha is 0 they count for nothing.

    Attributes:
        x_px, y_px: of its top left corner in the frame, both even.
        luma, alpha: uint8 (h, w), h and w even.
        u, v, alpha_uv: uint8 (h/2, w/2); `alpha_uv` is the mean of the four alphas above it.
    """

    x_px: int
    y_px: int
    luma: NDArray[uint8]
    u: NDArray[uint8]
    v: NDArray[uint8]
    alpha: NDArray[uint8]
    alpha_uv: NDArray[uint8]

    @cached_property
    def _weighted(self) -> tuple[tuple[NDArray[uint16], NDArray[uint16]], ...]:
        """For y, u, v: 255 - alpha, and colour x alpha + 128 (the half that rounds the division by 255)."""
        return tuple(
            _weights(colour, alpha)
            for colour, alpha in ((self.luma, self.alpha), (self.u, self.alpha_uv), (self.v, self.alpha_uv))
        )


def cropped(patch: Patch, left: int, top: int, width: int, height: int) -> Patch:
    """A part of a patch; the corner counts from the patch's own, and all four are even."""
    full, half = _parts(left, top, width, height)
    return Patch(
        patch.x_px + left,
        patch.y_px + top,
        patch.luma[full],
        patch.u[half],
        patch.v[half],
        patch.alpha[full],
        patch.alpha_uv[half],
    )


def hollowed(patch: Patch, left: int, top: int, width: int, height: int) -> Patch:
    """A patch with nothing where `cropped` would cut: both laid over a picture give what the whole one does."""
    full, half = _parts(left, top, width, height)
    alpha, alpha_uv = patch.alpha.copy(), patch.alpha_uv.copy()
    alpha[full], alpha_uv[half] = 0, 0
    return replace(patch, alpha=alpha, alpha_uv=alpha_uv)


def swept(before: Patch, after: Patch, edge_px: float, soft_px: float, right_to_left: bool) -> Patch:
    """One patch turning into another of the same alpha, column by column.

    Args:
        edge_px: how far the change has come from the side where it begins, in pixels.
        soft_px: over how many pixels the edge is spread.
        right_to_left: whether it begins at the right.
    """
    import numpy as np

    width = before.luma.shape[1]
    at_px = np.arange(width, dtype=np.float32) + 0.5
    if right_to_left:
        at_px = at_px[::-1]
    share = np.clip((edge_px - at_px) / max(soft_px, 1.0) + 0.5, 0.0, 1.0)
    share_uv = (share[0::2] + share[1::2]) / 2

    def mix(old: NDArray[uint8], new: NDArray[uint8], by: NDArray[Any]) -> NDArray[uint8]:
        mixed: NDArray[uint8] = (old + (new - old.astype(np.float32)) * by + 0.5).astype(np.uint8)
        return mixed

    return replace(
        after,
        luma=mix(before.luma, after.luma, share),
        u=mix(before.u, after.u, share_uv),
        v=mix(before.v, after.v, share_uv),
    )


def faded(patch: Patch, opacity: float) -> Patch:
    """A patch of which only a share (0 to 1) is seen."""
    strength = round(min(max(opacity, 0.0), 1.0) * 255)
    return replace(patch, alpha=_faded(patch.alpha, strength), alpha_uv=_faded(patch.alpha_uv, strength))


def _parts(left: int, top: int, width: int, height: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    right, bottom = left + width, top + height
    return (slice(top, bottom), slice(left, right)), (
        slice(top // 2, bottom // 2),
        slice(left // 2, right // 2),
    )


def eased(share: float) -> float:
    """A fade's opacity for its progress, both 0 to 1: slow at both ends."""
    return share * share * (3.0 - 2.0 * share)


@dataclass(frozen=True, eq=False)
class Span:
    """An overlay that does not change but for its fades.

    Attributes:
        start_frame, end_frame: when it shows; the end is excluded.
        key: all that decides its pixels: text, style, fonts, frame size, state.
        fade_in_frames, fade_out_frames: how long it comes and goes, inside its time.
        draw: makes its patch, or None when it shows nothing.
    """

    start_frame: int
    end_frame: int
    key: str
    fade_in_frames: int
    fade_out_frames: int
    draw: Callable[[], Patch | None]

    def opacity(self, frame: int) -> float:
        """How much of it is seen on a frame, 0 to 1; a fade eases in and out, and its ends are not drawn at 0."""
        if not self.start_frame <= frame < self.end_frame:
            return 0.0
        share = 1.0
        if self.fade_in_frames:
            share = min(share, (frame - self.start_frame + 1) / (self.fade_in_frames + 1))
        if self.fade_out_frames:
            share = min(share, (self.end_frame - frame) / (self.fade_out_frames + 1))
        return eased(share)


def blend(planes: Planes, patch: Patch, opacity: float = 1.0) -> None:
    """Lay a patch over planes, in place.

    Every sample becomes `plane + (colour - plane) x alpha x opacity`, rounded to nearest; the product of alpha and
    opacity is rounded to 1/255 before.

    Args:
        planes: y, u, v of one frame, which the patch lies wholly inside.
        opacity: 0 to 1.
    """
    import numpy as np

    strength = round(min(max(opacity, 0.0), 1.0) * 255)
    if not strength:
        return
    if strength == 255:
        weighted = patch._weighted
    else:
        alpha, alpha_uv = _faded(patch.alpha, strength), _faded(patch.alpha_uv, strength)
        weighted = (_weights(patch.luma, alpha), _weights(patch.u, alpha_uv), _weights(patch.v, alpha_uv))
    height, width = patch.luma.shape
    for index, (plane, (keep, colour)) in enumerate(zip(planes, weighted, strict=True)):
        half = 1 if index else 0
        top, left = patch.y_px >> half, patch.x_px >> half
        under = plane[top : top + (height >> half), left : left + (width >> half)]
        mixed = np.multiply(under, keep, dtype=np.uint16)
        mixed += colour
        mixed += mixed >> 8  # with the 128 in `colour`: exact rounded division by 255 of anything up to 255 x 255
        mixed >>= 8
        under[...] = mixed


def _weights(colour: NDArray[uint8], alpha: NDArray[uint8]) -> tuple[NDArray[uint16], NDArray[uint16]]:
    import numpy as np

    product = np.multiply(colour, alpha, dtype=np.uint16)
    product += 128
    return np.subtract(255, alpha, dtype=np.uint16), product


def _faded(alpha: NDArray[uint8], strength: int) -> NDArray[uint8]:
    import numpy as np

    product = np.multiply(alpha, strength, dtype=np.uint16)
    product += 128
    product += product >> 8
    product >>= 8
    return product.astype(np.uint8)
