"""Commands on this machine: what films are there, and what works."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from storyreel.cli.options import CacheOption, JsonOption, app
from storyreel.errors import InputError

_LISTED = 40


@app.command("projects")
def projects_command(
    prune: Annotated[
        bool, typer.Option("--prune", help="Clear away the pieces used longest ago, down to the budget.")
    ] = False,
    budget: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="What pieces may take, such as 5GB; else STORYREEL_CHUNK_BUDGET, else 20GB."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --prune: only say what would go.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List every film, not just the forty changed last.")
    ] = False,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """List the films in the cache, or clear away remembered pieces that can be made again."""
    from storyreel.project import list_projects
    from storyreel.recipes.shelf import list_films

    if prune:
        _prune(budget, dry_run, cache, json_lines)
        return
    if dry_run or budget is not None:
        raise InputError("--dry-run and --budget belong to --prune: add it")
    films = list_films(cache, most=None if everything or json_lines else _LISTED)
    if json_lines:
        for film in films:
            typer.echo(film.model_dump_json())
        return
    if not films:
        typer.echo('no films yet: try  storyreel title "The Last Lighthouse"')
        return
    from rich.console import Console
    from rich.table import Table

    from storyreel.terminal import clock_text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "title", "made by", "length", "state", "changed"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("id", "changed"))
    for film in films:
        length = clock_text(film.duration_s) if film.duration_s else "-"
        changed = film.changed_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(film.project_id, film.title, film.recipe, length, film.state, changed)
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    if (more := len(list_projects(cache)) - len(films)) > 0:
        typer.echo(f"and {more:,} more, changed before these: storyreel projects --all")


def _prune(budget: str | None, dry_run: bool, cache: Path | None, json_lines: bool) -> None:
    from storyreel.recipes.prune import parse_bytes, prune, size_text

    pruned = prune(cache, None if budget is None else parse_bytes(budget), dry_run=dry_run)
    if json_lines:
        typer.echo(pruned.model_dump_json())
        return
    verb = "would free" if dry_run else "freed"
    typer.echo(
        f"{verb} {size_text(pruned.freed_bytes)} in {pruned.files:,} files; {size_text(pruned.kept_bytes)} of pieces "
        f"stay within a budget of {size_text(pruned.budget_bytes)}"
        if pruned.files
        else f"nothing to free: pieces take {size_text(pruned.kept_bytes)} of {size_text(pruned.budget_bytes)}"
    )


@app.command("doctor")
def doctor_command(
    live: Annotated[
        bool, typer.Option("--live", help="Also ask each service with a key whether it has its models; costs nothing.")
    ] = False,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Check that everything a film needs is here and works."""
    from storyreel.doctor import examine

    findings = examine(cache, live=live)
    for finding in findings:
        if json_lines:
            typer.echo(finding.model_dump_json())
        else:
            mark = {"ok": "ok  ", "absent": "-   ", "wrong": "FAIL"}[finding.state]
            typer.echo(f"{mark}  {finding}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)
