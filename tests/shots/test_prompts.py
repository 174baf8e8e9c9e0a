from __future__ import annotations

from storyreel.providers.contracts import SceneDescription
from storyreel.shots.model import SceneList
from storyreel.shots.prompts import picture_prompt, scenes_request
from storyreel.story.model import Chapter, Character, Place, Story

LOOK = "a tall woman in a grey coat, carrying a rope"
STORY = Story(
    title="The Salt Road",
    hook="A hook.",
    genres=("Drama", "Adventure", "Mystery"),
    premise="It began with a debt.",
    tone="Dry.",
    pacing="Slow.",
    mood="cold",
    cast=(Character(name="Ada Venn", role="a carter", look=LOOK),),
    places=(Place(name="Tamrit", look="a town of mud brick"),),
    palette=("#101010", "#f0e0d0"),
)
CHAPTER = Chapter(number=2, title="The Well", text="Ada dug. Sand ran.", summary="Ada dug.")


def test_the_request_holds_every_passage_and_what_pictures_share() -> None:
    request = scenes_request(STORY, CHAPTER, ("Ada dug.", "Sand ran."), chapters=4, style="woodcut")
    assert request.reply is SceneList
    for said in (
        "[1] Ada dug.",
        "[2] Sand ran.",
        LOOK,
        "a town of mud brick",
        "#101010, #f0e0d0",
        "exactly 2 scenes",
        "woodcut",
    ):
        assert said in request.instructions
    assert request.facts["passages"] == ["Ada dug.", "Sand ran."]


def test_the_picture_prompt_says_all_of_the_description_subject_first() -> None:
    description = SceneDescription(
        subject="A woman kneels at a dry well",
        camera="high angle",
        lighting="noon sun",
        emotion="thirst",
        environment="desert town",
        cast=(LOOK,),
        palette=("#101010",),
    )
    prompt = picture_prompt(description, "woodcut")
    assert prompt.startswith("A woman kneels at a dry well. ")
    for said in (LOOK, "high angle", "noon sun", "thirst", "desert town", "#101010", "woodcut", "without any text"):
        assert said in prompt


def test_what_a_description_leaves_open_leaves_no_trace_in_the_prompt() -> None:
    prompt = picture_prompt(SceneDescription(subject="An empty road."), "oil paint")
    assert "Camera" not in prompt
    assert ".." not in prompt
