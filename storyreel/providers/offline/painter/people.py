"""People on the stage: the look their text gives them, standing where the camera asks."""

from __future__ import annotations

import numpy as np

from storyreel.providers.offline.painter.colour import Colour, mix, parse, shift
from storyreel.providers.offline.painter.shapes import put
from storyreel.providers.offline.painter.spec import INDOORS, Look, ViewName
from storyreel.providers.offline.painter.stage import Stage
from storyreel.providers.offline.silhouettes import Silhouette, bust, figure

_CLOSED = INDOORS | {"cave"}


def person(stage: Stage, look: Look, pose: str) -> Silhouette:
    """The silhouette of somebody in a pose, their clothes moved by the weather."""
    return figure(look.kind, pose, look.wears, look.carries, look.seed, _wind(stage), stage.phase)


def _wind(stage: Stage) -> float:
    flutter = float(np.sin(2 * np.pi * stage.phase))
    if stage.spec.weather in ("wind", "storm"):
        return (0.55 if stage.rng("wind").random() < 0.5 else -0.55) * (1 + 0.3 * flutter)
    return 0.0 if stage.spec.place in _CLOSED else 0.15 + 0.1 * flutter


def colours(stage: Stage, look: Look, depth: float = 0.0) -> tuple[Colour, Colour]:
    """The garment's and the accent's colours in this light; the accent keeps more of its own."""
    scheme, closed = stage.scheme, stage.spec.place in _CLOSED

    def by_day(own: Colour) -> Colour:
        return (
            own[0] * (0.35 + 0.65 * scheme.lit[0]),
            own[1] * (0.35 + 0.65 * scheme.lit[1]),
            own[2] * (0.35 + 0.65 * scheme.lit[2]),
        )

    keep = 0.5 + 0.5 * scheme.local
    if stage.spec.silhouette and not closed:
        keep *= 0.6
    if stage.spec.place == "space":
        # Out there the sun falls on them bare.
        keep = max(keep, 0.95)
    # Coats are large and stay dark enough to stand out; the small bright things keep their colour.
    share = keep * (0.68 if stage.spec.framing in ("wide", "pov") else 0.58) * (0.85 if closed else 1.0)
    dark = mix(scheme.near, (0.05, 0.045, 0.045), 0.6) if closed else scheme.near
    coat = mix(mix(dark, by_day(parse(look.coat)), share), scheme.haze, depth)
    day = by_day(parse(look.accent))
    return coat, mix(shift(mix(scheme.near, day, keep), chroma=1.1), scheme.haze, depth * 0.7)


def tints(stage: Stage, look: Look) -> dict[str, Colour]:
    """The colours of skin, hair, trousers and hat in this light: dark, as all near shapes are, but not one colour."""
    scheme, closed = stage.scheme, stage.spec.place in _CLOSED
    near = stage.spec.framing in ("medium", "close", "shoulder")
    keep = (
        (0.4 + 0.6 * scheme.local)
        * (0.72 if near else 0.8)
        * (0.5 if stage.spec.silhouette else 1.0)
        * (0.9 if closed else 1.0)
    )
    dark = mix(scheme.near, (0.05, 0.045, 0.045), 0.6) if closed else scheme.near

    def own(code: str, share: float) -> Colour:
        colour = parse(code)
        day = tuple(c * (0.35 + 0.65 * light) for c, light in zip(colour, scheme.lit, strict=True))
        return mix(dark, (day[0], day[1], day[2]), share)

    return {
        "skin": own(look.skin, keep * 0.85), "hair": own(look.hair, keep * 0.9), "legs": own(look.legs, keep * 0.8),
        "hat": own(look.hat, keep * 0.85), "shade": mix(own(look.skin, keep * 0.85), dark, 0.62), "seat": mix(dark, scheme.shade, 0.16),
    }  # fmt: skip


def near_head(
    stage: Stage, look: Look, x: float, base: float, tall_px: float, view: ViewName, *, flip: bool = False, blur: float = 0.0
) -> None:  # fmt: skip
    """Somebody's head and shoulders, `tall_px` high and cut off at `base`, from behind or in profile."""
    if stage.apart is not None:
        stage.apart.append(lambda later: near_head(later, look, x, base, tall_px, view, flip=flip, blur=blur))
        stage.standing = stage.standing or (x, base)
        return
    shape = bust(look.kind, look.wears, look.seed, view, _wind(stage))
    coat, accent = colours(stage, look)
    put(
        stage, shape, x, base, tall_px / 100, colour=coat, accent=accent, flip=flip, rim=1.2, blur=blur, volume=0.55, stand_out=0.7,
        tints=tints(stage, look),
    )  # fmt: skip


def stand_person(
    stage: Stage, look: Look, x: float, base: float, tall_px: float, *, pose: str | None = None, flip: bool = False,
    depth: float = 0.0, shadow: float = 0.0, rim: float = 1.0, blur: float = 0.0, mirror: float = 0.0,
) -> None:  # fmt: skip
    """Stand somebody at (x, base); `tall_px` is a grown man's standing height there, whoever stands."""
    if stage.apart is not None:
        stage.apart.append(
            lambda later: stand_person(
                later, look, x, base, tall_px, pose=pose, flip=flip, depth=depth, shadow=shadow, rim=rim, blur=blur,
                mirror=mirror,
            )
        )  # fmt: skip
        stage.standing = x, base  # the last to be drawn is the first of the cast
        return
    shape = person(stage, look, pose or stage.spec.pose)
    coat, accent = colours(stage, look, 0.0)
    put(
        stage, shape, x, base, tall_px / 100, colour=coat, accent=accent, depth=depth, flip=flip, shadow=shadow, rim=rim,
        blur=blur, mirror=mirror, stand_out=1.0, tints=tints(stage, look), volume=0.3 if tall_px > stage.unit * 40 else 0.0,
    )  # fmt: skip


def group(
    stage: Stage,
    x: float,
    base: float,
    tall_px: float,
    *,
    shadow: float = 0.0,
    depth: float = 0.0,
    mirror: float = 0.0,
    rim: float = 1.0,
) -> None:
    """Everybody of the picture, the first at (x, base), the others beside and a little behind."""
    rng = stage.rng("group")
    looks = stage.spec.figures[:5]
    side = float(rng.choice([-1, 1]))
    still = ("standing_back", "walking_away")
    together = stage.spec.pose in ("walking_away", "walking_side", "running")
    facing = stage.spec.view == "side" and not together
    # Whoever is seen from the side looks to the right unless flipped: two face each other, one looks into the picture.
    first_flip = side < 0 if facing and len(looks) > 1 else x > stage.width / 2
    for k in range(len(looks) - 1, -1, -1):
        offset = side * tall_px * (0.36 * ((k + 1) // 2)) * (1 if k % 2 else -1)
        pose = stage.spec.pose if k == 0 or together else ("standing_side" if facing else still[k % 2])
        flip = pose not in still and (first_flip if k == 0 or together else offset > 0)
        size = tall_px * (1.0 - 0.04 * k)
        stand_person(
            stage, looks[k], x + offset, base - tall_px * 0.02 * k, size, pose=pose, flip=flip, shadow=shadow,
            depth=depth, mirror=mirror, rim=rim,
        )  # fmt: skip
