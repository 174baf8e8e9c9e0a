"""Uploads to a server on loopback that speaks Azure's Blob service, checks its signatures, keeps what it is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import Cancelled, DiskFull, InputError, KeyRefused, ProviderBusy, StorageError, StoryreelError
from storyreel.progress import Progress
from storyreel.publish.delivery.azure import MOST_BLOCKS
from storyreel.publish.delivery.sending import SMALLEST_PIECE_BYTES, piece_size
from storyreel.recipes.upload import upload

MIB = 2**20
ACCOUNT = "filmsaccount"
KEY = base64.b64encode(b"the account's key, never shown").decode()
TOKEN = "whoever-signed-in"
DELEGATED = {
    "SignedOid": "0a", "SignedTid": "0b", "SignedStart": "2026-01-01T00:00:00Z", "SignedExpiry": "2099-01-01T00:00:00Z",
    "SignedService": "b", "SignedVersion": "2020-12-06", "Value": KEY,
}  # fmt: skip
WRONG_KEY = base64.b64encode(b"the key of somebody else").decode()
_SIGNED = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
           "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")  # fmt: skip


@dataclass
class AzureServer:
    """One account with a container called "films".

    Attributes:
        blobs: the blocks of each finished file, in order, as (name, bytes).
        headers: what was said of each finished file.
        waiting: blocks that belong to no finished file, by file and name.
        taken: the name of every block that came in, in order.
        refuse: answers every block with this status and code, where there is one.
        slow_s: how long it sleeps before it reads each 64 KiB of a block.
        cut: breaks the connection off within the next block.
        swap: puts the first block of a file last, as a faulty service might.
        no_delegation: gives whoever is signed in no key to sign links with.
    """

    url: str = ""
    blobs: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    waiting: dict[str, dict[str, bytes]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    refuse: tuple[int, str] | None = None
    slow_s: float = 0.0
    cut: bool = False
    swap: bool = False
    no_delegation: bool = False

    def content(self, blob: str) -> bytes:
        return b"".join(data for _, data in self.blobs[blob])

    @property
    def connection(self) -> str:
        return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={self.url}/{ACCOUNT}"


def _hmac(text: str) -> str:
    return base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), "sha256")).decode()


def _authorised(method: str, target: str, headers: dict[str, str]) -> bool:
    """Shared Key, as "Authorize with Shared Key" has it; or a service SAS that reads one blob."""
    where = urlsplit(target)
    query = sorted((name.lower(), value) for name, value in parse_qsl(where.query, keep_blank_values=True))
    if "authorization" not in headers:
        return method == "GET" and _reads(unquote(where.path), dict(query))
    if headers["authorization"].startswith("Bearer "):
        return headers["authorization"] == f"Bearer {TOKEN}"
    length = headers.get("content-length", "")
    standard = {**headers, "content-length": "" if length == "0" else length}
    lines = [method, *(standard.get(name, "") for name in _SIGNED)]
    lines += [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-ms-")]
    lines.append(f"/{ACCOUNT}{where.path}")
    lines += [f"{name}:{value}" for name, value in query]
    signature = _hmac("\n".join(lines))
    return hmac.compare_digest(headers["authorization"], f"SharedKey {ACCOUNT}:{signature}")


def _reads(path: str, query: dict[str, str]) -> bool:
    """Whether a service SAS of version 2020-12-06 or later lets its owner read the blob at a path."""
    if "skoid" in query:  # signed by whoever is signed in: its signature is the SDK's, and not checked here
        return query["sr"] == "b" and (query["skoid"], query["sktid"]) == (
            DELEGATED["SignedOid"],
            DELEGATED["SignedTid"],
        )
    if query.get("sr") != "b" or "r" not in query.get("sp", "") or query["sv"] < "2020-12-06":
        return False
    names = ("sp", "st", "se", "", "si", "sip", "spr", "sv", "sr", "", "ses", "rscc", "rscd", "rsce", "rscl", "rsct")
    fields = [query.get(name, "") if name else "" for name in names]
    fields[3] = f"/blob{path}"
    in_time = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()) < query["se"]
    return in_time and hmac.compare_digest(query["sig"], _hmac("\n".join(fields)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept: AzureServer

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        with suppress(ConnectionError):  # the client may have had enough
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

    def refuse(self, status: int, code: str) -> None:
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self.answer(status, body, x_ms_error_code=code, Content_Type="application/xml")

    def asked(self) -> tuple[str, dict[str, str]] | None:
        """The blob and the query; None where the request was refused."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not _authorised(self.command, self.path, headers):
            self.refuse(403, "AuthenticationFailed")
            return None
        where = urlsplit(self.path)
        account, container, blob = unquote(where.path).lstrip("/").split("/", 2)
        assert account == ACCOUNT
        if container != "films":
            self.refuse(404, "ContainerNotFound")
            return None
        return blob, dict(parse_qsl(where.query))

    def do_PUT(self) -> None:
        kept, length = self.kept, int(self.headers.get("Content-Length") or 0)
        is_block = "comp=block&" in f"{urlsplit(self.path).query}&"
        if is_block and kept.cut:
            kept.cut = False
            self.rfile.read(MIB)
            self.connection.close()
            self.close_connection = True
            return
        data = b""
        while kept.slow_s and is_block and len(data) < length and (some := self.rfile.read(min(65_536, length))):
            data += some
            time.sleep(kept.slow_s)
        data = data or self.rfile.read(length)
        if (found := self.asked()) is None:
            return
        blob, query = found
        if is_block and kept.refuse:
            return self.refuse(*kept.refuse)
        if is_block:
            if self.headers["Content-MD5"] != base64.b64encode(hashlib.md5(data).digest()).decode():
                return self.refuse(400, "Md5Mismatch")
            name = base64.b64decode(query["blockid"]).decode()
            if {len(other) for other in kept.waiting.get(blob, ())} - {len(name)}:
                return self.refuse(400, "InvalidBlobOrBlock")
            kept.waiting.setdefault(blob, {})[name] = data
            kept.taken.append(name)
            return self.answer(201)
        assert query["comp"] == "blocklist"
        there = dict(kept.blobs.get(blob, ())) | kept.waiting.get(blob, {})
        names = [base64.b64decode(each.text or "").decode() for each in ElementTree.fromstring(data)]
        if set(names) - set(there):
            return self.refuse(400, "InvalidBlockList")
        names = names[1:] + names[:1] if kept.swap else names
        kept.blobs[blob] = [(name, there[name]) for name in names]
        kept.headers[blob] = dict(self.headers.items())
        kept.waiting.pop(blob, None)
        return self.answer(201, ETag='"0x1"')

    def do_POST(self) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        self.rfile.read(int(self.headers["Content-Length"]))
        assert (query["restype"], query["comp"]) == ("service", "userdelegationkey")
        if self.headers["Authorization"] != f"Bearer {TOKEN}" or self.kept.no_delegation:
            return self.refuse(403, "AuthorizationPermissionMismatch")
        root = ElementTree.Element("UserDelegationKey")
        for name, value in DELEGATED.items():
            ElementTree.SubElement(root, name).text = value
        return self.answer(
            200, ElementTree.tostring(root, "utf-8", xml_declaration=True), Content_Type="application/xml"
        )

    def do_GET(self) -> None:
        if (found := self.asked()) is None:
            return None
        blob, query = found
        if query.get("comp") != "blocklist":
            return self.answer(200, self.kept.content(blob), Content_Type="video/mp4")
        committed, waiting = self.kept.blobs.get(blob), self.kept.waiting.get(blob)
        if committed is None and waiting is None:
            return self.refuse(404, "BlobNotFound")
        root = ElementTree.Element("BlockList")
        for tag, blocks in (("CommittedBlocks", committed or []), ("UncommittedBlocks", (waiting or {}).items())):
            if query.get("blocklisttype", "committed").lower() not in (tag.lower().removesuffix("blocks"), "all"):
                continue
            listed = ElementTree.SubElement(root, tag)
            for name, data in blocks:
                block = ElementTree.SubElement(listed, "Block")
                ElementTree.SubElement(block, "Name").text = base64.b64encode(name.encode()).decode()
                ElementTree.SubElement(block, "Size").text = str(len(data))
        return self.answer(
            200, ElementTree.tostring(root, "utf-8", xml_declaration=True), Content_Type="application/xml"
        )


