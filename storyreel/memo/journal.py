"""The ledger's file: lines that are only ever appended, and what they add up to.

A line is on the disk before `locked` is left. A process killed while writing leaves a line without an end; the next
one to write drops it, which is safe because nothing is done before the line that announces it is complete.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ValidationError

from storyreel.durable import folder_to_disk
from storyreel.errors import CorruptFile
from storyreel.memo.blob import Blob
from storyreel.project import make_private_folder, storage_error

EntryState = Literal["open", "submitted", "answered", "failed", "forgiven"]
_STATE_AFTER: Mapping[str, EntryState] = {
    "intent": "open",
    "job": "submitted",
    "answered": "answered",
    "failed": "failed",
    "lost": "open",
    "forgiven": "forgiven",
}


class Line(BaseModel, frozen=True):
    """One line: something that happened to the request `id`.

    Attributes:
        at_s: Unix time, seconds.
        step: which step asked.
        model: what was asked for; in an answer, what answered.
        take: see `storyreel.memo.ledger.request_id`.
        price_usd: what was charged by it.
        request: the provider's own id of the request.
        took_s: from the intent to the answer or failure.
        reason: the error's class, for a failure.
        told: whether the provider told the price; else it is by the table.
        charged: whether a failure is charged, known price or not.
    """

    at_s: float
    kind: Literal["intent", "job", "answered", "failed", "lost", "forgiven"]
    id: str
    provider: str = ""
    endpoint: str = ""
    step: str = ""
    model: str = ""
    take: int = 0
    expected_usd: Decimal | None = None
    price_usd: Decimal | None = None
    job: str | None = None
    answer: Blob | None = None
    request: str = ""
    took_s: float | None = None
    reason: str = ""
    told: bool = False
    charged: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as its lines leave it.

    Attributes:
        id: the request's digest; its first characters are enough for `Ledger.forgive`.
        provider, endpoint: who was asked, and where.
        state: "open" was sent, with no answer so far; "submitted" runs as a job; the others: see
            `storyreel.memo.ledger`.
        asked_at_s: when it was last sent, Unix time, seconds.
        expected_usd: the price expected of that, None if unknown.
        spent_usd: what all its attempts cost.
        job: the provider's handle, while it runs as a job.
        answer: its file in the store.
        step, model, take, request, took_s, reason: see `Line`; of the last attempt.
        tries, failures: how often it was sent, and how often the provider said no.
        unpriced: whether an answer, or a failure that is charged, came whose price nobody knows.
        price_told: whether the provider told the price of the answer.
        refused: whether the last refusal was charged; sending the same again would likely be charged again.
        refused_usd: what it cost, as far as that is known.
    """

    id: str
    provider: str
    endpoint: str
    state: EntryState
    asked_at_s: float
    expected_usd: Decimal | None
    spent_usd: Decimal = Decimal(0)
    job: str | None = None
    answer: Blob | None = None
    step: str = ""
    model: str = ""
    take: int = 0
    request: str = ""
    took_s: float | None = None
    reason: str = ""
    tries: int = 1
    failures: int = 0
    unpriced: bool = False
    refused: bool = False
    refused_usd: Decimal = Decimal(0)
    price_told: bool = False

    @property
    def reserved_usd(self) -> Decimal:
        """What it may still cost."""
        return (self.expected_usd or Decimal(0)) if self.state in ("open", "submitted") else Decimal(0)


