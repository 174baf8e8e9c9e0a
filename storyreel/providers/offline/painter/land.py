"""Land: ridges and mountains in layers of air, hills, dunes, snow, fields, roads, rocks and cliffs."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Array, Colour, mix, parse, shift
from storyreel.providers.offline.painter.noise import Rng, field, line, sample, smooth
from storyreel.providers.offline.painter.stage import Stage, polygons

MATERIALS: dict[str, Colour] = {
    "grass": parse("#6f9a4e"),
    "meadow": parse("#8fae55"),
    "autumn": parse("#b9783a"),
    "rock": parse("#8a8078"),
    "snow": parse("#eef3f8"),
    "sand": parse("#dcb27a"),
    "beach": parse("#dcc7a0"),
    "earth": parse("#7a5f48"),
    "forest": parse("#3e6b4c"),
    "asphalt": parse("#50545e"),
    "stone": parse("#9a948c"),
    "red_rock": parse("#b0603c"),
    "moon_dust": parse("#9c98a2"),
    "wheat": parse("#d9b45a"),
    "lavender": parse("#8a72b8"),
}


def ground_material(stage: Stage) -> str:
    """What the land is covered with, from the spec."""
    spec = stage.spec
    if spec.snow_lies:
        return "snow"
    if spec.place == "desert":
        return "sand"
    if spec.place == "planet":
        return "red_rock"
    if spec.place == "beach":
        return "beach"
    if spec.season == "autumn":
        return "autumn"
    if spec.has("wheat"):
        return "wheat"
    if spec.has("lavender"):
        return "lavender"
    return "grass"


def lit_colour(stage: Stage, material: str | Colour, depth: float, light: float = 1.0) -> Colour:
    """A material's colour in this light at a distance: `depth` 0 is at the viewer's feet, 1 at the horizon."""
    scheme = stage.scheme
    own = MATERIALS[material] if isinstance(material, str) else material
    lamp = scheme.lit
    day = tuple(o * (0.28 + 0.72 * c) for o, c in zip(own, lamp, strict=True))
    night_share = scheme.local * (1.15 if material == "snow" else 1.0)
    near = mix(scheme.near, (day[0], day[1], day[2]), min(1.0, night_share) * light)
    if material == "snow":
        near = mix(near, mix(scheme.shade, scheme.lit, 0.42 + 0.4 * scheme.local), 0.75 * light)
    return mix(near, scheme.haze, depth**1.15 * 0.92)


def ridge(
    stage: Stage,
    profile: Array,
    colour: Colour,
    *,
    depth: float,
    mist: float = 0.5,
    rim: float = 0.5,
    grain: float = 0.05,
    facets: float = 0.0,
    snowcap: float = 0.0,
    bottom: float | None = None,
) -> None:
    """One layer of land below a line.

    Args:
        stage: the picture.
        profile: row of the crest for each column, shape (width,).
        colour: of the land at this distance.
        depth: 0 near to 1 far; sets how thick the air at its foot is.
        mist: share of haze at the foot.
        rim: light on the crest.
        grain: strength of the surface's texture.
        facets: strength of lit and shaded mountain sides.
        snowcap: height of the snow below the crest as a share of the layer's height; 0 for none.
        bottom: row down to which to paint; the picture's lower edge when None.
    """
    top = int(max(0, np.floor(float(profile.min())) - 2))
    end = int(min(stage.height, bottom if bottom is not None else stage.height))
    if end <= top:
        return
    scheme, width = stage.scheme, stage.width
    y = np.arange(top, end, dtype=np.float32)[:, None]
    below = y - profile[None].astype(np.float32)
    alpha = np.clip(below + 0.5, 0, 1)
    span = max(8.0, float(np.ptp(profile)) + stage.unit * 6)
    slope = np.gradient(cv2.GaussianBlur(profile.reshape(1, -1).astype(np.float32), (0, 0), stage.unit * 0.5)[0])
    lx = stage.light_from[0]
    if stage.sun is not None:
        x = np.arange(width, dtype=np.float32)
        toward = np.clip((stage.sun[0] - x) / (width * 0.25), -1, 1)
        closeness = np.exp(-(((x - stage.sun[0]) / (width * 0.4)) ** 2))
    else:
        toward = np.full(width, lx, np.float32)
        closeness = np.full(width, 0.5, np.float32)
    # A falling line (rows growing to the right) faces right.
    faces = np.clip(slope * toward * 1.4 + 0.35, 0, 1)
    ink: Array = np.broadcast_to(np.array(colour, np.float32), (end - top, width, 3)).copy()
    if facets > 0:
        rng = stage.rng(f"facets{depth:.3f}")
        off = float(rng.uniform(0, 800))
        xs = np.arange(width, dtype=np.float32)[None]
        k = 1080 / min(stage.width, stage.height)
        n = sample("soft", (xs * 1.1 + below * 0.5) * k + off, (below * 0.55 + xs * 0.12) * k + off * 0.7)
        shifted = np.clip(xs + (n - 0.5) * min(span * 1.1, stage.unit * 26), 0, width - 1).astype(np.int32)
        side = slope[shifted] * toward[None] * 1.7
        crag = sample("soft", (xs * 2.4 - below * 1.3) * k + off * 1.3, (below * 1.0) * k + 60)
        lit = smooth(-0.32, 0.42, side + (crag - 0.5) * 0.95)
        bright = np.array(mix(colour, scheme.lit, 0.42 * facets), np.float32)
        dark = np.array(mix(colour, scheme.shade, 0.45 * facets), np.float32)
        ink = dark + (bright - dark) * lit[..., None]
        if snowcap > 0:
            line_px = span * snowcap * (0.55 + 0.9 * n) + (crag - 0.5) * min(span * 0.35, stage.unit * 9)
            height_above = float(profile.max()) - profile[None]
            snow = smooth(-2.0, stage.unit * 0.8, line_px * np.clip(height_above / (span * 0.6), 0, 1.2) - below)
            white = np.array(mix(lit_colour(stage, "snow", depth * 0.6), scheme.lit, 0.35), np.float32)
            blue = np.array(mix(lit_colour(stage, "snow", depth * 0.6, 0.6), scheme.shade, 0.4), np.float32)
            cover = blue + (white - blue) * lit[..., None]
            ink += (cover - ink) * snow[..., None]
    elif grain > 0:
        off = float(stage.rng(f"grain{depth:.3f}").uniform(0, 900))
        xs = np.arange(width, dtype=np.float32)[None]
        k = 1080 / min(stage.width, stage.height)
        n = sample("soft", xs * 1.4 * k + off + np.zeros_like(below), below * 3.4 * k + off)
        ink *= 1 + ((n - 0.5) * 2 * grain)[..., None]
    foot = smooth(0, span * 1.15, below) * mist
    ink += (stage.haze_row() - ink) * foot[..., None]
    if rim > 0:
        edge = np.exp(-np.maximum(below, 0) / (stage.unit * 0.32)) * (faces * (0.35 + 0.65 * closeness))[None]
        wide = np.exp(-np.maximum(below, 0) / (stage.unit * 3.0)) * (faces * closeness)[None] * 0.4
        glow = np.clip((edge * 0.85 + wide) * rim * scheme.rim, 0, 1)
        ink += (np.array(mix(scheme.glow, scheme.lit, 0.4), np.float32) - ink) * glow[..., None]
    stage.paint(alpha, ink, 1.0, top, 0)


def mountains(stage: Stage, layers: int = 4, tallest: float = 0.62, base: float | None = None) -> None:
    """Ranges of mountains one behind another; `tallest` is a share of the horizon's height above which none rises."""
    rng = stage.rng("mountains")
    base = stage.horizon if base is None else base
    width = stage.width
    portrait = 0.7 if stage.portrait else 1.0
    snowy = stage.spec.snow_lies or stage.spec.has("snowcap") or rng.random() < 0.5
    for k in range(layers):
        depth = 1 - (k + 0.6) / (layers + 0.6)
        tall = base * tallest * (0.62 + 0.38 * (1 - abs(k - layers * 0.35) / layers)) * (1 - 0.16 * k)
        cells = (2.2 + k * 0.9) * portrait
        rough = line(width, cells, rng, 7, 0.46, ridged=True) * 0.5 + 0.5
        broad = smooth(-0.7, 1.0, line(width, 1.3 * portrait, rng, 2))
        profile = base - tall * np.clip(rough * (0.42 + 0.75 * broad), 0.02, 1.25) + k * stage.unit * 1.2
        own = "rock" if k < layers - 1 else ("snow" if stage.spec.snow_lies else "forest")
        ridge(
            stage, profile.astype(np.float32), lit_colour(stage, own, depth * 0.95 + 0.05), depth=depth,
            mist=0.55 + 0.25 * depth, rim=0.35 + 0.3 * (1 - depth), facets=0.95 - 0.55 * depth,
            snowcap=(0.55 if snowy and own == "rock" else 0.0), bottom=base + stage.unit * 4,
        )  # fmt: skip


