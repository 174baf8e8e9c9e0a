"""What a writer is asked for: the story, and then each chapter. Pure.

Every request says the same thing twice: in words for a language model, and as `facts` (plain JSON values) for a writer
that works by rules.

| task | facts |
|---|---|
| "story" | `title`, `chapters` (how many there will be), `words_per_chapter`, `style` (of the pictures), and, where there is one, `template` (`Template` as JSON; in `story`, too) |
| "chapter" | `story` (`Story` as JSON), `number` (from 1), `chapters`, `words`, `style`, `take` (0, or counting the times it was written anew), `earlier` (a list of `number`, `title`, `summary`), `last_words` (how the chapter before ended, or "") |
| "scenes" | `story`, `chapter` (`number`, `title`, `summary`), `chapters`, `style`, `passages` (a list of texts) |

The request for scenes is made in `storyreel.shots.prompts`. A chapter's `seed` is the story's seed: a writer by rules
needs both to be the same to go on with the story it began.
"""

from __future__ import annotations

from storyreel.inputs.templates import Template
from storyreel.providers.contracts import WritingRequest
from storyreel.story.model import Chapter, ChapterDraft, GuidedStory, Story

LAST_WORDS = 120


def story_request(
    *,
    title: str,
    chapters: int,
    words_per_chapter: int,
    language: str = "en",
    style: str = "cinematic",
    seed: int = 0,
    template: Template | None = None,
) -> WritingRequest[Story]:
    """Ask for a story: hook, genres, premise, tone, cast, places and colours, but no chapter yet."""
    length = f"{chapters} chapters of about {words_per_chapter} words each"
    if chapters == 1:
        length = f"a single chapter of about {words_per_chapter} words"
    instructions = f"""\
You are the head writer of a studio that makes narrated films. Develop the film called

    {title}

It will be told by one narrator, in {length}, over painted pictures. \
Write in the language with the ISO code "{language}".

Take the title seriously: what it names has to stand at the heart of the story, and the ending has to give it \
a meaning it did not have at the start. Prefer one strong, simple idea told with conviction over many. \
Choose particular, checkable details over general words: a trade, a tool, a habit, a debt, a promise. Somebody must want something, \
something must stand in the way, and the choice at the end must cost something. Avoid the first idea everybody would \
have, chosen ones, dreams that explain everything, and endings in which nothing has changed.

Give:
- hook: one paragraph of 60 to 100 words that makes a stranger need to know what happens. Concrete; no rhetorical \
questions.
- genres: exactly three.
- premise: 15 to 20 sentences that tell the whole plot in order, beginning, turns and ending included; name the people.
- tone and pacing: one sentence each.
- mood: four to eight words for the composer, such as "cold, tense, slow, then hopeful".
- cast: two to five people or creatures. `look` is one line that a painter repeats word for word in every picture: \
age, build, hair, coat or dress with its colour, and one object always carried. No emotions, no poses, and \
readable as a silhouette from behind.
- places: three to five. `look` is one line for the painter: what stands there, what it is built of, what light \
falls there.
- palette: six colours as "#rrggbb" from dark to light that suit the mood and are kept through every picture.

The pictures will be in this style: {style}. The look of cast and places must not contradict it."""
    facts = {"title": title, "chapters": chapters, "words_per_chapter": words_per_chapter, "style": style}
    if template is not None:
        instructions += f"\n\n{template.told}"
        facts["template"] = template.model_dump(mode="json")
    return WritingRequest(
        task="story",
        instructions=instructions,
        facts=facts,
        reply=Story,
        language=language,
        seed=seed,
    )


def chapter_request(
    story: Story,
    number: int,
    chapters: int,
    words: int,
    earlier: tuple[Chapter, ...] = (),
    *,
    language: str = "en",
    style: str = "cinematic",
    seed: int = 0,
    take: int = 0,
) -> WritingRequest[ChapterDraft]:
    """Ask for chapter `number` of `chapters`, about `words` words long, following on from the `earlier` ones.

    Args:
        story: what the chapters belong to.
        number: counts from 1.
        chapters: how many the film has.
        words: the length wanted; the answer should be within 10 % of it.
        earlier: the chapters before this one, in order.
        language: ISO 639-1 code.
        style: of the pictures; a writer may leave it aside.
        seed: the story's seed.
        take: raise it to have the same chapter written another way.
    """
    last_words = " ".join(earlier[-1].text.split()[-LAST_WORDS:]) if earlier else ""
    told = "\n".join(f"{chapter.number}. {chapter.title}: {chapter.summary}" for chapter in earlier)
    so_far = f"What has been told:\n{told}\n\nThe last words the listener heard:\n{last_words}" if earlier else ""
    another = f"\n\nThis is take {take + 1} of this chapter: find other images and another way in." if take else ""
    instructions = f"""\
You are writing the narration of the film "{story.title}", to be read aloud by one voice. Write chapter {number} of \
{chapters} in the language with the ISO code "{language}": {round(words * 0.95)} to {round(words * 1.05)} words.

The story as planned:
{story.premise}

Tone: {story.tone}
Pacing: {story.pacing}
Cast: {"; ".join(f"{person.name} ({person.role})" for person in story.cast)}
Places: {"; ".join(place.name for place in story.places)}

{so_far or "Nothing has been told yet."}
{_arc_of(story, number, chapters)}
{_place_in_the_whole(number, chapters)}

It is heard once, and by somebody who cannot turn back a page. So:
- Begin in the middle of something happening. No summing up of earlier chapters, no "meanwhile".
- One concrete image at a time, things a painter could paint: who, where, in what light, doing what.
- Vary the length of sentences; let a short one fall after a long one. Read it aloud in your head.
- Dialogue sparingly, and always clear who speaks. Numbers in words. No lists, headings, brackets, footnotes, \
abbreviations, emoji or stage directions; few dashes.
- Show what people do with their hands instead of naming what they feel. No stock phrases, no moral at the end.
- Keep names, ages, objects and facts as they were told. Do not repeat an image or a sentence used before.
- Parts of the text are parted by an empty line.

Give a title of two to five words without the word "chapter" or a number, the text, and a summary of one to four \
sentences that holds every fact the next chapter must not contradict.{another}"""
    return WritingRequest(
        task="chapter",
        instructions=instructions,
        facts={
            "story": story.model_dump(mode="json"),
            "number": number,
            "chapters": chapters,
            "words": words,
            "style": style,
            "take": take,
            "earlier": [{"number": c.number, "title": c.title, "summary": c.summary} for c in earlier],
            "last_words": last_words,
        },
        reply=ChapterDraft,
        language=language,
        seed=seed,
    )


def _place_in_the_whole(number: int, chapters: int) -> str:
    if chapters == 1:
        return "This is the whole film: it needs a beginning, a turn and an ending that lands."
    if number == 1:
        return "This chapter opens the film: make a stranger stay. End on something that pulls into the next chapter."
    if number == chapters:
        return "This is the last chapter: bring the story to its planned end and let the last sentence land."
    share = round(100 * number / chapters)
    return (
        f"By the end of this chapter about {share} % of the planned story has been told; leave the rest to the "
        "chapters that follow. Go on directly from the last words, and end on a turn or an open question."
    )


def _arc_of(story: Story, number: int, chapters: int) -> str:
    if not isinstance(story, GuidedStory):
        return ""
    template = story.template
    beats = "\n".join(f"- {beat.name}: {beat.what}" for beat in template.beats_of(number, chapters))
    return f"\nThe film follows this arc:\n{template.told}\n\nThis chapter tells, in full:\n{beats}\n"
