"""Sounds by words: which, where, and which not."""

from __future__ import annotations

import pytest

from storyreel.inputs.screenplay import parse_fountain
from storyreel.providers.offline.effects import KINDS
from storyreel.shots.breakdown import break_down
from storyreel.shots.effects import RULES, EffectCue, effect_cues
from storyreel.story.staging import staged


def cues(text: str) -> list[EffectCue]:
    return [cue for scene in break_down(staged(parse_fountain(text), "")).scenes for cue in effect_cues(scene)]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("Ada walks up and down.", "footsteps"), ("The door opens.", "door"), ("The stairs creak.", "creak"),
        ("A knock.", "knock"),
        ("Ben knocks twice.", "knock"), ("Thunder.", "thunder"), ("The telephone rings.", "phone"),
        ("A dog barks.", "dog"),
        ("A car stops outside.", "car"), ("Rain on the roof.", "rain"), ("The wind howls.", "wind"),
        ("A fire burns in the hearth.", "fire"), ("A crowd waits.", "crowd"), ("The clock ticks.", "clock"),
        ("Water drips from the beam.", "drips"), ("A generator coughs.", "engine"), ("Her heart pounds.", "heartbeat"),
        ("An arrow whips past.", "whoosh"), ("The reactor glows.", "hum"), ("The radio crackles.", "static"),
        ("A boiler waits.", "steam"), ("Their blades clash.", "sword"), ("A cat meows.", "cat"),
        ("Far away, a wolf.", "wolf"), ("The engine room is dark.", "engine"), ("A car engine.", "car"),
        ("He has no dog.", None), ("It hangs there like a clock.", None), ("She reads.", None),
    ],
)  # fmt: skip
def test_words_call_for_sounds(action: str, kind: str | None) -> None:
    found = {cue.kind for cue in cues(f"INT. BARN - NIGHT\n\n{action}")}
    assert found == ({kind} if kind else set())


@pytest.mark.parametrize(("place", "kind"), [("CITY STREET", "city"), ("BEEHIVES", "bees")])
def test_what_belongs_under_the_open_sky_is_not_heard_indoors(place: str, kind: str) -> None:
    assert [cue.kind for cue in cues(f"EXT. {place} - DAY\n\nAda reads.")] == [kind]
    assert cues(f"INT. {place} - DAY\n\nAda reads.") == []


def test_every_sound_that_can_be_called_for_can_be_made_and_the_other_way_round() -> None:
    assert set(RULES) == set(KINDS)


def test_the_air_of_a_place_lasts_and_is_laid_once() -> None:
    found = cues("EXT. SHORE - NIGHT\n\nRain.\n\nADA\nStill raining.\n\nRain, and more rain.")
    assert [(cue.kind, cue.lasting, cue.share) for cue in found] == [("waves", True, 0.0), ("rain", True, 0.0)]


def test_a_moment_s_sound_sits_where_its_word_stands() -> None:
    (cue,) = cues("INT. BARN - NIGHT\n\nAda waits for a long while in the hay, and then a dog barks.")
    assert cue.share == pytest.approx(0.81, abs=0.05)


def test_nobody_comes_in_by_a_door_under_the_open_sky() -> None:
    assert [cue.kind for cue in cues("EXT. MOOR - DAY\n\nAda enters.")] == []
    assert [cue.kind for cue in cues("INT. BARN - DAY\n\nAda enters.")] == ["door"]


def test_speech_makes_no_sound_effects() -> None:
    assert cues("INT. BARN - DAY\n\nADA\nThe dog barks at the door when the telephone rings.") == []
