"""Wild and open places: hills, fields, mountains, woods, deserts, lakes, rivers, roads, swamps and gardens."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Array, mix, parse
from storyreel.providers.offline.painter.glasshouse import glasshouse
from storyreel.providers.offline.painter.land import (
    dunes,
    far_hills,
    ground_material,
    lit_colour,
    mountains,
    plain,
    ridge,
    road,
    rolling,
)
from storyreel.providers.offline.painter.light import shafts
from storyreel.providers.offline.painter.noise import line, sample, smooth
from storyreel.providers.offline.painter.shapes import put
from storyreel.providers.offline.painter.sky import paint_sky
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage, polygons
from storyreel.providers.offline.painter.trees import (
    Brush,
    canopy,
    grass,
    grow,
    leaf_colour,
    paint_leaves,
    reeds,
    stand,
    tree_kind,
    trunks,
)
from storyreel.providers.offline.painter.water import paint_water
from storyreel.providers.offline.painter.weather import fog
from storyreel.providers.offline.silhouettes import draw


def row_at(crest: Array, x: float) -> float:
    """The crest's row at a column."""
    return float(crest[int(np.clip(x, 0, len(crest) - 1))])


def backdrop(stage: Stage) -> None:
    """What stands along the horizon behind open land: mountains or hills."""
    if stage.spec.has("mountain", "snowcap", "ice") or stage.rng("backdrop").random() < 0.4:
        mountains(stage, 3, 0.42)
    else:
        far_hills(stage, 3, 0.15)


def hills(stage: Stage) -> Footing:
    """Rolling hills with trees along their crests."""
    paint_sky(stage)
    backdrop(stage)
    rng = stage.rng("hills")
    material = ground_material(stage)
    crests = rolling(stage, 2, material)
    stand(stage, crests[0] + stage.unit * 0.4, tall=stage.unit * 4.0, depth=0.62, name="hills0", density=1.3, mist=0.5)
    crests = rolling(stage, 4, material, start=1.2)
    tree = stage.width - stage.hero_x + stage.width * rng.uniform(-0.1, 0.1)
    lone(stage, tree, row_at(crests[0], tree) + stage.unit, stage.unit * rng.uniform(16, 24), "lone", depth=0.12)
    crest = crests[1] if len(crests) > 1 else crests[0]
    if stage.spec.has("path", "road"):
        road(
            stage,
            vanish_x=stage.hero_x,
            width_share=0.22,
            material="earth",
            start=row_at(crest, stage.hero_x),
            winding=0.3,
            opacity=0.6,
        )
    grass(stage, row=stage.height * 0.985, tall=stage.unit * 7, name="front")
    return Footing(stage.hero_x, row_at(crests[0], stage.hero_x) + stage.unit * 1.2, stage.unit * 14)


def lone(
    stage: Stage, x: float, base: float, tall: float, name: str, depth: float = 0.1, kind: str | None = None
) -> None:
    """One tree standing by itself."""
    kind = kind or tree_kind(stage)
    if kind == "conifer" and not stage.spec.snow_lies and stage.spec.place in ("hills", "fields", "road"):
        kind = "broadleaf"
    top = int(max(0, base - tall * 1.3))
    brush = Brush(max(4, int(base - top + tall * 0.1)), stage.width)
    grow(brush, kind, x, base - top, tall, stage.rng(name))
    rows = np.full(stage.width, base, np.float32)
    colour = mix(leaf_colour(stage, kind, depth), stage.scheme.near, 0.45 * (1 - depth))
    paint_leaves(stage, brush.alpha, colour, top, rows, tall, depth, 0.0, brush.bright)


def fields(stage: Stage) -> Footing:
    """Tilled land: strips of crop running to the horizon, a fence, a tree, perhaps a mill."""
    paint_sky(stage)
    backdrop(stage)
    rng = stage.rng("fields")
    if stage.spec.has("ice"):
        plain(stage, "snow", rough=0.2)
        return Footing(stage.hero_x, stage.horizon + (stage.height - stage.horizon) * 0.32, stage.unit * 13, mirror=0.2)
    stand(
        stage,
        stage.horizon + stage.unit * 0.8,
        tall=stage.unit * 2.6,
        depth=0.7,
        name="hedge",
        density=1.6,
        mist=0.5,
        kind="broadleaf",
    )
    material = ground_material(stage)
    crop = "wheat" if material == "grass" and stage.spec.season in ("", "summer") else material
    plain(stage, crop, rough=0.16)
    if material != "snow":
        _rows(stage, crop)
    side = stage.width - stage.hero_x
    lone(stage, side, stage.horizon + stage.unit * 5, stage.unit * rng.uniform(15, 22), "lone", depth=0.25)
    if stage.spec.has("path", "road"):
        road(stage, vanish_x=stage.hero_x, width_share=0.3, end_x=stage.width * 0.5, opacity=0.8)
    grass(
        stage,
        row=stage.height * 0.97,
        tall=stage.unit * 11,
        name="front",
        colour=mix(lit_colour(stage, crop, 0.0), stage.scheme.near, 0.62),
    )
    return Footing(stage.hero_x, stage.horizon + (stage.height - stage.horizon) * 0.32, stage.unit * 15)


