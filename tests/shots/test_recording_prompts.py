"""A picture is asked for each segment, and the offline writer finds it in what is said."""

from __future__ import annotations

import pytest

from storyreel.providers.offline.writer import OfflineWriter
from storyreel.shots.prompts import picture_prompt
from storyreel.shots.recording_prompts import WHOLE_CHARACTERS, pictures_request

TALK = (
    "The harbour was quiet that morning, and the boats lay still against the wall.",
    "My grandfather had taken me down before breakfast to see the light come up over the water.",
    "",
    "A heron stood on the far bank, and smoke rose from the bakery.",
)


def test_the_request_says_every_passage_and_what_is_wanted_of_its_picture() -> None:
    request = pictures_request(TALK, title="Mornings", whole=" ".join(TALK), first=25, segments=40)
    assert request.task == "pictures"
    for number, passage in enumerate(TALK, 25):
        assert f"[{number}] {passage or '(nobody speaks)'}" in request.instructions
    for wanted in ("photorealistic", "main subject", "mood", "exactly 4 scenes"):
        assert wanted in request.instructions
    assert request.facts["passages"] == list(TALK)


def test_a_long_transcript_is_cut_in_the_request() -> None:
    request = pictures_request(TALK, title="x", whole="word " * 40_000)
    assert len(request.instructions) < WHOLE_CHARACTERS + 6000


def test_the_offline_writer_shows_what_is_spoken_of() -> None:
    scenes = OfflineWriter().write(pictures_request(TALK, title="Mornings", whole=" ".join(TALK))).scenes
    assert len(scenes) == len(TALK)
    assert "harbour" in scenes[0].environment
    assert "harbour" in scenes[2].environment  # nobody speaks: the place of the words around
    assert all(scene.camera and scene.lighting and scene.emotion for scene in scenes)
    assert len({scene.palette for scene in scenes}) == 1
    prompt = picture_prompt(scenes[0], "photorealistic")
    assert "Style: photorealistic." in prompt


def test_words_that_name_a_thing_without_meaning_it_are_not_drawn() -> None:
    passages = ("We went out to the beach to watch the waves.", "It was seven o'clock, before breakfast.")
    scenes = OfflineWriter().write(pictures_request(passages, title="Sea", whole=" ".join(passages))).scenes
    said = " ".join(f"{scene.subject} {scene.environment}" for scene in scenes)
    assert "watch" not in said
    assert "clock" not in said
    assert "kitchen" not in said
    assert "interior" not in said


@pytest.mark.parametrize("language", ["en", "es", "ja"])
def test_the_same_talk_gets_the_same_pictures_in_any_language(language: str) -> None:
    request = pictures_request(("Hola a todos.", "猫がいます"), title="t", whole="", language=language)
    assert OfflineWriter().write(request) == OfflineWriter().write(request)
    assert len(OfflineWriter().write(request).scenes) == 2
