"""Clips from animators: looked through before they are trusted, and brought to the film's own measure."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import ProviderError
from storyreel.media.clips import check_clip
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import AnimationRequest
from storyreel.providers.offline.animator import OfflineAnimator
from storyreel.render.conform import conform


def made(width: int, height: int, fps: int, frames: int, *, level: int = 40, suffix: str = "mp4") -> bytes:
    """A clip with a circle in its middle, whose left edge grows brighter from the first frame to the last."""
    y, x = np.mgrid[:height, :width]
    circle = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 4) ** 2
    data = io.BytesIO()
    with av.open(data, "w", format=suffix) as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "10"}
        for number in range(frames):
            picture = np.full((height, width, 3), level, np.uint8)
            picture[circle] = max(level, 200) if level else 0
            picture[:, : width // 5] = level + (number * 180 // max(1, frames - 1) if level else 0)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return data.getvalue()


def asset(project: Project, data: bytes) -> Asset:
    blob = store_of(project).put_bytes(data, ".mp4")
    return Asset(kind="video", blob=blob, duration_s=1.0, provenance=Provenance(provider="acme/video", prompt="x"))


def frames_of(path: Path) -> tuple[list[np.ndarray], Fraction]:
    with av.open(str(path)) as container:
        rate = Fraction(container.streams.video[0].average_rate or 0)
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)], rate


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("film", tmp_path)


@pytest.mark.parametrize("rate", [Rate(num=10), Rate(num=30), Rate(num=24000, den=1001)])
@pytest.mark.parametrize(("width", "height"), [(128, 128), (96, 160), (256, 108)])
def test_a_clip_has_the_films_rate_size_and_length_and_is_cut_never_stretched(
    project: Project, rate: Rate, width: int, height: int
) -> None:
    clip = asset(project, made(width, height, 24, 48))
    done = conform(project, clip, rate=rate, width_px=192, height_px=108, length_frames=12, whole=True)
    pictures, is_rate = frames_of(store_of(project).path(done.blob))
    assert (is_rate, len(pictures), pictures[0].shape) == (rate.fps, 12, (108, 192, 3))
    assert (done.width_px, done.height_px, done.provenance) == (192, 108, clip.provenance)
    bright = pictures[0][:, :, 0] > 130
    scale = max(192 / width, 108 / height)
    across = bright[54].sum() / scale
    assert abs(across - min(width, height) / 2) < 3
    rows, columns = bright.any(axis=1).sum(), bright.any(axis=0).sum()
    assert abs(rows - min(108, columns)) <= 3  # a circle stays one


def test_what_lies_between_two_pictures_begins_on_the_first_and_ends_on_the_last(project: Project) -> None:
    clip = asset(project, made(192, 108, 24, 120))
    done = conform(project, clip, rate=Rate(num=10), width_px=192, height_px=108, length_frames=21, whole=True)
    pictures, _ = frames_of(store_of(project).path(done.blob))
    levels = [float(picture[:, :30].mean()) for picture in pictures]
    assert len(levels) == 21
    assert abs(levels[0] - 40) < 6
    assert abs(levels[-1] - 220) < 6
    assert all(later >= earlier - 2 for earlier, later in pairwise(levels))


def test_any_other_clip_plays_at_its_own_speed_and_a_short_one_a_little_slower(project: Project) -> None:
    long = asset(project, made(192, 108, 24, 96))
    cut = conform(project, long, rate=Rate(num=12), width_px=192, height_px=108, length_frames=24, whole=False)
    levels = [float(picture[:, :30].mean()) for picture in frames_of(store_of(project).path(cut.blob))[0]]
    assert abs(levels[-1] - (40 + 180 * 46 / 95)) < 6
    short = asset(project, made(192, 108, 24, 44))
    slow = conform(project, short, rate=Rate(num=12), width_px=192, height_px=108, length_frames=24, whole=False)
    levels = [float(picture[:, :30].mean()) for picture in frames_of(store_of(project).path(slow.blob))[0]]
    assert abs(levels[-1] - 220) < 6
    assert abs(levels[12] - 130) < 15


def test_what_has_the_films_measure_already_is_left_alone_and_nothing_is_done_twice(project: Project) -> None:
    png = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (192, 108), (90, 120, 140)).save(png, "PNG")
    request = AnimationRequest("x", png.getvalue(), png.getvalue(), 1.1, 192, 108, frames_per_s=10)
    own = asset(project, OfflineAnimator().animate(request))
    measure = {"rate": Rate(num=10), "width_px": 192, "height_px": 108, "length_frames": 11, "whole": True}
    assert conform(project, own, **measure) == own
    clip = asset(project, made(96, 96, 24, 30))
    first = conform.recall(project, clip, **measure)
    assert (first[1], conform.recall(project, clip, **measure)) == (False, (first[0], True))


def test_a_clip_is_looked_through_to_its_end() -> None:
    facts = check_clip(made(128, 96, 24, 48), "acme", 2.0)
    assert (facts.width_px, facts.height_px, facts.suffix) == (128, 96, ".mp4")
    assert abs(facts.duration_s - 2.0) < 0.05
    with pytest.raises(ProviderError, match=r"lasts 1\.0 s instead of 5\.0"):
        check_clip(made(128, 96, 24, 24), "acme", 5.0)
    with pytest.raises(ProviderError, match="black from beginning to end"):
        check_clip(made(128, 96, 24, 24, level=0), "acme", 1.0)
    check_clip(made(128, 96, 24, 24, level=30), "acme", 1.0)
    with pytest.raises(ProviderError, match="not a whole clip"):
        check_clip(b"<html>", "acme", 1.0)