def _rows(stage: Stage, material: str) -> None:
    """Furrows that meet at the horizon."""
    top = int(stage.horizon)
    y = np.arange(top, stage.height, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None]
    t = np.clip((y - stage.horizon) / max(1.0, stage.height - stage.horizon), 0.003, 1)
    across = (x - (stage.width - stage.hero_x)) / (t + 0.02) / stage.width
    n = sample("fine", across * 90 + 200, 1 / (t + 0.05) * 220 + np.zeros_like(x))
    wave = np.sin(across * 34 + (n - 0.5) * 1.6)
    near = np.clip((t - 0.03) * 4, 0, 1)
    stage.darken(np.asarray(smooth(0.1, 0.9, wave) * near * 0.4, np.float32), 0.55, top)
    gold = np.array(mix(lit_colour(stage, material, 0.2), stage.scheme.lit, 0.3), np.float32)
    stage.paint(np.asarray(smooth(0.2, 0.9, -wave) * near * 0.3, np.float32), gold, 1.0, top)


def highlands(stage: Stage) -> Footing:
    """Mountains over a wooded valley, seen from a spur of rock."""
    paint_sky(stage)
    mountains(stage, 4, 0.72)
    rng = stage.rng("highlands")
    fog(stage, stage.horizon + stage.unit * 2, 0.4, 0.05, "valley")
    span = stage.height - stage.horizon
    for k, depth in enumerate((0.72, 0.5, 0.3)):
        row = stage.horizon + span * (0.02 + 0.16 * k)
        swing = stage.unit * (2 + 3 * k)
        base = (row + line(stage.width, 1.6, rng, 3) * swing).astype(np.float32)
        stand(
            stage,
            base,
            tall=stage.unit * (4.0 + 3.2 * k),
            depth=depth,
            name=f"wood{k}",
            density=1.4,
            fill=span * 0.3 if k < 2 else float(stage.height),
            mist=0.55,
            kind="conifer",
        )
        if k < 2:
            fog(stage, row + span * 0.12, 0.3, 0.05, f"valley{k}")
    return spur(stage)


def spur(stage: Stage) -> Footing:
    """A spur of dark rock in the foreground to stand on."""
    rng = stage.rng("spur")
    side = 1 if stage.hero_x > stage.width / 2 else -1
    row = stage.horizon + (stage.height - stage.horizon) * 0.42
    x = np.arange(stage.width, dtype=np.float32)
    from_edge = (stage.width - x if side > 0 else x) / stage.width
    hero = (stage.width - stage.hero_x if side > 0 else stage.hero_x) / stage.width
    drop = smooth(hero * 1.12, hero * 1.75, from_edge)
    profile = row + line(stage.width, 5, rng, 5) * stage.unit * 1.1 + drop * (stage.height - row) * 1.25
    profile -= smooth(hero * 0.9, 0.0, from_edge) * stage.unit * 5
    profile = profile.astype(np.float32)
    flat = np.exp(-(((x - stage.hero_x) / (stage.unit * 8)) ** 2))
    profile = profile * (1 - flat) + (row + stage.unit * 0.5) * flat
    material = "snow" if stage.spec.snow_lies else "rock"
    colour = mix(lit_colour(stage, material, 0.0), stage.scheme.near, 0.45)
    ridge(stage, profile.astype(np.float32), colour, depth=0.0, mist=0.0, rim=1.0, grain=0.3)
    base = row_at(profile.astype(np.float32), stage.hero_x)
    if material != "snow":
        tuft = stage.hero_x + side * stage.unit * 16
        lone(stage, tuft, row_at(profile, tuft) + stage.unit, stage.unit * 20, "spurtree", depth=0.02, kind="conifer")
    return Footing(stage.hero_x, base + stage.unit * 0.4, stage.unit * 15, shadow=0.2)


