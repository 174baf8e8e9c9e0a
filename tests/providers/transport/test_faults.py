"""Errors are told by their meaning, in whatever form a vendor puts them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import KeyRefused, ModelGone, PaymentNeeded, ProviderBusy, ProviderError, ProviderRefused
from storyreel.providers.transport import Vendor
from storyreel.providers.transport.downloads import kind_of
from storyreel.providers.transport.faults import LONGEST_MESSAGE, ServerFault, fault_of, said_in

ACME = Vendor(
    "acme",
    "https://api.acme.test",
    refusals=frozenset({"moderation_blocked"}),
    refusal_statuses=frozenset({422}),
    payments=frozenset({"quota_exceeded"}),
    missing_models=frozenset({"model_decommissioned"}),
    retired={"paint-1": "paint-2"},
)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": {"code": "moderation_blocked", "message": "no"}}, ProviderRefused),
        (422, {"error": "unsafe"}, ProviderRefused),
        (402, {"error": "x", "reject_reason": "insufficient_funds"}, PaymentNeeded),
        (401, {"detail": {"status": "quota_exceeded", "message": "You have no credits"}}, PaymentNeeded),
        (401, {"detail": {"status": "invalid_api_key", "message": "bad"}}, KeyRefused),
        (403, {}, KeyRefused),
        (400, {"error": {"code": "model_decommissioned", "message": "gone"}}, ModelGone),
        (404, {"error": {"message": "models/paint-1 is not found"}}, ModelGone),
        (404, {"detail": "Not Found"}, ProviderError),
        (400, {"error": "Validation of body failed", "issues": [{"code": "x", "path": ["model"]}]}, ModelGone),
        (400, {"error": "Validation of body failed", "issues": [{"code": "x", "path": ["ratio"]}]}, ProviderError),
        (400, {"error": "You do not have enough credits to run this task."}, PaymentNeeded),
        (403, {"detail": "User is locked. Reason: Exhausted balance. Top up your balance."}, PaymentNeeded),
        (400, {"error": {"code": "spend_x", "message": "The organization's spend limit is reached"}}, PaymentNeeded),
        (400, {"error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}, PaymentNeeded),
        (429, {"detail": [{"loc": ["x"], "msg": "slow down"}]}, ServerFault),
        (503, "<html>", ServerFault),
        (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, ServerFault),
        (413, {}, ProviderError),
        (302, {}, ProviderError),
    ],
)
def test_errors_are_told_by_their_meaning(status: int, body: Any, kind: type[ProviderError]) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    found = fault_of(ACME, status, {}, data, 0.0, "paint-1")
    assert isinstance(found, kind)
    assert found.status == status
    if kind is ProviderError:
        assert not isinstance(found, (ProviderBusy, KeyRefused, ModelGone, PaymentNeeded, ProviderRefused))
    if kind is ModelGone:
        assert "acme:paint-2" in str(found)


def test_where_models_are_in_the_address_one_that_is_not_there_is_a_model_that_is_gone() -> None:
    pathed = Vendor("acme", "https://api.acme.test", models_in_paths=True)
    assert isinstance(fault_of(pathed, 404, {}, b"{}", 0.0, "paint-1"), ModelGone)
    assert not isinstance(fault_of(pathed, 404, {}, b"{}", 0.0), ModelGone)  # of a job, say


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, 90.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_told_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    found = fault_of(ACME, 429, headers, b"", 10.0)
    assert isinstance(found, ProviderBusy)
    assert found.retry_after_s == seconds


def test_a_time_told_in_the_body_is_found_by_the_vendors_own_reader() -> None:
    told = Vendor("acme", "https://api.acme.test", wait_told=lambda body: 30.0)
    found = fault_of(told, 429, {}, b'{"detail": "resets in ~30s"}', 0.0)
    assert isinstance(found, ProviderBusy)
    assert found.retry_after_s == 30.0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "detail", "code", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.integers(300, 599), json_values | st.binary(max_size=30))
def test_no_body_is_too_odd_to_be_told(status: int, body: Any) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = fault_of(ACME, status, {}, data, 0.0, "paint-2")
    assert isinstance(found, ProviderError)
    assert len(str(found)) < LONGEST_MESSAGE + 300
    said_in(body)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0....", "image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image"),
        (b"\0\0\0\x18ftypisom", "video"),
        (b"\x1aE\xdf\xa3....", "video"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio"),
        (b"ID3\x04....", "audio"),
        (b"\xff\xfb\x90\x00....", "audio"),
        (b"fLaC....", "audio"),
        (b"OggS....", "audio"),
        (b"<html>", ""),
        (b"GIF89a", ""),
        (b"\xff\xff\xff\xff", ""),
        (b"", ""),
    ],
)
def test_files_are_known_by_how_they_begin(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind
