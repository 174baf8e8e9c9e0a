"""Things people hold, sit on and look at. Most are in units of their own: 100 is the larger side, so that an insert can
show them as large as it likes; `WORLD_SIZE` says how large each is beside a person."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes.carried import lantern_on_ring
from storyreel.providers.offline.silhouettes.drawing import (
    Drawing,
    box,
    ellipse,
    line,
    polygon,
    ring,
    rounded_box,
    sliver,
    smooth,
    straight,
    stroke,
)
from storyreel.providers.offline.silhouettes.model import Silhouette
from storyreel.providers.offline.silhouettes.more_props import MORE_PROPS
from storyreel.providers.offline.silhouettes.structures import arched, pane

Maker = Callable[[Drawing], None]


def prop(name: str) -> Silhouette:
    """A prop by name (one of `PROPS`), in its own unit: 100 is its larger side.

    Raises:
        InputError: the name is not known.
    """
    if name not in PROPS:
        raise InputError(f"no prop is called {name!r}: choose from {', '.join(PROPS)}")
    drawing = Drawing(name, unit="own")
    PROPS[name][0](drawing)
    return drawing.finish(larger=100)


def _lantern(d: Drawing) -> None:
    d.include(lantern_on_ring())


def _candle(d: Drawing) -> None:
    d.add(
        smooth("-9,-70! -10,-40 -9,-8! 9,-8! 10,-40 9,-66! 11,-58 8,-62 4,-68 -3,-67"), line((0, -68), (0.6, -76), 1.2)
    )
    d.add(smooth("-26,-8! 26,-8! 22,-1 14,0 -14,0 -22,-1"), *[c.moved(30, -10) for c in ring(0, 0, 8, 2.4)])
    d.burn(smooth("0,-104! 4,-95 7,-86 4,-78 0,-76 -4,-78 -6,-86 -2,-94"))
    d.shine(0, -86, 20)
    d.mark(sliver([(-4, -62), (-5, -46), (-4, -30)], 1.6))


def _oil_lamp(d: Drawing) -> None:
    d.add(
        smooth(
            "-20,0! 20,0! 16,-6 6,-10 5,-16! 22,-20 27,-32 20,-42 9,-46! -9,-46! -20,-42 -27,-32 -22,-20 -5,-16! -6,-10 -16,-6"
        ),
        box(-12, -54, 12, -45),
    )
    d.add(
        smooth("-11,-53! -16,-66 -15,-78 -8,-92 -7,-112! 7,-112! 8,-92 15,-78 16,-66 11,-53!"),
        line((12, -50), (20, -50), 2),
        ellipse(21, -50, 3),
    )
    d.open(smooth("-7,-56! -11,-66 -11,-77 -5,-92! 5,-92! 11,-77 11,-66 7,-56!"))
    d.shine(0, -70, 18)


def _book_open(d: Drawing) -> None:
    d.add(
        smooth(
            "0,-52! -14,-60 -38,-62 -62,-54! -66,-4! -42,-12 -16,-10 0,0! 16,-10 42,-12 66,-4! 62,-54! 38,-62 14,-60"
        )
    )
    d.mark(
        smooth("-3,-49! -16,-56 -38,-57 -58,-51! -61,-11! -40,-17 -16,-15 -3,-7!"),
        smooth("3,-49! 16,-56 38,-57 58,-51! 61,-11! 40,-17 16,-15 3,-7!"),
    )
    d.colour(polygon([(1, -8), (5, -6), (5, 9), (2.5, 6), (0, 9)]))


def _book_closed(d: Drawing) -> None:
    d.add(smooth("-40,-106! 30,-106! 36,-100! 36,-4! 30,0! -34,0! -42,-4 -44,-10! -44,-98! -42,-104"))
    d.mark(
        box(-34, -100, -31, -8), box(-18, -84, 22, -81), box(-18, -60, 22, -57), smooth("2,-80! 12,-71 2,-61! -8,-71!")
    )
    d.mark(line((-38, -4.4), (34, -4.4), 2.4))
    d.colour(polygon([(14, 0), (20, 0), (20, 12), (17, 8), (14, 12)]))


def _books(d: Drawing) -> None:
    y = 0.0
    for w, h, x in ((100, 18, 0), (88, 14, 4), (94, 20, -5), (74, 13, 2)):
        d.add(rounded_box(x - w / 2, y - h, x + w / 2, y, 3))
        d.mark(
            box(x - w / 2 + 12, y - h + 2, x - w / 2 + 15, y - 2),
            box(x - w / 2 + 22, y - h + 2, x - w / 2 + 25, y - 2),
            box(x - w / 2 + 34, y - 5, x + w / 2 - 2, y - 2),
        )
        y -= h + 0.5


def _letter(d: Drawing) -> None:
    d.add(straight("-50,-66 50,-66 50,0 -50,0"))
    d.mark(
        polygon([(-49, -65), (-47, -65), (0, -28), (47, -65), (49, -65), (0, -24)]),
        sliver([(-48, -2), (-30, -18), (-12, -34)], 1.6),
        sliver([(48, -2), (30, -18), (12, -34)], 1.6),
    )
    d.accent.append(ellipse(0, -30, 9))


def _note(d: Drawing) -> None:
    d.add(smooth("-36,-98! -10,-100 20,-97 38,-100! 36,-60 39,-30 36,0! 10,-3 -16,1 -38,-2! -35,-40 -38,-70"))
    for i in range(8):
        d.mark(sliver([(-26, -86 + i * 10), (-4, -87 + i * 10), (26 - (i % 3) * 8, -86 + i * 10)], 1.8))
    d.mark(sliver([(4, -10), (14, -15), (22, -8), (28, -12)], 1.8))


def _scroll(d: Drawing) -> None:
    d.add(
        smooth("-34,-96! 34,-96! 31,-60 34,-30 34,-8! -34,-8! -37,-36 -34,-64"),
        rounded_box(-44, -106, 44, -92, 7),
        rounded_box(-44, -12, 44, 2, 7),
    )
    d.add(*[rounded_box(x - 4, y - 4, x + 4, y + 4, 3) for x in (-47, 47) for y in (-99, -5)])
    for i in range(6):
        d.mark(sliver([(-24, -82 + i * 11), (0, -83 + i * 11), (24 - (i % 2) * 9, -82 + i * 11)], 2))


def _map(d: Drawing) -> None:
    d.add(straight("-60,-76 -20,-84 20,-76 60,-84 60,-6 20,2 -20,-6 -60,2"))
    d.mark(
        line((-20, -83), (-20, -7), 1.2),
        line((20, -75), (20, 1), 1.2),
        sliver([(-50, -20), (-34, -44), (-16, -36), (4, -54), (20, -44), (36, -60)], 2.4),
    )
    d.mark(smooth("-52,-60 -40,-70 -30,-62 -36,-52 -48,-50"), smooth("24,-20 40,-30 54,-22 48,-12 30,-10"))
    d.accent += [line((36, -66), (46, -54), 3), line((46, -66), (36, -54), 3)]


def _key(d: Drawing) -> None:
    d.add(*ring(-32, 0, 18, 6), *ring(-32, -20, 7, 3.4), *ring(-32, 20, 7, 3.4))
    d.add(
        line((-15, 0), (58, 0), 7),
        box(-12, -6, -6, 6),
        box(-2, -5, 2, 5),
        polygon([(40, 0), (56, 0), (56, 22), (50, 22), (50, 14), (46, 14), (46, 20), (40, 20)]),
    )


def _clock_face(d: Drawing, radius: float, y: float) -> None:
    d.open(ellipse(0, y, radius * 0.84))
    for i in range(12):
        a = math.tau * i / 12
        d.mark(
            line(
                (math.sin(a) * radius * 0.68, y - math.cos(a) * radius * 0.68),
                (math.sin(a) * radius * 0.8, y - math.cos(a) * radius * 0.8),
                radius * 0.05,
            )
        )
    d.mark(
        line((0, y), (radius * 0.3, y - radius * 0.34), radius * 0.07, radius * 0.03),
        line((0, y), (-radius * 0.2, y - radius * 0.62), radius * 0.05, radius * 0.02),
        ellipse(0, y, radius * 0.06),
    )


def _clock(d: Drawing) -> None:
    d.add(ellipse(0, -50, 50))
    _clock_face(d, 50, -50)


def _tall_clock(d: Drawing) -> None:
    d.add(
        box(-26, -14, 26, 0),
        box(-22, -30, 22, -12),
        box(-15, -116, 15, -28),
        box(-23, -170, 23, -114),
        smooth("-27,-166! -20,-176 -8,-178 0,-186! 8,-178 20,-176 27,-166!"),
        ellipse(0, -190, 4),
    )
    d.open(box(-8, -106, 8, -44))
    d.mark(line((0, -106), (2, -60), 1.2), ellipse(2, -58, 5))
    _clock_face(d, 20, -143)


def _pocket_watch(d: Drawing) -> None:
    d.add(ellipse(0, -38, 38), box(-5, -84, 5, -72), *ring(0, -92, 10, 3))
    for i in range(9):
        a = 0.25 * i
        d.add(ellipse(8 + i * 6, -98 - 13 * math.sin(a), 4, 2.4))
    _clock_face(d, 38, -38)


def _compass(d: Drawing) -> None:
    d.add(ellipse(0, -48, 48), box(-5, -106, 5, -94), *ring(0, -110, 9, 3))
    d.open(ellipse(0, -48, 40))
    for i in range(8):
        a = 45 * i
        d.mark(polygon([(-3, 0), (0, -34 if i % 2 == 0 else -22), (3, 0)]).turned(a).moved(0, -48))
    d.accent.append(polygon([(-4.4, -48), (0, -84), (4.4, -48)]).turned(28, (0, -48)))
    d.mark(polygon([(-4.4, -48), (0, -12), (4.4, -48)]).turned(28, (0, -48)), ellipse(0, -48, 4))


def _telescope(d: Drawing) -> None:
    d.add(
        *[
            c.turned(-24, (0, -70))
            for c in (
                box(-66, -78, -24, -62),
                box(-26, -80, 22, -60),
                box(18, -83, 62, -57),
                box(58, -86, 68, -54),
                box(-74, -80, -64, -60),
            )
        ]
    )
    d.add(
        line((0, -62), (0, -46), 7),
        line((0, -52), (-34, 0), 4.4),
        line((0, -52), (34, 0), 4.4),
        line((0, -50), (3, 0), 4.4),
    )
    d.mark(*[box(x, -82, x + 3, -58).turned(-24, (0, -70)) for x in (-25, 18)])


def _spyglass(d: Drawing) -> None:
    d.add(
        box(-60, -22, -20, -6), box(-22, -24, 20, -4), box(18, -27, 58, -1), box(54, -29, 62, 1), box(-66, -24, -58, -4)
    )
    d.mark(box(-24, -23, -20, -5), box(17, -26, 21, -2), box(44, -27, 47, -1))


def _violin(d: Drawing) -> None:
    d.add(
        smooth(
            "0,-72 16,-70 25,-60 24,-48 17,-42! 15,-36 20,-32! 31,-24 33,-10 22,0 0,3 -22,0 -33,-10 -31,-24 -20,-32! -15,-36 -17,-42! -24,-48 -25,-60 -16,-70"
        ),
        straight("-3.4,-124 3.4,-124 4.4,-60 -4.4,-60"),
    )
    d.add(
        smooth("-4,-122! -5,-134 -2,-142 4,-142 6,-137 3,-134! 4,-122!"),
        *[line((s * 3, y), (s * 11, y - 1), 2.6) for s in (-1, 1) for y in (-126, -132)],
    )
    d.mark(
        straight("-3.2,-70 3.2,-70 2.6,-28 -2.6,-28"),
        box(-9, -30, 9, -27),
        smooth("-4,-20! 4,-20! 2,0! -2,0!"),
        sliver([(-12, -46), (-15, -34), (-12, -24)], 2),
        sliver([(12, -46), (15, -34), (12, -24)], 2),
    )
    d.add(line((40, -134), (52, 0), 2.2), line((42, -134), (56, -2), 0.8), box(49, -10, 56, 0))


def _guitar(d: Drawing) -> None:
    d.add(
        smooth(
            "0,-70 18,-68 27,-56 24,-44 20,-38 24,-32 36,-20 34,-4 18,4 0,5 -18,4 -34,-4 -36,-20 -24,-32 -20,-38 -24,-44 -27,-56 -18,-68"
        ),
        straight("-4,-150 4,-150 4.4,-64 -4.4,-64"),
        smooth("-6,-148! -8,-176 0,-180 8,-176 6,-148!"),
    )
    d.add(*[line((s * 6, y), (s * 12, y), 2.6) for s in (-1, 1) for y in (-154, -162, -170)])
    d.mark(*ring(0, -44, 10, 2), box(-12, -14, 12, -10), *[line((x, -150), (x, -12), 0.6) for x in (-2, 0, 2)])
    d.open(ellipse(0, -44, 7.6))


def _piano(d: Drawing) -> None:
    d.add(
        smooth("-90,-96! 70,-96! 82,-84! 82,-70! -90,-70!"),
        smooth("-84,-98! -70,-148 -20,-176 30,-182 52,-176! 20,-150 -6,-120 -10,-98!"),
        line((20, -96), (32, -172), 2.4),
    )
    d.add(
        smooth("-80,-72! -66,-72! -70,-20 -72,0! -76,0!"),
        smooth("56,-72! 70,-72! 66,-20 64,0! 60,0!"),
        smooth("-10,-72! 2,-72! -1,-20 -3,0! -6,0!"),
        line((-30, -70), (-24, -20), 2),
        line((-18, -70), (-24, -20), 2),
        box(-32, -20, -16, -14),
    )
    d.mark(box(62, -92, 80, -84), box(-86, -88, 56, -86))
    d.add(box(96, -52, 148, -44), line((102, -46), (100, 0), 4), line((142, -46), (144, 0), 4))


def _harp(d: Drawing) -> None:
    d.add(
        smooth("-30,0! 30,0! 24,-10! -22,-10!"),
        smooth("-26,-8! -40,-60 -44,-120 -36,-160! -28,-160! -32,-120 -28,-60 -16,-8!"),
        smooth("-40,-156! -20,-176 0,-160 20,-146 44,-150! 48,-140 22,-134 -4,-148 -22,-162 -34,-150!"),
        smooth("48,-146! 40,-142 0,-30 -20,-8! 0,-8! 20,-34"),
    )
    for i in range(12):
        t = i / 12
        d.add(line((-30 + 68 * t, -158 + 16 * math.sin(t * 4) + t * 8), (-14 + 54 * t, -12 - 118 * t), 0.7))


def _drum(d: Drawing) -> None:
    d.add(smooth("-46,-74! 46,-74! 46,-8! 30,0 -30,0 -46,-8!"), ellipse(0, -74, 48, 12))
    d.mark(
        ellipse(0, -75, 42, 9),
        *[line((-44 + i * 18, -66), (-35 + i * 18, -10), 1.6) for i in range(5)],
        *[line((-26 + i * 18, -66), (-35 + i * 18, -10), 1.6) for i in range(4)],
    )
    d.add(line((-10, -78), (40, -104), 3), line((20, -80), (62, -94), 3), ellipse(42, -105, 4), ellipse(64, -95, 4))


def _chair(d: Drawing) -> None:
    d.add(
        line((-26, 0), (-24, -56), 5),
        line((26, 0), (22, -54), 5),
        rounded_box(-30, -60, 30, -52, 3),
        line((-24, -54), (-32, -124), 5),
        line((-29, -118), (-10, -120), 3),
        smooth("-34,-126! -30,-130 -24,-128 -24,-110! -31,-110!"),
        line((-25, -24), (24, -24), 3),
    )
    d.add(*[line((-26 - i * 2.2, -66 - i * 17), (-22 - i * 2.2, -66 - i * 17), 4) for i in range(3)])


def _armchair(d: Drawing) -> None:
    d.add(
        smooth(
            "-50,-10! -56,-50 -52,-66! -44,-72 -36,-70! -40,-120 -24,-136 0,-139 24,-136 40,-120 36,-70! 44,-72 52,-66! 56,-50 50,-10!"
        ),
        line((-42, -12), (-45, 0), 6, 4),
        line((42, -12), (45, 0), 6, 4),
    )
    d.mark(
        sliver([(-36, -68), (-34, -40), (-34, -14)], 2),
        sliver([(36, -68), (34, -40), (34, -14)], 2),
        sliver([(-32, -50), (0, -54), (32, -50)], 2.4),
        *[ellipse(x, y, 1.8) for x, y in ((-16, -110), (0, -114), (16, -110), (-8, -94), (8, -94))],
    )


def _rocking_chair(d: Drawing) -> None:
    d.add(
        stroke("-60,-14 -30,-2 6,0 40,-6 62,-18", 5),
        line((-24, -4), (-24, -54), 5),
        line((28, -4), (26, -54), 5),
        rounded_box(-32, -58, 36, -50, 3),
        line((-24, -54), (-44, -136), 5),
        line((-30, -84), (34, -80), 5),
        line((32, -80), (30, -54), 4),
        *[line((-27 - i * 4, -70 - i * 16), (-20 - i * 4, -70 - i * 16), 6) for i in range(5)],
    )


def _table(d: Drawing) -> None:
    d.add(
        rounded_box(-84, -78, 84, -70, 2),
        box(-74, -72, 74, -60),
        line((-68, -62), (-70, 0), 8, 5),
        line((68, -62), (70, 0), 8, 5),
    )
    d.mark(line((-20, -66), (20, -66), 1.2))


def _round_table(d: Drawing) -> None:
    d.add(
        rounded_box(-60, -80, 60, -74, 3),
        smooth("-5,-76! -7,-50 -4,-30 -6,-14! -30,-6 -36,0! -20,0 0,-6 20,0 36,0! 30,-6 6,-14! 4,-30 7,-50 5,-76!"),
    )


def _desk(d: Drawing) -> None:
    d.add(
        box(-90, -80, 90, -72),
        box(-84, -74, -36, -2),
        box(36, -74, 84, -2),
        box(-38, -74, 38, -58),
        *[box(x, -4, x + 6, 0) for x in (-82, -44, 38, 76)],
    )
    d.mark(
        *[rounded_box(x, y, x + 40, y + 18, 1.5) for x in (-80, 40) for y in (-68, -46, -24)], box(-32, -70, 32, -61)
    )
    d.add(
        line((-60, -80), (-60, -110), 2.4),
        smooth("-78,-104! -72,-120 -48,-120 -42,-104!"),
        box(-70, -83, -50, -80),
        rounded_box(20, -88, 66, -80, 1),
        rounded_box(26, -95, 62, -88, 1),
    )
    d.shine(-60, -102, 12)


def _bed(d: Drawing) -> None:
    d.add(
        smooth("-104,0! -104,-92 -100,-100 -94,-100! -94,0!"),
        box(-100, -84, -92, -20),
        smooth("96,0! 96,-60 100,-66 104,-60! 104,0!"),
        box(-98, -32, 100, -14),
        smooth("-94,-30! -94,-48 40,-54 94,-48 98,-30!"),
        smooth("-92,-46! -88,-64 -66,-68 -46,-60 -44,-48!"),
    )
    d.mark(
        sliver([(-40, -50), (-36, -38), (-40, -18)], 2),
        sliver([(-20, -46), (20, -36), (80, -40)], 2),
        line((-90, -28), (96, -28), 1),
    )


def _bookshelf(d: Drawing) -> None:
    d.add(box(-54, -176, 54, 0), box(-58, -180, 58, -174))
    heights = (26, 30, 22, 28, 31, 24, 29, 20, 30, 27, 25, 31)
    for shelf in range(4):
        y = -12 - shelf * 41
        x = -46.0
        for i in range(12):
            w = 5.5 + ((i * 7 + shelf * 5) % 4)
            h = heights[(i * 5 + shelf * 3) % 12]
            if x + w > 46:
                break
            if (i + shelf) % 6 != 4:
                d.mark(box(x, y - h, x + w - 1, y))
            x += w


def _fireplace(d: Drawing) -> None:
    d.add(
        box(-90, -130, 90, -118),
        box(-80, -120, -50, 0),
        box(50, -120, 80, 0),
        box(-80, -120, 80, -86),
        box(-96, -5, 96, 0),
        box(-52, -90, 52, -4),
    )
    d.open(arched(0, -5, 92, 76))
    d.mark(
        smooth("-30,-6! -26,-20 -30,-30 -20,-44! -16,-32 -8,-50 0,-62! 2,-46 10,-36 16,-48! 20,-34 28,-24 26,-6!"),
        line((-32, -8), (30, -14), 7),
        line((-30, -14), (32, -8), 7),
    )
    d.add(
        box(-62, -148, -54, -130),
        box(-50, -142, -42, -130),
        smooth("46,-130! 44,-146 52,-152 60,-146 58,-130!"),
    )
    d.shine(0, -30, 44)


def _window(d: Drawing) -> None:
    d.add(box(-50, -150, 50, 0), box(-58, -6, 58, 2), box(-55, -156, 55, -148))
    d.open(*pane(-43, -143, 86, 134, 4, 3, 0.05))


def _arched_window(d: Drawing) -> None:
    d.add(arched(0, 0, 92, 160, pointed=True), box(-52, -4, 52, 3))
    inside = arched(0, -8, 76, 142, pointed=True)
    d.open(inside)
    d.mark(
        line((0, -8), (0, -148), 4),
        *[line((-38, y), (38, y), 3) for y in (-36, -66, -96)],
        line((-19, -8), (-19, -130), 2.4),
        line((19, -8), (19, -130), 2.4),
    )


def _door(d: Drawing) -> None:
    d.add(box(-48, -116, 48, 0), box(-52, -120, 52, -112), box(-56, -3, 56, 0))
    d.mark(
        box(-40, -110, -38, 0),
        box(38, -110, 40, 0),
        *[rounded_box(x, y, x + 26, y + h, 1) for x in (-30, 4) for y, h in ((-102, 40), (-52, 42))],
        ellipse(32, -52, 2.6),
    )


def _door_ajar(d: Drawing) -> None:
    """An open door with light behind it."""
    d.add(box(-52, -120, 52, 0))
    d.open(straight("-42,-112 42,-112 42,0 -42,0"))
    d.add(polygon([(-44, -114), (-10, -106), (-10, 6), (-44, 0)]))
    d.mark(polygon([(-44, -114), (-10, -106), (-10, 6), (-44, 0)]), ellipse(-15, -50, 2.4))
    d.shine(12, -56, 40)


def _mirror(d: Drawing) -> None:
    d.add(
        ellipse(0, -86, 42, 58),
        smooth("-20,0! 20,0! 12,-8 5,-14 5,-30! -5,-30! -5,-14 -12,-8"),
        smooth("-10,-142! 0,-158 10,-142!"),
        *[ellipse(x, y, 7) for x, y in ((-41, -104), (41, -104), (-36, -60), (36, -60))],
    )
    d.mark(ellipse(0, -86, 34, 50))


def _cup(d: Drawing) -> None:
    d.add(
        smooth("-34,-58! 34,-58! 33,-34 24,-12 14,-6! -14,-6! -24,-12 -33,-34"),
        *[c.scaled(0.8, 1).moved(38, -36) for c in ring(0, 0, 17, 5)],
        ellipse(0, -4, 46, 4.4),
    )
    d.mark(sliver([(-28, -52), (0, -48), (28, -52)], 2))


def _goblet(d: Drawing) -> None:
    d.colour(
        smooth(
            "-30,-110! 30,-110! 30,-84 22,-64 6,-56! 5,-40 5,-18 12,-10 26,-4 26,0! -26,0! -26,-4 -12,-10 -5,-18 -5,-40 -6,-56! -22,-64 -30,-84"
        )
    )
    d.mark(sliver([(-28, -96), (0, -91), (28, -96)], 4), ellipse(0, -44, 8, 4))


def _bottle(d: Drawing) -> None:
    d.add(
        smooth(
            "-7,-118! 7,-118! 7,-86 12,-74 21,-62 22,-46! 22,-4! 18,0 -18,0 -22,-4! -22,-46! -21,-62 -12,-74 -7,-86"
        ),
        box(-9, -114, 9, -108),
        box(-5, -126, 5, -116),
    )
    d.mark(box(-20, -44, 20, -18), sliver([(-15, -58), (-9, -72), (-4, -86)], 2))


def _message_bottle(d: Drawing) -> None:
    for c in (
        smooth(
            "-7,-118! 7,-118! 7,-86 12,-74 21,-62 22,-46! 22,-4! 18,0 -18,0 -22,-4! -22,-46! -21,-62 -12,-74 -7,-86"
        ),
        box(-6, -128, 6, -116),
    ):
        d.add(c.turned(66))
    d.mark(rounded_box(-9, -66, 9, -12, 4).turned(66), box(-10, -42, 10, -38).turned(66))


def _potion(d: Drawing) -> None:
    d.add(
        smooth("-9,-96! 9,-96! 8,-72 14,-62 34,-44 38,-22 24,-3 0,0 -24,-3 -38,-22 -34,-44 -14,-62 -8,-72"),
        rounded_box(-12, -102, 12, -94, 2),
        box(-7, -112, 7, -100),
    )
    d.open(smooth("-31,-32! 31,-34! 30,-18 18,-6 0,-4 -18,-6 -30,-18"))
    d.shine(0, -20, 26)


def _teapot(d: Drawing) -> None:
    d.add(
        smooth("-14,-70! 14,-70! 34,-62 42,-40 36,-16 22,-6! -22,-6! -36,-16 -42,-40 -34,-62"),
        smooth("-15,-70! -10,-79 0,-81 10,-79 15,-70!"),
        ellipse(0, -85, 5),
        smooth("36,-30! 54,-36 62,-56 76,-66! 70,-52 66,-30 52,-16 34,-14!"),
        *[c.scaled(0.9, 1.1).moved(-46, -40) for c in ring(0, 0, 20, 5.4)],
        box(-24, -7, 24, 0),
    )
    d.mark(sliver([(-32, -56), (0, -52), (32, -56)], 2))


def _crate(d: Drawing) -> None:
    d.add(box(-50, -84, 50, 0))
    d.mark(
        *[box(-49, y, 49, y + 1.8) for y in (-65, -44, -23)],
        box(-50, -84, -40, 0),
        box(40, -84, 50, 0),
        line((-40, -6), (40, -78), 8),
    )


def _barrel(d: Drawing) -> None:
    d.add(smooth("-32,-104! 32,-104! 40,-80 43,-52 40,-24 32,0! -32,0! -40,-24 -43,-52 -40,-80"))
    d.mark(
        *[
            smooth(f"{-w},{y}! 0,{y + 3} {w},{y}! {w},{y + 6}! 0,{y + 9} {-w},{y + 6}!")
            for w, y in ((34.5, -96), (41, -74), (41, -38), (35, -14))
        ],
        *[sliver([(x, -102), (x * 1.3, -52), (x, -2)], 1.2) for x in (-18, -6, 6, 18)],
    )


def _chest(d: Drawing) -> None:
    """A treasure chest, its lid thrown back."""
    d.add(
        straight("-56,-44 56,-44 52,0 -52,0"),
        smooth("-58,-58! -56,-84 -44,-98 0,-104 44,-98 56,-84 58,-58! 54,-50! -54,-50!"),
    )
    d.open(smooth("-50,-47! -30,-58 -8,-52 10,-60 30,-53 50,-47! 50,-43! -50,-43!"))
    d.mark(
        *[box(x - 4, -44, x + 4, 0) for x in (-40, 40)],
        rounded_box(-9, -44, 9, -26, 2),
        *[
            smooth(f"{x - 4},-53! {x - 4},-90 {x * 0.9 - 3},-99! {x * 0.9 + 4},-99! {x + 4},-90 {x + 4},-53!")
            for x in (-40, 40)
        ],
    )
    d.shine(0, -50, 34)


def _chest_closed(d: Drawing) -> None:
    d.add(straight("-56,-46 56,-46 53,0 -53,0"), smooth("-58,-46! -56,-66 -44,-78 0,-82 44,-78 56,-66 58,-46!"))
    d.mark(
        box(-57, -47, 57, -44),
        *[box(x - 4, -78, x + 4, -1) for x in (-38, 38)],
        rounded_box(-9, -54, 9, -34, 2),
        ellipse(0, -44, 2.6),
    )


def _rope(d: Drawing) -> None:
    for i in range(4):
        d.add(*[c.scaled(1, 0.38).moved(0, -14 - i * 9) for c in ring(0, 0, 48 - i * 2, 13)])
    d.add(stroke("44,-14 62,-8 80,-3 98,-4", 8, 7))
    d.mark(*[sliver([(-30 + i * 15, -2 - (i % 2) * 12), (-24 + i * 15, -6 - (i % 2) * 12)], 2) for i in range(5)])


def _anchor(d: Drawing) -> None:
    d.add(*ring(0, -112, 12, 4.4), smooth("-5,-100! 5,-100! 6.4,-10! -6.4,-10!"), rounded_box(-32, -94, 32, -86, 4))
    d.add(
        smooth(
            "-50,-40! -52,-20 -34,-2 0,4 34,-2 52,-20 50,-40! 60,-30! 66,-48! 46,-60! 34,-34! 42,-36! 36,-20 18,-10 0,-8 -18,-10 -36,-20 -42,-36! -34,-34! -46,-60! -66,-48! -60,-30!"
        )
    )


def _ships_wheel(d: Drawing) -> None:
    d.add(*ring(0, 0, 37, 8), *ring(0, 0, 15, 8), ellipse(0, 0, 8))
    for i in range(8):
        d.add(smooth("-2,-10! 2,-10! 2.4,-38 2,-44 3.4,-52 2,-60 -2,-60 -3.4,-52 -2,-44 -2.4,-38").turned(45 * i))
    d.mark(*ring(0, 0, 34.4, 1.4), ellipse(0, 0, 3))


def _bell(d: Drawing) -> None:
    d.add(
        smooth("-46,-6! -34,-22 -30,-56 -20,-78 0,-84 20,-78 30,-56 34,-22 46,-6!"),
        rounded_box(-48, -9, 48, -2, 3),
        ellipse(0, -1, 9, 8),
        *ring(0, -91, 9, 3.6),
    )
    d.mark(sliver([(-36, -20), (0, -15), (36, -20)], 3), sliver([(-24, -66), (0, -62), (24, -66)], 2.4))


def _typewriter(d: Drawing) -> None:
    d.add(
        smooth("-58,0! -54,-22 -46,-44! 46,-44! 54,-22 58,0!"),
        rounded_box(-64, -62, 64, -46, 7),
        straight("-34,-58 -34,-104 34,-104 34,-58"),
        rounded_box(-72, -58, -62, -50, 3),
        rounded_box(62, -58, 74, -50, 3),
        line((-60, -60), (-74, -74), 3),
    )
    d.mark(
        *[ellipse(-40 + c * 10 + r * 3, -34 + r * 10, 3.4) for r in range(3) for c in range(8)],
        *[line((-26, -96 + i * 8), (22 - (i % 2) * 12, -96 + i * 8), 1.6) for i in range(4)],
    )


def _radio(d: Drawing) -> None:
    d.add(smooth("-50,0! -50,-50 -40,-78 0,-88 40,-78 50,-50 50,0!"), box(-54, -5, 54, 0))
    d.mark(
        *[
            line((-30 + i * 12, -34 - 30 * math.sin(math.pi * (i + 0.7) / 6.4)), (-30 + i * 12, -34), 3)
            for i in range(6)
        ],
        ellipse(-30, -16, 7),
        ellipse(30, -16, 7),
    )
    d.open(rounded_box(-16, -26, 16, -9, 3))
    d.shine(0, -18, 12)


def _gramophone(d: Drawing) -> None:
    d.add(
        box(-46, -30, 46, 0),
        box(-52, -5, 52, 0),
        box(-50, -34, 50, -28),
        ellipse(-6, -38, 36, 4),
        stroke("38,-36 44,-56 30,-70 14,-74", 5),
        smooth("16,-76! 6,-96 -20,-128 -52,-144! -60,-110 -44,-76 -14,-62 14,-66!"),
        ellipse(-53, -110, 10, 36).turned(14, (-53, -110)),
        line((46, -16), (62, -16), 3),
        line((62, -16), (62, -28), 3),
    )
    d.mark(*[sliver([(10, -72), (-20 - i * 4, -92 + i * 10), (-46, -124 + i * 20)], 1.6) for i in range(3)])


def _camera(d: Drawing) -> None:
    d.add(
        rounded_box(-50, -58, 50, 0, 6),
        straight("-20,-56 -12,-72 18,-72 24,-56"),
        rounded_box(-44, -64, -30, -56, 2),
        ellipse(4, -28, 25),
    )
    d.mark(*ring(4, -28, 21, 2.4), *ring(4, -28, 13, 2), box(-48, -46, -22, -44), rounded_box(32, -52, 44, -44, 2))
    d.open(ellipse(4, -28, 8))


def _film_camera(d: Drawing) -> None:
    d.add(
        rounded_box(-34, -118, 34, -76, 3),
        ellipse(-18, -136, 19),
        ellipse(20, -136, 19),
        polygon([(34, -104), (58, -114), (58, -80), (34, -90)]),
        line((0, -78), (-36, 0), 5),
        line((0, -78), (36, 0), 5),
        line((0, -78), (2, 0), 5),
        box(-10, -80, 10, -70),
    )
    d.mark(*[ellipse(x + 10 * math.cos(a), -136 + 10 * math.sin(a), 3.6) for x in (-18, 20) for a in (0.5, 2.6, 4.7)])


def _projector(d: Drawing) -> None:
    d.add(
        rounded_box(-46, -46, 40, -4, 4),
        box(-52, -6, 46, 0),
        ellipse(-26, -72, 26),
        ellipse(24, -66, 20),
        box(38, -38, 60, -20),
    )
    d.mark(
        *[ellipse(-26 + 14 * math.cos(a), -72 + 14 * math.sin(a), 5) for a in (0.2, 1.8, 3.4, 4.9)],
        *[ellipse(24 + 10 * math.cos(a), -66 + 10 * math.sin(a), 4) for a in (0.6, 2.7, 4.8)],
    )
    d.shine(62, -29, 16)


def _telephone(d: Drawing) -> None:
    d.add(
        smooth("-44,0! -40,-26 -24,-46 -16,-52! 16,-52! 24,-46 40,-26 44,0!"),
        smooth(
            "-58,-62! -52,-76 -28,-82 0,-84 28,-82 52,-76 58,-62! 54,-52! 38,-54! 34,-66 0,-70 -34,-66 -38,-54! -54,-52!"
        ),
        box(-18, -66, -12, -50),
        box(12, -66, 18, -50),
    )
    d.mark(
        *ring(0, -26, 17, 3),
        *[ellipse(11 * math.cos(a), -26 + 11 * math.sin(a), 2.4) for a in (i * 0.7 for i in range(8))],
    )


def _umbrella(d: Drawing) -> None:
    d.colour(
        smooth(
            "0,-118! 24,-114 46,-100 58,-74! 48,-82 34,-80 30,-72! 18,-82 8,-80 0,-72! -8,-80 -18,-82 -30,-72! -34,-80 -48,-82 -58,-74! -46,-100 -24,-114"
        )
    )
    d.add(line((0, -116), (0, -14), 2.6), stroke("0,-16 0,-4 6,0 12,-2 13,-9", 3.2), line((0, -118), (0, -126), 2.4, 1))
    d.mark(sliver([(-2, -114), (-22, -96), (-30, -74)], 1.4), sliver([(2, -114), (22, -96), (30, -74)], 1.4))


def _suitcase(d: Drawing) -> None:
    d.add(
        rounded_box(-50, -64, 50, 0, 6),
        smooth("-16,-63! -16,-76 -10,-80 10,-80 16,-76 16,-63! 10,-63! 9,-74 -9,-74 -10,-63!"),
    )
    d.mark(
        box(-34, -63, -28, -1),
        box(28, -63, 34, -1),
        rounded_box(-6, -50, 6, -42, 2),
        smooth("-50,-64! -36,-64! -50,-50!"),
        smooth("50,-64! 36,-64! 50,-50!"),
        smooth("-50,0! -36,0! -50,-14!"),
        smooth("50,0! 36,0! 50,-14!"),
    )


def _violin_case(d: Drawing) -> None:
    d.add(
        smooth("-78,-20 -74,-38 -52,-46 -24,-40 0,-32 40,-30 66,-30! 72,-24 72,-6! 66,0! 40,0 0,-2 -24,2 -52,4 -74,-4"),
        smooth("-14,-34! -14,-44 -8,-47 6,-47 12,-44 12,-33! 7,-33! 6,-42 -8,-42 -9,-34!"),
    )
    d.mark(
        sliver([(-76, -20), (-40, -16), (0, -16), (70, -15)], 2.4),
        rounded_box(-46, -22, -38, -12, 2),
        rounded_box(36, -22, 44, -12, 2),
    )


def _sword(d: Drawing) -> None:
    d.add(
        polygon([(-5, -38), (-4, -128), (0, -142), (4, -128), (5, -38)]),
        smooth("-28,-40! -20,-44 0,-42 20,-44 28,-40! 26,-33! 14,-35 0,-34 -14,-35 -26,-33!"),
        rounded_box(-3.4, -36, 3.4, -8, 2),
        ellipse(0, -5, 6.4),
    )
    d.mark(
        polygon([(-1, -40), (0, -132), (1, -40)]), *[line((-3, -14 - i * 6), (3, -17 - i * 6), 1.2) for i in range(4)]
    )


def _shield(d: Drawing) -> None:
    d.add(smooth("-42,-100! -20,-96 0,-104 20,-96 42,-100! 44,-60 30,-24 0,0! -30,-24 -44,-60"))
    d.accent += [box(-6, -98, 6, -10), box(-40, -72, 40, -60)]


def _crown(d: Drawing) -> None:
    d.colour(
        smooth("-44,0! -56,-60! -34,-34! -28,-70! -12,-36! 0,-80! 12,-36! 28,-70! 34,-34! 56,-60! 44,0! 20,5 -20,5")
    )
    d.add(*[ellipse(x, y, 4.4) for x, y in ((-56, -62), (-28, -73), (0, -84), (28, -73), (56, -62))])
    d.mark(sliver([(-42, -8), (0, -3), (42, -8)], 4), *[ellipse(x, -14, 4) for x in (-24, 0, 24)])


def _mask(d: Drawing) -> None:
    half_eyes = [
        smooth("8,-36! 18,-46 34,-46 44,-38! 34,-28 20,-27"),
        smooth("-8,-36! -18,-46 -34,-46 -44,-38! -34,-28 -20,-27"),
    ]
    d.add(
        smooth(
            "0,-54! 20,-64 46,-64 66,-72! 62,-44 48,-22 26,-14 10,-22 0,-8! -10,-22 -26,-14 -48,-22 -62,-44 -66,-72! -46,-64 -20,-64"
        )
    )
    d.cut(*half_eyes)
    d.mark(sliver([(-60, -62), (-30, -56), (-4, -50)], 1.6), sliver([(60, -62), (30, -56), (4, -50)], 1.6))
    d.colour(
        smooth("-60,-66! -66,-100 -52,-130 -40,-136! -46,-104 -46,-66!"),
        smooth("-50,-66! -50,-92 -36,-112 -24,-114! -34,-90 -36,-64!"),
    )


def _ring_prop(d: Drawing) -> None:
    d.add(*ring(0, -40, 40, 8), polygon([(-16, -80), (16, -80), (10, -74), (-10, -74)]))
    d.colour(straight("-20,-92 -10,-104 10,-104 20,-92 0,-74"))
    d.mark(line((-18, -92), (18, -92), 1.4), line((-8, -92), (0, -77), 1.2), line((8, -92), (0, -77), 1.2))
    d.shine(0, -94, 16)


def _coin(d: Drawing) -> None:
    d.colour(ellipse(0, -50, 50))
    d.mark(*ring(0, -50, 44, 2), smooth("0,-82! 7,-60 28,-60! 11,-47 18,-26! 0,-39 -18,-26! -11,-47 -28,-60! -7,-60"))


def _quill(d: Drawing) -> None:
    """A feather pen in its inkwell."""
    d.add(
        smooth("-26,0! -28,-26 -20,-36! 14,-36! 22,-26 20,0!"),
        rounded_box(-16, -44, 10, -34, 2),
        stroke("-4,-36 14,-70 40,-110 62,-140", 2, 1),
    )
    d.add(smooth("8,-62! 6,-84 24,-116 66,-146! 66,-122! 58,-118! 62,-110 50,-96! 44,-94! 46,-86 22,-64!"))
    d.mark(sliver([(12, -66), (36, -102), (62, -140)], 1.4))


def _feather(d: Drawing) -> None:
    d.add(
        smooth("-44,4! -30,-24 -20,-50 0,-76 40,-96! 44,-70! 34,-66! 40,-56 26,-40! 18,-40! 20,-30 -4,-14 -26,-10"),
        stroke("-52,14 -40,0 -20,-24", 2, 1.6),
    )
    d.mark(sliver([(-36, -4), (-4, -44), (36, -90)], 1.6))


def _hourglass(d: Drawing) -> None:
    d.add(
        rounded_box(-36, -104, 36, -95, 3),
        rounded_box(-36, -9, 36, 0, 3),
        line((-30, -96), (-30, -8), 4),
        line((30, -96), (30, -8), 4),
    )
    d.add(
        smooth(
            "-23,-96! 23,-96! 23,-78 14,-62 3,-52 14,-42 23,-26 23,-8! -23,-8! -23,-26 -14,-42 -3,-52 -14,-62 -23,-78"
        )
    )
    d.open(smooth("-18,-80! 18,-80! 10,-64 1.4,-54! 1,-14! 18,-10! -18,-10! -1,-14! -1.4,-54! -10,-64"))


def _gear(d: Drawing) -> None:
    points = []
    for i in range(12):
        for a, r in ((-0.13, 40), (-0.085, 50), (0.085, 50), (0.13, 40)):
            angle = math.tau * i / 12 + a
            points.append((r * math.sin(angle), -50 - r * math.cos(angle)))
    rim = polygon(points)
    d.add(rim)
    d.cut(
        *[ellipse(25 * math.cos(a), -50 + 25 * math.sin(a), 9.4) for a in (math.tau * i / 5 for i in range(5))],
        ellipse(0, -50, 8),
    )


def _toolbox(d: Drawing) -> None:
    d.add(
        box(-54, -44, 54, 0),
        straight("-54,-42 -40,-58 40,-58 54,-42"),
        smooth("-20,-56! -20,-72 -14,-76 14,-76 20,-72 20,-56! 13,-56! 12,-69 -12,-69 -13,-56!"),
    )
    d.mark(box(-54, -43, 54, -40), rounded_box(-34, -46, -24, -34, 2), rounded_box(24, -46, 34, -34, 2))


def _hammer(d: Drawing) -> None:
    d.add(
        *[
            c.turned(30)
            for c in (
                rounded_box(-4, -84, 4, 0, 3),
                smooth("-14,-98! 26,-98! 30,-92 30,-82! -14,-82! -34,-86 -42,-96! -30,-98"),
            )
        ]
    )


def _hat(d: Drawing) -> None:
    d.add(
        smooth(
            "-60,-8! -40,-14 -30,-18 -29,-40 -24,-56 -12,-60 0,-55 12,-60 24,-56 29,-40 30,-18 40,-14 60,-8! 40,1 0,4 -40,1"
        )
    )
    d.accent.append(smooth("-30,-18! 0,-13 30,-18! 29.6,-27! 0,-22 -29.6,-27!"))


def _top_hat(d: Drawing) -> None:
    d.add(smooth("-56,-12! -44,-6 -32,-10! -36,-86! 36,-86! 32,-10! 44,-6 56,-12! 48,2 0,6 -48,2"))
    d.accent.append(smooth("-32.4,-13! 0,-8 32.4,-13! 33.2,-28! 0,-23 -33.2,-28!"))


def _boots(d: Drawing) -> None:
    for x in (-30, 26):
        d.add(
            smooth("-14,-84! 12,-84! 11,-50 13,-30 34,-20 40,-8 39,0! 10,0! 8,-4! -2,-4! -4,0! -17,0! -16,-28").moved(
                x, 0
            )
        )
        d.mark(
            sliver([(x - 13, -74), (x, -72), (x + 11, -74)], 2), sliver([(x - 15, -10), (x + 6, -9), (x + 38, -7)], 2)
        )


def _frame(d: Drawing) -> None:
    """A photograph in a frame, two people in it."""
    d.add(box(-44, -108, 44, 0), polygon([(30, -10), (58, 0), (40, -40)]))
    d.open(box(-34, -98, 34, -10))
    for x, s in ((-12, 1.0), (13, 0.9)):
        d.mark(
            ellipse(x, -62 * s - 4, 8 * s, 10 * s),
            smooth(
                f"{x - 18 * s},-10! {x - 16 * s},{-38 * s} {x - 6},{-50 * s} {x + 6},{-50 * s} {x + 16 * s},{-38 * s} {x + 18 * s},-10!"
            ),
        )


def _painting(d: Drawing) -> None:
    d.add(box(-70, -104, 70, 0))
    d.open(box(-60, -94, 60, -10))
    d.mark(smooth("-60,-10! -60,-40! -36,-58 -14,-40 8,-62 36,-46 60,-52! 60,-10!"), ellipse(34, -76, 8))


def _vase(d: Drawing) -> None:
    d.add(
        smooth("-11,-56! 11,-56! 10,-46 22,-34 24,-16 14,0! -14,0! -24,-16 -22,-34 -10,-46"),
        rounded_box(-13, -60, 13, -54, 2),
    )
    for text in ("0,-56 -2,-84 0,-112", "-3,-56 -14,-80 -28,-98", "3,-56 16,-80 28,-96"):
        d.add(stroke(text, 2.2, 1.6))
    for x, y in ((0, -116), (-30, -102), (30, -100)):
        for i in range(6):
            a = math.tau * i / 6
            d.colour(ellipse(0, 0, 6.4, 4.4).turned(math.degrees(a)).moved(x + 7 * math.cos(a), y + 7 * math.sin(a)))
        d.add(ellipse(x, y, 4))
    d.add(smooth("-4,-66! -22,-66 -34,-76! -18,-78"), smooth("4,-70! 16,-66 32,-72! 20,-78"))


def _rose(d: Drawing) -> None:
    d.add(
        stroke("0,0 3,-30 -1,-56 1,-78", 2.6, 2),
        smooth("1,-36! 16,-52 32,-52! 28,-38 14,-32"),
        smooth("2,-22! -14,-34 -28,-32! -24,-20 -10,-16"),
        smooth("-14,-76! 0,-70 14,-76! 6,-64 -6,-64"),
    )
    d.colour(smooth("0,-76! 16,-78 22,-92 18,-106! 10,-110 0,-112 -10,-110 -18,-106! -22,-92 -16,-78"))
    d.mark(
        sliver([(-12, -102), (0, -96), (10, -103), (3, -108), (-4, -104)], 1.8),
        sliver([(-18, -96), (-2, -84), (17, -97)], 1.8),
    )


def _knight_piece(d: Drawing) -> None:
    d.add(
        smooth("-30,0! 30,0! 28,-8 20,-12! -20,-12! -28,-8"),
        smooth(
            "-20,-12! -18,-24 -6,-42 -10,-54! -24,-46 -34,-48 -36,-56! -24,-76 -14,-90 -10,-102! 2,-92 18,-80 24,-56 22,-34 20,-12!"
        ),
    )
    d.mark(ellipse(-8, -74, 2.6), sliver([(14, -80), (18, -56), (14, -30)], 2.4), box(-22, -15, 22, -12))


def _globe(d: Drawing) -> None:
    d.add(
        ellipse(0, -72, 40),
        stroke("-22,-116 -46,-96 -52,-72 -46,-48 -26,-26 0,-22", 4),
        line((0, -30), (0, -10), 5),
        smooth("-28,0! 28,0! 20,-8 4,-11 -4,-11 -20,-8"),
        line((-20, -118), (20, -26), 2.4),
    )
    d.mark(
        smooth("-20,-100 -4,-104 6,-92 -2,-80 -10,-66 -22,-78 -28,-90"),
        smooth("6,-76 22,-80 32,-66 22,-48 12,-42 10,-58"),
        smooth("-24,-56 -12,-58 -8,-46 -18,-44"),
    )


def _microscope(d: Drawing) -> None:
    d.add(
        smooth("-40,0! 40,0! 36,-10! -36,-10!"),
        smooth("10,-10! 26,-10! 44,-40 36,-76 14,-88! 10,-78! 26,-68 30,-44"),
        *[
            c.turned(-22, (0, -70))
            for c in (
                rounded_box(-9, -104, 9, -48, 3),
                rounded_box(-6, -120, 6, -102, 2),
                rounded_box(-5, -50, 5, -36, 2),
                box(-8, -124, 8, -118),
            )
        ],
        box(-32, -32, 16, -27),
    )
    d.add(ellipse(34, -44, 7))


def _robot_head(d: Drawing) -> None:
    d.add(
        rounded_box(-44, -86, 44, -10, 12),
        line((0, -86), (0, -106), 4),
        ellipse(0, -109, 6),
        rounded_box(-54, -62, -42, -34, 4),
        rounded_box(42, -62, 54, -34, 4),
        box(-20, -12, 20, 0),
    )
    d.open(ellipse(-18, -56, 11), ellipse(18, -56, 11))
    d.mark(rounded_box(-24, -34, 24, -22, 4), *[line((x, -33), (x, -23), 1.4) for x in (-12, 0, 12)])
    d.shine(-18, -56, 14)
    d.shine(18, -56, 14)


def _crystal(d: Drawing) -> None:
    d.add(
        straight("-14,0 -20,-70 0,-112 20,-72 16,0"),
        straight("-16,0 -46,-50 -50,-74 -34,-66 -8,-10"),
        straight("16,0 40,-34 48,-60 32,-50 10,-10"),
        straight("-26,0 -30,-8 30,-8 28,0"),
    )
    d.mark(straight("0,-110 4,-68 2,-6 16,-4 20,-72"), line((-20, -70), (4, -68), 1.4), line((4, -68), (20, -72), 1.4))
    d.open(straight("-9,-20 -13,-66 -3,-88 -1,-64 -3,-20"))
    d.shine(0, -56, 40)


def _crystal_ball(d: Drawing) -> None:
    d.add(ellipse(0, -62, 44), smooth("-34,0! 34,0! 28,-12 22,-26! -22,-26! -28,-12"))
    d.open(ellipse(0, -62, 34))
    d.mark(sliver([(-24, -72), (-16, -86), (0, -92)], 4))
    d.shine(0, -62, 40)


def _egg(d: Drawing) -> None:
    d.add(smooth("0,-96 20,-84 34,-54 32,-24 16,-8 0,-5 -16,-8 -32,-24 -34,-54 -20,-84"))
    d.add(
        *[
            stroke(text, 3.4, 1.6)
            for text in (
                "-52,-14 -20,-2 16,-4 50,-16",
                "-56,-6 -24,0 20,0 56,-8",
                "-44,-20 -30,-6 0,-1",
                "44,-22 28,-6 -6,-1",
            )
        ]
    )
    d.mark(sliver([(-18, -50), (-10, -72), (2, -84)], 4))


def _seed(d: Drawing) -> None:
    d.add(
        smooth("-40,0! -20,-10 0,-12 20,-10 40,0!"),
        stroke("0,-10 2,-34 -1,-58", 3.4, 2.6),
        smooth("-1,-56! 8,-76 30,-84 46,-78! 38,-60 18,-52"),
        smooth("-1,-52! -12,-68 -30,-72 -42,-64! -32,-50 -14,-46"),
    )
    d.mark(sliver([(2, -58), (20, -68), (40, -76)], 1.8), sliver([(-4, -52), (-20, -60), (-36, -63)], 1.8))


def _basket(d: Drawing) -> None:
    d.add(
        smooth("-50,-46! 50,-46! 46,-20 36,0! -36,0! -46,-20"),
        *[c.scaled(0.94, 1.1).moved(0, -46) for c in ring(0, 0, 46, 5)],
        rounded_box(-53, -50, 53, -43, 3),
    )
    d.mark(
        *[sliver([(-46 + i * 3, -34 + i * 11), (0, -32 + i * 11), (46 - i * 3, -34 + i * 11)], 2.4) for i in range(3)],
        *[line((x, -42), (x * 0.76, -2), 1.2) for x in (-36, -18, 0, 18, 36)],
    )


def _broom(d: Drawing) -> None:
    d.add(
        *[
            c.turned(24)
            for c in (
                line((0, -150), (0, -40), 4),
                smooth("-5,-46! 5,-46! 16,-24 20,0! 12,2! 8,-3! 3,3! -3,-2! -8,3! -14,-2! -20,1! -16,-24"),
            )
        ]
    )
    d.mark(line((-7, -38), (7, -38), 3).turned(24))


def _loaf(d: Drawing) -> None:
    d.add(smooth("-54,0! -60,-20 -48,-38 -20,-46 20,-46 48,-38 60,-20 54,0!"))
    d.mark(*[sliver([(x - 10, -16), (x, -28), (x + 8, -40)], 4) for x in (-30, 0, 30)])


def _apple(d: Drawing) -> None:
    d.colour(smooth("0,-72! 16,-82 38,-76 46,-52 38,-22 18,-3 0,-8! -18,-3 -38,-22 -46,-52 -38,-76 -16,-82"))
    d.add(stroke("0,-72 2,-84 8,-94", 3.4, 2.6), smooth("4,-82! 16,-98 36,-98! 26,-84 12,-80"))


def _cake(d: Drawing) -> None:
    d.add(
        rounded_box(-50, -40, 50, 0, 4),
        rounded_box(-36, -72, 36, -38, 4),
        box(-60, -4, 60, 2),
        *[box(x - 1.6, -86, x + 1.6, -70) for x in (-20, 0, 20)],
    )
    d.mark(smooth("-50,-38! 50,-38! 50,-28! 38,-22 26,-30! 13,-22 0,-30! -13,-22 -26,-30! -38,-22 -50,-28!"))
    for x in (-20, 0, 20):
        d.burn(smooth(f"{x},-100! {x + 3},-92 {x},-87 {x - 3},-92"))
        d.shine(x, -92, 7)


def _gift(d: Drawing) -> None:
    d.add(box(-44, -62, 44, 0), box(-50, -76, 50, -60))
    d.accent += [box(-8, -76, 8, 0)]
    d.colour(smooth("0,-76! -14,-98 -34,-100 -36,-86 -20,-77"), smooth("0,-76! 14,-98 34,-100 36,-86 20,-77"))


def _ball(d: Drawing) -> None:
    d.add(ellipse(0, -50, 50))
    d.mark(sliver([(-44, -70), (0, -54), (46, -66)], 4), sliver([(-40, -24), (0, -38), (42, -28)], 4))


def _kite(d: Drawing) -> None:
    d.colour(straight("0,-120 32,-76 0,-20 -32,-76"))
    d.add(
        stroke("0,-20 10,-8 -6,6 8,20 -4,34", 1.6, 1.2),
        *[smooth(f"{x},{y}! {x + 9},{y - 6}! {x + 9},{y + 6}!") for x, y in ((4, -2), (1, 14))],
        *[smooth(f"{x},{y}! {x - 9},{y - 6}! {x - 9},{y + 6}!") for x, y in ((4, -2), (1, 14))],
    )
    d.mark(line((0, -119), (0, -21), 1.4), line((-31, -76), (31, -76), 1.4))


def _toy_boat(d: Drawing) -> None:
    """A boat folded from paper."""
    d.add(straight("-70,-40 -30,-34 0,-80 30,-34 70,-40 44,0 -44,0"))
    d.mark(straight("0,-78 28,-34 0,-24"), line((-68, -39), (0, -22), 1.2), line((68, -39), (0, -22), 1.2))


def _music_box(d: Drawing) -> None:
    d.add(
        box(-44, -40, 44, 0),
        polygon([(-44, -42), (-52, -90), (36, -90), (44, -42)]),
        smooth("-3,-40! -10,-52 -2,-58 -3,-66 0,-76 3,-66 2,-58 12,-50 4,-40!"),
        line((44, -16), (58, -16), 3),
        line((58, -16), (58, -28), 3),
    )
    d.mark(polygon([(-40, -46), (-47, -86), (32, -86), (40, -46)]))
    d.add(smooth("-3,-40! -10,-52 -2,-58 -3,-66 0,-76 3,-66 2,-58 12,-50 4,-40!"))


def _television(d: Drawing) -> None:
    d.add(
        rounded_box(-56, -86, 56, -10, 8),
        line((-4, -86), (-30, -118), 2.4),
        line((4, -86), (30, -118), 2.4),
        line((-36, -12), (-44, 0), 4),
        line((36, -12), (44, 0), 4),
    )
    d.open(rounded_box(-46, -78, 26, -20, 10))
    d.mark(
        ellipse(40, -64, 6), ellipse(40, -46, 6), *[line((33, -30 + i * 4), (47, -30 + i * 4), 1.2) for i in range(3)]
    )
    d.shine(-10, -48, 40)


def _computer(d: Drawing) -> None:
    d.add(rounded_box(-60, -96, 60, -22, 4), box(-10, -24, 10, -6), rounded_box(-34, -8, 34, 0, 3))
    d.open(box(-54, -90, 54, -30))
    d.mark(*[line((-46, -82 + i * 8), (-10 + (i * 17) % 46, -82 + i * 8), 2) for i in range(6)])
    d.shine(0, -60, 40)


def _telegram_phone(d: Drawing) -> None:
    """A mobile telephone."""
    d.add(rounded_box(-26, -104, 26, 0, 7))
    d.open(rounded_box(-22, -94, 22, -12, 2))
    d.mark(*[rounded_box(x, y, x + 26, y + 10, 4) for x, y in ((-18, -84), (-8, -68), (-18, -52))])
    d.shine(0, -54, 34)


def _lens(d: Drawing) -> None:
    d.add(
        *ring(0, -74, 34, 6),
        *[c.turned(32, (0, -74)) for c in (box(-3, -42, 3, -34), rounded_box(-5, -36, 5, 16, 4))],
    )
    d.mark(sliver([(-20, -84), (-14, -94), (-2, -98)], 3))


def _glasses(d: Drawing) -> None:
    d.add(
        *ring(-28, -22, 22, 4),
        *ring(28, -22, 22, 4),
        stroke("-7,-26 0,-32 7,-26", 4),
        line((-49, -26), (-64, -34), 3.6),
        line((49, -26), (64, -34), 3.6),
    )


def _scales(d: Drawing) -> None:
    d.add(
        line((0, 0), (0, -110), 5),
        smooth("-28,0! 28,0! 20,-8 5,-12 -5,-12 -20,-8"),
        line((-52, -98), (52, -106), 4),
        ellipse(0, -112, 6),
    )
    for x, y in ((-52, -98), (52, -106)):
        d.add(
            line((x, y), (x - 20, y + 44), 1.4),
            line((x, y), (x + 20, y + 44), 1.4),
            smooth(f"{x - 23},{y + 44}! {x + 23},{y + 44}! {x + 14},{y + 53} {x - 14},{y + 53}"),
        )


def _skull(d: Drawing) -> None:
    d.add(
        smooth(
            "0,-98 28,-92 44,-70 42,-48 34,-36 28,-30 28,-10! 18,-2 -18,-2 -28,-10! -28,-30 -34,-36 -42,-48 -44,-70 -28,-92"
        )
    )
    d.mark(
        smooth("-30,-58 -20,-66 -8,-60 -8,-48 -18,-40 -30,-46"),
        smooth("30,-58 20,-66 8,-60 8,-48 18,-40 30,-46"),
        smooth("0,-40! 7,-28 -7,-28"),
        *[line((x, -18), (x, -4), 1.8) for x in (-14, -5, 5, 14)],
    )


def _heart(d: Drawing) -> None:
    d.colour(smooth("0,-66! 16,-88 40,-88 52,-66 46,-40 24,-16 0,2! -24,-16 -46,-40 -52,-66 -40,-88 -16,-88"))


def _star(d: Drawing) -> None:
    d.colour(
        polygon(
            [(r * math.sin(math.pi * i / 5), -50 - r * math.cos(math.pi * i / 5)) for i, r in enumerate([50, 20] * 5)]
        )
    )
    d.shine(0, -50, 50)


def _campfire(d: Drawing) -> None:
    d.add(
        line((-50, -2), (40, -20), 11),
        line((50, -2), (-40, -20), 11),
        line((-30, -4), (32, -6), 12),
        *[smooth(f"{x - 8},2! {x - 7},-7 {x},-10 {x + 7},-7 {x + 8},2!") for x in (-56, -40, 42, 58)],
    )
    d.burn(
        smooth(
            "-30,-16! -36,-40 -22,-56 -26,-74! -12,-66 -6,-82 -2,-106! 10,-84 14,-72 22,-84! 26,-64 36,-46 30,-16! 10,-8 -10,-8"
        )
    )
    d.shine(0, -44, 60)


def _torch(d: Drawing) -> None:
    d.add(straight("-5,0 5,0 11,-66 -11,-66"), rounded_box(-14, -76, 14, -62, 3))
    d.burn(smooth("-12,-76! -20,-94 -10,-106 -12,-120! 0,-112 4,-124 10,-140! 16,-116 22,-98 12,-76!"))
    d.shine(0, -100, 38)


def _well_bucket(d: Drawing) -> None:
    d.add(
        smooth("-34,-60! 34,-60! 26,0! -26,0!"),
        *[c.moved(0, -62) for c in ring(0, 0, 34, 3.4)],
        rounded_box(-37, -64, 37, -57, 3),
    )
    d.mark(box(-32, -46, 32, -43), box(-28, -16, 28, -13), *[line((x, -56), (x * 0.8, -2), 1.2) for x in (-16, 0, 16)])


def _axe(d: Drawing) -> None:
    d.add(
        *[
            c.turned(-24)
            for c in (
                stroke("0,0 2,-30 0,-70 1,-112", 6, 5),
                smooth("-2,-112! 16,-112 34,-122! 42,-98 36,-74! 18,-86 -2,-88!"),
            )
        ]
    )


def _bow(d: Drawing) -> None:
    d.add(
        stroke("-8,0 22,-20 30,-46 20,-66 30,-86 22,-112 -8,-132", 5, 5),
        line((-7, -2), (-7, -130), 1),
        line((-34, -66), (58, -66), 2),
        polygon([(54, -71), (70, -66), (54, -61)]),
        polygon([(-34, -66), (-42, -72), (-32, -72), (-26, -66), (-32, -60), (-42, -60)]),
    )


def _net(d: Drawing) -> None:
    d.add(*[c.scaled(1, 0.4).moved(0, -90) for c in ring(0, 0, 44, 5)])
    for i in range(7):
        x = -42 + 14 * i
        d.add(stroke(f"{x},-90 {x * 0.8},-54 {x * 0.2},-6", 1.6, 1.2))
    for y, w in ((-70, 39), (-50, 30), (-30, 18)):
        d.add(stroke(f"{-w},{y} 0,{y + 7} {w},{y}", 1.4, 1.4))
    d.add(line((42, -92), (96, -128), 5))


def _garland(d: Drawing) -> None:
    """A string of paper lanterns."""
    points = [(-90 + 15 * i, -50 + 30 * (1 - (abs(-90 + 15 * i) / 90) ** 2)) for i in range(13)]
    for a, b in itertools.pairwise(points):
        d.add(line(a, b, 1.4))
    for x, y in points[1:-1:2]:
        d.add(box(x - 4, y, x + 4, y + 4), box(x - 4, y + 26, x + 4, y + 30), ellipse(x, y + 15, 12))
        d.open(ellipse(x, y + 15, 9.4, 10))
        d.shine(x, y + 15, 14)


PROPS: dict[str, tuple[Maker, float]] = {
    "anchor": (_anchor, 70), "apple": (_apple, 5), "arched window": (_arched_window, 120), "armchair": (_armchair, 62),
    "axe": (_axe, 45), "ball": (_ball, 13), "barrel": (_barrel, 55), "basket": (_basket, 28), "bed": (_bed, 118),
    "bell": (_bell, 30), "book": (_book_closed, 14), "book open": (_book_open, 24), "books": (_books, 16),
    "bookshelf": (_bookshelf, 115), "boots": (_boots, 22), "bottle": (_bottle, 17), "bow": (_bow, 80), "bread": (_loaf, 16),
    "broom": (_broom, 82), "bucket": (_well_bucket, 24), "cake": (_cake, 20), "camera": (_camera, 9),
    "campfire": (_campfire, 48), "candle": (_candle, 16), "chair": (_chair, 54), "chess knight": (_knight_piece, 5),
    "chest": (_chest, 52), "chest closed": (_chest_closed, 52), "clock": (_clock, 22), "coin": (_coin, 2),
    "compass": (_compass, 6), "computer": (_computer, 32), "crate": (_crate, 42), "crown": (_crown, 14), "crystal": (_crystal, 14),
    "crystal ball": (_crystal_ball, 18), "cup": (_cup, 7), "desk": (_desk, 92), "door": (_door, 120),
    "door ajar": (_door_ajar, 120), "drum": (_drum, 34), "egg": (_egg, 8), "feather": (_feather, 13),
    "film camera": (_film_camera, 88), "fireplace": (_fireplace, 112), "garland": (_garland, 180), "gear": (_gear, 12),
    "gift": (_gift, 20), "glasses": (_glasses, 8), "globe": (_globe, 28), "goblet": (_goblet, 11), "gramophone": (_gramophone, 42),
    "guitar": (_guitar, 57), "hammer": (_hammer, 20), "harp": (_harp, 100), "hat": (_hat, 20), "heart": (_heart, 10),
    "hourglass": (_hourglass, 15), "key": (_key, 7), "kite": (_kite, 60), "lantern": (_lantern, 18), "letter": (_letter, 11),
    "magnifying glass": (_lens, 13), "map": (_map, 40), "mask": (_mask, 13), "message bottle": (_message_bottle, 18),
    "microscope": (_microscope, 22), "mirror": (_mirror, 60), "music box": (_music_box, 10), "net": (_net, 60),
    "note": (_note, 14), "oil lamp": (_oil_lamp, 26), "painting": (_painting, 60), "paper boat": (_toy_boat, 12),
    "phone": (_telegram_phone, 9), "photograph": (_frame, 16), "piano": (_piano, 150), "pocket watch": (_pocket_watch, 6),
    "potion": (_potion, 10), "projector": (_projector, 34), "quill": (_quill, 18), "radio": (_radio, 28), "ring": (_ring_prop, 2),
    "robot head": (_robot_head, 24), "rocking chair": (_rocking_chair, 66), "rope": (_rope, 40), "rose": (_rose, 28),
    "round table": (_round_table, 68), "scales": (_scales, 28), "scroll": (_scroll, 20), "seedling": (_seed, 8),
    "shield": (_shield, 48), "ship's wheel": (_ships_wheel, 68), "skull": (_skull, 13), "spyglass": (_spyglass, 30),
    "star": (_star, 20), "suitcase": (_suitcase, 38), "sword": (_sword, 58), "table": (_table, 96), "tall clock": (_tall_clock, 115),
    "teapot": (_teapot, 15), "telephone": (_telephone, 14), "telescope": (_telescope, 80), "television": (_television, 40),
    "toolbox": (_toolbox, 26), "top hat": (_top_hat, 18), "torch": (_torch, 40), "typewriter": (_typewriter, 24),
    "umbrella": (_umbrella, 55), "vase": (_vase, 26), "violin": (_violin, 36), "violin case": (_violin_case, 46),
    "window": (_window, 90), **MORE_PROPS,
}  # fmt: skip
"""Each prop's maker, and its larger side in world units (100: a standing adult)."""

WORLD_SIZE: dict[str, float] = {name: size for name, (_, size) in PROPS.items()}
