"""A title becomes a narrated film, one remembered step after another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS, TitleBrief, title_brief
from storyreel.media.model import Asset, Narration
from storyreel.media.steps import find_dips, illustrate, join_passages, score, speak
from storyreel.memo.blob import Blob
from storyreel.memo.store import store_of
from storyreel.progress import Progress
from storyreel.project import Project, Record, write_text_atomically
from storyreel.providers import registry
from storyreel.providers.contracts import Crew, ImageRequest
from storyreel.recipes._finish import Film, check_out, finish
from storyreel.recipes._run import open_project, run
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.shots.steps import plan_scenes
from storyreel.story.model import Chapter, Story
from storyreel.story.split import speakable
from storyreel.story.steps import write_chapter, write_story
from storyreel.timeline.assemble import assemble, lay_out, music_length_s
from storyreel.timeline.captions import pace
from storyreel.timeline.model import Timeline
from storyreel.workers import fan_out

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
    project_id: str | None = None,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
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
        project_id: a slug; by default made from the title.
        cache: where films and everything remembered live; by default STORYREEL_CACHE, else ./cache.
        out: a further place for the film.
        progress: where to report; listen to it to watch, call its `cancel` to stop.

    Returns:
        The film: its path, its timeline and its project.

    Raises:
        InputError: a value cannot be used.
        ProviderError: a service failed; the same call goes on from there.
        StorageError: this machine could not keep a file.
    """
    brief = title_brief(title, chapters, words, seed)
    record = Record(
        recipe=RECIPE,
        inputs=brief.model_dump(),
        crew={"voice": voice, "painter": images, "writer": writer, "composer": music},
        settings=settings or Settings(),
    )
    place = check_out(out)
    crew = registry.crew(record.crew)
    project = open_project(record, brief.title, project_id=project_id, cache=cache, progress=progress)
    return make(project, record, crew, place)


def make(project: Project, record: Record, crew: Crew | None = None, out: Path | None = None) -> Film:
    """Run every step of a recorded title film; what is remembered costs nothing."""
    crew = crew or registry.crew(record.crew)
    brief, settings = TitleBrief.model_validate(record.inputs), record.settings
    with run(project, RECIPE, SHARES):
        story = tell(project, brief, crew, settings)
        chapters = write_chapters(project, story, brief, crew, settings)
        scenes = plan(project, story, chapters, brief, crew, settings)
        pictures = paint(project, scenes, crew, settings)
        narrations = narrate(project, chapters, crew, settings)
        timeline = compose_and_assemble(project, story, chapters, scenes, pictures, narrations, brief, crew, settings)
        return finish(project, timeline, out)


def tell(project: Project, brief: TitleBrief, crew: Crew, settings: Settings) -> Story:
    """Step 1: the story. Saved as story.json."""
    remembered = write_story.is_remembered(
        project, brief, crew.writer, style=settings.style, language=settings.language
    )
    with project.progress.task("write_story", 1, "story") as task:
        story = write_story(project, brief, crew.writer, style=settings.style, language=settings.language)
        _save(project, "story.json", story)
        task.advance(message=story.hook, remembered=remembered)
    return story


def write_chapters(
    project: Project, story: Story, brief: TitleBrief, crew: Crew, settings: Settings
) -> tuple[Chapter, ...]:
    """Step 2: the chapters, one after another. Saved as chapters/chapter_N.json."""
    chapters: tuple[Chapter, ...] = ()
    options: dict[str, Any] = {
        "chapters": brief.chapters,
        "words": brief.words,
        "language": settings.language,
        "seed": brief.seed,
    }
    with project.progress.task("write_chapters", brief.chapters, "chapters") as task:
        for number in range(1, brief.chapters + 1):
            remembered = write_chapter.is_remembered(project, story, number, chapters, crew.writer, **options)
            chapter = write_chapter(project, story, number, chapters, crew.writer, **options)
            chapters = (*chapters, chapter)
            _save(project, f"chapters/chapter_{number}.json", chapter)
            task.advance(message=chapter.title, remembered=remembered)
    return chapters


def plan(
    project: Project, story: Story, chapters: Sequence[Chapter], brief: TitleBrief, crew: Crew, settings: Settings
) -> tuple[Scene, ...]:
    """Step 3: the scenes and their picture prompts. Saved as prompts.json."""
    scenes: tuple[Scene, ...] = ()
    with project.progress.task("plan_scenes", len(chapters), "chapters") as task:
        for chapter in chapters:
            scenes += plan_scenes(
                project,
                story,
                chapter,
                crew.writer,
                first_index=len(scenes) + 1,
                style=settings.style,
                language=settings.language,
                seed=brief.seed,
            )
            task.advance(message=f"{len(scenes)} scenes")
    listing = [scene.model_dump(mode="json") for scene in scenes]
    write_text_atomically(project.path("prompts.json"), json.dumps(listing, indent=2, ensure_ascii=False) + "\n")
    return scenes


