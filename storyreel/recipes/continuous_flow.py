"""A prompt becomes one unbroken shot of any length: each segment begins on the frame the one before ended on.

In a script, `continuous_flow` does it all. In a notebook, `begin` and then a step a cell:

    film = begin("A lighthouse on a rocky coast at dusk", seconds=30)
    opening = open_shot(film)
    segments = grow(film, opening)
    music = compose(film)
    timeline = lay(film, segments, music)
    finished = finish(film.project, timeline, quality=film.settings.quality)

`segments.json` tells how every segment stands, while they are made and after. A segment that is asked for in other
words, or with another seed, is made again; those after it then begin on a frame that is no longer there. They are
stale: they play as they are until somebody asks for them to be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from storyreel.errors import CorruptFile, InputError, ProviderRefused
from storyreel.inputs.brief import one_of, whole_number
from storyreel.inputs.flow import (
    DEFAULT_SECONDS,
    EFFECTS,
    STYLES,
    FlowBrief,
    SegmentPlan,
    flow_brief,
    segment_number,
    tidy_text,
)
from storyreel.media.flow import Ahead, ClipJob, Segment, animate_between, look_ahead
from storyreel.media.model import Asset
from storyreel.media.steps import credited, illustrate, loudness_of, score
from storyreel.memo.policy import read_policy
from storyreel.progress import Progress, Task
from storyreel.project import Project, Record, list_projects, slug
from storyreel.providers import registry
from storyreel.providers.contracts import (
    Animator,
    Composer,
    Crew,
    ImageModel,
    ImageRequest,
    Predictor,
    SceneDescription,
    Writer,
)
from storyreel.recipes._agreeing import agreed_to
from storyreel.recipes._animatic import Animatic
from storyreel.recipes._finish import Film, check_out, finish
from storyreel.recipes._gaps import or_gap
from storyreel.recipes._kept import keep_file
from storyreel.recipes._run import choose_crew, open_project, run
from storyreel.recipes.flow_board import Board, read_segments
from storyreel.recipes.title_film import picture_size
from storyreel.render.conform import conform
from storyreel.settings import Settings
from storyreel.shots.flow import (
    STYLE_WORDS,
    ahead_prompt,
    clip_prompt,
    music_mood,
    opening_prompt,
    words_digest,
)
from storyreel.shots.prompts import picture_prompt
from storyreel.shots.steps import word_picture
from storyreel.timeline.assemble_flow import assemble_flow, segment_frames
from storyreel.timeline.model import Timeline
from storyreel.workers import fan_out

__all__ = [
    "FlowFilm",
    "add_segments",
    "begin",
    "change_segment",
    "compose",
    "continuous_flow",
    "finish",
    "grow",
    "lay",
    "make",
    "open_shot",
    "read_segments",
    "remaking",
]

RECIPE = "flow"
MOST_ADDED = 200
SHARES: Mapping[str, float] = {"illustrate": 0.05, "segments": 0.72, "score": 0.08, "render": 0.15}


@dataclass(frozen=True, slots=True)
class FlowFilm:
    """A flow in the making: what was asked for, who makes it, and where.

    Attributes:
        remake_stale: whether segments that no longer fit the one before them are made again.
        agreed_usd: what its paid calls were agreed to come to; beyond that, and a dollar, somebody is asked.
    """

    project: Project
    brief: FlowBrief
    settings: Settings
    crew: Crew
    remake_stale: bool = False
    agreed_usd: Decimal = Decimal(0)


def continuous_flow(
    prompt: str,
    *,
    seconds: float = DEFAULT_SECONDS,
    style: str = "cinematic",
    images: str | ImageModel = "offline",
    predictor: str | Predictor = "offline",
    animator: str | Animator = "offline",
    music: str | Composer = "offline",
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
    """Make an unbroken shot from a prompt, or finish the one that was begun.

    Args:
        prompt: what the shot is of, up to 2000 characters; a word is enough.
        seconds: how long, 1 to 3600; segments have five seconds, the last one what remains.
        style: "cinematic", "cartoon", "realistic", "anime" or "3d".
        images, predictor, animator, music: provider names: who paints the first picture and the pictures ahead, who
            makes the clips between them, and who plays; or "auto" for who there is a key for, or objects.
        prompter: who words the first picture, from the prompt; "" leaves the prompt as it is.
        settings: look, size and sound; its style gives way to `style`.
        seed: another seed begins on another picture.
        budget_usd: what its paid calls may cost over all its runs; "none" for no limit, None for the one it has.
        agreed: it may cost more than a dollar. A limit in `budget_usd` agrees to that much, too.
        project_id: a slug; by default made from the prompt.
        cache: where films and everything remembered live; by default STORYREEL_CACHE, else ./cache.
        out: a further place for the film.
        progress: where to report; listen to it to watch, call its `cancel` to stop.

    Returns:
        The film: its path, its timeline and its project.

    Raises:
        InputError: a value cannot be used.
        ProviderError: a service failed; the same call goes on from there.
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
        BudgetExceeded: the next call would pass the budget, or the film is longer than the policy in force allows.
        StorageError: this machine could not keep a file.
    """
    place = check_out(out)
    film = begin(
        prompt, seconds=seconds, style=style, images=images, predictor=predictor, animator=animator, music=music,
        prompter=prompter, settings=settings, seed=seed, budget_usd=budget_usd, agreed=agreed,
        project_id=project_id, cache=cache, progress=progress,
    )  # fmt: skip
    return _made(film, place)


def begin(
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
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
    project_id: str | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> FlowFilm:
    """Check what is asked for, choose the crew and open the project; makes nothing yet. See `continuous_flow`.

    A flow that was begun before keeps what was changed in its segments; another length adds to them or takes away.
    """
    record, brief, crew, own_id = asked_for(
        prompt, seconds=seconds, style=style, images=images, predictor=predictor, animator=animator, music=music,
        prompter=prompter, settings=settings, seed=seed, project_id=project_id, cache=cache,
    )  # fmt: skip
    read_policy().check_length(brief.seconds)
    project = open_project(
        record, brief.prompt, project_id=own_id, cache=cache, progress=progress, crew=crew, budget_usd=budget_usd
    )
    return agree(FlowFilm(project, brief, record.settings, crew), agreed)


def agree(film: FlowFilm, agreed: bool = False) -> FlowFilm:
    """The film with what it may cost agreed to, as it is asked for now.

    Raises:
        NotAgreed: it may cost more than a dollar, and nobody agreed to that.
    """
    from storyreel.recipes import flow_works  # which counts what is made here, so it stands above this module

    agreed_usd = agreed_to(
        film.project, film.crew, lambda looked: flow_works.left(replace(film, project=looked)), agreed, film.agreed_usd
    )
    return replace(film, agreed_usd=agreed_usd)


def asked_for(
    prompt: str,
    *,
    seconds: float | str,
    style: str,
    images: str | ImageModel,
    predictor: str | Predictor,
    animator: str | Animator,
    music: str | Composer,
    prompter: str | Writer,
    settings: Settings | None,
    seed: int,
    project_id: str | None,
    cache: Path | str | None,
) -> tuple[Record, FlowBrief, Crew, str]:
    """A flow as it is asked for, checked: its record, brief, crew and id. Leaves nothing behind."""
    brief = flow_brief(prompt, seconds, seed)
    chosen = (settings or Settings()).model_copy(update={"style": one_of("style", style, STYLES), "captions": "none"})
    own_id = project_id or _own_id(brief, cache)
    choice = {
        "painter": images, "predictor": predictor, "animator": animator, "composer": music, "voice": registry.NOBODY,
        "prompter": prompter,
    }  # fmt: skip
    record = Record(recipe=RECIPE, inputs={}, crew={}, settings=chosen)
    crew, record = choose_crew(record, choice, brief.prompt, project_id=own_id, cache=cache)
    if crew.animator is None:
        raise InputError("a flow is made of clips, so somebody has to animate it: choose an animator, such as offline")
    brief = _with_earlier_changes(brief, own_id, cache)
    return record.model_copy(update={"inputs": brief.model_dump(mode="json")}), brief, crew, own_id


def _own_id(brief: FlowBrief, cache: Path | str | None) -> str:
    """The prompt's slug, with a few characters of its digest where another film has that already."""
    digest = sha256(brief.prompt.encode()).hexdigest()
    short = slug(brief.prompt)
    if not short:
        return f"flow-{digest[:8]}"
    if short not in list_projects(cache):
        return short
    taken = _begun(short, cache)
    return short if taken is not None and taken.prompt == brief.prompt else f"{short}-{digest[:6]}"


