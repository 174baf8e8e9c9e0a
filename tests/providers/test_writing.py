"""Language models in common: schemas that services take, one repair, the bible, and JSON out of whatever comes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from loopback.stories import CHAPTER, STORY
from storyreel.errors import BadAnswer
from storyreel.providers.writing import Turn, bible_of, json_in, schema_of, words_so_far, write
from storyreel.shots.model import SceneList
from storyreel.shots.prompts import scenes_request
from storyreel.story.model import Chapter, ChapterDraft, Story
from storyreel.story.prompts import chapter_request, story_request

REQUEST = story_request(title="The Last Lighthouse", chapters=1, words_per_chapter=80)


def answering(*texts: str) -> tuple[list[list[Turn]], object]:
    """A model that answers in turn, and what it was asked."""
    asked: list[list[Turn]] = []
    rest = list(texts)

    def ask(turns: Sequence[Turn]) -> str:
        asked.append(list(turns))
        return rest.pop(0)

    return asked, ask


def test_an_answer_that_does_not_fit_is_mended_once_with_what_is_wrong() -> None:
    short = {**STORY, "genres": ["drama"], "cast": []}
    asked, ask = answering(json.dumps(short), json.dumps(STORY))
    assert write(REQUEST, ask, "acme") == Story.model_validate(STORY)  # type: ignore[arg-type]
    first, second = asked
    assert [turn.role for turn in second] == ["user", "assistant", "user"]
    assert second[0] == first[0]
    assert "genres" in second[2].text
    assert "cast" in second[2].text


def test_an_answer_that_is_not_mended_is_an_error_with_a_remedy() -> None:
    _, ask = answering("I would rather not.", "{}")
    with pytest.raises(BadAnswer, match="run again to ask anew"):
        write(REQUEST, ask, "acme")  # type: ignore[arg-type]


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Here it is:\n{}\nEnjoy!", "```\n{}\n```\nDone."])
def test_json_is_found_in_what_stands_around_it(around: str) -> None:
    text = around.replace("{}", json.dumps(STORY))
    assert json.loads(json_in(text)) == STORY


@given(st.text(max_size=200))
def test_no_answer_is_too_odd_to_be_read(text: str) -> None:
    json_in(text)
    assert words_so_far(text) >= 0


def test_words_are_counted_while_they_come() -> None:
    whole = json.dumps(CHAPTER)
    counts = [words_so_far(whole[:length]) for length in range(len(whole))]
    assert counts == sorted(counts)
    assert abs(counts[-1] - len(CHAPTER["text"].split())) <= 1


def objects(node: object) -> list[dict[str, object]]:
    if isinstance(node, dict):
        found = [node] if node.get("type") == "object" else []
        return found + [inner for value in node.values() for inner in objects(value)]
    return [inner for value in node for inner in objects(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("model", [Story, ChapterDraft, SceneList])
@pytest.mark.parametrize("bounds", [True, False])
def test_schemas_are_closed_and_want_every_field(model: type[BaseModel], bounds: bool) -> None:
    schema = schema_of(model, bounds=bounds)
    assert objects(schema)
    for node in objects(schema):
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])  # type: ignore[call-overload]
    text = json.dumps(schema)
    assert '"default"' not in text
    assert "prefixItems" not in text


def test_bounds_are_told_in_words_where_a_service_takes_none() -> None:
    class Rated(BaseModel):
        score: int = Field(ge=1, le=10, description="How good it is.")

    field = schema_of(Rated, bounds=False)["properties"]["score"]
    assert field == {"type": "integer", "description": "How good it is. (minimum 1, maximum 10)"}
    assert schema_of(Rated, bounds=True)["properties"]["score"]["maximum"] == 10


def test_a_tuple_of_several_kinds_is_refused() -> None:
    class Mixed(BaseModel):
        pair: tuple[int, str]

    with pytest.raises(TypeError, match="several kinds"):
        schema_of(Mixed, bounds=True)


def test_the_bible_is_the_same_in_every_call_of_a_film() -> None:
    """Else it would never be found in a prompt cache."""
    story = Story.model_validate(STORY)
    chapter = Chapter(number=1, **CHAPTER)
    bibles = {
        bible_of(chapter_request(story, 1, 3, 80)),
        bible_of(chapter_request(story, 2, 3, 80, (chapter,))),
        bible_of(scenes_request(story, chapter, ("one", "two"))),
    }
    (bible,) = bibles
    assert all(person.look in bible for person in story.cast)
    assert bible_of(REQUEST) == ""
