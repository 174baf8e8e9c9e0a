"""What Azure and its client say went wrong, as sentences that name no key and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import DiskFull, InputError, KeyRefused, ProviderBusy, ProviderRefused, StoryreelError
from storyreel.publish.delivery.sending import TooSlow

if TYPE_CHECKING:
    from storyreel.publish.delivery.target import Target

_KEYS = ("AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation")
_NO_CONTAINER = ("ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled")
_OTHER_BLOCKS = ("InvalidBlobOrBlock", "InvalidBlockId", "InvalidBlobType")


@contextmanager
def told(target: Target, host: str, path: Path) -> Iterator[None]:
    """Turn what Azure's client raises into storyreel's errors, each with where the film is safe."""
    from azure.core.exceptions import AzureError

    safe = f"; the film is safe in {path}, and the same command goes on from the blocks that are there"
    try:
        yield
    except TooSlow:
        raise _too_slow(host, safe) from None
    except AzureError as error:
        raise _told(error, target, host, safe) from None


def said_code(error: Any) -> str:
    """The service's own word for an error, such as "BlobNotFound"; "" where it has none."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def worth_another(error: BaseException) -> bool:
    """Whether the same block may come through at the next try."""
    from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

    if isinstance(error, HttpResponseError):
        status = error.status_code or 0
        return status in (408, 429) or (status >= 500 and status != 507) or said_code(error) == "Md5Mismatch"
    return isinstance(error, ServiceRequestError | ServiceResponseError)


def _too_slow(host: str, safe: str) -> ProviderBusy:
    return ProviderBusy(
        "azure", f"the connection to {host} is too slow: a block did not come through in its time; look to the "
        f"network, or allow more --timeout{safe}"
    )  # fmt: skip


def _told(error: Any, target: Target, host: str, safe: str) -> StoryreelError:
    from azure.core.exceptions import (
        ClientAuthenticationError,
        ServiceRequestError,
        ServiceResponseError,
        ServiceResponseTimeoutError,
    )

    code, status = said_code(error), getattr(error, "status_code", None) or 0
    if isinstance(error, ServiceResponseTimeoutError):
        return _too_slow(host, safe)
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        found = "cannot be made" if isinstance(error, ServiceRequestError) else "broke off"
        return ProviderBusy("azure", f"the connection to {host} {found}: look to the network{safe}")
    if code in _NO_CONTAINER or status == 404:
        return InputError(f"there is no container {target.bucket!r} at {host}: create it, or give another place{safe}")
    if isinstance(error, ClientAuthenticationError) and not status:
        return KeyRefused("azure", f"nobody is signed in to Azure here: run  az login, or set AZURE_STORAGE_KEY{safe}")
    if code in _KEYS or status == 401:
        return KeyRefused(
            "azure", f"{host} does not accept the credentials ({code or status}): check AZURE_STORAGE_KEY, the "
            f"connection string or the SAS token, and this machine's clock{safe}"
        )  # fmt: skip
    if status == 403:
        return KeyRefused(
            "azure", f"the credentials may not write to {target} ({code or status}): allow it there, as by the role "
            f"Storage Blob Data Contributor{safe}"
        )  # fmt: skip
    if code in _OTHER_BLOCKS:
        return InputError(
            f"at {target} lies another program's file or unfinished upload ({code}): give another name, or remove it "
            f"there{safe}"
        )
    if status == 507:
        return DiskFull(f"{host} has no room left for {target}: free some there{safe}")
    if status in (408, 429) or status >= 500:
        return ProviderBusy("azure", f"{host} cannot take the film now ({code or status}): wait a little{safe}")
    return ProviderRefused("azure", f"{host} refused the upload to {target} ({code or status}){safe}")
