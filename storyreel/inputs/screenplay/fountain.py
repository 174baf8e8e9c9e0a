"""Fountain, the plain-text screenplay syntax (https://fountain.io/syntax), read into elements. Pure.

Where the published syntax leaves room, or people's files stray from it:

- A scene heading needs an empty line before it; the one after it may be missing.
- A comment that fills whole lines goes with its lines, so it parts neither a character from the dialogue nor a
  paragraph from its rest. A note is taken out of the text around it and follows as an element of its own.
- A title page is one only if every line of the first paragraph is "Key: value" or an indented continuation, and no
  key is a scene heading or a transition ("FADE IN:").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from storyreel.inputs.screenplay.elements import Element, Screenplay

_COMMENT = re.compile(r"(?P<before>^[ \t]*)?/\*.*?\*/(?P<after>[ \t]*\n)?", re.MULTILINE | re.DOTALL)
_COMMENTED = re.compile(r".*\*/(?:[ \t]*\n)?", re.DOTALL)
# A truly empty line ends a note that was never closed; one that holds two spaces does not.
# A note holds no other: else a text of nothing but "[[" would be read through once for each of them.
_NOTE = re.compile(r"\[\[((?:(?!\]\]|\[\[|\n\n).)*)\]\]", re.DOTALL)
_MARK = re.compile("\ue000(\\d+)\ue001")
_HEADING = re.compile(r"(?:INT\.?/EXT|EXT\.?/INT|INT|EXT|EST|I/E|E/I)(?:\.|\s)", re.IGNORECASE)
_SCENE_NUMBER = re.compile(r"\s*#([\w.-]+)#\s*$")
_NAME = re.compile(r"(?P<name>[^()^]+?)\s*(?P<extensions>(?:\([^()]*\)\s*)*)(?P<dual>\^)?\s*")
_KEY = re.compile(r"(?P<key>[^\s:][^:\n]{0,40}):(?P<value>.*)")
_SECTION = re.compile(r"(#{1,6})\s*(.*)")


def parse_fountain(text: str) -> Screenplay:
    """Read a text as Fountain; every text is some screenplay, if only one of action."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    # Behind the last end, no beginning is worth looking for one: of many, each would look through all the rest.
    commented = last.end() if (last := _COMMENTED.match(text)) else 0
    text = _COMMENT.sub(_around_comment, text[:commented]) + text[commented:]
    title_page, text = _title_page(text)
    notes: list[str] = []

    def marked(match: re.Match[str]) -> str:
        notes.append("\n".join(line.strip() for line in match.group(1).strip().split("\n")))
        return f"\ue000{len(notes) - 1}\ue001"

    reader = _Reader(_NOTE.sub(marked, text).split("\n"), notes)
    return Screenplay(title_page=title_page, elements=tuple(reader.read()))


def _around_comment(comment: re.Match[str]) -> str:
    """What stays of a comment's line: nothing where it had nothing else."""
    before, after = comment["before"], comment["after"]
    return "" if before is not None and after is not None else (before or "") + (after or "")


def is_scene_heading(line: str) -> bool:
    """Whether a line begins as a scene heading does: INT, EXT, EST, INT./EXT, INT/EXT or I/E, then a dot or space."""
    return bool(_HEADING.match(line.strip()))


def is_transition(line: str) -> bool:
    """Whether a line is in capitals and ends in "TO:"."""
    return line.strip().endswith("TO:") and _in_capitals(line)


def _in_capitals(text: str) -> bool:
    return text == text.upper() and any(letter.isupper() for letter in text)


