"""Light put over the painted picture: bloom, beams, shafts, lamps, and the last grade, grain and vignette."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from storyreel.providers.offline.painter.colour import Array, Colour, from_oklab, luminance, to_oklab
from storyreel.providers.offline.painter.noise import sample, smooth
from storyreel.providers.offline.painter.scheme import palette_share, tone_table
from storyreel.providers.offline.painter.stage import Lamp, Stage, halo

_CUBE_STEPS = 33


def light_lamps(stage: Stage) -> None:
    """Let everything that shines shine."""
    for lamp in stage.lamps:
        glow(stage, lamp)


def glow(stage: Stage, lamp: Lamp) -> None:
    """A lamp's wide halo and bright core."""
    radius = min(lamp.radius, stage.width * 0.9)
    if radius > 60:
        step = max(1, int(radius / 48))
        small, reach = halo(radius / step, 2.4)
        side = small.shape[1] * step
        mask = np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)
        reach = side // 2
    else:
        mask, reach = halo(radius, 2.4)
    stage.shine(np.clip(mask, 0, 1), lamp.colour, lamp.strength, int(lamp.y) - reach, int(lamp.x) - reach)


def beam(
    stage: Stage, x: float, y: float, angle: float, spread: float, length: float, colour: Colour, strength: float
) -> None:
    """A cone of light from a point, as from a lighthouse or a torch.

    Args:
        stage: the picture.
        x, y: where it comes from, in pixels.
        angle: direction in radians, 0 to the right, growing clockwise on the page.
        spread: half opening in radians.
        length: pixels after which it has faded to a third.
        colour: of the light.
        strength: 0 to 1 at the source.
    """
    step = 2
    yy, xx = np.mgrid[0 : stage.height : step, 0 : stage.width : step].astype(np.float32)
    dx, dy = xx - x, yy - y
    far = np.sqrt(dx * dx + dy * dy) + 1
    along = dx * np.cos(angle) + dy * np.sin(angle)
    across = np.abs(-dx * np.sin(angle) + dy * np.cos(angle))
    half = along * np.tan(spread) + stage.unit * 0.5
    body = np.exp(-((across / np.maximum(half, 1)) ** 2) * 1.6) * (along > 0)
    core = np.exp(-((across / np.maximum(half * 0.3, 1)) ** 2)) * (along > 0) * 0.5
    air = 0.75 + 0.5 * (sample("soft", xx * 0.8 + 30, yy * 1.2 + 80) - 0.5)
    mask = (body * 0.6 + core) * np.exp(-far / length) * air * smooth(0, stage.unit * 2, far)
    big = cv2.resize(np.asarray(mask, np.float32), (stage.width, stage.height), interpolation=cv2.INTER_LINEAR)
    stage.shine(np.clip(np.asarray(big, np.float32), 0, 1), colour, strength)


