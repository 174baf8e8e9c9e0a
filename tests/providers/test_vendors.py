"""What is one vendor's alone, beyond the contract that all of them keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from loopback.makings import flac, picture, tones
from loopback.server import Answer, Loopback
from loopback.stories import CHAPTER, STORY
from loopback.vendors import anthropic as anthropic_says
from loopback.vendors import bfl as bfl_says
from loopback.vendors import gemini as gemini_says
from loopback.vendors import groq as groq_says
from loopback.vendors import openai as openai_says
from loopback.vendors import openai_compatible as compatible_says
from loopback.wire import KEY
from storyreel.errors import AnswerUnknown, BadAnswer, InputError, ProviderBusy, ProviderError, ProviderRefused
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import AnimationRequest, ImageRequest, ListeningRequest, SpeechRequest
from storyreel.providers.services import bfl
from storyreel.story.model import Story
from storyreel.story.prompts import chapter_request


@pytest.fixture(autouse=True)
def _services(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, base in (("ANTHROPIC", ""), ("OPENAI", "/v1"), ("GROQ", ""), ("BFL", "")):
        monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", server.url + base)
        monkeypatch.setenv(f"{name}_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_GEMINI_BASE_URL", server.url)
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_OLLAMA_BASE_URL", f"{server.url}/v1")
    bfl_says.hurry(monkeypatch, 60.0)


class Asking:
    """Requests to a provider, written down in a project."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def story(self, name: str) -> Story:
        with paying_from(ledger_of(self.project), "write_story"):
            return openai_says.ask_writer(registry.provider("writer", name))

    def chapter(self, name: str, on_words: Any = lambda count: None) -> Any:
        with paying_from(ledger_of(self.project), "write_chapter"):
            request = chapter_request(Story.model_validate(STORY), 1, 2, 80)
            return registry.provider("writer", name).write(request, on_words)

    def picture(self, name: str, **request: Any) -> bytes:
        wanted = {"prompt": "a lamp", "width_px": 320, "height_px": 180, **request}
        with paying_from(ledger_of(self.project), "illustrate"):
            data: bytes = registry.provider("painter", name).draw(ImageRequest(**wanted))
            return data

    @property
    def spent_usd(self) -> Decimal:
        return ledger_of(self.project).spent_usd()


@pytest.fixture
def asking(project: Project) -> Asking:
    return Asking(project)


# ---- writers

WRITERS = {
    "anthropic": (anthropic_says.stream, ("POST", "/v1/messages")),
    "openai": (openai_says.written, ("POST", "/v1/responses")),
    "groq": (groq_says.completion, ("POST", groq_says.CHAT)),
}
writers = pytest.mark.parametrize("name", WRITERS)


@writers
def test_an_answer_out_of_bounds_is_mended_and_both_are_paid_once(asking: Asking, server: Loopback, name: str) -> None:
    say, path = WRITERS[name]
    short = {**STORY, "genres": ["drama"]}
    server.script(*path, say(json.dumps(short)), say(json.dumps(STORY)))
    assert asking.story(name) == asking.story(name) == Story.model_validate(STORY)
    assert server.count(*path) == 2
    mended = json.dumps(server.asked(*path)[1].json)
    assert "cannot be read" in mended
    assert "genres" in mended


@writers
def test_an_answer_that_stays_wrong_is_asked_for_anew_by_the_next_run_only(
    asking: Asking, server: Loopback, name: str
) -> None:
    say, path = WRITERS[name]
    server.script(*path, say("{}"), say("{}"), say(json.dumps(STORY)))
    with pytest.raises(BadAnswer, match="run again to ask anew"):
        asking.story(name)
    assert server.count(*path) == 2
    spent = asking.spent_usd
    assert asking.story(name) == Story.model_validate(STORY)
    assert server.count(*path) == 3
    assert asking.spent_usd > spent > 0