def entry_after(entry: Entry | None, line: Line) -> Entry:
    """What a request is after one more line.

    Raises:
        ValueError: its first line is no intent.
    """
    spent_usd = (entry.spent_usd if entry else Decimal(0)) + (line.price_usd or Decimal(0))
    if line.kind == "intent":
        return Entry(
            line.id,
            line.provider,
            line.endpoint,
            "open",
            line.at_s,
            line.expected_usd,
            spent_usd,
            step=line.step,
            model=line.model,
            take=line.take,
            tries=entry.tries + 1 if entry else 1,
            failures=entry.failures if entry else 0,
            unpriced=entry.unpriced if entry else False,
        )
    if entry is None:
        raise ValueError(f"{line.kind} without an intent")
    answered = line.kind == "answered"
    refused = line.kind == "failed" and (line.charged or bool(line.price_usd))
    return replace(
        entry,
        state=_STATE_AFTER[line.kind],
        spent_usd=spent_usd,
        job=line.job if line.kind == "job" else None,
        answer=line.answer if answered else None,
        model=line.model or entry.model,
        request=line.request or entry.request,
        took_s=entry.took_s if line.took_s is None else line.took_s,
        reason=line.reason,
        failures=entry.failures + (line.kind == "failed"),
        refused=refused,
        refused_usd=(line.price_usd or Decimal(0)) if refused else Decimal(0),
        price_told=line.told,
        unpriced=entry.unpriced or ((answered or refused) and line.price_usd is None),
    )


class Journal:
    """The file of one ledger. Safe for threads and processes: it is read and written under its lock only.

    The disk is waited for without the lock: what is on it holds every line before, so many who write at the same time
    wait together and not for one another.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, Entry] = {}
        self._read_to_byte, self._file_id = 0, (0, 0)
        self._name_is_on_disk = False
        self._spent_usd = self._reserved_usd = Decimal(0)

    @contextmanager
    def locked(self) -> Iterator[OpenJournal]:
        """Hold the file's lock; what others wrote has been read, and what is appended inside is on the disk afterwards.

        Raises:
            CorruptFile: a line is not what storyreel writes.
            DiskFull, StorageError: the file could not be opened or written.
        """
        make_private_folder(self.path.parent)
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                self._catch_up(file)
                begun_at_byte = self._read_to_byte
                yield OpenJournal(self, file)
                if self._read_to_byte == begun_at_byte:
                    return
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.fsync(descriptor)
                if not self._name_is_on_disk:
                    folder_to_disk(self.path.parent)
                    self._name_is_on_disk = True
        except OSError as error:
            raise storage_error(error, self.path) from error

    def _catch_up(self, file: BinaryIO) -> None:
        stat = os.fstat(file.fileno())
        if self._file_id != (stat.st_dev, stat.st_ino) or stat.st_size < self._read_to_byte:
            self._entries, self._read_to_byte, self._file_id = {}, 0, (stat.st_dev, stat.st_ino)
            self._name_is_on_disk = False
            self._spent_usd = self._reserved_usd = Decimal(0)
        file.seek(self._read_to_byte)
        for written in file:
            if not written.endswith(b"\n"):
                break
            try:
                self._take(Line.model_validate_json(written))
            except (ValidationError, ValueError) as error:
                raise CorruptFile(
                    f"{self.path}, which knows the paid calls, is damaged after byte {self._read_to_byte}: restore it "
                    "from a copy, or move it away if nothing paid is missing"
                ) from error
            self._read_to_byte += len(written)

    def _take(self, line: Line) -> None:
        before = self._entries.get(line.id)
        after = self._entries[line.id] = entry_after(before, line)
        # Added up as lines come: a film of very many calls asks for the sums at every one of them.
        self._spent_usd += after.spent_usd - (before.spent_usd if before else 0)
        self._reserved_usd += after.reserved_usd - (before.reserved_usd if before else 0)

    def _append(self, file: BinaryIO, line: Line) -> None:
        written = line.model_dump_json(exclude_defaults=True).encode() + b"\n"
        file.seek(self._read_to_byte)
        file.truncate()
        file.write(written)
        file.flush()
        self._take(line)
        self._read_to_byte += len(written)


class OpenJournal:
    """A journal whose lock is held."""

    def __init__(self, journal: Journal, file: BinaryIO) -> None:
        self._journal, self._file = journal, file

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every request by its id, in the order in which they were first sent."""
        return self._journal._entries

    @property
    def spent_usd(self) -> Decimal:
        """What all of them cost so far."""
        return self._journal._spent_usd

    @property
    def reserved_usd(self) -> Decimal:
        """What those under way may still cost."""
        return self._journal._reserved_usd

    def append(self, line: Line) -> None:
        """Write a line."""
        self._journal._append(self._file, line)
