"""Transitions that are too long for their clips are shortened, no more than needed, and each is told once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.timeline.model import Clip, Timeline, Transition
from storyreel.timeline.transitions import fitted, reach

KINDS = ["cut", "dissolve", "fade_black", "fade_white", "wipe", "slide", "push", "zoom"]


def film(parts):
    """A timeline of (clip's length, kind of the transition into it, that one's length)."""
    clips, start = [], 0
    for index, (length, kind, frames) in enumerate(parts):
        into = Transition(kind=kind, length_frames=frames, side="up")
        clips.append(Clip(id=f"s{index}", asset=None, start_frame=start, length_frames=length, into=into))
        start += length
    return Timeline(title="t", rate=Rate(), width_px=320, height_px=180, length_frames=start, clips=tuple(clips))


films = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(KINDS), st.integers(0, 80)), min_size=1, max_size=8).map(
    film
)


def room_left(timeline):
    """For each clip, the frames in which it is seen alone."""
    clips = timeline.clips
    shares = [reach(clip.into) if index else (0, 0) for index, clip in enumerate(clips)] + [(0, 0)]
    return [clip.length_frames - shares[index][1] - shares[index + 1][0] for index, clip in enumerate(clips)]


@given(films)
def test_after_it_every_clip_has_room_for_its_transitions(timeline):
    assert min(room_left(fitted(timeline)[0])) >= 0


@given(films)
def test_nothing_changes_but_transitions_and_none_becomes_longer(timeline):
    shorter, _ = fitted(timeline)
    plain = {"into": Transition()}
    assert [c.model_copy(update=plain) for c in shorter.clips] == [c.model_copy(update=plain) for c in timeline.clips]
    assert shorter.model_copy(update={"clips": ()}) == timeline.model_copy(update={"clips": ()})
    for one, other in zip(timeline.clips, shorter.clips, strict=True):
        assert other.into.length_frames <= one.into.length_frames
        assert other.into.side == one.into.side
        assert other.into.kind == one.into.kind or (other.into.kind == "cut" and other.into.length_frames == 0)


@given(films)
def test_each_transition_that_changed_is_told_and_no_other(timeline):
    shorter, warnings = fitted(timeline)
    changed = [b.id for a, b in zip(timeline.clips, shorter.clips, strict=True) if a.into != b.into]
    assert [warning.split(" into clip ")[1].split(" was ")[0] for warning in warnings] == changed


@given(films)
def test_what_fits_is_left_alone_and_what_was_fitted_fits(timeline):
    shorter, warnings = fitted(timeline)
    assert fitted(shorter) == (shorter, ())
    if min(room_left(timeline)) >= 0:
        assert shorter is timeline
        assert warnings == ()


@given(films)
def test_a_short_clip_is_used_up_before_its_transitions_are_cut_back_further(timeline):
    """A transition was shortened because a clip at one of its sides had no room for one frame more."""
    shorter, _ = fitted(timeline)
    left = room_left(shorter)
    for index, (one, other) in enumerate(zip(timeline.clips, shorter.clips, strict=True)):
        if one.into != other.into and other.into.kind != "cut":
            assert min(left[index - 1], left[index]) <= 1


def test_a_short_clip_shares_its_frames_among_its_transitions_by_their_lengths():
    timeline = film([(100, "cut", 0), (30, "dissolve", 60), (100, "wipe", 30)])
    shorter, warnings = fitted(timeline)
    assert [clip.into.length_frames for clip in shorter.clips] == [0, 40, 21]
    assert warnings == (
        "the dissolve into clip s1 was shortened from 60 to 40 frames, because clip s1 lasts 30 frames only",
        "the wipe into clip s2 was shortened from 30 to 21 frames, because clip s1 lasts 30 frames only",
    )


def test_a_transition_with_no_room_at_all_becomes_a_cut():
    shorter, warnings = fitted(film([(1, "cut", 0), (90, "fade_white", 20)]))
    assert [(clip.into.kind, clip.into.length_frames) for clip in shorter.clips] == [("cut", 0), ("fade_white", 3)]
    shorter, warnings = fitted(film([(60, "cut", 0), (1, "push", 9), (60, "push", 9)]))
    assert "the push into clip s1 was made a cut, because clip s1 lasts 1 frame only" in warnings
    assert shorter.clips[1].into.kind == "cut"


@pytest.mark.parametrize(("kind", "length", "shares"), [("wipe", 7, (3, 4)), ("zoom", 8, (4, 4)), ("cut", 9, (0, 0))])
def test_a_transition_is_centred_on_its_cut(kind, length, shares):
    assert reach(Transition(kind=kind, length_frames=length)) == shares
