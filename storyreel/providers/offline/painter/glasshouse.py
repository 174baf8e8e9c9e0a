"""A greenhouse: a gable of glass with its ribs, what grows behind the panes, and at night the light in it."""

from __future__ import annotations

from storyreel.providers.offline.painter.colour import mix
from storyreel.providers.offline.painter.stage import Lamp, Point, Stage, polygons


def glasshouse(stage: Stage, x: float, base: float, tall: float) -> None:
    """Stand one on the ground, its gable towards the viewer.

    Args:
        stage: the picture.
        x, base: the middle of its foot, in pixels.
        tall: from the foot to the ridge, in pixels.
    """
    h, w, scheme = stage.height, stage.width, stage.scheme
    rng = stage.rng("glasshouse")
    half, eaves, ridge = tall * 0.82, base - tall * 0.58, base - tall
    gable: list[Point] = [(x - half, base), (x - half, eaves), (x, ridge), (x + half, eaves), (x + half, base)]
    light = scheme.lamp if scheme.lamps_lit else mix(scheme.lower, (1.0, 1.0, 1.0), 0.35)
    stage.paint(polygons(h, w, [gable]), mix(light, scheme.lower, 0.25), 0.86)
    leaves = []
    for k in range(9):
        at = x + half * (k / 4 - 1) * 0.86
        top = base - tall * rng.uniform(0.22, 0.5)
        for _ in range(5):
            tip = (at + tall * rng.uniform(-0.14, 0.14), top + tall * rng.uniform(-0.06, 0.12))
            leaves.append([(at - tall * 0.012, base), tip, (at + tall * 0.03, base - tall * 0.08)])
    stage.paint(polygons(h, w, leaves), mix(scheme.near, (0.1, 0.3, 0.12), 0.35), 0.75)
    frame = mix(scheme.near, (1.0, 1.0, 1.0), 0.12 if scheme.lamps_lit else 0.3)
    thick = max(1.2, tall * 0.012)
    ribs = [_bar((x - half * k, eaves), (x - half * k, base), thick) for k in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    ribs += [_bar((x + s * half, eaves), (x, ridge), thick * 1.4) for s in (-1, 1)]
    ribs += [_bar((x + s * half * 0.5, eaves), (x + s * half * 0.5, (eaves + ridge) / 2), thick) for s in (-1, 1)]
    ribs += [_bar((x - half, row), (x + half, row), thick) for row in (eaves, (eaves + base) / 2, base - tall * 0.04)]
    ribs.append(_bar((x, ridge), (x, eaves), thick))
    for rib in ribs:
        stage.paint(polygons(h, w, [rib]), frame, 0.95)
    if scheme.lamps_lit:
        stage.lamps.append(Lamp(x, base - tall * 0.4, tall * 1.5, scheme.lamp, 0.55))


def _bar(a: Point, b: Point, thick: float) -> list[Point]:
    across = (thick, 0.0) if abs(a[0] - b[0]) < abs(a[1] - b[1]) else (0.0, thick)
    return [(a[0] - across[0], a[1] - across[1]), (b[0] - across[0], b[1] - across[1]),
            (b[0] + across[0], b[1] + across[1]), (a[0] + across[0], a[1] + across[1])]  # fmt: skip