@contextmanager
def _running(server: AzureServer, tls: ssl.SSLContext | None = None) -> Iterator[AzureServer]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"kept": server}))
    if tls is not None:
        running.socket = tls.wrap_socket(running.socket, server_side=True)
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield server
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[AzureServer]:
    for name in list(os.environ):
        if name.startswith("AZURE_"):
            monkeypatch.delenv(name)
    with _running(AzureServer()) as server:
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", server.connection)
        yield server


@dataclass
class _SignedIn:
    """As azure-identity's credentials are."""

    somebody: bool = True

    def get_token(self, *scopes: str, **more: object) -> object:
        from azure.core.credentials import AccessToken
        from azure.core.exceptions import ClientAuthenticationError

        if not self.somebody:
            raise ClientAuthenticationError("nobody: tried everything")
        assert scopes == ("https://storage.azure.com/.default",)
        return AccessToken(TOKEN, int(time.time()) + 3600)


def _stopped_after_8_mib() -> Progress:
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    return progress


def _warnings(progress: Progress) -> list[str]:
    heard: list[str] = []
    progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    return heard


def test_a_film_arrives_whole_and_its_signed_link_gives_it_back(azure, sent_film) -> None:
    project = sent_film(20 * MIB + 123)
    film = project.path("film.mp4").read_bytes()
    sent = upload("lamp", "az://films/my films/löwe.mp4", cache=project.cache)
    assert (sent.target, sent.proof, sent.sent_bytes) == ("az://films/my films/löwe.mp4", "parts", 20 * MIB + 123)
    assert azure.content("my films/löwe.mp4") == film
    said = azure.headers["my films/löwe.mp4"]
    assert said["x-ms-blob-content-type"] == "video/mp4"
    assert base64.b64decode(said["x-ms-blob-content-md5"]) == hashlib.md5(film).digest()
    assert said["x-ms-meta-sha256"] == sent.sha256
    fetched = httpx.get(sent.link)
    assert (fetched.status_code, fetched.content == film) == (200, True)
    assert httpx.get(sent.link.replace("sp=r", "sp=rw")).status_code == 403
    assert httpx.get(sent.link.partition("?")[0]).status_code == 403
    assert sent.link_expires_s == 7 * 24 * 3600


