"""SFTP as OpenSSH has it: its keys, its agent, its ~/.ssh/config, and only servers whose host key is known.

sshfs (on asyncssh) is the file system: it keeps many writes under way at once, where fsspec's own (on Paramiko) waits
for each; both trust any host key unless told otherwise, so here they are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import (
    DiskFull,
    InputError,
    KeyRefused,
    MissingExtra,
    ProviderBusy,
    ProviderError,
    StoryreelError,
)

if TYPE_CHECKING:
    from storyreel.publish.delivery.target import Target

SCHEMES = ("sftp", "ssh")
CONNECT_TIME_S = 15.0
HOME = "/~/"
_FULL = ("SFTPNoSpaceOnFilesystem", "SFTPQuotaExceeded")
_FORBIDDEN = ("SFTPPermissionDenied", "SFTPWriteProtect", "PermissionError")
_BROKEN = ("SFTPConnectionLost", "SFTPNoConnection", "ConnectionLost", "DisconnectError", "ConnectionResetError")
_BROKEN_OFF = (*_BROKEN, "BrokenPipeError", "BadMessageError")


def open_sftp(target: Target, options: Mapping[str, Any]) -> tuple[Any, str]:
    """Connect; returns the file system and the path on it. `sftp://host/~/films/` lies in the user's own folder.

    Args:
        options: of asyncssh's `connect`, such as "client_keys", "passphrase", "password", "known_hosts".

    Raises:
        MissingExtra: sshfs is not installed.
        KeyRefused: the server does not accept the keys.
        InputError: the server's host key is not a known one, or an option is none.
        ProviderBusy: no connection can be made.
    """
    try:
        import fsspec
        from sshfs import SSHFileSystem
    except ImportError:
        raise MissingExtra("SFTP", "sftp") from None
    found = fsspec.utils.infer_storage_options(str(target))
    given = {name: found[name] for name in ("host", "port", "username") if found.get(name)}
    # asyncssh takes (): "what ~/.ssh/known_hosts says"; sshfs would have it check nothing.
    usual = {"known_hosts": (), "connect_timeout": CONNECT_TIME_S, "keepalive_interval": CONNECT_TIME_S}
    with told(target):
        files = SSHFileSystem(**{**usual, **given, **options}, skip_instance_cache=True)
    path = str(found["path"])
    return files, path.removeprefix(HOME) if path.startswith(HOME) else path


@contextmanager
def told(target: Target, safe: Path | None = None) -> Iterator[None]:
    """Turn what asyncssh raises into storyreel's errors; a server's own words are left out, they may hold anything.

    Args:
        safe: where the film is; None while nothing was sent yet.
    """
    try:
        yield
    except StoryreelError:
        raise
    except Exception as error:
        if isinstance(error.__context__, StoryreelError):
            raise error.__context__ from None  # what came of closing the file after that tells nothing
        raise _told(error, target, safe) from error


def close(files: Any) -> None:
    """End the connection; one that is broken already is let go."""
    files.loop.call_soon_threadsafe(files.client.close)


def write_in_time(files: Any, sink: Any, block: bytes, time_s: float) -> None:
    """Write a block, or break the connection off once it takes too long.

    Raises:
        ProviderBusy: it took too long.
    """
    from fsspec.asyn import FSTimeoutError

    try:
        sink.write(block, timeout=time_s)
    except FSTimeoutError as error:
        files.loop.call_soon_threadsafe(files.client.abort)  # else closing the file would wait for the block, too
        raise ProviderBusy(
            "sftp", f"the link is too slow: {len(block)} bytes did not go through in {time_s:g} s; look to the "
            "network, or allow more --timeout"
        ) from error  # fmt: skip


def _told(error: Exception, target: Target, safe: Path | None) -> StoryreelError:
    names = {kind.__name__ for kind in type(error).__mro__}
    host = str(target).partition("://")[2].partition("/")[0].rpartition("@")[2]
    went_on = f"; the film is safe in {safe}, and the same command goes on" if safe else ""
    if safe is None and "PermissionError" in names:
        return KeyRefused(
            "sftp", f"{host} does not accept the keys: see that  ssh {host}  works, or name a key by "
            'STORYREEL_UPLOAD_OPTIONS={"client_keys": ["FILE"]}'
        )  # fmt: skip
    if "HostKeyNotVerifiable" in names:
        return InputError(
            f"the host key of {host} is not among those in ~/.ssh/known_hosts, so it may be another machine: connect "
            f"once with  ssh {host}  and compare the key it shows"
        )
    if names.intersection(("KeyImportError", "KeyEncryptionError")):
        return InputError("a key for SFTP cannot be read: check client_keys, and the passphrase of the key")
    if "FileNotFoundError" in names or "SFTPNoSuchPath" in names:
        return InputError(f"the folder of {target} is not there: create it, or give another place{went_on}")
    if names.intersection(_FULL):
        return DiskFull(f"{host} has no room left for {target}: free some there{went_on}")
    if names.intersection(_FORBIDDEN):
        return InputError(f"{target} may not be written: allow it, or give another place{went_on}")
    if safe is None and names.intersection(("OSError", "TimeoutError", "Error")):
        return ProviderBusy(
            "sftp", f"no connection to {host} can be made ({type(error).__name__}): look to the network"
        )
    if names.intersection(_BROKEN_OFF):
        return ProviderBusy("sftp", f"the connection to {host} broke off: look to the network{went_on}")
    if "TypeError" in names and safe is None:
        return InputError(f"STORYREEL_UPLOAD_OPTIONS holds what SFTP has no use for: {error}")
    return ProviderError(
        "sftp", f"{host} did not take the file ({type(error).__name__}): see that there is room for it{went_on}"
    )
