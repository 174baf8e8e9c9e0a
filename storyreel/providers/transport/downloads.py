"""Results that a vendor leaves at an address: fetched at once, without its key, and only from where a result may be."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from storyreel.errors import BadAnswer, ProviderError
from storyreel.providers.transport.faults import Elsewhere, Lost
from storyreel.providers.transport.http import MEGABYTE, Call, exchange
from storyreel.providers.transport.key import scrub
from storyreel.providers.transport.vendor import Vendor

MOST_REDIRECTS = 4
_GONE = frozenset({401, 403, 404, 410})
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


class Expired(ProviderError):
    """The address no longer gives the result."""


def download(
    vendor: Vendor,
    url: str,
    kinds: Sequence[str],
    *,
    keyed: bool = False,
    largest_bytes: int = 256 * MEGABYTE,
    timeout_s: float = 300.0,
) -> bytes:
    """Fetch a result, which must be what it should be.

    Only https is asked, and only machines with a public address; a vendor whose base is on this machine may point to
    its own origin, too. Redirects are followed under the same rule.

    Args:
        kinds: what it may be, by its first bytes: "image", "video", "audio".
        keyed: the vendor wants its key for results, too; it is sent to the vendor's own addresses only.

    Raises:
        Expired: the address gives nothing any more.
        Lost: the connection failed, or what came was larger, slower or something else than it should be.
        BadAnswer: the address is not one that results may come from.
    """
    for _ in range(MOST_REDIRECTS + 1):
        _check_address(vendor, url)
        call = Call(url, method="GET", timeout_s=timeout_s, silence_s=30.0, largest_bytes=largest_bytes)
        try:
            data = exchange(vendor, call, keyless=not (keyed and vendor.may_know_key(url)), reused=True).data
        except Elsewhere as elsewhere:
            url = urljoin(url, elsewhere.location)
            continue
        except ProviderError as error:
            if error.status in _GONE:
                raise Expired(vendor.name, f"the result's address gives nothing (HTTP status {error.status})") from None
            raise
        if kind_of(data) not in kinds:
            raise Lost(vendor.name, f"what lies at the result's address is no {' or '.join(kinds)}")
        return data
    raise BadAnswer(vendor.name, f"the result's address leads on more than {MOST_REDIRECTS} times")


def kind_of(data: bytes) -> str:
    """What bytes are by how they begin: "image" (PNG, JPEG, WebP), "video" (MP4, WebM), "audio", or "" for neither."""
    head = data[:16]
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if head[4:8] == b"ftyp" or head.startswith(b"\x1aE\xdf\xa3"):
        return "video"
    if head.startswith((b"ID3", b"fLaC", b"OggS")) or (head[:4] == b"RIFF" and head[8:12] == b"WAVE"):
        return "audio"
    # An MPEG audio frame: eleven set bits, then a layer and a bit rate that exist.
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] & 0xF0 != 0xF0:
        return "audio"
    return ""


def _check_address(vendor: Vendor, url: str) -> None:
    """Raise BadAnswer unless a result may be fetched from there."""
    try:
        parts = urlsplit(url)
        own = urlsplit(vendor.base())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAnswer(vendor.name, "the result's address is none") from None
    if (parts.scheme, host, port) == (own.scheme, own.hostname, own.port):
        return
    if parts.scheme != "https" or not host or parts.username:
        raise BadAnswer(
            vendor.name, f"the result is said to be at {scrub(url)[:120]}, where none may be: only https is"
        )
    for address in _addresses(host):
        if not ipaddress.ip_address(address).is_global:
            raise BadAnswer(vendor.name, f"the result is said to be at {host}, which is no public address")


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        # Behind a proxy names are often known to it alone. Without one, the request itself will say what is wrong.
        if not any(os.environ.get(name) for name in _PROXIES):
            return []
        return [host] if _is_ip(host) else []
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
