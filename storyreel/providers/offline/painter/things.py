"""Things named in the text: boats, beasts, buildings and birds, put where such things are; and the names of things to be seen close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from storyreel.providers.offline.painter.buildings import lighthouse
from storyreel.providers.offline.painter.colour import Array, Colour, mix, parse
from storyreel.providers.offline.painter.land import lit_colour
from storyreel.providers.offline.painter.nature import campfire
from storyreel.providers.offline.painter.shapes import put
from storyreel.providers.offline.painter.spec import CLOSED, PlaceName
from storyreel.providers.offline.painter.stage import Footing, Stage, polygons
from storyreel.providers.offline.silhouettes import Silhouette, draw

Kind = Literal["creature", "vehicle", "structure", "plant", "prop"]
Where = Literal["beside", "far", "back", "water", "sky"]


@dataclass(frozen=True, slots=True)
class Entry:
    """How a thing named in the text is drawn: which silhouette, where, how many, how large and in what colour."""

    kind: Kind
    name: str
    where: Where
    count: int = 1
    size: float = 1.0
    colour: str = "#4a423c"


THINGS: dict[str, Entry] = {
    "dog": Entry("creature", "dog standing", "beside"), "cat": Entry("creature", "cat sitting", "beside"),
    "horse": Entry("creature", "horse", "beside"), "wolf": Entry("creature", "wolf", "far", 3), "fox": Entry("creature", "fox", "beside", colour="#a8542c"),
    "deer": Entry("creature", "stag", "far"), "bear": Entry("creature", "bear", "far"), "camel": Entry("creature", "camel", "far", 5),
    "elephant": Entry("creature", "elephant", "far", 3), "lion": Entry("creature", "lion", "far", colour="#8a6a3c"),
    "sheep": Entry("creature", "sheep", "far", 7, colour="#b8b0a4"), "cow": Entry("creature", "cow", "far", 4), "rabbit": Entry("creature", "hare", "beside"),
    "birds": Entry("creature", "flock", "sky", 1, 1.4), "bird": Entry("creature", "bird gliding", "sky", 3, 0.8), "raven": Entry("creature", "crow", "beside", 2),
    "owl": Entry("creature", "owl", "sky", 1, 0.9), "eagle": Entry("creature", "eagle", "sky", 1, 1.2), "dragon": Entry("creature", "dragon", "sky", 1, 0.9),
    "butterfly": Entry("creature", "butterfly", "sky", 4, 0.6, "#d9934a"), "whale": Entry("creature", "whale tail", "water", 1, 1.0), "dolphin": Entry("creature", "dolphin", "water", 2),
    "turtle": Entry("creature", "turtle", "beside"), "octopus": Entry("creature", "octopus", "water", 1, 2.0), "fish": Entry("creature", "fish", "water", 2),
    "boat": Entry("vehicle", "rowing boat", "water", 1, 1.0, "#5c4634"), "sailboat": Entry("vehicle", "sailing boat", "water", 1, 1.0, "#6a5a4a"),
    "ship": Entry("vehicle", "tall ship", "water", 1, 0.8, "#4c3c30"), "train": Entry("vehicle", "train", "far", 1, 0.8, "#3c3436"),
    "car": Entry("vehicle", "old car", "beside", 1, 1.0, "#4a3f46"), "bicycle": Entry("vehicle", "bicycle", "beside"), "cart": Entry("vehicle", "cart", "beside", colour="#5c4630"),
    "wagons": Entry("vehicle", "wagon", "far", 4, 0.36, "#6a5640"), "horse_cart": Entry("vehicle", "carriage", "far"), "balloon": Entry("vehicle", "balloon", "sky", 1, 1.0, "#a8503c"), "plane": Entry("vehicle", "plane", "sky", 1, 1.0),
    "rocket": Entry("structure", "rocket", "back", 1, 1.0, "#b8bcc2"), "spaceship": Entry("vehicle", "spaceship", "sky", 1, 1.2, "#8a92a0"),
    "windmill": Entry("structure", "windmill", "back", 1, 1.0, "#8c8074"), "tent": Entry("structure", "tent", "beside", 1, 1.0, "#9a7a50"), "well": Entry("structure", "well", "beside", colour="#7a7268"),
    "signpost": Entry("structure", "signpost", "beside"), "statue": Entry("structure", "statue", "far", 1, 1.0, "#8a8680"), "gate": Entry("structure", "gate", "far"),
    "fence": Entry("structure", "fence", "far", 3), "church": Entry("structure", "church", "back", 1, 0.8, "#8c8478"), "house": Entry("structure", "cottage", "back", 1, 0.9, "#8c7c6a"),
    "gondola": Entry("vehicle", "gondola", "water", 1, 1.2, "#23202a"), "bat": Entry("creature", "bat", "sky", 6, 0.6, "#0c0a10"),
    "sled": Entry("vehicle", "sleigh", "beside", colour="#6a4a30"), "swan": Entry("creature", "swan", "water", 2, 0.7, "#d8d6d0"),
    "shark": Entry("creature", "shark", "water", 1), "penguin": Entry("creature", "penguin", "far", 5, colour="#23262e"),
    "monkey": Entry("creature", "monkey", "beside"), "haystack": Entry("prop", "haystack", "far", 3, 1.6, "#b8924a"),
    "kite": Entry("prop", "kite", "sky", 3, 1.3, "#c8452f"), "teddy": Entry("prop", "teddy bear", "beside", colour="#a8744a"), "goose": Entry("creature", "geese", "sky", 1, 1.4), "banner": Entry("prop", "banner", "far", 3, 2.4, "#4a3a30"),
    "manor": Entry("structure", "house", "back", 1, 1.2, "#8c8074"), "observatory": Entry("structure", "observatory", "back", 1, 1.1, "#9a9a98"),
    "mast": Entry("structure", "antenna", "back", 1, 1.1, "#5c6068"), "dish": Entry("structure", "radio dish", "back", 1, 1.1, "#b8bcc2"),
    "factory": Entry("structure", "factory", "back", 1, 1.1, "#6a625c"), "clock_tower": Entry("structure", "clock tower", "back", 1, 1.0, "#8c8478"),
    "pyramid": Entry("structure", "pyramids", "back", 1, 1.3, "#b89a68"), "pagoda": Entry("structure", "pagoda", "back", 1, 1.0, "#7a4a3c"),
    "shrine": Entry("structure", "temple", "back", 1, 0.9, "#9a9284"), "stones": Entry("structure", "stone circle", "back", 1, 1.0, "#7c7a76"),
    "watchtower": Entry("structure", "tower", "back", 1, 0.9, "#6c665e"),
    "lighthouse": Entry("structure", "lighthouse", "back", 1, 0.7, "#c8c4bc"), "castle": Entry("structure", "castle", "back", 1, 0.6, "#7c766e"),
}  # fmt: skip

# What an insert can show: the word's name in the text and the prop's among the silhouettes.
INSERTABLE: dict[str, str] = {
    "lantern": "lantern", "letter": "letter", "key": "key", "book": "book open", "clock": "clock", "watch": "pocket watch", "candle": "candle",
    "map": "map", "compass": "compass", "telescope": "spyglass", "sword": "sword", "ring": "ring", "photograph": "photograph", "cup": "cup",
    "bottle": "bottle", "mirror": "mirror", "violin": "violin", "flower": "rose", "crown": "crown", "skull": "skull", "coin": "coin",
    "lamp": "oil lamp", "phone": "telephone", "radio": "radio", "typewriter": "typewriter", "pen": "quill", "chess": "chess knight",
    "hourglass": "hourglass", "feather": "feather", "box": "chest", "suitcase": "suitcase", "umbrella": "umbrella", "globe": "globe",
    "camera": "camera", "anchor": "anchor", "bell": "bell", "guitar": "guitar", "piano": "piano", "crystal": "crystal",
    "bread": "bread", "fruit": "fruit basket", "wheelchair": "wheelchair",
}  # fmt: skip

# What would stand among houses like theirs, or where no house is.
_BUILT = frozenset({"manor", "factory", "watchtower", "shrine", "mast", "dish", "observatory", "pagoda", "stones"})
# Places that draw these themselves.
_OWN: dict[PlaceName, frozenset[str]] = {
    "coast": frozenset({"lighthouse", "house"}), "beach": frozenset({"lighthouse"}), "village": frozenset({"house", "church", "manor"}), "castle": frozenset({"castle", "house", "church"}) | _BUILT,
    "cemetery": frozenset({"church", "gate"}), "station": frozenset({"train", "clock_tower"}) | _BUILT, "harbour": frozenset({"house", "boat", "clock_tower"}) | _BUILT, "deck": frozenset({"ship", "boat", "sailboat"}) | _BUILT,
    "city": frozenset({"house", "church", "clock_tower"}) | _BUILT, "rooftops": frozenset({"house", "church", "clock_tower"}) | _BUILT, "space": frozenset({"house"}) | _BUILT, "church": frozenset({"church"}),
    "canal": frozenset({"house", "church", "boat", "gondola", "clock_tower"}) | _BUILT, "market": frozenset({"house", "church", "cart", "castle", "clock_tower"}) | _BUILT, "farm": frozenset({"house", "fence", "haystack", "manor"}), "ruins": frozenset({"shrine", "stones", "watchtower"}),
    "battlefield": frozenset({"banner", "fence"}),
}  # fmt: skip
_WATER: dict[PlaceName, float] = {
    "sea": 0.14,
    "coast": 0.1,
    "beach": 0.07,
    "harbour": 0.16,
    "lake": 0.16,
    "deck": 0.04,
    "swamp": 0.3,
    "river": 0.1,
    "canal": 0.24,
}


_AFLOAT_PLACES: frozenset[PlaceName] = frozenset({"lake", "sea", "deck"})
"""Where there is water from before our feet to the horizon."""
_WHERE: dict[str, Where] = {"airliner": "sky", "airship": "sky", "saucer": "sky", "kite": "sky", "star": "sky"}
_AFLOAT = ("canoe", "fishing boat", "raft", "steamship", "submarine")


def tone(stage: Stage, entry: Entry, depth: float) -> Colour:
    """An entry's colour in the picture's light, dark enough to read as a shape."""
    return mix(lit_colour(stage, parse(entry.colour), depth), stage.scheme.near, 0.4 * (1 - depth))


def pixels_a_unit(shape: Silhouette, tall_px: float, limit_px: float) -> float:
    """The scale of a silhouette where a man is `tall_px` high, kept within a limit."""
    own = tall_px / 100 if shape.unit == "world" else tall_px * 0.4 / max(shape.width, shape.height)
    return min(own, limit_px / max(shape.width, shape.height))


def rise(stage: Stage, foot: Footing) -> Footing:
    """Stand the place's landmark where it is seen from far, unless the place has painted it itself."""
    spec, u = stage.spec, stage.unit
    drawn = _OWN.get(spec.place, frozenset())
    if not spec.landmark or spec.landmark in drawn or spec.place in CLOSED or foot.sight is not None:
        return foot
    # Between house fronts, under a platform's roof or among trees nothing far off is seen.
    if spec.place in ("city", "station", "forest", "space") or (spec.place == "sea" and spec.landmark != "lighthouse"):
        return foot
    far = spec.landmark_far
    if spec.landmark == "lighthouse":
        x = stage.width * (0.86 if foot.x < stage.width / 2 else 0.14)
        row = stage.horizon + u * (3.0 if spec.place in _WATER else 0.8)
        _knoll(stage, x, row, u * 11, 0.2)
        lighthouse(stage, x, row, u * (30 if far else 48), depth=0.22)
        return replace(foot, sight=x)
    shape = draw("structure", spec.landmark, int(stage.rng("landmark").integers(1000)))
    tall = min(stage.horizon * (0.3 if far else 0.72), u * (25 if far else 50))
    unit = min(tall / shape.height, stage.width * 0.3 / shape.width)
    away = 0.3 if foot.x < stage.width / 2 else -0.3
    x = stage.width * (0.5 + away * (1.2 if far else 0.75))
    depth = 0.5 if far else 0.24
    base = stage.horizon + u * (0.6 if far else 3.0)
    own = mix(parse("#8d8274"), stage.scheme.near, 0.15)
    if spec.place in _WATER or spec.place == "rooftops":
        _knoll(stage, x, base, max(shape.width * unit * 0.58, u * 9), depth)
    put(
        stage, shape, x, base, unit, colour=mix(lit_colour(stage, own, depth), stage.scheme.near, 0.3 * (1 - depth)),
        depth=depth * 0.6, rim=0.9, lit=stage.scheme.lamps_lit or spec.has("lit_window"),
    )  # fmt: skip
    return replace(foot, sight=x)