def forest(stage: Stage) -> Footing:
    """Inside a wood: trunks behind trunks into bright air, with rays between them."""
    rng = stage.rng("forest")
    scheme = stage.scheme
    paint_sky(stage, clouds=False)
    centre = stage.width * 0.5 + (stage.hero_x - stage.width * 0.5) * 0.5
    y, x = np.ogrid[0 : stage.height, 0 : stage.width]
    clearing = np.exp(
        -(((x - centre) / (stage.width * 0.26)) ** 2) - ((y - stage.horizon * 0.8) / (stage.height * 0.5)) ** 2
    ).astype(np.float32)
    stage.image += (np.array(scheme.haze, np.float32) - stage.image) * np.float32(0.62)
    stage.shine(clearing, mix(scheme.glow, scheme.horizon, 0.4), 0.62)
    firs = tree_kind(stage) == "conifer" and (
        stage.spec.snow_lies or rng.random() < 0.4 or stage.spec.angle in ("high", "aerial")
    )
    if firs:
        for k, depth in enumerate((0.9, 0.74, 0.56, 0.36)):
            half = stage.width * (0.025 + 0.03 * k)
            base = stage.horizon + stage.unit * (1 + 4.5 * k)
            stand(
                stage, base, tall=stage.unit * (30 + 13 * k), depth=depth, name=f"firs{k}", density=1.5 - 0.12 * k, kind="conifer",
                gap=(centre - half, centre + half), fill=stage.unit * 6, mist=0.5,
            )  # fmt: skip
    else:
        for k, depth in enumerate((0.93, 0.82, 0.66, 0.46)):
            half = stage.width * (0.02 + 0.045 * k)
            trunks(
                stage, depth=depth, count=26 - 5 * k, thick=stage.unit * (1.0 + 0.95 * k), name=f"trunks{k}",
                base=stage.horizon + stage.unit * (1 + 3.6 * k), gap=(centre - half, centre + half),
            )  # fmt: skip
            if k < 3:
                fog(stage, stage.horizon, 0.28, 0.13, f"wood{k}")
    material = "snow" if stage.spec.snow_lies else ("autumn" if stage.spec.season == "autumn" else "forest")
    _forest_floor(stage, material, centre)
    trunk_rays(stage, centre)
    if not firs:
        half = stage.width * 0.2
        trunks(
            stage,
            depth=0.1,
            count=7,
            thick=stage.unit * 6,
            name="near",
            base=stage.height * 0.93,
            gap=(centre - half, centre + half),
        )
        canopy(stage, depth=0.05, reach=stage.height * 0.17, name="canopy")
    else:
        half = stage.width * 0.22
        stand(stage, stage.height * 0.98, tall=stage.height * 0.86, depth=0.04, name="near", density=0.95, kind="conifer",
              gap=(centre - half, centre + half), mist=0.0)  # fmt: skip
    if not stage.spec.snow_lies:
        grass(stage, row=stage.height * 0.99, tall=stage.unit * 8, name="ferns")
    row = stage.horizon + (stage.height - stage.horizon) * 0.36
    return Footing(centre, row, stage.unit * 17, shadow=0.3)


def _forest_floor(stage: Stage, material: str, centre: float) -> None:
    top = int(stage.horizon + stage.unit * 2)
    base = mix(lit_colour(stage, material, 0.0), stage.scheme.near, 0.3)
    y = np.arange(top, stage.height, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None]
    t = np.clip((y - top) / max(1, stage.height - top), 0, 1)
    edge = line(stage.width, 9, stage.rng("floor"), 4)[None] * stage.unit * 0.8
    far = stage.haze_row()
    near = np.array(mix(base, stage.scheme.near, 0.5), np.float32)
    mid = np.array(mix(base, stage.scheme.haze, 0.2), np.float32)
    s = smooth(0.0, 0.45, t)[..., None]
    ink = far + (mid - far) * s + (near - mid) * smooth(0.35, 1.0, t)[..., None]
    k = 1080 / min(stage.width, stage.height)
    distance = 1 / (t * 0.94 + 0.06)
    n = sample("soft", (x - centre) * distance * 0.9 * k, distance * 380 + np.zeros_like(x))
    ink = ink * (1 + ((n - 0.5) * 0.34 * s[..., 0])[..., None])
    path = np.exp(-(((x - centre - np.sin(t * 5) * stage.width * 0.03) / (stage.width * (0.02 + 0.17 * t))) ** 2))
    bright = np.array(
        mix(lit_colour(stage, "earth" if material != "snow" else "snow", 0.15), stage.scheme.glow, 0.3), np.float32
    )
    ink = ink + (bright - ink) * (path * 0.5 * (1 - 0.5 * t))[..., None]
    stage.paint(
        np.asarray(np.clip((y - top + edge) / stage.unit, 0, 1), np.float32), np.asarray(ink, np.float32), 1.0, top
    )


def trunk_rays(stage: Stage, centre: float) -> None:
    """Slanting rays through the leaves."""
    if stage.spec.light in ("night", "storm", "neon", "fire") or stage.spec.weather in ("rain", "storm"):
        return
    rng = stage.rng("rays")
    slope = float(rng.choice([-1, 1])) * rng.uniform(0.35, 0.6)
    y, x = np.mgrid[0 : stage.height : 4, 0 : stage.width : 4].astype(np.float32)
    k = 1080 / min(stage.width, stage.height)
    across = x - y * slope
    streak = smooth(0.52, 0.8, sample("soft", across * 1.5 * k + 300, np.full_like(x, float(rng.uniform(0, 900)))))
    fade = np.exp(-(((x - centre) / (stage.width * 0.38)) ** 2)) * smooth(1.02, 0.25, y / stage.height)
    big = cv2.resize(np.asarray(streak * fade, np.float32), (stage.width, stage.height), interpolation=cv2.INTER_LINEAR)
    big = np.asarray(cv2.GaussianBlur(np.asarray(big, np.float32), (0, 0), stage.unit * 0.4), np.float32)
    stage.shine(
        np.clip(big, 0, 1), mix(stage.scheme.glow, stage.scheme.lit, 0.4), 0.42 if stage.spec.light != "moon" else 0.26
    )


