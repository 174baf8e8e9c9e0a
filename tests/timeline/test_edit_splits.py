"""Splits, merges and retimings: nothing jumps at a split, and captions never overlap."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.render.motion import window_at
from storyreel.timeline.edit import MergeCaptions, RetimeCaption, RetimeWord, SplitCaption, SplitClip, apply
from storyreel.timeline.model import Clip, Motion, Rect, Timeline

sys.path.insert(0, str(Path(__file__).parent))
from edit_kind_vectors import PATH, film, vectors

PICTURE, FRAME = (2400, 1350), (1920, 1080)


def shown(clip: Clip, frame: int) -> tuple[float, float, float]:
    """Where a clip looks on one of the film's frames."""
    progress = (frame - clip.start_frame) / max(1, clip.length_frames - 1)
    window = window_at(clip.motion, progress, PICTURE, FRAME)
    return window.left_px, window.top_px, window.scale


def with_motion(motion: Motion) -> Timeline:
    made = film()
    return made.model_copy(update={"clips": (made.clips[0].model_copy(update={"motion": motion}), *made.clips[1:])})


def test_the_vectors_shared_with_the_page_are_what_python_does():
    assert json.loads(PATH.read_text()) == vectors(), "run  python tests/timeline/edit_kind_vectors.py"


@given(
    st.sampled_from(["linear", "in", "out", "in_out"]), st.integers(1, 30),
    st.floats(-1, 1), st.floats(-1, 1), st.floats(0.5, 0.9),
)  # fmt: skip
def test_at_a_split_the_camera_neither_jumps_nor_stands(ease, at, x, y, height):
    room = (1 - height) / 2  # a part that sticks out is moved inside, and no longer where it says
    end = Rect(x=0.5 + x * room, y=0.5 + y * room, height=height)
    before = with_motion(Motion(start=Rect(height=0.6), end=end, ease=ease))
    first, second = apply(before, [SplitClip(clip="s0001", at_frame=at, id="new")]).clips[:2]
    whole = before.clips[0]
    for part in (first, second):
        for frame in (part.start_frame, part.end_frame - 1):
            assert shown(part, frame) == pytest.approx(shown(whole, frame), abs=0.02)
    # Between them too it stays near: a share of the way that nobody sees at this speed.
    far = max(abs(one - other) for one, other in zip(shown(whole, 0), shown(whole, 30), strict=True))
    for frame in range(31):
        part = first if frame < second.start_frame else second
        for one, other in zip(shown(part, frame), shown(whole, frame), strict=True):
            assert abs(one - other) <= 0.13 * far + 0.05


@pytest.mark.parametrize(("ease", "eases"), [("linear", ("linear", "linear")), ("in_out", ("in", "out"))])
def test_a_move_split_in_its_middle_keeps_its_pace(ease, eases):
    move = Motion(start=Rect(height=0.9), end=Rect(height=0.5), ease=ease)
    halves = apply(with_motion(move), [SplitClip(clip="s0001", at_frame=16, id="new")]).clips[:2]
    assert tuple(clip.motion.ease for clip in halves) == eases


def test_a_video_that_is_split_goes_on_where_it_was():
    first, second = apply(film(), [SplitClip(clip="s0003", at_frame=81, id="new")]).clips[2:4]
    assert (first.source_start_s, second.source_start_s) == (0.5, pytest.approx(0.5 + 1.0 * 1.5))
    assert (first.asset, second.speed, second.into.kind) == (second.asset, 1.5, "cut")


def marks(cue):
    words = [mark for line in cue.lines for word in line for mark in (word.start_frame, word.end_frame)]
    return [cue.start_frame, *words, cue.end_frame]


@given(st.integers(0, 2), st.integers(0, 130), st.integers(1, 130))
def test_a_retimed_caption_keeps_its_words_in_order_inside_it_and_off_its_neighbours(number, start, length):
    fits = (0, 30, 50)[number] <= start and start + length <= (35, 60, 120)[number]
    edit = RetimeCaption(cue=number, start_frame=start, length_frames=length)
    if not fits:
        with pytest.raises(InputError, match="has room from frame"):
            apply(film(), [edit])
        return
    after = apply(film(), [edit])
    cue = after.cues[number]
    assert (cue.start_frame, cue.length_frames, cue.text) == (start, length, film().cues[number].text)
    assert marks(cue) == sorted(marks(cue))
    for one, other in pairwise(after.cues):
        assert one.end_frame <= other.start_frame


@given(st.integers(0, 3), st.integers(8, 32), st.integers(8, 32))
def test_a_retimed_word_has_its_time_and_its_neighbours_give_way(word, start, end):
    try:
        after = apply(film(), [RetimeWord(cue=0, word=word, start_frame=start, end_frame=end)])
    except InputError:
        return
    cue = after.cues[0]
    words = [each for line in cue.lines for each in line]
    assert (words[word].start_frame, words[word].end_frame, cue.text) == (start, end, film().cues[0].text)
    assert marks(cue) == sorted(marks(cue))


@given(st.integers(0, 2), st.integers(1, 13))
def test_a_caption_split_and_merged_again_says_and_times_the_same(number, word):
    words = [each for line in film().cues[number].lines for each in line]
    if word >= len(words):
        with pytest.raises(InputError, match="has no word"):
            apply(film(), [SplitCaption(cue=number, word=word)])
        return
    parted = apply(film(), [SplitCaption(cue=number, word=word)])
    one, other = parted.cues[number : number + 2]
    assert (one.end_frame, other.start_frame) == (words[word].start_frame, words[word].start_frame)
    assert [each for cue in (one, other) for line in cue.lines for each in line] == words
    merged = apply(parted, [MergeCaptions(cue=number)]).cues
    assert len(merged) == 3
    assert marks(merged[number]) == marks(film().cues[number])
