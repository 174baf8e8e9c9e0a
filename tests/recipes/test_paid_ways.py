"""Scripts, flows and recordings made by services on this machine: estimated, kept to a budget, and known by origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loopback.makings import clip, picture
from loopback.server import Answer, Loopback
from loopback.vendors import bfl, groq, openai_predictor, pexels, runway
from loopback.wire import KEY
from storyreel.clock import Rate
from storyreel.errors import BudgetExceeded, InputError
from storyreel.media.sound import write_flac
from storyreel.project import list_projects
from storyreel.providers.estimate import Estimate
from storyreel.recipes import audio_film, audio_works, continuous_flow, flow_works, script_film, script_works
from storyreel.recipes.resume import existing, left_to_pay, resume
from storyreel.recipes.script_pending import change_shot
from storyreel.settings import Settings

TINY = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft", captions="none")
PLAY = "INT. BARN - NIGHT\n\nAda waits by the wall.\n\nADA\nWho goes there?\n\nEXT. SHORE - DAY\n\nBen lights a lamp.\n"
SCRIPT = {"text": PLAY, "title": "Barn", "images": "bfl:flux-pro-1.1", "voice": "none", "effects": "none"}
FLOW = {"seconds": 10, "images": "bfl:flux-pro-1.1", "predictor": "openai", "animator": "runway"}
AUDIO = {"listener": "groq", "writer": "groq", "images": "bfl:flux-pro-1.1"}
CREATES = {"bfl": "/v1/flux-pro-1.1", "runway": runway.CREATE, "ahead": openai_predictor.EDIT}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with Loopback() as loopback:
        for name, base in (("BFL", ""), ("GROQ", ""), ("OPENAI", "/v1"), ("RUNWAY", ""), ("PEXELS", "")):
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


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Fourteen seconds of a hum that comes and goes."""
    at = np.arange(14 * 24_000) / 24_000
    samples = 0.2 * np.sin(2 * np.pi * 200 * at) * (np.sin(2 * np.pi * 2 * at) > -0.5)
    path = tmp_path / "talk.flac"
    path.write_bytes(write_flac(samples.astype(np.float32), 24_000))
    return path


def to_do(plan: Estimate) -> dict[str, int]:
    return {line.step: line.left for line in plan.lines if line.left and line.high_usd}


def creates(server: Loopback) -> Counter[str]:
    return Counter({name: server.count("POST", path) for name, path in CREATES.items()})


