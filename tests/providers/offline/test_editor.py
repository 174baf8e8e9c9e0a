"""What an editor would send back: stories alike, broken sentences, chapters that merely stop, a title forgotten.

The titles are text that nobody tuned for: one word, a question, a name, a town, other languages, figures, puns.
"""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import combinations

import pytest

from storyreel.providers.offline.writer.bible import Bible, bible
from storyreel.providers.offline.writer.facts import FACTS, store
from storyreel.providers.offline.writer.film import ChapterText, film
from storyreel.providers.offline.writer.grammar import takes_an
from storyreel.providers.offline.writer.library import BEATS, ROLES, VOICES, plots
from storyreel.providers.offline.writer.manner import motifs, voices
from storyreel.story.split import sentences

TITLES = (
    "Rust", "Ophelia", "Why Do Cats Purr?", "Rotterdam by Night", "La última carta", "1984 Summers", "Lettuce Pray",
    "The Salt Road", "Uncle Benno's Accordion", "Who Ate the Moon?", "Under the Ice", "Marguerite and the Foxes",
    "Room for One More", "Le dernier train pour Lyon", "Seven Minutes", "The Understudy", "How Glass Is Made",
    "Thunder Over Havana", "A Fish Called Tuesday", "The Orchard Keeper's Widow", "Nobody's Piano", "Gravity",
    "The Long Way Down", "Tokyo Umbrella", "The Emperor's Last Barber", "Knock Knock", "The Ghost of Pier Nine",
    "Bread and Roses", "Out of Office", "What the Tide Brought In", "El reloj de arena", "Third Time Lucky",
    "The Woman Who Mended Clouds", "Station Eleven Minutes Late", "The Trial of Jonas Fell", "Honey",
    "A Bear in the Post",
    "The Republic of Ladders", "Snowed In", "The Astronaut's Mother", "Double or Nothing", "The Quiet Carriage",
    "A Short History of Buttons", "Die Brücke im Nebel", "The Hundredth Door", "The Night the Wells Ran Dry", "Crumbs",
    "Volcanoes Explained", "Pepper and Salt", "The Lighthouse Has Moved", "How Money Works", "Left Luggage",
    "The Beekeeper of Damascus", "Half Past Never", "A Dog's Guide to Physics", "The Winter Accountant",
    "Fool's Errand",
    "The Sleepwalkers of Prague", "Zero", "She Who Waits",
)  # fmt: skip
_OFTEN = {
    "had",
    "that",
    "away",
    "again",
    "more",
    "done",
    "no",
    "very",
    "not",
    "yet",
    "one",
    "nothing",
    "in",
    "on",
    "left",
    "up",
}


@cache
def told(title: str, chapters: int = 1, words: int = 260) -> tuple[ChapterText, ...]:
    return film(bible(title, 0), chapters, words)


def text_of(title: str, chapters: int = 1, words: int = 260) -> str:
    return "\n\n".join(chapter.text for chapter in told(title, chapters, words))


def without_names(title: str) -> str:
    """A story with its people and places blotted out, so that other names do not make it another story."""
    found = bible(title, 0)
    names = {found.cast[role].name for role in ROLES} | {found.slots["home"], found.slots["far"]}
    text = text_of(title).lower()
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name.lower(), "x")
    return re.sub(r"\b(?:he|she)\b", "e", re.sub(r"\b(?:his|hers?|him)\b", "is", text))


