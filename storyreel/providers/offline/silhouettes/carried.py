"""What a figure holds, drawn at its hand."""

from __future__ import annotations

import math

from storyreel.providers.offline.silhouettes.drawing import (
    Drawing,
    between,
    ellipse,
    line,
    polygon,
    ring,
    rounded_box,
    smooth,
    tube,
)
from storyreel.providers.offline.silhouettes.model import Point
from storyreel.providers.offline.silhouettes.skeleton import Stance


def lantern_on_ring(name: str = "lantern", size: float = 1.0) -> Drawing:
    """A storm lantern hanging from the origin, 17 units tall at size 1."""
    d = Drawing(name)
    d.add(*[c.moved(0, 2.2) for c in ring(0, 0, 2.4, 0.55)])
    d.add(smooth("-1.4,4! 1.4,4! 3.6,6.4! -3.6,6.4!"), rounded_box(-3.5, 6.2, 3.5, 7.2, 0.4))
    d.add(smooth("-3.1,7! 3.1,7! 2.9,14.2! -2.9,14.2!"), rounded_box(-3.9, 13.8, 3.9, 15.4, 0.5))
    d.add(line((-3.3, 6.5), (-3.5, 14.5), 0.6), line((3.3, 6.5), (3.5, 14.5), 0.6))
    d.open(smooth("-2.3,7.7! -0.35,7.7! -0.35,13.5! -2.2,13.5!"), smooth("2.3,7.7! 0.35,7.7! 0.35,13.5! 2.2,13.5!"))
    d.shine(0, 10.8, 5.5)
    d.mapped(lambda p: (p[0] * size, p[1] * size), size)
    return d