def _begun(project_id: str, cache: Path | str | None) -> FlowBrief | None:
    """What a flow was begun with under an id; None where there is no flow, or none that can be read."""
    if project_id not in list_projects(cache):
        return None
    try:
        record = Project(project_id, cache).record()
        return FlowBrief.model_validate(record.inputs) if record.recipe == RECIPE else None
    except (CorruptFile, ValidationError):
        return None


def _with_earlier_changes(brief: FlowBrief, project_id: str, cache: Path | str | None) -> FlowBrief:
    """The brief with what was changed in the segments of the same flow before."""
    before = _begun(project_id, cache)
    if before is None or (before.prompt, before.seed) != (brief.prompt, brief.seed):
        return brief
    if abs(before.seconds - brief.seconds) < 0.01:
        return before
    kept = [
        old.model_copy(update={"length_s": new.length_s})
        for old, new in zip(before.segments, brief.segments, strict=False)
    ]  # fmt: skip
    return brief.model_copy(update={"segments": (*kept, *brief.segments[len(kept) :])})


def from_record(project: Project) -> FlowFilm:
    """The flow that a project's record asks for."""
    record = project.record()
    if record.recipe != RECIPE:
        raise InputError(f"{project.id!r} is no continuous flow: give the id of one, see  storyreel projects")
    return FlowFilm(project, FlowBrief.model_validate(record.inputs), record.settings, registry.crew(record.crew))


