"""The body under the clothes: trunk, limbs, shoes and head, drawn over a stance."""

from __future__ import annotations

import math
from dataclasses import replace

from storyreel.providers.offline.silhouettes.drawing import Contour, Drawing, between, curve, ellipse, smooth, tube
from storyreel.providers.offline.silhouettes.model import Point
from storyreel.providers.offline.silhouettes.skeleton import Side, Stance, Vector, blend

# A head one unit tall with its chin on y = 0: in profile looking right, from behind and from the front.
PROFILE = (
    "0.02,-1.0 0.2,-0.965 0.335,-0.87 0.4,-0.74 0.41,-0.62 0.392,-0.545 0.44,-0.45 0.487,-0.375 0.452,-0.335 "
    "0.415,-0.31 0.43,-0.255 0.4,-0.21 0.415,-0.165 0.378,-0.115 0.395,-0.05 0.34,0.005 0.22,-0.02 0.06,-0.09 "
    "-0.08,-0.1 -0.26,-0.12 -0.37,-0.28 -0.44,-0.5 -0.435,-0.7 -0.33,-0.89 -0.16,-0.98"
)
BACK = (
    "0,-1.0 0.2,-0.965 0.315,-0.84 0.345,-0.66 0.345,-0.53 0.385,-0.52 0.385,-0.42 0.33,-0.34 0.29,-0.2 0.2,-0.08 "
    "0,-0.03 -0.2,-0.08 -0.29,-0.2 -0.33,-0.34 -0.385,-0.42 -0.385,-0.52 -0.345,-0.53 -0.345,-0.66 -0.315,-0.84 "
    "-0.2,-0.965"
)
FRONT = (
    "0,-1.0 0.2,-0.965 0.315,-0.84 0.345,-0.66 0.34,-0.53 0.38,-0.52 0.375,-0.42 0.325,-0.33 0.28,-0.17 0.13,-0.02 "
    "0,0 -0.13,-0.02 -0.28,-0.17 -0.325,-0.33 -0.375,-0.42 -0.38,-0.52 -0.34,-0.53 -0.345,-0.66 -0.315,-0.84 "
    "-0.2,-0.965"
)


class HeadFrame:
    """Places things drawn on a head one unit tall (chin at y = 0, looking right when in profile) on the figure."""

    def __init__(self, stance: Stance) -> None:
        self.size = stance.build.head
        self.centre = stance.page(stance.head)
        turn = stance.profile
        self.in_profile = abs(turn) > 0.5
        self.from_behind = stance.from_behind and not self.in_profile
        self.sign = 1 if turn >= 0 else -1
        ahead = stance.ahead(1.0)
        self.tilt = stance.nod * ahead + stance.pose.sway * 0.6
        # Between a pure profile and a three-quarter view the head narrows a little.
        self.squeeze = (0.9 + 0.1 * abs(turn)) if self.in_profile else 1.0

    def place(self, contour: Contour) -> Contour:
        """The contour on the page."""
        flip = self.sign if self.in_profile else 1
        x, y = self.centre
        return contour.moved(0, 0.5).scaled(self.size * flip * self.squeeze, self.size).turned(self.tilt).moved(x, y)

    def point(self, x: float, y: float) -> Point:
        """A head point on the page."""
        return self.place(Contour(((x, y),))).points[0]


def draw_head(drawing: Drawing, stance: Stance) -> HeadFrame:
    """Add the head and neck, and return the frame that hair and hats are placed in."""
    frame = HeadFrame(stance)
    thick = stance.build.head * (0.33 if stance.build.shoulder > 8.7 else 0.27)
    base, top = stance.page(stance.neck), frame.point(-0.1 if frame.in_profile else 0.0, -0.3)
    middle = between(base, top, 0.5)
    back = -0.06 * stance.build.head * frame.sign if frame.in_profile else 0.0
    low = between(base, stance.page(stance.chest), 0.6)
    # The neck's root is under the clothes; what rises from it is skin.
    with drawing.made_of("cloth"):
        drawing.add(tube([low, base], [thick * 1.2, thick * 1.22]))
    drawing.add(tube([base, (middle[0] + back, middle[1]), top], [thick * 1.2, thick, thick * 1.02]))
    drawing.add(frame.place(smooth(PROFILE if frame.in_profile else BACK if frame.from_behind else FRONT)))
    if not frame.in_profile and not frame.from_behind:
        # Where eyes, nose and mouth lie in shadow; more would be a mask.
        for mark in (ellipse(-0.14, -0.5, 0.055, 0.02), ellipse(0.14, -0.5, 0.055, 0.02)):
            drawing.add(replace(frame.place(mark), role="shade"))
    return frame


