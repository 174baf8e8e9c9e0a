"""Sounds by words: which, where, and which not."""

from __future__ import annotations

import pytest

from storyreel.inputs.screenplay import parse_fountain
from storyreel.shots.breakdown import break_down
from storyreel.shots.effects import EffectCue, effect_cues
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
        ("He has no dog.", None), ("It hangs there like a clock.", None), ("She reads.", None),
    ],
)  # fmt: skip
def test_words_call_for_sounds(action: str, kind: str | None) -> None:
    found = {cue.kind for cue in cues(f"INT. BARN - NIGHT\n\n{action}")}
    assert found == ({kind} if kind else set())


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
