"""A look at the installation: what works, what is absent, what is wrong and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel

from storyreel.errors import InputError, MissingExtra, StoryreelError
from storyreel.memo.ledger import ledger_of
from storyreel.memo.policy import Policy, read_policy
from storyreel.memo.results import looked_through
from storyreel.memo.store import store_in
from storyreel.project import Project, list_projects, make_private_folder
from storyreel.providers import prices, registry
from storyreel.providers.prices import Usage, quote_of
from storyreel.providers.transport import Vendor, models_of
from storyreel.providers.writing import WORDING
from storyreel.recipes.prune import chunk_budget, size_text
from storyreel.render.encode import Encoder, why_not
from storyreel.render.packets import SUFFIX
from storyreel.settings import cache_root
from storyreel.workers import core_count

ROOM_NEEDED_BYTES = 2 << 30
NEEDED_CODECS = frozenset({"aac", "flac", "h264", "libx264", "mp3", "pcm_s16le"})
FURTHER_CODECS = frozenset({"av1", "hevc", "opus", "vorbis", "vp9"})
ALPHABETS = "Aéß Ω Жя عربي שלום हिन्दी ♪ 🙂"
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
    "prompter": ("a picture", WORDING),
}
_DONE_BY = {"prompter": "writer"}


State = Literal["ok", "absent", "wrong"]


class Finding(BaseModel, frozen=True, extra="forbid"):
    """One thing looked at.

    Attributes:
        state: "absent" is optional and not there, "wrong" keeps films from being made.
        remedy: what to do about it; "" where nothing is to be done.
    """

    what: str
    state: State
    detail: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.detail}" + (f"; {self.remedy}" if self.remedy else "")


class Ailing(Exception):
    """A look found something to be mended."""

    def __init__(self, detail: str, remedy: str, state: State = "wrong") -> None:
        super().__init__(detail, remedy, state)
        self.detail, self.remedy, self.state = detail, remedy, state


def examine(cache: Path | str | None = None, *, live: bool = False) -> list[Finding]:
    """Look at everything a film needs, without making one.

    Args:
        live: ask each service that there is a key for whether it has the models that would be used. It costs nothing
            and takes a few seconds, so it is only done when it is asked for.
    """
    root = cache_root(cache)
    looks: list[tuple[str, Callable[[], str]]] = [
        ("Python", lambda: f"{platform.python_version()}, {core_count()} cores"),
        ("cache", lambda: _cache(root)),
        ("disk", lambda: _disk(root)),
        ("cache health", lambda: _health(root)),
        ("paid calls", lambda: _undecided(root)),
        ("video encoder", _encoder),
        ("hardware encoders", _hardware),
        ("codecs", _codecs),
        ("OpenCV", _opencv),
        ("text shaping", _shaping),
        ("fonts", _fonts),
        ("Chinese, Japanese, Korean", _cjk),
        ("pictures", _pictures),
        ("offline voice", _voice),
        ("offline listener", _listener),
        ("prices", _prices),
        ("policy", _policy),
    ]
    findings = [_finding(what, look) for what, look in looks]
    services = _services()
    findings.append(_finding("auto", _auto))
    findings += [_role(role, services) for role in registry.ROLES]
    return findings + [_service(name, members, live) for name, members in sorted(services.items())]


def _role(role: str, services: Mapping[str, Sequence[tuple[str, Any]]]) -> Finding:
    """Who fills a role unasked, who else could just now, and for how much."""
    ready = [
        f"{name}{_price(role, member)}"
        for name, members in sorted(services.items())
        for own, member in members
        if own == _DONE_BY.get(role, role) and _has_key(member.vendor)
    ]
    others = f"; ready, too: {', '.join(ready)}" if ready else "; no service has its key"
    if role == "prompter":
        return Finding(what=f"role {role}", state="ok", detail=f"{_unasked_prompter()}{others}")
    try:
        default = f"{registry.provider(role, 'offline').identity} on this machine, free"
    except MissingExtra as missing:
        return Finding(what=f"role {role}", state="absent", detail=f"nobody{others}", remedy=_command(missing))
    return Finding(what=f"role {role}", state="ok", detail=default + others)


def _unasked_prompter() -> str:
    """Who words the pictures where nobody is named; see `registry.settled`."""
    other = registry.settled({"writer": "anthropic"}).get("prompter")
    return "the film's writer" + (f"; {other} where another service writes" if other else "")


def _has_key(vendor: Vendor) -> bool:
    try:
        vendor.base()
        # A server of one's own needs no key, and nobody knows whether it runs.
        return vendor.key() is not None
    except InputError:
        return False


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
            detail, _, remedy = str(missing).rpartition(": ")
            return Finding(what=name, state="wrong", detail=detail or str(missing), remedy=remedy)
        remedy = f"set {vendor.key_variables[0]} to use it"
        return Finding(what=name, state="absent", detail=f"no key ({uses})", remedy=remedy)
    have = f"{key.variable} is set" if key else "needs no key"
    if not live:
        return Finding(what=name, state="ok", detail=f"{have}: {uses}")
    if not vendor.models_path:
        return Finding(what=name, state="ok", detail=f"{have}; nothing there can be asked for free: {uses}")
    try:
        offered = models_of(vendor)
    except StoryreelError as error:
        remedy = "check the key, the network and the service's own status page, then run  storyreel doctor --live"
        return Finding(what=name, state="wrong", detail=f"{have}, and it does not answer: {error}", remedy=remedy)
    listed = [member.model for role, member in members if role in (vendor.models_of or {role})]
    gone = sorted({model for model in listed if not _is_offered(model, offered)}) if offered else []
    if gone:
        remedy = f"choose another with {name}:MODEL, of {', '.join(sorted(offered)[:12])}"
        return Finding(what=name, state="wrong", detail=f"it answers, but has no {' or '.join(gone)}", remedy=remedy)
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
    except Ailing as ailing:
        return Finding(what=what, state=ailing.state, detail=ailing.detail, remedy=ailing.remedy)
    except MissingExtra as missing:
        return Finding(
            what=what, state="absent", detail=f"{missing.feature} is not installed", remedy=_command(missing)
        )
    except StoryreelError as error:
        # One sentence: what, where, and after the last colon how to mend it.
        detail, _, remedy = str(error).rpartition(": ")
        return Finding(what=what, state="wrong", detail=detail or str(error), remedy=remedy)
    except (ImportError, OSError) as error:
        remedy = "install storyreel anew, with its dependencies:  pip install --force-reinstall storyreel"
        return Finding(what=what, state="wrong", detail=str(error), remedy=remedy)


def _command(missing: MissingExtra) -> str:
    return f"run  pip install 'storyreel[{missing.extra}]'"


def _cache(folder: Path) -> str:
    make_private_folder(folder)
    films = len(list_projects(folder))
    return f"{folder}, {films} film{'' if films == 1 else 's'}"


def _disk(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < ROOM_NEEDED_BYTES:
        raise Ailing(
            f"only {free / 1e9:.1f} GB left where {folder} lies, and a film of some minutes wants 2",
            "free some room, run  storyreel projects --prune, or choose another place with STORYREEL_CACHE",
        )
    return f"{free / 1e9:.0f} GB free"


def _health(folder: Path) -> str:
    store = store_in(folder)
    results = looked_through(store.root / "results")
    if results is None:
        return "empty"
    pieces, budget = sum(file.blob.size_bytes for file in store.kept(SUFFIX)), chunk_budget()
    if pieces > budget:
        raise Ailing(
            f"{results:,} results are sound, but drawn pieces take {size_text(pieces)} of {size_text(budget)}",
            "run  storyreel projects --prune",
        )
    return f"{results:,} results are sound; drawn pieces take {size_text(pieces)} of {size_text(budget)}"


def _undecided(folder: Path) -> str:
    names = list_projects(folder)
    open_ones = {name: len(ledger_of(Project(name, folder)).undecided()) for name in names}
    waiting = {name: count for name, count in open_ones.items() if count}
    if waiting:
        told = ", ".join(f"{name} ({count})" for name, count in waiting.items())
        first = next(iter(waiting))
        raise Ailing(
            f"calls that may have been charged and brought nothing: {told}",
            f"look with  storyreel costs {first}, then let them be sent again with  storyreel resume {first} "
            "--ask-again",
            "absent",
        )
    return "every one has its answer" if names else "none"


def _prices() -> str:
    rows = [row for rows in prices.table().values() for row in rows.values()]
    stale = sum(row.is_stale(prices.today()) for row in rows)
    if stale:
        raise Ailing(
            f"{stale} of {len(rows)} are older than 60 days or of unknown age, so estimates are wider",
            "bring them up to date in a file of your own, named by STORYREEL_PRICES",
            "absent",
        )
    return f"{len(rows)}, none older than 60 days"


def _policy() -> str:
    policy = read_policy()
    if policy == Policy():
        return "none: everything is allowed"
    return ", ".join(f"{name} {value}" for name, value in policy.model_dump(exclude_defaults=True).items())


def _encoder() -> str:
    import av

    if "libx264" not in av.codecs_available:
        raise Ailing("PyAV was built without libx264", "reinstall it with  pip install --force-reinstall av")
    return f"libx264 through PyAV {av.__version__}"


def _hardware() -> str:
    working = [name for name in get_args(Encoder) if name != "x264" and not why_not(name)]
    if not working:
        raise Ailing("none works here", "nothing needs to be done: x264 makes every film, only slower", "absent")
    return ", ".join(f"--encoder {name}" for name in working)


def _codecs() -> str:
    import av

    lacking = [name for name in sorted(NEEDED_CODECS) if name not in av.codecs_available]
    if lacking:
        raise Ailing(
            f"PyAV {av.__version__} was built without {', '.join(lacking)}",
            "reinstall it with  pip install --force-reinstall av",
        )
    found = [name for name in sorted(FURTHER_CODECS) if name in av.codecs_available]
    return (
        f"FFmpeg {'.'.join(map(str, av.library_versions['libavcodec']))}: {', '.join([*sorted(NEEDED_CODECS), *found])}"
    )


def _opencv() -> str:
    owners = [name for name in ("opencv-python", "opencv-contrib-python") if _installed(name)]
    if owners:
        raise Ailing(
            f"{owners[0]} and opencv-python-headless share their files and break each other",
            f"run  pip uninstall -y {owners[0]} opencv-python-headless && pip install opencv-python-headless",
        )
    import cv2

    return f"opencv-python-headless {cv2.__version__}"


def _shaping() -> str:
    import uharfbuzz

    return f"HarfBuzz {uharfbuzz.version_string()}"


def _fonts() -> str:
    from storyreel.render.text_fonts import EMOJI, FOLDER, SANS, SERIF, SYMBOLS, missing_glyphs, open_font

    for name in (SANS, SERIF, EMOJI, SYMBOLS):
        if not (FOLDER / name).is_file():
            raise Ailing(f"{FOLDER / name} is gone", "run  pip install --force-reinstall storyreel")
        open_font(name, 24.0)
    lacking = missing_glyphs(ALPHABETS)
    if lacking:
        raise Ailing(lacking, "name a font of your own with the captions' style")
    return "Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, symbols, emoji"


def _cjk() -> str:
    from storyreel.render.text_fonts import missing_glyphs

    if missing_glyphs("灯台한"):
        raise Ailing("no font for them, so captions show boxes", "run  pip install 'storyreel[cjk]'", "absent")
    return "their font is here"


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
