"""What is refused is put more gently, once; and what a prompter words keeps who is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.memo.key import digest
from storyreel.providers.contracts import ImageRequest, Reference, SceneDescription
from storyreel.providers.offline.writer import OfflineWriter
from storyreel.shots.prompts import picture_prompt, portrait_request
from storyreel.shots.softening import GENTLY, gentler, softened
from storyreel.shots.wording import worded, wording_request

DRAFT = SceneDescription(
    subject="Mara stabs at the storm with a bloody knife", camera="wide", emotion="terror", environment="a cliff",
    cast=("a woman of sixty in a blue coat",), palette=("#102030",), location="The cliff",
)  # fmt: skip


@pytest.mark.parametrize("word", ["blood", "Bloody", "corpse", "killed", "guns", "naked", "gunshot", "screams"])
def test_words_that_are_refused_are_gone(word: str) -> None:
    assert word.lower() not in gentler(f"A man with {word} at the door").lower()


@given(st.text(max_size=60))
def test_a_gentler_prompt_is_another_one_and_says_so(words: str) -> None:
    assert gentler(words) != words
    assert gentler(words).endswith(GENTLY)


def test_a_scene_is_asked_for_as_its_place_with_nobody_to_go_by() -> None:
    request = ImageRequest(
        prompt=picture_prompt(DRAFT, "ink"), scene=DRAFT, references=(Reference("0" * 64, DRAFT.cast[0], b"x"),)
    )
    softer = softened(request)
    assert "blue coat" not in softer.prompt
    assert "a cliff" in softer.prompt
    assert softer.references == ()
    assert softer.scene is not None
    assert softer.scene.cast == ()
    assert softened(ImageRequest(prompt="a knife")).prompt.startswith("a object. Calm")


def test_a_prompter_words_the_picture_and_changes_neither_people_nor_place() -> None:
    said = SceneDescription(
        subject="A woman lifts a lamp", camera="low angle, 35mm", lighting="dusk", emotion="resolve",
        environment="a beach", cast=("a man",), palette=("#ffffff",),
    )  # fmt: skip
    mine = worded(DRAFT, said)
    assert (mine.subject, mine.camera, mine.lighting) == (said.subject, said.camera, said.lighting)
    assert (mine.cast, mine.environment, mine.palette, mine.location) == (
        DRAFT.cast, DRAFT.environment, DRAFT.palette, DRAFT.location,
    )  # fmt: skip
    assert worded(DRAFT, SceneDescription(subject=" ")) == DRAFT


def test_the_offline_writer_leaves_the_wording_as_it_is() -> None:
    request = wording_request((DRAFT,), about="a film", style="ink", language="de")
    assert OfflineWriter().write(request).scenes == (DRAFT,)
    assert "Answer with exactly 1 scenes" in request.instructions
    assert DRAFT.cast[0] in request.instructions


def test_likenesses_of_two_people_are_two_pictures() -> None:
    one, other = (portrait_request(look, "ink") for look in ("a tall man", "a small girl"))
    assert digest(one) != digest(other)
    assert "a tall man" in one.prompt
    assert one.width_px == one.height_px
