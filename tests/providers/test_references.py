"""Pictures to go by: who takes them sends them as its service wants them, who does not goes by the words alone."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from loopback.makings import picture
from loopback.server import Loopback, Request
from loopback.vendors import fal as fal_wire
from loopback.vendors import openai_predictor
from loopback.wire import KEY, Wire, all_wires
from storyreel.errors import InputError
from storyreel.memo.key import digest
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers import references, registry
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.references import KEEP, reference

PEOPLE = tuple(picture(64, 64, shade, "JPEG" if shade % 2 else "PNG") for shade in range(9))
REQUEST = ImageRequest(
    prompt="a lantern on a cliff", width_px=1000, height_px=562, seed=3,
    references=tuple(reference(data, f"person {number}") for number, data in enumerate(PEOPLE)),
)  # fmt: skip
PAINTERS = {wire.name: wire for wire in all_wires() if wire.role == "painter"}


def urls(listed: Sequence[str]) -> list[bytes]:
    found = []
    for url in listed:
        head, _, data = url.partition(",")
        assert head in ("data:image/png;base64", "data:image/jpeg;base64")
        found.append(base64.b64decode(data, validate=True))
    return found


def in_numbered_fields(request: Request) -> list[bytes]:
    names = [name for name in request.json if name.startswith("input_image")]
    assert names == ["input_image", *(f"input_image_{number}" for number in range(2, 9))]
    return [base64.b64decode(request.json[name], validate=True) for name in names]


def in_parts(name: str) -> Callable[[Request], list[bytes]]:
    def read(request: Request) -> list[bytes]:
        files = [part for part in request.parts if part.filename is not None]
        assert {part.name for part in files} == {name}
        assert all(part.content_type in ("image/png", "image/jpeg") for part in files)
        return [part.data for part in files]

    return read


def in_gemini(request: Request) -> list[bytes]:
    *seen, _ = request.json["contents"][0]["parts"]
    return [base64.b64decode(part["inlineData"]["data"], validate=True) for part in seen]


SENT: dict[str, tuple[int, Callable[[Request], list[bytes]], Callable[[Request], str]]] = {
    "bfl": (8, in_numbered_fields, lambda request: request.json["prompt"]),
    "fal": (4, lambda request: urls(request.json["image_urls"]), lambda request: request.json["prompt"]),
    "gemini": (5, in_gemini, lambda request: request.json["contents"][0]["parts"][-1]["text"]),
    "getimg": (4, lambda request: urls([each["url"] for each in request.json["images"]]),
               lambda request: request.json["prompt"]),
    "ideogram:ideogram-v3": (1, in_parts("character_reference_images"), lambda request: request.fields("prompt")[0]),
    "openai": (8, in_parts("image[]"), lambda request: request.fields("prompt")[0]),
    "replicate": (4, lambda request: urls(request.json["input"]["input_images"]),
                  lambda request: request.json["input"]["prompt"]),
}  # fmt: skip


@pytest.fixture
def ask(server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, ImageRequest], Request]:
    """Have a painter at the loopback draw a request; gives what it sent."""

    def asked(name: str, request: ImageRequest) -> Request:
        wire: Wire = PAINTERS[name]
        if wire.key_variable:
            monkeypatch.setenv(wire.key_variable, KEY)
        vendor = wire.vendor.upper().replace("-", "_")
        monkeypatch.setenv(f"STORYREEL_{vendor}_BASE_URL", server.url + wire.base_path)
        wire.serve(server)
        if name == "fal":
            fal_wire.queue(f"{fal_wire.DRAW}/edit", picture(1008, 576), "image/png", fal_wire.images)(server)
        openai_predictor.serve(server)
        wire.hurry(monkeypatch, 60.0)
        with paying_from(ledger_of(project), "illustrate"):
            wire.check_result(registry.provider("painter", name).draw(request))
        return next(each for each in server.requests if each.method == wire.create[0])

    return asked


@pytest.mark.parametrize("name", SENT)
def test_a_service_gets_as_many_as_it_takes_the_first_ones_and_is_told_what_they_are(
    ask: Callable[[str, ImageRequest], Request], name: str
) -> None:
    most, sent, words = SENT[name]
    assert references.most_of(registry.provider("painter", name)) == most
    request = ask(name, REQUEST)
    assert sent(request) == list(PEOPLE[:most])
    # Ideogram has a field that says what the picture is; the others are told in words.
    told = "" if name.startswith("ideogram") else f"\n\n{KEEP}"
    assert words(request) == REQUEST.prompt + told


@pytest.mark.parametrize("name", [name for name in PAINTERS if name not in SENT])
def test_a_service_that_takes_none_is_asked_as_without_them(
    ask: Callable[[str, ImageRequest], Request], name: str
) -> None:
    assert references.most_of(registry.provider("painter", name)) == 0
    request = ask(name, REQUEST)
    if PAINTERS[name].create[0] == "POST":
        PAINTERS[name].check_request(request)


@pytest.mark.parametrize(
    ("model", "field"), [("flux-3-image", "images"), ("flux-kontext-pro", "input_image"), ("flux-pro-1.1", "")]
)
def test_each_flux_has_its_own_field(model: str, field: str) -> None:
    from storyreel.providers.services.bfl import BFLPainter, picture_to_wire

    most = references.most_of(BFLPainter(model))
    body = picture_to_wire(model, REQUEST, PEOPLE[:most])
    with_pictures = {name for name in body if name.startswith("i")}
    assert with_pictures == ({field} if field else set())


def test_pictures_that_are_read_are_paid_for(
    ask: Callable[[str, ImageRequest], Request], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tuple(reference(picture(1024, 1024, shade)) for shade in (1, 2))
    ask("replicate", REQUEST.model_copy(update={"references": large}))
    assert ledger_of(project).spent_usd() == Decimal("0.03") + 2 * Decimal("0.015")


def test_a_person_to_go_by_costs_more_at_ideogram(
    ask: Callable[[str, ImageRequest], Request], project: Project
) -> None:
    ask("ideogram:ideogram-v3", REQUEST)
    assert ledger_of(project).spent_usd() == Decimal("0.15")


def test_a_picture_stands_in_keys_by_its_content_and_none_changes_no_key() -> None:
    bare = REQUEST.model_copy(update={"references": ()})
    other = REQUEST.model_copy(update={"references": (reference(picture(64, 64, 200), "person 0"),)})
    assert len({digest(each) for each in (bare, REQUEST, other)}) == 3
    again: Any = tuple(reference(bytes(each.data), each.of) for each in REQUEST.references)
    assert digest(REQUEST.model_copy(update={"references": again})) == digest(REQUEST)


def test_what_is_no_picture_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InputError, match="neither PNG"):
        reference(b"GIF89a")
