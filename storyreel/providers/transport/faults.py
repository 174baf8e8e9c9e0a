"""What a vendor's error means, as storyreel's errors. Pure."""

from __future__ import annotations

import email.utils
import json
from collections.abc import Mapping
from typing import NamedTuple

from storyreel.errors import KeyRefused, ModelGone, PaymentNeeded, ProviderBusy, ProviderError, ProviderRefused
from storyreel.providers.transport.key import scrub
from storyreel.providers.transport.vendor import Vendor

LONGEST_MESSAGE = 300
_ASKS_FOR_PATIENCE = frozenset({408, 409, 425, 429})
# Said before anything was begun: too many requests, or no capacity. Other server errors leave that open.
_NOTHING_BEGUN = frozenset({409, 425, 429, 503, 529})


_SAYS_UNPAID = (
    "not have enough credits", "insufficient credit", "insufficient balance", "insufficient funds", "out of credits",
    "exhausted balance", "credit balance is too low", "spend limit", "spending limit", "spend alert",
)  # fmt: skip
# No vendor says 402 alone: with these, it is the message that tells.
_MAY_MEAN_UNPAID = frozenset({400, 401, 403, 429})
_SAYS_GONE = ("not found", "does not exist", "decommission", "no longer", "retired", "unknown model")


class Lost(ProviderBusy):
    """A request went out and no whole answer came back. Where it costs, that becomes an AnswerUnknown."""


class ServerFault(ProviderBusy):
    """The vendor's server answered with an error of its own.

    Attributes:
        nothing_begun: whether it said so before it began with what was asked.
    """

    nothing_begun: bool = False


class Elsewhere(ProviderError):
    """The answer is a redirect.

    Attributes:
        location: where to, as it was written.
    """

    location: str = ""


class Said(NamedTuple):
    """What an error's body says.

    Attributes:
        codes: in the order in which vendors nest them.
        fields: of the request, that it finds wrong.
    """

    codes: tuple[str, ...]
    message: str
    fields: tuple[str, ...] = ()


def fault_of(
    vendor: Vendor, status: int, headers: Mapping[str, str], data: bytes, now_s: float, model: str = ""
) -> ProviderError:
    """The error for an answer whose HTTP status is not 2xx.

    Args:
        headers: with lowercase names.
        data: the body, or as much of it as was read.
        now_s: Unix time, seconds, for a Retry-After that is a date.
        model: what was asked for.
    """
    error = _meaning(vendor, status, headers, data, now_s, model)
    error.status = status
    return error


def _meaning(
    vendor: Vendor, status: int, headers: Mapping[str, str], data: bytes, now_s: float, model: str
) -> ProviderError:
    body = _json(data)
    said = said_in(body)
    message = _short(said.message or f"HTTP status {status}")
    codes = frozenset(said.codes)
    who = vendor.name
    if codes & vendor.refusals or status in vendor.refusal_statuses:
        return ProviderRefused(who, f"the service will not do this ({message}): change what is asked for")
    if codes & vendor.missing_models or _says_model_gone(vendor, status, said, model):
        return model_gone(vendor, model, message)
    if status == 402 or codes & vendor.payments or (status in _MAY_MEAN_UNPAID and _says_unpaid(said)):
        return PaymentNeeded(who, f"the account has no credit left ({message}): add some, then run again")
    if status in (401, 403) or codes & vendor.bad_keys:
        names = " or ".join(vendor.key_variables) or "the key"
        return KeyRefused(who, f"the key is not accepted ({message}): check {names}, then run again")
    if 300 <= status < 400:
        elsewhere = Elsewhere(
            who, f"the answer points to another address (HTTP status {status}), which is not followed"
        )
        elsewhere.location = headers.get("location", "")
        return elsewhere
    if status in _ASKS_FOR_PATIENCE or status >= 500:
        wait_s = _wait_told(headers, now_s)
        if wait_s is None and vendor.wait_told is not None:
            wait_s = vendor.wait_told(body)
        reason = "too many requests" if status == 429 else f"the service has a problem (HTTP status {status})"
        told = f", and asks to be left alone for {wait_s:.0f} s" if wait_s else ""
        busy = ServerFault(who, f"{reason}: {message}{told}; run again later" if said.message else f"{reason}{told}")
        busy.retry_after_s, busy.nothing_begun = wait_s, status in _NOTHING_BEGUN
        return busy
    return ProviderError(who, f"the request was not accepted (HTTP status {status}): {message}")


def model_gone(vendor: Vendor, model: str, message: str) -> ModelGone:
    """The error for a model that the vendor does not have."""
    instead = vendor.successor(model)
    remedy = (
        f"use {vendor.name}:{instead}" if instead else "choose another (storyreel doctor lists what each role uses)"
    )
    return ModelGone(vendor.name, f"there is no model {model or 'of that name'} ({message}): {remedy}")


def said_in(body: object) -> Said:
    """The codes and the message in the JSON of an error, in any of the forms that vendors use."""
    codes: list[str] = []
    fields: list[str] = []
    message = ""
    todo: list[object] = [body]
    while todo:
        part = todo.pop(0)
        if isinstance(part, str):
            message = message or part
        elif isinstance(part, list):
            todo += part[:3]
        elif isinstance(part, Mapping):
            for name in ("code", "type", "status", "name", "reason", "reject_reason", "error_type"):
                if isinstance(part.get(name), str):
                    codes.append(part[name])
            for name in ("message", "msg"):
                if isinstance(part.get(name), str):
                    message = message or part[name]
            for name in ("loc", "path"):
                if isinstance(part.get(name), list) and part[name]:
                    fields.append(str(part[name][-1]))
            nested = ("error", "errors", "detail", "details", "failure", "issues")
            todo += [part[name] for name in nested if part.get(name)]
    return Said(tuple(codes), message, tuple(fields))


def _says_unpaid(said: Said) -> bool:
    return any(words in said.message.lower() for words in _SAYS_UNPAID)


def _says_model_gone(vendor: Vendor, status: int, said: Said, model: str) -> bool:
    if status not in (400, 404, 410):
        return False
    in_path = vendor.models_in_paths and bool(model) and status != 400
    return in_path or "model" in said.fields or _names_a_model(said, model)


def _names_a_model(said: Said, model: str) -> bool:
    text = said.message.lower()
    named = bool(model) and model.lower() in text
    return "model" in text and (named or any(words in text for words in _SAYS_GONE))


def _wait_told(headers: Mapping[str, str], now_s: float) -> float | None:
    milliseconds, told = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        if told is not None:
            return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - now_s) if told else None
    except ValueError:
        return None


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _short(message: str) -> str:
    message = " ".join(scrub(message).split()).rstrip(".")
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"
