"""Vector shapes on the stage: silhouettes and SVG drawings, rasterised where they are seen and lit like the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import resvg_py

from storyreel.providers.offline.painter.colour import Array, Colour, hexed, luminance, mix
from storyreel.providers.offline.painter.noise import smooth
from storyreel.providers.offline.painter.stage import Lamp, Stage
from storyreel.providers.offline.silhouettes import Silhouette


def raster(svg: str) -> Array:
    """An SVG document as float32 RGBA in 0..1, colours not premultiplied, shape (h, w, 4)."""
    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    if pixels.ndim == 2:
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGRA))
    elif pixels.shape[2] == 3:
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA))
    rgba = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA)
    return np.multiply(rgba, np.float32(1 / 255), dtype=np.float32)


def lay(
    stage: Stage,
    body: str,
    *,
    top: float = 0,
    bottom: float | None = None,
    left: float = 0,
    right: float | None = None,
    rim: float = 0.0,
    opacity: float = 1.0,
    depth: float = 0.0,
) -> None:
    """Draw SVG elements given in the picture's own pixels.

    Args:
        stage: the picture.
        body: elements, with any `<defs>` among them.
        top, bottom: rows between which they lie; saves work.
        left, right: columns between which they lie; saves work.
        rim: strength of the light on their edges.
        opacity: 0 to 1.
        depth: share of haze laid over them, 0 to 1.
    """
    first = int(max(0, top))
    last = int(min(stage.height, stage.height if bottom is None else bottom))
    start = int(max(0, left))
    end = int(min(stage.width, stage.width if right is None else right))
    if last - first < 2 or end - start < 2:
        return
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{end - start}" height="{last - first}" '
        f'viewBox="{start} {first} {end - start} {last - first}">{body}</svg>'
    )
    pixels = raster(svg)
    alpha, ink = np.ascontiguousarray(pixels[..., 3]), pixels[..., :3]
    if rim > 0:
        ink = rimmed(stage, alpha, ink, start, rim, stage.unit * 0.22)
    if depth > 0:
        ink = ink + (stage.haze_row()[:, start:end] - ink) * np.float32(depth)
    stage.paint(alpha, np.asarray(ink, np.float32), opacity, first, start)


def rimmed(stage: Stage, alpha: Array, ink: Array, left: int, strength: float, thick_px: float) -> Array:
    """The ink with light on the edges that face the main light, as wide as `thick_px`, and softer further in."""
    h, w = alpha.shape
    lx, ly = stage.light_from
    # A light from behind reaches round both sides a little.
    total = np.zeros_like(alpha)
    for reach, power in (
        (thick_px, 0.9),
        (thick_px * 4, 0.3 if thick_px > 2 else 0.12),
        (thick_px * 11, 0.13 if thick_px > 3 else 0.0),
    ):
        if power == 0:
            continue
        move = np.array([[1, 0, -lx * reach], [0, 1, -ly * reach]], np.float32)
        source = alpha if reach < 3 else np.asarray(cv2.GaussianBlur(alpha, (0, 0), reach * 0.35), np.float32)
        moved = cv2.warpAffine(source, move, (w, h), borderMode=cv2.BORDER_REPLICATE)
        total += np.clip(alpha - moved, 0, 1) * np.float32(power)
    near: Array = np.ones((1, 1), np.float32)
    if stage.sun is not None and w > 1:
        x = np.arange(left, left + w, dtype=np.float32)[None]
        near = 0.45 + 0.55 * np.exp(-(((x - stage.sun[0]) / (stage.width * 0.4)) ** 2))
    edge = np.array(mix(stage.scheme.glow, stage.scheme.lit, 0.45), np.float32)
    share = np.clip(total * near * strength * max(0.45, stage.scheme.rim), 0, 1)
    return np.asarray(ink + (edge - ink) * share[..., None], dtype=np.float32)


def put(
    stage: Stage, thing: Silhouette, x: float, base: float, unit_px: float, *, colour: Colour, accent: Colour | None = None,
    depth: float = 0.0, flip: bool = False, rim: float = 1.0, blur: float = 0.0, shadow: float = 0.0, lit: bool | None = None,
    opacity: float = 1.0, turn_deg: float = 0.0, mirror: float = 0.0, volume: float = 0.0,
    glass: Colour | None = None, stand_out: float = 0.0, tints: Mapping[str, Colour] | None = None,
) -> None:  # fmt: skip
    """Stand a silhouette on the stage.

    Args:
        stage: the picture.
        thing: what to draw.
        x, base: where its foot is, in pixels.
        unit_px: pixels for one of its units.
        colour: of its body, as it is lit already.
        accent: of its accents; the story's lamp colour when None.
        depth: share of haze, 0 to 1.
        flip: mirrored left to right.
        rim: strength of the light on its edges.
        blur: softness in pixels, for what is out of focus.
        shadow: strength of the shadow it throws on the ground.
        lit: whether its openings shine; what the light asks for when None.
        glass: colour of openings that do not shine, such as a dial; between the body's and the sky's when None.
        opacity: 0 to 1.
        turn_deg: turned clockwise about its foot.
        mirror: strength of its mirror image below the foot, for wet ground.
        tints: colours of those of its parts that have a role; the body's own where one is missing.
        stand_out: how much the air behind it is lightened where it would be lost against the dark, 0 to 1.
        volume: how round it looks, 0 to 1: lit where its swelling faces the light, dark where it turns away.
    """
    scheme = stage.scheme
    lit = scheme.lamps_lit if lit is None else lit
    margin = 4 + blur * 3 + unit_px * 4
    left_u = -(thing.left + thing.width) if flip else thing.left
    span = max(thing.width, thing.height) if turn_deg else 0.0
    x0 = int(max(-margin, x + (left_u - span) * unit_px - margin))
    x1 = int(min(stage.width + margin, x + (left_u + thing.width + span) * unit_px + margin))
    y0 = int(max(-margin, base + (thing.bottom - thing.height - span) * unit_px - margin))
    y1 = int(min(stage.height + margin, base + (thing.bottom + span) * unit_px + margin))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    sx = -unit_px if flip else unit_px
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{x1 - x0}" height="{y1 - y0}" viewBox="{x0} {y0} {x1 - x0} {y1 - y0}">'
        f'<g transform="translate({x:.2f},{base:.2f}) rotate({turn_deg:.2f}) scale({sx:.5f},{unit_px:.5f})">'
        f'<path d="{thing.path}" fill="#000"/>'
        f"{_paths(thing.openings, '#00f')}{_paths(thing.details, '#f00')}{_paths(thing.accent, '#0f0')}</g></svg>"
    )
    pixels = raster(svg)
    alpha = np.ascontiguousarray(pixels[..., 3])
    h, w = alpha.shape
    body: Array = np.array(colour, np.float32)
    if tints and thing.parts:
        # Each colour reaches under the outline's own edge, so that no seam shows between two.
        frame = svg[: svg.index("<path")]
        layers = "".join(
            f'<path d="{path}" fill="{(fill := hexed(tints.get(role, colour)))}" stroke="{fill}" stroke-width="0.25"/>'
            for role, path in thing.parts
        )
        own = raster(f"{frame}{layers}</g></svg>")
        body = body + (np.ascontiguousarray(own[..., :3]) - body) * own[..., 3:4]
    y = np.linspace(0.0, 1.0, h, dtype=np.float32)[:, None, None]
    # Feet stand in shadow, heads in the light of the sky.
    dark = body * np.float32(0.82)
    top_tone = body + (np.array(scheme.lower, np.float32) - body) * np.float32(0.12)
    ink: Array = np.broadcast_to(dark + (top_tone - dark) * (1 - y), (h, w, 3)).copy()
    step = 0.1 if np.mean(colour) < 0.45 else -0.12
    # Seams and folds are a little lighter or darker than what they lie in.
    ink += np.sign(np.float32(step)) * (np.float32(0.05) + ink * np.float32(0.16)) * pixels[..., 0:1] * np.float32(0.8)
    bright = np.array(accent if accent is not None else scheme.lamp, np.float32)
    ink += (bright - ink) * pixels[..., 1:2]
    window = np.array(scheme.lamp if lit else glass or mix(colour, scheme.lower, 0.35), np.float32)
    ink += (window - ink) * pixels[..., 2:3]
    if volume > 0:
        ink = np.asarray(_rounded(stage, alpha, np.asarray(ink, np.float32), volume), np.float32)
    if rim > 0:
        keep = pixels[..., 2:3] if lit else np.zeros_like(pixels[..., 2:3])
        edged = rimmed(
            stage, alpha, ink, x0, rim, float(np.clip(thing.height * unit_px * 0.009, 1.0, stage.unit * 0.7))
        )
        ink = edged * (1 - keep) + ink * keep
    if depth > 0:
        share = depth * (1 - (pixels[..., 2:3] if lit else 0.0) * 0.6)
        columns = np.clip(np.arange(x0, x1), 0, stage.width - 1)
        ink = ink + (stage.haze_row()[:, columns] - ink) * share
    if stand_out > 0:
        _part_from_ground(stage, alpha, float(luminance(np.array(colour, np.float32))), x0, y0, stand_out)
    if shadow > 0:
        _shadow(stage, alpha, x, base, x0, y0, shadow)
    if mirror > 0:
        _mirror(stage, alpha, np.asarray(ink, np.float32), base, x0, y0, mirror)
    if blur > 0.3:
        alpha_soft = np.asarray(cv2.GaussianBlur(alpha, (0, 0), blur), np.float32)
        ink = np.asarray(cv2.GaussianBlur(np.asarray(ink * alpha[..., None], np.float32), (0, 0), blur), np.float32)
        ink = ink / np.maximum(alpha_soft, 1e-3)[..., None]
        alpha = alpha_soft
    stage.paint(alpha, np.asarray(ink, np.float32), opacity, y0, x0)
    stage.cut_out(alpha, opacity, y0, x0)
    if lit:
        angle = np.radians(turn_deg)
        for gx, gy, radius in thing.glow:
            px, py = gx * sx, gy * unit_px
            stage.lamps.append(
                Lamp(
                    float(x + px * np.cos(angle) - py * np.sin(angle)), float(base + px * np.sin(angle) + py * np.cos(angle)),
                    max(stage.unit * 1.6, radius * unit_px * 5.0), scheme.lamp, 0.8,
                )
            )  # fmt: skip


def _part_from_ground(stage: Stage, alpha: Array, body: float, left: int, top: int, strength: float) -> None:
    """Let the air glow a little behind a dark shape before a ground as dark, as a lit mist would."""
    y0, x0 = max(0, top), max(0, left)
    behind = stage.image[
        y0 : min(stage.height, top + alpha.shape[0]) : 4, x0 : min(stage.width, left + alpha.shape[1]) : 4
    ]
    if behind.size == 0:
        return
    lacking = 0.2 - (float(luminance(behind).mean()) - body)
    if lacking <= 0.02:
        return
    pad = int(alpha.shape[1] * 0.5) + 8
    step = 8
    wide = cv2.copyMakeBorder(np.asarray(alpha, np.float32), pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    size = (wide.shape[1], wide.shape[0])
    small = cv2.resize(wide, (max(2, size[0] // step), max(2, size[1] // step)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(1.0, pad / step * 0.42))
    mist = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR), np.float32)
    colour = mix(stage.scheme.haze, stage.scheme.lower, 0.5)
    bright = max(0.12, float(luminance(np.array(colour, np.float32))))
    stage.shine(np.clip(mist, 0, 1), colour, min(0.7, lacking / bright * 0.9) * strength, top - pad, left - pad)


def _rounded(stage: Stage, alpha: Array, ink: Array, volume: float) -> Array:
    """The ink as on a swelling body: its blurred outline taken for a relief, lit from where the main light comes."""
    step = max(1, int(min(alpha.shape) / 160))
    small = np.asarray(
        cv2.resize(alpha, (alpha.shape[1] // step, alpha.shape[0] // step), interpolation=cv2.INTER_AREA), np.float32
    )
    relief = np.zeros_like(small)
    for sigma in (min(small.shape) * 0.02 + 0.6, min(small.shape) * 0.07 + 0.6):
        swell = np.asarray(cv2.GaussianBlur(small, (0, 0), sigma), np.float32)
        down, right = np.gradient(swell)
        lx, ly = stage.light_from
        relief += np.asarray(-(right * lx + down * ly) * sigma * 1.6, np.float32)
    facing = np.asarray(
        cv2.resize(relief, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32
    )[..., None]
    light = np.array(mix(stage.scheme.lit, stage.scheme.lamp, 0.5 if stage.scheme.lamps_lit else 0.1), np.float32)
    dark = ink * np.float32(0.35)
    bright = ink + (light - ink) * np.float32(0.55)
    up = np.clip(facing * 1.5, 0, 1) * np.float32(volume)
    off = np.clip(-facing * 1.6, 0, 1) * np.float32(volume)
    return np.asarray(ink + (bright - ink) * up + (dark - ink) * off, np.float32)


def _paths(paths: Sequence[str], fill: str) -> str:
    return "".join(f'<path d="{path}" fill="{fill}"/>' for path in paths)


def _shadow(stage: Stage, alpha: Array, x: float, base: float, left: int, top: int, strength: float) -> None:
    """A shadow on the ground, stretched away from the light; long when the sun is low."""
    h, w = alpha.shape
    lx, ly = stage.light_from
    low = 1 - min(1.0, abs(ly))
    toward_viewer = 0.22 + 0.5 * max(0.0, 1 - abs(lx))
    lean = float(np.clip(-lx * (0.9 + 1.6 * low), -2.2, 2.2))
    foot = base - top
    # (x, y) of the figure goes to (x + lean * height above the foot, foot + share of that height).
    move = np.array([[1, -lean * 0.5, lean * 0.5 * foot], [0, -toward_viewer, foot * (1 + toward_viewer)]], np.float32)
    reach_y = int(h * (1 + toward_viewer))
    pad = int(abs(lean) * 0.5 * h) + 2
    move[0, 2] += pad
    cast = cv2.warpAffine(alpha, move, (w + 2 * pad, reach_y))
    cast = np.asarray(cv2.GaussianBlur(cast, (0, 0), max(0.8, h * 0.012)), np.float32)
    fade = smooth(reach_y, foot, np.arange(reach_y, dtype=np.float32))[:, None]
    cast *= np.where(np.arange(reach_y)[:, None] >= foot - 2, fade, 0)
    stage.darken(np.asarray(cast, np.float32), 1 - strength, top, left - pad)


def _mirror(stage: Stage, alpha: Array, ink: Array, base: float, left: int, top: int, strength: float) -> None:
    foot = int(min(base - top, alpha.shape[0]))
    if foot < 4:
        return
    turned, colours = alpha[:foot][::-1], ink[:foot][::-1]
    fade = np.linspace(1, 0.0, foot, dtype=np.float32)[:, None] ** 1.3
    soft = np.asarray(
        cv2.GaussianBlur(np.ascontiguousarray(turned), (0, 0), sigmaX=1.0 + foot * 0.004, sigmaY=1.0 + foot * 0.015),
        np.float32,
    )
    stage.paint(soft * fade, np.ascontiguousarray(colours) * np.float32(0.8), strength, top + foot, left)
