"""Keeping remembered pieces of film within a budget: the ones used longest ago go first.

Only what can be made again may go: encoded pieces, encoded sound tracks, what the editor's page shows, and finished
films and exports that no project shows any more (an export's folder has a copy of its own). Pictures, voices, music,
bought clips, ledgers and every film that a project or another folder names are never touched. What a project remembers
while it is being worked on stays, too; and should a piece vanish all the same, the render that needs it makes it again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ValidationError

from storyreel.errors import CorruptFile, InputError
from storyreel.media.peaks import sound_peaks
from storyreel.memo.blob import Blob
from storyreel.memo.step import Step
from storyreel.memo.store import KeptFile, Store, store_in
from storyreel.project import Project, list_projects
from storyreel.publish.targets import TARGETS
from storyreel.publish.video import exported_film, exported_sound
from storyreel.render.packets import SUFFIX
from storyreel.render.page_media import PAGE_SUFFIX, page_clip, page_picture, page_sketch, page_sound, page_thumb
from storyreel.render.sound_steps import sound_block, untouched_sound
from storyreel.render.steps import film, master_sound, render_chunk
from storyreel.settings import cache_root

BUDGET_VARIABLE = "STORYREEL_CHUNK_BUDGET"
DEFAULT_BUDGET = "20GB"
_EXPORTED = (exported_film, exported_sound)
WHOLE_SUFFIXES = tuple(sorted({target.suffix for target in TARGETS.values() if target.container} | {".mp4"}))
"""Endings of whole films and sounds."""
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(I?)B?", re.IGNORECASE)
_STEPS: tuple[Step[..., Blob], ...] = (
    render_chunk, sound_block, untouched_sound, master_sound, film, page_thumb, page_picture, page_clip, page_sketch,
    page_sound, sound_peaks,
)  # fmt: skip
_HELD_KEY = "prune/held-bytes"
_UNKNOWN = -1
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


class Pruned(BaseModel, frozen=True, extra="forbid"):
    """What was cleared away, or would be.

    Attributes:
        files, freed_bytes: how many files went, and their size.
        kept_bytes: the size of the pieces, and of the films and exports shown nowhere, that stayed.
        budget_bytes: what they may take.
        results: how many notes of files that are gone were dropped.
        dry_run: whether nothing was really removed.
    """

    files: int
    freed_bytes: int
    kept_bytes: int
    budget_bytes: int
    results: int
    dry_run: bool


def parse_bytes(text: str) -> int:
    """Read a size: "20GB", "500 MB", "1.5T", "4GiB", "0"; K, M, G and T are powers of 1000, with an i of 1024.

    Raises:
        InputError: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise InputError(f"the size {text[:40]!r} cannot be used: give a number with KB, MB, GB or TB, such as 20GB")
    number, unit, binary = match.groups()
    return int(float(number) * (1024 if binary else 1000) ** " KMGT".index(unit.upper() or " "))


