"""Files of unknown origin are read first by a process that may die of it, and that reaches nothing else."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from storyreel.airlock import Unsafe, child, look_at_document, look_at_media, look_at_picture, pool
from storyreel.errors import CorruptFile, InputError, ProviderError
from storyreel.media.container import look_over, open_media
from storyreel.media.probe import probe
from storyreel.media.steps import probe_picture
from storyreel.project import Project
from storyreel.providers.sounds import unpacked
from storyreel.recipes.given_files import given_picture, given_sound
from storyreel.render.picture_files import decode_still, opened_still


def png(width: int = 40, height: int = 30) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), (200, 40, 40)).save(data, "PNG")
    return data.getvalue()


def wav(length_s: float = 1.0) -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        tone = (9000 * np.sin(np.arange(int(8000 * length_s)) / 5)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return data.getvalue()


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[pool._Child]]:
    """A pool of its own, and the children it has at rest."""
    own = pool._Pool()
    monkeypatch.setattr(pool, "_pool", own)
    yield own._free
    own.close()


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, children: list[pool._Child]) -> Callable[[str], None]:
    """Let children run another program than the one that looks at files."""

    def run(program: str) -> None:
        (tmp_path / "child.py").write_text("import os, signal, sys, time\nsys.stdin.readline()\n" + program)
        monkeypatch.setattr(pool, "__file__", str(tmp_path / "pool.py"))

    return run


def test_what_is_sound_passes_and_the_child_is_used_again(children: list[pool._Child], tmp_path: Path) -> None:
    (tmp_path / "tone.wav").write_bytes(wav())
    look_at_picture(png())
    (first,) = children
    look_at_media(tmp_path / "tone.wav")
    look_at_media(wav())
    look_at_picture(b"no picture at all")
    look_at_media(b"no sound at all")
    assert children == [first]


def test_children_that_had_nothing_to_do_for_long_are_replaced(children: list[pool._Child]) -> None:
    look_at_picture(png())
    os.kill(children[0]._process.pid, signal.SIGKILL)
    look_at_picture(png())


def test_threads_and_forks_never_read_each_others_answers(children: list[pool._Child]) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: look_at_picture(png(20 + number)), range(24)))
    assert len(children) <= len(os.sched_getaffinity(0))
    program = (
        "import os, sys\nfrom storyreel.airlock import look_at_picture, pool\n"
        f"data = {png()!r}\nlook_at_picture(data)\nmine = pool._pool._free[:]\n"
        "process = os.fork()\nif not process:\n"
        "    look_at_picture(data)\n    os._exit(3 if pool._pool._free[0] in mine else 0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "no memory left"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "s of computing"),
        ("print('nonsense', flush=True)\ntime.sleep(60)", "crashed"),
        ("time.sleep(60)", "takes longer than"),
    ],
)
def test_a_child_that_dies_or_never_answers_is_a_sentence_about_the_file(
    program: str, reason: str, script: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pool, "LONGEST_S", 2.0)
    script(program)
    with pytest.raises(Unsafe, match=reason):
        look_at_picture(tmp_path / "any.png")


@pytest.mark.parametrize("data", [png(), wav()], ids=["picture", "sound"])
def test_every_way_in_asks_the_child_first(data: bytes, script: Callable[[str], None], tmp_path: Path) -> None:
    """A file that kills its reader kills no film: each way in says so in its own words."""
    script("os.kill(os.getpid(), signal.SIGSEGV)")
    path, project = tmp_path / "file.png", Project("film", tmp_path / "cache")
    path.write_bytes(data)
    ways: list[tuple[type[Exception], Callable[[], object]]] = [
        (InputError, lambda: given_picture(path, project)),
        (InputError, lambda: given_sound(path, project)),
        (InputError, lambda: probe(path)),
        (ProviderError, lambda: probe_picture(data, "acme")),
        (ValueError, lambda: unpacked(data)),
        (CorruptFile, lambda: look_over(path)),
    ]
    for error, way in ways:
        with pytest.raises(error, match="crashed"):
            way()


def bomb(side: int) -> bytes:
    """A small file that claims to be a large picture; its pixels are all there."""
    data = io.BytesIO()
    Image.new("1", (side, side)).save(data, "TIFF", compression="group4")
    return data.getvalue()


def test_the_child_has_little_memory_and_writes_no_file(children: list[pool._Child]) -> None:
    look_at_picture(png())
    limits = Path(f"/proc/{children[0]._process.pid}/limits").read_text()
    told = {line[:25].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert int(told["Max address space"]) == child.MEMORY_BYTES == 1 << 30
    assert told["Max file size"] == "0"
    assert int(told["Max cpu time"]) <= child.COMPUTING_S + 5
    environment = Path(f"/proc/{children[0]._process.pid}/environ").read_bytes()
    assert b"API_KEY" not in environment
    assert b"HOME=" not in environment


def test_memory_that_a_file_asks_for_beyond_the_limit_is_told(script: Callable[[str], None], tmp_path: Path) -> None:
    real = Path(child.__file__).read_text()
    script("")
    greedy = real.replace('"picture": _see', '"picture": lambda source: not bytes(2 << 30)')
    (tmp_path / "child.py").write_text(greedy)
    with pytest.raises(Unsafe, match="more than 1 GB of memory"):
        look_at_picture(b"picture")


def test_a_bomb_is_refused_within_the_limits() -> None:
    look_at_picture(bomb(9_900))
    before_s = time.monotonic()
    look_at_picture(bomb(40_000))  # its size alone tells
    assert time.monotonic() - before_s < 20


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on this machine, and everybody who knocked at it."""
    knocked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        ending = threading.Event()

        def listen() -> None:
            while not ending.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                connection.close()
                knocked.append(address)

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], knocked
        time.sleep(0.1)
        ending.set()
        thread.join()


