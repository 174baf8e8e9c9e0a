"""Shots of all four ways in: what they show, who is in them, how they stand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storyreel.media.flow import Segment
from storyreel.memo.blob import Blob
from storyreel.progress import Event
from storyreel.project import Project, Record
from storyreel.providers.contracts import SceneDescription
from storyreel.providers.estimate import Estimate
from storyreel.recipes import continuous_flow
from storyreel.recipes._finish import keep_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.settings import Settings
from storyreel.shots.cast import Cast, CharacterCard
from storyreel.shots.model import Scene
from storyreel.shots.script_model import Breakdown, Shot, ShotScene
from storyreel.studio import actions
from storyreel.studio.session import Session
from storyreel.studio.shot_sheet import chapter_list, read_sheet
from storyreel.timeline.model import Clip, Timeline

SETTINGS = Settings(width_px=192, height_px=108)


def film(*clips: tuple[str, int]) -> Timeline:
    made = tuple(
        Clip(id=name, asset=None, start_frame=20 * at, length_frames=20, scene=scene)
        for at, (name, scene) in enumerate(clips)
    )
    return Timeline(
        title="t", rate=SETTINGS.rate, width_px=192, height_px=108, length_frames=20 * len(clips), clips=made
    )


@pytest.fixture
def begun(tmp_path: Path) -> Callable[..., Project]:
    def begin(recipe: str, inputs: dict, timeline: Timeline, **files: object) -> Project:
        project = Project("film", tmp_path / "cache")
        project.save_record(Record(recipe=recipe, inputs=inputs, crew={"painter": "offline"}, settings=SETTINGS))
        for name, value in files.items():
            path = project.folder / f"{name}.json"
            path.write_text(value if isinstance(value, str) else json.dumps(value))
        keep_timeline(project, keep_assembled(project, timeline).timeline)
        return project

    return begin


def scene(index: int, chapter: int) -> dict:
    told = SceneDescription(subject=f"subject {index}", camera="wide shot", cast=("Ada: tall",))
    made = Scene(index=index, chapter=chapter, first_word=0, last_word=3, description=told, prompt=f"prompt {index}")
    return made.model_dump(mode="json")


def test_a_title_films_shots_know_their_scene_and_its_chapters_begin_where_their_pictures_do(begun):
    timeline = film(("s0001", 1), ("s0001b", 1), ("s0002", 2), ("s0003", 3))
    project = begun("title", {}, timeline, prompts=[scene(1, 1), scene(2, 1), scene(3, 2)])
    (project.folder / "chapters").mkdir()
    for number, title in ((1, "Fog"), (2, "Dawn")):
        text = json.dumps({"number": number, "title": title, "text": "x"})
        (project.folder / "chapters" / f"chapter_{number}.json").write_text(text)
    sheet = read_sheet(project, "title")
    shot = sheet.shot(timeline.clips[1])
    assert (shot.title, shot.camera, shot.prompt, shot.cast) == ("Subject 1", "wide shot", "prompt 1", ("Ada: tall",))
    assert shot.request is not None
    assert (shot.request.width_px, shot.request.scene.subject) == (256, "subject 1")
    assert chapter_list(timeline, sheet) == [
        {"number": 1, "title": "Fog", "start_frame": 0, "length_frames": 60},
        {"number": 2, "title": "Dawn", "start_frame": 60, "length_frames": 20},
    ]


def test_a_script_films_shots_know_size_people_and_heading(begun):
    shots = (Shot(id="1-01", scene=1, size="wide", people=("ADA",), subject="Ada at the lamp", rough_s=2.0),)
    breakdown = Breakdown(title="t", scenes=(ShotScene(number=1, heading="INT. LAMP ROOM - NIGHT", shots=shots),))
    cast = Cast(style="cinematic", narrator="none", characters=(CharacterCard(name="ADA", look="tall", voice="none"),))
    timeline = film(("1-01", 1))
    project = begun(
        "script", {"seed": 2}, timeline, shots=breakdown.model_dump_json(), cast=cast.model_dump_json()
    )  # fmt: skip
    sheet = read_sheet(project, "script")
    shot = sheet.shot(timeline.clips[0])
    assert shot.title == "Ada at the lamp"
    assert "wide shot" in shot.camera
    assert shot.cast == ("ADA: tall",)
    assert shot.request is not None
    assert shot.request.prompt == shot.prompt
    assert sheet.scenes[1].title == "INT. LAMP ROOM - NIGHT"


def test_a_flows_shots_stand_as_their_segments_do_and_are_made_again_elsewhere(begun, open_session, new_page):
    segments = [
        Segment(number=1, length_s=5, status="done", fraction=1.0),
        Segment(number=2, length_s=5, status="failed", message="no answer", prompt="rain"),
    ]
    listing = [segment.model_dump(mode="json") for segment in segments]
    project = begun("flow", {"prompt": "a coast"}, film(("f001", 1), ("f002", 2)), segments=listing)
    shots = new_page(open_session(project)).hello()["shots"]
    assert [(shot["title"], shot["prompt"], shot["status"], shot["message"]) for shot in shots] == [
        ("Segment 1", "", "done", ""), ("Segment 2: rain", "rain", "failed", "no answer"),
    ]  # fmt: skip
    assert not any(shot["can_make_again"] for shot in shots)


@pytest.fixture
def flow(tmp_path, open_session, new_page):
    """A flow of two segments that was begun, a page that shows it, and the commands that it has started."""
    made = continuous_flow.begin("a coast", seconds=10, cache=tmp_path / "cache", settings=SETTINGS)
    keep_timeline(made.project, keep_assembled(made.project, film(("f001", 0), ("f002", 0), ("x", 0))).timeline)
    session = open_session(made.project)
    started: list[list[str]] = []
    session.launch = lambda project, arguments: started.append(list(arguments))
    page = new_page(session)
    page.hello()
    return page, started


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, []),
        ({"happens": "--rain"}, ["--happens=--rain"]),
        ({"later": True}, ["--remake"]),
    ],
)
def test_a_flows_segment_is_made_again_alone_or_with_those_after_it(flow, more, told):
    page, started = flow
    action = {"do": "remake_segment", "clip": "f001", **more}
    assert page.answer(page.say({"type": "price", "action": action}))["price_usd"] == 0.0
    assert page.answer(page.say({"type": "act", "action": action, "agreed_usd": 0.0}))["type"] == "done"
    assert started == [["flow", "--project", "a-coast", "--regenerate", "1", *told, "--yes"]]


def test_only_a_segment_is_made_again_as_one(flow):
    page, started = flow
    told = page.answer(page.say({"type": "price", "action": {"do": "remake_segment", "clip": "x"}}))
    assert "no segment" in told["message"]
    assert started == []


@pytest.mark.parametrize(
    ("recipe", "clips", "said", "failed"),
    [
        ("script", [("1.1", 1), ("1.2", 1), ("2.1", 2)], "shot 1.1, 1.2 has no picture (no (really))", [0, 1]),
        ("audio", [("s0001", 1), ("s0002", 2)], "segment 2 has no picture (no (really))", [1]),
        ("title", [("s0001", 1), ("s0002", 2)], "scene 2 has no picture (no (really))", [1]),
    ],
)
def test_a_refused_picture_is_told_and_tried_again_in_every_way_in(
    begun, open_session, new_page, monkeypatch, recipe, clips, said, failed
):
    project = begun(recipe, {}, film(*clips))
    project.progress.emit(event("run", recipe))
    project.progress.warn(said, "illustrate")
    project.progress.emit(event("finished", recipe))
    session = open_session(project)
    started: list[list[str]] = []
    session.launch = lambda project, arguments: started.append(list(arguments))
    monkeypatch.setattr(actions, "left_to_pay", lambda *_, **__: Estimate(lines=(), charge_usd=None))
    page = new_page(session)
    shots = page.hello()["shots"]
    assert [at for at, shot in enumerate(shots) if "no (really)" in shot["message"]] == failed
    assert all(shots[at]["status"] == "failed" for at in failed)
    retry = {"do": "retry", "clip": shots[failed[0]]["clip"]}
    assert page.answer(page.say({"type": "act", "action": retry, "agreed_usd": 0.0}))["type"] == "done"
    assert started == [["resume", "film", "--yes"]]


def test_a_recordings_shots_are_called_what_is_said_in_them(begun):
    timeline = film(("s0001", 1))
    rows = [{"segment": 1, "text": "So I went home", "prompt": "a road", "seed": 5}]
    shot = read_sheet(begun("audio", {}, timeline, prompts=rows), "audio").shot(timeline.clips[0])
    assert (shot.title, shot.prompt, shot.request.seed) == ("So I went home", "a road", 5)


@pytest.mark.parametrize("damaged", ["{", "7", "[7]", '[{"index": "x"}]', '{"scenes": []}'])
@pytest.mark.parametrize("recipe", ["title", "script", "flow", "audio"])
def test_a_damaged_file_leaves_its_part_out_and_the_film_opens(begun, recipe, damaged):
    timeline = film(("s0001", 1))
    project = begun(recipe, {}, timeline, prompts=damaged, shots=damaged, segments=damaged, cast=damaged)
    assert read_sheet(project, recipe).shot(timeline.clips[0]).title == ""


def event(kind: str, step: str, **more: object) -> Event:
    return Event.model_validate({"at_s": time.time(), "kind": kind, "step": step, **more})


def test_while_a_film_is_made_its_shots_wait_run_or_tell_why_they_failed(begun, open_session, new_page):
    timeline = film(*((f"s{n:04d}", n) for n in range(1, 7)))
    project = begun("title", {}, timeline, prompts=[scene(n, 1) for n in range(1, 7)])
    session: Session = open_session(project)
    page = new_page(session)
    assert [shot["status"] for shot in page.hello()["shots"]] == ["waiting"] * 6
    with project.locked():
        project.progress.emit(event("run", "title"))
        project.progress.emit(event("started", "illustrate", total=6, unit="pictures"))
        project.progress.warn("scene 3 has no picture (the service said no)", "illustrate")
        told = page.until(lambda m: m["type"] == "progress" and m.get("film", {}).get("running"))
        states = [shot["status"] for shot in told["shots"]]
        assert states[0] == "running"
        assert states[2] == "failed"
        assert told["shots"][2]["message"] == "It could not be made: the service said no"
        assert states[5] == "waiting"
        project.progress.emit(event("stopped", "title", message="the painter did not answer"))
    told = page.until(lambda m: m["type"] == "progress" and m.get("film", {}).get("running") is False)
    assert (told["shots"][0]["status"], told["shots"][0]["message"]) == ("failed", "the painter did not answer")


def test_a_run_whose_process_died_is_not_running(begun, open_session, new_page):
    project = begun("title", {}, film(("s0001", 1)))
    project.progress.emit(event("run", "title"))
    assert new_page(open_session(project)).hello()["film"]["running"] is False


def test_a_film_that_is_being_made_is_ready_up_to_its_first_missing_picture(begun, open_session, new_page, project):
    asset = read_first_asset(project)
    clips = film(("s0001", 1), ("s0002", 2)).clips
    timeline = film(("s0001", 1), ("s0002", 2)).model_copy(
        update={"clips": (clips[0].model_copy(update={"asset": asset}), clips[1])}
    )
    state = new_page(open_session(begun("title", {}, timeline))).hello()
    assert state["film"]["ready_frames"] == 20
    assert [shot["status"] for shot in state["shots"]] == ["done", "waiting"]


def read_first_asset(project: Project):
    from storyreel.recipes._finish import read_timeline

    asset = read_timeline(project).clips[0].asset
    assert asset is not None
    assert isinstance(asset.blob, Blob)
    return asset
