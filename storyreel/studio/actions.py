"""What a page can have done beyond edits: a shot made again, a film gone on with, the file rendered; and the price."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from storyreel.errors import InputError
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.recipes import continuous_flow, flow_works
from storyreel.recipes.resume import left_to_pay
from storyreel.recipes.title_film import picture_size
from storyreel.studio.messages import Action, MakeAgain, RemakeSegment, RenderAction, Retry, SayAgain
from storyreel.studio.takes import make_take
from storyreel.studio.voice_lines import price_of_line, say_again
from storyreel.timeline.edit import ReplacePicture
from storyreel.timeline.model import Clip

if TYPE_CHECKING:
    from storyreel.studio.session import Session

Launch = Callable[[Project, Sequence[str]], object]
"""Starts `storyreel ...` for a project, in a process that outlives this one."""


def price_of(session: Session, action: Action) -> float | None:
    """What an action costs at most, in US dollars; None where nobody knows.

    Raises:
        InputError: it cannot be done.
    """
    if isinstance(action, RenderAction):
        return 0.0
    if isinstance(action, SayAgain):
        return price_of_line(session, action)
    if isinstance(action, RemakeSegment):
        return _price_of_segment(session, action)
    if isinstance(action, Retry):
        _clip(session, action.clip)
        estimate = left_to_pay(session.project.id, cache=session.project.cache)
        return None if estimate.unknown else float(estimate.high_usd)
    _, why_not = _asked(session, action)
    if why_not:
        raise InputError(why_not)
    price = session.view.painter.price_usd
    return None if price is None else float(price)


def act(session: Session, window: str, action: Action, agreed_usd: float) -> str:
    """Do it; returns a sentence for the page, or "".

    Raises:
        StoryreelError: it could not be done; a sentence says why, and whether it cost something.
    """
    if isinstance(action, MakeAgain):
        return _make_again(session, window, action, agreed_usd)
    if isinstance(action, SayAgain):
        return say_again(session, window, action, agreed_usd)
    if session.view.run.running:
        raise InputError("the film is being made just now: wait until that is finished, or stop it")
    if isinstance(action, (Retry, RemakeSegment)):
        price = price_of(session, action)
        if price is None or price > agreed_usd + 0.005:
            shown = "an unknown amount" if price is None else f"up to ${price:.2f}"
            raise InputError(f"going on with the film may cost {shown}, more than the ${agreed_usd:.2f} agreed")
        session.launch(session.project, _going_on(session, action))
        return ""
    session.settle()
    session.launch(
        session.project,
        ["render", session.project.id, *(["--quality", action.quality] if action.quality is not None else [])],
    )
    return ""


def _going_on(session: Session, action: Retry | RemakeSegment) -> list[str]:
    """What follows `storyreel` to go on with a film, or to make a segment of it again."""
    own = session.project.id
    if isinstance(action, Retry):
        if ledger_of(session.project).undecided():
            raise InputError(
                "a request may have been charged and has no answer: Make asks whether to send it once more"
            )
        return ["resume", own, "--yes"]
    happens = [f"--happens={action.happens}"] if action.happens is not None else []
    later = ["--remake"] if action.later else []
    return ["flow", "--project", own, "--regenerate", str(_segment(session, action)), *happens, *later, "--yes"]


def _price_of_segment(session: Session, action: RemakeSegment) -> float | None:
    film = continuous_flow.from_record(session.project)
    changed = continuous_flow.with_change(film.brief, _segment(session, action), again=True, prompt=action.happens)
    left = flow_works.left_to_pay(replace(film, brief=changed, remake_stale=action.later))
    return None if left.unknown else float(left.high_usd)


def _segment(session: Session, action: RemakeSegment) -> int:
    """The number of the segment that a clip shows.

    Raises:
        InputError: it shows none.
    """
    found = re.fullmatch(r"f(\d{3,})", _clip(session, action.clip).id)
    if found is None or session.view.record.recipe != continuous_flow.RECIPE:
        raise InputError("this shot is no segment of an unbroken shot: make its picture again instead")
    return int(found[1])


def _make_again(session: Session, window: str, action: MakeAgain, agreed_usd: float) -> str:
    request, why_not = _asked(session, action)
    if why_not:
        raise InputError(why_not)
    clip = _clip(session, action.clip)
    session.making(clip.id, 0.0)
    try:
        before = (clip.asset,) if clip.asset is not None else ()
        asset = make_take(session.project, session.view.painter, request, agreed_usd)
        session.admit(asset)
        session.keep_take(clip.id, *before, asset)
    finally:
        session.making(clip.id, None)
    number = next((at for at, each in enumerate(session.timeline.clips, 1) if each.id == clip.id), 0)
    session.add_edits(window, f"Shot {number} made again", [ReplacePicture(clip=clip.id, asset=asset)])
    return ""


def _asked(session: Session, action: MakeAgain) -> tuple[ImageRequest, str]:
    """What the painter is asked for, and why that cannot be, "" if it can.

    Every take has another seed; the scene taken apart goes along only while the prompt says the same.
    """
    clip = _clip(session, action.clip)
    shot = session.view.sheet.shot(clip)
    known = shot.request
    prompt = action.prompt or (known.prompt if known is not None else shot.prompt)
    width_px, height_px = picture_size(session.view.record.settings)
    had = len(session.view.takes.shots.get(clip.id, ())) or 1
    request = ImageRequest(
        prompt=prompt or "a picture",
        width_px=width_px,
        height_px=height_px,
        seed=(known.seed if known is not None else 0) + had * 7919,
        scene=known.scene if known is not None and known.prompt == prompt else None,
    )
    why_not = session.view.why_not(shot)
    if not why_not and not prompt:
        why_not = "nobody knows what this shot shows: write what is to be seen in it"
    return request, why_not


def _clip(session: Session, clip_id: str) -> Clip:
    for clip in session.timeline.clips:
        if clip.id == clip_id:
            return clip
    raise InputError("this film has no such shot")
