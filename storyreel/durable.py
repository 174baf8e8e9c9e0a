"""Making sure that a file, and its name, outlive a power cut; copies that share the disk's blocks; what a disk says."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

from storyreel.errors import DiskFull, StorageError

# From linux/fs.h: _IOW(0x94, 9, int).
_FICLONE = 0x40049409


def file_to_disk(path: Path, *, mode: int) -> os.stat_result:
    """Give a file its mode and bring it to the disk; returns its status."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def folder_to_disk(folder: Path) -> None:
    """Bring the names in a folder to the disk, where its file system can do that for a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def copy_file(source: Path, copy: Path) -> None:
    """Copy a file's content; on disks that can (Btrfs, XFS, APFS) the copy shares its blocks until it is written to."""
    if not _cloned(source, copy):
        shutil.copyfile(source, copy)


def _cloned(source: Path, copy: Path) -> bool:
    if sys.platform != "linux":
        return False  # on macOS, shutil clones by itself
    import fcntl

    with source.open("rb") as taken, copy.open("wb") as given:
        try:
            fcntl.ioctl(given.fileno(), _FICLONE, taken.fileno())
        except OSError:  # another disk, or one that cannot
            return False
    return True


def storage_error(error: OSError, path: Path) -> StorageError:
    """The clear form of an operating system's failure to write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"the disk that holds {path.parent} is full: free some room, then run the same command again")
    return StorageError(f"{path} cannot be written: {error.strerror}")
