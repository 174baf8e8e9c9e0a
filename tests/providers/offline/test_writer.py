"""The promises of the offline writer: structure, length, grammar, variety, and that a title steers."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storyreel.errors import ProviderRefused
from storyreel.providers.contracts import SceneDescription, Writer, WritingRequest
from storyreel.providers.offline.writer import OfflineWriter
from storyreel.providers.offline.writer.bible import bible, set_in
from storyreel.providers.offline.writer.film import film
from storyreel.providers.offline.writer.grammar import expanded, takes_an, with_articles
from storyreel.providers.offline.writer.library import BEATS, PILLARS, plots, shared
from storyreel.providers.offline.writer.library import settings as countries
from storyreel.providers.offline.writer.names import PALETTES
from storyreel.providers.offline.writer.scenes import _CAMERAS
from storyreel.providers.offline.writer.titles import read_title
from storyreel.shots.model import SceneList
from storyreel.shots.plan import passages, scene_count
from storyreel.shots.prompts import scenes_request
from storyreel.story.model import Chapter, ChapterDraft, Character, Place, Story
from storyreel.story.prompts import chapter_request, story_request
from storyreel.story.split import sentences

WRITER = OfflineWriter()
TITLES = (
    "The Last Lighthouse", "Vanished", "Across the Ocean", "The Race", "Dragon Mountain", "Love Letters", "The Heist",
    "The Robot", "Signals from the Stars", "The Haunted House", "The Quest", "Coming Home", "Zorblax", "A", "🌊🚀",
    "منارة البحر", "夜の列車", "!!!", "How to Train Your Accountant in Nine Easy and Memorable Lessons",
    "{hero} [a|b] \"c\"",
    "The Clockmaker's Daughter", "Anna and the Wolf", "Blackwood Manor", "The Silver Umbrella",
)  # fmt: skip
ANY_TITLE = st.sampled_from(TITLES) | st.text(min_size=1, max_size=60).filter(str.strip)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def story(title: str, seed: int = 0) -> Story:
    return WRITER.write(story_request(title=title, chapters=1, words_per_chapter=260, seed=seed))


def chapter(title: str, number: int, chapters: int, words: int, seed: int = 0, take: int = 0) -> ChapterDraft:
    return WRITER.write(chapter_request(story(title, seed), number, chapters, words, seed=seed, take=take))


@cache
def whole(title: str, chapters: int, words: int, seed: int) -> tuple[str, ...]:
    return tuple(part.text for part in film(bible(title, seed), chapters, words))


def assert_clean(text: str) -> None:
    """No slot, bracket or gap is left, and every sentence is spelt as English is."""
    assert not re.search(r"[{}\[\]|]|\bNone\b(?! of)|  | [,.;]|“\s|\s”", text)
    assert text.count("“") == text.count("”")
    for match in re.finditer(r"\b([Aa]n?) [“‘]?([\w'’-]+)", text):
        assert (match[1].lower() == "an") == takes_an(match[2]), match[0]
    for sentence in sentences(text):
        first = re.search(r"\w", sentence)
        # What a title begins with may be a letter that has no capital.
        assert first is None or first.group() == first.group().upper() or not first.group().islower(), sentence


def test_it_is_a_writer_and_says_which() -> None:
    assert isinstance(WRITER, Writer)
    assert WRITER.identity == "offline/plot-grammar@5"


@QUICK
@given(ANY_TITLE, st.integers(min_value=0, max_value=10_000))
def test_a_story_has_the_structure_that_was_promised(title: str, seed: int) -> None:
    told = story(title, seed)
    assert told.title == " ".join(title.split())
    assert 15 <= len(sentences(told.premise)) <= 20
    assert 60 <= len(told.hook.split()) <= 100
    assert "\n" not in told.hook
    assert len(set(told.genres)) == 3
    assert 3 <= len(told.places) <= 5
    assert len({person.name[0] for person in told.cast}) == len(told.cast) >= 3
    assert all(re.search(r"\b(?:woman|man|girl|boy)\b.* in .*carrying ", person.look) for person in told.cast)
    assert_clean(told.premise)
    assert_clean(told.hook)


@QUICK
@example("i\U000ace70", 95, 10, 30)
@example("Hbd", 6096, 1, 200)
@example("0bc", 5193, 11, 90)
@given(
    ANY_TITLE,
    st.integers(min_value=0, max_value=10_000),
    st.integers(min_value=1, max_value=12),
    st.integers(min_value=30, max_value=900),
)
def test_every_chapter_is_as_long_as_asked_and_clean(title: str, seed: int, chapters: int, words: int) -> None:
    for text in whole(title, chapters, words, seed):
        assert abs(len(text.split()) - words) <= words / 10
        assert_clean(text)


@pytest.mark.parametrize(("chapters", "words"), [(60, 30), (1, 30), (1, 2000), (18, 800), (9, 100), (2, 60)])
@pytest.mark.parametrize("title", ["The Last Lighthouse", "The Quest", "Zorblax"])
def test_lengths_hold_at_the_ends_of_the_range(title: str, chapters: int, words: int) -> None:
    lengths = [len(text.split()) for text in whole(title, chapters, words, 1)]
    assert len(lengths) == chapters
    assert all(abs(length - words) <= words / 10 for length in lengths)


def test_the_same_facts_and_seed_give_the_same_words() -> None:
    assert story("The Iron Garden", 5) == story("The Iron Garden", 5)
    assert chapter("The Iron Garden", 2, 3, 200, 5) == chapter("The Iron Garden", 2, 3, 200, 5)
    assert story("The Iron Garden", 5) != story("The Iron Garden", 6)


def test_another_take_tells_the_chapter_otherwise_with_the_same_people() -> None:
    first, second = (chapter("The Old Bridge", 1, 1, 400, 2, take) for take in (0, 1))
    assert first.text != second.text
    assert bible("The Old Bridge", 2).cast["hero"].name in second.text


@pytest.mark.parametrize(
    "title", ["The Last Lighthouse", "Love Letters", "The Quest", "Signals from the Stars", "Zorblax"]
)
def test_an_hour_of_film_hardly_ever_repeats_a_sentence(title: str) -> None:
    """At 18 chapters of 800 words at most 8 % of the sentences of five words or more have been heard before."""
    for chapters, most in ((5, 0.035), (18, 0.08)):
        said = [part for text in whole(title, chapters, 800, 1) for part in sentences(text) if len(part.split()) > 4]
        repeated = sum(count - 1 for count in Counter(said).values())
        assert repeated / len(said) <= most


@pytest.mark.parametrize("chapters", [1, 3, 5, 18])
@pytest.mark.parametrize("title", ["The Last Lighthouse", "The Heist", "The Race"])
def test_beginning_turn_and_end_come_in_order_and_the_end_comes_last(title: str, chapters: int) -> None:
    told = bible(title, 1)
    summaries = " ".join(part.summary for part in film(told, chapters, 800 if chapters > 3 else 260))
    rng = told.rng("any")
    places = [summaries.find(told.told(beat.line, rng)) for beat in told.plot.beats if beat.name in PILLARS]
    assert -1 not in places
    assert places == sorted(places)
    assert summaries.endswith(told.told(told.plot.beats[-1].line, rng))


def test_chapter_titles_do_not_repeat() -> None:
    titles = [part.title for part in film(bible("The Last Lighthouse", 1), 18, 800)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("title", "plot", "country", "word"),
    [
        ("The Last Lighthouse", "keeper", "coast", "lighthouse"),
        ("The Dragon of Ember Hill", "threat", "mountain", "dragon"),
        ("The Clockmaker's Daughter", "machine", "city", "machine"),
        ("The Haunted Manor", "haunted", "village", "manor"),
        ("Voyage to the Island", "voyage", "sea", "island"),
        ("The Wolf in the Forest", "threat", "forest", "wolf"),
        ("The Great Museum Heist", "heist", "city", "museum"),
        ("A Message from Saturn", "contact", "space", "signal|notes|sky"),
        ("Desert Quest", "quest", "desert", "cup|lantern|jar"),
        ("Love Letter to a Stranger", "letters", "", "letter"),
        ("🐺🌲", "threat", "forest", "wolf"),
        ("El faro", "keeper", "coast", "lighthouse"),
        ("منارة", "keeper", "coast", "lighthouse"),
    ],
)
def test_the_title_steers_plot_place_and_what_is_at_the_heart(title: str, plot: str, country: str, word: str) -> None:
    found = Counter((bible(title, seed).plot.name, bible(title, seed).setting.name) for seed in range(12))
    (likeliest, _), _ = found.most_common(1)[0]
    assert likeliest == plot
    if country:
        assert found.most_common(1)[0][0][1] == country
    seed = next(seed for seed in range(12) if bible(title, seed).plot.name == plot)
    assert re.search(word, " ".join(whole(title, 1, 300, seed)))


def test_different_titles_lead_to_different_plots() -> None:
    assert len({bible(title, 0).plot.name for title in TITLES}) >= 8


def test_a_title_nobody_knows_stands_in_the_story_as_it_is() -> None:
    for seed in range(8):
        assert "“Zorblax”" in " ".join(whole("Zorblax", 1, 300, seed))


def test_a_title_in_signs_nobody_can_read_becomes_a_sign() -> None:
    assert re.search(r"\bsign\b", " ".join(whole("☷☳", 1, 300, 0)))


def test_names_and_persons_in_the_title_become_the_hero() -> None:
    assert story("Anna and the Wolf").cast[0].name.startswith("Anna")
    hero = bible("The Clockmaker's Daughter", 0).cast["hero"]
    assert hero.sex == "f"
    assert bible("The Clockmaker's Daughter", 0).slots["trade"] == "clockmaker's daughter"


def test_names_the_user_has_changed_are_used_and_so_is_their_sex() -> None:
    told = story("The Last Lighthouse")
    renamed = told.cast[0].model_copy(update={"name": "Quentin {x} Ash", "look": "a tall man in a red cloak"})
    told = told.model_copy(update={"cast": (renamed, *told.cast[1:])})
    text = WRITER.write(chapter_request(told, 1, 1, 260)).text
    assert "Quentin" in text
    assert bible("The Last Lighthouse", 0).cast["hero"].name not in text
    assert_clean(text)


def test_a_story_of_another_writer_can_be_gone_on_with() -> None:
    foreign = Story(
        title="Salt", hook="h", genres=("A", "B", "C"), premise="p", tone="t", pacing="p", mood="m",
        cast=(Character(name="The Ferryman", role="a man", look="an old man in black"),),
        places=(Place(name="The Ferry", look="a ferry"),),
    )  # fmt: skip
    draft = WRITER.write(chapter_request(foreign, 1, 1, 260))
    assert "the ferryman" in draft.text.lower()
    assert_clean(draft.text)


def test_other_languages_and_tasks_are_refused_with_advice() -> None:
    with pytest.raises(ProviderRefused, match="choose another writer"):
        WRITER.write(story_request(title="Der Turm", chapters=1, words_per_chapter=100, language="de"))
    with pytest.raises(ProviderRefused, match="choose another writer"):
        WRITER.write(WritingRequest(task="poem", instructions="", facts={}, reply=Story))


def test_listeners_hear_how_many_words_came() -> None:
    heard: list[int] = []
    WRITER.write(story_request(title="Salt", chapters=1, words_per_chapter=100), heard.append)
    assert heard
    assert heard[-1] > 300


# Scenes


def shown(text: str, told: Story, number: int = 1, chapters: int = 1) -> tuple[list[str], SceneList]:
    tokens = text.split()
    parts = [" ".join(tokens[a : b + 1]) for a, b in passages(text, scene_count(len(tokens)))]
    made = Chapter(number=number, title="x", text=text, summary="")
    return parts, WRITER.write(scenes_request(told, made, parts, chapters=chapters))


@QUICK
@given(st.sampled_from(TITLES), st.integers(min_value=0, max_value=50))
def test_each_passage_gets_one_paintable_picture(title: str, seed: int) -> None:
    told = story(title, seed)
    parts, found = shown(whole(title, 1, 400, seed)[0], told)
    assert len(found.scenes) == len(parts)
    looks = {person.look for person in told.cast}
    for scene in found.scenes:
        assert scene.palette == told.palette
        assert set(scene.cast) <= looks
        assert re.search(r"dawn|morning|daylight|dusk|night", scene.environment)
        assert re.search(r"light|lit|sun|glow|lamp", scene.lighting)
        assert scene.subject[0].isupper()
        assert scene.camera
        assert scene.emotion
    assert "wide" in found.scenes[0].camera
    assert all(one.camera != next_one.camera for one, next_one in zip(found.scenes, found.scenes[1:], strict=False))


def test_a_chapter_is_seen_in_many_ways() -> None:
    _, found = shown(whole("The Last Lighthouse", 5, 800, 1)[0], story("The Last Lighthouse", 1), chapters=5)
    assert len({scene.camera for scene in found.scenes}) >= 6


@pytest.mark.parametrize(
    ("passage", "environment", "subject", "lighting"),
    [
        (
            "At midnight a man stood on the deck of the schooner in the storm.",
            "ship's deck.*storm.*night",
            "man",
            "night",
        ),
        ("She knelt by the fireplace with a letter in her hand.", "fireplace", "kneeling|letter", "lamp|fire"),
        ("Snow fell on the mountain at dawn, and nobody walked there.", "mountain.*snow.*dawn", "", "dawn|grey"),
        ("The old man ran along the street under the neon signs.", "city street", "old man.*running", "neon"),
        (
            "A child with a lantern walked through the forest in the fog at night.",
            "forest.*fog.*night",
            "child.*lantern",
            "lantern",
        ),
        ("The dog slept in front of the barn in the evening.", "barn.*dusk", "dog", "dusk"),
    ],
)
def test_a_picture_shows_what_the_passage_says(passage: str, environment: str, subject: str, lighting: str) -> None:
    told = Story(
        title="T", hook="h", genres=("A", "B", "C"), premise="p", tone="t", pacing="p", mood="m",
        cast=(Character(name="Ada Venn", role="r", look="a tall woman in a grey coat, carrying a rope"),),
        places=(Place(name="Tamrit", look="a town of mud brick"),), palette=("#101010",),
    )  # fmt: skip
    facts = dict(
        scenes_request(told, Chapter(number=1, title="x", text="x", summary=""), ("Nothing yet.", passage)).facts
    )
    request = scenes_request(told, Chapter(number=1, title="x", text="x", summary=""), ("Nothing yet.", passage))
    assert facts["passages"][1] == passage
    scene = WRITER.write(request).scenes[1]
    assert re.search(environment, scene.environment), scene
    assert re.search(subject, scene.subject), scene
    assert re.search(lighting, scene.lighting), scene


def pictured(title: str, *told: str) -> list[SceneDescription]:
    """The pictures for passages of a story that has been given a title."""
    made = Chapter(number=1, title="x", text="x", summary="")
    return list(WRITER.write(scenes_request(story(title), made, told)).scenes)


def test_the_storys_own_cliff_is_the_one_its_lighthouse_stands_on() -> None:
    scene = pictured("The Last Lighthouse", "It was late.", "He walked along the cliff.", "He stood still.")[1]
    assert "lighthouse standing on a rocky cliff" in scene.environment


def test_what_rises_over_the_story_is_seen_from_its_other_places_but_not_from_indoors() -> None:
    home = story("The Last Lighthouse").places[0].name
    scenes = pictured(
        "The Last Lighthouse", "It was late.", f"They came to {home}.", "She sat by the hearth.", "So it was."
    )
    assert "a lighthouse in the distance" in scenes[1].environment
    assert "in the distance" not in scenes[2].environment


def test_in_space_there_is_neither_rain_nor_a_deck_with_sails() -> None:
    for scene in pictured(
        "Winter on Mars", "It began.", "That night the storm came, and rain.", "He lay beside the helm.", "It ended."
    ):
        assert not re.search(r"\brain|\bsails|\bsnow", f"{scene.environment} {scene.subject}"), scene


def test_a_thing_is_seen_where_and_when_its_own_sentence_is() -> None:
    scenes = pictured(
        "The Last Lighthouse", "At night nobody was on the beach.", "There lay a letter. At dawn the forest was white.",
        "They walked through the forest.", "They came home.",
    )  # fmt: skip
    assert "insert" in scenes[1].camera
    assert re.search("beach.*night", scenes[1].environment)
    assert re.search("forest.*dawn", scenes[2].environment)


def test_only_what_lies_is_lying() -> None:
    """ "Lay" with an object is no posture."""
    awake, asleep = pictured("The Last Lighthouse", "She lay the book aside.", "She lay asleep.")
    assert "lying" not in awake.subject
    assert "lying" in asleep.subject


@settings(QUICK, max_examples=20)
@given(st.sampled_from(TITLES), st.integers(min_value=0, max_value=30))
def test_a_film_opens_wide_and_keeps_changing_how_it_looks(title: str, seed: int) -> None:
    scenes = shown(whole(title, 1, 400, seed)[0], story(title, seed))[1].scenes
    ways = [next(kind for kind, texts in _CAMERAS.items() if scene.camera in texts) for scene in scenes]
    assert ways[0] in ("wide", "high")
    assert all(way != next_way for way, next_way in pairwise(ways))
    inserts = [at for at, way in enumerate(ways) if way == "insert"]
    assert all(later - earlier > 2 for earlier, later in pairwise(inserts))
    assert len(ways) < 4 or len(set(ways)) >= 3


def test_named_people_are_in_the_picture_with_their_look_word_for_word() -> None:
    told = story("The Last Lighthouse")
    hero, friend = told.cast[0], told.cast[1]
    made = Chapter(number=1, title="x", text="x", summary="")
    text = f"{hero.name.split()[0]} and {friend.name} walked along the quay."
    scene = WRITER.write(scenes_request(told, made, ("It was late.", text))).scenes[1]
    assert scene.cast == (hero.look, friend.look)


# The stock


def test_every_plot_has_all_beats_and_fills_every_slot_it_names() -> None:
    assert len(plots()) >= 20
    for plot in plots().values():
        assert tuple(beat.name for beat in plot.beats) == BEATS
        assert len(plot.gaps) == len(BEATS) - 1
        assert set(plot.settings) <= set(countries())
        pool = [*(hook for _, hook in plot.hooks), *plot.premise, *plot.theme, *plot.glosses.values()]
        for beat in (way for ways in plot.strands for way in ways):
            pool += [beat.line, *beat.brief, *beat.variants, *beat.extras, *beat.turns]
        for episode in plot.episodes:
            pool += [episode.line, *episode.paragraphs]
        for country in plot.settings:
            told = set_in(read_title("x"), 0, plot, countries()[country], random.Random(0), frozenset())
            assert told.setting.name == country
            for passage in pool:
                assert "{" not in told.told(passage, random.Random(0)), (plot.name, country, passage)


def test_every_country_fills_every_slot_of_what_any_story_may_use() -> None:
    stock, plot = shared(), plots()["keeper"]
    for country in countries().values():
        told = set_in(read_title("x"), 0, plot, country, random.Random(0), frozenset())
        pool = [*stock.reflections, *stock.memories, *stock.leads, *stock.ties, *stock.talks, *stock.links]
        for episode in (*stock.episodes, *country.episodes):
            pool += [episode.line, *episode.paragraphs]
        for passage in pool:
            assert "{" not in told.told(passage, random.Random(0)), (country.name, passage)


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_palettes_run_from_dark_to_light(name: str) -> None:
    def luma(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lumas = [luma(colour) for colour in PALETTES[name]]
    assert len(lumas) == 6
    assert lumas == sorted(lumas)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("hour", True), ("honest", True), ("umbrella", True), ("unicorn", False), ("one", False), ("European", False),
     ("owl", True), ("useful", False), ("house", False), ("island", True), ("unimportant", True), ("year", False)],
)  # fmt: skip
def test_the_article_goes_by_sound(word: str, expected: bool) -> None:
    assert takes_an(word) is expected
    assert with_articles(f"a {word}") == (f"an {word}" if expected else f"a {word}")


def test_a_slot_is_capital_where_a_sentence_begins_and_not_after_a_spoken_question() -> None:
    rng = bible("x", 0).rng("t")
    slots = {"he": "she", "home": "the Ward"}
    told = expanded('{he} ran. "Why?" {he} asked. "{he} is late," {he} said. {home} slept.', slots, rng)
    assert told == "She ran. “Why?” she asked. “She is late,” she said. The Ward slept."