@pytest.mark.parametrize(
    ("name", "path", "say"),
    [
        ("anthropic", "/v1/messages", anthropic_says.stream),
        ("openai", "/v1/responses", openai_says.written),
        ("gemini", gemini_says.WRITE, gemini_says.written),
        ("ollama", "/v1/chat/completions", compatible_says.streamed),
    ],
)
def test_words_are_told_while_a_model_writes(
    asking: Asking, server: Loopback, name: str, path: str, say: Callable[[str], Answer]
) -> None:
    chapter = {**CHAPTER, "text": CHAPTER["text"] * 8}
    server.script("POST", path, say(json.dumps(chapter)).but(how="dripping"))
    noted: list[str] = []
    asking.project.progress.listen(lambda event: noted.append(event.message) if event.kind == "noted" else None)
    counts: list[int] = []
    asking.chapter(name, counts.append)
    words = len(chapter["text"].split())
    assert counts == sorted(counts)
    assert words - 60 <= counts[-1] <= words
    assert len(counts) >= 4
    assert noted[-1] == f"{name}: {counts[-1]} words"


def test_claude_that_is_overloaded_before_a_word_is_asked_again(asking: Asking, server: Loopback) -> None:
    broken = ("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})
    before = Answer(anthropic_says.events(broken), content_type="text/event-stream")
    server.script("POST", "/v1/messages", before, anthropic_says.stream(json.dumps(STORY)))
    assert asking.story("anthropic") == Story.model_validate(STORY)
    assert server.count("POST", "/v1/messages") == 2


def test_claude_that_breaks_off_in_a_sentence_may_have_charged(asking: Asking, server: Loopback) -> None:
    started = ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": '{"title": '}})
    broken = ("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})
    server.script(
        "POST", "/v1/messages", Answer(anthropic_says.events(started, broken), content_type="text/event-stream")
    )
    with pytest.raises(AnswerUnknown):
        asking.story("anthropic")
    assert server.count("POST", "/v1/messages") == 1


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("anthropic", anthropic_says.stream('{"title": "The', "max_tokens")),
        (
            "openai",
            openai_says.stream(
                openai_says.response(
                    '{"title": "The', "incomplete", incomplete_details={"reason": "max_output_tokens"}
                ),
                "response.incomplete",
            ),
        ),
        ("groq", groq_says.completion('{"title": "The', "length")),
    ],
)
def test_an_answer_cut_at_its_most_tokens_is_said_and_not_bought_again(
    asking: Asking, server: Loopback, name: str, cut: Answer
) -> None:
    _, path = WRITERS[name]
    server.script(*path, cut)
    for _ in range(2):
        with pytest.raises(BadAnswer, match="ask for less"):
            asking.story(name)
    assert server.count(*path) == 1


@pytest.mark.parametrize(
    "filtered",
    [
        openai_says.stream(
            openai_says.response("", "incomplete", incomplete_details={"reason": "content_filter"}),
            "response.incomplete",
        ),
        openai_says.stream(
            openai_says.response("", "failed", error={"code": "bio_policy", "message": "No."}), "response.failed"
        ),
    ],
)
def test_openais_filters_are_refusals(asking: Asking, server: Loopback, filtered: Answer) -> None:
    server.script("POST", "/v1/responses", filtered)
    with pytest.raises(ProviderRefused):
        asking.story("openai")


def test_openai_that_fails_before_a_word_is_asked_again_and_after_one_is_not(asking: Asking, server: Loopback) -> None:
    failed = openai_says.response("", "failed", error={"code": "server_error", "message": "Oops"})
    openai_says.serve_writer(server)
    server.script("POST", "/v1/responses", openai_says.stream(failed, "response.failed"))
    assert asking.story("openai") == Story.model_validate(STORY)
    assert server.count("POST", "/v1/responses") == 2
    server.script("POST", "/v1/responses", openai_says.stream(failed, "response.failed", text='{"title"'))
    with pytest.raises(AnswerUnknown):
        asking.chapter("openai")


