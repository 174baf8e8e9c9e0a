"""What is kept beside a film: every asset with its hash, origin and price, and whom its licences ask to name."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.media.steps import credited, together
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.paying import credit_last, paying_from
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.publish.credits import credit_rows, credits
from storyreel.publish.manifest import Manifest, manifest
from storyreel.settings import Settings
from storyreel.timeline.model import Clip, Sound, Timeline

ANSEL = "Photo by Ansel on Pexels, https://www.pexels.com/photo/1/"
GRETA = "Video by Greta on Pixabay, https://pixabay.com/videos/2/"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project("lamp", tmp_path)
    record = Record(recipe="title", inputs={"title": "Lamp"}, crew={"writer": "anthropic"}, settings=Settings())
    project.save_record(record)
    return project


def asset(project: Project, data: bytes, kind: str, suffix: str, **made: object) -> Asset:
    blob = store_of(project).put_bytes(data, suffix)
    return Asset.model_validate({"kind": kind, "blob": blob, "provenance": Provenance.model_validate(made)})


@pytest.fixture
def timeline(project: Project) -> Timeline:
    drawn = asset(project, b"one", "image", ".png", provider="bfl/flux-2-pro", model="flux-2-pro", prompt="a lamp",
                  seed=7, price_usd=0.04, request="job-1", calls=("c" * 64,))  # fmt: skip
    photo = asset(project, b"two", "image", ".jpg", provider="pexels/photos", credit=ANSEL)
    moving = asset(project, b"three", "video", ".mp4", provider="pixabay/clips", credit=GRETA)
    voice = asset(project, b"four", "audio", ".flac", provider="offline/voice-1")
    shown = [("s0001", drawn), ("s0001b", drawn), ("s0002", photo), ("s0003", None), ("s0004", moving)]
    clips = [Clip(id=name, asset=each, start_frame=10 * at, length_frames=10) for at, (name, each) in enumerate(shown)]
    sounds = (Sound(asset=voice, track="narration", start_frame=0, length_frames=50),)
    return Timeline(title="Lamp", rate=Rate(num=10), width_px=128, height_px=72, length_frames=50, clips=tuple(clips),
                    sounds=sounds)  # fmt: skip


def test_every_asset_is_listed_once_with_its_hash_and_origin(project: Project, timeline: Timeline) -> None:
    found = manifest(project, timeline)
    assert [entry.used_by for entry in found.assets] == [("s0001", "s0001b"), ("s0002",), ("s0004",), ("narration:0",)]
    assert [entry.role for entry in found.assets] == ["picture", "picture", "clip", "voice"]
    assert found.assets[0].sha256 == hashlib.sha256(b"one").hexdigest()
    assert found.assets[0].provenance.request == "job-1"
    assert found.assets[2].start_s == 4.0
    assert found.missing == ("s0003",)


def test_paid_calls_are_listed_with_what_they_cost(project: Project, timeline: Timeline) -> None:
    ledger = ledger_of(project)
    with paying_from(ledger, "illustrate"):
        ledger.ask("bfl", "/v1/flux", {"prompt": "a lamp"}, lambda: Charged(b"{}", Decimal("0.04"), "flux", "job-1"))
    found = manifest(project, timeline)
    (call,) = found.calls
    assert (call.step, call.provider, call.price_usd, call.request) == ("illustrate", "bfl", Decimal("0.04"), "job-1")
    assert found.spent_usd == Decimal("0.04")


def test_a_manifest_reads_back_and_names_no_place_on_this_machine(
    project: Project, timeline: Timeline, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.json"
    found = manifest(project, timeline)
    found.save(path)
    assert Manifest.model_validate_json(path.read_text()) == found
    assert str(tmp_path) not in path.read_text()
    assert json.loads(path.read_text())["form"] == "storyreel/manifest@1"
    assert manifest(project, timeline) == found


def test_credits_name_everybody_whom_a_licence_asks_to_name_once(project: Project, timeline: Timeline) -> None:
    told = credits(project, timeline)
    assert told.startswith("Lamp\n")
    assert told.count(ANSEL) == told.count(GRETA) == 1
    assert "Pictures: bfl/flux-2-pro" in told
    assert "Writing: anthropic" in told
    assert [row.role for row in credit_rows(project, timeline)] == ["writing", "picture", "picture", "clip", "voice"]


def test_whoever_words_the_pictures_is_named_beside_the_writer(project: Project, timeline: Timeline) -> None:
    """By the calls that were paid, else as the crew was chosen; who was brought goes by its own name."""
    record = project.record()
    project.save_record(record.model_copy(update={"crew": {"writer": "own:mine/words", "prompter": "groq"}}))
    assert "Writing: mine/words\nPicture prompts: groq\n" in credits(project, timeline)
    ledger = ledger_of(project)
    with paying_from(ledger, "word_picture"):
        ledger.ask("groq", "/v1/x", {}, lambda: Charged(b"{}", Decimal("0.01"), "gpt-oss"))
    assert "Writing: mine/words\nPicture prompts: groq/gpt-oss\n" in credits(project, timeline)


def test_a_gap_that_nobody_speaks_is_credited_to_nobody(project: Project, timeline: Timeline) -> None:
    gap = asset(project, b"six", "audio", ".flac", provider="silence", prompt="unsaid")
    sounds = (*timeline.sounds, Sound(asset=gap, track="narration", start_frame=40, length_frames=10))
    assert credits(project, timeline.model_copy(update={"sounds": sounds})) == credits(project, timeline)


def test_a_receipt_carries_the_credit_of_the_answer_that_came_last(project: Project) -> None:
    ledger = ledger_of(project)
    with paying_from(ledger, "illustrate") as place:
        ledger.ask("pexels", "/v1/search", {"q": "lamp"}, lambda: Charged(b"{}", Decimal(0)))
        credit_last(ANSEL)
        assert place.receipts[-1].credit == ANSEL


def test_what_is_made_from_a_photo_names_its_maker_too(project: Project) -> None:
    clip = asset(project, b"five", "video", ".mp4", provider="getimg/x", credit=GRETA)
    assert credited(clip, ANSEL).provenance.credit == f"{ANSEL}\n{GRETA}"
    assert credited(credited(clip, ANSEL), ANSEL).provenance.credit.count("Ansel") == 1
    assert together(["", ""]) == ""


def test_one_line_tells_all_that_is_known_of_an_asset() -> None:
    made = Provenance(provider="bfl/flux", model="flux-2", prompt="a lamp", seed=7, price_usd=0.04, request="job-1")
    assert made.told == "bfl/flux, flux-2, seed 7, $0.04, request job-1: a lamp"
    assert Provenance(provider="offline/painter").told == "offline/painter"
    assert "price not known" in Provenance(provider="acme", price_usd=None).told