def far_hills(stage: Stage, layers: int = 3, tall: float = 0.16, material: str | None = None) -> None:
    """Soft hills along the horizon."""
    rng = stage.rng("far_hills")
    own = material or ground_material(stage)
    for k in range(layers):
        depth = 0.96 - 0.5 * k / max(1, layers)
        height = stage.height * tall * (1 - 0.22 * k) * rng.uniform(0.7, 1.1)
        profile = stage.horizon - height * np.clip(0.42 + 0.5 * line(stage.width, 1.6 + k, rng, 4, 0.4), 0.02, 1.2)
        profile += k * stage.unit * 1.5
        mat: str | Colour = own if own in ("snow", "sand", "red_rock") else "forest"
        ridge(
            stage, profile.astype(np.float32), lit_colour(stage, mat, depth), depth=depth, mist=0.6, rim=0.45,
            grain=0.03, bottom=stage.horizon + stage.unit * 5,
        )  # fmt: skip


def rolling(stage: Stage, layers: int = 4, material: str | None = None, start: float = 0.0) -> list[Array]:
    """Hills rolling from the horizon to the viewer; the crests' rows, far to near, come back."""
    rng = stage.rng("rolling")
    own = material or ground_material(stage)
    span = stage.height - stage.horizon
    crests = []
    for k in range(layers):
        t = (k + start) / (layers + start)
        depth = 0.55 * (1 - t) ** 1.5
        row = stage.horizon + span * (t**1.5) * 0.86
        swing = stage.unit * (2.2 + 5.5 * t)
        profile = (row + swing * line(stage.width, 1.1 + 0.5 * rng.random(), rng, 3, 0.3)).astype(np.float32)
        shade = shift(lit_colour(stage, own, depth), lightness=-0.05 * t * (1.2 - stage.scheme.local))
        ridge(stage, profile, shade, depth=depth, mist=0.22 * (1 - t), rim=0.5 * (1 - 0.5 * t), grain=0.09)
        crests.append(profile)
    return crests


