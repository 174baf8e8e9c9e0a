"""`storyreel export` and `storyreel import`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from storyreel.cli.films import checked_quality
from storyreel.cli.options import CacheOption, JsonOption, ProjectArgument, QualityOption, app
from storyreel.cli.running import display, stoppable
from storyreel.errors import InputError
from storyreel.progress import Progress

if TYPE_CHECKING:
    from storyreel.publish.interchange.losses import Loss


@app.command("export")
def export_command(
    project: ProjectArgument,
    dest: Annotated[Path, typer.Argument(metavar="DEST", help="A file or a folder.", show_default=False)],
    kind: Annotated[
        str, typer.Option("--as", metavar="KIND", help="What to write, where the ending does not say.")
    ] = "",
    quality: QualityOption = None,
    captions: Annotated[bool, typer.Option(help="Draw the captions into the picture.")] = True,
    begin: Annotated[str | None, typer.Option("--from", metavar="S", help="Of a GIF: where it begins.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="S", help="Of a GIF: where it ends.")] = None,
    width: Annotated[str | None, typer.Option(metavar="PX", help="Of a GIF: how wide it is; else 480.")] = None,
    at: Annotated[str, typer.Option(metavar="S,S", help="Of stills: which moments; else one a shot.")] = "",
    media: Annotated[
        str, typer.Option(metavar="NAME", help="Beside timelines: copy, or link (takes no room, and is read-only).")
    ] = "copy",
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Write a film as another kind of file; the ending of DEST says which, and a folder gets all that goes with it.

    Films: .mp4 (H.264; --as h265 or av1), .webm, .gif, .mov (ProRes; --as dnxhr). Sound: .wav .flac .mp3 .m4a .opus.
    Pictures: .png (one frame), .jpg (the most telling frame), --as stills. Captions: .srt .vtt .ass. Words: .txt .json;
    --as chapters for YouTube. Timelines, with their media beside them: .otio .edl .fcpxml. The project: .zip, or, with
    --as otio, stills, bundle ..., that in one ZIP.
    """
    from storyreel.inputs.brief import one_of, whole_number
    from storyreel.publish.interchange.media import Media
    from storyreel.recipes.export import export

    how: Media = one_of("media", media, get_args(Media))
    chosen, width_px = checked_quality(quality), None
    if width is not None:
        width_px = whole_number("width", width, range(16, 4097), "pixels")
    start_s, end_s = (None if text is None else _seconds(text) for text in (begin, end))
    moments = [_seconds(text) for text in at.split(",")] if at else []
    progress = Progress()
    with stoppable(progress), display(progress, json_lines):
        exported = export(
            project,
            dest,
            kind=kind,
            quality=chosen,
            captions=captions,
            start_s=start_s,
            end_s=end_s,
            width_px=width_px,
            at_s=moments,
            media=how,
            cache=cache,
            progress=progress,
        )
    if json_lines:
        for loss in exported.losses:
            typer.echo(loss.model_dump_json())
        return
    if exported.losses:
        _print_losses(exported.losses)
    typer.echo(f"{exported.path}: {_size(exported.files)}")


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A project's ZIP.", show_default=False)],
    project: Annotated[str | None, typer.Option(metavar="ID", help="Open it under another id.")] = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Open a project that storyreel export wrote as a ZIP, with all its links, edits and takes."""
    from storyreel.recipes.export import import_project

    progress = Progress()
    with stoppable(progress), display(progress, json_lines):
        opened = import_project(file, project_id=project, cache=cache, progress=progress)
    if not json_lines:
        typer.echo(f"{opened.folder}: go on with  storyreel resume {opened.id}")


def _print_losses(losses: Sequence[Loss]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("format", "not carried", "how many", "what becomes of it"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "what becomes of it")
    for loss in losses:
        table.add_row(loss.format, loss.what, str(loss.count), loss.becomes)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _size(files: tuple[Path, ...]) -> str:
    from storyreel.recipes.prune import size_text

    size = size_text(sum(path.stat().st_size for path in files))
    return size if len(files) == 1 else f"{len(files)} files, {size}"


def _seconds(text: str) -> float:
    """Seconds from "12.5", "1:30" or "1:02:03.5".

    Raises:
        InputError: it is no time.
    """
    try:
        parts = [float(part) for part in text.strip().split(":")]
        if not 1 <= len(parts) <= 3 or any(not 0 <= part < float("inf") for part in parts):
            raise ValueError
    except ValueError:
        raise InputError(f"the time {text[:20]!r} cannot be used: give seconds such as 12.5, or 1:30") from None
    total_s = 0.0
    for part in parts:
        total_s = total_s * 60 + part
    return total_s
