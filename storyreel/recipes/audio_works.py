"""What an audio film takes, for an estimate: by the recording's length, until its segments are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from storyreel.inputs.recording import DEFAULT_FORMAT, audio_brief, format_settings
from storyreel.media.container import open_media
from storyreel.media.probe import Probed, probe
from storyreel.media.transcript import piece_bounds
from storyreel.project import Project, Record
from storyreel.providers.contracts import Crew, ImageModel, Listener, SceneDescription, Writer
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.prices import Usage
from storyreel.providers.writing import CHARACTERS_A_TOKEN, TOKENS_A_SCENE
from storyreel.recipes._cast import picture_works, planned_looks
from storyreel.recipes._run import begun_before, choose_crew, paid_so_far
from storyreel.recipes.audio_film import RECIPE, SEGMENTS_NAME, crew_choice
from storyreel.recipes.title_film import picture_size
from storyreel.settings import Settings
from storyreel.shots.pacing import SPOKEN_CHARACTERS_PER_S
from storyreel.shots.recording_prompts import AT_ONCE, WHOLE_CHARACTERS
from storyreel.shots.segments import BEST_S


def works(
    duration_s: float,
    settings: Settings,
    crew: Crew,
    segments: int | None = None,
    looks: Sequence[SceneDescription] | None = None,
) -> tuple[Work, ...]:
    """The requests that a whole audio film takes.

    Args:
        duration_s: of the recording.
        segments: how many it has; None where that is not known yet.
        looks: its pictures, where they are planned already.
    """
    listener = crew.listener
    pieces = piece_bounds(duration_s, (), listener.longest_s) if listener is not None else ()
    heard_s = sum(end_s - start_s for start_s, end_s in pieces)
    pictures = segments if segments is not None else max(1, round(duration_s / BEST_S))
    batches = ceil(pictures / AT_ONCE)
    told = min(WHOLE_CHARACTERS, round(duration_s * SPOKEN_CHARACTERS_PER_S))
    read = 1500 + round(2 * told / CHARACTERS_A_TOKEN)
    written = round(pictures / batches) * TOKENS_A_SCENE + 800
    return (
        Work("hear_piece", listener, len(pieces), Usage(sound_s=heard_s / max(1, len(pieces))), 0.1),
        Work("plan_pictures", crew.scene_writer, batches, Usage(input_tokens=read, output_tokens=written), 0.5),
        *picture_works(crew.painter, picture_size(settings), looks, pictures, 0.1 if segments is not None else 0.25),
    )


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
    same = project is not None and _is_of(project, probed)
    done, spent_usd = paid_so_far(record, brief.title, project_id=project_id, cache=cache)
    segments = segment_count(project) if project is not None and same else None
    looks = planned_looks(project) if project is not None and same and done else None
    works_left = works(length_s(path, probed), wanted, crew, segments, looks)
    return estimate_works(works_left, done if same else {}, spent_usd)


def segment_count(project: Project) -> int | None:
    """How many segments a film has, by segments.json; None before there are any."""
    path = project.path(SEGMENTS_NAME)
    try:
        return len(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


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


def _is_of(project: Project, probed: Probed) -> bool:
    """Whether a project's film is of that recording, as far as a look can tell."""
    taken = project.record().inputs.get("recording")
    return isinstance(taken, dict) and taken.get("probed") == probed.model_dump(mode="json")
