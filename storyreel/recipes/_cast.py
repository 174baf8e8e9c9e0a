"""A cast that stays the same: everybody who is seen more than once is painted once alone, for other pictures to go by.

Only a painter that takes pictures to go by is asked for them; the others go by the words of each look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storyreel.errors import ProviderRefused
from storyreel.media.model import Asset
from storyreel.media.steps import illustrate
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import ImageModel, ImageRequest, Reference, SceneDescription
from storyreel.providers.references import most_of
from storyreel.recipes._kept import keep_file
from storyreel.shots.prompts import portrait_request
from storyreel.workers import fan_out


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