UNFIT = Answer(
    {
        "error": {
            "message": "Generated JSON does not match the expected schema. Please adjust your prompt.",
            "type": "invalid_request_error", "code": "json_validate_failed", "failed_generation": '{"title": "The',
        }
    },
    400,
)  # fmt: skip


def test_an_answer_that_groq_itself_finds_unfit_is_mended(asking: Asking, server: Loopback) -> None:
    server.script("POST", groq_says.CHAT, UNFIT, groq_says.completion(json.dumps(STORY)))
    assert asking.story("groq:qwen/qwen3.6-27b") == Story.model_validate(STORY)
    first, second = (request.json for request in server.asked("POST", groq_says.CHAT))
    assert first["response_format"]["json_schema"]["strict"] is False  # that model's answers are not held to a schema
    assert [message["content"] for message in second["messages"][2:3]] == ['{"title": "The']
    assert "cannot be read" in second["messages"][3]["content"]
    assert asking.story("groq:qwen/qwen3.6-27b") == Story.model_validate(STORY)
    assert server.count("POST", groq_says.CHAT) == 2


def test_what_else_groq_says_with_status_400_is_told(asking: Asking, server: Loopback) -> None:
    server.script("POST", groq_says.CHAT, *[Answer(body, 400) for body in ({"error": "no"}, [], "<html>")])
    for _ in range(3):
        with pytest.raises(ProviderError, match="not accepted"):
            asking.story("groq")
    assert ledger_of(asking.project).undecided() == ()


def test_groq_that_filters_refuses(asking: Asking, server: Loopback) -> None:
    server.script("POST", groq_says.CHAT, groq_says.completion(None, "content_filter"))
    with pytest.raises(ProviderRefused):
        asking.story("groq")


def test_a_models_dated_version_is_kept_in_the_receipt(asking: Asking, server: Loopback) -> None:
    anthropic_says.serve(server)
    with paying_from(ledger_of(asking.project), "write_story") as place:
        anthropic_says.ask(registry.provider("writer", "anthropic"))
    (receipt,) = place.receipts
    assert (receipt.model, receipt.request) == ("claude-sonnet-5-5-20261001", "req_011")


# ---- pictures


@pytest.mark.parametrize("name", ["openai", "bfl", "bfl:flux-3-image", "bfl:flux-2-pro"])
def test_another_seed_buys_another_picture_even_where_none_is_taken(
    asking: Asking, server: Loopback, name: str
) -> None:
    openai_says.serve_painter(server)
    bfl_says.serve(server)
    bfl_says.jobs("/v1/flux-3-image", picture(1024, 576), "image/png", 4.8)(server)
    for seed in (1, 2, 1):
        asking.picture(name, seed=seed)
    creates = [request for request in server.requests if request.method == "POST"]
    assert len(creates) == 2
    if "seed" not in creates[0].json:
        assert creates[0].json == creates[1].json


def test_flux_3_gets_no_field_that_it_would_refuse(asking: Asking, server: Loopback) -> None:
    bfl_says.jobs("/v1/flux-3-image", picture(1024, 576), "image/png", 4.8)(server)
    asking.picture("bfl:flux-3-image", width_px=1080, height_px=1920, seed=7)
    (request,) = server.asked("POST", "/v1/flux-3-image")
    assert request.json == {"prompt": "a lamp", "aspect_ratio": "9:16", "resolution": "2k", "grounding": False}


def test_flux_is_asked_where_it_says_and_nowhere_it_must_not(asking: Asking, server: Loopback) -> None:
    bfl_says.serve(server)
    with Loopback() as elsewhere:
        told = {"id": "job-1", "polling_url": f"{elsewhere.url}/v1/get_result?id=job-1", "cost": 3.0}
        server.script("POST", "/v1/flux-2-pro", Answer(told))
        with pytest.raises(AnswerUnknown, match="not one of the service's own"):
            asking.picture("bfl")
        assert elsewhere.requests == []


