"""Where a frame of another shape lies in a picture, and how the camera follows what is seen in a video. Pure.

A video is followed as an operator would: the camera holds, then moves gently and holds again. Every move begins and
ends at rest (the ease "in_out"), so one after another they have no kink. Times and places of the moves are chosen
together, as the cheapest way through all looks: a face that leaves the frame is dear, so is something that stands out,
fast and many moves cost a little. Each move is a clip of its own, since a clip has one move; users can edit them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from storyreel.publish.shorts.looking import BINS, LOOKS_A_SECOND, Look, shots
from storyreel.render.people import Face
from storyreel.timeline.model import Motion, Rect

Size = tuple[int, int]

_PLACES = 33  # camera positions over a side
_FACE_MARGIN = 0.25  # of its width, kept free beside a face
_FACE_OUT, _FACE_OFF_CENTRE = 6.0, 0.25
_FACE_GAP_S = 1.2  # a face that is not found for so long is where it was between
_MOVE, _FAST = 1.2, 5.0  # cost of beginning a leg, and of its squared speed, in looks
_STEP, _LONGEST_STEPS = 3, 20  # a leg lasts whole multiples of 0.6 s, up to 12 s
_SMOOTH_S = 0.6
_PUSH_IN = 0.9
_EDGE = 0.7


@dataclass(frozen=True, slots=True)
class Leg:
    """A hold or a move of the camera over one side of a picture: centres are shares of the side, times in seconds."""

    start_s: float
    end_s: float
    start: float
    end: float


def window(picture: Size, frame: Size, height: float = 1.0) -> tuple[float, float]:
    """What share of a picture's width and of its height a frame shows, where its part is `height` of the largest."""
    scale = min(picture[0] / frame[0], picture[1] / frame[1]) * height
    return scale * frame[0] / picture[0], scale * frame[1] / picture[1]


def still_motion(look: Look, picture: Size, frame: Size, motion: Motion) -> Motion:
    """A move over a still that keeps what matters in view: closer or wider as the film has it.

    Args:
        look: at the picture.
        picture, frame: (width, height) in pixels.
        motion: the film's own move, whose closeness is kept; one without any becomes a gentle push in.
    """
    heights = motion.start.height, motion.end.height
    if abs(heights[0] - heights[1]) < 0.02:
        # A wide frame's closeness was chosen with room on both sides; a tall one has little.
        heights = (1.0, _PUSH_IN) if heights[0] > 0.9 else (heights[0], heights[0] * _PUSH_IN)
    start, end = (
        Rect(x=_still_centre(look, share[0], True), y=_still_centre(look, share[1], False), height=height)
        for height in heights
        for share in (window(picture, frame, height),)
    )
    return Motion(start=start, end=end, ease=motion.ease)


def faces_fit(look: Look, picture: Size, frame: Size) -> bool:
    """Whether all faces that matter (half the largest one's height or more) fit a frame together."""
    faces = _prominent(look.faces)
    if len(faces) < 2:
        return True
    wide, tall = window(picture, frame)
    across = max(face.x + face.width for face in faces) - min(face.x for face in faces)
    down = max(face.y + face.height for face in faces) - min(face.y for face in faces)
    return across <= wide and down <= tall


