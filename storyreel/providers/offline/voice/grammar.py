"""Guessing the part of speech of a word whose sound depends on it: read, live, wind, close, use, record. Pure.

A few closed word lists and the words beside are enough: only the words that the lexicon marks as ambiguous are asked
about, and each has two or three readings.
"""

from __future__ import annotations

from collections.abc import Sequence


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_DETERMINERS = _words(
    "the a an this that these those my your his her its our their no any some each every another either neither what "
    "which whose first last next only same old new little great few many several both all more most less of"
)
_POSSESSIVES = _words("my your his her its our their whose")
_SUBJECTS = _words("i you we they who")
_SINGULAR_SUBJECTS = _words("he she it who that one everyone someone nobody everybody")
_TO_VERB = _words(
    "to will would shall should can could may might must do does did don't doesn't didn't won't wouldn't can't cannot "
    "couldn't shouldn't let's let not never please i'll you'll he'll she'll we'll they'll it'll i'd you'd we'd they'd "
    "help make makes made"
)
_HAVE = _words("have has had having i've you've we've they've he's she's it's hadn't haven't hasn't")
_BE = _words("is are was were be been being am isn't aren't wasn't weren't get gets got")
_PREPOSITIONS = _words(
    "of in on at by with from for into through under over against without about after before near like between "
    "across along behind beyond upon within toward towards"
)
_ADVERBS = _words(
    "always never often seldom still just once already ever only even soon then also quickly slowly gently finally"
)
_PAST_SIGNS = _words(
    "was were had did said went came saw took gave knew thought found told felt became left stood sat ran kept began "
    "heard held brought wrote lay fell rose grew yesterday ago once opened"
)
_PARTICLES = _words("up down out off back in away")
_COPULAS = _words(
    "is are was were be been being am seems seemed looks looked feels felt grew came stood stay "
    "stayed so too very as how quite"
)  # fmt: skip

_LEAD_METAL = _words("pipe pipes paint weight weights bullet bullets glass roof roofs poisoning sheet shot ore box")
_AT_SEA = _words(
    "ship ships boat boats ferry vessel deck stern sea seas wave waves harbor harbour anchor mast sail sails hull "
    "rudder oars captain starboard port lifeboat canoe yacht schooner spray"
)
_TINY_THINGS = _words(
    "detail details crack cracks trace traces amount amounts particle particles grain grains scratches"
)
_LIVE_THINGS = _words(
    "music show shows broadcast wire wires audience television tv performance stream streams band coals bait "
    "ammunition fire rounds recording event events concert"
)


def _is_past(word: str) -> bool:
    return word in _PAST_SIGNS or (len(word) > 4 and word.endswith("ed"))


def _opens_object(word: str) -> bool:
    """Whether a word after a verb shows that it has an object or a particle: "close the door", "wind it up"."""
    return word in _DETERMINERS or word in {"it", "them", "him", "me", "us", "you"} or word in _PARTICLES


def _before(words: Sequence[str], index: int) -> str:
    """The word before, past an adverb that says nothing about the part of speech."""
    while index > 0 and (words[index - 1] in _ADVERBS or words[index - 1].endswith("ly")):
        index -= 1
    return words[index - 1] if index else ""


def is_metal(words: Sequence[str], index: int) -> bool:
    """Whether "lead" is the metal: a lead pipe, made of lead, heavy as lead."""
    following = words[index + 1] if index + 1 < len(words) else ""
    before = words[index - 1] if index else ""
    two_before = words[index - 2] if index > 1 else ""
    if following in _LEAD_METAL or (before == "like" and two_before in {"heavy", "heart", "legs", "sank", "felt"}):
        return True
    if before in {"of", "molten", "grey", "gray", "with"} and following not in {"the"}:
        return two_before not in {"sort", "kind"}
    return before == "as" and two_before in {"heavy", "dull", "grey", "gray"}


def is_prow_or_bend(words: Sequence[str], index: int) -> bool:
    """Whether the noun "bow" is a ship's or a bend of the body, not the archer's or the fiddler's."""
    before = words[index - 1] if index else ""
    two_before = words[index - 2] if index > 1 else ""
    if before in {"low", "deep", "slight", "stiff", "formal", "little"}:
        return True
    if before in {"a", "his", "her"} and two_before in {"with", "took", "take", "takes", "made", "gave"}:
        return "arrow" not in words and "arrows" not in words
    return not _AT_SEA.isdisjoint(words)


