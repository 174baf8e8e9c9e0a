"""How truly the camera moves: jitter against the ideal path, and shimmer, for a zoom, a pan and a turn.

Every frame is compared, in five places, with the still sampled by cubic splines where the move's formula says, worked
out here anew. The shift between the two comes from the phase of their cross spectrum, to which a plane is fitted
(Stone, Orchard, Chang and Martucci 2001), and should be nothing. Shimmer is the pulsing of the drawn frames'
sharpness (mean steepness of luma) over that of the ideal ones, its slow trend taken away.
"""

from __future__ import annotations

import io
from math import cos, radians, sin
from typing import Literal, TypeAlias

import numpy as np
from drawing import Drawer
from material import FULL_HD, LARGER, RATE, picture, still
from numpy.typing import NDArray
from PIL import Image
from report import Report
from scipy import ndimage
from setting import Setting

from storyreel.project import Project
from storyreel.timeline.model import Clip, Motion, Rect, Timeline

NAME, TITLE = "motion", "jitter and shimmer of camera moves"
LARGEST_JITTER_PX = 0.03
PATCH_PX = 256
HIGHEST_FREQUENCY = 0.2  # cycles a pixel; above it linear sampling and splines differ in more than position

MOVES = {
    "zoom with drift": Motion(start=Rect(), end=Rect(x=0.54, y=0.47, height=0.86)),
    "pan, a picture pixel a frame pixel": Motion(
        start=Rect(x=0.44, y=0.49, height=0.8), end=Rect(x=0.56, y=0.52, height=0.8)
    ),
    "pan, slightly shrunk": Motion(start=Rect(x=0.46, y=0.5, height=0.9), end=Rect(x=0.54, y=0.5, height=0.9)),
    "turn by 5 degrees": Motion(start=Rect(height=0.75, turn_deg=-2), end=Rect(height=0.75, turn_deg=3)),
}  # fmt: skip

Luma: TypeAlias = NDArray[np.float64]


def measure(setting: Setting) -> Report:
    """Each move drawn frame by frame."""
    report = Report(NAME, TITLE)
    frames = 60 if setting.quick else 150
    large = round(FULL_HD[0] * LARGER), round(FULL_HD[1] * LARGER)
    png = still(0, *large)
    luma = luma_of(png)
    splines = ndimage.spline_filter(luma, order=3)
    project = Project("moves", setting.folder / "moves")
    asset = picture(project, png, large)
    for name, move in MOVES.items():
        clip = Clip(id="s0", asset=asset, start_frame=0, length_frames=frames, motion=move)
        timeline = Timeline(
            title="", rate=RATE, width_px=FULL_HD[0], height_px=FULL_HD[1], length_frames=frames, clips=(clip,)
        )
        shifts, pulsing = _followed(Drawer(project, timeline), move, splines)
        std, worst = shifts.std(axis=(0, 1)), np.abs(shifts).max()
        report.hold(
            f"{name}: jitter, std", f"{std[0]:.4f} / {std[1]:.4f} px, worst {worst:.3f}", float(std.max()),
            at_most=LARGEST_JITTER_PX, unit="px",
        )  # fmt: skip
        report.add(f"{name}: shimmer", f"{pulsing:.2f} %")
    noise = _noise(luma, splines)
    report.add("the tracker's own error, patches sampled linearly in the right place, std", f"{noise:.4f} px")
    report.notes = [
        f"{frames} frames of 1920 x 1080 a move, from a still of {large[0]} x {large[1]}; five patches of {PATCH_PX} "
        "pixels; across / down. The std is over all frames and patches, a lasting offset included."
    ]
    return report


