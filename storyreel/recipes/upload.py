"""Sending a finished film where it is wanted."""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from storyreel.errors import InputError
from storyreel.progress import Progress
from storyreel.project import Project
from storyreel.publish.delivery.azure import send_to_azure
from storyreel.publish.delivery.files import send_by_fsspec
from storyreel.publish.delivery.gcs import send_to_gcs
from storyreel.publish.delivery.links import LONGEST_LINK_S, Link
from storyreel.publish.delivery.s3 import send_to_s3
from storyreel.publish.delivery.sending import PART_TIME_S, Delivered, Parcel, sha256_of
from storyreel.publish.delivery.state import KeptState
from storyreel.publish.delivery.target import read_target
from storyreel.recipes._finish import FILM_NAME
from storyreel.recipes._run import run
from storyreel.recipes.resume import existing

ENDPOINT_VARIABLE = "STORYREEL_S3_ENDPOINT"
OPTIONS_VARIABLE = "STORYREEL_UPLOAD_OPTIONS"


def upload(
    project_id: str,
    target: str,
    *,
    file: Path | str | None = None,
    endpoint: str = "",
    link: str = "signed",
    link_time_s: int = LONGEST_LINK_S,
    public_url: str = "",
    options: Mapping[str, Any] | None = None,
    part_time_s: float = PART_TIME_S,
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> Delivered:
    """Send a film to any place; one that was stopped half-way goes on when it is called again.

    Args:
        target: "s3://bucket/folder/" (S3 and its kin), "r2://...", "gs://...", "az://container/folder/",
            "sftp://host/folder/", a path, or what else fsspec knows; one that ends in "/" takes the name ID.mp4.
        file: another file than the film, such as an export.
        endpoint: where another service than Amazon's is, such as "https://ACCOUNT.r2.cloudflarestorage.com"; by default
            STORYREEL_S3_ENDPOINT. Credentials are found as every AWS tool finds them, and are kept nowhere.
        link: of S3, Google and Azure: "signed" holds for a while, "public" for ever, "none".
        link_time_s: how long a signed link holds, at most seven days.
        public_url: where the bucket or folder can be read by all.
        options: of Azure or SFTP (see these modules in `storyreel.publish.delivery`) or of fsspec's file system, never
            kept; by default the JSON in STORYREEL_UPLOAD_OPTIONS.
        part_time_s: how long a part of 8 MiB may take before the link counts as too slow.

    Raises:
        InputError: there is no film yet, or the place cannot be used.
        ProviderError: the service refuses, or cannot be reached; what was sent is kept.
        StorageError: there is no room, or what lies there is not what was sent.
    """
    project = existing(project_id, cache, progress)
    source = Path(file).expanduser().absolute() if file is not None else project.path(FILM_NAME)
    if not source.is_file():
        raise InputError(
            f"{source} is not there to be sent: "
            + (f"run  storyreel resume {project_id}" if file is None else "give another file")
        )
    if link not in get_args(Link):
        raise InputError(f"the link cannot be {link[:40]!r}: choose one of {', '.join(get_args(Link))}")
    if not 1 <= link_time_s <= LONGEST_LINK_S:
        raise InputError(f"a signed link cannot hold for {link_time_s} s: give 1 to {LONGEST_LINK_S}, seven days")
    if part_time_s <= 0:
        raise InputError(f"a part cannot take {part_time_s} s: give more than 0")
    if urlsplit(endpoint).password or urlsplit(public_url).password:
        raise InputError("an address holds a password, which lists and records would keep: leave it out")
    place = read_target(target, f"{project_id}{source.suffix}" if file is None else source.name)
    given_options = _options() if options is None else options
    links: dict[str, Any] = {"link": link, "link_time_s": link_time_s, "public_base": public_url}
    with run(project, "upload", {"upload": 1.0}):
        parcel = _parcel(project, source, part_time_s)
        where = endpoint or os.environ.get(ENDPOINT_VARIABLE, "") if place.scheme == "s3" else ""
        kept = KeptState(project, str(place), where, parcel.name)
        if place.scheme == "s3":
            return send_to_s3(parcel, place, kept, project.progress, endpoint=where, **links)
        if place.scheme == "gs":
            return send_to_gcs(parcel, place, kept, project.progress, **links)
        if place.scheme == "az":
            return send_to_azure(parcel, place, project.progress, options=given_options, **links)
        return send_by_fsspec(parcel, place, kept, project.progress, options=given_options, public_base=public_url)


def _parcel(project: Project, source: Path, part_time_s: float) -> Parcel:
    name = str(source.relative_to(project.folder)) if source.is_relative_to(project.folder) else str(source)
    return Parcel(
        path=source,
        name=name,
        sha256=sha256_of(source, project.progress),
        size_bytes=source.stat().st_size,
        content_type=mimetypes.guess_type(source.name)[0] or "application/octet-stream",
        part_time_s=part_time_s,
    )


def _options() -> Mapping[str, Any]:
    try:
        read = json.loads(os.environ.get(OPTIONS_VARIABLE) or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise InputError(f'{OPTIONS_VARIABLE} is not a JSON object: write it as {{"key_filename": "..."}}')
    return read
