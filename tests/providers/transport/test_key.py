"""A key is shown to nobody."""

from __future__ import annotations

import copy
import json
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.providers.transport import Key, Vendor, scrub
from storyreel.providers.transport.key import find_key

SECRET = "sk-live-abcdef0123456789"


def test_no_way_of_writing_a_key_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    key = Key("ACME_API_KEY", SECRET)
    written = [repr(key), str(key), f"{key}", f"{key!r:>40}", "%s" % key, str([key]), str({"k": key})]  # noqa: UP031
    written += [pickle.dumps(key).decode("latin1"), str(vars(type(key)))]
    assert all(SECRET not in text for text in written)
    with pytest.raises(TypeError):
        json.dumps(key)
    with pytest.raises(TypeError):
        vars(key)


def test_a_pickled_key_is_read_anew_where_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    pickled = pickle.dumps(Key("ACME_API_KEY", SECRET))
    monkeypatch.setenv("ACME_API_KEY", "another-one")
    assert pickle.loads(pickled).reveal() == copy.deepcopy(Key("ACME_API_KEY", SECRET)).reveal() == "another-one"


def test_the_first_variable_that_holds_a_key_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONE_KEY", " ")
    monkeypatch.setenv("TWO_KEY", f"{SECRET}\n")
    found = find_key(("ONE_KEY", "TWO_KEY"))
    assert found is not None
    assert (found.variable, found.reveal()) == ("TWO_KEY", SECRET)


@pytest.mark.parametrize("text", ["two words", "kéy", "a\tb"])
def test_what_cannot_be_a_key_is_told_without_being_shown(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ONE_KEY", text)
    with pytest.raises(InputError, match="ONE_KEY") as caught:
        find_key(("ONE_KEY",))
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {SECRET}.",
        f"https://me:{SECRET}@example.com/x?key={SECRET}&q=lamp#part",
        f"Authorization: Bearer {SECRET}",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.abc",
        "x-api-key: abcdefghijklmnop",
    ],
)
def test_scrubbing_takes_keys_and_queries_out(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ACME_API_KEY", SECRET)
    clean = scrub(text)
    assert all(secret not in clean for secret in (SECRET, "eyJhbGciOiJIUzI1NiJ9", "abcdefghijklmnop", "q=lamp"))


@given(st.text(alphabet=st.characters(codec="ascii", categories=("L", "P", "Zs")), max_size=60))
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


def test_scrubbing_leaves_plain_sentences_alone() -> None:
    said = "The model gpt-6 does not exist; see https://example.com/models for what does."
    assert scrub(said) == said


# ---- vendors

ACME = Vendor("acme", "https://api.acme.test/v1", key_variables=("ACME_API_KEY",), domains=("acme.test",))


@pytest.mark.parametrize(
    ("chosen", "own", "expected"),
    [
        (None, None, "https://api.acme.test/v1"),
        ("https://proxy.example/acme/", None, "https://proxy.example/acme"),
        (None, "https://eu.acme.test/v1", "https://eu.acme.test/v1"),
        ("http://127.0.0.1:9/v1", "https://eu.acme.test", "http://127.0.0.1:9/v1"),
        ("http://localhost:9", None, "http://localhost:9"),
    ],
)
def test_the_base_is_ours_then_the_sdks_then_the_vendors(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, own: str | None, expected: str
) -> None:
    vendor = Vendor("acme", "https://api.acme.test/v1", ("ACME_API_KEY",), base_variables=("ACME_BASE_URL",))
    for name, value in (("STORYREEL_ACME_BASE_URL", chosen), ("ACME_BASE_URL", own)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert vendor.base() == expected


@pytest.mark.parametrize(
    "base", ["http://api.acme.test", "ftp://x", "nonsense", "https://me:secret@acme.test", "https://acme.test/?key=1"]
)
def test_a_base_that_would_show_the_key_is_refused(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("STORYREEL_ACME_BASE_URL", base)
    with pytest.raises(InputError, match="STORYREEL_ACME_BASE_URL"):
        ACME.base()


def test_a_server_that_gets_no_key_may_be_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_LOCAL_BASE_URL", "http://192.168.1.7:8000/v1")
    assert Vendor("local", "http://localhost:8000/v1").base() == "http://192.168.1.7:8000/v1"


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://api.acme.test/v1/jobs/1", True),
        ("https://eu.acme.test/jobs/1", True),
        ("http://eu.acme.test/jobs/1", False),
        ("https://acme.test.evil.example/", False),
        ("https://evilacme.test/", False),
        ("https://api.acme.test:444/", True),
        ("http://127.0.0.1/", False),
    ],
)
def test_only_the_vendors_own_addresses_get_the_key(url: str, may: bool) -> None:
    assert ACME.may_know_key(url) is may


def test_a_vendor_on_this_machine_gives_its_key_to_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_ACME_BASE_URL", "http://127.0.0.1:8123/v1")
    assert ACME.may_know_key("http://127.0.0.1:8123/jobs/1")
    assert not ACME.may_know_key("http://127.0.0.1:8124/jobs/1")
    assert not ACME.may_know_key("https://api.acme.test/jobs/1")


@pytest.mark.parametrize("chosen", ["0", "-1", "many", "1.5"])
def test_a_concurrency_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("STORYREEL_ACME_AT_ONCE", chosen)
    with pytest.raises(InputError, match="above 0"):
        ACME.concurrency()


def test_log_lines_of_the_http_client_hold_no_key(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Some vendors want it in the address, which the client writes at INFO."""
    from loopback.server import Answer, Loopback
    from storyreel.providers.transport import Call, ask_free

    with Loopback() as server:
        server.on("GET", "/api/", lambda request: Answer({"hits": []}))
        monkeypatch.setenv("STORYREEL_STOCK_BASE_URL", server.url)
        monkeypatch.setenv("STOCK_API_KEY", SECRET)
        caplog.set_level(logging.DEBUG)
        stock = Vendor("stock", "https://stock.example", ("STOCK_API_KEY",), key_query="key")
        ask_free(stock, Call("/api/", method="GET", query={"q": "lamp"}))
        assert server.requests[0].query == {"q": "lamp", "key": SECRET}
    assert "HTTP Request" in caplog.text
    assert SECRET not in caplog.text
