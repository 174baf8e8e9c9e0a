"""Patches: whatever is changed, a patch brings one timeline to the other, and holds nothing that stayed."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.edit import ChangeCaption, apply
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Label, Sound, Timeline
from storyreel.timeline.patch import LISTS, Patch, patch_between, patched

SOUND = Asset(kind="audio", blob=Blob(sha256="a" * 64, suffix=".flac", size_bytes=1), duration_s=3.0,
              provenance=Provenance(provider="test"))  # fmt: skip


def cues(number: int) -> Cue:
    word = CueWord(text=f"w{number}", start_frame=number, end_frame=number + 1)
    return Cue(start_frame=number, length_frames=1, lines=((word,),))


NUMBERS = st.lists(st.integers(0, 6), max_size=7)
TIMELINES = st.builds(
    lambda clips, shown, cards, labels, sounds, windows, title, style, fade: Timeline(
        title=title, rate=Rate(num=10), width_px=64, height_px=36, length_frames=50, fade_in_frames=fade,
        clips=tuple(Clip(id=f"s{n}", asset=None, start_frame=n, length_frames=1) for n in clips),
        cues=tuple(map(cues, shown)), caption_style=style,
        cards=tuple(Card(start_frame=n, length_frames=1, title="c") for n in cards),
        labels=tuple(Label(start_frame=n, length_frames=1, text="l") for n in labels),
        sounds=tuple(Sound(asset=SOUND, track="music", start_frame=n, length_frames=1) for n in sounds),
        voice_windows=tuple((n, n + 1) for n in windows),
    ),
    NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["a", "b"]),
    st.sampled_from([None, CaptionStyle(size=0.05), CaptionStyle(size=0.06)]), st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(TIMELINES, TIMELINES)
def test_a_patch_brings_one_timeline_to_the_other_by_way_of_json(before, after):
    patch = patch_between(before, after)
    assert patched(before, Patch.model_validate(json.loads(patch.model_dump_json()))) == after


@settings(max_examples=30, deadline=None)
@given(TIMELINES, TIMELINES)
def test_a_patch_holds_no_field_that_is_equal_and_no_item_that_stayed_at_an_end(before, after):
    patch = patch_between(before, after)
    for name in (*patch.splices, *patch.values):
        assert getattr(before, name) != getattr(after, name)
    for name, splice in patch.splices.items():
        assert name in LISTS
        old, new = getattr(before, name), getattr(after, name)
        removed = old[splice.at : splice.at + splice.remove]
        put_in = new[splice.at : splice.at + len(splice.insert)]
        if removed and put_in:
            assert removed[0] != put_in[0]
            assert removed[-1] != put_in[-1]


@settings(max_examples=15, deadline=None)
@given(TIMELINES)
def test_equal_timelines_need_no_patch(timeline):
    assert not patch_between(timeline, timeline.model_copy(deep=True))


def test_one_changed_caption_of_many_is_all_that_travels():
    words = tuple(map(cues, range(1000)))
    film = Timeline(title="t", rate=Rate(), width_px=64, height_px=36, length_frames=1000, clips=(), cues=words)
    patch = patch_between(film, apply(film, [ChangeCaption(cue=500, text="other")]))
    assert (patch.values, list(patch.splices)) == ({}, ["cues"])
    assert (patch.splices["cues"].at, patch.splices["cues"].remove, len(patch.splices["cues"].insert)) == (500, 1, 1)
    assert len(patch.model_dump_json()) < 300
