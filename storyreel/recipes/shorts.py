"""The best moments of a finished film as shorts, each a film of its own that can be edited.

    made = shorts("the-last-lighthouse", count=3, platform="tiktok")
    made[0].film.path, made[0].moment.title, made[0].moment.reasons

What is measured of the film, and what a writer thinks of its moments, is remembered in the film's own project and paid
from its budget; shorts.json there lists what was chosen. A short has the film's pictures and sounds by their content:
nothing of them is made again. It is a project named after the film and the moment's place in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from storyreel.errors import InputError
from storyreel.inputs.brief import whole_number
from storyreel.media.model import Asset
from storyreel.memo.money import limit_after
from storyreel.progress import Event, Progress
from storyreel.project import Project, Record, write_text_atomically
from storyreel.providers import registry
from storyreel.providers.contracts import Crew, Writer
from storyreel.providers.estimate import Estimate
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.publish.shorts.compose import CAPTIONS, short_of
from storyreel.publish.shorts.hearing import SoundCurve, hear_film
from storyreel.publish.shorts.judging import MOST_JUDGED, judge_moments, judging_work
from storyreel.publish.shorts.looking import Look, follow_video, look_at_picture, skim_video
from storyreel.publish.shorts.looking import flows_on as unbroken
from storyreel.publish.shorts.moments import SHORTEST_S, Moment, Scene, rank
from storyreel.recipes._finish import FILM_NAME, Film, finish, read_timeline
from storyreel.recipes._kept import keep_file
from storyreel.recipes._run import answered_by_step, run
from storyreel.render.people import face_finder
from storyreel.render.steps import audible
from storyreel.settings import Quality
from storyreel.timeline.model import Clip, Timeline
from storyreel.timeline.safe_area import margins

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ChosenShort", "Short", "chosen_shorts", "estimate", "from_record", "make", "shorts"]

RECIPE = "short"
SHORTS_NAME = "shorts.json"
MOST_SHORTS = 20
SHARES: Mapping[str, float] = {"listen": 0.1, "look": 0.2, "judge_moments": 0.05, "make_shorts": 0.65}
MAKE_SHARES: Mapping[str, float] = {"render": 1.0}
_MOMENTS: TypeAdapter[tuple[Moment, ...]] = TypeAdapter(tuple[Moment, ...])
_JUDGED_SHARE = 0.6  # of a moment's rank, where a writer has judged it
_NOT_ALONE = 0.5


@dataclass(frozen=True, slots=True)
class Short:
    """A short: the moment of the film that it shows, and its own film."""

    moment: Moment
    film: Film


@dataclass(frozen=True, slots=True)
class ShortFilm:
    """A short to render: its project, and its timeline before any edit."""

    project: Project
    timeline: Timeline
    quality: Quality


@dataclass(frozen=True, slots=True)
class ChosenShort:
    """A moment that was chosen for a short.

    Attributes:
        project: the short's own; it may not be begun yet.
        ready: whether its film is there.
    """

    moment: Moment
    project: Project
    ready: bool


def shorts(
    project_id: str,
    count: int = 3,
    *,
    platform: str = "",
    writer: str | None = None,
    quality: Quality | None = None,
    budget_usd: Decimal | float | str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> tuple[Short, ...]:
    """Make shorts of a finished film: 15 to 60 s, upright, captioned, each a project of its own.

    Args:
        project_id: the film's.
        count: 1 to 20; a film may have fewer moments that stand alone.
        platform: "tiktok", "reels" or "shorts", whose controls captions keep clear of; "" keeps clear of all of them.
        writer: who judges the moments; by default the film's own writer. The offline one, and "none", leave it to what
            is measured.
        quality: the encoder preset; by default the film's.
        budget_usd: a new limit for the film's paid calls over all its runs; "none" lifts it, None keeps the one it has.
        cache: where films live; by default STORYREEL_CACHE, else ./cache.
        progress: where to report; listen to it to watch, call its `cancel` to stop.

    Returns:
        The best first.

    Raises:
        InputError: the film has no timeline yet, is shorter than 15 s, or a value cannot be used.
        ProviderError: the writer failed; the same call goes on from there.
        StorageError: this machine could not keep a file.
    """
    from storyreel.recipes.resume import existing

    wanted = whole_number("count", count, range(1, MOST_SHORTS + 1))
    film = existing(project_id, cache, progress)
    timeline = _checked(film, platform)
    record = film.record()
    judge = _judge(record, writer)
    film.save_record(record.model_copy(update={"budget_usd": limit_after(budget_usd, record.budget_usd)}))
    # One run from the choice to the last film: who watches it is told that it is done when all of them are there.
    with run(film, "shorts", SHARES):
        moments = find(film, timeline, wanted, judge)
        if len(moments) < wanted:
            film.progress.warn(f"the film has only {len(moments)} moments of 15 to 60 s that stand alone", "shorts")
        made = []
        with film.progress.task("make_shorts", len(moments), "shorts") as task:
            for number, moment in enumerate(moments, 1):
                film.progress.note(f"short {number} of {len(moments)}: {moment.title or moment.text[:60]}", "shorts")
                with _own_project(film, moment) as project:
                    short = _begin(film, project, timeline, moment, platform, quality or record.settings.quality)
                    made.append(Short(moment, make(short)))
                task.advance()
    return tuple(made)


def find(film: Project, timeline: Timeline, count: int, judge: Writer | None = None) -> tuple[Moment, ...]:
    """The best moments of a film, the best first; saved as shorts.json.

    Args:
        count: how many at most.
        judge: who judges them, too; None for nobody.
    """
    sound = _heard(film, timeline)
    scenes = _scenes(film, timeline)
    moments = rank(timeline, sound, scenes, max(count, MOST_JUDGED) if judge is not None else count)
    if judge is not None and moments:
        moments = _judged(film, timeline, moments, judge)[:count]
    write_text_atomically(film.path(SHORTS_NAME), _MOMENTS.dump_json(moments, indent=1).decode() + "\n")
    return moments


def chosen_shorts(film: Project) -> tuple[ChosenShort, ...]:
    """The shorts that were last chosen of a film, the best first, however far they have come; makes nothing."""
    try:
        moments = _MOMENTS.validate_json(film.path(SHORTS_NAME).read_bytes())
    except (OSError, ValidationError):
        return ()
    projects = [Project(_short_id(film, moment), film.cache) for moment in moments]
    return tuple(
        ChosenShort(moment, project, (project.folder / FILM_NAME).exists())
        for moment, project in zip(moments, projects, strict=True)
    )


def estimate(project_id: str, *, writer: str | None = None, cache: Path | str | None = None) -> Estimate:
    """What the shorts of a film will cost: a writer's judgement, where one is asked. Makes nothing.

    Raises:
        InputError: as `shorts`.
    """
    from storyreel.recipes.resume import existing

    film = existing(project_id, cache)
    _checked(film, "")
    done, spent_usd = answered_by_step(film)
    judge = _judge(film.record(), writer)
    return estimate_works([judging_work(judge)] if judge is not None else [], done, spent_usd)


def from_record(project: Project) -> ShortFilm:
    """The short that a project's record holds.

    Raises:
        InputError: the record holds no timeline.
    """
    record = project.record()
    try:
        timeline = Timeline.model_validate(record.inputs.get("timeline"))
    except ValidationError as error:
        raise InputError(
            f"{project.id!r} has no timeline in its record: make it again with  storyreel shorts "
            f"{record.inputs.get('film', 'ID')}"
        ) from error
    return ShortFilm(project, timeline, record.settings.quality)


def make(short: ShortFilm, out: Path | None = None) -> Film:
    """Render a short with the edits that were made of it."""
    with run(short.project, RECIPE, MAKE_SHARES):
        return finish(short.project, short.timeline, out, quality=short.quality)


# ----------------------------------------------------------------------------------------------------- what is there


def _checked(film: Project, platform: str) -> Timeline:
    if film.record().recipe == RECIPE:
        raise InputError(f"{film.id!r} is a short already: give the id of the film that it was cut from")
    timeline = read_timeline(film)
    margins(platform, timeline.width_px, timeline.height_px)
    missing = [clip.id for clip in timeline.clips if clip.asset is None]
    if missing:
        raise InputError(
            f"clip {missing[0]!r} of {film.id!r} has no picture yet: finish the film first with  storyreel resume "
            f"{film.id}"
        )
    if timeline.rate.seconds(timeline.length_frames) < SHORTEST_S:
        raise InputError(f"{film.id!r} is shorter than {SHORTEST_S:.0f} s, the least that a short has: show it whole")
    return timeline


def _judge(record: Record, writer: str | None) -> Writer | None:
    """Who judges; the offline writer works by rules and cannot."""
    name = writer if writer is not None else record.crew.get("writer", registry.NOBODY)
    if name == registry.NOBODY or name.partition(":")[0] == "offline":
        return None
    crew: Crew = registry.crew({"writer": name, "painter": "offline", "voice": registry.NOBODY})
    registry.check_keys(crew)
    return crew.writer


def _heard(film: Project, timeline: Timeline) -> SoundCurve:
    """How the film sounds: its voices and effects, since music has rhythms and swells of its own; else its music."""
    told = tuple(sound for sound in timeline.sounds if sound.track != "music")
    sounds = tuple(sound.model_copy(update={"untouched": False}) for sound in told or timeline.sounds)
    curve = hear_film(film, audible(timeline.model_copy(update={"sounds": sounds})))
    return curve if told else curve.model_copy(update={"laugh": ()})


def _scenes(film: Project, timeline: Timeline) -> list[Scene]:
    """How the film looks over time."""
    scenes: list[Scene] = []
    finder, rate = face_finder(), timeline.rate
    with film.progress.task("look", len(timeline.clips), "clips") as task:
        for clip in timeline.clips:
            start_s = rate.seconds(clip.start_frame)
            if clip.asset is not None and clip.asset.kind == "video":
                looks, remembered = skim_video.recall(film, clip.asset.blob, finder)
                end_s = rate.seconds(clip.end_frame)
                for look in looks:
                    at_s = start_s + (look.at_s - clip.source_start_s) / clip.speed
                    if start_s - 1 <= at_s < end_s:
                        scenes.append(_scene(max(at_s, start_s), look))
            elif clip.asset is not None:
                look, remembered = look_at_picture.recall(film, clip.asset.blob, finder)
                scenes.append(_scene(start_s, look))
            task.advance(remembered=remembered)
    return scenes


def _scene(at_s: float, look: Look) -> Scene:
    share = sum(face.width * face.height for face in look.faces)
    return Scene(at_s, look.motion, look.contrast, min(1.0, share))


def _judged(film: Project, timeline: Timeline, moments: Sequence[Moment], judge: Writer) -> tuple[Moment, ...]:
    """The moments in the order that what was measured and what the writer thinks give together."""
    with film.progress.task("judge_moments", 1, "answers") as task:
        judgements, remembered = judge_moments.recall(
            film,
            tuple(moment.text for moment in moments),
            tuple(", ".join(moment.reasons) for moment in moments),
            judge,
            title=timeline.title,
            language=timeline.language,
        )
        task.advance(remembered=remembered)
    top = max(moment.score for moment in moments) or 1.0
    ranked = []
    for moment, judged in zip(moments, judgements, strict=True):
        score = (1 - _JUDGED_SHARE) * moment.score / top + _JUDGED_SHARE * judged.score / 10
        ranked.append(
            moment.model_copy(
                update={
                    "score": round(score - (0.0 if judged.stands_alone else _NOT_ALONE), 4),
                    "title": judged.title.strip() or moment.title,
                    "reasons": (*moment.reasons, judged.why) if judged.why else moment.reasons,
                }
            )
        )
    return tuple(sorted(ranked, key=lambda moment: -moment.score))


# --------------------------------------------------------------------------------------------------------- a project


@contextmanager
def _own_project(film: Project, moment: Moment) -> Iterator[Project]:
    """The short's project, whose events are shown to the film's listeners, too, and which stops when the film does."""
    yield Project(_short_id(film, moment), film.cache, _Relay(film.progress))


def _short_id(film: Project, moment: Moment) -> str:
    seconds = round(moment.start_s)
    return f"{film.id[:46].rstrip('-')}-short-{seconds // 60}m{seconds % 60:02d}s"


class _Relay(Progress):
    """A short's own stream of events; listeners are the film's, and the film's wish to stop is its own."""

    def __init__(self, film: Progress) -> None:
        super().__init__()
        self._film = film

    def show(self, event: Event) -> None:
        """Hand an event to the film's listeners; to them a short is a part of the film's own run."""
        if event.kind not in ("run", "finished", "stopped"):
            self._film.show(event)

    @property
    def cancelled(self) -> bool:
        """Whether the film's run has been asked to stop."""
        return self._film.cancelled

    def raise_if_cancelled(self) -> None:
        """Stop here if the user asked for it."""
        self._film.raise_if_cancelled()


