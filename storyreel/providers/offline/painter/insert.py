"""One thing seen close: in somebody's hand or on a table, lit by what shines there, all else far out of focus."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.buildings import box, downwards
from storyreel.providers.offline.painter.colour import Array, Colour, hexed, mix, parse, shift
from storyreel.providers.offline.painter.land import lit_colour
from storyreel.providers.offline.painter.light import glow, light_lamps, magnify
from storyreel.providers.offline.painter.shapes import lay, put
from storyreel.providers.offline.painter.spec import Look
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage, disc
from storyreel.providers.offline.silhouettes import HOLDABLE, draw, held
from storyreel.providers.offline.silhouettes.words import FAMILIES

_MATERIALS: dict[str, str] = {
    "#e2d3ae": "letter|note|map|book open|photograph|scroll|paper boat|envelope|feather|quill|candle|egg|bread",
    "#c2924a": "key|compass|pocket watch|bell|coin|ring|crown|goblet|spyglass|telescope|oil lamp|lantern|clock|gear|gramophone|music box|globe",
    "#9aa6ae": "sword|mirror|axe|glasses|microscope|typewriter|telephone|phone|camera|computer|cup|teapot|skull|chess knight|radio",
    "#9c3f34": "book|rose|apple|heart|umbrella|gift|tulip|flowers",
    "#7fa39a": "bottle|potion|crystal|crystal ball|hourglass|vase|seedling|sprout",
}  # fmt: skip
_SKIN = parse("#c08c68")
_DIAL = parse("#f2e6c8")
_SHINING = ("oil lamp", "candle", "lantern", "torch")


def material(name: str) -> Colour:
    """What a thing is made of, as its colour in plain light."""
    for code, names in _MATERIALS.items():
        if name in names.split("|"):
            return parse(code)
    return parse("#9a7448")


def insert(stage: Stage, foot: Footing, names: tuple[str, ...]) -> None:
    """Paint the thing an insert shows.

    Args:
        stage: the picture, its place painted.
        foot: where people would stand.
        names: props, the subject first; a second one stands by, out of focus. Without any only the light is painted.
    """
    w, h, u = stage.width, stage.height, stage.unit
    light_lamps(stage)
    stage.lamps.clear()
    side = 1 if foot.x < w / 2 else -1
    warm = stage.scheme.lamps_lit or stage.spec.light == "fire"
    magnify(stage, 1.7, foot.x, h * 0.5, u * 2.6)
    stage.image *= np.float32(0.62 if warm else 0.85)
    lamp = stage.scheme.lamp if warm else mix(stage.scheme.lit, stage.scheme.glow, 0.5)
    stage.sun, stage.light_from = None, (-side * 0.8, -0.6)
    _lights_afar(stage, side, lamp, warm)
    if stage.spec.at_work:
        _at_work(stage, names, side, lamp, warm)
    elif names and stage.spec.in_hand and names[0] in HOLDABLE:
        _in_hand(stage, names[0], side, lamp, warm)
    elif names:
        _on_table(stage, names, side, lamp, warm)
    elif stage.spec.in_hand:
        _in_hand(stage, None, side, lamp, warm)


def _lights_afar(stage: Stage, side: int, lamp: Colour, warm: bool) -> None:
    """The light on the thing: a lamp or fire out of focus on one side, or the day."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("lights afar")
    x, y = w * (0.5 - side * 0.36), h * 0.36
    glow(stage, Lamp(x, y, u * 105, lamp, 0.62 if warm else 0.4))
    if not warm:
        return
    # A point of light out of focus is a disc the shape of the lens.
    for k in range(6):
        radius = u * rng.uniform(2.4, 5.5) * (1.7 if k == 0 else 1.0)
        spot, reach = disc(radius, u * 0.5)
        sx, sy = (x, y) if k == 0 else (x + rng.normal(0, 1) * u * 19, y + rng.normal(0, 1) * u * 11)
        light = shift(mix(lamp, (1, 1, 1), 0.25), lightness=float(rng.uniform(-0.1, 0.02)))
        stage.shine(spot, light, 0.8 if k == 0 else rng.uniform(0.12, 0.34), int(sy) - reach, int(sx) - reach)


def _tinted(stage: Stage, own: Colour, lamp: Colour, warm: bool, share: float = 0.82) -> Colour:
    """A thing's own colour under the light that falls on it here; `share` of it reaches the thing."""
    lit = (own[0] * lamp[0] ** 0.7, own[1] * lamp[1] ** 0.7, own[2] * lamp[2] ** 0.7)
    return mix(mix(stage.scheme.near, lit, share), lit_colour(stage, own, 0.0), 0.08 if warm else 0.2)


