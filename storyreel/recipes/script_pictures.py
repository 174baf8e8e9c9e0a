"""A script film's pictures: worded where there is a prompter, painted, and moved where there is an animator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyreel.media.model import Asset
from storyreel.media.script_steps import animate_keyframe, clip_length_s
from storyreel.media.steps import illustrate
from storyreel.providers import registry
from storyreel.providers.contracts import ImageRequest, SceneDescription
from storyreel.recipes._cast import going_by, known_likenesses, paint_likenesses
from storyreel.recipes._gaps import or_gap
from storyreel.recipes._kept import keep_file
from storyreel.recipes.script_cards import Cards, ScriptFilm
from storyreel.recipes.title_film import picture_size
from storyreel.render.conform import conform
from storyreel.shots.script_prompts import animation_prompt, describe_shot, keyframe_request
from storyreel.shots.steps import word_picture
from storyreel.timeline.script_layout import SpokenLine, lay_out_script
from storyreel.workers import fan_out


def drafts(film: ScriptFilm, cards: Cards) -> dict[str, SceneDescription]:
    """Shot id -> its picture as the cards have it."""
    return {shot.id: describe_shot(scene, shot, cards.cast) for scene, shot in cards.shots}


def describe(film: ScriptFilm, cards: Cards) -> dict[str, SceneDescription]:
    """Step 4: each shot's picture, worded by the prompter where there is one, else as the cards have it."""
    project, prompter, found = film.project, film.crew.prompter, drafts(film, cards)
    if prompter is None:
        return found
    to_word = list(dict.fromkeys(found.values()))
    with project.progress.task("plan_pictures", len(to_word), "pictures") as task:

        def word(draft: SceneDescription) -> SceneDescription:
            said, remembered = word_picture.recall(project, draft, prompter, **wording(film, cards))
            task.advance(message=said.subject[:80], remembered=remembered)
            return said

        said = dict(zip(to_word, fan_out(word, to_word, at_once=registry.at_once(prompter)), strict=True))
    return {shot: said[draft] for shot, draft in found.items()}


def wording(film: ScriptFilm, cards: Cards) -> dict[str, Any]:
    """What a prompter is told beside the draft, as `word_picture` takes it."""
    about = f'"{cards.breakdown.title}"' + (f", a {film.brief.genre}" if film.brief.genre else "")
    return {
        "about": about, "style": cards.cast.style, "language": film.settings.language, "seed": film.brief.seed,
    }  # fmt: skip


def known_descriptions(film: ScriptFilm, cards: Cards) -> dict[str, SceneDescription]:
    """As `describe`, of what is worded already; the others are as the cards have them."""
    project, prompter, found = film.project, film.crew.prompter, drafts(film, cards)
    if prompter is None:
        return found
    how = wording(film, cards)
    return {
        shot: word_picture(project, draft, prompter, **how)
        if word_picture.is_remembered(project, draft, prompter, **how)
        else draft
        for shot, draft in found.items()
    }


def keyframes(film: ScriptFilm, cards: Cards) -> dict[str, ImageRequest]:
    """Shot id -> what its picture is asked for with; like shots ask alike, and share a picture. Makes nothing."""
    project, painter, style, seed = film.project, film.crew.painter, cards.cast.style, film.brief.seed
    width_px, height_px = picture_size(film.settings)
    described = known_descriptions(film, cards)
    likenesses = known_likenesses(project, painter, described.values(), style=style, seed=seed)
    found = {}
    for scene, shot in cards.shots:
        request = keyframe_request(
            scene, described[shot.id], style, width_px=width_px, height_px=height_px, seed=seed
        )  # fmt: skip
        found[shot.id] = going_by(request, likenesses, painter)
    return found


