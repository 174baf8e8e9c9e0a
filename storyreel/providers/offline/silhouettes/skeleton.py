"""A small skeleton in three dimensions: proportions, joint angles, and the joints they put on the page.

Body axes: x to the figure's right, y up, z forward. A limb's direction is given by its swing (degrees forward from
hanging straight down) and its spread (degrees outwards). The page looks along the body turned by `yaw`: 0 is seen from
behind, 90 walks to the right, 180 faces the viewer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from storyreel.providers.offline.silhouettes.model import Point

Vector = tuple[float, float, float]
Limb = tuple[float, float, float, float]
"""Upper swing, upper spread, lower swing, lower spread, in degrees."""


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions, in world units (an adult man is 100 tall). Widths and depths are halves, lengths are shares of
    `height`."""

    height: float
    head: float
    shoulder: float
    chest: float
    waist: float
    hip: float
    depth: float
    arm: float
    leg: float
    legs: float = 0.525
    bust: float = 0.0
    belly: float = 0.0
    stoop: float = 0.0


BUILDS: dict[str, Build] = {
    "man": Build(100, 13.0, 10.2, 8.9, 7.4, 7.9, 5.9, 2.65, 4.75),
    "woman": Build(95, 12.7, 8.3, 7.0, 5.5, 8.0, 5.1, 2.05, 4.5, bust=1.0),
    "boy": Build(68, 11.2, 6.6, 5.7, 5.1, 5.3, 4.1, 1.75, 3.2, legs=0.495),
    "girl": Build(66, 11.0, 5.9, 5.1, 4.6, 5.3, 3.8, 1.5, 3.0, legs=0.495),
    "old_man": Build(95, 13.0, 9.5, 8.4, 7.9, 7.9, 5.9, 2.4, 4.4, belly=1.0, stoop=15),
    "old_woman": Build(89, 12.6, 8.0, 7.3, 7.1, 8.2, 5.6, 2.1, 4.3, bust=0.8, belly=0.8, stoop=19),
}


@dataclass(frozen=True, slots=True)
class Pose:
    """Joint angles in degrees. `nod` tips the head forward, `look` turns it to the figure's right; `near` limbs are
    the figure's right ones, which a viewer of its right side sees in front. `rest` names what stands on the ground."""

    yaw: float
    right_arm: Limb
    left_arm: Limb
    right_leg: Limb
    left_leg: Limb
    right_foot: float = 0.0
    left_foot: float = 0.0
    lean: float = 0.0
    sway: float = 0.0
    hip_tilt: float = 0.0
    twist: float = 0.0
    nod: float = 0.0
    look: float = 0.0
    turnout: float = 12.0
    rest: str = "feet"


@dataclass(frozen=True, slots=True)
class Side:
    """One side's joints, in body axes."""

    shoulder: Vector
    elbow: Vector
    wrist: Vector
    fingers: Vector
    hip: Vector
    knee: Vector
    ankle: Vector
    toe: Vector
    heel: Vector


def direction(swing: float, spread: float, side: int) -> Vector:
    """The unit direction of a limb that hangs down at (0, 0)."""
    s, a = math.radians(swing), math.radians(spread)
    return side * math.sin(a), -math.cos(a) * math.cos(s), math.cos(a) * math.sin(s)


def along(start: Vector, way: Vector, length: float) -> Vector:
    """The point a length along a direction."""
    return start[0] + way[0] * length, start[1] + way[1] * length, start[2] + way[2] * length


