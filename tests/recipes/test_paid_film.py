"""A whole title film made by services on this machine: through base addresses alone, paid once, within its budget."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from pathlib import Path

import pytest

import storyreel
from loopback.server import Answer, Loopback, Request
from loopback.vendors import anthropic, bfl, groq, openai
from loopback.wire import KEY
from storyreel import studio
from storyreel.clock import Rate
from storyreel.errors import AnswerUnknown, BudgetExceeded, InputError, RenderError
from storyreel.media.steps import illustrate
from storyreel.project import Project, Record
from storyreel.providers import registry
from storyreel.providers.contracts import ImageRequest
from storyreel.publish.manifest import manifest
from storyreel.recipes import title_film, title_works
from storyreel.settings import Settings
from storyreel.workers import fan_out

TINY = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft")
CALLS = {"anthropic": "/v1/messages", "openai": "/v1/responses", "groq": groq.CHAT}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Loopback:
    with Loopback() as loopback:
        for name, base in (("ANTHROPIC", ""), ("OPENAI", "/v1"), ("GROQ", ""), ("BFL", "")):
            monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", loopback.url + base)
            monkeypatch.setenv(f"{name}_API_KEY", KEY)
        anthropic.serve(loopback)
        openai.serve_writer(loopback)
        openai.serve_painter(loopback)
        openai.serve_voice(loopback)
        groq.serve_writer(loopback)
        bfl.serve(loopback)
        bfl.hurry(monkeypatch, 60.0)
        yield loopback


def film(cache: Path, **choice: object) -> storyreel.Film:
    made: dict[str, object] = {"writer": "anthropic", "images": "bfl:flux-pro-1.1", "voice": "none", **choice}
    return title_film.title_film("The Last Lighthouse", words=30, settings=TINY, cache=cache, **made)  # type: ignore[arg-type]


WRITERS, PAINTERS, VOICES = ("anthropic", "openai", "groq"), ("bfl", "openai"), ("none", "openai")


@pytest.mark.parametrize(("writer", "painter"), [*itertools.product(WRITERS, PAINTERS)])
def test_every_choice_of_services_makes_the_film(tmp_path: Path, server: Loopback, writer: str, painter: str) -> None:
    voice = VOICES[(WRITERS.index(writer) + PAINTERS.index(painter)) % 2]
    heard: list[str] = []
    progress = storyreel.Progress()
    progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    made = film(tmp_path, writer=writer, images=painter, voice=voice, progress=progress)
    assert made.path.stat().st_size > 1000
    before = len(server.requests)
    # Story and chapter; the scenes are described by OpenAI, whoever writes.
    assert server.count("POST", CALLS[writer]) == (3 if writer == "openai" else 2)
    assert server.count("POST", CALLS["openai"]) == (3 if writer == "openai" else 1)
    film(tmp_path, writer=writer, images=painter, voice=voice)
    assert len(server.requests) == before
    found = storyreel.costs("the-last-lighthouse", cache=tmp_path)
    assert found.spent_usd > 0
    assert (found.undecided, found.regeneration_rate, found.success_rate) == ((), 0.0, 1.0)
    assert {row.step for row in found.by_step()} >= {"write_story", "write_chapter", "plan_scenes", "illustrate"}
    assert len(found.table()) == len(found.calls)
    assert studio.plot_costs(found)._repr_png_().startswith(b"\x89PNG")
    assert all("end on" in message for message in heard)


def test_every_asset_knows_what_it_came_from(tmp_path: Path, server: Loopback) -> None:
    clips = film(tmp_path).timeline.clips
    pictures = {clip.id: clip.asset for clip in clips if clip.asset is not None}
    calls = {call.call: call for call in storyreel.costs("the-last-lighthouse", cache=tmp_path).calls}
    for asset in pictures.values():
        came_from = asset.provenance
        (call,) = came_from.calls
        assert (came_from.provider, came_from.price_usd) == ("bfl/flux-pro-1.1", 0.04)
        assert came_from.prompt.startswith("A woman in a blue coat")
        assert came_from.request.startswith("job-")
        assert calls[call[:12]].step == "illustrate"


def test_words_know_what_they_came_from_too(tmp_path: Path, server: Loopback) -> None:
    made = film(tmp_path)
    table = made.project.provenance()
    words = table[table["role"] == "words"]
    assert list(words.index) == ["plan_scenes", "write_chapter", "write_story"]
    assert set(words["provider"]) == {"anthropic/claude-sonnet-5-5", "openai/gpt-6.1-sol"}
    calls = {call.call: call for call in storyreel.costs("the-last-lighthouse", cache=tmp_path).calls}
    for row in words.itertuples():
        call = calls[row.calls[:12]]
        assert (row.request, row.model, row.price_usd) == (call.request, call.model, float(call.price_usd))
        assert row.request
        assert row.model
        assert row.price_usd > 0
        assert "The Last Lighthouse" in row.prompt or "scene" in row.prompt
    assert set(table["role"]) >= {"words", "picture", "music"}
    told = json.loads(manifest(made.project, made.timeline).text)["words"]
    assert [each["prompt"] for each in told] == list(words["prompt"])
    assert KEY not in json.dumps(told)


def test_a_budget_of_a_dollar_buys_25_pictures_of_four_cents(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never 26, however many are asked for at once."""
    project = Project("film", tmp_path)
    project.save_record(Record(recipe="title", inputs={}, crew={}, settings=TINY, budget_usd=Decimal(1)))
    painter = registry.provider("painter", "bfl:flux-pro-1.1")
    requests = [ImageRequest(prompt="a lamp", width_px=192, height_px=108, seed=seed) for seed in range(40)]
    with pytest.raises(BudgetExceeded, match="raise the limit"):
        fan_out(lambda request: illustrate(project, request, painter), requests, at_once=registry.at_once(painter))
    assert server.count("POST", "/v1/flux-pro-1.1") == 25


