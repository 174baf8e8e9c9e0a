"""Names from other languages as English speakers say them, where the dictionary or the letters would mislead. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from storyreel.providers.offline.voice.alphabet import CONSONANTS, VOWELS

# By their letters without accents, in the voice's alphabet as Americans say them.
_LISTED = """
siobhan ʃəvˈɔn, niamh nˈiv, saoirse sˈɜɹʃə, aoife ˈifə, caoimhe kˈivə, ciaran kˈiɹən, cillian kˈɪliən, sinead ʃɪnˈAd,
oisin əʃˈin, tadhg tˈIɡ, eoghan ˈOən, padraig pˈɔdɹɪɡ, maeve mˈAv, grainne ɡɹˈɔnjə, roisin ɹOʃˈin, aisling ˈæʃlɪŋ,
eilidh ˈAli, ruaridh ɹˈʊəɹi, hamish hˈAmɪʃ, llewelyn luˈɛlɪn, rhys ɹˈis, ieuan jˈIən, angharad æŋhˈæɹəd, sian ʃˈɑn,
nguyen wˈɪn, tran ʧˈɑn, xi ʃˈi, xiao ʃˈW, qing ʧˈɪŋ, zhang ʤˈɑŋ, zhou ʤˈO, cao ʦˈW, xu ʃˈu, qian ʧjˈɛn, guo ɡwˈO,
joaquin wɑkˈin, guillermo ɡijˈɛɹmO, jorge hˈɔɹhA, javier hɑvjˈɛɹ, xavier zˈAvjəɹ, jose hOzˈA, juan wˈɑn, juana wˈɑnə,
jesus hAsˈus, jaime hˈImA, jimenez hɪmˈɛnɛz, ximena hɪmˈAnə, ojeda OhˈAdə, trujillo tɹuhˈijO, castillo kæstˈijO,
raul ɹɑˈul, ramon ɹɑmˈOn, sofia sOfˈiə, begona bAɡˈOnjə, munoz munjˈOz, nino nˈinjO, senor sAnjˈɔɹ, senora sAnjˈɔɹə,
senorita sˌAnjɔɹˈiTə, quixote kihˈOTi, guadalajara ɡwˌɑdələhˈɑɹə, tijuana tˌiəwˈɑnə, oaxaca wɑhˈɑkə, jalisco həlˈɪskO,
francois fɹɑnswˈɑ, francoise fɹɑnswˈɑz, jean-luc ʒɑnlˈuk, jean-pierre ʒɑnpjˈɛɹ, jean-paul ʒɑnpˈɔl, jacques ʒˈɑk,
guillaume ɡijˈOm, benoit bɛnwˈɑ, renee ɹənˈA, rene ɹənˈA, chloe klˈOi, zoe zˈOi, noel nOˈɛl, aimee AmˈA, helene AlˈɛN,
thierry tjɛɹˈi, yves ˈiv, yvette ivˈɛt, gilles ʒˈil, georges ʒˈɔɹʒ, etienne ˌAtiˈɛn, remy ɹˈAmi, amelie ˌæməlˈi,
agnes ˈæɡnəs, moliere mOljˈɛɹ, voltaire vOltˈɛɹ, rousseau ɹusˈO, renoir ɹˈɛnwɑɹ, monet mOnˈA, manet mænˈA, degas dəɡˈɑ,
cezanne sAzˈæn, gauguin ɡOɡˈæn, arles ˈɑɹl, marseille mɑɹsˈA, lyon liˈɔn, reims ɹˈænz, cannes kˈæn, nice nˈis,
versailles vɛɹsˈI, calais kælˈA, ypres ˈipɹə, bruges bɹˈuʒ, liege liˈAʒ, ghent ɡˈɛnt, loire lwˈɑɹ, seine sˈAn,
goethe ɡˈɜɹTə, nietzsche nˈiʧə, schroedinger ʃɹˈOdɪŋəɹ, schrodinger ʃɹˈOdɪŋəɹ, mueller mjˈulɚ, gunther ɡˈʊntəɹ,
juergen jˈɜɹɡən, jurgen jˈɜɹɡən, heinz hˈInts, dietrich dˈitɹɪk, wolfgang wˈʊlfɡæŋ, johann jˈOhɑn, johannes jOhˈɑnəs,
soren sˈɔɹən, bjorn bjˈɔɹn, bjork bjˈɔɹk, kjell ʃˈɛl, kjorvik kjˈɔɹvɪk, asbjorn ˈæsbjɔɹn, thorbjorn tˈɔɹbjɔɹn,
joergen jˈɜɹɡən, jorgen jˈɜɹɡən, hjalmar jˈælmɑɹ, ake ˈOkə, hakan hˈOkɑn, aase ˈOsə, solveig sˈOlvA, sigrid sˈɪɡɹɪd,
reykjavik ɹˈAkjəvˌɪk, lukasz lˈukæʃ, wojciech vˈYʧɛk, krzysztof kʃˈɪʃtɔf, zbigniew zbˈɪɡnjɛf, agnieszka ˌɑɡnjˈɛʃkə,
walesa vəwˈɛnsə, lodz wˈuʤ, krakow kɹˈækW, wroclaw vɹˈɔtslɑf, kowalski kəvˈɑlski, nowak nˈOvɑk, zofia zˈOfjə,
zsofia ʒˈOfiə, gyorgy ʤˈɔɹʤ, laszlo lˈæzlO, bartok bˈɑɹtɔk, liszt lˈɪst, dvorak dvˈɔɹʒɑk, janacek jˈænəʧɛk, jiri jˈɪɹi,
jan jˈɑn, mikhail mɪkˌhɑˈil, yevgeny jɛvɡˈAni, dmitri dəmˈitɹi, nikolai nˈɪkəlI, chekhov ʧˈɛkɔf, pushkin pˈʊʃkɪn,
giuseppe ʤusˈɛpi, giulia ʤˈuliə, giacomo ʤˈɑkəmO, giorgio ʤˈɔɹʤO, luigi luˈiʤi, chiara kiˈɑɹə, gianni ʤˈɑni,
guglielmo ɡuljˈɛlmO, guido ɡwˈidO, caravaggio kˌæɹəvˈɑʤO, modigliani mˌOdɪljˈɑni, bologna bəlˈOnjə, cinque ʧˈɪŋkwA,
joao ʒwˈW, goncalo ɡɔnsˈɑlO, guimaraes ɡˌimɑɹˈInʃ, sao sˈW, ngozi əŋɡˈOzi, oluwaseun ˌOlˌuwəʃˈAun, chukwu ʧˈukwu,
celik ʧˈɛlɪk, sirin ʃˈɪɹɪn, ozgur ˈɔzɡʊɹ, gokhan ɡˈɔkhɑn, erdogan ˈɛɹdəwɑn, ahmed ˈɑmɛd, fatima fˈætɪmə, aisha iˈiʃə,
hiroshi hɪɹˈOʃi, haruki hˈɑɹuki, akira əkˈɪɹə, kyoto kiˈOtO, ryu ɹˈju, worcester wˈʊstəɹ, elowen ˈɛləwən
"""


def _read() -> Mapping[str, str]:
    listed: dict[str, str] = {}
    for entry in _LISTED.replace("\n", " ").split(", "):
        name, sounds = entry.split()
        listed[name] = sounds.replace("N", "n").replace("ɚ", "əɹ")
    return listed


NAMES: Mapping[str, str] = _read()
_PLAIN = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "Ø": "O", "Ł": "L",
    "Đ": "D", "Ð": "D", "Þ": "Th", "Æ": "Ae", "Œ": "Oe", "İ": "I",
})  # fmt: skip
# Words of English that only look like one of the names where they are written without a capital or an accent.
_ONLY_WITH_ACCENT = frozenset(
    ("jesus", "jose", "rene", "nino", "noel", "raul", "ramon", "sofia", "senor", "cao", "nice")
)


def plain_letters(word: str) -> str:
    """A word in the letters a to z as far as they go: "Søren", "Łukasz", "Zoë" without their marks."""
    decomposed = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def foreign_name(word: str, *, british: bool) -> str | None:
    """The sounds of a listed name in the voice's alphabet; None where it is not listed or is a plain English word."""
    plain = plain_letters(word).lower()
    if not word[:1].isupper() or plain not in NAMES:
        return None
    if plain in _ONLY_WITH_ACCENT and plain == word.lower():
        return None
    return _as_british(NAMES[plain]) if british else NAMES[plain]


def _as_british(sounds: str) -> str:
    sounds = sounds.replace("O", "Q").replace("T", "t")
    sounds = re.sub("ɑ(?!ː)", "ɑː", sounds)
    sounds = re.sub("ˈ([iu])", r"ˈ\1ː", sounds)
    # r is heard before vowels only, and lengthens what stands before it
    before_vowel = "".join(VOWELS) + "ˈˌj"
    sounds = re.sub(rf"ɔɹ(?![{before_vowel}])", "ɔː", sounds)
    sounds = re.sub(rf"ɜɹ(?![{before_vowel}])", "ɜː", sounds)
    sounds = re.sub(rf"ɛɹ(?![{before_vowel}])", "ɛː", sounds)
    return re.sub(rf"ɹ(?=$|[{''.join(CONSONANTS - frozenset('ɹ'))}])", "", sounds)
