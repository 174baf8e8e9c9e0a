"""Boats, carriages, engines and flying machines, in proportion to people; what can move faces right."""

from __future__ import annotations

from collections.abc import Callable

from storyreel.errors import InputError
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

Maker = Callable[[Drawing], float]
"""Draws a vehicle and returns its length in world units."""


def vehicle(name: str) -> Silhouette:
    """A vehicle by name (one of `VEHICLES`). Boats have their keel on y = 0; the painter sets them into the water.

    Raises:
        InputError: the name is not known.
    """
    if name not in VEHICLES:
        raise InputError(f"no vehicle is called {name!r}: choose from {', '.join(VEHICLES)}")
    drawing = Drawing(name)
    length = VEHICLES[name](drawing)
    lefts = [x for contour in drawing.solids for x, _ in contour.points]
    scale = length / (max(lefts) - min(lefts))
    drawing.mapped(lambda p: (p[0] * scale, p[1] * scale), scale)
    return drawing.finish()


def _wheel(d: Drawing, x: float, y: float, radius: float, spokes: int, rim: float = 0.1) -> None:
    d.add(*ring(x, y, radius, radius * rim), ellipse(x, y, radius * 0.14))
    for i in range(spokes):
        spoke = line((0, 0), (0, -radius * 0.95), radius * 0.06)
        d.add(spoke.turned(360 * i / spokes).moved(x, y))


def _rowing_boat(d: Drawing) -> float:
    d.add(smooth("-90,-34! -60,-24 0,-20 60,-25 96,-40! 88,-18 70,-4 40,0 -40,0 -70,-3 -84,-16"))
    d.mark(
        sliver([(-84, -24), (-50, -15), (0, -11), (55, -15), (90, -29)], 1.6),
        sliver([(-78, -12), (-40, -6), (30, -6), (76, -14)], 1.2),
    )
    d.add(box(-34, -24, -20, -19), box(22, -25, 36, -20), line((-8, -28), (-9, -18), 2))
    d.add(line((-44, -36), (70, 2), 2.2), smooth("56,-6! 74,0 90,6 86,10 70,6 58,0!"))
    return 185


def _sailing_boat(d: Drawing) -> float:
    d.add(smooth("-120,-34! -60,-28 40,-28 140,-44! 124,-18 96,-3 60,0 -70,0 -104,-4"))
    d.add(line((-4, -28), (0, -330), 5, 2.6), line((-2, -52), (-112, -58), 4, 3))
    d.add(smooth("-6,-324! -30,-220 -76,-118 -112,-66! -60,-58 -6,-58!"))
    d.add(smooth("5,-300! 40,-200 84,-110 128,-50! 60,-62 6,-64!"))
    d.mark(
        sliver([(-14, -260), (-26, -256), (-38, -252)], 1.4),
        sliver([(-10, -150), (-46, -142), (-80, -132)], 1.4),
        sliver([(-8, -205), (-34, -198), (-56, -192)], 1.4),
    )
    d.mark(sliver([(-112, -22), (0, -18), (118, -28)], 1.8))
    d.colour(smooth("0,-330! 14,-326 26,-330 38,-324! 24,-320 12,-318 0,-318!"))
    return 270


def _sail(d: Drawing, x: float, top: float, low: float, half_top: float, half_low: float) -> None:
    d.add(
        smooth(
            f"{x - half_top},{top}! {x + half_top},{top}! {x + half_top + 12},{(top + low) / 2} {x + half_low},{low}! {x},{low - (low - top) * 0.1} {x - half_low},{low}! {x - half_top * 0.98 + 6},{(top + low) / 2}"
        )
    )
    d.add(line((x - half_top - 6, top), (x + half_top + 6, top), 4))
    for k in (-0.4, 0.25):
        d.mark(
            sliver(
                [(x + half_top * k, top + 4), (x + half_top * k + 5, (top + low) / 2), (x + half_low * k, low - 8)], 1.3
            )
        )


