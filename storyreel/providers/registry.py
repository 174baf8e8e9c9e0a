"""Names to providers: "offline", "offline:bm_george", and what other packages add by the entry point group
`storyreel.providers`.

Nothing is imported until its name is asked for. A name is `vendor` or `vendor:model`; an entry point is named
`role.vendor` (for example `painter.acme`) and loads a callable that takes the model, "" for its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

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

ENTRY_POINT_GROUP = "storyreel.providers"
ROLES = ("writer", "painter", "voice", "composer", "animator", "predictor", "listener", "effects")
NOBODY = "none"
MAY_BE_MISSING = frozenset({"voice", "animator"})

BUILT_IN: Mapping[str, str] = {
    "animator.offline": "storyreel.providers.offline.animator:OfflineAnimator",
    "composer.offline": "storyreel.providers.offline.score:OfflineComposer",
    "effects.offline": "storyreel.providers.offline.effects:OfflineEffects",
    "listener.offline": "storyreel.providers.offline.listener:OfflineListener",
    "listener.whisper": "storyreel.providers.whisper:WhisperListener",
    "painter.offline": "storyreel.providers.offline.painter:OfflinePainter",
    "predictor.offline": "storyreel.providers.offline.predictor:OfflinePredictor",
    "voice.offline": "storyreel.providers.offline.voice:OfflineVoice",
    "writer.offline": "storyreel.providers.offline.writer:OfflineWriter",
}
_TAKES_MODEL = frozenset({"listener.offline", "listener.whisper", "voice.offline"})


def names(role: str) -> list[str]:
    """The vendors known for a role, in alphabetical order; a film may do without a voice or an animator."""
    found = {key for key in BUILT_IN if key.startswith(f"{role}.")}
    found |= {point.name for point in entry_points(group=ENTRY_POINT_GROUP) if point.name.startswith(f"{role}.")}
    return sorted(key.partition(".")[2] for key in found) + ([NOBODY] if role in MAY_BE_MISSING else [])


def provider(role: str, name: str) -> Any:
    """Make the provider that `name` asks for in `role`.

    Raises:
        InputError: nobody of that name is known for the role, or it knows no such model.
        MissingExtra: it is known but an optional part of the installation is absent.
    """
    vendor, _, model = name.partition(":")
    key = f"{role}.{vendor}"
    if key in BUILT_IN:
        module, _, attribute = BUILT_IN[key].partition(":")
        make: Callable[..., Any] = getattr(import_module(module), attribute)
        if model and key not in _TAKES_MODEL:
            raise InputError(f"{name!r} cannot be used as {role}: {vendor!r} has no models to choose from")
        return make(model) if model else make()
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.name == key:
            return point.load()(model)
    raise InputError(f"no {role} is called {name!r}: choose one of {', '.join(names(role))}")


def default_listener() -> Listener | None:
    """The offline listener where its packages are installed, else none."""
    try:
        return cast(Listener, provider("listener", "offline"))
    except MissingExtra:
        return None


def crew(choice: Mapping[str, str]) -> Crew:
    """Make a whole crew from role -> name.

    The writer, the painter, the voice and the composer are offline where they are left out; the others are only made
    when they are named, since not every film needs them.

    Raises:
        InputError: a role or a name is unknown.
    """
    for role in choice:
        if role not in ROLES:
            raise InputError(f"no role is called {role!r}: the roles are {', '.join(ROLES)}")

    def member(role: str, default: str = NOBODY) -> Any:
        name = choice.get(role, default)
        return None if name == NOBODY and (role in MAY_BE_MISSING or role not in choice) else provider(role, name)

    return Crew(
        writer=cast(Writer, member("writer", "offline")),
        painter=cast(ImageModel, member("painter", "offline")),
        voice=cast(Voice | None, member("voice", "offline")),
        composer=cast(Composer, member("composer", "offline")),
        animator=cast(Animator | None, member("animator")),
        predictor=cast(Predictor | None, member("predictor")),
        listener=cast(Listener | None, member("listener")),
        effects=cast(Effects | None, member("effects")),
    )
