"""A script becomes a shot-by-shot film with a cast, one remembered step after another.

In a script, `script_film` does it all. In a notebook, `begin` and then a step a cell:

    film = begin(file="scene.fountain")          # or text="...", or genre="comedy", length_s=60 to have one written
    script = stage(film)
    cards = plan(film, script)                   # scenes and shots, world and cast: change them, plan again
    draft(film, cards)                           # the animatic: `storyreel render ID --preview` plays it from now on
    describe(film, cards)                        # where there is a prompter: what it says of each shot's picture
    pictures = draw(film, cards)
    lines = speak_lines(film, cards)
    music = compose(film, cards, lines)
    effects = lay_effects(film, cards)
    timeline = lay(film, cards, pictures, lines, music, effects)
    finished = finish(film.project, timeline, quality=film.settings.quality)

Each step finds what it made before, and saves its result under the project's folder. `pending` says what a run would
make, and what that costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

from storyreel.errors import InputError
from storyreel.inputs.screenplay.files import ScriptText, read_script, script_from_text
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.script_brief import DEFAULT_LENGTH_S, LONGEST_FILM_S, ScriptBrief, heading_of, script_brief
from storyreel.inputs.templates import Template
from storyreel.inputs.templates import template as read_template
from storyreel.media.model import Asset
from storyreel.media.script_steps import PacedVoice, animate_keyframe, clip_length_s, make_effect
from storyreel.media.steps import Passage, illustrate, loudness_of, score, speak
from storyreel.memo.policy import read_policy
from storyreel.progress import Progress
from storyreel.project import Project, Record
from storyreel.providers import registry
from storyreel.providers.contracts import (
    Animator,
    Composer,
    Crew,
    Effects,
    ImageModel,
    ImageRequest,
    SceneDescription,
    Voice,
    Writer,
)
from storyreel.recipes._agreeing import check_agreed
from storyreel.recipes._cast import going_by, known_likenesses, paint_likenesses
from storyreel.recipes._finish import Film, check_out, finish, keep_timeline
from storyreel.recipes._gaps import or_gap
from storyreel.recipes._guided import warn_of_fiction
from storyreel.recipes._kept import keep_file, keep_value
from storyreel.recipes._run import choose_crew, open_project, run
from storyreel.recipes._speaking import spoken, warn_if_guessed
from storyreel.recipes.card_files import saved_card_edits, with_card_edits
from storyreel.recipes.edits import with_saved_edits
from storyreel.recipes.script_versions import keep_summary, keep_version, read_version, script_versions
from storyreel.recipes.title_film import picture_size
from storyreel.render.conform import conform
from storyreel.settings import Settings
from storyreel.shots.breakdown import break_down
from storyreel.shots.cast import NO_VOICE, Cast, cast_of
from storyreel.shots.effects import RULES, EffectKind, effect_cues
from storyreel.shots.script_model import Breakdown, Line, Shot, ShotScene
from storyreel.shots.script_prompts import animation_prompt, describe_shot, keyframe_request
from storyreel.shots.steps import word_picture
from storyreel.story.script import Person, ScriptScene, StagedScript
from storyreel.story.script_prompts import prose_parts
from storyreel.story.script_steps import read_prose, write_script
from storyreel.story.staging import completed, staged
from storyreel.timeline.assemble_script import Laid, MusicSpan, assemble_script, music_spans
from storyreel.timeline.model import Timeline
from storyreel.timeline.script_layout import SpokenLine, lay_out_script, unspoken
from storyreel.workers import fan_out

__all__ = [
    "Cards",
    "ScriptFilm",
    "animate",
    "begin",
    "compose",
    "draft",
    "draw",
    "finish",
    "lay",
    "lay_effects",
    "make",
    "plan",
    "script_film",
    "speak_lines",
    "stage",
]

RECIPE = "script"
DEFAULT_EFFECTS = "offline"
SHARES: Mapping[str, float] = {
    "write_script": 0.01,
    "break_down": 0.02,
    "illustrate": 0.2,
    "speak": 0.25,
    "animate": 0.05,
    "score": 0.04,
    "effects": 0.03,
    "render": 0.4,
}


def _voice_named(name: str) -> Voice:
    return cast(Voice, registry.provider("voice", name))


@dataclass(frozen=True, slots=True)
class ScriptFilm:
    """A script film in the making: what was asked for, who makes it, and where.

    Attributes:
        voice_named: makes the voice that a card names.
        voice: the name of the voice that was chosen; "" for the one in the project's record.
    """

    project: Project
    brief: ScriptBrief
    settings: Settings
    crew: Crew
    voice_named: Callable[[str], Voice] = _voice_named
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """A script broken down, with its cast: what shots.json and cast.json hold."""

    breakdown: Breakdown
    cast: Cast

    @property
    def shots(self) -> tuple[tuple[ShotScene, Shot], ...]:
        """Every shot with its scene, in order."""
        return tuple((scene, shot) for scene in self.breakdown.scenes for shot in scene.shots)


def script_film(
    file: Path | str | None = None,
    *,
    text: str | None = None,
    title: str = "",
    genre: str = "",
    length_s: int = DEFAULT_LENGTH_S,
    idea: str = "",
    narrate: bool | None = None,
    labels: bool = False,
    voice: str | Voice = "offline",
    images: str | ImageModel = "offline",
    writer: str | Writer = "offline",
    prompter: str | Writer = "",
    music: str | Composer = "offline",
    effects: str | Effects = DEFAULT_EFFECTS,
    animator: str | Animator = registry.NOBODY,
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
    """Make a film from a script, or finish the one that was begun.

    Args:
        file: a script: Fountain, plain text, Markdown, .docx, .pdf or .srt.
        text: the same, pasted. With neither, a short script is written.
        title: of the film; else the script's own.
        genre: one of `storyreel.inputs.script_brief.GENRES`, or "".
        length_s: about how long a written film runs, 20 to 600 seconds.
        idea: what a written film is about.
        narrate: have a narrator tell the actions; None does so for prose and for a script that is written.
        labels: name the place where a scene begins.
        voice: "offline" casts a voice for each character, "offline:NAME" narrates with that one, another provider
            speaks for all, "none" leaves the words to captions.
        images, writer, music: provider names, "auto" for who there is a key for, or objects that do the work; effects
            and animator too, "none" for nobody.
        prompter: who words the picture of each shot, after what the cards say; "" as `storyreel.providers.registry`
            says. Where that leaves it to the writer, the cards' own words are the prompt.
        settings: look, language, size and sound.
        seed: another seed paints, plays and writes anew.
        budget_usd: what its paid calls may cost over all its runs; "none" for no limit, None for the one it has.
        agreed: it may cost more than a dollar. A limit in `budget_usd` agrees to that much, too.
        project_id: a slug; by default made from the title.
        cache: where films and everything remembered live; by default STORYREEL_CACHE, else ./cache.
        out: a further place for the film.
        progress: where to report; listen to it to watch, call its `cancel` to stop.
        template: the arc and tone that a written script follows: a template, its name, or its file.

    Returns:
        The film: its path, its timeline and its project.

    Raises:
        InputError: a value cannot be used, or the script cannot be read.
        ProviderError: a service failed; the same call goes on from there.
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
        BudgetExceeded: the next call would pass the budget, or the film is longer than the policy in force allows.
        StorageError: this machine could not keep a file.
    """
    place = check_out(out)
    film = begin(
        file,
        text=text,
        title=title,
        genre=genre,
        length_s=length_s,
        idea=idea,
        narrate=narrate,
        labels=labels,
        voice=voice,
        images=images,
        writer=writer,
        prompter=prompter,
        music=music,
        effects=effects,
        animator=animator,
        settings=settings,
        seed=seed,
        budget_usd=budget_usd,
        agreed=agreed,
        project_id=project_id,
        cache=cache,
        progress=progress,
        template=template,
    )
    return make(film, place)


def begin(
    file: Path | str | None = None,
    *,
    text: str | None = None,
    title: str = "",
    genre: str = "",
    length_s: int = DEFAULT_LENGTH_S,
    idea: str = "",
    narrate: bool | None = None,
    labels: bool = False,
    voice: str | Voice = "offline",
    images: str | ImageModel = "offline",
    writer: str | Writer = "offline",
    prompter: str | Writer = "",
    music: str | Composer = "offline",
    effects: str | Effects = DEFAULT_EFFECTS,
    animator: str | Animator = registry.NOBODY,
    settings: Settings | None = None,
    seed: int = 0,
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
    project_id: str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
    template: Template | str | Path | None = None,
) -> ScriptFilm:
    """Check what is asked for, keep the script as a version, open the project; makes nothing. See `script_film`."""
    if file is not None and text is not None:
        raise InputError("a script was given as a file and as text: give one of them")
    script = read_script(file) if file is not None else script_from_text(text) if text is not None else None
    arc = template if isinstance(template, Template | None) else read_template(template, cache)
    brief = script_brief(
        script,
        title=title,
        genre=genre,
        length_s=length_s,
        idea=idea,
        narrate=narrate,
        labels=labels,
        seed=seed,
        template=arc,
    )
    read_policy().check_length(brief.length_s if script is None else _checked_length_s(script, brief))
    record = Record(
        recipe=RECIPE,
        inputs=brief.model_dump(),
        crew={},
        settings=settings or Settings(),
    )
    choice = crew_choice(
        voice=voice, images=images, writer=writer, prompter=prompter, music=music, effects=effects, animator=animator
    )
    crew, record = choose_crew(record, choice, brief.title, project_id=project_id, cache=cache)
    project = open_project(
        record, brief.title, project_id=project_id, cache=cache, progress=progress, crew=crew, budget_usd=budget_usd
    )
    if script is not None:
        brief = brief.model_copy(update={"version": keep_version(project, script).number})
        project.save_record(project.record().model_copy(update={"inputs": brief.model_dump()}))
    film = ScriptFilm(project, brief, record.settings, crew)
    from storyreel.recipes import script_works  # which counts what is made here, so it stands above this module

    check_agreed(project, crew, lambda looked: script_works.left(replace(film, project=looked)), agreed)
    return film


def crew_choice(
    *,
    voice: str | Voice,
    images: str | ImageModel,
    writer: str | Writer,
    prompter: str | Writer,
    music: str | Composer,
    effects: str | Effects,
    animator: str | Animator,
) -> dict[str, object]:
    """Role -> who is wanted for it; see `storyreel.recipes._run.choose_crew`."""
    choice: dict[str, object] = {
        "voice": voice, "painter": images, "writer": writer, "prompter": prompter, "composer": music,
        "animator": animator,
    }  # fmt: skip
    return choice if effects == registry.NOBODY else {**choice, "effects": effects}


def _checked_length_s(script: ScriptText, brief: ScriptBrief) -> float:
    """About how long a script runs; one that would run for hours, or has nothing in it, is refused."""
    if script.kind == "prose":
        length_s = len(script.text) / 14.0
    else:
        length_s = break_down(staged(parse_fountain(script.text), brief.title), narrate=brief.narrate).rough_s
    if length_s > LONGEST_FILM_S:
        raise InputError(
            f"the script would run for about {length_s / 60:.0f} minutes: give a part of it, of at most "
            f"{LONGEST_FILM_S // 60} minutes ({len(script.text.split()):,} words are too many)"
        )
    return length_s


def from_record(project: Project) -> ScriptFilm:
    """The script film that a project's record asks for."""
    record = project.record()
    return ScriptFilm(project, ScriptBrief.model_validate(record.inputs), record.settings, registry.crew(record.crew))


