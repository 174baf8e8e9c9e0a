"""Sending to Azure Blob Storage in blocks, so that a killed upload goes on.

azure-storage-blob is used directly: adlfs names its blocks by chance and gives an upload up when its process ends. Here
a block's name is its number and the MD5 of its bytes, and the service compares that MD5 (`Content-MD5`) before it takes
the block. So the list of blocks that the service has says by itself which of our bytes are there, for a week, and
nothing about the upload is kept on this machine. Azure computes no digest of the whole; what it made the file of is
read back, block by block and in order.
Source: Azure Storage REST API, "Put Block", "Put Block List" and "Get Block List".
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from storyreel.errors import InputError, MissingExtra, StorageError
from storyreel.publish.delivery.azure_errors import said_code, told, worth_another
from storyreel.publish.delivery.links import LONGEST_LINK_S, Link, warn_unless_public
from storyreel.publish.delivery.sending import Delivered, Parcel, TimedBytes, megabytes, piece_size
from storyreel.workers import fan_out

if TYPE_CHECKING:
    from storyreel.progress import Progress, Task
    from storyreel.publish.delivery.target import Target

MOST_BLOCKS = 50_000
AT_ONCE = 3
TRIES = 3
CONNECT_TIME_S = 15.0
_CLOCKS_APART = timedelta(minutes=5)
_VARIABLES = {
    "connection_string": ("AZURE_STORAGE_CONNECTION_STRING",),
    "account_name": ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"),
    "account_key": ("AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"),
    "sas_token": ("AZURE_STORAGE_SAS_TOKEN",),
    "account_url": ("AZURE_STORAGE_SERVICE_ENDPOINT",),
}
"""Settings, and the variables of Azure's command line and of its SDK's examples that hold them."""


def send_to_azure(
    parcel: Parcel,
    target: Target,
    progress: Progress,
    *,
    options: Mapping[str, Any] | None = None,
    link: Link = "signed",
    link_time_s: int = LONGEST_LINK_S,
    public_base: str = "",
) -> Delivered:
    """Send a file, or what is missing of it, have it put together, and make a link.

    Args:
        options: "connection_string", or "account_name" with "account_key" or "sas_token" (and "account_url" in other
            clouds than Azure's public one); what is missing comes from Azure's variables, and without any key it is
            whoever is signed in (`az login`, a managed identity).
        public_base: where the container can be read by all, for the link.

    Raises:
        MissingExtra: azure-storage-blob is not installed.
        InputError: there is no such container, or there are no credentials.
        KeyRefused: the credentials are not accepted, or may not write there.
        ProviderBusy: the service, or the link to it, is too slow, or broke off.
        StorageError: what lies there is not what was sent.
    """
    service = _service(options or {}, parcel.part_time_s)
    with service, told(target, str(service.primary_hostname), parcel.path):
        upload = _Upload(parcel, target, progress, service)
        sent_bytes = upload.run()
        address, expires_s = upload.link(link, link_time_s, public_base)
    return Delivered.of(parcel, target, link=address, link_expires_s=expires_s, proof="parts", sent_bytes=sent_bytes)


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of the file."""

    number: int
    first_byte: int
    size_bytes: int
    md5: str

    @property
    def name(self) -> str:
        """As the service keeps it; all names of a file's blocks have to be of one length."""
        return f"{self.number:05d}-{self.md5}"


class _Upload:
    def __init__(self, parcel: Parcel, target: Target, progress: Progress, service: Any) -> None:
        self.parcel, self.target, self.progress, self.service = parcel, target, progress, service
        self.blob = service.get_blob_client(target.bucket, target.key)

    def run(self) -> int:
        """Send what is missing and put the file together; returns how many bytes were sent."""
        from azure.storage.blob import BlobBlock, ContentSettings

        blocks, md5 = self._blocks()
        there = self._there("all")
        missing = [block for block in blocks if there.get(block.name) != block.size_bytes]
        with self.progress.task("upload", megabytes(self.parcel.size_bytes), "MiB") as task:
            for block in blocks:
                if there.get(block.name) == block.size_bytes:
                    task.advance(megabytes(block.size_bytes), remembered=True)
            list(fan_out(lambda block: self._send(block, task), missing, at_once=AT_ONCE))
        self.blob.commit_block_list(
            [BlobBlock(block_id=block.name) for block in blocks],
            content_settings=ContentSettings(content_type=self.parcel.content_type, content_md5=bytearray(md5)),
            metadata={"sha256": self.parcel.sha256},
        )
        found = self._there("committed")
        if list(found.items()) != [(block.name, block.size_bytes) for block in blocks]:
            raise StorageError(
                f"{self.target} holds another file than {self.parcel.path}, which is whole: run the same command again"
            )
        return sum(block.size_bytes for block in missing)

    def _blocks(self) -> tuple[list[_Block], bytes]:
        """The pieces of the file, and the MD5 of the whole."""
        size, whole, blocks = (
            piece_size(self.parcel.size_bytes, MOST_BLOCKS),
            hashlib.md5(usedforsecurity=False),
            list[_Block](),
        )
        try:
            with self.parcel.path.open("rb") as file:
                while data := file.read(size):
                    self.progress.raise_if_cancelled()
                    whole.update(data)
                    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
                    blocks.append(_Block(len(blocks), len(blocks) * size, len(data), md5))
        except OSError as error:
            raise StorageError(f"{self.parcel.path} cannot be read: {error.strerror}") from error
        return blocks, whole.digest()

    def _there(self, kind: str) -> dict[str, int]:
        """The size of each block that the service has, by its name: "committed" to the file that lies there, or all."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            committed, waiting = self.blob.get_block_list(kind)
        except ResourceNotFoundError as error:
            if said_code(error) == "BlobNotFound":
                return {}
            raise
        return {str(block.id): int(block.size) for block in (*committed, *waiting)}

    def _send(self, block: _Block, task: Task) -> None:
        data = self._read(block)
        for attempt in range(TRIES):
            self.progress.raise_if_cancelled()
            body = TimedBytes(data, self.parcel.part_time_s, self.progress)
            try:
                self.blob.stage_block(block.name, body, length=len(data), validate_content=True)
            except Exception as error:
                if not worth_another(error) or attempt + 1 == TRIES:
                    raise
                self.progress.note(f"block {block.number + 1} did not come through: once more", "upload")
                time.sleep(min(2.0, 0.2 * 4**attempt))
            else:
                task.advance(megabytes(len(data)), f"block {block.number + 1}")
                return

    def _read(self, block: _Block) -> bytes:
        try:
            with self.parcel.path.open("rb") as file:
                file.seek(block.first_byte)
                data = file.read(block.size_bytes)
        except OSError as error:
            raise StorageError(f"{self.parcel.path} cannot be read: {error.strerror}") from error
        if hashlib.md5(data, usedforsecurity=False).hexdigest() != block.md5:
            raise StorageError(f"{self.parcel.path} was changed while it was sent: run the same command again")
        return data

    def link(self, link: Link, link_time_s: int, public_base: str) -> tuple[str, int]:
        from urllib.parse import quote

        bare = str(self.blob.url).partition("?")[0]
        if link == "none":
            return "", 0
        if public_base:
            return f"{public_base.rstrip('/')}/{quote(self.target.key)}", 0
        if link == "public":
            warn_unless_public(bare, self.progress)
            return bare, 0
        token = self._signed(link_time_s)
        return (f"{bare}?{token}", link_time_s) if token else ("", 0)

    def _signed(self, link_time_s: int) -> str:
        """A shared access signature that lets whoever has it read this one file; "" where none can be made."""
        from azure.core.exceptions import AzureError
        from azure.storage.blob import generate_blob_sas

        now, credential = datetime.now(UTC), self.service.credential
        until = now + timedelta(seconds=link_time_s)
        signed_by: dict[str, Any] = {}
        if key := getattr(credential, "account_key", ""):
            signed_by["account_key"] = key
        elif hasattr(credential, "get_token"):
            try:
                signed_by["user_delegation_key"] = self.service.get_user_delegation_key(now - _CLOCKS_APART, until)
            except AzureError as error:
                self._without_link(f"whoever is signed in may not sign links ({said_code(error) or 'no answer'})")
                return ""
        else:
            self._without_link("a SAS token signs no further links")
            return ""
        return generate_blob_sas(
            account_name=self.service.account_name,
            container_name=self.target.bucket,
            blob_name=self.target.key,
            permission="r",
            expiry=until,
            protocol="https" if self.service.scheme == "https" else None,
            **signed_by,
        )

    def _without_link(self, why: str) -> None:
        self.progress.warn(
            f"the film is at {self.target}, but has no link: {why}; give the account's key, --public-url, or "
            "--link none",
            "upload",
        )


def _service(options: Mapping[str, Any], part_time_s: float) -> Any:
    """The account that is asked for, with its credentials."""
    try:
        from azure.storage.blob import BlobServiceClient
    except ImportError:
        raise MissingExtra("Azure Blob Storage", "azure") from None
    if unknown := sorted(set(options) - set(_VARIABLES)):
        raise InputError(
            f"Azure Blob Storage has no use for {', '.join(unknown)[:80]}: give {', '.join(_VARIABLES)} in "
            "STORYREEL_UPLOAD_OPTIONS"
        )
    given = {name: str(options.get(name) or _variable(names)) for name, names in _VARIABLES.items()}
    asked: dict[str, Any] = {
        "connection_timeout": min(CONNECT_TIME_S, part_time_s),
        "read_timeout": part_time_s,
        "retry_total": 0,  # blocks are tried again here, where it can be told and stopped
    }
    try:
        if given["connection_string"] and not options.get("account_name"):
            return BlobServiceClient.from_connection_string(given["connection_string"], **asked)
        if not given["account_name"]:
            raise InputError(
                "no account for Azure Blob Storage was found: set AZURE_STORAGE_CONNECTION_STRING, or "
                "AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or after  az login"
            )
        address = given["account_url"] or f"https://{given['account_name']}.blob.core.windows.net"
        named_key = {name: given[name] for name in ("account_name", "account_key")}
        credential = named_key if given["account_key"] else given["sas_token"] or _signed_in()
        service = BlobServiceClient(address, credential=credential, **asked)
        service.account_name = service.account_name or given["account_name"]  # not every address tells it
        return service
    except ValueError as error:
        # The SDK's words may hold the key.
        raise InputError(
            "the account or the connection string for Azure Blob Storage cannot be read: copy it once more from the "
            "account's page, Access keys"
        ) from error


def _variable(names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := os.environ.get(name, "").strip())), "")


def _signed_in() -> Any:
    """Whoever Azure's own tools know here; whether there is anybody shows with the first request."""
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError:
        raise MissingExtra("signing in to Azure", "azure") from None
    return DefaultAzureCredential(exclude_interactive_browser_credential=True)
