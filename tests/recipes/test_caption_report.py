"""The caption report looks at the film itself, and says what it could not look at."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import ProjectNotFound, RenderError
from storyreel.progress import Event, Progress
from storyreel.recipes.caption_report import caption_report
from storyreel.recipes.title_film import title_film
from storyreel.render.film_frames import film_frames
from storyreel.settings import Settings


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("film") / "cache"
    settings = Settings(width_px=320, height_px=180, rate=Rate(num=12), quality="draft")
    title_film("The Lamp", words=34, voice="none", settings=settings, project_id="lamp", cache=cache)
    return cache


def test_frames_are_the_films_own_in_any_order(cache: Path) -> None:
    film = cache / "projects/lamp/film.mp4"
    with av.open(str(film)) as container:
        shown = [frame.to_ndarray() for frame in container.decode(video=0)]
    with film_frames(film, Rate(num=12)) as frame_at:
        for number in (0, 25, len(shown) - 1, 24, 100):
            assert np.array_equal(frame_at(number)[0], shown[number][:180])
        with pytest.raises(RenderError, match="no frame"):
            frame_at(len(shown))


def test_a_caption_read_too_fast_is_found_with_its_norm(cache: Path) -> None:
    timeline = cache / "projects/lamp/timeline.json"
    kept = timeline.read_text()
    laid = json.loads(kept)
    laid["cues"][0]["length_frames"] = 6
    timeline.write_text(json.dumps(laid))
    try:
        found = caption_report("lamp", cache=cache)
    finally:
        timeline.write_text(kept)
    assert {finding.kind for finding in found if finding.cue == 0} >= {"reading speed", "too short"}
    assert [finding.cue for finding in found] == sorted(finding.cue for finding in found)


def test_contrast_is_measured_on_the_film_where_there_is_one(cache: Path) -> None:
    film = cache / "projects/lamp/film.mp4"
    events: list[Event] = []
    progress = Progress()
    progress.listen(events.append)
    away = film.rename(film.with_suffix(".away"))
    found = caption_report("lamp", cache=cache, progress=progress)
    assert not any(finding.kind == "contrast" for finding in found)
    assert any("not rendered yet" in event.message for event in events)
    away.rename(film)
    caption_report("lamp", cache=cache, progress=progress)
    assert events[-1].step == "captions"
    assert events[-1].done == len(json.loads((cache / "projects/lamp/timeline.json").read_text())["cues"])


def test_a_project_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFound, match="nothing"):
        caption_report("nothing", cache=tmp_path)
