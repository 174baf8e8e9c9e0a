"""Names to providers: "offline", "offline:bm_george", and what other packages add by the entry point group
`storyreel.providers`.

Nothing is imported until its name is asked for. A name is `vendor` or `vendor:model`; an entry point is named
`role.vendor` (for example `painter.acme`) and loads a callable that takes the model, "" for its default. Instead of a
name, an object that does the role's work may stand wherever a crew is chosen.

Who is chosen where nobody is named: the offline crew, so that no key is used unasked. "auto" is the first of
`PREFERRED` whose key is set, else the offline one. The prompter, if it is not named, is OpenAI where another service
writes the film (Anthropic, Gemini or Groq) and OPENAI_API_KEY is set, else it is the writer; "writer" always means the
writer. A film keeps whom it was begun with, whatever keys are there later.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from storyreel.cluster import place_now, travels
from storyreel.errors import InputError, MissingExtra
from storyreel.providers.contracts import (
    Animator,
    Composer,
    Crew,
    Effects,
    ImageModel,
    Listener,
    Predictor,
    Voice,
    Writer,
)
from storyreel.providers.transport.vendor import Vendor
from storyreel.workers import core_count

ENTRY_POINT_GROUP = "storyreel.providers"
ROLES = ("writer", "prompter", "painter", "voice", "composer", "animator", "predictor", "listener", "effects")
NOBODY = "none"
AUTO = "auto"
THE_WRITER = "writer"
OWN = "own:"
"""How a record names an object that was brought: this, and its identity."""
MAY_BE_MISSING = frozenset({"voice", "animator"})
PREFERRED: Mapping[str, tuple[str, ...]] = {
    "writer": ("anthropic", "openai", "gemini", "groq"),
    "prompter": ("openai", "anthropic", "gemini", "groq"),
    "painter": ("bfl", "ideogram", "openai", "gemini", "getimg", "fal", "replicate", "luma", "stability"),
    "voice": ("speechify", "elevenlabs", "gemini", "openai"),
    "composer": ("elevenlabs", "stability", "gemini"),
    "animator": ("runway", "getimg", "bfl", "luma", "gemini", "fal"),
    "predictor": ("gemini", "openai"),
    "listener": ("groq", "gemini", "openai"),
    "effects": ("elevenlabs", "stability"),
}
"""Role -> the services that "auto" takes, from the first choice on."""
_PROTOCOLS: Mapping[str, type] = {
    "writer": Writer,
    "prompter": Writer,
    "painter": ImageModel,
    "voice": Voice,
    "composer": Composer,
    "animator": Animator,
    "predictor": Predictor,
    "listener": Listener,
    "effects": Effects,
}
_WORK = frozenset({"write", "draw", "speak", "compose", "animate", "predict", "hear", "make", "longest_s"})
# A prompter is a writer with another task.
_KNOWN_AS: Mapping[str, str] = {"prompter": "writer"}

BUILT_IN: Mapping[str, str] = {
    "animator.bfl": "storyreel.providers.services.bfl:BFLAnimator",
    "animator.fal": "storyreel.providers.services.fal:FalAnimator",
    "animator.gemini": "storyreel.providers.services.gemini_interactions:GeminiAnimator",
    "animator.getimg": "storyreel.providers.services.getimg:GetimgAnimator",
    "animator.luma": "storyreel.providers.services.luma:LumaAnimator",
    "animator.offline": "storyreel.providers.offline.animator:OfflineAnimator",
    "animator.pexels": "storyreel.providers.services.pexels:PexelsClips",
    "animator.pixabay": "storyreel.providers.services.pixabay:PixabayClips",
    "animator.runway": "storyreel.providers.services.runway:RunwayAnimator",
    "composer.elevenlabs": "storyreel.providers.services.elevenlabs:ElevenLabsComposer",
    "composer.gemini": "storyreel.providers.services.gemini_interactions:GeminiComposer",
    "composer.offline": "storyreel.providers.offline.score:OfflineComposer",
    "composer.stability": "storyreel.providers.services.stability:StabilityComposer",
    "effects.elevenlabs": "storyreel.providers.services.elevenlabs:ElevenLabsEffects",
    "effects.offline": "storyreel.providers.offline.effects:OfflineEffects",
    "effects.stability": "storyreel.providers.services.stability:StabilityEffects",
    "listener.gemini": "storyreel.providers.services.gemini_interactions:GeminiListener",
    "listener.groq": "storyreel.providers.services.groq:GroqListener",
    "listener.offline": "storyreel.providers.offline.listener:OfflineListener",
    "listener.openai": "storyreel.providers.services.openai:OpenAIListener",
    "listener.whisper": "storyreel.providers.whisper:WhisperListener",
    "painter.bfl": "storyreel.providers.services.bfl:BFLPainter",
    "painter.fal": "storyreel.providers.services.fal:FalPainter",
    "painter.flux": "storyreel.providers.services.bfl:BFLPainter",
    "painter.gemini": "storyreel.providers.services.gemini:GeminiPainter",
    "painter.getimg": "storyreel.providers.services.getimg:GetimgPainter",
    "painter.ideogram": "storyreel.providers.services.ideogram:IdeogramPainter",
    "painter.local": "storyreel.providers.services.openai_compatible:local_painter",
    "painter.luma": "storyreel.providers.services.luma:LumaPainter",
    "painter.offline": "storyreel.providers.offline.painter:OfflinePainter",
    "painter.ollama": "storyreel.providers.services.openai_compatible:ollama_painter",
    "painter.openai": "storyreel.providers.services.openai:OpenAIPainter",
    "painter.pexels": "storyreel.providers.services.pexels:PexelsPhotos",
    "painter.pixabay": "storyreel.providers.services.pixabay:PixabayPhotos",
    "painter.replicate": "storyreel.providers.services.replicate:ReplicatePainter",
    "painter.stability": "storyreel.providers.services.stability:StabilityPainter",
    "painter.stockimg": "storyreel.providers.services.stockimg:StockimgPainter",
    "predictor.gemini": "storyreel.providers.services.gemini:GeminiPredictor",
    "predictor.offline": "storyreel.providers.offline.predictor:OfflinePredictor",
    "predictor.openai": "storyreel.providers.services.openai_predictor:OpenAIPredictor",
    "voice.elevenlabs": "storyreel.providers.services.elevenlabs:ElevenLabsVoice",
    "voice.gemini": "storyreel.providers.services.gemini_interactions:GeminiVoice",
    "voice.local": "storyreel.providers.services.openai_compatible:local_voice",
    "voice.offline": "storyreel.providers.offline.voice:OfflineVoice",
    "voice.openai": "storyreel.providers.services.openai:OpenAIVoice",
    "voice.speechify": "storyreel.providers.services.speechify:SpeechifyVoice",
    "writer.anthropic": "storyreel.providers.services.anthropic:AnthropicWriter",
    "writer.gemini": "storyreel.providers.services.gemini:GeminiWriter",
    "writer.groq": "storyreel.providers.services.groq:GroqWriter",
    "writer.local": "storyreel.providers.services.openai_compatible:local_writer",
    "writer.offline": "storyreel.providers.offline.writer:OfflineWriter",
    "writer.ollama": "storyreel.providers.services.openai_compatible:ollama_writer",
    "writer.openai": "storyreel.providers.services.openai:OpenAIWriter",
}
_TAKES_NO_MODEL = frozenset(key for key in BUILT_IN if key.partition(".")[2] in ("offline", "pexels", "pixabay")) - {
    "listener.offline",
    "voice.offline",
}


def names(role: str) -> list[str]:
    """The vendors known for a role, in alphabetical order; a film may do without a voice or an animator."""
    prefix = f"{_KNOWN_AS.get(role, role)}."
    found = {key for key in BUILT_IN if key.startswith(prefix)}
    found |= {point.name for point in entry_points(group=ENTRY_POINT_GROUP) if point.name.startswith(prefix)}
    return sorted(key.partition(".")[2] for key in found) + ([NOBODY] if role in MAY_BE_MISSING else [])


def provider(role: str, name: str) -> Any:
    """Make the provider that `name` asks for in `role`.

    Raises:
        InputError: nobody of that name is known for the role, or it knows no such model.
        MissingExtra: it is known but an optional part of the installation is absent.
    """
    if name.startswith(OWN):
        return Absent(role, name.removeprefix(OWN))
    vendor, _, model = name.partition(":")
    key = f"{_KNOWN_AS.get(role, role)}.{vendor}"
    if key in BUILT_IN:
        module, _, attribute = BUILT_IN[key].partition(":")
        make: Callable[..., Any] = getattr(import_module(module), attribute)
        if model and key in _TAKES_NO_MODEL:
            raise InputError(f"{name!r} cannot be used as {role}: {vendor!r} has no models to choose from")
        return make(model) if model else make()
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.name == key:
            return point.load()(model)
    raise InputError(f"no {role} is called {name!r}: choose one of {', '.join(names(role))}")


def at_once(provider: object) -> int | None:
    """How much of a provider's work to take up at once; None for one that only computes, and takes all the room.

    For a service it is twice what it takes: while one half is under way there, the other half of the answers is read,
    checked and kept here, and the next requests stand ready. The service's gate sees to it that no more than it takes
    are sent. One that only computes, but cannot be sent to a cluster, takes the cores of this machine, whatever room
    there is elsewhere.
    """
    vendor = getattr(provider, "vendor", None)
    if isinstance(vendor, Vendor):
        return 2 * vendor.concurrency(str(getattr(provider, "model", "")))
    return None if place_now() is None or travels(provider) else core_count()


def check_keys(crew: Crew) -> None:
    """Find out before anything is paid for whether somebody of a crew lacks a key.

    Raises:
        InputError: somebody does; the message names the variable.
    """
    for field in fields(crew):
        vendor = getattr(getattr(crew, field.name), "vendor", None)
        if isinstance(vendor, Vendor):
            vendor.key()
            vendor.base()


def default_listener() -> Listener | None:
    """The offline listener where its packages are installed, else none."""
    try:
        return cast(Listener, provider("listener", "offline"))
    except MissingExtra:
        return None


@dataclass(frozen=True)
class Absent:
    """Stands for an object that a film was begun with and that is not here: what it made is found, nothing new is made.

    Raises:
        InputError: it is asked to do its work.
    """

    role: str
    identity: str

    def __getattr__(self, name: str) -> Any:
        if name in _WORK:
            raise InputError(
                f"the {self.role} {self.identity!r} of this film is an object of yours: begin the film again where you "
                "have it, or make it known by an entry point and name it"
            )
        raise AttributeError(name)


def has_key(role: str, name: str) -> bool:
    """Whether a key of a service is set."""
    vendor = getattr(provider(role, name), "vendor", None)
    return isinstance(vendor, Vendor) and any(os.environ.get(each, "").strip() for each in vendor.key_variables)


def preferred(role: str) -> str:
    """Whom "auto" means just now: the first service of `PREFERRED` with a key, else the offline one."""
    found = next((name for name in PREFERRED[role] if has_key(role, name)), None)
    return found or "offline"


def settled(choice: Mapping[str, object], before: Mapping[str, str] | None = None) -> dict[str, object]:
    """A choice in which nothing is left open: "auto" and an unnamed prompter have become whom they mean.

    Args:
        choice: role -> name, or an object that does the work.
        before: the names that the same film was begun with; what is open stays as it was then.
    """
    before = before or {}
    found = {
        role: (before.get(role) or preferred(role)) if member == AUTO and role in PREFERRED else member
        for role, member in choice.items()
    }
    prompter, writer = found.pop("prompter", ""), found.get("writer", "offline")
    if prompter == "" and writer == before.get("writer"):
        prompter = before.get("prompter", THE_WRITER)
    if prompter == "" and isinstance(writer, str) and writer.partition(":")[0] in PREFERRED["writer"]:
        prompter = "openai" if not writer.startswith("openai") and has_key("prompter", "openai") else ""
    if prompter not in ("", THE_WRITER):
        found["prompter"] = prompter
    return found


def recorded(choice: Mapping[str, object]) -> dict[str, str]:
    """Role -> the name that a film's record keeps; see `OWN` for objects."""
    return {
        role: member if isinstance(member, str) else OWN + str(getattr(member, "identity", ""))
        for role, member in choice.items()
    }


