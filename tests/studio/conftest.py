"""A small film with sound, a page that listens, and sessions that end with their test."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import write_flac
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.recipes._finish import keep_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.settings import Settings
from storyreel.studio.session import Session
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Sound, Timeline

SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft")


def picture_asset(project: Project, shade: int, size: tuple[int, int] = (320, 180)) -> Asset:
    data = io.BytesIO()
    Image.new("RGB", size, (shade, 100, 255 - shade)).save(data, "PNG")
    blob = store_of(project).put_bytes(data.getvalue(), ".png")
    told = Provenance(provider="offline/painter", prompt=f"a shade of {shade}", seed=shade)
    return Asset(kind="image", blob=blob, width_px=size[0], height_px=size[1], provenance=told)


def tone_asset(project: Project, hz: float, length_s: float) -> Asset:
    at_s = np.arange(round(48_000 * length_s)) / 48_000
    tone = (0.2 * np.sin(2 * np.pi * hz * at_s) * (np.sin(2 * np.pi * 0.5 * at_s) > 0)).astype(np.float32)
    blob = store_of(project).put_bytes(write_flac(tone[:, None], 48_000), ".flac")
    return Asset(kind="audio", blob=blob, duration_s=length_s, provenance=Provenance(provider="test"))


def small_film(project: Project, clips: int = 6) -> Timeline:
    """Clips of two seconds, captions over two of them, a voice and music."""

    def cue(start: int, *words: str) -> Cue:
        timed = [CueWord(text=w, start_frame=start + 5 * k, end_frame=start + 5 * k + 5) for k, w in enumerate(words)]
        return Cue(start_frame=start, length_frames=5 * len(words), lines=(tuple(timed),))

    length = 20 * clips
    voice = tone_asset(project, 220, length / 20)
    music = tone_asset(project, 110, length / 10)
    return Timeline(
        title="Lamp", rate=SMALL.rate, width_px=192, height_px=108, length_frames=length,
        clips=tuple(
            Clip(id=f"s{n:04d}", asset=picture_asset(project, 30 * n), start_frame=20 * n, length_frames=20, scene=n)
            for n in range(clips)
        ),
        cues=(cue(20, "the", "lamp"), cue(60, "went", "out"), cue(90, "the", "end")),
        cards=(Card(start_frame=0, length_frames=10, title="Lamp"),),
        sounds=(
            Sound(asset=voice, track="narration", start_frame=20, length_frames=length // 2, gain_db=-3),
            Sound(asset=music, track="music", start_frame=0, length_frames=length, ducked=True),
        ),
        voice_windows=((20, 40), (60, 70)),
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A film that has come to its timeline."""
    made = Project("lamp", tmp_path / "cache")
    made.save_record(Record(recipe="title", inputs={}, crew={"painter": "offline"}, settings=SMALL))
    keep_timeline(made, keep_assembled(made, small_film(made)).timeline)
    return made


class Page:
    """What a window's page does with what it is told: keeps it, and applies patches."""

    def __init__(self, session: Session, name: str = "w1") -> None:
        self.messages: list[dict[str, Any]] = []
        self.buffers: list[list[bytes]] = []
        self.timeline: dict[str, Any] = {}
        self.revision = -1
        self.window = session.join(self._hear)
        self.name = name
        self.ids = 0

    def _hear(self, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        message = json.loads(json.dumps(message, allow_nan=False))  # as it travels
        self.messages.append(message)
        self.buffers.append(list(buffers))
        if message["type"] == "state":
            self.timeline, self.revision = message["timeline"], message["revision"]
        elif message["type"] == "patch":
            assert message["revision"] == self.revision + 1
            self.revision = message["revision"]
            self.timeline = self.timeline | message["values"]
            for field, splice in message["splices"].items():
                old = self.timeline[field]
                after = splice["at"] + splice["remove"]
                self.timeline[field] = [*old[: splice["at"]], *splice["insert"], *old[after:]]

    def hello(self) -> dict[str, Any]:
        self.window.take({"type": "hello", "window": self.name})
        return self.last("state")

    def say(self, content: dict[str, Any], *buffers: bytes) -> int:
        self.ids += 1
        self.window.take({"id": self.ids, **content}, [memoryview(each) for each in buffers])
        return self.ids

    def edit(self, *edits: dict[str, Any], base: int | None = None, label: str = "an edit") -> int:
        base = self.revision if base is None else base
        return self.say({"type": "edit", "base": base, "label": label, "edits": list(edits)})

    def want(self, kind: str, *keys: str) -> None:
        self.window.take({"type": "want", "kind": kind, "keys": list(keys)})

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    def last(self, kind: str) -> dict[str, Any]:
        assert self.of(kind), [message["type"] for message in self.messages]
        return self.of(kind)[-1]

    def answer(self, number: int, timeout_s: float = 30.0) -> dict[str, Any]:
        """What was said to a message: done, refused, a patch."""
        return self.until(lambda m: m.get("id") == number and m["type"] in ("done", "refused", "patch"), timeout_s)

    def until(self, found: Callable[[dict[str, Any]], bool], timeout_s: float = 30.0) -> dict[str, Any]:
        ends_at_s = time.monotonic() + timeout_s
        while time.monotonic() < ends_at_s:
            for message in self.messages:
                if found(message):
                    return message
            time.sleep(0.01)
        raise AssertionError([{**m, "shots": 0, "timeline": 0} for m in self.messages][-4:])

    def media(self, kind: str, *keys: str, timeout_s: float = 60.0) -> dict[str, bytes | str]:
        """Ask for media and wait for all of them; a text says why one is missing."""
        first = len(self.messages)
        self.want(kind, *keys)
        found: dict[str, bytes | str] = {}
        ends_at_s = time.monotonic() + timeout_s
        while set(found) != set(keys) and time.monotonic() < ends_at_s:
            for message, buffers in list(zip(self.messages, self.buffers, strict=True))[first:]:
                if message["type"] == "media" and message["kind"] == kind:
                    found |= dict(zip(message["keys"], buffers, strict=True)) | message.get("missing", {})
            time.sleep(0.01)
        assert set(found) == set(keys)
        return found


@pytest.fixture
def open_session() -> Iterator[Callable[[Project], Session]]:
    """Open a session; what it has started ends with the test."""
    opened: list[Session] = []

    def open_one(project: Project) -> Session:
        opened.append(Session(Project(project.id, project.cache)))
        return opened[-1]

    yield open_one
    for session in opened:
        session.close()


@pytest.fixture
def session(project: Project, open_session: Callable[[Project], Session]) -> Session:
    """The film's session."""
    return open_session(project)


@pytest.fixture
def page(session: Session) -> Page:
    """A page that has said hello."""
    made = Page(session)
    made.hello()
    return made


@pytest.fixture
def new_page() -> type[Page]:
    """Another page of a session."""
    return Page