def test_what_is_undecided_is_shown_and_asked(tmp_path: Path, server: Loopback) -> None:
    server.script("POST", "/v1/flux-pro-1.1", Answer(how="nothing"))
    with pytest.raises(AnswerUnknown):
        film(tmp_path)
    found = storyreel.costs("the-last-lighthouse", cache=tmp_path)
    (undecided,) = found.undecided
    assert found.open_usd == Decimal("0.04")
    creates = server.count("POST", "/v1/flux-pro-1.1")
    with pytest.raises(AnswerUnknown, match=undecided):
        storyreel.resume("the-last-lighthouse", cache=tmp_path)
    storyreel.resume("the-last-lighthouse", cache=tmp_path, ask_again=True)
    done = storyreel.costs("the-last-lighthouse", cache=tmp_path)
    pictures = len({call.call for call in done.calls if call.step == "illustrate"})
    assert server.count("POST", "/v1/flux-pro-1.1") == pictures + 1
    assert creates <= pictures
    assert done.undecided == ()
    assert done.spent_usd == found.spent_usd + Decimal("0.04") * (pictures - found_pictures(found) + 1)


def found_pictures(found: storyreel.Costs) -> int:
    return sum(call.step == "illustrate" and call.state == "answered" for call in found.calls)


def test_a_film_that_stopped_at_its_budget_goes_on_with_a_higher_one(tmp_path: Path, server: Loopback) -> None:
    with pytest.raises(BudgetExceeded):
        film(tmp_path, budget_usd="0.05")
    with pytest.raises(BudgetExceeded):
        storyreel.resume("the-last-lighthouse", cache=tmp_path)
    storyreel.resume("the-last-lighthouse", cache=tmp_path, budget_usd="2.50")
    assert storyreel.costs("the-last-lighthouse", cache=tmp_path).limit_usd == Decimal("2.50")
    assert server.count("POST", "/v1/messages") == 2  # OpenAI describes the scenes


def test_costs_tell_what_was_asked_for_in_vain_and_what_was_bought_and_not_used(
    tmp_path: Path, server: Loopback
) -> None:
    server.script("POST", "/v1/flux-pro-1.1", bfl.ERRORS["rate_limited"].but(headers={"retry-after": "0"}))
    made = film(tmp_path)
    pictures = server.count("POST", "/v1/flux-pro-1.1") - 1
    painter = registry.provider("painter", "bfl:flux-pro-1.1")
    illustrate(made.project, ImageRequest(prompt="another lamp", width_px=192, height_px=108, seed=9), painter)
    found = storyreel.costs(made.project.id, cache=tmp_path)
    assert found.success_rate == pytest.approx(1 - 1 / (len(found.calls) + 1))
    assert found.regeneration_rate == pytest.approx(1 / (pictures + 1))
    assert {row.step: row.median_s is not None for row in found.by_step()}["illustrate"]


