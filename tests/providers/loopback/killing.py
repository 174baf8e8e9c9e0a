"""Makes pictures in processes that are killed at random moments: two at a time, on one project, one with an old clock.

Run as a program of its own, so that nothing is forked from the tests' process:

    python -m loopback.killing CACHE SEED KILLS PICTURES
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

# Loaded before the first fork, so that each process starts in a moment.
import numpy  # noqa: F401
from PIL import Image  # noqa: F401

from storyreel.errors import ProviderError
from storyreel.media.steps import illustrate
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.services import bfl
from storyreel.providers.transport import buying, jobs
from storyreel.workers import fan_out

PAINTERS = ("bfl", "openai")
AT_ONCE = 3
A_DAY_S = 86_400.0


def hurry() -> None:
    """Short waits; what is waited for is the same."""
    buying.FIRST_WAIT_S = 0.01
    jobs.UNKNOWN_AT_FIRST_S = 0.2
    bfl.PICTURE_EVERY_S = 0.02


def requests(pictures: int) -> list[tuple[str, ImageRequest]]:
    return [
        (painter, ImageRequest(prompt=f"picture {number}", width_px=96, height_px=96, seed=number))
        for number in range(pictures)
        for painter in PAINTERS
    ]


def work(cache: Path, pictures: int, chance: random.Random) -> list[str]:
    """Make every picture that can be made; what went wrong with the others."""
    project = Project("film", cache)
    todo = requests(pictures)
    chance.shuffle(todo)

    def draw(one: tuple[str, ImageRequest]) -> str:
        painter, request = one
        try:
            illustrate(project, request, registry.provider("painter", painter))
        except ProviderError as error:
            return type(error).__name__
        return ""

    return [said for said in fan_out(draw, todo, at_once=AT_ONCE) if said]


def child(cache: Path, pictures: int, seed: int, clock_back_s: float) -> int:
    """Fork a process that works, with its clock set back."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        real: Any = time.time
        time.time = lambda: real() - clock_back_s  # type: ignore[assignment]
        work(cache, pictures, random.Random(seed))
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    cache, seed, kills, pictures = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    hurry()
    chance = random.Random(seed)
    killed = 0
    while killed < kills:
        processes = [child(cache, pictures, chance.randrange(10**6), back_s) for back_s in (0.0, A_DAY_S)]
        time.sleep(chance.uniform(0.05, 0.6))
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            killed += 1
    print(work(cache, pictures, chance))


if __name__ == "__main__":
    main()
