from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import (
    AnswerUnknown,
    BudgetExceeded,
    Cancelled,
    CorruptFile,
    DiskFull,
    InputError,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
)
from storyreel.memo.journal import Journal
from storyreel.memo.ledger import Charged, ledger_of, request_id
from storyreel.memo.money import Budget
from storyreel.memo.store import Store
from storyreel.progress import Event
from storyreel.project import Project

URL = "https://api.acme.test/v1/images"
BODY = {"prompt": "a lighthouse", "seed": 7}
PRICE = Decimal("0.06")


class Crash(BaseException):
    """The process goes down."""


class Vendor:
    """Counts what it is asked; its answers can be made to fail."""

    def __init__(self, answer: bytes = b"picture", price_usd: Decimal | None = PRICE) -> None:
        self.answer, self.price_usd = answer, price_usd
        self.sent = self.polled = 0
        self.fails_with: BaseException | None = None
        self.poll_fails_with: BaseException | None = None

    def send(self) -> Charged:
        self.sent += 1
        if self.fails_with:
            raise self.fails_with
        return Charged(self.answer, self.price_usd)

    def submit(self) -> str:
        self.sent += 1
        if self.fails_with:
            raise self.fails_with
        return "job-1"

    def collect(self, job: str) -> Charged:
        assert job == "job-1"
        self.polled += 1
        if self.poll_fails_with:
            raise self.poll_fails_with
        return Charged(self.answer, self.price_usd)


Call = Callable[..., bytes]


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def ask(project: Project, vendor: Vendor, budget: Budget | None = None, take: int = 0) -> bytes:
    """As a new process would: nothing but the disk remembers."""
    ledger = ledger_of(project, budget)
    return ledger.ask("acme", URL, BODY, vendor.send, take=take, expected_usd=Decimal("0.05"), suffix=".png")


def run_job(project: Project, vendor: Vendor, budget: Budget | None = None, take: int = 0) -> bytes:
    ledger, expected = ledger_of(project, budget), Decimal("0.05")
    return ledger.run_job("acme", URL, BODY, vendor.submit, vendor.collect, take=take, expected_usd=expected)


both = pytest.mark.parametrize("call", [ask, run_job])


def only_entry(project: Project) -> tuple[str, Decimal, Decimal]:
    (entry,) = ledger_of(project).entries()
    return entry.state, entry.spent_usd, entry.reserved_usd


@both
def test_an_answer_is_paid_for_once(project: Project, vendor: Vendor, call: Call) -> None:
    assert call(project, vendor) == call(project, vendor) == b"picture"
    assert vendor.sent == 1
    assert only_entry(project) == ("answered", PRICE, Decimal(0))
    assert ledger_of(project).spent_usd() == PRICE


@both
def test_an_answer_that_tells_no_price_costs_what_was_expected(project: Project, vendor: Vendor, call: Call) -> None:
    vendor.price_usd = None
    call(project, vendor)
    assert ledger_of(project).spent_usd() == Decimal("0.05")


@both
def test_the_price_is_told_to_listeners_once(project: Project, vendor: Vendor, call: Call) -> None:
    costs: list[float] = []

    def listen(event: Event) -> None:
        if event.kind == "cost":
            costs.append(event.cost_usd)

    project.progress.listen(listen)
    call(project, vendor)
    call(project, vendor)
    assert costs == [0.06]


@both
def test_a_crash_while_a_request_is_out_leaves_the_answer_unknown(project: Project, vendor: Vendor, call: Call) -> None:
    vendor.fails_with = Crash()
    with pytest.raises(Crash):
        call(project, vendor)
    vendor.fails_with = None
    for _ in range(2):
        with pytest.raises(AnswerUnknown, match="may have been charged"):
            call(project, vendor)
    assert vendor.sent == 1
    assert only_entry(project) == ("open", Decimal(0), Decimal("0.05"))


@both
@pytest.mark.parametrize("charged", [True, False])
def test_the_user_may_allow_asking_again(project: Project, vendor: Vendor, call: Call, charged: bool) -> None:
    vendor.fails_with = AnswerUnknown("acme", "the answer took too long")
    with pytest.raises(AnswerUnknown, match="too long"):
        call(project, vendor)
    (entry,) = ledger_of(project).entries()
    ledger_of(project).forgive(entry.id[:12], charged=charged)
    vendor.fails_with = None
    assert call(project, vendor) == b"picture"
    assert vendor.sent == 2
    assert ledger_of(project).spent_usd() == PRICE + (Decimal("0.05") if charged else 0)