def make(film: ScriptFilm, out: Path | None = None) -> Film:
    """Run every step; what is remembered costs nothing."""
    with run(film.project, RECIPE, SHARES):
        script = stage(film)
        cards = plan(film, script)
        draft(film, cards)
        pictures = draw(film, cards)
        lines = speak_lines(film, cards)
        draft(film, cards)
        shown = animate(film, cards, pictures, lines)
        music = compose(film, cards, lines)
        effects = lay_effects(film, cards)
        timeline = lay(film, cards, shown, lines, music, effects)
        return finish(film.project, timeline, out, quality=film.settings.quality)


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


# ------------------------------------------------------------------------------------------------------------- material


def drafts(film: ScriptFilm, cards: Cards) -> dict[str, SceneDescription]:
    """Shot id -> its picture as the cards have it."""
    return {shot.id: describe_shot(scene, shot, cards.cast) for scene, shot in cards.shots}


def describe(film: ScriptFilm, cards: Cards) -> dict[str, SceneDescription]:
    """Step 4: each shot's picture, worded by the prompter where there is one, else as the cards have it."""
    project, prompter, found = film.project, film.crew.prompter, drafts(film, cards)
    if prompter is None:
        return found
    to_word = list(dict.fromkeys(found.values()))
    with project.progress.task("plan_pictures", len(to_word), "pictures") as task:

        def word(draft: SceneDescription) -> SceneDescription:
            said, remembered = word_picture.recall(project, draft, prompter, **wording(film, cards))
            task.advance(message=said.subject[:80], remembered=remembered)
            return said

        said = dict(zip(to_word, fan_out(word, to_word, at_once=registry.at_once(prompter)), strict=True))
    return {shot: said[draft] for shot, draft in found.items()}


