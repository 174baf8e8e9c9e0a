"""Making sure that a file, and its name, outlive a power cut."""

from __future__ import annotations

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
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
