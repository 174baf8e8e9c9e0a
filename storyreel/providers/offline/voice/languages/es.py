"""Spanish as it is spoken in Castile: spelling to sound, and numbers in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.providers.offline.voice.alphabet import PRIMARY, SECONDARY
from storyreel.providers.offline.voice.languages.rules import Spelling, listed, stressed, with_secondary
from storyreel.providers.offline.voice.languages.tongue import Tongue, gendered, scaled

_SPELLING = Spelling((
    ("ch", "ʧ"), ("[cç](?=[eiéíëï])", "θ"), ("cc(?=[eiéí])", "kθ"), ("c", "k"), ("ç", "s"),
    ("qu(?=[eiéí])", "k"), ("q", "k"), ("gu(?=[eiéí])", "ɡ"), ("gü", "ɡw"), ("g(?=[eiéí])", "x"),
    ("gu(?=[aoáó])", "ɡw"), ("g", "ɡ"),
    ("ll", "ʎ"), ("l", "l"), ("rr", "r"), ("r(?<=^r)", "r"), ("(?<=[nls])r", "r"), ("r", "ɾ"),
    ("ñ", "ɲ"), ("sh", "ʃ"), ("sc(?=[eiéí])", "sθ"), ("ps(?<=^ps)", "s"), ("s", "s"),
    ("hie(?<=^hie)", "ʝe"), ("hié(?<=^hié)", "ʝˈe"), ("hu(?=[eaoéáí])", "w"), ("h", ""), ("j", "x"), ("[vb]", "b"),
    ("w(?=[aeioáéíó])", "w"), ("w", "w"), ("x(?<=^x)", "s"), ("(?<=m[eé])x(?=ic)", "x"), ("(?<=te)x(?=a[sn])", "x"),
    ("(?<=oa)x(?=ac)", "x"),
    ("x", "ks"),
    ("zz", "ʦ"), ("z", "θ"), ("ph", "f"), ("f", "f"), ("k", "k"), ("m", "m"), ("nn", "n"), ("n", "n"), ("p", "p"),
    ("th", "t"), ("tt", "t"), ("t", "t"), ("d", "d"),
    ("y(?=[aeiouáéíóú])", "ʝ"), ("y", "i"),
    ("á", "ˈa"), ("é", "ˈe"), ("í", "ˈi"), ("ó", "ˈo"), ("ú", "ˈu"), ("[àâä]", "a"), ("[èêë]", "e"), ("[ìîï]", "i"),
    ("[òôö]", "o"), ("[ùûü]", "u"), ("a", "a"), ("e", "e"), ("i", "i"), ("o", "o"), ("u", "u"),
))  # fmt: skip

_UNSTRESSED = frozenset(
    listed(
        "a al con de del e el en entre la las le les lo los me mi mis ni nos o os para pero por porque que se si sin "
        "su sus te tu tus u un una y"
    )
)
"""Small words that lean on the next one."""


def word_sounds(word: str) -> str:
    """One word by itself, in the voice's alphabet."""
    letters = word.lower()
    sounds = _with_glides(_SPELLING.sounds_of(letters))
    if letters in _UNSTRESSED:
        return sounds
    if letters.endswith("mente") and len(letters) > 7:
        return word_sounds(letters[:-5]) + "mˈente"
    if PRIMARY in sounds:
        sounds = with_secondary(sounds)
    else:
        # The second part of a diphthong is no syllable of its own.
        falling = re.sub(r"(?<=[eo])[ɪʊ]", "j", sounds)
        marked = stressed(falling, 2 if re.search(r"[aeiou][ns]?$", letters) else 1)
        sounds = with_secondary(_unfolded(marked, sounds))
    sounds = re.sub(r"(?<=[pbtdkɡf][lɾ])j", "i", sounds)  # nobody can say "klj"
    return re.sub(r"ˈe(?=n[ptkbdɡθsfxʧ])", "ˈɛ", sounds)


def _with_glides(sounds: str) -> str:
    """Weak vowels beside strong ones: "causa", "cielo", "rey"; the first of two weak ones is the glide."""
    sounds = re.sub(r"(?<=^m)ui$", "uj", sounds)  # "muy"
    sounds = re.sub(r"(?<!ˈ)i(?=ˈ?[aeou])", "j", sounds)
    sounds = re.sub(r"(?<!ˈ)u(?=ˈ?[aeio])", "w", sounds)
    for pair, sign in (("ai", "I"), ("ei", "A"), ("oi", "oɪ"), ("au", "W"), ("eu", "eʊ"), ("ou", "oʊ")):
        sounds = sounds.replace(pair, sign)
    return sounds


def _unfolded(marked: str, sounds: str) -> str:
    """The stress marks of one string set into another that differs from it in signs only."""
    plain = iter(sounds)
    return "".join(sign if sign in PRIMARY + SECONDARY else next(plain) for sign in marked)


def phrase_sounds(words: Sequence[str]) -> list[str]:
    """Words said without a pause between them; what one ends with changes what the next begins with."""
    joined = " ".join(word_sounds(word) for word in words)
    joined = _softened(joined)
    return joined.split(" ")


