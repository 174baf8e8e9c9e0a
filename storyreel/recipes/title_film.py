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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS, SPOKEN_WORDS_PER_MINUTE, TitleBrief, title_brief
from storyreel.inputs.templates import Template
from storyreel.inputs.templates import template as read_template
from storyreel.media.model import Asset, Narration
from storyreel.media.steps import (
    find_dips,
    illustrate,
    loudness_of,
    score,
)
from storyreel.memo.policy import read_policy
from storyreel.progress import Progress
from storyreel.project import Project, Record, write_text_atomically
from storyreel.providers import registry
from storyreel.providers.contracts import (
    Composer,
    Crew,
    ImageModel,
    ImageRequest,
    Voice,
    Writer,
)
from storyreel.recipes._agreeing import agreed_to
from storyreel.recipes._animatic import Animatic
from storyreel.recipes._cast import PROMPTS_NAME, going_by, paint_likenesses
from storyreel.recipes._finish import Film, check_out, finish
from storyreel.recipes._gaps import or_gap
from storyreel.recipes._guided import warn_of_fiction
from storyreel.recipes._kept import keep_file, keep_value
from storyreel.recipes._narrating import narrated, paced
from storyreel.recipes._run import choose_crew, open_project, run
from storyreel.render.people import heads_in
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.shots.steps import plan_scenes
from storyreel.story.model import Chapter, Story, guided
from storyreel.story.steps import write_chapter, write_story
from storyreel.timeline.assemble import assemble, lay_out, music_length_s
from storyreel.timeline.model import Timeline
from storyreel.workers import fan_out

__all__ = [
    "TitleFilm",
    "begin",
    "compose",
    "finish",
    "lay",
    "make",
    "narrate",
    "paint",
    "plan",
    "tell",
    "title_film",
    "write_chapters",
]

RECIPE = "title"
PICTURE_OVERSCAN = 4 / 3
LARGEST_PICTURE_SIDE_PX = 2880
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
    """A title film in the making: what was asked for, who makes it, and where.

    Attributes:
        agreed_usd: what its paid calls were agreed to come to; beyond that, and a dollar, somebody is asked.
    """

    project: Project
    brief: TitleBrief
    settings: Settings
    crew: Crew
    agreed_usd: Decimal = Decimal(0)


def title_film(
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
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
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
        images, writer, music: provider names, "auto" for who there is a key for, or objects that do the work.
        prompter: who writes the picture prompts; "" as `storyreel.providers.registry` says.
        settings: look, language, size and sound.
        seed: another seed tells another story.
        budget_usd: what its paid calls may cost over all its runs; "none" for no limit, None for the one it has.
        agreed: it may cost more than a dollar. A limit in `budget_usd` agrees to that much, too.
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
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
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
        prompter=prompter,
        music=music,
        settings=settings,
        seed=seed,
        budget_usd=budget_usd,
        agreed=agreed,
        project_id=project_id,
        cache=cache,
        progress=progress,
        template=template,
    )
    return _made(film, place)


def begin(
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
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
    project_id: str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
    template: Template | str | Path | None = None,
) -> TitleFilm:
    """Check what is asked for, choose the crew and open the project; makes nothing yet. See `title_film`."""
    arc = template if isinstance(template, Template | None) else read_template(template, cache)
    brief = title_brief(title, chapters, words, seed, arc)
    read_policy().check_length(brief.chapters * brief.words * 60 / SPOKEN_WORDS_PER_MINUTE)
    record = Record(
        recipe=RECIPE,
        inputs=brief.model_dump(),
        crew={},
        settings=settings or Settings(),
    )
    choice = crew_choice(voice=voice, images=images, writer=writer, prompter=prompter, music=music)
    crew, record = choose_crew(record, choice, brief.title, project_id=project_id, cache=cache)
    project = open_project(
        record, brief.title, project_id=project_id, cache=cache, progress=progress, crew=crew, budget_usd=budget_usd
    )
    film = TitleFilm(project, brief, record.settings, crew)
    return agree(film, agreed)


