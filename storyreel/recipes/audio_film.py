"""A recording becomes an illustrated film, one remembered step after another.

In a script, `audio_film` does it all. In a notebook, `begin` and then a step a cell:

    film = begin("talk.mp3", format="tiktok")
    sound = prepare(film)
    transcript = transcribe(film, sound)
    told = tidy(film, sound, transcript)          # without "um" and its kin, where that is asked for
    parts = segment(film, told)
    pictures = illustrate_segments(film, told, parts)
    timeline = lay(film, told, parts, pictures)
    finished = finish(film.project, timeline, quality=film.settings.quality)

Each step finds what it made before, whichever way it was called, and saves its result under the project's folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from storyreel.errors import InputError
from storyreel.inputs.recording import DEFAULT_FORMAT, AudioBrief, audio_brief, format_settings
from storyreel.media.cutting import cut_recording
from storyreel.media.fillers import Filler, find_fillers, plan_cuts, time_after, words_after
from storyreel.media.listen import PreparedSound, energy_of, find_pauses, hear_piece, prepare_sound, take_in
from storyreel.media.model import Asset
from storyreel.media.probe import Recording, probe
from storyreel.media.steps import illustrate
from storyreel.media.transcript import HeardPiece, Transcript, doubtful_stretches, joined, piece_bounds
from storyreel.memo.policy import read_policy
from storyreel.memo.store import store_of
from storyreel.progress import Progress
from storyreel.project import Project, Record
from storyreel.providers import registry
from storyreel.providers.contracts import (
    Crew,
    ImageModel,
    ImageRequest,
    Listener,
    SceneDescription,
    SpokenWord,
    Writer,
)
from storyreel.recipes._agreeing import agreed_to
from storyreel.recipes._animatic import Animatic
from storyreel.recipes._cast import PROMPTS_NAME, going_by, paint_likenesses
from storyreel.recipes._finish import Film, check_out, finish
from storyreel.recipes._gaps import or_gap
from storyreel.recipes._kept import keep_file, keep_text
from storyreel.recipes._run import choose_crew, open_project, run
from storyreel.recipes.title_film import picture_size
from storyreel.render.people import heads_in
from storyreel.settings import Settings
from storyreel.shots.prompts import picture_prompt
from storyreel.shots.recording_prompts import AT_ONCE
from storyreel.shots.segments import Segment, segments
from storyreel.shots.steps import plan_pictures
from storyreel.timeline.assemble_audio import assemble_audio
from storyreel.timeline.model import Timeline
from storyreel.workers import fan_out

__all__ = [
    "AudioFilm",
    "Told",
    "audio_film",
    "begin",
    "finish",
    "illustrate_segments",
    "lay",
    "make",
    "prepare",
    "segment",
    "tidy",
    "transcribe",
]

RECIPE = "audio"
SEGMENTS_NAME = "segments.json"
SHARES: Mapping[str, float] = {
    "prepare": 0.02,
    "transcribe": 0.10,
    "plan_pictures": 0.01,
    "illustrate": 0.30,
    "render": 0.57,
}
_BEFORE_CHARACTERS = 240


@dataclass(frozen=True, slots=True)
class AudioFilm:
    """An audio film in the making: what was brought, what was asked for, who makes it, and where.

    Attributes:
        agreed_usd: what its paid calls were agreed to come to; beyond that, and a dollar, somebody is asked.
    """

    project: Project
    brief: AudioBrief
    recording: Recording
    settings: Settings
    crew: Crew
    agreed_usd: Decimal = Decimal(0)

    @property
    def listener(self) -> Listener:
        """Who writes down what is said."""
        if self.crew.listener is None:
            raise InputError("an audio film needs a listener: choose one, such as offline")
        return self.crew.listener


@dataclass(frozen=True, slots=True)
class Told:
    """The recording as the film has it: itself, or without its fillers.

    Attributes:
        recording, sound: what is heard, and the same as listeners take it.
        transcript: its words, fillers that were cut left out.
        fillers: those of the recording as it was brought, with their places in its transcript.
        cut_s: how much was cut, in seconds.
    """

    recording: Recording
    sound: PreparedSound
    transcript: Transcript
    fillers: tuple[Filler, ...]
    cut_s: float = 0.0


def audio_film(
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
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
    project_id: str | None = None,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Film:
    """Make an illustrated film of a recording, or finish the one that was begun.

    Args:
        recording: a sound or video file, up to two hours long.
        format: "youtube" (1920x1080), "tiktok" (1080x1920) or "square" (1080x1080).
        cut_fillers: cut "um" and its kin from sound and picture; else the recording stays as it is.
        title: by default the file's name.
        language: ISO 639-1 code of what is spoken; "" to find out.
        listener, images, writer: provider names, "auto" for who there is a key for, or objects that do the work.
        prompter: who writes the picture prompts instead of the writer, who has nothing else to write here.
        settings: look and size; by default the format's.
        seed: another seed gives other pictures.
        budget_usd: what its paid calls may cost over all its runs; "none" for no limit, None for the one it has.
        agreed: it may cost more than a dollar. A limit in `budget_usd` agrees to that much, too.
        project_id: a slug; by default made from the title.
        cache: where films and everything remembered live; by default STORYREEL_CACHE, else ./cache.
        out: a further place for the film.
        progress: where to report; listen to it to watch, call its `cancel` to stop.

    Returns:
        The film: its path, its timeline and its project.

    Raises:
        InputError: the recording or a value cannot be used.
        ProviderError: a service failed; the same call goes on from there.
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
        BudgetExceeded: the next call would pass the budget, or the film is longer than the policy in force allows.
        StorageError: this machine could not keep a file.
    """
    place = check_out(out)
    film = begin(
        recording,
        format=format,
        cut_fillers=cut_fillers,
        title=title,
        language=language,
        listener=listener,
        images=images,
        writer=writer,
        prompter=prompter,
        settings=settings,
        seed=seed,
        budget_usd=budget_usd,
        agreed=agreed,
        project_id=project_id,
        cache=cache,
        progress=progress,
    )
    return _made(film, place)


def begin(
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
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
    project_id: str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> AudioFilm:
    """Check what is asked for, choose the crew, and take the recording in; makes nothing yet. See `audio_film`."""
    brief = audio_brief(recording, title=title, format=format, cut_fillers=cut_fillers, language=language, seed=seed)
    wanted = settings or format_settings(format, language=language)
    probed = probe(Path(recording))  # before the project's folder is made
    read_policy().check_length(probed.stated_s or 0.0)
    record = Record(recipe=RECIPE, inputs={"title": brief.title}, crew={}, settings=wanted)
    choice = crew_choice(writer=writer, images=images, listener=listener, prompter=prompter)
    crew, record = choose_crew(record, choice, brief.title, project_id=project_id, cache=cache)
    project = open_project(
        record, brief.title, project_id=project_id, cache=cache, progress=progress, crew=crew, budget_usd=budget_usd
    )
    taken = take_in(project, Path(recording))
    inputs = {**brief.model_dump(), "recording": taken.model_dump(mode="json")}
    project.save_record(project.record().model_copy(update={"inputs": inputs}))
    film = AudioFilm(project, brief, taken, wanted, crew)
    return agree(film, agreed)


def agree(film: AudioFilm, agreed: bool = False) -> AudioFilm:
    """The film with what it may cost agreed to, as it is asked for now.

    Raises:
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
    """
    from storyreel.recipes import audio_works  # which counts what is made here, so it stands above this module

    agreed_usd = agreed_to(
        film.project, film.crew, lambda looked: audio_works.left(replace(film, project=looked)), agreed, film.agreed_usd
    )
    return replace(film, agreed_usd=agreed_usd)


def crew_choice(
    *, writer: str | Writer, images: str | ImageModel, listener: str | Listener, prompter: str | Writer
) -> dict[str, object]:
    """Role -> who is wanted for it; see `storyreel.recipes._run.choose_crew`."""
    return {
        "writer": writer, "painter": images, "listener": listener, "voice": registry.NOBODY,
        # All that is written here is picture prompts.
        "prompter": prompter or (registry.AUTO if writer == registry.AUTO else registry.THE_WRITER),
    }  # fmt: skip


def from_record(project: Project) -> AudioFilm:
    """The audio film that a project's record asks for; the recording is the copy that was taken in.

    Raises:
        InputError: the run was stopped before the recording was taken in.
    """
    record = project.record()
    inputs = dict(record.inputs)
    if "recording" not in inputs:
        raise InputError(f"{project.id!r} has no recording yet: begin it again with  storyreel audio FILE")
    taken = Recording.model_validate(inputs.pop("recording"))
    return AudioFilm(project, AudioBrief.model_validate(inputs), taken, record.settings, registry.crew(record.crew))


def make(film: AudioFilm, out: Path | None = None, *, agreed: bool = False) -> Film:
    """Run every step; what is remembered costs nothing.

    Args:
        agreed: what is left may cost more than a dollar, beyond what was agreed to when the film was begun.

    Raises:
        NotAgreed: it may, and nobody agreed to that.
    """
    return _made(film if agreed else agree(film), out)


def _made(film: AudioFilm, out: Path | None) -> Film:
    with run(film.project, RECIPE, SHARES):
        sound = prepare(film)
        transcript = transcribe(film, sound)
        told = tidy(film, sound, transcript)
        parts = segment(film, told)
        arrived: dict[int, Asset] = {}
        animatic = Animatic(film.project, lambda: lay(film, told, parts, dict(arrived)))
        animatic.show(at_once=True)

        def picture_came(part: int, picture: Asset) -> None:
            arrived[part] = picture
            animatic.show()

        pictures = illustrate_segments(film, told, parts, picture_came)
        timeline = lay(film, told, parts, pictures)
        return finish(film.project, timeline, out, quality=film.settings.quality)


def prepare(film: AudioFilm) -> PreparedSound:
    """Step 1: the recording decoded once, as listeners take it, and its energy."""
    sound, remembered = prepare_sound.recall(film.project, film.recording)
    if remembered:
        with film.project.progress.task("prepare", 1, "recordings") as task:
            task.advance(remembered=True)
    if sound.warning:
        film.project.progress.warn(sound.warning, "prepare")
    return sound


def transcribe(film: AudioFilm, sound: PreparedSound) -> Transcript:
    """Step 2: every word with its times and how sure it is. Saved as transcript.json."""
    project, listener = film.project, film.listener
    bounds = piece_bounds(sound.duration_s, find_pauses(project, sound), listener.longest_s)
    with project.progress.task("transcribe", len(bounds), "pieces") as task:

        def hear(bound: tuple[float, float]) -> HeardPiece:
            piece, remembered = hear_piece.recall(project, sound, *bound, listener, language=film.brief.language)
            task.advance(message=" ".join(word.text for word in piece.words)[:80], remembered=remembered)
            return piece

        transcript = joined(fan_out(hear, bounds, at_once=registry.at_once(listener)), sound.duration_s)
    _save_json(project, "transcript.json", transcript.model_dump(mode="json"))
    if not transcript.words:
        project.progress.warn(
            f"no speech was heard in {film.recording.probed.name}: the film has pictures and no captions", "transcribe"
        )
    elif doubtful := doubtful_stretches(transcript):
        where = ", ".join(f"{_moment(start_s)} to {_moment(end_s)}" for start_s, end_s in doubtful[:4])
        project.progress.warn(
            f"what is said from {where}{' and elsewhere' if len(doubtful) > 4 else ''} was hard to hear: where it is "
            "in another language than was expected, name it with --language or take a listener that knows it, such as "
            "offline:base",
            "transcribe",
        )
    return transcript


def tidy(film: AudioFilm, sound: PreparedSound, transcript: Transcript) -> Told:
    """Step 3: the fillers, saved as fillers.json, and, where that is asked for, the recording without them."""
    project = film.project
    fillers = find_fillers(transcript.words, transcript.language, transcript.languages)
    listing = [
        {
            "text": filler.text,
            "kind": filler.kind,
            "start_s": transcript.words[filler.first_word].start_s,
            "end_s": transcript.words[filler.last_word].end_s,
        }
        for filler in fillers
    ]
    _save_json(project, "fillers.json", listing)
    told = without_fillers(film, sound, transcript, fillers)
    if told.cut_s:
        _save_json(project, "transcript_cut.json", told.transcript.model_dump(mode="json"))
    return told


def without_fillers(film: AudioFilm, sound: PreparedSound, transcript: Transcript, fillers: tuple[Filler, ...]) -> Told:
    """The recording as the film has it: cut, where that was asked for and there is something to cut."""
    project = film.project
    if not film.brief.cut_fillers or not fillers:
        return Told(film.recording, sound, transcript, fillers)
    cuts = plan_cuts(transcript.words, fillers, energy_of(store_of(project), sound), sound.duration_s)
    if not cuts:
        return Told(film.recording, sound, transcript, fillers)
    shorter = cut_recording(project, film.recording, cuts)
    shorter_sound = prepare_sound(project, shorter.recording)
    left = words_after(transcript.words, fillers, shorter.cuts)
    told = transcript.model_copy(
        update={
            "words": left,
            "duration_s": round(shorter_sound.duration_s, 3),
            "languages": tuple(
                each.model_copy(
                    update={
                        "start_s": round(time_after(shorter.cuts, each.start_s), 3),
                        "end_s": round(time_after(shorter.cuts, each.end_s), 3),
                    }
                )
                for each in transcript.languages
            ),
        }
    )
    return Told(shorter.recording, shorter_sound, told, fillers, cut_s=sound.duration_s - shorter_sound.duration_s)


def segment(film: AudioFilm, told: Told) -> tuple[Segment, ...]:
    """Step 4: the segments, 5 to 8 s each. Saved as segments.json."""
    parts = segments(told.transcript.words, told.sound.duration_s, find_pauses(film.project, told.sound))
    _save_json(film.project, SEGMENTS_NAME, [part.model_dump(mode="json") for part in parts])
    for part in parts:
        if part.exception and len(parts) > 1:
            film.project.progress.warn(f"segment {part.index} lasts {part.length_s:.1f} s: {part.exception}", "segment")
    return parts


def illustrate_segments(
    film: AudioFilm,
    told: Told,
    parts: Sequence[Segment],
    on_picture: Callable[[int, Asset], None] = lambda part, picture: None,
) -> dict[int, Asset]:
    """Step 5: a prompt a segment, saved as prompts.json, and its picture, saved as images/scene_NNNN.

    A segment whose picture was refused has none. For a painter that takes pictures to go by, whoever is seen more than
    once is painted alone first.

    Args:
        on_picture: told each segment's index and picture as they come, in the threads that make them.
    """
    project, settings, brief, painter = film.project, film.settings, film.brief, film.crew.painter
    descriptions: list[SceneDescription] = []
    with project.progress.task("plan_pictures", len(parts), "segments") as task:
        for batch in planning(film, told, parts):
            planned, remembered = plan_pictures.recall(project, batch.passages, film.crew.scene_writer, **batch.how)
            descriptions += planned
            task.advance(len(batch.passages), remembered=remembered)
    requests = picture_requests(film, parts, descriptions)
    _save_json(
        project,
        PROMPTS_NAME,
        [
            {
                "segment": part.index,
                "text": part.text,
                "prompt": request.prompt,
                "seed": request.seed,
                "description": description.model_dump(mode="json"),
            }
            for part, request, description in zip(parts, requests, descriptions, strict=True)
        ],
    )
    likenesses = paint_likenesses(project, painter, descriptions, style=settings.style, seed=brief.seed)
    with project.progress.task("illustrate", len(parts), "pictures") as task:

        def draw(numbered: tuple[int, ImageRequest]) -> Asset | None:
            index, request = numbered
            picture, remembered = or_gap(
                project,
                lambda: illustrate.recall(project, going_by(request, likenesses, painter), painter),
                f"segment {index} has no picture",
                "illustrate",
            )
            if picture is not None:
                keep_file(project, f"images/scene_{index:04d}", picture.blob)
                on_picture(index, picture)
            task.advance(message=request.scene.subject if request.scene else "", remembered=remembered)
            return picture

        indices = [part.index for part in parts]
        pictures = fan_out(draw, zip(indices, requests, strict=True), at_once=registry.at_once(painter))
    return {index: picture for index, picture in zip(indices, pictures, strict=True) if picture is not None}


@dataclass(frozen=True, slots=True)
class Batch:
    """A few consecutive segments whose pictures are planned together: their words, and what else that goes by."""

    passages: tuple[str, ...]
    how: dict[str, Any]


def planning(film: AudioFilm, told: Told, parts: Sequence[Segment]) -> list[Batch]:
    """What the pictures are planned by, batch after batch."""
    whole = told.transcript.text
    return [
        Batch(
            tuple(part.text for part in parts[first : first + AT_ONCE]),
            {
                "title": film.brief.title,
                "whole": whole,
                "before": " ".join(part.text for part in parts[max(0, first - 3) : first])[-_BEFORE_CHARACTERS:],
                "first": first + 1,
                "segments": len(parts),
                "style": film.settings.style,
                "language": told.transcript.language,
                "seed": film.brief.seed,
            },
        )
        for first in range(0, len(parts), AT_ONCE)
    ]


def picture_requests(
    film: AudioFilm, parts: Sequence[Segment], descriptions: Sequence[SceneDescription]
) -> list[ImageRequest]:
    """What each segment's picture is asked for with, before likenesses."""
    width_px, height_px = picture_size(film.settings)
    return [
        ImageRequest(
            prompt=picture_prompt(description, film.settings.style),
            width_px=width_px,
            height_px=height_px,
            seed=film.brief.seed * 10_000 + part.index,
            scene=description,
        )
        for part, description in zip(parts, descriptions, strict=True)
    ]


def lay(film: AudioFilm, told: Told, parts: Sequence[Segment], pictures: Mapping[int, Asset]) -> Timeline:
    """Step 6: the timeline: the recording untouched below, its pictures above, its words as captions."""
    transcript = told.transcript
    hesitations = [
        filler
        for filler in find_fillers(transcript.words, transcript.language, transcript.languages)
        if filler.kind == "hesitation"
    ]
    words = [  # "um" is heard, and nobody wants to read it
        SpokenWord(text=word.text, start_s=word.start_s, end_s=word.end_s)
        for word in words_after(transcript.words, hesitations, ())
    ]
    return assemble_audio(
        title=film.brief.title,
        recording=told.recording.asset(told.sound.duration_s),
        duration_s=told.sound.duration_s,
        segments=parts,
        pictures=pictures,
        words=words,
        language=transcript.language,
        settings=film.settings,
        cut=film.brief.format == "tiktok",
        heads={segment: heads_in(film.project, picture) for segment, picture in pictures.items()},
    )


def _moment(at_s: float) -> str:
    return f"{int(at_s) // 60}:{int(at_s) % 60:02d}"


def _save_json(project: Project, name: str, value: object) -> None:
    keep_text(project, name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