def _tall_ship(d: Drawing) -> float:
    d.add(
        smooth(
            "-330,-150! -318,-96 -296,-30 -260,-4 -200,0 180,0 230,-8 272,-40 320,-104! 250,-84 120,-70! 120,-78! -150,-78! -152,-112! -236,-116! -238,-144!"
        )
    )
    d.add(line((290, -96), (480, -190), 8, 3))
    for x, h in ((-190, 470), (-20, 560), (160, 500)):
        d.add(line((x, -70), (x, -h - 26), 9, 3))
    for x, levels in (
        (-190, ((-440, -372, 40, 52), (-362, -276, 58, 68), (-266, -164, 72, 76))),
        (-20, ((-532, -452, 50, 62), (-442, -340, 70, 82), (-328, -190, 88, 94))),
        (160, ((-474, -400, 46, 56), (-390, -300, 62, 74), (-290, -172, 80, 84))),
    ):
        for top, low, upper, lower in levels:
            _sail(d, x, top, low, upper, lower)
    for a, b, c in (((166, -470), (474, -186), (250, -120)), ((164, -380), (400, -150), (240, -104))):
        d.add(
            smooth(
                f"{a[0]},{a[1]}! {(a[0] + b[0]) / 2 - 12},{(a[1] + b[1]) / 2 + 14} {b[0]},{b[1]}! {(b[0] + c[0]) / 2},{(b[1] + c[1]) / 2 - 6} {c[0]},{c[1]}! {(a[0] + c[0]) / 2 + 12},{(a[1] + c[1]) / 2}"
            )
        )
    d.add(smooth("-196,-250! -250,-210 -310,-190! -320,-158! -198,-130!"), line((-194, -130), (-330, -152), 4))
    for foot, head in (
        ((-20, -560), (160, -480)),
        ((-190, -470), (-20, -530)),
        ((-190, -480), (-328, -150)),
        ((160, -500), (480, -190)),
    ):
        d.add(line(foot, head, 1.6))
    d.mark(
        sliver([(-310, -88), (-200, -60), (60, -48), (284, -72)], 4),
        sliver([(-296, -56), (-160, -34), (100, -28), (262, -48)], 2.4),
    )
    for i in range(9):
        d.open(box(-150 + i * 40, -60, -140 + i * 40, -50))
    for i in range(3):
        d.open(box(-306 + i * 22, -124, -294 + i * 22, -108))
    d.colour(smooth("-20,-586! 0,-580 18,-586 44,-576! 20,-566 2,-570 -20,-562!"))
    return 820


def _steamship(d: Drawing) -> float:
    d.add(smooth("-560,-120! -470,-104 420,-104 580,-140! 560,-80 530,0! -480,0! -520,-30 -544,-76"))
    d.add(
        straight("-360,-104 -360,-150 330,-150 350,-104"),
        straight("-310,-148 -310,-186 270,-186 284,-148"),
        straight("180,-186 180,-222 262,-222 270,-186"),
    )
    for x in (-200, -70, 60):
        d.add(polygon([(x - 30, -184), (x - 40, -320), (x + 16, -320), (x + 26, -184)]))
        d.colour(polygon([(x - 38.5, -300), (x - 36.6, -274), (x + 19.5, -274), (x + 17.5, -300)]))
    d.add(
        line((-420, -104), (-432, -380), 6, 2.5),
        line((390, -110), (380, -390), 6, 2.5),
        line((-430, -370), (380, -384), 1.6),
        line((-560, -120), (-430, -370), 1.6),
        line((580, -140), (381, -384), 1.6),
    )
    for i in range(22):
        d.open(ellipse(-440 + i * 41, -72, 6))
    for i in range(16):
        d.open(box(-346 + i * 42, -138, -328 + i * 42, -122))
    for i in range(4):
        d.open(box(188 + i * 19, -214, 201 + i * 19, -200))
    d.mark(sliver([(-530, -44), (-200, -34), (200, -34), (545, -50)], 5))
    return 1250


