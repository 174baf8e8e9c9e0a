"""More things people hold, ride in and look at, drawn as those in `props`."""

from __future__ import annotations

from collections.abc import Callable

from storyreel.providers.offline.silhouettes.drawing import (
    Drawing,
    box,
    ellipse,
    line,
    ring,
    rounded_box,
    sliver,
    smooth,
    straight,
    stroke,
)


def _wheelchair(d: Drawing) -> None:
    d.add(*ring(-14, -30, 30, 4), *ring(40, -10, 10, 3.4), ellipse(-14, -30, 4))
    for a, b in (((-14, -58), (-14, -2)), ((-42, -30), (14, -30)), ((-34, -50), (6, -10)), ((6, -50), (-34, -10))):
        d.add(line(a, b, 1.0))
    d.add(
        rounded_box(-26, -60, 30, -51, 3), line((-24, -58), (-32, -104), 4), line((-32, -104), (-46, -108), 4),
        line((26, -54), (42, -14), 3.4), line((40, -14), (58, -10), 3.4), stroke("-28,-80 0,-81 12,-78", 3.6),
    )  # fmt: skip
    d.colour(smooth("-25,-60! -34,-102! -28,-103! -18,-60!"))


def _birdcage(d: Drawing) -> None:
    d.add(box(-34, -8, 34, 0), *ring(0, -112, 6, 2), line((0, -106), (0, -98), 3))
    d.add(*[c.moved(0, 0) for c in [stroke("-34,-6 -34,-60 -20,-88 0,-98 20,-88 34,-60 34,-6", 2.6)]])
    for x in (-22, -11, 0, 11, 22):
        d.add(stroke(f"{x},-6 {x},-62 {x * 0.5},-88 0,-97", 1.5))
    d.add(line((-34, -60), (34, -60), 2), line((-12, -30), (12, -30), 1.8))
    d.colour(smooth("-9,-32 -4,-42 4,-46 9,-42! 12,-40 8,-36 2,-30 -14,-22!"))


def _newspaper(d: Drawing) -> None:
    d.add(straight("-50,-66 50,-66 50,0 -50,0"))
    d.mark(box(-44, -60, 44, -50), box(-44, -45, -4, -22))
    for k in range(6):
        d.mark(box(4, -45 + k * 7, 44, -42 + k * 7))
    for k in range(2):
        d.mark(box(-44, -17 + k * 7, -4, -14 + k * 7))


def _teddy(d: Drawing) -> None:
    d.add(ellipse(0, -24, 22, 24), ellipse(0, -64, 20, 19), ellipse(-16, -80, 8), ellipse(16, -80, 8))
    d.add(ellipse(-24, -32, 8, 15).turned(24, (-24, -32)), ellipse(24, -32, 8, 15).turned(-24, (24, -32)))
    d.add(ellipse(-17, -6, 12, 9), ellipse(17, -6, 12, 9))
    d.mark(ellipse(-7, -68, 2.2), ellipse(7, -68, 2.2), ellipse(0, -58, 7, 5.4), ellipse(0, -22, 12, 14))
    d.colour(smooth("-14,-46! 0,-42 14,-46! 12,-38! 0,-41 -12,-38!"))


def _brush_paint(d: Drawing) -> None:
    d.add(line((-40, 0), (28, -62), 3.4), smooth("24,-54! 36,-68! 40,-62! 30,-50!"))
    d.colour(smooth("33,-66! 48,-86 60,-92! 56,-78 42,-58!"))


def _flask(d: Drawing) -> None:
    d.add(smooth("-9,-100! 9,-100! 9,-64! 34,-8 30,0 -30,0 -34,-8 -9,-64!"), rounded_box(-13, -104, 13, -98, 2))
    d.open(smooth("-20,-36! 20,-36! 31,-8 28,-3 -28,-3 -31,-8"))
    d.mark(sliver([(-5, -90), (-6, -68), (-18, -42)], 2.0))
    d.shine(0, -18, 18)


def _needle(d: Drawing) -> None:
    d.add(rounded_box(-22, -50, 22, -42, 3), rounded_box(-22, -8, 22, 0, 3))
    d.colour(box(-15, -43, 15, -7))
    for y in (-38, -31, -24, -17, -11):
        d.mark(sliver([(-15, y), (0, y + 1.4), (15, y)], 1.0))
    d.add(line((20, -60), (66, -4), 2.0), stroke("15,-26 34,-20 30,-48 44,-66 26,-66 20,-59", 1.4))


def _microphone(d: Drawing) -> None:
    d.add(ellipse(0, -92, 14, 18), line((0, -76), (0, -6), 4), smooth("-26,-6! 26,-6! 22,0 -22,0"))
    for y in (-102, -96, -90, -84):
        d.mark(sliver([(-13, y), (0, y + 1.6), (13, y)], 1.4))


def _ticket(d: Drawing) -> None:
    d.add(smooth("-50,-44! 50,-44! 50,-30! 44,-22 50,-14! 50,0! -50,0! -50,-14! -44,-22 -50,-30!"))
    d.mark(box(-36, -36, 14, -29), box(-36, -22, 6, -18), box(-36, -12, 14, -8), box(26, -40, 27.6, -4))


def _shoe(d: Drawing) -> None:
    d.add(smooth("-40,-40! -18,-44 -8,-30 14,-22 40,-18 48,-8! 48,0! -44,0! -44,-20"))
    d.mark(
        sliver([(-8, -29), (0, -34), (6, -28)], 1.6), sliver([(2, -25), (9, -30), (15, -23)], 1.6), box(-44, -4, 48, -2)
    )


