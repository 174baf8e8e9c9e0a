"""Which form a cache is in, so that no version of storyreel spoils what another has written.

`form.json`, in the cache itself, names the form and who wrote it first. A cache without one is of form 1: it was made
before forms were written down. The form is raised when an older version would misread what a newer one writes; a newer
version brings an older cache to its own form when it opens it. What merely can be made again, as what a step of
another version returned, needs no new form.
"""

from __future__ import annotations

import json
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from storyreel.durable import folder_to_disk
from storyreel.errors import CorruptFile, InputError

FORM = 1
FORM_NAME = "form.json"


def check_form(cache: Path) -> None:
    """See that this version can use a cache, before anything in it is touched; a new cache gets its mark.

    Raises:
        InputError: a newer version has written it.
        CorruptFile: its mark cannot be read.
        OSError: the mark could not be written.
    """
    path = cache / FORM_NAME
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        _mark(path)
        return
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    form = told.get("form") if isinstance(told, dict) else None
    if type(form) is not int or form < 1:
        raise _damaged(path)
    if form > FORM:
        maker = str(told.get("storyreel", ""))[:20] or "another version"
        raise InputError(
            f"the cache {cache} was written by storyreel {maker} in form {form}, and this one reads form {FORM}: use "
            "that version, or another folder with --cache DIR; nothing in it was changed"
        )


def _damaged(path: Path) -> CorruptFile:
    return CorruptFile(
        f"{path}, which tells the cache's form, is damaged: delete it if no newer storyreel has used this cache"
    )


def _mark(path: Path) -> None:
    try:
        maker = version("storyreel")
    except PackageNotFoundError:
        maker = ""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"form": FORM, "storyreel": maker}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder_to_disk(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