def _fishing_boat(d: Drawing) -> float:
    d.add(smooth("-150,-58! -90,-44 60,-46 170,-84! 156,-40 128,-8 96,0 -100,0 -136,-10"))
    d.add(
        straight("-70,-46 -66,-128 26,-128 34,-46"),
        straight("-78,-126 -74,-136 38,-136 36,-126"),
        line((-20, -132), (-26, -240), 5, 3),
        line((-24, -190), (104, -228), 3.4, 2),
        line((100, -226), (104, -70), 1.4),
    )
    d.add(
        line((-26, -236), (-140, -62), 1.4),
        line((-26, -236), (165, -82), 1.4),
        rounded_box(52, -66, 84, -46, 3),
        rounded_box(-126, -74, -92, -48, 4),
    )
    d.open(*[box(a, -116, a + 20, -90) for a in (-56, -28, 0)])
    d.mark(sliver([(-144, -40), (0, -28), (156, -58)], 3))
    return 330


def _canoe(d: Drawing) -> float:
    d.add(smooth("-128,-40! -110,-26 -60,-20 0,-19 60,-20 110,-26 128,-40! 124,-18 100,-4 60,0 -60,0 -100,-4 -124,-18"))
    d.mark(sliver([(-112, -18), (0, -12), (112, -18)], 1.6))
    return 230


def _raft(d: Drawing) -> float:
    for i in range(7):
        d.add(ellipse(-78 + i * 26, -11, 13.4, 11))
    d.add(rounded_box(-98, -25, 98, -18, 2), line((0, -20), (4, -170), 5, 3.4), line((-52, -158), (60, -164), 3.4))
    d.add(smooth("-48,-156! 56,-162! 68,-110 52,-54! 0,-64 -46,-52! -36,-104"))
    d.colour(smooth("4,-170! 18,-174 34,-168! 20,-162 4,-160!"))
    return 190


def _submarine(d: Drawing) -> float:
    d.add(smooth("-300,-66 -240,-96 -120,-116 60,-120 200,-108 280,-80 300,-58 280,-34 200,-8 60,0 -120,-4 -240,-32"))
    d.add(
        smooth("-30,-110! -22,-176 -8,-186! 88,-186! 104,-176 112,-110!"),
        line((30, -184), (30, -246), 6),
        stroke("30,-244 36,-252 54,-252", 7),
        line((64, -184), (64, -224), 4),
    )
    d.add(
        smooth("-280,-74! -322,-130! -292,-130! -236,-88!"),
        smooth("-280,-50! -322,4! -292,2! -236,-30!"),
        smooth("-320,-112! -304,-66 -320,-20! -330,-60"),
    )
    for x in (-100, -30, 40, 110, 180):
        d.open(ellipse(x, -72, 12))
    d.mark(sliver([(-250, -44), (0, -32), (260, -44)], 4), smooth("0,-160! 80,-160! 84,-152! -2,-152!"))
    return 620


def _train(d: Drawing) -> float:
    """A steam engine with its tender and two carriages."""
    d.add(
        rounded_box(330, -132, 520, -58, 14),
        box(300, -72, 560, -54),
        straight("250,-54 250,-172 336,-172 336,-54"),
        straight("240,-168 246,-182 344,-182 346,-168"),
    )
    d.add(
        straight("484,-128 478,-196 472,-206 520,-206 514,-196 508,-128"),
        smooth("388,-130! 390,-156 404,-162 418,-156 420,-130!"),
        smooth("440,-130! 440,-148 450,-152 460,-148 460,-130!"),
        ellipse(526, -118, 9),
    )
    d.add(polygon([(548, -56), (590, -6), (540, -6), (530, -56)]))
    d.shine(534, -118, 16)
    for x in (290, 352, 414):
        _wheel(d, x, -34, 33, 10, 0.16)
    for x in (470, 514):
        _wheel(d, x, -21, 20, 8, 0.2)
    d.add(line((290, -30), (462, -40), 6), box(446, -60, 500, -34))
    d.add(
        straight("120,-52 112,-128 238,-128 238,-52"),
        smooth("124,-126! 140,-146 180,-152 222,-144 232,-126!"),
        box(236, -62, 256, -54),
    )
    for x in (142, 180, 218):
        _wheel(d, x, -21, 20, 8, 0.2)
    d.open(box(266, -156, 292, -120), box(302, -156, 324, -120))
    for start in (-560, -220):
        d.add(
            rounded_box(start, -158, start + 320, -46, 6),
            smooth(
                f"{start - 6},-152! {start + 10},-176 {start + 60},-182 {start + 260},-182 {start + 310},-176 {start + 326},-152!"
            ),
            box(start + 310, -66, start + 346, -56),
        )
        d.add(box(start + 36, -50, start + 120, -30), box(start + 200, -50, start + 284, -30))
        for x in (50, 106, 214, 270):
            _wheel(d, start + x, -21, 20, 8, 0.2)
        for i in range(6):
            d.open(rounded_box(start + 22 + i * 48, -138, start + 58 + i * 48, -98, 3))
        d.mark(box(start + 8, -84, start + 312, -81))
    return 1150