def follow(
    parts: Sequence[tuple[Sequence[Look], float]], picture: Size, frame: Size, height: float = 1.0
) -> list[list[Leg]]:
    """The camera's legs over the side of a video that a frame does not show whole, without a gap.

    Args:
        parts: of one run of videos that flow on into each other, in order: its looks, as `follow_video` gives them,
            and how long it plays, in seconds. The camera rests where a part ends.
        picture, frame: (width, height) in pixels.
        height: of the part that is shown, as in `Rect`.

    Returns:
        The legs of each part, their times from its own start.
    """
    wide, tall = window(picture, frame, height)
    across = wide <= tall
    share = wide if across else tall
    looks, begins = list[Look](), list[float]()
    at_s = 0.0
    for number, (seen, length_s) in enumerate(parts):
        begins.append(at_s)
        looks += [
            look.model_copy(update={"at_s": look.at_s + at_s, "cut": look.cut and (index > 0 or number == 0)})
            for index, look in enumerate(seen)
        ]
        at_s += length_s
    legs: list[Leg] = []
    found = shots(looks)
    for shot, following in zip(found, [*found[1:], ()], strict=True):
        times = [*(look.at_s for look in shot), following[0].at_s if following else at_s]
        rests = [index for index, time_s in enumerate(times) if time_s in begins]
        moves, spans = _cheapest_way(_costs(shot, share, across), _places(share), rests)
        legs += [
            Leg(times[first], times[after], start, end)
            for (start, end), (first, after) in zip(moves, spans, strict=True)
        ]
    ends = [*begins[1:], at_s]
    return [
        _joined(
            [
                replace(leg, start_s=leg.start_s - begin, end_s=leg.end_s - begin)
                for leg in legs
                if begin <= leg.start_s < end
            ]
        )
        for begin, end in zip(begins, ends, strict=True)
    ]


def _joined(legs: Sequence[Leg]) -> list[Leg]:
    """The legs, one hold after another at the same place being one."""
    joined: list[Leg] = []
    for leg in legs:
        if joined and joined[-1].start == joined[-1].end == leg.start == leg.end:
            joined[-1] = replace(joined[-1], end_s=leg.end_s)
        else:
            joined.append(leg)
    return joined


# ------------------------------------------------------------------------------------------------------------- stills


def _still_centre(look: Look, share: float, across: bool) -> float:
    """Where the middle of a window of `share` of a side lies best."""
    if share >= 0.999:
        return 0.5
    costs = _costs([look], share, across)[0]
    places = _places(share)
    best = np.flatnonzero(costs <= costs.min() + 1e-6)
    return round(float(places[best].mean()), 4)


def _prominent(faces: Sequence[Face]) -> list[Face]:
    tallest = max((face.height for face in faces), default=0.0)
    return [face for face in faces if face.height >= tallest / 2]


# --------------------------------------------------------------------------------------------------------- the cost


def _places(share: float) -> NDArray[np.float64]:
    """The centres that a window of `share` of a side may have."""
    return np.asarray(np.linspace(min(share, 1.0) / 2, 1 - min(share, 1.0) / 2, _PLACES), np.float64)


def _costs(looks: Sequence[Look], share: float, across: bool) -> NDArray[np.float64]:
    """What each camera place costs at each look, shape (looks, places)."""
    places = _places(share)
    shares = np.array([look.columns if across else look.rows for look in looks])
    shares = _smoothed(shares)
    # What lies in the middle of the window counts more than what lies at its edge.
    off_middle = ((np.arange(BINS) + 0.5) / BINS - places[:, None]) / (share / 2)
    inside = shares @ (np.clip(1 - _EDGE * np.square(off_middle), 0, 1) * (np.abs(off_middle) <= 1)).T
    spread = inside.max(axis=1, keepdims=True) - inside.min(axis=1, keepdims=True)
    costs = (inside.max(axis=1, keepdims=True) - inside) / np.maximum(spread, 0.08)
    for index, faces in enumerate(_tracked(looks)):
        if not faces:
            continue
        costs[index] *= 0.15  # where somebody is seen, the rest hardly matters
        whole = sum(face.width * face.height for face in faces)
        for face in faces:
            near, size = (face.x, face.width) if across else (face.y, face.height)
            weight = face.width * face.height / whole
            margin = min(_FACE_MARGIN * size, max(0.0, (share - size) / 2))
            out = np.maximum(places - share / 2 - (near - margin), 0) + np.maximum(
                near + size + margin - (places + share / 2), 0
            )
            off = np.abs(places - (near + size / 2)) / max(share / 2, 1e-6)
            costs[index] += weight * (
                _FACE_OUT * (out > 1e-6) + _FACE_OUT * out / max(size, 1e-6) + _FACE_OFF_CENTRE * np.square(off)
            )
    return np.asarray(costs, np.float64)


