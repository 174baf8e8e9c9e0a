"""What Ideogram, fal.ai, Replicate and stockimg have of their own; what they share is in the contract suite."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from loopback.deliveries import RESULT, address, ask_painter, check_shape
from loopback.makings import picture
from loopback.server import Answer, Loopback, Request
from loopback.vendors import fal as fal_wire
from loopback.vendors import ideogram as ideogram_wire
from loopback.vendors import stockimg as stockimg_wire
from loopback.wire import KEY
from storyreel.errors import AnswerUnknown, Cancelled, InputError, KeyRefused, ProviderError, ProviderRefused
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.contracts import AnimationRequest, ImageRequest, SceneDescription
from storyreel.providers.prices import Usage
from storyreel.providers.services import fal, replicate, stockimg
from storyreel.providers.services.ideogram import SIZES, IdeogramPainter, preset_for

PERSON = picture(shade=9)


@pytest.fixture(autouse=True)
def _at_the_loopback(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, variable in (
        ("FAL", "FAL_KEY"),
        ("IDEOGRAM", "IDEOGRAM_API_KEY"),
        ("REPLICATE", "REPLICATE_API_TOKEN"),
        ("STOCKIMG", "STOCKIMG_API_KEY"),
    ):
        monkeypatch.setenv(variable, KEY)
        monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", server.url)
    fal_wire.hurry(monkeypatch, 60.0)


# ---- a picture that lies at an address


def test_a_run_stopped_before_the_picture_came_fetches_it_later_without_paying(
    server: Loopback, project: Project
) -> None:
    stockimg_wire.serve(stockimg_wire.OWN)(server)

    def stop(request: Request) -> Answer:
        project.progress.cancel()
        return Answer(b"", 404)

    server.script("GET", RESULT, stop)
    with paying_from(ledger_of(project)), pytest.raises(Cancelled):
        ask_painter(stockimg.StockimgPainter())
    later = Project(project.id, project.cache)
    with paying_from(ledger_of(later)):
        check_shape(ask_painter(stockimg.StockimgPainter()))
    assert server.count("POST", stockimg_wire.OWN) == 1


# ---- Ideogram


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [((1920, 1080), (2560, 1440)), ((1280, 720), (1280, 720)), ((1080, 1920), (1440, 2560)), ((640, 640), (1024, 1024)),
     ((4096, 4096), (2048, 2048)), ((2560, 1080), (2880, 1440))],
)  # fmt: skip
def test_ideogram_is_asked_for_a_size_that_it_has(wanted: tuple[int, int], asked: tuple[int, int]) -> None:
    assert asked in SIZES
    assert preset_for(*wanted) == asked


def test_ideograms_quality_goes_behind_its_model() -> None:
    assert IdeogramPainter("ideogram-4-5/high").price(Usage(pictures=2)).usd == Decimal("0.20")
    with pytest.raises(InputError, match="ideogram-4-5/low"):
        IdeogramPainter("ideogram-2")


@pytest.mark.parametrize(
    ("why", "meant"),
    [("Prompt failed safety check", ProviderRefused), ("internal error", ProviderError), (None, ProviderError)],
)
def test_a_job_that_fails_at_ideogram_is_told_why_and_costs_nothing(
    server: Loopback, project: Project, why: str | None, meant: type[ProviderError]
) -> None:
    ideogram_wire.serve_new(server)
    failed = {"generation_id": "gen_1-A=", "status": "failed", "created": "2026-11-22T10:00:00Z"}
    server.script("GET", ideogram_wire.POLL, Answer(failed | ({"failure_reason": why} if why else {})))
    with paying_from(ledger_of(project)), pytest.raises(meant, match=why or "failed at the service") as caught:
        ask_painter(IdeogramPainter())
    assert type(caught.value) is meant
    assert ledger_of(project).spent_usd() == 0


def test_what_ideogram_says_that_it_charges_counts(server: Loopback, project: Project) -> None:
    ideogram_wire.serve_new(server)
    told = {"status": "completed", "usage_cost_usd_micros": 41_500}
    server.script("GET", ideogram_wire.POLL, Answer(told | {"data": [ideogram_wire.drawn(address(server))]}))
    with paying_from(ledger_of(project)):
        check_shape(ask_painter(IdeogramPainter()))
    (entry,) = ledger_of(project).entries()
    assert (entry.spent_usd, entry.price_told) == (Decimal("0.0415"), True)


# ---- fal.ai


def test_fal_refuses_in_its_answer_to_a_job_that_is_done(server: Loopback, project: Project) -> None:
    fal_wire.WIRES[0].serve(server)
    server.script("GET", fal_wire.RESPONSE, fal_wire.ERRORS["refused"])
    with paying_from(ledger_of(project)), pytest.raises(ProviderRefused, match="content checker"):
        ask_painter(fal.FalPainter())
    (entry,) = ledger_of(project).entries()
    # Its model may have run by then.
    assert (entry.state, entry.refused_usd) == ("failed", Decimal("0.03"))


@pytest.mark.parametrize(
    ("failed", "spent"),
    [
        (Answer({"detail": [{"loc": ["body", "seed"], "msg": "wrong", "type": "value_error"}]}, 422), "0.03"),
        (None, "0"),
    ],
)
def test_what_fails_at_fals_own_machines_is_free_and_what_a_model_finds_wrong_may_not_be(
    server: Loopback, project: Project, failed: Answer | None, spent: str
) -> None:
    fal_wire.WIRES[0].serve(server)
    if failed is None:
        timed_out = {"status": "COMPLETED", "error": "Request timed out", "error_type": "request_timeout"}
        server.script("GET", fal_wire.STATUS, Answer(timed_out))
    else:
        server.script("GET", fal_wire.RESPONSE, failed)
    with paying_from(ledger_of(project)), pytest.raises(ProviderError):
        ask_painter(fal.FalPainter())
    (entry,) = ledger_of(project).entries()
    assert (entry.state, entry.spent_usd) == ("failed", Decimal(spent))


def test_fal_blacks_out_what_it_finds_unsafe_and_that_is_a_refusal(server: Loopback, project: Project) -> None:
    fal_wire.WIRES[0].serve(server)
    server.on("GET", fal_wire.RESPONSE, lambda request: Answer({"images": [], "has_nsfw_concepts": [True]}))
    for match in ("blacked it out", "refused before"):
        with paying_from(ledger_of(project)), pytest.raises(ProviderRefused, match=match):
            ask_painter(fal.FalPainter())
    # It is an answer like any other, and paid for.
    assert ledger_of(project).spent_usd() == Decimal("0.03")
    assert server.count("POST", fal_wire.DRAW) == 1


def test_an_answer_that_fal_does_not_give_just_now_ends_no_job(server: Loopback, project: Project) -> None:
    fal_wire.WIRES[0].serve(server)
    server.script("GET", fal_wire.RESPONSE, Answer({"detail": "busy"}, 500), Answer(b""), Answer({"detail": "no"}, 401))
    with paying_from(ledger_of(project)):
        with pytest.raises(KeyRefused):
            ask_painter(fal.FalPainter())
        assert ledger_of(project).entries()[0].state == "submitted"
        check_shape(ask_painter(fal.FalPainter()))
    assert server.count("POST", ".*") == 1


def test_each_video_model_at_fal_has_its_own_fields() -> None:
    both = AnimationRequest("x", PERSON, PERSON, 3.2, 720, 1280)
    first = AnimationRequest("x", PERSON, None, 9.9, 720, 1280)
    model, body, seconds = fal.clip_to_wire(fal.ANIMATOR_MODEL, first)
    assert (model, body["duration"], seconds) == ("fal-ai/veo3.1/fast/image-to-video", "8s", 8)
    assert {"image_url"} == {name for name in body if name.endswith("_url")}
    kling = "fal-ai/kling-video/v4/image-to-video"
    model, body, seconds = fal.clip_to_wire(kling, both)
    assert set(body) == {"prompt", "start_image_url", "end_image_url", "duration", "generate_audio"}
    assert (body["duration"], seconds) == ("4", 4)
    with pytest.raises(InputError, match="no last frame"):
        fal.clip_to_wire("fal-ai/veo3.1/fast/image-to-video", both)
    with pytest.raises(InputError, match="known here"):
        fal.FalAnimator("fal-ai/luma")


@pytest.mark.parametrize("told", ["https://example.org/status", "nonsense"])
def test_the_key_never_follows_a_job_elsewhere(server: Loopback, project: Project, told: str) -> None:
    body = {"request_id": "r", "status_url": told, "status": "IN_QUEUE"}
    server.on("POST", fal_wire.DRAW, lambda request: Answer(body))
    with paying_from(ledger_of(project)), pytest.raises(AnswerUnknown, match="not one of the service's own"):
        ask_painter(fal.FalPainter())


# ---- Replicate


def test_replicate_tells_in_a_sentence_how_long_to_wait() -> None:
    assert replicate.wait_told({"detail": "Request was throttled. Your rate limit resets in ~30s."}) == 30.0
    assert replicate.wait_told({"detail": "Not found."}) is None
    assert replicate.wait_told(None) is None


def test_replicate_names_its_models_with_their_owner() -> None:
    with pytest.raises(InputError, match="OWNER/NAME"):
        replicate.ReplicatePainter("flux-2-pro")


# ---- stockimg


@pytest.mark.parametrize(
    ("model", "more"),
    [("stockimg", {"colors": ["#0b1026", "#c9a66b"], "safety_checker": True}),
     ("flux", {"seed": 5, "enable_safety_checker": True})],
)  # fmt: skip
def test_stockimgs_models_know_colours_and_flux_a_seed(model: str, more: dict[str, Any]) -> None:
    scene = SceneDescription(subject="a lantern", palette=("#0b1026", "#c9a66b"))
    body = stockimg.picture_to_wire(model, ImageRequest(prompt="x", width_px=900, height_px=1600, seed=5, scene=scene))
    assert body == {"prompt": "x", "image_size": {"width": 736, "height": 1280}, **more}


def test_stockimg_says_that_little_is_known_of_it(server: Loopback, project: Project) -> None:
    stockimg_wire.serve(stockimg_wire.FLUX)(server)
    heard: list[str] = []
    project.progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    with paying_from(ledger_of(project)):
        ask_painter(stockimg.StockimgPainter("flux"))
    assert ["no reference" in message for message in heard] == [True]