def test_flux_tells_in_its_answer_how_long_to_wait(asking: Asking, server: Loopback) -> None:
    bfl_says.serve(server)
    busy = {"error": "rate_limit_exceeded", "message": "Too many concurrent requests"}
    server.script("POST", "/v1/flux-2-pro", Answer({**busy, "retry_after": 3000}, 429))
    with pytest.raises(ProviderBusy, match="3000 s"):
        asking.picture("bfl")
    assert bfl.wait_told({**busy, "retry_after": 5}) == 5.0
    assert [bfl.wait_told(body) for body in (busy, {"retry_after": "soon"}, None)] == [None, None, None]


def test_a_picture_that_flux_drew_and_held_back_is_charged_and_not_drawn_again(
    asking: Asking, server: Loopback
) -> None:
    bfl_says.serve(server)
    server.script("GET", bfl_says.POLL, bfl_says.state("Content Moderated"))
    for _ in range(2):
        with pytest.raises(ProviderRefused):
            asking.picture("bfl")
    assert server.count("POST", "/v1/flux-2-pro") == 1
    assert asking.spent_usd == Decimal("0.03")


def test_a_failed_flux_job_is_read_before_its_status_code(asking: Asking, server: Loopback) -> None:
    bfl_says.serve(server)
    server.script("GET", bfl_says.POLL, bfl_says.state("Request Moderated").but(status=503))
    with pytest.raises(ProviderRefused):
        asking.picture("bfl")
    assert server.count("GET", bfl_says.POLL) == 1


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1920, 1080), "fhd"), ((1080, 1920), "fhd"), ((640, 360), "hd"), ((2560, 1440), "qhd"), ((3840, 2160), "uhd")],
)
def test_flux_video_is_asked_for_in_the_next_resolution(size: tuple[int, int], expected: str) -> None:
    frame = picture(16, 16)
    body = bfl.clip_to_wire(AnimationRequest("x", frame, None, 30.0, *size))
    assert (body["resolution"], body["duration"], len(body["keyframes"])) == (expected, 20, 1)


def test_other_video_models_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="flux-3-video"):
        registry.provider("animator", "bfl:flux-2-pro")


# ---- voices and listeners


def test_a_long_text_is_spoken_in_pieces_and_joined(project: Project, server: Loopback) -> None:
    openai_says.serve_voice(server)
    text = " ".join(f"The lamp went out for the {number}th time and nobody moved." for number in range(150))
    with paying_from(ledger_of(project), "speak") as place:
        speech = registry.provider("voice", "openai").speak(SpeechRequest(text))
    said = [request.json["input"] for request in server.requests]
    assert len(said) > 1
    assert all(len(piece) <= 4096 for piece in said)
    assert " ".join(said) == text
    assert len(place.receipts) == len(said)
    assert len(speech.samples) == round(24_000 * (3.3 * len(said) + 0.25 * (len(said) - 1)))


def test_scripts_of_many_tokens_are_spoken_in_shorter_pieces(project: Project, server: Loopback) -> None:
    """The model reads 2,000 tokens, which four thousand Japanese letters pass."""
    openai_says.serve_voice(server)
    with paying_from(ledger_of(project), "speak"):
        registry.provider("voice", "openai").speak(SpeechRequest("灯台の明かりが消えた。" * 200, language="ja"))
    said = [request.json["input"] for request in server.requests]
    assert max(map(len, said)) <= 900
    assert "".join(said).count("灯台") == 200


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("openai", "gpt-4o-mini-tts/marin"),
        ("openai:cedar", "gpt-4o-mini-tts/cedar"),
        ("openai:tts-1-hd/onyx", "tts-1-hd/onyx"),
    ],
)
def test_a_voice_may_be_named_by_itself_or_with_its_model(name: str, model: str) -> None:
    voice = registry.provider("voice", name)
    assert voice.model == model
    assert "2027-01-06" in voice.notice


