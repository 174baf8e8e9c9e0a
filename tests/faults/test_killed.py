"""A run that is killed loses nothing: resumed, it ends in the very same film, and makes nothing twice."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import pytest

MOMENTS, FILMS = 20, 4
FILM = ("The Glass Orchard", "--size", "192x108", "--fps", "10", "--quality", "draft", "--words", "34")
PROJECT = "the-glass-orchard"


def storyreel(cache: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "storyreel", *arguments, "--cache", str(cache)]


def decoded(film: Path) -> tuple[str, str]:
    """Digests of every decoded frame with its time, and of every decoded sample."""
    pictures, sound = hashlib.sha256(), hashlib.sha256()
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            pictures.update(f"{frame.pts}".encode() + frame.to_ndarray(format="yuv420p").tobytes())
    with av.open(str(film)) as container:
        for frame in container.decode(audio=0):
            sound.update(frame.to_ndarray().tobytes())
    return pictures.hexdigest(), sound.hexdigest()


def units_done(events: list[dict[str, Any]]) -> Counter[str]:
    """How many units of each step were reported finished."""
    done: Counter[str] = Counter()
    for event in events:
        if event["kind"] == "advanced":
            done[event["step"]] = max(done[event["step"]], event["done"])
    return done


def steps_done(events: list[dict[str, Any]]) -> float:
    """How many steps were reported finished, parts of steps included."""
    parts = [(event["step"], event["done"] / event["total"]) for event in events if event["kind"] == "advanced"]
    return sum(dict(sorted(parts)).values())


def events_of(cache: Path) -> list[dict[str, Any]]:
    import json

    path = cache / "projects" / PROJECT / "events.jsonl"
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith(b"}")]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, tuple[str, str]]:
    """How many steps the film is, and what is in it."""
    cache = tmp_path_factory.mktemp("whole")
    subprocess.run(storyreel(cache, "title", *FILM), check=True, capture_output=True, timeout=300)
    return steps_done(events_of(cache)), decoded(cache / "projects" / PROJECT / "film.mp4")


def killed(cache: Path, chance: random.Random, within: float) -> None:
    """Begin the film, or go on with it, and end the process with no warning at a moment that nobody chose.

    Args:
        within: how many more steps at the most are finished before that moment.
    """
    begun = (cache / "projects" / PROJECT / "project.json").exists()
    until = steps_done(events_of(cache)) + chance.uniform(0, within)
    process = subprocess.Popen(
        storyreel(cache, "resume", PROJECT) if begun else storyreel(cache, "title", *FILM),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while steps_done(events_of(cache)) < until and process.poll() is None:
        time.sleep(0.02)
    try:
        process.wait(timeout=chance.uniform(0, 1))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_killed_at_random_moments_and_resumed(uninterrupted: tuple[float, tuple[str, str]], tmp_path: Path) -> None:
    steps, whole = uninterrupted

    def kill_and_resume(film: int) -> set[str]:
        cache, chance = tmp_path / str(film), random.Random(film)
        reached: set[str] = set()
        for _ in range(MOMENTS // FILMS):
            killed(cache, chance, within=2 * steps * FILMS / MOMENTS)
            reached.add(
                max(units_done(events_of(cache)), default="nothing", key=list(units_done(events_of(cache))).index)
            )
        before = events_of(cache)
        done = subprocess.run(storyreel(cache, "resume", PROJECT), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"after {sorted(reached)}: {done.stderr}"
        assert decoded(cache / "projects" / PROJECT / "film.mp4") == whole, f"after {sorted(reached)}"
        resumed = [event for event in events_of(cache)[len(before) :] if event["kind"] == "advanced"]
        kept = Counter({event["step"]: event.get("remembered", 0) for event in resumed})
        for step, count in units_done(before).items():
            assert kept[step] >= count, f"{step}: {count} were finished, only {kept[step]} were kept"
        return reached

    with ThreadPoolExecutor(2) as pool:
        reached = set.union(*pool.map(kill_and_resume, range(FILMS)))
    assert len(reached) >= 3, f"the moments were not spread over the run: {reached}"


def test_ctrl_c_stops_in_order_and_the_same_command_goes_on(tmp_path: Path) -> None:
    command = storyreel(tmp_path, "title", *FILM)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for_event(tmp_path, "illustrate")
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "stopping after the work under way" in complaint
    assert "kept" in complaint
    assert "Traceback" not in complaint
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def test_ctrl_c_twice_stops_at_once_and_loses_nothing(
    uninterrupted: tuple[float, tuple[str, str]], tmp_path: Path
) -> None:
    command = storyreel(tmp_path, "title", *FILM)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for_event(tmp_path, "illustrate")
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    asked_s = time.monotonic()
    _, complaint = process.communicate(timeout=120)
    assert time.monotonic() - asked_s < 5
    assert process.returncode == 130
    assert "Traceback" not in complaint
    subprocess.run(storyreel(tmp_path, "resume", PROJECT), check=True, capture_output=True, timeout=300)
    assert decoded(tmp_path / "projects" / PROJECT / "film.mp4") == uninterrupted[1]


def test_a_second_window_follows_the_first_run_and_makes_nothing_twice(tmp_path: Path) -> None:
    first = subprocess.Popen(storyreel(tmp_path, "title", *FILM), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for_event(tmp_path, "write_story")
    second = subprocess.run(storyreel(tmp_path, "title", *FILM), capture_output=True, text=True, timeout=300)
    first.communicate(timeout=300)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "another run" in second.stderr
    runs = [index for index, event in enumerate(events_of(tmp_path)) if event["kind"] == "run"]
    assert len(runs) == 2
    for event in events_of(tmp_path)[runs[1] :]:
        if event["kind"] == "done":
            assert event.get("remembered", 0) == event.get("total"), event


def wait_for_event(cache: Path, step: str, *, timeout_s: float = 60) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not any(event["step"] == step for event in events_of(cache)):
        assert time.monotonic() < deadline_s, f"{step} never began"
        time.sleep(0.02)
