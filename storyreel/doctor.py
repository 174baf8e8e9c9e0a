"""A look at the installation: what works, what is absent, what is wrong and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from storyreel.errors import InputError, MissingExtra, StoryreelError
from storyreel.project import make_private_folder
from storyreel.providers import registry
from storyreel.providers.prices import Usage, quote_of
from storyreel.providers.transport import Vendor, models_of
from storyreel.settings import cache_root
from storyreel.workers import core_count

ROOM_NEEDED_BYTES = 2 << 30
# What one of each costs is said where a role's service is listed.
TYPICAL: Mapping[str, tuple[str, Usage]] = {
    "writer": ("a chapter of 800 words", Usage(input_tokens=4000, output_tokens=2500)),
    "painter": ("a picture", Usage(pictures=1, megapixels=2.1)),
    "voice": ("a minute", Usage(characters=900)),
    "composer": ("a minute", Usage(pieces=1, sound_s=60)),
    "animator": ("five seconds", Usage(video_s=5)),
    "predictor": ("a picture", Usage(pictures=1, megapixels=2.1)),
    "listener": ("a minute", Usage(sound_s=60)),
    "effects": ("one of five seconds", Usage(sound_s=5)),
}


class Finding(BaseModel, frozen=True, extra="forbid"):
    """One thing looked at; "absent" is optional and not there, "wrong" keeps films from being made."""

    what: str
    state: Literal["ok", "absent", "wrong"]
    detail: str


def examine(cache: Path | str | None = None, *, live: bool = False) -> list[Finding]:
    """Look at everything a film needs, without making one.

    Args:
        live: ask each service that there is a key for whether it has the models that would be used; costs nothing.
    """
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
    findings.append(_finding("auto", _auto))
    for name, members in sorted(_services().items()):
        findings.append(_service(name, members, live))
    return findings


def _auto() -> str:
    """Whom each role's name "auto" means with the keys that are set, and who words the pictures then."""
    chosen = registry.settled({role: registry.AUTO for role in registry.PREFERRED if role != "prompter"})
    members = {"prompter": registry.THE_WRITER, **chosen}
    return "with these keys it means " + ", ".join(f"{role} {members[role]}" for role in registry.PREFERRED)


def _services() -> Mapping[str, list[tuple[str, Any]]]:
    """Vendor's name -> its adapters with their roles."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for role in registry.ROLES:
        seen = set()
        for name in registry.names(role):
            if name in ("offline", registry.NOBODY) or f"{role}.{name}" not in registry.BUILT_IN:
                continue
            try:
                member = registry.provider(role, name)
            except InputError:
                continue  # A server of one's own has no model before it is named.
            if member.identity not in seen:
                seen.add(member.identity)
                found.setdefault(member.vendor.name, []).append((role, member))
    return found


def _service(name: str, members: Sequence[tuple[str, Any]], live: bool) -> Finding:
    """Whether a service can be used, by whom, and for how much; a key is said to be there and never shown."""
    vendor: Vendor = members[0][1].vendor
    uses = "; ".join(f"{role} {member.model}{_price(role, member)}" for role, member in members)
    try:
        key = vendor.key()
        vendor.base()
    except InputError as missing:
        if any(os.environ.get(variable) for variable in vendor.key_variables):
            return Finding(what=name, state="wrong", detail=str(missing))
        return Finding(what=name, state="absent", detail=f"no key; set {vendor.key_variables[0]} to use it: {uses}")
    have = f"{key.variable} is set" if key else "needs no key"
    if not live or not vendor.models_path:
        return Finding(what=name, state="ok", detail=f"{have}: {uses}")
    try:
        offered = models_of(vendor)
    except StoryreelError as error:
        return Finding(what=name, state="wrong", detail=str(error))
    gone = sorted({member.model for _, member in members if not _is_offered(member.model, offered)})
    if gone:
        remedy = f"choose another with {name}:MODEL, of {', '.join(sorted(offered)[:12])}"
        return Finding(what=name, state="wrong", detail=f"it answers, but has no {' or '.join(gone)}: {remedy}")
    return Finding(what=name, state="ok", detail=f"{have}, and it answers: {uses}")


def _is_offered(model: str, offered: frozenset[str]) -> bool:
    """Some names hold a voice behind a slash; some services list dated versions only."""
    names = {model, model.rpartition("/")[0]} - {""}
    return any(one == name or one.startswith(f"{name}-") for one in offered for name in names)


def _price(role: str, member: object) -> str:
    what, usage = TYPICAL[role]
    told = quote_of(member, usage)
    if told.usd is None:
        return " (price not known)"
    doubt = ", stale" * told.stale + ", uncertain" * told.uncertain
    amount = f"{told.usd:.2f}" if told.usd >= 0.1 else f"{float(told.usd):.2g}"
    return f" (${amount} {what}{doubt})"


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
