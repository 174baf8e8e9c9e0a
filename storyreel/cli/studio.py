"""`storyreel studio`."""

from __future__ import annotations

from typing import Annotated

import typer

from storyreel.cli.options import CacheOption, app


@app.command("studio")
def studio_command(
    project: Annotated[str, typer.Argument(metavar="[ID]", help="A film to open.", show_default=False)] = "",
    port: Annotated[str, typer.Option(metavar="N", help="The port to serve on; any free one by default.")] = "0",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    cache: CacheOption = None,
) -> None:
    """Open the studio: films, progress, the timeline editor and exports, as a page on this machine."""
    from storyreel.inputs.brief import whole_number
    from storyreel.project import Project, check_project_id
    from storyreel.studio.serve import serve

    if project:
        Project(check_project_id(project), cache).record()
    chosen = whole_number("port", port, range(0, 65_536))

    def ready(address: str) -> None:
        typer.echo(f"The studio is at {address}\nCtrl-C ends it; films that are being made go on.")

    serve(cache, port=chosen, open_browser=browser, project=project, ready=ready)
