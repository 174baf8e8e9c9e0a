"""Fifty titles, fifty stories: no two that a listener would call the same, and no sentence that is broken."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS
from storyreel.providers.offline import writer
from storyreel.providers.offline.writer.bible import Bible, _person_slots, bible, set_in
from storyreel.providers.offline.writer.film import film
from storyreel.providers.offline.writer.grammar import takes_an
from storyreel.providers.offline.writer.library import BEATS, ROLES, Plot, plots, settings
from storyreel.providers.offline.writer.titles import read_title
from storyreel.story.split import sentences

TITLES = (
    "The Last Lighthouse", "How Volcanoes Work", "My Grandmother's Recipes", "Neon Rain", "The Dragon Who Was Afraid",
    "A Letter from 1943", "Murder at the Opera", "Stars Over Sahara", "The Robot Gardener", "Christmas in the Snow",
    "First Day at School", "The Whale Song", "Pirates of the Southern Sea", "The Clockmaker's Daughter",
    "Two Left Feet", "The Secret of Room 313", "Bees", "The History of Bread", "Love in Paris", "The Wolf and the Moon",
    "Midnight Train", "The Forgotten Library", "Mars Colony", "Inflation Explained", "The Cat Who Could Count",
    "Grandpa's War", "The Haunted Doll", "Breaking the Code", "The Baker of Baghdad", "Friday Night Football",
    "The Mermaid's Promise", "The Lost City", "Why We Dream", "The Painter and the King", "Blackout", "The Apprentice",
    "A Wedding in the Rain", "The Ice Road", "Samurai", "The Invisible Boy", "Gold Rush", "Beyond the Wall",
    "The Violin", "The Time Traveler's Umbrella", "Zombie Picnic", "The Great Race", "Silence", "The Tree",
    "Anna and the Stars", "Hospital Night Shift",
)  # fmt: skip
MANY_WAYS = tuple(sorted(name for name, plot in plots().items() if any(len(ways) > 1 for ways in plot.strands)))
_MEN = (
    r"man|men|boy|boys|cook|groom|priest|baker|judge|carrier|mayor|constable|villain|hero|clown|soldier|regiment|king"
)
_MEN += r"|neighbour|banker|carpenter|uncle|somebody|someone|father|brother|brothers|cousins?|clerk|inspector|he"
_MEN += r"|driver|smith|miller|postmaster|porter|butcher|colonel|lawyer|dog|schoolmaster|grocer|stranger|carter|guard"
_MEN += r"|bishop|rider|relief|thief"
_WOMEN = r"woman|women|girl|girls|bride|mother|aunt|sister|editor|schoolteacher|nurse|grandmother|lady|queen|she"
_WOMEN += (
    r"|widow|wife|schoolmistress|seamstress|midwife|cow|landlady|cleaner|needle|saint|gran|neighbour|child of four"
)


@cache
def told(title: str, chapters: int = DEFAULT_CHAPTERS, words: int = DEFAULT_WORDS) -> str:
    return "\n\n".join(chapter.text for chapter in film(bible(title, 0), chapters, words))


def told_at(title: str, seed: int) -> tuple[str, ...]:
    return tuple(chapter.text for chapter in film(bible(title, seed), 1, 300))


def runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w’']+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def shared(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """How much of the shorter of two texts stands word for word in the other, 0 to 1."""
    return len(one & other) / min(len(one), len(other))


def peopled(found: Bible, sex: str) -> Bible:
    """The story with everybody of one sex."""
    slots = dict(found.slots)
    for role in ROLES:
        slots |= _person_slots(role, replace(found.cast[role], sex=sex))
    return replace(found, slots=slots)


def every_way(plot: Plot) -> list[str]:
    beats = [beat for ways in plot.strands for beat in ways]
    told = [text for beat in beats for text in (beat.line, *beat.brief, *beat.variants, *beat.extras, *beat.turns)]
    return [*told, *plot.premise, *(hook for _, hook in plot.hooks)]


def test_two_titles_hardly_ever_share_their_words() -> None:
    """Runs of six words in common, of the shorter story, at the length that a film has when nobody sets one."""
    spoken = {title: runs(told(title)) for title in TITLES}
    overlaps = sorted(shared(spoken[one], spoken[other]) for one, other in combinations(TITLES, 2))
    assert overlaps[-1] < 0.75
    assert sum(overlap > 0.5 for overlap in overlaps) <= 6
    assert sum(overlap > 0.3 for overlap in overlaps) <= 20
    assert sum(overlaps) / len(overlaps) < 0.02


def test_the_measure_tells_a_story_told_twice_with_other_names() -> None:
    once = told("Bees")
    again = re.sub(r"\b[A-Z][a-z]{3,}\b", "Somebody", once)
    assert shared(runs(once), runs(again)) > 0.4


@pytest.mark.parametrize(("chapters", "words"), [(DEFAULT_CHAPTERS, DEFAULT_WORDS), (2, 420)])
def test_no_sentence_is_broken(chapters: int, words: int) -> None:
    for title in TITLES:
        text = told(title, chapters, words)
        assert not re.search(r"[{}\[\]|]| {2}|\s[,.;!?]|“\s|\s”|(?<!\.)\.\.(?!\.)", text), title
        assert text.count("“") == text.count("”")
        doubled = re.search(r"\b(?!(?:had|that|away|again|more|done|no|very|not|yet|one)\b)(\w+) \1\b", text, re.I)
        assert doubled is None, (title, doubled)
        for match in re.finditer(r"\b([Aa]n?) [“‘]?([\w'’-]+)", text):
            assert (match[1].lower() == "an") == takes_an(match[2]), (title, match[0])
        for paragraph in text.split("\n\n"):
            assert re.search(r"[.!?…][”’]?$", paragraph), (title, paragraph)
            for sentence in sentences(paragraph):
                letter = re.search(r"[^\W\d_]", sentence)
                assert letter is None or not letter.group().islower(), (title, sentence)


@pytest.mark.parametrize("name", sorted(plots()))
def test_a_pronoun_belongs_to_somebody_of_that_sex(name: str) -> None:
    """With only women in the cast every "he" is a stranger's who has just been named, and the other way round."""
    plot = plots()[name]
    found = set_in(read_title("x"), 0, plot, settings()[next(iter(plot.settings))], random.Random(0), frozenset())
    for sex, wrong, strangers in (("f", r"he|him|his|himself", _MEN), ("m", r"she|her|hers|herself", _WOMEN)):
        story = peopled(found, sex)
        for template in every_way(plot):
            text = story.told(template, random.Random(0))
            for match in re.finditer(rf"\b(?:{wrong})\b", text, re.IGNORECASE):
                assert re.search(rf"\b(?:{strangers})\b", text[: match.start()], re.IGNORECASE), (match[0], text)