def add_segments(film: FlowFilm, count: Any = 1, *, agreed: bool = False) -> FlowFilm:
    """The flow with more segments of five seconds at its end; makes nothing yet.

    Args:
        agreed: it may then cost more than a dollar, beyond what was agreed to.

    Raises:
        InputError: the count is no whole number from 1 to 200.
        NotAgreed: it may cost that, and nobody agreed to it; the flow stays as it was.
    """
    return _changed(film, with_more(film.brief, count), agreed)


def with_more(brief: FlowBrief, count: Any = 1) -> FlowBrief:
    """As `add_segments`, of the brief alone."""
    number = whole_number("add", count, range(1, MOST_ADDED + 1))
    longer = brief.model_copy(update={"segments": (*brief.segments, *(SegmentPlan() for _ in range(number)))})
    read_policy().check_length(longer.seconds)
    return longer


def change_segment(
    film: FlowFilm,
    number: Any,
    *,
    again: bool = False,
    prompt: str | None = None,
    seed: Any = None,
    effect: str | None = None,
    effect_s: Any = None,
    label: str | None = None,
    agreed: bool = False,
) -> FlowFilm:
    """The flow with something else asked of one segment; makes nothing yet.

    Args:
        film: the flow.
        number: which segment, from 1.
        again: make it anew: with the next seed, unless it is asked for in other words or with a seed of its own.
        prompt: what happens in it; "" for nothing in particular.
        seed: of its picture ahead and its clip.
        effect, effect_s: what lies between the segment before and this one, and how many seconds that takes.
        label: a text over its beginning; "" for none.
        agreed: the flow may then cost more than a dollar, beyond what was agreed to.

    Raises:
        InputError: there is no such segment, or a value cannot be used.
        NotAgreed: it may cost that, and nobody agreed to it; the flow stays as it was.
    """
    changed = with_change(
        film.brief, number, again=again, prompt=prompt, seed=seed, effect=effect, effect_s=effect_s, label=label
    )
    return _changed(film, changed, agreed)


def with_change(
    brief: FlowBrief,
    number: Any,
    *,
    again: bool = False,
    prompt: str | None = None,
    seed: Any = None,
    effect: str | None = None,
    effect_s: Any = None,
    label: str | None = None,
) -> FlowBrief:
    """As `change_segment`, of the brief alone."""
    at = segment_number(number, brief) - 1
    plan = brief.segments[at]
    update: dict[str, Any] = {}
    if prompt is not None:
        update["prompt"] = tidy_text("prompt", prompt, 500)
    if seed is not None:
        update["seed"] = whole_number("the segment's seed", seed, range(0, 1_000_000))
    elif again and update.get("prompt", plan.prompt) == plan.prompt:
        update["seed"] = plan.seed + 1
    if effect is not None:
        if at == 0:
            raise InputError("nothing lies before the first segment: give the effect to a later one")
        update["effect"] = one_of("the transition", effect, EFFECTS)
    if effect_s is not None:
        update["effect_s"] = _effect_seconds(effect_s)
    if label is not None:
        update["label"] = tidy_text("label", label, 120)
    segments = list(brief.segments)
    segments[at] = plan.model_copy(update=update)
    return brief.model_copy(update={"segments": tuple(segments)})


def _effect_seconds(value: Any) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 4.0:
        raise InputError(f"a transition cannot take {value!s:.20} s: give 0.1 to 4 seconds")
    return seconds


def remaking(film: FlowFilm, *, agreed: bool = False) -> FlowFilm:
    """The flow, with segments made again too that no longer fit the one before them.

    Args:
        agreed: that may cost more than a dollar, beyond what was agreed to.

    Raises:
        NotAgreed: it may, and nobody agreed to it.
    """
    return agree(replace(film, remake_stale=True), agreed)


