"""A screenplay as scenes, beats and people."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.errors import InputError
from storyreel.inputs.screenplay import parse_fountain
from storyreel.story.people import described, named_in
from storyreel.story.script import StagedScript
from storyreel.story.staging import display_name, staged

SCRIPTS = Path(__file__).parents[1] / "scripts"


def play(text: str) -> StagedScript:
    return staged(parse_fountain(text), "Untitled")


@pytest.mark.parametrize(
    ("heading", "place", "interior", "time"),
    [
        ("INT. BARN - NIGHT", "Barn", "interior", "night"),
        ("EXT. BARN - LOFT - LATE AFTERNOON", "Barn - Loft", "exterior", "late afternoon"),
        ("INT./EXT. ADA'S CAR - DAY", "Ada's Car", "both", "day"),
        ("ext. the end of the road", "the end of the road", "exterior", ""),
        (".A CORRIDOR IN THE CASTLE — MIDNIGHT", "A Corridor in the Castle", "", "midnight"),
    ],
)
def test_headings_tell_place_and_time(heading: str, place: str, interior: str, time: str) -> None:
    scene = play(f"{heading}\n\nHay.").scenes[0]
    assert (scene.place, scene.interior, scene.time) == (place, interior, time)


def test_continuous_keeps_the_time_of_the_scene_before() -> None:
    scenes = play("INT. BARN - NIGHT\n\nHay.\n\nEXT. YARD - CONTINUOUS\n\nMud.\n\nINT. BARN - LATER\n\nHay.").scenes
    assert [scene.time for scene in scenes] == ["night", "night", "night"]


def test_speeches_know_who_how_and_whether_they_are_seen() -> None:
    text = "INT. BARN - DAY\n\nADA\n(low)\nNo.\n(louder)\nNo!\n\nBEN (O.S.)\nWho?\n\nADA (CONT'D) ^\nMe."
    beats = play(text).scenes[0].beats
    assert [(b.character, b.text, b.manner, b.unseen, b.together) for b in beats] == [
        ("Ada", "No.", "low", False, False), ("Ada", "No!", "louder", False, False),
        ("Ben", "Who?", "", True, False), ("Ada", "Me.", "", False, True),
    ]  # fmt: skip


def test_a_script_without_a_scene_heading_is_one_scene() -> None:
    script = play("ADA\nWho is there?\n\nBEN\nNobody.\n")
    assert len(script.scenes) == 1
    assert [person.name for person in script.people] == ["Ada", "Ben"]


def test_transitions_end_their_scene_and_fades_are_no_action() -> None:
    scenes = play("FADE IN:\n\nINT. BARN - DAY\n\nHay.\n\nDISSOLVE TO:\n\nEXT. YARD - DAY\n\nMud.\n\nFADE OUT.").scenes
    assert [scene.ends for scene in scenes] == ["DISSOLVE TO:", "FADE OUT."]
    assert [[beat.text for beat in scene.beats] for scene in scenes] == [["Hay."], ["Mud."]]


def test_notes_comments_sections_and_emphasis_reach_no_beat() -> None:
    text = "# Act\n\nINT. BARN - DAY\n\n= They meet.\n\nHay, *much* hay. [[Check.]] /* cut */\n\nADA\n**No.**\n"
    scene = play(text).scenes[0]
    assert [beat.text for beat in scene.beats] == ["Hay, much hay.", "No."]
    assert scene.summary == "They meet."


@pytest.mark.parametrize("text", ["INT. BARN - DAY\n", "# Act\n\n= Nothing yet.\n", "[[a note]]\n"])
def test_a_script_in_which_nothing_happens_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="nothing is done, said or shown"):
        play(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("LADY BRACKNELL", "Lady Bracknell"),
        ("McAvoy", "McAvoy"),
        ("MRS. O'HARA", "Mrs. O'Hara"),
        ("JEAN-LUC", "Jean-Luc"),
    ],
)
def test_names_are_written_as_people_write_them(written: str, read: str) -> None:
    assert display_name(written) == read


@pytest.mark.parametrize(
    ("name", "action", "look", "sex", "age"),
    [
        ("Ada", "ADA (29, a tall woman in a grey coat) enters.", "29, a tall woman in a grey coat", "f", "young"),
        ("Ben", "BEN, 70, in a red scarf, waits.", "70, in a red scarf", "m", "old"),
        ("Lane", "LANE, an old manservant in black, pours.", "an old manservant in black", "m", "old"),
        ("The Witch", "The Witch laughs.", "", "f", ""),
        ("Kim", "Kim stands up. Kim takes her hat.", "", "f", ""),
        ("Zed", "Zed enters, whistling.", "", "", ""),
    ],
)
def test_people_look_as_the_script_introduces_them(name: str, action: str, look: str, sex: str, age: str) -> None:
    person = described(name, [action])
    assert (person.look, person.sex, person.age) == (look, sex, age)


def test_whoever_is_introduced_has_a_card_though_they_say_nothing() -> None:
    script = play("INT. BARN - DAY\n\nADA (29, a tall woman in a grey coat) waits. The clock (broken) hangs there.")
    assert [(person.name, person.sex) for person in script.people] == [("Ada", "f")]


def test_people_are_found_by_a_word_of_their_name_but_not_inside_others() -> None:
    assert named_in("Lady Bracknell", "BRACKNELL sits.")
    assert named_in("Ada", "adamant") is None
    assert named_in("Old Tom", "an old chair") is None


def test_the_public_domain_scene_is_staged_whole() -> None:
    script = staged(parse_fountain((SCRIPTS / "earnest.fountain").read_text(encoding="utf-8")), "")
    assert script.title == "The Importance of Being Earnest"
    assert [person.name for person in script.people] == ["Algernon", "Lane", "Jack"]
    assert [len(scene.beats) for scene in script.scenes] == [1, 23, 3]
    assert {person.sex for person in script.people} == {"m"}