@pytest.mark.parametrize("sound", [b"fLaC" + bytes(100), flac(np.zeros(2400, np.float32)), picture()])
def test_a_sound_that_is_damaged_or_silent_is_not_kept(project: Project, server: Loopback, sound: bytes) -> None:
    server.script("POST", "/v1/audio/speech", Answer(sound, content_type="audio/flac"))
    with paying_from(ledger_of(project), "speak"), pytest.raises(AnswerUnknown):
        registry.provider("voice", "openai").speak(SpeechRequest("Hello there."))


def test_a_transcript_without_word_times_is_no_answer(project: Project, server: Loopback) -> None:
    server.script("POST", groq_says.LISTEN, Answer(openai_says.transcript(words=False)))
    with paying_from(ledger_of(project), "transcribe"), pytest.raises(AnswerUnknown, match="no times"):
        openai_says.ask_listener(registry.provider("listener", "groq"))


def test_silence_is_heard_as_no_words(project: Project, server: Loopback) -> None:
    server.script("POST", groq_says.LISTEN, Answer({"text": "", "language": "en", "words": [], "segments": []}))
    with paying_from(ledger_of(project), "transcribe"):
        heard = openai_says.ask_listener(registry.provider("listener", "groq"))
    assert heard.words == ()


def test_fillers_are_asked_for_where_they_are_wanted(project: Project, server: Loopback) -> None:
    groq_says.serve_listener(server)
    listener = registry.provider("listener", "groq")
    with paying_from(ledger_of(project), "transcribe"):
        for verbatim in (True, False):
            listener.hear(ListeningRequest(tones((0, 1), length_s=1, rate_hz=16_000), 16_000, verbatim=verbatim))
    first, second = server.requests
    assert "Um" in first.fields("prompt")[0]
    assert second.fields("prompt") == []
    assert first.fields("language") == []


def test_only_whisper_tells_word_times_at_openai() -> None:
    assert "2027-02-26" in registry.provider("listener", "openai").notice  # and it ends
    with pytest.raises(BadAnswer, match="whisper-1"):
        registry.provider("listener", "openai:gpt-4o-transcribe")


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("anthropic:claude-3-5-haiku-20241022", "claude-haiku-5-5"),
        ("anthropic:claude-3-7-sonnet-latest", "claude-sonnet-5-5"),
        ("anthropic:claude-3-opus-20240229", "claude-opus-5-5"),
        ("anthropic:claude-opus-4-20250514", "claude-opus-5-5"),
        ("anthropic:claude-sonnet-4-5-20250929", "claude-sonnet-5-5"),
        ("openai:gpt-4-0613", "gpt-6.1-sol"),
        ("openai:gpt-5-mini-2025-08-07", "gpt-6-luna"),
        ("openai:o3-2025-04-16", "gpt-6.1-sol"),
    ],
)
def test_a_dated_version_of_a_retired_model_is_replaced_too(name: str, model: str) -> None:
    writer = registry.provider("writer", name)
    assert writer.model == model
    assert f"no longer has {name.partition(':')[2]}" in writer.notice


@pytest.mark.parametrize(
    "name",
    ["anthropic:claude-opus-5-5-20261001", "anthropic:claude-haiku-4-5-20251001", "openai:gpt-4o-2024-08-06",
     "openai:gpt-4.1-2025-04-14", "openai:gpt-6.1-sol-2026-09-01"],
)  # fmt: skip
def test_a_dated_version_of_a_living_model_stays(name: str) -> None:
    writer = registry.provider("writer", name)
    assert (writer.model, writer.notice) == (name.partition(":")[2], "")


def test_the_recogniser_groq_retired_is_replaced_by_its_successor() -> None:
    listener = registry.provider("listener", "groq:distil-whisper-large-v3-en")
    assert listener.model == "whisper-large-v3-turbo"
    assert "distil-whisper-large-v3-en" in listener.notice
