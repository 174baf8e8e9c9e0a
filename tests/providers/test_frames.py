"""Pictures on their way into requests, and what animators make of them beyond the contract suite."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from loopback.framed import FIRST, LAST, PROMPT, ask_animator
from loopback.makings import picture
from loopback.server import Loopback
from loopback.vendors import runway as runway_wire
from loopback.wire import KEY
from storyreel.errors import InputError, ProviderRefused
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.frames import FramedCall, data_url, digest
from storyreel.providers.services import bfl, fal, getimg, luma, runway

REQUEST = AnimationRequest(PROMPT, FIRST, LAST, duration_s=4.8, width_px=1920, height_px=1080, seed=2**32 + 7)


def noise() -> bytes:
    data = io.BytesIO()
    grain = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)
    Image.fromarray(grain).save(data, "PNG")
    return data.getvalue()


def test_a_small_picture_goes_as_it_is() -> None:
    assert data_url(FIRST, 100_000) == f"data:image/png;base64,{base64.b64encode(FIRST).decode()}"
    assert data_url(picture(kind="WEBP"), 100_000).startswith("data:image/webp;base64,")


@pytest.mark.parametrize("most_bytes", [60_000, 12_000])
def test_a_large_picture_is_packed_smaller_and_keeps_its_shape(most_bytes: int) -> None:
    url = data_url(noise(), most_bytes)
    packed = base64.b64decode(url.removeprefix("data:image/jpeg;base64,"), validate=True)
    assert len(packed) <= most_bytes
    with Image.open(io.BytesIO(packed)) as small:
        assert abs(small.width / small.height - 16 / 9) < 0.02


def test_a_picture_of_another_kind_is_told() -> None:
    with pytest.raises(InputError, match="PNG, JPEG nor WebP"):
        data_url(b"GIF89a", 1000)


def test_the_ledger_knows_a_picture_by_what_it_was_not_by_how_it_was_packed() -> None:
    known = {"frame": digest(FIRST)}
    one, other = FramedCall("/x", body={"frame": "packed"}, known=known), FramedCall("/x", body={}, known=known)
    assert one.known_by == other.known_by
    assert one.known_by != FramedCall("/x", body={"frame": "packed"}, known={"frame": digest(LAST)}).known_by


# ---- getimg


def test_getimg_draws_in_a_size_that_is_chosen_with_the_model() -> None:
    request = ImageRequest(prompt="a lantern", width_px=1080, height_px=1920)
    body = getimg.picture_to_wire("seedream-5-lite/2K", request)
    assert (body["model"], body["resolution"], body["aspect_ratio"]) == ("seedream-5-lite", "2K", "9:16")


@pytest.mark.parametrize(
    ("width_px", "height_px", "duration_s", "asked"),
    [
        (192, 108, 3.0, ("16:9", 5, "480p")),
        (1080, 1920, 5.0, ("9:16", 5, "1080p")),
        (1280, 720, 5.2, ("16:9", 10, "720p")),
        (3840, 1644, 60.0, ("21:9", 10, "1080p")),
    ],
)
def test_getimg_is_asked_for_what_it_offers(
    width_px: int, height_px: int, duration_s: float, asked: tuple[str, int, str]
) -> None:
    request = replace(REQUEST, width_px=width_px, height_px=height_px, duration_s=duration_s, last_frame=None)
    body = getimg.clip_to_wire("m", request, ["data:"])
    assert (body["aspect_ratio"], body["duration"], body["resolution"]) == asked
    assert [image["role"] for image in body["images"]] == ["first_frame"]
    assert getimg.clip_to_wire("m/4k", request, ["data:"])["resolution"] == "4k"


# ---- Runway


def test_a_model_that_cannot_end_on_a_picture_says_so_before_it_is_asked() -> None:
    with pytest.raises(InputError, match=r"runway:veo3.1_fast"):
        runway.RunwayAnimator("gen4.5").animate(REQUEST)
    with pytest.raises(InputError, match=r"gen4\.5, gen4_turbo"):
        runway.RunwayAnimator("gen9")


def test_each_model_of_runway_gets_the_fields_it_knows() -> None:
    own = runway.clip_to_wire("gen4.5", replace(REQUEST, last_frame=None), ["data:"])
    assert (own["ratio"], own["duration"], own["seed"]) == ("1280:720", 5, 7)
    assert "audio" not in own
    kling = runway.clip_to_wire("kling2.5_turbo_pro", replace(REQUEST, duration_s=7), ["data:1", "data:2"])
    assert set(kling) == {"model", "promptText", "promptImage", "duration"}
    assert kling["duration"] == 10


def test_a_prompt_is_cut_at_a_thousand_units_and_never_in_a_character() -> None:
    body = runway.clip_to_wire("veo3.1", replace(REQUEST, prompt="x" * 999 + "🌊" * 4), ["data:"])
    assert body["promptText"] == "x" * 999


@pytest.mark.parametrize(
    ("told", "spent"), [({}, 0.6), ({"cost": {"credits": 45}}, 0.45), ({"cost": {"credits": 0}}, 0)]
)
def test_a_refusal_that_runway_charges_for_is_counted_and_not_bought_again(
    server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], spent: float
) -> None:
    """By what it says of the cost; where it does not say, by what it said at first."""
    monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
    monkeypatch.setenv("STORYREEL_RUNWAY_BASE_URL", server.url)
    runway_wire.hurry(monkeypatch, 60.0)
    runway_wire.serve(server)
    refused = runway_wire.failed("INPUT_PREPROCESSING.SAFETY.TEXT", **told)
    server.script("GET", runway_wire.POLL, refused, refused)
    ledger = ledger_of(project)
    for match in ("will not make this", "refused before" if spent else "will not make this"):
        with paying_from(ledger, "animate"), pytest.raises(ProviderRefused, match=match):
            ask_animator(runway.RunwayAnimator())
    assert float(ledger.spent_usd()) == spent
    assert server.count("POST", runway_wire.CREATE) == (1 if spent else 2)


# ---- Luma


def test_ten_seconds_take_their_frames_as_keyframes() -> None:
    request = replace(REQUEST, duration_s=7.5, width_px=720, height_px=1280)
    assert luma.clip_to_wire("ray-3.2", request, [{"data": "a"}, {"data": "b"}]) == {
        "model": "ray-3.2", "type": "video", "prompt": PROMPT, "aspect_ratio": "9:16",
        "video": {
            "resolution": "720p", "duration": "10s", "keyframes": [{"data": "a"}, {"data": "b"}],
            "keyframe_indexes": [0, 240],
        },
    }  # fmt: skip
    alone = luma.clip_to_wire("ray-3.2", request, [{"data": "a"}])["video"]
    assert (alone["keyframes"], alone["keyframe_indexes"]) == ([{"data": "a"}], [0])


def test_a_clip_that_ends_one_frame_later_than_a_whole_second_buys_no_further_one() -> None:
    segment = replace(REQUEST, duration_s=5 + 1 / 30)
    assert bfl.clip_to_wire(segment)["duration"] == 5
    assert getimg.clip_to_wire(getimg.ANIMATOR_MODEL, segment, ["a", "b"])["duration"] == 5
    assert luma._seconds(segment.duration_s) == 5
    assert fal.clip_to_wire("fal-ai/kling-video/v4/image-to-video", segment)[2] == 5