@both
@pytest.mark.parametrize("error", [ProviderRefused, ProviderBusy, ProviderError])
def test_what_the_provider_did_not_take_may_be_sent_again(
    project: Project, vendor: Vendor, call: Call, error: type[ProviderError]
) -> None:
    vendor.fails_with = error("acme", "no")
    with pytest.raises(error):
        call(project, vendor)
    assert only_entry(project) == ("failed", Decimal(0), Decimal(0))
    vendor.fails_with = None
    assert call(project, vendor) == b"picture"
    assert vendor.sent == 2


def test_a_refusal_that_costs_is_counted(project: Project, vendor: Vendor) -> None:
    """Some services bill a picture that their moderation then holds back."""
    refused = ProviderRefused("acme", "moderated")
    refused.price_usd = Decimal("0.01")
    vendor.poll_fails_with = refused
    with pytest.raises(ProviderRefused):
        run_job(project, vendor)
    assert only_entry(project) == ("failed", Decimal("0.01"), Decimal(0))


@pytest.mark.parametrize(
    "error", [Crash(), KeyboardInterrupt(), Cancelled("stopped"), ProviderBusy("acme", "busy"), OSError("cut off")]
)
def test_a_job_is_polled_again_and_never_submitted_again(
    project: Project, vendor: Vendor, error: BaseException
) -> None:
    vendor.poll_fails_with = error
    for _ in range(2):
        with pytest.raises(type(error)):
            run_job(project, vendor)
    assert only_entry(project) == ("submitted", Decimal(0), Decimal("0.05"))
    vendor.poll_fails_with = None
    assert run_job(project, vendor) == b"picture"
    assert (vendor.sent, vendor.polled) == (1, 3)


def test_a_job_whose_answer_is_lost_waits_for_the_user(project: Project, vendor: Vendor) -> None:
    vendor.poll_fails_with = AnswerUnknown("acme", "the job is no longer known")
    for _ in range(2):
        with pytest.raises(AnswerUnknown):
            run_job(project, vendor)
    (entry,) = ledger_of(project).entries()
    ledger_of(project).forgive(entry.id)
    vendor.poll_fails_with = None
    assert run_job(project, vendor) == b"picture"
    assert vendor.sent == 2


def test_a_job_that_failed_may_be_submitted_again(project: Project, vendor: Vendor) -> None:
    vendor.poll_fails_with = ProviderRefused("acme", "failed")
    with pytest.raises(ProviderRefused):
        run_job(project, vendor)
    vendor.poll_fails_with = None
    assert run_job(project, vendor) == b"picture"
    assert vendor.sent == 2


@both
def test_a_paid_answer_that_was_lost_is_not_bought_again_unasked(
    project: Project, store: Store, vendor: Vendor, call: Call
) -> None:
    call(project, vendor)
    (entry,) = ledger_of(project).entries()
    assert entry.answer is not None
    store.path(entry.answer).unlink()
    with pytest.raises(AnswerUnknown, match="is lost"):
        call(project, vendor)
    assert vendor.sent == 1
    ledger_of(project).forgive(entry.id)
    assert call(project, vendor) == b"picture"
    assert ledger_of(project).spent_usd() == 2 * PRICE


def test_only_what_is_in_doubt_can_be_forgiven(project: Project, vendor: Vendor) -> None:
    ledger = ledger_of(project)
    with pytest.raises(InputError, match="0 paid calls begin with"):
        ledger.forgive("abc")
    ask(project, vendor)
    ask(project, vendor, take=1)
    with pytest.raises(InputError, match="2 paid calls begin with"):
        ledger.forgive("")
    with pytest.raises(InputError, match="is settled"):
        ledger.forgive(ledger.entries()[0].id)


@both
def test_a_budget_stops_before_it_is_passed(project: Project, vendor: Vendor, call: Call) -> None:
    budget = Budget(Decimal("0.11"))  # 0.06 spent leaves room for just one more at 0.05
    call(project, vendor, budget)
    call(project, vendor, budget, take=1)
    with pytest.raises(BudgetExceeded, match=r"\$0\.12 spent"):
        call(project, vendor, budget, take=2)
    assert vendor.sent == 2
    call(project, vendor, budget)  # what is kept stays free
    assert len(ledger_of(project).entries()) == 2