def _begin(
    film: Project, project: Project, timeline: Timeline, moment: Moment, platform: str, quality: Quality
) -> ShortFilm:
    """Cut a moment out, re-frame it, and keep it as a project with its material under readable names."""
    finder = face_finder()

    def looks_of(clip: Clip, asset: Asset) -> Sequence[Look]:
        if asset.kind == "image":
            return (look_at_picture(film, asset.blob, finder),)
        return follow_video(
            film,
            asset.blob,
            finder,
            rate=timeline.rate,
            start_s=clip.source_start_s,
            frames=clip.length_frames,
            speed=clip.speed,
        )

    def flows_on(before: Clip, after: Clip) -> bool:
        if before.asset is None or after.asset is None:
            return False
        last_s = before.source_start_s + timeline.rate.seconds(before.length_frames - 1) * before.speed
        return unbroken(film, before.asset.blob, last_s, after.asset.blob, after.source_start_s, rate=timeline.rate)

    short = short_of(timeline, moment, looks_of, flows_on, platform=platform)
    record = film.record()
    settings = record.settings.model_copy(
        update={
            "width_px": short.width_px,
            "height_px": short.height_px,
            "captions": CAPTIONS,
            "platform": platform,
            "quality": quality,
        }
    )
    inputs = {
        "title": short.title,
        "film": film.id,
        "moment": moment.model_dump(mode="json"),
        "timeline": short.model_dump(mode="json"),
    }
    project.save_record(Record(recipe=RECIPE, inputs=inputs, crew=record.crew, settings=settings))
    for number, clip in enumerate(short.clips, 1):
        if clip.asset is not None:
            keep_file(project, f"clips/clip_{number:03d}", clip.asset.blob)
    for number, sound in enumerate(short.sounds, 1):
        keep_file(project, f"audio/sound_{number:02d}", sound.asset.blob)
    return ShortFilm(project, short, quality)
