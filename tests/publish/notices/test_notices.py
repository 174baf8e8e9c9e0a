"""Notices against a webhook's, a mail's and a desktop's stand-in on this machine."""

from __future__ import annotations

import email
import json
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import BudgetExceeded, Cancelled, InputError
from storyreel.project import Project, Record
from storyreel.publish.notices.notice import Notice, receivers
from storyreel.publish.notices.telling import notifying, tell, to_be_told
from storyreel.publish.notices.webhook import signature, verified
from storyreel.recipes._run import run
from storyreel.settings import Settings

SECRET = "a shared secret"
READY = Notice(
    event="film.ready", project="lamp", title="The Lamp", recipe="title", path="/f.mp4", duration_s=61, at_s=1e9
)


class Hook:
    """A webhook's receiver, which answers what it is told to, in turn."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((dict(self.headers), body))
                self.send_response(hook.answers.pop(0) if hook.answers else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/very-secret-path"


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def lamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("STORYREEL_NOTIFY", raising=False)
    project = Project("lamp", tmp_path / "cache")
    project.save_record(Record(recipe="title", inputs={"title": "The Lamp"}, crew={}, settings=Settings()))
    project.path("film.mp4").write_bytes(b"film")
    return project


def _warnings(project: Project) -> list[str]:
    heard: list[str] = []
    project.progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    return heard


def test_a_film_that_is_ready_is_told_and_signed(lamp: Project, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_NOTIFY_SECRET", SECRET)
    with notifying(hook.url), run(lamp, "title", {}):
        pass
    [(headers, body)] = hook.got
    told = json.loads(body)
    assert (told["event"], told["project"], told["title"]) == ("film.ready", "lamp", "The Lamp")
    assert told["path"].endswith("film.mp4")
    assert verified(SECRET, headers["Storyreel-Signature"], body)
    assert not verified("another", headers["Storyreel-Signature"], body)
    assert not verified(SECRET, headers["Storyreel-Signature"], body + b" ")
    assert not verified(SECRET, headers["Storyreel-Signature"], body, now_s=time.time() + 301)


@pytest.mark.parametrize("kind", ["export", "shorts", "upload"])
def test_a_run_that_leaves_the_film_as_it_was_tells_of_no_new_one(
    lamp: Project, hook: Hook, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("STORYREEL_NOTIFY", hook.url)
    with run(lamp, kind, {}):
        pass
    assert hook.got == []


def test_a_film_that_failed_is_told_with_its_reason(lamp: Project, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_NOTIFY", f"{hook.url}")
    with pytest.raises(BudgetExceeded), run(lamp, "title", {}):
        raise BudgetExceeded("the next call would pass the limit")
    told = json.loads(hook.got[0][1])
    assert (told["event"], told["error"]) == ("film.failed", "the next call would pass the limit")
    assert "Storyreel-Signature" not in hook.got[0][0]


def test_of_an_error_that_is_not_ours_only_the_kind_is_sent(lamp: Project, hook: Hook) -> None:
    with pytest.raises(RuntimeError), notifying(hook.url), run(lamp, "title", {}):
        raise RuntimeError("key=sk-123")
    assert json.loads(hook.got[0][1])["error"] == "RuntimeError"


def test_who_stops_a_film_is_not_told_that_it_stopped(lamp: Project, hook: Hook) -> None:
    with pytest.raises(Cancelled), notifying(hook.url), run(lamp, "title", {}):
        raise Cancelled("stopped")
    assert not hook.got


def test_a_receiver_that_is_busy_is_tried_again_under_the_same_id(lamp: Project, hook: Hook) -> None:
    hook.answers = [503, 204]
    tell(READY, receivers([hook.url]), lamp.progress, {})
    ids = {headers["Storyreel-Delivery"] for headers, _ in hook.got}
    assert (len(hook.got), len(ids)) == (2, 1)


def test_a_notice_that_fails_never_fails_the_film_and_keeps_the_path_to_itself(lamp: Project, hook: Hook) -> None:
    heard = _warnings(lamp)
    hook.answers = [404]
    with notifying(hook.url), run(lamp, "title", {}):
        pass
    assert heard == ["the webhook at 127.0.0.1 did not go out: it answered 404; the film is not touched by that"]
    events = (lamp.folder / "events.jsonl").read_text()
    assert "very-secret-path" not in events
    assert json.loads(events.splitlines()[-1])["kind"] == "finished"


def test_nonsense_is_refused_as_an_option_and_told_in_the_environment(
    lamp: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"https?.*mailto:ADDRESS or to desktop"), notifying("carrier pigeon"):
        pass
    monkeypatch.setenv("STORYREEL_NOTIFY", "mailto:nobody")
    heard = _warnings(lamp)
    assert to_be_told(lamp.progress) == ()
    assert "nobody in STORYREEL_NOTIFY is told" in heard[0]


@given(st.text(min_size=1), st.integers(min_value=0, max_value=2**33), st.binary(max_size=200), st.binary(max_size=200))
def test_a_signature_holds_for_its_body_only(secret: str, at_s: int, body: bytes, other: bytes) -> None:
    secret = secret.encode("utf-8", "replace").decode()
    header = signature(secret, at_s, body)
    assert verified(secret, header, body, now_s=at_s)
    assert verified(secret, header, other, now_s=at_s) == (body == other)


@given(st.text())
def test_any_header_is_judged_without_an_error(header: str) -> None:
    assert not verified("secret", header, b"{}")


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(
            (session.ssl is not None, session.authenticated, email.message_from_bytes(envelope.content))
        )
        return "250 OK"


@pytest.fixture
def mailbox(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Mailbox, dict[str, str]]]:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    cert, key = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    box = Mailbox()

    def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        return AuthResult(success=data.password == b"right", handled=False)

    controller = Controller(
        box, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True, authenticator=login
    )
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()
    yield (
        box,
        {"STORYREEL_SMTP": f"smtp://me%40example.org@127.0.0.1:{controller.port}", "STORYREEL_SMTP_PASSWORD": "right"},
    )
    controller.stop()


def test_a_mail_goes_out_encrypted_and_with_its_password(lamp: Project, mailbox) -> None:
    box, settings = mailbox
    heard = _warnings(lamp)
    tell(READY, receivers(["mailto:you@example.org"]), lamp.progress, settings)
    assert heard == []
    [(encrypted, logged_in, letter)] = box.letters
    assert encrypted
    assert logged_in
    assert (letter["Subject"], letter["To"], letter["From"]) == (
        "The Lamp is ready",
        "you@example.org",
        "me@example.org",
    )
    assert letter.get_payload().strip() == "1:01 long: /f.mp4"


def test_a_wrong_password_is_told_without_it(lamp: Project, mailbox) -> None:
    _, settings = mailbox
    heard = _warnings(lamp)
    wrong = {**settings, "STORYREEL_SMTP_PASSWORD": "guessed-wrong"}
    tell(READY, receivers(["mailto:you@example.org"]), lamp.progress, wrong)
    assert "does not accept the user's name or STORYREEL_SMTP_PASSWORD" in heard[0]
    assert "guessed-wrong" not in heard[0]


def test_a_server_that_cannot_prove_itself_gets_nothing(
    lamp: Project, mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, settings = mailbox
    monkeypatch.delenv("SSL_CERT_FILE")
    heard = _warnings(lamp)
    tell(READY, receivers(["mailto:you@example.org"]), lamp.progress, settings)
    assert "cannot prove who it is" in heard[0]
    assert not box.letters


def test_without_a_server_the_variable_is_named(lamp: Project) -> None:
    heard = _warnings(lamp)
    tell(READY, receivers(["mailto:you@example.org"]), lamp.progress, {})
    assert "write smtp://user@host:587 into STORYREEL_SMTP" in heard[0]


def test_the_desktops_program_gets_the_words_as_words(
    lamp: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/shown\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tell(READY.model_copy(update={"title": '--"; rm -rf'}), receivers(["desktop"]), lamp.progress, {})
    assert (tmp_path / "shown").read_text().splitlines()[2:4] == ["--", '--"; rm -rf is ready']
    program.write_text("#!/bin/sh\nexit 1\n")
    heard = _warnings(lamp)
    tell(READY, receivers(["desktop"]), lamp.progress, {})
    assert "is somebody logged in" in heard[0]
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    tell(READY, receivers(["desktop"]), lamp.progress, {})
    assert "this machine has no notify-send" in heard[1]
