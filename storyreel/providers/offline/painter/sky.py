"""The sky: its gradient, sun or moon, stars, clouds, aurora, planets and lightning."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Colour, mix, ramp, shift
from storyreel.providers.offline.painter.light import glow
from storyreel.providers.offline.painter.noise import field, line, sample, smooth
from storyreel.providers.offline.painter.stage import Lamp, Stage, disc


def paint_sky(stage: Stage, clouds: bool = True) -> None:
    """The whole sky down to a little below the horizon, with everything that hangs in it."""
    # Whatever hangs in the sky is as far away as the sky.
    noted, stage.nearness = stage.nearness, None
    _paint_sky(stage, clouds)
    stage.nearness = noted


def _paint_sky(stage: Stage, clouds: bool) -> None:
    gradient(stage)
    if stage.scheme.stars > 0.02 and stage.spec.weather in ("clear", "wind", "dust", "snow"):
        stars(stage, stage.scheme.stars)
    if stage.spec.has("aurora"):
        aurora(stage)
    if stage.spec.has("planet") and stage.spec.place != "space":
        planet(stage)
    if stage.sun is not None:
        sun(stage)
    if clouds:
        paint_clouds(stage)
    if stage.spec.has("lightning") or (stage.spec.weather == "storm" and stage.spec.light == "storm"):
        lightning(stage)


def gradient(stage: Stage) -> None:
    """Fill the picture with the sky's colours, and with the glow around the sun."""
    scheme, height, width = stage.scheme, stage.height, stage.width
    horizon = max(stage.horizon, height * 0.25)
    at = np.arange(height, dtype=np.float32) / horizon
    stops = ((0.0, scheme.zenith), (0.38, scheme.upper), (0.76, scheme.lower), (1.0, scheme.horizon))
    stage.image[:] = ramp(stops, np.clip(at, 0, 1))[:, None, :]
    # A slow drift of brightness from side to side keeps a plain sky from looking printed.
    drift = field(max(2, height // 16), max(2, width // 16), max(8, height // 32), stage.rng("drift"), octaves=2)
    stage.image *= 1 + (cv2.resize(drift, (width, height), interpolation=cv2.INTER_CUBIC)[..., None] - 0.5) * 0.07
    if stage.spec.light == "dusk":
        afterglow(stage)


def afterglow(stage: Stage) -> None:
    """The light that stays low in the sky where the sun has gone."""
    height, width = stage.height, stage.width
    x0 = width * stage.rng("afterglow").uniform(0.25, 0.75)
    y, x = np.ogrid[0:height, 0:width]
    near = np.exp(-(((x - x0) / (width * 0.45)) ** 2) - ((y - stage.horizon) / (stage.horizon * 0.3 + 1)) ** 2).astype(
        np.float32
    )
    stage.shine(near, stage.scheme.glow, 0.5)


def sun(stage: Stage) -> None:
    """The sun or moon with the glow of the air around it."""
    assert stage.sun is not None
    scheme = stage.scheme
    x0, y0 = stage.sun
    y, x = np.ogrid[0 : stage.height, 0 : stage.width]
    far = np.sqrt((x - x0) ** 2 + (y - y0) ** 2).astype(np.float32)
    reach = max(stage.width, stage.height) * scheme.glow_reach
    body = 0.55 if scheme.moon else 0.85
    if stage.spec.light == "noon":
        body = 0.6
    wide = np.exp(-far / (reach * 0.42)) * body
    # The air is thickest along the horizon, so the glow lies down there.
    flat = np.exp(-(((x - x0) / reach) ** 2) - ((y - stage.horizon) / (reach * 0.22)) ** 2).astype(np.float32)
    low = 0.0 if scheme.disc_height > 0.5 else 0.5
    stage.shine(np.clip(wide + flat * low, 0, 1), scheme.glow, 0.85)
    if stage.spec.weather in ("rain", "storm", "fog"):
        return
    radius = min(stage.width, stage.height) * scheme.disc_size
    mask, reach_px = disc(radius, max(1.2, radius * 0.04))
    left, top = int(x0) - reach_px, int(y0) - reach_px
    stage.paint(mask, scheme.disc, 0.97, top, left)
    if scheme.moon:
        seas = field(mask.shape[0], mask.shape[1], radius * 0.7, stage.rng("seas"), octaves=3)
        stage.darken(mask * smooth(0.5, 0.72, seas), 0.86, top, left)
        yy, xx = np.mgrid[0 : mask.shape[0], 0 : mask.shape[1]].astype(np.float32)
        edge = np.clip((np.hypot(xx - reach_px, yy - reach_px) / radius), 0, 1) ** 4
        stage.darken(mask * edge, 0.9, top, left)
    # At once, not with the lamps: what comes to stand before the sun hides its glow too.
    glow(stage, Lamp(x0, y0, radius * 4.5, scheme.glow, 0.42 if scheme.moon else 0.5))


def stars(stage: Stage, amount: float) -> None:
    """Stars of many sizes, fewer towards the horizon, and on dark nights a band of the galaxy."""
    rng = stage.rng("stars")
    height, width = stage.height, stage.width
    limit = min(height, stage.horizon * 1.02 if stage.spec.place != "space" else height)
    if limit < 4:
        return
    layer = np.zeros((int(limit), width), np.float32)
    count = int(1500 * amount * stage.area * limit / height)
    xs, ys = rng.uniform(0, width, count), limit * rng.uniform(0, 1, count) ** 1.35
    bright = rng.pareto(2.4, count) * 0.22 + 0.12
    if amount > 0.75:
        band = rng.uniform(-0.9, 0.9)
        x0 = width * rng.uniform(0.3, 0.7)
        y, x = np.mgrid[0 : int(limit) : 4, 0:width:4].astype(np.float32)
        away = (x - x0 + (y - limit * 0.5) * band) / (width * 0.16)
        cloud = sample("soft", x * 0.9 + 77, y * 0.9 + 31)
        veil = np.exp(-(away**2)) * smooth(0.3, 0.85, cloud) * smooth(1.0, 0.55, y / limit)
        dark = np.exp(-((away * 2.6) ** 2)) * smooth(0.5, 0.72, sample("soft", x * 1.6 + 300, y * 1.6 + 9))
        big = cv2.resize(np.clip(veil - dark * 0.5, 0, 1), (width, int(limit)), interpolation=cv2.INTER_CUBIC)
        stage.shine(big, mix(stage.scheme.horizon, (0.85, 0.85, 1.0), 0.5), 0.34)
        extra = int(count * 0.9)
        ey = limit * rng.uniform(0, 0.9, extra)
        ex = x0 - (ey - limit * 0.5) * band + rng.normal(0, width * 0.09, extra)
        xs, ys = np.concatenate([xs, ex]), np.concatenate([ys, ey])
        bright = np.concatenate([bright, rng.pareto(3.0, extra) * 0.12 + 0.08])
    fade = 1 - smooth(0.6, 1.0, (ys / limit).astype(np.float32))
    scale = stage.unit / 10.8
    for x1, y1, b in zip(xs, ys, np.clip(bright * fade, 0, 1.5), strict=True):
        if b < 0.05 or not 0 <= x1 < width:
            continue
        cv2.circle(
            layer, (int(x1 * 8), int(y1 * 8)), int(8 * scale * (0.55 + min(1.2, b) * 1.1)), min(1.0, float(b)), -1,
            cv2.LINE_AA, 3,
        )  # fmt: skip
    # cv2 smooths edges only in 8 bit; a hair of blur does it here.
    layer = np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.6 * max(0.7, scale)), np.float32)
    stage.shine(np.clip(layer * 1.5, 0, 1), (0.93, 0.95, 1.0), 1.0)
    for k in np.argsort(bright)[-7:]:
        glow(stage, Lamp(float(xs[k]), float(ys[k]), stage.unit * 2.0, (0.8, 0.88, 1.0), 0.3 * amount))