def _car(d: Drawing) -> float:
    d.add(
        smooth(
            "-128,-24! -132,-50 -120,-62 -86,-66! -62,-96 -40,-104 20,-104 44,-94 64,-68! 110,-62 128,-50 130,-24! 116,-20 -116,-20"
        )
    )
    for x in (-78, 80):
        d.add(ellipse(x, -22, 22))
        d.mark(ellipse(x, -22, 11))
    d.open(smooth("-70,-68! -52,-90 -38,-95 -10,-95! -10,-68!"), smooth("-2,-95! 20,-95 36,-88 52,-68! -2,-68!"))
    d.mark(
        line((-6, -64), (-6, -28), 1.6), sliver([(-120, -46), (0, -44), (122, -46)], 1.6), line((2, -56), (14, -56), 2)
    )
    d.shine(126, -48, 8)
    return 250


def _old_car(d: Drawing) -> float:
    d.add(
        smooth("-120,-40! -118,-108 -104,-150! 6,-152! 16,-100! 96,-96 118,-92! 120,-40!"),
        straight("-126,-148 -120,-158 18,-160 24,-150"),
    )
    d.add(
        smooth("-130,-34! -118,-62 -88,-72 -56,-62 -44,-34! -50,-30! -66,-48 -88,-54 -108,-46 -120,-30!"),
        smooth("50,-34! 60,-62 90,-74 120,-62 136,-30! 128,-28! 112,-48 90,-54 70,-46 60,-30!"),
        box(-50, -36, 60, -28),
    )
    for x in (-88, 92):
        _wheel(d, x, -30, 30, 12, 0.2)
    d.open(box(-104, -138, -62, -104), box(-52, -140, -6, -104))
    d.add(ellipse(122, -84, 9), line((112, -92), (112, -40), 8))
    d.mark(line((-57, -102), (-57, -42), 1.6), *[line((30 + i * 14, -88), (30 + i * 14, -56), 1.6) for i in range(5)])
    d.shine(128, -84, 12)
    return 250


def _bus(d: Drawing) -> float:
    d.add(rounded_box(-230, -190, 230, -26, 16))
    for x in (-140, 140):
        d.add(ellipse(x, -28, 28))
        d.mark(ellipse(x, -28, 13))
    for i in range(6):
        d.open(rounded_box(-214 + i * 64, -168, -160 + i * 64, -112, 4))
    d.open(rounded_box(176, -168, 218, -70, 4))
    d.mark(box(-228, -94, 160, -88))
    d.shine(224, -50, 10)
    return 460