def dunes(stage: Stage, layers: int = 5) -> list[Array]:
    """Dunes with sharp crests: a lit side, a shaded side, and ripples."""
    rng = stage.rng("dunes")
    scheme, width = stage.scheme, stage.width
    own = ground_material(stage)
    own = own if own in ("sand", "snow", "red_rock", "moon_dust") else "sand"
    span = stage.height - stage.horizon
    crests = []
    for k in range(layers):
        t = k / (layers - 1)
        depth = 0.8 * (1 - t) ** 1.3
        row = stage.horizon + span * 0.74 * t**1.35 - stage.unit * (3 * (1 - t))
        swing = stage.unit * (3.0 + 9 * t)
        raw = line(width, 1.0 + 0.6 * rng.random() + 0.8 * (1 - t), rng, 2, 0.35)
        profile = (row - swing * (1 - np.abs(raw)) ** 1.6 + swing * 0.4).astype(np.float32)
        top = int(max(0, profile.min() - 2))
        if top >= stage.height:
            continue
        y = np.arange(top, stage.height, dtype=np.float32)[:, None]
        x = np.arange(width, dtype=np.float32)[None]
        below = y - profile[None]
        # The crest's own edge wanders down the face: it parts the lit side from the shaded one.
        slope = np.gradient(cv2.GaussianBlur(profile.reshape(1, -1), (0, 0), stage.unit)[0])
        bend = sample("soft", x * 0.5 + 100 * k + below * 0.2, below * 0.5 + 50.0)
        at = np.clip(x + (bend - 0.5) * stage.unit * 26 + below * 0.9 * np.sign(stage.light_from[0] or 1), 0, width - 1)
        side = slope[at.astype(np.int32)] * (np.sign(stage.light_from[0]) or 1)
        lit = smooth(-0.05, 0.07, side)
        ripples = sample("fine", x * (0.35 + 0.5 * t) + below * 0.4, below * (2.6 - 1.4 * t) + 100 * k)
        base = lit_colour(stage, own, depth)
        bright = np.array(mix(base, scheme.lit, 0.34 * max(0.3, scheme.rim)), np.float32)
        dark = np.array(mix(mix(base, scheme.shade, 0.35), scheme.near, 0.22), np.float32)
        ink = dark + (bright - dark) * lit[..., None]
        ink *= 1 + ((ripples - 0.5) * 0.16 * (0.4 + t))[..., None]
        fade = smooth(0, stage.unit * 26, below) * (0.5 * (1 - t))
        ink += (stage.haze_row() - ink) * fade[..., None]
        edge = np.exp(-np.maximum(below, 0) / (stage.unit * 0.3)) * scheme.rim * 0.7
        ink += (np.array(mix(scheme.glow, scheme.lit, 0.5), np.float32) - ink) * edge[..., None]
        stage.paint(np.clip(below + 0.5, 0, 1), ink, 1.0, top, 0)
        crests.append(profile)
    return crests