@pytest.mark.parametrize("name", MANY_WAYS)
def test_a_plot_of_many_ways_is_hundreds_of_stories_that_hang_together(name: str) -> None:
    plot = plots()[name]
    rng = random.Random(name)
    seen = set()
    for _ in range(600):
        way = plot.told_as(rng)
        assert tuple(beat.name for beat in way.beats) == BEATS
        settled = {tie[1:] for beat in way.beats for tie in beat.ties if tie[0] == "#"}
        needed = {tie[1:] for beat in way.beats for tie in beat.ties if tie[0] == "@"}
        assert needed == settled, "what is begun is ended, and nothing else"
        seen.add(tuple(beat.line for beat in way.beats))
    assert len(seen) >= 60


def test_a_title_that_asks_gets_a_film_that_claims_nothing_about_its_subject() -> None:
    for title in ("How Volcanoes Work", "Why we dream", "The History of Bread", "Inflation Explained", "What is time?"):
        found = bible(title, 0)
        assert found.plot.name in ("inquiry", "look")
        about = [sentence for sentence in sentences(told(title)) if found.slots["subject"].strip('"') in sentence]
        # Its words are named as what is asked after; no sentence has them for its subject.
        assert about
        assert not any(sentence.startswith(found.slots["subject"].strip('"')) for sentence in about)


def test_what_belongs_to_somebody_is_hers_and_not_her() -> None:
    """A possessive with nothing behind it: "{his}" would become "It had been her."."""
    alone = re.compile(r"\{[feo]?his\}(?:[.,;:!?\"]| (?:with|and|or|now|again)\b)")
    for folder in ("plots", "settings", "shared"):
        for file in sorted((Path(writer.__file__).parent / folder).glob("*.txt")):
            assert alone.findall(file.read_text(encoding="utf-8")) == [], file.name


@pytest.mark.parametrize("title", ["Gold", "The Bread", "Scissors"])
def test_what_cannot_be_counted_has_no_article(title: str) -> None:
    noun = title.split()[-1].lower()
    for seed in range(6):
        assert not re.search(rf"\ban? {noun}\b(?! \w*(?:coin|basket))", " ".join(told_at(title, seed)))
