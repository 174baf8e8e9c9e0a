"""A title becomes a narrated film, one remembered step after another.

In a script, `title_film` does it all. In a notebook, `begin` and then a step a cell:

    film = begin("The Last Lighthouse")
    story = tell(film)
    chapters = write_chapters(film, story)
    scenes = plan(film, story, chapters)
    pictures = paint(film, scenes)
    narrations = narrate(film, chapters)
    music = compose(film, story, narrations)
    timeline = lay(film, story, chapters, scenes, pictures, narrations, music)
    finished = finish(film.project, timeline, quality=film.settings.quality)

Each step finds what it made before, whichever way it was called, and saves its result under the project's folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from pydantic import BaseModel

from storyreel.errors import ProviderRefused
from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS, SPOKEN_WORDS_PER_MINUTE, TitleBrief, title_brief
from storyreel.inputs.templates import Template
from storyreel.inputs.templates import template as read_template
from storyreel.media.model import Asset, Narration
from storyreel.media.steps import (
    Passage,
    find_dips,
    illustrate,
    join_passages,
    loudness_of,
    score,
)
from storyreel.memo.blob import Blob
from storyreel.memo.money import usd
from storyreel.memo.policy import read_policy
from storyreel.memo.store import store_of
from storyreel.progress import Progress
from storyreel.project import Project, Record, make_private_folder, write_text_atomically
from storyreel.providers import registry
from storyreel.providers.contracts import Crew, ImageRequest
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.prices import Usage
from storyreel.providers.writing import TOKENS_A_SCENE, TOKENS_A_STORY, TOKENS_A_WORD
from storyreel.recipes._finish import Film, check_out, finish
from storyreel.recipes._guided import warn_of_fiction
from storyreel.recipes._run import open_project, paid_so_far, run
from storyreel.recipes._speaking import spoken, warn_if_guessed
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.shots.plan import scene_count
from storyreel.shots.steps import plan_scenes
from storyreel.story.model import Chapter, Story, guided
from storyreel.story.split import paragraph_passages, speakable_passages
from storyreel.story.steps import write_chapter, write_story
from storyreel.timeline.assemble import assemble, lay_out, music_length_s
from storyreel.timeline.captions import pace
from storyreel.timeline.model import Timeline
from storyreel.workers import fan_out

__all__ = [
    "TitleFilm",
    "begin",
    "compose",
    "estimate",
    "finish",
    "lay",
    "make",
    "narrate",
    "paint",
    "plan",
    "tell",
    "title_film",
    "works",
    "write_chapters",
]

RECIPE = "title"
PICTURE_OVERSCAN = 4 / 3
LARGEST_PICTURE_SIDE_PX = 2880
WORDS_A_PASSAGE = 25
CHARACTERS_A_WORD = 6
SHARES: Mapping[str, float] = {
    "write_story": 0.01,
    "write_chapters": 0.02,
    "plan_scenes": 0.01,
    "illustrate": 0.12,
    "narrate": 0.38,
    "score": 0.03,
    "render": 0.43,
}


@dataclass(frozen=True, slots=True)
class TitleFilm:
    """A title film in the making: what was asked for, who makes it, and where."""

    project: Project
    brief: TitleBrief
    settings: Settings
    crew: Crew


def title_film(
    title: str,
    *,
    chapters: int = DEFAULT_CHAPTERS,
    words: int = DEFAULT_WORDS,
    voice: str = "offline",
    images: str = "offline",
    writer: str = "offline",
    music: str = "offline",
    settings: Settings | None = None,
    seed: int = 0,
    budget_usd: Decimal | float | str | None = None,
    project_id: str | None = None,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
    template: Template | str | Path | None = None,
) -> Film:
    """Make a narrated film from a title, or finish the one that was begun.

    Args:
        title: up to 200 characters in any script.
        chapters: 1 to 60.
        words: about how many words a chapter has, 30 to 2000; 160 words take about a minute to tell.
        voice: "offline", "offline:NAME", or "none" for captions over music.
        images, writer, music: provider names.
        settings: look, language, size and sound.
        seed: another seed tells another story.
        budget_usd: what its paid calls may cost over all its runs; None sets no limit.
        project_id: a slug; by default made from the title.
        cache: where films and everything remembered live; by default STORYREEL_CACHE, else ./cache.
        out: a further place for the film.
        progress: where to report; listen to it to watch, call its `cancel` to stop.
        template: the arc, tone and music that the story follows: a template, its name, or its file. Its chapters,
            words, style and captions are for the caller to take; see `storyreel.templates`.

    Returns:
        The film: its path, its timeline and its project.

    Raises:
        InputError: a value cannot be used.
        ProviderError: a service failed; the same call goes on from there.
        BudgetExceeded: the next call would pass the budget, or the film is longer than the policy in force allows.
        StorageError: this machine could not keep a file.
    """
    place = check_out(out)
    film = begin(
        title,
        chapters=chapters,
        words=words,
        voice=voice,
        images=images,
        writer=writer,
        music=music,
        settings=settings,
        seed=seed,
        budget_usd=budget_usd,
        project_id=project_id,
        cache=cache,
        progress=progress,
        template=template,
    )
    return make(film, place)


def begin(
    title: str,
    *,
    chapters: int = DEFAULT_CHAPTERS,
    words: int = DEFAULT_WORDS,
    voice: str = "offline",
    images: str = "offline",
    writer: str = "offline",
    music: str = "offline",
    settings: Settings | None = None,
    seed: int = 0,
    budget_usd: Decimal | float | str | None = None,
    project_id: str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
    template: Template | str | Path | None = None,
) -> TitleFilm:
    """Check what is asked for, choose the crew and open the project; makes nothing yet. See `title_film`."""
    arc = template if isinstance(template, Template | None) else read_template(template, cache)
    brief = title_brief(title, chapters, words, seed, arc)
    names = {"voice": voice, "painter": images, "writer": writer, "composer": music}
    crew = registry.crew(names)
    policy = read_policy()
    policy.check_length(brief.chapters * brief.words * 60 / SPOKEN_WORDS_PER_MINUTE)
    record = Record(
        recipe=RECIPE,
        inputs=brief.model_dump(),
        crew=names,
        settings=settings or Settings(),
        budget_usd=policy.limit(None if budget_usd is None else usd(budget_usd)),
    )
    project = open_project(record, brief.title, project_id=project_id, cache=cache, progress=progress, crew=crew)
    return TitleFilm(project, brief, record.settings, crew)


def estimate(
    title: str,
    *,
    chapters: int = DEFAULT_CHAPTERS,
    words: int = DEFAULT_WORDS,
    voice: str = "offline",
    images: str = "offline",
    writer: str = "offline",
    music: str = "offline",
    settings: Settings | None = None,
    project_id: str | None = None,
    cache: Path | str | None = None,
) -> Estimate:
    """What a title film will cost, without what its project has paid for already. Makes nothing; see `title_film`."""
    brief = title_brief(title, chapters, words)
    crew = registry.crew({"voice": voice, "painter": images, "writer": writer, "composer": music})
    done, spent_usd = paid_so_far(RECIPE, brief.title, project_id=project_id, cache=cache)
    return estimate_works(works(brief, settings or Settings(), crew), done, spent_usd)


def works(brief: TitleBrief, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    """The requests that the whole film takes, for an estimate; how much each of them uses is a guess."""
    width_px, height_px = picture_size(settings)
    scenes = scene_count(brief.words)
    chapter_s = brief.words * 60 / SPOKEN_WORDS_PER_MINUTE
    written = round(brief.words * TOKENS_A_WORD)
    told = 3000 + round(60 * TOKENS_A_WORD) * brief.chapters // 2
    one_picture = Usage(pictures=1, megapixels=width_px * height_px / 1e6)
    sentences = max(1, round(brief.words / WORDS_A_PASSAGE))
    passage = Usage(characters=WORDS_A_PASSAGE * CHARACTERS_A_WORD)
    return (
        Work("write_story", crew.writer, 1, Usage(input_tokens=1500, output_tokens=TOKENS_A_STORY), 0.5),
        Work("write_chapter", crew.writer, brief.chapters, Usage(input_tokens=told, output_tokens=written + 800), 0.5),
        Work(
            "plan_scenes",
            crew.writer,
            brief.chapters,
            Usage(input_tokens=2500 + written, output_tokens=scenes * TOKENS_A_SCENE + 800),
            0.5,
        ),
        Work("illustrate", crew.painter, brief.chapters * scenes, one_picture, 0.1),
        Work("speak", crew.voice, brief.chapters * sentences, passage, 0.2),
        Work("score", crew.composer, brief.chapters, Usage(pieces=1, sound_s=chapter_s), 0.1),
    )


def from_record(project: Project) -> TitleFilm:
    """The title film that a project's record asks for."""
    record = project.record()
    return TitleFilm(project, TitleBrief.model_validate(record.inputs), record.settings, registry.crew(record.crew))


