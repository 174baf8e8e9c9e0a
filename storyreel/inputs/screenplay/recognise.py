"""Whether a text is a screenplay or prose, and screenplays written by other habits put into Fountain's. Pure."""

from __future__ import annotations

import re
from typing import Literal

from storyreel.inputs.screenplay.elements import Screenplay
from storyreel.inputs.screenplay.fountain import is_scene_heading, parse_fountain

ScriptKind = Literal["fountain", "prose"]

_MARKDOWN_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_MARKDOWN_BULLET = re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t]+(?=\S)", re.MULTILINE)
_MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKDOWN_RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_LEAST_CUES = 2


def kind_of(text: str) -> ScriptKind:
    """Tell a screenplay from prose: it has a scene heading, or at least two cues with their dialogue.

    In prose a heading in capitals followed by a line of text looks like a cue once or twice in a book, so cues alone
    count only where they are a fair part of the paragraphs.
    """
    return "fountain" if _is_screenplay(parse_fountain(text)) else "prose"


def _is_screenplay(screenplay: Screenplay) -> bool:
    kinds = [element.kind for element in screenplay.elements]
    if "scene_heading" in kinds:
        return True
    cues = kinds.count("character")
    blocks = kinds.count("action") + cues
    return cues >= _LEAST_CUES and cues >= 0.2 * blocks


def unmarked(text: str) -> str:
    """Markdown without its marks; a screenplay in Markdown comes out as Fountain, headings of scenes among it."""

    def heading(match: re.Match[str]) -> str:
        title = match.group(1).strip().strip("*_")
        return f"\n{title}\n" if is_scene_heading(title) else match.group()

    text = _FENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _MARKDOWN_RULE.sub("", _MARKDOWN_LINK.sub(r"\1", text))
    text = _MARKDOWN_HEADING.sub(heading, text)
    # "**ANNA**" and "**INT. HOUSE - DAY**" are how Markdown sets names and headings off.
    text = re.sub(r"^[ \t]*(\*\*|__)([^*_\n]+)\1[ \t]*$", r"\2", text, flags=re.MULTILINE)
    if kind_of(text) == "fountain":
        return text
    return _MARKDOWN_BULLET.sub("", text)