def _changed(film: FlowFilm, brief: FlowBrief, agreed: bool) -> FlowFilm:
    """The flow with another brief, which its record keeps once that is agreed to."""
    return replanned(agree(replace(film, brief=brief), agreed), brief)


def replanned(film: FlowFilm, brief: FlowBrief) -> FlowFilm:
    """The flow with a brief that was changed, which its record keeps; makes nothing yet."""
    record = film.project.record()
    film.project.save_record(record.model_copy(update={"inputs": brief.model_dump(mode="json")}))
    return replace(film, brief=brief)


def make(film: FlowFilm, out: Path | None = None, *, agreed: bool = False) -> Film:
    """Run every step; what is remembered costs nothing.

    Args:
        agreed: what is left may cost more than a dollar, beyond what was agreed to when the film was begun.

    Raises:
        NotAgreed: it may, and nobody agreed to that.
    """
    return _made(film if agreed else agree(film), out)


def _made(film: FlowFilm, out: Path | None) -> Film:
    with run(film.project, RECIPE, SHARES):
        opening = open_shot(film)
        segments = grow(film, opening)
        music = compose(film)
        timeline = lay(film, segments, music)
        return finish(film.project, timeline, out, quality=film.settings.quality)


def open_shot(film: FlowFilm) -> Asset:
    """Step 1: the picture the shot begins on, worded by the prompter where there is one. Saved as images/opening."""
    scene: SceneDescription | None = None
    if film.crew.prompter is not None:
        draft, how = wording(film.brief, film.settings)
        with film.project.progress.task("plan_pictures", 1, "pictures") as task:
            scene, remembered = word_picture.recall(film.project, draft, film.crew.prompter, **how)
            task.advance(message=scene.subject[:80], remembered=remembered)
    request = opening_request(film.brief, film.settings, scene)
    with film.project.progress.task("illustrate", 1, "pictures") as task:
        picture, remembered = illustrate.recall(film.project, request, film.crew.painter)
        keep_file(film.project, "images/opening", picture.blob)
        task.advance(remembered=remembered)
    return picture


def wording(brief: FlowBrief, settings: Settings) -> tuple[SceneDescription, dict[str, Any]]:
    """What a prompter is given to word the first picture: the draft, and what else `word_picture` takes."""
    return SceneDescription(subject=brief.prompt), {
        "about": "one unbroken shot, which begins on this picture",
        "style": STYLE_WORDS.get(settings.style, settings.style), "language": settings.language, "seed": brief.seed,
    }  # fmt: skip


def opening_request(brief: FlowBrief, settings: Settings, scene: SceneDescription | None = None) -> ImageRequest:
    """What the first picture is asked for with.

    Args:
        scene: as a prompter words it; None for the prompt as it is.
    """
    width_px, height_px = picture_size(settings)
    if scene is None:
        prompt = opening_prompt(brief.prompt, settings.style)
    else:
        prompt = picture_prompt(scene, STYLE_WORDS.get(settings.style, settings.style))
    return ImageRequest(prompt=prompt, width_px=width_px, height_px=height_px, seed=brief.seed, scene=scene)


def grow(film: FlowFilm, opening: Asset) -> tuple[Segment, ...]:
    """Step 2: every segment that is not made yet: first the pictures ahead, one after another, then the clips.

    Saved as segments.json, segments/segment_NNN_start and segments/segment_NNN as they come.

    Raises:
        ProviderError: a picture or clip could not be made; its segment is told as failed, the others are kept.
    """
    frames = segment_frames(film.brief, film.settings)
    board = Board(film.project, film.brief, opening, style=film.settings.style, remake_stale=film.remake_stale)
    animatic = Animatic(film.project, lambda: lay(film, board.segments, None))
    animatic.show(at_once=True)

    def animated(clip: tuple[int, Asset, Ahead, int]) -> None:
        _animated(film, board, task, *clip)
        animatic.show()

    with film.project.progress.task("segments", sum(frames), "frames") as task:
        scene: SceneDescription | None = None
        start, clips = opening, []
        for number, length in enumerate(frames, 1):
            kept = board.kept(number, start)
            if kept is not None:
                task.advance(length, f"segment {number} is kept", remembered=True)
                start = kept.end_frame or start
                continue
            ahead = _looked_ahead(film, board, number, start, scene)
            clips.append((number, start, ahead, length))
            start, scene = ahead.frame, ahead.scene
        fan_out(animated, clips, at_once=registry.at_once(film.crew.animator))
    return board.settled()


