"""A finished film of six clips, made in a moment."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.recipes._finish import finish
from storyreel.settings import Settings
from storyreel.timeline.model import Clip, Cue, CueWord, Timeline

SMALL = Settings(width_px=128, height_px=72, rate=Rate(num=10), quality="draft")


def _picture(shade: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (160, 90), (shade, 100, 255 - shade)).save(data, "PNG")
    return data.getvalue()


def _cue(start: int, *words: str) -> Cue:
    timed = tuple(CueWord(text=w, start_frame=start + 5 * k, end_frame=start + 5 * k + 5) for k, w in enumerate(words))
    return Cue(start_frame=start, length_frames=5 * len(words), lines=(timed,))


def _assembled(project: Project) -> Timeline:
    clips = []
    for number in range(6):
        blob = store_of(project).put_bytes(_picture(40 * number), ".png")
        asset = Asset(kind="image", blob=blob, width_px=160, height_px=90, provenance=Provenance(provider="test"))
        clips.append(Clip(id=f"s{number}", asset=asset, start_frame=20 * number, length_frames=20))
    return Timeline(title="Lamp", rate=SMALL.rate, width_px=128, height_px=72, length_frames=120, clips=tuple(clips),
                    cues=(_cue(20, "the", "lamp"), _cue(60, "went", "out")))  # fmt: skip


@pytest.fixture
def picture() -> Callable[[int], bytes]:
    """A PNG of 160 x 90 pixels in one shade."""
    return _picture


@pytest.fixture
def assembled() -> Callable[[Project], Timeline]:
    """The film before any edit: clips of two seconds, a piece each, and captions over the second and the fourth."""
    return _assembled


@pytest.fixture
def begin() -> Callable[[Path], Project]:
    """Open the film's project in a cache and finish it."""

    def begun(cache: Path) -> Project:
        project = Project("lamp", cache)
        project.save_record(Record(recipe="test", inputs={}, crew={}, settings=SMALL))
        with project.locked():
            finish(project, _assembled(project), quality="draft")
        return project

    return begun


@pytest.fixture
def project(tmp_path: Path, begin: Callable[[Path], Project]) -> Project:
    """The finished film."""
    return begin(tmp_path / "cache")
