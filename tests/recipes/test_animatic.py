"""A title film can be played before it is made, and its animatic never stands in the way of what is finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.clock import Rate
from storyreel.errors import Cancelled
from storyreel.progress import Event, Progress
from storyreel.recipes import title_film
from storyreel.recipes._animatic import Animatic
from storyreel.recipes._finish import read_timeline
from storyreel.settings import Settings
from storyreel.timeline.model import Timeline

SMALL = Settings(width_px=128, height_px=128, rate=Rate(num=10), quality="draft")


def begin(cache: Path, progress: Progress) -> title_film.TitleFilm:
    return title_film.begin("The Lamp", words=160, voice="none", settings=SMALL, cache=cache, progress=progress)


def stopped_at(step: str, done: int, cache: Path) -> title_film.TitleFilm:
    """A film whose making was stopped when a step had so much done."""
    progress = Progress()

    def stop(event: Event) -> None:
        if event.kind == "advanced" and event.step == step and event.done >= done:
            progress.cancel()

    progress.listen(stop)
    film = begin(cache, progress)
    with pytest.raises(Cancelled):
        title_film.make(film)
    return film


def test_once_its_scenes_are_planned_a_film_has_a_timeline_of_placeholders_in_estimated_time(tmp_path):
    progress = Progress()
    film = begin(tmp_path / "cache", progress)
    seen: list[Timeline] = []

    def look(event: Event) -> None:
        if event.step == "illustrate" and event.kind == "started":
            seen.append(read_timeline(film.project))
            progress.cancel()

    progress.listen(look)
    with pytest.raises(Cancelled):
        title_film.make(film)
    (timeline,) = seen
    assert len(timeline.clips) >= 3
    assert all(clip.asset is None for clip in timeline.clips)
    assert timeline.cues
    assert timeline.length_frames > 100
    assert film.project.path("film.srt").exists()


def test_a_run_that_goes_on_shows_the_pictures_it_has_from_the_beginning(tmp_path):
    film = stopped_at("illustrate", 2, tmp_path / "cache")
    film.project.path("timeline.json").unlink()
    stopped_at("illustrate", 1, tmp_path / "cache")
    assert sum(clip.asset is not None for clip in read_timeline(film.project).clips) >= 2


def test_the_animatic_has_the_scenes_and_the_words_of_the_film_it_becomes(tmp_path):
    film = stopped_at("illustrate", 1, tmp_path / "cache")
    before = read_timeline(film.project)
    title_film.make(begin(tmp_path / "cache", Progress()))
    after = read_timeline(film.project)
    assert [(clip.id, clip.start_frame) for clip in before.clips] == [
        (clip.id, clip.start_frame) for clip in after.clips
    ]
    moved = [(one.asset, one.motion, other.motion) for one, other in zip(before.clips, after.clips, strict=True)]
    # Whom the camera must leave whole is known with the picture.
    assert all(then == now for asset, then, now in moved if asset)
    assert before.cues == after.cues
    assert all(clip.asset for clip in after.clips)


def test_a_finished_film_keeps_its_timeline_while_it_is_made_again(tmp_path):
    film = begin(tmp_path / "cache", Progress())
    title_film.make(film)
    laid: list[int] = []

    def lay() -> Timeline:
        laid.append(1)
        return read_timeline(film.project)

    Animatic(film.project, lay).show(at_once=True)
    assert laid == []


def test_pictures_that_arrive_together_are_laid_once(tmp_path):
    film = stopped_at("illustrate", 1, tmp_path / "cache")
    timeline, laid = read_timeline(film.project), []

    def lay() -> Timeline:
        laid.append(1)
        return timeline

    animatic = Animatic(film.project, lay)
    for _ in range(20):
        animatic.show()
    assert len(laid) == 1
    animatic.show(at_once=True)
    assert len(laid) == 2
