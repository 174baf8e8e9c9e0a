"""What a picture is asked to show, once its free text has been read: the painter's own nouns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PlaceName = Literal[
    "sea", "deck", "coast", "harbour", "beach", "lake", "river", "swamp", "forest", "mountains", "desert", "fields",
    "road", "village", "city", "rooftops", "castle", "ruins", "cemetery", "garden", "cave", "space", "planet",
    "spaceship", "station", "room", "church", "corridor", "underwater", "hills", "canal", "market", "battlefield",
    "snowfield", "farm", "classroom", "laboratory", "theatre", "ward", "office", "carriage", "idea",
]  # fmt: skip
IdeaName = Literal[
    "ascent", "fall", "bridge", "scatter", "hourglass", "scales", "door", "fork", "network", "balloon", "seedling", "candle",
    "chess", "flight", "alone", "book", "tree",
]  # fmt: skip
RoomName = Literal["plain", "study", "library", "workshop", "attic", "kitchen", "hall", "bedroom", "tavern", "lamproom"]
LightName = Literal[
    "dawn", "golden", "noon", "sunset", "dusk", "moon", "night", "fire", "neon", "storm", "overcast"
]  # fmt: skip
WeatherName = Literal["clear", "clouds", "rain", "storm", "snow", "fog", "wind", "dust"]
FramingName = Literal["wide", "medium", "close", "insert", "shoulder", "pov"]
AngleName = Literal["level", "low", "high", "aerial"]
ViewName = Literal["back", "quarter", "side"]
EmotionName = Literal["calm", "lonely", "tense", "hopeful", "grief", "joy", "wonder", "fear", "tender", "awe"]


INDOORS: frozenset[PlaceName] = frozenset(
    {"room", "church", "corridor", "spaceship", "classroom", "laboratory", "theatre", "ward", "office", "carriage"}
)
"""Places with walls and a roof, where no weather is."""
CLOSED: frozenset[PlaceName] = INDOORS | {"cave", "underwater"}
"""Places without a sky."""


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks, in what a silhouette can show; colours are "#rrggbb".

    Attributes:
        kind: one of `storyreel.providers.offline.silhouettes.figures.KINDS`.
        coat: colour of the large garment.
        accent: colour of the scarf or other small bright thing.
        hair, skin, legs, hat: colours of what else is seen of them.
        wears, carries: names the silhouettes know, of their `WEARS` and `CARRIES`.
        seed: of the small things that tell one person from another.
    """

    kind: str = "man"
    coat: str = "#2b3140"
    accent: str = "#c8452f"
    hair: str = "#33261e"
    skin: str = "#c08c68"
    legs: str = "#2c2c34"
    hat: str = "#3a2f2a"
    wears: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """One picture's content in the painter's terms.

    Attributes:
        place: where it is; decides which recipe paints it.
        room: the kind of room, where `place` is "room".
        light, weather, framing, angle, emotion: see the module's names.
        figures: the looks of the people to be seen, nearest first; empty when nobody is.
        pose: what the first figure does, of the silhouettes' `POSES`.
        objects: things named in the text, in the order they are named, in the painter's names.
        snow_lies: snow covers the ground, whether or not it falls.
        season: "spring", "summer", "autumn" or "winter", or "" when nothing says.
        palette: the story's colours as sRGB triples in 0..1, dark to light; may be empty.
        silhouette: figures are to be black against the light.
        view: from where near figures are seen: from behind, from behind with a lost profile, or from the side.
        landmark: a structure that rises over the place, in the silhouettes' names, or "".
        landmark_far: it is seen in the distance, not before us.
        shown: the props an insert shows, the subject first, in the silhouettes' names.
        in_hand: an insert's thing is held in a hand.
        idea: which picture stands for an idea, where `place` is "idea".
        at_work: an insert shows hands at work, not a thing shown in a hand.
        behind_glass: the world is seen through a vehicle's windscreen.
        hero: what a picture without people is of, where it is drawn: its family and name among the silhouettes.
        place_seed: decides what is left to chance in the place itself, where pictures of one location share it.
    """

    place: PlaceName = "hills"
    room: RoomName = "plain"
    light: LightName = "golden"
    weather: WeatherName = "clear"
    framing: FramingName = "wide"
    angle: AngleName = "level"
    emotion: EmotionName = "calm"
    figures: tuple[Look, ...] = ()
    pose: str = "standing_back"
    objects: tuple[str, ...] = ()
    snow_lies: bool = False
    season: str = ""
    palette: tuple[tuple[float, float, float], ...] = field(default=())
    silhouette: bool = False
    view: ViewName = "back"
    landmark: str = ""
    landmark_far: bool = False
    shown: tuple[str, ...] = ()
    in_hand: bool = False
    idea: IdeaName = "alone"
    at_work: bool = False
    behind_glass: bool = False
    hero: tuple[Literal["creature", "vehicle", "structure", "plant", "prop"], str] | None = None
    place_seed: int | None = None

    def has(self, *names: str) -> bool:
        """Whether any of the things named is in the picture."""
        return any(name in self.objects for name in names)