def _in_hand(
    stage: Stage,
    name: str | None,
    side: int,
    lamp: Colour,
    warm: bool,
    share: float = 0.74,
    x: float | None = None,
    down: float = 0.0,
) -> None:
    """The thing in a hand that comes in from the lower corner."""
    w, h = stage.width, stage.height
    *things, hand, sleeve = held(name)
    seen = (*things, hand)
    wide = max(part.left + part.width for part in seen) - min(part.left for part in seen)
    tall = max(part.height - part.bottom for part in seen)
    unit = min(h * share / tall, w * 0.56 / wide)
    # Thing and hand about the middle, clear of the upper edge and of the captions; the sleeve leaves the picture.
    x, base = w * (0.5 + 0.05 * side if x is None else x), h * (0.5 + down) + tall * unit * 0.48
    coat = parse((stage.spec.figures[0] if stage.spec.figures else Look()).coat)
    shining = name in _SHINING
    for part, colour, rim in (
        *((thing, _tinted(stage, material(name or ""), lamp, warm), 0.9) for thing in things),
        (hand, _tinted(stage, _SKIN, lamp, warm, 0.6), 0.7),
        (sleeve, _tinted(stage, coat, lamp, warm, 0.7), 0.6),
    ):
        put(
            stage, part, x, base, unit, colour=colour, accent=mix(lamp, (0.72, 0.16, 0.12), 0.75), rim=rim, flip=side < 0,
            lit=shining, glass=_tinted(stage, _DIAL, lamp, warm), volume=0.9,
        )  # fmt: skip
    if shining:
        for gx, gy, radius in things[0].glow:
            glow(stage, Lamp(x + side * gx * unit, base + gy * unit, radius * unit * 11, stage.scheme.lamp, 0.55))


def held_out(stage: Stage, name: str, side: int) -> None:
    """What somebody whose eyes we see through holds out before them, with their hand."""
    warm = stage.scheme.lamps_lit
    lamp = stage.scheme.lamp if warm else mix(stage.scheme.lit, stage.scheme.glow, 0.5)
    _in_hand(stage, name, side, lamp, warm, share=0.5, x=0.5 + side * 0.2, down=0.2)


def _at_work(stage: Stage, names: tuple[str, ...], side: int, lamp: Colour, warm: bool) -> None:
    """Two hands that work on a thing on a table, or on the table itself when no thing is known."""
    w, h, u = stage.width, stage.height, stage.unit
    look = stage.spec.figures[0] if stage.spec.figures else Look()
    _on_table(stage, names[:2], side, lamp, warm, size=0.4)
    if not names:
        _dough(stage, w * 0.5, h * 0.74, lamp, warm)
    skin, coat = _tinted(stage, parse(look.skin), lamp, warm, 0.7), _tinted(stage, parse(look.coat), lamp, warm, 0.7)
    for hand_side, holding in ((-1, "key"), (1, "key")):
        _, hand, sleeve = held(holding)
        unit = min(h * 0.46, w * 0.34) / 100
        x, base = w * (0.5 + side * 0.08) + hand_side * u * 29, h * 0.88
        for part, colour in ((sleeve, coat), (hand, skin)):
            put(stage, part, x, base, unit, colour=colour, rim=0.8, flip=hand_side < 0, volume=0.9)


def _dough(stage: Stage, x: float, base: float, lamp: Colour, warm: bool) -> None:
    """Whatever soft thing hands shape when none is named."""
    u = stage.unit
    own = hexed(_tinted(stage, parse("#e6d6b4"), lamp, warm))
    lay(stage, f'<path d="M{x - u * 19:.1f},{base:.1f}Q{x - u * 17:.1f},{base - u * 12:.1f} {x:.1f},{base - u * 12:.1f}Q{x + u * 18:.1f},{base - u * 11:.1f} {x + u * 19:.1f},{base:.1f}Q{x:.1f},{base + u * 5:.1f} {x - u * 19:.1f},{base:.1f}Z" fill="{own}"/>', rim=0.8)  # fmt: skip


