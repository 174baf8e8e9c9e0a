"""A film made on a cluster is the film made here; what is lost on the way costs what it was doing and no more."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import storyreel
from storyreel.cli import app
from storyreel.errors import Cancelled
from storyreel.progress import Event, Progress
from storyreel.render import piece


def _not_here(*args: object, **kwargs: object) -> bytes:
    raise AssertionError("a piece was drawn by the client")


def test_a_worker_killed_in_mid_film_costs_its_task_only_and_the_film_is_the_one_made_here(
    client: Any, made_here: Any, small_film: Any, half_made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = list(client.run(os.getpid).values())
    killed: list[int] = []

    def kill_one(event: Event) -> None:
        if event.step == "render" and event.kind == "advanced" and not killed:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    monkeypatch.setattr(piece, "drawn", _not_here)
    progress = Progress()
    progress.listen(kill_one)
    with storyreel.on_cluster(client):
        there = small_film(half_made, progress)
    assert killed
    assert there.content == made_here.content
    assert there.finished_steps == made_here.finished_steps
    assert not [event for event in there.events if event.kind in ("failed", "stopped")]


def test_a_film_stopped_on_a_cluster_goes_on_anywhere_from_what_it_had(
    client: Any, made_here: Any, small_film: Any, half_made: Path
) -> None:
    progress = Progress()

    def stop_at_a_new_picture(event: Event) -> None:
        if event.kind == "advanced" and event.step == "illustrate" and event.done > event.remembered:
            progress.cancel()

    progress.listen(stop_at_a_new_picture)
    with storyreel.on_cluster(client), pytest.raises(Cancelled):
        small_film(half_made, progress)
    after = small_film(half_made)
    pictures = next(event for event in after.events if event.kind == "done" and event.step == "illustrate")
    assert pictures.total
    assert pictures.total - 3 < pictures.remembered
    assert after.content == made_here.content


def test_the_command_line_takes_the_address_of_a_scheduler(
    cluster: Any, client: Any, made_here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made_here.film.project.cache, tmp_path / "cache")
    monkeypatch.setattr(piece, "drawn", _not_here)
    given = [
        "the-last-lighthouse",
        "--preview",
        "--dask",
        cluster.scheduler_address,
        "--cache",
        str(tmp_path / "cache"),
    ]
    done = CliRunner().invoke(app, ["render", *given])
    assert done.exit_code == 0, (done.output, done.exception)
    assert (tmp_path / "cache/projects/the-last-lighthouse/preview.mp4").is_file()


@pytest.mark.parametrize("command", [
    ["title", "The Last Lighthouse"], ["script", "--genre", "comedy"], ["flow", "a lamp"], ["audio", "talk.ogg"],
    ["resume", "x"], ["render", "x"], ["edit", "x", "edits.json"],
], ids=lambda command: command[0])  # fmt: skip
def test_every_way_in_says_when_no_scheduler_answers(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask = pytest.importorskip("storyreel.cluster.dask")
    monkeypatch.setattr(dask, "CONNECT_WITHIN_S", 0.2)
    shutil.copy(Path(__file__).parents[1] / "recordings/harbour.ogg", tmp_path / "talk.ogg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STORYREEL_DASK", "tcp://127.0.0.1:9")
    done = CliRunner().invoke(app, command)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in str(done.exception)
    assert getattr(done.exception, "exit_code", 0) == 2