def agree(film: TitleFilm, agreed: bool = False) -> TitleFilm:
    """The film with what it may cost agreed to, as it is asked for now.

    Raises:
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
    """
    from storyreel.recipes import title_works  # which counts what is made here, so it stands above this module

    agreed_usd = agreed_to(
        film.project, film.crew, lambda looked: title_works.left(replace(film, project=looked)), agreed, film.agreed_usd
    )
    return replace(film, agreed_usd=agreed_usd)


def crew_choice(
    *,
    voice: str | Voice,
    images: str | ImageModel,
    writer: str | Writer,
    prompter: str | Writer,
    music: str | Composer,
) -> dict[str, object]:
    """Role -> who is wanted for it; see `storyreel.recipes._run.choose_crew`."""
    return {"voice": voice, "painter": images, "writer": writer, "composer": music, "prompter": prompter}


def from_record(project: Project) -> TitleFilm:
    """The title film that a project's record asks for."""
    record = project.record()
    return TitleFilm(project, TitleBrief.model_validate(record.inputs), record.settings, registry.crew(record.crew))


def make(film: TitleFilm, out: Path | None = None, *, agreed: bool = False) -> Film:
    """Run every step; what is remembered costs nothing.

    Args:
        agreed: what is left may cost more than a dollar, beyond what was agreed to when the film was begun.

    Raises:
        NotAgreed: it may, and nobody agreed to that.
    """
    return _made(film if agreed else agree(film), out)


def _made(film: TitleFilm, out: Path | None) -> Film:
    with run(film.project, RECIPE, SHARES):
        story = tell(film)
        chapters = write_chapters(film, story)
        scenes = plan(film, story, chapters)
        arriving = Arriving(remembered_pictures(film, scenes), {})
        animatic = Animatic(film.project, lambda: draft(film, story, chapters, scenes, arriving))
        animatic.show(at_once=True)

        def picture_came(scene: int, picture: Asset) -> None:
            arriving.pictures[scene] = picture
            animatic.show()

        def voice_came(narration: Narration) -> None:
            arriving.narrations[narration.chapter] = narration
            animatic.show()

        pictures = paint(film, scenes, picture_came)
        animatic.show(at_once=True)
        narrations = narrate(film, chapters, voice_came)
        animatic.show(at_once=True)
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
        keep_value(film.project, "story.json", story)
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
            keep_value(project, f"chapters/chapter_{number}.json", chapter)
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
                film.crew.scene_writer,
                first_index=len(scenes) + 1,
                style=film.settings.style,
                language=film.settings.language,
                seed=film.brief.seed,
            )
            scenes += planned
            task.advance(message=f"{len(scenes)} scenes", remembered=remembered)
    listing = [scene.model_dump(mode="json") for scene in scenes]
    write_text_atomically(film.project.path(PROMPTS_NAME), json.dumps(listing, indent=2, ensure_ascii=False) + "\n")
    return scenes


@dataclass(frozen=True, slots=True)
class Arriving:
    """What has arrived so far of a film that is being made: pictures by scene, narrations by chapter."""

    pictures: dict[int, Asset]
    narrations: dict[int, Narration]


def draft(
    film: TitleFilm, story: Story, chapters: Sequence[Chapter], scenes: Sequence[Scene], arriving: Arriving
) -> Timeline:
    """The animatic: the timeline with what has arrived, the other words paced for reading, the other pictures blank."""
    told = [arriving.narrations.get(chapter.number) or paced(chapter) for chapter in chapters]
    return lay(film, story, chapters, scenes, dict(arriving.pictures), told, ())


def picture_request(film: TitleFilm, scene: Scene) -> ImageRequest:
    """What a scene's picture is asked for with."""
    width_px, height_px = picture_size(film.settings)
    return ImageRequest(
        prompt=scene.prompt, width_px=width_px, height_px=height_px, seed=scene.seed, scene=scene.description
    )


def remembered_pictures(film: TitleFilm, scenes: Sequence[Scene]) -> dict[int, Asset]:
    """The pictures that are there from an earlier run, by scene index; makes nothing."""
    project, painter = film.project, film.crew.painter
    requests = {scene.index: picture_request(film, scene) for scene in scenes}
    return {
        index: illustrate(project, request, painter)
        for index, request in requests.items()
        if illustrate.is_remembered(project, request, painter)
    }