def between(stage: Stage, x: float, name: str) -> None:
    """A table's edge between two people, and the thing upon it that they are about."""
    w, h, u = stage.width, stage.height, stage.unit
    wood = mix(lit_colour(stage, parse("#7a5638"), 0.0), stage.scheme.near, 0.35)
    row = h * 0.8
    lay(stage, f"<defs>{downwards('between', mix(wood, stage.scheme.lamp, 0.2), mix(wood, stage.scheme.near, 0.6))}</defs>"
        + box(-5, row, w + 10, h - row + 5, "url(#between)"), top=row - 2, rim=0.6)  # fmt: skip
    shape = draw("prop", name)
    size = u * 22
    put(stage, shape, x, row + u * 3, size / max(shape.width, shape.height), colour=mix(lit_colour(stage, material(name), 0.0), stage.scheme.near, 0.2), rim=1.0, volume=0.8, shadow=0.4)  # fmt: skip


def _on_table(stage: Stage, names: tuple[str, ...], side: int, lamp: Colour, warm: bool, size: float = 0.6) -> None:
    """The thing on a table in a pool of light, what stands beside it out of focus."""
    w, h, u = stage.width, stage.height, stage.unit
    row = h * 0.66
    _table(stage, row, side, lamp)
    for k in range(len(names[:2]) - 1, -1, -1):
        family = next(kind for kind, known in FAMILIES.items() if names[k] in known)
        shape = draw(family, names[k])
        tall = min(h * (size if k == 0 else 0.34), w * 0.5)
        scale = tall / max(shape.width, shape.height)
        x = w * (0.5 + side * 0.08) if k == 0 else w * (0.5 - side * 0.24)
        base = row + u * (8.5 if k == 0 else 0.5)
        blot = _blot(shape.width * scale, u)
        stage.darken(blot, 0.3, int(base - blot.shape[0] * 0.55), int(x + side * u * 4 - blot.shape[1] / 2))
        put(
            stage, shape, x, base, scale, colour=_tinted(stage, material(names[k]), lamp, warm),
            accent=mix(lamp, (0.72, 0.16, 0.12), 0.75), rim=1.0, lit=names[k] in _SHINING,
            glass=_tinted(stage, _DIAL, lamp, warm),
            blur=0.0 if k == 0 else u * 0.9, volume=0.9,
        )  # fmt: skip


def _table(stage: Stage, row: float, side: int, lamp: Colour) -> None:
    """Boards running away from the viewer, sharp where the thing stands and soft at the far edge."""
    w, h, u = stage.width, stage.height, stage.unit
    own = parse("#76553a")
    wood = mix(_tinted(stage, own, lamp, True), own, 0.35)
    dark = mix(wood, stage.scheme.near, 0.6)
    top = row - u * 7
    body = [
        f"<defs>{downwards('table', wood, dark)}</defs>",
        box(-5, top, w + 10, h - top + 5, "url(#table)"),
    ]
    rng = stage.rng("grain of the table")
    vanish = w * 0.5 - side * w * 0.1
    for k in range(-9, 10):
        x0, x1 = vanish + k * w * 0.12, vanish + k * w * 0.26
        body.append(
            f'<path d="M{x0:.1f},{top:.1f}L{x1:.1f},{h}" stroke="{hexed(dark)}" stroke-width="{u * 0.4:.1f}" opacity="0.55"/>'
        )
    for _ in range(46):
        t = rng.random() ** 1.3
        y, x = top + (h - top) * t, rng.uniform(-0.1, 1.0) * w
        body.append(
            f'<path d="M{x:.1f},{y:.1f} q{w * 0.03:.1f},{rng.normal(0, 0.2) * u:.1f} {w * rng.uniform(0.04, 0.12):.1f},0" '
            f'stroke="{hexed(mix(dark, wood, rng.uniform(0, 0.5)))}" stroke-width="{u * (0.08 + 0.3 * t):.2f}" fill="none" opacity="0.5"/>'
        )
    behind = stage.image.copy()
    lay(stage, "".join(body), top=top)
    near = np.clip((np.arange(h, dtype=np.float32) - row) / (u * 9), 0, 1)[:, None, None]
    soft = np.asarray(cv2.GaussianBlur(stage.image, (0, 0), u * 0.9), np.float32)
    stage.image[:] = soft + (stage.image - soft) * near
    stage.image[: int(top - u * 2)] = behind[: int(top - u * 2)]
    glow(stage, Lamp(w * (0.5 - side * 0.16), row + u * 4, u * 70, lamp, 0.4))


def _blot(width: float, unit: float) -> Array:
    h, w = max(4, int(unit * 7)), max(4, int(width * 1.5))
    y, x = np.mgrid[-1 : 1 : complex(h), -1 : 1 : complex(w)].astype(np.float32)
    return np.asarray(np.clip(1 - np.sqrt(x**2 + y**2), 0, 1) ** 0.8, np.float32)
