"""Sending to any place that fsspec knows and nobody else here does: this machine, SFTP, FTP, WebDAV and the rest.

On this machine and over SFTP the file grows under another name ("film.mp4.part") and is renamed when its bytes, read
back, are the film's; a killed upload is gone on with. Elsewhere fsspec gives an unfinished file up, so a killed upload
begins anew; S3, Google and Azure have modules of their own for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import InputError, ProviderError, StorageError, StoryreelError
from storyreel.project import storage_error
from storyreel.publish.delivery import sftp
from storyreel.publish.delivery.sending import BLOCK_BYTES, Delivered, Parcel, megabytes
from storyreel.publish.delivery.state import KeptState, UploadState

if TYPE_CHECKING:
    from storyreel.progress import Progress
    from storyreel.publish.delivery.target import Target

APPENDED = ("file", "memory", *sftp.SCHEMES)


def send_by_fsspec(
    parcel: Parcel,
    target: Target,
    kept: KeptState,
    progress: Progress,
    *,
    options: Mapping[str, Any] | None = None,
    public_base: str = "",
) -> Delivered:
    """Send a file, or the rest of it, and compare its bytes at the end.

    Args:
        options: of the file system, as fsspec takes them; they may hold secrets and are kept nowhere.
        public_base: an address under which the place can be read, for the link.

    Raises:
        InputError: the place is of an unknown kind, needs another package, or its folder is not there.
        DiskFull: there is no room; the local film is untouched.
        StorageError, ProviderError: it cannot be written, or what lies there is not what was sent.
    """
    files, place = _opened(target, options or {})
    grows = target.scheme in APPENDED
    unfinished = f"{place}.part" if grows else place
    try:
        with sftp.told(target, parcel.path) if target.scheme in sftp.SCHEMES else nullcontext():
            sent_bytes = (_append if grows else _stream)(files, parcel, unfinished, target, kept, progress)
            _compare(files, parcel, unfinished, progress)
            if grows:
                files.mv(unfinished, place)
        kept.forget()
    except StorageError:
        kept.forget()  # what lies there is not the film: next time it is sent from its beginning
        raise
    except StoryreelError:
        raise
    except OSError as error:
        raise _told(error, target, parcel) from error
    except Exception as error:
        # Each file system raises its own; the sentence leaves out what they say, which may hold keys.
        raise ProviderError(
            target.scheme, f"the upload to {target} failed ({type(error).__name__}); the film is safe in {parcel.path}"
        ) from error
    finally:
        if target.scheme in sftp.SCHEMES:
            sftp.close(files)
    link = f"{public_base.rstrip('/')}/{target.place.rpartition('/')[2]}" if public_base else ""
    if target.scheme == "file":
        link = link or Path(target.place).as_uri()
    return Delivered.of(parcel, target, link=link, proof="sha256", sent_bytes=sent_bytes)


def _opened(target: Target, options: Mapping[str, Any]) -> tuple[Any, str]:
    """The file system of a place, and the path on it."""
    import fsspec

    if target.scheme in sftp.SCHEMES:
        return sftp.open_sftp(target, options)
    try:
        if target.scheme == "file":
            return fsspec.filesystem("file"), target.place
        files, place = fsspec.core.url_to_fs(str(target), **options)
        return files, str(place)
    except ImportError as error:
        raise InputError(f"{target.scheme}:// needs a further package: {error}") from error
    except ValueError as error:
        raise InputError(f"{target.scheme}:// is no place that storyreel can send to: {error}") from error
    except OSError as error:
        raise ProviderError(target.scheme, f"no connection to {target} can be made ({type(error).__name__})") from error
    except Exception as error:
        raise ProviderError(
            target.scheme, f"{target} cannot be opened ({type(error).__name__}): check the credentials"
        ) from error


def _append(files: Any, parcel: Parcel, unfinished: str, target: Target, kept: KeptState, progress: Progress) -> int:
    state = kept.read()
    if state is None or (state.sha256, state.size_bytes) != (parcel.sha256, parcel.size_bytes):
        state = UploadState(target=str(target), file=parcel.name, sha256=parcel.sha256, size_bytes=parcel.size_bytes)
    # Writes of one block travel side by side, so a file's size does not tell that all before its end is there.
    there = min(state.taken_bytes, int(files.size(unfinished))) if files.exists(unfinished) else 0
    state = kept.keep(state.model_copy(update={"taken_bytes": there}))
    with progress.task("upload", megabytes(parcel.size_bytes), "MiB") as task:
        task.advance(megabytes(there), remembered=True)
        with parcel.path.open("rb") as source, files.open(unfinished, "r+b" if there else "wb") as sink:
            source.seek(there)
            sink.seek(there)
            while block := source.read(BLOCK_BYTES):
                if target.scheme in sftp.SCHEMES:
                    sftp.write_in_time(files, sink, block, parcel.part_time_s)
                else:
                    sink.write(block)
                    sink.flush()
                state = kept.keep(state.model_copy(update={"taken_bytes": state.taken_bytes + len(block)}))
                task.advance(megabytes(len(block)))
    return parcel.size_bytes - there


def _stream(files: Any, parcel: Parcel, unfinished: str, target: Target, kept: KeptState, progress: Progress) -> int:
    with progress.task("upload", megabytes(parcel.size_bytes), "MiB") as task, parcel.path.open("rb") as source:
        sink = files.open(unfinished, "wb", block_size=BLOCK_BYTES)
        try:
            while block := source.read(BLOCK_BYTES):
                sink.write(block)
                task.advance(megabytes(len(block)))
        except BaseException:
            sink.closed = True  # closing would show the half of it as the whole
            with suppress(Exception):
                sink.discard()
            raise
        sink.close()
    return parcel.size_bytes


def _compare(files: Any, parcel: Parcel, place: str, progress: Progress) -> None:
    """Read the file back: its size and SHA-256 have to be the film's."""
    size_bytes = int(files.info(place).get("size") or 0)
    if size_bytes != parcel.size_bytes:
        raise _differs(parcel, place, f"{size_bytes} bytes instead of {parcel.size_bytes}")
    digest = hashlib.sha256()
    with files.open(place, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            progress.raise_if_cancelled()
            digest.update(block)
    if digest.hexdigest() != parcel.sha256:
        raise _differs(parcel, place, "another SHA-256")


def _differs(parcel: Parcel, place: str, found: str) -> StorageError:
    return StorageError(f"{place} holds {found}: the local film {parcel.path} is whole, so run the same command again")


def _told(error: OSError, target: Target, parcel: Parcel) -> StoryreelError:
    safe = f"the film is safe in {parcel.path}, and the same command goes on"
    if isinstance(error, FileNotFoundError):
        return InputError(f"the folder of {target} is not there: create it, or give another place; {safe}")
    if isinstance(error, PermissionError):
        return InputError(f"{target} may not be written: allow it, or give another place; {safe}")
    told = storage_error(error, Path(target.place))
    return type(told)(f"{told}; {safe}")