def part_of_speech(words: Sequence[str], index: int) -> str:
    """Guess how a word is used.

    Args:
        words: the sentence's words in lower case, with "" where there is a pause.
        index: which one.

    Returns:
        "NOUN", "VERB", "ADJ", "VBD" (past), "VBN" (participle) or "" for no opinion.
    """
    word = words[index]
    before, following = _before(words, index), words[index + 1] if index + 1 < len(words) else ""
    plural = word.endswith("s") and not word.endswith("ss")
    if word in {"read", "reread", "wound"}:
        return _past_or_present(words, index, before, following)
    if before in _TO_VERB and not plural:
        return "VERB"
    if before in _HAVE or (before in _BE and word.endswith("ed")):
        return "VBN"
    if word in {"live", "lives"}:
        return _living(words, index, before, following)
    if word == "close":
        return "VERB" if _is_doing(before, following) and following not in {"to", "by", "enough"} else "ADJ"
    if before in _COPULAS and not plural:
        return "NOUN" if word == "use" else "ADJ"
    if before in _SUBJECTS and not plural:
        return "VERB"
    if before in _SINGULAR_SUBJECTS and plural and before != "that":
        return "VERB"
    if before in _DETERMINERS or before in _PREPOSITIONS or before.endswith("'s"):
        tiny = word == "minute" and following in _TINY_THINGS
        bass = word == "bass" and following and not _ends_phrase(following)
        return "ADJ" if tiny or bass else "NOUN"
    if index == 0 and _opens_object(following) and following != "of":
        return "VERB"
    if before in {"and", "or", "but", "then"} and _opens_object(following) and following != "of" and not plural:
        return "VERB"
    return ""


def _is_doing(before: str, following: str) -> bool:
    return (
        before in _TO_VERB
        or before in _SUBJECTS
        or (before in {"", "and", "or", "then"} and _opens_object(following))
        or (following in {"the", "his", "her", "their", "my", "your", "our"} and before not in _COPULAS)
    )


def _ends_phrase(word: str) -> bool:
    return word in _PREPOSITIONS or word in _BE or word in _HAVE or word in {"and", "or", "but", "that", "who", "to"}


def _living(words: Sequence[str], index: int, before: str, following: str) -> str:
    if words[index] == "lives":
        if before in _DETERMINERS or before in {
            "nine",
            "two",
            "three",
            "and",
            "human",
            "past",
            "daily",
            "save",
            "saved",
        }:
            return "NOUN"
        return "NOUN" if before in _PREPOSITIONS or before.endswith("'s") else "VERB"
    if following in _LIVE_THINGS or before in {"broadcast", "aired", "performed", "sang", "recorded", "streamed"}:
        return "ADJ"
    return (
        "ADJ" if before in _POSSESSIVES | {"a", "the"} | _BE and following not in {"in", "on", "by", "with"} else "VERB"
    )


def _past_or_present(words: Sequence[str], index: int, before: str, following: str) -> str:
    word = words[index]
    if word == "wound":
        if before in _HAVE or before in _SINGULAR_SUBJECTS | _SUBJECTS | _BE:
            return "VBD"
        path_follows = following in {
            "its",
            "through",
            "up",
            "around",
            "down",
            "along",
            "between",
            "past",
            "across",
            "his",
        }
        return "VBD" if path_follows and before not in {"the", "a", "his", "her"} else "NOUN"
    if before in _HAVE or before in _BE:
        return "VBN"
    if before in _TO_VERB:
        return "VERB"
    if before in _SINGULAR_SUBJECTS:
        return "VBD"
    others = [*words[:index], *words[index + 1 :]]
    past = any(_is_past(other) for other in others)
    if before in _SUBJECTS or before in {"and", "then", "but"}:
        return "VBD" if past else "VERB"
    if before in {"a", "the", "good", "quick"}:
        return "NOUN"
    if not before:
        return "VBN" if following == "by" else "VERB"
    return "VBD"
