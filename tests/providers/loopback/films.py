"""Every service at once, for whole films: each vendor has a server of its own, and plays every role it has there."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

import av
import numpy as np
import pytest

from loopback import stories
from loopback.server import Answer, Handler, Loopback, Request
from loopback.stories import written_for
from loopback.vendors import fal, gemini, openai_compatible, openai_predictor
from loopback.vendors.openai_compatible import CHAT
from loopback.wire import KEY, Wire, all_wires

SHORT = "She climbed the stair with the lantern.\n\nThe sea was loud below her."


@dataclass(frozen=True)
class Player:
    """A provider in a role: how the registry names it, and what plays it on this machine."""

    name: str
    vendor: str
    base_path: str
    key_variable: str
    serve: Callable[[Any], None]
    hurry: Callable[[Any, float], None] = lambda patch, patience_s: None


def players() -> Mapping[str, Mapping[str, Player]]:
    """Role -> vendor -> who plays it; the offline crew needs nobody."""
    found: dict[str, dict[str, Player]] = {}
    for wire in all_wires():
        serve = _WRITERS.get(wire.vendor, wire.serve) if wire.role == "writer" else wire.serve
        found.setdefault(wire.role, {}).setdefault(wire.vendor, _player(wire, serve))
    local = found["painter"]["local"]
    found["painter"]["ollama"] = Player("ollama:flux", "ollama", local.base_path, "", local.serve)
    ollama = found["writer"]["ollama"]
    found["writer"]["local"] = Player("local:qwen", "local", ollama.base_path, "", ollama.serve)
    found["prompter"] = found["writer"]
    return found


def _player(wire: Wire, serve: Callable[[Any], None]) -> Player:
    return Player(wire.name, wire.vendor, wire.base_path, wire.key_variable, serve, wire.hurry)


def _serve_gemini_writer(server: Any) -> None:
    def answer(request: Request) -> Answer:
        asked = request.json["contents"][-1]["parts"][0]["text"]
        return gemini.written(json.dumps(written_for(request.json["generationConfig"]["responseJsonSchema"], asked)))

    server.on("POST", gemini.WRITE, answer)


def _serve_chat(server: Any) -> None:
    def answer(request: Request) -> Answer:
        schema = request.json["response_format"]["json_schema"]["schema"]
        return openai_compatible.streamed(json.dumps(written_for(schema, request.json["messages"][-1]["content"])))

    server.on("POST", CHAT, answer)


_WRITERS = {"gemini": _serve_gemini_writer, "ollama": _serve_chat}
_LISTENS, _SPEAKS, _COMPOSES = "transcribe", "tts", "lyria"


@dataclass
class Behind:
    """What a vendor does in one role, behind its server; its addresses lead back to that role."""

    url: str
    first_number: int
    handlers: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)
    answered: list[Request] = field(default_factory=list)

    def on(self, method: str, pattern: str, handler: Handler) -> None:
        self.handlers.insert(0, (method, re.compile(pattern), handler))

    def count(self, method: str, pattern: str) -> int:
        return self.first_number + sum(
            request.method == method and bool(re.fullmatch(pattern, request.path)) for request in self.answered
        )

    def handler(self, request: Request) -> Handler | None:
        return next(
            (handler for method, pattern, handler in self.handlers
             if method == request.method and pattern.fullmatch(request.path)),
            None,
        )  # fmt: skip


class Front:
    """A vendor's server with all its roles."""

    def __init__(self, server: Loopback, vendor: str) -> None:
        self.server, self.vendor = server, vendor
        self.roles: dict[str, Behind] = {}
        for method in ("GET", "POST", "PUT", "DELETE"):
            server.on(method, ".*", self._answer)

    def add(self, role: str, player: Player) -> None:
        behind = Behind(f"{self.server.url}/as/{role}", 1000 * len(self.roles))
        player.serve(behind)
        if role == "painter" and self.vendor == "openai":
            openai_predictor.serve(behind)  # type: ignore[arg-type]
        if role == "painter" and self.vendor == "fal":
            fal.queue(f"{fal.DRAW}/edit", gemini.picture(336, 192), "image/png", fal.images)(behind)
        if role == "animator" and self.vendor == "fal":
            fal.queue("/fal-ai/veo3.1/fast/image-to-video", _CLIP, "video/mp4", _video)(behind)
        self.roles[role] = behind

    def _answer(self, request: Request) -> Answer:
        led = re.fullmatch(r"/as/(\w+)(/.*)", request.path)
        if led:
            request = Request(request.method, led.group(2), request.query, request.headers, request.body)
        for role, behind in self.roles.items():
            handler = behind.handler(request)
            if handler is None or (led.group(1) != role if led else not self._means(role, behind, request)):
                continue
            behind.answered.append(request)
            answer = handler(request)
            return answer.but(body=_CLIP) if answer.content_type == "video/mp4" else answer
        return Answer({"error": {"message": f"no such path: {request.method} {request.path}"}}, 404)

    def _means(self, role: str, behind: Behind, request: Request) -> bool:
        """Whether a request is for this role, where one path serves several."""
        if self.vendor == "gemini" and request.method == "POST" and request.path == gemini.INTERACT:
            model = str(request.json["model"])
            parts = (("listener", _LISTENS), ("voice", _SPEAKS), ("composer", _COMPOSES))
            return role == next((name for name, part in parts if part in model), "animator")
        if self.vendor == "luma":
            if request.method == "POST":
                return (role == "painter") is (request.json["type"] == "image")
            number = int(request.path.rpartition("-")[2])
            return behind.first_number < number <= behind.first_number + 1000
        return True