def _softened(sounds: str) -> str:
    """b, d and g between other sounds are breathed, and n takes the place of what follows."""
    sounds = re.sub(r"n(?= ?[ɡx])", "ŋ", sounds)
    sounds = re.sub(r"n(?= ?[bp])", "m", sounds)
    for stop, breathed, before in (("b", "β", "aeɛioujwɪʊIAWɾrlsθð"), ("d", "ð", "aeɛioujwɪʊIAWɾrlsθβ"),
                                   ("ɡ", "ɣ", "aeɛioujwɪʊIAWɾrlsθβð")):  # fmt: skip
        sounds = re.sub(rf"(?<=[{before}])( ?){stop}(?=[ˈˌaeɛiouwjIAWɾlts])", rf"\1{breathed}", sounds)
    return sounds


_SMALL = listed(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
    "veintisiete veintiocho veintinueve"
)
_TENS = listed("- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = listed(
    "- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_ORDINALS = listed("- primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo")


def _below_thousand(number: int) -> str:
    if number == 100:
        return "cien"
    words = [_HUNDREDS[number // 100]] if number >= 100 else []
    rest = number % 100
    if 0 < rest < 30:
        words.append(_SMALL[rest])
    elif rest:
        words.append(_TENS[rest // 10] + (f" y {_SMALL[rest % 10]}" if rest % 10 else ""))
    return " ".join(words)


def _before_noun(words: str) -> str:
    return re.sub(r"veintiuno$", "veintiún", re.sub(r"\buno$", "un", words))


def cardinal(number: int, feminine: bool = False, before: bool = False) -> str:
    """A number of things: 31 is "treinta y uno", "treinta y un" before a noun, "treinta y una" of women."""
    if not number:
        return "cero"
    words = scaled(
        number,
        _below_thousand,
        lambda many: "mil" if many == 1 else f"{_before_noun(_below_thousand(many))} mil",
        (("un millón", "% millones"), ("mil millones", "% mil millones"), ("un billón", "% billones")),
    ).replace("uno mill", "un mill")
    if feminine:
        return re.sub(r"uno$", "una", re.sub(r"cientos", "cientas", words).replace("quinientos", "quinientas"))
    return _before_noun(words) if before else words


def ordinal(number: int, feminine: bool = False) -> str:
    """A place in an order, in words up to the tenth; from there on people count."""
    return gendered(_ORDINALS[number], feminine) if number <= 10 else cardinal(number, feminine)


def _hours(hour: int, minute: int) -> str:
    words = cardinal(hour, feminine=True)
    return f"{words} y {cardinal(minute)}" if minute else f"{words} en punto" if 1 <= hour <= 12 else f"{words} horas"


SPANISH = Tongue(
    code="es",
    phrase_sounds=phrase_sounds,
    cardinal=cardinal,
    ordinal=ordinal,
    hours=_hours,
    minus="menos",
    point="coma",
    to="a",
    conjunction="con",
    first_of_month="uno",
    months=(
        listed("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
    ),
    of_month="de",
    regnal_ordinals_to=10,
    century=frozenset(("siglo", "siglos")),
    century_ordinal=False,
    currencies={
        "€": ("euro", "euros", "céntimo", "céntimos"), "$": ("dólar", "dólares", "centavo", "centavos"),
        "£": ("libra", "libras", "penique", "peniques"), "¥": ("yen", "yenes", "sen", "sen"),
        "R$": ("real", "reales", "centavo", "centavos"),
    },
    units={
        "km": ("kilómetro", "kilómetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"),
        "mm": ("milímetro", "milímetros"), "kg": ("kilogramo", "kilogramos"), "g": ("gramo", "gramos"),
        "l": ("litro", "litros"), "ml": ("mililitro", "mililitros"), "ha": ("hectárea", "hectáreas"),
        "km/h": ("kilómetro por hora", "kilómetros por hora"), "h": ("hora", "horas"), "min": ("minuto", "minutos"),
        "s": ("segundo", "segundos"), "%": ("por ciento", "por ciento"), "°": ("grado", "grados"),
        "°C": ("grado", "grados"), "°F": ("grado Fahrenheit", "grados Fahrenheit"), "GB": ("gigabyte", "gigabytes"),
    },
    symbols={
        "&": "y", "+": "más", "=": "igual a", "@": "arroba", "%": "por ciento", "#": "número", "°": "grados",
        "€": "euros", "$": "dólares", "£": "libras", "/": "partido por", "×": "por", "÷": "entre",
    },
    abbreviations={
        "sr": "señor", "sra": "señora", "srta": "señorita", "dr": "doctor", "dra": "doctora", "d": "don", "dña": "doña",
        "ud": "usted", "uds": "ustedes", "etc": "etcétera", "núm": "número", "nº": "número", "pág": "página",
        "cap": "capítulo", "vol": "volumen", "av": "avenida", "avda": "avenida", "prof": "profesor", "sta": "santa",
        "sto": "santo", "gral": "general", "ej": "ejemplo", "aprox": "aproximadamente", "tel": "teléfono",
    },
    letters=dict(zip(
        "abcdefghijklmnñopqrstuvwxyz",
        listed(
        "a be ce de e efe ge hache i jota ca ele eme ene eñe o pe cu erre ese te u uve uvedoble equis igriega zeta"
    ),
        strict=True,
    )),
    numbered=frozenset(listed("capítulo parte acto escena libro volumen tomo sección fase guerra título artículo")),
    kings=frozenset(listed(
        "alfonso carlos felipe fernando enrique juan pedro jaime sancho isabel luis jorge eduardo guillermo pío "
        "benedicto alejandro napoleón federico catalina pablo gregorio león clemente inocencio urbano ricardo ramiro"
    )),
)  # fmt: skip