def aurora(stage: Stage) -> None:
    """Curtains of green and violet light."""
    rng = stage.rng("aurora")
    height, width = int(max(8, stage.horizon)), stage.width
    total = np.zeros((height, width), np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    for _ in range(3):
        base = height * (rng.uniform(0.45, 0.75) + line(width, 1.6, rng, 3) * 0.14)
        tall = height * (0.35 + 0.15 * line(width, 2.5, rng, 2))
        rays = 0.55 + 0.45 * line(width, 60, rng, 3)
        up = (base[None] - y) / np.maximum(tall[None], 8)
        curtain = np.where(up > 0, np.exp(-up * 2.2), np.exp(up * 14)) * rays[None]
        total += np.asarray(curtain * (0.5 + 0.5 * line(width, 1.2, rng, 2))[None], np.float32)
    total = np.clip(total, 0, 1)
    share = np.clip(y / height, 0, 1)
    stage.shine(total * share, (0.25, 0.95, 0.6), 0.75)
    stage.shine(total * (1 - share), (0.5, 0.35, 0.95), 0.7)


def planet(
    stage: Stage, x: float | None = None, y: float | None = None, radius: float | None = None, *, ringed: bool = True
) -> None:
    """A large planet, lit from the side where the light comes from, at times with a ring where it may have one."""
    rng = stage.rng("planet")
    radius = radius or stage.unit * rng.uniform(16, 26)
    x = x if x is not None else stage.width * rng.choice([rng.uniform(0.2, 0.34), rng.uniform(0.66, 0.8)])
    y = y if y is not None else stage.horizon * rng.uniform(0.3, 0.5)
    mask, reach = disc(radius, 1.5)
    yy, xx = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32) / np.float32(radius)
    z = np.sqrt(np.clip(1 - xx**2 - yy**2, 0, 1))
    lx, ly = stage.light_from
    facing = np.clip(xx * lx * 0.85 + yy * ly * 0.85 + z * 0.45, 0, 1)
    bands = sample("soft", xx * 60 + 200 + rng.uniform(0, 400), (yy + xx * 0.18) * 330 + 300)
    one, two = stage.scheme.lower, stage.scheme.glow
    warm = mix(two, (0.95, 0.75, 0.55), 0.4)
    cool = mix(one, (0.35, 0.4, 0.65), 0.4)
    ink = np.array(warm, np.float32) * bands[..., None] + np.array(cool, np.float32) * (1 - bands[..., None])
    dark = np.array(mix(stage.scheme.zenith, (0, 0, 0), 0.25), np.float32)
    ink = dark + (ink - dark) * smooth(0.0, 0.75, facing)[..., None]
    left, top = int(x) - reach, int(y) - reach
    ringed = rng.random() < 0.55 and ringed
    tilt = rng.uniform(-28, -14)
    noted, stage.nearness = stage.nearness, None
    if ringed:
        _ring(stage, x, y, radius, tilt, behind=True)
    stage.paint(mask, ink, 1.0, top, left)
    if ringed:
        _ring(stage, x, y, radius, tilt, behind=False)
    stage.nearness = noted
    glow(stage, Lamp(x + lx * radius * 0.5, y + ly * radius * 0.5, radius * 1.8, warm, 0.16))


