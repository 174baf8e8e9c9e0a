"""Packets taken out of a clip as they are, where nothing is laid over it."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.codec import X264, clip_options, set_up_picture
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render import copied as copied_module
from storyreel.render.copied import copied
from storyreel.render.packets import PacketRun
from storyreel.render.steps import film_job, render_pieces
from storyreel.timeline.model import Clip, Label, Motion, Rect, Timeline, Transition

WIDTH, HEIGHT, RATE = 128, 72, Rate(num=10)
FRAMES = 51


def moving(index: int) -> np.ndarray:
    x = np.arange(WIDTH)[None, :, None] + index * 2
    return np.broadcast_to((x * np.array([1, 2, 3]) % 256).astype(np.uint8), (HEIGHT, WIDTH, 3)).copy()


def clip_bytes(options: dict[str, str] | None = None, rate: Rate = RATE, group: int = 20) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream: Any = container.add_stream(X264, rate=rate.fps)
        set_up_picture(stream.codec_context, WIDTH, HEIGHT, rate)
        stream.codec_context.options = options or clip_options()
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(moving(index), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, rate.num)
            first = index % group == 0 or index == FRAMES - 1
            frame.pict_type = av.video.frame.PictureType.I if first else av.video.frame.PictureType.NONE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("copies", tmp_path)


def two_clips(project: Project, data: bytes, **second: Any) -> Timeline:
    asset = Asset(
        kind="video", blob=store_of(project).put_bytes(data, ".mp4"), width_px=WIDTH, height_px=HEIGHT,
        duration_s=FRAMES / 10, provenance=Provenance(provider="test"),
    )  # fmt: skip
    clips = (
        Clip(id="a", asset=asset, start_frame=0, length_frames=50),
        Clip(id="b", asset=asset, start_frame=50, length_frames=50, **second),
    )
    return Timeline(title="", rate=RATE, width_px=WIDTH, height_px=HEIGHT, length_frames=100, clips=clips)


def pieces(project: Project, timeline: Timeline, quality: Any = "standard") -> list[tuple[int, int, PacketRun | None]]:
    job = film_job(timeline, quality, "x264")
    return [
        (chunk.start_frame, chunk.spec.length_frames, copied(chunk.spec, store_of(project).path))
        for chunk in job.chunks
    ]


def drawn(found: list[tuple[int, int, PacketRun | None]]) -> list[tuple[int, int]]:
    return [(start, length) for start, length, run in found if run is None]


def test_a_film_of_nothing_but_such_clips_is_stitched_without_drawing_a_frame(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = two_clips(project, clip_bytes())
    assert drawn(pieces(project, timeline)) == []

    def never(*_: Any) -> None:
        raise AssertionError("a frame was drawn")

    monkeypatch.setattr("storyreel.render.compose.draw_chunk", never)
    film = render_pieces(project, timeline).blob
    path = store_of(project).path(timeline.clips[0].asset.blob)  # type: ignore[union-attr]
    with av.open(path) as clip, av.open(store_of(project).path(film)) as whole:
        source = [np.asarray(frame.to_ndarray(format="gray")) for frame in clip.decode(video=0)][:50]
        shown = [np.asarray(frame.to_ndarray(format="gray")) for frame in whole.decode(video=0)]
    assert len(shown) == 100
    assert all(np.array_equal(one, other) for one, other in zip(shown, source * 2, strict=True))


def test_the_packets_are_the_clips_own(project: Project) -> None:
    data = clip_bytes()
    runs = [run for _, _, run in pieces(project, two_clips(project, data))[:3]]
    assert all(run is not None for run in runs)
    with av.open(io.BytesIO(data)) as container:
        own = sum(len(bytes(packet)) for packet in container.demux(video=0) if packet.pts is not None)
    taken = sum(len(packet.data) for run in runs if run is not None for packet in run.packets)
    assert 0.9 * own < taken <= own
    for run in runs:
        assert run is not None
        assert run.packets[0].keyframe
        assert sorted(packet.pts for packet in run.packets) == list(range(len(run.packets)))
        assert all(packet.pts >= packet.dts for packet in run.packets)


def test_only_the_spots_with_a_transition_are_drawn(project: Project) -> None:
    found = pieces(project, two_clips(project, clip_bytes(), into=Transition(kind="dissolve", length_frames=10)))
    # The dissolve, and what is left over of the groups on its two sides.
    assert drawn(found) == [(40, 5), (45, 10), (55, 15)]


def test_only_the_spots_with_a_text_are_drawn(project: Project) -> None:
    timeline = two_clips(project, clip_bytes())
    label = Label(start_frame=62, length_frames=5, text="Later")
    assert drawn(pieces(project, timeline.model_copy(update={"labels": (label,)}))) == [(50, 20)]


def test_a_drawn_spot_and_a_copied_one_join_into_one_film(project: Project) -> None:
    timeline = two_clips(project, clip_bytes(), into=Transition(kind="wipe", length_frames=8))
    with av.open(store_of(project).path(render_pieces(project, timeline).blob)) as film:
        assert sum(1 for _ in film.decode(video=0)) == 100


@pytest.mark.parametrize(
    "second",
    [
        {"speed": 2.0},
        {"motion": Motion(start=Rect(height=0.8), end=Rect(height=0.8))},
        {"motion": Motion(end=Rect(height=0.8))},
        {"source_start_s": 0.15},
    ],
)
def test_what_is_not_shown_as_it_is_is_drawn(project: Project, second: dict[str, Any]) -> None:
    found = pieces(project, two_clips(project, clip_bytes(), **second))
    assert [run is None for start, _, run in found] == [start >= 50 for start, _, _ in found]


def test_a_clip_that_begins_within_a_group_is_copied_from_the_next_one(project: Project) -> None:
    found = pieces(project, two_clips(project, clip_bytes(), source_start_s=0.5))
    assert drawn(found) == [(50, 15), (85, 15)]


def test_a_clip_that_begins_on_a_later_group_is_copied_from_there(project: Project) -> None:
    found = pieces(project, two_clips(project, clip_bytes(), source_start_s=2.0))
    assert [(start, run is not None) for start, _, run in found if start >= 50] == [
        (50, True),
        (70, False),
        (90, False),
    ]


def test_another_quality_rate_or_encoding_is_drawn(project: Project) -> None:
    assert len(drawn(pieces(project, two_clips(project, clip_bytes()), "high"))) == 6
    assert len(drawn(pieces(project, two_clips(project, clip_bytes(rate=Rate(num=12)))))) == 6
    baseline = {"preset": "ultrafast", "profile": "baseline"}
    assert len(drawn(pieces(project, two_clips(project, clip_bytes(baseline))))) == 6
    # Groups that begin elsewhere than pieces do.
    assert len(drawn(pieces(project, two_clips(project, clip_bytes(group=13))))) >= 5


@pytest.mark.parametrize("damage", [b"", b"no video", None])
def test_a_damaged_clip_is_left_to_who_draws_it(project: Project, damage: bytes | None) -> None:
    data = clip_bytes()[:400] if damage is None else damage
    job = film_job(two_clips(project, data), "standard", "x264")
    assert copied(job.chunks[0].spec, store_of(project).path) is None


def test_parameter_sets_are_read_in_both_their_forms() -> None:
    headers = copied_module._headers(WIDTH, HEIGHT, RATE, "standard")
    with av.open(io.BytesIO(clip_bytes())) as container:
        record = bytes(container.streams.video[0].codec_context.extradata or b"")
    assert len(copied_module._units(headers)) == 2
    assert copied_module._units_of_avcc(record) == copied_module._units(headers)
    assert copied_module._units_of_avcc(b"\1\2\3") == copied_module._units_of_avcc(headers) == []