def make(film: TitleFilm, out: Path | None = None) -> Film:
    """Run every step; what is remembered costs nothing."""
    with run(film.project, RECIPE, SHARES):
        story = tell(film)
        chapters = write_chapters(film, story)
        scenes = plan(film, story, chapters)
        pictures = paint(film, scenes)
        narrations = narrate(film, chapters)
        music = compose(film, story, narrations)
        timeline = lay(film, story, chapters, scenes, pictures, narrations, music)
        return finish(film.project, timeline, out, quality=film.settings.quality)


def tell(film: TitleFilm) -> Story:
    """Step 1: the story. Saved as story.json."""
    with film.project.progress.task("write_story", 1, "story") as task:
        story, remembered = write_story.recall(
            film.project, film.brief, film.crew.writer, style=film.settings.style, language=film.settings.language
        )
        if film.brief.template is not None:
            warn_of_fiction(film.project.progress, film.brief.template, film.crew.writer)
            story = guided(story, film.brief.template)
        _save(film.project, "story.json", story)
        task.advance(message=story.hook, remembered=remembered)
    return story


def write_chapters(film: TitleFilm, story: Story) -> tuple[Chapter, ...]:
    """Step 2: the chapters, one after another. Saved as chapters/chapter_N.json."""
    project, brief = film.project, film.brief
    chapters: tuple[Chapter, ...] = ()
    with project.progress.task("write_chapters", brief.chapters, "chapters") as task:
        for number in range(1, brief.chapters + 1):
            chapter, remembered = write_chapter.recall(
                project,
                story,
                number,
                chapters,
                film.crew.writer,
                chapters=brief.chapters,
                words=brief.words,
                seed=brief.seed,
                language=film.settings.language,
            )
            chapters = (*chapters, chapter)
            _save(project, f"chapters/chapter_{number}.json", chapter)
            task.advance(message=chapter.title, remembered=remembered)
    return chapters


