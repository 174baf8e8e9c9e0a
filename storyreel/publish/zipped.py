"""Several files that belong together as one ZIP: a timeline with its media, stills, a whole bundle."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from storyreel.progress import Progress

_PIECE_BYTES = 1 << 20
_PACKED = (".json", ".otio", ".edl", ".fcpxml", ".txt", ".srt", ".vtt", ".ass", ".wav")


def zip_files(files: Sequence[Path], folder: Path, path: Path, progress: Progress) -> None:
    """Write files into a ZIP, under their names within a folder; pictures and films are packed already, and are stored.

    Args:
        path: a new file; what is there after an error is no ZIP.

    Raises:
        OSError: the disk took no more.
        Cancelled: the user stopped it.
    """
    with zipfile.ZipFile(path, "w") as archive, progress.task("export", len(files), "files") as task:
        for file in files:
            entry = zipfile.ZipInfo.from_file(file, file.relative_to(folder).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED if file.suffix in _PACKED else zipfile.ZIP_STORED
            entry.external_attr = 0o100644 << 16  # hard links into the cache are read-only
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
                while piece := source.read(_PIECE_BYTES):
                    progress.raise_if_cancelled()
                    sink.write(piece)
            task.advance()