def plain(stage: Stage, material: str, *, start: float | None = None, rough: float = 0.1) -> None:
    """Flat ground from a row to the lower edge, its texture in perspective and its near part darker."""
    top = int(max(0, stage.horizon if start is None else start))
    if top >= stage.height:
        return
    y = np.arange(top, stage.height, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None]
    t = np.clip((y - stage.horizon) / max(1.0, stage.height - stage.horizon), 0, 1)
    distance = 1 / (t * 0.94 + 0.06)
    k = 1080 / min(stage.width, stage.height)
    off = float(stage.rng("plain").uniform(0, 900))
    n = sample("soft", (x - stage.width / 2) * distance * 0.5 * k + off, distance * 240 + off + np.zeros_like(x))
    n2 = sample("fine", (x - stage.width / 2) * distance * 0.5 * k + off, distance * 420 + np.zeros_like(x))
    far = np.array(lit_colour(stage, material, 0.8), np.float32)
    mid = np.array(lit_colour(stage, material, 0.25), np.float32)
    near = np.array(mix(lit_colour(stage, material, 0.0), stage.scheme.near, 0.45), np.float32)
    tt = t[..., None]
    ink = np.where(tt < 0.35, far + (mid - far) * smooth(0, 0.35, tt), mid + (near - mid) * smooth(0.35, 1.0, tt))
    ink = ink * (1 + ((n - 0.5) * 2 * rough + (n2 - 0.5) * rough * 0.8 * np.clip(t * 3, 0, 1))[..., None])
    if stage.sun is not None:
        pool = np.exp(-(((x - stage.sun[0]) / (stage.width * 0.22)) ** 2)) * (1 - t) ** 1.4 * stage.scheme.rim * 0.34
        ink = ink + (np.array(stage.scheme.glow, np.float32) - ink) * pool[..., None]
    stage.image[top:] = ink