def plan(film: TitleFilm, story: Story, chapters: Sequence[Chapter]) -> tuple[Scene, ...]:
    """Step 3: the scenes and their picture prompts. Saved as prompts.json."""
    scenes: tuple[Scene, ...] = ()
    with film.project.progress.task("plan_scenes", len(chapters), "chapters") as task:
        for chapter in chapters:
            planned, remembered = plan_scenes.recall(
                film.project,
                story,
                chapter,
                film.crew.writer,
                first_index=len(scenes) + 1,
                style=film.settings.style,
                language=film.settings.language,
                seed=film.brief.seed,
            )
            scenes += planned
            task.advance(message=f"{len(scenes)} scenes", remembered=remembered)
    listing = [scene.model_dump(mode="json") for scene in scenes]
    write_text_atomically(film.project.path("prompts.json"), json.dumps(listing, indent=2, ensure_ascii=False) + "\n")
    return scenes


def paint(film: TitleFilm, scenes: Sequence[Scene]) -> dict[int, Asset]:
    """Step 4: the pictures, by scene index; a scene that was refused has none. Saved as images/scene_NNNN."""
    project, painter = film.project, film.crew.painter
    width_px, height_px = picture_size(film.settings)
    with project.progress.task("illustrate", len(scenes), "pictures") as task:

        def draw(scene: Scene) -> Asset | None:
            request = ImageRequest(
                prompt=scene.prompt, width_px=width_px, height_px=height_px, seed=scene.seed, scene=scene.description
            )
            try:
                picture, remembered = illustrate.recall(project, request, painter)
            except ProviderRefused as refused:
                project.progress.warn(f"scene {scene.index} has no picture ({refused})", "illustrate")
                task.advance(message=f"scene {scene.index} was refused")
                return None
            _place(project, f"images/scene_{scene.index:04d}", picture.blob)
            task.advance(message=scene.description.subject, remembered=remembered)
            return picture

        pictures = fan_out(draw, scenes, at_once=registry.at_once(painter))
    return {scene.index: picture for scene, picture in zip(scenes, pictures, strict=True) if picture is not None}


def picture_size(settings: Settings) -> tuple[int, int]:
    """The size to ask pictures in: a third larger than the frame, so that closer framings stay sharp; both even."""
    scale = min(PICTURE_OVERSCAN, LARGEST_PICTURE_SIDE_PX / max(settings.width_px, settings.height_px))
    return round(settings.width_px * scale / 2) * 2, round(settings.height_px * scale / 2) * 2


