"""Buildings and what people put up out of doors, in proportion to people."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes.drawing import (
    Contour,
    Drawing,
    box,
    curve,
    ellipse,
    line,
    polygon,
    ring,
    rounded_box,
    sliver,
    smooth,
    straight,
    tube,
)
from storyreel.providers.offline.silhouettes.model import Point, Silhouette

Builder = Callable[[Drawing, random.Random], float]
"""Draws a structure and returns its height in world units."""


def _tilted(degrees: float, point: Point) -> Point:
    return Contour((point,)).turned(degrees).points[0]


def structure(name: str, seed: int = 0) -> Silhouette:
    """A structure by name (one of `STRUCTURES`); the seed varies chimneys, windows and crooked corners.

    Raises:
        InputError: the name is not known.
    """
    if name not in STRUCTURES:
        raise InputError(f"no structure is called {name!r}: choose from {', '.join(STRUCTURES)}")
    drawing = Drawing(name)
    height = STRUCTURES[name](drawing, random.Random(f"{name}/{seed}"))
    return drawing.finish(height=height)


def pane(
    x: float, y: float, width: float, height: float, rows: int = 2, columns: int = 2, bar: float = 0.06
) -> list[Contour]:
    """A window's panes, with glazing bars between them, inside the box whose top left corner is (x, y)."""
    gap_x, gap_y = width * bar, height * bar
    w, h = (width - gap_x * (columns - 1)) / columns, (height - gap_y * (rows - 1)) / rows
    return [
        box(x + c * (w + gap_x), y + r * (h + gap_y), x + c * (w + gap_x) + w, y + r * (h + gap_y) + h)
        for r in range(rows)
        for c in range(columns)
    ]


def arched(x: float, y: float, width: float, height: float, pointed: bool = False) -> Contour:
    """An opening with a round or pointed head; (x, y) is the middle of its sill."""
    w = width / 2
    spring = y - height + w * (1.25 if pointed else 1.0)
    if pointed:
        return smooth(
            f"{x - w},{y}! {x - w},{spring}! {x - w * 0.62},{spring - w * 0.8} {x},{y - height}! {x + w * 0.62},{spring - w * 0.8} {x + w},{spring}! {x + w},{y}!"
        )
    return smooth(
        f"{x - w},{y}! {x - w},{spring}! {x - w * 0.71},{spring - w * 0.71} {x},{spring - w} {x + w * 0.71},{spring - w * 0.71} {x + w},{spring}! {x + w},{y}!"
    )


def _chimney(d: Drawing, x: float, top: float, low: float, width: float) -> None:
    d.add(box(x - width / 2, top, x + width / 2, low), box(x - width * 0.64, top, x + width * 0.64, top + width * 0.25))
    d.add(box(x - width * 0.28, top - width * 0.4, x + width * 0.02, top + 1))


def _courses(d: Drawing, left: float, right: float, top: float, bottom: float, count: int) -> None:
    for i in range(1, count):
        y = top + (bottom - top) * i / count
        d.mark(sliver([(left, y), ((left + right) / 2, y), (right, y)], 0.8))


def _cottage(d: Drawing, chance: random.Random) -> float:
    """A low cottage under a thatched roof that sags a little."""
    sag = chance.uniform(3, 7)
    d.add(straight("-105,0 -102,-92 102,-92 105,0"))
    d.add(
        smooth(
            f"-128,-78! -122,-92 -84,-188 -72,-200! 0,{-200 + sag} 72,-202! 84,-190 122,-92 128,-78! 118,-74 0,-80 -118,-74"
        )
    )
    side = chance.choice((-1, 1))
    _chimney(d, side * 62, -240, -160, 24)
    d.open(*pane(-74, -70, 34, 36), *pane(40, -70, 34, 36))
    d.mark(arched(0, 0, 36, 78))
    for x in (-88, -44, 0, 44, 88):
        d.mark(sliver([(x * 0.72, -190), (x * 0.86, -140), (x, -84)], 2.0))
    d.add(smooth("-140,0! -138,-18 -120,-28 -104,-20 -96,0!"), smooth("98,0! 104,-16 118,-20 132,-12 136,0!"))
    return 225


def _house(d: Drawing, chance: random.Random) -> float:
    """A two-storey gabled house, gable end and side together."""
    d.add(straight("-130,0 -130,-165 -62,-262 6,-165 6,0"), straight("0,0 0,-162 132,-162 132,0"))
    d.add(straight("-145,-150 -66,-270 -58,-270 21,-150 12,-148 -62,-256 -136,-148"))
    d.add(straight("-62,-268 100,-268 148,-152 16,-152"))
    _chimney(d, chance.choice((40, 84)), -312, -240, 24)
    d.open(
        *pane(-104, -142, 30, 40),
        *pane(-50, -142, 30, 40),
        *pane(-104, -70, 30, 42),
        *pane(34, -134, 30, 36),
        *pane(86, -134, 30, 36),
    )
    d.open(*pane(88, -72, 30, 42), ellipse(-62, -196, 10))
    d.mark(box(-48, -84, -18, 0), sliver([(-58, -262), (-20, -206), (14, -154)], 2.4))
    d.mark(box(36, -84, 70, 0))
    for i in range(1, 5):
        y = -268 + i * 23
        d.mark(sliver([(-52 + i * 13, y), (30 + i * 10, y), (112 + i * 7.4, y)], 1.0))
    d.add(box(-56, -4, -10, 0), box(28, -5, 78, 0))
    return 315


def _cabin(d: Drawing, chance: random.Random) -> float:
    d.add(
        straight("-92,0 -92,-82 92,-82 92,0"),
        straight("-116,-72 0,-166 116,-72 108,-64 0,-150 -108,-64"),
        straight("-100,-74 0,-158 100,-74"),
    )
    for i in range(9):
        y = -8 - i * 9
        d.add(ellipse(-95, y, 5.5, 4.4), ellipse(95, y, 5.5, 4.4))
        d.mark(sliver([(-90, y + 4.4), (0, y + 4.4), (90, y + 4.4)], 1.0))
    d.add(smooth("44,-100! 42,-182 40,-186! 68,-186! 66,-182 68,-90!"))
    d.open(*pane(-70, -62, 36, 32), *pane(46, -62, 28, 32))
    d.mark(box(-12, -72, 24, 0))
    _ = chance
    return 175


