"""What abbreviations, units, signs and names stand for when they are read aloud. Tables only."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


BEFORE_NUMBERS = {
    "no": "number",
    "nos": "numbers",
    "p": "page",
    "pp": "pages",
    "ch": "chapter",
    "vol": "volume",
    "fig": "figure",
}
TITLES = {
    "mr": "mister",
    "mrs": "Mrs",
    "ms": "Ms",
    "dr": "doctor",
    "prof": "professor",
    "rev": "reverend",
    "hon": "honorable",
    "gen": "general",
    "col": "colonel",
    "capt": "captain",
    "cpt": "captain",
    "lt": "lieutenant",
    "sgt": "sergeant",
    "cmdr": "commander",
    "gov": "governor",
    "sen": "senator",
    "rep": "representative",
    "st": "saint",
    "mt": "mount",
    "ft": "fort",
    "fr": "father",
    "messrs": "messieurs",
    "vs": "versus",
    "approx": "approximately",
    "cf": "compare",
    "eg": "for example",
    "ie": "that is",
}
ABBREVIATIONS = {
    "jr": "junior",
    "sr": "senior",
    "etc": "et cetera",
    "inc": "incorporated",
    "ltd": "limited",
    "corp": "corporation",
    "bros": "brothers",
    "dept": "department",
    "est": "established",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
    "jan": "January",
    "feb": "February",
    "apr": "April",
    "aug": "August",
    "sept": "September",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
UNITS = {
    "km": "kilometers",
    "m": "meters",
    "cm": "centimeters",
    "mm": "millimeters",
    "mi": "miles",
    "ft": "feet",
    "in": "inches",
    "yd": "yards",
    "kg": "kilograms",
    "g": "grams",
    "mg": "milligrams",
    "lb": "pounds",
    "lbs": "pounds",
    "oz": "ounces",
    "mph": "miles per hour",
    "kph": "kilometers per hour",
    "km/h": "kilometers per hour",
    "kmh": "kilometers per hour",
    "hz": "hertz",
    "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz",
    "kb": "kilobytes",
    "mb": "megabytes",
    "gb": "gigabytes",
    "tb": "terabytes",
    "ml": "milliliters",
    "l": "liters",
    "kw": "kilowatts",
    "hr": "hours",
    "hrs": "hours",
    "min": "minutes",
    "mins": "minutes",
    "sec": "seconds",
    "secs": "seconds",
    "s": "seconds",
    "ms": "milliseconds",
    "°": "degrees",
    "°c": "degrees celsius",
    "°f": "degrees fahrenheit",
    "%": "percent",
    "k": "thousand",
    "bn": "billion",
    "x": "times",
    "¢": "cents",
}
LETTERS_BEHIND_NUMBERS = frozenset({"G", "K", "D"})  # 5G, 4K, 3D
NEVER_LOOSE_UNITS = frozenset({"in", "m", "g", "l", "s", "k", "ms"})
SINGULARS = {"feet": "foot", "inches": "inch"}
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
}
SCALES = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "tn": "trillion"}
SCALE_WORDS = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
SYMBOLS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "%": "percent",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "°": "degrees",
    "#": "number",
    "$": "dollar",
    "¢": "cents",
    "£": "pound",
    "€": "euro",
    "~": "about",
    "≈": "about",
    "<": "less than",
    ">": "greater than",
    "©": "copyright",
}
EACH = _words("a an another each every one")
SENTENCE_STARTERS = _words(
    "a an and as at but for he her his i if in it its my no nobody on our she so that the their then there they this "
    "we what when where who you"
)
MONTHS = _words(
    "january february march april may june july august september october november december "
    "jan feb apr jun jul aug sep sept oct nov dec"
)
SAID_APART = frozenset({"24/7", "9/11", "20/20", "50/50"})
FRACTIONS = {"½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third", "⅔": "two thirds"}
NUMBERED_THINGS = _words(
    "chapter part act scene book volume section episode phase war appendix type level stage class mark article figure "
    "season canto verse title step round day night form plate"
)
REGNAL_NAMES = _words(
    "henry edward george louis charles james william elizabeth richard philip napoleon alexander catherine frederick "
    "nicholas leo pius john paul gregory benedict ferdinand otto peter mary victor francis ramses ramesses ptolemy "
    "darius innocent clement urban boniface wilhelm gustav haakon olaf robert david christian king queen pope emperor "
    "stephen matthew albert rudolf leopold umberto cosimo thutmose amenhotep mehmed murad selim ivan"
)
SPELLED_UNLESS_SHOUTED = frozenset({"US", "UK", "EU", "UN", "AI", "ID", "IT", "PC", "TV", "IQ", "WHO", "AM", "PM"})