def _banner(d: Drawing) -> None:
    d.add(line((-24, 0), (-24, -200), 4), ellipse(-24, -203, 4.5))
    d.colour(
        smooth(
            "-22,-196! 20,-200 60,-188 96,-194! 84,-180! 98,-168! 82,-158! 92,-140! 60,-136 30,-146 10,-132! 0,-142 -22,-138!"
        )
    )


def _pan(d: Drawing) -> None:
    d.add(smooth("-44,-26! 26,-26! 22,-4 16,0 -34,0 -40,-4"), line((24, -22), (78, -30), 5))
    d.mark(sliver([(-40, -20), (-8, -18), (22, -20)], 1.6))


def _match(d: Drawing) -> None:
    d.add(line((0, 0), (3, -76), 4))
    d.burn(smooth("3,-116! 12,-100 15,-88 9,-76 3,-73 -3,-76 -9,-88 -3,-102"))
    d.shine(3, -88, 26)


def _trophy(d: Drawing) -> None:
    d.add(smooth("-28,-100! 28,-100! 26,-70 14,-48 5,-40 -5,-40 -14,-48 -26,-70"), box(-4, -42, 4, -18))
    d.add(*ring(-30, -80, 12, 4), *ring(30, -80, 12, 4), smooth("-20,-18! 20,-18! 26,-8! -26,-8!"), box(-30, -9, 30, 0))
    d.mark(sliver([(-16, -94), (-16, -74), (-8, -56)], 2.0))


def _light_bulb(d: Drawing) -> None:
    d.add(smooth("0,-104 24,-98 35,-76 30,-54 16,-38 13,-26! -13,-26! -16,-38 -30,-54 -35,-76 -24,-98"))
    d.add(rounded_box(-12, -26, 12, -6, 3), smooth("-8,-6! 8,-6! 4,0 -4,0"))
    d.open(smooth("0,-98 20,-93 29,-76 25,-57 12,-42 -12,-42 -25,-57 -29,-76 -20,-93"))
    d.mark(
        stroke("-8,-30 -10,-58 -4,-66 0,-56 4,-66 10,-58 8,-30", 1.6), box(-12, -21, 12, -19), box(-12, -14, 12, -12)
    )
    d.shine(0, -70, 40)


def _glove(d: Drawing) -> None:
    d.add(
        smooth(
            "-20,0! 20,0! 22,-34 34,-50 42,-66 36,-72 22,-56 20,-60 24,-96 17,-99 10,-66 8,-104 0,-106 -3,-66 -9,-100 -16,-98 -14,-60 -26,-84 -32,-80 -24,-44"
        )
    )
    d.colour(box(-21, -10, 21, 0))


def _pumpkin(d: Drawing) -> None:
    d.add(
        ellipse(0, -30, 44, 30),
        ellipse(-20, -30, 24, 30),
        ellipse(20, -30, 24, 30),
        smooth("-4,-58! -7,-72 2,-80! 8,-74 4,-58!"),
    )
    d.mark(
        sliver([(-20, -56), (-30, -30), (-20, -4)], 2),
        sliver([(20, -56), (30, -30), (20, -4)], 2),
        sliver([(0, -58), (3, -30), (0, -2)], 2),
    )


def _basket_fruit(d: Drawing) -> None:
    d.colour(
        *[ellipse(x, y, 11) for x, y in ((-26, -40), (-6, -44), (16, -42), (32, -38), (-15, -56), (6, -60), (24, -54))]
    )
    d.add(smooth("-50,-36! 50,-36! 40,0! -40,0!"))
    for y in (-28, -18, -8):
        d.mark(sliver([(-46, y), (0, y + 2), (46, y)], 1.4))


def _haystack(d: Drawing) -> None:
    d.add(smooth("-60,0! -58,-34 -40,-66 -8,-86 6,-84 40,-64 58,-32 60,0!"))
    d.mark(
        sliver([(-30, -60), (-40, -30), (-42, -4)], 1.6),
        sliver([(0, -80), (2, -40), (-2, -4)], 1.6),
        sliver([(28, -62), (38, -32), (40, -4)], 1.6),
    )


def _wire(d: Drawing) -> None:
    for x in (-90, 0, 90):
        d.add(line((x - 6, 0), (x + 4, -62), 5))
    for y in (-50, -26):
        d.add(stroke(f"-96,{y} -46,{y + 9} 0,{y - 2} 48,{y + 8} 96,{y}", 1.8))
        for x in range(-84, 90, 21):
            d.add(line((x - 4, y - 1), (x + 4, y + 10), 1.2), line((x + 4, y - 1), (x - 4, y + 10), 1.2))


MORE_PROPS: dict[str, tuple[Callable[[Drawing], None], float]] = {
    "banner": (_banner, 110), "barbed wire": (_wire, 110), "birdcage": (_birdcage, 34), "flask": (_flask, 14),
    "fruit basket": (_basket_fruit, 30), "glove": (_glove, 12), "haystack": (_haystack, 110), "light bulb": (_light_bulb, 7),
    "match": (_match, 6), "microphone": (_microphone, 80), "needle and thread": (_needle, 6), "newspaper": (_newspaper, 26),
    "paintbrush": (_brush_paint, 12), "pan": (_pan, 26), "pumpkin": (_pumpkin, 22), "shoe": (_shoe, 16), "teddy bear": (_teddy, 22),
    "ticket": (_ticket, 6), "trophy": (_trophy, 24), "wheelchair": (_wheelchair, 62),
}  # fmt: skip
"""Each prop's maker, and its larger side in world units (100: a standing adult)."""