def test_200_mb_killed_half_way_go_on_and_no_block_is_sent_twice(azure, sent_film) -> None:
    size = 200_000_000
    project = sent_film(size)
    command = [sys.executable, "-m", "storyreel", "upload", "lamp", "az://films/big.mp4", "--cache", str(project.cache)]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 120
    while len(azure.taken) < 12 and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    time.sleep(0.5)  # what the server was still reading
    assert 12 <= len(azure.taken) < 20, "it was to be killed half-way"
    assert azure.blobs == {}
    second = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert second.returncode == 0, second.stderr
    assert "checked (parts)" in second.stdout
    assert set(Counter(azure.taken).values()) == {1}
    assert len(azure.taken) == -(-size // (8 * MIB))
    assert azure.content("big.mp4") == project.path("film.mp4").read_bytes()
    assert KEY not in second.stdout + second.stderr


def test_a_film_that_was_stopped_goes_on_without_any_notes_on_this_machine(azure, sent_film) -> None:
    project = sent_film(56 * MIB + 5)
    with pytest.raises(Cancelled):
        upload("lamp", "az://films/a.mp4", cache=project.cache, progress=_stopped_after_8_mib())
    before = len(azure.taken)
    assert 1 <= before < 8
    assert not project.path("uploads").exists()
    sent = upload("lamp", "az://films/a.mp4", cache=project.cache)
    assert len(azure.taken) == 8
    assert sent.sent_bytes < sent.size_bytes
    assert azure.content("a.mp4") == project.path("film.mp4").read_bytes()
    assert upload("lamp", "az://films/a.mp4", cache=project.cache).sent_bytes == 0, "all of it is there"


def test_a_film_made_anew_takes_no_block_of_the_old_one(azure, sent_film) -> None:
    project = sent_film(20 * MIB)
    with pytest.raises(Cancelled):
        upload("lamp", "az://films/a.mp4", cache=project.cache, progress=_stopped_after_8_mib())
    with project.path("film.mp4").open("r+b") as file:
        file.write(b"another first block")
    upload("lamp", "az://films/a.mp4", cache=project.cache)
    assert azure.content("a.mp4") == project.path("film.mp4").read_bytes()


def test_a_block_that_broke_off_is_sent_again(azure, sent_film) -> None:
    project = sent_film(9 * MIB)
    azure.cut = True
    upload("lamp", "az://films/a.mp4", cache=project.cache)
    assert azure.content("a.mp4") == project.path("film.mp4").read_bytes()


@pytest.mark.parametrize(("refusal", "error", "words"), [
    ((403, "AuthorizationPermissionMismatch"), KeyRefused, "may not write to az://films/a.mp4"),
    ((401, "NoAuthenticationInformation"), KeyRefused, "does not accept the credentials"),
    ((507, "InsufficientStorage"), DiskFull, "has no room left"),
    ((503, "ServerBusy"), ProviderBusy, "cannot take the film now"),
    ((400, "InvalidBlobOrBlock"), InputError, "another program's file or unfinished upload"),
    ((404, "ContainerNotFound"), InputError, "there is no container 'films'"),
])  # fmt: skip
def test_what_the_service_refuses_is_a_sentence_and_the_film_stays(
    azure, sent_film, refusal, error: type[StoryreelError], words, monkeypatch
) -> None:
    monkeypatch.setattr("storyreel.publish.delivery.azure.TRIES", 2)
    project = sent_film(MIB)
    before = project.path("film.mp4").read_bytes()
    azure.refuse = refusal
    with pytest.raises(error, match=f"{words}.*the film is safe in") as refused:
        upload("lamp", "az://films/a.mp4", cache=project.cache)
    assert KEY not in str(refused.value)
    assert project.path("film.mp4").read_bytes() == before
    azure.refuse = None
    assert upload("lamp", "az://films/a.mp4", cache=project.cache).size_bytes == MIB


def test_wrong_and_missing_credentials_are_a_sentence_without_them(azure, sent_film, monkeypatch) -> None:
    project = sent_film(100)
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azure.connection.replace(KEY, WRONG_KEY))
    with pytest.raises(KeyRefused, match=r"does not accept the credentials \(AuthenticationFailed\)") as refused:
        upload("lamp", "az://films/", cache=project.cache)
    assert WRONG_KEY not in str(refused.value)
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", f"AccountKey;{KEY}")
    with pytest.raises(InputError, match="copy it once more") as refused:
        upload("lamp", "az://films/", cache=project.cache)
    assert KEY not in str(refused.value)
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    with pytest.raises(InputError, match="set AZURE_STORAGE_CONNECTION_STRING, or"):
        upload("lamp", "az://films/", cache=project.cache)
    with pytest.raises(InputError, match="has no use for acount_name"):
        upload("lamp", "az://films/", cache=project.cache, options={"acount_name": "films"})


