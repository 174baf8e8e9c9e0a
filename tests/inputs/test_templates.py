"""Ready-made story arcs: those that come along, a user's own, and that every writer is asked to follow them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.inputs.screenplay.files import script_from_text
from storyreel.inputs.script_brief import script_brief
from storyreel.inputs.templates import Template, template, templates
from storyreel.memo.key import digest
from storyreel.providers.offline.writer import OfflineWriter
from storyreel.story.model import Story, guided
from storyreel.story.prompts import chapter_request, story_request
from storyreel.story.script_prompts import script_request

ASKED = (
    "explainer", "fairy-tale", "true-crime", "product", "history", "bedtime-story", "travel", "motivational",
    "news-recap", "trailer", "lesson", "poem",
)  # fmt: skip
OWN = """
description = "A day in a workshop"
genres = ["Ghost Story"]
tone = "Quiet."
[[arc]]
name = "Opening"
what = "Somebody unlocks a door."
[[arc]]
name = "Closing"
what = "The last thing is put away."
"""


@pytest.fixture(autouse=True)
def _no_templates_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_dozen_come_along(tmp_path: Path) -> None:
    assert {each.name for each in templates(tmp_path)} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_each_is_followed_by_every_request(name: str) -> None:
    arc = template(name)
    asked = story_request(title="The Lamp", chapters=2, words_per_chapter=60, template=arc)
    story = guided(OfflineWriter().write(asked), arc)
    assert (story.tone, story.mood) == (arc.tone, arc.music)
    chapter = chapter_request(story, 1, 2, 60)
    script = script_request(title="The Lamp", idea="", genre="", length_s=60, template=arc)
    for request in (asked, chapter, script):
        assert arc.told in request.instructions
    told = chapter.instructions.partition("This chapter tells, in full:")[2]
    assert all((f"- {beat.name}:" in told) == (beat in arc.beats_of(1, 2)) for beat in arc.arc)
    assert [OfflineWriter().write(chapter_request(story, n, 2, 60)).title for n in (1, 2)] == [
        arc.arc[0].name,
        arc.arc[len(arc.arc) // 2].name,
    ]


@given(st.integers(2, 16), st.integers(1, 60))
def test_every_beat_is_told_once_where_there_are_chapters_enough(beats: int, chapters: int) -> None:
    arc = Template(
        name="x",
        description="d",
        genres=("Drama",),
        tone="t",
        arc=tuple({"name": str(n), "what": "w"} for n in range(beats)),
    )
    told = [beat for number in range(1, chapters + 1) for beat in arc.beats_of(number, chapters)]
    assert list(dict.fromkeys(told)) == list(arc.arc)
    if chapters <= beats:
        assert len(told) == beats


@pytest.mark.parametrize("name", ["fairy-tale", "true-crime", "trailer"])
def test_the_offline_writer_takes_a_plot_of_the_genre(name: str) -> None:
    found = [
        OfflineWriter()
        .write(story_request(title=title, chapters=1, words_per_chapter=60, template=template(name)))
        .genres
        for title in ("The Lamp", "Blue", "Tuesday", "Seven Steps", "What Anna Knew", "The Oak")
    ]
    assert all(set(genres) & set(template(name).genres) for genres in found)


def test_without_a_template_nothing_is_asked_or_kept_otherwise() -> None:
    plain = story_request(title="The Lamp", chapters=1, words_per_chapter=60)
    assert "template" not in plain.facts
    story = OfflineWriter().write(plain)
    assert type(story) is Story
    assert digest(story) != digest(guided(story, template("poem")))


def test_a_users_own_is_found_by_name_and_by_file_and_comes_first(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    for name in ("workshop", "poem"):
        (tmp_path / "templates" / f"{name}.toml").write_text(OWN)
    assert template("workshop", tmp_path).arc[1].name == "Closing"
    assert template("poem", tmp_path).description == "A day in a workshop"
    assert template(tmp_path / "templates" / "workshop.toml").name == "workshop"
    assert len(templates(tmp_path)) == 13


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("arc = ", "is not TOML"),
        (OWN.replace('tone = "Quiet."', ""), "tone: field required"),
        (OWN.replace('tone = "Quiet."', 'tone = "Quiet."\nmuzic = "x"'), "muzic: extra inputs"),
        (OWN.replace('tone = "Quiet."', 'tone = "Quiet."\ncaptions = "loud"'), "captions: .*choose one of documentary"),
        (OWN.replace('what = "The last thing is put away."', ""), r"arc\.2\.what: field required"),
        (OWN.replace('tone = "Quiet."', 'tone = "Quiet."\nwords = 5'), "words: input should be greater"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=f"mine.toml .*{why}"):
        template(path)


@pytest.mark.parametrize("name", ["nothing", "../poem", "", "/dev/null/x.toml"])
def test_a_name_that_is_none_is_told(name: str) -> None:
    with pytest.raises(InputError, match=r"no template|cannot be read"):
        template(name)


def test_a_given_script_has_an_arc_of_its_own() -> None:
    with pytest.raises(InputError, match="a template shapes a script that is written"):
        script_brief(script_from_text("INT. ROOM - DAY\n\nA lamp.\n"), template=template("poem"))
