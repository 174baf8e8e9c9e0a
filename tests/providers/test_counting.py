"""Words of a streamed answer are told while they come."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from loopback.stories import STORY
from loopback.vendors.openai_compatible import streamed
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.counting import WordCount
from storyreel.providers.services.openai_compatible import ollama_writer
from storyreel.story.model import Story
from storyreel.story.prompts import chapter_request

CHAPTER = {"title": "The Lamp", "text": "She climbed the stair. " * 40, "summary": "She climbs."}
ANSWER = streamed(json.dumps(CHAPTER)).data


class _Slow(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        for start in range(0, len(ANSWER), len(ANSWER) // 4 + 1):
            self.wfile.write(ANSWER[start : start + len(ANSWER) // 4 + 1])
            self.wfile.flush()
            time.sleep(0.15)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setenv("STORYREEL_OLLAMA_BASE_URL", f"http://127.0.0.1:{server.server_address[1]}/v1")
    yield
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_words_are_told_long_before_the_answer_is_whole(slow: None, project: Project) -> None:
    told: list[tuple[float, int]] = []
    with paying_from(ledger_of(project)):
        ollama_writer().write(
            chapter_request(Story.model_validate(STORY), 1, 2, 80),
            lambda count: told.append((time.monotonic(), count)),
        )
    counts = [count for _, count in told]
    assert counts == sorted(counts)
    assert counts[-1] >= 120
    assert len(counts) >= 3
    assert told[-1][0] - told[0][0] > 0.25


def test_an_attempt_that_broke_off_in_a_line_does_not_disturb_the_next() -> None:
    told: list[int] = []
    count = WordCount("x", lambda event: str(event["t"]), told.append)
    whole = b"".join(b"data: %b\n\n" % json.dumps({"t": part}).encode() for part in ('{"text": "', "so " * 30, '"}'))
    count(whole[:20])
    count(whole)
    count(whole)
    assert told == [30]
