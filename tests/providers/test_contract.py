"""What every adapter promises, whatever its vendor answers: one suite, run on each paid request of each vendor.

A vendor joins by a module in `loopback/vendors`; nothing here names one.
"""

from __future__ import annotations

import io
import logging
import pickle
import time
import traceback
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from loopback.server import Answer, Loopback
from loopback.wire import KEY, REPLIES, Wire, all_wires
from storyreel.errors import (
    AnswerUnknown,
    BudgetExceeded,
    Cancelled,
    InputError,
    KeyRefused,
    ModelGone,
    PaymentNeeded,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
)
from storyreel.memo.ledger import ledger_of
from storyreel.memo.money import Budget
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.transport import StillWorking

WIRES = all_wires()


class Rig:
    """An adapter, its vendor on this machine, and a project that pays."""

    def __init__(self, wire: Wire, server: Loopback, project: Project, patch: pytest.MonkeyPatch) -> None:
        self.wire, self.server, self.project, self.patch = wire, server, project, patch
        if wire.key_variable:
            patch.setenv(wire.key_variable, KEY)
        self.point_to(server.url)
        wire.serve(server)
        wire.hurry(patch, 60.0)

    def point_to(self, url: str) -> None:
        name = self.wire.vendor.upper().replace("-", "_")
        self.patch.setenv(f"STORYREEL_{name}_BASE_URL", url + self.wire.base_path)

    def ask(self, budget: Budget | None = None, model: str = "") -> Any:
        """As a new process would: nothing but the disk remembers."""
        name = f"{self.wire.name}:{model}" if model else self.wire.name
        with paying_from(ledger_of(self.project, budget), "illustrate") as self.paying:
            return self.wire.ask(registry.provider(self.wire.role, name))

    def script(self, *answers: Answer) -> None:
        """What the next paid requests are answered."""
        self.server.script(*self.wire.create, *answers)

    @property
    def creates(self) -> int:
        return self.server.count(*self.wire.create)

    @property
    def state(self) -> str:
        (entry,) = ledger_of(self.project).entries()
        return entry.state

    def forgive(self) -> None:
        (entry,) = ledger_of(self.project).undecided()
        ledger_of(self.project).forgive(entry.id)