def _knoll(stage: Stage, x: float, base: float, half: float, depth: float) -> None:
    """The low rise of land that a far building stands on."""
    t = np.linspace(-1, 1, 40)
    top = base - np.clip(1 - t**2, 0, 1) ** 0.8 * stage.unit * 0.9 + stage.unit * 0.7
    shape = [(float(x + k * half), float(y)) for k, y in zip(t, top, strict=True)]
    mask = polygons(stage.height, stage.width, [[*shape, (x + half, base + stage.unit), (x - half, base + stage.unit)]])
    stage.paint(mask, mix(lit_colour(stage, "rock", depth), stage.scheme.near, 0.25))


def furnish(stage: Stage, foot: Footing) -> None:
    """Put what the text names into the picture, up to four kinds of thing."""
    spec = stage.spec
    if spec.framing in ("insert", "close") and spec.place in CLOSED:
        return
    own = _OWN.get(spec.place, frozenset())
    names = [name for name in spec.objects if name in THINGS and name not in own and name != spec.landmark][:4]
    if spec.place == "underwater":
        for index, name in enumerate(name for name in names if name in _SWIM):
            _swim(stage, foot, name, index)
        if (
            spec.hero is not None
            and spec.hero[1] in ("submarine", "shipwreck")
            and spec.hero[0] in ("vehicle", "structure")
        ):
            _sunk(stage, foot, spec.hero[0], spec.hero[1])
        return
    if spec.place in CLOSED:
        names = [name for name in names if name in ("dog", "cat")]
    if spec.place == "sea" and spec.figures and not ({"boat", "ship", "sailboat"} & set(spec.objects)):
        names.append("boat")
    side = 1 if foot.x < stage.width / 2 else -1
    if spec.has("campfire") and spec.place not in CLOSED and spec.place not in ("sea", "space", "city"):
        if spec.place in _AFLOAT_PLACES:
            campfire(stage, stage.width - foot.x - side * stage.unit * 7, stage.horizon + stage.unit, stage.unit * 1.6)
        else:
            campfire(stage, foot.x + side * foot.tall_px * 0.8, foot.row + foot.tall_px * 0.05, foot.tall_px * 0.34)
    hero = spec.hero if not names else None
    if hero is not None and hero[1] != spec.landmark and hero[1] not in own:
        known = Entry(
            hero[0],
            hero[1],
            _WHERE.get(hero[1], "water" if spec.place in _WATER and hero[1] in _AFLOAT else "beside"),
            colour="#5a5048",
        )
        if known.where != "water" or spec.place in _WATER:
            _place(stage, foot, known, hero[1], side, 0)
    perched = next((name for name in names if name in _PERCHING), None) if spec.has("branch") else None
    if perched and not spec.figures and spec.framing != "insert":
        _perch(stage, perched)
        names.remove(perched)
    for index, name in enumerate(names):
        entry = THINGS[name]
        if entry.where == "water" and spec.place not in _WATER:
            continue
        afloat = spec.place == "sea" and name != "lighthouse"
        if entry.where in ("beside", "far", "back") and (afloat or spec.place == "space"):
            continue
        _place(stage, foot, entry, name, side, index)


