"""Signed links to objects in Google Cloud Storage, by the key of a service account.

Source: Cloud Storage documentation, "V4 signing process with your own program", "Canonical requests" and "Signatures".
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

ALGORITHM = "GOOG4-RSA-SHA256"


class Signer(Protocol):
    """Credentials that can sign, such as a service account's."""

    signer_email: str

    def sign_bytes(self, message: bytes) -> bytes:
        """The RSA signature (PKCS #1, SHA-256) of a message."""
        ...


def signed_link(host: str, bucket: str, key: str, signer: Signer, now: datetime, link_time_s: int) -> str:
    """An address at which one object can be fetched for a while.

    Args:
        host: the service's address, such as "https://storage.googleapis.com".
        now: in UTC; the link begins to hold then.
        link_time_s: at most seven days.
    """
    at, scope = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}/auto/storage/goog4_request"
    path = f"/{quote(bucket, safe='')}/{quote(key, safe='/~')}"
    asked = {
        "X-Goog-Algorithm": ALGORITHM,
        "X-Goog-Credential": f"{signer.signer_email}/{scope}",
        "X-Goog-Date": at,
        "X-Goog-Expires": str(link_time_s),
        "X-Goog-SignedHeaders": "host",
    }
    query = urlencode(sorted(asked.items()), quote_via=quote, safe="~")
    request = "\n".join(["GET", path, query, f"host:{urlsplit(host).netloc}\n", "host", "UNSIGNED-PAYLOAD"])
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = signer.sign_bytes("\n".join([ALGORITHM, at, scope, digest]).encode()).hex()
    return f"{host}{path}?{query}&X-Goog-Signature={signature}"