@pytest.fixture(params=WIRES, ids=str)
def rig(request: pytest.FixtureRequest, server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(request.param, server, project, monkeypatch)


def of_wires(wires: Iterable[Wire]) -> pytest.MarkDecorator:
    """Only these requests, where the others have nothing that the rule could be about."""
    return pytest.mark.parametrize("rig", list(wires), ids=str, indirect=True)


keyed = of_wires(wire for wire in WIRES if wire.key_variable)
costing = of_wires(wire for wire in WIRES if wire.price_usd != 0)
retired = of_wires(wire for wire in WIRES if wire.dead is not None)
job = of_wires(wire for wire in WIRES if wire.polled)
fetched = of_wires(wire for wire in WIRES if wire.result)


# ---- what is asked, and what comes of it


def test_the_request_is_the_vendors_own_field_by_field(rig: Rig) -> None:
    rig.wire.check_result(rig.ask())
    (request,) = rig.server.asked(*rig.wire.create)
    rig.wire.keyed(request)
    rig.wire.check_request(request)


def test_an_answer_is_paid_for_once_and_kept_with_its_price(rig: Rig) -> None:
    rig.ask()
    first = rig.paying.receipts
    rig.wire.check_result(rig.ask())
    assert rig.creates == 1
    assert rig.paying.receipts == first
    (receipt,) = first
    assert (receipt.provider, receipt.price_usd) == (rig.wire.vendor, rig.wire.price_usd)
    assert receipt.model
    assert ledger_of(rig.project).spent_usd() == (rig.wire.price_usd or 0)


def test_threads_that_want_the_same_pay_once(rig: Rig) -> None:
    with ThreadPoolExecutor(3) as pool:
        for result in list(pool.map(lambda _: rig.ask(), range(3))):
            rig.wire.check_result(result)
    assert rig.creates == 1


def test_without_a_project_it_works_and_says_that_nothing_is_kept(rig: Rig) -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        result = rig.wire.ask(registry.provider(rig.wire.role, rig.wire.name))
    rig.wire.check_result(result)
    assert any("outside of a project" in str(warning.message) for warning in heard)


def test_identities_tell_vendor_and_model_and_survive_pickling(rig: Rig) -> None:
    adapter = registry.provider(rig.wire.role, rig.wire.name)
    assert adapter.identity.startswith(f"{rig.wire.vendor}/")
    assert adapter.model in adapter.identity
    assert pickle.loads(pickle.dumps(adapter)).identity == adapter.identity
    assert KEY.encode() not in pickle.dumps(adapter)


# ---- what the service says no to


def test_every_reply_of_the_table_is_replayed_for_every_request_or_said_to_be_none() -> None:
    for wire in WIRES:
        replayed = {*wire.answers, *({"refused"} if wire.failed else ())}
        assert replayed | set(wire.without) == set(REPLIES), wire
        assert not replayed & set(wire.without), wire
        assert (wire.failed is not None) == wire.polled, wire


NOES = {"refused": ProviderRefused, "payment": PaymentNeeded, "bad_key": KeyRefused, "dead_model": ModelGone}


@pytest.mark.parametrize(
    ("rig", "said", "meant"),
    [
        pytest.param(wire, said, meant, id=f"{wire}-{said}")
        for wire in WIRES
        for said, meant in NOES.items()
        if said in wire.answers
    ],
    indirect=["rig"],
)
def test_a_no_is_told_by_its_meaning_and_not_repeated(rig: Rig, said: str, meant: type[ProviderError]) -> None:
    rig.script(rig.wire.answers[said])
    with pytest.raises(meant) as caught:
        rig.ask()
    assert type(caught.value) is meant
    assert (rig.creates, rig.state) == (1, "failed")
    spent = ledger_of(rig.project).spent_usd()
    if said == "refused" and rig.wire.refusals_cost:
        assert spent > 0 or rig.wire.price_usd is None
        with pytest.raises(ProviderRefused, match="refused before"):
            rig.ask()
        assert rig.creates == 1
        rig.forgive()
    else:
        assert spent == 0
    rig.wire.check_result(rig.ask())
    assert rig.creates == 2


def test_too_many_requests_are_asked_again_after_the_time_told(rig: Rig) -> None:
    told = rig.wire.answers["rate_limited"].but(headers={"retry-after": "0.2"})
    rig.script(told, told)
    begun_s = time.monotonic()
    rig.wire.check_result(rig.ask())
    assert time.monotonic() - begun_s >= 0.4
    assert (rig.creates, rig.state) == (3, "answered")


def test_a_time_told_that_is_too_long_ends_the_run_and_is_said(rig: Rig) -> None:
    rig.script(rig.wire.answers["rate_limited"].but(headers={"retry-after": "3000"}))
    with pytest.raises(ProviderBusy, match="3000 s"):
        rig.ask()
    assert (rig.creates, rig.state) == (1, "failed")


def test_a_server_that_has_a_problem_is_asked_again_only_where_that_is_free(rig: Rig) -> None:
    rig.script(*[rig.wire.answers["server_error"]] * 2)
    if not rig.wire.polled:
        rig.wire.check_result(rig.ask())
        assert (rig.creates, rig.state) == (3, "answered")
        return
    for _ in range(2):
        with pytest.raises(AnswerUnknown):
            rig.ask()
    assert (rig.creates, rig.state) == (1, "open")


@retired
def test_a_retired_model_is_replaced_and_said(rig: Rig) -> None:
    assert rig.wire.dead is not None
    old, new = rig.wire.dead
    heard: list[str] = []
    rig.project.progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    rig.wire.check_result(rig.ask(model=old))
    assert [f"no longer has {old}" in message and new in message for message in heard] == [True]
    assert registry.provider(rig.wire.role, f"{rig.wire.name}:{old}").model == new
    rig.server.requests.clear()


# ---- what leaves the outcome open


LOST = {
    "malformed": Answer('{"id": "x", "da', content_type="application/json"),
    "wrong type": Answer("<html><body>Bad gateway</body></html>", content_type="text/html"),
    "empty": Answer(b""),
    "another shape": Answer({"unexpected": [1, 2, 3]}),
    "endless": Answer(how="endless"),
    "too large by its own word": Answer(b"", headers={"content-length": str(2**40)}),
    "hung up": Answer(how="nothing"),
}


@pytest.mark.parametrize("fault", [*LOST, "half", "stall"])
def test_a_paid_request_without_a_whole_answer_is_never_repeated_unasked(rig: Rig, fault: str) -> None:
    if fault in LOST:
        answer = LOST[fault]
    else:

        def break_off(request: Any) -> Answer:
            rig.patch.setenv("STORYREEL_TIMEOUT_S", "30")  # whoever is slow from now on is this machine
            return _good(rig, request).but(how=fault)

        rig.server.script(*rig.wire.create, break_off)
        rig.patch.setenv("STORYREEL_TIMEOUT_S", "0.3")
        answer = None
    if answer is not None:
        rig.script(answer)
    if rig.wire.price_usd == 0:
        rig.wire.check_result(rig.ask())
        assert (rig.creates, rig.state) == (2, "answered")
        return
    with pytest.raises(AnswerUnknown, match="may have been charged") as caught:
        rig.ask()
    assert (rig.creates, rig.state) == (1, "open")
    with pytest.raises(AnswerUnknown, match="--ask-again"):
        rig.ask()
    assert rig.creates == 1
    assert caught.value.call
    rig.forgive()
    rig.wire.check_result(rig.ask())
    assert rig.creates == 2


def _good(rig: Rig, request: Any) -> Answer:
    """The answer that the vendor's stand-in would give."""
    return next(
        handler(request)
        for method, pattern, handler in rig.server._handlers
        if method == request.method and pattern.fullmatch(request.path)
    )


def test_a_service_out_of_reach_took_nothing(rig: Rig) -> None:
    rig.point_to("http://127.0.0.1:9")  # discard: nobody listens there
    with pytest.raises(ProviderBusy, match="cannot be reached"):
        rig.ask()
    assert rig.state == "failed"
    rig.point_to(rig.server.url)
    rig.wire.check_result(rig.ask())
    assert rig.creates == 1


# ---- money


@costing
def test_a_budget_that_would_be_passed_stops_before_anything_is_sent(rig: Rig) -> None:
    with pytest.raises(BudgetExceeded):
        rig.ask(Budget(Decimal("0.0000001")))
    assert rig.server.requests == []


# ---- the key


@keyed
def test_a_missing_key_is_named_and_nothing_is_sent(rig: Rig) -> None:
    rig.patch.delenv(rig.wire.key_variable)
    with pytest.raises(InputError, match=rig.wire.key_variable):
        rig.ask()
    assert rig.server.requests == []
    assert ledger_of(rig.project).undecided() == ()


def test_a_redirect_gets_neither_the_request_nor_the_key(rig: Rig) -> None:
    with Loopback() as elsewhere:
        rig.wire.serve(elsewhere)
        rig.script(Answer(b"", 307, headers={"location": f"{elsewhere.url}{rig.wire.base_path}/stolen"}))
        with pytest.raises(ProviderError, match="another address"):
            rig.ask()
        assert elsewhere.requests == []


@keyed
def test_the_key_is_in_no_error_log_file_or_event(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where the service repeats it."""
    shown = io.StringIO()
    caplog.set_level(logging.DEBUG)
    rig.project.progress.listen(lambda event: shown.write(event.model_dump_json()))
    repeated = {"error": {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}}
    rig.script(Answer(repeated, 401), Answer({"error": {"message": f"busy, {KEY}"}}, 429, {"retry-after": "0"}))
    with pytest.raises(KeyRefused) as caught:
        rig.ask()
    told = "".join(traceback.format_exception(caught.value))
    rig.ask()
    written = b"".join(path.read_bytes() for path in rig.project.cache.rglob("*") if path.is_file())
    assert KEY not in told
    assert KEY not in repr(caught.value)
    assert KEY not in caplog.text
    assert KEY not in shown.getvalue()
    assert KEY.encode() not in written


def test_nothing_hidden_hangs_on_the_error(rig: Rig) -> None:
    """Its causes and contexts could hold the request, and a debugger would show it."""
    rig.script(*[Answer(how="nothing")] * 3)
    with pytest.raises((AnswerUnknown, ProviderBusy)) as caught:
        rig.ask()
    error: BaseException | None = caught.value
    while error is not None:
        assert "httpx" not in type(error).__module__ or error.__suppress_context__
        error = error.__cause__ if error.__suppress_context__ else error.__cause__ or error.__context__


def test_no_sdk_is_loaded_by_asking(rig: Rig) -> None:
    import subprocess
    import sys

    code = (
        f"from storyreel.providers import registry; registry.provider({rig.wire.role!r}, {rig.wire.name!r});"
        "import sys; loaded = {'anthropic', 'openai', 'groq', 'google.genai', 'httpx'} & set(sys.modules);"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# ---- jobs


@job
@pytest.mark.parametrize("fault", [*LOST, "half", "server error", "too many", "not known yet", "odd state"])
def test_what_goes_wrong_with_asking_for_a_job_never_ends_it(rig: Rig, fault: str) -> None:
    odd = {
        "half": Answer({"status": "Pending"}, how="half"),
        "server error": rig.wire.answers["server_error"],
        "too many": rig.wire.answers["rate_limited"].but(headers={"retry-after": "0"}),
        "not known yet": Answer({"detail": "Task not found"}, 404),
        "odd state": Answer({"status": "Dreaming", "id": "job-1"}),
    }
    rig.server.script("GET", rig.wire.poll, *[LOST.get(fault) or odd[fault]] * 2)
    rig.wire.check_result(rig.ask())
    assert (rig.creates, rig.state) == (1, "answered")


@fetched
@pytest.mark.parametrize("fault", [*LOST, "half", "expired", "no picture", "odd status"])
def test_a_result_that_does_not_come_at_first_is_fetched_again(rig: Rig, fault: str) -> None:
    odd = {
        "half": Answer(b"\x89PNG\r\n\x1a\n" + bytes(1000), how="half"),
        "expired": Answer("<Error>expired</Error>", 403),
        "no picture": Answer(b"GIF89a" + bytes(100)),
        "odd status": Answer({"error": {"message": "not ready"}}, 400),
    }
    rig.server.script("GET", rig.wire.result, LOST.get(fault) or odd[fault])
    rig.wire.check_result(rig.ask())
    assert (rig.creates, rig.state) == (1, "answered")


@fetched
def test_a_result_that_never_comes_is_the_users_to_decide(rig: Rig) -> None:
    rig.server.script("GET", rig.wire.result, *[Answer("<Error>expired</Error>", 403)] * 3)
    for _ in range(2):
        with pytest.raises(AnswerUnknown):
            rig.ask()
    assert (rig.creates, rig.state) == (1, "open")
    rig.forgive()
    rig.wire.check_result(rig.ask())
    assert rig.creates == 2


@fetched
@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "https://127.0.0.1:1/x", "http://example.com/x",
     "https://[::1]/x", "https://10.0.0.7/x", "nonsense"],
)  # fmt: skip
@pytest.mark.parametrize("by", ["address", "redirect"])
def test_no_result_is_fetched_from_where_none_may_be(rig: Rig, address: str, by: str) -> None:
    if by == "redirect":
        rig.server.on("GET", rig.wire.result, lambda request: Answer(b"", 302, headers={"location": address}))
    else:
        method, path = ("GET", rig.wire.told_at or rig.wire.poll) if rig.wire.polled else rig.wire.create
        handler = next(
            h for m, p, h in rig.server._handlers if m == method and (p.pattern == path or p.fullmatch(path))
        )

        def pointing(request: Any) -> Answer:
            said = handler(request)
            text = said.data.decode()
            at = text.find(f"{rig.server.url}/delivery/")
            if at < 0:
                return said
            end = text.index('"', at)
            return said.but(body=text[:at] + address + text[end:])

        rig.server.on(method, path, pointing)
    with pytest.raises(AnswerUnknown):
        rig.ask()
    assert rig.creates == 1


@job
def test_a_job_that_is_refused_is_over(rig: Rig) -> None:
    assert rig.wire.failed is not None
    rig.server.script("GET", rig.wire.poll, rig.wire.failed)
    with pytest.raises(ProviderRefused):
        rig.ask()
    assert rig.state == "failed"
    assert ledger_of(rig.project).spent_usd() == (rig.wire.price_usd if rig.wire.failures_cost else 0)
    if rig.wire.failures_cost:
        with pytest.raises(ProviderRefused, match="refused before"):
            rig.ask()
        assert rig.creates == 1
        rig.forgive()
    rig.wire.check_result(rig.ask())
    assert rig.creates == 2


@job
def test_a_job_goes_on_when_its_run_is_stopped(rig: Rig) -> None:
    def stop(request: Any) -> Answer:
        rig.project.progress.cancel()
        return Answer({"status": "Pending", "id": "job-1"})

    rig.server.script("GET", rig.wire.poll, stop)
    with pytest.raises(Cancelled):
        rig.ask()
    assert rig.state == "submitted"
    rig.project = Project(rig.project.id, rig.project.cache)
    rig.wire.check_result(rig.ask())
    assert (rig.creates, rig.state) == (1, "answered")


@job
def test_a_job_that_takes_too_long_is_waited_for_by_the_next_run(rig: Rig) -> None:
    rig.wire.hurry(rig.patch, 0.0)
    rig.server.script("GET", rig.wire.poll, Answer({"status": "Pending", "id": "job-1"}))
    with pytest.raises(StillWorking, match="without paying again"):
        rig.ask()
    assert rig.state == "submitted"
    rig.wire.hurry(rig.patch, 60.0)
    rig.wire.check_result(rig.ask())
    assert rig.creates == 1


@job
def test_a_key_that_is_refused_while_a_job_runs_loses_nothing(rig: Rig) -> None:
    rig.server.script("GET", rig.wire.poll, rig.wire.answers["bad_key"])
    with pytest.raises(KeyRefused):
        rig.ask()
    assert rig.state == "submitted"
    rig.wire.check_result(rig.ask())
    assert rig.creates == 1


@pytest.fixture(autouse=True)
def _quiet_sockets() -> None:
    """A cut connection leaves its socket to be closed by Python; that is no leak of ours."""
    warnings.filterwarnings("ignore", category=ResourceWarning)
