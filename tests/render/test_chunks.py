"""Cutting the film: pieces tile it, and an edit changes only the pieces it touches."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.render.chunks import cut_into_chunks, visible_range
from storyreel.render.overlay import Span
from storyreel.timeline.model import Clip, Fit, Motion, Rect, Timeline, Transition

MOVE = Motion(start=Rect(height=1.0), end=Rect(height=0.8))


def picture(letter):
    blob = Blob(sha256=letter * 64, suffix=".png", size_bytes=1)
    return Asset(kind="image", blob=blob, width_px=640, height_px=360, provenance=Provenance(provider="test"))


def film(lengths, transitions=(), motion=MOVE, rate=None, **more):
    clips, start = [], 0
    for index, length in enumerate(lengths):
        into = transitions[index] if index < len(transitions) else Transition()
        letter = "abcdef0123456789"[index % 16]
        clips.append(
            Clip(
                id=f"s{index}",
                asset=picture(letter),
                start_frame=start,
                length_frames=length,
                motion=motion,
                into=into,
            )
        )
        start += length
    return Timeline(
        title="t", rate=rate or Rate(), width_px=320, height_px=180, length_frames=start, clips=clips, **more
    )


def text(start, end, key, fade=0):
    return Span(start, end, key, fade, fade, lambda: None)


def specs(timeline, spans=()):
    return [chunk.spec for chunk in cut_into_chunks(timeline, spans)]


def changed(before, after):
    """How many pieces of `after` are not remembered from `before`."""
    kept = Counter(spec.model_dump_json() for spec in before)
    return sum((Counter(spec.model_dump_json() for spec in after) - kept).values())


dissolve_14 = Transition(kind="dissolve", length_frames=14)


@given(
    st.lists(st.tuples(st.integers(20, 400), st.integers(0, 19)), min_size=1, max_size=12),
    st.sampled_from([Rate(), Rate(num=24), Rate(num=30000, den=1001), Rate(num=12)]),
)
def test_pieces_tile_the_film_and_are_about_two_seconds_long(clips, rate):
    timeline = film(
        [length for length, _ in clips],
        [Transition(kind="dissolve", length_frames=length) for _, length in clips],
        rate=rate,
    )
    chunks = cut_into_chunks(timeline)
    assert chunks[0].start_frame == 0
    assert chunks[-1].end_frame == timeline.length_frames
    assert all(one.end_frame == other.start_frame for one, other in pairwise(chunks))
    assert max(chunk.spec.length_frames for chunk in chunks) <= 3 * rate.fps + 1


def test_a_transition_is_a_piece_of_its_own_centred_on_the_cut():
    chunks = cut_into_chunks(film([60, 60], [Transition(), Transition(kind="dissolve", length_frames=15)]))
    middle = [chunk for chunk in chunks if chunk.spec.coming is not None]
    assert [(chunk.start_frame, chunk.end_frame) for chunk in middle] == [(53, 68)]
    assert middle[0].clips == ("s0", "s1")


def test_motion_runs_on_through_both_transitions():
    timeline = film([60, 60, 60], [Transition(), dissolve_14, dissolve_14])
    assert visible_range(timeline, 1) == (53, 127)
    seen = []
    for chunk in cut_into_chunks(timeline):
        for clip_view, name in ((chunk.spec.view, chunk.clips[0]), (chunk.spec.coming, chunk.clips[-1])):
            if clip_view is not None and name == "s1":
                seen += [(clip_view.first + i, clip_view.visible) for i in range(chunk.spec.length_frames)]
    assert seen == [(i, 74) for i in range(74)]


def test_a_piece_has_the_same_spec_wherever_it_lies():
    early, late = film([60, 90]), film([120, 90])
    assert specs(early)[-1] == specs(late)[-1]


def test_a_new_picture_remakes_its_scene_and_the_transitions_at_its_ends_only():
    before = film([200] * 5, [dissolve_14] * 5)
    clips = list(before.clips)
    clips[2] = clips[2].model_copy(update={"asset": picture("9")})
    after = before.model_copy(update={"clips": tuple(clips)})
    body = sum(1 for chunk in cut_into_chunks(after) if chunk.clips == ("s2",))
    assert changed(specs(before), specs(after)) == body + 2
    assert body == 3


def test_a_changed_text_remakes_the_pieces_it_touches_only():
    timeline = film([600])
    spans = [text(k * 40, k * 40 + 38, f"word {k}") for k in range(15)]
    other = list(spans)
    other[4] = text(160, 198, "another word")
    touched = [c for c in cut_into_chunks(timeline) if c.start_frame < 198 and c.end_frame > 160]
    assert changed(specs(timeline, spans), specs(timeline, other)) == len(touched) == 2


def test_a_text_that_grows_inside_its_own_piece_leaves_the_one_it_covers_whole_alone():
    timeline = film([600])
    assert changed(specs(timeline, [text(0, 200, "a")]), specs(timeline, [text(0, 210, "a")])) == 1


def test_a_texts_fade_is_kept_where_it_reaches_in():
    first, middle, last = (s.overlays[0] for s in specs(film([60] * 3), [text(50, 140, "a", fade=12)]))
    assert (first.start, first.end, first.fade_in, first.fade_out) == (50, 60, 12, 0)
    assert (middle.start, middle.end, middle.fade_in, middle.fade_out) == (-10, 60, 12, 0)
    assert (last.start, last.end, last.fade_in, last.fade_out) == (0, 20, 0, 12)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 80), st.integers(0, 20)), max_size=12))
def test_every_text_is_as_opaque_in_its_pieces_as_on_the_film(items):
    spans = [text(start, start + length, f"{k}", fade) for k, (start, length, fade) in enumerate(items)]
    timeline = film([130, 150, 101])
    drawn = {}
    for chunk in cut_into_chunks(timeline, spans):
        for over, index in zip(chunk.spec.overlays, chunk.spans, strict=True):
            assert over.key == spans[index].key
            part = Span(over.start, over.end, over.key, over.fade_in, over.fade_out, spans[index].draw)
            for i in range(chunk.spec.length_frames):
                drawn[index, chunk.start_frame + i] = part.opacity(i)
    for index, span in enumerate(spans):
        for frame in range(timeline.length_frames):
            assert drawn.get((index, frame), 0.0) == pytest.approx(span.opacity(frame))


def test_a_still_camera_gives_equal_pieces():
    whole = specs(film([360], motion=Motion()))
    assert len(whole) == 6
    assert len(set(whole)) == 1


def test_the_films_fades_run_from_black_to_black():
    timeline = film([60, 60, 60], fade_in_frames=70, fade_out_frames=65)
    opacity = [s.picture_opacity(i) for s in specs(timeline) for i in range(s.length_frames)]
    assert opacity[0] == opacity[-1] == 0.0
    assert opacity[:71] == pytest.approx([i / 70 for i in range(71)])
    assert opacity[-66:] == pytest.approx([i / 65 for i in range(65, -1, -1)])
    assert set(opacity[70:-65]) == {1.0}


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda t: t.model_copy(update={"length_frames": 130}), "last 120 frames and the film 130"),
        (lambda t: t.model_copy(update={"clips": t.clips[1:]}), "s1 starts on frame 60"),
        (lambda t: t.model_copy(update={"clips": ()}), "last 0 frames"),
    ],
)
def test_clips_that_do_not_tile_the_film_are_named(break_it, says):
    with pytest.raises(RenderError, match=says):
        cut_into_chunks(break_it(film([60, 60])))


def test_a_clip_too_short_for_its_transitions_is_named():
    long = Transition(kind="dissolve", length_frames=30)
    with pytest.raises(RenderError, match="clip s1 lasts 20 frames"):
        cut_into_chunks(film([60, 20, 60], [Transition(), long, long]))


def with_clip(timeline, index, **update):
    clips = list(timeline.clips)
    clips[index] = clips[index].model_copy(update=update)
    return timeline.model_copy(update={"clips": tuple(clips)})


def video(letter):
    return picture(letter).model_copy(update={"kind": "video", "duration_s": 60.0})


FILM = film([60, 90, 60], [Transition(), dissolve_14, dissolve_14])
MOVING = with_clip(FILM, 1, asset=video("b"))
STILL_CAMERA = {"motion": Motion()}


@pytest.mark.parametrize(
    ("before", "update"),
    [
        (FILM, {"fit": Fit(kind="blur")}),
        (FILM, {"fit": Fit(kind="colour")}),
        (with_clip(FILM, 1, fit=Fit(kind="colour")), {"fit": Fit(kind="colour", colour="#123456")}),
        (FILM, {"motion": Motion(start=MOVE.start, end=Rect(height=0.8, turn_deg=2))}),
        (FILM, {"motion": MOVE.model_copy(update={"ease": "out"})}),
        (FILM, {"into": Transition(kind="zoom", length_frames=14)}),
        (with_clip(FILM, 1, into=Transition(kind="push", length_frames=14)),
         {"into": Transition(kind="push", length_frames=14, side="up")}),
        (MOVING, {"source_start_s": 0.5}),
        (MOVING, {"speed": 0.5}),
        (MOVING, {"asset": picture("b")}),
    ],
)  # fmt: skip
def test_all_that_changes_a_pixel_changes_a_key(before, update):
    assert changed(specs(before), specs(with_clip(before, 1, **update))) >= 1


@pytest.mark.parametrize(
    ("before", "update"),
    [
        (FILM, {"fit": Fit(colour="#123456")}),
        (with_clip(FILM, 1, fit=Fit(kind="blur")), {"fit": Fit(kind="blur", colour="#123456")}),
        (with_clip(FILM, 1, fit=Fit(kind="colour", colour="#abcdef")), {"fit": Fit(kind="colour", colour="#ABCDEF")}),
        (FILM, {"into": dissolve_14.model_copy(update={"side": "up"})}),
        (FILM, {"source_start_s": 3.0, "speed": 2.0}),
        (FILM, {"id": "another", "scene": 7}),
        (with_clip(FILM, 1, **STILL_CAMERA), {"motion": Motion(ease="out")}),
        (with_clip(FILM, 1, asset=None), {"fit": Fit(kind="blur"), "motion": Motion()}),
        (MOVING, {"asset": video("b").model_copy(update={"duration_s": 9.0, "width_px": 3})}),
    ],
)
def test_what_changes_no_pixel_changes_no_key(before, update):
    assert specs(before) == specs(with_clip(before, 1, **update))


def test_a_video_shows_its_start_on_the_clips_first_frame_whatever_leads_in():
    for into in (Transition(), dissolve_14):
        timeline = with_clip(with_clip(MOVING, 1, **STILL_CAMERA), 1, into=into)
        starts = set()
        for chunk in cut_into_chunks(timeline):
            for view in (chunk.spec.view, chunk.spec.coming):
                if view is not None and view.video:
                    starts.add(view.source_first - chunk.start_frame)
        assert starts == {-60}


def test_a_longer_video_clip_remakes_its_new_pieces_only():
    """While its camera stands still: nothing in the earlier pieces knows how long the clip is."""
    before = film([180, 60], motion=Motion())
    before = with_clip(before, 0, asset=video("b"))
    longer = film([240, 60], motion=Motion())
    longer = with_clip(longer, 0, asset=video("b"))
    assert changed(specs(before), specs(longer)) == 1


def test_a_video_under_a_still_camera_is_not_still():
    views = [spec.view for spec in specs(with_clip(MOVING, 1, **STILL_CAMERA)) if spec.view.video]
    assert views
    assert not any(view.static for view in views)