def narrate(film: TitleFilm, chapters: Sequence[Chapter]) -> tuple[Narration, ...]:
    """Step 5: the voice, passage by passage, saved as audio/chapter_N; without one, words paced for reading."""
    project, voice = film.project, film.crew.voice
    if voice is None:
        return tuple(_paced(chapter) for chapter in chapters)
    language = film.settings.language
    texts = [_spoken_texts(chapter) for chapter in chapters]
    with project.progress.task("narrate", sum(map(len, texts)), "passages") as task:

        def say(text: str) -> Passage:
            passage, remembered = spoken(project, text, voice, film.crew.listener, language=language)
            task.advance(message=text[:80], remembered=remembered)
            return passage

        to_say = [text for chapter_texts in texts for text, _ in chapter_texts]
        said = fan_out(say, to_say, at_once=registry.at_once(voice))
        warn_if_guessed(project, said, "narrate")
        passages = iter(said)
        narrations = []
        for chapter, chapter_texts in zip(chapters, texts, strict=True):
            own = tuple(islice(passages, len(chapter_texts)))
            ends = tuple(at for at, (_, ends_paragraph) in enumerate(chapter_texts) if ends_paragraph)
            narration = join_passages(project, chapter.number, own, paragraph_ends=ends)
            if narration.audio is not None:
                _place(project, f"audio/chapter_{chapter.number}", narration.audio.blob)
            narrations.append(narration)
    return tuple(narrations)


def _spoken_texts(chapter: Chapter) -> list[tuple[str, bool]]:
    """A chapter's passages as texts, each with whether its paragraph ends there."""
    words = chapter.text.split()
    paragraph_ends = {last for _, last in paragraph_passages(chapter.text)}
    return [
        (" ".join(words[first : last + 1]), last in paragraph_ends) for first, last in speakable_passages(chapter.text)
    ]


def _paced(chapter: Chapter) -> Narration:
    words = pace(chapter.text)
    return Narration(chapter=chapter.number, audio=None, duration_s=words[-1].end_s, words=words)


def compose(film: TitleFilm, story: Story, narrations: Sequence[Narration]) -> tuple[Asset, ...]:
    """Step 6: the music, a piece a chapter. Saved as audio/music_N."""
    project, composer = film.project, film.crew.composer
    spans = lay_out(narrations, film.settings)
    with project.progress.task("score", len(spans), "pieces") as task:

        def play(number: int) -> Asset:
            length_s = music_length_s(spans[number], film.settings, last=number == len(spans) - 1)
            piece, remembered = score.recall(
                project, story.mood, length_s, composer, seed=film.brief.seed * 1000 + number
            )
            _place(project, f"audio/music_{number + 1}", piece.blob)
            task.advance(remembered=remembered)
            return piece

        return tuple(fan_out(play, range(len(spans)), at_once=registry.at_once(composer)))


def lay(
    film: TitleFilm,
    story: Story,
    chapters: Sequence[Chapter],
    scenes: Sequence[Scene],
    pictures: Mapping[int, Asset],
    narrations: Sequence[Narration],
    music: Sequence[Asset],
) -> Timeline:
    """Step 7: the timeline, with each cut settled on a dip of the voice's energy and the voices levelled."""
    project = film.project
    return assemble(
        title=story.title,
        chapters=chapters,
        narrations=narrations,
        scenes=scenes,
        pictures=pictures,
        music=music,
        dips_s=[find_dips(project, narration.audio) if narration.audio else () for narration in narrations],
        voice_lufs=[loudness_of(project, narration.audio) if narration.audio else None for narration in narrations],
        music_lufs=[loudness_of(project, piece) for piece in music],
        settings=film.settings,
    )


def _save(project: Project, name: str, value: BaseModel) -> None:
    path = project.path(name)
    make_private_folder(path.parent)
    write_text_atomically(path, value.model_dump_json(indent=2) + "\n")


def _place(project: Project, stem: str, blob: Blob) -> None:
    """Give a remembered file its readable name; the same stem with another ending goes."""
    path = project.path(stem + blob.suffix)
    make_private_folder(path.parent)
    store_of(project).place(blob, path)
    for other in path.parent.glob(f"{path.stem}.*"):
        if other != path:
            other.unlink()
