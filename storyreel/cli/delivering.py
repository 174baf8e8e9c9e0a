"""`storyreel upload`: a finished film on its way out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from storyreel.cli.options import CacheOption, JsonOption, ProjectArgument, app
from storyreel.cli.running import display, stoppable
from storyreel.progress import Progress


@app.command("upload")
def upload_command(
    project: ProjectArgument,
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            help="s3://bucket/folder/, r2://, gs://, az://, sftp://host/folder/ or a path.",
            show_default=False,
        ),
    ],
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Send this instead of the film.")] = None,
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="Of R2 and others that speak S3; else STORYREEL_S3_ENDPOINT.")
    ] = "",
    link: Annotated[str, typer.Option(metavar="KIND", help="signed, public or none.")] = "signed",
    link_days: Annotated[str, typer.Option(metavar="N", help="How long a signed link holds, 1 to 7 days.")] = "7",
    public_url: Annotated[str, typer.Option(metavar="URL", help="Where the bucket can be read by all.")] = "",
    timeout: Annotated[str, typer.Option(metavar="S", help="How long a part of 8 MiB may take.")] = "300",
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Send a film to S3, R2, Google Cloud, Azure, SFTP, a folder or what else fsspec knows; run it again to go on.

    Credentials come from where the service's own tools take them (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or
    AWS_PROFILE); further settings of a file system as JSON from STORYREEL_UPLOAD_OPTIONS. Nothing of them is kept.
    """
    from storyreel.inputs.brief import whole_number
    from storyreel.recipes.prune import size_text
    from storyreel.recipes.upload import upload

    days, part_time_s = (
        whole_number("link-days", link_days, range(1, 8)),
        whole_number("timeout", timeout, range(1, 86_401), "seconds"),
    )
    progress = Progress()
    with stoppable(progress), display(progress, json_lines):
        sent = upload(
            project,
            target,
            file=file,
            endpoint=endpoint,
            link=link,
            link_time_s=days * 24 * 3600,
            public_url=public_url,
            part_time_s=part_time_s,
            cache=cache,
            progress=progress,
        )
    if json_lines:
        typer.echo(sent.model_dump_json())
        return
    went_on = (
        f", {size_text(sent.size_bytes - sent.sent_bytes)} of it before" if sent.sent_bytes < sent.size_bytes else ""
    )
    typer.echo(f"{size_text(sent.size_bytes)} at {sent.target}{went_on}, checked ({sent.proof})")
    if sent.link:
        typer.echo(sent.link)
