"""What a title film takes, for an estimate: by its chapters and words, and by what is there of them already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS, SPOKEN_WORDS_PER_MINUTE, TitleBrief, title_brief
from storyreel.inputs.templates import Template
from storyreel.inputs.templates import template as read_template
from storyreel.media.model import Narration
from storyreel.media.steps import score, speak
from storyreel.memo.step import NotRemembered, remembered_only
from storyreel.project import Record
from storyreel.providers.contracts import Composer, Crew, ImageModel, Voice, Writer
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.prices import Usage
from storyreel.providers.writing import TOKENS_A_SCENE, TOKENS_A_STORY, TOKENS_A_WORD
from storyreel.recipes._cast import picture_works, pictures_left
from storyreel.recipes._narrating import paced, says, spoken_texts, told_before
from storyreel.recipes._run import answered_by_step, begun_before, choose_crew
from storyreel.recipes.title_film import RECIPE, TitleFilm, crew_choice, music_orders, picture_request, picture_size
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.shots.plan import scene_count
from storyreel.shots.steps import plan_scenes
from storyreel.story.model import Chapter, Story, guided
from storyreel.story.steps import write_chapter, write_story

WORDS_A_PASSAGE = 25
CHARACTERS_A_WORD = 6


def works(brief: TitleBrief, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    """The requests that the whole film takes; how much each of them uses is a guess."""
    scenes = brief.chapters * scene_count(brief.words)
    return (
        *_writing(brief, crew),
        *picture_works(crew.painter, picture_size(settings), None, scenes, 0.1),
        Work("speak", crew.voice, brief.chapters * _passages(brief), _passage(), 0.2),
        Work("score", crew.composer, brief.chapters, Usage(pieces=1, sound_s=_chapter_s(brief)), 0.1),
    )


def left(film: TitleFilm) -> tuple[Work, ...]:
    """The requests of a film that was begun, with how many of them are answered; nothing is made or paid for.

    What is remembered counts, not what was asked for before: a picture that is there costs nothing, whoever else is
    to paint the others.
    """
    brief, settings, crew, project = film.brief, film.settings, film.crew, film.project
    story, chapters, planned = _written(film)
    written = _writing(brief, crew, (int(story is not None), len(chapters), len(planned)))
    scenes = [scene for each in planned for scene in each]
    if len(planned) == brief.chapters:
        requests = [picture_request(film, scene) for scene in scenes]
        drawn = pictures_left(project, crew.painter, requests, style=settings.style, seed=brief.seed)
    else:
        drawn = picture_works(
            crew.painter, picture_size(settings), None, brief.chapters * scene_count(brief.words), 0.1, kept=0
        )
    return (*written, *drawn, *_sounding(film, story, chapters))


def _written(film: TitleFilm) -> tuple[Story | None, list[Chapter], list[tuple[Scene, ...]]]:
    """As much of the story, its chapters and their scenes as is there."""
    project, brief, settings, crew = film.project, film.brief, film.settings, film.crew
    chapters: list[Chapter] = []
    planned: list[tuple[Scene, ...]] = []
    story: Story | None = None
    try:
        with remembered_only():
            story = write_story(project, brief, crew.writer, style=settings.style, language=settings.language)
            if brief.template is not None:
                story = guided(story, brief.template)
            for number in range(1, brief.chapters + 1):
                chapters.append(
                    write_chapter(
                        project, story, number, tuple(chapters), crew.writer, chapters=brief.chapters,
                        words=brief.words, seed=brief.seed, language=settings.language,
                    )
                )  # fmt: skip
            for chapter in chapters:
                planned.append(
                    plan_scenes(
                        project, story, chapter, crew.scene_writer, first_index=1 + sum(map(len, planned)),
                        style=settings.style, language=settings.language, seed=brief.seed,
                    )
                )  # fmt: skip
    except NotRemembered:
        pass
    return story, chapters, planned


def _sounding(film: TitleFilm, story: Story | None, chapters: Sequence[Chapter]) -> tuple[Work, ...]:
    """The voice, and the music, whose lengths are known once all is told."""
    brief, crew, project = film.brief, film.crew, film.project
    music_s = Usage(pieces=1, sound_s=_chapter_s(brief))
    if story is None or len(chapters) < brief.chapters:
        return (
            Work("speak", crew.voice, brief.chapters * _passages(brief), _passage(), 0.2, kept=0),
            Work("score", crew.composer, brief.chapters, music_s, 0.1, kept=0),
        )
    said: list[bool] = []
    told: list[Narration | None] = [paced(chapter) for chapter in chapters]
    characters = _passage()
    if crew.voice is not None:
        texts = [text for chapter in chapters for text, _ in spoken_texts(chapter)]
        said = [
            speak.is_remembered(project, text, says(crew.voice, text, film.settings), language=film.settings.language)
            for text in texts
        ]
        characters = Usage(characters=round(sum(map(len, texts)) / max(1, len(texts))))
        told = [told_before(project, chapter, crew.voice, film.settings) for chapter in chapters]
    narrations = [each for each in told if each is not None]
    played = 0
    if len(narrations) == len(chapters):
        orders = music_orders(film, narrations)
        music_s = Usage(pieces=1, sound_s=sum(length_s for length_s, _ in orders) / len(orders))
        played = sum(
            score.is_remembered(project, story.mood, length_s, crew.composer, seed=seed) for length_s, seed in orders
        )
    return (
        Work("speak", crew.voice, len(said), characters, 0.1, kept=sum(said)),
        Work("score", crew.composer, len(chapters), music_s, 0.1, kept=played),
    )


def estimate(
    title: str,
    *,
    chapters: int = DEFAULT_CHAPTERS,
    words: int = DEFAULT_WORDS,
    voice: str | Voice = "offline",
    images: str | ImageModel = "offline",
    writer: str | Writer = "offline",
    prompter: str | Writer = "",
    music: str | Composer = "offline",
    settings: Settings | None = None,
    seed: int = 0,
    project_id: str | None = None,
    cache: Path | str | None = None,
    template: Template | str | Path | None = None,
) -> Estimate:
    """What a title film will cost, without what is there of it already. Makes nothing; see `title_film`."""
    arc = template if isinstance(template, Template | None) else read_template(template, cache)
    brief = title_brief(title, chapters, words, seed, arc)
    record = Record(recipe=RECIPE, inputs=brief.model_dump(), crew={}, settings=settings or Settings())
    choice = crew_choice(voice=voice, images=images, writer=writer, prompter=prompter, music=music)
    crew, record = choose_crew(record, choice, brief.title, project_id=project_id, cache=cache)
    project = begun_before(record, brief.title, project_id=project_id, cache=cache)
    if project is None:
        return estimate_works(works(brief, record.settings, crew), {}).charged_for(film_s(brief))
    works_left = left(TitleFilm(project, brief, record.settings, crew))
    return estimate_works(works_left, *answered_by_step(project)).charged_for(film_s(brief))


def film_s(brief: TitleBrief) -> float:
    """About how long the film will be, in seconds."""
    return brief.chapters * _chapter_s(brief)


def _writing(
    brief: TitleBrief, crew: Crew, kept: tuple[int | None, int | None, int | None] = (None, None, None)
) -> Sequence[Work]:
    written = round(brief.words * TOKENS_A_WORD)
    told = 3000 + round(60 * TOKENS_A_WORD) * brief.chapters // 2
    scenes = scene_count(brief.words)
    chapter = Usage(input_tokens=told, output_tokens=written + 800)
    planning = Usage(input_tokens=2500 + written, output_tokens=scenes * TOKENS_A_SCENE + 800)
    return (
        Work("write_story", crew.writer, 1, Usage(input_tokens=1500, output_tokens=TOKENS_A_STORY), 0.5, kept[0]),
        Work("write_chapter", crew.writer, brief.chapters, chapter, 0.5, kept[1]),
        Work("plan_scenes", crew.scene_writer, brief.chapters, planning, 0.5, kept[2]),
    )


def _chapter_s(brief: TitleBrief) -> float:
    return brief.words * 60 / SPOKEN_WORDS_PER_MINUTE


def _passages(brief: TitleBrief) -> int:
    return max(1, round(brief.words / WORDS_A_PASSAGE))


def _passage() -> Usage:
    return Usage(characters=WORDS_A_PASSAGE * CHARACTERS_A_WORD)
