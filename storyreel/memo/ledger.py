"""Paid calls, each made once: written down before it is sent, and its answer kept, whatever crashes in between.

Every project has one `ledger.jsonl`: lines are only ever appended, each brought to the disk before
the next thing happens.

    intent     about to be sent: who, where, a digest of what, the price expected
    job        the provider took it as a job and gave this handle
    answered   the answer, as a file in the store, and its price
    failed     the provider said no; nothing (or the price given) was charged. Where it was, it stays a no
    lost       the job's answer can no longer be had, and it may have been charged
    forgiven   it may be asked once more: the user looked and allows it, or the answer was of no use

What a later run finds decides what it does: an answer is used, a job is asked for its result again, a failure may be
sent anew. An intent alone means that a request went out and no answer was kept: it may have been charged, so it is an
`AnswerUnknown` until the user decides with `Ledger.forgive`, and so is a lost job. While one thread or process makes a
call, others that want the same wait and share its answer.

Bodies, headers and keys are never written: a request is known by its digest, and an endpoint is kept without its query.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from storyreel.errors import AnswerUnknown, CorruptFile, DiskFull, InputError, ProviderError, ProviderRefused
from storyreel.memo.journal import Entry, Journal, Line
from storyreel.memo.locks import KeyLocks
from storyreel.memo.money import Budget
from storyreel.memo.paying import Receipt, paying
from storyreel.memo.policy import read_policy
from storyreel.memo.store import Store, store_of
from storyreel.progress import Event, Progress
from storyreel.project import Project, make_private_folder

LEDGER_NAME = "ledger.jsonl"
_ROOM_FOR_AN_ANSWER_BYTES = 64 * 2**20
_SHORT_ID = 12


class Charged(NamedTuple):
    """An answer and what it came from.

    Attributes:
        data: the answer.
        price_usd: None where the reply does not tell it.
        model: as the provider names what answered, "" if it does not say.
        request: the provider's own id of the request.
        told: whether the provider told the price, rather than a table.
    """

    data: bytes
    price_usd: Decimal | None = None
    model: str = ""
    request: str = ""
    told: bool = False


def request_id(
    provider: str, endpoint: str, body: bytes | Mapping[str, object], files: Sequence[str] = (), take: int = 0
) -> str:
    """The digest that a request is known by: the same for every request that would buy the same answer.

    Args:
        endpoint: URL or path; its query and user part do not count, so a key in them changes nothing.
        body: what is sent; a mapping counts by its content, whatever the order of its keys.
        files: SHA-256 of each file that is sent along, in order.
        take: tells apart requests that are equal on the wire but meant to give another answer each.
    """
    data = body if isinstance(body, bytes) else json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    known_by = [provider, _bare(endpoint), hashlib.sha256(data).hexdigest(), list(files), take]
    return hashlib.sha256(json.dumps(known_by).encode()).hexdigest()


class Ledger:
    """The paid calls of one project. Safe for threads and processes.

    Args:
        folder: where `ledger.jsonl` is kept, usually the project's.
        store: keeps the answers.
        progress: is told what things cost, and can stop a wait.
        budget: the limit that no call may pass.
    """

    def __init__(self, folder: Path, store: Store, progress: Progress, budget: Budget | None = None) -> None:
        self._journal = Journal(folder / LEDGER_NAME)
        self._project_id = folder.name
        self._said: set[str] = set()
        self._store, self._progress = store, progress
        self.budget = budget or Budget()
        self._locks = KeyLocks(folder / ".calls")
        self._claims = folder / ".claims"

    @property
    def cache(self) -> Path:
        """The cache folder that its project shares with others."""
        return self._store.root.parent

    def ask(
        self,
        provider: str,
        endpoint: str,
        body: bytes | Mapping[str, object],
        send: Callable[[], Charged],
        *,
        files: Sequence[str] = (),
        take: int = 0,
        expected_usd: Decimal | None = None,
        suffix: str = ".json",
        model: str = "",
        in_turn: Callable[[], None] = lambda: None,
    ) -> bytes:
        """Make a call that answers at once, or give the answer it gave before.

        Args:
            provider, endpoint, body, files, take: what the request is known by; see `request_id`.
            send: sends it once and returns the answer with its price. It raises an InputError, or a ProviderError that
                is not AnswerUnknown, only when the provider surely did not take the request; whatever else it raises
                leaves the entry open. A `price_usd` attribute on that error is what the refusal cost.
            expected_usd: the price expected; it counts as the price where the reply tells none.
            suffix: the answer's kind as a file.
            model: which of the provider's models is asked, for the user to see.
            in_turn: waits until it may be sent; called where it will be, before it is written down.

        Raises:
            AnswerUnknown: it was sent before and no answer was kept.
            BudgetExceeded: it would pass the limit; nothing was sent.
            DiskFull: there is no room for an answer; nothing was sent.
        """
        what = request_id(provider, endpoint, body, files, take)
        with self._locks.hold(what, self._progress.raise_if_cancelled):
            entry = self._entry(what)
            if entry is not None and entry.state == "answered":
                return self._kept_answer(entry)
            self._raise_if_settled(entry)
            if entry is not None and entry.state in ("open", "submitted"):
                raise self._unknown(entry)
            in_turn()
            self._intend(what, provider, endpoint, expected_usd, model, take)
            begun_s = time.monotonic()
            with self._failures_noted(what, begun_s, ends_on_busy=True):
                charged = Charged(*send())
            return self._keep_answer(what, provider, charged, suffix, expected_usd, time.monotonic() - begun_s)

    def run_job(
        self,
        provider: str,
        endpoint: str,
        body: bytes | Mapping[str, object],
        submit: Callable[[], str],
        collect: Callable[[str], Charged],
        *,
        files: Sequence[str] = (),
        take: int = 0,
        expected_usd: Decimal | None = None,
        suffix: str = ".json",
        model: str = "",
        in_turn: Callable[[], None] = lambda: None,
    ) -> bytes:
        """Make a call that runs as a job, go on waiting for one that was submitted before, or give its kept answer.

        Args:
            provider, endpoint, body, files, take: what the request is known by; see `request_id`.
            submit: sends it once and returns the handle to ask by (an id, or JSON with the address to poll), which must
                hold no key. Its errors count as those of `send` in `ask`.
            collect: waits for the job of that handle and returns the answer with its price. A ProviderError that is
                neither retryable nor AnswerUnknown says that the job is over without an answer; a `price_usd` attribute
                on it is what that cost. After any other error the job is asked for again by the next run; AnswerUnknown
                says that this is of no use, and leaves it to the user whether to pay again.
            expected_usd, suffix, model, in_turn: as in `ask`.

        Raises:
            AnswerUnknown: it was submitted before and no handle was kept.
            BudgetExceeded: it would pass the limit; nothing was sent.
            DiskFull: there is no room for an answer; nothing was sent.
        """
        what = request_id(provider, endpoint, body, files, take)
        with self._locks.hold(what, self._progress.raise_if_cancelled):
            entry = self._entry(what)
            if entry is not None and entry.state == "answered":
                return self._kept_answer(entry)
            self._raise_if_settled(entry)
            if entry is not None and entry.state == "open":
                raise self._unknown(entry)
            in_turn()
            if entry is not None and entry.state == "submitted" and entry.job is not None:
                job, expected_usd, waited_s = entry.job, entry.expected_usd, max(0.0, time.time() - entry.asked_at_s)
                begun_s = time.monotonic() - waited_s
            else:
                self._intend(what, provider, endpoint, expected_usd, model, take)
                begun_s = time.monotonic()
                with self._failures_noted(what, begun_s, ends_on_busy=True):
                    job = submit()
                self._append(Line(at_s=time.time(), kind="job", id=what, job=job))
            try:
                with self._failures_noted(what, begun_s, ends_on_busy=False):
                    charged = Charged(*collect(job))
            except AnswerUnknown:
                self._append(Line(at_s=time.time(), kind="lost", id=what))
                raise
            return self._keep_answer(what, provider, charged, suffix, expected_usd, time.monotonic() - begun_s)

    def claim(self, what: str, by: str) -> bool:
        """Take something that at most one request of the project may use, such as a photo to be shown once.

        Args:
            what: the thing.
            by: the request; it may claim the same again.

        Returns:
            Whether it is `by`'s, now or since before.
        """
        make_private_folder(self._claims)
        path = self._claims / hashlib.sha256(what.encode()).hexdigest()
        try:
            # Of all threads and processes, exactly one can make the file.
            with path.open("x", encoding="utf-8") as file:
                file.write(by)
        except FileExistsError:
            return path.read_text(encoding="utf-8") == by
        return True

    @property
    def project_id(self) -> str:
        """Whose calls these are."""
        return self._project_id

    @property
    def progress(self) -> Progress:
        """The event stream of the project."""
        return self._progress

    def warn_once(self, message: str) -> None:
        """Tell the user something, the first time it is said."""
        if message not in self._said:
            self._said.add(message)
            self._progress.warn(message)

    def entries(self) -> tuple[Entry, ...]:
        """Every request, in the order in which they were first sent. An open one may be under way right now."""
        with self._journal.locked() as journal:
            return tuple(journal.entries.values())

    def spent_usd(self) -> Decimal:
        """What the project's calls cost so far."""
        with self._journal.locked() as journal:
            return journal.spent_usd

    def undecided(self) -> tuple[Entry, ...]:
        """The requests that were or may have been charged and brought nothing; one may be under way elsewhere."""
        return tuple(
            entry
            for entry in self.entries()
            if entry.state == "open"
            or entry.refused
            or (entry.answer is not None and not self._store.has(entry.answer))
        )

    def disown(self, call: str) -> None:
        """Note that a kept answer is of no use, so that the same request is sent anew when it is next asked for.

        Args:
            call: the entry's whole id; see `storyreel.memo.paying.Receipt`.
        """
        with self._locks.hold(call, self._progress.raise_if_cancelled):
            entry = self._entry(call)
            if entry is not None and entry.state == "answered":
                self._append(Line(at_s=time.time(), kind="forgiven", id=call))

    def forgive(self, entry_id: str, *, charged: bool = True) -> None:
        """Allow a request whose answer is unknown or lost to be sent once more.

        Args:
            entry_id: the entry's id or its beginning.
            charged: whether the lost request's expected price counts as spent; say no after looking at the bill.

        Raises:
            InputError: no entry, or more than one, begins so, or its answer is not in doubt.
        """
        found = [entry for entry in self.entries() if entry.id.startswith(entry_id)]
        if len(found) != 1:
            raise InputError(f"{len(found)} paid calls begin with {entry_id!r}: give the id of just one")
        with self._locks.hold(found[0].id, self._progress.raise_if_cancelled):
            entry = self._entry(found[0].id)
            if (
                entry is None
                or (entry.state in ("failed", "forgiven") and not entry.refused)
                or (entry.answer and self._store.has(entry.answer))
            ):
                raise InputError(f"the paid call {entry_id} is settled: there is nothing to decide")
            # What a refusal cost has been counted; what is not known counts now.
            price_usd = entry.reserved_usd if charged else Decimal(0)
            self._append(Line(at_s=time.time(), kind="forgiven", id=entry.id, price_usd=price_usd))

    def _intend(
        self, what: str, provider: str, endpoint: str, expected_usd: Decimal | None, model: str, take: int
    ) -> None:
        self._progress.raise_if_cancelled()
        make_private_folder(self._store.root)
        if shutil.disk_usage(self._store.root).free < _ROOM_FOR_AN_ANSWER_BYTES:
            raise DiskFull(
                f"the disk that holds {self._store.root} has no room for the answer of a paid call, "
                "so it was not made: free some room, then run the same command again"
            )
        endpoint = _bare(endpoint)
        place = paying()
        line = Line(
            at_s=time.time(),
            kind="intent",
            id=what,
            provider=provider,
            endpoint=endpoint,
            step=place.step if place else "",
            model=model,
            take=take,
            expected_usd=expected_usd,
        )
        # One lock for the check and the line: two calls at once must not both fit into what is left.
        with self._journal.locked() as journal:
            self.budget.check(journal.spent_usd, journal.reserved_usd, expected_usd, f"{provider} {endpoint}")
            journal.append(line)

    @contextmanager
    def _failures_noted(self, what: str, begun_s: float, *, ends_on_busy: bool) -> Iterator[None]:
        try:
            yield
        except AnswerUnknown as unknown:
            unknown.call, unknown.project = what[:_SHORT_ID], self._project_id
            raise
        except (ProviderError, InputError) as error:
            retryable = isinstance(error, InputError) or error.retryable
            if ends_on_busy or not retryable:
                line = Line(
                    at_s=time.time(),
                    kind="failed",
                    id=what,
                    price_usd=None if isinstance(error, InputError) else error.price_usd,
                    took_s=round(time.monotonic() - begun_s, 3),
                    # The class alone: a message could quote the request.
                    reason=type(error).__name__,
                    # Where its price is told or known, that says whether it is.
                    charged=isinstance(error, ProviderError) and error.charged and error.price_usd is None,
                )
                self._append(line)
                self._tell_cost(error.price_usd if isinstance(error, ProviderError) else None)
            raise

    def _keep_answer(
        self, what: str, provider: str, charged: Charged, suffix: str, expected_usd: Decimal | None, took_s: float
    ) -> bytes:
        price_usd = expected_usd if charged.price_usd is None else charged.price_usd
        blob = self._store.put_bytes(charged.data, suffix)
        self._append(
            Line(
                at_s=time.time(),
                kind="answered",
                id=what,
                answer=blob,
                price_usd=price_usd,
                told=charged.told,
                model=charged.model,
                request=charged.request,
                took_s=round(took_s, 3),
            )
        )
        self._tell_cost(price_usd)
        self._hand_receipt(what)
        return charged.data

    def _tell_cost(self, price_usd: Decimal | None) -> None:
        if price_usd:
            place = paying()
            step = place.step if place else ""
            self._progress.emit(Event(at_s=time.time(), kind="cost", step=step, cost_usd=float(price_usd)))

    def _kept_answer(self, entry: Entry) -> bytes:
        assert entry.answer is not None
        try:
            data = self._store.read(entry.answer)
        except CorruptFile as error:
            raise self._unknown(
                entry, f"the answer of a call that was paid for is lost ({error}), and it would have to be paid again"
            ) from error
        self._hand_receipt(entry.id)
        return data

    def _hand_receipt(self, what: str) -> None:
        place, entry = paying(), self._entry(what)
        if place is not None and entry is not None:
            price_usd = None if entry.unpriced else entry.spent_usd
            place.receipts.append(Receipt(what, entry.provider, entry.model, entry.request, price_usd))

    def _raise_if_settled(self, entry: Entry | None) -> None:
        """A refusal that was charged is not bought a second time unasked."""
        if entry is not None and entry.refused:
            cost = f"cost ${entry.refused_usd}" if entry.refused_usd else "may have been charged"
            raise ProviderRefused(
                entry.provider,
                f"this request was refused before, which {cost}: change what is asked for, or let "
                f"it be sent once more with  storyreel resume {self._project_id} --ask-again",
            )

    def _unknown(self, entry: Entry, why: str = "") -> AnswerUnknown:
        sent = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.asked_at_s))
        why = why or (
            f"a request to {entry.endpoint} was sent on {sent} and no answer was kept, so it may have been charged: "
            "look at the bill"
        )
        short = entry.id[:_SHORT_ID]
        unknown = AnswerUnknown(
            entry.provider,
            f"{why}; to let this call ({short}) be sent once more, run  "
            f"storyreel resume {self._project_id} --ask-again",
        )
        unknown.call, unknown.project = short, self._project_id
        return unknown

    def _entry(self, what: str) -> Entry | None:
        with self._journal.locked() as journal:
            return journal.entries.get(what)

    def _append(self, line: Line) -> None:
        with self._journal.locked() as journal:
            journal.append(line)


def ledger_of(project: Project, budget: Budget | None = None) -> Ledger:
    """The ledger of a project; as many as you like may be open at once.

    Args:
        budget: the limit; by default the one that the project's record or the policy in force sets.
    """
    budget = Budget(limit_of(project)) if budget is None else budget
    return Ledger(project.folder, store_of(project), project.progress, budget)


def limit_of(project: Project) -> Decimal | None:
    """What a project's paid calls may cost over all its runs: the lower of its own limit and the policy's."""
    return read_policy().limit(project.limit_usd)


_kept_open: WeakKeyDictionary[Project, Ledger] = WeakKeyDictionary()


def open_ledger(project: Project) -> Ledger:
    """As `ledger_of`, but the same one again while the limit stays, so that the file is not read through each time."""
    ledger = _kept_open.get(project)
    if ledger is None or ledger.budget.limit_usd != limit_of(project):
        ledger = _kept_open[project] = ledger_of(project)
    return ledger


def _bare(endpoint: str) -> str:
    """An endpoint without what could hold a key: its query, fragment and user part."""
    parts = urlsplit(endpoint)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else f"{host}{parts.path}"
