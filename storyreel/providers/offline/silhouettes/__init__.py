"""A library of drawn silhouettes for the offline painter: people, animals, plants, buildings, vehicles and props.

    figure("woman", "walking_away", wears=["long_coat", "scarf"], carries=["lantern"], wind=0.6)
    bust("old_man", ["cap", "beard"], view="quarter"), held("letter")
    draw("creature", "wolf howling"), draw("plant", "pine", seed=3)
    find("galleon")  # ("vehicle", "tall ship")

Everything is outlines in SVG path data (see `Silhouette`), drawn by these modules' own functions.
"""

from __future__ import annotations

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes.closeups import HOLDABLE, bust, held
from storyreel.providers.offline.silhouettes.creatures import creature
from storyreel.providers.offline.silhouettes.figures import figure
from storyreel.providers.offline.silhouettes.model import Silhouette
from storyreel.providers.offline.silhouettes.plants import plant
from storyreel.providers.offline.silhouettes.props import prop
from storyreel.providers.offline.silhouettes.structures import structure
from storyreel.providers.offline.silhouettes.vehicles import vehicle
from storyreel.providers.offline.silhouettes.words import FAMILIES, find

__all__ = ["HOLDABLE", "Silhouette", "bust", "draw", "figure", "find", "held"]


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