def paint(
    film: TitleFilm, scenes: Sequence[Scene], on_picture: Callable[[int, Asset], None] = lambda scene, picture: None
) -> dict[int, Asset]:
    """Step 4: the pictures, by scene index; a scene that was refused has none. Saved as images/scene_NNNN.

    For a painter that takes pictures to go by, whoever is seen more than once is painted alone first.

    Args:
        on_picture: told each scene's index and picture as they come, in the threads that make them.
    """
    project, painter, style = film.project, film.crew.painter, film.settings.style
    looks = [scene.description for scene in scenes]
    likenesses = paint_likenesses(project, painter, looks, style=style, seed=film.brief.seed)
    with project.progress.task("illustrate", len(scenes), "pictures") as task:

        def draw(scene: Scene) -> Asset | None:
            request = going_by(picture_request(film, scene), likenesses, painter)
            picture, remembered = or_gap(
                project,
                lambda: illustrate.recall(project, request, painter),
                f"scene {scene.index} has no picture",
                "illustrate",
            )
            if picture is not None:
                keep_file(project, f"images/scene_{scene.index:04d}", picture.blob)
                on_picture(scene.index, picture)
            task.advance(message=scene.description.subject, remembered=remembered)
            return picture

        pictures = fan_out(draw, scenes, at_once=registry.at_once(painter))
    return {scene.index: picture for scene, picture in zip(scenes, pictures, strict=True) if picture is not None}


def picture_size(settings: Settings) -> tuple[int, int]:
    """The size to ask pictures in: a third larger than the frame, so that closer framings stay sharp; both even."""
    scale = min(PICTURE_OVERSCAN, LARGEST_PICTURE_SIDE_PX / max(settings.width_px, settings.height_px))
    return round(settings.width_px * scale / 2) * 2, round(settings.height_px * scale / 2) * 2


def narrate(
    film: TitleFilm, chapters: Sequence[Chapter], on_narration: Callable[[Narration], None] = lambda narration: None
) -> tuple[Narration, ...]:
    """Step 5: the voice, passage by passage, saved as audio/chapter_N; without one, words paced for reading.

    Args:
        on_narration: told each chapter's as soon as all its passages are there, in the thread that made the last.
    """
    project, voice = film.project, film.crew.voice
    if voice is None:
        return tuple(paced(chapter) for chapter in chapters)
    return narrated(project, chapters, voice, film.crew.listener, film.settings, on_narration)


def compose(film: TitleFilm, story: Story, narrations: Sequence[Narration]) -> tuple[Asset | None, ...]:
    """Step 6: the music, a piece a chapter; None where it was refused. Saved as audio/music_N."""
    project, composer = film.project, film.crew.composer
    orders = music_orders(film, narrations)
    with project.progress.task("score", len(orders), "pieces") as task:

        def play(number: int) -> Asset | None:
            length_s, seed = orders[number]
            piece, remembered = or_gap(
                project,
                lambda: score.recall(project, story.mood, length_s, composer, seed=seed),
                f"chapter {number + 1} has no music",
                "score",
            )
            if piece is not None:
                keep_file(project, f"audio/music_{number + 1}", piece.blob)
            task.advance(remembered=remembered)
            return piece

        return tuple(fan_out(play, range(len(orders)), at_once=registry.at_once(composer)))


def music_orders(film: TitleFilm, narrations: Sequence[Narration]) -> list[tuple[float, int]]:
    """How long each chapter's music is to be, in seconds, and its seed."""
    spans = lay_out(narrations, film.settings)
    return [
        (music_length_s(span, film.settings, last=number == len(spans) - 1), film.brief.seed * 1000 + number)
        for number, span in enumerate(spans)
    ]


def lay(
    film: TitleFilm,
    story: Story,
    chapters: Sequence[Chapter],
    scenes: Sequence[Scene],
    pictures: Mapping[int, Asset],
    narrations: Sequence[Narration],
    music: Sequence[Asset | None],
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
        music_lufs=[loudness_of(project, piece) if piece else None for piece in music],
        settings=film.settings,
        heads={scene: heads_in(project, picture) for scene, picture in pictures.items()},
    )
