"""Opening media files that people bring: only kinds that hold their own sound and pictures.

A playlist, an edit script or a manifest is a list of other files; a file that names others could make the machine read
what its owner never meant to show, or reach a network. Such formats are refused whatever the file is called, and no
format may open anything but the file itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.errors import CorruptFile

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = (
    "aac,ac3,aiff,amr,ape,apng,asf,au,avi,caf,dsf,eac3,flac,flv,gif,ivf,m4v,matroska,mov,mp3,mpeg,mpegts,mpegvideo,"
    "mxf,nut,ogg,rm,tta,voc,w64,wav,wv,webm"
)
"""The containers that are opened, as FFmpeg names them: each holds what it plays."""


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
    except (FFmpegError, OSError) as error:
        raise CorruptFile(
            f"{path} cannot be read: it is no sound or video file, or it is damaged; check the file or make it again"
        ) from error
