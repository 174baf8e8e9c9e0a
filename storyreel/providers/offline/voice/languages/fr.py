"""French: spelling to sound, the silent e, and the consonants that are heard before a vowel only. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.providers.offline.voice.alphabet import PRIMARY
from storyreel.providers.offline.voice.languages.fr_words import NASAL_ENT, OWN
from storyreel.providers.offline.voice.languages.rules import TILDE, Spelling, listed, nuclei
from storyreel.providers.offline.voice.languages.tongue import Tongue, scaled

_V = "aàâäeéèêëiîïoôöuùûüyœæ"
_C = "bcdfgjklmnpqrstvwxzç"
_AN, _IN, _ON, _UN = f"ɑ{TILDE}", f"ɛ{TILDE}", f"ɔ{TILDE}", f"œ{TILDE}"
_NASAL = f"(?=[{_C}]|$)(?!(?<=n)n)(?!(?<=m)m)"

_SPELLING = Spelling((
    # vowels written with more than one letter
    ("eaux?", "o"), ("aux(?=$)", "o"), ("au", "o"), ("œu(?=[rflbv])", "œ"), ("oeu(?=[rflv])", "œ"),
    ("œufs(?=$)", "ø"), ("œu", "ø"), ("œ", "e"),
    ("oin(?=[^aeiouyn]|$)", f"w{_IN}"), ("oi[tsxe]s?(?=$)", "wa"), ("oient(?=$)", "wa"), ("oî", "wa"), ("oi", "wa"),
    ("oy(?=[aeiouéè])", "waj"),
    ("oue(?=[st]$)", "wɛ"), ("ou(?=[aeiéèêo](?!$|s$|nt$))", "w"), ("où", "u"), ("oû", "u"), ("ou", "u"),
    ("aient(?=$)", "ɛ"), ("ain(?=[^aeiouyn]|$)", _IN), ("aim(?=$)", _IN), ("aî", "ɛ"), ("aill(?=e|è|é|a|o|i)", "aj"),
    ("ail(?=s?$)", "aj"),
    ("ay(?=[aeiouéè])", "ɛj"), ("aï", "ai"), ("ai(?=$)", "e"), ("ai", "ɛ"), ("ay", "ɛ"),
    ("ein(?=[^aeiouyn]|$)", _IN), ("eill", "ɛj"), ("eil(?=s?$)", "ɛj"), ("ei", "ɛ"), ("ey", "ɛ"),
    ("(?<=g)eui", "œj"), ("euill", "œj"), ("euil(?=s?$)", "œj"), ("ueill", "œj"), ("ueil(?=s?$)", "œj"),
    ("eu(?=r$|rs$|res?$|rent$|f$|fs$|ls$|l$|les?$|ve)", "œ"), ("eu", "ø"), ("eû", "ø"),
    # nasal vowels
    (f"an{_NASAL}", _AN), ("am(?=[pb])", _AN), ("(?<=i)en(?=$|s$|t$)", _IN), ("(?<=é)en(?=s?$)", _IN),
    ("(?<=y)en(?=s?$)", _IN),
    ("emm(?=e)", "am"), ("en(?=n[uo])", f"{_AN}"), ("(?<=bi)en", _IN), (f"en{_NASAL}", _AN), ("em(?=[pb])", _AN),
    (f"[iîy]n{_NASAL}", _IN), ("[iy]m(?=[pb])", _IN), (f"on{_NASAL}", _ON), ("om(?=[pb])", _ON), (f"un{_NASAL}", _UN),
    ("um(?=[pb])", _UN),
    ("um(?=$)", "ɔm"), ("(?<=parf)um", _UN),
    # i, u, y before vowels
    ("(?<=[aeo])ill(?=[eéao])", "j"), ("(?<=v)ill(?=es?$|ag|a)", "il"), ("(?<=^m)ill(?=i|e$|es$|é)", "il"),
    ("(?<=qu)ill(?=e$|es$|it)", "il"), ("ill(?=[eéèaouiœ])", "ij"), ("(?<=e)il(?=s?$)", "j"),
    ("(?<=[bcdfgptv][rl])i(?=[éèaoou]|e[^sn]|en[^t]|ent[^$])", "i"), ("(?<=[vt])i(?=ent$|ens$)", "j"),
    ("i(?=es?$|ent$)", "i"), ("i(?=[aeéèêouâô])", "j"), ("ï", "i"), ("i", "i"), ("î", "i"),
    ("y(?=[aeéèouê])", "j"), ("y", "i"), ("u(?=i)", "y"), ("û", "y"), ("ù", "u"), ("ü", "y"), ("u(?=es?$)", "y"),
    ("u", "y"),
    # e
    ("é", "e"), ("ée?s?(?=$)", "e"), ("[èêë]", "ɛ"), ("er(?=$)", "e"), ("(?<=[vf])ers(?=$)", "ɛʁ"), ("ers(?=$)", "e"),
    ("ez(?=$)", "e"), ("et(?=s?$)", "ɛ"), ("e(?=s?$)", "ə"),
    ("e(?=ff|ss)(?<=^e)", "e"), ("e(?=ss|ff|cc|ll|tt|rr|nn|pp)", "ɛ"), ("e(?=x)", "ɛ"), ("e(?=sc|sp|st|rt)", "ɛ"),
    (f"e(?=[{_C}][{_C}])(?!(?:[bcdfgptv][rlh]|gn|qu|ch|ph|th))", "ɛ"), ("e(?=[crflm]$)", "ɛ"),
    ("e(?=fs$|rs$|ls$|ct$|pt$|st$)", "ɛ"), ("(?<=g)e(?=[aoâ])", ""), ("e", "ə"),
    ("â", "a"), ("à", "a"), ("ae?", "a"), ("æ", "e"), ("ô", "o"), ("ö", "o"),
    ("o(?=s?$|t$|ts$|se|z|ts?$|ss|tion|p$|c$)", "o"), ("o", "ɔ"),
    # consonants
    ("bb", "b"), ("(?<=m)b(?=s?$)", ""), ("b", "b"), ("cc(?=[eiéèêy])", "ks"), ("cc", "k"), ("ch(?=r|l|n)", "k"),
    ("ch", "ʃ"), ("c(?=[eiéèêëîy])", "s"), ("cqu?", "k"),
    ("ct(?=s?$)", "kt"), ("(?<=n)c(?=s?$)", ""), ("c", "k"), ("ç", "s"),
    ("dd", "d"), ("ds?(?=$)", ""), ("d", "d"), ("ff", "f"), ("f", "f"),
    ("gn", "ɲ"), ("gg(?=[eiéè])", "ɡʒ"), ("gg", "ɡ"), ("g(?=[eiéèêîy])", "ʒ"), ("gu(?=[eiéèêîy])", "ɡ"),
    ("(?<=n)g(?=s?$)", ""), ("g", "ɡ"),
    ("h", ""), ("j", "ʒ"), ("k", "k"), ("ll", "l"), ("l", "l"), ("mm", "m"), ("m", "m"), ("nn", "n"), ("n", "n"),
    ("ph", "f"), ("pp", "p"), ("ps?(?=$)", ""), ("pt(?=[eai])(?<=com)", "t"), ("p", "p"), ("qu", "k"), ("q", "k"),
    ("rr", "ʁ"), ("rh", "ʁ"), ("r", "ʁ"),
    ("sch", "ʃ"), ("sc(?=[eiéèîy])", "s"), ("ss", "s"), ("sh", "ʃ"), (f"(?<=[{_V}])s(?=[{_V}h])", "z"),
    ("s(?=$)", ""), ("s", "s"),
    ("(?<![sx])tion(?=s?$)", f"sj{_ON}"), ("(?<![sx])t(?=ion)", "s"), ("(?<=[aeé])t(?=ie[lnu])", "s"),
    ("(?<=n)t(?=ie[l])", "s"), ("(?<=ini)t(?=i)", "s"), ("(?<=ra)t(?=ie)", "s"), ("tt", "t"), ("th", "t"),
    ("ts?(?=$)", ""), ("t", "t"),
    ("v", "v"), ("w", "w"), ("(?<=eu)x(?=i)", "z"), ("(?<=[sd]i)x(?=i)", "z"), ("x(?<=^x)", "ɡz"),
    ("(?<=e)x(?=[aeiouyéèêâh])(?<=^ex)", "ɡz"), ("(?<=he)x(?=a)", "ɡz"), ("xc(?=[eiéè])", "ks"), ("x(?=$)", ""),
    ("x", "ks"),
    ("zz", "dz"), ("z(?=$)", ""), ("z", "z"),
    ("a", "a"), ("o", "ɔ"),
))  # fmt: skip

_CLITICS = frozenset(
    listed(
        "le la les l' un une des du de d' au aux à en y et ou que qu' qui ne n' se s' me m' te t' je j' tu il elle on "
        "nous vous ils elles ce c' cet cette ces mon ma mes ton ta tes son sa ses notre votre nos vos leur leurs par "
        "pour dans sur sous avec sans chez si dont où mais car ni vers lui"
    )
)
_LIAISON = {"s": "z", "x": "z", "z": "z", "d": "t", "t": "t", "n": "n"}
_ALWAYS_LINKED = frozenset(
    listed(
        "les des ces mes tes ses nos vos leurs aux un mon ton son en on nous vous ils elles deux trois six dix quels "
        "quelles plusieurs quelques dans sans sous chez très plus moins bien tout petit grand gros bon aucun c'est "
        "est ont sont"
    )
)
_BREATHED = frozenset(
    listed(
        "haut haute hauts hautes hauteur héros hache haie haine hall halte hameau hanche hangar hanter hardi haricot "
        "harpe hasard hâte hausse hérisson hêtre hibou hideux hiérarchie hockey homard honte honteux hors houle huit "
        "huitième hurler hutte hollande hongrie hache havre hurlement handicap harceler oui onze onzième yaourt yacht"
    )
)
"""Words that begin with a vowel but behave as if with a consonant."""


def word_sounds(word: str, *, plural_verb: bool = False) -> str:
    """One word by itself, without its stress, in the voice's alphabet.

    Args:
        plural_verb: whether an ending -ent is that of "ils parlent", which nobody hears.
    """
    letters = word.lower().replace("’", "'")
    if letters not in OWN and "'" in letters:
        first, _, rest = letters.partition("'")
        return _consonants_of(first) + word_sounds(rest, plural_verb=plural_verb)
    if letters in OWN:
        return OWN[letters]
    if "-" in letters:
        return _joined([part for part in letters.split("-") if part])
    if letters.endswith("s") and letters[:-1] in OWN:
        return OWN[letters[:-1]]
    if letters.endswith("ent") and not letters.endswith(("aient", "oient")) and len(letters) > 4:
        if plural_verb or not (NASAL_ENT.search(letters)):
            letters = letters[:-2]  # as "parle"
    elif letters.endswith("amment"):
        letters = letters[:-6] + "ament"
    sounds = _SPELLING.sounds_of(letters)
    return _worn(sounds)


def _joined(parts: Sequence[str]) -> str:
    """A compound: "peut-être", "dit-il"."""
    spoken: list[str] = []
    for place, part in enumerate(parts):
        sounds = word_sounds(part)
        following = parts[place + 1] if place + 1 < len(parts) else ""
        if following in {"il", "ils", "elle", "elles", "on", "être"} and part[-1] in "td" and not sounds.endswith("t"):
            sounds += "t"
        spoken.append(sounds)
    return "".join(spoken)


_ELIDED = {
    "qu": "k", "c": "s", "g": "ʒ", "j": "ʒ", "lorsqu": "lɔʁsk", "puisqu": "pyisk", "jusqu": "ʒysk", "quelqu": "kɛlk",
}  # fmt: skip


def _consonants_of(elided: str) -> str:
    """What stands before an apostrophe: "l'", "qu'"."""
    return _ELIDED.get(elided, re.sub("[^a-z]", "", elided).replace("g", "ɡ"))


_VOWEL = f"[aeiouyøɑɔɛœ]{TILDE}?"
_CONSONANT = "[bdfɡklmnpstvzʃʒɲʁj]"
_MUTE = re.compile(f"({_VOWEL}{_CONSONANT})ə(?={_CONSONANT}[jwyʁl]?{_VOWEL})")
_HIGH_O = re.compile(f"ɔ(?!{TILDE})(?=(?:{_CONSONANT}|[bdfɡkptv][lʁ]|{_CONSONANT}[jw])[aeiouyøɑɔɛœə])")


def _worn(sounds: str) -> str:
    """Without the e that nobody says, at the end and between single consonants; an o in an open syllable is close."""
    if len(nuclei(sounds)) > 1:
        sounds = re.sub("ə$", "", sounds)
    sounds = _MUTE.sub(r"\1", sounds)
    return _HIGH_O.sub("o", sounds)


def _with_stress(sounds: str) -> str:
    """The last full vowel of a word carries the stress."""
    middles = [place for place in nuclei(sounds) if sounds[place] != "ə"] or nuclei(sounds)
    if not middles:
        return sounds
    return sounds[: middles[-1]] + PRIMARY + sounds[middles[-1] :]


def _begins_with_vowel(word: str) -> bool:
    return word[:1] in _V + "h" and word not in _BREATHED


def phrase_sounds(words: Sequence[str]) -> list[str]:
    """Words said without a pause between them, with the consonants that link them."""
    small = [word.lower().replace("’", "'") for word in words]
    spoken: list[str] = []
    for place, letters in enumerate(small):
        before = small[place - 1] if place else ""
        sounds = word_sounds(letters, plural_verb=before in {"ils", "elles", "qui"} or before.endswith("s"))
        following = small[place + 1] if place + 1 < len(small) else ""
        if following and _begins_with_vowel(following) and letters in _ALWAYS_LINKED and letters[-1] in _LIAISON:
            linking = _LIAISON[letters[-1]]
            if letters in {"six", "dix"}:
                sounds = sounds[:-1]
            if not sounds.endswith(linking):
                sounds = _denasalised(letters, sounds) + linking
        if letters in {"six", "dix"} and following and not _begins_with_vowel(following):
            sounds = sounds[:-1]
        if letters not in _CLITICS or place + 1 == len(small):
            sounds = _with_stress(sounds)
        spoken.append(sounds)
    return spoken


def _denasalised(letters: str, sounds: str) -> str:
    """ "bon ami" has no nasal vowel any more."""
    return "bɔ" if letters == "bon" else sounds


_SMALL = listed(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf"
)
_TENS = listed("- dix vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    tens, rest = divmod(number, 10)
    if tens in (7, 9):
        rest += 10
    if not rest:
        return _TENS[tens] + ("s" if tens == 8 else "")
    joint = " et " if rest in (1, 11) and tens < 8 else "-"
    return f"{_TENS[tens]}{joint}{_SMALL[rest]}"


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [] if not hundreds else ["cent"] if hundreds == 1 else [_SMALL[hundreds], "cent" if rest else "cents"]
    return " ".join([*words, *([_below_hundred(rest)] if rest else [])])


def _thousands(many: int) -> str:
    if many == 1:
        return "mille"
    words = _below_thousand(many)  # "deux cents", "quatre-vingts", but "deux cent mille"
    return f"{words.removesuffix('s') if words.endswith(('cents', 'vingts')) else words} mille"


def cardinal(number: int, feminine: bool = False, before: bool = False) -> str:
    """A number of things: 71 is "soixante et onze", 21 "vingt et une" of women."""
    if not number:
        return "zéro"
    words = scaled(
        number,
        _below_thousand,
        _thousands,
        (("un million", "% millions"), ("un milliard", "% milliards"), ("un billion", "% billions")),
    )
    return words + "e" if feminine and number % 10 == 1 and number % 100 not in (11, 71, 91) else words


def ordinal(number: int, feminine: bool = False) -> str:
    """A place in an order: 1 is "premier", 9 "neuvième", 21 "vingt et unième"."""
    if number == 1:
        return "première" if feminine else "premier"
    words = cardinal(number).removesuffix("s") if not cardinal(number).endswith("trois") else cardinal(number)
    for ending, own in (("cinq", "cinqu"), ("neuf", "neuv"), ("quatre", "quatr"), ("e", "")):
        if words.endswith(ending):
            return words[: len(words) - len(ending)] + own + "ième"
    return words + "ième"


def _hours(hour: int, minute: int) -> str:
    words = f"{cardinal(hour, feminine=True)} {'heure' if hour < 2 else 'heures'}"
    return f"{words} {cardinal(minute)}" if minute else words


FRENCH = Tongue(
    code="fr",
    phrase_sounds=phrase_sounds,
    cardinal=cardinal,
    ordinal=ordinal,
    hours=_hours,
    minus="moins",
    point="virgule",
    to="à",
    conjunction="et",
    first_of_month="premier",
    months=(
        listed("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
    ),
    of_month="",
    regnal_ordinals_to=1,
    century=frozenset(("siècle", "siècles")),
    century_ordinal=True,
    currencies={
        "€": ("euro", "euros", "centime", "centimes"), "$": ("dollar", "dollars", "cent", "cents"),
        "£": ("livre", "livres", "penny", "pence"), "¥": ("yen", "yens", "sen", "sen"),
        "R$": ("real", "réaux", "centavo", "centavos"),
    },
    units={
        "km": ("kilomètre", "kilomètres"), "m": ("mètre", "mètres"), "cm": ("centimètre", "centimètres"),
        "mm": ("millimètre", "millimètres"), "kg": ("kilogramme", "kilogrammes"), "g": ("gramme", "grammes"),
        "l": ("litre", "litres"), "ml": ("millilitre", "millilitres"), "ha": ("hectare", "hectares"),
        "km/h": ("kilomètre à l'heure", "kilomètres à l'heure"), "h": ("heure", "heures"), "min": ("minute", "minutes"),
        "s": ("seconde", "secondes"), "%": ("pour cent", "pour cent"), "°": ("degré", "degrés"),
        "°C": ("degré", "degrés"),
        "°F": ("degré Fahrenheit", "degrés Fahrenheit"), "Go": ("gigaoctet", "gigaoctets"),
    },
    symbols={
        "&": "et", "+": "plus", "=": "égale", "@": "arobase", "%": "pour cent", "#": "numéro", "°": "degrés",
        "€": "euros", "$": "dollars", "£": "livres", "/": "sur", "×": "fois", "÷": "divisé par",
    },
    abbreviations={
        "m": "monsieur", "mme": "madame", "mlle": "mademoiselle", "mm": "messieurs", "dr": "docteur",
        "pr": "professeur",
        "etc": "et cétéra", "p": "page", "vol": "volume", "chap": "chapitre", "st": "saint", "ste": "sainte",
        "av": "avenue",
        "bd": "boulevard", "env": "environ", "tél": "téléphone", "ex": "exemple", "n°": "numéro",
    },
    letters=dict(zip(
        "abcdefghijklmnopqrstuvwxyz",
        listed("a bé cé dé e effe gé ache i ji ka elle emme enne o pé qu erre esse té u vé doublevé ixe igrec zède"),
        strict=True,
    )),
    numbered=frozenset(listed("chapitre partie acte scène livre volume tome section phase guerre titre article")),
    kings=frozenset(listed(
        "louis charles henri philippe françois napoléon jean pierre paul guillaume georges édouard richard catherine "
        "pie benoît alexandre frédéric nicolas léopold albert léon clément innocent urbain grégoire robert"
    )),
)  # fmt: skip
