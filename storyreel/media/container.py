"""Opening media files that people bring: only kinds that hold their own sound and pictures.

A playlist, an edit script or a manifest is a list of other files; a file that names others could make the machine read
what its owner never meant to show, or reach a network. Such formats are refused whatever the file is called, and no
format may open anything but the file itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.airlock import FORMATS, Unsafe, look_at_media, look_at_picture
from storyreel.errors import CorruptFile

if TYPE_CHECKING:
    from av.container import InputContainer


def look_over(path: Path, *, picture: bool = False) -> None:
    """Let another process read a file of unknown origin first, before this one opens it; see `storyreel.airlock`.

    Args:
        picture: whether it is to be a picture; otherwise a sound or a video.

    Raises:
        CorruptFile: reading it does harm.
    """
    try:
        (look_at_picture if picture else look_at_media)(path)
    except Unsafe as error:
        raise CorruptFile(f"{path} is refused: {error.reason}; give another file") from error


def open_media(path: Path) -> InputContainer:
    """Open a sound or video file for reading.

    Raises:
        CorruptFile: the file is missing, damaged, no media at all, or of a kind that refers to other files.
    """
    import av
    from av.error import ArgumentError, FFmpegError

    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        # An absolute path, so that no name is taken for a protocol.
        return av.open(str(path.absolute()), "r", options=options)
    except FileNotFoundError as error:
        raise CorruptFile(f"{path} cannot be read: it is not there; check the file or make it again") from error
    except ArgumentError as error:
        raise CorruptFile(
            f"{path} cannot be read: it is no sound or video file, or only refers to other files, as playlists do; "
            "give the sound or the video itself"
        ) from error
    except (FFmpegError, OSError, UnicodeDecodeError) as error:  # the last by PyAV, of names that are no UTF-8
        raise CorruptFile(
            f"{path} cannot be read: it is no sound or video file, or it is damaged; check the file or make it again"
        ) from error
