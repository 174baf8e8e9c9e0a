"""Going on with a film by its id alone: the project's record says which recipe, inputs, crew and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from storyreel.errors import InputError, ProjectNotFound
from storyreel.progress import Progress
from storyreel.project import RECORD_NAME, Project, check_project_id
from storyreel.recipes import title_film
from storyreel.recipes._finish import Film, check_out, finish, read_timeline
from storyreel.recipes._run import run
from storyreel.settings import cache_root

MAKERS: Mapping[str, Callable[[Project, Path | None], Film]] = {
    title_film.RECIPE: lambda project, out: title_film.make(title_film.from_record(project), out),
}
RENDER_SHARES = {"render": 1.0}


def resume(
    project_id: str,
    *,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Film:
    """Go on with a film from its last finished step.

    Raises:
        InputError: the id is no slug, or no film was begun under it.
    """
    project, place = existing(project_id, cache, progress), check_out(out)
    recipe = project.record().recipe
    if recipe not in MAKERS:
        raise InputError(f"{project_id!r} was made by a way in that this version does not know ({recipe!r})")
    return MAKERS[recipe](project, place)


def render(
    project_id: str,
    *,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Film:
    """Render the timeline that a project has come to, and nothing before it.

    Raises:
        InputError: the project has no timeline yet.
    """
    project, place = existing(project_id, cache, progress), check_out(out)
    timeline = read_timeline(project)
    with run(project, "render", RENDER_SHARES):
        return finish(project, timeline, place, quality=project.record().settings.quality)


def existing(project_id: str, cache: Path | str | None = None, progress: Progress | None = None) -> Project:
    """Open a project that exists; asking for one that does not leaves nothing behind.

    Raises:
        InputError: the id is no slug.
        ProjectNotFound: no film was begun under it.
    """
    folder = cache_root(cache) / "projects" / check_project_id(project_id)
    if not (folder / RECORD_NAME).is_file():
        raise ProjectNotFound(
            f"no film has been begun under {project_id!r} in {cache_root(cache)}: see  storyreel projects"
        )
    return Project(project_id, cache, progress)