def _ring(stage: Stage, x: float, y: float, radius: float, tilt: float, behind: bool) -> None:
    reach = int(radius * 2.3)
    layer = np.zeros((reach * 2 + 1, reach * 2 + 1), np.uint8)
    start, end = (180, 360) if behind else (0, 180)
    for k, shade in ((1.45, 120), (1.6, 200), (1.72, 150), (1.9, 90)):
        axes = (int(radius * k), int(radius * k * 0.26))
        cv2.ellipse(layer, (reach, reach), axes, tilt, start, end, shade, max(1, int(radius * 0.055)), cv2.LINE_AA)
    colour = mix(stage.scheme.glow, (0.95, 0.88, 0.78), 0.5)
    stage.paint(layer.astype(np.float32) / 255, colour, 0.75, int(y) - reach, int(x) - reach)


def paint_clouds(stage: Stage) -> None:
    """The clouds that the weather and the light ask for."""
    weather, light = stage.spec.weather, stage.spec.light
    if weather == "storm" or light == "storm":
        deck(stage, cover=0.8, contrast=1.0, thickness=0.95)
    elif weather == "clouds":
        deck(stage, cover=0.78, contrast=1.0, thickness=0.85)
    elif weather in ("rain", "snow") or light == "overcast":
        deck(stage, cover=0.72, contrast=0.5, thickness=0.7)
    elif weather == "fog":
        deck(stage, cover=0.5, contrast=0.25, thickness=0.35)
    elif light in ("sunset", "dawn", "golden"):
        deck(stage, cover=0.42, contrast=0.9, thickness=0.62, streaks=True)
        if stage.rng("banks?").random() < 0.6:
            banks(stage, 0.8)
    elif light == "noon":
        banks(stage, 1.0)
        deck(stage, cover=0.2, contrast=0.5, thickness=0.35, streaks=True)
    elif light in ("dusk", "moon"):
        deck(stage, cover=0.34, contrast=0.8, thickness=0.55, streaks=True)
        if light == "moon":
            banks(stage, 0.6)
    elif light == "neon":
        deck(stage, cover=0.5, contrast=0.4, thickness=0.4)


