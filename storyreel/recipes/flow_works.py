"""What a continuous flow takes, for an estimate: its segments, less those that are there and stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storyreel.inputs.flow import DEFAULT_SECONDS, FlowBrief
from storyreel.media.flow import Segment
from storyreel.media.steps import illustrate, score
from storyreel.providers.contracts import (
    Animator,
    Composer,
    Crew,
    ImageModel,
    Predictor,
    SceneDescription,
    Writer,
)
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.prices import Usage
from storyreel.providers.writing import WORDING
from storyreel.recipes._run import answered_by_step, begun_before, silent
from storyreel.recipes.continuous_flow import (
    FlowFilm,
    asked_for,
    music_order,
    opening_request,
    wording,
)
from storyreel.recipes.flow_board import read_segments
from storyreel.recipes.title_film import picture_size
from storyreel.settings import Settings
from storyreel.shots.flow import MadeFrom, states, words_digest
from storyreel.shots.steps import word_picture


def works(brief: FlowBrief, settings: Settings, crew: Crew) -> tuple[Work, ...]:
    """The requests that a whole flow takes: a picture ahead and a clip for each segment."""
    return _works(brief, settings, crew, [plan.length_s for plan in brief.segments], ahead=len(brief.segments))


def left(film: FlowFilm) -> tuple[Work, ...]:
    """The requests of a flow that was begun, with how many of them are answered; nothing is made or paid for."""
    project, brief, settings, crew = film.project, film.brief, film.settings, film.crew
    before = {segment.number: segment for segment in read_segments(project)}
    wanted = [words_digest(brief, number, settings.style) for number in range(1, len(brief.segments) + 1)]
    worded, opening = _opening(film)
    stands = states(wanted, opening, {number: made for number, each in before.items() if (made := _made_from(each))})
    # What is stale stays as it is, unless it is asked for.
    stays = {"fresh"} if film.remake_stale else {"fresh", "stale"}
    to_clip = [plan.length_s for plan, stand in zip(brief.segments, stands, strict=True) if stand not in stays]
    seen = sum(stand in stays or _is_seen(before.get(number)) for number, stand in enumerate(stands, 1))
    mood, music_s = music_order(brief, settings)
    played = score.is_remembered(project, mood, music_s, crew.composer, seed=brief.seed)
    return _works(
        brief, settings, crew, to_clip, ahead=len(brief.segments) - seen, worded=worded, opened=bool(opening),
        played=played,
    )  # fmt: skip


def _opening(film: FlowFilm) -> tuple[bool, str]:
    """Whether the first picture is worded, and its file's digest; "" where it is not there yet."""
    project, crew = film.project, film.crew
    scene: SceneDescription | None = None
    if crew.prompter is not None:
        draft, how = wording(film.brief, film.settings)
        if not word_picture.is_remembered(project, draft, crew.prompter, **how):
            return False, ""
        scene = word_picture(project, draft, crew.prompter, **how)
    request = opening_request(film.brief, film.settings, scene)
    there = illustrate.is_remembered(project, request, crew.painter)
    return True, illustrate(project, request, crew.painter).blob.sha256 if there else ""


def _made_from(segment: Segment) -> MadeFrom | None:
    if segment.clip is None or segment.start_frame is None or segment.end_frame is None:
        return None
    return MadeFrom(segment.words, segment.start_frame.blob.sha256, segment.end_frame.blob.sha256)


def _is_seen(segment: Segment | None) -> bool:
    """Whether the picture ahead is there and the clip is yet to be made."""
    return segment is not None and segment.clip is None and segment.end_frame is not None


def _works(
    brief: FlowBrief,
    settings: Settings,
    crew: Crew,
    to_clip: list[float],
    *,
    ahead: int,
    worded: bool = False,
    opened: bool = False,
    played: bool = False,
) -> tuple[Work, ...]:
    width_px, height_px = picture_size(settings)
    segments = len(brief.segments)
    first = Usage(pictures=1, megapixels=width_px * height_px / 1e6)
    further = Usage(pictures=1, megapixels=settings.width_px * settings.height_px / 1e6)
    # A clip has one frame more than its segment: the next one's first.
    clip_s = sum(to_clip) / len(to_clip) + settings.rate.seconds(1) if to_clip else 0.0
    _, music_s = music_order(brief, settings)
    return (
        Work("word_picture", crew.prompter, 1, WORDING, 0.5, kept=int(worded)),
        Work("illustrate", crew.painter, 1, first, 0.1, kept=int(opened)),
        Work("look_ahead", crew.predictor, segments, further, 0.3, kept=segments - ahead),
        Work("animate_between", crew.animator, segments, Usage(video_s=clip_s), 0.2, kept=segments - len(to_clip)),
        Work("score", crew.composer, 1, Usage(pieces=1, sound_s=music_s), 0.1, kept=int(played)),
    )


def estimate(
    prompt: str,
    *,
    seconds: float | str = DEFAULT_SECONDS,
    style: str = "cinematic",
    images: str | ImageModel = "offline",
    predictor: str | Predictor = "offline",
    animator: str | Animator = "offline",
    music: str | Composer = "offline",
    prompter: str | Writer = "",
    settings: Settings | None = None,
    seed: int = 0,
    project_id: str | None = None,
    cache: Path | str | None = None,
    change: Callable[[FlowBrief], FlowBrief] = lambda brief: brief,
    remake_stale: bool = False,
) -> Estimate:
    """What a flow will cost, without what is there of it already. Makes nothing; see `continuous_flow`.

    Args:
        change: what is to be changed in its segments, too.
        remake_stale: whether segments are made again that no longer fit the one before them.
    """
    record, brief, crew, own_id = asked_for(
        prompt, seconds=seconds, style=style, images=images, predictor=predictor, animator=animator, music=music,
        prompter=prompter, settings=settings, seed=seed, project_id=project_id, cache=cache,
    )  # fmt: skip
    brief = change(brief)
    project = begun_before(record, brief.prompt, project_id=own_id, cache=cache)
    if project is None:
        return estimate_works(works(brief, record.settings, crew), {}).charged_for(brief.seconds)
    return left_to_pay(FlowFilm(project, brief, record.settings, crew, remake_stale))


def left_to_pay(film: FlowFilm) -> Estimate:
    """What a flow that was begun will cost as it is asked for now; nothing is made."""
    looking = FlowFilm(silent(film.project), film.brief, film.settings, film.crew, film.remake_stale)
    return estimate_works(left(looking), *answered_by_step(looking.project)).charged_for(film.brief.seconds)
