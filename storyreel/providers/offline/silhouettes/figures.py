"""People: any build in any pose, dressed and carrying things."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import replace

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes import garments
from storyreel.providers.offline.silhouettes.body import (
    BARE_LEG,
    SUIT_LEG,
    TROUSERS,
    draw_arm,
    draw_head,
    draw_leg,
    draw_trunk,
    shoulder_yoke,
)
from storyreel.providers.offline.silhouettes.carried import draw_carried
from storyreel.providers.offline.silhouettes.drawing import Drawing, between, curve, rounded_box, tube
from storyreel.providers.offline.silhouettes.model import Silhouette
from storyreel.providers.offline.silhouettes.poses import POSES, in_motion
from storyreel.providers.offline.silhouettes.skeleton import BUILDS, Limb, Pose, Stance

KINDS = tuple(BUILDS)
WEARS = (
    "coat", "long_coat", "cloak", "hood", "hat", "brimmed_hat", "cap", "sailor_cap", "crown", "dress", "skirt", "robe",
    "scarf", "backpack", "hair_long", "hair_bun", "hair_short", "hair_tousled", "hair_bob", "hair_tail", "bald", "beard",
    "uniform", "spacesuit", "armour",
)  # fmt: skip
CARRIES = (
    "lantern", "staff", "cane", "book", "letter", "suitcase", "rope", "umbrella", "sword", "basket", "telescope", "bag",
    "flower", "crate", "oar",
)  # fmt: skip
_FEMALE = {"woman", "girl", "old_woman"}
# Where the carrying arm goes when the pose has no hand ready: upper swing, upper spread, lower swing, lower spread.
_HOLDS: dict[str, Limb] = {
    "staff": (18, 10, 62, 6), "cane": (10, 8, 30, 2), "book": (10, 5, 84, -8), "letter": (12, 5, 88, -6),
    "umbrella": (22, 8, 118, -4), "telescope": (88, 8, 116, -14), "flower": (14, 6, 78, -2), "lantern": (12, 9, 30, 5),
    "sword": (6, 12, 22, 8),
}  # fmt: skip
_OWN_HANDS = {"holding_lantern", "reading", "rowing", "climbing", "carrying", "reaching", "pointing"}


def figure(
    kind: str,
    pose: str,
    wears: Iterable[str] = (),
    carries: Iterable[str] = (),
    seed: int = 0,
    wind: float = 0.0,
    phase: float | None = None,
) -> Silhouette:
    """A person, standing on y = 0 with the weight at x = 0.

    Args:
        kind: one of `KINDS`.
        pose: one of `POSES`; what is seen from the side looks to the right.
        wears: any of `WEARS`; without clothes or hair named, some that suit the kind are chosen by `seed`.
        carries: any of `CARRIES`.
        seed: varies the small things: joint angles by a degree or two, folds, hair.
        wind: -1 (strong, towards the left) to 1 (strong, towards the right); moves coats, scarves and long hair.
        phase: how far through a stride, or a breath, they are, 0 to 1; at 0 as when it is None, and at 1 again.

    Raises:
        InputError: a name is not known.
    """
    worn, carried = list(wears), list(carries)
    for word, known in (
        (kind, KINDS),
        (pose, tuple(POSES)),
        *((w, WEARS) for w in worn),
        *((c, CARRIES) for c in carried),
    ):
        if word not in known:
            raise InputError(f"no figure can have {word!r}: choose from {', '.join(known)}")
    chance = random.Random(f"{kind}/{pose}/{seed}")
    stance = stance_for(kind, pose, carried, chance, phase or 0.0)
    worn = dressed(kind, worn, chance)
    drawing = Drawing(f"{kind} {pose}")
    draw_person(drawing, stance, kind, pose, worn, carried, wind, seed)
    return drawing.finish(centred=False)


def stance_for(kind: str, pose_name: str, carried: list[str], chance: random.Random, phase: float = 0.0) -> Stance:
    """A kind of person in a pose, their arm bent for what they carry; a pose that needs a thing adds it to `carried`."""
    pose = in_motion(pose_name, phase)
    if pose_name == "reading" and not carried:
        carried.append("book")
    if pose_name == "holding_lantern" and not carried:
        carried.append("lantern")
    if pose_name == "carrying" and not carried:
        carried.append("crate")
    if pose_name == "rowing" and not carried:
        carried.append("oar")

    def jog(limb: Limb) -> Limb:
        a, b, c, d = limb
        return (
            a + chance.uniform(-2, 2),
            b + chance.uniform(-1, 1),
            c + chance.uniform(-3, 3),
            d + chance.uniform(-1, 1),
        )

    if pose_name not in _OWN_HANDS:
        for thing in carried[:1]:
            if thing in _HOLDS:
                pose = replace(pose, left_arm=_beside(_HOLDS[thing]) if _faces_page(pose) else _HOLDS[thing])
    pose = replace(
        pose, right_arm=jog(pose.right_arm), left_arm=jog(pose.left_arm), nod=pose.nod + chance.uniform(-3, 3),
        look=pose.look + chance.uniform(-4, 4),
    )  # fmt: skip
    return Stance(BUILDS[kind], pose)


def _faces_page(pose: Pose) -> bool:
    """Whether the figure is seen from the back or the front, so that what is held before it would be hidden."""
    return abs(math.cos(math.radians(pose.yaw))) > 0.7


def _beside(arm: Limb) -> Limb:
    """The arm turned outwards, so that the hand is seen beside the body."""
    return arm[0] * 0.4, arm[1] + 12, arm[2] * 0.75, max(arm[3] + 24, 26)


def dressed(kind: str, worn: list[str], chance: random.Random) -> list[str]:
    """Fill in the hair and clothes that were not named."""
    out = list(worn)
    covered = {"hood", "spacesuit", "armour"} & set(out)
    if not covered and not any(w.startswith("hair") or w == "bald" for w in out):
        if kind in ("woman", "girl"):
            out.append(chance.choice(["hair_long", "hair_bun", "hair_tail", "hair_bob"]))
        elif kind == "old_woman":
            out.append("hair_bun")
        elif kind == "boy":
            out.append("hair_tousled")
        else:
            out.append(chance.choice(["hair_short", "hair_short", "hair_tousled"]))
    clothes = {"coat", "long_coat", "cloak", "dress", "skirt", "robe", "uniform", "spacesuit", "armour"}
    if kind in _FEMALE and not clothes & set(out):
        out.append("dress" if kind != "old_woman" else "skirt")
    return out


def draw_person(
    drawing: Drawing,
    stance: Stance,
    kind: str,
    pose: str,
    worn: list[str],
    carried: list[str],
    wind: float,
    seed: int,
) -> None:
    """Draw a person who stands in `stance`, back to front: legs, trunk, clothes, arms, head, what is carried."""
    has = set(worn).__contains__
    heavy = has("coat") or has("long_coat") or has("uniform")
    sleeve = (
        "suit" if has("spacesuit") else "coat" if heavy or has("armour") else "wide" if has("robe")
        else "bare" if has("dress") and kind != "old_woman" else "shirt"
    )  # fmt: skip
    pad = 2.2 if has("spacesuit") else 1.4 if heavy else 1.2 if has("armour") or has("robe") else 0.5
    dressed_long = has("dress") or has("skirt") or has("robe")
    legs = SUIT_LEG if has("spacesuit") else BARE_LEG if dressed_long or has("armour") else TROUSERS
    if pose in ("sitting_side", "reading"):
        with drawing.made_of("seat"):
            _draw_seat(drawing, stance)
    whole = has("spacesuit") or has("armour") or has("robe")
    with drawing.made_of("" if whole else "skin" if dressed_long else "legs"):
        for _, side in () if garments.hides_legs(stance) else stance.sides():
            draw_leg(drawing, stance, side, legs, 1.25 if has("spacesuit") else 1.08 if legs is TROUSERS else 0.92)
    if stance.pose.rest == "seat":
        with drawing.made_of("" if whole or dressed_long else "legs"):
            _draw_haunches(drawing, stance, pad, 1.75 if dressed_long else 1.42)
    draw_trunk(drawing, stance, pad)
    shoulder_yoke(drawing, stance, pad * 0.6)
    if has("long_coat") or has("coat") or has("uniform"):
        garments.draw_coat(drawing, stance, has("long_coat"), wind, seed)
    if has("dress"):
        garments.draw_skirt(drawing, stance, 0.72 if kind != "girl" else 0.52, 0.2, wind * 0.7, seed)
    if has("robe"):
        garments.draw_skirt(drawing, stance, 0.955, 0.085, wind * 0.4, seed, pad=1.6)
    if has("skirt"):
        garments.draw_skirt(drawing, stance, 0.9 if kind == "old_woman" else 0.62, 0.13, wind * 0.5, seed)
    if has("armour"):
        garments.draw_skirt(drawing, stance, 0.26, 0.12, 0.0, seed, pad=1.2)
        garments.draw_pauldrons(drawing, stance)
    if has("backpack") or has("spacesuit"):
        garments.draw_pack(drawing, stance, has("spacesuit"))
    held = set(carried)
    for sign, side in stance.sides():
        grips = bool(held) and (sign == -1 or pose in ("rowing", "carrying", "reading"))
        draw_arm(drawing, stance, side, sleeve, fist=grips, bare=not (has("spacesuit") or has("armour")))
    if has("dress") and not heavy:
        middle, half = garments.waist_point(stance)
        drawing.accent.append(
            rounded_box(middle[0] - half - 0.5, middle[1] - 1.5, middle[0] + half + 0.5, middle[1] + 1.5, 1.0)
        )
    if has("cloak"):
        garments.draw_cloak(drawing, stance, wind, seed)
    with drawing.made_of("skin"):
        frame = draw_head(drawing, stance)
    covered = bool({"hood", "uniform", *garments.HATS} & set(worn))
    for style in worn:
        if style in garments.HAIR:
            with drawing.made_of("hair"):
                garments.draw_hair(drawing, frame, style, wind, not covered)
        elif style in garments.HELMETS:
            garments.draw_helmet(drawing, frame, style)
    if has("beard"):
        with drawing.made_of("hair"):
            garments.draw_beard(drawing, frame)
    if heavy:
        garments.draw_collar(drawing, stance, frame)
    if has("hood"):
        garments.draw_hood(drawing, frame)
    if has("scarf"):
        garments.draw_scarf(drawing, stance, frame, wind, seed)
    if has("uniform") and not {"hat", "cap", "sailor_cap", "brimmed_hat", "crown"} & set(worn):
        garments.draw_hat(drawing, frame, "officer_cap")
    for style in worn:
        if style in garments.HATS:
            with drawing.made_of("hat"):
                garments.draw_hat(drawing, frame, style)
    palm = between(stance.page(stance.left.wrist), stance.page(stance.left.fingers), 0.5)
    other = between(stance.page(stance.right.wrist), stance.page(stance.right.fingers), 0.5)
    with drawing.made_of("seat"):
        for i, thing in enumerate(carried):
            draw_carried(drawing, stance, thing, palm if i % 2 == 0 else other, other if i % 2 == 0 else palm)


def _draw_haunches(drawing: Drawing, stance: Stance, pad: float, broad: float) -> None:
    """The breadth of somebody who sits on the ground, from the waist down."""
    b = stance.build
    x, y = stance.page(stance.pelvis)
    wx, wy = stance.page(stance.waist)
    waist = stance.half(b.waist, b.depth * 0.8) + pad
    half = stance.half(b.hip * broad, b.depth * 1.1) + pad
    low = y + b.leg * 1.25
    drawing.add(
        curve(
            [(wx - waist, wy), (x - half * 0.84, y - b.leg * 0.9), (x - half, y + b.leg * 0.3), (x - half * 0.96, low - b.leg * 0.3),
             (x - half * 0.8, low), (x + half * 0.8, low), (x + half * 0.96, low - b.leg * 0.3), (x + half, y + b.leg * 0.3),
             (x + half * 0.84, y - b.leg * 0.9), (wx + waist, wy)],
            {0, 9},
        )
    )  # fmt: skip


def _draw_seat(drawing: Drawing, stance: Stance) -> None:
    """A low stone to sit on, so that nobody sits on air."""
    x, y = stance.page(stance.pelvis)
    g = stance.build.leg
    top = y + g * 1.02
    drawing.add(
        tube(
            [(x - g * 1.2, top + g * 0.9), (x + g * 0.3, top + g * 0.6), (x + g * 2.2, top + g * 0.9)],
            [g * 0.8, g * 0.75, g * 0.7],
        )
    )
    drawing.add(rounded_box(x - g * 2.0, top + g * 0.4, x + g * 2.7, 0.0, g * 0.9))
