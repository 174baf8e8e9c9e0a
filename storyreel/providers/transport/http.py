"""One exchange with a vendor: a request goes out once, and a whole answer, an error's meaning or `Lost` comes back.

Nothing is repeated here and no redirect is followed, since a redirect would carry the key to wherever it points.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from storyreel.errors import InputError, ProviderBusy, ProviderError
from storyreel.providers.transport.faults import Lost, fault_of
from storyreel.providers.transport.key import scrub
from storyreel.providers.transport.vendor import LOOPBACK, Vendor

if TYPE_CHECKING:
    import httpx

CONNECT_S = 10.0
LARGEST_ERROR_BYTES = 64 * 1024
MEGABYTE = 2**20
_SUCCESS = range(200, 300)

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file in a multipart request.

    Attributes:
        known_by: the digest that the ledger knows it by, where its bytes could differ for the same content (another
            encoder's version); "" for that of its bytes.
    """

    field: str
    name: str
    data: bytes
    content_type: str
    known_by: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, without anything that identifies who makes it.

    Attributes:
        path: behind the vendor's base; or a whole address that the vendor gave.
        body: sent as JSON.
        form, files: sent as multipart, where there are any; a field may stand there more than once.
        query, headers: more of it.
        timeout_s: until the whole answer must be here.
        silence_s: how long the service may say nothing; by default as long as the whole may take.
        largest_bytes: of the answer.
        also_read: HTTP statuses beside 2xx whose body is an answer, too.
    """

    path: str
    body: Mapping[str, Any] | None = None
    form: tuple[tuple[str, str], ...] = ()
    files: tuple[FilePart, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    timeout_s: float = 120.0
    silence_s: float | None = None
    largest_bytes: int = 16 * MEGABYTE
    also_read: frozenset[int] = frozenset()

    @property
    def known_by(self) -> Mapping[str, object]:
        """What it says, for the ledger; its files count apart, by `file_digests`."""
        return {"body": self.body, "form": [list(pair) for pair in self.form], "query": dict(self.query)}

    @property
    def file_digests(self) -> tuple[str, ...]:
        """What each file is known by, in order: SHA-256."""
        return tuple(part.known_by or sha256(part.data).hexdigest() for part in self.files)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer of a status that means one.

    Attributes:
        vendor: who gave it, by name.
        headers: with lowercase names.
    """

    vendor: str
    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def request(self) -> str:
        """The vendor's own id of the request, "" where the headers tell none."""
        return next((self.headers[name] for name in ("request-id", "x-request-id") if self.headers.get(name)), "")

    def json(self) -> Any:
        """The body's JSON.

        Raises:
            Lost: it is none.
        """
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "no content type").partition(";")[0]
            raise Lost(self.vendor, f"the answer is not JSON ({len(self.data)} bytes of {scrub(kind)})") from None

    def read_as(self, shape: type[Shape]) -> Shape:
        """The body as a model of what the vendor promises.

        Raises:
            Lost: it is something else.
        """
        return read_as(self.vendor, self.json(), shape)


def read_as(vendor: str, value: object, shape: type[Shape]) -> Shape:
    """JSON from a vendor as a model of what it promises.

    Raises:
        Lost: it is something else.
    """
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the whole"
        raise Lost(vendor, f"the answer is not what the service promises ({where})") from None


def exchange(
    vendor: Vendor,
    call: Call,
    *,
    model: str = "",
    keyless: bool = False,
    reused: bool = False,
    on_data: Callable[[bytes], None] | None = None,
) -> Reply:
    """Send a request once.

    Args:
        model: what is asked for, to say so if it is gone.
        keyless: send no key, to any address; see `storyreel.providers.transport.downloads`.
        reused: may go over a connection that was used before. A server may be about to close such a one, and then
            nobody knows whether it took the request: for what costs, take a fresh one.
        on_data: is given each piece of a good answer's body as it comes.

    Raises:
        InputError: the vendor's key or address is missing or wrong; nothing was sent.
        ProviderBusy: the service could not be reached; nothing was sent.
        Lost: it was sent, and no whole answer came: the connection broke, was silent, or held too much.
        ProviderError: what else the service answered, by meaning; see `storyreel.providers.transport.faults`.
    """
    _load_httpx()
    import httpx

    silence_s = min(call.silence_s or call.timeout_s, _patience_s(), call.timeout_s)
    deadline_s = time.monotonic() + min(call.timeout_s, _patience_s())
    request = _request(vendor, call, keyless=keyless, silence_s=silence_s)
    client = _clients().reused if reused else _clients().fresh
    try:
        with _sent(client, request) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            good = response.status_code in _SUCCESS or response.status_code in call.also_read
            limit = call.largest_bytes if good else LARGEST_ERROR_BYTES
            told = int(headers["content-length"]) if headers.get("content-length", "").isdecimal() else 0
            if good and told > limit:
                raise Lost(vendor.name, f"the answer has {told / MEGABYTE:,.0f} MB, more than a right one could have")
            data = bytearray()
            # As it comes: gathered to larger pieces, a stream would show nothing until it is nearly over.
            for piece in response.iter_bytes():
                data += piece
                if len(data) > limit:
                    if good:
                        raise Lost(
                            vendor.name, f"the answer is longer than {limit / MEGABYTE:,.0f} MB, which no right one is"
                        )
                    break
                if time.monotonic() > deadline_s:
                    raise Lost(vendor.name, f"the answer was not complete after {call.timeout_s:.0f} s")
                if good and on_data is not None:
                    on_data(piece)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError):
        host = request.url.host
        raise ProviderBusy(vendor.name, f"{host} cannot be reached: check the network, then run again") from None
    except httpx.TimeoutException:
        raise Lost(vendor.name, f"the service said nothing for {silence_s:.0f} s") from None
    except httpx.HTTPError:
        raise Lost(vendor.name, "the connection broke before the whole answer was here") from None
    if not good:
        raise fault_of(vendor, response.status_code, headers, bytes(data), time.time(), model)
    return Reply(vendor.name, response.status_code, headers, bytes(data))


