"""A project: one film's id, folder, settings and inputs, and the lock that lets one run work on it at a time."""

from __future__ import annotations

import fcntl
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from storyreel.cache_form import FORM_NAME, check_form
from storyreel.durable import folder_to_disk
from storyreel.durable import storage_error as storage_error
from storyreel.errors import CorruptFile, DiskFull, InputError, ProjectNotFound, StorageError
from storyreel.progress import Progress
from storyreel.settings import Settings, cache_root

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
RECORD_NAME = "project.json"
LOCK_NAME = ".lock"
EVENTS_NAME = "events.jsonl"


class Record(BaseModel, frozen=True, extra="forbid"):
    """What `project.json` says: enough to run the same recipe again.

    Attributes:
        recipe: which way in made it ("title", "script", "flow", "audio").
        inputs: the recipe's own input, as JSON.
        crew: role -> provider name ("writer" -> "offline").
        settings: the film's look and sound.
        budget_usd: what all its paid calls together may cost; None sets no limit.
    """

    recipe: str
    inputs: Mapping[str, Any]
    crew: Mapping[str, str]
    settings: Settings
    budget_usd: Decimal | None = None


def check_project_id(project_id: str) -> str:
    """Return the id if it is a slug of 1 to 64 characters a-z, 0-9 and inner hyphens.

    Raises:
        InputError: it is anything else; in particular a path.
    """
    if not _SLUG.fullmatch(project_id):
        raise InputError(
            f"the project id {project_id!r} cannot be used: take 1 to 64 of a-z, 0-9 and '-', "
            "starting and ending with a letter or digit"
        )
    return project_id