def draw_carried(drawing: Drawing, stance: Stance, thing: str, hand: Point, far_hand: Point) -> None:
    """Add a carried thing at the hand that holds it; two-handed things lie between both hands."""
    x, y = hand
    ahead = 1.0 if stance.ahead(1.0) >= 0 else -1.0
    both = ((hand[0] + far_hand[0]) / 2, (hand[1] + far_hand[1]) / 2)
    ground = 0.0
    if thing == "lantern":
        drawing.include(lantern_on_ring(), x, y + 0.6)
    elif thing == "staff":
        foot = (x + 3.0 * ahead, ground)
        top = (x - 1.0 * ahead, min(y - 46, -stance.build.height * 1.12))
        drawing.add(tube([foot, (x, y), ((x + top[0]) / 2 + 0.5, (y + top[1]) / 2), top], [0.75, 0.85, 0.95, 1.25]))
    elif thing == "cane":
        drawing.add(tube([(x + 2.5 * ahead, ground), (x + 0.4 * ahead, y + 1)], [0.7, 0.8]))
        drawing.add(
            tube(
                [
                    (x - 3.0 * ahead, y + 1.2),
                    (x - 1.4 * ahead, y - 0.9),
                    (x + 0.4 * ahead, y - 0.4),
                    (x + 0.6 * ahead, y + 2),
                ],
                [0.7, 0.85, 0.85, 0.8],
            )
        )
    elif thing == "book":
        drawing.add(
            polygon(
                [
                    (both[0] - 1 * ahead, both[1] + 1.5),
                    (both[0] + 7 * ahead, both[1] - 4),
                    (both[0] + 9.5 * ahead, both[1] - 13),
                    (both[0] + 1.0 * ahead, both[1] - 7),
                ]
            )
        )
        drawing.mark(
            polygon(
                [
                    (both[0] + 0.2 * ahead, both[1]),
                    (both[0] + 7 * ahead, both[1] - 4.6),
                    (both[0] + 9.1 * ahead, both[1] - 12),
                    (both[0] + 1.6 * ahead, both[1] - 6.8),
                ]
            )
        )
    elif thing == "letter":
        drawing.colour(
            polygon([(x - 2.5, y - 4), (x + 6 * ahead, y - 9), (x + 8.5 * ahead, y - 2), (x + 0.5 * ahead, y + 3)])
        )
    elif thing == "suitcase":
        drawing.add(
            *[c.moved(x, y + 2.2) for c in ring(0, 0, 2.6, 0.8)], rounded_box(x - 10, y + 3.6, x + 10, y + 18, 1.6)
        )
        drawing.mark(line((x - 6, y + 3.8), (x - 6, y + 17.8), 0.9), line((x + 6, y + 3.8), (x + 6, y + 17.8), 0.9))
    elif thing == "bag":
        drawing.add(
            tube([(x, y), (x - 1.6, y + 6), (x - 4, y + 9)], [0.6, 0.6, 0.6]),
            tube([(x, y), (x + 1.6, y + 6), (x + 4, y + 9)], [0.6, 0.6, 0.6]),
        )
        drawing.add(
            smooth(
                f"{x - 5},{y + 8} {x},{y + 7.2} {x + 5},{y + 8} {x + 7},{y + 13} {x + 5.5},{y + 17.5} {x},{y + 18.4} {x - 5.5},{y + 17.5} {x - 7},{y + 13}"
            )
        )
    elif thing == "basket":
        drawing.add(*[c.moved(x, y + 6.6) for c in ring(0, 0, 7.2, 0.9)])
        drawing.add(
            smooth(
                f"{x - 8.5},{y + 7.5}! {x},{y + 8.6} {x + 8.5},{y + 7.5}! {x + 7.6},{y + 13} {x + 5.4},{y + 16.6}! {x - 5.4},{y + 16.6}! {x - 7.6},{y + 13}"
            )
        )
        drawing.colour(ellipse(x - 3, y + 7.3, 2.6, 2.2), ellipse(x + 2.6, y + 7.2, 2.9, 2.4))
    elif thing == "rope":
        for i in range(3):
            drawing.add(*[c.scaled(0.72, 1).moved(x + i * 0.9 - 0.9, y + 6.4 + i * 0.7) for c in ring(0, 0, 7, 1.0)])
    elif thing == "umbrella":
        tip_y = -stance.build.height * 1.3
        lean = 2.5 * ahead
        drawing.add(tube([(x, y + 5), (x + lean * 0.3, y), (x + lean, tip_y)], [0.55, 0.6, 0.5]))
        ux, uy = x + lean - 2 * ahead, tip_y + 3
        drawing.colour(
            smooth(
                f"{ux},{uy - 1} {ux + 17},{uy + 4} {ux + 29},{uy + 18}! {ux + 23},{uy + 14.5} {ux + 16},{uy + 17}! {ux + 8},{uy + 13.5} {ux},{uy + 16.4}! {ux - 8},{uy + 13.5} {ux - 16},{uy + 17}! {ux - 23},{uy + 14.5} {ux - 29},{uy + 18}! {ux - 17},{uy + 4}"
            )
        )
        drawing.add(line((ux, uy), (ux + 0.4, uy - 5), 1.0, 0.5))
    elif thing == "sword":
        tip = (x + 13 * ahead, min(y + 42, -1.5))
        drawing.add(
            tube([(x - 2.2 * ahead, y - 6), (x, y), (x + 1.2 * ahead, y + 3.4)], [0.9, 0.75, 0.75]),
            ellipse(x - 2.4 * ahead, y - 6.6, 1.3),
        )
        drawing.add(line((x - 3.4 * ahead, y + 4.6), (x + 5.8 * ahead, y + 2.2), 1.3))
        drawing.add(
            polygon(
                [
                    (x + 0.1 * ahead, y + 3.6),
                    (x + 2.6 * ahead, y + 2.9),
                    (tip[0] + 0.5 * ahead, tip[1] - 2),
                    tip,
                    (tip[0] - 1.0 * ahead, tip[1] - 2),
                ]
            )
        )
    elif thing == "telescope":
        eye = stance.page(stance.head)
        start = (eye[0] + stance.build.head * 0.46 * ahead, eye[1] - 0.4)
        length = math.dist(start, (x, y - 1.5))
        end = between(start, (x, y - 1.5), 25 / max(length, 1.0))
        drawing.add(
            line(start, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), 2.2, 2.6),
            line(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), end, 3.3, 3.8),
        )
    elif thing == "flower":
        drawing.add(tube([(x, y + 4), (x + 0.6 * ahead, y - 3), (x + 2.4 * ahead, y - 10)], [0.4, 0.4, 0.35]))
        for dx, dy in ((0, -1.9), (1.8, -0.6), (1.1, 1.5), (-1.1, 1.5), (-1.8, -0.6)):
            drawing.colour(ellipse(x + 2.6 * ahead + dx, y - 11.5 + dy, 1.5))
    elif thing == "crate":
        cx, cy = both[0] + 5 * ahead, both[1] - 5.5
        drawing.add(polygon([(cx - 11, cy - 9), (cx + 11, cy - 9), (cx + 11, cy + 8), (cx - 11, cy + 8)]))
        drawing.mark(
            line((cx - 11, cy - 3.4), (cx + 11, cy - 3.4), 0.7), line((cx - 11, cy + 2.4), (cx + 11, cy + 2.4), 0.7)
        )
    elif thing == "oar":
        drawing.add(
            tube(
                [(both[0] - 13, both[1] - 3), both, (both[0] + 20, both[1] + 5), (both[0] + 52, both[1] + 16)],
                [0.9, 0.95, 0.95, 0.9],
            )
        )
        drawing.add(
            tube(
                [(both[0] + 50, both[1] + 15.4), (both[0] + 60, both[1] + 19), (both[0] + 72, both[1] + 23)],
                [0.9, 2.9, 2.5],
            )
        )
