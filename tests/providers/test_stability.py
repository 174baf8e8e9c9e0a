"""What Stability's contract suite does not ask."""

from __future__ import annotations

import pytest

from loopback.server import Answer, Loopback
from loopback.vendors.stability import POLL, SENT, SOUND, hurry, serve_job, serve_sound
from loopback.wire import KEY
from storyreel.errors import ProviderRefused
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest, MusicRequest
from storyreel.providers.prices import Usage
from storyreel.providers.services import stability
from storyreel.providers.services.stability import StabilityComposer, picture_to_wire


@pytest.fixture(autouse=True)
def _vendor(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STABILITY_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_STABILITY_BASE_URL", server.url)
    hurry(monkeypatch, 60.0)


def test_a_long_bed_is_several_pieces_each_from_its_own_seed(
    server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "USUAL_LONGEST_S", 4.0)
    serve_sound(server)
    with paying_from(ledger_of(project), "score"):
        music = StabilityComposer().compose(MusicRequest("calm", 5.5, seed=3))
    sent = [(request.fields("duration"), request.fields("seed")) for request in server.asked("POST", SOUND)]
    assert sent == [(["4"], ["3001"]), (["4"], ["3002"])]
    assert music.samples.shape == (round(5.5 * 44_100), 2)


def test_a_sound_that_was_held_back_is_told_and_costs_nothing(server: Loopback, project: Project) -> None:
    held_back = Answer(SENT, content_type="audio/mpeg", headers={"finish-reason": "CONTENT_FILTERED"})
    serve_sound(server)
    server.script("POST", SOUND, held_back)
    serve_job(server)
    server.script("GET", POLL, held_back)
    ledger = ledger_of(project)
    for model in ("stable-audio-2.5", "stable-audio-3"):
        with paying_from(ledger, "score"), pytest.raises(ProviderRefused, match="held it back"):
            StabilityComposer(model).compose(MusicRequest("calm", 1.0))
    assert ledger.spent_usd() == 0


def test_a_sound_costs_as_much_whatever_its_length() -> None:
    prices = {StabilityComposer().price(usage).usd for usage in (Usage(sound_s=3), Usage(sound_s=180), Usage(pieces=1))}
    assert [float(price or 0) for price in prices] == [0.2]


def test_stable_image_is_asked_at_a_path_and_stable_diffusion_by_a_field() -> None:
    request = ImageRequest(prompt="a lantern", width_px=720, height_px=1280)
    path, form = picture_to_wire("stable-image-ultra", request)
    assert path == "/v2beta/stable-image/generate/ultra"
    assert dict(form)["aspect_ratio"] == "9:16"
    path, form = picture_to_wire("sd3.5-medium", request)
    assert (path, dict(form)["model"]) == ("/v2beta/stable-image/generate/sd3", "sd3.5-medium")
