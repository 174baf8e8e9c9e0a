"""A film of four pictures with moves, transitions, captions, cards and sounds, and what was drawn for it."""

from __future__ import annotations

import datetime
import io
import ipaddress
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.recipes._finish import finish
from storyreel.settings import Settings
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Motion, Rect, Sound, Timeline, Transition

RATE = Rate(num=24)
SMALL = Settings(width_px=256, height_px=144, rate=RATE, quality="standard")
LENGTHS = (24, 30, 18, 24)


def picture(seed: int, width: int = 320, height: int = 180) -> bytes:
    """Soft shapes in a few colours, as PNG."""
    y, x = np.mgrid[0:height, 0:width] / 40.0
    waves = [np.sin(x * (1 + 0.3 * seed) + k) + np.cos(y * (1 + 0.2 * k) + seed) for k in range(3)]
    data = io.BytesIO()
    Image.fromarray(np.uint8(127 + 50 * np.stack(waves, axis=2))).save(data, "PNG")
    return data.getvalue()


def tone(hertz: float, seconds: float) -> bytes:
    """A soft tone, 48 kHz mono, as WAV."""
    samples = 0.2 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * 48_000)) / 48_000)
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return data.getvalue()


def still(project: Project, data: bytes, width: int = 320, height: int = 180) -> Asset:
    blob = store_of(project).put_bytes(data, ".png")
    return Asset(kind="image", blob=blob, width_px=width, height_px=height, provenance=Provenance(provider="test"))


def cue(start: int, length: int, *lines: str) -> Cue:
    words = tuple(
        tuple(CueWord(text=word, start_frame=start, end_frame=start + length) for word in line.split())
        for line in lines
    )
    return Cue(start_frame=start, length_frames=length, lines=words)


def assembled(project: Project) -> Timeline:
    clips, at = [], 0
    into = (
        Transition(),
        Transition(kind="dissolve", length_frames=7),
        Transition(),
        Transition(kind="wipe", length_frames=6),
    )
    for number, length in enumerate(LENGTHS):
        motion = Motion(start=Rect(), end=Rect(x=0.6, y=0.45, height=0.8)) if number % 2 else Motion()
        asset = still(project, picture(number))
        clips.append(
            Clip(id=f"s{number}", asset=asset, start_frame=at, length_frames=length, motion=motion, into=into[number])
        )
        at += length
    store = store_of(project)
    sounds = []
    for track, hertz, start, length, seconds in (("narration", 330.0, 10, 48, 2.0), ("music", 110.0, 0, 96, 4.0)):
        blob = store.put_bytes(tone(hertz, seconds), ".wav")
        asset = Asset(kind="audio", blob=blob, duration_s=seconds, provenance=Provenance(provider="test"))
        sounds.append(Sound(asset=asset, track=track, start_frame=start, length_frames=length, gain_db=-3.0,
                            fade_in_s=0.1, ducked=track == "music"))  # fmt: skip
    return Timeline(
        title="Lamp & <Lighthouse>", rate=RATE, width_px=256, height_px=144, length_frames=at, clips=tuple(clips),
        cues=(cue(6, 20, "Der Turm „stand“"), cue(40, 1, "still 👍"), cue(60, 30, "אור & <b>", "zwei")),
        cards=(Card(start_frame=2, length_frames=10, title="Lamp & <Lighthouse>", subtitle="One"),
               Card(start_frame=56, length_frames=10, title="Two", subtitle="Chapter 2")),
        sounds=tuple(sounds), voice_windows=((10, 58),),
    )  # fmt: skip


@pytest.fixture(scope="session")
def begin() -> Callable[[Path], Project]:
    """Open the film's project in a cache and finish it."""

    def begun(cache: Path) -> Project:
        project = Project("lamp", cache)
        project.save_record(Record(recipe="test", inputs={}, crew={}, settings=SMALL))
        with project.locked():
            finish(project, assembled(project))
        return project

    return begun


@pytest.fixture(scope="session")
def lamp(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished film, for tests that do not change it."""
    project = Project("lamp", tmp_path_factory.mktemp("lamp") / "cache")
    project.save_record(Record(recipe="test", inputs={}, crew={}, settings=SMALL))
    with project.locked():
        finish(project, assembled(project))
    return project


@pytest.fixture(scope="session")
def timeline(lamp: Project) -> Timeline:
    """The finished film's timeline."""
    from storyreel.recipes._finish import read_timeline

    return read_timeline(lamp)


@pytest.fixture(scope="session")
def drawn(lamp: Project, timeline: Timeline) -> np.ndarray:
    """The film's frames as they are drawn, RGB, shape (frames, height, width, 3)."""
    from storyreel.publish.drawn import as_rgb, drawn_frames
    from storyreel.render.steps import film_job

    return np.stack([as_rgb(planes) for _, planes in drawn_frames(lamp, film_job(timeline, "standard", "x264"))])


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A TLS certificate for 127.0.0.1 that signs itself, and its key, as PEM files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return tmp_path / "cert.pem", tmp_path / "key.pem"