def _barn(d: Drawing, chance: random.Random) -> float:
    d.add(straight("-140,0 -140,-128 -100,-214 0,-262 100,-214 140,-128 140,0"))
    d.add(straight("-152,-118 -108,-222 0,-274 108,-222 152,-118 140,-118 100,-214 0,-262 -100,-214 -140,-118"))
    d.add(straight("-7,-268 -7,-296 -16,-292 0,-310 16,-292 7,-296 7,-268"))
    d.mark(
        line((-52, 0), (-52, -104), 3),
        line((52, 0), (52, -104), 3),
        line((-53, -104), (53, -104), 3),
        line((0, 0), (0, -104), 2),
    )
    for a, b in (((-50, -102), (-2, -2)), ((-2, -102), (-50, -2)), ((2, -102), (50, -2)), ((50, -102), (2, -2))):
        d.mark(line(a, b, 2.2))
    d.open(box(-16, -186, 16, -148))
    for x in (-110, -80, 80, 110):
        d.mark(sliver([(x, -4), (x, -70), (x, -150)], 1.0))
    _ = chance
    return 330


def _town_houses(d: Drawing, chance: random.Random) -> float:
    """A row of five tall, narrow fronts with different gables."""
    x = -290.0
    styles = ["step", "point", "bell", "flat", "point"]
    chance.shuffle(styles)
    for style in styles:
        w = chance.uniform(96, 130)
        h = chance.uniform(290, 400)
        d.add(box(x, -h, x + w + 1, 0))
        m = x + w / 2
        if style == "step":
            for i in range(4):
                d.add(box(x + i * w * 0.11, -h - 16 * (i + 1), x + w - i * w * 0.11, -h + 1))
            d.add(box(m - 7, -h - 82, m + 7, -h))
        elif style == "point":
            d.add(polygon([(x - 5, -h + 4), (m, -h - w * 0.75), (x + w + 5, -h + 4)]))
            _chimney(d, x + w * 0.8, -h - w * 0.62, -h, 16)
        elif style == "bell":
            d.add(
                smooth(
                    f"{x - 3},{-h + 2}! {x + w * 0.08},{-h - 20} {x + w * 0.22},{-h - 34}! {x + w * 0.26},{-h - 62} {m},{-h - 84} {x + w * 0.74},{-h - 62} {x + w * 0.78},{-h - 34}! {x + w * 0.92},{-h - 20} {x + w + 3},{-h + 2}!"
                )
            )
        else:
            d.add(box(x - 5, -h - 10, x + w + 5, -h + 2))
            _chimney(d, x + w * 0.25, -h - 46, -h, 20)
        floors = int(h // 88)
        for floor in range(floors):
            y = -h + 26 + floor * 84
            if y > -70:
                continue
            for column in range(2):
                d.open(*pane(x + w * (0.17 + 0.38 * column), y, w * 0.26, 46))
        d.mark(arched(x + w * chance.choice((0.3, 0.7)), 0, 30, 78))
        d.mark(box(x + 3, -98, x + w - 3, -95))
        x += w
    return max(contour.points[0][1] * -1 for contour in d.solids) * 1.1


def _church(d: Drawing, chance: random.Random) -> float:
    """A village church: nave, tower and spire."""
    d.add(straight("-60,0 -60,-150 230,-150 230,0"), straight("-70,-146 -20,-246 206,-246 246,-146"))
    d.add(box(-170, -330, -60, 0), straight("-180,-322 -115,-560 -50,-322"))
    d.add(box(-178, -334, -52, -322), line((-115, -550), (-115, -604), 3.4), line((-127, -586), (-103, -586), 3.4))
    d.add(
        polygon([(-170, 0), (-184, 0), (-174, -150), (-170, -150)]),
        polygon([(-60, 0), (-46, 0), (-56, -150), (-60, -150)]),
    )
    for x in (0, 56, 112, 168):
        d.open(arched(x + 12, -40, 24, 82, pointed=True))
        d.add(polygon([(x + 34, 0), (x + 34, -118), (x + 40, -126), (x + 46, -118), (x + 48, 0)]))
    d.open(arched(-136, -238, 18, 52, pointed=True), arched(-94, -238, 18, 52, pointed=True), ellipse(-115, -176, 17))
    d.mark(arched(-115, 0, 44, 88, pointed=True), box(-170, -216, -60, -213), box(-170, -308, -60, -304))
    for i in range(1, 5):
        y = -246 + i * 20
        d.mark(sliver([(-28 - i * 8, y), (90, y), (212 + i * 7, y)], 0.9))
    _ = chance
    return 610


def _battlements(d: Drawing, left: float, right: float, y: float, count: int, height: float) -> None:
    step = (right - left) / (2 * count - 1)
    for i in range(count):
        d.add(box(left + 2 * i * step, y - height, left + (2 * i + 1) * step, y + 1))


def _round_tower(d: Drawing, x: float, width: float, height: float, roof: float) -> None:
    w = width / 2
    d.add(
        polygon(
            [
                (x - w * 1.08, 0),
                (x - w, -height * 0.3),
                (x - w, -height),
                (x + w, -height),
                (x + w, -height * 0.3),
                (x + w * 1.08, 0),
            ]
        )
    )
    d.add(box(x - w * 1.2, -height - w * 0.35, x + w * 1.2, -height + w * 0.15))
    if roof > 0:
        d.add(
            smooth(
                f"{x - w * 1.32},{-height - w * 0.3}! {x - w * 0.5},{-height - roof * 0.5} {x},{-height - roof}! {x + w * 0.5},{-height - roof * 0.5} {x + w * 1.32},{-height - w * 0.3}!"
            )
        )
        d.add(line((x, -height - roof + 6), (x, -height - roof - 40), 2.6))
        d.colour(
            smooth(
                f"{x},{-height - roof - 40}! {x + 20},{-height - roof - 36} {x + 44},{-height - roof - 31}! {x + 22},{-height - roof - 26} {x},{-height - roof - 20}!"
            )
        )
    else:
        _battlements(d, x - w * 1.2, x + w * 1.2, -height - w * 0.35, 4, w * 0.4)
    d.open(arched(x, -height * 0.72, w * 0.34, w * 0.95))


def _castle(d: Drawing, chance: random.Random) -> float:
    d.add(box(-420, -230, 420, 0), box(-190, -420, 200, 0))
    _battlements(d, -420, 420, -230, 20, 24)
    _battlements(d, -190, 200, -420, 10, 26)
    tall = [chance.uniform(0.92, 1.1) for _ in range(6)]
    _round_tower(d, -430, 120, 330 * tall[0], 0)
    _round_tower(d, 430, 116, 300 * tall[1], 180)
    _round_tower(d, -250, 104, 470 * tall[2], 200)
    _round_tower(d, 230, 120, 520 * tall[3], 0)
    _round_tower(d, -40, 128, 640 * tall[4], 250)
    _round_tower(d, 110, 74, 560 * tall[5], 160)
    d.mark(arched(0, 0, 110, 165))
    for x in (-38, -19, 0, 19, 38):
        d.add(line((x, 0), (x, -150), 3))
    for x in (-150, -90, 90, 160):
        d.open(arched(x, -290, 18, 52))
    for x in (-330, -290, 310, 350):
        d.open(arched(x, -120, 12, 40))
    for x, y in ((-120, -200), (60, -250), (-320, -60), (320, -180), (140, -90), (-80, -360)):
        d.mark(sliver([(x - 14, y), (x, y), (x + 14, y)], 2.6))
    return 990


def _tower(d: Drawing, chance: random.Random) -> float:
    _round_tower(d, 0, 150, 560, chance.choice((0.0, 240.0)))
    d.mark(arched(0, 0, 46, 100))
    d.open(arched(-22, -200, 16, 50), arched(26, -300, 16, 50))
    for x, y in ((-40, -140), (30, -180), (-20, -260), (44, -240), (-46, -340), (14, -380), (40, -460), (-30, -480)):
        d.mark(sliver([(x - 14, y), (x, y), (x + 14, y)], 2.4))
    return 640 if d.accent == [] else 840


def _ruin(d: Drawing, chance: random.Random) -> float:
    """A broken abbey wall: arches open to the sky, rubble at its foot."""
    j = chance.uniform
    d.add(straight(f"-210,0 -210,-250 -196,-262 -188,-300 -170,{-318 + j(-8, 8)} -160,-286 -148,-290 -140,-120 -140,0"))
    d.add(
        curve(
            [
                (-150, 0),
                (-150, -200),
                (-120, -262),
                (-78, -292),
                (-60, -300),
                (-64, -268),
                (-98, -240),
                (-118, -196),
                (-120, 0),
            ],
            {0, 1, 4, 5, 8},
        )
    )
    d.add(straight(f"-10,0 -10,-190 -22,-214 -8,-226 2,{-262 + j(-9, 9)} 18,-256 24,-196 40,-150 40,0"))
    d.add(smooth("20,-190! 60,-262 104,-276 150,-262 186,-190! 160,-190! 140,-226 104,-242 70,-226 46,-180!"))
    d.add(straight(f"158,0 158,-200 184,-236 196,-310 212,-318 220,{-350 + j(-9, 9)} 238,-330 236,-260 248,-240 250,0"))
    d.add(box(-150, -40, -10, 0), straight("40,0 40,-26 70,-34 96,-22 120,-30 160,-20 160,0"))
    for x, r in ((-240, 20), (-64, 30), (66, 24), (120, 16), (276, 22)):
        d.add(straight(f"{x - r},0 {x - r * 0.8},{-r * 0.7} {x - r * 0.1},{-r} {x + r * 0.7},{-r * 0.6} {x + r},0"))
    d.open(arched(-176, -190, 16, 46, pointed=True))
    d.mark(
        *[
            sliver([(x - 12, y), (x, y), (x + 12, y)], 2.2)
            for x, y in ((-180, -120), (-170, -60), (14, -120), (204, -140), (210, -60), (200, -250))
        ]
    )
    d.add(
        tube([(212, -318), (206, -338), (214, -352)], [3, 2, 0.5]),
        tube([(-170, -312), (-178, -330), (-172, -346)], [2.4, 1.8, 0.5]),
    )
    return 350


def _windmill(d: Drawing, chance: random.Random) -> float:
    d.add(
        straight("-92,0 -58,-300 58,-300 92,0"), smooth("-66,-294! -60,-340 -30,-372 0,-378 30,-372 60,-340 66,-294!")
    )
    d.add(smooth("-116,-112! 116,-112! 112,-104! -112,-104!"))
    for x in range(-110, 111, 22):
        d.add(line((x, -106), (x, -132), 2.4))
    d.add(line((-114, -132), (114, -132), 3))
    d.open(arched(0, -226, 20, 40), arched(-24, -150, 20, 40), arched(26, -40, 22, 44))
    d.mark(arched(-30, 0, 36, 84))
    hub = (0.0, -326.0)
    start = chance.uniform(15, 35)
    for i in range(4):
        arm = Drawing("sail")
        arm.add(line((0, 0), (0, -270), 6, 3.4))
        for y in range(-70, -271, -25):
            arm.add(line((-2, y), (38, y), 2.2))
        arm.add(line((38, -66), (38, -272), 2.4), line((19, -66), (19, -272), 1.6), line((0, -271), (39, -271), 2.4))
        for contour in arm.solids:
            d.add(contour.turned(start + 90 * i).moved(*hub))
    d.add(ellipse(*hub, 11))
    return 590


def _lighthouse(d: Drawing, chance: random.Random) -> float:
    d.add(
        smooth("-118,0! -108,-26 -86,-40! -74,-120 -52,-420 -42,-720! 42,-720! 52,-420 74,-120 86,-40! 108,-26 118,0!")
    )
    d.add(smooth("-46,-716! -50,-738 -66,-752! -66,-764! 66,-764! 66,-752! 50,-738 46,-716!"))
    for x in (-64, -48, -32, -16, 0, 16, 32, 48, 64):
        d.add(line((x, -762), (x, -788), 1.8))
    d.add(line((-66, -788), (66, -788), 2.6))
    d.add(box(-38, -766, 38, -748), box(-36, -838, 36, -826))
    for x in (-35, -12, 12, 35):
        d.add(line((x, -764), (x, -832), 3.6))
    d.open(*[box(a, -824, b, -766) for a, b in ((-33, -14), (-10, 10), (14, 33))])
    d.add(box(-34, -826, 34, -764))
    d.add(
        smooth("-46,-832! -40,-852 -20,-876 -6,-884! 6,-884! 20,-876 40,-852 46,-832!"),
        ellipse(0, -890, 8),
        line((0, -890), (0, -926), 3),
    )
    d.shine(0, -796, 42)
    for (top, a), (low, b) in (((-640, 42.5), (-540, 44)), ((-430, 49), (-320, 54)), ((-210, 62), (-110, 71))):
        d.mark(polygon([(-a, top), (a, top), (b, low), (-b, low)]))
    d.open(arched(0, -466, 16, 40), arched(-4, -244, 18, 42), arched(4, -672, 14, 32))
    d.mark(arched(0, -36, 44, 84))
    side = chance.choice((-1, 1))
    d.add(
        *[
            c.scaled(side, 1)
            for c in (
                straight("70,0 70,-96 196,-96 196,0"),
                straight("60,-92 84,-146 182,-146 208,-92"),
                box(150, -172, 168, -130),
            )
        ]
    )
    d.open(*[c.scaled(side, 1) for c in pane(112, -72, 28, 32)])
    return 930


def _skyscraper(d: Drawing, x: float, width: float, height: float, style: str, chance: random.Random) -> None:
    d.add(box(x, -height, x + width, 0))
    top = -height
    m = x + width / 2
    if style == "steps":
        for i, share in enumerate((0.74, 0.5, 0.28)):
            d.add(box(m - width * share / 2, top - height * 0.07 * (i + 1), m + width * share / 2, top + 1))
        d.add(line((m, top - height * 0.2), (m, top - height * 0.36), 7, 1.5))
    elif style == "slant":
        d.add(polygon([(x, top + 1), (x, top - width * 0.7), (x + width, top + 1)]))
    elif style == "mast":
        d.add(box(x + width * 0.2, top - 24, x + width * 0.8, top + 1), line((m, top - 20), (m, top - 150), 5, 1.5))
    else:
        d.add(
            box(x + width * 0.12, top - 16, x + width * 0.4, top + 1),
            box(x + width * 0.6, top - 30, x + width * 0.86, top + 1),
        )
    columns, rows = max(3, int(width // 26)), int(height // 40)
    for r in range(rows):
        for c in range(columns):
            if chance.random() < 0.42:
                left = x + width * 0.08 + c * width * 0.86 / columns
                y = top + 16 + r * 38
                if y < -30:
                    d.open(box(left, y, left + width * 0.56 / columns, y + 18))


def _skyscrapers(d: Drawing, chance: random.Random) -> float:
    x, tallest = -520.0, 0.0
    while x < 500:
        width, height = chance.uniform(90, 170), chance.uniform(520, 1350)
        style = chance.choice(("steps", "slant", "mast", "plain"))
        _skyscraper(d, x, width, height, style, chance)
        tallest = max(tallest, height)
        x += width + chance.uniform(-14, 20)
    return tallest * 1.12


def _factory(d: Drawing, chance: random.Random) -> float:
    d.add(box(-320, -150, 320, 0))
    for i in range(5):
        x = -320 + i * 92
        d.add(polygon([(x, -149), (x, -226), (x + 92, -149)]))
        d.open(polygon([(x + 8, -158), (x + 8, -204), (x + 62, -158)]))
    for x, h in ((190, 520), (262, chance.uniform(420, 480))):
        d.add(polygon([(x - 24, 0), (x - 16, -h), (x + 16, -h), (x + 24, 0)]), box(x - 20, -h - 6, x + 20, -h + 10))
        d.mark(box(x - 17, -h + 36, x + 17, -h + 50))
    for i in range(8):
        d.open(*pane(-300 + i * 74, -110, 46, 44, 2, 3))
    d.add(smooth("130,-400! 126,-300 126,-150! 140,-150! 140,-300!"))
    return 540


def _gate(d: Drawing, chance: random.Random) -> float:
    """Wrought-iron gates between stone pillars, one leaf ajar."""
    for side in (-1, 1):
        d.add(
            box(side * 118 - 22, -190, side * 118 + 22, 0),
            box(side * 118 - 28, -200, side * 118 + 28, -188),
            box(side * 118 - 28, -16, side * 118 + 28, 0),
        )
        d.add(ellipse(side * 118, -218, 19), box(side * 118 - 8, -206, side * 118 + 8, -196))
        _courses(d, side * 118 - 20, side * 118 + 20, -186, -18, 6)
        for i in range(8):
            x = side * (8 + i * 12.2)
            top = -166 - 26 * (1 - i / 8) ** 1.4
            d.add(line((x, -6), (x, top), 2.4), polygon([(x - 3.6, top + 2), (x, top - 11), (x + 3.6, top + 2)]))
        d.add(line((side * 3, -24), (side * 98, -24), 3.4), line((side * 3, -96), (side * 98, -96), 3.4))
        d.add(tube([(side * 3, -176), (side * 30, -168), (side * 66, -154), (side * 98, -150)], [1.8] * 4))
        d.add(*[c.moved(side * 50, -122) for c in ring(0, 0, 13, 2.6)])
    _ = chance
    return 240


def _arch_bridge(d: Drawing, chance: random.Random) -> float:
    """A stone bridge of three arches with a humped road."""
    d.add(smooth("-420,0! -420,-130! -300,-150 -120,-190 0,-200 120,-190 300,-150 420,-130! 420,0! 330,0! 322,-60 270,-104 218,-60 210,0! "
                 "158,0! 150,-92 60,-148 0,-152 -60,-148 -150,-92 -158,0! -210,0! -218,-60 -270,-104 -322,-60 -330,0!"))  # fmt: skip
    d.add(
        smooth(
            "-424,-128! -300,-154 -120,-196 0,-207 120,-196 300,-154 424,-128! 424,-146! 300,-172 120,-214 0,-225 -120,-214 -300,-172 -424,-146!"
        )
    )
    for x in (-184, 184):
        d.add(smooth(f"{x - 34},0! {x - 26},-70 {x},-92 {x + 26},-70 {x + 34},0!"))
    for x, y in ((-360, -100), (-240, -134), (-60, -178), (70, -174), (250, -132), (366, -96), (-390, -40), (384, -50)):
        d.mark(sliver([(x - 16, y), (x, y), (x + 16, y)], 2.6))
    _ = chance
    return 225


def _suspension_bridge(d: Drawing, chance: random.Random) -> float:
    d.add(box(-900, -166, 900, -146))
    for x in (-430, 430):
        d.add(
            line((x - 22, 0), (x - 16, -520), 15, 12),
            line((x + 22, 0), (x + 16, -520), 15, 12),
            box(x - 28, -524, x + 28, -506),
            box(x - 24, -380, x + 24, -366),
            box(x - 40, -40, x + 40, 0),
        )
        for y in (-240, -300):
            d.add(line((x - 20, y), (x + 20, y - 46), 4), line((x + 20, y), (x - 20, y - 46), 4))

    def sag(x: float) -> float:
        return -190 - 322 * (abs(x) / 430) ** 2 if abs(x) <= 430 else -512 + (abs(x) - 430) / 470 * 352

    cable = [(-900 + 1800 * i / 60, sag(-900 + 1800 * i / 60)) for i in range(61)]
    for first, last in ((0, 16), (16, 45), (45, 61)):
        piece = cable[first:last]
        d.add(tube(piece, [3.2] * len(piece)))
    d.add(tube([cable[15], (-430, -514), cable[16]], [3.2] * 3), tube([cable[44], (430, -514), cable[45]], [3.2] * 3))
    for i in range(-22, 23):
        at = i * 40.0
        if abs(abs(at) - 430) > 20:
            d.add(line((at, sag(at)), (at, -150), 1.5))
    d.add(
        polygon([(-900, -166), (-830, -166), (-860, 0), (-900, 0)]),
        polygon([(900, -166), (830, -166), (860, 0), (900, 0)]),
    )
    _ = chance
    return 525


def _pier(d: Drawing, chance: random.Random) -> float:
    d.add(box(-330, -64, 330, -54))
    for i in range(9):
        x = -310 + i * 78 + chance.uniform(-4, 4)
        high = -64 - (chance.uniform(26, 40) if i % 2 == 0 else 0)
        d.add(line((x, 0), (x + chance.uniform(-3, 3), high), 11, 9))
        if i < 8:
            d.mark(line((x + 6, -50), (x + 70, -51), 1.2))
            d.add(line((x + 4, -50), (x + 72, -14), 4))
    d.add(
        line((268, -64), (268, -190), 5),
        tube([(268, -188), (276, -198), (290, -196)], [2, 2, 2]),
        polygon([(282, -194), (298, -194), (294, -172), (286, -172)]),
    )
    d.open(polygon([(284.5, -191), (295.5, -191), (292.5, -175), (287.5, -175)]))
    d.shine(290, -183, 16)
    return 200


def _market_stall(d: Drawing, chance: random.Random) -> float:
    d.add(line((-92, 0), (-92, -170), 5), line((92, 0), (92, -170), 5), box(-100, -70, 100, -56), box(-94, -58, 94, -4))
    d.add(
        smooth(
            "-118,-150! -96,-208! 96,-208! 118,-150! 106,-140 88,-150! 72,-140 53,-150! 36,-140 18,-150! 0,-140 -18,-150! -36,-140 -53,-150! -72,-140 -88,-150! -106,-140"
        )
    )
    for i in (-2, 0, 2):
        d.accent.append(polygon([(i * 36 - 16, -206), (i * 36 + 16, -206), (i * 41 + 18, -150), (i * 41 - 18, -150)]))
    for i in range(9):
        x = -80 + i * 20
        d.add(ellipse(x, -74 - (i % 2) * 3, 10, 9))
    d.add(box(-60, -112, -26, -70), ellipse(60, -90, 13, 16))
    d.mark(*[line((x, -54), (x, -6), 1.4) for x in (-60, -20, 20, 60)])
    d.add(line((40, -206), (40, -176), 1.2), ellipse(40, -170, 6, 8))
    d.shine(40, -170, 10)
    _ = chance
    return 215


def _tent(d: Drawing, chance: random.Random) -> float:
    d.add(
        smooth("-140,0! -100,-50 -44,-130 -8,-172! 8,-172! 44,-130 100,-50 140,0!"),
        line((-2, -160), (10, -186), 3),
        line((2, -160), (-10, -186), 3),
    )
    d.open(smooth("0,-140! -14,-80 -44,0! 34,0! 14,-76"))
    d.add(smooth("0,-144! 10,-80 20,0! 52,0! 24,-76"))
    d.mark(sliver([(-14, -156), (-60, -86), (-112, -6)], 1.8), sliver([(14, -156), (60, -88), (116, -6)], 1.8))
    for side in (-1, 1):
        d.add(line((side * 100, -46), (side * 172, 0), 1.6), line((side * 170, 2), (side * 174, -12), 3))
    _ = chance
    return 175


def _well(d: Drawing, chance: random.Random) -> float:
    d.add(smooth("-56,0! -58,-30 -56,-62! 56,-62! 58,-30 56,0!"), rounded_box(-62, -70, 62, -58, 4))
    d.add(
        line((-46, -66), (-46, -160), 7),
        line((46, -66), (46, -160), 7),
        straight("-78,-150 0,-206 78,-150 70,-144 0,-192 -70,-144"),
        straight("-66,-150 0,-200 66,-150"),
    )
    d.add(line((-46, -122), (60, -122), 7), line((60, -122), (60, -104), 4), line((60, -104), (72, -104), 4))
    d.add(line((4, -122), (4, -96), 1.8), smooth("-8,-96! 16,-96! 13,-76! -5,-76!"))
    for row in range(4):
        for i in range(6):
            x = -50 + i * 20 + (row % 2) * 9
            if x < 46:
                d.mark(sliver([(x - 7, -8 - row * 14), (x, -7 - row * 14), (x + 7, -8 - row * 14)], 1.8))
    _ = chance
    return 200


def _fence(d: Drawing, chance: random.Random) -> float:
    for i in range(9):
        x = -176 + i * 44 + chance.uniform(-2, 2)
        lean = chance.uniform(-3, 3)
        d.add(
            polygon(
                [
                    (x - 6, 0),
                    (x - 5 + lean, -74),
                    (x + lean, -82 + chance.uniform(-3, 3)),
                    (x + 5 + lean, -74),
                    (x + 6, 0),
                ]
            )
        )
    for y in (-26, -56):
        d.add(
            tube(
                [
                    (-190, y + chance.uniform(-3, 3)),
                    (-60, y + chance.uniform(-3, 3)),
                    (70, y + chance.uniform(-3, 3)),
                    (190, y + chance.uniform(-3, 3)),
                ],
                [4, 3.6, 3.8, 4],
                "flat",
            )
        )
    return 74


def _picket_fence(d: Drawing, chance: random.Random) -> float:
    for i in range(15):
        x = -168 + i * 24
        d.add(polygon([(x - 7, 0), (x - 7, -66), (x, -77), (x + 7, -66), (x + 7, 0)]))
    d.add(box(-180, -54, 180, -46), box(-180, -24, 180, -16))
    _ = chance
    return 68


def _gravestones(d: Drawing, chance: random.Random) -> float:
    stones: list[tuple[float, str]] = [(-92, "round"), (-38, "cross"), (20, "round"), (72, "slab"), (112, "round")]
    for x, kind in stones:
        part = Drawing("stone")
        size = chance.uniform(0.8, 1.1)
        if kind == "round":
            part.add(smooth("-18,2! -18,-44 -12,-58 0,-63 12,-58 18,-44 18,2!"))
            part.mark(line((-9, -40), (9, -40), 1.6), line((-9, -32), (9, -32), 1.6), line((-6, -24), (6, -24), 1.6))
        elif kind == "cross":
            part.add(box(-5.5, -86, 5.5, 2), box(-21, -68, 21, -58), box(-13, -10, 13, 2))
        else:
            part.add(straight("-15,2 -15,-40 0,-50 15,-40 15,2"))
        tilt = chance.uniform(-8, 8)
        part.mapped(partial(_tilted, tilt))
        d.include(part, x, 0, size)
    d.add(smooth("-126,0! -80,-7 -20,-4 40,-8 90,-4 134,0!"))
    return 84


def _statue(d: Drawing, chance: random.Random) -> float:
    """A plinth; its figure is drawn by the figure builder and stands on top."""
    from storyreel.providers.offline.silhouettes.figures import draw_person, stance_for

    d.add(box(-62, -16, 62, 0), box(-54, -30, 54, -14), box(-44, -130, 44, -28), box(-52, -140, 52, -126))
    d.mark(box(-30, -112, 30, -50))
    person = Drawing("figure")
    pose = chance.choice(("standing_front", "reaching", "standing_side"))
    held = ["sword"] if pose != "reaching" else []
    draw_person(person, stance_for("man", pose, held, chance), "man", pose, ["cloak", "hair_short"], held, 0.2, 3)
    d.include(person, 0, -139, 1.25)
    return 275


def _street_lamp(d: Drawing, chance: random.Random) -> float:
    d.add(
        smooth(
            "-15,0! -15,-8! -9,-12 -7,-38! -4.4,-44 -3.4,-100 -2.6,-200! 2.6,-200! 3.4,-100 4.4,-44 7,-38! 9,-12 15,-8! 15,0!"
        )
    )
    d.add(line((-17, -186), (17, -186), 3), ellipse(-17, -186, 2.6), ellipse(17, -186, 2.6), box(-6, -206, 6, -198))
    d.add(
        straight("-8,-204 -15,-240 15,-240 8,-204"),
        straight("-19,-238 -8,-258 8,-258 19,-238"),
        ellipse(0, -262, 4.4),
        line((0, -262), (0, -272), 2),
    )
    d.open(straight("-6.4,-208 -11.4,-236 -1,-236 -1,-208"), straight("6.4,-208 11.4,-236 1,-236 1,-208"))
    d.shine(0, -222, 24)
    _ = chance
    return 235


def _telegraph_pole(d: Drawing, chance: random.Random) -> float:
    lean = chance.uniform(-8, 8)
    d.add(line((0, 0), (lean, -400), 10, 7))
    for y, w in ((-376, 56), (-346, 46)):
        x = lean * -y / 400
        d.add(
            line((x - w, y), (x + w, y), 6.5),
            line((x - w * 0.5, y), (x, y + 24), 2.4),
            line((x + w * 0.5, y), (x, y + 24), 2.4),
        )
        for i in (-0.92, -0.55, 0.55, 0.92):
            d.add(rounded_box(x + w * i - 3, y - 12, x + w * i + 3, y - 2, 1.5))
    return 420


def _signpost(d: Drawing, chance: random.Random) -> float:
    d.add(line((0, 0), (chance.uniform(-3, 3), -190), 8, 7), ellipse(0, -192, 6))
    for y, side, length in ((-168, 1, 74), (-140, -1, 66), (-112, 1, 56)):
        t = chance.uniform(-4, 4)
        board = straight(f"-14,-11 {length},-11 {length + 14},0 {length},11 -14,11")
        d.add(board.scaled(side, 1).turned(t).moved(0, y))
        d.mark(line((side * 10, y - 2), (side * (length - 8), y - 2), 1.4))
    d.add(smooth("-18,0! -12,-10 0,-12 12,-9 20,0!"))
    return 190


def _rocket(d: Drawing, chance: random.Random) -> float:
    d.add(
        smooth(
            "0,-640! 22,-600 48,-520 58,-430 60,-300 54,-140 42,-60! -42,-60! -54,-140 -60,-300 -58,-430 -48,-520 -22,-600"
        )
    )
    for side in (-1, 1):
        d.colour(smooth("50,-210! 84,-150 110,-80 112,0! 96,-30 70,-52 43,-62!").scaled(side, 1))
    d.add(
        straight("-30,-62 30,-62 42,-24 -42,-24"),
        smooth("-4,-150! 4,-150! 8,-60 6,0! -6,0! -8,-60"),
        line((0, -636), (0, -676), 4, 1),
    )
    d.open(ellipse(0, -430, 22), ellipse(0, -360, 14))
    d.mark(
        smooth("-44,-535! 0,-526 44,-535! 49,-515! 0,-505 -49,-515!"),
        smooth("-57,-190! 0,-180 57,-190! 55,-172! 0,-162 -55,-172!"),
    )
    _ = chance
    return 640


def _radio_dish(d: Drawing, chance: random.Random) -> float:
    d.add(
        straight("-70,0 -16,-190 16,-190 70,0 58,0 0,-160 -58,0"),
        line((-48, -70), (48, -70), 5),
        line((-30, -125), (30, -125), 5),
        line((-48, -70), (30, -125), 3.4),
        line((48, -70), (-30, -125), 3.4),
    )
    dish = [
        smooth("-150,0! -120,46 -60,76 0,84 60,76 120,46 150,0! 90,14 0,20 -90,14"),
        line((-80, 8), (0, -92), 3.4), line((80, 8), (0, -92), 3.4), line((0, 18), (0, -92), 3.4), ellipse(0, -96, 10),
    ]  # fmt: skip
    turn = chance.choice((-32, 32))
    for contour in dish:
        d.add(contour.turned(turn).moved(-turn * 0.4, -250))
    d.add(box(-26, -204, 26, -170), rounded_box(-90, -34, -28, 0, 2))
    d.mark(smooth("-128,16 -60,34 0,38 60,34 128,16! 60,26 0,30 -60,26").turned(turn).moved(-turn * 0.4, -250))
    return 400


def _antenna(d: Drawing, chance: random.Random) -> float:
    d.add(line((-46, 0), (-5, -640), 6, 3), line((46, 0), (5, -640), 6, 3))
    for i in range(13):
        t, u = i / 13, (i + 1) / 13
        a, b = 46 - 41 * t, 46 - 41 * u
        d.add(
            line((-a, -640 * t), (a, -640 * t), 2.6),
            line((-a, -640 * t), (b, -640 * u), 2),
            line((a, -640 * t), (-b, -640 * u), 2),
        )
    d.add(
        line((0, -630), (0, -760), 4, 1.5),
        ellipse(-12, -560, 12, 14),
        ellipse(14, -500, 13, 15),
        box(-9, -648, 9, -634),
    )
    d.shine(0, -760, 12)
    _ = chance
    return 760


def _observatory(d: Drawing, chance: random.Random) -> float:
    d.add(
        box(-130, -130, 130, 0),
        box(-142, -142, 142, -126),
        box(-220, -84, -120, 0),
        straight("-230,-80 -226,-96 -116,-96 -116,-80"),
    )
    d.add(smooth("-126,-138! -120,-196 -82,-248 -20,-270 20,-270 82,-248 120,-196 126,-138!"))
    side = chance.choice((-1, 1))
    tilt = side * 34
    d.open(smooth("-14,-140! -14,-214 -10,-268! 14,-268! 20,-214 18,-140!").turned(tilt * 0.45, (0, -140)))
    for contour in (line((0, -30), (0, -190), 22, 26), box(-15, -204, 15, -184)):
        d.add(contour.turned(tilt, (0, 0)).moved(0, -130))
    d.open(*pane(-96, -94, 24, 44), *pane(72, -94, 24, 44), *pane(-186, -58, 26, 30))
    d.mark(arched(0, 0, 40, 84), box(-130, -118, 130, -115))
    return 360


def _clock_tower(d: Drawing, chance: random.Random) -> float:
    d.add(
        box(-70, -620, 70, 0),
        box(-82, -30, 82, 0),
        box(-80, -632, 80, -612),
        box(-64, -770, 64, -630),
        box(-74, -782, 74, -766),
    )
    d.add(
        smooth("-74,-778! -54,-820 -34,-850 -26,-900! 26,-900! 34,-850 54,-820 74,-778!"),
        straight("-30,-896 0,-1010 30,-896"),
        line((0, -1000), (0, -1050), 3.4),
        ellipse(0, -1012, 7),
    )
    for side in (-1, 1):
        d.add(
            straight(f"{side * 72},-630 {side * 64},-700 {side * 56},-630"), box(side * 70 - 6, -610, side * 70 + 6, 0)
        )
    d.open(ellipse(0, -700, 46))
    d.mark(*ring(0, -700, 54, 4))
    d.mark(line((0, -700), (16, -674), 4.6), line((0, -700), (-6, -738), 3.4))
    for y in (-540, -430, -320, -210):
        d.open(arched(-26, y + 50, 20, 66, pointed=True), arched(26, y + 50, 20, 66, pointed=True))
    d.mark(arched(0, 0, 52, 104, pointed=True))
    _ = chance
    return 1050


def _temple(d: Drawing, chance: random.Random) -> float:
    for i in range(3):
        d.add(box(-270 + i * 14, -12 * (i + 1), 270 - i * 14, -12 * i))
    for i in range(6):
        x = -205 + i * 82
        d.add(
            smooth(f"{x - 19},-36! {x - 18},-120 {x - 15},-226! {x + 15},-226! {x + 18},-120 {x + 19},-36!"),
            box(x - 24, -234, x + 24, -222),
            box(x - 24, -44, x + 24, -34),
        )
        d.mark(*[line((x + k, -46), (x + k * 0.85, -222), 1.3) for k in (-8, 0, 8)])
    d.add(box(-248, -264, 248, -232), straight("-266,-262 0,-352 266,-262"))
    d.mark(straight("-206,-270 0,-340 206,-270"), box(-244, -250, 244, -247))
    _ = chance
    return 345


def _pagoda(d: Drawing, chance: random.Random) -> float:
    y = -20.0
    d.add(box(-150, -22, 150, 0), box(-130, -34, 130, -18))
    y = -34
    for i in range(5):
        w = 104 - i * 15
        d.add(box(-w * 0.74, y - 70, w * 0.74, y + 1))
        d.open(*[arched(x, y - 6, 16 - i, 44) for x in (-w * 0.36, w * 0.36)])
        d.mark(box(-9, y - 52, 9, y))
        e = y - 62
        d.add(
            smooth(
                f"{-w * 1.52},{e - 10}! {-w * 1.3},{e + 4} {-w},{e + 6} 0,{e + 7} {w},{e + 6} {w * 1.3},{e + 4} {w * 1.52},{e - 10}! {w * 1.15},{e - 14} {w * 0.72},{e - 36}! {-w * 0.72},{e - 36}! {-w * 1.15},{e - 14}"
            )
        )
        y -= 96
    d.add(line((0, y + 40), (0, y - 80), 5, 1.5), *[ellipse(0, y - 4 - k * 13, 12 - k * 2, 2.6) for k in range(5)])
    _ = chance
    return 600


def _shipwreck(d: Drawing, chance: random.Random) -> float:
    """A hull on its side with bare ribs and a broken mast."""
    d.add(smooth("-300,0! -286,-60 -250,-112 -214,-128! -150,-92 -60,-76 30,-72 60,-60! 90,-40 150,-20 230,0!"))
    for i in range(8):
        x = 20 + i * 27
        h = 118 - i * 10 + chance.uniform(-10, 10)
        d.add(tube([(x, 0), (x + 16, -h * 0.5), (x + 13, -h * 0.84), (x + 1, -h)], [5.4, 4.6, 3.6, 1.8]))
    d.add(
        line((-120, -70), (-70, -312), 13, 9),
        straight("-77,-306 -72,-338 -66,-318 -61,-330 -63,-300"),
        line((-146, -226), (-18, -250), 6, 4.4),
    )
    d.add(
        line((-268, -104), (-372, -176), 9, 4),
        smooth("-130,-222! -122,-180 -132,-150 -110,-120! -98,-158 -104,-190 -88,-230!"),
    )
    for a, b in (((-74, -290), (-250, -112)), ((-78, -290), (30, -72))):
        d.add(line(a, b, 1.6))
    for i in range(3):
        y = -24 - i * 24
        d.mark(sliver([(-272 + i * 12, y), (-140, y + 12), (0 - i * 30, y + 14)], 2.4))
    d.open(ellipse(-216, -78, 9), ellipse(-174, -62, 9))
    d.add(smooth("-330,0! -240,-14 -60,-9 120,-16 260,-6 320,0!"))
    return 320


def _dock_crane(d: Drawing, chance: random.Random) -> float:
    d.add(
        line((-60, 0), (-30, -330), 12, 8),
        line((60, 0), (30, -330), 12, 8),
        box(-44, -340, 44, -326),
        rounded_box(-30, -400, 56, -336, 6),
    )
    d.add(
        line((-20, -390), (-320, -560), 12, 5), line((56, -380), (120, -420), 10), rounded_box(96, -440, 150, -396, 4)
    )
    for i in range(6):
        t = i / 6
        d.add(line((-20 - 300 * t, -390 - 170 * t), (-10 - 260 * t, -430 - 140 * t), 3))
    d.add(line((10, -430), (-300, -566), 3), line((10, -400), (10, -440), 6), line((10, -436), (120, -436), 3))
    d.add(line((-316, -556), (-316, -300), 2.4), box(-340, -300, -292, -262))
    d.add(line((-54, -70), (42, -200), 5), line((54, -70), (-42, -200), 5), line((-52, -90), (52, -90), 6))
    d.open(*pane(-22, -390, 26, 26))
    _ = chance
    return 580


def _pyramids(d: Drawing, chance: random.Random) -> float:
    for x, w, h in ((-360, 330, 420), (180, 450, 600), (560, 200, 250)):
        d.add(polygon([(x - w, 0), (x, -h), (x + w, 0)]))
        d.mark(polygon([(x, -h + 3), (x + w - 6, 0), (x + w * 0.3, 0)]))
    _ = chance
    return 1150


def _stone_circle(d: Drawing, chance: random.Random) -> float:
    for x, h, w in ((-200, 150, 26), (-120, 190, 30), (-30, 196, 30), (70, 190, 28), (150, 186, 28), (240, 130, 26)):
        j = [chance.uniform(-4, 4) for _ in range(6)]
        d.add(
            curve(
                [
                    (x - w, 0),
                    (x - w * 0.9 + j[0], -h * 0.5),
                    (x - w * 0.82 + j[1], -h + j[2]),
                    (x + w * 0.8 + j[3], -h + j[4]),
                    (x + w * 0.95 + j[5], -h * 0.5),
                    (x + w, 0),
                ],
                {0, 2, 3, 5},
            )
        )
    for a, b in ((-152, 2), (38, 182)):
        d.add(
            smooth(
                f"{a},-190! {a + 2},-226 {a + 16},-232 {(a + b) / 2},-229 {b - 8},-233 {b},-222 {b},-188! {(a + b) / 2},-192"
            )
        )
    d.add(smooth("-90,0! -84,-24 -40,-34 10,-28 24,0!"))
    return 230


def _dome(d: Drawing, chance: random.Random) -> float:
    """A palace with an onion dome and minarets."""
    d.add(box(-240, -210, 240, 0), box(-250, -222, 250, -206), box(-96, -262, 96, -200))
    dome = (
        "0,-470! 8,-446 30,-424 62,-392 84,-346 80,-300 62,-262! -62,-262! -80,-300 -84,-346 -62,-392 -30,-424 -8,-446"
    )
    d.add(smooth(dome), line((0, -460), (0, -500), 3))
    for side in (-1, 1):
        d.add(smooth(dome).scaled(0.46).moved(side * 170, -100))
        d.add(
            line((side * 300, 0), (side * 300, -430), 26, 20),
            box(side * 300 - 20, -300, side * 300 + 20, -290),
            box(side * 300 - 19, -436, side * 300 + 19, -424),
        )
        d.add(smooth(dome).scaled(0.22).moved(side * 300, -372))
        for x in (90, 150, 206):
            d.open(arched(side * x, -20, 34, 96, pointed=True), arched(side * x, -140, 26, 52, pointed=True))
    d.open(arched(0, 0, 96, 176, pointed=True))
    _ = chance
    return 520


def _shop(d: Drawing, chance: random.Random) -> float:
    d.add(box(-150, -300, 150, 0), box(-160, -312, 160, -296), box(-156, -146, 156, -128))
    d.colour(
        smooth(
            "-150,-132! 150,-132! 168,-98! 144,-90 120,-98! 96,-90 72,-98! 48,-90 24,-98! 0,-90 -24,-98! -48,-90 -72,-98! -96,-90 -120,-98! -144,-90 -168,-98!"
        )
    )
    d.open(*pane(-132, -84, 120, 62, 1, 3), box(44, -78, 80, -34))
    d.mark(line((36, 0), (36, -86), 2.4), line((88, 0), (88, -86), 2.4), line((36, -86), (88, -86), 2.4))
    for x in (-112, -22, 68):
        d.open(*pane(x, -252, 44, 66))
    d.add(line((150, -188), (196, -188), 3), line((190, -188), (190, -178), 2), ellipse(190, -160, 20, 18))
    _chimney(d, chance.choice((-90, 96)), -352, -300, 26)
    return 350


STRUCTURES: dict[str, Builder] = {
    "antenna": _antenna, "arch bridge": _arch_bridge, "barn": _barn, "cabin": _cabin, "castle": _castle, "church": _church,
    "clock tower": _clock_tower, "cottage": _cottage, "dock crane": _dock_crane, "factory": _factory, "fence": _fence,
    "gate": _gate, "gravestones": _gravestones, "house": _house, "lighthouse": _lighthouse, "market stall": _market_stall,
    "observatory": _observatory, "pagoda": _pagoda, "palace": _dome, "picket fence": _picket_fence, "pier": _pier,
    "pyramids": _pyramids, "radio dish": _radio_dish, "rocket": _rocket, "ruin": _ruin, "shipwreck": _shipwreck,
    "shop": _shop, "signpost": _signpost, "skyscrapers": _skyscrapers, "statue": _statue, "stone circle": _stone_circle,
    "street lamp": _street_lamp, "suspension bridge": _suspension_bridge, "telegraph pole": _telegraph_pole,
    "temple": _temple, "tent": _tent, "tower": _tower, "town houses": _town_houses, "well": _well, "windmill": _windmill,
}  # fmt: skip
