"""The flow recipe: one unbroken shot, segment by segment, of which nothing is made twice or unasked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel import Settings, continuous_flow
from storyreel.clock import Rate
from storyreel.errors import InputError, ProviderError
from storyreel.media.continuity import joints
from storyreel.media.flow import Segment
from storyreel.media.loudness import integrated_lufs
from storyreel.media.sound import read_sound
from storyreel.progress import Event, Progress
from storyreel.providers.contracts import AnimationRequest
from storyreel.providers.offline.animator import OfflineAnimator
from storyreel.recipes import continuous_flow as flow
from storyreel.recipes import flow_board
from storyreel.recipes._finish import Film
from storyreel.recipes.flow_board import Board
from storyreel.recipes.resume import resume

SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=10))
PROMPT = "A lighthouse on a rocky coast at dusk, the keeper stands on the cliff"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A flow of three segments, the last one short."""
    return continuous_flow(PROMPT, seconds=12, settings=SMALL, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def film(kept: Film, tmp_path: Path) -> flow.FlowFilm:
    """A copy of it that may be changed, and whose events are watched."""
    shutil.copytree(kept.project.cache, tmp_path / "cache")
    return opened(kept.project.id, tmp_path / "cache")


def opened(project_id: str, cache: Path, progress: Progress | None = None) -> flow.FlowFilm:
    from storyreel.recipes.resume import existing

    return flow.from_record(existing(project_id, cache, progress))


def states(film: flow.FlowFilm) -> list[str]:
    return [segment.status for segment in flow.read_segments(film.project)]


def watched(film: flow.FlowFilm) -> list[Event]:
    seen: list[Event] = []
    film.project.progress.listen(seen.append)
    return seen


def frames(path: Path) -> list[np.ndarray]:
    with av.open(path) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def clips_of(film: Film | flow.FlowFilm) -> list[Path]:
    return sorted(film.project.folder.glob("segments/segment_[0-9][0-9][0-9].mp4"))


def test_everything_is_saved_under_its_readable_name(kept: Film) -> None:
    names = {str(path.relative_to(kept.project.folder)) for path in kept.project.folder.rglob("*") if path.is_file()}
    assert {
        "project.json", "events.jsonl", "segments.json", "images/opening.png", "audio/music_1.flac", "timeline.json",
        "film.mp4", *(f"segments/segment_{n:03d}.mp4" for n in (1, 2, 3)),
        *(f"segments/segment_{n:03d}_start.png" for n in (1, 2, 3)),
    } <= names  # fmt: skip
    segments = flow.read_segments(kept.project)
    assert [(each.number, each.length_s, each.status, each.fraction) for each in segments] == [
        (1, 5.0, "done", 1.0), (2, 5.0, "done", 1.0), (3, 2.0, "done", 1.0),
    ]  # fmt: skip


def test_the_film_is_exactly_as_long_as_asked_for_and_loud_enough(kept: Film) -> None:
    assert kept.duration_s == 12.0
    assert len(frames(kept.path)) == 120
    sound = read_sound(kept.path, sample_rate_hz=48_000, channels=2)
    assert integrated_lufs(sound, 48_000) == pytest.approx(-14.0, abs=0.6)


def test_each_segment_begins_on_the_very_picture_the_one_before_ended_on(kept: Film) -> None:
    one, two, three = flow.read_segments(kept.project)
    assert one.end_frame == two.start_frame
    assert two.end_frame == three.start_frame
    measured = joints(clips_of(kept))
    assert min(joint.psnr_db for joint in measured) > 36
    assert max(joint.palette_distance for joint in measured) < 0.3


def test_no_picture_is_shown_twice_at_a_joint_and_none_is_missing(kept: Film) -> None:
    shown = [frame.astype(np.int16) for frame in frames(kept.path)]
    steps = [float(np.abs(b - a).mean()) for a, b in pairwise(shown)]
    for joint in (49, 99):
        assert 0.3 * np.median(steps) < steps[joint] < 4 * np.median(steps) + 1.5


def test_the_clips_are_stitched_by_copying(kept: Film) -> None:
    clips = [frame for path in clips_of(kept) for frame in frames(path)[:-1]]
    assert all(np.array_equal(one, other) for one, other in zip(frames(kept.path), clips, strict=True))


def test_a_finished_flow_is_made_again_from_memory(film: flow.FlowFilm) -> None:
    seen = watched(film)
    again = flow.make(film)
    done = {event.step: (event.done, event.remembered) for event in seen if event.kind == "done"}
    assert done == {"illustrate": (1, 1), "segments": (120, 120), "score": (1, 1), "render": (120, 120)}
    assert again.pieces_made == 0
    assert states(film) == ["done"] * 3


def test_regenerating_a_segment_makes_that_one_alone_and_says_which_later_ones_are_stale(film: flow.FlowFilm) -> None:
    before = flow.read_segments(film.project)
    seen = watched(film)
    changed = flow.change_segment(film, 2, again=True)
    assert changed.brief.segments[1].seed == 1
    made = flow.make(changed)
    after = flow.read_segments(film.project)
    assert states(film) == ["done", "done", "stale"]
    assert [one.clip == other.clip for one, other in zip(before, after, strict=True)] == [True, False, True]
    assert after[1].start_frame == before[1].start_frame
    assert after[1].end_frame != before[1].end_frame
    assert any("segment 3 is stale" in event.message for event in seen if event.kind == "warned")
    assert made.duration_s == 12.0

    # Asked for, the stale one is made again, and the shot is whole again.
    flow.make(flow.remaking(changed))
    assert states(film) == ["done"] * 3
    assert min(joint.psnr_db for joint in joints(clips_of(film))) > 36


def test_a_segment_can_be_asked_for_in_other_words(film: flow.FlowFilm) -> None:
    changed = flow.change_segment(film, 3, prompt="night falls and it begins to snow")
    assert changed.brief.segments[2].seed == 0
    flow.make(changed)
    segments = flow.read_segments(film.project)
    assert segments[2].prompt == "night falls and it begins to snow"
    assert states(film) == ["done"] * 3
    shown = frames(clips_of(film)[2])
    assert shown[-1].mean() != pytest.approx(shown[0].mean(), abs=2)


def test_more_segments_go_on_from_the_last_frame_and_remake_none(film: flow.FlowFilm) -> None:
    before = flow.read_segments(film.project)
    made = flow.make(flow.add_segments(film, "1"))
    after = flow.read_segments(film.project)
    assert made.duration_s == 17.0
    assert [segment.clip for segment in after[:3]] == [segment.clip for segment in before]
    assert after[3].start_frame == after[2].end_frame


def test_asking_for_another_length_keeps_what_is_made(film: flow.FlowFilm) -> None:
    before = flow.read_segments(film.project)
    begun = flow.begin(PROMPT, seconds="20", settings=SMALL, cache=film.project.cache)
    assert begun.project.id == film.project.id
    assert [segment.length_s for segment in begun.brief.segments] == [5.0] * 4
    flow.make(flow.begin(PROMPT, seconds=10, settings=SMALL, cache=film.project.cache))
    after = flow.read_segments(film.project)
    assert [segment.clip for segment in after] == [segment.clip for segment in before[:2]]


def test_an_effect_between_segments_draws_those_spots_and_makes_no_clip(film: flow.FlowFilm) -> None:
    before = flow.read_segments(film.project)
    made = flow.make(flow.change_segment(film, 2, effect="dissolve", effect_s="1", label="Later"))
    assert [segment.clip for segment in flow.read_segments(film.project)] == [segment.clip for segment in before]
    assert made.timeline.clips[1].into.kind == "dissolve"
    assert made.timeline.labels[0].text == "Later"
    assert 0 < made.pieces_made < made.pieces
    whole = frames(made.path)
    assert len(whole) == 120
    # Before the spots, and after them, the film is the clips' own pictures.
    assert np.array_equal(whole[10], frames(clips_of(film)[0])[10])
    assert np.array_equal(whole[110], frames(clips_of(film)[2])[10])


def test_a_segment_that_fails_is_told_and_the_next_run_goes_on_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = flow.begin("sea", seconds=10, settings=SMALL, cache=tmp_path)
    animate, asked = OfflineAnimator.animate, []

    def failing(self: OfflineAnimator, request: AnimationRequest, on_progress: Any = lambda done: None) -> bytes:
        asked.append(request)
        if len(asked) == 2:
            raise ProviderError("offline animator", "no more ink")
        return animate(self, request, on_progress)

    monkeypatch.setattr(OfflineAnimator, "animate", failing)
    monkeypatch.setattr("storyreel.recipes.continuous_flow.fan_out", one_by_one)
    with pytest.raises(ProviderError, match="no more ink"):
        flow.make(begun)
    first, second = flow.read_segments(begun.project)
    assert (first.status, second.status) == ("done", "failed")
    assert "no more ink" in second.message
    assert second.start_frame == first.end_frame
    finished = resume(begun.project.id, cache=tmp_path)
    assert finished.duration_s == 10.0
    assert len(asked) == 3
    assert states(begun) == ["done", "done"]


def one_by_one(function: Callable[[Any], Any], items: list[Any], **_: Any) -> list[Any]:
    return [function(item) for item in items]


def test_segments_are_told_while_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = flow.begin("a sailing boat", seconds=2, settings=SMALL, cache=tmp_path)
    seen: list[tuple[Segment, ...]] = []
    begun.project.progress.listen(lambda event: seen.append(flow.read_segments(begun.project)))
    monkeypatch.setattr(flow_board, "_TELL_EVERY_S", 0.0)
    told: list[float] = []
    tell = Board.tell
    monkeypatch.setattr(Board, "tell", lambda self, number, done: (told.append(done), tell(self, number, done))[0])
    flow.make(begun)
    assert told == sorted(told)
    assert len(told) == 21
    assert {segments[0].status for segments in seen if segments} >= {"queued", "done"}
    assert all(0.0 <= segments[0].fraction <= 1.0 for segments in seen if segments)


@pytest.mark.parametrize("prompt", ["sea", "x", "猫", "NOTHING!!!", "🎉"])
def test_a_prompt_of_one_word_makes_a_sensible_film(prompt: str, tmp_path: Path) -> None:
    made = continuous_flow(prompt, seconds=1, settings=SMALL, cache=tmp_path)
    shown = frames(made.path)
    assert len(shown) == 10
    assert shown[0].std() > 8
    assert not np.array_equal(shown[0], shown[-1])


def test_two_prompts_never_share_a_project(tmp_path: Path) -> None:
    start = "A very long walk along the shore of a lake in the mountains with"
    one = flow.begin(f"{start} rain", settings=SMALL, cache=tmp_path)
    other = flow.begin(f"{start} snow", settings=SMALL, cache=tmp_path)
    assert one.project.id != other.project.id
    assert flow.begin(f"{start} rain", settings=SMALL, cache=tmp_path).project.id == one.project.id


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"prompt": ""}, "prompt is empty"),
        ({"prompt": "sea", "seconds": "long"}, "seconds cannot be"),
        ({"prompt": "sea", "style": "cubist"}, "cinematic, cartoon"),
        ({"prompt": "sea", "animator": "none"}, "somebody has to animate"),
        ({"prompt": "sea", "predictor": "nobody"}, "predictor"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_leaves_nothing(
    asked: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=told):
        flow.begin(**asked, settings=SMALL, cache=tmp_path)
    assert not (tmp_path / "projects").exists()


@pytest.mark.parametrize(
    ("number", "asked", "told"),
    [
        (9, {"again": True}, "from 1 to 3"),
        (1, {"effect": "wipe"}, "nothing lies before"),
        (2, {"effect": "explode"}, "choose one of cut"),
        (2, {"effect_s": "9"}, "0.1 to 4"),
        (2, {"prompt": "x" * 501}, "at most 500"),
        (2, {"seed": "lucky"}, "whole number"),
    ],
)
def test_changes_that_cannot_be_made_are_refused(kept: Film, number: int, asked: dict[str, Any], told: str) -> None:
    film = opened(kept.project.id, kept.project.cache)
    with pytest.raises(InputError, match=told):
        flow.change_segment(film, number, **asked)
    with pytest.raises(InputError, match="from 1 to 200"):
        flow.add_segments(film, 0)
    assert opened(kept.project.id, kept.project.cache).brief == film.brief


def test_another_kind_of_film_is_no_flow(kept: Film) -> None:
    project = opened(kept.project.id, kept.project.cache).project
    record = project.record()
    try:
        project.save_record(record.model_copy(update={"recipe": "title"}))
        with pytest.raises(InputError, match="no continuous flow"):
            flow.from_record(project)
    finally:
        project.save_record(record)
    assert replace(flow.from_record(project), remake_stale=True).remake_stale


@pytest.mark.parametrize("prompt", (Path(__file__).parents[1] / "scripts/prompts.txt").read_text().splitlines())
def test_any_prompt_is_one_shot_whose_clips_meet(prompt: str, tmp_path: Path) -> None:
    made = continuous_flow(prompt, seconds=6, settings=SMALL, cache=tmp_path)
    assert made.timeline.length_frames == 60
    shown = frames(made.path)
    assert len(shown) == 60
    assert max(float(picture.std()) for picture in shown) > 10  # neither black nor of one colour
    assert all(joint.psnr_db > 35 for joint in joints(clips_of(made)))
