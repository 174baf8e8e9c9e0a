"""What the doctor finds, and that it says what to do about it; never a key."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from loopback.server import Answer, Loopback
from loopback.wire import KEY
from storyreel import doctor
from storyreel.doctor import Finding, examine
from storyreel.errors import AnswerUnknown
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.store import store_in
from storyreel.project import Project, Record
from storyreel.providers import registry
from storyreel.settings import Settings

MODELS = {"data": [{"id": name} for name in ("claude-sonnet-5-5-20261001", "claude-haiku-5-5")]}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Finding]]:
    """One examination with all there is to be found: a service that answers, and others in each kind of trouble."""
    with pytest.MonkeyPatch.context() as patch, Loopback() as good, Loopback() as bad, Loopback() as slow:
        for name in registry.BUILT_IN:
            vendor = getattr(registry.provider(*name.split(".")), "vendor", None) if _made(name) else None
            for variable in vendor.key_variables if vendor else ():
                patch.delenv(variable, raising=False)
        for name, base in (("ANTHROPIC", good.url), ("OPENAI", f"{bad.url}/v1"), ("GROQ", slow.url)):
            patch.setenv(f"STORYREEL_{name}_BASE_URL", base)
            patch.setenv(f"{name}_API_KEY", KEY)
        patch.setenv("OLLAMA_BASE_URL", "")
        patch.setenv("STORYREEL_OLLAMA_BASE_URL", "http://127.0.0.1:9")
        patch.setenv("BFL_API_KEY", KEY)
        patch.setenv("STORYREEL_BFL_BASE_URL", "not an address")
        patch.setenv("STORYREEL_TIMEOUT_S", "0.4")
        good.on("GET", "/v1/models", lambda request: Answer(MODELS))
        bad.on("GET", "/v1/models", lambda request: Answer({"error": {"message": f"no such key {KEY}"}}, 401))
        slow.on("GET", "/openai/v1/models", lambda request: Answer(MODELS, how="stall"))
        yield {each.what: each for each in examine(tmp_path_factory.mktemp("cache"), live=True)}


def _made(name: str) -> bool:
    try:
        registry.provider(*name.split("."))
    except Exception:  # a server of one's own has no model before it is named
        return False
    return True


def test_every_line_that_is_not_well_has_its_remedy(found: dict[str, Finding]) -> None:
    ill = [each for each in found.values() if each.state != "ok"]
    assert {"openai", "groq", "bfl", "ollama", "ideogram"} <= {each.what for each in ill}
    assert [each.what for each in ill if not each.remedy] == []
    assert [each.what for each in found.values() if each.state == "ok" and each.remedy] == []


def test_keys_are_said_to_be_there_and_never_shown(found: dict[str, Finding]) -> None:
    assert "ANTHROPIC_API_KEY is set" in found["anthropic"].detail
    assert found["ideogram"].remedy == "set IDEOGRAM_API_KEY to use it"
    assert all(KEY not in str(each) for each in found.values())


def test_services_that_answer_those_that_do_not_and_those_that_are_silent_are_told_apart(
    found: dict[str, Finding],
) -> None:
    assert (found["anthropic"].state, "it answers" in found["anthropic"].detail) == ("ok", True)
    assert found["openai"].state == "wrong"
    assert "does not answer" in found["openai"].detail
    assert found["groq"].state == "wrong"  # within its time limit
    assert found["bfl"].state == "wrong"
    assert "STORYREEL_BFL_BASE_URL" in str(found["bfl"])


def test_every_role_says_who_would_fill_it_and_for_how_much(found: dict[str, Finding]) -> None:
    for role in registry.ROLES:
        line = found[f"role {role}"]
        assert "free" in line.detail or role == "prompter" or line.state == "absent"
    assert "the film's writer; openai where another service writes; ready, too: anthropic ($" in (
        found["role prompter"].detail
    )
    assert "writer anthropic, prompter openai" in found["auto"].detail
    assert "anthropic ($" in found["role writer"].detail
    assert "a chapter" in found["role writer"].detail


def test_codecs_fonts_disk_and_cache_are_looked_at(found: dict[str, Finding]) -> None:
    assert "libx264" in found["video encoder"].detail
    assert "aac" in found["codecs"].detail
    assert "Arabic" in found["fonts"].detail
    assert "free" in found["disk"].detail
    assert found["cache health"].detail == "empty"


def look(what: str, cache: Path) -> Finding:
    looks = {"disk": doctor._disk, "cache health": doctor._health, "paid calls": doctor._undecided}
    return doctor._finding(what, lambda: looks[what](cache))


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1e9))
    line = look("disk", tmp_path)
    assert (line.state, "1.0 GB" in line.detail, "--prune" in line.remedy) == ("wrong", True, True)


def test_a_sound_cache_and_a_damaged_one_are_told_apart(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for number in range(200):
        store.results.set(f"key-{number}", f'"{"x" * 400}"')
    store.results.close()
    assert "200 results are sound" in look("cache health", tmp_path).detail
    database = tmp_path / "store" / "results" / "cache.db"
    data = bytearray(database.read_bytes())
    data[4096 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4096)
    for extra in database.parent.glob("cache.db-*"):
        extra.unlink()
    database.write_bytes(data)
    line = look("cache health", tmp_path)
    assert line.state == "wrong"
    assert "move" in line.remedy
    assert database.read_bytes() == data  # looking mends nothing and breaks nothing


def test_too_many_pieces_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", "1KB")
    store = store_in(tmp_path)
    store.results.set("key", '"value"')
    store.put_bytes(b"x" * 4000, ".packets")
    assert look("cache health", tmp_path).remedy == "run  storyreel projects --prune"


def test_undecided_calls_are_told_with_the_film_they_belong_to(tmp_path: Path) -> None:
    assert look("paid calls", tmp_path).detail == "none"
    project = Project("lamp", tmp_path)
    project.save_record(Record(recipe="title", inputs={}, crew={}, settings=Settings()))
    assert look("paid calls", tmp_path).detail == "every one has its answer"

    def lost() -> Charged:
        raise AnswerUnknown("bfl", "nothing came")

    with pytest.raises(AnswerUnknown):
        ledger_of(project).ask("bfl", "/v1/x", {"n": 1}, lost, expected_usd=Decimal("0.04"))
    line = look("paid calls", tmp_path)
    assert (line.state, "lamp (1)" in line.detail) == ("absent", True)
    assert "storyreel resume lamp --ask-again" in line.remedy


LISTS: dict[str, tuple[str, str, object]] = {
    "elevenlabs": ("ELEVENLABS_API_KEY", "/v1/models", [{"model_id": "eleven_multilingual_v2"}]),
    "getimg": ("GETIMG_API_KEY", "/v2/models", [{"id": "seedream-5-lite"}, {"id": "seedance-v1-pro"}]),
    "speechify": (
        "SPEECHIFY_API_KEY", "/v1/voices",
        {"voices": [{"id": "harper_32", "models": [{"name": "simba-3.2"}]}], "has_more": False, "next_cursor": None},
    ),
}  # fmt: skip
ANSWERS: dict[str, tuple[str, str, object]] = {
    "bfl": ("BFL_API_KEY", "/v1/credits", {"credits": 12.5}),
    "ideogram": ("IDEOGRAM_API_KEY", "/v2/account/api-keys", {"api_keys": []}),
    "pexels": ("PEXELS_API_KEY", "/v1/search", {"photos": []}),
    "pixabay": ("PIXABAY_API_KEY", "/api/", {"hits": []}),
    "replicate": ("REPLICATE_API_TOKEN", "/v1/account", {"type": "user", "username": "ansel", "name": "Ansel"}),
    "runway": ("RUNWAYML_API_SECRET", "/v1/organization", {"tier": {}, "creditBalance": 100, "usage": {}}),
    "stability": ("STABILITY_API_KEY", "/v1/user/balance", {"credits": 0.63}),
}


def service(name: str, key: str, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Finding:
    monkeypatch.setenv(key, KEY)
    monkeypatch.setenv(f"STORYREEL_{name.upper()}_BASE_URL", server.url)
    return doctor._service(name, doctor._services()[name], live=True)


@pytest.mark.parametrize("name", LISTS)
def test_models_are_read_from_each_list_of_its_own_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key, path, answer = LISTS[name]
    with Loopback() as server:
        server.on("GET", path, lambda request: Answer(answer))
        found = service(name, key, server, monkeypatch)
        assert (found.state, "it answers" in found.detail) == ("ok", True), found
        renamed = json.loads(
            json.dumps(answer).replace("eleven_", "old_").replace("seed", "old").replace("simba", "old")
        )
        server.on("GET", path, lambda request: Answer(renamed))
        gone = service(name, key, server, monkeypatch)
        assert (gone.state, "it answers, but has no " in gone.detail) == ("wrong", True), gone
        server.on("GET", path, lambda request: Answer({"something": "else"}))
        assert "does not answer" in service(name, key, server, monkeypatch).detail
        assert {request.method for request in server.requests} == {"GET"}


def test_geminis_models_are_read_from_its_list(monkeypatch: pytest.MonkeyPatch) -> None:
    used = {member.model.partition("/")[0] for _, member in doctor._services()["gemini"]}
    with Loopback() as server:
        rows = [{"name": f"models/{model}"} for model in used]
        server.on("GET", "/v1beta/models", lambda request: Answer({"models": rows}))
        assert "it answers: " in service("gemini", "GEMINI_API_KEY", server, monkeypatch).detail
        left_out = rows.pop()["name"].removeprefix("models/")
        assert left_out in service("gemini", "GEMINI_API_KEY", server, monkeypatch).detail


@pytest.mark.parametrize("name", ANSWERS)
def test_a_free_answer_shows_that_the_key_is_taken_where_nothing_is_listed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, path, answer = ANSWERS[name]
    with Loopback() as server:
        server.on("GET", path, lambda request: Answer(answer))
        assert "it answers: " in service(name, key, server, monkeypatch).detail
        server.on("GET", path, lambda request: Answer({"detail": "no such key"}, 401))
        refused = service(name, key, server, monkeypatch)
        assert (refused.state, bool(refused.remedy)) == ("wrong", True)
        assert KEY not in str(refused)


def test_a_good_key_at_ideogram_that_may_not_see_the_bills_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as server:
        server.on("GET", "/v2/account/api-keys", lambda request: Answer({"error": "Not found"}, 404))
        found = service("ideogram", "IDEOGRAM_API_KEY", server, monkeypatch)
        assert (found.state, "it answers: " in found.detail) == ("ok", True)


def test_fals_models_are_asked_for_where_it_tells_their_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    used = [member.model for _, member in doctor._services()["fal"]]
    with Loopback() as server:
        rows = [{"endpoint_id": model, "unit_price": 0.03, "unit": "image", "currency": "USD"} for model in used]
        server.on("GET", "/v1/models/pricing", lambda request: Answer({"prices": rows, "has_more": False}))
        assert "it answers: " in service("fal", "FAL_KEY", server, monkeypatch).detail
        (request,) = server.requests
        assert request.query["endpoint_id"].split(",") == used
        rows.pop()
        assert f"has no {used[-1]}" in service("fal", "FAL_KEY", server, monkeypatch).detail
    vendor = doctor._services()["fal"][0][1].vendor
    monkeypatch.delenv("STORYREEL_FAL_BASE_URL")
    assert vendor.models_address().startswith("https://api.fal.ai/v1/models/pricing?endpoint_id=fal-ai/")
    assert vendor.may_know_key(vendor.models_address())


@pytest.mark.parametrize(("name", "key"), [("luma", "LUMA_AGENTS_API_KEY"), ("stockimg", "STOCKIMG_API_KEY")])
def test_where_nothing_is_free_nothing_is_asked(name: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as server:
        assert "nothing there can be asked for free" in service(name, key, server, monkeypatch).detail
        assert server.requests == []


def test_every_service_is_asked_by_its_own_list_or_said_to_have_none() -> None:
    """A service that joins shows here how it is asked, or that nothing there is free."""
    asked = {name for name, members in doctor._services().items() if members[0][1].vendor.models_path}
    assert {*LISTS, *ANSWERS, "anthropic", "fal", "gemini", "groq", "ollama", "openai"} == asked
    assert set(doctor._services()) - asked == {"luma", "stockimg"}
