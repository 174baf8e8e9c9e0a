"""A script film's timeline: of all that was made, or of what is there so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from storyreel.media.model import Asset
from storyreel.media.script_steps import animate_keyframe, make_effect
from storyreel.media.steps import illustrate, loudness_of, score, speak
from storyreel.recipes._finish import keep_timeline
from storyreel.recipes._speaking import spoken
from storyreel.recipes.edits import with_saved_edits
from storyreel.recipes.script_cards import Cards, ScriptFilm
from storyreel.recipes.script_pictures import clip_orders, keyframes
from storyreel.recipes.script_sounds import effect_kinds, music_orders, voices
from storyreel.render.conform import conform
from storyreel.render.people import heads_in
from storyreel.shots.effects import RULES, EffectKind
from storyreel.timeline.assemble_script import Laid, assemble_script
from storyreel.timeline.model import Timeline
from storyreel.timeline.script_layout import SpokenLine, unspoken


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
        heads={shot: heads_in(film.project, picture) for shot, picture in pictures.items()},
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
