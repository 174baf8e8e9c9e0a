"""What a script film takes, for an estimate: counted out by its cards where they are known, else guessed by its length.

A screenplay is broken down for that, which costs nothing; prose has to be read first, and a script that is yet to be
written has to be written, so there it is a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from storyreel.inputs.screenplay.files import ScriptText, read_script, script_from_text
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.script_brief import DEFAULT_LENGTH_S, ScriptBrief, script_brief
from storyreel.inputs.templates import Template
from storyreel.inputs.templates import template as read_template
from storyreel.media.script_steps import clip_length_s
from storyreel.memo.step import NotRemembered, remembered_only
from storyreel.project import Record
from storyreel.providers import registry
from storyreel.providers.contracts import Animator, Composer, Crew, Effects, ImageModel, Voice, Writer
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.prices import Usage
from storyreel.providers.writing import TOKENS_A_WORD, WORDING
from storyreel.recipes._cast import picture_works
from storyreel.recipes._run import answered_by_step, begun_before, choose_crew, silent
from storyreel.recipes.card_files import read_card_file
from storyreel.recipes.script_cards import cards_of, read_as_play
from storyreel.recipes.script_film import DEFAULT_EFFECTS, RECIPE, Cards, ScriptFilm, crew_choice, stage
from storyreel.recipes.script_pending import Look, PendingKind, looked_up
from storyreel.recipes.script_versions import read_version
from storyreel.recipes.title_film import picture_size
from storyreel.settings import Settings
from storyreel.shots.breakdown import break_down
from storyreel.shots.card_edits import apply_cards
from storyreel.shots.cast import cast_of
from storyreel.shots.effects import RULES, effect_cues
from storyreel.shots.pacing import SPOKEN_CHARACTERS_PER_S
from storyreel.shots.script_prompts import describe_shot
from storyreel.story.script_prompts import prose_parts
from storyreel.story.script_steps import write_script
from storyreel.story.staging import staged
from storyreel.timeline.assemble_script import music_spans
from storyreel.timeline.script_layout import lay_out_script, unspoken

# What prose and written scripts came to when they were broken down.
SHOT_S, LINE_CHARACTERS, TOLD_SHARE, WRITTEN_CHARACTERS_A_S = 5.5, 65, 0.9, 12.0
MUSIC_S, EFFECTS_A_FILM, EFFECT_S = 60.0, 3, 4.0
GUESS = 0.4
_STEPS: dict[PendingKind, str] = {
    "wording": "word_picture",
    "likeness": "illustrate",
    "picture": "illustrate",
    "line": "speak",
    "clip": "animate_keyframe",
    "music": "score",
    "effect": "make_effect",
}


def works(brief: ScriptBrief, script: ScriptText | None, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    """The requests that a whole script film takes.

    Args:
        script: what is filmed; None for one that is yet to be written.
    """
    if script is None:
        length_s = float(brief.length_s)
        written = round(length_s * 1.6 * TOKENS_A_WORD)
        writing = Work("write_script", crew.writer, 1, Usage(input_tokens=900, output_tokens=written + 800), 0.5)
        return (writing, *_guessed(length_s, WRITTEN_CHARACTERS_A_S * length_s, settings, crew))
    if script.kind == "fountain":
        return _counted(brief, script, settings, crew)
    parts = prose_parts(script.text)
    read = round(len(script.text.split()) / max(1, len(parts)) * TOKENS_A_WORD)
    # The answer repeats the text, beat by beat.
    reading = Work(
        "read_prose",
        crew.writer,
        len(parts),
        Usage(input_tokens=1500 + read, output_tokens=round(1.6 * read) + 800),
        0.5,
    )
    characters = len(script.text)
    return (reading, *_guessed(characters / SPOKEN_CHARACTERS_PER_S, TOLD_SHARE * characters, settings, crew))


def _guessed(length_s: float, characters: float, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    shots, lines = max(1, round(length_s / SHOT_S)), max(1, round(characters / LINE_CHARACTERS))
    pieces = max(1, round(length_s / MUSIC_S))
    return (
        Work("word_picture", crew.prompter, shots, WORDING, max(GUESS, 0.5)),
        *picture_works(crew.painter, picture_size(settings), None, shots, GUESS),
        Work("speak", crew.voice, lines, Usage(characters=round(characters / lines)), GUESS),
        Work("animate_keyframe", crew.animator, shots, Usage(video_s=clip_length_s(SHOT_S)), GUESS),
        Work("score", crew.composer, pieces, Usage(pieces=1, sound_s=length_s / pieces), GUESS),
        Work("make_effect", crew.effects, EFFECTS_A_FILM, Usage(pieces=1, sound_s=EFFECT_S), 1.0),
    )


def _counted(brief: ScriptBrief, script: ScriptText, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    """By the cards of a screenplay that nothing was made of yet."""
    play = staged(parse_fountain(script.text), brief.title)
    breakdown = break_down(play, genre=brief.genre, narrate=brief.narrate)
    people = cast_of(play, breakdown, style=settings.style, genre=brief.genre, voice="offline")
    pictures = dict.fromkeys(
        (describe_shot(scene, shot, people), scene.place, scene.time)
        for scene in breakdown.scenes
        for shot in scene.shots
    )
    looks = [look for look, _, _ in pictures]
    layout = lay_out_script(breakdown, {line.id: unspoken(line) for line in breakdown.lines}, settings.rate)
    clips_s = [clip_length_s(settings.rate.seconds(span.end - span.start) + 0.5) for span in layout.shots]
    music_s = [span.length_s for span in music_spans(breakdown, layout, settings.rate)]
    kinds = {cue.kind for scene in breakdown.scenes for cue in effect_cues(scene)}
    effects_s = [RULES[kind].length_s for kind in kinds]
    spoken = [len(line.text) for line in breakdown.lines]
    return (
        Work("word_picture", crew.prompter, len(set(looks)), WORDING, 0.5),
        *picture_works(crew.painter, picture_size(settings), looks, len(looks), 0.1),
        Work("speak", crew.voice, len(spoken), Usage(characters=round(_mean(spoken))), 0.1),
        Work("animate_keyframe", crew.animator, len(clips_s), Usage(video_s=_mean(clips_s)), 0.1),
        Work("score", crew.composer, len(music_s), Usage(pieces=1, sound_s=_mean(music_s)), 0.1),
        Work("make_effect", crew.effects, len(effects_s), Usage(pieces=1, sound_s=_mean(effects_s)), 0.0),
    )


def left(film: ScriptFilm, script: ScriptText | None = None, cards: Cards | None = None) -> tuple[Work, ...]:
    """The requests of a film that was begun, with how many of them are answered; nothing is made or paid for.

    Args:
        script: what would be filmed; by default the version that the film is of.
        cards: of the film as it would be; by default as the script and the changes kept so far make them.
    """
    if script is None and film.brief.version:
        script = read_version(film.project, film.brief.version)
    if cards is None:
        try:
            with remembered_only():
                cards = cards_of(film, read_as_play(film, *_written(film, script)))
        except NotRemembered:
            return works(film.brief, script, film.settings, film.crew)
    # What goes by likenesses may be charged as another thing, so it is counted by itself.
    looks: dict[tuple[str, str, int], list[Look]] = {}
    for look in looked_up(film, cards):
        looks.setdefault((_STEPS[look.item.kind], look.item.provider, look.usage.references), []).append(look)
    return tuple(
        Work(step, group[0].provider, len(group), _average([look.usage for look in group if not look.there]), 0.1,
             kept=sum(look.there for look in group))
        for (step, _, _), group in looks.items()
    )  # fmt: skip


def _written(film: ScriptFilm, script: ScriptText | None) -> tuple[ScriptText, str]:
    """The script with its title; one that was written for the film, where none was given."""
    if script is not None:
        return script, film.brief.title
    settings = film.settings
    draft = write_script(film.project, film.brief, film.crew.writer, style=settings.style, language=settings.language)
    return ScriptText(name=film.crew.writer.identity, text=draft.fountain.strip() + "\n", kind="fountain"), draft.title


def estimate(
    file: Path | str | None = None,
    *,
    text: str | None = None,
    title: str = "",
    genre: str = "",
    length_s: int = DEFAULT_LENGTH_S,
    idea: str = "",
    narrate: bool | None = None,
    voice: str | Voice = "offline",
    images: str | ImageModel = "offline",
    writer: str | Writer = "offline",
    prompter: str | Writer = "",
    music: str | Composer = "offline",
    effects: str | Effects = DEFAULT_EFFECTS,
    animator: str | Animator = registry.NOBODY,
    settings: Settings | None = None,
    seed: int = 0,
    project_id: str | None = None,
    cache: Path | str | None = None,
    template: Template | str | Path | None = None,
) -> Estimate:
    """What a script film will cost, without what is there of it already. Makes nothing; see `script_film`."""
    arc = template if isinstance(template, Template | None) else read_template(template, cache)
    script = read_script(file) if file is not None else script_from_text(text) if text is not None else None
    brief = script_brief(
        script, title=title, genre=genre, length_s=length_s, idea=idea, narrate=narrate, seed=seed, template=arc
    )
    record = Record(recipe=RECIPE, inputs=brief.model_dump(), crew={}, settings=settings or Settings())
    choice = crew_choice(
        voice=voice, images=images, writer=writer, prompter=prompter, music=music, effects=effects, animator=animator
    )
    crew, record = choose_crew(record, choice, brief.title, project_id=project_id, cache=cache)
    project = begun_before(record, brief.title, project_id=project_id, cache=cache)
    if project is None:
        return estimate_works(works(brief, script, record.settings, crew), {}).charged_for(_film_s(brief, script))
    film = ScriptFilm(project, brief, record.settings, crew, voice=record.crew["voice"])
    return estimate_works(left(film, script), *answered_by_step(project)).charged_for(_film_s(brief, script))


def estimate_cards(film: ScriptFilm, file: Path) -> Estimate:
    """What a film will cost with the changes of its cards that a file holds; nothing is kept or made.

    Raises:
        InputError: a change does not fit.
    """
    looking = replace(film, project=silent(film.project))
    cards = cards_of(looking, stage(looking))
    breakdown, people = apply_cards(cards.breakdown, cards.cast, read_card_file(file, cards.breakdown, cards.cast))
    works_left = left(looking, cards=Cards(breakdown, people))
    return estimate_works(works_left, *answered_by_step(film.project))


def _film_s(brief: ScriptBrief, script: ScriptText | None) -> float:
    return float(brief.length_s) if script is None else len(script.text) / SPOKEN_CHARACTERS_PER_S


def _average(uses: Sequence[Usage]) -> Usage:
    """The mean of some uses of one kind; nothing of none."""
    if not uses:
        return Usage()
    return Usage(
        input_tokens=uses[0].input_tokens,
        output_tokens=uses[0].output_tokens,
        pictures=uses[0].pictures,
        references=uses[0].references,
        megapixels=_mean([each.megapixels for each in uses]),
        characters=round(_mean([each.characters for each in uses])),
        sound_s=_mean([each.sound_s for each in uses]),
        video_s=_mean([each.video_s for each in uses]),
        pieces=uses[0].pieces,
    )


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0