def blend(a: Vector, b: Vector, t: float) -> Vector:
    """The point a share of the way from a to b."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


class Stance:
    """A build in a pose, seen from a side: every joint on the page, standing on y = 0."""

    def __init__(self, build: Build, pose: Pose) -> None:
        self.build, self.pose = build, pose
        h = build.height
        turn = math.radians(pose.yaw)
        self._cos, self._sin = math.cos(turn), math.sin(turn)
        stooped = pose.lean + build.stoop
        trunk = 0.305 * h if build.legs > 0.51 else 0.325 * h
        self.trunk = trunk
        self.pelvis: Vector = (0.0, build.legs * h, 0.0)

        def up(lean: float) -> Vector:
            x, y, z = direction(-lean, pose.sway, 1)
            return x, -y, z

        self.waist = along(self.pelvis, up(pose.lean * 0.6), 0.38 * trunk)
        self.chest = along(self.waist, up(pose.lean + build.stoop * 0.7), 0.37 * trunk)
        self.neck = along(self.chest, up(stooped + build.stoop * 0.5), 0.25 * trunk)
        reach = h - build.legs * h - trunk - build.head
        nod = pose.nod + pose.lean * 0.35 + build.stoop * 0.25
        self.nod = nod
        neck_lean = pose.lean * 0.6 + build.stoop * 1.5 + 9 + pose.nod * 0.4
        self.chin_level = along(self.neck, up(neck_lean), reach + 0.1 * build.head)
        self.head = along(self.chin_level, up(nod * 0.8), 0.42 * build.head)
        self.right = self._side(1)
        self.left = self._side(-1)
        self.lift = 0.0
        self.lift = max(y for y in self._bottoms())
        self.shift = 0.0
        self.shift = self._middle()

    def _side(self, side: int) -> Side:
        build, pose = self.build, self.pose
        h = build.height
        arm, leg, foot = (
            (pose.right_arm, pose.right_leg, pose.right_foot)
            if side == 1
            else (pose.left_arm, pose.left_leg, pose.left_foot)
        )
        tilt, twist = math.radians(-pose.hip_tilt * 0.8), math.radians(pose.twist)
        wide = build.shoulder * side
        base = blend(self.chest, self.neck, 0.6)
        shoulder = (
            base[0] + wide * math.cos(twist),
            base[1] + wide * math.sin(tilt),
            base[2] - wide * math.sin(twist),
        )
        elbow = along(shoulder, direction(arm[0], arm[1], side), 0.172 * h)
        wrist = along(elbow, direction(arm[2], arm[3], side), 0.145 * h)
        fingers = along(wrist, direction(arm[2] + 6, arm[3] * 0.5, side), 0.088 * h)
        hips = math.radians(pose.hip_tilt)
        across = 0.53 * build.hip * side
        hip = (
            self.pelvis[0] + across * math.cos(twist),
            self.pelvis[1] + across * math.sin(hips),
            self.pelvis[2] + across * math.sin(twist) * 0.7,
        )
        limb = (build.legs - 0.042) * h
        knee = along(hip, direction(leg[0], leg[1], side), limb * 0.505)
        ankle = along(knee, direction(leg[2], leg[3], side), limb * 0.495)
        out = math.radians(pose.turnout) * side
        pitch = math.radians(foot)
        length = 0.105 * h

        def at(forwards: float, below: float) -> Vector:
            z = forwards * math.cos(pitch) + below * math.sin(pitch)
            y = forwards * math.sin(pitch) - below * math.cos(pitch)
            return ankle[0] + math.sin(out) * z, ankle[1] + y, ankle[2] + math.cos(out) * z

        return Side(shoulder, elbow, wrist, fingers, hip, knee, ankle, at(length, 0.028 * h), at(-0.024 * h, 0.022 * h))

    def _bottoms(self) -> list[float]:
        h = self.build.height
        if self.pose.rest == "seat":
            return [self.page(self.pelvis)[1] + self.build.leg * 1.25]
        lows = []
        for side in (self.right, self.left):
            lows += [self.page(side.toe)[1] + 0.012 * h, self.page(side.heel)[1] + 0.018 * h]
            lows.append(self.page(side.knee)[1] + self.build.leg * 0.7)
        return lows

    def _middle(self) -> float:
        if self.pose.rest == "seat":
            return self.page(self.pelvis)[0]
        xs = [self.page(p)[0] for side in (self.right, self.left) for p in (side.ankle, side.toe)]
        return (sum(xs) / len(xs) + self.page(self.pelvis)[0]) / 2

    def page(self, point: Vector) -> Point:
        """Where a body point lies on the page."""
        x, y, z = point
        return x * self._cos + z * self._sin - getattr(self, "shift", 0.0), -y - getattr(self, "lift", 0.0)

    def half(self, across: float, deep: float) -> float:
        """How wide a trunk section with these half-axes looks from here."""
        return math.hypot(across * self._cos, deep * self._sin)

    def ahead(self, amount: float) -> float:
        """How far on the page a shift forwards in the body reaches."""
        return amount * self._sin

    @property
    def profile(self) -> float:
        """How much the head is seen from the side: 1 looks right, -1 left, 0 away or towards the viewer."""
        return math.sin(math.radians(self.pose.yaw + self.pose.look))

    @property
    def from_behind(self) -> bool:
        """Whether the back of the head is seen rather than the face."""
        return math.cos(math.radians(self.pose.yaw + self.pose.look)) > 0

    def sides(self) -> Sequence[tuple[int, Side]]:
        """The right side and the left one, each with its sign."""
        return (1, self.right), (-1, self.left)