_SWIM = {
    "turtle": "turtle",
    "fish": "fish",
    "whale": "whale",
    "dolphin": "dolphin",
    "shark": "shark",
    "octopus": "octopus",
}


def _sunk(stage: Stage, foot: Footing, kind: Kind, name: str) -> None:
    """A submarine in mid-water, or a wreck on the floor."""
    w, h, u = stage.width, stage.height, stage.unit
    shape = draw(kind, name)
    colour = mix(mix(stage.scheme.near, stage.scheme.deep, 0.55), parse("#8a9098"), 0.22)
    unit = u * 88 / max(shape.width, shape.height)
    put(
        stage,
        shape,
        w * 0.5,
        h * (0.5 if name == "submarine" else 0.86),
        unit,
        colour=colour,
        rim=1.0,
        volume=0.6,
        lit=name == "submarine",
        flip=foot.x > w / 2,
    )


def _swim(stage: Stage, foot: Footing, name: str, index: int) -> None:
    """A sea creature in open water, on the side away from whoever is there."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng(f"swim {name}")
    shape = draw("creature", _SWIM[name])
    size = u * {"whale": 62, "shark": 36, "octopus": 24, "dolphin": 26, "turtle": 21}.get(name, 5)
    away = 1 if foot.x < w / 2 else -1
    for _ in range(9 if name == "fish" else 1):
        x = w * (0.5 + away * (0.22 - 0.1 * index)) + (u * float(rng.normal(0, 11)) if name == "fish" else 0.0)
        y = h * (0.42 + 0.16 * index) + (u * float(rng.normal(0, 6)) if name == "fish" else 0.0)
        colour = mix(
            mix(stage.scheme.near, stage.scheme.deep, 0.45), parse("#6a7a5a" if name == "turtle" else "#7a8a94"), 0.3
        )
        put(
            stage,
            shape,
            x,
            y,
            size / max(shape.width, shape.height),
            colour=colour,
            depth=0.0,
            flip=away > 0,
            rim=0.9,
            volume=0.5,
        )


_PERCHING = {"owl": "owl", "raven": "crow", "eagle": "eagle", "bird": "crow"}


def _perch(stage: Stage, name: str) -> None:
    """A branch across the near sky with a bird on it, before the moon or the sun where one is up."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("perch")
    shape = draw("creature", _PERCHING[name])
    x, y = stage.sun or (w * (0.36 if stage.hero_x < w / 2 else 0.64), h * 0.36)
    x = float(np.clip(x, w * 0.25, w * 0.75))
    row = float(np.clip(y + u * 12, h * 0.3, h * 0.62))
    side = -1 if x < w / 2 else 1
    trunk = w * (0.5 + side * 0.52)
    t = np.linspace(0, 1, 24)
    along = trunk + (x - side * u * 26 - trunk) * t
    bend = row + u * (5 * (1 - t) ** 2 - 2.2 * t * (1 - t) * 4) + rng.normal(0, 0.16, t.size) * u
    bend += row - float(np.interp(x, along[::-side], bend[::-side]))
    thick = u * (2.6 * (1 - t) + 0.35)
    upper = [*zip(along, bend - thick * 0.5, strict=True)]
    lower = [*zip(along[::-1], (bend + thick * 0.5)[::-1], strict=True)]
    limbs = [[(float(a), float(b)) for a, b in (*upper, *lower)]]
    for k in (5, 9, 14, 18):
        up = -1 if k % 2 else 1
        length = u * rng.uniform(6, 11)
        tip = (along[k] - side * length, bend[k] + up * length * rng.uniform(0.5, 0.9))
        limbs.append([(along[k], bend[k] - thick[k] * 0.4), tip, (along[k], bend[k] + thick[k] * 0.4)])
    dark = mix(stage.scheme.near, (0, 0, 0), 0.35)
    stage.paint(polygons(h, w, limbs), dark)
    put(stage, shape, x, row + u * 0.3, u * 17 / max(shape.width, shape.height), colour=dark, rim=1.1)