@cache
def grams(title: str, length: int = 5) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[\w’']+", without_names(title))
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


@cache
def spoken(title: str) -> frozenset[str]:
    """Sentences of five words or more."""
    return frozenset(part for part in sentences(without_names(title)) if len(part.split()) >= 5)


def shared(one: frozenset[object], other: frozenset[object]) -> float:
    return len(one & other) / min(len(one), len(other))


def test_no_two_of_sixty_titles_give_one_story() -> None:
    """Names and pronouns blotted out; runs of five words, and whole sentences, in common, of the shorter story."""
    pairs = list(combinations(TITLES, 2))
    runs = sorted((shared(grams(one), grams(other)) for one, other in pairs), reverse=True)
    whole = sorted((shared(spoken(one), spoken(other)) for one, other in pairs), reverse=True)
    assert runs[0] < 0.6
    assert runs[12] < 0.35
    assert sum(runs) / len(runs) < 0.02
    assert whole[0] < 0.6
    assert whole[12] < 0.35


def test_the_measure_sees_a_story_that_was_only_given_other_names() -> None:
    first, other = (frozenset(re.findall(r"\w+ \w+ \w+ \w+ \w+", without_names("Rust"))) for _ in range(2))
    assert shared(first, other) == 1
    assert shared(grams("Rust"), grams("Rust")) > 0.99


@pytest.mark.parametrize(("chapters", "words"), [(1, 260), (3, 300)])
def test_no_sentence_would_be_sent_back(chapters: int, words: int) -> None:
    for title in TITLES:
        text = text_of(title, chapters, words)
        assert not re.search(r"[{}\[\]|]| {2}|\s[,.;!?]|“\s|\s”|(?<!\.)\.\.(?!\.)|,[,.;]|;,|“”|””|““", text), title
        assert text.count("“") == text.count("”"), title
        for match in re.finditer(r"\b(\w+) \1\b", text, re.IGNORECASE):
            assert match[1].lower() in _OFTEN or match[0] in title, (title, match[0])
        for match in re.finditer(r"\b([Aa]n?) [“‘]?([\w'’-]+)", text):
            assert (match[1].lower() == "an") == takes_an(match[2]), (title, match[0])
        for paragraph in text.split("\n\n"):
            assert re.search(r"[.!?…][”’]?$", paragraph), (title, paragraph)
            for sentence in sentences(paragraph):
                letter = re.search(r"[^\W\d_]", sentence)
                assert letter is None or not letter.group().islower(), (title, sentence)


def test_no_long_sentence_is_said_twice_in_a_film() -> None:
    for title in TITLES:
        said = [part for part in sentences(text_of(title, 3, 300)) if len(part.split()) >= 8]
        assert len(said) == len(set(said)), title


def test_he_and_she_agree_with_who_was_named() -> None:
    """ "Mara saw herself", where nobody else is named between the two."""
    checked = 0
    for title in TITLES:
        found = bible(title, 1)
        cast = {person.name: person.sex for person in found.cast.values()}
        anyone = "|".join(map(re.escape, cast))
        text = " ".join(part.text for part in film(found, 3, 300)) + text_of(title, 3, 300) * (
            found.cast == bible(title, 0).cast
        )
        for match in re.finditer(
            rf"\b({anyone})\b(?![’'])((?:(?!\b(?:{anyone})\b)[^.,;!?“”])*?)\b(him|her)self\b", text
        ):
            checked += 1
            assert (match[3] == "her") == (cast[match[1]] == "f"), (title, match[0])
    assert checked >= 3


def test_everybody_is_introduced_where_they_are_first_named() -> None:
    """No name comes out of nowhere: by the first time that it is told, and not only called, we know who that is."""
    for title in TITLES:
        found, paragraphs = bible(title, 0), text_of(title).split("\n\n")
        for role, gloss in found.plot.glosses.items():
            name, last_word = found.cast[role].name, found.told(gloss, random.Random(0)).split()[-1]
            named = rf"\b{name}\b(?![’'])"
            told_of = [re.search(named, re.sub("“[^”]*”", "", part)) is not None for part in paragraphs]
            known = rf"\b{name}, (?:the|an?|who|whom|whose|his|her)\b"
            if any(told_of):
                first = paragraphs[: told_of.index(True) + 1]
                assert any(name in part and (last_word in part or re.search(known, part)) for part in first), (
                    title,
                    first,
                )


def turns_of(found: Bible) -> set[str]:
    templates = [*found.voice.turns, *(turn for beat in found.plot.beats for turn in beat.turns)]
    return {found.told(template, random.Random(0)) for template in templates}


def test_every_chapter_but_the_last_ends_on_a_turn() -> None:
    for title in TITLES:
        parts = told(title, 3, 300)
        turns = turns_of(bible(title, 0))
        assert [part.text.split("\n\n")[-1] in turns for part in parts[:-1]] == [True, True], title
        assert parts[-1].text.split("\n\n")[-1] not in turns


def test_the_motif_is_planted_comes_back_and_is_there_at_the_end() -> None:
    for title in TITLES:
        found = bible(title, 0)
        stages = (found.motif.plants, found.motif.returns, found.motif.lasts)
        for part, templates in zip(told(title, 3, 300), stages, strict=True):
            assert any(found.told(template, random.Random(0)) in part.text for template in templates), (
                title,
                part.text,
            )


def test_the_titles_own_matter_is_in_the_story() -> None:
    """At least one of its own words; a title that cannot be read aloud leaves a sign."""
    for title in TITLES:
        words = [
            word
            for word in re.findall(r"[^\W\d_]{3,}", title.lower())
            if word not in ("the", "who", "and", "has", "was")
        ]
        text = text_of(title).lower()
        found = [word for word in words if re.search(rf"\b{re.escape(word.rstrip('s'))}", text)]
        # "La última carta" is told of as a letter.
        nouns = [noun.split()[-1] for noun in bible(title, 0).reading.nouns.values()]
        assert found or any(noun in text for noun in nouns) or re.search(r"\bsign\b", text), title


def test_there_are_twenty_plots_and_five_ways_to_tell_each_passage() -> None:
    assert len(plots()) >= 20
    for plot in plots().values():
        for name, ways in zip(BEATS, plot.strands, strict=True):
            tellings = [text for beat in ways for text in (*beat.brief, *beat.variants)]
            assert len(tellings) >= 5, (plot.name, name)
            runs = [set(zip(*(text.split()[at:] for at in range(6)), strict=False)) for text in tellings]
            alike = sum(len(one & other) / min(len(one), len(other)) > 0.9 for one, other in combinations(runs, 2))
            assert not alike, (plot.name, name)


def test_every_genre_has_a_voice_that_some_title_is_told_in() -> None:
    heard = {bible(title, seed).voice.name for title in TITLES for seed in range(3)}
    assert heard == set(VOICES)
    first = {
        plot.words["voices"][0].rsplit(" ", 1)[0].split(" 1")[0].split(",")[0].rsplit(" ", 1)[0]
        for plot in plots().values()
    }
    assert set(VOICES) - first <= {"documentary"}
    for voice in voices().values():
        assert min(len(voice.begins), len(voice.turns), len(voice.asides)) >= 6


def test_a_voice_is_not_heard_in_another() -> None:
    said = [line for voice in voices().values() for line in (*voice.begins, *voice.turns, *voice.asides)]
    assert len(said) == len(set(said))
    for motif in motifs():
        assert len(motif.plants) >= 1
        assert len(motif.returns) >= 4
        assert len(motif.lasts) >= 2


# What a film that explains may say


def test_facts_are_plain_whole_sentences_and_no_figures() -> None:
    words = [word for words, _ in store().values() for word in words]
    assert len(words) == len(set(words))
    for subject, (_, facts) in store().items():
        assert len(facts) >= FACTS, subject
        for fact in facts:
            assert not re.search(r"\d", fact), fact
            assert re.fullmatch(r"[A-Z].*[.]", fact), fact


@pytest.mark.parametrize(
    ("title", "subject"),
    [("How bread is made", "bread"), ("The Moon", "Moon"), ("Why leaves turn red", "leaves"),
     ("Inflation explained", "inflation"), ("How Glass Is Made", "glass"), ("Bees", "bees")],
)  # fmt: skip
def test_a_film_that_explains_tells_certain_facts_word_for_word(title: str, subject: str) -> None:
    found = bible(title, 0)
    assert found.plot.name == "look"
    assert sum(fact in text_of(title) for fact in store()[subject][1]) >= 2


@pytest.mark.parametrize("title", ["How Zorblaxes Fly", "Why We Yawn", "Quantum Physics Explained", "What is jazz?"])
def test_where_nothing_is_certain_nothing_is_claimed(title: str) -> None:
    found = bible(title, 0)
    assert found.plot.name == "look"
    assert "claims nothing" in found.told("{claim}", random.Random(0))
    text = " ".join(part.text for part in film(found, 3, 300))
    assert not any(fact in text for _, facts in store().values() for fact in facts)
    subject = re.escape(found.slots["subject"].strip('"'))
    assert not re.search(rf"{subject}”? (?:is|are|was|were|has|have|can|makes?|means?)\b(?! about)", text)


@pytest.mark.parametrize(
    ("title", "subject"),
    [("What is jazz?", "jazz"), ("Why Do Cats Purr?", 'the question "Why Do Cats Purr"'),
     ("How bread is made", "how bread is made"),
     ("How Volcanoes Work", "how volcanoes work"), ("What Are Tides?", "tides"), ("Inflation Explained", "inflation")],
)  # fmt: skip
def test_a_question_is_named_as_english_names_it(title: str, subject: str) -> None:
    """ "A film about what is jazz" would be no English."""
    assert bible(title, 0).slots["subject"] == subject


@pytest.mark.parametrize("title", ["The Baker's Last Loaf of Bread", "The Wolf and the Moon", "A Star Is Born Late"])
def test_a_story_that_only_names_such_a_thing_stays_a_story(title: str) -> None:
    assert bible(title, 0).plot.name not in ("look", "inquiry")


def test_nobody_of_an_explaining_film_has_the_adventures_of_a_story() -> None:
    found = bible("How bread is made", 0)
    own = {episode.title for episode in found.plot.episodes} | {beat.title for beat in found.plot.beats}
    text = " ".join(part.text for part in film(found, 5, 500))
    assert own
    assert "fever" not in text.lower()
    assert "stole" not in text.lower()