def desert(stage: Stage) -> Footing:
    """Dunes under a wide sky, perhaps with far mesas."""
    paint_sky(stage)
    rng = stage.rng("desert")
    if stage.spec.has("mesa", "canyon") or rng.random() < 0.45:
        mesas(stage)
    else:
        far_hills(stage, 2, 0.07, "sand")
    crests = dunes(stage)
    at = min(2, len(crests) - 1)
    return Footing(stage.hero_x, row_at(crests[at], stage.hero_x) + stage.unit * 0.4, stage.unit * 9, shadow=0.5)


def mesas(stage: Stage) -> None:
    """Table mountains and buttes, layer behind layer."""
    rng = stage.rng("mesas")
    for k, depth in enumerate((0.9, 0.75, 0.58)):
        profile = np.full(stage.width, stage.horizon - stage.unit * 1.0 + k, np.float32)
        for _ in range(int(rng.integers(2, 4))):
            x0, wide = rng.uniform(0, 1) * stage.width, stage.width * rng.uniform(0.03, 0.13)
            tall = stage.horizon * rng.uniform(0.12, 0.33) * (1 - 0.1 * k)
            x = np.abs(np.arange(stage.width, dtype=np.float32) - x0) / wide
            step = np.interp(x, [0, 0.8, 0.86, 1.0, 1.06, 1.7], [1, 0.97, 0.62, 0.52, 0.3, 0.0])
            rough = line(stage.width, 30, rng, 3) * stage.unit * 0.4
            profile = np.minimum(profile, stage.horizon - tall * step.astype(np.float32) + rough * (step > 0.01))
        ridge(
            stage, profile.astype(np.float32), lit_colour(stage, "red_rock", depth), depth=depth, mist=0.6, rim=0.6, facets=0.6,
            bottom=stage.horizon + stage.unit * 4,
        )  # fmt: skip


def lake(stage: Stage) -> Footing:
    """A still lake under mountains, with a landing stage."""
    paint_sky(stage)
    rng = stage.rng("lake")
    mountains(stage, 3, 0.6)
    shore = (stage.horizon + line(stage.width, 2.0, rng, 3) * stage.unit * 0.6).astype(np.float32)
    ridge(
        stage,
        shore - stage.unit * 0.6,
        lit_colour(stage, "forest", 0.6),
        depth=0.6,
        mist=0.3,
        rim=0.1,
        bottom=stage.horizon + stage.unit * 2,
    )
    stand(stage, shore, tall=stage.unit * 6.0, depth=0.6, name="shore", density=1.4, mist=0.45)
    side = stage.width - stage.hero_x
    near = np.where(np.abs(np.arange(stage.width) - side) < stage.width * 0.25, 0.0, 4.0)
    stand(stage, shore + stage.unit + near.astype(np.float32) * 3, tall=stage.unit * 11, depth=0.42, name="shore2", density=1.1,
          gap=(min(side, stage.hero_x) + stage.width * 0.02, max(side, stage.hero_x) + stage.width * 0.3), mist=0.3)  # fmt: skip
    calm = 0.4 if stage.spec.weather in ("rain", "storm", "wind") else 0.82
    paint_water(stage, start=stage.horizon + stage.unit * 0.6, calm=calm)
    fog(stage, stage.horizon + stage.unit * 2, 0.35, 0.03, "lake")
    foot = jetty(stage)
    reeds(stage, row=stage.height * 1.0, tall=stage.unit * 22, name="reeds",
          columns=(stage.width * 0.72, stage.width * 1.0) if stage.hero_x < stage.width / 2 else (0, stage.width * 0.28))  # fmt: skip
    return foot


def jetty(stage: Stage) -> Footing:
    """A wooden landing stage from the lower edge out over the water."""
    rows = stage.horizon + (stage.height - stage.horizon) * np.array([0.34, 1.02])
    end, start = stage.hero_x, stage.hero_x + (stage.hero_x - stage.width / 2) * 0.5
    w0, w1 = stage.unit * 3.2, stage.unit * 15
    colour = mix(lit_colour(stage, parse("#7a604a"), 0.0), stage.scheme.near, 0.6)
    deck = polygons(
        stage.height,
        stage.width,
        [[(end - w0, rows[0]), (end + w0, rows[0]), (start + w1, rows[1]), (start - w1, rows[1])]],
    )
    posts = []
    for t in (0.02, 0.2, 0.5):
        y = rows[0] + (rows[1] - rows[0]) * t
        half, x = w0 + (w1 - w0) * t, end + (start - end) * t
        thick = stage.unit * (0.5 + 1.1 * t)
        for s in (-1, 1):
            px = x + s * half
            posts.append(
                [
                    (px - thick, y - thick * 3.2),
                    (px + thick, y - thick * 3.2),
                    (px + thick, y + thick * 4),
                    (px - thick, y + thick * 4),
                ]
            )
    stage.darken(
        polygons(
            stage.height,
            stage.width,
            [
                [
                    (p[0], p[1] + stage.unit * 2.2)
                    for p in ((end - w0, rows[0]), (end + w0, rows[0]), (start + w1, rows[1]), (start - w1, rows[1]))
                ]
            ],
        ),
        0.6,
    )
    y = np.linspace(0, 1, stage.height, dtype=np.float32)[:, None, None]
    lit = np.array(mix(colour, stage.scheme.lit, 0.08), np.float32)
    near = np.array(mix(colour, stage.scheme.near, 0.5), np.float32)
    stage.paint(polygons(stage.height, stage.width, posts), mix(colour, stage.scheme.near, 0.5))
    stage.paint(deck, lit + (near - lit) * y)
    planks = []
    for t in np.linspace(0, 1, 30) ** 1.7:
        yy = rows[0] + (rows[1] - rows[0]) * t
        half, x = w0 + (w1 - w0) * t, end + (start - end) * t
        thick = 0.6 + stage.unit * 0.16 * t
        planks.append([(x - half, yy), (x + half, yy), (x + half, yy + thick), (x - half, yy + thick)])
    stage.darken(polygons(stage.height, stage.width, planks), 0.6)
    return Footing(end, rows[0] + (rows[1] - rows[0]) * 0.08, stage.unit * 15, shadow=0.3)


