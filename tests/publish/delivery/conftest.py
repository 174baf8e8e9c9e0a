"""An S3 server on loopback that keeps real objects and counts what is sent to it, and a film to send."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from storyreel.project import Project, Record
from storyreel.settings import Settings

MIB = 2**20


@dataclass
class S3Server:
    """Moto behind a gate.

    Attributes:
        parts: the numbers of the parts that were sent, in order of arrival.
        refuse: answers a request itself where it returns something.
        slow_s: how long the gate sleeps before it reads each 64 KiB of a part.
    """

    url: str = ""
    parts: list[int] = field(default_factory=list)
    refuse: Callable[[dict[str, Any]], tuple[int, str] | None] = lambda environ: None
    slow_s: float = 0.0

    def client(self) -> Any:
        import boto3

        return boto3.client("s3", endpoint_url=self.url, region_name="us-east-1")

    def through_gate(self, app: Any) -> Any:
        def gate(environ: dict[str, Any], start_response: Any) -> Any:
            query = parse_qs(environ["QUERY_STRING"])
            refused = self.refuse(environ)
            if refused is not None:
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                status, code = refused
                body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
                start_response(
                    f"{status} No", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
                )
                return [body]
            if environ["REQUEST_METHOD"] == "PUT" and "partNumber" in query:
                if self.slow_s:
                    left = int(environ["CONTENT_LENGTH"])
                    while left and (block := environ["wsgi.input"].read(min(left, 65536))):
                        left -= len(block)
                        time.sleep(self.slow_s)
                    start_response("408 Slow", [("Content-Length", "0"), ("Connection", "close")])
                    return [b""]
                self.parts.append(int(query["partNumber"][0]))
            return app(environ, start_response)

        return gate


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[S3Server]:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    server = S3Server()
    app = server.through_gate(DomainDispatcherApplication(create_backend_app))
    running = make_server("127.0.0.1", 0, app, threaded=True)
    server.url = f"http://127.0.0.1:{running.port}"
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield server
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def s3(_s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    import httpx

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIALOOPBACK00000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "loopback-secret-never-shown")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    httpx.post(f"{_s3_server.url}/moto-api/reset")
    _s3_server.parts.clear()
    _s3_server.client().create_bucket(Bucket="films")
    yield _s3_server
    _s3_server.slow_s, _s3_server.refuse = 0.0, lambda environ: None


@pytest.fixture
def sent_film(tmp_path: Path) -> Callable[[int], Project]:
    """A project whose finished film is as many bytes as asked for; what they say is nothing to an upload."""

    def make(size_bytes: int) -> Project:
        project = Project("lamp", tmp_path / "cache")
        project.save_record(Record(recipe="title", inputs={"title": "Lamp"}, crew={}, settings=Settings()))
        source = random.Random(5)
        with project.path("film.mp4").open("wb") as file:
            for _ in range(0, size_bytes, MIB):
                file.write(source.randbytes(min(MIB, size_bytes - file.tell())))
        return project

    return make