def _carriage(d: Drawing) -> float:
    """A coach with lamps, ready for its horses."""
    d.add(
        smooth("-70,-150! -78,-110 -66,-76 -30,-62 40,-62 72,-78 82,-110 74,-150!"),
        smooth("-84,-146! -64,-164 0,-170 64,-164 90,-146!"),
        smooth("70,-96! 100,-94 124,-104 134,-126! 142,-122! 138,-92 112,-76 76,-78!"),
    )
    _wheel(d, -72, -46, 46, 12)
    _wheel(d, 92, -36, 36, 12)
    d.add(
        stroke("-72,-48 -20,-58 40,-58 92,-38", 5),
        line((92, -40), (230, -60), 4, 3),
        smooth("-120,-90! -112,-78 -86,-74! -74,-80! -74,-88!"),
    )
    d.open(rounded_box(-54, -140, -18, -104, 4), rounded_box(22, -140, 58, -104, 4))
    d.mark(rounded_box(-10, -144, 14, -70, 3), sliver([(-70, -98), (0, -94), (78, -98)], 1.6))
    d.add(rounded_box(78, -138, 88, -118, 2))
    d.shine(83, -128, 14)
    return 340


def _wagon(d: Drawing) -> float:
    d.add(
        smooth("-140,-84! -150,-178 -118,-210 0,-216 116,-212 156,-182 136,-84!"),
        smooth("-150,-90! 148,-90! 156,-58! -140,-56!"),
    )
    _wheel(d, -90, -46, 46, 12)
    _wheel(d, 96, -36, 36, 12)
    d.add(line((110, -50), (250, -54), 5, 3.4), line((-92, -52), (100, -48), 6))
    for x in (-80, -8, 66):
        d.mark(sliver([(x, -92), (x - 4, -150), (x * 0.95, -210)], 2.2))
    d.mark(sliver([(-140, -74), (0, -72), (146, -74)], 1.6))
    return 400


def _cart(d: Drawing) -> float:
    d.add(
        straight("-96,-92 90,-84 84,-56 -84,-58"),
        line((60, -66), (190, -52), 5, 3),
        smooth("-86,-88! -60,-122 -10,-134 40,-122 80,-86!"),
    )
    _wheel(d, -8, -46, 46, 12)
    d.mark(*[line((x, -86), (x, -60), 1.6) for x in (-60, -20, 20, 60)])
    return 280


def _bicycle(d: Drawing) -> float:
    for x in (-54, 54):
        d.add(*ring(x, -34, 34, 2.8), ellipse(x, -34, 3))
        for i in range(12):
            d.add(line((0, 0), (0, -32), 0.5).turned(30 * i).moved(x, -34))
    hub, seat, head, crank, front = (-54.0, -34.0), (-22.0, -82.0), (36.0, -84.0), (-6.0, -32.0), (54.0, -34.0)
    for a, b in ((hub, crank), (hub, seat), (seat, crank), (crank, head), (seat, head), (head, front)):
        d.add(line(a, b, 3.2))
    d.add(
        line(seat, (-25, -94), 3),
        smooth("-42,-96! -28,-100 -10,-96! -12,-93 -26,-92"),
        line(head, (33, -100), 3),
        stroke("33,-100 42,-104 46,-98 40,-92", 2.8),
    )
    d.add(*ring(-6, -32, 10, 2.4), line((-6, -32), (4, -18), 2.4), line((0, -18), (10, -17), 3))
    return 104


def _balloon(d: Drawing) -> float:
    d.add(
        smooth(
            "0,-540 70,-528 130,-482 156,-410 140,-330 92,-250 44,-170 30,-130! -30,-130! -44,-170 -92,-250 -140,-330 -156,-410 -130,-482 -70,-528"
        )
    )
    for x in (-26, -12, 12, 26):
        d.add(line((x, -134), (x * 0.9, -56), 1.6))
    d.add(smooth("-30,-58! 30,-58! 26,0! -26,0!"), rounded_box(-33, -62, 33, -54, 3))
    for side in (-1, 1):
        d.accent.append(
            smooth(
                "0,-538! 22,-530 46,-482 58,-410 52,-330 34,-250 14,-132! 4,-132! 20,-250 30,-330 34,-410 26,-482 6,-534!"
            ).scaled(side, 1)
        )
    d.mark(
        sliver([(-150, -390), (0, -372), (150, -390)], 4), *[line((x, -50), (x * 0.9, -6), 1.4) for x in (-16, 0, 16)]
    )
    d.shine(0, -140, 20)
    return 312


