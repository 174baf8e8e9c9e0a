"""Makes films in processes that are killed at random moments: two at a time on the same ones, one with an old clock.

Run as a program of its own, so that nothing is forked from the tests' process:

    python -m loopback.killing_films CACHE title|script|flow|audio SEED KILLS FILMS
    python -m loopback.killing_films CACHE title|script|flow|audio again|ask-again 0 FILMS

The last line tells, as JSON, how each film ended: "" for a finished one, else the error's class and words.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Loaded before the first fork, so that each process starts in a moment.
import av  # noqa: F401
import numpy as np
import scipy.signal  # noqa: F401
from PIL import Image  # noqa: F401

from loopback.killing import A_DAY_S, hurry
from storyreel.clock import Rate
from storyreel.errors import ProviderError
from storyreel.media.sound import write_flac
from storyreel.providers.services import runway
from storyreel.recipes import audio_film, continuous_flow, script_film, title_film
from storyreel.recipes.resume import resume
from storyreel.settings import Settings

LONGEST_WAIT_S = 120.0
TINY = Settings(width_px=128, height_px=72, rate=Rate(num=10), quality="draft", captions="none")
PLAY = """INT. BARN {number} - NIGHT

Ada waits by the wall of barn {number}.

EXT. SHORE {number} - DAY

Ben lights a lamp.
"""


def make(way: str, cache: Path, number: int) -> None:
    if way == "title":
        title_film.title_film(
            f"Film {number}", words=30, writer="groq", prompter="writer", images="bfl:flux-2-pro", voice="none",
            settings=TINY, cache=cache, agreed=True,
        )  # fmt: skip
    elif way == "script":
        script_film.script_film(
            text=PLAY.format(number=number), title=f"Film {number}", images="bfl:flux-2-pro", animator="runway",
            voice="none", effects="none", settings=TINY, cache=cache, agreed=True,
        )  # fmt: skip
    elif way == "flow":
        continuous_flow.continuous_flow(
            f"Film {number}", seconds=10, images="bfl:flux-2-pro", predictor="openai", animator="runway",
            settings=TINY, cache=cache, agreed=True,
        )  # fmt: skip
    else:
        audio_film.audio_film(
            recording(cache, number), listener="groq", writer="groq", images="bfl:flux-2-pro", settings=TINY,
            cache=cache, agreed=True,
        )  # fmt: skip


def recording(cache: Path, number: int) -> Path:
    """Fourteen seconds of a hum that comes and goes, each film's at another pitch."""
    path = cache.parent / f"film-{number}.flac"
    if not path.exists():
        at = np.arange(14 * 16_000) / 16_000
        samples = 0.2 * np.sin(2 * np.pi * (150 + 10 * number) * at) * (np.sin(2 * np.pi * 2 * at) > -0.5)
        path.write_bytes(write_flac(samples.astype(np.float32), 16_000))
    return path


def work(way: str, cache: Path, films: list[int], *, ask_again: bool = False) -> Mapping[str, str]:
    """Make every film that can be made; how each ended."""
    said: dict[str, str] = {}
    for number in films:
        try:
            if ask_again:
                resume(f"film-{number}", cache=cache, agreed=True, ask_again=True)
            else:
                make(way, cache, number)
        except ProviderError as error:
            said[f"film-{number}"] = f"{type(error).__name__}: {error}"
        else:
            said[f"film-{number}"] = ""
    return said


def child(way: str, cache: Path, films: int, seed: int, clock_back_s: float) -> int:
    """Fork a process that works, with its clock set back."""
    process = os.fork()
    if process:
        return process
    try:
        real: Any = time.time
        time.time = lambda: real() - clock_back_s  # type: ignore[assignment]
        chance, order = random.Random(seed), list(range(films))
        while True:
            chance.shuffle(order)
            work(way, cache, order)
            went_through(cache, os.getpid()).touch()
            time.sleep(0.02)
    finally:
        os._exit(1)


def went_through(cache: Path, process: int) -> Path:
    """What is there once a process has tried every film."""
    return cache.parent / f"tried-{process}"


def wait_for_paid_work(cache: Path, processes: list[int], lines: int) -> None:
    """Until the ledgers have so many new lines, so that kills fall anywhere in paid work, however slow the machine is;
    or until there is nothing more to do."""

    def written() -> int:
        return sum(path.read_bytes().count(b"\n") for path in cache.glob("projects/*/ledger.jsonl"))

    enough, until_s = written() + lines, time.monotonic() + LONGEST_WAIT_S
    while written() < enough and time.monotonic() < until_s:
        if all(went_through(cache, process).exists() for process in processes):
            return
        time.sleep(0.02)


def main() -> None:
    cache, way, seed = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    kills, films = int(sys.argv[4]), int(sys.argv[5])
    hurry()
    runway.EVERY_S = 0.02
    if way == "audio":
        for number in range(films):
            recording(cache, number)
    if kills:
        chance = random.Random(int(seed))
        for _ in range(0, kills, 2):
            seeds = [chance.randrange(10**6) for _ in range(2)]
            processes = [
                child(way, cache, films, each, back_s) for each, back_s in zip(seeds, (0.0, A_DAY_S), strict=True)
            ]
            wait_for_paid_work(cache, processes, lines=chance.randrange(1, 24))
            time.sleep(chance.uniform(0.0, 0.1))
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
        return
    print(json.dumps(work(way, cache, list(range(films)), ask_again=seed == "ask-again")))


if __name__ == "__main__":
    main()
