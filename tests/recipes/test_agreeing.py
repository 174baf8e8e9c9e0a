"""Above a dollar somebody has to agree, in every way in; a limit that was set holds until it is changed or lifted."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import storyreel
from loopback.wire import KEY
from storyreel.clock import Rate
from storyreel.errors import BudgetExceeded, InputError, NotAgreed
from storyreel.media.sound import write_flac
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.prices import UNKNOWN
from storyreel.providers.services.bfl import BFLPainter
from storyreel.recipes import (
    audio_film,
    audio_works,
    continuous_flow,
    flow_works,
    script_film,
    script_works,
    title_film,
    title_works,
)
from storyreel.recipes.resume import left_to_pay, set_budget
from storyreel.recipes.versions import go_back
from storyreel.settings import Settings

TINY = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft", captions="none")
SCENE = "INT. BARN - NIGHT\n\nMARA (60), in a blue coat, waits by the wall.\n"
Begin = Callable[..., Any]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked in these tests: the addresses lead nowhere."""
    for name, key in (("BFL", "BFL_API_KEY"), ("RUNWAY", "RUNWAYML_API_SECRET")):
        monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", "http://127.0.0.1:9")
        monkeypatch.setenv(key, KEY)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = np.arange(240 * 8_000) / 8_000
    path = tmp_path_factory.mktemp("talk") / "talk.flac"
    path.write_bytes(write_flac((0.2 * np.sin(2 * np.pi * 200 * at)).astype(np.float32), 8_000))
    return path


def dear(way: str, talk: Path, cache: Path) -> tuple[Begin, Begin]:
    """How a film of more than a dollar is begun, and how its price is told."""
    how: dict[str, Any] = {"settings": TINY, "cache": cache}
    painter = {"images": "bfl:flux-pro-1.1"}
    shots = SCENE + "".join(f"\nEXT. SHORE {number} - DAY\n\nRain on coin {number}.\n" for number in range(3))
    return {
        "title": (
            lambda **more: title_film.begin("The Lamp", chapters=6, voice="none", **painter, **how, **more),
            lambda: title_works.estimate("The Lamp", chapters=6, voice="none", **painter, **how),
        ),
        "script": (
            lambda **more: script_film.begin(text=shots, title="Barn", animator="runway", voice="none", **how, **more),
            lambda: script_works.estimate(text=shots, title="Barn", animator="runway", voice="none", **how),
        ),
        "flow": (
            lambda **more: continuous_flow.begin("a lamp", seconds=60, animator="runway", **how, **more),
            lambda: flow_works.estimate("a lamp", seconds=60, animator="runway", **how),
        ),
        "audio": (
            lambda **more: audio_film.begin(talk, **painter, **how, **more),
            lambda: audio_works.estimate(talk, **painter, **how),
        ),
    }[way]


WAYS = ("title", "script", "flow", "audio")


@pytest.mark.parametrize("way", WAYS)
def test_above_a_dollar_a_film_is_only_begun_when_somebody_agreed(way: str, talk: Path, tmp_path: Path) -> None:
    begin, price = dear(way, talk, tmp_path)
    assert price().high_usd > 1
    with pytest.raises(NotAgreed, match=r"at most \$.*agreed=True, or set a limit with budget_usd"):
        begin()
    begin(agreed=True)


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_agrees_and_holds_until_it_is_changed_or_lifted(way: str, talk: Path, tmp_path: Path) -> None:
    begin, _ = dear(way, talk, tmp_path)
    project: Project = begin(budget_usd="2.50").project
    assert project.limit_usd == Decimal("2.50")
    assert begin().project.limit_usd == Decimal("2.50")
    assert begin(budget_usd=9).project.limit_usd == Decimal(9)
    assert set_budget(project, None).limit_usd == Decimal(9)
    with pytest.raises(NotAgreed):
        begin(budget_usd="none")
    assert begin(budget_usd="none", agreed=True).project.limit_usd is None
    assert begin(agreed=True).project.limit_usd is None
    with pytest.raises(InputError, match="amount of dollars"):
        begin(budget_usd="much")
    assert set_budget(project, 3).limit_usd == Decimal(3)
    assert set_budget(project, "none").limit_usd is None


def test_going_on_above_a_dollar_is_asked_about_too(talk: Path, tmp_path: Path) -> None:
    begin, _ = dear("flow", talk, tmp_path)
    project: Project = begin(agreed=True).project
    with pytest.raises(NotAgreed):
        storyreel.resume(project.id, cache=tmp_path)
    with pytest.raises(NotAgreed):
        continuous_flow.agree(continuous_flow.add_segments(continuous_flow.from_record(project), 2), False)
    with pytest.raises(BudgetExceeded, match="pass the limit"):
        storyreel.resume(project.id, cache=tmp_path, budget_usd=0)