def test_a_missing_container_a_slow_link_and_no_service_are_told(azure, sent_film) -> None:
    project = sent_film(9 * MIB)
    with pytest.raises(InputError, match="there is no container 'elsewhere' at 127"):
        upload("lamp", "az://elsewhere/", cache=project.cache)
    azure.slow_s = 0.2
    began = time.monotonic()
    with pytest.raises(ProviderBusy, match=r"too slow.*the film is safe in"):
        upload("lamp", "az://films/", cache=project.cache, part_time_s=1.0)
    assert time.monotonic() - began < 30
    options = {"connection_string": azure.connection.replace(azure.url, "http://127.0.0.1:9")}
    with pytest.raises(ProviderBusy, match=r"127\.0\.0\.1:9\S* cannot be made"):
        upload("lamp", "az://films/", cache=project.cache, options=options)


def test_what_was_put_together_otherwise_is_not_called_delivered(azure, sent_film) -> None:
    project = sent_film(9 * MIB)
    azure.swap = True
    with pytest.raises(StorageError, match="holds another file"):
        upload("lamp", "az://films/", cache=project.cache)


def test_a_link_is_public_or_none_or_why_there_is_none_is_said(azure, sent_film, monkeypatch) -> None:
    project = sent_film(100)
    assert upload("lamp", "az://films/", cache=project.cache, link="none").link == ""
    base = upload("lamp", "az://films/out/", cache=project.cache, public_url="https://films.example/")
    assert (base.link, base.link_expires_s) == ("https://films.example/out/lamp.mp4", 0)
    progress = Progress()
    heard = _warnings(progress)
    public = upload("lamp", "az://films/", cache=project.cache, link="public", progress=progress)
    assert public.link == f"{azure.url}/{ACCOUNT}/films/lamp.mp4"
    assert "may not be open to all" in heard[-1]


def test_without_a_key_it_is_whoever_is_signed_in(azure, sent_film, monkeypatch, certificate) -> None:
    project = sent_film(100)
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    cert, key = certificate
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", lambda **_: _SignedIn())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    with _running(AzureServer(), tls) as server:
        options = {"account_name": ACCOUNT, "account_url": f"{server.url}/{ACCOUNT}"}
        sent = upload("lamp", "az://films/", cache=project.cache, options=options)
        assert server.content("lamp.mp4") == project.path("film.mp4").read_bytes()
        trusting = ssl.create_default_context(cafile=str(cert))
        assert httpx.get(sent.link, verify=trusting).content == server.content("lamp.mp4")
        assert "spr=https" in sent.link
        server.no_delegation = True
        progress = Progress()
        heard = _warnings(progress)
        assert upload("lamp", "az://films/", cache=project.cache, options=options, progress=progress).link == ""
        assert "may not sign links (AuthorizationPermissionMismatch)" in heard[-1]
        monkeypatch.setattr("azure.identity.DefaultAzureCredential", lambda **_: _SignedIn(somebody=False))
        with pytest.raises(KeyRefused, match=r"nobody is signed in to Azure here: run  az login"):
            upload("lamp", "az://films/", cache=project.cache, options=options)


@given(st.integers(min_value=0, max_value=190 * 2**40))
def test_blocks_are_whole_mib_and_at_most_fifty_thousand(size: int) -> None:
    block = piece_size(size, MOST_BLOCKS)
    assert block % MIB == 0
    assert block >= SMALLEST_PIECE_BYTES
    assert block * MOST_BLOCKS >= size