def paint(project: Project, scenes: Sequence[Scene], crew: Crew, settings: Settings) -> dict[int, Asset]:
    """Step 4: the pictures. Saved as images/scene_NNNN."""
    width_px, height_px = picture_size(settings)
    with project.progress.task("illustrate", len(scenes), "pictures") as task:

        def draw(scene: Scene) -> Asset:
            request = ImageRequest(
                prompt=scene.prompt, width_px=width_px, height_px=height_px, seed=scene.seed, scene=scene.description
            )
            remembered = illustrate.is_remembered(project, request, crew.painter)
            asset = illustrate(project, request, crew.painter)
            _place(project, f"images/scene_{scene.index:04d}{asset.blob.suffix}", asset.blob)
            task.advance(message=scene.description.subject, remembered=remembered)
            return asset

        assets = fan_out(draw, scenes)
    return {scene.index: asset for scene, asset in zip(scenes, assets, strict=True)}


def picture_size(settings: Settings) -> tuple[int, int]:
    """The size to ask pictures in: a third larger than the frame, so that closer framings stay sharp; both even."""
    scale = min(PICTURE_OVERSCAN, LARGEST_PICTURE_SIDE_PX / max(settings.width_px, settings.height_px))
    return round(settings.width_px * scale / 2) * 2, round(settings.height_px * scale / 2) * 2


def narrate(project: Project, chapters: Sequence[Chapter], crew: Crew, settings: Settings) -> tuple[Narration, ...]:
    """Step 5: the voice, passage by passage. Saved as audio/chapter_N; without a voice the words are paced for reading."""
    voice = crew.voice
    if voice is None:
        return tuple(_paced(chapter) for chapter in chapters)
    passages = [(chapter.number, text, ends) for chapter in chapters for text, ends in speakable(chapter.text)]
    with project.progress.task("narrate", len(passages), "passages") as task:

        def say(passage: tuple[int, str, bool]) -> Any:
            _, text, _ = passage
            remembered = speak.is_remembered(project, text, voice, language=settings.language)
            spoken = speak(project, text, voice, language=settings.language)
            task.advance(message=text[:80], remembered=remembered)
            return spoken

        spoken = fan_out(say, passages)
        narrations = []
        for chapter in chapters:
            own = [index for index, (number, _, _) in enumerate(passages) if number == chapter.number]
            narration = join_passages(
                project,
                chapter.number,
                tuple(spoken[index] for index in own),
                paragraph_ends=tuple(at for at, index in enumerate(own) if passages[index][2]),
            )
            if narration.audio is not None:
                blob = narration.audio.blob
                _place(project, f"audio/chapter_{chapter.number}{blob.suffix}", blob)
            narrations.append(narration)
    return tuple(narrations)


def _paced(chapter: Chapter) -> Narration:
    words = pace(chapter.text)
    return Narration(chapter=chapter.number, audio=None, duration_s=words[-1].end_s if words else 0.0, words=words)


def compose_and_assemble(
    project: Project,
    story: Story,
    chapters: Sequence[Chapter],
    scenes: Sequence[Scene],
    pictures: Mapping[int, Asset],
    narrations: Sequence[Narration],
    brief: TitleBrief,
    crew: Crew,
    settings: Settings,
) -> Timeline:
    """Step 6: the music, as long as each chapter needs it, and the timeline."""
    spans = lay_out(narrations, settings)
    with project.progress.task("score", len(spans), "pieces") as task:

        def play(number: int) -> Asset:
            span = spans[number]
            length_s = music_length_s(span, settings, last=number == len(spans) - 1)
            piece = score(project, story.mood, length_s, crew.composer, seed=brief.seed * 1000 + number)
            _place(project, f"audio/music_{number + 1}{piece.blob.suffix}", piece.blob)
            task.advance()
            return piece

        music = fan_out(play, range(len(spans)))
    dips_s = [find_dips(project, narration.audio) if narration.audio else () for narration in narrations]
    return assemble(
        title=story.title,
        chapters=chapters,
        narrations=narrations,
        scenes=scenes,
        pictures=pictures,
        music=music,
        dips_s=dips_s,
        settings=settings,
    )


def _save(project: Project, name: str, value: BaseModel) -> None:
    path = project.path(name)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    write_text_atomically(path, value.model_dump_json(indent=2) + "\n")


def _place(project: Project, name: str, blob: Blob) -> None:
    path = project.path(name)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    store_of(project).place(blob, path)