def wording(film: ScriptFilm, cards: Cards) -> dict[str, Any]:
    """What a prompter is told beside the draft, as `word_picture` takes it."""
    about = f'"{cards.breakdown.title}"' + (f", a {film.brief.genre}" if film.brief.genre else "")
    return {
        "about": about, "style": cards.cast.style, "language": film.settings.language, "seed": film.brief.seed,
    }  # fmt: skip


def known_descriptions(film: ScriptFilm, cards: Cards) -> dict[str, SceneDescription]:
    """As `describe`, of what is worded already; the others are as the cards have them."""
    project, prompter, found = film.project, film.crew.prompter, drafts(film, cards)
    if prompter is None:
        return found
    how = wording(film, cards)
    return {
        shot: word_picture(project, draft, prompter, **how)
        if word_picture.is_remembered(project, draft, prompter, **how)
        else draft
        for shot, draft in found.items()
    }


def keyframes(film: ScriptFilm, cards: Cards) -> dict[str, ImageRequest]:
    """Shot id -> what its picture is asked for with; like shots ask alike, and share a picture. Makes nothing."""
    project, painter, style, seed = film.project, film.crew.painter, cards.cast.style, film.brief.seed
    width_px, height_px = picture_size(film.settings)
    described = known_descriptions(film, cards)
    likenesses = known_likenesses(project, painter, described.values(), style=style, seed=seed)
    found = {}
    for scene, shot in cards.shots:
        request = keyframe_request(
            scene, described[shot.id], style, width_px=width_px, height_px=height_px, seed=seed
        )  # fmt: skip
        found[shot.id] = going_by(request, likenesses, painter)
    return found


