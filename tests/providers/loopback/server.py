"""A server on 127.0.0.1 that speaks a vendor's wire format: it records what it is asked and answers by script."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MEGABYTE = 2**20


@dataclass(frozen=True)
class Part:
    """One part of a multipart request; `filename` is None for a plain field."""

    name: str
    filename: str | None
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Request:
    """A request as it came; header names are lowercase."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def parts(self) -> list[Part]:
        head = b"Content-Type: " + self.headers["content-type"].encode() + b"\r\n\r\n"
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        assert message.is_multipart(), "the request is not multipart"
        return [
            Part(
                str(part.get_param("name", header="content-disposition")),
                part.get_filename(),
                part.get_content_type(),
                part.get_payload(decode=True) or b"",
            )
            for part in message.iter_parts()
        ]

    def fields(self, name: str) -> list[str]:
        """The values of a multipart field, as often as it stands there."""
        return [part.data.decode() for part in self.parts if part.name == name and part.filename is None]


@dataclass(frozen=True)
class Answer:
    """What the server says, or how it fails.

    Attributes:
        body: bytes as they are, text, or anything else as JSON.
        delay_s: how long it takes before it says anything.
        how: "whole"; "dripping", the whole in many pieces; "half" of the body and then a cut; "stall" after that half;
            "endless"; "nothing" and a cut.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay_s: float = 0.0
    how: str = "whole"

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()

    def but(self, **changes: Any) -> Answer:
        return replace(self, **changes)


Handler = Callable[[Request], Answer]


class Loopback:
    """The server; use it as a context manager. Safe for threads."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._at_once = 0
        self._handlers: list[tuple[str, re.Pattern[str], Handler]] = []
        self._scripts: list[tuple[str, re.Pattern[str], deque[Answer | Handler]]] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_class(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer requests whose path matches the whole pattern with `handler`; what was said last counts."""
        self._handlers.insert(0, (method, re.compile(pattern), handler))

    def script(self, method: str, pattern: str, *answers: Answer | Handler) -> None:
        """Answer the next such requests with these, one each, before the handlers."""
        self._scripts.append((method, re.compile(pattern), deque(answers)))

    def count(self, method: str, pattern: str) -> int:
        """How many such requests have come."""
        return len(self.asked(method, pattern))

    def asked(self, method: str, pattern: str) -> list[Request]:
        return [
            request
            for request in list(self.requests)
            if request.method == method and re.fullmatch(pattern, request.path)
        ]

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            chosen: Answer | Handler | None = None
            for method, pattern, answers in self._scripts:
                if answers and method == request.method and pattern.fullmatch(request.path):
                    chosen = answers.popleft()
                    break
        if isinstance(chosen, Answer):
            return chosen
        if chosen is not None:
            return chosen(request)
        for method, pattern, handler in self._handlers:
            if method == request.method and pattern.fullmatch(request.path):
                return handler(request)
        return Answer({"error": {"message": f"no such path: {request.method} {request.path}"}}, 404)

    def entered(self) -> None:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def left(self) -> None:
        with self._lock:
            self._at_once -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the plan."""


def _handler_class(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handling(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            loopback.entered()
            try:
                self._answer()
            finally:
                loopback.left()

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
            answer = loopback.answer(request)
            if answer.delay_s:
                loopback._stopping.wait(answer.delay_s)
            if answer.how == "nothing":
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("content-type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.how == "endless":
                self._endless()
                return
            data = answer.data
            if "content-length" not in answer.headers:
                self.send_header("content-length", str(len(data)))
            self.end_headers()
            if answer.how == "dripping":
                step = max(1, len(data) // 40)
                for at in range(0, len(data), step):
                    self.wfile.write(data[at : at + step])
                    self.wfile.flush()
                    time.sleep(0.003)
                return
            if answer.how == "whole":
                self.wfile.write(data)
                return
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
            if answer.how == "stall":
                loopback._stopping.wait(20)
            self.close_connection = True

        def _endless(self) -> None:
            self.close_connection = True
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            chunk = b"x" * MEGABYTE
            while not loopback._stopping.is_set():
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handling


def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait for something that another thread or process does."""
    end_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)
