"""Previews: small, made from pieces like the film, and a missing picture is marked so that nobody takes it for one."""

import io

import av
import numpy as np
import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.preview import placeholder_picture, preview_of, preview_size
from storyreel.render.steps import render_pieces
from storyreel.timeline.model import Clip, Motion, Rect, Timeline


@pytest.fixture
def project(tmp_path):
    return Project("film", tmp_path)


def film(lengths):
    ends = [sum(lengths[: k + 1]) for k in range(len(lengths))]
    clips = tuple(
        Clip(id=f"s{k:04d}", asset=None, start_frame=end - length, length_frames=length,
             motion=Motion(end=Rect(height=0.5)))
        for k, (length, end) in enumerate(zip(lengths, ends, strict=True))
    )  # fmt: skip
    return Timeline(title="t", rate=Rate(num=10), width_px=1920, height_px=1080, length_frames=ends[-1], clips=clips)


@pytest.mark.parametrize(
    ("size", "small"),
    [((1920, 1080), (960, 540)), ((1080, 1920), (540, 960)), ((1080, 1080), (540, 540)), ((320, 180), (320, 180)),
     ((2048, 858), (1288, 540))],
)  # fmt: skip
def test_a_preview_has_540_lines_in_the_films_shape(size, small):
    assert preview_size(*size) == small


def test_a_placeholder_is_hatched_and_says_which_clip_it_stands_for():
    one, other = (
        np.asarray(Image.open(io.BytesIO(placeholder_picture(name, 960, 540))).convert("L"), float)
        for name in ("s0001", "s0002")
    )
    assert one.shape == (540, 960)
    differing = np.argwhere(one != other)
    # Only the last digit is another one, near the middle of the picture.
    assert 0 < len(differing) < 5000
    assert (np.abs(differing - [270, 480]) < [90, 140]).all()
    stripes = one[100, 20:-20]
    assert np.count_nonzero(np.abs(np.diff(stripes)) > 5) > 20


def test_missing_pictures_are_placeholders_in_a_preview_and_a_new_picture_draws_its_clip_only(project):
    store, timeline = store_of(project), film([20, 20, 20])
    preview = preview_of(timeline, store)
    assert (preview.width_px, preview.height_px, preview.length_frames) == (960, 540, 60)
    first = render_pieces(project, preview, quality="draft")
    assert (first.pieces, first.made) == (3, 3)
    with av.open(store.path(first.blob)) as container:
        frame = list(container.decode(video=0))[30]
    luma = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(-1, frame.planes[0].line_size)[:540, :960]
    drawn = np.asarray(Image.open(io.BytesIO(placeholder_picture("s0001", 960, 540))), float)
    wanted = 16 + drawn @ [0.2126, 0.7152, 0.0722] * 219 / 255
    assert np.abs(luma - wanted).mean() < 3
    picture = io.BytesIO()
    Image.new("RGB", (64, 36), (200, 100, 50)).save(picture, "PNG")
    asset = preview.clips[0].asset.model_copy(update={"blob": store.put_bytes(picture.getvalue(), ".png")})
    clips = (timeline.clips[0], timeline.clips[1].model_copy(update={"asset": asset}), timeline.clips[2])
    again = render_pieces(project, preview_of(timeline.model_copy(update={"clips": clips}), store), quality="draft")
    assert again.made == 1
