"""The few facts that an explaining film states, from a small store that we wrote ourselves.

What an explaining film ("How bread is made", "The Moon") claims about the real world is what stands in `facts.txt`,
word for word, and nothing else: plain, old, certain things that one can check with one's own eyes or in any schoolbook,
with hardly a figure and with no dates, names or news. Where the store has nothing on a subject the film claims nothing:
it asks, looks, and says how one could find out. The people and the town in it are invented, as in any story, and so is
what they say of themselves; they are given no knowledge of the subject that the store does not have.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache

from storyreel.providers.offline.writer.library import read_sections, word_list

# How many facts a film can tell, each in a slot of its own: {fact1} to {fact4}.
FACTS = 4
_SMALL = frozenset(word_list("asking"))
# What stands in the place of facts where we have none: it is about looking, and true whatever is looked at.
_OF_LOOKING = (
    "One can look at a thing for a long time before one has seen it.",
    "Whoever works at a thing with both hands knows more of it than whoever has read of it.",
    "Two people who saw the same thing will tell it in two ways.",
    "A figure without a source is only a noise.",
    "What can be tried should be tried, and what can be counted should be counted.",
    "It is no disgrace not to know, and a great pity not to ask.",
)
_CLAIMS = (
    "All that this film says about it is plain, and can be checked",
    "About the thing itself this film claims nothing at all",
)


@cache
def store() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Subject -> (words of a title that mean it, facts)."""
    return {
        section.name: (tuple(section.arguments.replace("asked", "").split()), section.lines)
        for section in read_sections("facts.txt")
    }


@cache
def only_when_asked() -> frozenset[str]:
    """Subjects that a title explains only where it says so: "Rain" alone is a story, "Why it rains" is not."""
    return frozenset(section.name for section in read_sections("facts.txt") if "asked" in section.arguments.split())


def matter_of(title: str, *, asks: bool) -> str:
    """The subject of the store that a title is about, "" where there is none.

    A title that asks is about the one subject it names ("Why leaves turn red"); any other is so only when it holds
    nothing else ("The Moon", but not "The Wolf and the Moon").
    """
    words = [word for word in re.findall(r"[\w-]+", title.lower()) if word not in _SMALL]
    found = {_subject_of(word) for word in words}
    if asks:
        found.discard("")
    return found.pop() if len(found) == 1 else ""


def plain_facts(subject: str, rng: random.Random) -> dict[str, str]:
    """What {fact1} to {fact4} and {claim} stand for; facts of one subject keep their order."""
    told = store()[subject][1] if subject else _OF_LOOKING
    picked = sorted(rng.sample(range(len(told)), FACTS))
    facts = {f"fact{number}": told[index] for number, index in enumerate(picked, start=1)}
    return {**facts, "claim": _CLAIMS[not subject]}


def _subject_of(word: str) -> str:
    return next((subject for subject, (words, _) in store().items() if word in words), "")