def test_what_is_under_way_counts_against_the_budget(project: Project, vendor: Vendor) -> None:
    vendor.poll_fails_with = ProviderBusy("acme", "busy")
    budget = Budget(Decimal("0.09"))
    with pytest.raises(ProviderBusy):
        run_job(project, vendor, budget)
    with pytest.raises(BudgetExceeded, match=r"\$0\.05 under way"):
        run_job(project, vendor, budget, take=1)
    vendor.poll_fails_with = None
    assert run_job(project, vendor, budget) == b"picture"


def test_calls_at_once_do_not_all_fit_into_what_is_left(project: Project) -> None:
    vendor, budget = Vendor(price_usd=Decimal("0.05")), Budget(Decimal("0.25"))

    def work(take: int) -> bool:
        try:
            return bool(ask(project, vendor, budget, take))
        except BudgetExceeded:
            return False

    with ThreadPoolExecutor(8) as pool:
        paid = list(pool.map(work, range(20)))
    assert (paid.count(True), ledger_of(project).spent_usd()) == (5, Decimal("0.25"))


def test_threads_that_want_one_answer_pay_once(project: Project, vendor: Vendor) -> None:
    ledger, started = ledger_of(project), threading.Barrier(4)

    def send() -> Charged:
        time.sleep(0.1)
        return vendor.send()

    def work(_: int) -> bytes:
        started.wait(10)
        return ledger.ask("acme", URL, BODY, send)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [b"picture"] * 4
    assert vendor.sent == 1


def test_nothing_is_sent_without_room_for_the_answer(
    project: Project, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 99, 1))
    with pytest.raises(DiskFull, match="free some room"):
        ask(project, vendor)
    assert vendor.sent == 0
    assert ledger_of(project).entries() == ()


def test_nothing_is_sent_by_a_stopped_run(project: Project, vendor: Vendor) -> None:
    project.progress.cancel()
    with pytest.raises(Cancelled):
        ask(project, vendor)
    assert (vendor.sent, ledger_of(project).entries()) == (0, ())


def test_no_key_and_no_body_is_ever_written(project: Project, vendor: Vendor) -> None:
    url = "https://me:s3cret@api.acme.test/v1/images?key=s3cret#s3cret"
    body = {"prompt": "a lighthouse", "api_key": "s3cret"}
    vendor.fails_with = ProviderRefused("acme", "the key s3cret is wrong")
    with pytest.raises(ProviderRefused):
        ledger_of(project).ask("acme", url, body, vendor.send)
    vendor.fails_with = None
    ledger_of(project).ask("acme", url, body, vendor.send)
    written = b"".join(path.read_bytes() for path in project.folder.rglob("*") if path.is_file())
    assert b"s3cret" not in written
    assert b"lighthouse" not in written
    assert ledger_of(project).entries()[0].endpoint == URL


# ---- what a request is known by


def test_a_key_in_the_address_changes_nothing() -> None:
    assert request_id("acme", URL + "?key=old", b"x") == request_id(
        "acme", "https://me:new@api.acme.test/v1/images", b"x"
    )


@given(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3)), st.randoms(use_true_random=False))
def test_the_order_of_a_body_changes_nothing(body: dict[str, object], random: object) -> None:
    shuffled = sorted(body.items(), key=lambda _: random.random())  # type: ignore[attr-defined]
    assert request_id("acme", URL, body) == request_id("acme", URL, dict(shuffled))


def test_everything_that_buys_another_answer_changes_the_id() -> None:
    requests = [
        request_id("acme", URL, BODY),
        request_id("other", URL, BODY),
        request_id("acme", URL + "/edits", BODY),
        request_id("acme", URL, {**BODY, "seed": 8}),
        request_id("acme", URL, BODY, files=["aa"]),
        request_id("acme", URL, BODY, files=["aa", "bb"]),
        request_id("acme", URL, BODY, files=["bb", "aa"]),
        request_id("acme", URL, BODY, take=1),
    ]
    assert len(set(requests)) == len(requests)


# ---- the file


def test_a_line_cut_off_by_a_crash_is_dropped(project: Project, vendor: Vendor) -> None:
    """At whatever byte: before its end, the thing that it announces had not begun."""
    ask(project, vendor)
    path = project.folder / "ledger.jsonl"
    whole = path.read_bytes()
    intent, answered = whole.splitlines(keepends=True)
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        states = [entry.state for entry in ledger_of(project).entries()]
        assert states == ([] if length < len(intent) else ["open"])
    path.write_bytes(intent + answered[:20])
    ask(project, vendor, take=1)
    assert [entry.state for entry in ledger_of(project).entries()] == ["open", "answered"]
    path.write_bytes(whole + b"x" * 10_000)
    ask(project, vendor, take=2)
    assert b"x" * 10 not in path.read_bytes()