def test_an_estimate_counts_the_whole_film_out_and_leaves_nothing_behind(
    server: Loopback, tmp_path: Path, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any key, too: who has none yet wants to know what it would cost."""
    for name in ("BFL_API_KEY", "GROQ_API_KEY", "OPENAI_API_KEY", "RUNWAYML_API_SECRET"):
        monkeypatch.delenv(name)
    cache = tmp_path / "cache"
    flow = flow_works.estimate("a lamp", settings=TINY, cache=cache, **FLOW)
    assert to_do(flow) == {"illustrate": 1, "look_ahead": 2, "animate_between": 2}
    longer = flow_works.estimate("a lamp", settings=TINY, cache=cache, **{**FLOW, "seconds": 60})
    assert to_do(longer)["animate_between"] == 12
    assert longer.likely_usd > 5 * flow.likely_usd
    script = script_works.estimate(settings=TINY, cache=cache, **SCRIPT)
    assert set(to_do(script)) == {"illustrate"}
    assert script.high_usd > script.likely_usd > script.low_usd > 0
    recording = audio_works.estimate(talk, settings=TINY, cache=cache, **AUDIO)
    assert to_do(recording) == {"hear_piece": 1, "plan_pictures": 1, "illustrate": 2}
    assert server.requests == []
    assert not cache.exists()


@pytest.mark.parametrize("given", [{"genre": "drama", "length_s": 300}, {"text": "Ada waited by the sea. " * 300}])
def test_what_is_yet_to_be_written_or_read_is_guessed_by_its_length(
    server: Loopback, tmp_path: Path, given: dict[str, Any]
) -> None:
    plan = script_works.estimate(settings=TINY, cache=tmp_path, writer="groq", images="bfl:flux-pro-1.1", **given)
    done = to_do(plan)
    assert 30 < done["illustrate"] < 120
    assert done.get("write_script", 0) + done.get("read_prose", 0) >= 1
    assert plan.high_usd > Decimal("1.3") * plan.likely_usd
    assert server.requests == []


@pytest.fixture
def grown(server: Loopback, tmp_path: Path) -> continuous_flow.FlowFilm:
    film = continuous_flow.begin("a lamp", agreed=True, settings=TINY, cache=tmp_path / "cache", **FLOW)
    continuous_flow.grow(film, continuous_flow.open_shot(film))
    return film


def test_a_flow_that_is_there_costs_nothing_more_and_a_changed_one_what_changed(
    server: Loopback, grown: continuous_flow.FlowFilm
) -> None:
    assert creates(server) == {"bfl": 1, "ahead": 2, "runway": 2}
    assert to_do(flow_works.left_to_pay(grown)) == {}
    more = replace(grown, brief=continuous_flow.with_more(grown.brief, 3))
    assert to_do(flow_works.left_to_pay(more)) == {"look_ahead": 3, "animate_between": 3}
    again = replace(grown, brief=continuous_flow.with_change(grown.brief, 1, again=True))
    assert to_do(flow_works.left_to_pay(again)) == {"look_ahead": 1, "animate_between": 1}
    everything = replace(again, remake_stale=True)
    told = flow_works.estimate(
        "a lamp", settings=TINY, cache=grown.project.cache, change=lambda brief: again.brief, remake_stale=True, **FLOW
    )
    assert to_do(told) == {"look_ahead": 2, "animate_between": 2}
    assert to_do(flow_works.left_to_pay(everything)) == {"look_ahead": 2, "animate_between": 2}
    assert creates(server) == {"bfl": 1, "ahead": 2, "runway": 2}
    cache = grown.project.cache
    spent = left_to_pay(grown.project.id, cache=cache)
    assert spent.spent_usd == sum(entry.spent_usd for entry in _entries(grown))
    assert grown.project.record().inputs == grown.brief.model_dump(mode="json")  # an estimate keeps no change


def _entries(film: Any) -> Any:
    from storyreel.memo.ledger import ledger_of

    return ledger_of(film.project).entries()


def test_clips_and_pictures_ahead_know_their_price_and_request(grown: continuous_flow.FlowFilm) -> None:
    segments = continuous_flow.read_segments(grown.project)
    for segment in segments:
        made = segment.clip.provenance  # type: ignore[union-attr]
        assert (made.provider, made.price_usd) == ("runway/veo3.1_fast", 0.55)
        assert made.request.startswith("job-")
        ahead = segment.end_frame.provenance  # type: ignore[union-attr]
        assert ahead.price_usd
        assert ahead.request == "req_edit1"
        assert len(made.calls) == len(ahead.calls) == 1


def test_a_script_film_counts_its_cards_and_a_changed_shot_alone(server: Loopback, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    planned = to_do(script_works.estimate(settings=TINY, cache=cache, **SCRIPT))["illustrate"]
    film = script_film.begin(agreed=True, settings=TINY, cache=cache, **SCRIPT)
    cards = script_film.plan(film, script_film.stage(film))
    script_film.draw(film, cards)
    assert creates(server)["bfl"] == planned
    assert to_do(script_works.estimate(settings=TINY, cache=cache, **SCRIPT)) == {}
    assert to_do(left_to_pay(film.project.id, cache=cache)) == {}
    before = film.project.path("shots.json").read_text()
    longer = {**SCRIPT, "text": PLAY + "\nINT. CELLAR - NIGHT\n\nRain drips on a coin.\n"}
    assert to_do(script_works.estimate(settings=TINY, cache=cache, **longer)) == {"illustrate": 1}
    assert film.project.path("shots.json").read_text() == before
    change_shot(film, cards.shots[0][1].id, subject="A burning ship off the shore")
    assert to_do(left_to_pay(film.project.id, cache=cache))["illustrate"] == 1


def test_a_recording_is_counted_by_its_segments_once_they_are_known(
    server: Loopback, tmp_path: Path, talk: Path
) -> None:
    cache = tmp_path / "cache"
    film = audio_film.begin(talk, settings=TINY, cache=cache, **AUDIO)
    sound = audio_film.prepare(film)
    told = audio_film.tidy(film, sound, audio_film.transcribe(film, sound))
    parts = audio_film.segment(film, told)
    plan = left_to_pay(film.project.id, cache=cache)
    assert to_do(plan) == {"plan_pictures": 1, "illustrate": len(parts)}
    audio_film.illustrate_segments(film, told, parts)
    assert to_do(left_to_pay(film.project.id, cache=cache)) == {}
    assert to_do(audio_works.estimate(talk, settings=TINY, cache=cache, **AUDIO)) == {}
    other = audio_works.estimate(talk, settings=TINY, cache=cache, **{**AUDIO, "seed": 5})
    assert to_do(other)["illustrate"] == len(parts)


Begin = Callable[..., Any]
WAYS: dict[str, tuple[Begin, dict[str, Any]]] = {
    "script": (lambda talk, **more: script_film.script_film(agreed=True, **SCRIPT, **more), {}),
    "flow": (lambda talk, **more: continuous_flow.continuous_flow("a lamp", agreed=True, **FLOW, **more), {}),
    "audio": (lambda talk, **more: audio_film.audio_film(talk, **AUDIO, **more), {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_stops_before_its_budget_and_says_so(
    server: Loopback, tmp_path: Path, talk: Path, way: str
) -> None:
    make, _ = WAYS[way]
    with pytest.raises(BudgetExceeded, match="raise the limit"):
        make(talk, settings=TINY, cache=tmp_path / "cache", budget_usd="0.05")
    (project_id,) = list_projects(tmp_path / "cache")
    project = existing(project_id, tmp_path / "cache")
    assert project.record().budget_usd == Decimal("0.05")
    assert creates(server)["bfl"] <= 1
    assert creates(server)["runway"] == 0
    with pytest.raises(BudgetExceeded):
        resume(project_id, cache=tmp_path / "cache")


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_keeps_to_the_policy_in_force(
    server: Loopback, tmp_path: Path, talk: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, _ = WAYS[way]
    policy = tmp_path / "policy.toml"
    monkeypatch.setenv("STORYREEL_POLICY", str(policy))
    policy.write_text("longest_s = 4\n")
    with pytest.raises(BudgetExceeded, match="no more than 4 s"):
        make(talk, settings=TINY, cache=tmp_path / "cache")
    assert server.requests == []
    policy.write_text("limit_usd = 0.00001\n")
    with pytest.raises(BudgetExceeded):
        make(talk, settings=TINY, cache=tmp_path / "cache", budget_usd=9)
    assert sum(creates(server).values()) == 0


def test_a_policy_that_is_made_later_holds_for_films_begun_before(
    server: Loopback, grown: continuous_flow.FlowFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("limit_usd = 0.01\nlongest_s = 12\n")
    monkeypatch.setenv("STORYREEL_POLICY", str(policy))
    with pytest.raises(BudgetExceeded):
        continuous_flow.add_segments(grown)  # it would be longer than is allowed
    film = continuous_flow.change_segment(grown, 1, again=True)
    with pytest.raises(BudgetExceeded):
        continuous_flow.grow(film, continuous_flow.open_shot(film))
    assert creates(server) == {"bfl": 1, "ahead": 2, "runway": 2}


@pytest.mark.parametrize("way", WAYS)
def test_a_new_film_is_only_begun_when_nobody_lacks_a_key(
    server: Loopback, tmp_path: Path, talk: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BFL_API_KEY")
    make, _ = WAYS[way]
    with pytest.raises(InputError, match="BFL_API_KEY"):
        make(talk, settings=TINY, cache=tmp_path / "cache")
    assert list_projects(tmp_path / "cache") == []
    assert server.requests == []


def test_pictures_of_a_film_are_asked_for_at_the_services_own_pace(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYREEL_BFL_AT_ONCE", "2")
    film = script_film.begin(agreed=True, settings=TINY, cache=tmp_path, **SCRIPT)
    script_film.draw(film, script_film.plan(film, script_film.stage(film)))
    assert server.most_at_once <= 2


def test_who_took_a_photo_is_named_by_the_clip_made_from_it(server: Loopback, tmp_path: Path) -> None:
    photos = [pexels.photo(server, number) for number in range(1, 9)]
    server.on("GET", pexels.PHOTOS, lambda request: pexels.page("photos", photos))
    pexels.deliver(server, picture(640, 360, kind="JPEG"), "image/jpeg")
    server.on("GET", "/delivery/job-[0-9]+.mp4",
              lambda request: Answer(clip(192, 108, frames=130), content_type="video/mp4"))  # fmt: skip
    film = script_film.begin(
        agreed=True, settings=TINY, cache=tmp_path, **{**SCRIPT, "images": "pexels", "animator": "runway"}
    )
    cards = script_film.plan(film, script_film.stage(film))
    pictures = script_film.draw(film, cards)
    assert all("by Ansel on Pexels" in each.provenance.credit for each in pictures.values())
    clips = script_film.animate(film, cards, pictures, script_film.speak_lines(film, cards))
    for shot, moving in clips.items():
        assert moving.provenance.credit == pictures[shot].provenance.credit
        assert moving.provenance.request.startswith("job-")
