"""What S3 and its client say went wrong, as sentences that name no key and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import (
    Cancelled,
    DiskFull,
    InputError,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    StoryreelError,
)
from storyreel.publish.delivery.sending import TooSlow

if TYPE_CHECKING:
    from storyreel.publish.delivery.target import Target

_KEYS = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "401")
_FULL = ("InsufficientStorage", "XMinioStorageFull", "QuotaExceeded", "StorageQuotaExceeded", "507")
_BUSY = ("SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "Throttling", "500", "502", "503", "504")


class NoSuchUpload(Exception):
    """The service does not know a multi-part upload any more."""


@contextmanager
def told(target: Target, host: str, path: Path) -> Iterator[None]:
    """Turn what boto3 raises into storyreel's errors, each with where the film is safe."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:  # told where the client is made
        yield
        return
    safe = f"; the film is safe in {path}, and the same command goes on from the parts that are there"
    try:
        yield
    except ClientError as error:
        raise _answered(error, target, host, safe) from None
    except BotoCoreError as error:
        raise _not_answered(error, host, safe) from None


def _answered(error: Any, target: Target, host: str, safe: str) -> StoryreelError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    operation = str(getattr(error, "operation_name", ""))
    if code == "NoSuchBucket" or (status == 404 and operation != "UploadPart"):
        return InputError(f"there is no bucket {target.bucket!r} at {host}: create it, or give another place{safe}")
    if code in _KEYS:
        return KeyRefused(
            "s3", f"{host} does not accept the credentials ({code}): check AWS_ACCESS_KEY_ID and "
            f"AWS_SECRET_ACCESS_KEY, or the profile in AWS_PROFILE{safe}"
        )  # fmt: skip
    if code == "AccessControlListNotSupported":
        return InputError(
            f"the bucket {target.bucket!r} allows no public files of its own (ACLs are off): give the address "
            f"it can be read at with --public-url, or take a signed link{safe}"
        )
    if code == "RequestTimeTooSkewed":
        return InputError(f"this machine's clock is wrong, so {host} refuses its signatures: set the clock{safe}")
    if code in ("AccessDenied", "AllAccessDisabled", "AccountProblem", "403") or status == 403:
        return KeyRefused("s3", f"the credentials may not write to {target} ({code or status}): allow it there{safe}")
    if code in ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"):
        return InputError(f"the bucket {target.bucket!r} lies in another region: set AWS_REGION to it{safe}")
    if code in _FULL or status == 507:
        return DiskFull(f"{host} has no room left for {target} ({code or status}): free some there{safe}")
    if code in _BUSY or status >= 500:
        return ProviderBusy("s3", f"{host} is not able to take the film now ({code or status}): wait a little{safe}")
    return ProviderRefused("s3", f"{host} refused the upload to {target} ({code or status}){safe}")


def _not_answered(error: Any, host: str, safe: str) -> StoryreelError:
    from botocore.exceptions import (
        ConnectionError as NoConnection,
    )
    from botocore.exceptions import (
        HTTPClientError,
        NoCredentialsError,
        PartialCredentialsError,
        ProfileNotFound,
    )

    if isinstance(error, NoCredentialsError | PartialCredentialsError | ProfileNotFound):
        return InputError(
            "no whole credentials for S3 were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            + safe
        )
    if isinstance(error, HTTPClientError | NoConnection):
        causes = list(_causes(error))
        stopped = next((cause for cause in causes if isinstance(cause, Cancelled)), None)
        if stopped is not None:
            return stopped
        slow = any("Timeout" in type(cause).__name__ or isinstance(cause, TooSlow) for cause in causes)
        found = "is too slow: a part did not come through in its time" if slow else "broke off"
        if "EndpointConnection" in type(error).__name__ or "ConnectTimeout" in type(error).__name__:
            found = "cannot be made"
        return ProviderBusy(
            "s3", f"the connection to {host} {found}: look to the network, or allow more --timeout{safe}"
        )
    return ProviderError("s3", f"{host}: {type(error).__name__}{safe}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and all that botocore and urllib3 wrapped in it, outermost first."""
    waiting, seen = [error], set()
    while waiting:
        found = waiting.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        inner = (getattr(found, "kwargs", {}) or {}).get("error")
        waiting += [inner if isinstance(inner, BaseException) else None, found.__cause__, found.__context__]
        waiting += [argument for argument in found.args if isinstance(argument, BaseException)]
