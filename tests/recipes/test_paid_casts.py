"""Likenesses and wordings are counted before they are asked for, and exactly so many are asked for then."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loopback.makings import clip
from loopback.server import Answer, Loopback
from loopback.vendors import bfl, groq, openai_predictor, runway
from loopback.wire import KEY
from storyreel.clock import Rate
from storyreel.media.sound import write_flac
from storyreel.providers.contracts import SceneDescription
from storyreel.providers.estimate import Estimate
from storyreel.recipes import (
    audio_film,
    continuous_flow,
    flow_works,
    script_film,
    script_works,
    title_film,
    title_works,
)
from storyreel.recipes._cast import PROMPTS_NAME, seen_again
from storyreel.recipes.resume import left_to_pay
from storyreel.recipes.script_pending import pending
from storyreel.settings import Settings

TINY = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft", captions="none")
PAINTER = "bfl:flux-2-pro"
ONCE = """\
INT. BARN - NIGHT

MARA (60), in a blue coat, waits by the wall.

EXT. SHORE - DAY

Rain drips on a coin.
"""
AGAIN = ONCE + "\nINT. CELLAR - NIGHT\n\nMARA lights a lamp.\n"
SCRIPT: dict[str, Any] = {
    "title": "Barn", "images": PAINTER, "prompter": "groq", "voice": "none", "effects": "none", "settings": TINY,
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with Loopback() as loopback:
        for name, base in (("BFL", ""), ("GROQ", ""), ("OPENAI", "/v1"), ("RUNWAY", "")):
            monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", loopback.url + base)
            monkeypatch.setenv("RUNWAYML_API_SECRET" if name == "RUNWAY" else f"{name}_API_KEY", KEY)
        groq.serve_writer(loopback)
        groq.serve_listener(loopback)
        openai_predictor.serve(loopback)
        runway.serve(loopback)
        bfl.serve(loopback)
        moving = Answer(clip(192, 108, frames=130), content_type="video/mp4")
        loopback.on("GET", "/delivery/job-[0-9]+.mp4", lambda request: moving)
        bfl.hurry(monkeypatch, 60.0)
        runway.hurry(monkeypatch, 60.0)
        yield loopback


def to_do(plan: Estimate) -> dict[str, int]:
    found: Counter[str] = Counter()
    for line in plan.lines:
        found[line.step] += line.left if line.high_usd else 0
    return {step: count for step, count in found.items() if count}


def asked(server: Loopback) -> dict[str, int]:
    """How many pictures and texts were asked for."""
    found = {"illustrate": server.count("POST", "/v1/flux-2-pro"), "word_picture": server.count("POST", groq.CHAT)}
    return {step: count for step, count in found.items() if count}


def drawn(text: str, cache: Path) -> script_film.ScriptFilm:
    film = script_film.begin(text=text, cache=cache, **SCRIPT)
    script_film.draw(film, script_film.plan(film, script_film.stage(film)))
    return film


def test_a_script_film_counts_the_likenesses_and_wordings_that_it_asks_for(server: Loopback, tmp_path: Path) -> None:
    planned = to_do(script_works.estimate(text=AGAIN, cache=tmp_path, **SCRIPT))
    without = to_do(script_works.estimate(text=AGAIN, cache=tmp_path, **{**SCRIPT, "images": "bfl:flux-pro-1.1"}))
    assert planned["illustrate"] == without["illustrate"] + 1  # Mara, alone
    film = drawn(AGAIN, tmp_path)
    assert asked(server) == planned
    assert to_do(script_works.estimate(text=AGAIN, cache=tmp_path, **SCRIPT)) == {}
    assert to_do(left_to_pay(film.project.id, cache=tmp_path)) == {}
    assert pending(film).kept["likeness"] == 1
    assert pending(film).kept["wording"] == planned["word_picture"]


def test_pictures_drawn_before_somebody_had_a_likeness_are_counted_anew(server: Loopback, tmp_path: Path) -> None:
    drawn(ONCE, tmp_path)
    before = Counter(asked(server))
    planned = to_do(script_works.estimate(text=AGAIN, cache=tmp_path, **SCRIPT))
    assert planned["illustrate"] >= 3  # her likeness, the picture that was drawn without, and the new one
    drawn(AGAIN, tmp_path)
    assert Counter(asked(server)) - before == planned


def test_pictures_drawn_in_the_cards_words_are_counted_anew_where_a_prompter_comes_in(
    server: Loopback, tmp_path: Path
) -> None:
    film = script_film.begin(text=ONCE, cache=tmp_path, **{**SCRIPT, "prompter": "writer"})
    script_film.draw(film, script_film.plan(film, script_film.stage(film)))
    before = Counter(asked(server))
    assert "word_picture" not in before
    planned = to_do(script_works.estimate(text=ONCE, cache=tmp_path, **SCRIPT))
    assert planned == {"word_picture": before["illustrate"], "illustrate": before["illustrate"]}
    drawn(ONCE, tmp_path)
    assert Counter(asked(server)) - before == planned


@pytest.mark.parametrize("given", [{"genre": "drama", "length_s": 120}, {"text": "Ada waited by the sea. " * 100}])
def test_where_nobody_is_known_yet_some_likenesses_are_guessed(
    server: Loopback, tmp_path: Path, given: dict[str, Any]
) -> None:
    plan = script_works.estimate(cache=tmp_path, **{**SCRIPT, **given})
    first, second = (line for line in plan.lines if line.step == "illustrate")
    assert 0 < first.left < second.left
    assert to_do(plan)["word_picture"] == second.left


def test_a_flow_counts_the_wording_of_its_first_picture(server: Loopback, tmp_path: Path) -> None:
    flow: dict[str, Any] = {
        "images": PAINTER, "predictor": "openai", "animator": "runway", "prompter": "groq", "seconds": 5,
        "settings": TINY, "cache": tmp_path,
    }  # fmt: skip
    planned = to_do(flow_works.estimate("a lamp", **flow))
    assert planned == {"word_picture": 1, "illustrate": 1, "look_ahead": 1, "animate_between": 1}
    film = continuous_flow.begin("a lamp", agreed=True, **flow)
    continuous_flow.grow(film, continuous_flow.open_shot(film))
    assert asked(server) == {"word_picture": 1, "illustrate": 1}
    assert to_do(flow_works.estimate("a lamp", **flow)) == {}
    assert to_do(left_to_pay(film.project.id, cache=tmp_path)) == {}


def test_a_title_film_guesses_its_likenesses_until_its_pictures_are_planned(server: Loopback, tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "chapters": 2, "words": 120, "voice": "none", "images": PAINTER, "settings": TINY, "cache": tmp_path,
    }  # fmt: skip
    guessed = [line for line in title_works.estimate("The Lamp", **given).lines if line.step == "illustrate"]
    assert [line.left > 0 for line in guessed] == [True, True]
    film = title_film.begin("The Lamp", **given)
    story = title_film.tell(film)
    scenes = title_film.plan(film, story, title_film.write_chapters(film, story))
    people = seen_again([scene.description for scene in scenes])
    assert people
    planned = to_do(left_to_pay(film.project.id, cache=tmp_path))
    assert planned == {"illustrate": len(scenes) + len(people)}
    title_film.paint(film, scenes)
    assert asked(server) == planned
    assert to_do(left_to_pay(film.project.id, cache=tmp_path)) == {}
    assert to_do(title_works.estimate("The Lamp", **given)) == {}


def test_a_recording_counts_its_likenesses_once_its_pictures_are_planned(server: Loopback, tmp_path: Path) -> None:
    at = np.arange(14 * 24_000) / 24_000
    samples = 0.2 * np.sin(2 * np.pi * 200 * at) * (np.sin(2 * np.pi * 2 * at) > -0.5)
    talk = tmp_path / "talk.flac"
    talk.write_bytes(write_flac(samples.astype(np.float32), 24_000))
    cache = tmp_path / "cache"
    film = audio_film.begin(talk, listener="groq", prompter="groq", images=PAINTER, settings=TINY, cache=cache)
    sound = audio_film.prepare(film)
    told = audio_film.tidy(film, sound, audio_film.transcribe(film, sound))
    parts = audio_film.segment(film, told)
    assert to_do(left_to_pay(film.project.id, cache=cache))["plan_pictures"] == 1
    audio_film.illustrate_segments(film, told, parts)
    rows = json.loads(film.project.path(PROMPTS_NAME).read_bytes())
    looks = [SceneDescription.model_validate(row["description"]) for row in rows]
    assert asked(server)["illustrate"] == len(parts) + len(seen_again(looks))
    assert to_do(left_to_pay(film.project.id, cache=cache)) == {}
