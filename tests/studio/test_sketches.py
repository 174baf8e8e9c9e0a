"""Sketches: a shot that waits for its picture shows what it will be, where the painter makes a small one in no time."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from storyreel.media.steps import illustrate
from storyreel.memo.store import store_of
from storyreel.recipes import title_film
from storyreel.recipes._finish import keep_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.settings import Settings


@pytest.fixture
def begun(tmp_path):
    """A film whose shots are known and of which no picture is painted, with its scenes."""
    small = Settings(width_px=960, height_px=540)
    film = title_film.begin("The Pier", words=30, voice="none", settings=small, cache=tmp_path / "cache")
    story = title_film.tell(film)
    chapters = title_film.write_chapters(film, story)
    scenes = title_film.plan(film, story, chapters)
    timeline = title_film.draft(film, story, chapters, scenes, title_film.Arriving({}, {}))
    keep_timeline(film.project, keep_assembled(film.project, timeline, provisional=True).timeline)
    return film, scenes


def seen(data: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(data)).convert("L")
    return np.asarray(picture.resize((96, 54), Image.Resampling.BOX), np.float64)


def test_a_shot_that_waits_shows_what_its_picture_will_and_stays_waiting(begun, open_session, new_page):
    film, scenes = begun
    page = new_page(open_session(film.project))
    shot = page.hello()["shots"][0]
    assert shot["status"] == "waiting"
    found = page.media("picture", shot["sketch"])[shot["sketch"]]
    assert Image.open(io.BytesIO(found)).size == (960, 540)
    assert page.media("thumb", shot["sketch"])[shot["sketch"]] == found
    whole = illustrate(film.project, title_film.picture_request(film, scenes[0]), film.crew.painter)
    painted = seen(store_of(film.project).read(whole.blob))
    assert np.corrcoef(seen(found).ravel(), painted.ravel())[0, 1] > 0.95
    assert all(clip["asset"] is None for clip in page.timeline["clips"])


def test_nobody_sketches_what_was_not_offered_or_for_a_service_that_is_paid(begun, open_session, new_page):
    film, _ = begun
    page = new_page(open_session(film.project))
    page.hello()
    forged = f"sketch-{'0' * 32}"
    assert page.media("thumb", forged)[forged] == "this film has nothing of that name"
    record = film.project.record()
    film.project.save_record(record.model_copy(update={"crew": {**record.crew, "painter": "pexels"}}))
    paid = new_page(open_session(film.project), "w2")
    assert [shot["sketch"] for shot in paid.hello()["shots"]] == [""] * len(paid.timeline["clips"])


def test_a_shot_that_has_had_a_picture_shows_no_sketch(begun, open_session, new_page):
    film, scenes = begun
    session = open_session(film.project)
    page = new_page(session)
    clip = page.hello()["timeline"]["clips"][0]["id"]
    session.keep_take(clip, illustrate(film.project, title_film.picture_request(film, scenes[0]), film.crew.painter))
    session.tell_progress()
    first, *others = page.last("progress")["shots"]
    assert (first["sketch"], first["status"]) == ("", "waiting")
    assert others
    assert all(shot["sketch"] for shot in others)