def deck(stage: Stage, cover: float, contrast: float, thickness: float, streaks: bool = False) -> None:
    """A sheet of cloud seen in perspective, lit where it faces the sun.

    Args:
        stage: the picture.
        cover: share of the sky under cloud, 0 to 1.
        contrast: how far the lit and shaded sides differ.
        thickness: opacity where it is densest.
        streaks: drawn out along the wind instead of in lumps.
    """
    rng = stage.rng("deck")
    step = 2 if stage.height >= 500 else 1
    height = int(max(8, min(stage.height, stage.horizon)))
    y, x = np.mgrid[0:height:step, 0 : stage.width : step].astype(np.float32)
    up = (stage.horizon - y) / max(1.0, stage.horizon)
    distance = 1 / (up * 0.9 + 0.16)
    aspect = 1.5 if streaks else 1.0
    lean = rng.uniform(-0.25, 0.25)
    scale = 1080 / min(stage.width, stage.height) * 0.36
    u = (x - stage.width / 2) * distance * scale / aspect + rng.uniform(0, 900)
    v = distance * (330 if streaks else 260) + rng.uniform(0, 900) + u * lean
    if streaks:
        u, v = u * 0.62, v * 1.35
    warp = sample("soft", u * 0.5 + 40, v * 0.5 + 90)
    u, v = u + warp * 60, v + warp * 40
    d = sample("soft", u, v) * 0.75 + sample("soft", u * 2.7 + 100, v * 2.7) * 0.25
    lx = stage.light_from[0]
    if stage.sun is not None:
        dx, dy = stage.sun[0] - x, stage.sun[1] - y
        norm = np.sqrt(dx * dx + dy * dy) + 1
        toward = sample("soft", u + dx / norm * 14, v - dy / norm * 14)
    else:
        toward = sample("soft", u + lx * 14, v - 14)
    lit = np.clip((d - toward) * 3.2 * contrast + 0.45, 0, 1)
    edge = 0.78 - cover * 0.55
    alpha = smooth(edge, edge + 0.3, d) * thickness
    alpha *= smooth(0.0, 0.1, up) * (0.55 + 0.45 * smooth(1.25, 0.3, up))
    if stage.sun is not None and not stage.scheme.moon:
        far = np.sqrt((x - stage.sun[0]) ** 2 + (y - stage.sun[1]) ** 2) / (stage.width * 0.5)
        lit = np.clip(lit + np.exp(-far * 2.2) * 0.4 * (1.15 - d), 0, 1)
    elif stage.sun is not None:
        far = np.sqrt((x - stage.sun[0]) ** 2 + (y - stage.sun[1]) ** 2) / (stage.width * 0.3)
        lit = np.clip(lit * (0.35 + np.exp(-far * 1.6)), 0, 1)
    size = (stage.width, height)
    alpha = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR), np.float32)
    lit = np.asarray(cv2.resize(lit, size, interpolation=cv2.INTER_LINEAR), np.float32)[..., None]
    shade = np.array(stage.scheme.cloud_shade, np.float32)
    light = np.array(stage.scheme.cloud_lit, np.float32)
    stage.paint(alpha, shade + (light - shade) * lit)


def banks(stage: Stage, amount: float) -> None:
    """Heaps of cumulus standing over the horizon, bright on the side of the sun and lost in haze at the foot."""
    rng = stage.rng("banks")
    for distance in (1.0, 0.6):
        for _ in range(rng.integers(1, 4)):
            wide = stage.width * rng.uniform(0.14, 0.34) * (1.25 - distance * 0.5)
            tall = wide * rng.uniform(0.28, 0.5)
            x0 = rng.uniform(-0.05, 1.05) * stage.width
            base = stage.horizon * (1.0 - rng.uniform(0.05, 0.22) - (1 - distance) * 0.3)
            _heap(stage, x0, base, wide, tall, amount * (0.8 if distance > 0.8 else 0.95), int(rng.integers(1 << 30)))


