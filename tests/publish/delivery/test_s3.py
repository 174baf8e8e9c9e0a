"""Uploads to an S3 server on loopback that keeps what it is sent."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import Cancelled, DiskFull, InputError, KeyRefused, ProviderBusy, StorageError, StoryreelError
from storyreel.progress import Progress
from storyreel.publish.delivery.s3 import MOST_PARTS
from storyreel.publish.delivery.s3 import _client as s3_client
from storyreel.publish.delivery.sending import SMALLEST_PIECE_BYTES, piece_size
from storyreel.recipes.upload import upload

MIB = 2**20
SECRET = "loopback-secret-never-shown"


def _send(project, s3, target="s3://films/out/", **options):
    return upload(project.id, target, endpoint=s3.url, cache=project.cache, **options)


def _body_sha256(s3, key: str) -> str:
    digest, body = hashlib.sha256(), s3.client().get_object(Bucket="films", Key=key)["Body"]
    for block in body.iter_chunks(MIB):
        digest.update(block)
    return digest.hexdigest()


def test_a_film_arrives_whole_and_its_signed_link_gives_it_back(s3, sent_film) -> None:
    project = sent_film(20 * MIB + 123)
    sent = _send(project, s3)
    assert (sent.target, sent.proof, sent.sent_bytes) == ("s3://films/out/lamp.mp4", "md5", 20 * MIB + 123)
    assert sorted(s3.parts) == [1, 2, 3]
    fetched = httpx.get(sent.link)
    assert fetched.headers["content-type"] == "video/mp4"
    assert hashlib.sha256(fetched.content).hexdigest() == sent.sha256 == _body_sha256(s3, "out/lamp.mp4")


def test_r2_is_s3_at_an_endpoint_of_its_own(s3, sent_film, monkeypatch: pytest.MonkeyPatch) -> None:
    project = sent_film(9 * MIB)
    monkeypatch.setenv("STORYREEL_S3_ENDPOINT", s3.url)
    sent = upload(project.id, "r2://films/out/", cache=project.cache)  # by the variable, and under R2's own scheme
    assert sent.link.startswith(f"{s3.url}/films/out/lamp.mp4?")
    assert _body_sha256(s3, "out/lamp.mp4") == sent.sha256
    made = s3_client("https://0123456789abcdef.r2.cloudflarestorage.com", 300.0)
    assert made.meta.endpoint_url == "https://0123456789abcdef.r2.cloudflarestorage.com"
    assert made.meta.region_name == "auto"  # the one region that R2 signs for


def test_200_mb_killed_half_way_go_on_and_no_part_is_sent_twice(s3, sent_film) -> None:
    size = 200_000_000
    project = sent_film(size)
    command = [sys.executable, "-m", "storyreel", "upload", project.id, "s3://films/big.mp4", "--endpoint", s3.url]
    command += ["--cache", str(project.cache), "--json"]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 120
    while len(s3.parts) < 12 and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    time.sleep(0.5)  # what the server was still reading
    before = len(s3.parts)
    assert 12 <= before < 20, "it was to be killed half-way"
    listed = s3.client().list_multipart_uploads(Bucket="films")["Uploads"][0]["UploadId"]
    there = s3.client().list_parts(Bucket="films", Key="big.mp4", UploadId=listed)["Parts"]
    done = {part["PartNumber"] for part in there}
    s3.parts.clear()
    second = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert second.returncode == 0, second.stderr
    total = -(-size // (8 * MIB))
    assert Counter(s3.parts) == Counter(set(range(1, total + 1)) - done)
    assert _body_sha256(s3, "big.mp4") == hashlib.sha256(project.path("film.mp4").read_bytes()).hexdigest()
    assert not list(project.path("uploads").iterdir())


def test_a_film_that_was_made_anew_is_sent_anew(s3, sent_film, monkeypatch: pytest.MonkeyPatch) -> None:
    project = sent_film(20 * MIB)
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    with pytest.raises(Cancelled):
        _send(project, s3, progress=progress)
    s3.parts.clear()
    sent_film(20 * MIB + 7)
    sent = _send(project, s3)
    assert sorted(s3.parts) == [1, 2, 3]
    assert _body_sha256(s3, "out/lamp.mp4") == sent.sha256
    assert "Uploads" not in s3.client().list_multipart_uploads(Bucket="films"), "the old one is given up"


def test_parts_that_the_service_has_dropped_are_sent_anew(s3, sent_film) -> None:
    project = sent_film(20 * MIB)
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    with pytest.raises(Cancelled):
        _send(project, s3, progress=progress)
    begun = s3.client().list_multipart_uploads(Bucket="films")["Uploads"][0]
    s3.client().abort_multipart_upload(Bucket="films", Key=begun["Key"], UploadId=begun["UploadId"])
    assert _send(project, s3).sent_bytes == 20 * MIB


def test_wrong_credentials_are_a_sentence_without_them(s3, sent_film) -> None:
    project = sent_film(100)
    httpx.post(f"{s3.url}/moto-api/reset-auth", content="0")
    try:
        with pytest.raises(KeyRefused, match=r"does not accept the credentials.*the film is safe in") as refused:
            _send(project, s3)
    finally:
        httpx.post(f"{s3.url}/moto-api/reset-auth", content="inf")
    assert SECRET not in str(refused.value)
    assert "AKIALOOPBACK" not in str(refused.value)


def test_no_credentials_name_the_variables(s3, sent_film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(InputError, match="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        _send(sent_film(100), s3)


def test_a_missing_bucket_is_named(s3, sent_film) -> None:
    with pytest.raises(InputError, match="there is no bucket 'elsewhere' at http://127"):
        _send(sent_film(100), s3, "s3://elsewhere/")


@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (507, "InsufficientStorage", DiskFull, "has no room left"),
        (403, "AccessDenied", KeyRefused, "may not write to s3://films"),
        (403, "RequestTimeTooSkewed", InputError, "set the clock"),
        (503, "SlowDown", ProviderBusy, "wait a little"),
        (301, "PermanentRedirect", InputError, "another region"),
    ],
)
def test_what_a_service_refuses_is_a_sentence_and_the_film_stays(
    s3, sent_film, status: int, code: str, error: type[StoryreelError], words: str
) -> None:
    project = sent_film(9 * MIB)
    before = project.path("film.mp4").read_bytes()
    s3.refuse = lambda environ: (status, code) if "partNumber" in environ["QUERY_STRING"] else None
    with pytest.raises(error, match=words):
        _send(project, s3)
    assert project.path("film.mp4").read_bytes() == before
    s3.refuse = lambda environ: None
    assert _send(project, s3).size_bytes == 9 * MIB


def test_a_link_too_slow_stops_in_its_time(s3, sent_film) -> None:
    project = sent_film(16 * MIB)
    s3.slow_s = 0.2
    began = time.monotonic()
    with pytest.raises(ProviderBusy, match=r"too slow.*the film is safe in"):
        _send(project, s3, part_time_s=1.0)
    assert time.monotonic() - began < 30


def test_a_service_that_is_not_there_is_told(sent_film, s3) -> None:
    with pytest.raises(ProviderBusy, match=r"127\.0\.0\.1:9 cannot be made"):
        upload("lamp", "s3://films/", endpoint="http://127.0.0.1:9", cache=sent_film(100).cache)


def test_what_was_changed_on_its_way_is_not_called_delivered(s3, sent_film, monkeypatch: pytest.MonkeyPatch) -> None:
    import storyreel.publish.delivery.s3 as module

    project = sent_film(9 * MIB)
    call = module._Upload._call

    def shorter(self, operation, **arguments):
        answer = call(self, operation, **arguments)
        return {**answer, "ETag": '"0123456789abcdef0123456789abcdef-2"'} if operation == "head_object" else answer

    monkeypatch.setattr(module._Upload, "_call", shorter)
    with pytest.raises(StorageError, match="another checksum"):
        _send(project, s3)


def test_nothing_secret_is_written_down(s3, sent_film) -> None:
    project = sent_film(9 * MIB)
    sent = _send(project, s3)
    signature = sent.link.partition("Signature=")[2][:32]
    assert signature
    for path in project.folder.rglob("*"):
        if path.is_file() and path.name != "film.mp4":
            text = path.read_text(errors="replace")
            assert SECRET not in text
            assert signature not in text


def test_a_public_link_is_checked(s3, sent_film) -> None:
    heard: list[str] = []
    progress = Progress()
    progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    sent = _send(sent_film(50), s3, link="public", progress=progress)
    assert httpx.get(sent.link).status_code == 200
    assert not heard
    closed = _send(sent_film(50), s3, link="public", public_url=f"{s3.url}/nowhere", progress=progress)
    assert closed.link.startswith(f"{s3.url}/nowhere/out/")
    assert "may not be open to all" in heard[0]


@given(st.integers(min_value=0, max_value=5 * 2**40))
def test_parts_are_whole_mib_and_at_most_ten_thousand(size: int) -> None:
    part = piece_size(size, MOST_PARTS)
    assert part % MIB == 0
    assert part >= SMALLEST_PIECE_BYTES
    assert part * MOST_PARTS >= size


def test_the_command_says_where_the_film_is(s3, sent_film, tmp_path: Path) -> None:
    project = sent_film(1000)
    command = [sys.executable, "-m", "storyreel", "upload", "lamp", "s3://films/a.mp4", "--cache", str(project.cache)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "STORYREEL_S3_ENDPOINT": s3.url}, timeout=60
    )
    first, link = done.stdout.splitlines()
    assert first == "1.0 kB at s3://films/a.mp4, checked (md5)"
    assert httpx.get(link).content == project.path("film.mp4").read_bytes()
