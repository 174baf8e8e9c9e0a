"""After any edits, rendering what they touch gives the very film that rendering everything gives, and draws no more."""

import io
import tempfile
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.packets import PacketRun
from storyreel.render.steps import film_job, render_chunk, render_pieces
from storyreel.render.stills import Masters
from storyreel.timeline.edit import (
    ChangeCaption,
    ChangeDuration,
    ChangeMotion,
    ChangeTransition,
    InsertClip,
    MoveClip,
    RemoveClip,
    ReplacePicture,
    apply,
)
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Motion, Rect, Timeline, Transition

RATE = Rate(num=10)
W, H = 128, 72
PUSH, PAN = Motion(end=Rect(height=0.6)), Motion(start=Rect(x=0.3, height=0.6), end=Rect(x=0.7, height=0.6))


def picture(project, seed):
    data = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (9, 16, 3), np.uint8)).resize((W, H)).save(data, "PNG")
    blob = store_of(project).put_bytes(data.getvalue(), ".png")
    return Asset(kind="image", blob=blob, width_px=W, height_px=H, provenance=Provenance(provider="test"))


def cue(start, *words):
    timed = tuple(CueWord(text=w, start_frame=start + 4 * k, end_frame=start + 4 * k + 4) for k, w in enumerate(words))
    return Cue(start_frame=start, length_frames=4 * len(words), lines=(timed,))


def film(project):
    into = Transition(kind="dissolve", length_frames=6)
    clips = tuple(
        Clip(id=f"s{k}", asset=picture(project, k), start_frame=30 * k, length_frames=30,
             motion=(PUSH, PAN, Motion(), PUSH)[k], into=into if k else Transition())
        for k in range(4)
    )  # fmt: skip
    return Timeline(
        title="t", rate=RATE, width_px=W, height_px=H, length_frames=120, clips=clips,
        cues=(cue(10, "once", "upon", "a", "time"), cue(50, "there", "was"), cue(84, "a", "lamp")),
        cards=(Card(start_frame=0, length_frames=9, title="A"),), fade_in_frames=4, fade_out_frames=7,
    )  # fmt: skip


# --------------------------------------------------------------------- which pieces must be the same, told without keys


@dataclass(frozen=True)
class Stretch:
    start: int
    end: int


def stretches(timeline):
    """Where pieces may begin and end: at each transition's ends, and about every two seconds between."""
    marks = {0, timeline.length_frames}
    for before, clip in pairwise(timeline.clips):
        length = 0 if clip.into.kind == "cut" else clip.into.length_frames
        marks |= {before.end_frame - length // 2, before.end_frame - length // 2 + length}
    ordered = sorted(marks)
    for start, end in pairwise(ordered):
        count = max(1, round((end - start) / 20))
        for k in range(count):
            yield Stretch(start + (end - start) * k // count, start + (end - start) * (k + 1) // count)


def frame_as_words(timeline, frame):
    """All that is seen on a frame: pictures with how far their cameras have come, texts, fades."""
    seen = []
    for index, clip in enumerate(timeline.clips):
        into = clip.into.length_frames if index and clip.into.kind != "cut" else 0
        following = timeline.clips[index + 1].into if index + 1 < len(timeline.clips) else Transition()
        out = following.length_frames if following.kind != "cut" else 0
        first, after = clip.start_frame - into // 2, clip.end_frame + out - out // 2
        if first <= frame < after:
            moving = clip.motion.start != clip.motion.end
            at = (frame - first, after - first) if moving else 0
            coming = (clip.into.kind, frame - first, into) if frame < first + into else None
            seen.append((clip.asset.blob.sha256, clip.motion, at, coming))
    said = [
        (cue.text, tuple(word.start_frame <= frame for line in cue.lines for word in line),
         tuple(word.end_frame <= frame for line in cue.lines for word in line))
        for cue in timeline.cues if cue.start_frame <= frame < cue.end_frame
    ]  # fmt: skip
    cards = [
        (card.title, frame - card.start_frame, card.length_frames)
        for card in timeline.cards if card.start_frame <= frame < card.start_frame + card.length_frames
    ]  # fmt: skip
    fades = min(frame, timeline.fade_in_frames), min(timeline.length_frames - 1 - frame, timeline.fade_out_frames)
    return repr((seen, said, cards, fades))


def pieces_as_words(timeline):
    return [
        tuple(frame_as_words(timeline, frame) for frame in range(piece.start, piece.end))
        for piece in stretches(timeline)
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------- random edits


def edits(assets):
    clips = st.sampled_from([f"s{k}" for k in range(4)])
    modes = st.sampled_from(["roll", "ripple"])
    into = st.builds(Transition, kind=st.sampled_from(["cut", "dissolve"]), length_frames=st.integers(0, 12))
    return st.one_of(
        st.builds(ChangeCaption, cue=st.integers(0, 2), text=st.sampled_from(["once more", "a time", "", "was there"])),
        st.builds(ReplacePicture, clip=clips, asset=st.sampled_from(assets)),
        st.builds(ChangeDuration, clip=clips, length_frames=st.integers(5, 55), mode=modes),
        st.builds(MoveClip, clip=clips, to=st.integers(0, 3)),
        st.builds(ChangeTransition, clip=clips, into=into),
        st.builds(ChangeMotion, clip=clips, motion=st.sampled_from([PUSH, PAN, Motion()])),
        st.builds(RemoveClip, clip=clips, mode=modes),
        st.builds(InsertClip, at=st.integers(0, 4), id=st.just("new"), asset=st.sampled_from(assets),
                  length_frames=st.integers(3, 25), mode=modes),
    )  # fmt: skip


def packets_of(project, timeline):
    job, masters = film_job(timeline, "draft", "x264"), Masters()
    runs = []
    for chunk in job.chunks:
        blob, remembered = render_chunk.recall(project, job.piece(chunk, masters))
        assert remembered
        runs.append(PacketRun.from_bytes(store_of(project).read(blob)))
    return runs


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("films")


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_what_edits_touch_is_made_again_and_no_more_and_the_film_is_the_same(place, data):
    project, fresh = (Project("film", tempfile.mkdtemp(dir=place)) for _ in range(2))
    timeline = film(project)
    assets = [picture(project, seed) for seed in (0, 1, 8)]
    first = render_pieces(project, timeline, quality="draft")
    there = set(pieces_as_words(timeline))
    assert first.pieces == len(list(stretches(timeline)))
    for _ in range(3):
        edit = data.draw(edits(assets))
        try:
            timeline = apply(timeline, [edit])
        except InputError:
            continue
        new = pieces_as_words(timeline)
        rendering = render_pieces(project, timeline, quality="draft")
        assert rendering.pieces == len(new)
        assert rendering.made <= len(set(new) - there), edit
        there |= set(new)
    film(fresh)
    picture(fresh, 8)
    whole = render_pieces(fresh, timeline, quality="draft")
    assert packets_of(project, timeline) == packets_of(fresh, timeline)
    assert whole.blob == render_pieces(project, timeline, quality="draft").blob
