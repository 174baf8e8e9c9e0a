"""A library of drawn silhouettes for the offline painter: people, animals, plants, buildings, vehicles and props.

    figure("woman", "walking_away", wears=["long_coat", "scarf"], carries=["lantern"], wind=0.6)
    creature("wolf howling"), plant("pine", seed=3), structure("lighthouse"), vehicle("rowing boat"), prop("key")
    find("galleon")  # ("vehicle", "tall ship")

Everything is outlines in SVG path data (see `Silhouette`), drawn by these modules' own functions.
"""

from __future__ import annotations

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes.closeups import HOLDABLE, VIEWS, bust, hand
from storyreel.providers.offline.silhouettes.creatures import CREATURES, creature
from storyreel.providers.offline.silhouettes.figures import CARRIES, KINDS, WEARS, figure
from storyreel.providers.offline.silhouettes.model import Silhouette, path_bounds
from storyreel.providers.offline.silhouettes.plants import PLANTS, plant
from storyreel.providers.offline.silhouettes.poses import POSES
from storyreel.providers.offline.silhouettes.props import PROPS, WORLD_SIZE, prop
from storyreel.providers.offline.silhouettes.structures import STRUCTURES, structure
from storyreel.providers.offline.silhouettes.vehicles import VEHICLES, vehicle
from storyreel.providers.offline.silhouettes.words import FAMILIES, find

__all__ = [
    "CARRIES", "CREATURES", "FAMILIES", "HOLDABLE", "KINDS", "PLANTS", "POSES", "PROPS", "STRUCTURES", "VEHICLES", "VIEWS",
    "WEARS", "WORLD_SIZE", "Silhouette", "bust", "creature", "draw", "figure", "find", "hand", "path_bounds", "plant", "prop", "structure", "vehicle",
]  # fmt: skip


def draw(family: str, name: str, seed: int = 0) -> Silhouette:
    """What `find` named; the seed matters to plants and structures.

    Raises:
        InputError: the family or the name is not known.
    """
    if family == "plant":
        return plant(name, seed)
    if family == "structure":
        return structure(name, seed)
    if family == "creature":
        return creature(name)
    if family == "vehicle":
        return vehicle(name)
    if family == "prop":
        return prop(name)
    raise InputError(f"no family of silhouettes is called {family!r}: choose from {', '.join(FAMILIES)}")