def test_a_policy_holds_for_every_film(tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy.toml"
    monkeypatch.setenv("STORYREEL_POLICY", str(policy))
    policy.write_text("longest_s = 5\n")
    with pytest.raises(BudgetExceeded, match="no more than 5 s"):
        film(tmp_path)
    assert server.requests == []
    policy.write_text("limit_usd = 0.01\n")
    with pytest.raises(BudgetExceeded):
        film(tmp_path)
    policy.write_text("markup = 0.5\nfree_s = 0\n")
    film(tmp_path, budget_usd=3)
    found = storyreel.costs("the-last-lighthouse", cache=tmp_path)
    assert found.charge_usd == (found.spent_usd * Decimal("1.5")).quantize(Decimal("0.01"))


def test_an_estimate_multiplies_by_the_film_and_comes_near(tmp_path: Path, server: Loopback) -> None:
    choice = {"writer": "anthropic", "images": "bfl:flux-pro-1.1", "voice": "none", "cache": tmp_path}
    one = title_works.estimate("The Last Lighthouse", words=30, settings=TINY, **choice)
    six = title_works.estimate("The Last Lighthouse", words=30, chapters=6, settings=TINY, **choice)
    assert server.requests == []
    pictures = {line.step: line.count for line in six.lines}["illustrate"]
    assert pictures == 6 * {line.step: line.count for line in one.lines}["illustrate"]
    assert one.low_usd < one.likely_usd < one.high_usd
    film(tmp_path)
    after = title_works.estimate("The Last Lighthouse", words=30, settings=TINY, **choice)
    spent = storyreel.costs("the-last-lighthouse", cache=tmp_path).spent_usd
    assert after.likely_usd == 0
    assert after.spent_usd == spent
    drawn = title_works.estimate(
        "The Last Lighthouse", words=30, settings=TINY.model_copy(update={"style": "anime"}), **choice
    )
    assert drawn.likely_usd == one.likely_usd  # asked for otherwise, none of it can be counted on
    assert drawn.spent_usd == spent
    painted = {line.step: line for line in one.lines}["illustrate"]
    assert painted.low_usd <= Decimal("0.04") * painted.count <= painted.high_usd


def test_a_missing_key_is_told_before_anything_is_paid(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BFL_API_KEY")
    with pytest.raises(InputError, match="BFL_API_KEY"):
        film(tmp_path)
    assert server.requests == []


def test_a_finished_film_needs_no_key(tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    film(tmp_path)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("BFL_API_KEY")
    film(tmp_path)


REFUSED = openai.error(400, "moderation_blocked", "Your request was rejected", "image_generation_user_error")


def test_a_refused_picture_is_asked_for_once_more_softened(tmp_path: Path, server: Loopback) -> None:
    heard: list[str] = []
    progress = storyreel.Progress()
    progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    server.script("POST", "/v1/images/generations", REFUSED)
    made = film(tmp_path, images="openai", progress=progress)
    asked = [request.json["prompt"] for request in server.asked("POST", "/v1/images/generations")]
    softer = [prompt for prompt in asked if "nobody in it" in prompt]
    assert len(softer) == 1
    assert "brass lantern" not in softer[0]
    assert "Style: cinematic" in softer[0]
    assert any("asked for once more" in message for message in heard)
    told = [clip.asset.provenance.prompt for clip in made.timeline.clips if clip.asset is not None]
    assert softer[0] in told
    film(tmp_path, images="openai")
    assert server.count("POST", "/v1/images/generations") == len(asked)


def test_a_picture_that_stays_refused_is_a_gap_that_is_named(tmp_path: Path, server: Loopback) -> None:
    def refuse_one(request: Request) -> Answer:
        if "step 1." in request.json["prompt"] or "nobody in it" in request.json["prompt"]:
            return REFUSED
        return drawn(request)

    drawn = next(answer for method, path, answer in server._handlers if path.fullmatch("/v1/images/generations"))
    server.on("POST", "/v1/images/generations", refuse_one)
    with pytest.raises(RenderError, match="s0001"):
        film(tmp_path, images="openai")
    timeline = json.loads((tmp_path / "projects/the-last-lighthouse/timeline.json").read_text())
    assert timeline["clips"][0]["asset"] is None
