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

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from storyreel.errors import InputError
from storyreel.inputs.screenplay.files import ScriptText, read_script, script_from_text
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.script_brief import DEFAULT_LENGTH_S, LONGEST_FILM_S, ScriptBrief, script_brief
from storyreel.inputs.templates import Template
from storyreel.inputs.templates import template as read_template
from storyreel.memo.policy import read_policy
from storyreel.progress import Progress
from storyreel.project import Project, Record
from storyreel.providers import registry
from storyreel.providers.contracts import Animator, Composer, Effects, ImageModel, Voice, Writer
from storyreel.recipes._agreeing import agreed_to
from storyreel.recipes._finish import Film, check_out, finish
from storyreel.recipes._run import choose_crew, open_project, run
from storyreel.recipes.script_cards import Cards, ScriptFilm, plan, stage
from storyreel.recipes.script_pictures import animate, describe, draw
from storyreel.recipes.script_sounds import compose, lay_effects, speak_lines
from storyreel.recipes.script_timeline import draft, lay
from storyreel.recipes.script_versions import keep_version
from storyreel.settings import Settings
from storyreel.shots.breakdown import break_down
from storyreel.story.staging import staged

__all__ = [
    "Cards",
    "ScriptFilm",
    "animate",
    "begin",
    "compose",
    "describe",
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
    return _made(film, place)


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
    return agree(film, agreed)


def agree(film: ScriptFilm, agreed: bool = False) -> ScriptFilm:
    """The film with what it may cost agreed to, as it is asked for now.

    Raises:
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
    """
    from storyreel.recipes import script_works  # which counts what is made here, so it stands above this module

    agreed_usd = agreed_to(
        film.project,
        film.crew,
        lambda looked: script_works.left(replace(film, project=looked)),
        agreed,
        film.agreed_usd,
    )
    return replace(film, agreed_usd=agreed_usd)


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


def make(film: ScriptFilm, out: Path | None = None, *, agreed: bool = False) -> Film:
    """Run every step; what is remembered costs nothing.

    Args:
        agreed: what is left may cost more than a dollar, beyond what was agreed to when the film was begun.

    Raises:
        NotAgreed: it may, and nobody agreed to that.
    """
    return _made(film if agreed else agree(film), out)


def _made(film: ScriptFilm, out: Path | None) -> Film:
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