def river(stage: Stage) -> Footing:
    """A river winding towards the viewer between wooded banks, with a bridge when one is asked for."""
    paint_sky(stage)
    backdrop(stage)
    rng = stage.rng("river")
    stand(stage, stage.horizon + stage.unit * 0.8, tall=stage.unit * 5.5, depth=0.66, name="far", density=1.3, mist=0.5)
    plain(stage, ground_material(stage), rough=0.14)
    span = stage.height - stage.horizon
    t = np.linspace(0, 1, 90)
    swing = np.sin(t * rng.uniform(4.0, 5.5) + rng.uniform(0, 6)) * stage.width * 0.16 * (0.25 + t) * (1 - t * 0.35)
    middle = stage.width * 0.5 + swing - swing[-1] * t + (stage.width * 0.5 - stage.hero_x) * 0.7 * t
    half = stage.width * (0.012 + 0.3 * t**1.25)
    rows = stage.horizon + span * (0.02 + 1.0 * t**1.15)
    shape = np.concatenate([np.stack([middle - half, rows], 1), np.stack([middle + half, rows], 1)[::-1]])
    mask = np.asarray(
        cv2.GaussianBlur(polygons(stage.height, stage.width, [shape]), (0, 0), stage.unit * 0.1 + 0.3), np.float32
    )
    edge = np.asarray(cv2.GaussianBlur(mask, (0, 0), stage.unit * 0.9), np.float32)
    stage.darken(np.clip(edge * 1.4 - mask, 0, 1), 0.55)
    paint_water(stage, calm=0.7, mask=mask)
    if stage.spec.has("wood"):
        wooded(stage, [(stage.horizon + span * k, stage.unit * (10 + 34 * k), 0.5 * (1 - k / 0.34)) for k in (0.04, 0.1, 0.2, 0.32)],
               lambda row: (float(np.interp(row, rows, middle - half)) - stage.unit * 4, float(np.interp(row, rows, middle + half)) + stage.unit * 4))  # fmt: skip
    foot_x = stage.hero_x
    row = stage.horizon + span * 0.42
    j = int(np.argmin(np.abs(rows - row)))
    clear = half[j] + stage.unit * 7
    if abs(foot_x - middle[j]) < clear:
        foot_x = float(middle[j] + clear * (1 if foot_x >= middle[j] else -1))
    foot_x = float(np.clip(foot_x, stage.width * 0.14, stage.width * 0.86))
    if not stage.spec.has("bridge"):
        lone(
            stage,
            stage.width * (0.13 if foot_x > stage.width / 2 else 0.87),
            row + stage.unit * 4,
            stage.unit * 40,
            "bank",
            depth=0.04,
        )
    else:
        from storyreel.providers.offline.painter.buildings import stone_bridge

        deck = stone_bridge(stage, stage.horizon + span * 0.2)
        grass(stage, row=stage.height * 0.99, tall=stage.unit * 9, name="front")
        return Footing(stage.width * 0.5 + (stage.hero_x - stage.width * 0.5) * 0.4, deck, stage.unit * 9, shadow=0.0)
    grass(stage, row=stage.height * 0.99, tall=stage.unit * 9, name="front")
    return Footing(foot_x, row, stage.unit * 14)


def wooded(stage: Stage, rows: list[tuple[float, float, float]], gap: Callable[[float], tuple[float, float]]) -> None:
    """Trees on both sides of a gap: at each (row, height in pixels, depth), far first; `gap` says what stays clear at a row."""
    for k, (row, tall, depth) in enumerate(rows):
        stand(
            stage,
            row,
            tall=tall,
            depth=max(0.03, depth),
            name=f"wooded{k}",
            density=1.2,
            gap=gap(row),
            mist=0.3 * depth,
        )


def swamp(stage: Stage) -> Footing:
    """Black water between dead trees."""
    paint_sky(stage)
    far_hills(stage, 1, 0.06, "forest")
    for k, depth in enumerate((0.85, 0.68, 0.45)):
        stand(stage, stage.horizon + stage.unit * (1 + 2.5 * k), tall=stage.unit * (17 + 14 * k), depth=depth, name=f"dead{k}",
              density=0.6, kind="bare", mist=0.6)  # fmt: skip
        fog(stage, stage.horizon, 0.35, 0.08, f"swamp{k}")
    paint_water(stage, start=stage.horizon + stage.unit * 5, calm=0.88)
    fog(stage, stage.horizon + stage.unit * 8, 0.4, 0.06, "swampfront")
    side = 0.1 if stage.hero_x > stage.width / 2 else 0.9
    lone(stage, stage.width * side, stage.height * 0.93, stage.height * 0.86, "old", depth=0.0, kind="bare")
    reeds(stage, row=stage.height, tall=stage.unit * 20, name="reeds", columns=(0, stage.width * 0.3))
    reeds(stage, row=stage.height, tall=stage.unit * 16, name="reeds2", columns=(stage.width * 0.66, stage.width))
    return bank(stage)