MAKES: dict[str, Begin] = {
    "title": title_film.make, "script": script_film.make, "flow": continuous_flow.make, "audio": audio_film.make,
}  # fmt: skip
READS: dict[str, Begin] = {
    "title": title_film.from_record, "script": script_film.from_record, "flow": continuous_flow.from_record,
    "audio": audio_film.from_record,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_film_that_nobody_agreed_to_is_not_made_by_its_steps_in_one_either(
    way: str, talk: Path, tmp_path: Path
) -> None:
    begin, _ = dear(way, talk, tmp_path)
    with pytest.raises(NotAgreed):
        MAKES[way](READS[way](begin(agreed=True).project))


def test_a_flow_that_is_changed_costs_no_more_than_was_agreed_to_unasked(talk: Path, tmp_path: Path) -> None:
    begin, _ = dear("flow", talk, tmp_path)
    film = begin(agreed=True)
    inputs = film.project.record().inputs
    with pytest.raises(NotAgreed, match="at most"):
        continuous_flow.add_segments(film, 8)
    assert film.project.record().inputs == inputs  # what was not agreed to is not kept
    longer = continuous_flow.add_segments(film, 8, agreed=True)
    assert longer.agreed_usd > film.agreed_usd > 1
    assert len(film.project.record().inputs["segments"]) == 20
    # What was agreed to is not asked about once more, whatever else is said of it.
    changed = continuous_flow.change_segment(longer, 3, label="At sea", prompt="rain begins")
    assert continuous_flow.agree(changed).agreed_usd == longer.agreed_usd


def test_an_earlier_script_that_was_never_drawn_is_asked_about(talk: Path, tmp_path: Path) -> None:
    begin, _ = dear("script", talk, tmp_path)
    project: Project = begin(agreed=True).project
    script_film.begin(text=SCENE, title="Barn", settings=TINY, cache=tmp_path, project_id=project.id, animator="runway",
                      voice="none", agreed=True)  # fmt: skip
    inputs = project.record().inputs
    with pytest.raises(NotAgreed):
        go_back(project.id, "script-1", cache=tmp_path)
    assert project.record().inputs == inputs


class Mine:
    """Somebody's own painter, which says no price."""

    identity = "mine/1"

    def draw(self, request: ImageRequest) -> bytes:
        return OfflinePainter().draw(request)


def test_what_runs_here_is_never_asked_about(tmp_path: Path) -> None:
    how: dict[str, Any] = {"chapters": 9, "words": 2000, "settings": TINY, "cache": tmp_path}
    title_film.begin("The Lamp", **how)
    title_film.begin("The Lamp", images=Mine(), **how)


def test_an_unknown_price_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BFLPainter, "price", lambda painter, usage: UNKNOWN)
    with pytest.raises(NotAgreed, match="illustrate cost, which is not known"):
        title_film.begin("The Lamp", words=30, images="bfl", settings=TINY, cache=tmp_path)


def left(plan: Any) -> dict[str, int]:
    return {line.step: line.left for line in plan.lines if line.left}


def test_what_is_there_of_a_title_film_costs_nothing_whoever_is_asked_for_the_rest(tmp_path: Path) -> None:
    how: dict[str, Any] = {"words": 30, "voice": "none", "settings": TINY, "cache": tmp_path}
    film = title_film.begin("The Lamp", **how)
    assert {"write_story", "write_chapter", "plan_scenes"} <= left(title_works.estimate("The Lamp", **how)).keys()
    story = title_film.tell(film)
    chapters = title_film.write_chapters(film, story)
    scenes = title_film.plan(film, story, chapters)
    assert left(title_works.estimate("The Lamp", **how)) == {"illustrate": len(scenes), "score": 1}
    title_film.paint(film, scenes)
    title_film.compose(film, story, title_film.narrate(film, chapters))
    assert left(title_works.estimate("The Lamp", **how)) == {}
    assert left(left_to_pay(film.project.id, cache=tmp_path)) == {}
    other = title_works.estimate("The Lamp", **{**how, "images": "bfl:flux-pro-1.1"})
    assert left(other) == {"illustrate": len(scenes)}
    assert other.likely_usd == Decimal("0.04") * len(scenes)
    longer = left(title_works.estimate("The Lamp", chapters=2, **how))
    assert longer["write_story"] == 1  # it is told for so many chapters


def test_a_template_counts_for_what_is_there(tmp_path: Path) -> None:
    how: dict[str, Any] = {"words": 30, "voice": "none", "settings": TINY, "cache": tmp_path, "template": "fairy-tale"}
    title_film.tell(title_film.begin("The Lamp", **how))
    assert "write_story" not in left(title_works.estimate("The Lamp", **how))
    assert "write_story" in left(title_works.estimate("The Lamp", **{**how, "template": None}))


def test_an_estimate_says_what_is_charged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, talk: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("markup = 0.5\n")
    for way in WAYS:
        _, price = dear(way, talk, tmp_path / "cache")
        monkeypatch.delenv("STORYREEL_POLICY", raising=False)
        assert "charged" not in str(price())
        monkeypatch.setenv("STORYREEL_POLICY", str(policy))
        plan = price()
        assert plan.charge_usd == (plan.likely_usd * Decimal("1.5")).quantize(Decimal("0.01"))
        assert f"${plan.charge_usd} to be charged" in str(plan)
    assert not (tmp_path / "cache" / "projects").exists()
    assert json.loads(plan.model_dump_json())["charge_usd"]