def trunk_stations(stance: Stance) -> list[tuple[Vector, float, float, float]]:
    """Sections of the trunk from the seat to the neck: centre, half-width, half-depth, and a shift forwards."""
    b = stance.build
    low = stance.pelvis
    under = (low[0], low[1] - 0.04 * b.height, low[2])
    mid = blend(stance.waist, stance.chest, 0.5)
    high = blend(stance.chest, stance.neck, 0.45)
    top = blend(stance.chest, stance.neck, 0.86)
    return [
        (under, b.hip * 0.7, b.depth * 0.72, -0.3),
        (low, b.hip, b.depth * 1.02, -0.9),
        (blend(low, stance.waist, 0.5), b.hip * 0.94, b.depth * 0.92 + b.belly * 0.6, -0.2 + b.belly * 0.5),
        (stance.waist, b.waist, b.depth * 0.8 + b.belly, 0.4 + b.belly),
        (mid, (b.waist + b.chest) / 2, b.depth * 0.88 + b.belly * 0.6, 0.5 + b.belly * 0.6 + b.bust * 0.3),
        (stance.chest, b.chest, b.depth * 0.98 + b.bust * 0.3, 0.5 + b.bust),
        (high, b.chest * 0.99, b.depth * 0.88, 0.1 + b.bust * 0.3),
        (top, b.shoulder * 0.8, b.depth * 0.6, -0.3),
        (along_up(stance, 0.02), b.shoulder * 0.42, b.depth * 0.46, -0.4),
    ]


def along_up(stance: Stance, share: float) -> Vector:
    """A point above the neck's root by a share of the height, in the direction of the neck."""
    return blend(stance.neck, stance.chin_level, share * stance.build.height / max(stance.build.head * 0.3, 0.1))


def draw_trunk(drawing: Drawing, stance: Stance, pad: float = 0.0) -> None:
    """Add the trunk, `pad` units thicker than the body."""
    centres: list[Point] = []
    halves: list[float] = []
    stations = trunk_stations(stance)
    # Whoever sits on the ground has no hanging seat: the haunches are drawn for them.
    for centre, across, deep, ahead in stations[2:] if stance.pose.rest == "seat" else stations:
        x, y = stance.page(centre)
        centres.append((x + stance.ahead(ahead), y))
        halves.append(stance.half(across, deep) + pad)
    drawing.add(tube(centres, halves))


def shoulder_yoke(drawing: Drawing, stance: Stance, pad: float = 0.0) -> None:
    """Add the slope from the neck to both shoulders, which joins the arms to the trunk."""
    b = stance.build
    right, left = stance.page(stance.right.shoulder), stance.page(stance.left.shoulder)
    nape = stance.page(blend(stance.neck, stance.chin_level, 0.35))
    chest = stance.page(stance.chest)
    thick = b.arm * 1.25 + pad
    if math.dist(right, left) < b.shoulder * 0.8:
        return
    a, c = (right, left) if right[0] > left[0] else (left, right)
    drawing.add(
        curve(
            [
                (nape[0] + b.head * 0.22, nape[1]),
                (between(nape, a, 0.5)[0], between(nape, a, 0.5)[1] - thick * 0.8),
                (a[0] - thick * 0.35, a[1] - thick * 0.97),
                (a[0] + thick * 0.8, a[1] + thick * 0.2),
                (chest[0] + b.chest * 0.9, chest[1]),
                (chest[0] - b.chest * 0.9, chest[1]),
                (c[0] - thick * 0.8, c[1] + thick * 0.2),
                (c[0] + thick * 0.35, c[1] - thick * 0.97),
                (between(nape, c, 0.5)[0], between(nape, c, 0.5)[1] - thick * 0.8),
                (nape[0] - b.head * 0.22, nape[1]),
            ]
        )
    )


SLEEVES = {
    "bare": (1.25, 1.12, 0.86, 0.88, 0.62),
    "shirt": (1.3, 1.22, 1.04, 0.98, 0.74),
    "coat": (1.46, 1.46, 1.3, 1.22, 0.98),
    "wide": (1.42, 1.5, 1.5, 1.7, 2.0),
    "suit": (1.8, 1.85, 1.7, 1.65, 1.35),
}


