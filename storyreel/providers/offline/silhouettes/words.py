"""From the words people use to the name of a drawing."""

from __future__ import annotations

import re

from storyreel.providers.offline.silhouettes.creatures import CREATURES
from storyreel.providers.offline.silhouettes.plants import PLANTS
from storyreel.providers.offline.silhouettes.props import PROPS
from storyreel.providers.offline.silhouettes.structures import STRUCTURES
from storyreel.providers.offline.silhouettes.vehicles import VEHICLES

FAMILIES: dict[str, tuple[str, ...]] = {
    "creature": tuple(CREATURES),
    "plant": tuple(PLANTS),
    "structure": tuple(STRUCTURES),
    "vehicle": tuple(VEHICLES),
    "prop": tuple(PROPS),
}
"""The names each family draws."""

# Name: other words for it. A word belongs to one name only; a test holds that.
_SYNONYMS: dict[tuple[str, str], str] = {
    ("creature", "bear"): "grizzly",
    ("creature", "bird gliding"): "bird seabird albatross swallow hawk falcon sparrow robin",
    ("creature", "bird wings down"): "dove pigeon",
    ("creature", "butterfly"): "moth",
    ("creature", "camel"): "dromedary",
    ("creature", "cat sitting"): "cat kitten tomcat",
    ("creature", "cow"): "cattle ox bull calf",
    ("creature", "crow"): "raven jackdaw rook blackbird magpie",
    ("creature", "dog sitting"): "dog puppy terrier",
    ("creature", "dog standing"): "hound sheepdog collie",
    ("creature", "doe"): "fawn deer gazelle antelope",
    ("creature", "dolphin"): "porpoise",
    ("creature", "dragon"): "wyvern drake",
    ("creature", "fish"): "trout salmon carp",
    ("creature", "flock"): "birds swallows starlings gulls crows",
    ("creature", "fox"): "vixen",
    ("creature", "frog"): "toad",
    ("creature", "geese"): "goose cranes skein",
    ("creature", "gull"): "seagull heron tern",
    ("creature", "horse"): "mare stallion pony mule donkey foal",
    ("creature", "horse and rider"): "rider horseman horsewoman",
    ("creature", "horse galloping"): "horses",
    ("creature", "lion"): "tiger lioness",
    ("creature", "monkey"): "ape chimpanzee gorilla",
    ("creature", "mouse"): "rat mice",
    ("creature", "octopus"): "squid kraken",
    ("creature", "rider galloping"): "cavalry",
    ("creature", "sheep"): "lamb ram goat",
    ("creature", "snake"): "serpent",
    ("creature", "stag"): "elk moose reindeer buck",
    ("creature", "swan"): "duck",
    ("creature", "turtle"): "tortoise",
    ("creature", "wolf"): "coyote jackal wolves",
    ("plant", "bare tree"): "branches",
    ("plant", "bush"): "shrub hedge thicket bushes",
    ("plant", "cypress"): "poplar",
    ("plant", "fern"): "ferns bracken",
    ("plant", "fir snowy"): "fir spruce",
    ("plant", "flowers"): "flower wildflowers daisy daisies poppy poppies blossoms meadow",
    ("plant", "grass"): "grasses",
    ("plant", "ivy"): "vine vines",
    ("plant", "mushrooms"): "mushroom toadstool",
    ("plant", "oak"): "tree trees beech elm maple chestnut broadleaf",
    ("plant", "old pine"): "cedar",
    ("plant", "pine"): "conifer larch pines",
    ("plant", "reeds"): "reed rushes bulrush",
    ("plant", "seaweed"): "kelp",
    ("plant", "sprout"): "seed sapling shoot",
    ("plant", "wheat"): "corn barley",
    ("structure", "antenna"): "mast transmitter",
    ("structure", "arch bridge"): "bridge viaduct aqueduct",
    ("structure", "barn"): "stable farm farmhouse",
    ("structure", "cabin"): "hut shack lodge shed",
    ("structure", "castle"): "fortress citadel",
    ("structure", "church"): "chapel cathedral abbey monastery steeple",
    ("structure", "clock tower"): "clocktower belfry",
    ("structure", "dock crane"): "harbour harbor port docks",
    ("structure", "factory"): "mill works workshop",
    ("structure", "gate"): "gates gateway",
    ("structure", "gravestones"): "grave gravestone tombstone graveyard cemetery tomb",
    ("structure", "house"): "home mansion inn villa cottagehouse school",
    ("structure", "lighthouse"): "beacon lighthouses",
    ("structure", "market stall"): "stall market bazaar",
    ("structure", "palace"): "mosque dome",
    ("structure", "pier"): "jetty dock quay wharf",
    ("structure", "pyramids"): "pyramid",
    ("structure", "radio dish"): "dish satellite",
    ("structure", "rocket"): "missile",
    ("structure", "ruin"): "ruins",
    ("structure", "shipwreck"): "wreck",
    ("structure", "shop"): "store bakery cafe bookshop tavern pub",
    ("structure", "signpost"): "crossroads sign",
    ("structure", "skyscrapers"): "skyscraper city skyline downtown metropolis",
    ("structure", "statue"): "monument sculpture",
    ("structure", "stone circle"): "standing stones",
    ("structure", "street lamp"): "streetlamp streetlight lamppost",
    ("structure", "telegraph pole"): "pole",
    ("structure", "temple"): "shrine parthenon museum",
    ("structure", "tent"): "camp campsite tents",
    ("structure", "tower"): "turret keep",
    ("structure", "town houses"): "town village street row houses rooftops",
    ("vehicle", "airliner"): "jet airplane aeroplane",
    ("vehicle", "airship"): "zeppelin blimp",
    ("vehicle", "bicycle"): "bike cycle",
    ("vehicle", "canoe"): "kayak",
    ("vehicle", "car"): "automobile taxi",
    ("vehicle", "carriage"): "coach stagecoach",
    ("vehicle", "cart"): "barrow wheelbarrow",
    ("vehicle", "fishing boat"): "trawler tugboat",
    ("vehicle", "old car"): "motorcar truck lorry van",
    ("vehicle", "plane"): "biplane aircraft",
    ("vehicle", "rowing boat"): "boat rowboat dinghy skiff",
    ("vehicle", "sailing boat"): "sailboat yacht sloop",
    ("vehicle", "saucer"): "ufo",
    ("vehicle", "sleigh"): "sled sledge",
    ("vehicle", "spaceship"): "starship spacecraft shuttle",
    ("vehicle", "steamship"): "steamer liner ferry",
    ("vehicle", "tall ship"): "ship galleon frigate schooner caravel",
    ("vehicle", "train"): "locomotive railway",
    ("vehicle", "tram"): "streetcar trolley",
    ("prop", "arched window"): "",
    ("prop", "banner"): "flag flags pennant",
    ("prop", "birdcage"): "cage",
    ("prop", "fruit basket"): "fruit fruits oranges lemons",
    ("prop", "glove"): "gloves mitten",
    ("prop", "haystack"): "hay haystacks",
    ("prop", "light bulb"): "bulb lightbulb",
    ("prop", "match"): "matches matchstick",
    ("prop", "needle and thread"): "needle thread spool sewing",
    ("prop", "newspaper"): "headline newspapers",
    ("prop", "paintbrush"): "brush brushes",
    ("prop", "pan"): "skillet saucepan",
    ("prop", "shoe"): "shoes slipper",
    ("prop", "teddy bear"): "teddy toy doll",
    ("prop", "wheelchair"): "",
    ("prop", "ball"): "football",
    ("prop", "barrel"): "cask",
    ("prop", "book"): "diary journal notebook novel ledger",
    ("prop", "bookshelf"): "library bookcase shelves shelf",
    ("prop", "bread"): "loaf",
    ("prop", "bucket"): "pail",
    ("prop", "campfire"): "fire bonfire",
    ("prop", "candle"): "candles candlelight candlestick",
    ("prop", "chess knight"): "chess",
    ("prop", "chest"): "treasure",
    ("prop", "chest closed"): "trunk casket",
    ("prop", "clock"): "clocks dial",
    ("prop", "coin"): "coins medal",
    ("prop", "computer"): "laptop screen monitor",
    ("prop", "crate"): "box",
    ("prop", "crown"): "tiara",
    ("prop", "crystal"): "gem jewel diamond",
    ("prop", "cup"): "mug coffee tea",
    ("prop", "door ajar"): "doorway",
    ("prop", "drum"): "drums",
    ("prop", "feather"): "plume",
    ("prop", "film camera"): "cinema",
    ("prop", "fireplace"): "hearth stove oven",
    ("prop", "garland"): "lanterns",
    ("prop", "gear"): "gears cog clockwork machine",
    ("prop", "gift"): "present parcel package",
    ("prop", "glasses"): "spectacles",
    ("prop", "goblet"): "chalice grail",
    ("prop", "gramophone"): "phonograph",
    ("prop", "guitar"): "lute",
    ("prop", "key"): "keys",
    ("prop", "lantern"): "storm-lantern",
    ("prop", "letter"): "letters envelope postcard mail",
    ("prop", "magnifying glass"): "lens",
    ("prop", "map"): "chart atlas",
    ("prop", "note"): "paper page manuscript",
    ("prop", "oil lamp"): "lamp lamps",
    ("prop", "painting"): "canvas portrait",
    ("prop", "phone"): "smartphone",
    ("prop", "photograph"): "photo picture",
    ("prop", "pocket watch"): "watch",
    ("prop", "potion"): "flask vial",
    ("prop", "quill"): "pen ink inkwell",
    ("prop", "radio"): "wireless",
    ("prop", "rope"): "coil",
    ("prop", "seedling"): "",
    ("prop", "ship's wheel"): "helm",
    ("prop", "spyglass"): "",
    ("prop", "suitcase"): "luggage",
    ("prop", "sword"): "blade dagger knife",
    ("prop", "tall clock"): "grandfather",
    ("prop", "television"): "tv",
    ("prop", "umbrella"): "parasol",
    ("prop", "vase"): "bouquet",
    ("prop", "violin"): "fiddle cello",
    ("prop", "window"): "windows",
}  # fmt: skip


def _table() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for family, names in FAMILIES.items():
        for name in names:
            table[name] = (family, name)
    for entry, words in _SYNONYMS.items():
        for word in words.split():
            table.setdefault(word, entry)
    return table


_TABLE = _table()


def find(word: str) -> tuple[str, str] | None:
    """What draws a word: (family, name), or None when nothing does.

    Case, a leading article, hyphens and a plural "s" do not matter. Of several words, the longest run that is known
    and nearest the end counts: "an old brass telescope" is a telescope, "a rowing boat" a rowing boat.
    """
    text = re.sub(r"[^a-z' ]+", " ", word.lower()).split()
    for length in range(len(text), 0, -1):
        for start in range(len(text) - length, -1, -1):
            run = " ".join(text[start : start + length])
            for form in (run, *_singulars(run)):
                if form in _TABLE:
                    return _TABLE[form]
    return None


def _singulars(word: str) -> list[str]:
    forms = []
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    return forms
