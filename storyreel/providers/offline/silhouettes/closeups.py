"""Large drawings for close shots: a head and shoulders, and a hand that holds something."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes.drawing import (
    Drawing,
    between,
    ellipse,
    finish_together,
    sliver,
    smooth,
    tube,
)
from storyreel.providers.offline.silhouettes.figures import KINDS, WEARS, draw_person, dressed
from storyreel.providers.offline.silhouettes.model import Point, Silhouette
from storyreel.providers.offline.silhouettes.poses import POSES
from storyreel.providers.offline.silhouettes.props import PROPS
from storyreel.providers.offline.silhouettes.skeleton import BUILDS, Stance, blend

# View: yaw, and how far the head turns further than the shoulders.
VIEWS: dict[str, tuple[float, float]] = {
    "back": (12, 8), "quarter": (34, 22), "side": (74, 8), "front": (172, -6),
}  # fmt: skip


def bust(kind: str, wears: Iterable[str] = (), seed: int = 0, view: str = "back", wind: float = 0.0) -> Silhouette:
    """A head and shoulders, cut off level under the shoulder blades; 100 units tall, in its own unit.

    Args:
        kind: one of `KINDS`.
        wears: any of `WEARS`.
        seed: varies hair, tilt and turn.
        view: one of `VIEWS`: from behind, three-quarter from behind (a lost profile), from the side, or from the front.
        wind: -1 to 1, as for figures.

    Raises:
        InputError: a name is not known.
    """
    worn = list(wears)
    for word, known in ((kind, KINDS), (view, tuple(VIEWS)), *((w, WEARS) for w in worn)):
        if word not in known:
            raise InputError(f"no head and shoulders can have {word!r}: choose from {', '.join(known)}")
    chance = random.Random(f"bust/{kind}/{view}/{seed}")
    yaw, look = VIEWS[view]
    pose = replace(
        POSES["standing_back"], yaw=yaw + chance.uniform(-4, 4), look=look + chance.uniform(-5, 5),
        nod=chance.uniform(-4, 6), sway=chance.uniform(-1.5, 1.5), right_arm=(4, 9, 14, 2), left_arm=(4, 9, 14, 2),
    )  # fmt: skip
    stance = Stance(BUILDS[kind], pose)
    drawing = Drawing(f"{kind} {view}", unit="own")
    draw_person(drawing, stance, kind, "standing_back", dressed(kind, worn, chance), [], wind, seed)
    cut = stance.page(blend(stance.waist, stance.chest, 0.7))[1]

    def raised(p: Point) -> Point:
        return p[0], min(p[1], cut)

    drawing.mapped(raised)
    for shapes in (drawing.solids, drawing.openings, drawing.details, drawing.accent):
        shapes[:] = [contour for contour in shapes if abs(contour.signed_area()) > 1e-3]
    return drawing.finish(height=100, centred=False)


# How a thing is held: between finger and thumb, hanging from the fingers, in the fist, or lying in the hand.
_PINCHED = (
    "letter",
    "key",
    "photograph",
    "coin",
    "ring",
    "map",
    "note",
    "feather",
    "rose",
    "scroll",
    "quill",
    "paper boat",
)
_HUNG = ("lantern", "pocket watch", "bell", "bucket", "basket")
_GRIPPED = (
    "candle",
    "torch",
    "sword",
    "umbrella",
    "hammer",
    "spyglass",
    "goblet",
    "bottle",
    "magnifying glass",
    "axe",
    "potion",
    "mirror",
)
_RESTING = (
    "book", "book open", "compass", "cup", "crystal", "egg", "apple", "hourglass", "seedling", "crown", "mask", "phone",
    "gear", "music box", "heart", "star", "camera", "chess knight", "skull", "crystal ball", "chest closed",
)  # fmt: skip
_LONG = ("mirror", "sword", "axe", "hammer", "torch", "umbrella")
HOLDABLE = (*_PINCHED, *_HUNG, *_GRIPPED, *_RESTING)
"""What a hand can hold: names of props."""


def held(holding: str | None = None) -> tuple[Silhouette, ...]:
    """A large hand and what it holds, as parts to be laid one over the other: (thing, hand, sleeve).

    All parts share one frame: the larger side of thing and hand together is 100 units, the middle of their bounds is
    x = 0 and their lowest point y = 0. The sleeve goes on from there towards the lower right, long enough to leave a
    picture. An open hand has no thing, only (hand, sleeve).

    Args:
        holding: one of `HOLDABLE`, or None for an open hand.

    Raises:
        InputError: the thing cannot be held.
    """
    if holding is not None and holding not in HOLDABLE:
        raise InputError(f"no hand is drawn holding {holding!r}: choose from {', '.join(HOLDABLE)}")
    thing, sleeve, hand = (Drawing(name, unit="own") for name in (holding or "", "sleeve", "hand"))
    if holding is not None:
        _place(thing, holding)
    if holding is None or holding in _RESTING:
        _open_hand(hand, sleeve)
    elif holding in _PINCHED:
        _pinching_hand(hand, sleeve)
    else:
        _fist(hand, sleeve)
    parts = [part for part in (thing, hand, sleeve) if part.solids]
    return finish_together(parts, [part for part in (thing, hand) if part.solids], larger=100)


def _place(drawing: Drawing, holding: str) -> None:
    """Put the thing where the hand will close on it; the grip is at the origin."""
    thing = Drawing(holding)
    PROPS[holding][0](thing)
    xs = [x for contour in thing.solids for x, _ in contour.points]
    ys = [y for contour in thing.solids for _, y in contour.points]
    size = 100 / max(max(xs) - min(xs), max(ys) - min(ys))
    middle = (min(xs) + max(xs)) / 2
    if holding in _PINCHED:
        flip = -1 if holding == "key" else 1
        edge = max(x * flip for x in xs)
        thing.mapped(lambda p: ((p[0] * flip - edge) * size * 0.9 + 14, (p[1] - max(ys)) * size * 0.9 + 8), size * 0.9)
    elif holding in _HUNG:
        thing.mapped(lambda p: ((p[0] - middle) * size * 1.1, (p[1] - min(ys)) * size * 1.1 + 22), size * 1.1)
    elif holding in _GRIPPED:
        tall = 1.8 if holding in _LONG else 1.2
        thing.mapped(lambda p: ((p[0] - middle) * size * tall, (p[1] - max(ys)) * size * tall + 40), size * tall)
    else:
        share = 0.95 if max(xs) - min(xs) > max(ys) - min(ys) else 0.8
        thing.mapped(lambda p: ((p[0] - middle) * size * share - 6, (p[1] - max(ys)) * size * share + 3), size * share)
    drawing.include(thing)


def _sleeve(hand: Drawing, drawing: Drawing, wrist: Point, elbow: Point) -> None:
    cuff = between(wrist, elbow, 0.34)
    far = between(wrist, elbow, 3.2)
    hand.add(tube([wrist, between(wrist, elbow, 0.2), between(wrist, elbow, 0.5)], [10.5, 10, 11.5]))
    drawing.add(tube([cuff, between(wrist, elbow, 0.6), elbow, far], [16, 18, 22, 40], "flat"))
    dx, dy = elbow[0] - wrist[0], elbow[1] - wrist[1]
    length = (dx * dx + dy * dy) ** 0.5
    across = (-dy / length, dx / length)
    inner = between(wrist, elbow, 0.44)
    drawing.mark(
        sliver(
            [(inner[0] + across[0] * k, inner[1] + across[1] * k) for k in (-15.5, -8, 0, 8, 15.5)],
            2.0,
        )
    )


def _finger(drawing: Drawing, points: list[Point], thick: float, nail: bool = False) -> None:
    radii = [thick, thick * 0.96, thick * 0.9, thick * 0.74][: len(points)]
    drawing.add(tube(points, radii))
    if nail:
        x, y = points[-1]
        drawing.mark(ellipse(x, y, thick * 0.34, thick * 0.28))


def _pinching_hand(drawing: Drawing, sleeve: Drawing) -> None:
    """Thumb before and forefinger behind a thing whose corner is at the origin."""
    _finger(drawing, [(34, 26), (18, 6), (2, -3), (-9, 0)], 6.0)
    _finger(drawing, [(34, 34), (16, 22), (2, 20), (0, 30)], 6.0)
    _finger(drawing, [(36, 42), (20, 36), (8, 36), (8, 44)], 5.7)
    _finger(drawing, [(40, 50), (27, 48), (17, 49), (18, 56)], 5.0)
    drawing.add(smooth("28,12 44,14 58,30 66,46 60,62 44,62 32,54 24,40 22,24"))
    _finger(drawing, [(46, 18), (30, 0), (14, -6), (-4, -7)], 6.6)
    drawing.mark(
        sliver([(44, 24), (28, 8), (12, 1)], 1.8), sliver([(32, 31), (16, 15), (4, 11)], 1.6),
        sliver([(34, 41), (18, 30), (6, 28)], 1.6), sliver([(38, 49), (24, 43), (12, 42)], 1.6),
    )  # fmt: skip
    drawing.mark(ellipse(-4, -9, 3.4, 2.0))
    _sleeve(drawing, sleeve, (56, 50), (112, 112))


def _fist(drawing: Drawing, sleeve: Drawing) -> None:
    """A hand closed round an upright thing at the origin."""
    drawing.add(smooth("-8,-14 8,-20 26,-18 42,-6 52,12 52,30 40,38 22,38 4,36 -8,30"))
    for i, (x, y) in enumerate(((-9, -9), (-12, 2), (-11, 13), (-8, 24))):
        _finger(drawing, [(24, y - 2), (6, y - 4), (x, y)], 7.0 - 0.4 * i)
    _finger(drawing, [(34, -8), (18, -22), (2, -22), (-8, -16)], 6.4)
    drawing.mark(
        sliver([(24, -10), (8, -12), (-12, -5)], 1.8), sliver([(22, 2), (6, -1), (-14, 7)], 1.8),
        sliver([(20, 13), (6, 11), (-13, 18)], 1.8), sliver([(24, -14), (10, -16), (-6, -11)], 1.6),
    )  # fmt: skip
    _sleeve(drawing, sleeve, (44, 22), (116, 70))


def _open_hand(drawing: Drawing, sleeve: Drawing) -> None:
    """An open palm seen from its side, a little cupped, fingers towards the left."""
    drawing.add(smooth("42,0 20,6 0,8 -14,6 -18,14 -6,22 14,28 34,30 52,26 58,12"))
    _finger(drawing, [(0, 14), (-24, 12), (-42, 4), (-54, -9)], 6.4)
    _finger(drawing, [(4, 18), (-20, 19), (-40, 12), (-54, 0)], 6.2)
    _finger(drawing, [(8, 22), (-14, 25), (-32, 20), (-46, 10)], 5.8)
    _finger(drawing, [(40, 8), (30, -8), (22, -20), (18, -30)], 6.6)
    drawing.mark(
        sliver([(0, 12), (-24, 16), (-48, 2)], 1.6), sliver([(4, 20), (-16, 23), (-42, 12)], 1.6),
        sliver([(38, 6), (22, 12), (4, 12)], 1.6),
    )  # fmt: skip
    _sleeve(drawing, sleeve, (52, 18), (124, 52))
