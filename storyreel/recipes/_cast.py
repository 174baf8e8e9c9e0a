"""A cast that stays the same: everybody who is seen more than once is painted once alone, for other pictures to go by.

Only a painter that takes pictures to go by is asked for them; the others go by the words of each look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from storyreel.errors import ProviderRefused
from storyreel.media.model import Asset
from storyreel.media.steps import illustrate
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import ImageModel, ImageRequest, Reference, SceneDescription
from storyreel.providers.estimate import Work
from storyreel.providers.prices import Usage
from storyreel.providers.references import most_of
from storyreel.recipes._kept import keep_file
from storyreel.shots.prompts import PORTRAIT_PX, portrait_request
from storyreel.workers import fan_out

PROMPTS_NAME = "prompts.json"
LIKENESS = Usage(pictures=1, megapixels=PORTRAIT_PX * PORTRAIT_PX / 1e6)
# About how many people a story shows more than once.
GUESSED_LIKENESSES = 3


def seen_again(descriptions: Iterable[SceneDescription]) -> list[str]:
    """The looks of those who are in more than one picture, in the order in which they appear."""
    found: dict[str, set[SceneDescription]] = {}
    for description in descriptions:
        for look in description.cast:
            found.setdefault(look, set()).add(description)
    return [look for look, pictures in found.items() if len(pictures) > 1]


def portraits(painter: ImageModel, looks: Iterable[str], *, style: str, seed: int) -> dict[str, ImageRequest]:
    """Look -> what a likeness is asked for with; empty for a painter that takes none."""
    if not most_of(painter):
        return {}
    return {look: portrait_request(look, style, seed=seed * 10_000) for look in looks}


def picture_works(
    painter: ImageModel,
    size_px: tuple[int, int],
    looks: Collection[SceneDescription] | None,
    count: int,
    spread: float,
    kept: int | None = None,
) -> tuple[Work, ...]:
    """A film's pictures, and the likenesses that they go by, for an estimate.

    Args:
        size_px: the width and height that they are asked for in.
        looks: what is in each of them; None where that is not known yet: then likenesses are guessed.
        count: how many they are.
        spread: by what fraction `count` may be off.
        kept: how many of each kind are there; see `Work`.
    """
    if not most_of(painter):
        return (Work("illustrate", painter, count, drawing(size_px), spread, kept),)
    if looks is None:
        people = min(GUESSED_LIKENESSES, count // 2)
        return (
            Work("illustrate", painter, people, LIKENESS, 1.0, kept),
            Work("illustrate", painter, count, drawing(size_px, min(1, people)), spread, kept),
        )
    again = seen_again(looks)
    going = Counter(references_of(painter, look, again) for look in looks)
    return (
        Work("illustrate", painter, len(again), LIKENESS, spread, kept),
        *(
            Work("illustrate", painter, going[number], drawing(size_px, number), spread, kept)
            for number in sorted(going)
        ),
    )


def pictures_left(
    project: Project, painter: ImageModel, requests: Sequence[ImageRequest], *, style: str, seed: int
) -> tuple[Work, ...]:
    """The pictures of a film that is planned, and the likenesses that they go by, with how many of them are there."""
    looks = [request.scene for request in requests if request.scene is not None]
    people = portraits(painter, seen_again(looks), style=style, seed=seed)
    known = known_likenesses(project, painter, looks, style=style, seed=seed)
    # What goes by likenesses may be charged as another thing, so it is counted by itself.
    there: dict[int, list[bool]] = {}
    for request in requests:
        going = references_of(painter, request.scene, people) if request.scene is not None else 0
        drawn = illustrate.is_remembered(project, going_by(request, known, painter), painter)
        there.setdefault(going, []).append(drawn)
    size_px = (requests[0].width_px, requests[0].height_px) if requests else (0, 0)
    return (
        Work("illustrate", painter, len(people), LIKENESS, 0.1, len(known)),
        *(
            Work("illustrate", painter, len(there[going]), drawing(size_px, going), 0.1, sum(there[going]))
            for going in sorted(there)
        ),
    )


def drawing(size_px: tuple[int, int], references: int = 0) -> Usage:
    """What a picture uses; painters that charge for what they read are given likenesses, too."""
    width_px, height_px = size_px
    megapixels = width_px * height_px / 1e6 + references * LIKENESS.megapixels
    return Usage(pictures=1, megapixels=megapixels, references=references)


def references_of(painter: ImageModel, look: SceneDescription, again: Collection[str]) -> int:
    """How many likenesses a picture goes by.

    Args:
        again: the looks of those who have one.
    """
    return min(most_of(painter), sum(person in again for person in look.cast))


def paint_likenesses(
    project: Project, painter: ImageModel, descriptions: Iterable[SceneDescription], *, style: str, seed: int
) -> dict[str, Reference]:
    """Look -> a picture to go by, for everybody who is seen more than once. Saved as images/person_NN.

    Who is refused goes without, and the user is told.
    """
    requests = portraits(painter, seen_again(descriptions), style=style, seed=seed)
    if not requests:
        return {}
    with project.progress.task("illustrate", len(requests), "likenesses") as task:

        def paint(numbered: tuple[int, str]) -> Asset | None:
            number, look = numbered
            try:
                picture, remembered = illustrate.recall(project, requests[look], painter)
            except ProviderRefused as refused:
                project.progress.warn(f"pictures go by words alone for {look!r} ({refused})", "illustrate")
                task.advance(message=look)
                return None
            keep_file(project, f"images/person_{number:02d}", picture.blob)
            task.advance(message=look, remembered=remembered)
            return picture

        made = fan_out(paint, enumerate(requests, 1), at_once=registry.at_once(painter))
    return {
        look: _reference(project, look, made) for look, made in zip(requests, made, strict=True) if made is not None
    }


def known_likenesses(
    project: Project, painter: ImageModel, descriptions: Iterable[SceneDescription], *, style: str, seed: int
) -> dict[str, Reference]:
    """As `paint_likenesses`, of those that are there already; makes none."""
    requests = portraits(painter, seen_again(descriptions), style=style, seed=seed)
    return {
        look: _reference(project, look, illustrate(project, request, painter))
        for look, request in requests.items()
        if illustrate.is_remembered(project, request, painter)
    }


def _reference(project: Project, look: str, picture: Asset) -> Reference:
    return Reference(picture.blob.sha256, look, store_of(project).read(picture.blob))


def going_by(request: ImageRequest, likenesses: Mapping[str, Reference], painter: ImageModel) -> ImageRequest:
    """A request with the likenesses of those who are seen, as many as the painter takes, who matters most first."""
    seen = request.scene.cast if request.scene else ()
    found = tuple(likenesses[look] for look in seen if look in likenesses)[: most_of(painter)]
    return request.model_copy(update={"references": found}) if found else request