def bank(stage: Stage) -> Footing:
    """A low tongue of dark land in the water to stand on."""
    row = stage.horizon + (stage.height - stage.horizon) * 0.5
    x = np.arange(stage.width, dtype=np.float32)
    away = np.abs(x - stage.hero_x) / (stage.width * 0.16)
    profile = (row + away**2 * stage.unit * 5 + line(stage.width, 8, stage.rng("bank"), 4) * stage.unit * 0.6).astype(
        np.float32
    )
    under = row + stage.unit * (3.5 - 1.5 * away)
    y = np.arange(stage.height, dtype=np.float32)[:, None]
    mask = np.clip(y - profile[None] + 0.5, 0, 1) * np.clip(under[None] - y, 0, 1)
    stage.paint(np.asarray(mask, np.float32), mix(lit_colour(stage, "earth", 0.0), stage.scheme.near, 0.55))
    return Footing(stage.hero_x, row + stage.unit * 0.7, stage.unit * 15, shadow=0.1)


def highway(stage: Stage) -> Footing:
    """A road to the horizon with poles beside it."""
    paint_sky(stage)
    backdrop(stage)
    stand(
        stage, stage.horizon + stage.unit * 0.7, tall=stage.unit * 3.2, depth=0.72, name="hedge", density=1.2, mist=0.5
    )
    plain(stage, ground_material(stage), rough=0.14)
    vanish = stage.width * 0.5 + (stage.hero_x - stage.width * 0.5) * 0.35
    paved = not stage.spec.has("path") and not stage.spec.snow_lies
    road(
        stage,
        vanish_x=vanish,
        width_share=0.5,
        material="asphalt" if paved else "earth",
        marked=paved,
        end_x=stage.width * 0.5,
    )
    trees = next((name for name in _AVENUES if stage.spec.has(name)), None)
    if trees is None:
        poles(stage, vanish)
    else:
        avenue(stage, vanish, *_AVENUES[trees])
    grass(stage, row=stage.height * 1.0, tall=stage.unit * 8, name="front")
    row = stage.horizon + (stage.height - stage.horizon) * 0.3
    return Footing(vanish + (stage.width * 0.5 - vanish) * 0.3, row, stage.unit * 13, shadow=0.5)


# The word -> the silhouette, and whose leaves it has.
_AVENUES = {
    "cypress": ("cypress", "pine"), "palm": ("palm", "broadleaf"), "bare_tree": ("bare tree", "bare"), "pine": ("pine", "pine"),
    "oak": ("oak", "broadleaf"),
}  # fmt: skip


def avenue(stage: Stage, vanish: float, tree: str, leaves: str) -> None:
    """Trees on both sides of the road, dwindling along it."""
    rng = stage.rng("avenue")
    span = stage.height - stage.horizon
    for t in (0.018, 0.032, 0.05, 0.075, 0.11, 0.16, 0.24, 0.37):
        for side in (-1, 1):
            shape = draw("plant", tree, int(rng.integers(1000)))
            x = vanish + (stage.width * 0.5 - vanish) * t + side * stage.width * (0.012 + 0.62 * t)
            tall = (span * t * 1.75 + stage.unit * 1.2) * rng.uniform(0.9, 1.08)
            depth = float(np.clip(0.5 - 1.5 * t, 0.0, 1.0))
            own = mix(leaf_colour(stage, leaves, depth), stage.scheme.near, 0.35 * (1 - depth))
            put(
                stage,
                shape,
                float(x),
                stage.horizon + span * t,
                tall / shape.height,
                colour=own,
                depth=depth,
                shadow=0.35,
                rim=1.0,
            )


def poles(stage: Stage, vanish: float) -> None:
    """Telegraph poles and their wires, dwindling along the road."""
    side = 1 if vanish < stage.width / 2 else -1
    brush = Brush(stage.height, stage.width)
    span = stage.height - stage.horizon
    last: tuple[float, float, float] | None = None
    for t in (0.75, 0.4, 0.22, 0.125, 0.07, 0.04, 0.022):
        x, base = vanish + side * stage.width * 0.6 * t, stage.horizon + span * t
        tall = span * t * 2.1 + stage.unit
        thick = max(1.2, tall * 0.022)
        brush.stroke([(x, base), (x, base - tall)], thick * 1.3, thick)
        arm = tall * 0.1
        brush.stroke([(x - arm, base - tall * 0.93), (x + arm, base - tall * 0.93)], thick * 0.8, thick * 0.8)
        if last is not None:
            u = np.linspace(0, 1, 14)
            for s in (-1, 1):
                wx = last[0] + s * last[2] + (x + s * arm - last[0] - s * last[2]) * u
                wy = last[1] + (base - tall * 0.93 - last[1]) * u + np.sin(u * np.pi) * tall * 0.22
                brush.stroke(
                    [(float(p), float(q)) for p, q in zip(wx, wy, strict=True)],
                    max(0.9, thick * 0.35),
                    max(0.8, thick * 0.25),
                )
        last = (x, base - tall * 0.93, arm)
    paint_leaves(
        stage,
        brush.alpha,
        mix(stage.scheme.near, stage.scheme.haze, 0.15),
        0,
        np.full(stage.width, stage.height * 2.0, np.float32),
        stage.unit * 30,
        0.1,
        0.0,
    )