def shafts(
    stage: Stage, strength: float, x: float | None = None, y: float | None = None, colour: Colour | None = None
) -> None:
    """Rays from the sun, broken by what is dark between it and the viewer.

    The bright part of the picture is smeared away from the sun in steps of doubling reach.
    """
    if x is None or y is None:
        if stage.sun is None:
            return
        x, y = stage.sun
    step = 4
    small = cv2.resize(stage.image, (stage.width // step, stage.height // step), interpolation=cv2.INTER_AREA)
    h, w = small.shape[:2]
    sx, sy = x / step, y / step
    bright = luminance(np.asarray(small, np.float32))
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    near = np.exp(-(((xx - sx) ** 2 + (yy - sy) ** 2) / (w * 0.33) ** 2))
    limit = float(np.percentile(bright, 70))
    light = np.asarray(smooth(limit, min(1.0, limit + 0.3), bright) * near, np.float32)
    angle = np.arctan2(yy - sy, xx - sx)
    streaks = sample("fine", angle * 120 + 300, np.full_like(angle, 120.0))
    light *= 0.45 + 1.1 * smooth(0.3, 0.75, streaks)
    for k in range(5):
        scale = 1 - 0.045 * 2**k
        if scale < 0.25:
            break
        move = np.array([[1 / scale, 0, sx - sx / scale], [0, 1 / scale, sy - sy / scale]], np.float32)
        moved = cv2.warpAffine(light, move, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        light = np.asarray(light * 0.5 + moved * 0.5, np.float32)
    big = cv2.resize(light, (stage.width, stage.height), interpolation=cv2.INTER_CUBIC)
    stage.shine(np.clip(np.asarray(big, np.float32), 0, 1), colour or stage.scheme.glow, strength)


def window_shafts(
    stage: Stage, corners: list[tuple[float, float]], reach: tuple[float, float], colour: Colour, strength: float
) -> None:
    """Slanting light from a window into a room.

    Args:
        stage: the picture.
        corners: the window's four corners, in order round it.
        reach: how far the light goes, (x, y) in pixels.
        colour: of the light.
        strength: 0 to 1.
    """
    layer = np.zeros((stage.height // 2, stage.width // 2), np.float32)
    steps = 26
    shape = np.array(corners, np.float32) / 2
    for i in range(steps):
        t = i / (steps - 1)
        part = np.zeros(layer.shape, np.uint8)
        moved = shape + np.array(reach, np.float32) / 2 * t
        cv2.fillPoly(part, [np.round(moved * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        np.maximum(layer, part.astype(np.float32) / 255 * (1 - t) ** 1.25 * min(1.0, 0.25 + t * 5), out=layer)
    layer = np.asarray(cv2.GaussianBlur(layer, (0, 0), stage.unit * 0.55), np.float32)
    yy, xx = np.mgrid[0 : layer.shape[0], 0 : layer.shape[1]].astype(np.float32)
    layer *= 0.65 + 0.7 * (sample("soft", xx * 1.2 + 60, yy * 1.2 + 60) - 0.15)
    big = cv2.resize(layer, (stage.width, stage.height), interpolation=cv2.INTER_LINEAR)
    stage.shine(np.clip(np.asarray(big, np.float32), 0, 1), colour, strength)


def bloom(stage: Stage, strength: float = 0.3) -> None:
    """Bright parts bleed into what surrounds them."""
    step = 4
    size = (max(1, stage.width // step), max(1, stage.height // step))
    small = np.asarray(cv2.resize(stage.image, size, interpolation=cv2.INTER_AREA), np.float32)
    bright = small * smooth(0.62, 1.0, luminance(small))[..., None]
    near = cv2.GaussianBlur(bright, (0, 0), max(0.6, stage.unit * 0.35))
    wide = cv2.GaussianBlur(bright, (0, 0), max(1.0, stage.unit * 1.5))
    light = cv2.resize(
        np.asarray(near * 0.5 + wide * 0.6, np.float32), (stage.width, stage.height), interpolation=cv2.INTER_LINEAR
    )
    stage.image += (1 - stage.image) * np.clip(np.asarray(light, np.float32) * np.float32(strength), 0, 1)


def tilt(stage: Stage, degrees: float) -> None:
    """Lean the whole picture, enlarged just enough to leave no bare corner."""
    if abs(degrees) < 0.05:
        return
    angle = np.radians(abs(degrees))
    aspect = max(stage.width / stage.height, stage.height / stage.width)
    scale = float(np.cos(angle) + np.sin(angle) * aspect)
    move = cv2.getRotationMatrix2D((stage.width / 2, stage.height / 2), degrees, scale)
    stage.image[:] = cv2.warpAffine(
        stage.image, move, (stage.width, stage.height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )


def magnify(stage: Stage, scale: float, x: float, y: float, blur: float) -> None:
    """Bring the background nearer around a point and throw it out of focus; `blur` in pixels of standard deviation."""
    if scale > 1.001:
        x = float(np.clip(x, stage.width / scale / 2, stage.width * (1 - 0.5 / scale)))
        y = float(np.clip(y, stage.height / scale / 2, stage.height * (1 - 0.5 / scale)))
        move = np.array([[scale, 0, stage.width / 2 - x * scale], [0, scale, stage.height / 2 - y * scale]], np.float32)
        stage.image[:] = cv2.warpAffine(
            stage.image, move, (stage.width, stage.height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        if stage.nearness is not None:
            high, wide = stage.nearness.shape
            move[0, 2] *= wide / stage.width
            move[1, 2] *= high / stage.height
            for noted in (stage.nearness, stage.water):
                if noted is not None:
                    noted[:] = cv2.warpAffine(noted, move, (wide, high), borderMode=cv2.BORDER_REPLICATE)
        stage.horizon = stage.height / 2 + (stage.horizon - y) * scale
        if stage.sun is not None:
            stage.sun = (stage.width / 2 + (stage.sun[0] - x) * scale, stage.height / 2 + (stage.sun[1] - y) * scale)
    if blur > 0.4:
        out_of_focus(stage, blur)


def out_of_focus(stage: Stage, blur: float) -> None:
    """Blur as a lens does: bright points grow into soft discs before the rest is softened."""
    step = 2 if blur > 3 else 1
    size = (stage.width // step, stage.height // step)
    small = np.asarray(cv2.resize(stage.image, size, interpolation=cv2.INTER_AREA), np.float32)
    reach = max(1, round(blur / step * 1.1))
    lens = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)).astype(np.float32)
    lens /= lens.sum()
    # Raised to a power, highlights outweigh their surroundings, as they do on film.
    powered = cv2.filter2D(np.clip(small, 0, 1) ** 3, -1, lens, borderType=cv2.BORDER_REFLECT)
    soft = np.clip(np.asarray(powered, np.float32), 0, 1) ** (1 / 3)
    stage.image[:] = cv2.resize(soft, (stage.width, stage.height), interpolation=cv2.INTER_LINEAR)


def _grade_cube(stage: Stage) -> Array:
    feeling = stage.feeling
    n = _CUBE_STEPS
    axis = np.linspace(0, 1, n, dtype=np.float32)
    r, g, b = np.meshgrid(axis, axis, axis, indexing="ij")
    rgb = np.stack([r, g, b], axis=-1)
    lab = to_oklab(rgb)
    if stage.spec.palette:
        table = tone_table(stage.spec.palette)
        index = np.clip(luminance(rgb) * 255, 0, 255).astype(np.int32)
        target = table[index]
        chroma = np.linalg.norm(lab[..., 1:], axis=-1, keepdims=True)
        # Strong colours are accents and keep more of themselves.
        share = palette_share(stage.spec) * (1 - 0.85 * smooth(0.04, 0.12, chroma))
        lab[..., 1:] += (target - lab[..., 1:]) * share
    saturation = feeling.saturation * (0.8 if stage.spec.weather in ("fog",) else 1.0)
    lab[..., 1:] *= saturation
    low, high = _tonal_range(stage)
    lab[..., 0] = 0.06 + (lab[..., 0] - low) * ((0.95 - 0.06) / (high - low))
    middle = 0.5
    lab[..., 0] = middle + (lab[..., 0] - middle) * feeling.contrast + feeling.lift
    lab[..., 2] += feeling.warmth
    lab[..., 1] += feeling.warmth * 0.3
    # A gentle shoulder and toe, so nothing clips hard.
    level = np.clip(lab[..., 0], 0, 1)
    lab[..., 0] = level + 0.03 * np.sin((level - 0.5) * 2 * np.pi)
    return from_oklab(lab)


def _tonal_range(stage: Stage) -> tuple[float, float]:
    """The OKLab lightnesses to set at black and white: a pale or murky picture is drawn out, a full one left alone."""
    small = cv2.resize(stage.image, (96, 54), interpolation=cv2.INTER_AREA)
    level = to_oklab(np.clip(np.asarray(small, np.float32), 0, 1))[..., 0]
    low, high = (float(value) for value in np.percentile(level, (2, 99)))
    # Fog is pale and night is dark; each keeps most of that.
    low = min(max(low, 0.0), 0.34)
    high = max(high, 0.72 if stage.scheme.lamps_lit else 0.86)
    return 0.06 + (low - 0.06) * 0.6, 0.95 - (0.95 - high) * 0.6


def develop(stage: Stage, grain: float = 1.1) -> NDArray[np.uint8]:
    """The finished picture in 8 bit: vignette, film grain that also breaks up bands, and the grade.

    The grade pulls the picture to the story's palette and to the feeling's saturation, contrast and warmth. It is one
    lookup cube of 33 steps, looked up after the grain so that its 8 bit steps are dithered too.

    Args:
        stage: the painted picture; its pixels are used up.
        grain: standard deviation in steps of 1/255.

    Returns:
        RGB of shape (height, width, 3).
    """
    height, width = stage.height, stage.width
    rng = stage.rng("grain")
    table = grade_table(stage)
    out = np.empty((height, width, 3), np.uint8)
    # In strips, which keeps the working memory small.
    for top in range(0, height, 128):
        part = stage.image[top : top + 128]
        part *= _vignette(stage, top, 0, part.shape[0], part.shape[1])
        noise = rng.standard_normal(part.shape[:2], dtype=np.float32) * np.float32(grain)
        noise += rng.random(part.shape[:2], dtype=np.float32) - np.float32(0.5)
        part += noise[..., None]
        np.rint(part, out=part)
        np.clip(part, 0, 255, out=part)
        graded = Image.fromarray(part.astype(np.uint8)).filter(table)
        out[top : top + 128] = np.asarray(graded)
    return out


def grade_table(stage: Stage) -> ImageFilter.Color3DLUT:
    """The picture's grade, for `develop` and `develop_part`."""
    cube = np.ascontiguousarray(_grade_cube(stage).transpose(2, 1, 0, 3)).reshape(-1)
    return ImageFilter.Color3DLUT(_CUBE_STEPS, cube, _copy_table=False)


def develop_part(
    stage: Stage, table: ImageFilter.Color3DLUT, top: int, left: int, height: int, width: int
) -> NDArray[np.uint8]:
    """A part of the finished picture in 8 bit without grain, RGB of shape (height, width, 3); the stage is kept."""
    part = stage.image[top : top + height, left : left + width] * _vignette(stage, top, left, height, width)
    pixels = np.clip(np.rint(part), 0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(pixels).filter(table), np.uint8)


def _vignette(stage: Stage, top: int, left: int, height: int, width: int) -> Array:
    """What a part of the picture is multiplied by on its way to 0..255, shape (height, width, 1)."""
    columns = np.arange(left, left + width, dtype=np.float32)
    rows = np.arange(top, top + height, dtype=np.float32)
    x = ((columns - stage.width / 2) / (stage.width * 0.62)) ** 2
    away = x[None] + (((rows - stage.height * 0.47) / (stage.height * 0.66)) ** 2)[:, None]
    dark = 255 - smooth(0.45, 1.65, away) * np.float32(255 * stage.feeling.vignette)
    return np.asarray(dark[..., None], np.float32)
