"""Addresses that a delivered film can be fetched from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from storyreel.progress import Progress

Link = Literal["signed", "public", "none"]
LONGEST_LINK_S = 7 * 24 * 3600
"""How long a signed link may hold at S3, at Google, and at Azure for whoever is signed in there."""
_WAIT_S = 15.0


def warn_unless_public(address: str, progress: Progress) -> None:
    """Ask for a link as a stranger would, and say it where that is refused."""
    import httpx

    try:
        status = httpx.head(address, timeout=_WAIT_S, follow_redirects=True).status_code
    except httpx.HTTPError:
        status = 0
    if status != 200:
        said = f"answers {status}" if status else "cannot be reached"
        progress.warn(f"the public link {said}: the bucket may not be open to all", "upload")