def size_text(size_bytes: int) -> str:
    """A size for people: "3.4 GB"."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    return f"{size_bytes} bytes"


def chunk_budget() -> int:
    """How many bytes pieces may take: STORYREEL_CHUNK_BUDGET, else 20 GB.

    Raises:
        InputError: the variable holds no size.
    """
    try:
        return parse_bytes(os.environ.get(BUDGET_VARIABLE) or DEFAULT_BUDGET)
    except InputError as error:
        raise InputError(f"{BUDGET_VARIABLE}: {error}") from error


def prune(
    cache: Path | str | None = None, budget_bytes: int | None = None, *, dry_run: bool = False, mine: str = ""
) -> Pruned:
    """Clear away the pieces used longest ago until the rest fits the budget, and notes of files that are gone.

    Args:
        budget_bytes: `chunk_budget` by default.
        dry_run: remove nothing, and say what would go.
        mine: a project that is being worked on by the caller; others that are being worked on keep all they have.
    """
    root, budget = cache_root(cache), chunk_budget() if budget_bytes is None else budget_bytes
    store = store_in(root)
    if not store.root.is_dir():
        return Pruned(files=0, freed_bytes=0, kept_bytes=0, budget_bytes=budget, results=0, dry_run=dry_run)
    with store.locks.hold("prune"):
        notes = _Notes(store)
        files = [*store.kept(SUFFIX), *store.kept(PAGE_SUFFIX), *_unshown(store, notes, root)]
        files.sort(key=lambda file: file.used_at_s)
        busy = notes.of_projects(_busy_projects(root, mine))
        held, freed, gone = sum(file.blob.size_bytes for file in files), 0, 0
        for file in files:
            if held - freed <= budget:
                break
            if file.blob.sha256 in busy:
                continue
            if not dry_run:
                # Its notes first: a file without a note is found again, a note without its file would need telling.
                notes.drop(file.blob)
                store.discard(file.blob)
            freed, gone = freed + file.blob.size_bytes, gone + 1
        dropped = notes.drop_lost({file.blob.sha256 for file in files}, dry_run=dry_run)
    return Pruned(
        files=gone,
        freed_bytes=freed,
        kept_bytes=held - freed,
        budget_bytes=budget,
        results=dropped,
        dry_run=dry_run,
    )


def prune_after_render(project: Project, film_bytes: int) -> None:
    """Prune if all that may go has outgrown the budget, and tell the project's listeners.

    Looking at every file takes the longer the more there are, so it waits until they may have outgrown the budget.

    Args:
        film_bytes: the size of the film that was rendered.
    """
    budget, store = chunk_budget(), store_in(project.cache)
    noted = _noted_bytes(store)
    # No render leaves more: the film's own bytes, and its sound once more, as blocks.
    held = noted + 2 * film_bytes
    if noted == _UNKNOWN or held > budget:
        held = _at_most_prunable(store)
    store.results.set(_HELD_KEY, str(held), lasting=False)
    if held <= budget:
        return
    pruned = prune(project.cache, budget, mine=project.id)
    store.results.delete(_HELD_KEY)
    if pruned.files:
        project.progress.warn(
            f"cleared away {size_text(pruned.freed_bytes)} of pieces and exports used longest ago, to keep within "
            f"{size_text(budget)} ({BUDGET_VARIABLE} changes that)",
            "render",
        )


def look_again(project: Project) -> None:
    """Look at every file after the next render: more was kept than renders keep."""
    store_in(project.cache).results.delete(_HELD_KEY)


def _noted_bytes(store: Store) -> int:
    """What might go when it was looked at last, with all that renders added since."""
    try:
        return int(store.results.get(_HELD_KEY) or _UNKNOWN)
    except (CorruptFile, ValueError):
        return _UNKNOWN


class _Notes:
    """What the store's results say of pieces, sound tracks, films and exports."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[str, list[str]] = {}
        self.whole: set[str] = set()
        for step in (*_STEPS, *_EXPORTED):
            for key in store.results.keys(f"*/{step.name}@*"):
                digest = self._digest_in(key)
                self._keys.setdefault(digest, []).append(key)
                if step is film or step in _EXPORTED:
                    self.whole.add(digest)

    def _digest_in(self, key: str) -> str:
        """The digest of the file that a result names; "" for a result that cannot be read."""
        try:
            return Blob.model_validate_json(self._store.results.get(key) or "").sha256
        except (CorruptFile, ValidationError):
            return ""

    def of_projects(self, project_ids: Iterable[str]) -> set[str]:
        """The digests that these projects' results name."""
        starts = tuple(f"{project_id}/" for project_id in project_ids)
        return {digest for digest, keys in self._keys.items() if any(key.startswith(starts) for key in keys)}

    def drop(self, blob: Blob) -> None:
        """Forget every result that names a file."""
        for key in self._keys.pop(blob.sha256, ()):
            self._store.results.delete(key)

    def drop_lost(self, there: set[str], *, dry_run: bool) -> int:
        """Forget results whose file is gone; returns how many they were."""
        shown = {file.blob.sha256 for suffix in WHOLE_SUFFIXES for file in self._store.kept(suffix)}
        lost = [key for digest, keys in self._keys.items() if digest not in there | shown for key in keys]
        for key in lost if not dry_run else ():
            self._store.results.delete(key)
        return len(lost)

    def digests_elsewhere(self, wanted: set[str]) -> set[str]:
        """Which digests are named by a result of any other step."""
        own = {key for keys in self._keys.values() for key in keys}
        found: set[str] = set()
        for key in self._store.results.keys("*/*@*"):
            if key not in own:
                try:
                    found |= wanted.intersection(_DIGEST.findall(self._store.results.get(key) or ""))
                except CorruptFile:
                    continue
        return found


def _at_most_prunable(store: Store) -> int:
    """How many bytes may go at most; reckoned from the files alone, without their notes."""
    pieces = [*store.kept(SUFFIX), *store.kept(PAGE_SUFFIX)]
    unnamed = [file for suffix in WHOLE_SUFFIXES for file in store.kept(suffix) if file.names == 1]
    return sum(file.blob.size_bytes for file in (*pieces, *unnamed))


def _unshown(store: Store, notes: _Notes, root: Path) -> list[KeptFile]:
    """Films and exports that were made here, have no name but the store's, and are no other film's material."""
    found = [
        file
        for suffix in WHOLE_SUFFIXES
        for file in store.kept(suffix)
        if file.names == 1 and file.blob.sha256 in notes.whole
    ]
    if not found:
        return []
    digests = {file.blob.sha256 for file in found}
    used = notes.digests_elsewhere(digests)
    for path in (root / "projects").glob("*/*.json*"):
        used |= digests.intersection(_DIGEST.findall(path.read_text(encoding="utf-8", errors="replace")))
    return [file for file in found if file.blob.sha256 not in used]


def _busy_projects(root: Path, mine: str) -> list[str]:
    """The projects that a process works on now, but for the caller's own."""
    busy = []
    for project_id in list_projects(root):
        if project_id != mine:
            with Project(project_id, root).locked(wait=False) as free:
                if not free:
                    busy.append(project_id)
    return busy