def _heap(stage: Stage, x0: float, base: float, wide: float, tall: float, amount: float, seed: int) -> None:
    rng = np.random.default_rng(int(seed))
    pad = int(tall * 0.5) + 4
    h, w = int(tall * 1.35) + pad, int(wide) + 2 * pad
    if h < 6 or w < 6 or w > stage.width * 2:
        return
    mask = np.zeros((h, w), np.uint8)
    foot = h - pad * 0.45
    for _ in range(46):
        t = rng.uniform(-1, 1)
        crown = (1 - abs(t) ** 1.7) * tall * rng.uniform(0.15, 1.0)
        r = tall * rng.uniform(0.09, 0.24) * (1.1 - abs(t) * 0.65)
        centre = (int((w / 2 + t * wide * 0.46) * 8), int((foot - crown * 0.8) * 8))
        cv2.circle(mask, centre, int(r * 8), 255, -1, cv2.LINE_AA, 3)
    alpha = mask.astype(np.float32) / 255
    sx = stage.sun[0] - x0 if stage.sun is not None else stage.light_from[0] * 100
    sy = stage.sun[1] - base if stage.sun is not None else -100.0
    norm = float(np.hypot(sx, sy)) + 1
    soft = np.asarray(cv2.GaussianBlur(alpha, (0, 0), max(1.0, tall * 0.09)), np.float32)
    d = max(2.0, tall * 0.1)
    move = np.array([[1, 0, -sx / norm * d], [0, 1, -sy / norm * d]], np.float32)
    moved = cv2.warpAffine(soft, move, (w, h), borderMode=cv2.BORDER_CONSTANT)
    puff = field(h, w, max(4.0, tall * 0.3), rng, octaves=4)
    lit = np.clip((soft - moved) * 2.4 + 0.25 + (puff - 0.5) * 0.9, 0, 1)
    y = np.arange(h, dtype=np.float32)[:, None]
    fade = smooth(foot, foot - tall * 0.55, np.broadcast_to(y, (h, w)).astype(np.float32))
    shade = np.array(mix(stage.scheme.cloud_shade, stage.scheme.lower, 0.35), np.float32)
    light = np.array(stage.scheme.cloud_lit, np.float32)
    ink = shade + (light - shade) * lit[..., None]
    stage.paint(alpha * fade, ink, amount * 0.92, int(base - foot), int(x0 - w / 2))


def lightning(stage: Stage, x: float | None = None) -> None:
    """A forked bolt from the clouds to the horizon, and the light it throws."""
    rng = stage.rng("lightning")
    x = x if x is not None else stage.width * rng.choice([rng.uniform(0.15, 0.38), rng.uniform(0.62, 0.85)])
    layer = np.zeros((stage.height, stage.width), np.uint8)
    thick = max(1, round(stage.unit * 0.26))

    def bolt(x1: float, y1: float, y2: float, width: int, spread: float, depth: int) -> None:
        points = [(x1, y1)]
        while y1 < y2:
            y1 += stage.unit * rng.uniform(1.2, 3.6)
            x1 += rng.normal(0, spread)
            points.append((x1, y1))
            if depth < 2 and rng.random() < 0.14:
                bolt(x1, y1, min(y2, y1 + stage.unit * rng.uniform(8, 26)), max(1, width - 1), spread * 1.5, depth + 1)
        path = np.round(np.array(points, np.float32) * 8).astype(np.int32)
        cv2.polylines(layer, [path], False, 255 if depth == 0 else 170, width, cv2.LINE_AA, 3)

    bolt(float(x), 0.0, stage.horizon, thick, stage.unit * 1.5, 0)
    mask = layer.astype(np.float32) / 255
    glow_colour: Colour = shift(mix(stage.scheme.disc, (0.8, 0.86, 1.0), 0.6))
    small = cv2.resize(mask, (stage.width // 4, stage.height // 4), interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(small, (0, 0), stage.unit * 1.6)
    near = cv2.GaussianBlur(small, (0, 0), stage.unit * 0.35)
    glow = cv2.resize(wide * 5 + near * 2.2, (stage.width, stage.height), interpolation=cv2.INTER_CUBIC)
    y, xx = np.ogrid[0 : stage.height, 0 : stage.width]
    flash = np.exp(
        -(((xx - x) / (stage.width * 0.3)) ** 2) - ((y - stage.horizon * 0.15) / (stage.horizon * 0.7 + 1)) ** 2
    ).astype(np.float32)
    stage.shine(np.clip(np.asarray(glow, np.float32) + flash * 0.5, 0, 1), glow_colour, 0.6)
    stage.shine(mask, (1.0, 1.0, 1.0), 1.0)
