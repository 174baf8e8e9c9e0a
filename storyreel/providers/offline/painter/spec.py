"""What a picture is asked to show, once its free text has been read: the painter's own nouns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PlaceName = Literal[
    "sea", "deck", "coast", "harbour", "beach", "lake", "river", "swamp", "forest", "mountains", "desert", "fields",
    "road", "village", "city", "rooftops", "castle", "ruins", "cemetery", "garden", "cave", "space", "planet",
    "spaceship", "station", "room", "church", "corridor", "underwater", "hills",
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


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks, in what a silhouette can show; colours are "#rrggbb".

    Attributes:
        kind: one of `storyreel.providers.offline.silhouettes.figures.KINDS`.
        coat: colour of the large garment.
        accent: colour of the scarf or other small bright thing.
        wears, carries: names the silhouettes know, of their `WEARS` and `CARRIES`.
        seed: of the small things that tell one person from another.
    """

    kind: str = "man"
    coat: str = "#2b3140"
    accent: str = "#c8452f"
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
    place_seed: int | None = None

    def has(self, *names: str) -> bool:
        """Whether any of the things named is in the picture."""
        return any(name in self.objects for name in names)