def _brought(role: str, member: object) -> object:
    """An object that somebody brought for a role, looked over."""
    identity = None if isinstance(member, type) else getattr(member, "identity", None)
    if isinstance(member, type) or not isinstance(member, _PROTOCOLS[role]):
        kind = member.__name__ if isinstance(member, type) else type(member).__name__
        raise InputError(
            f"{kind} cannot be used as {role}: give an object with all that {_PROTOCOLS[role].__name__} in "
            "storyreel.providers.contracts has"
        )
    if not isinstance(identity, str) or not identity:
        raise InputError(f"the {role}'s identity is {identity!r}: it must be a text that is not empty")
    return member


def crew(choice: Mapping[str, object]) -> Crew:
    """Make a whole crew from role -> name, or an object that does the work.

    The writer, the painter, the voice and the composer are offline where they are left out; the others are only made
    when they are named, since not every film needs them.

    Raises:
        InputError: a role or a name is unknown, or an object cannot do what its role asks.
    """
    for role in choice:
        if role not in ROLES:
            raise InputError(f"no role is called {role!r}: the roles are {', '.join(ROLES)}")

    def member(role: str, default: str = NOBODY) -> Any:
        chosen = choice.get(role, default)
        if not isinstance(chosen, str):
            return _brought(role, chosen)
        return None if chosen == NOBODY and (role in MAY_BE_MISSING or role not in choice) else provider(role, chosen)

    return Crew(
        writer=cast(Writer, member("writer", "offline")),
        painter=cast(ImageModel, member("painter", "offline")),
        voice=cast(Voice | None, member("voice", "offline")),
        composer=cast(Composer, member("composer", "offline")),
        animator=cast(Animator | None, member("animator")),
        predictor=cast(Predictor | None, member("predictor")),
        listener=cast(Listener | None, member("listener")),
        effects=cast(Effects | None, member("effects")),
        prompter=cast(Writer | None, member("prompter")),
    )
