"""A script film's sounds: the lines in their voices, the music and the effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from storyreel.media.pronouncing import taught
from storyreel.media.script_steps import PacedVoice, make_effect
from storyreel.media.steps import Passage, loudness_of, score
from storyreel.providers import registry
from storyreel.providers.contracts import Voice
from storyreel.recipes._gaps import or_gap
from storyreel.recipes._kept import keep_file
from storyreel.recipes._speaking import spoken, warn_if_guessed
from storyreel.recipes.script_cards import Cards, ScriptFilm
from storyreel.shots.effects import RULES, EffectKind, effect_cues
from storyreel.shots.script_model import Line
from storyreel.timeline.assemble_script import Laid, MusicSpan, music_spans
from storyreel.timeline.script_layout import SpokenLine, lay_out_script, unspoken
from storyreel.workers import fan_out


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
    """Line -> whose voice says it, at their pace and with the pronunciations that it calls for."""
    own = film.crew.voice

    @cache
    def made(name: str) -> Voice:
        # A voice that was brought has no name that it could be made by.
        return own if own is not None and name == f"{registry.OWN}{own.identity}" else film.voice_named(name)

    def voice_of(line: Line) -> Voice:
        card = cards.cast.character(line.character)
        name, speed = (card.voice, card.speed) if card else (cards.cast.narrator, cards.cast.narrator_speed)
        voice = taught(made(name), line.text, film.settings.pronunciations, film.settings.language)
        return voice if speed == 1.0 else PacedVoice(voice, speed)

    return voice_of


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
    """The kinds of sound that the actions call for, each once, in the order in which they are heard."""
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
