"""The poses a figure can be asked for, as joint angles (see `skeleton.Pose`)."""

from __future__ import annotations

import math
from dataclasses import replace

from storyreel.providers.offline.silhouettes.skeleton import Limb, Pose

POSES: dict[str, Pose] = {
    "standing_back": Pose(
        yaw=8, right_arm=(-3, 9, 9, 4), left_arm=(2, 10, 14, 2), right_leg=(0, 1, -2, 1), left_leg=(5, 5, -5, 4),
        hip_tilt=2.5, sway=0.6, look=14, turnout=20,
    ),
    "standing_side": Pose(
        yaw=80, right_arm=(-7, 5, 6, 3), left_arm=(5, 5, 18, 3), right_leg=(-3, 1, -5, 1), left_leg=(7, 2, -1, 2),
        hip_tilt=1.5, lean=-1,
    ),
    "standing_front": Pose(
        yaw=172, right_arm=(2, 10, 12, 2), left_arm=(-2, 9, 10, 4), right_leg=(4, 5, -4, 4), left_leg=(0, 1, -2, 1),
        hip_tilt=-2.5, look=-6, turnout=18,
    ),
    "walking_side": Pose(
        yaw=84, right_arm=(-25, 5, -12, 3), left_arm=(18, 5, 40, 2), right_leg=(25, 1, 10, 1), left_leg=(-13, 1, -38, 1),
        right_foot=13, left_foot=-40, lean=4, twist=8, turnout=6,
    ),
    "walking_away": Pose(
        yaw=14, right_arm=(20, 8, 34, 3), left_arm=(-20, 11, -8, 6), right_leg=(-12, 0, -48, 1), left_leg=(17, 2, 6, 1),
        right_foot=-46, left_foot=4, lean=3, hip_tilt=-3, twist=-6, look=4,
    ),
    "running": Pose(
        yaw=86, right_arm=(-50, 8, 28, 4), left_arm=(36, 8, 118, -8), right_leg=(50, 2, -6, 1),
        left_leg=(-30, 2, -74, 2), right_foot=10, left_foot=-64, lean=13, twist=10, nod=-6, turnout=4,
    ),
    "kneeling": Pose(
        yaw=76, right_arm=(26, 6, 52, -6), left_arm=(34, 6, 66, -6), right_leg=(-6, 3, -93, 0), left_leg=(84, 6, -2, 2),
        right_foot=-62, lean=9, nod=16, turnout=5,
    ),
    "sitting_side": Pose(
        yaw=80, right_arm=(14, 5, 52, -4), left_arm=(20, 5, 62, -4), right_leg=(84, 3, -4, 2), left_leg=(80, 5, 12, 3),
        lean=3, nod=4, turnout=6,
    ),
    "sitting_back": Pose(
        yaw=6, right_arm=(24, 13, 78, -18), left_arm=(22, 15, 76, -16), right_leg=(128, 7, 42, -3),
        left_leg=(124, 8, 40, -3), lean=10, sway=1.5, look=16, rest="seat",
    ),
    "reading": Pose(
        yaw=78, right_arm=(10, 6, 82, -8), left_arm=(16, 6, 88, -8), right_leg=(84, 3, -2, 2), left_leg=(80, 5, 14, 3),
        lean=5, nod=26, turnout=6,
    ),
    "looking_up": Pose(
        yaw=66, right_arm=(-8, 7, 2, 4), left_arm=(4, 7, 12, 3), right_leg=(-3, 2, -4, 1), left_leg=(7, 3, -1, 2),
        lean=-5, nod=-32, turnout=10,
    ),
    "reaching": Pose(
        yaw=72, right_arm=(-6, 8, 8, 4), left_arm=(88, 6, 96, 2), right_leg=(-9, 2, -14, 1), left_leg=(12, 3, 2, 2),
        lean=5, nod=-6, left_foot=0, right_foot=-12, turnout=8,
    ),
    "holding_lantern": Pose(
        yaw=70, right_arm=(-6, 8, 8, 3), left_arm=(54, 8, 92, 4), right_leg=(-7, 2, -12, 1), left_leg=(11, 3, 1, 2),
        lean=2, nod=-4, right_foot=-8, turnout=10,
    ),
    "rowing": Pose(
        yaw=86, right_arm=(62, 6, 76, -6), left_arm=(60, 6, 78, -6), right_leg=(102, 3, 50, 2), left_leg=(98, 3, 47, 2),
        lean=20, nod=-4, rest="seat", turnout=6,
    ),
    "climbing": Pose(
        yaw=10, right_arm=(152, 14, 172, 4), left_arm=(84, 34, 158, 8), right_leg=(4, 5, -10, 3),
        left_leg=(62, 26, -14, 6), right_foot=-22, lean=5, sway=3, nod=-12, look=10,
    ),
    "carrying": Pose(
        yaw=82, right_arm=(14, 5, 80, -4), left_arm=(18, 5, 84, -4), right_leg=(19, 1, 7, 1), left_leg=(-10, 1, -28, 1),
        right_foot=8, left_foot=-28, lean=-3, turnout=6,
    ),
}  # fmt: skip
POSES["pointing"] = POSES["reaching"]
STRIDES = frozenset({"walking_side", "walking_away", "running", "carrying"})


def in_motion(name: str, phase: float) -> Pose:
    """A pose `phase` of the way through a stride, or through a breath where nobody walks; at 0 it is as drawn.

    Half a stride on, right and left have changed sides. Between, the leg that passes is bent at the knee.
    """
    pose = POSES[name]
    turn = 2 * math.pi * phase
    if name not in STRIDES:
        rise = 0.5 - 0.5 * math.cos(turn)
        return replace(
            pose, lean=pose.lean - 0.5 * rise, look=pose.look + 1.6 * math.sin(turn), nod=pose.nod - 1.1 * rise,
            right_arm=_swung(pose.right_arm, 0.9 * rise), left_arm=_swung(pose.left_arm, -0.9 * rise),
        )  # fmt: skip
    ahead = 0.5 + 0.5 * math.cos(turn)
    passing = math.sin(turn)
    lift = 34.0 if name == "running" else 22.0
    arms = pose if name == "carrying" else None
    return replace(
        pose,
        right_arm=pose.right_arm if arms else _between(pose.left_arm, pose.right_arm, ahead),
        left_arm=pose.left_arm if arms else _between(pose.right_arm, pose.left_arm, ahead),
        right_leg=_passing(_between(pose.left_leg, pose.right_leg, ahead), lift * max(0.0, -passing)),
        left_leg=_passing(_between(pose.right_leg, pose.left_leg, ahead), lift * max(0.0, passing)),
        right_foot=pose.left_foot + (pose.right_foot - pose.left_foot) * ahead,
        left_foot=pose.right_foot + (pose.left_foot - pose.right_foot) * ahead,
        hip_tilt=pose.hip_tilt * math.cos(turn),
        twist=pose.twist * math.cos(turn),
    )


def _between(one: Limb, other: Limb, share: float) -> Limb:
    a, b, c, d = (x + (y - x) * share for x, y in zip(one, other, strict=True))
    return a, b, c, d


def _swung(limb: Limb, degrees: float) -> Limb:
    return limb[0] + degrees, limb[1], limb[2] + degrees * 1.5, limb[3]


def _passing(leg: Limb, bend: float) -> Limb:
    return leg[0] + bend * 0.6, leg[1], leg[2] - bend, leg[3]