def _followed(drawer: Drawer, move: Motion, splines: Luma) -> tuple[Luma, float]:
    """The shifts (frames, patches, 2) in frame pixels, and the shimmer in per cent."""
    width, height = FULL_HD
    inset = 40
    corners = [(x, y) for x in (inset, width - inset - PATCH_PX) for y in (inset, height - inset - PATCH_PX)]
    corners.append(((width - PATCH_PX) // 2, (height - PATCH_PX) // 2))
    total = drawer.timeline.length_frames
    shifts, sharpness = [], []
    index = 0
    for chunk in drawer.chunks:
        for luma, _, _ in drawer.draw(chunk):
            found = []
            for left, top in corners:
                drawn = luma[top : top + PATCH_PX, left : left + PATCH_PX].astype(np.float64)
                ideal = _ideal(splines, move, index / (total - 1), left, top)
                found.append(shift_between(drawn, ideal))
            shifts.append(found)
            sharpness.append(_steepness(drawn) / _steepness(ideal))  # in the middle, where the camera looks
            index += 1
    ratio, at = np.array(sharpness), np.arange(total)
    trend = np.polyval(np.polyfit(at, ratio, 3), at)
    return np.array(shifts), float((ratio / trend).std() * 100)


def _ideal(splines: Luma, move: Motion, progress: float, left: int, top: int, order: Literal[1, 3] = 3) -> Luma:
    """A patch of the frame that the move's formula asks for.

    "in_out" is 3p^2 - 2p^3 of the way, and every point of the frame goes over the picture in a straight line.
    """
    e = progress * progress * (3.0 - 2.0 * progress)
    rows, columns = splines.shape

    def between(a: float, b: float) -> float:
        return a + (b - a) * e

    x, y = between(move.start.x, move.end.x) * columns, between(move.start.y, move.end.y) * rows
    (a0, b0), (a1, b1) = (
        (scale * cos(radians(rect.turn_deg)), scale * sin(radians(rect.turn_deg)))
        for rect in (move.start, move.end)
        for scale in (rect.height * rows / FULL_HD[1],)
    )
    a, b = between(a0, a1), between(b0, b1)
    across = (np.arange(left, left + PATCH_PX) + 0.5 - FULL_HD[0] / 2)[None, :]
    down = (np.arange(top, top + PATCH_PX) + 0.5 - FULL_HD[1] / 2)[:, None]
    source_x = x + a * across + b * down - 0.5
    source_y = y - b * across + a * down - 0.5
    sampled: Luma = ndimage.map_coordinates(
        splines, np.broadcast_arrays(source_y, source_x), order=order, prefilter=False, mode="nearest"
    )
    return sampled


def shift_between(one: Luma, other: Luma) -> tuple[float, float]:
    """How far `one` lies right of and below `other`, pixels, for shifts well under a pixel."""
    taper = np.hanning(PATCH_PX)
    window = taper[:, None] * taper[None, :]
    spectra = [np.fft.rfft2((patch - patch.mean()) * window) for patch in (one, other)]
    cross = spectra[0] * np.conj(spectra[1])
    across, down = np.meshgrid(np.fft.rfftfreq(PATCH_PX), np.fft.fftfreq(PATCH_PX))
    used = (np.hypot(across, down) < HIGHEST_FREQUENCY) & (np.hypot(across, down) > 0)
    weight = np.sqrt(np.abs(cross[used]))
    slopes = -2 * np.pi * np.stack([across[used], down[used]], axis=1)
    found, *_ = np.linalg.lstsq(slopes * weight[:, None], np.angle(cross[used]) * weight, rcond=None)
    return float(found[0]), float(found[1])


def _noise(luma: Luma, splines: Luma, tries: int = 20) -> float:
    """What the tracker sees in patches that are sampled linearly, in double precision, just where they should be."""
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(tries):
        part = Rect(x=rng.uniform(0.45, 0.55), y=rng.uniform(0.45, 0.55), height=rng.uniform(0.8, 0.95))
        move = Motion(start=part, end=part)
        left, top = int(rng.integers(0, FULL_HD[0] - PATCH_PX)), int(rng.integers(0, FULL_HD[1] - PATCH_PX))
        errors.append(shift_between(_ideal(luma, move, 0.0, left, top, order=1), _ideal(splines, move, 0.0, left, top)))
    return float(np.std(errors))


def _steepness(luma: Luma) -> float:
    return float(np.abs(np.diff(luma, axis=0)).mean() + np.abs(np.diff(luma, axis=1)).mean())


def luma_of(png: bytes) -> Luma:
    """BT.709 limited-range luma of a picture, unrounded."""
    rgb = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.float64)
    weighted: Luma = 16 + (rgb @ np.array([0.2126, 0.7152, 0.0722])) * 219 / 255
    return weighted
