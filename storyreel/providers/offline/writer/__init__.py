"""A writer that needs no key and no network: a plot grammar of hand-written passages, steered by the title.

It writes English. The same facts and seed always give the same words. How it works, in the order of the modules:
`titles` reads the title, `bible` settles plot, setting, cast and object, `pitch` tells the story in outline, `film`
lays out and writes the chapters, `scenes` turns passages of any text into pictures and `pictures` those of a recording,
`prose` reads any text as a script, `script` writes a short one; `library` and `grammar` serve all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from storyreel.errors import ProviderRefused
from storyreel.providers.contracts import Reply, WritingRequest
from storyreel.providers.offline.writer.bible import adopted, bible
from storyreel.providers.offline.writer.film import ChapterText, film
from storyreel.providers.offline.writer.pictures import pictures
from storyreel.providers.offline.writer.pitch import pitch
from storyreel.providers.offline.writer.prose import script_of
from storyreel.providers.offline.writer.scenes import scenes
from storyreel.providers.offline.writer.script import script

__all__ = ["OfflineWriter"]


def _unheard(words: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class OfflineWriter:
    """Writes stories, chapters and scene lists by rules; a `Writer`."""

    @property
    def identity(self) -> str:
        """Raised whenever the same request would give other words."""
        return "offline/plot-grammar@5"

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = _unheard) -> Reply:
        """Answer a request from its facts; see `storyreel.story.prompts` and `script_prompts` for what they hold.

        Raises:
            ProviderRefused: another language than English, or a task it does not know.
        """
        if request.task not in _TASKS:
            raise ProviderRefused(
                "offline",
                f"the offline writer cannot do {request.task!r}, only {', '.join(_TASKS)}: choose another writer",
            )
        if request.task not in ("scenes", "pictures", "wording") and request.language.split("-")[0] != "en":
            raise ProviderRefused(
                "offline",
                f"the offline writer writes English, not {request.language!r}: "
                "set the language to 'en' or choose another writer",
            )
        answer = request.reply.model_validate(_TASKS[request.task](request.facts, request.seed))
        on_words(len(" ".join(_strings(answer.model_dump())).split()))
        return answer


def _story(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    return pitch(bible(str(facts["title"]), seed, _genres(facts)))


def _chapter(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    story = facts["story"]
    cast = tuple((person["name"], person["role"], person["look"]) for person in story["cast"])
    chapters = max(int(facts["chapters"]), int(facts["number"]))
    told = _film(
        str(story["title"]), seed, cast, chapters, int(facts["words"]), int(facts.get("take", 0)), _genres(story)
    )
    chapter = told[int(facts["number"]) - 1]
    return {
        "title": _beat_title(story, int(facts["number"]), chapters) or chapter.title,
        "text": chapter.text,
        "summary": chapter.summary,
    }


def _genres(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of the template, where there is one."""
    return tuple((asked.get("template") or {}).get("genres", ()))


def _beat_title(story: Mapping[str, Any], number: int, chapters: int) -> str:
    """What the template calls this part of its arc; "" where there is none, or more chapters than it has names for."""
    arc = (story.get("template") or {}).get("arc", ())
    return str(arc[(number - 1) * len(arc) // chapters]["name"]) if 1 < chapters <= len(arc) else ""


def _breakdown(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    return script_of(facts)


def _scenes(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    return {"scenes": scenes(facts, seed)}


def _wording(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    return {"scenes": facts["drafts"]}


def _pictures(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    return {"scenes": pictures(facts, seed)}


_TASKS: Mapping[str, Callable[[Mapping[str, Any], int], dict[str, Any]]] = {
    "story": _story,
    "chapter": _chapter,
    "scenes": _scenes,
    "script": script,
    "breakdown": _breakdown,
    "pictures": _pictures,
    "wording": _wording,
}


@lru_cache(maxsize=4)
def _film(
    title: str,
    seed: int,
    cast: tuple[tuple[str, str, str], ...],
    chapters: int,
    words: int,
    take: int,
    genres: tuple[str, ...],
) -> tuple[ChapterText, ...]:
    """The whole film, remembered because its chapters are asked for one after another."""
    people = [dict(zip(("name", "role", "look"), person, strict=True)) for person in cast]
    return film(adopted(bible(title, seed, genres), {"cast": people}), chapters, words, take)


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _strings(part)]
    return []
