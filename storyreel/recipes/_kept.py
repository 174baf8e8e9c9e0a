"""A recipe's results under names people read, in the project's folder."""

from __future__ import annotations

from pydantic import BaseModel

from storyreel.memo.blob import Blob
from storyreel.memo.store import store_of
from storyreel.project import Project, make_private_folder, write_text_atomically


def keep_value(project: Project, name: str, value: BaseModel) -> None:
    """Write a value as JSON."""
    keep_text(project, name, value.model_dump_json(indent=2) + "\n")


def keep_text(project: Project, name: str, text: str) -> None:
    """Write a text file."""
    path = project.path(name)
    make_private_folder(path.parent)
    write_text_atomically(path, text)


def keep_file(project: Project, stem: str, blob: Blob) -> None:
    """Give a remembered file its readable name; the same stem with another ending goes."""
    path = project.path(stem + blob.suffix)
    make_private_folder(path.parent)
    store_of(project).place(blob, path)
    for other in path.parent.glob(f"{path.stem}.*"):
        if other != path:
            other.unlink()
