"""What a writer is asked for to get a script, and to read prose as one. Pure.

Every request says the same thing twice: in words for a language model, and as `facts` for a writer that works by rules.

| task | facts |
|---|---|
| "script" | `title` ("" leaves it to the writer), `idea`, `genre`, `length_s`, `style` |
| "breakdown" | `title`, `text` (a part of the prose), `part` (from 1), `parts`, `people` (a list of `name`, `look`, `sex`, `age` as found in the parts before), `place` (where the part before ended, or "") |
"""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.inputs.templates import Template
from storyreel.providers.contracts import WritingRequest
from storyreel.story.script import Person, ScriptDraft, ScriptPart
from storyreel.story.split import paragraph_passages, speakable_passages

PART_WORDS = 1200


def script_request(
    *,
    title: str,
    idea: str,
    genre: str,
    length_s: int,
    style: str = "cinematic",
    language: str = "en",
    seed: int = 0,
    template: Template | None = None,
) -> WritingRequest[ScriptDraft]:
    """Ask for a short screenplay."""
    about = f"It is about this: {idea}" if idea else "What it is about is yours to find."
    called = f'It is called "{title}".' if title else "Give it a title of two to five words."
    scenes = max(2, round(length_s / 30))
    instructions = f"""\
Write a short screenplay for a film of about {length_s} seconds{f", a {genre}" if genre else ""}. {called} {about}
Write in the language with the ISO code "{language}"; scene headings stay INT. or EXT., a place, a dash, a time of day.

About {scenes} scenes, two to four characters, one strong situation: somebody wants something, something is in the \
way, a choice costs something, and the last image has a meaning it did not have at the start. A page is a minute: \
{round(length_s * 1.6)} words of dialogue and action in all are enough.

In Fountain syntax:
- Scene headings such as "INT. LAMP ROOM - NIGHT", each place named the same way every time.
- Actions in the present tense, in short paragraphs, only what can be seen and heard; name sounds where they matter \
(a knock, rain, footsteps). A character's first appearance has the name in capitals, then age, build, hair and dress \
in brackets, which a painter will repeat.
- Dialogue people would say: short, particular, with something unsaid. A line seldom over twenty words.
- Camera directions only where the story needs them, as an action beginning "CLOSE ON", "INSERT" or "POV".
- No title page, no notes, no lyrics of songs.

Give also a summary of one to four sentences. The pictures will be in this style: {style}."""
    facts = {"title": title, "idea": idea, "genre": genre, "length_s": length_s, "style": style}
    if template is not None:
        instructions += f"\n\n{template.told}"
        facts["template"] = template.model_dump(mode="json")
    return WritingRequest(
        task="script",
        instructions=instructions,
        facts=facts,
        reply=ScriptDraft,
        language=language,
        seed=seed,
    )


def breakdown_request(
    title: str,
    text: str,
    *,
    part: int = 1,
    parts: int = 1,
    people: Sequence[Person] = (),
    place: str = "",
    language: str = "en",
    seed: int = 0,
) -> WritingRequest[ScriptPart]:
    """Ask for a part of a prose text as scenes with actions and dialogue."""
    known = "\n".join(f"- {person.name}: {person.look}" for person in people) or "(nobody yet)"
    instructions = f"""\
Turn this prose, part {part} of {parts} of "{title}", into scenes for a film. Change no word of what is spoken, leave \
no event out, and invent none. Write in the language of the text ("{language}").

- A new scene begins where the place or the time changes. `place` is a short name, the same every time; `interior` is \
"interior", "exterior" or "both"; `time` is a time of day in lower case, "" where the text gives no hint. The part \
before ended in: {place or "(this is the first part)"}.
- `beats` in order. "action": one or two sentences in the present tense of what can be seen or heard. "speech": the \
words between quotation marks, with who says them in `character` (one name a person, always the same) and how in \
`manner`, "" if the text does not say; `unseen` when the speaker cannot be seen.
- What only a narrator can tell becomes an action that shows it.
- `people`: everybody who speaks or matters. `look` is what the text says of their appearance, in one line, "" where \
it says nothing; `sex` "f", "m" or ""; `age` "child", "young", "adult", "old" or "".

People so far:
{known}

The text:

{text}"""
    return WritingRequest(
        task="breakdown",
        instructions=instructions,
        facts={
            "title": title,
            "text": text,
            "part": part,
            "parts": parts,
            "people": [person.model_dump(mode="json") for person in people],
            "place": place,
        },
        reply=ScriptPart,
        language=language,
        seed=seed,
    )


def prose_parts(text: str, most_words: int = PART_WORDS) -> tuple[str, ...]:
    """Prose in parts of whole paragraphs, each of about `most_words` words at most; a longer paragraph is cut at sentences."""
    words = text.split()
    parts: list[list[str]] = []
    counts: list[int] = []
    for first, last in paragraph_passages(text):
        paragraph = " ".join(words[first : last + 1])
        pieces = [paragraph]
        if last - first >= most_words:
            tokens = paragraph.split()
            pieces = [
                " ".join(tokens[a : b + 1]) for a, b in speakable_passages(paragraph, most_characters=most_words * 5)
            ]
        for piece in pieces:
            size = len(piece.split())
            if parts and counts[-1] + size <= most_words:
                parts[-1].append(piece)
                counts[-1] += size
            else:
                parts.append([piece])
                counts.append(size)
    return tuple("\n\n".join(part) for part in parts)