def _title_page(text: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The title page's fields, and the text after it."""
    body = text.lstrip("\n")
    block, _, rest = body.partition("\n\n")
    fields: list[tuple[str, list[str]]] = []
    for line in block.split("\n"):
        match = _KEY.fullmatch(line)
        if match and not line[:1].isspace():
            key = match.group("key").strip()
            # "FADE IN:" and "CUT TO:" open many screenplays that have no title page.
            if is_scene_heading(line) or (_in_capitals(key) and not match.group("value").strip()):
                return (), text
            fields.append((key, [match.group("value").strip()]))
        elif fields and line[:1].isspace() and line.strip():
            fields[-1][1].append(line.strip())
        else:
            return (), text
    if not any("".join(lines) for _, lines in fields):
        return (), text
    return tuple((key, "\n".join(filter(None, lines))) for key, lines in fields), rest


@dataclass
class _Reader:
    """Goes through the lines once."""

    lines: list[str]
    notes: list[str]
    at: int = 0
    elements: list[Element] = field(default_factory=list)

    def read(self) -> list[Element]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip():
                self._element(line)
            else:
                self.at += 1
        return self.elements

    def _element(self, line: str) -> None:
        bare = line.strip()
        visible = _MARK.sub("", bare).strip()
        if not visible:
            self._add("note", bare)
            self.at += 1
        elif re.fullmatch(r"={3,}", visible):
            self._one("page_break", "", bare)
        elif visible.startswith("="):
            self._one("synopsis", visible[1:].strip(), bare)
        elif section := _SECTION.fullmatch(visible):
            self._one("section", section.group(2).strip(), bare, depth=len(section.group(1)))
        elif visible.startswith(">") and visible.endswith("<"):
            self._one("centered", visible[1:-1].strip(), bare)
        elif visible.startswith(">"):
            self._one("transition", visible[1:].strip(), bare)
        elif visible.startswith("~"):
            self._one("lyrics", visible[1:].strip(), bare)
        elif re.match(r"\.[^\W_]", visible):
            self._heading(visible[1:], bare)
        elif visible.startswith("@"):
            self._speech(visible[1:].strip(), bare)
        elif visible.startswith("!"):
            self._action()
        elif self._blank(self.at - 1) and is_scene_heading(visible):
            self._heading(visible, bare)
        elif self._blank(self.at - 1) and self._blank(self.at + 1) and is_transition(visible):
            self._one("transition", visible, bare)
        elif self._blank(self.at - 1) and not self._blank(self.at + 1) and _is_cue(visible):
            self._speech(visible, bare)
        else:
            self._action()

    def _blank(self, at: int) -> bool:
        return not 0 <= at < len(self.lines) or not self.lines[at].strip()

    def _add(self, kind: str, line: str, **fields: object) -> None:
        """Add an element, and after it the notes that its line holds."""
        text = _MARK.sub("", line)
        if kind != "note":
            self.elements.append(Element.model_validate({"kind": kind, **{"text": text, **fields}}))
        for number in _MARK.findall(line):
            self.elements.append(Element(kind="note", text=self.notes[int(number)]))

    def _one(self, kind: str, text: str, line: str, **fields: object) -> None:
        self._add(kind, line, text=text, **fields)
        self.at += 1

    def _heading(self, text: str, line: str) -> None:
        number = _SCENE_NUMBER.search(text)
        bare = text[: number.start()] if number else text
        self._one("scene_heading", bare.strip(), line, scene_number=number.group(1) if number else "")

    def _speech(self, cue: str, line: str) -> None:
        match = _NAME.fullmatch(cue)
        name, dual = (
            (match.group("name"), bool(match.group("dual"))) if match else (cue.rstrip("^ "), cue.endswith("^"))
        )
        extension = ", ".join(re.findall(r"\(([^()]*)\)", match.group("extensions"))) if match else ""
        self._one("character", name.strip(), line, extension=extension.strip(), dual=dual)
        spoken: list[str] = []

        def say() -> None:
            if any(part.strip() for part in spoken):
                self._add("dialogue", "\n".join(spoken).strip("\n"))
            spoken.clear()

        while self.at < len(self.lines) and self.lines[self.at] != "":
            line = self.lines[self.at]
            bare = line.strip()
            if not bare:
                # Two spaces on an empty line keep the dialogue going; fewer end it.
                if len(line) < 2:
                    break
                spoken.append("")
            elif bare.startswith("(") and _MARK.sub("", bare).rstrip().endswith(")"):
                say()
                self._add("parenthetical", bare)
            elif bare.startswith("~"):
                say()
                self._add("lyrics", bare, text=_MARK.sub("", bare[1:]).strip())
            else:
                spoken.append(bare)
            self.at += 1
        say()

    def _action(self) -> None:
        lines: list[str] = []
        while not self._blank(self.at):
            line = self.lines[self.at]
            bare = line.strip()
            if lines and re.match(r"[>~@!]|\.[^\W_]|#|=", bare):
                break
            lines.append(line.replace("!", "", 1) if bare.startswith("!") else line)
            self.at += 1
        text = "\n".join(lines).rstrip()
        # Indentation is kept in action, but for what the first line has in common with all.
        self._add("action", text if len(lines) > 1 else text.strip())


def _is_cue(line: str) -> bool:
    """Whether a line can be a character's name: capitals and at least one letter; an extension may be in any case."""
    match = _NAME.fullmatch(line)
    return bool(match and _in_capitals(match.group("name")))