def road(
    stage: Stage, *, vanish_x: float, width_share: float = 0.42, material: str = "earth", end_x: float | None = None,
    start: float | None = None, winding: float = 0.0, marked: bool = False, opacity: float = 0.85,
) -> None:  # fmt: skip
    """A road or path from the lower edge to the horizon.

    Args:
        stage: the picture.
        vanish_x: column where it meets the horizon, in pixels.
        width_share: its width at the lower edge as a share of the picture's width.
        material: what it is made of.
        end_x: column of its middle at the lower edge; the picture's middle when None.
        start: row where it begins at the far end; the horizon when None.
        winding: how far it swings from side to side.
        marked: with a broken line down its middle.
        opacity: 0 to 1.
    """
    rng = stage.rng("road")
    start = stage.horizon if start is None else start
    span = stage.height - start
    end_x = stage.width / 2 if end_x is None else end_x
    t = np.linspace(0, 1, 120)
    near = t**1.0
    bend = winding * stage.width * np.sin(t * rng.uniform(4.5, 6.5) + rng.uniform(0, 6)) * (t * (1 - t) * 1.6 + 0.02)
    middle = vanish_x + (end_x - vanish_x) * near**1.15 + bend
    half = stage.width * width_share / 2 * (near**1.25) + 1.2
    rows = start + span * near
    left = np.stack([middle - half, rows], axis=1)
    right = np.stack([middle + half, rows], axis=1)[::-1]
    top = int(start)
    shape = np.concatenate([left, right]) - [0, top]
    mask = polygons(stage.height - top, stage.width, [shape])
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.6, stage.unit * 0.12)), np.float32)
    y = np.linspace(0, 1, stage.height - top, dtype=np.float32)
    far = np.array(mix(lit_colour(stage, material, 0.6), stage.scheme.horizon, 0.4), np.float32)
    close = np.array(mix(lit_colour(stage, material, 0.0), stage.scheme.near, 0.3), np.float32)
    ink = far + (close - far) * y[:, None, None]
    n = field(stage.height - top, stage.width, stage.unit * 3, rng, 4, stretch=4)
    stage.paint(mask, ink * (1 + (n[..., None] - 0.5) * 0.14), opacity, top)
    if marked:
        marks = []
        for a in np.geomspace(0.02, 1.0, 14)[:-1]:
            b = a * 1.22
            for u0, u1 in ((a, b),):
                i, j = int(u0 * 119), min(119, int(u1 * 119))
                if j <= i:
                    continue
                w0, w1 = half[i] * 0.022, half[j] * 0.022
                marks.append(
                    [(middle[i] - w0, rows[i] - top), (middle[i] + w0, rows[i] - top),
                     (middle[j] + w1, rows[j] - top), (middle[j] - w1, rows[j] - top)]
                )  # fmt: skip
        stage.paint(
            polygons(stage.height - top, stage.width, marks), mix(stage.scheme.lit, stage.scheme.haze, 0.3), 0.5, top
        )


def surface(stage: Stage, mask: Array, colour: Colour, left: int, top: int, rough: float = 0.5) -> Array:
    """Rock-like shading for a mask: broken facets, and a rim towards the light; shape (h, w, 3)."""
    h, w = mask.shape
    lx, ly = stage.light_from
    d = max(1.5, stage.unit * 0.28)
    move = np.array([[1, 0, -lx * d], [0, 1, -ly * d]], np.float32)
    moved = cv2.warpAffine(mask, move, (w, h))
    rim = np.clip(np.asarray(mask - moved, np.float32), 0, 1)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    k = 1080 / min(stage.width, stage.height)
    n = sample("soft", (x + left) * 2.0 * k + 300, (y + top) * 2.6 * k + 300)
    m = sample("soft", (x + left + lx * 5) * 2.0 * k + 300, (y + top + ly * 5) * 2.6 * k + 300)
    relief = np.clip((n - m) * 5 + 0.5, 0, 1)
    bright = np.array(mix(colour, stage.scheme.lit, 0.22 * rough), np.float32)
    dark = np.array(mix(colour, stage.scheme.near, 0.5 * rough), np.float32)
    ink = dark + (bright - dark) * relief[..., None]
    edge = np.array(mix(stage.scheme.glow, stage.scheme.lit, 0.5), np.float32)
    return np.asarray(ink + (edge - ink) * (rim * 0.7 * stage.scheme.rim)[..., None], dtype=np.float32)


def cliff_profile(
    stage: Stage, side: int, top_row: float, edge_x: float, foot_row: float, rng: Rng
) -> list[tuple[float, float]]:
    """The outline of a cliff that comes in from one side (-1 left, 1 right) and falls to the sea at `edge_x`."""
    out_x = -stage.width * 0.05 if side < 0 else stage.width * 1.05
    steps = 26
    xs = np.linspace(out_x, edge_x, steps)
    wobble = line(steps, 4, rng, 3) * stage.unit * 1.0
    rise = np.linspace(-stage.unit * 2.0, 0, steps)
    crown = [(float(x), float(top_row + w + r)) for x, w, r in zip(xs, wobble, rise, strict=True)]
    fall = 18
    jag = line(fall, 7, rng, 3)
    face = []
    for i in range(1, fall):
        t = i / (fall - 1)
        out = -side * (t**1.7) * stage.unit * 13
        face.append((float(edge_x + out + jag[i] * stage.unit * 2.0), float(top_row + (foot_row - top_row) * t)))
    return [*crown, *face, (float(edge_x - side * stage.unit * 14), stage.height + 5.0), (out_x, stage.height + 5.0)]
