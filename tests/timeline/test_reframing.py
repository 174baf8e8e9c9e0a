"""The camera passes nobody so that their head is cut."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.render.motion import window_at
from storyreel.timeline.assemble import move
from storyreel.timeline.model import Motion, Rect
from storyreel.timeline.reframing import Head, keeping

FRAME = (1920, 1080)


def picture(width_px: int = 2400, height_px: int = 1350) -> Asset:
    blob = Blob(sha256="a" * 64, suffix=".png", size_bytes=1)
    return Asset(
        kind="image", blob=blob, width_px=width_px, height_px=height_px, provenance=Provenance(provider="test")
    )


def seen(head: Head, motion: Motion, progress: float, asset: Asset, frame: tuple[int, int]) -> float:
    """How much of a head a frame shows, 0 to 1."""
    width, height = asset.width_px, asset.height_px
    window = window_at(motion, progress, (width, height), frame)
    left, top = window.left_px, window.top_px
    right, bottom = left + window.scale * frame[0], top + window.scale * frame[1]
    across = min(right, head.right * width) - max(left, head.left * width)
    down = min(bottom, head.bottom * height) - max(top, head.top * height)
    return max(0.0, across) * max(0.0, down) / ((head.right - head.left) * width * (head.bottom - head.top) * height)


@st.composite
def heads(draw: st.DrawFn, widest: float = 0.3) -> Head:
    left = draw(st.floats(0.03, 0.9))
    top = draw(st.floats(0.06, 0.85))
    return Head(
        left=left,
        top=top,
        right=min(0.97, left + draw(st.floats(0.02, widest))),
        bottom=min(0.95, top + draw(st.floats(0.03, 0.35))),
    )


@given(heads(), st.integers(0, 30), st.integers(0, 3), st.sampled_from([(1920, 1080), (1080, 1920), (1080, 1080)]))
@example(Head(left=0.15, top=0.16, right=0.43, bottom=0.42), 2, 1, (1920, 1080))
def test_one_head_is_whole_from_the_first_frame_to_the_last(
    head: Head, scene: int, part: int, frame: tuple[int, int]
) -> None:
    asset = picture(round(frame[0] * 1.25), round(frame[1] * 1.25))
    kept = keeping(move(scene, part), [head], asset, frame)
    assert all(seen(head, kept, progress / 10, asset, frame) > 0.99 for progress in range(11))


@given(heads(0.2), heads(0.2), st.integers(0, 30))
def test_a_wide_framing_leaves_everybody_whole(one: Head, other: Head, scene: int) -> None:
    kept = keeping(move(scene, 0), [one, other], picture(), FRAME)
    for head in (one, other):
        assert all(seen(head, kept, progress / 10, picture(), FRAME) > 0.99 for progress in range(11))


@given(st.floats(0.1, 0.8), st.floats(0.1, 0.8), st.integers(0, 30), st.integers(0, 1))
def test_no_framing_ends_upon_somebody(nearest: float, other: float, scene: int, part: int) -> None:
    assume(abs(nearest - other) > 0.15)
    people = [Head(left=at, top=0.3, right=at + 0.1, bottom=0.5) for at in (nearest, other)]
    kept = keeping(move(scene, part), people, picture(), FRAME)
    for progress in (0.0, 1.0):
        assert seen(people[0], kept, progress, picture(), FRAME) > 0.99
        assert not 0.05 < seen(people[1], kept, progress, picture(), FRAME) < 0.95


@pytest.mark.parametrize("scene", range(4))
@pytest.mark.parametrize("part", range(2))
def test_a_move_that_cuts_nobody_stays_as_it_was(scene: int, part: int) -> None:
    wish = move(scene, part)
    assert keeping(wish, [], picture(), FRAME) == wish
    assert keeping(wish, [Head(left=0.48, top=0.4, right=0.52, bottom=0.5)], picture(), FRAME) == wish
    assert keeping(wish, [Head(left=0.0, top=0.0, right=0.1, bottom=0.1)], None, FRAME) == wish


def test_a_picture_of_another_shape_is_moved_to_where_its_person_is() -> None:
    """An upright frame shows a third of a broad picture: it is the third with somebody in it."""
    broad, upright = picture(1920, 1080), (1080, 1920)
    head = Head(left=0.82, top=0.3, right=0.9, bottom=0.5)
    for scene in range(4):
        kept = keeping(move(scene, 0), [head], broad, upright)
        assert all(seen(head, kept, progress / 10, broad, upright) > 0.99 for progress in range(11))


def test_a_move_that_may_not_go_anywhere_comes_nearer_instead_of_standing() -> None:
    pan = Motion(start=Rect(x=0.46, height=0.9), end=Rect(x=0.54, height=0.9))
    crowd = [Head(left=left, top=0.2, right=left + 0.1, bottom=0.4) for left in (0.02, 0.86)]
    kept = keeping(pan, crowd, picture(), FRAME)
    assert kept.start != kept.end
