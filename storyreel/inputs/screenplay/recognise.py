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
_LEAST_SPEECHES = 3

# "**ANNA.** Who is there?", "**Anna** (*low*): Who is there?": a play as Markdown sets it.
_SPEECH = re.compile(
    r"(?:\*\*|__)(?P<who>[^*_\n]{1,40}?)[.:]?(?:\*\*|__)[.:]?\s*"
    r"(?:[(\[*_]+(?P<manner>[^)\]*_\n]+)[)\]*_]+[.:]?)?\s+(?P<text>[^\s*].*)",
    re.DOTALL,
)
_DIRECTION = re.compile(r"([*_]{1,2}|[(\[])[*_]*(?P<text>.*?)[*_]*(?:\1|[)\]])", re.DOTALL)
_PART = re.compile(r"#{1,6}[ \t]+(?P<title>.*?)[ \t]*#*")
_SCENE = re.compile(r"(?:scene|sc\.)\s*[\w]*\s*[.:,—–-]*\s*(?P<place>.*)", re.IGNORECASE)


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
    if play := _play(text):
        return play
    text = _MARKDOWN_HEADING.sub(heading, text)
    # "**ANNA**" and "**INT. HOUSE - DAY**" are how Markdown sets names and headings off.
    text = re.sub(r"^[ \t]*(\*\*|__)([^*_\n]+)\1[ \t]*$", r"\2", text, flags=re.MULTILINE)
    if kind_of(text) == "fountain":
        return text
    return _MARKDOWN_BULLET.sub("", text)


def _play(text: str) -> str:
    """A play in Markdown as Fountain; "" for anything else.

    Headings of scenes become forced scene headings, the first other heading the title, what stands alone in italics or
    brackets an action.
    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    spoken = sum(_SPEECH.fullmatch(block) is not None for block in blocks)
    if spoken < _LEAST_SPEECHES or spoken < 0.4 * sum(_PART.fullmatch(block) is None for block in blocks):
        return ""
    made: list[str] = []
    for number, block in enumerate(blocks):
        if part := _PART.fullmatch(block):
            title = part["title"].strip("*_ ")
            scene = _SCENE.fullmatch(title)
            if scene:
                made.append(f".{(scene['place'] or title).rstrip('.').upper()}")
            else:
                made.append(f"Title: {title}" if number == 0 else f"# {title}")
        elif speech := _SPEECH.fullmatch(block):
            manner = f"({speech['manner'].strip()})\n" if speech["manner"] else ""
            made.append(f"@{speech['who'].strip()}\n{manner}{' '.join(speech['text'].split())}")
        else:
            direction = _DIRECTION.fullmatch(block)
            made.append(direction["text"].strip() if direction else block)
    return "\n\n".join(made) + "\n"