def disguises(folder: Path, port: int) -> dict[str, bytes]:
    """Files that name others: `secret.wav`, `secret.png` beside them, and an address."""
    sound, picture, web = folder / "secret.wav", folder / "secret.png", f"http://127.0.0.1:{port}/x"
    playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
    return {
        "file playlist": playlist.format(f"file://{sound}").encode(),
        "relative playlist": playlist.format("secret.wav").encode(),
        "web playlist": playlist.format(f"{web}.ts").encode(),
        "master playlist": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{web}.m3u8\n".encode(),
        "playlist's key": playlist.replace("#EXTINF", f'#EXT-X-KEY:METHOD=AES-128,URI="{web}"\n#EXTINF')
        .format("a.ts")
        .encode(),
        "concat": f"ffconcat version 1.0\nfile '{sound}'\n".encode(),
        "concat protocol": f"ffconcat version 1.0\nfile 'subfile,,start,0,end,9,,:{web}'\n".encode(),
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n".encode(),
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
        f"<Representation><BaseURL>{web}</BaseURL></Representation></AdaptationSet></Period></MPD>".encode(),
        "svg image": svg.format(f'<image xlink:href="{picture}" width="9" height="9"/>').encode(),
        "svg web": svg.format(f'<image href="{web}.png" width="9" height="9"/>').encode(),
        "svg entity": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{sound}">]>'.encode()
        + svg.format("<text>&x;</text>").encode(),
        "postscript": f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({sound}) (r) file\n%%EOF\n".encode(),
        "imf": f'<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016">'
        f"<Id>{web}</Id></CompositionPlaylist>".encode(),
    }  # fmt: skip


NAMES = sorted(disguises(Path("/"), 1))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_names_others_reads_none_and_opens_no_socket(
    name: str, listener: tuple[int, list[object]], tmp_path: Path
) -> None:
    """Evidence: nobody knocks at the port, and neither file beside it is read, as its time of access says."""
    port, knocked = listener
    long_ago_s = 1_000_000_000
    secrets = {"secret.wav": wav(), "secret.png": png()}
    for secret, data in secrets.items():
        (tmp_path / secret).write_bytes(data)
        os.utime(
            tmp_path / secret, (long_ago_s, long_ago_s + 9)
        )  # older than the change: the next reading notes itself
    data = disguises(tmp_path, port)[name]
    project = Project("film", tmp_path / "cache")
    for suffix in (".mp3", ".mp4", ".png", ".m3u8", ".svg"):
        path = tmp_path / f"file{suffix}"
        path.write_bytes(data)
        for way in (probe, lambda path: given_picture(path, project), lambda path: given_sound(path, project)):
            with pytest.raises(InputError):
                way(path)
        with pytest.raises(Exception), open_media(path):  # noqa: B017, PT011
            pass
        with pytest.raises(Exception), opened_still(path):  # noqa: B017, PT011
            pass
    for way in (unpacked, lambda data: probe_picture(data, "acme")):
        with pytest.raises((ValueError, ProviderError)):
            way(data)
    assert [(tmp_path / secret).stat().st_atime for secret in secrets] == [long_ago_s] * 2
    time.sleep(0.1)
    assert knocked == []


def test_the_evidence_would_show_a_file_that_was_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    os.utime(secret, (1_000_000_000, 1_000_000_009))
    decode_still(secret, 1.0)
    if secret.stat().st_atime == 1_000_000_000:
        pytest.skip("this file system keeps no times of access")


def test_a_document_that_takes_all_memory_is_refused(script: Callable[[str], None]) -> None:
    script("os.kill(os.getpid(), signal.SIGXCPU)")
    with pytest.raises(Unsafe, match="computing"):
        look_at_document(b"%PDF-1.7", "pdf")