def orchard(stage: Stage) -> Footing:
    """Fruit trees in rows on both sides of a grassy lane."""
    paint_sky(stage)
    backdrop(stage)
    stand(stage, stage.horizon + stage.unit * 0.8, tall=stage.unit * 4, depth=0.72, name="far", density=1.3, mist=0.5,
          kind="broadleaf")  # fmt: skip
    plain(stage, "meadow" if ground_material(stage) == "grass" else ground_material(stage), rough=0.14)
    span = stage.height - stage.horizon
    vanish = stage.width * 0.5 + (stage.hero_x - stage.width * 0.5) * 0.55
    end = stage.width * 0.5
    road(stage, vanish_x=vanish, width_share=0.3, end_x=end, start=stage.horizon + stage.unit, opacity=0.35)
    for k, t in enumerate((0.02, 0.035, 0.055, 0.085, 0.13, 0.2, 0.31)):
        row = stage.horizon + span * t
        for side in (-1, 1):
            for lane in (1, 2, 3):
                x = vanish + (end - vanish) * t + side * stage.width * (0.028 + 0.84 * t) * (lane - 0.2)
                if not -stage.width * 0.2 < x < stage.width * 1.2 or (lane > 1 and t > 0.1):
                    continue
                fruit_tree(
                    stage, x, row, stage.unit * (3.2 + 92 * t), 0.66 * (1 - t / 0.31) ** 1.5, f"fruit{k}{side}{lane}"
                )
    grass(stage, row=stage.height * 0.99, tall=stage.unit * 8, name="front")
    return Footing(vanish + (end - vanish) * 0.2, stage.horizon + span * 0.26, stage.unit * 14)


def fruit_tree(stage: Stage, x: float, base: float, tall: float, depth: float, name: str) -> None:
    """One tree of an orchard, with its shadow, and with fruit where it is near and in leaf."""
    reach_x, reach_y = max(2, int(tall * 0.45)), max(2, int(tall * 0.07))
    yy, xx = np.mgrid[-1 : 1 : complex(2 * reach_y), -1 : 1 : complex(2 * reach_x)].astype(np.float32)
    stage.darken(np.clip(1 - np.hypot(xx, yy), 0, 1) ** 0.7, 0.55, int(base) - reach_y, int(x) - reach_x)
    lone(
        stage,
        x,
        base,
        tall,
        name,
        depth,
        "bare" if stage.spec.snow_lies or stage.spec.season == "winter" else "broadleaf",
    )
    if tall < stage.unit * 9 or stage.spec.snow_lies or stage.spec.season in ("winter", "spring"):
        return
    rng = stage.rng(f"{name} apples")
    brush = Brush(stage.height, stage.width)
    for _ in range(26):
        a, r = rng.uniform(0, 2 * np.pi), rng.uniform(0, 1) ** 0.5
        brush.spot(x + np.cos(a) * r * tall * 0.3, base - tall * 0.6 + np.sin(a) * r * tall * 0.24, tall * 0.011)
    red = mix(lit_colour(stage, parse("#d8402c"), depth), stage.scheme.near, 0.1)
    stage.paint(brush.alpha, red, 0.9)


def garden(stage: Stage) -> Footing:
    """A garden: hedges, a path, flowers, an arch of leaves."""
    if stage.spec.has("orchard"):
        return orchard(stage)
    paint_sky(stage)
    rng = stage.rng("garden")
    stand(
        stage,
        stage.horizon + stage.unit,
        tall=stage.unit * 15,
        depth=0.62,
        name="far",
        density=1.3,
        kind="broadleaf",
        mist=0.5,
    )
    stand(stage, stage.horizon + stage.unit * 3, tall=stage.unit * 22, depth=0.4, name="mid", density=0.8, kind="broadleaf", mist=0.3,
          gap=(stage.hero_x - stage.width * 0.13, stage.hero_x + stage.width * 0.13))  # fmt: skip
    plain(stage, "meadow" if not stage.spec.snow_lies else "snow", start=stage.horizon + stage.unit * 2, rough=0.14)
    road(
        stage,
        vanish_x=stage.hero_x,
        width_share=0.36,
        material="beach",
        start=stage.horizon + stage.unit * 3,
        end_x=stage.width * 0.5,
    )
    if stage.spec.has("greenhouse"):
        aside = -1 if stage.hero_x > stage.width / 2 else 1
        glasshouse(stage, stage.hero_x + aside * stage.width * 0.3, stage.horizon + stage.unit * 13, stage.unit * 34)
    if not stage.spec.snow_lies:
        blooms(stage, rng)
    canopy(stage, depth=0.03, reach=stage.height * 0.16, name="bower")
    row = stage.horizon + (stage.height - stage.horizon) * 0.36
    return Footing(stage.hero_x, row, stage.unit * 16)


