"""Uploads to a server on loopback that speaks the resumable uploads of Google's JSON API, and keeps what it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import httpx
import pytest

from storyreel.errors import Cancelled, InputError, KeyRefused, ProviderBusy, StorageError
from storyreel.progress import Progress
from storyreel.recipes.upload import upload

MIB = 2**20
TOKEN, ACCOUNT = "a token for an hour", "films@example.iam.gserviceaccount.com"


@dataclass
class GoogleServer:
    """Buckets by name; an upload under way is known by its session's address alone.

    Attributes:
        received: how many bytes of blocks came in.
        status: answers every block with it, if not 0.
        takes: how much of a block is kept at most, as the service may.
        cut: breaks the connection off within the next block.
        spoil: tells another MD5 at the end.
        public_key: of the service account whose token and links it takes; None to ask for neither.
    """

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    sessions: dict[str, tuple[str, bytearray]] = field(default_factory=dict)
    received: int = 0
    status: int = 0
    takes: int = 2**40
    cut: bool = False
    spoil: bool = False
    public_key: Any = None


def _signed(public_key: Any, host: str, path: str, query: str) -> bool:
    """Whether a link holds: the "V4 signing process", read from the other side."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    signed, _, signature = query.rpartition("&X-Goog-Signature=")
    asked = dict(parse_qsl(signed))
    begun = datetime.strptime(asked["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if not 0 <= (datetime.now(UTC) - begun).total_seconds() < int(asked["X-Goog-Expires"]) <= 604_800:
        return False
    assert signed == "&".join(sorted(signed.split("&")))
    scope = asked["X-Goog-Credential"].removeprefix(f"{ACCOUNT}/")
    assert scope == f"{begun:%Y%m%d}/auto/storage/goog4_request"
    request = f"GET\n{path}\n{signed}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"GOOG4-RSA-SHA256\n{asked['X-Goog-Date']}\n{scope}\n{digest}"
    try:
        public_key.verify(bytes.fromhex(signature), text.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleServer]:
    server = GoogleServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            where = urlsplit(self.path)
            if server.public_key is None or not _signed(
                server.public_key, self.headers["Host"], where.path, where.query
            ):
                return self.answer(403)
            return self.answer(200, server.objects[unquote(where.path).removeprefix("/films/")])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/token":
                assert parse_qs(body.decode())["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
                told = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
                return self.answer(200, json.dumps(told).encode(), **{"Content-Type": "application/json"})
            if server.public_key is not None and self.headers["Authorization"] != f"Bearer {TOKEN}":
                return self.answer(401)
            where, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
            found = re.fullmatch(r"/upload/storage/v1/b/([^/]+)/o", where.path)
            assert found is not None
            assert query["uploadType"] == ["resumable"]
            if found[1] != "films":
                return self.answer(404)
            session = f"/session/{len(server.sessions) + 1}"
            server.sessions[session] = query["name"][0], bytearray()
            return self.answer(200, Location=server.url + session)

        def do_DELETE(self) -> None:
            server.sessions.pop(self.path)
            self.answer(499)

        def do_PUT(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if server.cut and length:
                server.cut = False
                data = self.rfile.read(MIB)
                server.sessions[self.path][1].extend(data)
                self.connection.close()
                self.close_connection = True
                return None
            data = self.rfile.read(length)
            if self.path not in server.sessions:
                return self.answer(410)
            if server.status and length:
                return self.answer(server.status)
            name, there = server.sessions[self.path]
            span, total = self.headers["Content-Range"].removeprefix("bytes ").split("/")
            if span != "*":
                first, last = map(int, span.split("-"))
                assert (first, last) == (len(there), len(there) + length - 1)
                assert length % (256 * 1024) == 0 or last + 1 == int(total)
                server.received += length
                there += data[: server.takes]
            if len(there) < int(total):
                return self.answer(308, **({"Range": f"bytes=0-{len(there) - 1}"} if there else {}))
            server.objects[name] = bytes(there)
            digest = hashlib.md5(b"" if server.spoil else there, usedforsecurity=False).digest()
            body = {"name": name, "size": str(len(there)), "md5Hash": base64.b64encode(digest).decode()}
            return self.answer(200, json.dumps(body).encode())

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
    yield server
    running.shutdown()
    running.server_close()
    thread.join()


def _stopped_after_8_mib() -> Progress:
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    return progress


def test_a_film_arrives_whole_and_one_that_was_stopped_goes_on(google, sent_film) -> None:
    project = sent_film(20 * MIB + 5)
    with pytest.raises(Cancelled):
        upload("lamp", "gs://films/out/", cache=project.cache, progress=_stopped_after_8_mib())
    assert google.objects == {}
    sent = upload("lamp", "gs://films/out/", cache=project.cache)
    assert (sent.target, sent.proof, sent.sent_bytes) == ("gs://films/out/lamp.mp4", "md5", 12 * MIB + 5)
    assert google.objects == {"out/lamp.mp4": project.path("film.mp4").read_bytes()}
    assert google.received == sent.size_bytes
    assert not list(project.path("uploads").iterdir())


def test_a_block_that_broke_off_goes_on_from_what_came(google, sent_film) -> None:
    project = sent_film(9 * MIB)
    google.cut = True
    sent = upload("lamp", "gs://films/a.mp4", cache=project.cache, public_url="https://films.example/")
    assert google.objects["a.mp4"] == project.path("film.mp4").read_bytes()
    assert sent.link == "https://films.example/a.mp4"


def test_a_service_that_keeps_less_than_it_was_sent_is_sent_the_rest(google, sent_film) -> None:
    project = sent_film(9 * MIB)
    google.takes = 3 * MIB
    upload("lamp", "gs://films/a.mp4", cache=project.cache)
    assert google.objects["a.mp4"] == project.path("film.mp4").read_bytes()


def test_a_film_made_anew_or_a_session_dropped_is_sent_anew(google, sent_film) -> None:
    for change in (lambda: sent_film(20 * MIB + 7), google.sessions.clear):
        project = sent_film(20 * MIB)
        with pytest.raises(Cancelled):
            upload("lamp", "gs://films/a.mp4", cache=project.cache, progress=_stopped_after_8_mib())
        change()
        upload("lamp", "gs://films/a.mp4", cache=project.cache)
        assert google.objects["a.mp4"] == project.path("film.mp4").read_bytes()


@pytest.mark.parametrize(("status", "error", "words"), [
    (401, KeyRefused, "gcloud auth application-default login"),
    (403, KeyRefused, "may not write to gs://films/a.mp4"),
    (503, ProviderBusy, "cannot take the film now"),
])  # fmt: skip
def test_what_the_service_refuses_is_a_sentence_and_the_film_stays(
    google, sent_film, status, error, words, monkeypatch
) -> None:
    monkeypatch.setattr("storyreel.publish.delivery.gcs.TRIES", 2)
    project = sent_film(MIB)
    google.status = status
    with pytest.raises(error, match=f"{words}.*the film is safe in"):
        upload("lamp", "gs://films/a.mp4", cache=project.cache)
    google.status = 0
    assert upload("lamp", "gs://films/a.mp4", cache=project.cache).size_bytes == MIB


def test_a_missing_bucket_a_spoilt_file_and_missing_credentials_are_told(
    google, sent_film, monkeypatch, tmp_path
) -> None:
    project = sent_film(MIB)
    with pytest.raises(InputError, match="there is no bucket 'elsewhere' at http://127"):
        upload("lamp", "gs://elsewhere/", cache=project.cache)
    google.spoil = True
    with pytest.raises(StorageError, match="holds another file"):
        upload("lamp", "gs://films/", cache=project.cache)
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(InputError, match="no credentials for Google Cloud Storage"):
        upload("lamp", "gs://films/", cache=project.cache)


@pytest.fixture
def account(google, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> GoogleServer:
    """The server as Google itself is, asked by a service account whose key file lies here."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65_537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    told = {"type": "service_account", "project_id": "films", "private_key_id": "1", "private_key": pem,
            "client_email": ACCOUNT, "client_id": "1", "token_uri": f"{google.url}/token"}  # fmt: skip
    (tmp_path / "key.json").write_text(json.dumps(told))
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    monkeypatch.setattr("storyreel.publish.delivery.gcs.HOST", google.url)
    google.public_key = key.public_key()
    return google


def test_a_service_accounts_key_sends_and_signs_a_link_that_gives_the_film_back(account, sent_film) -> None:
    project = sent_film(9 * MIB)
    sent = upload("lamp", "gs://films/my films/löwe & 1.mp4", cache=project.cache, link_time_s=3600)
    assert sent.link_expires_s == 3600
    fetched = httpx.get(sent.link)
    assert (fetched.status_code, fetched.content == project.path("film.mp4").read_bytes()) == (200, True)
    assert httpx.get(sent.link.replace("Expires=3600", "Expires=360000")).status_code == 403
    for path in project.folder.rglob("*"):
        assert (
            not path.is_file() or path.name == "film.mp4" or "Goog-Signature" not in path.read_text("utf-8", "replace")
        )


def test_why_there_is_no_link_is_said(google, sent_film) -> None:
    project, heard, progress = sent_film(100), list[str](), Progress()
    progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    assert upload("lamp", "gs://films/", cache=project.cache, progress=progress).link == ""
    assert "only a service account can sign one" in heard[-1]
    count = len(heard)
    assert upload("lamp", "gs://films/", cache=project.cache, link="none", progress=progress).link == ""
    assert len(heard) == count
    public = upload("lamp", "gs://films/", cache=project.cache, link="public", progress=progress)
    assert public.link == f"{google.url}/films/lamp.mp4"
    assert "may not be open to all" in heard[-1]
