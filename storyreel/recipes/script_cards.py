"""A script film up to its cards: the script staged as scenes, the scenes broken down into shots, and the cast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from storyreel.inputs.screenplay.files import ScriptText
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.script_brief import ScriptBrief, heading_of
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import Crew, Voice
from storyreel.recipes._guided import warn_of_fiction
from storyreel.recipes._kept import keep_value
from storyreel.recipes.card_files import saved_card_edits, with_card_edits
from storyreel.recipes.script_versions import keep_summary, keep_version, read_version, script_versions
from storyreel.settings import Settings
from storyreel.shots.breakdown import break_down
from storyreel.shots.cast import NO_VOICE, Cast, cast_of
from storyreel.shots.script_model import Breakdown, Shot, ShotScene
from storyreel.story.script import Person, ScriptScene, StagedScript
from storyreel.story.script_prompts import prose_parts
from storyreel.story.script_steps import read_prose, write_script
from storyreel.story.staging import completed, staged


def _voice_named(name: str) -> Voice:
    return cast(Voice, registry.provider("voice", name))


@dataclass(frozen=True, slots=True)
class ScriptFilm:
    """A script film in the making: what was asked for, who makes it, and where.

    Attributes:
        voice_named: makes the voice that a card names.
        voice: the name of the voice that was chosen; "" for the one in the project's record.
        agreed_usd: what its paid calls were agreed to come to; beyond that, and a dollar, somebody is asked.
    """

    project: Project
    brief: ScriptBrief
    settings: Settings
    crew: Crew
    voice_named: Callable[[str], Voice] = _voice_named
    voice: str = ""
    agreed_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cards:
    """A script broken down, with its cast: what shots.json and cast.json hold."""

    breakdown: Breakdown
    cast: Cast

    @property
    def shots(self) -> tuple[tuple[ShotScene, Shot], ...]:
        """Every shot with its scene, in order."""
        return tuple((scene, shot) for scene in self.breakdown.scenes for shot in scene.shots)


def stage(film: ScriptFilm) -> StagedScript:
    """Step 1: the script, written where none was given, as scenes with what is done and said. Saved in script/."""
    project, brief = film.project, film.brief
    style, language = film.settings.style, film.settings.language
    if brief.version:
        script, title, summary = read_version(project, brief.version), brief.title, ""
    else:
        if brief.template is not None:
            warn_of_fiction(project.progress, brief.template, film.crew.writer)
        with project.progress.task("write_script", 1, "script") as task:
            draft, remembered = write_script.recall(project, brief, film.crew.writer, style=style, language=language)
            task.advance(message=draft.title, remembered=remembered)
        script = ScriptText(name=film.crew.writer.identity, text=draft.fountain.strip() + "\n", kind="fountain")
        title, summary = draft.title, draft.summary
        if not script_versions(project):
            keep_version(project, script, summary)
    play = read_as_play(film, script, title)
    if not any(scene.heading or scene.place for scene in play.scenes):
        project.progress.warn("the script has no scene heading: it is filmed as one scene in one place", "break_down")
    if brief.version:
        keep_summary(project, brief.version, summary_of(play))
    return play


def read_as_play(film: ScriptFilm, script: ScriptText, title: str) -> StagedScript:
    """A script's text as scenes: a screenplay as it stands, prose as the writer reads it."""
    if script.kind != "fountain":
        return _from_prose(film, script, title)
    return staged(parse_fountain(script.text), title).model_copy(update={"title": title})


def _from_prose(film: ScriptFilm, script: ScriptText, title: str) -> StagedScript:
    """Prose read part by part, each knowing whom and where the ones before it left."""
    text = script.text.strip()
    if heading_of(text):
        text = text.partition("\n\n")[2]  # the title is shown, not told
    parts = prose_parts(text)
    scenes: list[ScriptScene] = []
    people: dict[str, Person] = {}
    with film.project.progress.task("break_down", len(parts), "parts") as task:
        for number, told in enumerate(parts, 1):
            place = scenes[-1].place if scenes else ""
            part, remembered = read_prose.recall(
                film.project,
                title,
                told,
                film.crew.writer,
                part=number,
                parts=len(parts),
                people=tuple(people.values()),
                place=place,
                language=film.settings.language,
                seed=film.brief.seed,
            )
            for scene in part.scenes:
                if scenes and scene.place in ("", scenes[-1].place) and scene.time in ("", scenes[-1].time):
                    scenes[-1] = scenes[-1].model_copy(update={"beats": scenes[-1].beats + scene.beats})
                else:
                    scenes.append(scene)
            for person in part.people:
                people.setdefault(person.name, person)
            task.advance(message=f"{len(scenes)} scenes", remembered=remembered)
    return StagedScript(title=title, scenes=tuple(scenes), people=completed(tuple(people.values()), scenes))


def summary_of(script: StagedScript) -> str:
    """What a script holds in two sentences: how much, who, where, and how it begins."""
    who = ", ".join(person.name for person in script.people[:6])
    places = list(dict.fromkeys(scene.place for scene in script.scenes if scene.place))
    first = next((beat.text for scene in script.scenes for beat in scene.beats), "")
    count = f"{len(script.scenes)} scene{'s' if len(script.scenes) > 1 else ''}"
    told = count + (f" with {who}" if who else "") + (f", in {', '.join(places[:4])}" if places else "") + "."
    synopsis = " ".join(scene.summary for scene in script.scenes if scene.summary)
    return f"{told} {synopsis or first}"[:600].strip()


def plan(film: ScriptFilm, script: StagedScript) -> Cards:
    """Step 2: scenes, shots, world and cast, with the user's changes made. Saved as shots.json and cast.json."""
    project = film.project
    with project.progress.task("break_down", len(script.scenes), "scenes") as task:
        cards = cards_of(film, script)
        keep_value(project, "shots.json", cards.breakdown)
        keep_value(project, "cast.json", cards.cast)
        task.advance(len(script.scenes), f"{len(cards.breakdown.shots)} shots", remembered=True)
    return cards


def cards_of(film: ScriptFilm, script: StagedScript) -> Cards:
    """As `plan`, but nothing is saved."""
    breakdown = break_down(script, genre=film.brief.genre, narrate=film.brief.narrate)
    people = cast_of(script, breakdown, style=film.settings.style, genre=film.brief.genre, voice=_voice_choice(film))
    return Cards(*with_card_edits(film.project, breakdown, people, saved_card_edits(film.project)))


def _voice_choice(film: ScriptFilm) -> str:
    if film.crew.voice is None:
        return NO_VOICE
    return film.voice or film.project.record().crew.get("voice", "offline")
