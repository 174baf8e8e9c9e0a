"""People on the stage: the look their text gives them, standing where the camera asks."""

from __future__ import annotations

from storyreel.providers.offline.painter.colour import Colour, mix, parse, shift
from storyreel.providers.offline.painter.shapes import body_colour, put
from storyreel.providers.offline.painter.spec import Look
from storyreel.providers.offline.painter.stage import Stage
from storyreel.providers.offline.silhouettes.figures import figure
from storyreel.providers.offline.silhouettes.model import Silhouette


def person(stage: Stage, look: Look, pose: str) -> Silhouette:
    """The silhouette of somebody in a pose, their clothes moved by the weather."""
    wind = 0.0
    if stage.spec.weather in ("wind", "storm"):
        wind = 0.55 if stage.rng("wind").random() < 0.5 else -0.55
    elif stage.spec.place not in ("room", "church", "corridor", "cave", "spaceship"):
        wind = 0.15
    return figure(look.kind, pose, look.wears, look.carries, look.seed, wind)


def colours(stage: Stage, look: Look, depth: float = 0.0) -> tuple[Colour, Colour]:
    """The garment's and the accent's colours in this light; the accent keeps more of its own."""
    coat = body_colour(stage, parse(look.coat), depth)
    coat = mix(coat, stage.scheme.near, 0.42 if stage.spec.framing in ("wide", "pov") else 0.58)
    accent = parse(look.accent)
    scheme = stage.scheme
    lamp = scheme.lit
    day = (
        accent[0] * (0.35 + 0.65 * lamp[0]),
        accent[1] * (0.35 + 0.65 * lamp[1]),
        accent[2] * (0.35 + 0.65 * lamp[2]),
    )
    keep = 0.5 + 0.5 * scheme.local
    if stage.spec.silhouette:
        keep *= 0.7
    return coat, mix(shift(mix(scheme.near, day, keep), chroma=1.1), scheme.haze, depth * 0.7)


def stand_person(
    stage: Stage, look: Look, x: float, base: float, tall_px: float, *, pose: str | None = None, flip: bool = False,
    depth: float = 0.0, shadow: float = 0.0, rim: float = 1.0, blur: float = 0.0, mirror: float = 0.0,
) -> None:  # fmt: skip
    """Stand somebody at (x, base); `tall_px` is a grown man's standing height there, whoever stands."""
    shape = person(stage, look, pose or stage.spec.pose)
    coat, accent = colours(stage, look, 0.0)
    put(
        stage, shape, x, base, tall_px / 100, colour=coat, accent=accent, depth=depth, flip=flip, shadow=shadow, rim=rim,
        blur=blur, mirror=mirror,
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
    for k in range(len(looks) - 1, -1, -1):
        offset = side * tall_px * (0.36 * ((k + 1) // 2)) * (1 if k % 2 else -1)
        pose = (
            stage.spec.pose
            if k == 0 or stage.spec.pose in ("walking_away", "walking_side", "running")
            else still[k % 2]
        )
        flip = side > 0 if pose not in still else False
        size = tall_px * (1.0 - 0.04 * k)
        stand_person(
            stage, looks[k], x + offset, base - tall_px * 0.02 * k, size, pose=pose, flip=bool(flip), shadow=shadow,
            depth=depth, mirror=mirror, rim=rim,
        )  # fmt: skip