def _looked_ahead(film: FlowFilm, board: Board, number: int, start: Asset, scene: SceneDescription | None) -> Ahead:
    """The picture that a segment ends on."""
    plan, settings = film.brief.segments[number - 1], film.settings
    predictor = film.crew.predictor
    if predictor is None:
        raise InputError("a flow needs somebody who sees ahead: choose a predictor, such as offline")
    board.show(number, status="running", fraction=0.0, start_frame=start, end_frame=None, clip=None, message="")
    keep_file(film.project, f"segments/segment_{number:03d}_start", start.blob)
    opening = opening_prompt(film.brief.prompt, settings.style)
    with board.failing(number):
        ahead = look_ahead(
            film.project, ahead_prompt(opening, plan.prompt), start.blob, predictor, ahead_s=plan.length_s,
            width_px=settings.width_px, height_px=settings.height_px, style=settings.style, scene=scene,
            seed=_seed(film, plan),
        )  # fmt: skip
    # What is made from a photo is made from its maker's work.
    ahead = ahead.model_copy(update={"frame": credited(ahead.frame, start.provenance.credit)})
    board.show(number, status="queued", end_frame=ahead.frame)
    return ahead


def _animated(
    film: FlowFilm, board: Board, task: Task, number: int, start: Asset, ahead: Ahead, length_frames: int
) -> None:
    """The clip of a segment; it has one frame more than the segment, the next one's first.

    A clip that was refused leaves a gap: its segment is told as failed, and the others go on.
    """
    plan, settings, animator = film.brief.segments[number - 1], film.settings, film.crew.animator
    if animator is None:
        raise InputError("a flow is made of clips, so somebody has to animate it: choose an animator, such as offline")
    rate = round(settings.rate.fps)
    board.show(number, status="running")
    job = ClipJob(
        prompt=clip_prompt(opening_prompt(film.brief.prompt, settings.style), plan.prompt),
        first=start.blob,
        last=ahead.frame.blob,
        duration_s=(round(settings.rate.seconds(length_frames) * rate) + 1) / rate,
        width_px=settings.width_px,
        height_px=settings.height_px,
        frames_per_s=rate,
        scene=ahead.scene,
        seed=_seed(film, plan),
        on_progress=lambda done: board.tell(number, done),
    )
    with board.failing(number):
        try:
            made, remembered = animate_between.recall(film.project, job, animator)
        except ProviderRefused as refused:
            how = f"storyreel flow --project {film.project.id} --regenerate {number} --happens TEXT"
            film.project.progress.warn(
                f"segment {number} has no clip ({refused}): say it otherwise with  {how}", "segments"
            )
            board.show(number, status="failed", message=str(refused))
            return
        clip = conform(
            film.project, made, rate=settings.rate, width_px=settings.width_px, height_px=settings.height_px,
            length_frames=length_frames + 1, whole=True,
        )  # fmt: skip
        task.advance(length_frames, f"segment {number}", remembered=remembered)
    clip = credited(clip, ahead.frame.provenance.credit)
    keep_file(film.project, f"segments/segment_{number:03d}", clip.blob)
    words = words_digest(film.brief, number, settings.style)
    board.show(number, status="done", fraction=1.0, clip=clip, words=words)


def _seed(film: FlowFilm, plan: SegmentPlan) -> int:
    return film.brief.seed * 1000 + plan.seed


def compose(film: FlowFilm) -> Asset | None:
    """Step 3: the music below; None where it was refused. Saved as audio/music_1."""
    project, composer, seed = film.project, film.crew.composer, film.brief.seed
    mood, length_s = music_order(film.brief, film.settings)
    with project.progress.task("score", 1, "pieces") as task:
        piece, remembered = or_gap(
            project,
            lambda: score.recall(project, mood, length_s, composer, seed=seed),
            "the film has no music",
            "score",
        )
        if piece is not None:
            keep_file(project, "audio/music_1", piece.blob)
        task.advance(remembered=remembered)
    return piece


def music_order(brief: FlowBrief, settings: Settings) -> tuple[str, float]:
    """The music's mood and its length in seconds."""
    return music_mood(brief, settings.style), settings.rate.seconds(sum(segment_frames(brief, settings)))


def lay(film: FlowFilm, segments: Sequence[Segment], music: Asset | None) -> Timeline:
    """Step 4: the timeline."""
    return assemble_flow(
        brief=film.brief,
        segments=segments,
        music=music,
        music_lufs=loudness_of(film.project, music) if music is not None else None,
        settings=film.settings,
    )
