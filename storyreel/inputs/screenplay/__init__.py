"""Screenplays as text: Fountain read into elements, and files of many kinds read into text.

`fountain` parses the published syntax (https://fountain.io/syntax), `emphasis` its bold, italics and underlines,
`recognise` tells a screenplay from prose, and `files` reads what people have: text in any common encoding, Markdown,
.docx, .pdf, .srt.
"""

from storyreel.inputs.screenplay.elements import Element, Screenplay
from storyreel.inputs.screenplay.fountain import parse_fountain

__all__ = ["Element", "Screenplay", "parse_fountain"]