def draw_arm(
    drawing: Drawing, stance: Stance, side: Side, sleeve: str = "shirt", fist: bool = False, bare: bool = True
) -> None:
    """Add one arm with its hand; `fist` closes the hand around something, `bare` shows its skin."""
    a = stance.build.arm
    r = SLEEVES[sleeve]
    s, e, w, f = (stance.page(p) for p in (side.shoulder, side.elbow, side.wrist, side.fingers))
    drawing.add(
        tube(
            [s, between(s, e, 0.16), between(s, e, 0.52), between(s, e, 0.97), between(e, w, 0.3), w],
            [r[0] * a * 0.86, r[0] * a, r[1] * a, r[2] * a, r[3] * a, r[4] * a],
        )
    )
    with drawing.made_of("skin" if bare else drawing.role):
        if sleeve == "bare" and bare:
            drawing.add(
                tube(
                    [between(s, e, 0.42), between(s, e, 0.97), between(e, w, 0.3), w],
                    [r[1] * a * 0.99, r[2] * a, r[3] * a, r[4] * a],
                )
            )
        draw_hand(drawing, w, f, a, fist)


def draw_hand(drawing: Drawing, wrist: Point, fingers: Point, a: float, fist: bool) -> None:
    """Add a hand from the wrist towards the fingers."""
    start = between(wrist, fingers, -0.35)
    if fist:
        drawing.add(
            tube([start, wrist, between(wrist, fingers, 0.4), between(wrist, fingers, 0.62)],
                 [a * 0.6, a * 0.62, a * 0.92, a * 0.7])
        )  # fmt: skip
        return
    drawing.add(
        tube([start, wrist, between(wrist, fingers, 0.4), between(wrist, fingers, 0.75), fingers],
             [a * 0.6, a * 0.56, a * 0.74, a * 0.6, a * 0.34])
    )  # fmt: skip


TROUSERS = (1.08, 1.02, 0.9, 0.74, 0.78, 0.7, 0.68)
BARE_LEG = (1.02, 0.96, 0.82, 0.62, 0.68, 0.44, 0.38)
SUIT_LEG = (1.25, 1.22, 1.1, 0.98, 1.0, 0.92, 0.9)
SHARES = (0.0, 0.3, 0.62, 1.0)


def leg_chain(stance: Stance, side: Side, widths: tuple[float, ...] = TROUSERS) -> tuple[list[Point], list[float]]:
    """The centres and half-widths of a leg from hip to ankle."""
    h, k, a = (stance.page(p) for p in (side.hip, side.knee, side.ankle))
    centres = [h, between(h, k, 0.3), between(h, k, 0.64), between(h, k, 0.985),
               between(k, a, 0.32), between(k, a, 0.7), between(k, a, 0.98)]  # fmt: skip
    radii = [w * stance.build.leg for w in widths]
    # From the side the calf sits behind the shin bone and the thigh before its bone.
    behind = stance.build.leg * 0.14 * stance.ahead(1.0)
    x, y = centres[4]
    centres[4] = (x - behind, y)
    x, y = centres[1]
    centres[1] = (x + behind * 0.8, y)
    return centres, radii


def draw_leg(
    drawing: Drawing, stance: Stance, side: Side, widths: tuple[float, ...] = TROUSERS, boot: float = 1.0
) -> None:
    """Add one leg and its shoe."""
    centres, radii = leg_chain(stance, side, widths)
    drawing.add(tube(centres, radii, "flat" if widths is TROUSERS else "round"))
    drawing.add(tube([centres[0], between(centres[0], centres[1], 0.3)], [radii[0], radii[0] * 0.98]))
    draw_shoe(drawing, stance, side, boot)


def draw_shoe(drawing: Drawing, stance: Stance, side: Side, boot: float = 1.0) -> None:
    """Add a shoe: a flat sole from heel to toe, and the instep rising to the ankle."""
    h = stance.build.height
    heel, toe, ankle = (stance.page(p) for p in (side.heel, side.toe, side.ankle))
    ball = between(heel, toe, 0.66)
    unit = 0.01 * h * boot
    shin = between(ankle, stance.page(side.knee), 0.12)
    drawing.add(tube([heel, between(heel, toe, 0.35), ball, toe], [1.8 * unit, 1.75 * unit, 1.6 * unit, 1.2 * unit]))
    instep = between(ankle, toe, 0.5)
    drawing.add(
        tube([shin, ankle, instep, between(ball, toe, 0.5)], [2.0 * unit, 2.15 * unit, 1.75 * unit, 1.1 * unit])
    )
    drawing.add(tube([shin, between(ankle, heel, 0.5), heel], [1.9 * unit, 2.1 * unit, 1.8 * unit]))