def draw(film: ScriptFilm, cards: Cards) -> dict[str, Asset]:
    """Step 5: the pictures, by shot id; a shot that was refused has none. Saved as images/shot_ID.

    For a painter that takes pictures to go by, whoever is seen more than once is painted alone first.
    """
    project, painter = film.project, film.crew.painter
    described = describe(film, cards)
    paint_likenesses(project, painter, described.values(), style=cards.cast.style, seed=film.brief.seed)
    requests = keyframes(film, cards)
    shots_of: dict[str, list[str]] = {}
    for shot, request in requests.items():
        shots_of.setdefault(illustrate.key(project, request, painter), []).append(shot)
    subjects = {shot.id: shot.subject for _, shot in cards.shots}
    with project.progress.task("illustrate", len(shots_of), "pictures") as task:

        def paint(shots: Sequence[str]) -> Asset | None:
            picture, remembered = or_gap(
                project,
                lambda: illustrate.recall(project, requests[shots[0]], painter),
                f"shot {', '.join(shots)} has no picture",
                "illustrate",
            )
            if picture is not None:
                for shot in shots:
                    keep_file(project, f"images/shot_{shot}", picture.blob)
            task.advance(message=subjects[shots[0]][:80], remembered=remembered)
            return picture

        made = fan_out(paint, list(shots_of.values()), at_once=registry.at_once(painter))
    return {
        shot: picture
        for shots, picture in zip(shots_of.values(), made, strict=True)
        if picture is not None
        for shot in shots
    }


