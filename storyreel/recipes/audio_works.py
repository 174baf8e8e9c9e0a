"""What an audio film takes, for an estimate: by the recording's length, then by what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from math import ceil
from pathlib import Path

from storyreel.inputs.recording import DEFAULT_FORMAT, audio_brief, format_settings
from storyreel.media.container import open_media
from storyreel.media.fillers import find_fillers
from storyreel.media.listen import find_pauses, hear_piece, prepare_sound
from storyreel.media.probe import Probed, Recording, probe
from storyreel.media.transcript import joined, piece_bounds
from storyreel.memo.step import NotRemembered, remembered_only
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.providers.contracts import Crew, ImageModel, Listener, SceneDescription, Writer
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.prices import Usage
from storyreel.providers.writing import CHARACTERS_A_TOKEN, TOKENS_A_SCENE
from storyreel.recipes._cast import picture_works, pictures_left
from storyreel.recipes._run import answered_by_step, begun_before, choose_crew
from storyreel.recipes.audio_film import (
    RECIPE,
    AudioFilm,
    crew_choice,
    picture_requests,
    planning,
    without_fillers,
)
from storyreel.recipes.title_film import picture_size
from storyreel.settings import Settings
from storyreel.shots.pacing import SPOKEN_CHARACTERS_PER_S
from storyreel.shots.recording_prompts import AT_ONCE, WHOLE_CHARACTERS
from storyreel.shots.segments import BEST_S, segments
from storyreel.shots.steps import plan_pictures


def works(duration_s: float, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    """The requests that a whole audio film takes.

    Args:
        duration_s: of the recording.
    """
    listener = crew.listener
    bounds = piece_bounds(duration_s, (), listener.longest_s) if listener is not None else ()
    pictures = max(1, round(duration_s / BEST_S))
    return (
        _hearing(crew, bounds),
        _planning(duration_s, pictures, crew),
        *picture_works(crew.painter, picture_size(settings), None, pictures, 0.25),
    )


def left(film: AudioFilm) -> tuple[Work, ...]:
    """The requests of a film that was begun, with how many of them are answered; nothing is made or paid for.

    What is remembered counts, not what was asked for before: a picture that is there costs nothing, whoever else is
    to paint the others.
    """
    project, crew, listener = film.project, film.crew, film.listener
    try:
        with remembered_only():
            sound = prepare_sound(project, film.recording)
            bounds = piece_bounds(sound.duration_s, find_pauses(project, sound), listener.longest_s)
    except NotRemembered:
        return works(length_s(store_of(project).path(film.recording.blob), film.recording.probed), film.settings, crew)
    asked = [(sound, *bound, listener) for bound in bounds]
    heard = [hear_piece.is_remembered(project, *each, language=film.brief.language) for each in asked]
    hearing = _hearing(crew, bounds, sum(heard))
    try:
        with remembered_only():
            pieces = [hear_piece(project, *each, language=film.brief.language) for each in asked]
            transcript = joined(pieces, sound.duration_s)
            fillers = find_fillers(transcript.words, transcript.language, transcript.languages)
            told = without_fillers(film, sound, transcript, fillers)
            parts = segments(told.transcript.words, told.sound.duration_s, find_pauses(project, told.sound))
    except NotRemembered:
        guessed = works(sound.duration_s, film.settings, crew)
        return (hearing, *(replace(work, kept=0) for work in guessed[1:]))
    batches, planned = planning(film, told, parts), 0
    descriptions: list[SceneDescription] = []
    with suppress(NotRemembered), remembered_only():
        for batch in batches:
            descriptions += plan_pictures(project, batch.passages, crew.scene_writer, **batch.how)
            planned += 1
    plan = _planning(sound.duration_s, len(parts), crew, planned)
    if planned < len(batches):
        size_px = picture_size(film.settings)
        return (hearing, plan, *picture_works(crew.painter, size_px, None, len(parts), 0.1, kept=0))
    requests = picture_requests(film, parts, descriptions)
    seed, style = film.brief.seed, film.settings.style
    return (hearing, plan, *pictures_left(project, crew.painter, requests, style=style, seed=seed))


def _hearing(crew: Crew, bounds: Sequence[tuple[float, float]], kept: int | None = None) -> Work:
    heard_s = sum(end_s - start_s for start_s, end_s in bounds)
    return Work("hear_piece", crew.listener, len(bounds), Usage(sound_s=heard_s / max(1, len(bounds))), 0.1, kept)


def _planning(duration_s: float, pictures: int, crew: Crew, kept: int | None = None) -> Work:
    batches = max(1, ceil(pictures / AT_ONCE))
    told = min(WHOLE_CHARACTERS, round(duration_s * SPOKEN_CHARACTERS_PER_S))
    read = 1500 + round(2 * told / CHARACTERS_A_TOKEN)
    written = round(pictures / batches) * TOKENS_A_SCENE + 800
    usage = Usage(input_tokens=read, output_tokens=written)
    return Work("plan_pictures", crew.scene_writer, batches, usage, 0.5, kept)


def estimate(
    recording: Path | str,
    *,
    format: str = DEFAULT_FORMAT,
    cut_fillers: bool = False,
    title: str = "",
    language: str = "",
    listener: str | Listener = "offline",
    images: str | ImageModel = "offline",
    writer: str | Writer = "offline",
    prompter: str | Writer = "",
    settings: Settings | None = None,
    seed: int = 0,
    project_id: str | None = None,
    cache: Path | str | None = None,
) -> Estimate:
    """What an audio film will cost, without what is there of it already. Makes nothing; see `audio_film`."""
    brief = audio_brief(recording, title=title, format=format, cut_fillers=cut_fillers, language=language, seed=seed)
    wanted = settings or format_settings(format, language=language)
    path = Path(recording).expanduser()
    probed = probe(path)
    record = Record(recipe=RECIPE, inputs=brief.model_dump(), crew={}, settings=wanted)
    choice = crew_choice(writer=writer, images=images, listener=listener, prompter=prompter)
    crew, record = choose_crew(record, choice, brief.title, project_id=project_id, cache=cache)
    project = begun_before(record, brief.title, project_id=project_id, cache=cache)
    film_s = length_s(path, probed)
    taken = _taken(project, probed) if project is not None else None
    if project is None or taken is None:
        spent_usd = answered_by_step(project)[1] if project is not None else Decimal(0)
        return estimate_works(works(film_s, wanted, crew), {}, spent_usd).charged_for(film_s)
    works_left = left(AudioFilm(project, brief, taken, wanted, crew))
    return estimate_works(works_left, *answered_by_step(project)).charged_for(film_s)


def length_s(path: Path, probed: Probed) -> float:
    """How long a recording is: as its head says, else by its last packet."""
    if probed.stated_s is not None:
        return probed.stated_s
    with open_media(path) as container:
        ends = [
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in container.demux(container.streams.audio[0])
            if packet.pts is not None and packet.time_base is not None
        ]
    return max(ends, default=0.0)


def _taken(project: Project, probed: Probed) -> Recording | None:
    """The copy of that recording that a project has; None where its film is of another, as far as a look can tell."""
    taken = project.record().inputs.get("recording")
    if not isinstance(taken, dict) or taken.get("probed") != probed.model_dump(mode="json"):
        return None
    return Recording.model_validate(taken)
