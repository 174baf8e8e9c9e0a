from __future__ import annotations

import json

from storyreel.story.model import Chapter, ChapterDraft, Character, Place, Story
from storyreel.story.prompts import chapter_request, story_request

STORY = Story(
    title="The Salt Road",
    hook="A hook.",
    genres=("Drama", "Adventure", "Mystery"),
    premise="It began with a debt.",
    tone="Dry.",
    pacing="Slow.",
    mood="cold",
    cast=(Character(name="Ada Venn", role="a carter", look="a tall woman in a grey coat, carrying a rope"),),
    places=(Place(name="Tamrit", look="a town of mud brick"),),
)


def chapter(number: int) -> Chapter:
    return Chapter(number=number, title=f"Part {number}", text=f"The end of part {number}.", summary=f"Sum {number}.")


def test_the_story_request_says_in_words_what_its_facts_say() -> None:
    request = story_request(
        title="The Salt Road", chapters=5, words_per_chapter=800, language="en", style="woodcut", seed=3
    )
    assert request.task == "story"
    assert request.reply is Story
    assert request.facts == {"title": "The Salt Road", "chapters": 5, "words_per_chapter": 800, "style": "woodcut"}
    assert request.seed == 3
    for said in (
        "The Salt Road",
        "5 chapters of about 800 words",
        "exactly three",
        "15 to 20 sentences",
        "woodcut",
        '"en"',
    ):
        assert said in request.instructions


def test_a_chapter_is_asked_for_knowing_everything_before_it() -> None:
    request = chapter_request(STORY, 3, 5, 800, (chapter(1), chapter(2)))
    assert request.reply is ChapterDraft
    for said in ("1. Part 1: Sum 1.", "2. Part 2: Sum 2.", "The end of part 2.", "760 to 840 words", "chapter 3 of 5"):
        assert said in request.instructions
    assert request.facts["earlier"] == [
        {"number": 1, "title": "Part 1", "summary": "Sum 1."},
        {"number": 2, "title": "Part 2", "summary": "Sum 2."},
    ]


def test_first_middle_last_and_only_chapter_are_told_apart() -> None:
    asked = {
        where: chapter_request(STORY, number, chapters, 800).instructions
        for where, number, chapters in (("only", 1, 1), ("first", 1, 5), ("middle", 3, 5), ("last", 5, 5))
    }
    assert "the whole film" in asked["only"]
    assert "opens the film" in asked["first"]
    assert "60 %" in asked["middle"]
    assert "the last chapter" in asked["last"]


def test_facts_are_plain_json_and_a_new_take_is_a_new_request() -> None:
    first, again = (chapter_request(STORY, 1, 2, 300, take=take) for take in (0, 1))
    assert json.loads(json.dumps(dict(first.facts))) == dict(first.facts)
    assert first.facts != again.facts
    assert "take 2" in again.instructions