def speak_lines(film: ScriptFilm, cards: Cards) -> dict[str, SpokenLine]:
    """Step 6: the lines, by id, each in its character's voice. Saved as audio/line_ID; without a voice, only timed."""
    project = film.project
    lines = cards.breakdown.lines
    if film.crew.voice is None or not lines:
        return {line.id: unspoken(line) for line in lines}
    voice_of = voices(film, cards)
    with project.progress.task("speak", len(lines), "lines") as task:

        def say(line: Line) -> tuple[Passage, SpokenLine]:
            voice, language = voice_of(line), film.settings.language
            passage, remembered = spoken(project, line.text, voice, film.crew.listener, language=language)
            keep_file(project, f"audio/line_{line.id}", passage.audio.blob)
            task.advance(message=f"{line.character or 'Narrator'}: {line.text[:70]}", remembered=remembered)
            return passage, SpokenLine(
                passage.audio, passage.audio.duration_s, passage.words, loudness_of(project, passage.audio)
            )

        said = fan_out(say, lines, at_once=_voices_at_once(film))
        warn_if_guessed(project, (passage for passage, _ in said), "speak")
    return {line.id: heard for line, (_, heard) in zip(lines, said, strict=True)}


def _voices_at_once(film: ScriptFilm) -> int | None:
    return registry.at_once(film.crew.voice) if film.crew.voice is not None else None


def voices(film: ScriptFilm, cards: Cards) -> Callable[[Line], Voice]:
    """Line -> whose voice says it, at their pace."""
    own = film.crew.voice

    @cache
    def made(name: str) -> Voice:
        # A voice that was brought has no name that it could be made by.
        return own if own is not None and name == f"{registry.OWN}{own.identity}" else film.voice_named(name)

    def voice_of(line: Line) -> Voice:
        card = cards.cast.character(line.character)
        name, speed = (card.voice, card.speed) if card else (cards.cast.narrator, cards.cast.narrator_speed)
        return made(name) if speed == 1.0 else PacedVoice(made(name), speed)

    return voice_of


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """A clip to be made: its prompt, what it is asked for with, and the film's own measure that it is brought to."""

    shot: str
    prompt: str
    request: ImageRequest
    arguments: Mapping[str, Any]
    measure: Mapping[str, Any]


def clip_orders(film: ScriptFilm, cards: Cards, lines: Mapping[str, SpokenLine]) -> list[ClipOrder]:
    settings = film.settings
    layout = lay_out_script(cards.breakdown, lines, settings.rate)
    requests = keyframes(film, cards)
    orders = []
    for (scene, shot), span in zip(cards.shots, layout.shots, strict=True):
        length_s = settings.rate.seconds(span.end - span.start) + 0.5  # what a dissolve reaches over
        arguments: dict[str, Any] = {
            "duration_s": clip_length_s(length_s),
            "width_px": settings.width_px,
            "height_px": settings.height_px,
            "frames_per_s": round(settings.rate.fps),
        }
        measure = {
            "rate": settings.rate,
            "width_px": settings.width_px,
            "height_px": settings.height_px,
            "length_frames": settings.rate.frames(arguments["duration_s"]),
            "whole": False,
        }
        prompt = animation_prompt(scene, shot, cards.cast)
        orders.append(ClipOrder(shot.id, prompt, requests[shot.id], arguments, measure))
    return orders