def _airship(d: Drawing) -> float:
    d.add(
        smooth(
            "-470,-170 -420,-206 -280,-250 -40,-270 220,-256 400,-214 480,-170 400,-124 220,-84 -40,-70 -280,-92 -420,-134"
        )
    )
    for a in ("-380,-226! -480,-300! -516,-300! -460,-180!", "-380,-114! -480,-40! -516,-40! -460,-160!"):
        d.colour(smooth(a))
    d.add(
        smooth("-500,-176! -516,-170 -500,-164! -400,-164! -400,-176!"),
        smooth("-110,-74! -120,-20 -100,-4! 110,-4! 140,-22 146,-78!"),
        ellipse(-190, -56, 30, 12),
        line((-190, -100), (-190, -50), 4),
        line((-224, -84), (-224, -28), 3),
    )
    for i in range(8):
        d.open(rounded_box(-98 + i * 29, -46, -78 + i * 29, -26, 3))
    for k in (-0.55, 0.0, 0.55):
        d.mark(sliver([(-440, -170 + k * 60), (-40, -170 + k * 140), (440, -170 + k * 60)], 3))
    return 1000


def _plane(d: Drawing) -> float:
    """A two-winged aeroplane seen from the side."""
    d.add(
        smooth("-190,-86! -120,-104 20,-116 100,-112! 124,-102 126,-64 100,-52! 20,-46 -100,-66"),
        smooth("-196,-80! -214,-134 -198,-144 -176,-136 -148,-96!"),
        smooth("-212,-84! -150,-90 -140,-82 -210,-74!"),
    )
    d.add(
        rounded_box(-36, -176, 84, -167, 4),
        rounded_box(-24, -62, 92, -53, 4),
        line((-14, -170), (-4, -58), 3),
        line((70, -170), (78, -58), 3),
        line((16, -170), (28, -110), 3),
        line((44, -170), (50, -110), 3),
    )
    d.add(
        line((128, -136), (128, -30), 4),
        ellipse(128, -83, 8),
        line((20, -52), (46, -18), 4),
        line((74, -54), (48, -18), 4),
        ellipse(48, -17, 17),
        line((-170, -72), (-184, -52), 3),
    )
    d.add(smooth("-44,-104! -38,-128 -24,-134 -12,-126 -8,-108!"), line((-8, -110), (-2, -126), 2))
    d.accent.append(smooth("-200,-96! -207,-128! -186,-130! -178,-98!"))
    d.mark(ellipse(-96, -86, 11))
    return 330


def _airliner(d: Drawing) -> float:
    d.add(
        smooth("-420,-96! -300,-124 300,-128 400,-112 440,-84 400,-62 300,-56 -260,-62 -380,-78"),
        smooth("-430,-98! -470,-216! -430,-218! -330,-110!"),
        smooth("-420,-92! -480,-118 -490,-116! -400,-78!"),
        smooth("60,-74! -130,14! -170,14! -40,-78!"),
        ellipse(0, -36, 40, 15),
    )
    for i in range(22):
        d.open(ellipse(-260 + i * 27, -100, 5, 6))
    d.open(smooth("392,-106! 420,-92! 404,-90! 380,-98!"))
    return 900


def _spaceship(d: Drawing) -> float:
    d.add(
        smooth("260,-92! 200,-124 80,-150 -80,-152 -210,-134! -230,-60! -80,-46 80,-48 200,-66"),
        smooth("-60,-140! -150,-230 -230,-250! -190,-140!"),
        smooth("20,-50! -90,10 -250,24! -190,-64!"),
        smooth("-206,-138! -262,-130! -262,-66! -206,-58!"),
        line((-60, -46), (-80, 0), 6),
        line((100, -50), (120, 0), 6),
        box(-96, -4, -62, 2),
        box(104, -4, 138, 2),
    )
    d.open(
        smooth("110,-142! 160,-138 206,-116! 150,-104 108,-112!"),
        *[ellipse(x, -104, 9) for x in (-120, -80, -40, 0, 40)],
    )
    d.accent.append(smooth("-200,-84! 0,-70 220,-86! 0,-62 -200,-72!"))
    d.shine(-264, -98, 40)
    return 560


