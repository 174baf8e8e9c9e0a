"""Making sure that a file, and its name, outlive a power cut."""

from __future__ import annotations

import errno
import os
from pathlib import Path


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
