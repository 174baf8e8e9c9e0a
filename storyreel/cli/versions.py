"""`storyreel versions`, `version`, `compare` and `go-back`: the states that a film has been in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from storyreel.cli.options import CacheOption, JsonOption, NotifyOption, OutOption, ProjectArgument, YesOption, app
from storyreel.cli.running import make_film


@app.command("versions")
def versions_command(project: ProjectArgument, cache: CacheOption = None, json_lines: JsonOption = False) -> None:
    """List the versions of a film that can be compared and gone back to."""
    from datetime import datetime

    from storyreel.recipes.versions import versions

    found = versions(project, cache=cache)
    width = max(len(version.name) for version in found)
    for version in found:
        if json_lines:
            typer.echo(version.model_dump_json())
        else:
            at = f"{datetime.fromtimestamp(version.at_s):%Y-%m-%d %H:%M}" if version.at_s else ""
            typer.echo(f"{version.name:{width}}  {at:16}  {version.what}")


@app.command("version")
def version_command(
    project: ProjectArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as first-cut.", show_default=False)],
    note: Annotated[str, typer.Option(metavar="TEXT", help="What it is, for the list.")] = "",
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Give a film as it is a name, to compare it later or to go back to it."""
    from storyreel.recipes.versions import name_version

    kept = name_version(project, name, note=note, cache=cache)
    typer.echo(kept.model_dump_json() if json_lines else f"{kept.name}: {kept.what}")


@app.command("compare")
def compare_command(
    project: ProjectArgument,
    a: Annotated[str, typer.Argument(metavar="A", help="A version.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="Another; now is the film as it is.")] = "now",
    pictures: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Write the changed places side by side.")
    ] = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Say what is different between two versions of a film."""
    from storyreel.recipes.version_compare import compare

    found = compare(project, a, b, pictures=pictures, cache=cache)
    if json_lines:
        typer.echo(found.model_dump_json())
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not found.changes:
        typer.echo(f"{a} and {b} are the same")
        return
    table = Table("what", "where", a, b)
    for change in found.changes:
        table.add_row(*(Text(text) for text in (change.what, change.where, change.before, change.after)))
    Console().print(table)
    if pictures is not None:
        typer.echo(str(pictures))


@app.command("go-back")
def go_back_command(
    project: ProjectArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="See: storyreel versions ID", show_default=False)],
    out: OutOption = None,
    cache: CacheOption = None,
    notify: NotifyOption = None,
    yes: YesOption = False,
    json_lines: JsonOption = False,
) -> None:
    """Make an earlier version the film again; the present one is kept first, so this can be taken back the same way."""
    from storyreel.recipes.versions import go_back

    make_film(
        lambda progress: go_back(project, name, agreed=yes, cache=cache, out=out, progress=progress),
        json_lines,
        "{made} of {pieces} pieces made again",
        notify=notify,
    )
