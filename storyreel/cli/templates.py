"""`storyreel templates`, and what a template gives where the user gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from storyreel.cli.options import CacheOption, JsonOption, app

if TYPE_CHECKING:
    from storyreel.inputs.templates import Template


@app.command("templates")
def templates_command(
    name: Annotated[str, typer.Argument(metavar="[NAME|FILE]", help="Show this one in full.")] = "",
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """List the ready-made story arcs, or show one; your own lie in the cache's folder templates/ as NAME.toml."""
    from storyreel.inputs.templates import template, templates

    found = (template(name, cache),) if name else templates(cache)
    width = max(len(each.name) for each in found)
    for each in found:
        if json_lines:
            typer.echo(each.model_dump_json())
        elif name:
            look = f"{each.chapters} x {each.words} words, {each.captions} captions, {each.style}"
            typer.echo(f"{each.name}: {each.description}\n{look}\n\n{each.told}")
        else:
            typer.echo(f"{each.name:{width}}  {each.description}")


def from_template(context: typer.Context, template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """A command's values, the template's in place of those that the user did not type."""
    given = {
        "chapters": str(template.chapters),
        "words": str(template.words),
        "style": template.style,
        "captions": template.captions,
        "genre": template.script_genre,
        "length": str(template.length_s),
    }
    typed = {name for name in values if getattr(context.get_parameter_source(name), "name", "") != "DEFAULT"}
    return {name: value if name in typed else given[name] for name, value in values.items()}
