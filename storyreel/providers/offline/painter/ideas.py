"""Pictures for ideas: where a text names nothing that can be seen, an archetype stands for it, never a wrong thing.

Each is plain: a ground, a great disc of light, and one figure of thought, such as a bridge between two cliffs for trust.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

import cv2
import numpy as np

from storyreel.providers.offline.painter import words
from storyreel.providers.offline.painter.buildings import box, poly
from storyreel.providers.offline.painter.colour import Colour, hexed, mix, parse, ramp, shift
from storyreel.providers.offline.painter.land import lit_colour
from storyreel.providers.offline.painter.light import beam
from storyreel.providers.offline.painter.matching import best
from storyreel.providers.offline.painter.noise import sample
from storyreel.providers.offline.painter.people import colours, tints
from storyreel.providers.offline.painter.shapes import lay, put
from storyreel.providers.offline.painter.spec import IdeaName, Look
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage, disc
from storyreel.providers.offline.silhouettes import draw, figure, find

_CONCRETE = {"prop", "creature", "vehicle", "structure", "plant"}


def idea_in(subject: str, environment: str) -> IdeaName | None:
    """The archetype a text without a place calls for; None when it names something that can be shown as it is.

    A few words that name neither person nor thing, nor light or weather, are an idea too, whatever it is: "alone"
    stands for what no archetype is known for. Where a place is described in words nobody knows, it is a place.
    """
    name = best(((subject, 1.0),), words.IDEAS)
    if name is not None:
        return cast(IdeaName, name)
    shown = any((hit := find(word)) is not None and hit[0] in _CONCRETE for word in subject.split())
    told = any(best(((subject, 1.0),), table) for table in (words.PEOPLE, words.LIGHTS, words.WEATHERS, words.OBJECTS))
    told = (
        told
        or re.search(r"\b(?:sun|moon|stars?|sky|skies|wind|clouds?|weather|day|morning|evening)\b", subject) is not None
    )
    if shown or told or environment != subject or len(subject.split()) > 8:
        return None
    return "alone"


def idea(stage: Stage) -> Footing:
    """Paint the archetype the text calls for; nobody else is put into it."""
    _air(stage)
    _ARCHETYPES[stage.spec.idea](stage)
    return Footing(stage.width * 0.5, stage.horizon, stage.unit * 12)


def _air(stage: Stage) -> None:
    """A field of colour from the light's own, a grain of cloud in it, and the great disc."""
    w, h, u = stage.width, stage.height, stage.unit
    scheme = stage.scheme
    stage.horizon = h * 0.74
    rows = np.linspace(0, 1, h, dtype=np.float32)
    stage.image[:] = ramp(
        ((0.0, scheme.zenith), (0.4, scheme.upper), (0.68, scheme.lower), (0.78, scheme.horizon), (1.0, scheme.haze)),
        rows,
    )[:, None]
    y, x = np.mgrid[0:h:4, 0:w:4].astype(np.float32)
    k = 1080 / min(w, h)
    n = sample("soft", x * 0.5 * k + 80, y * 1.1 * k + 300) - 0.5
    grain = np.asarray(cv2.resize(np.asarray(n, np.float32), (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    stage.image *= 1 + grain[..., None] * np.float32(0.1)
    r = u * 31
    cx, cy = w * 0.5 + (stage.hero_x - w * 0.5) * 0.35, h * 0.46
    stage.sun, stage.light_from = (cx, cy), (0.3, -0.95)
    mask, reach = disc(r, u * 0.5)
    light = mix(scheme.disc, scheme.glow, 0.35)
    stage.paint(mask, light, 0.86, int(cy) - reach, int(cx) - reach)
    stage.lamps.append(Lamp(cx, cy, r * 2.2, scheme.glow, 0.4))


def _ink(stage: Stage, share: float = 0.12) -> Colour:
    return mix(stage.scheme.near, stage.scheme.shade, share)


def _ground(stage: Stage, row: float | None = None) -> None:
    row = stage.horizon if row is None else row
    tone = _ink(stage)
    w, h = stage.width, stage.height
    lay(
        stage,
        f'<path d="M0,{row:.1f}Q{w / 2},{row - stage.unit * 4:.1f} {w},{row:.1f}V{h}H0Z" fill="{hexed(tone)}"/>',
        top=row - stage.unit * 5,
        rim=0.9,
    )


def _someone(stage: Stage, x: float, base: float, tall: float, pose: str = "standing_back", kind: str = "man", flip: bool = False, wears: tuple[str, ...] = ("coat",)) -> None:  # fmt: skip
    look = stage.spec.figures[0] if stage.spec.figures else Look(kind=kind, coat="#23252e", wears=wears)
    if kind != "man":
        look = Look(kind=kind, coat="#3a2c34", wears=wears, seed=5)
    coat, accent = colours(stage, look)
    shape = figure(look.kind, pose, look.wears, (), look.seed)
    put(
        stage,
        shape,
        x,
        base,
        tall / 100,
        colour=mix(coat, stage.scheme.near, 0.5),
        accent=accent,
        flip=flip,
        rim=1.2,
        tints={k: mix(v, stage.scheme.near, 0.5) for k, v in tints(stage, look).items()},
    )


def _prop(
    stage: Stage, name: str, x: float, base: float, size: float, own: str, family: str = "prop", **more: float | bool
) -> None:
    shape = draw(family, name)
    unit = size / max(shape.width, shape.height)
    colour = mix(lit_colour(stage, parse(own), 0.0), stage.scheme.near, 0.35)
    put(stage, shape, x, base, unit, colour=colour, rim=1.1, volume=0.7, **more)  # type: ignore[arg-type]


def _ascent(stage: Stage) -> None:
    """Steps that rise to the light, somebody on their way up them."""
    w, h, u = stage.width, stage.height, stage.unit
    n, tone = 9, _ink(stage)
    side = 1 if stage.hero_x > w / 2 else -1
    body, tops = [], []
    for k in range(n):
        wide = w * 0.8 / n
        x = w * 0.1 + k * wide if side > 0 else w * 0.9 - (k + 1) * wide
        top = h * 0.9 - (h * 0.5) * ((k + 1) / n) ** 1.15
        body.append(box(x, top, wide * 0.94, h - top, hexed(shift(tone, lightness=0.012 * k))))
        tops.append((x + wide / 2, top))
    lay(stage, "".join(body), rim=1.0)
    x, top = tops[5]
    _someone(stage, x, top + u * 0.4, u * 15, "walking_side", flip=side < 0)
    fx, ftop = tops[-1]
    _prop(stage, "banner", fx, ftop + u, u * 17, "#8a2a26", flip=side < 0)


def _fall(stage: Stage) -> None:
    """A row of slabs that fall against one another before somebody who watches."""
    w, u = stage.width, stage.unit
    _ground(stage)
    body, tone = [], _ink(stage)
    for k in range(11):
        x, lean = w * (0.1 + 0.075 * k), max(0.0, 62 - k * 9.5)
        base = stage.horizon + u * 1.5
        body.append(
            box(
                x,
                base - u * 30,
                u * 4.4,
                u * 30,
                hexed(shift(tone, lightness=0.02)),
                f'transform="rotate({lean:.1f} {x + u * 4.4:.1f} {base:.1f})"',
            )
        )
    lay(stage, "".join(body), rim=1.1)
    _someone(stage, w * 0.93, stage.horizon + u * 1.5, u * 19, "reaching", flip=True)


def _bridge(stage: Stage) -> None:
    """Two cliffs and a rope bridge; two people meet on it."""
    w, h, u = stage.width, stage.height, stage.unit
    tone, row = _ink(stage), h * 0.62
    rng = stage.rng("cliffs")
    body = []
    for side in (-1, 1):
        edge = w * (0.5 + side * 0.26)
        jag = [(edge - side * u * float(rng.uniform(-2, 7)) * (k > 0), row + k * (h - row) / 6) for k in range(7)]
        out = -u if side < 0 else w + u
        body.append(poly([(out, row - u * 3), (edge, row), *jag, (out, h + 5)], hexed(tone)))
        body.append(box(edge - u * 0.6 - side * u * 2, row - u * 12, u * 1.2, u * 12, hexed(tone)))
    lay(stage, "".join(body), rim=1.0)
    a, b, sag = w * 0.24, w * 0.76, u * 7
    steps = "".join(
        box(a + (b - a) * t - u * 0.9, row + sag * 4 * t * (1 - t) - u * 0.3, u * 1.6, u * 0.9, hexed(tone))
        for t in np.linspace(0, 1, 34)
    )
    rope = (f'<path d="M{a + u * 2:.1f},{row - u * 11:.1f}Q{w / 2},{row - u * 9 + sag * 2:.1f} {b - u * 2:.1f},{row - u * 11:.1f}" stroke="{hexed(tone)}" stroke-width="{u * 0.45:.2f}" fill="none"/>')  # fmt: skip
    ties = "".join(
        f'<path d="M{a + (b - a) * t:.1f},{row + sag * 4 * t * (1 - t):.1f}V{row - u * 11 + (sag + u * 2) * 4 * t * (1 - t):.1f}" stroke="{hexed(tone)}" stroke-width="{u * 0.2:.2f}"/>'
        for t in np.linspace(0.06, 0.94, 16)
    )
    lay(stage, steps + rope + ties)
    _someone(stage, w * 0.5 - u * 5.6, row + sag - u * 0.4, u * 20, "reaching")
    _someone(
        stage,
        w * 0.5 + u * 5.6,
        row + sag - u * 0.4,
        u * 19,
        "reaching",
        kind="woman",
        flip=True,
        wears=("dress", "hair_long"),
    )


def _scatter(stage: Stage) -> None:
    """Order that comes apart: a wall of squares at one side, dust at the other."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("scatter")
    tone, warm = _ink(stage), stage.scheme.lamp
    body = []
    n = 34
    size = w * 0.8 / n
    rows = int(h * 0.58 / size)
    for c in range(n):
        t = c / n
        for r in range(rows):
            loose = max(0.0, (t - 0.28) / 0.72) ** 1.7
            if rng.random() < loose * 0.55:
                continue
            x = w * 0.08 + c * size + float(rng.normal(0, 1)) * loose * size * 4.5 + loose * w * 0.1
            y = h * 0.15 + r * size + float(rng.normal(0, 1)) * loose * size * 5
            s = size * 0.84 * (1 - 0.55 * loose)
            fill = mix(tone, warm, float(rng.random() < 0.06) * 0.8 + 0.14 * (1 - t))
            body.append(
                box(
                    x,
                    y,
                    s,
                    s,
                    hexed(fill),
                    f'transform="rotate({float(rng.normal(0, 60)) * loose:.0f} {x + s / 2:.1f} {y + s / 2:.1f})"',
                )
            )
    lay(stage, "".join(body), rim=0.4)
    _ground(stage, h * 0.9)
    _someone(stage, w * 0.2, h * 0.895, u * 15)


def _hourglass(stage: Stage) -> None:
    """A great hourglass, and somebody small who looks up at it."""
    w, h, u = stage.width, stage.height, stage.unit
    _ground(stage, h * 0.84)
    cx = stage.sun[0] if stage.sun else w / 2
    wood, sand, glass = (
        hexed(_ink(stage)),
        hexed(mix(stage.scheme.lamp, parse("#d9a85a"), 0.5)),
        hexed(mix(stage.scheme.lit, stage.scheme.upper, 0.3)),
    )
    top, base, half = h * 0.13, h * 0.84, u * 19
    mid = (top + base) / 2
    bulb = (f"M{cx - half:.1f},{top:.1f}C{cx - half:.1f},{mid - u * 9:.1f} {cx - u * 2:.1f},{mid - u * 6:.1f} {cx - u * 1.1:.1f},{mid:.1f}"
            f"C{cx - u * 2:.1f},{mid + u * 6:.1f} {cx - half:.1f},{mid + u * 9:.1f} {cx - half:.1f},{base:.1f}H{cx + half:.1f}"
            f"C{cx + half:.1f},{mid + u * 9:.1f} {cx + u * 2:.1f},{mid + u * 6:.1f} {cx + u * 1.1:.1f},{mid:.1f}"
            f"C{cx + u * 2:.1f},{mid - u * 6:.1f} {cx + half:.1f},{mid - u * 9:.1f} {cx + half:.1f},{top:.1f}Z")  # fmt: skip
    body = [
        f'<clipPath id="bulb"><path d="{bulb}"/></clipPath><path d="{bulb}" fill="{glass}" opacity="0.42"/>',
        f'<g clip-path="url(#bulb)"><path d="M{cx - half},{mid - u * 16:.1f}Q{cx:.1f},{mid - u * 12:.1f} {cx + half},{mid - u * 16:.1f}V{mid:.1f}H{cx - half}Z" fill="{sand}"/>'
        f'<path d="M{cx - half},{base}Q{cx - u * 6:.1f},{base - u * 6:.1f} {cx:.1f},{base - u * 17:.1f}Q{cx + u * 6:.1f},{base - u * 6:.1f} {cx + half},{base}Z" fill="{sand}"/></g>',
        box(cx - u * 0.25, mid, u * 0.5, base - mid - u * 10, sand),
        f'<path d="{bulb}" fill="none" stroke="{glass}" stroke-width="{u * 0.6:.1f}"/>',
        *(box(cx - half * 1.25, y, half * 2.5, u * 4, wood, f'rx="{u:.1f}"') for y in (top - u * 4, base - u)),
        *(box(cx + s * half * 1.1 - u, top, u * 2, base - top, wood) for s in (-1, 1)),
    ]  # fmt: skip
    lay(stage, "".join(body), rim=0.7)
    _someone(stage, cx + half * 1.9 * (-1 if cx > w / 2 else 1), h * 0.845, u * 15, "looking_up", flip=cx < w / 2)


def _scales(stage: Stage) -> None:
    """A pair of scales that hang even, as tall as a house."""
    w, h, u = stage.width, stage.height, stage.unit
    _ground(stage, h * 0.86)
    cx = stage.sun[0] if stage.sun else w / 2
    gold = hexed(mix(mix(lit_colour(stage, parse("#b8903c"), 0.0), stage.scheme.near, 0.35), stage.scheme.lamp, 0.15))
    top, out = h * 0.2, min(w * 0.3, u * 36)
    lean = u * (0.0 if stage.spec.emotion == "calm" else 5.0)
    body = [box(cx - u * 1.1, top, u * 2.2, h * 0.66, gold), f'<circle cx="{cx:.1f}" cy="{top:.1f}" r="{u * 2.6:.1f}" fill="{gold}"/>',
            poly([(cx - u * 12, h * 0.87), (cx - u * 4, h * 0.82), (cx + u * 4, h * 0.82), (cx + u * 12, h * 0.87)], gold),
            f'<path d="M{cx - out:.1f},{top + lean:.1f}L{cx + out:.1f},{top - lean:.1f}" stroke="{gold}" stroke-width="{u * 1.6:.1f}"/>']  # fmt: skip
    for side in (-1, 1):
        x, y = cx + side * out, top - side * lean
        pan = y + u * 30
        body.append(
            f'<path d="M{x:.1f},{y:.1f}L{x - u * 11:.1f},{pan:.1f}M{x:.1f},{y:.1f}L{x + u * 11:.1f},{pan:.1f}" stroke="{gold}" stroke-width="{u * 0.4:.2f}"/>'
            f'<path d="M{x - u * 13:.1f},{pan:.1f}H{x + u * 13:.1f}Q{x + u * 8:.1f},{pan + u * 7:.1f} {x:.1f},{pan + u * 7:.1f}Q{x - u * 8:.1f},{pan + u * 7:.1f} {x - u * 13:.1f},{pan:.1f}Z" fill="{gold}"/>'
        )
    lay(stage, "".join(body), rim=1.0)
    for side, kind in ((-1, "man"), (1, "woman")):
        _someone(
            stage,
            cx + side * out,
            top - side * lean + u * 30.4,
            u * 17,
            kind=kind,
            wears=("coat",) if kind == "man" else ("dress",),
        )


def _door(stage: Stage) -> None:
    """A door that stands open in the middle of nowhere, light falling through it."""
    w, h, u = stage.width, stage.height, stage.unit
    stage.image *= np.float32(0.5)
    _ground(stage, h * 0.74)
    cx, base, half, tall = w * 0.5, h * 0.78, u * 11, u * 47
    light = mix(stage.scheme.disc, (1.0, 0.96, 0.86), 0.6)
    wood = hexed(_ink(stage, 0.3))
    spill = [(cx - half, base), (cx + half, base), (cx + half + w * 0.16, h), (cx - half - w * 0.1, h)]
    lay(stage, poly(spill, hexed(mix(light, stage.scheme.lower, 0.35)), 'opacity="0.75"')
        + box(cx - half - u * 2, base - tall - u * 2, half * 2 + u * 4, tall + u * 2, wood) + box(cx - half, base - tall, half * 2, tall, hexed(light))
        + poly([(cx + half, base - tall), (cx + half + u * 13, base - tall - u * 4), (cx + half + u * 13, base + u * 5), (cx + half, base)], wood))  # fmt: skip
    stage.lamps.append(Lamp(cx, base - tall / 2, u * 64, light, 0.6))
    stage.sun, stage.light_from = (cx, base - tall / 2), (0.5, -0.8)
    _someone(stage, cx - u * 5, base + u * 13, u * 30)


def _fork(stage: Stage) -> None:
    """A path that parts in two before somebody."""
    w, h, u = stage.width, stage.height, stage.unit
    _ground(stage, h * 0.6)
    pale = hexed(mix(stage.scheme.lit, stage.scheme.haze, 0.4))
    row = h * 0.6
    body = []
    for side in (-1, 1):
        ex = w * (0.5 + side * 0.34)
        body.append(
            f'<path d="M{w * 0.43:.1f},{h:.1f}C{w * 0.47:.1f},{h * 0.82:.1f} {w * 0.5 + side * w * 0.05:.1f},{h * 0.74:.1f} {ex - u:.1f},{row - u * 1.4:.1f}'
            f'H{ex + u:.1f}C{w * 0.5 + side * w * 0.1:.1f},{h * 0.76:.1f} {w * 0.54:.1f},{h * 0.84:.1f} {w * 0.57:.1f},{h:.1f}Z" fill="{pale}" opacity="0.8"/>'
        )
    lay(stage, "".join(body), top=row - u * 3)
    _prop(stage, "signpost", w * 0.5, h * 0.77, u * 30, "#5a4634", family="structure")
    _someone(stage, w * 0.5 + u * 2, h * 0.95, u * 27)


def _network(stage: Stage) -> None:
    """Points of light joined by threads, over a dark land."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("network")
    stage.image *= np.float32(0.32)
    stage.lamps.clear()
    points = np.stack([rng.uniform(0.04, 0.96, 58) * w, rng.uniform(0.06, 0.7, 58) * h], axis=1)
    far = np.linalg.norm(points[:, None] - points[None], axis=2)
    thread, light = hexed(mix(stage.scheme.lit, parse("#6fc8ff"), 0.5)), mix(parse("#8fd8ff"), stage.scheme.lamp, 0.35)
    body = []
    for i in range(len(points)):
        for j in np.argsort(far[i])[1:4]:
            (ax, ay), (bx, by) = points[i], points[j]
            body.append(
                f'<path d="M{ax:.1f},{ay:.1f}L{bx:.1f},{by:.1f}" stroke="{thread}" stroke-width="{u * 0.16:.2f}" opacity="0.5"/>'
            )
        size = u * float(rng.uniform(0.4, 1.3))
        body.append(
            f'<circle cx="{points[i][0]:.1f}" cy="{points[i][1]:.1f}" r="{size:.1f}" fill="{hexed(mix(light, (1, 1, 1), 0.5))}"/>'
        )
        stage.lamps.append(Lamp(float(points[i][0]), float(points[i][1]), size * 9, light, 0.6))
    lay(stage, "".join(body))
    _ground(stage, h * 0.86)
    _someone(stage, w * 0.5, h * 0.858, u * 16, "looking_up")


def _balloon(stage: Stage) -> None:
    """A balloon grown far too large, pulling at the string somebody holds; coins lie about their feet."""
    w, h, u = stage.width, stage.height, stage.unit
    _ground(stage, h * 0.84)
    cx = stage.sun[0] if stage.sun else w * 0.5
    red = mix(mix(lit_colour(stage, parse("#c0382c"), 0.0), stage.scheme.near, 0.12), stage.scheme.lit, 0.08)
    x0, y0, r = cx, h * 0.35, u * 27
    hold = (cx + u * 6, h * 0.84 - u * 13)
    lay(
        stage,
        f'<defs><radialGradient id="air" cx="0.36" cy="0.3" r="0.8"><stop offset="0" stop-color="{hexed(mix(red, (1.0, 0.9, 0.8), 0.55))}"/><stop offset="0.35" stop-color="{hexed(red)}"/>'
        f'<stop offset="1" stop-color="{hexed(mix(red, stage.scheme.near, 0.65))}"/></radialGradient></defs>'
        f'<path d="M{x0:.1f},{y0 + r * 1.12:.1f}C{x0 - r * 0.9:.1f},{y0 + r * 0.75:.1f} {x0 - r * 1.12:.1f},{y0 - r * 0.2:.1f} {x0 - r * 0.72:.1f},{y0 - r * 0.72:.1f}'
        f'C{x0 - r * 0.34:.1f},{y0 - r * 1.12:.1f} {x0 + r * 0.34:.1f},{y0 - r * 1.12:.1f} {x0 + r * 0.72:.1f},{y0 - r * 0.72:.1f}C{x0 + r * 1.12:.1f},{y0 - r * 0.2:.1f} {x0 + r * 0.9:.1f},{y0 + r * 0.75:.1f} {x0:.1f},{y0 + r * 1.12:.1f}Z" fill="url(#air)"/>'
        + poly([(x0, y0 + r * 1.09), (x0 - u * 2, y0 + r * 1.2), (x0 + u * 2, y0 + r * 1.2)], hexed(mix(red, stage.scheme.near, 0.5)))
        + f'<path d="M{x0:.1f},{y0 + r * 1.2:.1f}Q{x0 - u * 3:.1f},{(y0 + r * 1.2 + hold[1]) / 2:.1f} {hold[0]:.1f},{hold[1]:.1f}" stroke="{hexed(stage.scheme.near)}" stroke-width="{u * 0.3:.2f}" fill="none"/>',
        rim=0.5,
    )  # fmt: skip
    _someone(stage, cx + u * 12, h * 0.845, u * 17, "reaching", flip=True)
    rng = stage.rng("coins")
    gold = mix(lit_colour(stage, parse("#d9aa3c"), 0.0), stage.scheme.lamp, 0.3)
    body = []
    for _ in range(46):
        x, y = cx + u * float(rng.normal(0, 26)), h * float(rng.uniform(0.86, 0.96))
        rr = u * float(rng.uniform(1.0, 1.7))
        body.append(f'<ellipse cx="{x:.1f}" cy="{y + rr * 0.2:.1f}" rx="{rr:.1f}" ry="{rr * 0.4:.1f}" fill="{hexed(mix(gold, stage.scheme.near, 0.55))}"/>'
                    f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rr:.1f}" ry="{rr * 0.4:.1f}" fill="{hexed(shift(gold, lightness=float(rng.uniform(-0.12, 0.05))))}"/>')  # fmt: skip
    lay(stage, "".join(body), top=h * 0.8)


def _seedling(stage: Stage) -> None:
    """A seedling in a beam of light on bare ground."""
    w, h, u = stage.width, stage.height, stage.unit
    stage.image *= np.float32(0.72)
    _ground(stage, h * 0.76)
    cx = w * 0.5
    beam(
        stage,
        cx + u * 22,
        -u * 4,
        float(np.arctan2(h * 0.8, -u * 22)),
        0.14,
        h,
        mix(stage.scheme.lit, (1, 0.98, 0.85), 0.5),
        0.6,
    )
    lay(stage, f'<path d="M{cx - u * 24:.1f},{h * 0.8:.1f}Q{cx:.1f},{h * 0.68:.1f} {cx + u * 24:.1f},{h * 0.8:.1f}Z" fill="{hexed(mix(parse("#3a2a1e"), stage.scheme.near, 0.4))}"/>', top=h * 0.66, rim=0.8)  # fmt: skip
    _prop(stage, "sprout", cx, h * 0.745, u * 27, "#4f8a3c", family="plant")


def _candle(stage: Stage) -> None:
    """One candle in the dark, and an empty chair."""
    w, h, u = stage.width, stage.height, stage.unit
    stage.image *= np.float32(0.2)
    stage.lamps.clear()
    _ground(stage, h * 0.78)
    cx = w * (0.38 if stage.hero_x > w / 2 else 0.62)
    stage.sun, stage.light_from = (cx, h * 0.5), (-0.8 if cx < w / 2 else 0.8, -0.4)
    _prop(stage, "candle", cx, h * 0.82, u * 34, "#e8dcc0", lit=True)
    _prop(stage, "chair", w - cx, h * 0.86, u * 46, "#6a4a34", flip=cx > w / 2)
    stage.lamps.append(Lamp(cx, h * 0.82 - u * 28, u * 60, stage.scheme.lamp, 0.65))


def _chess(stage: Stage) -> None:
    """Two knights of a chess set, face to face over the board."""
    w, h, u = stage.width, stage.height, stage.unit
    _ground(stage, h * 0.7)
    body = []
    for r in range(6):
        for c in range(-8, 8):
            t0, t1 = (r / 6) ** 1.4, ((r + 1) / 6) ** 1.4
            y0, y1 = h * 0.72 + h * 0.3 * t0, h * 0.72 + h * 0.3 * t1
            s0, s1 = w * (0.05 + 0.06 * t0), w * (0.05 + 0.06 * t1)
            if (r + c) % 2:
                body.append(poly([(w / 2 + c * s0, y0), (w / 2 + (c + 1) * s0, y0), (w / 2 + (c + 1) * s1, y1), (w / 2 + c * s1, y1)],
                                 hexed(mix(stage.scheme.lit, stage.scheme.haze, 0.5)), 'opacity="0.55"'))  # fmt: skip
    lay(stage, "".join(body), top=h * 0.7)
    for side, own in ((-1, "#e2d6bc"), (1, "#2a2228")):
        _prop(stage, "chess knight", w * 0.5 + side * u * 26, h * 0.86, u * 52, own, flip=side > 0)


def _flight(stage: Stage) -> None:
    """Birds that leave an open cage for the light."""
    w, h, u = stage.width, stage.height, stage.unit
    _ground(stage, h * 0.86)
    side = -1 if stage.hero_x > w / 2 else 1
    x = w * (0.5 + side * 0.27)
    _prop(stage, "birdcage", x, h * 0.87, u * 46, "#4a4038")
    rng = stage.rng("flight")
    for k in range(13):
        t = (k + 1) / 13
        bx = (
            x
            + ((stage.sun[0] if stage.sun else w / 2) - x) * t * 1.1
            - side * w * 0.12 * t
            + float(rng.normal(0, u * 3))
        )
        by = h * 0.6 - h * 0.48 * t + float(rng.normal(0, u * 3))
        _prop(
            stage,
            ("bird wings up", "bird wings down", "bird gliding")[k % 3],
            bx,
            by,
            u * (11 - 6.5 * t),
            "#1c1a22",
            family="creature",
            flip=side > 0,
        )


def _alone(stage: Stage) -> None:
    """Somebody small before the great disc of light."""
    h, u = stage.height, stage.unit
    _ground(stage, h * 0.78)
    _someone(stage, stage.sun[0] if stage.sun else stage.width / 2, h * 0.765, u * 15)


def _book(stage: Stage) -> None:
    """A great open book that lights the face of whoever stands before it."""
    w, h, u = stage.width, stage.height, stage.unit
    stage.image *= np.float32(0.55)
    _ground(stage, h * 0.84)
    cx, base = w * 0.5, h * 0.86
    page, edge = hexed(mix(parse("#f2e6c8"), stage.scheme.lit, 0.3)), hexed(_ink(stage, 0.3))
    wide, tall = min(w * 0.32, u * 44), u * 44
    body = []
    for side in (-1, 1):
        ox = cx + side * wide
        body.append(
            poly(
                [(cx, base), (cx, base - tall), (ox + side * u * 2, base - tall * 1.08), (ox + side * u * 2, base - u)],
                edge,
            )
        )
        body.append(
            f'<path d="M{cx:.1f},{base - u:.1f}V{base - tall:.1f}Q{cx + side * wide * 0.5:.1f},{base - tall * 1.16:.1f} {ox:.1f},{base - tall * 1.02:.1f}V{base - u * 3:.1f}Q{cx + side * wide * 0.5:.1f},{base - u * 8:.1f} {cx:.1f},{base - u:.1f}Z" fill="{page}"/>'
        )
        for k in range(9):
            y = base - tall * 0.92 + k * tall * 0.09
            body.append(
                f'<path d="M{cx + side * wide * 0.12:.1f},{y:.1f}Q{cx + side * wide * 0.5:.1f},{y - tall * 0.07:.1f} {cx + side * wide * 0.88:.1f},{y - tall * 0.01:.1f}" stroke="#5a4a3a" stroke-width="{u * 0.4:.2f}" fill="none" opacity="0.55"/>'
            )
    lay(stage, "".join(body), rim=0.4)
    stage.lamps.append(Lamp(cx, base - tall * 0.6, u * 64, mix(stage.scheme.lamp, (1, 1, 0.9), 0.5), 0.6))
    rng = stage.rng("letters")
    for _ in range(26):
        x, y = cx + u * float(rng.normal(0, 18)), base - tall - u * abs(float(rng.normal(0, 14)))
        stage.lamps.append(Lamp(x, y, u * float(rng.uniform(0.8, 2.2)), (1.0, 0.92, 0.7), 0.8))
    _someone(stage, cx, h * 0.95, u * 24)


def _tree(stage: Stage) -> None:
    """A great tree with two people under it."""
    h, u = stage.height, stage.unit
    _ground(stage, h * 0.8)
    cx = stage.sun[0] if stage.sun else stage.width / 2
    _prop(stage, "oak", cx, h * 0.81, u * 64, "#3a4a2c", family="plant")
    _someone(stage, cx - u * 4, h * 0.815, u * 15)
    _someone(stage, cx + u * 4, h * 0.815, u * 14, kind="woman", wears=("dress", "hair_long"))


_ARCHETYPES: dict[IdeaName, Callable[[Stage], None]] = {
    "ascent": _ascent, "fall": _fall, "bridge": _bridge, "scatter": _scatter, "hourglass": _hourglass, "scales": _scales, "door": _door,
    "fork": _fork, "network": _network, "balloon": _balloon, "seedling": _seedling, "candle": _candle, "chess": _chess, "flight": _flight,
    "alone": _alone, "book": _book, "tree": _tree,
}  # fmt: skip
