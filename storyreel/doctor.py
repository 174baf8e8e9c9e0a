"""A look at the installation: what works, what is absent, what is wrong and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from storyreel.errors import MissingExtra, StoryreelError
from storyreel.project import make_private_folder
from storyreel.settings import cache_root
from storyreel.workers import core_count

ROOM_NEEDED_BYTES = 2 << 30
KEYS = {
    "Anthropic": "ANTHROPIC_API_KEY",
    "ElevenLabs": "ELEVENLABS_API_KEY",
    "Gemini": "GEMINI_API_KEY",
    "Groq": "GROQ_API_KEY",
    "OpenAI": "OPENAI_API_KEY",
}


class Finding(BaseModel, frozen=True, extra="forbid"):
    """One thing looked at; "absent" is optional and not there, "wrong" keeps films from being made."""

    what: str
    state: Literal["ok", "absent", "wrong"]
    detail: str


def examine(cache: Path | str | None = None) -> list[Finding]:
    """Look at everything a film needs, without making one."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("Python", lambda: f"{platform.python_version()}, {core_count()} cores"),
        ("cache", lambda: _cache(cache_root(cache))),
        ("video encoder", _encoder),
        ("OpenCV", _opencv),
        ("text shaping", _shaping),
        ("pictures", _pictures),
        ("offline voice", _voice),
        ("offline listener", _listener),
    ]
    findings = [_finding(what, look) for what, look in looks]
    for vendor, variable in KEYS.items():
        there = bool(os.environ.get(variable))
        findings.append(
            Finding(
                what=vendor,
                state="ok" if there else "absent",
                detail=f"{variable} is set" if there else f"no key; set {variable} to use it",
            )
        )
    return findings


def _finding(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, state="ok", detail=look())
    except MissingExtra as missing:
        return Finding(what=what, state="absent", detail=str(missing))
    except (StoryreelError, ImportError, OSError) as error:
        return Finding(what=what, state="wrong", detail=str(error))


def _cache(folder: Path) -> str:
    make_private_folder(folder)
    free = shutil.disk_usage(folder).free
    if free < ROOM_NEEDED_BYTES:
        raise OSError(f"{folder} has only {free / 1e9:.1f} GB left; a film of some minutes wants 2")
    return f"{folder}, {free / 1e9:.0f} GB free"


def _encoder() -> str:
    import av

    if "libx264" not in av.codecs_available:
        raise OSError("PyAV was built without libx264: reinstall it with  pip install --force-reinstall av")
    return f"libx264 through PyAV {av.__version__}"


def _opencv() -> str:
    owners = [name for name in ("opencv-python", "opencv-contrib-python") if _installed(name)]
    if owners:
        raise OSError(
            f"{owners[0]} and opencv-python-headless share their files and break each other: run  "
            f"pip uninstall -y {owners[0]} opencv-python-headless && pip install opencv-python-headless"
        )
    import cv2

    return f"opencv-python-headless {cv2.__version__}"


def _shaping() -> str:
    import uharfbuzz

    return f"HarfBuzz {uharfbuzz.version_string()}"


def _pictures() -> str:
    import resvg_py

    return f"resvg {getattr(resvg_py, '__version__', version('resvg-py'))}"


def _voice() -> str:
    from storyreel.providers.offline.voice import OfflineVoice

    voice = OfflineVoice()
    voice.check()
    return f"{voice.identity} speaks"


def _listener() -> str:
    from storyreel.providers.offline.listener import OfflineListener

    listener = OfflineListener()
    listener.check()
    return f"{listener.identity} hears"


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
