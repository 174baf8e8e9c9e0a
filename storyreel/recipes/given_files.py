"""Pictures, videos and sounds that a user brings: looked through before anything trusts them, then kept by content.

What is found out here costs a sentence; found out while a film is rendered it would stop that film.
"""

from __future__ import annotations

import re
from pathlib import Path

from storyreel.errors import CorruptFile, InputError, RenderError, StorageError
from storyreel.media.container import look_over, open_media
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_LOOKED_AT = 1 / 16
_READ_AT_ONCE = 1 << 20
_USER = Provenance(provider="user")


def given_picture(path: Path, project: Project) -> Asset:
    """Take over an image, decoded whole, or a video, of which a first picture must be there.

    Raises:
        InputError: the file is missing, neither of them, damaged, or too large.
    """
    from storyreel.render.picture_files import decode_still

    _check_file(path)
    _look_over(path, picture=True)
    try:
        _, (width_px, height_px) = decode_still(path, _LOOKED_AT)
    except RenderError as no_image:
        return _given_video(path, project, no_image)
    blob = store_of(project).put_file(path, path.suffix.lower(), keep=True)
    return Asset(kind="image", blob=blob, width_px=width_px, height_px=height_px, provenance=_USER)


def given_sound(path: Path, project: Project) -> Asset:
    """Take over a sound file, or a video for its sound, decoded whole.

    Raises:
        InputError: the file is missing, holds no sound, or is damaged.
    """
    from storyreel.media.sound import SoundFile

    _check_file(path)
    _look_over(path)
    samples = 0
    try:
        with SoundFile(path) as sound:
            while count := len(sound.read(_READ_AT_ONCE)):
                project.progress.raise_if_cancelled()
                samples += count
    except StorageError as error:
        raise InputError(str(error)) from error
    if not samples:
        raise InputError(f"{path} holds no sound: give another file")
    blob = store_of(project).put_file(path, path.suffix.lower(), keep=True)
    return Asset(kind="audio", blob=blob, duration_s=samples / sound.sample_rate_hz, provenance=_USER)


def _given_video(path: Path, project: Project, no_image: RenderError) -> Asset:
    import av

    _look_over(path)
    try:
        with open_media(path) as container:
            if not container.streams.video:
                raise InputError(f"{path} holds sound but no picture: give an image or a video")
            first = next(container.decode(video=0), None)
            duration_s = container.duration / av.time_base if container.duration else 0.0
    except (CorruptFile, av.FFmpegError):
        raise InputError(str(no_image)) from no_image
    if first is None:
        raise InputError(f"{path} is a video without a single picture: give another file")
    size = first.width, first.height
    width_px, height_px = size[::-1] if first.rotation % 180 else size
    blob = store_of(project).put_file(path, path.suffix.lower(), keep=True)
    return Asset(
        kind="video", blob=blob, width_px=width_px, height_px=height_px, duration_s=duration_s, provenance=_USER
    )


def _look_over(path: Path, *, picture: bool = False) -> None:
    try:
        look_over(path, picture=picture)
    except CorruptFile as error:
        raise InputError(str(error)) from error


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"the file {path} is not there: check its name")
    if not _SUFFIX.fullmatch(path.suffix.lower()):
        raise InputError(f"the file {path} has no ending such as .png: rename it")