def blooms(stage: Stage, rng: np.random.Generator) -> None:
    """Flowers over the ground, larger towards the viewer, and a dark bank of them in front."""
    colours = [parse(c) for c in ("#d9574f", "#e9c04f", "#f1e9e2", "#b56fb2", "#e38a5a")]
    top = stage.horizon + stage.unit * 4
    for colour in colours:
        brush = Brush(stage.height, stage.width)
        for _ in range(260):
            t = rng.uniform(0, 1) ** 0.7
            y = top + (stage.height - top) * t
            x = rng.uniform(0, stage.width)
            if abs(x - (stage.hero_x + (stage.width * 0.5 - stage.hero_x) * t)) < stage.width * (0.02 + 0.19 * t):
                continue
            r = stage.unit * (0.15 + 0.6 * t) * rng.uniform(0.5, 1.2)
            brush.spot(x, y, r)
        stage.paint(brush.alpha, mix(lit_colour(stage, colour, 0.05), colour, 0.25 * stage.scheme.local), 0.95)
    grass(stage, row=stage.height * 0.99, tall=stage.unit * 9, name="front")


def cemetery(stage: Stage) -> Footing:
    """Graves on a rise under bare trees, in mist."""
    from storyreel.providers.offline.painter.buildings import church_far, gravestones

    paint_sky(stage)
    far_hills(stage, 2, 0.1, "forest")
    church_far(stage, stage.width - stage.hero_x, stage.horizon + stage.unit * 2, stage.unit * 30)
    stand(
        stage,
        stage.horizon + stage.unit * 2,
        tall=stage.unit * 20,
        depth=0.6,
        name="far",
        density=0.5,
        kind="bare",
        mist=0.6,
    )
    fog(stage, stage.horizon + stage.unit, 0.35, 0.06, "graves")
    plain(stage, "snow" if stage.spec.snow_lies else "grass", start=stage.horizon + stage.unit * 2, rough=0.16)
    gravestones(stage)
    side = 0.1 if stage.hero_x > stage.width / 2 else 0.9
    lone(stage, stage.width * side, stage.height * 0.9, stage.height * 0.8, "old", depth=0.0, kind="bare")
    fog(stage, stage.horizon + stage.unit * 12, 0.3, 0.07, "graves")
    grass(stage, row=stage.height * 1.0, tall=stage.unit * 7, name="front")
    row = stage.horizon + (stage.height - stage.horizon) * 0.42
    return Footing(stage.hero_x, row, stage.unit * 16)


def campfire(stage: Stage, x: float, base: float, size: float) -> None:
    """A fire on the ground: flames, sparks and the light they throw."""
    rng = stage.rng("fire")
    brush = Brush(stage.height, stage.width)
    for s in (-1, 1):
        brush.stroke(
            [(x - s * size * 0.7, base + size * 0.05), (x + s * size * 0.6, base - size * 0.12)],
            size * 0.16,
            size * 0.12,
        )
    stage.paint(brush.alpha, stage.scheme.near)
    for colour, scale in (((1.0, 0.36, 0.1), 1.0), ((1.0, 0.62, 0.16), 0.72), ((1.0, 0.92, 0.6), 0.42)):
        flame = Brush(stage.height, stage.width)
        for _ in range(7):
            fx = x + rng.normal(0, 0.26) * size * scale
            high = size * rng.uniform(0.7, 1.5) * scale
            w = size * 0.24 * scale
            sway = rng.normal(0, 0.16) * size
            flame.fill(
                [
                    (fx - w, base),
                    (fx - w * 0.9, base - high * 0.35),
                    (fx + sway, base - high),
                    (fx + w * 0.9, base - high * 0.3),
                    (fx + w, base),
                ]
            )
        soft = np.asarray(cv2.GaussianBlur(flame.alpha, (0, 0), size * 0.035 + 0.4), np.float32)
        stage.paint(soft, colour, 0.95)
    stage.lamps.append(Lamp(x, base - size * 0.5, size * 9, (1.0, 0.55, 0.2), 0.75))
    stage.lamps.append(Lamp(x, base - size * 0.5, size * 2.4, (1.0, 0.8, 0.45), 0.8))


def sun_rays(stage: Stage) -> None:
    """Rays from a low sun, where the weather leaves one."""
    if stage.sun is None or stage.spec.weather in ("rain", "storm", "snow"):
        return
    strong = {"golden": 0.5, "dawn": 0.45, "sunset": 0.4, "noon": 0.18, "moon": 0.2}.get(stage.spec.light, 0.0)
    if stage.spec.emotion in ("hopeful", "wonder", "awe"):
        strong *= 1.4
    if stage.spec.weather in ("fog", "dust"):
        strong *= 1.3
    if strong > 0:
        shafts(stage, min(0.75, strong))
