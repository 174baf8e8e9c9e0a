"""The grammar of coverage: which shots a scene is broken down into."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.inputs.screenplay import parse_fountain
from storyreel.shots.breakdown import LONGEST_SHOT_S, break_down
from storyreel.shots.script_model import Breakdown, Shot
from storyreel.story.staging import staged

SCRIPTS = Path(__file__).parents[1] / "scripts"


def shots(body: str, *, narrate: bool = False) -> tuple[Shot, ...]:
    return broken(f"INT. BARN - NIGHT\n\n{body}", narrate=narrate).shots


def broken(text: str, *, narrate: bool = False) -> Breakdown:
    return break_down(staged(parse_fountain(text), "Untitled"), narrate=narrate)


TALK = "ADA\nWhere have you been all this time?\n\nBEN\nIn the country, as I told you I would be.\n\n"


def test_a_scene_is_established_wide() -> None:
    assert shots("Hay everywhere.\n\n" + TALK)[0].size == "wide"
    assert shots(TALK)[0].size == "wide"
    assert shots(TALK)[0].lines == ()


def test_a_dialogue_opens_on_both_and_comes_closer() -> None:
    sizes = [shot.size for shot in shots(TALK * 4)[1:]]
    assert sizes == [
        "two-shot",
        "over-shoulder",
        "over-shoulder",
        "medium",
        "medium",
        "close-up",
        "close-up",
        "over-shoulder",
    ]


def test_who_speaks_is_seen_and_speakers_alternate() -> None:
    talking = [shot for shot in shots(TALK * 3) if shot.lines]
    assert [shot.people[0] for shot in talking] == ["Ada", "Ben"] * 3
    assert [shot.lines[0].character for shot in talking] == ["Ada", "Ben"] * 3


def test_an_answer_of_a_word_stays_in_the_shot() -> None:
    found = shots("ADA\nWhere have you been all this time?\n\nBEN\nOut.\n\n")
    assert [[line.character for line in shot.lines] for shot in found] == [[], ["Ada", "Ben"]]


def test_who_is_not_in_the_room_is_not_seen() -> None:
    found = shots(
        "ADA\nIs anybody there at all?\n\nBEN (O.S.)\nOnly me, and I am leaving now.\n\nADA\nWait for me, please."
    )
    unseen = next(shot for shot in found if shot.lines and shot.lines[0].character == "Ben")
    assert (unseen.size, unseen.people) == ("close-up", ("Ada",))


def test_who_speaks_at_once_is_heard_in_one_shot() -> None:
    found = shots("ADA\nHow perfectly delightful!\n\nBEN ^\nPlease do not touch those!")
    assert [line.together for line in found[-1].lines] == [False, True]
    assert found[-1].size == "two-shot"


def test_a_thing_that_is_handled_is_seen_close() -> None:
    found = shots("Ada waits.\n\nADA\nAt last.\n\nShe picks up the brass key.\n\nBEN\nPut that down.")
    insert = next(shot for shot in found if shot.size == "insert")
    assert insert.subject.startswith("The brass key")
    assert insert.people == ()


def test_what_somebody_looks_at_is_seen_with_their_eyes() -> None:
    found = shots("Ada waits.\n\nADA\nAt last.\n\nAda looks at the burning mill beyond the river.")
    assert (found[-1].size, found[-1].subject) == ("pov", "The burning mill beyond the river")


def test_the_script_s_own_directions_are_obeyed() -> None:
    body = "Ada waits.\n\nADA\nAt last.\n\nCLOSE ON the lock.\n\nCLOSE ON ADA, who smiles.\n\n"
    body += "WIDE: the whole valley.\n\nPOV - the far hills."
    directed = shots(body)[2:]
    assert [(shot.size, shot.people) for shot in directed] == [
        ("insert", ()), ("close-up", ("Ada",)), ("wide", ("Ada",)), ("pov", ())
    ]  # fmt: skip


def test_a_long_speech_is_parted_at_sentences_and_cuts_to_whoever_listens() -> None:
    speech = "I have seen the sea turn white as milk, and the moon go down in it, and nobody to tell. " * 8
    found = shots(f"BEN\nTell me everything you saw.\n\nADA\n{speech}")
    spoken = [line for shot in found for line in shot.lines if line.character == "Ada"]
    assert " ".join(line.text for line in spoken) == speech.strip()
    assert [line.goes_on for line in spoken] == [False] + [True] * (len(spoken) - 1)
    assert any(shot.lines and shot.people == ("Ben",) and shot.lines[0].character == "Ada" for shot in found)


def test_a_narrator_tells_every_action_and_none_is_told_without_one() -> None:
    body = "ADA (29, a tall woman) waits.\n\nADA\nAt last.\n\nThe door opens."
    told = [line.text for shot in shots(body, narrate=True) for line in shot.lines if not line.character]
    assert told == ["Ada waits.", "The door opens."]
    assert all(line.character for shot in shots(body) for line in shot.lines)


def test_every_word_that_is_spoken_is_in_exactly_one_line() -> None:
    script = staged(parse_fountain((SCRIPTS / "earnest.fountain").read_text(encoding="utf-8")), "")
    spoken = [beat.text for scene in script.scenes for beat in scene.beats if beat.kind == "speech"]
    assert " ".join(line.text for line in break_down(script).lines) == " ".join(spoken)


def test_ids_are_unique_and_the_breakdown_is_deterministic() -> None:
    text = (SCRIPTS / "earnest.fountain").read_text(encoding="utf-8")
    first, again = broken(text), broken(text)
    assert first == again
    assert len({shot.id for shot in first.shots}) == len(first.shots)
    assert len({line.id for line in first.lines}) == len(first.lines)


def test_the_scene_keeps_weather_mood_and_actions() -> None:
    scene = broken("EXT. MOOR - NIGHT\n\nRain. A ghost trembles by the grave.\n\nADA\nWho goes there?").scenes[0]
    assert scene.weather == "rain"
    assert scene.mood.startswith("fearful")
    assert scene.actions == ("Rain.", "A ghost trembles by the grave.")


_SPEECH = st.builds(lambda who, text: f"{who}\n{text.strip() or 'Yes'}.\n", st.sampled_from(["ADA", "BEN", "CY"]),
                    st.text("abc ,?!", min_size=1, max_size=400))  # fmt: skip
_ACTION = st.text("abc ,.", min_size=1, max_size=300).map(lambda text: f"A{text.strip()}.\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_SPEECH, _ACTION), min_size=1, max_size=12))
def test_no_shot_is_empty_or_too_long_and_no_word_is_lost(paragraphs: list[str]) -> None:
    script = staged(parse_fountain("INT. BARN - DAY\n\n" + "\n".join(paragraphs)), "Untitled")
    breakdown = break_down(script)
    spoken = " ".join(beat.text for beat in script.scenes[0].beats if beat.kind == "speech")
    assert " ".join(line.text for line in breakdown.lines).split() == spoken.split()
    for shot in breakdown.shots:
        assert shot.rough_s > 0
        assert len(shot.lines) == 1 or shot.rough_s <= LONGEST_SHOT_S * 2
        assert set(shot.people) <= {"Ada", "Ben", "Cy"}