def _long_clip() -> bytes:
    """Six seconds of something that moves, in a size and at a rate that no film has."""
    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        stream.options = {"preset": "ultrafast"}
        for number in range(144):
            shade = np.full((96, 128, 3), 60, np.uint8)
            shade[20:60, number % 100 : number % 100 + 20] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")))
        container.mux(stream.encode(None))
    return data.getvalue()


_CLIP = _long_clip()


def _video(url: str) -> dict[str, Any]:
    return {"video": {"url": url}}


@contextmanager
def all_services() -> Iterator[Mapping[str, Front]]:
    """Every vendor's server, with the environment pointing there; only base addresses and keys are set."""
    fronts: dict[str, Front] = {}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setitem(stories.CHAPTER, "text", SHORT)
        for variable in [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL"))]:
            patch.delenv(variable)
        for role, vendors in players().items():
            for vendor, player in vendors.items():
                if vendor not in fronts:
                    fronts[vendor] = Front(stack.enter_context(Loopback()), vendor)
                if role != "prompter":
                    fronts[vendor].add(role, player)
                url = fronts[vendor].server.url + player.base_path
                patch.setenv(f"STORYREEL_{vendor.upper()}_BASE_URL", url)
                if player.key_variable:
                    patch.setenv(player.key_variable, KEY)
                player.hurry(patch, 60.0)
        yield fronts


Choice = tuple[tuple[str, str], ...]


def covering(factors: Mapping[str, Sequence[str]], apart: Sequence[tuple[str, str]] = ()) -> list[Choice]:
    """Choices in which every value of each factor meets every value of each other one, by a greedy search.

    Args:
        apart: pairs of factors whose values need not meet here, since they do elsewhere.
    """
    names = list(factors)
    apart_ = {frozenset(pair) for pair in apart}
    left = {
        ((one, a), (other, b))
        for one, other in combinations(names, 2)
        if frozenset((one, other)) not in apart_
        for a, b in product(factors[one], factors[other])
    }
    alone = {(name, value) for name in names for value in factors[name]}
    rows: list[Choice] = []
    while left or alone:
        row: dict[str, str] = {}
        if left:
            row |= dict(min(left))
        else:
            row |= dict([min(alone)])
        for name in names:
            if name not in row:
                row[name] = max(factors[name], key=_gain(name, names, row, left, alone))
        left -= {_ordered(names, one, other) for one, other in combinations(row.items(), 2)}
        alone -= set(row.items())
        rows.append(tuple((name, row[name]) for name in names))
    return rows


def _gain(
    name: str, names: Sequence[str], row: Mapping[str, str], left: set[Any], alone: set[tuple[str, str]]
) -> Callable[[str], tuple[int, bool, int]]:
    """How much a value adds: pairs that it meets for the first time, itself, and pairs it has still to meet."""

    def gain(value: str) -> tuple[int, bool, int]:
        met = sum(_ordered(names, (name, value), chosen) in left for chosen in row.items())
        return met, (name, value) in alone, sum((name, value) in pair for pair in left)

    return gain


def _ordered(names: Sequence[str], one: tuple[str, str], other: tuple[str, str]) -> Any:
    return (one, other) if names.index(one[0]) < names.index(other[0]) else (other, one)
