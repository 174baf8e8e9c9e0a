"""Sending to S3 and all that speak like it (R2, MinIO, B2, Spaces) in parts, so that a killed upload goes on.

boto3 is used directly. s3fs keeps the parts of a file that is being written in memory and gives an upload up when its
process ends; going on needs the upload's id, the parts the service has, and their digests, which boto3 hands out.

Each part goes with its MD5 (`Content-MD5`), which the service checks. What it calls a part, its ETag, is that MD5; that
of the whole is the MD5 of all parts' MD5s and their count, and is compared with ours. Where a service encrypts with
keys of its own its ETags are no digests; then each part's check and the size are what is known.
Source: Amazon S3 User Guide, "Checking object integrity" and "Multipart upload limits".
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from storyreel.errors import MissingExtra, StorageError
from storyreel.publish.delivery.links import LONGEST_LINK_S, Link, warn_unless_public
from storyreel.publish.delivery.s3_errors import NoSuchUpload, told
from storyreel.publish.delivery.sending import Delivered, Parcel, TimedBytes, megabytes, piece_size
from storyreel.publish.delivery.state import KeptState, Part, UploadState
from storyreel.workers import fan_out

if TYPE_CHECKING:
    from storyreel.progress import Progress, Task
    from storyreel.publish.delivery.target import Target

MOST_PARTS = 10_000
AT_ONCE = 3
TRIES = 3
CONNECT_TIME_S = 15.0


def send_to_s3(
    parcel: Parcel,
    target: Target,
    kept: KeptState,
    progress: Progress,
    *,
    endpoint: str = "",
    link: Link = "signed",
    link_time_s: int = LONGEST_LINK_S,
    public_base: str = "",
) -> Delivered:
    """Send a file, or what is missing of it, compare digests, and make a link.

    Args:
        endpoint: the service's address; "" for Amazon's, or what AWS_ENDPOINT_URL says.
        public_base: where the bucket can be read by all ("https://films.example"); with it a public link needs no ACL.

    Raises:
        MissingExtra: boto3 is not installed.
        InputError: there is no such bucket, or it takes no public files.
        KeyRefused: no credentials were found, or they are not accepted.
        ProviderBusy: the service, or the link to it, is too slow.
        DiskFull: the service has no room.
        StorageError: what lies there is not what was sent.
    """
    upload = _Upload(parcel, target, kept, progress, endpoint, acl="public-read" if _acl(link, public_base) else "")
    with told(target, upload.host, parcel.path):
        sent_bytes, proof = upload.run()
        address, expires_s = upload.link(link, link_time_s, public_base)
    kept.forget()
    return Delivered.of(parcel, target, link=address, link_expires_s=expires_s, proof=proof, sent_bytes=sent_bytes)


def _acl(link: Link, public_base: str) -> bool:
    return link == "public" and not public_base


class _Upload:
    def __init__(
        self, parcel: Parcel, target: Target, kept: KeptState, progress: Progress, endpoint: str, *, acl: str
    ) -> None:
        self.parcel, self.target, self.kept, self.progress, self.acl = parcel, target, kept, progress, acl
        self.endpoint = endpoint
        self.client = _client(endpoint, parcel.part_time_s)
        self.host = self.client.meta.endpoint_url
        self.where: Mapping[str, str] = {"Bucket": target.bucket, "Key": target.key}

    def run(self) -> tuple[int, Literal["md5", "parts"]]:
        try:
            return self._run()
        except NoSuchUpload:
            self.progress.warn("the service has dropped the parts sent before: all are sent anew", "upload")
            self.kept.forget()
            return self._run()

    def _run(self) -> tuple[int, Literal["md5", "parts"]]:
        state = self._state()
        numbers = range(1, max(1, -(-self.parcel.size_bytes // state.part_bytes)) + 1)
        ours = {part.number: part for part in self._still_there(state)}
        sent = 0
        with self.progress.task("upload", megabytes(self.parcel.size_bytes), "MiB") as task:
            for part in ours.values():
                task.advance(megabytes(self._size_of(part.number, state)), remembered=True)

            def send(number: int) -> Part:
                return ours.get(number) or self._send_part(number, state, task)

            missing = [number for number in numbers if number not in ours]
            parts = {part.number: part for part in fan_out(send, missing, at_once=AT_ONCE)} | ours
            sent = sum(self._size_of(number, state) for number in missing)
            return sent, self._completed(state, [parts[number] for number in numbers])

    def _state(self) -> UploadState:
        """The upload that was begun before, if it was of the same bytes; else a new one."""
        state = self.kept.read()
        if state is not None and state.upload_id:
            if (state.sha256, state.size_bytes) == (self.parcel.sha256, self.parcel.size_bytes):
                return state
            with suppress(NoSuchUpload):
                self._call("abort_multipart_upload", UploadId=state.upload_id)
            self.kept.forget()
        extra = {"ACL": self.acl} if self.acl else {}
        begun = self._call(
            "create_multipart_upload",
            ContentType=self.parcel.content_type,
            Metadata={"sha256": self.parcel.sha256},
            **extra,
        )
        return self.kept.keep(
            UploadState(
                target=str(self.target),
                endpoint=self.endpoint,
                file=self.parcel.name,
                sha256=self.parcel.sha256,
                size_bytes=self.parcel.size_bytes,
                upload_id=begun["UploadId"],
                part_bytes=piece_size(self.parcel.size_bytes, MOST_PARTS),
            )
        )

    def _still_there(self, state: UploadState) -> list[Part]:
        """The parts that we sent and that the service has, under the same digest.

        One that came whole just before we were killed is not in our notes: its bytes are compared.
        """
        noted = {part.number: part for part in state.parts}
        found: list[Part] = []
        marker: dict[str, Any] = {}
        while True:
            page = self._call("list_parts", UploadId=state.upload_id, **marker)
            for entry in page.get("Parts", ()):
                number, etag = int(entry["PartNumber"]), str(entry["ETag"]).strip('"')
                if entry["Size"] != self._size_of(number, state):
                    continue
                known = noted.get(number)
                if known is not None and known.etag.strip('"') == etag:
                    found.append(known)
                elif known is None and (md5 := _md5(self._read(number, state)).hexdigest()) == etag:
                    found.append(Part(number=number, md5=md5, etag=entry["ETag"]))
                    self.kept.add(found[-1])
            if not page.get("IsTruncated"):
                return found
            marker = {"PartNumberMarker": page["NextPartNumberMarker"]}

    def _send_part(self, number: int, state: UploadState, task: Task) -> Part:
        data = self._read(number, state)
        md5 = _md5(data)
        for attempt in range(TRIES):
            self.progress.raise_if_cancelled()
            body = TimedBytes(data, self.parcel.part_time_s, self.progress)
            try:
                answer = self._call(
                    "upload_part",
                    UploadId=state.upload_id,
                    PartNumber=number,
                    Body=body,
                    ContentLength=len(data),
                    ContentMD5=base64.b64encode(md5.digest()).decode(),
                )
            except Exception as error:
                self.progress.raise_if_cancelled()
                if not _worth_another(error) or attempt + 1 == TRIES:
                    raise
                self.progress.note(f"part {number} did not come through: once more", "upload")
                time.sleep(min(2.0, 0.2 * 4**attempt))
            else:
                part = Part(number=number, md5=md5.hexdigest(), etag=answer["ETag"])
                self.kept.add(part)
                task.advance(megabytes(len(data)), f"part {number}")
                return part
        raise AssertionError("the last try returns or raises")

    def _completed(self, state: UploadState, parts: list[Part]) -> Literal["md5", "parts"]:
        listed = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        self._call("complete_multipart_upload", UploadId=state.upload_id, MultipartUpload={"Parts": listed})
        head = self._call("head_object")
        whole = hashlib.md5(b"".join(bytes.fromhex(part.md5) for part in parts), usedforsecurity=False).hexdigest()
        etag = str(head["ETag"]).strip('"')
        if head["ContentLength"] != self.parcel.size_bytes:
            self._refuse(f"{head['ContentLength']:,} bytes instead of {self.parcel.size_bytes:,}")
        if etag in (f"{whole}-{len(parts)}", parts[0].md5):
            return "md5"
        if all(part.etag.strip('"') == part.md5 for part in parts):
            self._refuse(f"another checksum ({etag} instead of {whole}-{len(parts)})")
        return "parts"

    def _refuse(self, found: str) -> None:
        self.kept.forget()
        raise StorageError(
            f"{self.target} holds {found}: the local film {self.parcel.path} is whole, so run the same command again"
        )

    def link(self, link: Link, link_time_s: int, public_base: str) -> tuple[str, int]:
        from urllib.parse import quote

        if link == "none":
            return "", 0
        if link == "signed":
            address: str = self.client.generate_presigned_url("get_object", Params=self.where, ExpiresIn=link_time_s)
            return address, link_time_s
        base = public_base.rstrip("/") or f"{self.host.rstrip('/')}/{self.target.bucket}"
        address = f"{base}/{quote(self.target.key)}"
        warn_unless_public(address, self.progress)
        return address, 0

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import ClientError

        try:
            return getattr(self.client, operation)(**self.where, **arguments)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchUpload":
                raise NoSuchUpload from error
            raise

    def _size_of(self, number: int, state: UploadState) -> int:
        return max(0, min(state.part_bytes, self.parcel.size_bytes - (number - 1) * state.part_bytes))

    def _read(self, number: int, state: UploadState) -> bytes:
        try:
            with self.parcel.path.open("rb") as file:
                file.seek((number - 1) * state.part_bytes)
                return file.read(self._size_of(number, state))
        except OSError as error:
            raise StorageError(f"{self.parcel.path} cannot be read: {error.strerror}") from error


def _worth_another(error: BaseException) -> bool:
    from botocore.exceptions import ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NoConnection

    if isinstance(error, ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = error.response.get("Error", {}).get("Code", "")
        return (status >= 500 and status != 507) or code in ("SlowDown", "RequestTimeout", "BadDigest", "Throttling")
    return isinstance(error, HTTPClientError | NoConnection)


def _client(endpoint: str, part_time_s: float) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise MissingExtra("uploading to S3", "s3") from error
    config = Config(
        connect_timeout=min(CONNECT_TIME_S, part_time_s),
        read_timeout=part_time_s,
        retries={"total_max_attempts": 1},  # parts are tried again here, where it can be told and stopped
        request_checksum_calculation="when_required",  # not every service that speaks S3 knows the newer digests
        response_checksum_validation="when_required",
        signature_version="s3v4",
        max_pool_connections=AT_ONCE + 1,
    )
    region = {"region_name": "auto"} if ".r2.cloudflarestorage." in endpoint else {}
    session = boto3.session.Session()
    if not region and session.region_name is None:
        region = {"region_name": "us-east-1"}
    return session.client("s3", endpoint_url=endpoint or None, config=config, **region)


def _md5(data: bytes) -> Any:
    return hashlib.md5(data, usedforsecurity=False)