def animate(
    film: ScriptFilm, cards: Cards, pictures: Mapping[str, Asset], lines: Mapping[str, SpokenLine]
) -> dict[str, Asset]:
    """Step 7: where an animator was chosen, a clip for each picture, saved as clips/shot_ID; else the pictures.

    A clip that was refused leaves its picture, over which the camera moves, and the user is told.
    """
    project, animator = film.project, film.crew.animator
    if animator is None:
        return dict(pictures)
    orders = [order for order in clip_orders(film, cards, lines) if order.shot in pictures]
    with project.progress.task("animate", len(orders), "clips") as task:

        def move(order: ClipOrder) -> Asset:
            still = pictures[order.shot]
            clip, remembered = or_gap(
                project,
                lambda: animate_keyframe.recall(
                    project, still, order.request, order.prompt, animator, **order.arguments
                ),
                f"shot {order.shot} has no clip, so the camera moves over its picture",
                "animate",
            )
            task.advance(message=order.prompt[:80], remembered=remembered)
            if clip is None:
                return still
            clip = conform(project, clip, **order.measure)
            keep_file(project, f"clips/shot_{order.shot}", clip.blob)
            return clip

        clips = fan_out(move, orders, at_once=registry.at_once(animator))
    return {order.shot: clip for order, clip in zip(orders, clips, strict=True)}


def music_orders(film: ScriptFilm, cards: Cards, lines: Mapping[str, SpokenLine]) -> list[tuple[MusicSpan, int]]:
    """The stretches of music with each one's seed."""
    layout = lay_out_script(cards.breakdown, lines, film.settings.rate)
    spans = music_spans(cards.breakdown, layout, film.settings.rate)
    return [(span, film.brief.seed * 1000 + number) for number, span in enumerate(spans)]


def compose(film: ScriptFilm, cards: Cards, lines: Mapping[str, SpokenLine]) -> tuple[Laid | None, ...]:
    """Step 8: the music, a piece for each stretch of scenes in one mood. Saved as audio/music_N."""
    project, composer = film.project, film.crew.composer
    orders = music_orders(film, cards, lines)
    with project.progress.task("score", len(orders), "pieces") as task:

        def play(number: int) -> Laid | None:
            span, seed = orders[number]
            piece, remembered = or_gap(
                project,
                lambda: score.recall(project, span.mood, span.length_s, composer, seed=seed),
                f"there is no music for {span.mood!r}",
                "score",
            )
            task.advance(message=span.mood, remembered=remembered)
            if piece is None:
                return None
            keep_file(project, f"audio/music_{number + 1}", piece.blob)
            return Laid(piece, loudness_of(project, piece))

        return tuple(fan_out(play, range(len(orders)), at_once=registry.at_once(composer)))


def effect_kinds(cards: Cards) -> list[EffectKind]:
    return list(dict.fromkeys(cue.kind for scene in cards.breakdown.scenes for cue in effect_cues(scene)))


def lay_effects(film: ScriptFilm, cards: Cards) -> dict[EffectKind, Laid]:
    """Step 9: the sounds that the actions call for, one of a kind. Saved as audio/effect_KIND; none without a crew."""
    project, maker = film.project, film.crew.effects
    if maker is None:
        return {}
    kinds = effect_kinds(cards)
    with project.progress.task("effects", len(kinds), "sounds") as task:

        def make_one(kind: EffectKind) -> Laid | None:
            rule = RULES[kind]
            sound, remembered = or_gap(
                project,
                lambda: make_effect.recall(project, kind, rule.description, rule.length_s, maker, seed=film.brief.seed),
                f"there is no sound of {kind}",
                "effects",
            )
            task.advance(message=rule.description, remembered=remembered)
            if sound is None:
                return None
            keep_file(project, f"audio/effect_{kind}", sound.blob)
            return Laid(sound, loudness_of(project, sound))

        made = fan_out(make_one, kinds, at_once=registry.at_once(maker))
    return {kind: sound for kind, sound in zip(kinds, made, strict=True) if sound is not None}


