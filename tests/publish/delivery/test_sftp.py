"""Uploads to a real SSH server on loopback, by keys, as anybody's ssh would make them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from storyreel.errors import Cancelled, InputError, KeyRefused, ProviderBusy, ProviderError
from storyreel.progress import Progress
from storyreel.recipes.upload import upload

MIB = 2**20


@dataclass
class SshServer:
    """An SFTP server whose files lie in `folder`.

    Attributes:
        written: how many bytes were written by clients.
        slow_s: how long each write takes.
        room: how many bytes it has room for.
    """

    folder: Path
    home: Path
    port: int = 0
    written: int = 0
    slow_s: float = 0.0
    room: int = 2**60
    connections: list[Any] = field(default_factory=list)

    def url(self, place: str) -> str:
        return f"sftp://films@127.0.0.1:{self.port}/{place}"


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    base = tmp_path_factory.mktemp("ssh")
    server = SshServer(base / "served", base / "home")
    server.folder.mkdir()
    (server.home / ".ssh").mkdir(parents=True)
    host_key, own_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    own_key.write_private_key(server.home / ".ssh/id_ed25519")
    own_key.write_public_key(base / "authorized")
    loop, hurry = asyncio.new_event_loop(), asyncio.Event()

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            server.connections.append(channel.get_connection())
            super().__init__(channel, chroot=os.fsencode(server.folder))

        async def write(self, file_obj: object, offset: int, data: bytes) -> int:
            if server.slow_s:
                with suppress(TimeoutError):
                    await asyncio.wait_for(hurry.wait(), server.slow_s)
            if server.written + len(data) > server.room:
                raise asyncssh.SFTPNoSpaceOnFilesystem("full")
            server.written += len(data)
            return super().write(file_obj, offset, data)

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host_key], authorized_client_keys=str(base / "authorized"),
            sftp_factory=Files,
        )  # fmt: skip

    listening = loop.run_until_complete(listen())
    server.port = listening.get_port()
    known = f"[127.0.0.1]:{server.port} {host_key.export_public_key().decode()}"
    (server.home / ".ssh/known_hosts").write_text(known)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server

    async def stop() -> None:
        listening.close()
        hurry.set()
        for connection in server.connections:
            connection.abort()
            await connection.wait_closed()
        await listening.wait_closed()
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.02)

    asyncio.run_coroutine_threadsafe(stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def server(_server: SshServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    monkeypatch.setenv("HOME", str(_server.home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.delenv("STORYREEL_UPLOAD_OPTIONS", raising=False)
    for path in _server.folder.iterdir():
        path.unlink()
    _server.written = 0
    yield _server
    _server.slow_s, _server.room = 0.0, 2**60


def test_a_film_arrives_whole_with_progress_and_without_any_setting(server, sent_film) -> None:
    project = sent_film(10 * MIB + 5)
    told: list[float] = []
    progress = Progress()
    progress.listen(lambda event: told.append(event.done) if event.kind == "advanced" else None)
    sent = upload("lamp", server.url("/"), cache=project.cache, progress=progress)
    assert sent.target == server.url("/lamp.mp4")
    assert (server.folder / "lamp.mp4").read_bytes() == project.path("film.mp4").read_bytes()
    assert (sent.proof, sent.sent_bytes) == ("sha256", 10 * MIB + 5)
    assert len(set(told)) >= 2
    assert [path.name for path in server.folder.iterdir()] == ["lamp.mp4"]
    again = upload("lamp", server.url("/"), cache=project.cache)  # the one that is there is replaced
    assert again.sha256 == sent.sha256


def test_one_that_was_killed_goes_on_where_it_was(server, sent_film) -> None:
    project = sent_film(32 * MIB)
    command = [sys.executable, "-m", "storyreel", "upload", "lamp", server.url("a.mp4"), "--cache", str(project.cache)]
    server.slow_s = 0.02
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 120
    while server.written < 12 * MIB and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    server.slow_s = 0.0
    time.sleep(0.2)
    there = (server.folder / "a.mp4.part").stat().st_size
    assert 8 * MIB <= there < 32 * MIB, "it was to be killed half-way"
    assert not (server.folder / "a.mp4").exists()
    server.written = 0
    second = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert second.returncode == 0, second.stderr
    assert 32 * MIB - there <= server.written <= 24 * MIB, "what was known to be there is not sent again"
    arrived = hashlib.sha256((server.folder / "a.mp4").read_bytes()).hexdigest()
    assert arrived == hashlib.sha256(project.path("film.mp4").read_bytes()).hexdigest()


def test_what_another_hand_has_changed_there_is_found(server, sent_film) -> None:
    project = sent_film(12 * MIB)
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    with pytest.raises(Cancelled):
        upload("lamp", server.url("a.mp4"), cache=project.cache, progress=progress)
    with (server.folder / "a.mp4.part").open("r+b") as file:
        file.write(b"not the film")
    with pytest.raises(Exception, match="another SHA-256"):
        upload("lamp", server.url("a.mp4"), cache=project.cache)
    assert not (server.folder / "a.mp4").exists()
    assert upload("lamp", server.url("a.mp4"), cache=project.cache).sent_bytes == 12 * MIB


def test_a_machine_that_may_be_another_is_sent_nothing(server, sent_film) -> None:
    project, known = sent_film(100), server.home / ".ssh/known_hosts"
    kept = known.read_text()
    strange = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    try:
        for text in (f"[127.0.0.1]:{server.port} {strange}", ""):
            known.write_text(text)
            with pytest.raises(InputError, match=r"not among those in ~/\.ssh/known_hosts.*connect once with  ssh"):
                upload("lamp", server.url("a.mp4"), cache=project.cache)
    finally:
        known.write_text(kept)
    assert server.written == 0


def test_a_key_that_is_not_accepted_names_the_way_on(server, sent_film, tmp_path, monkeypatch) -> None:
    other = tmp_path / "other"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(other)
    monkeypatch.setenv("STORYREEL_UPLOAD_OPTIONS", f'{{"client_keys": ["{other}"]}}')
    with pytest.raises(KeyRefused, match=r"does not accept the keys: see that  ssh 127\.0\.0\.1"):
        upload("lamp", server.url("a.mp4"), cache=sent_film(100).cache)


def test_a_folder_that_is_not_there_one_that_is_closed_and_a_full_disk_are_told(server, sent_film) -> None:
    project = sent_film(9 * MIB)
    before = project.path("film.mp4").read_bytes()
    with pytest.raises(InputError, match=r"the folder of sftp://.* is not there.*the film is safe in"):
        upload("lamp", server.url("no/a.mp4"), cache=project.cache)
    server.room = 5 * MIB
    # The SFTP that OpenSSH speaks has no word for a full disk but "failure".
    with pytest.raises(ProviderError, match=r"see that there is room for it; the film is safe in"):
        upload("lamp", server.url("a.mp4"), cache=project.cache)
    server.room = 2**60
    if os.geteuid():
        server.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        with pytest.raises(InputError, match="may not be written"):
            upload("lamp", server.url("b.mp4"), cache=project.cache)
        server.folder.chmod(0o700)
    assert project.path("film.mp4").read_bytes() == before
    assert upload("lamp", server.url("a.mp4"), cache=project.cache).size_bytes == 9 * MIB


def test_a_link_too_slow_and_a_server_that_is_gone_are_told_in_their_time(server, sent_film) -> None:
    project = sent_film(16 * MIB)
    server.slow_s = 5.0
    began = time.monotonic()
    with pytest.raises(ProviderBusy, match=r"the link is too slow: .* more --timeout"):
        upload("lamp", server.url("a.mp4"), cache=project.cache, part_time_s=0.5)
    assert time.monotonic() - began < 30
    with pytest.raises(ProviderBusy, match=r"no connection to 127\.0\.0\.1:9 can be made"):
        upload("lamp", "sftp://films@127.0.0.1:9/a.mp4", cache=project.cache)


def test_a_connection_that_breaks_off_is_gone_on_with(server, sent_film) -> None:
    project = sent_film(18 * MIB)

    def cut(event: Any) -> None:
        if event.kind == "advanced" and event.done >= 8:
            for connection in server.connections:
                connection._loop.call_soon_threadsafe(connection.abort)
            time.sleep(0.1)

    progress = Progress()
    progress.listen(cut)
    with pytest.raises(ProviderBusy, match=r"broke off.*the same command goes on"):
        upload("lamp", server.url("a.mp4"), cache=project.cache, progress=progress)
    assert upload("lamp", server.url("a.mp4"), cache=project.cache).sent_bytes < 18 * MIB