def _smoothed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """What stands out, over time: a flicker is nothing to follow."""
    reach = round(_SMOOTH_S * LOOKS_A_SECOND)
    if len(shares) < 2:
        return shares
    weights = np.exp(-np.square(np.arange(-2 * reach, 2 * reach + 1) / reach) / 2)
    padded = np.pad(shares, ((2 * reach, 2 * reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(weights), axis=0)
    return np.asarray(windows @ (weights / weights.sum()), np.float64)


def _tracked(looks: Sequence[Look]) -> list[list[Face]]:
    """The faces that matter at each look; one that is not found for a moment is where it was between."""
    faces = [_prominent(look.faces) for look in looks]
    reach = round(_FACE_GAP_S * LOOKS_A_SECOND)
    found = [index for index, some in enumerate(faces) if some]
    for before, after in pairwise(found):
        if 1 < after - before <= reach:
            one, other = faces[before][0], faces[after][0]
            for index in range(before + 1, after):
                e = (index - before) / (after - before)
                faces[index] = [
                    Face(
                        x=one.x + (other.x - one.x) * e,
                        y=one.y + (other.y - one.y) * e,
                        width=one.width + (other.width - one.width) * e,
                        height=one.height + (other.height - one.height) * e,
                    )
                ]
    return faces


# ------------------------------------------------------------------------------------------------------------ the way


@lru_cache(maxsize=64)
def _moves(looks: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Of every move between two places in `looks` looks: between which places it is at each, and how far; (p, q, k)."""
    p = np.arange(looks) / looks
    eased = p * p * (3 - 2 * p)
    start = np.arange(_PLACES)[:, None, None]
    end = np.arange(_PLACES)[None, :, None]
    way = start + (end - start) * eased
    low = np.minimum(way.astype(np.intp), _PLACES - 2)
    return low, way - low


def _cheapest_way(
    costs: NDArray[np.float64], places: NDArray[np.float64], rests: Sequence[int]
) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """The legs through a shot that cost least: ((from, to) of each, (first look, look after the last) of each).

    Args:
        costs: shape (looks, places).
        places: the camera's.
        rests: looks at which a leg has to end.
    """
    count = len(costs)
    held = sorted({0, count, *(rest for rest in rests if 0 < rest < count)})
    knots = [*(knot for begin, end in pairwise(held) for knot in range(begin, end, _STEP)), count]
    last_rest = [
        max((place for place, knot in enumerate(knots[:end]) if knot in held), default=0) for end in range(len(knots))
    ]
    best = np.full((len(knots), _PLACES), np.inf)
    best[0] = 0.0
    came: dict[tuple[int, int], tuple[int, int]] = {}
    apart = np.subtract.outer(places, places) / max(float(places[-1] - places[0]), 1e-6)
    for end in range(1, len(knots)):
        for start in range(max(last_rest[end], end - _LONGEST_STEPS), end):
            first, after = knots[start], knots[end]
            low, part = _moves(after - first)
            here = costs[first:after]
            rows = np.arange(after - first)
            met = (here[rows, low] * (1 - part) + here[rows, low + 1] * part).sum(axis=2)
            length_s = (after - first) / LOOKS_A_SECOND
            speed = np.square(apart) / length_s * _FAST
            total = best[start][:, None] + met + speed + _MOVE
            cheapest = total.argmin(axis=0)
            cost = total[cheapest, np.arange(_PLACES)]
            for to in map(int, np.flatnonzero(cost < best[end])):
                best[end][to] = cost[to]
                came[end, to] = start, int(cheapest[to])
    at, place = len(knots) - 1, int(best[-1].argmin())
    legs: list[tuple[float, float]] = []
    spans: list[tuple[int, int]] = []
    while at:
        start, before = came[at, place]
        legs.append((round(float(places[before]), 4), round(float(places[place]), 4)))
        spans.append((knots[start], knots[at]))
        at, place = start, before
    return legs[::-1], spans[::-1]
