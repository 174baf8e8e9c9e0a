"""World and cast: looks that stay, voices that differ, and both in every prompt word for word."""

from __future__ import annotations

import re
from pathlib import Path

from storyreel.inputs.screenplay import parse_fountain
from storyreel.providers.contracts import ImageRequest
from storyreel.shots.breakdown import break_down
from storyreel.shots.cast import Cast, cast_of
from storyreel.shots.script_model import Breakdown, Shot, ShotScene
from storyreel.shots.script_prompts import animation_prompt, describe_shot, keyframe_request
from storyreel.story.staging import staged

EARNEST = (Path(__file__).parents[1] / "scripts" / "earnest.fountain").read_text(encoding="utf-8")


def cards(text: str, voice: str = "offline") -> tuple[Breakdown, Cast]:
    script = staged(parse_fountain(text), "Untitled")
    breakdown = break_down(script)
    return breakdown, cast_of(script, breakdown, style="watercolour", voice=voice)


def asked(scene: ShotScene, shot: Shot, cast: Cast, seed: int = 0) -> ImageRequest:
    return keyframe_request(scene, describe_shot(scene, shot, cast), cast.style, width_px=640, height_px=360, seed=seed)


def talk(*names: str) -> str:
    return "INT. BARN - NIGHT\n\n" + "\n\n".join(f"{name}\nI am here, and here I stay." for name in names)


def test_everybody_who_speaks_has_a_card_with_a_look_and_a_voice_of_their_sex() -> None:
    _, cast = cards(talk("ADA", "BEN", "CLARA"))
    assert [card.name for card in cast.characters] == ["Ada", "Ben", "Clara"]
    assert [card.voice.partition(":")[2][1] for card in cast.characters] == ["f", "m", "f"]
    assert len({card.look for card in cast.characters}) == 3


def test_no_two_sound_alike_while_there_are_voices_and_paces() -> None:
    _, cast = cards(talk(*(f"{name}" for name in ("ADA", "CLARA", "EMMA", "HANNAH", "IRIS", "JANE"))))
    assert len({(card.voice, card.speed) for card in cast.characters}) == 6
    assert len({card.voice for card in cast.characters}) == 2


def test_the_two_who_speak_most_sound_most_apart() -> None:
    _, cast = cards(EARNEST)
    voices = {card.name: card.voice for card in cast.characters}
    assert voices["Algernon"] != voices["Jack"]


def test_what_the_script_says_of_somebody_is_in_their_look() -> None:
    _, cast = cards("INT. BARN - DAY\n\nADA (29, a tall woman in a grey coat) enters.\n\nADA\nNo.")
    look = cast.characters[0].look
    assert look.startswith("a tall woman in a grey coat")
    assert "29" in look


def test_a_new_character_changes_nobody_else_s_look() -> None:
    _, before = cards(talk("ADA", "BEN"))
    _, after = cards(talk("ADA", "BEN", "CLARA"))
    assert [card.look for card in before.characters] == [card.look for card in after.characters[:2]]


def test_every_prompt_holds_the_looks_place_style_and_colours_word_for_word() -> None:
    breakdown, cast = cards(EARNEST)
    for scene in breakdown.scenes:
        for shot in scene.shots:
            request = asked(scene, shot, cast)
            for name in shot.people:
                assert cast.character(name).look in request.prompt
                assert not re.search(rf"{name}(?!'s)", request.scene.subject)
            assert cast.place(scene.place).look in request.prompt
            assert "watercolour" in request.prompt
            assert request.scene.palette == cast.palette
            assert animation_prompt(scene, shot, cast).endswith("Style: watercolour.")


def test_one_setting_asks_for_one_picture_and_one_place_has_one_seed() -> None:
    breakdown, cast = cards(talk(*["ADA", "BEN"] * 6))
    scene = breakdown.scenes[0]
    requests = [asked(scene, shot, cast, seed=3) for shot in scene.shots]
    assert len({request.model_dump_json() for request in requests}) < len(requests)
    assert len({request.seed for request in requests}) == 1
    assert {request.scene.location for request in requests} == {"Barn"}


def test_another_provider_speaks_for_all_until_a_card_says_otherwise() -> None:
    _, cast = cards(talk("ADA", "BEN"), voice="acme:big")
    assert {card.voice for card in cast.characters} == {cast.narrator} == {"acme:big"}
    assert len({card.speed for card in cast.characters}) == 2
