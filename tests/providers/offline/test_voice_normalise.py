"""What is written and what is said: numbers, money, times, dates, abbreviations, signs, and where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.offline.voice.normalise import sentences_of
from storyreel.providers.offline.voice.numbers import cardinal_words, ordinal_words, roman_value, year_words


def said(text: str, *, british: bool = False) -> str:
    """The spoken words with their marks; sentences are parted by " | "."""
    return " | ".join(
        " ".join(word.before + word.word + word.after for word in sentence.words)
        for sentence in sentences_of(text, british=british)
    )


NUMBERS = [
    ("3 nights", "three nights"),
    ("1,234,567 stars", "one million two hundred thirty four thousand five hundred sixty seven stars"),
    ("0.05 and .5", "zero point zero five and point five"),
    ("agent 007", "agent zero zero seven"),
    ("-5 and +3", "minus five and plus three"),
    ("1e3", "one e three"),
    ("2nd 3rd 11th 12th 21st 100th", "second third eleventh twelfth twenty first one hundredth"),
    ("1/2, 2/3, 7/8, 1/100", "one half, two thirds, seven eighths, one over one hundred"),
    ("½ a cup, 2½ cups, 2 ½ cups", "one half a cup, two and one half cups, two and one half cups"),
    ("24/7", "twenty four seven"),
    ("pages 10-15", "pages ten to fifteen"),
    ("a 100-year-old man", "a one hundred year old man"),
    ("call 555-0199", "call five five five zero one nine nine"),
    ("v1.2.3", "version one point two point three"),
    ("MP3, H2O, B-52, C3PO", "MP three, H two O, B fifty two, C three PO"),
    ("4K, 5G and 3x faster", "four K, five G and three times faster"),
    ("1" + "0" * 20, "one" + " zero" * 20),
]
MONEY = [
    ("$3.50", "three dollars and fifty cents"),
    ("$1 and $1.01", "one dollar and one dollar and one cent"),
    ("$0.50", "fifty cents"),
    ("£2, €1,200, ¥500", "two pounds, one thousand two hundred euros, five hundred yen"),
    ("50¢", "fifty cents"),
    ("$3 million", "three million dollars"),
    ("$2.5m and €3k", "two point five million dollars and three thousand euros"),
    ("a $5 bill", "a five dollar bill"),
    ("the $5 he owed", "the five dollars he owed"),
    ("$5-10", "five to ten dollars"),
    ("-$5", "minus five dollars"),
]
DATES = [
    ("In 1847", "In eighteen forty seven"),
    ("1900, 1906, 2000", "nineteen hundred, nineteen oh six, two thousand"),
    ("2007, 2024", "two thousand seven, twenty twenty four"),
    ("On March 3 it rained", "On March third it rained"),
    ("4 July 1776", "the fourth of July seventeen seventy six"),
    ("the 5 May", "the fifth of May"),
    ("Jan. 5, 2020", "January fifth, twenty twenty"),
    ("May 3rd, 1999", "May third, nineteen ninety nine"),
    ("the 1920s and '90s", "the nineteen twenties and nineties"),
    ("mid-1920s", "mid nineteen twenties"),
    ("1914-1918", "nineteen fourteen to nineteen eighteen"),
    ("2019's best", "twenty nineteen's best"),
]  # fmt: skip
TIMES = [
    ("at 7:05 a.m. sharp", "at seven oh five AM sharp"),
    ("12:00", "twelve o'clock"),
    ("19:30", "nineteen thirty"),
    ("7pm and 6:15pm", "seven PM and six fifteen PM"),
    ("3:00 p.m. today", "three PM today"),
    ("5-7pm", "five to seven PM"),
    ("10:30-11:45", "ten thirty to eleven forty five"),
    ("12:05:30", "twelve oh five and thirty seconds"),
]
ABBREVIATIONS = [
    ("Dr. Smith met Mr. and Mrs. Jones.", "doctor Smith met mister and Mrs Jones."),
    ("Mr Smith", "mister Smith"),
    ("Baker St. in St. Louis", "Baker street in saint Louis"),
    ("on Elm St. She likes it", "on Elm street. | She likes it"),
    ("e.g. this, i.e. that, etc. and", "for example this, that is that, et cetera and"),
    ("No. 5 is alive. No. She left.", "number five is alive. | No. | She left."),
    ("No. I left.", "No. | I left."),
    ("see p. 5, Vol. II", "see page five, volume two"),
    ("J. R. R. Tolkien and J.K. Rowling", "J R R Tolkien and JK Rowling"),
    ("the U.S. Army", "the US Army"),
    ("They left the U.S. She stayed.", "They left the US. | She stayed."),
    ("Capt. Ahab, Lt. Col. Jones", "captain Ahab, lieutenant colonel Jones"),
    ("5 km, 10kg, 1 mile, 1 km", "five kilometers, ten kilograms, one mile, one kilometer"),
    ("5 ft. 3 in. tall", "five feet three inches tall"),
    ("20°C and 50%", "twenty degrees celsius and fifty percent"),
]
ROMAN = [
    ("Henry VIII and Louis XIV", "Henry the eighth and Louis the fourteenth"),
    ("World War II", "World War two"),
    ("Chapter IV", "Chapter four"),
    ("Pope John Paul II died", "Pope John Paul the second died"),
    ("King Charles I of England", "King Charles the first of England"),
    ("Charles I know", "Charles I know"),
    ("I was there", "I was there"),
    ("Malcolm X said", "Malcolm X said"),
]
SIGNS = [
    ("A & B, 2 + 2 = 4", "A and B, two plus two equals four"),
    ("#1 @home", "number one at home"),
    ("www.example.com", "www dot example dot com"),
    ("me@example.com", "me at example dot com"),
    ("*Stop* _now_", "Stop now"),
    ("rock 'n' roll, 'tis", "rock 'n roll, 'tis"),
    ("and/or", "and or"),
    ("Hello 😀 world 你好", "Hello world"),
    ("lighthouse—dark and cold", "lighthouse— dark and cold"),
    ("she said — no", "she said— no"),
    ("“Wait...” (He left.)", "“Wait…” | (He left.)"),
    ("“Go?” he said.", "“Go?” he said."),
    ("Yes! No? Well…", "Yes! | No? | Well…"),
]


@pytest.mark.parametrize(
    ("text", "spoken"), [*NUMBERS, *MONEY, *DATES, *TIMES, *ABBREVIATIONS, *ROMAN, *SIGNS], ids=lambda value: value[:24]
)
def test_written_and_said(text: str, spoken: str) -> None:
    assert said(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("105", "one hundred and five"),
        ("1,234", "one thousand two hundred and thirty four"),
        ("the 101st", "the one hundred and first"),
        ("1805", "eighteen oh five"),
    ],
)
def test_british_numbers_have_an_and(text: str, spoken: str) -> None:
    assert said(text, british=True) == spoken


@pytest.mark.parametrize("text", ["U.S.", "UK", "J. K. Rowling", "7 a.m."])
def test_initials_are_spelled(text: str) -> None:
    assert any(word.spelled for sentence in sentences_of(text) for word in sentence.words)


def test_a_blank_line_ends_a_paragraph_and_a_line_break_does_not() -> None:
    sentences = sentences_of("The lamp\nburned. It rained.\n\nThen it stopped")
    assert [len(sentence.words) for sentence in sentences] == [3, 2, 3]
    assert [sentence.ends_paragraph for sentence in sentences] == [False, True, True]


def test_every_spoken_word_names_the_token_it_came_from() -> None:
    text = "It cost $3.50 — in 1847."
    tokens = text.split()
    by_token: dict[str, list[str]] = {}
    for word in sentences_of(text)[0].words:
        by_token.setdefault(tokens[word.token], []).append(word.word)
    assert by_token == {
        "It": ["It"],
        "cost": ["cost"],
        "$3.50": ["three", "dollars", "and", "fifty", "cents"],
        "in": ["in"],
        "1847.": ["eighteen", "forty", "seven"],
    }


@given(st.text(max_size=80) | st.text(alphabet=" \n.,'-–—…\"()$£%#/:0123456789aIVXs½°", max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing that can be typed makes it fail, and tokens come in order."""
    places = [word.token for sentence in sentences_of(text) for word in sentence.words]
    assert places == sorted(places)
    assert all(place < len(text.split()) for place in places)
    assert all(word.word.strip() == word.word != "" for sentence in sentences_of(text) for word in sentence.words)


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_cardinals_name_every_part_once(number: int) -> None:
    """Read back by its words' values, a number is itself."""
    units = {word: value for value in range(100) for word in [" ".join(cardinal_words(value))] if " " not in word}
    scales = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15}
    total = part = 0
    for word in cardinal_words(abs(number)):
        if word == "hundred":
            part *= 100
        elif word in scales:
            total, part = total + part * scales[word], 0
        else:
            part += units[word]
    assert total + part == abs(number)
    assert cardinal_words(number)[0] == "minus" or number >= 0


def test_ordinals_and_years() -> None:
    assert ordinal_words(42) == ["forty", "second"]
    assert ordinal_words(30) == ["thirtieth"]
    assert year_words(1066) == ["ten", "sixty", "six"]
    assert year_words(2010) == ["twenty", "ten"]


def test_roman_numerals_are_well_formed_or_none() -> None:
    assert [roman_value(text) for text in ("I", "IV", "XIX", "XLVIII", "LXXXIX")] == [1, 4, 19, 48, 89]
    assert [roman_value(text) for text in ("", "IIII", "VX", "IC", "iv", "MIX")] == [None] * 6