def _place(stage: Stage, foot: Footing, entry: Entry, name: str, side: int, index: int) -> None:
    rng = stage.rng(f"thing {name}")
    if stage.spec.place in _AFLOAT_PLACES and entry.kind != "creature" and entry.where in ("beside", "far"):
        entry = replace(entry, where="back", count=1)
    shape = draw(entry.kind, entry.name, int(rng.integers(1000)))
    if index == 0 and not stage.spec.figures and stage.spec.framing != "pov":
        # Where nobody is about, the first thing named is what the picture is of.
        entry = replace(entry, size=entry.size * (1.7 if entry.where != "sky" else 1.3))
        if entry.where in ("beside", "far"):
            foot = replace(foot, x=stage.width - stage.width * 0.1 - foot.x * 0.8)
    w, u = stage.width, stage.unit
    span = stage.height - stage.horizon
    if entry.where == "water":
        if stage.spec.place == "sea" and stage.spec.figures and name in ("boat", "sailboat"):
            return
        row = stage.horizon + span * _WATER[stage.spec.place]
        scale = pixels_a_unit(shape, u * 8, u * 44) * entry.size
        for k in range(entry.count):
            middle = w - foot.x if stage.spec.place != "coast" else w * (0.5 + side * 0.28)
            x = middle + side * u * (rng.uniform(-4, 8) + 12 * k)
            colour = tone(stage, entry, 0.2)
            put(
                stage,
                shape,
                x,
                row + u * 1.5 * k,
                scale,
                colour=colour,
                depth=0.16,
                flip=bool(rng.random() < 0.5),
                mirror=0.4,
                rim=0.9,
            )
            stage.shine(
                _wake(stage, shape.width * scale),
                stage.scheme.lit,
                0.22,
                int(row + u * 1.5 * k - u * 0.4),
                int(x - shape.width * scale * 0.7),
            )
        return
    if entry.where == "sky":
        for k in range(entry.count):
            x = w - foot.x + side * u * rng.uniform(-16, 16)
            y = max(stage.horizon * rng.uniform(0.26, 0.5), min(shape.height * u * 0.3 + u * 4, stage.horizon * 0.75))
            if stage.sun is not None and name == "bat":
                x, y = stage.sun[0] + u * rng.normal(0, 8), stage.sun[1] + u * rng.normal(0, 7)
            limit = u * (30 if shape.unit == "world" else 9) * entry.size
            scale = limit / max(shape.width, shape.height)
            if shape.unit == "world":
                scale = min(pixels_a_unit(shape, u * 9, limit), scale)
            put(
                stage,
                shape,
                x + side * k * u * 8,
                y + k * u * rng.uniform(-3, 5),
                scale,
                colour=tone(stage, entry, 0.15),
                depth=0.25,
                flip=side < 0,
                rim=0.8,
            )
        return
    if entry.where == "back" and stage.spec.place in _AFLOAT_PLACES | {"beach"}:
        # Nothing is built on water: it stands on the far shore, as small as that is far.
        base = stage.horizon + u * 0.9
        scale = pixels_a_unit(shape, u * 6, u * 22) * min(entry.size, 1.0)
        x = w - foot.x + side * u * 9 * index
        _knoll(stage, x, base, shape.width * scale * 0.9, 0.4)
        put(stage, shape, x, base, scale, colour=tone(stage, entry, 0.4), depth=0.3, rim=0.8, mirror=0.35)
        return
    if entry.where == "back":
        row = stage.horizon + span * (0.06 + 0.03 * index)
        scale = pixels_a_unit(shape, u * 9, u * 40) * entry.size
        put(
            stage,
            shape,
            w - foot.x + side * u * 3 * index,
            row,
            scale,
            colour=tone(stage, entry, 0.3),
            depth=0.22,
            rim=0.8,
        )
        return
    if entry.where == "far":
        ashore = stage.spec.place in _AFLOAT_PLACES
        row = stage.horizon + u if ashore else foot.row - (foot.row - stage.horizon) * 0.35
        tall = foot.tall_px * 0.62
        scale = pixels_a_unit(shape, tall, u * 46) * entry.size
        step = shape.width * scale * 1.18
        start = w - foot.x - side * step * (entry.count - 1) / 2
        for k in range(entry.count):
            put(stage, shape, start + side * step * k + rng.normal(0, step * 0.06), row + rng.normal(0, u * 0.35), scale, colour=tone(stage, entry, 0.12),
                depth=0.18, flip=side > 0, shadow=foot.shadow * 0.6, rim=1.0, lit=False if entry.kind == "creature" else None)  # fmt: skip
        return
    scale = pixels_a_unit(shape, foot.tall_px, u * 50) * entry.size
    for k in range(entry.count):
        away = foot.tall_px * (0.42 + 0.5 * k) + shape.width * scale * 0.5
        put(
            stage,
            shape,
            foot.x + side * (1 if k % 2 == 0 else -1) * away,
            foot.row + u * 0.3,
            scale,
            colour=tone(stage, entry, 0.0),
            flip=side > 0,
            shadow=foot.shadow,
            mirror=foot.mirror,
            lit=False if entry.kind == "creature" else None,
        )