def _load_httpx() -> None:
    """Import httpx without its command line, which draws in as much again; the first request of many waits for it."""
    with _opening:
        if "httpx" in sys.modules:
            return
        # httpx does without where that cannot be imported; whoever wants it later imports it as ever.
        sys.modules["httpx._main"] = None  # type: ignore[assignment]
        try:
            import_module("httpx")
        finally:
            del sys.modules["httpx._main"]


def _request(vendor: Vendor, call: Call, *, keyless: bool, silence_s: float) -> httpx.Request:
    import httpx

    try:
        url = call.path if keyless else vendor.url(call.path)
    except ValueError:
        raise ProviderError(
            vendor.name, f"was pointed to {scrub(call.path)}, which is not its own, so the key stays here"
        ) from None
    headers = {"user-agent": "storyreel", "accept-encoding": "identity"}
    query = dict(call.query)
    if not keyless:
        headers |= vendor.headers
        key = vendor.key()
        if key is not None and vendor.key_query:
            query[vendor.key_query] = key.reveal()
        elif key is not None:
            headers[vendor.key_header] = vendor.key_prefix + key.reveal()
    headers |= call.headers
    content: dict[str, Any] = {}
    if call.form or call.files:
        # Plain fields go in as parts too: httpx would send them as a urlencoded form where there is no file.
        content["files"] = [(name, (None, value.encode())) for name, value in call.form]
        content["files"] += [(part.field, (part.name, part.data, part.content_type)) for part in call.files]
    elif call.body is not None:
        content["content"] = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
        headers["content-type"] = "application/json"
    try:
        request = httpx.Request(call.method, url, params=query or None, headers=headers, **content)
    except (httpx.InvalidURL, UnicodeEncodeError, TypeError):
        raise InputError(f"{vendor.name} cannot be asked at {scrub(url)}: that is no address") from None
    request.extensions["timeout"] = {"connect": CONNECT_S, "read": silence_s, "write": silence_s, "pool": CONNECT_S}
    return request


@contextmanager
def _sent(client: httpx.Client, request: httpx.Request) -> Iterator[httpx.Response]:
    response = client.send(request, stream=True, follow_redirects=False)
    try:
        yield response
    finally:
        response.close()


def _patience_s() -> float:
    """The user's own limit for every wait, STORYREEL_TIMEOUT_S."""
    chosen = os.environ.get("STORYREEL_TIMEOUT_S", "").strip()
    if not chosen:
        return float("inf")
    try:
        seconds = float(chosen)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise InputError(f"STORYREEL_TIMEOUT_S is {chosen!r}: give a number of seconds above 0")
    return seconds


class _Clients:
    """The connections of this process: `fresh` opens one for each request, `reused` keeps them a while."""

    def __init__(self) -> None:
        import httpx

        self.process = os.getpid()
        context = httpx.create_ssl_context()
        direct = {f"all://{f'[{host}]' if ':' in host else host}": None for host in LOOPBACK}
        self.fresh = httpx.Client(
            verify=context, mounts=direct, limits=httpx.Limits(max_connections=None, max_keepalive_connections=0)
        )
        self.reused = httpx.Client(
            verify=context, mounts=direct, limits=httpx.Limits(max_connections=None, max_keepalive_connections=32)
        )
        _keep_secrets_out_of_logs()

    def close(self) -> None:
        self.fresh.close()
        self.reused.close()


_open: _Clients | None = None
_opening = threading.Lock()


def _clients() -> _Clients:
    global _open
    with _opening:
        # A forked process must not use its parent's connections.
        if _open is None or _open.process != os.getpid():
            _open = _Clients()
            atexit.register(_open.close)
        return _open


class _Scrubbed(logging.Filter):
    """Takes secrets out of log lines: httpx writes whole addresses, and some vendors want the key in theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


_scrubbed = _Scrubbed()


def _keep_secrets_out_of_logs() -> None:
    for name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"):
        logging.getLogger(name).addFilter(_scrubbed)