def draw(film: ScriptFilm, cards: Cards) -> dict[str, Asset]:
    """Step 5: the pictures, by shot id; a shot that was refused has none. Saved as images/shot_ID.

    For a painter that takes pictures to go by, whoever is seen more than once is painted alone first.
    """
    project, painter = film.project, film.crew.painter
    described = describe(film, cards)
    paint_likenesses(project, painter, described.values(), style=cards.cast.style, seed=film.brief.seed)
    requests = keyframes(film, cards)
    shots_of: dict[str, list[str]] = {}
    for shot, request in requests.items():
        shots_of.setdefault(illustrate.key(project, request, painter), []).append(shot)
    subjects = {shot.id: shot.subject for _, shot in cards.shots}
    with project.progress.task("illustrate", len(shots_of), "pictures") as task:

        def paint(shots: Sequence[str]) -> Asset | None:
            picture, remembered = or_gap(
                project,
                lambda: illustrate.recall(project, requests[shots[0]], painter),
                f"shot {', '.join(shots)} has no picture",
                "illustrate",
            )
            if picture is not None:
                for shot in shots:
                    keep_file(project, f"images/shot_{shot}", picture.blob)
            task.advance(message=subjects[shots[0]][:80], remembered=remembered)
            return picture

        made = fan_out(paint, list(shots_of.values()), at_once=registry.at_once(painter))
    return {
        shot: picture
        for shots, picture in zip(shots_of.values(), made, strict=True)
        if picture is not None
        for shot in shots
    }


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """A clip to be made: its prompt, what it is asked for with, and the film's own measure that it is brought to."""

    shot: str
    prompt: str
    request: ImageRequest
    arguments: Mapping[str, Any]
    measure: Mapping[str, Any]


def clip_orders(film: ScriptFilm, cards: Cards, lines: Mapping[str, SpokenLine]) -> list[ClipOrder]:
    """The clips that the shots' pictures would move in, each as long as its lines take."""
    settings = film.settings
    layout = lay_out_script(cards.breakdown, lines, settings.rate)
    requests = keyframes(film, cards)
    orders = []
    for (scene, shot), span in zip(cards.shots, layout.shots, strict=True):
        length_s = settings.rate.seconds(span.end - span.start) + 0.5  # what a dissolve reaches over
        arguments: dict[str, Any] = {
            "duration_s": clip_length_s(length_s),
            "width_px": settings.width_px,
            "height_px": settings.height_px,
            "frames_per_s": round(settings.rate.fps),
        }
        measure = {
            "rate": settings.rate,
            "width_px": settings.width_px,
            "height_px": settings.height_px,
            "length_frames": settings.rate.frames(arguments["duration_s"]),
            "whole": False,
        }
        prompt = animation_prompt(scene, shot, cards.cast)
        orders.append(ClipOrder(shot.id, prompt, requests[shot.id], arguments, measure))
    return orders


def animate(
    film: ScriptFilm, cards: Cards, pictures: Mapping[str, Asset], lines: Mapping[str, SpokenLine]
) -> dict[str, Asset]:
    """Step 7: where an animator was chosen, a clip for each picture, saved as clips/shot_ID; else the pictures.

    A clip that was refused leaves its picture, over which the camera moves, and the user is told.
    """
    project, animator = film.project, film.crew.animator
    if animator is None:
        return dict(pictures)
    orders = [order for order in clip_orders(film, cards, lines) if order.shot in pictures]
    with project.progress.task("animate", len(orders), "clips") as task:

        def move(order: ClipOrder) -> Asset:
            still = pictures[order.shot]
            clip, remembered = or_gap(
                project,
                lambda: animate_keyframe.recall(
                    project, still, order.request, order.prompt, animator, **order.arguments
                ),
                f"shot {order.shot} has no clip, so the camera moves over its picture",
                "animate",
            )
            task.advance(message=order.prompt[:80], remembered=remembered)
            if clip is None:
                return still
            clip = conform(project, clip, **order.measure)
            keep_file(project, f"clips/shot_{order.shot}", clip.blob)
            return clip

        clips = fan_out(move, orders, at_once=registry.at_once(animator))
    return {order.shot: clip for order, clip in zip(orders, clips, strict=True)}
