from __future__ import annotations

import pytest

from storyreel.inputs.flow import STYLES, flow_brief
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter.reading import read
from storyreel.shots.flow import (
    STYLE_WORDS,
    MadeFrom,
    ahead_prompt,
    clip_prompt,
    music_mood,
    opening_prompt,
    states,
    words_digest,
)

CHAIN = {1: MadeFrom("w", "a", "b"), 2: MadeFrom("w", "b", "c"), 3: MadeFrom("w", "c", "d")}


def test_every_style_has_words_and_every_prompt_repeats_them() -> None:
    assert set(STYLE_WORDS) == set(STYLES)
    opening = opening_prompt("a lighthouse at dusk", "anime")
    assert opening.startswith("a lighthouse at dusk.")
    assert STYLE_WORDS["anime"] in clip_prompt(opening, "it rains")
    # The shot's own words come first and unchanged, so that what is new can be told from them.
    assert ahead_prompt(opening, "it rains") == f"{opening} it rains."


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "prompt", ["A woman with a red scarf walks along a river", "lighthouse", "An old library, rain"]
)
def test_a_style_says_nothing_of_what_is_in_the_picture(style: str, prompt: str) -> None:
    assert read(ImageRequest(prompt=opening_prompt(prompt, style))) == read(ImageRequest(prompt=f"{prompt}."))


@pytest.mark.parametrize(
    ("wanted", "opening", "made", "found"),
    [
        ("www", "a", CHAIN, ("fresh", "fresh", "fresh")),
        ("www", "a", {}, ("missing", "missing", "missing")),
        ("www", "x", CHAIN, ("stale", "stale", "stale")),
        ("wvw", "a", CHAIN, ("fresh", "missing", "stale")),
        ("www", "a", {**CHAIN, 2: MadeFrom("w", "b", "other")}, ("fresh", "fresh", "stale")),
        ("wwww", "a", {**CHAIN, 1: MadeFrom("w", "a", "other")}, ("fresh", "stale", "stale", "missing")),
    ],
)
def test_a_segment_is_stale_where_the_chain_before_it_is_broken(
    wanted: str, opening: str, made: dict[int, MadeFrom], found: tuple[str, ...]
) -> None:
    assert states(wanted, opening, made) == found


def test_what_lies_between_segments_makes_no_clip_anew_but_words_and_seeds_do() -> None:
    brief = flow_brief("sea", 10)

    def digest(**changes: object) -> str:
        segments = (brief.segments[0], brief.segments[1].model_copy(update=changes))
        return words_digest(brief.model_copy(update={"segments": segments}), 2, "cinematic")

    plain = digest()
    assert digest(effect="dissolve", effect_s=2.0, label="Later") == plain
    assert len({plain, digest(prompt="night falls"), digest(seed=1), digest(length_s=4.0)}) == 4
    assert words_digest(brief, 2, "anime") != plain


def test_music_follows_the_prompt_and_what_happens_last() -> None:
    brief = flow_brief("a calm sea", 10)
    told = brief.model_copy(
        update={"segments": (brief.segments[0], brief.segments[1].model_copy(update={"prompt": "a storm comes"}))}
    )
    assert music_mood(brief, "cinematic") == "a calm sea"
    assert music_mood(told, "cinematic") == "a calm sea, then a storm comes"
