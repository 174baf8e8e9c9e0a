"""A notice by webhook, signed so that its receiver knows who sent it, and when.

    POST, Content-Type: application/json, the body as `Notice` has it
    Storyreel-Delivery: an id, the same whenever one notice is sent again
    Storyreel-Signature: t=UNIX_TIME,v1=HEX

HEX is the HMAC-SHA256 (RFC 2104), under the secret in STORYREEL_NOTIFY_SECRET, of UNIX_TIME as decimal digits, a full
stop, and the body's bytes. `verified` is the receiver's side; without a secret the header is left out.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import uuid

import httpx

from storyreel.publish.notices.notice import Notice

SIGNATURE_HEADER = "Storyreel-Signature"
DELIVERY_HEADER = "Storyreel-Delivery"
TIME_S = 10.0
TRIES = 3
WAIT_S = 0.5
OLDEST_S = 300.0


class NotTaken(Exception):
    """A notice did not arrive; its text says why, and holds no address and no secret."""


def signature(secret: str, at_s: int, body: bytes) -> str:
    """The header's value."""
    digest = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"


def verified(secret: str, header: str, body: bytes, *, now_s: float | None = None, oldest_s: float = OLDEST_S) -> bool:
    """Whether a notice was signed with this secret, not long ago: for receivers written in Python."""
    fields = dict(part.partition("=")[::2] for part in header.split(","))
    at = fields.get("t", "")
    if not (at.isascii() and at.isdecimal()):
        return False
    fresh = abs((time.time() if now_s is None else now_s) - int(at)) <= oldest_s
    same = hmac.compare_digest(signature(secret, int(at), body).encode(), f"t={at},v1={fields.get('v1', '')}".encode())
    return fresh and same


def post(notice: Notice, url: str, secret: str) -> None:
    """Send a notice; a receiver that is busy or away is tried three times.

    Raises:
        NotTaken: it was not taken.
    """
    body = notice.model_dump_json().encode()
    headers = {"Content-Type": "application/json", "User-Agent": "storyreel", DELIVERY_HEADER: str(uuid.uuid4())}
    why = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(WAIT_S * 2 ** (attempt - 1))
        if secret:
            headers[SIGNATURE_HEADER] = signature(secret, int(time.time()), body)
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=TIME_S)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"it cannot be reached ({type(error).__name__})"
            continue
        if answer.is_success:
            return
        why = f"it answered {answer.status_code}"
        if answer.status_code < 500 and answer.status_code != 429:
            break
    raise NotTaken(why)
