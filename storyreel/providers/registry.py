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

from storyreel.errors import InputError
from storyreel.providers.contracts import Composer, Crew, ImageModel, Voice, Writer

ENTRY_POINT_GROUP = "storyreel.providers"
ROLES = ("writer", "painter", "voice", "composer")
NO_VOICE = "none"

BUILT_IN: Mapping[str, str] = {
    "composer.offline": "storyreel.providers.offline.score:OfflineComposer",
    "painter.offline": "storyreel.providers.offline.painter:OfflinePainter",
    "voice.offline": "storyreel.providers.offline.voice:OfflineVoice",
    "writer.offline": "storyreel.providers.offline.writer:OfflineWriter",
}
_TAKES_MODEL = frozenset({"voice.offline"})


def names(role: str) -> list[str]:
    """The vendors known for a role, in alphabetical order; a film may do without a voice."""
    found = {key for key in BUILT_IN if key.startswith(f"{role}.")}
    found |= {point.name for point in entry_points(group=ENTRY_POINT_GROUP) if point.name.startswith(f"{role}.")}
    return sorted(key.partition(".")[2] for key in found) + ([NO_VOICE] if role == "voice" else [])


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


def crew(choice: Mapping[str, str]) -> Crew:
    """Make a whole crew from role -> name; roles left out are offline.

    Raises:
        InputError: a role or a name is unknown.
    """
    for role in choice:
        if role not in ROLES:
            raise InputError(f"no role is called {role!r}: the roles are {', '.join(ROLES)}")
    voice = choice.get("voice", "offline")
    return Crew(
        writer=cast(Writer, provider("writer", choice.get("writer", "offline"))),
        painter=cast(ImageModel, provider("painter", choice.get("painter", "offline"))),
        voice=None if voice == NO_VOICE else cast(Voice, provider("voice", voice)),
        composer=cast(Composer, provider("composer", choice.get("composer", "offline"))),
    )