def slug(text: str) -> str:
    """A readable slug for a text: accents dropped, words joined by hyphens, at most 48 characters; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


class _NewerRecord(CorruptFile):
    """A record that a newer storyreel wrote: it must not be replaced."""


class Project:
    """One film's place on disk.

    Args:
        project_id: a checked slug; see `check_project_id`.
        cache: the cache folder that holds every project and everything remembered.
        progress: the event stream; the project keeps its events in events.jsonl.
        executor: where its steps' work is done that only takes time; see `storyreel.on_cluster`.

    Raises:
        InputError: the id is no slug, the cache folder cannot be written, or a newer storyreel wrote it.
    """

    def __init__(
        self,
        project_id: str,
        cache: Path | str | None = None,
        progress: Progress | None = None,
        *,
        executor: object | None = None,
    ) -> None:
        self.id = check_project_id(project_id)
        self.cache = cache_root(cache)
        self.folder = self.cache / "projects" / self.id
        _open_cache(self.cache)
        make_private_folder(self.folder)
        self.progress = progress or Progress()
        self.executor = executor
        self.progress.keep_in(self.folder / EVENTS_NAME)

    def __repr__(self) -> str:
        return f"Project({self.id!r}, cache={str(self.cache)!r})"

    @property
    def identity(self) -> str:
        """The project's part of every remembered key."""
        return self.id

    def path(self, name: str) -> Path:
        """Where a file of the project lives; `name` is relative and may not climb out.

        Raises:
            InputError: the name is absolute or leaves the project's folder.
        """
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise InputError(f"the file name {name!r} leaves the project's folder")
        return path

    def save_record(self, record: Record) -> None:
        """Write project.json, if it says something new.

        Raises:
            CorruptFile: a newer storyreel wrote the one that is there.
        """
        try:
            self.record()
        except ProjectNotFound:
            pass
        except CorruptFile as error:
            if isinstance(error, _NewerRecord):
                raise
        text = json.dumps(record.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
        write_text_atomically(self.folder / RECORD_NAME, text)

    def record(self) -> Record:
        """Read project.json.

        Raises:
            ProjectNotFound: there is none.
            CorruptFile: it is not what storyreel writes.
        """
        path = self.folder / RECORD_NAME
        if not path.exists():
            raise ProjectNotFound(
                f"no film has been started under {self.id!r} in {self.cache}; see  storyreel projects"
            )
        try:
            return Record.model_validate_json(path.read_bytes())
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror}") from error
        except ValidationError as error:
            unknown = [fault["loc"] for fault in error.errors() if fault["type"] == "extra_forbidden"]
            if len(unknown) == error.error_count():
                raise _NewerRecord(
                    f"{path} tells of {unknown[0][-1]!r}, which this storyreel does not know: a newer one wrote it; "
                    "open the film with that one"
                ) from error
            raise CorruptFile(f"{path} is damaged; run the film's first command again to write it anew") from error

    @property
    def limit_usd(self) -> Decimal | None:
        """What its paid calls may cost over all its runs; None where no limit was set."""
        try:
            return self.record().budget_usd
        except ProjectNotFound:
            return None

    def edit(self, changed: Any = None, **options: Any) -> Any:
        """The film's timeline editor, for a notebook cell; given a changed table, the film with what was changed in it.

        Args:
            changed: a table that `storyreel.tables` gave of the film's clips, captions or sounds, with other values in
                it; they are kept as edits of the film, and what they touch is rendered. None for the editor.
            options: with a table, those of `storyreel.tables.edit`.

        Returns:
            A `storyreel.studio.Editor`; given a table, a `storyreel.Film`.

        Raises:
            InputError: a value was changed that a table cannot change, or an edit does not fit; nothing is changed
                then.
        """
        # By name: nothing of a project needs Jupyter until somebody looks at one in it.
        if changed is None:
            return import_module("storyreel.studio").editor(self)
        return import_module("storyreel.recipes.tables").edit(self, changed, **options)

    def costs(self) -> Any:
        """Every paid call so far as a pandas table; see `storyreel.costs` for sums and `studio.plot_costs` for a plot.

        Raises:
            CorruptFile: the ledger is damaged.
        """
        # Costs are told by a stage that builds on this one, so it is only named here, as the public names are.
        return import_module("storyreel.recipes.costs").costs(self.id, cache=self.cache).table()

    def provenance(self) -> Any:
        """Who made each picture, sound and text, with prompt, price and request, as a pandas table."""
        return import_module("storyreel.recipes.tables").provenance(self)

    @contextmanager
    def locked(self, *, wait: bool = True) -> Iterator[bool]:
        """Hold the project's lock, which works across processes and dies with its holder.

        Yields:
            True when the lock is held; False when `wait` is false and somebody else has it.
        """
        descriptor = os.open(self.folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            try:
                yield True
            finally:
                os.truncate(descriptor, 0)
        finally:
            os.close(descriptor)

    @property
    def holder(self) -> int | None:
        """The id of the process of this machine that holds the project's lock; None when nobody does."""
        try:
            process = int((self.folder / LOCK_NAME).read_text(encoding="ascii"))
            os.kill(process, 0)
        except (OSError, ValueError, OverflowError):
            return None  # asking the lock itself would for a moment keep others from taking it
        with self.locked(wait=False) as free:
            return None if free else process


def _open_cache(cache: Path) -> None:
    make_private_folder(cache)
    try:
        check_form(cache)
    except OSError as error:
        raise storage_error(error, cache) from error


def list_projects(cache: Path | str | None = None) -> list[str]:
    """The ids of every project in the cache, in alphabetical order.

    Raises:
        InputError: a newer storyreel wrote the cache.
    """
    if (cache_root(cache) / FORM_NAME).exists():
        _open_cache(cache_root(cache))
    folder = cache_root(cache) / "projects"
    if not folder.is_dir():
        return []
    return sorted(
        path.name for path in folder.iterdir() if (path / RECORD_NAME).is_file() and _SLUG.fullmatch(path.name)
    )


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter, and make sure that a power cut leaves it there.

    Raises:
        InputError: it cannot be created or written.
        DiskFull: there is no room for it.
    """
    if not folder.is_dir():
        if not folder.parent.is_dir():
            make_private_folder(folder.parent)
        try:
            folder.mkdir(exist_ok=True, mode=0o700)
            with suppress(PermissionError):  # of a parent that others own the names cannot always be read
                folder_to_disk(folder.parent)
        except OSError as error:
            if isinstance(failure := storage_error(error, folder), DiskFull):
                raise failure from error
            raise InputError(
                f"the cache {folder} cannot be written ({error.strerror}): "
                "choose another with --cache DIR or STORYREEL_CACHE"
            ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"the cache {folder} cannot be written: choose another with --cache DIR or STORYREEL_CACHE")


def write_text_atomically(path: Path, text: str) -> None:
    """Write a file so that a crash or a power cut leaves the old text or the new; an equal file is left alone."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder_to_disk(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise storage_error(error, path) from error
