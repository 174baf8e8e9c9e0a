"""Sending to Google Cloud Storage in a resumable upload, so that a killed one goes on.

gcsfs gives an unfinished upload up when its process ends. Going on needs the address of the upload's session, which
holds for a week and says how many bytes have come. The service computes the MD5 of the whole, which is compared with
ours. Source: Cloud Storage documentation, "Resumable uploads" and "Perform resumable uploads" (JSON API).
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from storyreel.errors import (
    InputError,
    KeyRefused,
    MissingExtra,
    ProviderBusy,
    ProviderRefused,
    StorageError,
    StoryreelError,
)
from storyreel.publish.delivery.gcs_links import signed_link
from storyreel.publish.delivery.links import LONGEST_LINK_S, Link, warn_unless_public
from storyreel.publish.delivery.sending import BLOCK_BYTES, Delivered, Parcel, megabytes
from storyreel.publish.delivery.state import KeptState, UploadState

if TYPE_CHECKING:
    import httpx

    from storyreel.progress import Progress
    from storyreel.publish.delivery.target import Target

HOST = "https://storage.googleapis.com"
EMULATOR_VARIABLE = "STORAGE_EMULATOR_HOST"
"""Where another server that speaks the same is, for all of Google's own clients, too; it is asked without a key."""
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
TRIES = 4
CONNECT_TIME_S = 15.0


class _SessionGone(Exception):
    """The service does not know the upload any more."""


def send_to_gcs(
    parcel: Parcel,
    target: Target,
    kept: KeptState,
    progress: Progress,
    *,
    link: Link = "signed",
    link_time_s: int = LONGEST_LINK_S,
    public_base: str = "",
) -> Delivered:
    """Send a file, or what is missing of it, compare the MD5 of the whole, and make a link.

    Args:
        link: a signed one needs the key of a service account.
        public_base: where the bucket can be read by all, for the link.

    Raises:
        MissingExtra: google-auth is not installed.
        InputError: there is no such bucket, or there are no credentials.
        KeyRefused: the credentials are not accepted, or may not write there.
        ProviderBusy: the service, or the link to it, is too slow, or broke off.
        StorageError: what lies there is not what was sent.
    """
    import httpx

    timeout = httpx.Timeout(parcel.part_time_s, connect=CONNECT_TIME_S)
    with httpx.Client(timeout=timeout) as client:
        upload = _Upload(parcel, target, kept, progress, client)
        try:
            sent_bytes = upload.run()
        except _SessionGone:
            progress.warn("the service has dropped what was sent before: all is sent anew", "upload")
            kept.forget()
            sent_bytes = upload.run()
        address, expires_s = upload.link(link, link_time_s, public_base)
    kept.forget()
    return Delivered.of(parcel, target, link=address, link_expires_s=expires_s, proof="md5", sent_bytes=sent_bytes)


