"""The offline predictor: where a shot will have come to, painted.

A picture by the offline painter tells what it was painted from; the picture ahead is the same place with the same
people, seen from where the camera will be, the people as far through their stride, the light drifted on. What the
prompt says happens next may turn the light and the weather. A picture by somebody else is moved in on: nothing is known
of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from storyreel.errors import ProviderRefused
from storyreel.providers.contracts import Prediction, PredictionRequest

if TYPE_CHECKING:
    from storyreel.providers.offline.travel.path import Standpoint
    from storyreel.providers.offline.travel.pictures import Pixels
    from storyreel.providers.offline.travel.sight import Sight
    from storyreel.providers.offline.travel.world import World

_NAME = "offline predictor"
_WAYS = 12
_EDGE, _TOP, _BOTTOM = 0.28, 0.2, 0.7
_PUSH = 0.05  # how much closer in five seconds a picture by somebody else is moved in on


@dataclass(frozen=True, slots=True)
class OfflinePredictor:
    """A `Predictor` that needs no key and no network; the same request gives the same picture."""

    travels: ClassVar[bool] = True

    @property
    def identity(self) -> str:
        """Vendor, model and options."""
        return "offline/predictor/1"

    def predict(self, request: PredictionRequest) -> Prediction:
        """The picture ahead, PNG.

        Raises:
            ProviderRefused: the picture cannot be read, or `ahead_s` is not above 0 or over a minute.
        """
        from storyreel.providers.offline.travel.path import next_standpoint
        from storyreel.providers.offline.travel.pictures import decoded, encoded, fitted
        from storyreel.providers.offline.travel.sight import with_sight
        from storyreel.providers.offline.travel.world import world_of

        if not 0.0 < request.ahead_s <= 60.0:
            raise ProviderRefused(_NAME, f"a picture {request.ahead_s} s ahead cannot be seen: ask for up to 60 s")
        now = decoded(request.frame, _NAME)
        sight = _sight(request, now)
        if sight is None:
            return Prediction(
                encoded(fitted(_moved_in(now, request), request.width_px, request.height_px)), request.scene
            )
        note = _told(request.prompt, sight.world.prompt)
        notes = (*sight.notes, note) if note and note not in sight.notes else sight.notes
        ahead = sight.model_copy(update={"notes": notes})
        world = world_of(ahead)
        ways = [
            next_standpoint(sight.standpoint, request.ahead_s, seed, note or request.prompt)
            for seed in range(request.seed, request.seed + _WAYS)
        ]
        # A way on which whom the shot is about stays in sight, if one is open.
        # A way on which whom the shot is about stays in sight, if one is open; the camera turns to them on any.
        ways = [_turned_to(world, sight.standpoint, way) for way in ways]
        now_at = world.foot(sight.standpoint)
        standpoint = next((way for way in ways if _keeps_sight(now_at, world.foot(way))), ways[0])
        ahead = ahead.model_copy(update={"standpoint": standpoint})
        pixels = world.view(standpoint, request.width_px, request.height_px)
        return Prediction(with_sight(encoded(pixels), ahead), request.scene)


def _turned_to(world: World, now: Standpoint, then: Standpoint) -> Standpoint:
    """A standpoint from which somebody whose head would be near the frame's edge is farther from it."""
    from math import exp

    from storyreel.providers.offline.travel.path import turned

    head = world.head(then)
    if head is None:
        return then
    across, down = head[0] - min(max(head[0], _EDGE), 1 - _EDGE), head[1] - min(max(head[1], _TOP), _BOTTOM)
    return turned(now, then, across / exp(then.closer), down / exp(then.closer)) if across or down else then


def _keeps_sight(now: tuple[float, float] | None, then: tuple[float, float] | None) -> bool:
    """Whether somebody stays in the frame, and on their feet if these are seen now."""
    if now is None or then is None:
        return True
    return 0.12 < then[0] < 0.88 and (then[1] < 0.97 or now[1] >= 0.97)


def _sight(request: PredictionRequest, now: Pixels) -> Sight | None:
    """What the picture shows: as it tells itself, or as the request has it where that gives this very picture."""
    from storyreel.providers.contracts import ImageRequest
    from storyreel.providers.offline.travel.pictures import alike
    from storyreel.providers.offline.travel.sight import Sight, sight_of
    from storyreel.providers.offline.travel.world import world_of

    told = sight_of(request.frame)
    if told is not None:
        return told
    height, width = now.shape[:2]
    if min(width, height) < 128 or max(width, height) > 8192:
        return None
    world = ImageRequest(
        prompt=request.prompt, width_px=width, height_px=height, seed=request.seed, scene=request.scene
    )
    guess = Sight(world=world)
    return guess if alike(world_of(guess).view(guess.standpoint, width, height), now) else None


def _told(prompt: str, first: str) -> str:
    """What a prompt says beyond the words the shot began with."""
    if prompt.startswith(first):
        return prompt[len(first) :].strip(" .,;:\n")
    return prompt.strip()


def _moved_in(now: Pixels, request: PredictionRequest) -> Pixels:
    import random

    import cv2
    import numpy as np

    from storyreel.providers.offline.travel.path import move_asked

    height, width = now.shape[:2]
    asked = move_asked(request.prompt)
    chance = random.Random(request.seed)
    share = request.ahead_s / 5.0
    scale = 1 + _PUSH * share * (-0.0 if asked == "out" else 1.0)
    side = {"left": -1.0, "right": 1.0}.get(asked or "", chance.uniform(-0.6, 0.6))
    lift = {"up": -1.0, "down": 1.0}.get(asked or "", chance.uniform(-0.3, 0.3))
    room = (scale - 1) / scale / 2
    x, y = width * (0.5 + side * room), height * (0.5 + lift * room)
    move = np.array([[scale, 0, width / 2 - x * scale], [0, scale, height / 2 - y * scale]], np.float32)
    moved = cv2.warpAffine(now, move, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(moved, np.uint8)
