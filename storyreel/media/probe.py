"""Recordings that people bring: looked at before anything is made, with one sentence for each way they can be wrong."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, Field

from storyreel.errors import CorruptFile, InputError
from storyreel.media.container import look_over, open_media
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import SoundFile
from storyreel.memo.blob import Blob

LONGEST_S = 2 * 3600 + 60.0
SHORTEST_S = 0.5
LARGEST_BYTES = 32 << 30
KINDS = "mp3, m4a, wav, flac, ogg, opus, webm or mp4"

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


class Probed(BaseModel, frozen=True, extra="forbid"):
    """What a look at a recording's head and first second tells.

    Attributes:
        name: the file's name without its ending.
        suffix: its ending, lowercase with its dot.
        codec, layout: of its sound, as FFmpeg names them.
        sample_rate_hz, channels: of its sound.
        stated_s: how long its head says it lasts, in seconds; None where it does not say.
        has_pictures: whether it is a video.
    """

    name: str
    suffix: str
    codec: str
    layout: str
    sample_rate_hz: int = Field(ge=1)
    channels: int = Field(ge=1)
    stated_s: float | None
    has_pictures: bool


class Recording(BaseModel, frozen=True, extra="forbid"):
    """A recording as the store keeps it: by content, as it was brought."""

    blob: Blob
    probed: Probed

    def asset(self, duration_s: float) -> Asset:
        """It as material for a timeline."""
        return Asset(
            kind="video" if self.probed.has_pictures else "audio",
            blob=self.blob,
            duration_s=duration_s,
            provenance=Provenance(provider="recording", prompt=self.probed.name),
        )


def probe(path: Path) -> Probed:
    """Look a recording over without reading all of it.

    Args:
        path: a sound or video file of a kind that holds its own sound; nothing that it may refer to is opened.

    Raises:
        InputError: it is missing, no such file, empty, too large, too short or too long, holds no sound, or is damaged
            in its first second.
    """
    path = path.expanduser()
    if not path.exists():
        raise InputError(f"there is no file {path}: give a recording, such as talk.mp3")
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file"
        raise InputError(f"{path} is {what}: give a recording ({KINDS})")
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check who may read it") from error
    if not size_bytes:
        raise InputError(f"{path} is empty: fetch or record it again")
    if size_bytes > LARGEST_BYTES:
        raise InputError(
            f"{path} has {size_bytes / 2**30:.0f} GB, more than the {LARGEST_BYTES >> 30} GB a recording may have: "
            "give its sound alone, as m4a or flac"
        )
    try:
        return _looked_at(path)
    except CorruptFile as error:
        raise InputError(f"{error} ({KINDS})" if "no sound or video" in str(error) else str(error)) from error


def _looked_at(path: Path) -> Probed:
    from av.stream import Disposition

    look_over(path)
    with open_media(path) as container:
        stated_s = container.duration / 1_000_000 if container.duration else None
        has_pictures = any(
            not stream.disposition & Disposition.attached_pic for stream in container.streams.video if stream.type
        )
        if not container.streams.audio:
            what = "a video without a sound track" if has_pictures else "a file without sound"
            raise InputError(f"{path} is {what}: give a recording of somebody who speaks")
    with SoundFile(path) as file:
        first = file.read(file.sample_rate_hz)
        probed = Probed(
            name=path.stem,
            suffix=found.group() if (found := _SUFFIX.fullmatch(path.suffix.lower())) else ".media",
            codec=file.codec,
            layout=file.layout_name,
            sample_rate_hz=file.sample_rate_hz,
            channels=file.channels,
            stated_s=stated_s,
            has_pictures=has_pictures,
        )
    if len(first) < SHORTEST_S * probed.sample_rate_hz:
        raise InputError(f"{path} lasts {len(first) / probed.sample_rate_hz:.2f} s: give at least {SHORTEST_S:g} s")
    check_length(path.name, stated_s or 0.0)
    return probed


def check_length(name: str, duration_s: float) -> None:
    """Refuse a recording that is too long.

    Raises:
        InputError: it is longer than two hours.
    """
    if duration_s > LONGEST_S:
        hours, minutes = divmod(round(duration_s / 60), 60)
        raise InputError(
            f"{name} lasts {hours} h {minutes:02} min, and a recording may last two hours: cut it into parts, and make "
            "a film of each"
        )