class _Upload:
    def __init__(
        self, parcel: Parcel, target: Target, kept: KeptState, progress: Progress, client: httpx.Client
    ) -> None:
        self.parcel, self.target, self.kept, self.progress, self.client = parcel, target, kept, progress, client
        emulator = os.environ.get(EMULATOR_VARIABLE, "")
        self.host = (emulator if "://" in emulator else f"http://{emulator}").rstrip("/") if emulator else HOST
        self._key = None if emulator else _credentials()

    def run(self) -> int:
        """Send what is missing; returns how many bytes that were."""
        session, there, done = self._session()
        sent = 0
        with (
            self.progress.task("upload", megabytes(self.parcel.size_bytes), "MiB") as task,
            self.parcel.path.open("rb") as source,
        ):
            task.advance(megabytes(there), remembered=True)
            while done is None:
                source.seek(there)
                block = source.read(BLOCK_BYTES)
                now, done = self._send(session, there, block)
                if now <= there and done is None:
                    raise ProviderBusy("gcs", f"{self.host} takes no more of the film now: wait a little{self._safe}")
                sent += now - there
                task.advance(megabytes(now - there))
                there = now
        self._compare(done)
        return sent

    def _session(self) -> tuple[str, int, Any]:
        """The upload's address, how much of it the service has, and the finished object if it has all."""
        state = self.kept.read()
        if state is not None and state.upload_id:
            if (state.sha256, state.size_bytes) == (self.parcel.sha256, self.parcel.size_bytes):
                return state.upload_id, *self._asked_how_far(state.upload_id)
            with suppress(StoryreelError):
                self._ask("DELETE", state.upload_id)  # the film was made anew: the old upload is given up
            self.kept.forget()
        answer = self._ask(
            "POST",
            f"{self.host}/upload/storage/v1/b/{quote(self.target.bucket, safe='')}/o",
            params={"uploadType": "resumable", "name": self.target.key},
            headers={
                "X-Upload-Content-Type": self.parcel.content_type,
                "X-Upload-Content-Length": str(self.parcel.size_bytes),
            },
            json={"metadata": {"sha256": self.parcel.sha256}, "contentType": self.parcel.content_type},
        )
        state = UploadState(
            target=str(self.target),
            file=self.parcel.name,
            sha256=self.parcel.sha256,
            size_bytes=self.parcel.size_bytes,
            upload_id=answer.headers["Location"],
        )
        self.kept.keep(state)
        return state.upload_id, 0, None

    def _asked_how_far(self, session: str) -> tuple[int, Any]:
        return self._told(
            self._ask("PUT", session, headers={"Content-Range": f"bytes */{self.parcel.size_bytes}"}, content=b"")
        )

    def _send(self, session: str, at: int, block: bytes) -> tuple[int, Any]:
        """Send a block; after a break the service is asked how much of it came."""
        span = f"bytes {at}-{at + len(block) - 1}" if block else "bytes *"
        for attempt in range(TRIES):
            self.progress.raise_if_cancelled()
            try:
                return self._told(
                    self._ask(
                        "PUT", session, headers={"Content-Range": f"{span}/{self.parcel.size_bytes}"}, content=block
                    )
                )
            except ProviderBusy:
                if attempt + 1 == TRIES:
                    raise
                self.progress.note("a block did not come through: once more", "upload")
                time.sleep(min(4.0, 0.25 * 4**attempt))
                there, done = self._asked_how_far(session)
                if there > at or done is not None:
                    return there, done
        raise AssertionError("the last try returns or raises")

    def _told(self, answer: httpx.Response) -> tuple[int, Any]:
        if answer.status_code == 308:
            _, _, last = answer.headers.get("Range", "").rpartition("-")
            return (int(last) + 1 if last.isdecimal() else 0), None
        return self.parcel.size_bytes, answer.json()

    def _compare(self, done: Any) -> None:
        ours = hashlib.md5(usedforsecurity=False)
        with self.parcel.path.open("rb") as source:
            while block := source.read(BLOCK_BYTES):
                self.progress.raise_if_cancelled()
                ours.update(block)
        if int(done.get("size", -1)) != self.parcel.size_bytes or base64.b64decode(done["md5Hash"]) != ours.digest():
            self.kept.forget()
            raise StorageError(
                f"{self.target} holds another file than {self.parcel.path}, which is whole: run the same command again"
            )

    def link(self, link: Link, link_time_s: int, public_base: str) -> tuple[str, int]:
        """The address, and how long it holds, in seconds; 0 for one without an end."""
        if link == "none":
            return "", 0
        if public_base:
            return f"{public_base.rstrip('/')}/{quote(self.target.key)}", 0
        if link == "public":
            address = f"{self.host}/{self.target.bucket}/{quote(self.target.key)}"
            warn_unless_public(address, self.progress)
            return address, 0
        if (signer := _signer(self._key)) is None:
            self.progress.warn(
                f"the film is at {self.target}, but has no link: only a service account can sign one, so set "
                "GOOGLE_APPLICATION_CREDENTIALS to its key file, or give --public-url or --link none",
                "upload",
            )
            return "", 0
        now = datetime.now(UTC)
        return signed_link(self.host, self.target.bucket, self.target.key, signer, now, link_time_s), link_time_s

    @property
    def _safe(self) -> str:
        return f"; the film is safe in {self.parcel.path}, and the same command goes on"

    def _ask(self, method: str, url: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        import httpx

        try:
            answer = self.client.request(method, url, headers={**self._authorised(), **(headers or {})}, **more)
        except httpx.TimeoutException as error:
            raise ProviderBusy(
                "gcs", f"the connection to {self.host} is too slow: look to the network, or allow more "
                f"--timeout{self._safe}"
            ) from error  # fmt: skip
        except httpx.HTTPError as error:
            raise ProviderBusy(
                "gcs", f"the connection to {self.host} broke off or cannot be made ({type(error).__name__}){self._safe}"
            ) from error
        status = answer.status_code
        if status in (200, 201, 308):
            return answer
        if method != "POST" and status in (404, 410):
            raise _SessionGone
        raise self._refused(status)

    def _refused(self, status: int) -> StoryreelError:
        if status == 404:
            return InputError(
                f"there is no bucket {self.target.bucket!r} at {self.host}: create it, or give another place"
                f"{self._safe}"
            )
        if status == 401:
            return KeyRefused(
                "gcs", f"{self.host} does not accept the credentials: run  gcloud auth application-default login, or "
                f"check GOOGLE_APPLICATION_CREDENTIALS{self._safe}"
            )  # fmt: skip
        if status == 403:
            return KeyRefused("gcs", f"the credentials may not write to {self.target}: allow it there{self._safe}")
        if status in (408, 429) or status >= 500:
            return ProviderBusy("gcs", f"{self.host} cannot take the film now ({status}): wait a little{self._safe}")
        return ProviderRefused("gcs", f"{self.host} refused the upload to {self.target} ({status}){self._safe}")

    def _authorised(self) -> dict[str, str]:
        if self._key is None:
            return {}
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request

        if not self._key.valid:
            try:
                self._key.refresh(Request())
            except GoogleAuthError as error:
                raise KeyRefused(
                    "gcs", "Google's credentials are not accepted: run  gcloud auth application-default login, or "
                    f"check GOOGLE_APPLICATION_CREDENTIALS{self._safe}"
                ) from error  # fmt: skip
        return {"Authorization": f"Bearer {self._key.token}"}


def _signer(key: Any) -> Any:
    """The credentials, if they can sign by themselves."""
    if key is None:
        return None
    from google.auth.credentials import Signing

    return key if isinstance(key, Signing) else None


def _credentials() -> Any:
    try:
        import google.auth
        import google.auth.transport.requests
    except ImportError:
        raise MissingExtra("Google Cloud Storage", "gcs") from None
    try:
        return google.auth.default(scopes=[_SCOPE])[0]
    except google.auth.exceptions.DefaultCredentialsError as error:
        raise InputError(
            "no credentials for Google Cloud Storage were found: run  gcloud auth application-default login, or set "
            "GOOGLE_APPLICATION_CREDENTIALS to a service account's key file"
        ) from error