def _saucer(d: Drawing) -> float:
    d.add(
        smooth("-240,-66! -140,-98 140,-98 240,-66! 140,-36 -140,-36"),
        smooth("-92,-90! -84,-140 -40,-172 40,-172 84,-140 92,-90!"),
        smooth("-80,-42! -50,-14 50,-14 80,-42!"),
        line((-110, -44), (-140, 0), 5),
        line((110, -44), (140, 0), 5),
    )
    d.open(
        smooth("-70,-96! -64,-130 -30,-152 30,-152 64,-130 70,-96!"),
        *[ellipse(x, -66, 10, 7) for x in (-170, -102, -34, 34, 102, 170)],
    )
    d.shine(0, -10, 46)
    return 420


def _tram(d: Drawing) -> float:
    d.add(
        rounded_box(-210, -196, 210, -34, 12),
        rounded_box(-190, -212, 190, -192, 6),
        box(-150, -36, 150, -22),
        line((-20, -210), (50, -262), 3.4),
        line((50, -262), (-10, -290), 3),
        line((-40, -290), (30, -290), 3),
    )
    for x in (-120, -78, 78, 120):
        d.add(ellipse(x, -20, 20))
    for i in range(6):
        d.open(rounded_box(-150 + i * 51, -172, -108 + i * 51, -112, 3))
    d.mark(box(-206, -98, 206, -92), box(-196, -180, -164, -40), box(164, -180, 196, -40))
    d.shine(206, -70, 12)
    return 440


def _gondola(d: Drawing) -> float:
    d.add(
        smooth(
            "-190,-86! -178,-84 -166,-52 -130,-30 -60,-22 60,-22 130,-32 176,-58 196,-96! 188,-52 150,-16 80,-2 -60,-2 -140,-14 -178,-46"
        )
    )
    d.add(line((-184, -84), (-190, -112), 5), smooth("-196,-114! -182,-112! -176,-100 -184,-94! -194,-98"))
    d.add(smooth("-30,-24! -26,-56 0,-64 36,-56 44,-24!"))
    d.colour(smooth("-30,-30! -26,-56 0,-64 36,-56 44,-30! 30,-40 0,-44 -20,-40"))
    d.mark(sliver([(-168, -44), (0, -14), (172, -46)], 2.0))
    return 300


def _sleigh(d: Drawing) -> float:
    d.add(
        smooth(
            "-100,-110! -112,-70 -96,-34! 40,-30! 70,-44 84,-86! 60,-64 30,-60 0,-62 -30,-66 -60,-84 -74,-120! -88,-126"
        ),
        stroke("-110,0 -20,-4 80,-4 116,-16 124,-36 112,-46", 5),
        line((-70, -34), (-64, -4), 4),
        line((40, -32), (48, -4), 4),
    )
    d.mark(sliver([(-96, -58), (-30, -46), (60, -50)], 2))
    return 210


VEHICLES: dict[str, Maker] = {
    "airliner": _airliner, "airship": _airship, "balloon": _balloon, "bicycle": _bicycle, "bus": _bus, "canoe": _canoe,
    "car": _car, "carriage": _carriage, "cart": _cart, "fishing boat": _fishing_boat, "gondola": _gondola, "old car": _old_car, "plane": _plane,
    "raft": _raft, "rowing boat": _rowing_boat, "sailing boat": _sailing_boat, "saucer": _saucer, "sleigh": _sleigh,
    "spaceship": _spaceship, "steamship": _steamship, "submarine": _submarine, "tall ship": _tall_ship, "train": _train,
    "tram": _tram, "wagon": _wagon,
}  # fmt: skip