def test_only_one_at_a_time_reads_and_writes_the_file(tmp_path: Path) -> None:
    """Else two calls could both fit into what is left of a budget."""

    def enter() -> bool:
        with Journal(tmp_path / "ledger.jsonl").locked():
            return True

    with ThreadPoolExecutor(1) as pool:
        with Journal(tmp_path / "ledger.jsonl").locked():
            other = pool.submit(enter)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.2)
        assert other.result(timeout=10)


@pytest.mark.parametrize(
    "planted", [b"{}\n", b"nonsense\n", b'{"at_s": 1, "kind": "answered", "id": "x"}\n', b"\xff\n"]
)
def test_a_damaged_line_stops_everything(project: Project, vendor: Vendor, planted: bytes) -> None:
    """Where money is concerned nothing is guessed."""
    ask(project, vendor)
    path = project.folder / "ledger.jsonl"
    path.write_bytes(planted + path.read_bytes())
    with pytest.raises(CorruptFile, match="restore it"):
        ask(project, vendor, take=1)
    assert vendor.sent == 1


def test_one_ledger_sees_what_another_wrote(project: Project, vendor: Vendor) -> None:
    one, other = ledger_of(project), ledger_of(project)
    assert one.entries() == other.entries() == ()
    one.ask("acme", URL, BODY, vendor.send)
    other.ask("acme", URL, b"other", vendor.send)
    assert [entry.state for entry in one.entries()] == ["answered", "answered"]
    (project.folder / "ledger.jsonl").unlink()
    assert one.entries() == ()


def test_the_file_is_private_and_readable_line_by_line(project: Project, vendor: Vendor) -> None:
    run_job(project, vendor)
    path = project.folder / "ledger.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["kind"] for line in path.read_text().splitlines()] == ["intent", "job", "answered"]
    assert not list((project.folder / ".calls").iterdir())


KILLED_CALLER = """
import sys, time
from decimal import Decimal
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project

def note(word):
    with open(sys.argv[2], "a") as log:
        log.write(word + "\\n")

def submit():
    note("submitted")
    if sys.argv[3] == "submitting":
        time.sleep(60)
    return "job-1"

def collect(job):
    note("polled " + job)
    if sys.argv[3] == "polling":
        time.sleep(60)
    return b"film", Decimal("0.5")

ledger = ledger_of(Project("film-7", sys.argv[1]))
print(ledger.run_job("acme", "/videos", b"body", submit, collect, suffix=".mp4"))
"""


@pytest.mark.parametrize(
    ("killed_while", "then"),
    [("submitting", ["submitted"]), ("polling", ["submitted", "polled job-1", "polled job-1"])],
)
def test_a_killed_process_never_pays_twice(tmp_path: Path, killed_while: str, then: list[str]) -> None:
    log = tmp_path / "log.txt"
    command = [sys.executable, "-c", KILLED_CALLER, str(tmp_path / "cache"), str(log)]
    killed = subprocess.Popen([*command, killed_while], stdout=subprocess.DEVNULL)
    word = {"submitting": "submitted", "polling": "polled"}[killed_while]
    while not log.exists() or word not in log.read_text():
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    again = subprocess.run([*command, "never"], capture_output=True, text=True, timeout=60)
    assert log.read_text().splitlines() == then
    assert ("AnswerUnknown" in again.stderr) == (killed_while == "submitting")
    assert ("b'film'" in again.stdout) == (killed_while == "polling")


def test_two_processes_share_one_job(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    command = [sys.executable, "-c", KILLED_CALLER, str(tmp_path / "cache"), str(log), "never"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in running] == ["b'film'\n"] * 2
    assert log.read_text().splitlines() == ["submitted", "polled job-1"]


def test_what_one_request_claims_no_other_may_whoever_asks(project: Project) -> None:
    """Threads of several ledgers of one project, as processes would have, over the same thing."""
    with ThreadPoolExecutor(6) as pool:
        got = list(
            pool.map(lambda by: ledger_of(project).claim("pexels/image/7", by), [f"request-{n}" for n in range(6)])
        )
    assert got.count(True) == 1
    winner = f"request-{got.index(True)}"
    assert ledger_of(project).claim("pexels/image/7", winner)
    assert ledger_of(project).claim("pexels/image/8", "request-9")