# ------------------------------------------------------------------------------------------------------------- timeline


def lay(
    film: ScriptFilm,
    cards: Cards,
    pictures: Mapping[str, Asset],
    lines: Mapping[str, SpokenLine],
    music: Sequence[Laid | None] = (),
    effects: Mapping[EffectKind, Laid] | None = None,
) -> Timeline:
    """Step 10: the timeline; what is not there yet is a placeholder, or silent."""
    return assemble_script(
        breakdown=cards.breakdown,
        lines=lines,
        pictures=pictures,
        settings=film.settings,
        music=music,
        effects=effects,
        labels=film.brief.labels,
    )


def draft(film: ScriptFilm, cards: Cards) -> Timeline:
    """Step 3: the animatic: the timeline with whatever is there already. Saved as timeline.json, so that it plays."""
    timeline = remembered_timeline(film, cards)
    keep_timeline(film.project, with_saved_edits(film.project, timeline))
    return timeline


def remembered_timeline(film: ScriptFilm, cards: Cards) -> Timeline:
    """The timeline of what is remembered, and of nothing else; makes nothing."""
    project, crew = film.project, film.crew
    pictures = {
        shot: illustrate(project, request, crew.painter)
        for shot, request in keyframes(film, cards).items()
        if illustrate.is_remembered(project, request, crew.painter)
    }
    lines = remembered_lines(film, cards)
    if crew.animator is not None:
        for order in clip_orders(film, cards, lines):
            still = pictures.get(order.shot)
            call = (project, still, order.request, order.prompt, crew.animator)
            if still is not None and animate_keyframe.is_remembered(*cast(Any, call), **order.arguments):
                clip = animate_keyframe(*cast(Any, call), **order.arguments)
                if conform.is_remembered(project, clip, **order.measure):
                    pictures[order.shot] = conform(project, clip, **order.measure)
    music: list[Laid | None] = []
    for span, seed in music_orders(film, cards, lines):
        there = score.is_remembered(project, span.mood, span.length_s, crew.composer, seed=seed)
        piece = score(project, span.mood, span.length_s, crew.composer, seed=seed) if there else None
        music.append(Laid(piece, loudness_of(project, piece)) if piece else None)
    return lay(film, cards, pictures, lines, music, _remembered_effects(film, cards))


def _remembered_effects(film: ScriptFilm, cards: Cards) -> dict[EffectKind, Laid]:
    project, maker, seed = film.project, film.crew.effects, film.brief.seed
    effects: dict[EffectKind, Laid] = {}
    if maker is None:
        return effects
    for kind in effect_kinds(cards):
        rule = RULES[kind]
        if make_effect.is_remembered(project, kind, rule.description, rule.length_s, maker, seed=seed):
            sound = make_effect(project, kind, rule.description, rule.length_s, maker, seed=seed)
            effects[kind] = Laid(sound, loudness_of(project, sound))
    return effects


def remembered_lines(film: ScriptFilm, cards: Cards) -> dict[str, SpokenLine]:
    """Line id -> as it was spoken, or as it is timed by its letters where it was not."""
    project = film.project
    if film.crew.voice is None:
        return {line.id: unspoken(line) for line in cards.breakdown.lines}
    voice_of, heard = voices(film, cards), {}
    for line in cards.breakdown.lines:
        voice, language = voice_of(line), film.settings.language
        heard[line.id] = unspoken(line)
        if speak.is_remembered(project, line.text, voice, language=language):
            passage, _ = spoken(project, line.text, voice, film.crew.listener, language=language)
            heard[line.id] = replace(
                heard[line.id],
                audio=passage.audio,
                duration_s=passage.audio.duration_s,
                words=passage.words,
                lufs=loudness_of(project, passage.audio),
            )
    return heard
