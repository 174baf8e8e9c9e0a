"""Hand-written passages become sentences: slots are filled, variants chosen, articles and capitals put right.

A passage may hold `{slot}` and `[one|another]`. A slot that begins a sentence is given its capital; "a" or "an" is
chosen by the word that follows; straight quotation marks become typographic ones.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?…][\"”]?\s+|(?:^|\s)[\"“])$")
_AFTER_SPOKEN_QUESTION = re.compile(r"[!?][\"”]\s+$")
_SPEECH_VERB = re.compile(r"\s+(?:asked|said|cried|called|shouted|whispered|thought|told|wanted|answered)\b")
_ARTICLE = re.compile(r"\b([Aa])n?\s+([“\"']?)([\w'-]+)")
_VOWEL_SOUND = re.compile(
    r"a|i|e(?!u|we)|o(?!ne\b|nce\b)|u(?!ni(?![mn])|se|su|ti|to|ku|kr|ra)|hour|honest|honou?r|heir|8|11\b|18\b",
    re.IGNORECASE,
)
_SPELT_WITH_VOWEL_SOUND = re.compile(r"[AEFHILMNORSX](?:[A-Z0-9-]+|$)")
_OPENING_QUOTE = re.compile(r"(^|[\s(—–])\"")


def chosen(template: str, rng: random.Random) -> str:
    """Replace each `[one|another]` by one of its variants."""
    return _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), template)


def expanded(template: str, slots: Mapping[str, str], rng: random.Random) -> str:
    """Turn a passage into clean text.

    Args:
        template: the passage, one paragraph.
        slots: what each slot stands for; a value may hold slots itself.
        rng: chooses among variants.

    Raises:
        KeyError: the passage names a slot that is not filled.
    """
    text = chosen(template, rng)
    for _ in range(3):
        if "{" not in text:
            break
        text = _filled(text, slots)
    return with_typographic_quotes(with_articles(" ".join(text.split())))


def with_articles(text: str) -> str:
    """Choose between "a" and "an" by the sound that follows."""
    return _ARTICLE.sub(_article, text)


def takes_an(word: str) -> bool:
    """Whether a word begins with a vowel's sound."""
    return bool(_SPELT_WITH_VOWEL_SOUND.fullmatch(word) or _VOWEL_SOUND.match(word))


def with_typographic_quotes(text: str) -> str:
    """Curl straight quotation marks and apostrophes."""
    text = _OPENING_QUOTE.sub("\\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s“(])'", "\\1‘", text).replace("'", "’")


def capitalised(text: str) -> str:
    """The text with its first letter a capital, whatever stands before it."""
    match = re.search(r"\w", text)
    return text if match is None else text[: match.start()] + match.group().upper() + text[match.end() :]


def _filled(template: str, slots: Mapping[str, str]) -> str:
    done = ""
    position = 0
    for match in _SLOT.finditer(template):
        done += template[position : match.start()]
        value = slots[match.group(1)]
        asks_who_spoke = _AFTER_SPOKEN_QUESTION.search(done) and _SPEECH_VERB.match(template, match.end())
        done += capitalised(value) if _STARTS_SENTENCE.search(done) and not asks_who_spoke else value
        position = match.end()
    return done + template[position:]


def _article(match: re.Match[str]) -> str:
    letter, quote, word = match.groups()
    return f"{letter}n {quote}{word}" if takes_an(word) else f"{letter} {quote}{word}"