def helm(stage: Stage, foot: Footing, grow: float) -> None:
    """The ship's wheel before whoever steers."""
    shape = draw("prop", "ship's wheel")
    side = 1 if foot.x < stage.width / 2 else -1
    own = mix(lit_colour(stage, parse("#7a4f2c"), 0.0), stage.scheme.near, 0.35)
    put(
        stage, shape, foot.x + side * foot.tall_px * grow * 0.34, foot.row + stage.unit * 0.6, foot.tall_px * grow * 0.74 / shape.height,
        colour=own, rim=1.0, shadow=foot.shadow,
    )  # fmt: skip


def _wake(stage: Stage, width: float) -> Array:
    h, w = max(3, int(stage.unit * 0.9)), max(3, int(width * 1.4))
    y, x = np.mgrid[-1 : 1 : complex(h), -1 : 1 : complex(w)].astype(np.float32)
    return np.asarray(np.clip(1 - np.abs(x) ** 2 - np.abs(y) * 1.2, 0, 1), np.float32)


def adrift(stage: Stage, foot: Footing) -> tuple[float, float]:
    """A boat under people at sea; where they sit, (column, row), comes back."""
    name = "sailing boat" if stage.spec.has("sailboat") else "rowing boat"
    shape = draw("vehicle", name)
    scale = foot.tall_px / 100 if shape.unit == "world" else foot.tall_px * 3 / max(shape.width, shape.height)
    put(
        stage,
        shape,
        foot.x,
        foot.row,
        scale,
        colour=mix(lit_colour(stage, parse("#6a5240"), 0.0), stage.scheme.near, 0.4),
        mirror=0.5,
    )
    stage.shine(
        _wake(stage, shape.width * scale),
        stage.scheme.lit,
        0.3,
        int(foot.row - stage.unit * 0.3),
        int(foot.x - shape.width * scale * 0.7),
    )
    return foot.x, foot.row - scale * 12
