"""What every language model has in common as a `Writer`: a schema, a bible, one repair, and a guess at the price."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from storyreel.errors import BadAnswer
from storyreel.memo.paying import paying
from storyreel.providers.contracts import Reply, WritingRequest
from storyreel.providers.prices import Usage

CHARACTERS_A_TOKEN = 3.5
TOKENS_A_WORD = 1.6
TOKENS_A_SCENE = 320
TOKENS_A_STORY = 2600
THINKING_TOKENS = 1500
WORDING = Usage(input_tokens=1300, output_tokens=TOKENS_A_SCENE + 500)
"""About what a picture that the rules have laid out takes to be worded."""
MOST_PROBLEMS_TOLD = 12

_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
# A JSON string that grows: what follows the opening quote of the field, up to its end or to where the text stops.
_PROSE = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)')


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation: "user" asks, "assistant" answers."""

    role: str
    text: str


def write(
    request: WritingRequest[Reply], ask: Callable[[Sequence[Turn]], str], vendor: str, *, repairs: int = 1
) -> Reply:
    """Have a request answered as the model it wants, with a chance to mend an answer that does not fit.

    Args:
        ask: sends a conversation and returns the answer's text.
        vendor: whose it is, by name.

    Raises:
        BadAnswer: the mended answer does not fit either; it is forgotten, so that running again asks anew.
        ProviderError: as `ask`.
    """
    turns = [Turn("user", request.instructions)]
    for repair in range(repairs + 1):
        text = ask(turns)
        try:
            return request.reply.model_validate_json(json_in(text), strict=False)
        except ValidationError as error:
            problems = _problems(error)
        if repair < repairs:
            turns += [Turn("assistant", text), Turn("user", _repair(problems))]
    _forget_answers(repairs + 1)
    raise BadAnswer(
        vendor,
        f"the {request.task} that came back is not of the form asked for, mended or not ({problems[0]}): "
        "run again to ask anew, or choose another model",
    )


def _repair(problems: Sequence[str]) -> str:
    listed = "\n".join(f"- {problem}" for problem in problems)
    return (
        f"That answer cannot be read:\n{listed}\n\nGive the whole answer again with these points put right and "
        "all else unchanged: one JSON object of the form asked for, and nothing before or after it."
    )


def _problems(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_input=False)
    return [
        f"{'.'.join(str(part) for part in problem['loc']) or 'the whole'}: {problem['msg']}"
        for problem in found[:MOST_PROBLEMS_TOLD]
    ]


def _forget_answers(count: int) -> None:
    place = paying()
    if place is not None:
        for receipt in place.receipts[-count:]:
            place.ledger.disown(receipt.call)


def json_in(text: str) -> str:
    """The JSON object in an answer that may have a fence or some prose around it."""
    fenced = _FENCE.search(text)
    if fenced:
        text = fenced.group(1)
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def words_so_far(text: str) -> int:
    """How many words of prose a JSON answer holds that is still being written."""
    prose = _PROSE.search(text)
    return len(prose.group(1).replace("\\n", " ").split()) if prose else 0


def schema_of(reply: type[BaseModel], *, bounds: bool) -> dict[str, Any]:
    """The JSON schema of an answer, as services with structured output want it.

    Every object is closed and all its fields required; a tuple of one kind is a list. What a service would refuse goes.

    Args:
        bounds: keep minimum, maximum, lengths and numbers of items; without, they are told in the description.
    """
    schema = reply.model_json_schema()
    closed: dict[str, Any] = _closed(schema, bounds)
    return closed


_NUMBERS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_NEVER = ("default", "title", "exclusiveMinimum", "exclusiveMaximum", "pattern", "prefixItems")


def _closed(node: Any, bounds: bool) -> Any:
    if isinstance(node, list):
        return [_closed(part, bounds) for part in node]
    if not isinstance(node, Mapping):
        return node
    kept = {name: value for name, value in node.items() if name not in _NEVER}
    for name in ("properties", "$defs"):
        if name in kept:
            kept[name] = {key: _closed(value, bounds) for key, value in kept[name].items()}
    for name in ("items", "anyOf", "allOf"):
        if name in kept:
            kept[name] = _closed(kept[name], bounds)
    if "prefixItems" in node:
        kinds = node["prefixItems"]
        if any(kind != kinds[0] for kind in kinds):
            raise TypeError("a tuple of several kinds has no schema that every service takes: use a model with fields")
        kept["items"] = _closed(kinds[0], bounds)
    if kept.get("type") == "object":
        kept["additionalProperties"] = False
        kept["required"] = list(kept.get("properties", {}))
    told = {name: kept[name] for name in _NUMBERS if name in kept}
    if told and not bounds:
        for name in told:
            del kept[name]
        limits = ", ".join(f"{name} {value}" for name, value in told.items())
        kept["description"] = f"{kept.get('description', '')} ({limits})".strip()
    return kept


def bible_of(request: WritingRequest[Reply]) -> str:
    """What must stay the same through the whole story, word for word in every call; "" before there is a story.

    It goes first, as the system prompt, so that services can keep it in their prompt cache.
    """
    story = request.facts.get("story")
    if not isinstance(story, Mapping):
        return ""
    people = "\n".join(f"- {person['name']}, {person['role']}: {person['look']}" for person in story["cast"])
    places = "\n".join(f"- {place['name']}: {place['look']}" for place in story["places"])
    return (
        f'The bible of the film "{story["title"]}". It holds for everything you write; nothing may contradict it.\n\n'
        f"Hook: {story['hook']}\n\nPremise: {story['premise']}\n\nTone: {story['tone']}\nPacing: {story['pacing']}\n\n"
        f"Cast:\n{people}\n\nPlaces:\n{places}\n\nPalette: {', '.join(story['palette'])}\n"
        f"Style of the pictures: {request.facts.get('style', '')}"
    )


def expected_usage(request: WritingRequest[Reply], turns: Sequence[Turn], bible: str) -> Usage:
    """About what a request will use, on the high side."""
    read = sum(len(turn.text) for turn in turns) + len(bible)
    read += len(json.dumps(schema_of(request.reply, bounds=True)))
    return Usage(input_tokens=round(read / CHARACTERS_A_TOKEN), output_tokens=expected_output_tokens(request.facts))


def expected_output_tokens(facts: Mapping[str, Any]) -> int:
    """About how many tokens an answer has, on the high side, by what is asked for; see `storyreel.story.prompts`."""
    if "passages" in facts:
        return THINKING_TOKENS + TOKENS_A_SCENE * len(facts["passages"])
    if "number" in facts and "words" in facts:
        return THINKING_TOKENS + round(TOKENS_A_WORD * int(facts["words"])) + 250
    return THINKING_TOKENS + TOKENS_A_STORY
