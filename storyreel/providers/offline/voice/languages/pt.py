"""Brazilian Portuguese: spelling to sound. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.providers.offline.voice.alphabet import PRIMARY
from storyreel.providers.offline.voice.languages.rules import TILDE, Spelling, listed, stressed, with_secondary
from storyreel.providers.offline.voice.languages.tongue import Tongue, gendered, scaled

_V = "aeiouáéíóúâêôàãõ"
_SPELLING = Spelling((
    ("ch", "ʃ"), ("sc(?=[eiéíê])", "s"), ("xc(?=[eiéíê])", "s"), ("c(?=[eiéíê])", "s"), ("ç", "s"), ("c", "k"),
    ("qu(?=[eiéíê])", "k"), ("qu", "kw"), ("gu(?=[eiéíê])", "ɡ"), ("gu(?=[aoáó])", "ɡw"), ("g(?=[eiéíê])", "ʒ"),
    ("g", "ɡ"),
    ("lh", "lj"), ("nh", "ɲ"), ("h", ""), ("j", "ʒ"),
    (f"l(?=[{_V}h])", "l"), ("(?<=[aáeéêií])l", "ʊ"), ("l(?=$|[^h])", "ʊ"), ("l", "l"),
    ("rr", "x"), ("r(?<=^r)", "x"), ("(?<=[nls])r", "x"), (f"(?<=[{_V}])r(?=[{_V}])", "ɾ"),
    ("r(?=[^aeiouáéíóúâêôàãõ])", "ɾ"), ("r", "r"),
    ("ss", "s"), (f"(?<=[{_V}])s(?=[{_V}bdglmnrv])", "z"), ("s", "s"), (f"(?<=[{_V}])z(?=[{_V}])", "z"),
    ("z(?=$)", "s"), ("z", "z"),
    ("x(?<=^ex)(?=[aeiouáéíóúâê])", "z"), ("x(?<=^ex)", "s"), ("x(?<=^x)", "ʃ"), ("(?<=pró)x", "s"), ("(?<=aux)x", "s"),
    ("(?<=má)x", "s"), ("(?<=tá)x", "ks"), ("(?<=fi)x", "ks"), ("(?<=se)x", "ks"), ("(?<=ne)x", "ks"),
    ("(?<=sinta)x", "ks"), ("x", "ʃ"),
    ("t(?=[iíy])", "ʧ"), ("te(?=s?$)", "ʧy"), ("d(?=[iíy])", "ʤ"), ("de(?=s?$)", "ʤy"), ("t", "t"), ("d", "d"),
    ("ão", "ˈɐ̃ʊ̃"), ("ãe", "ˈɐ̃y"), ("õe", f"ˈo{TILDE}j"), ("ã", "ˈɐ̃"),
    ("am(?=$)", "ɐ̃ʊ̃"), ("êm(?=$)", "ˈAŋ"), ("ém(?=$)", "ˈAŋ"), ("em(?=$)", "Aŋ"), ("éns(?=$)", "ˈAŋs"),
    ("ens(?=$)", "Aŋs"),
    ("[aâ]m(?=[pb])", "ɐ̃m"), ("âm(?=[pb])", "ˈɐ̃m"), ("ân(?=[^aeiouáéíóúâêôãõh])", "ˈɐ̃ŋ"),
    ("an(?=[^aeiouáéíóúâêôãõh]|$)", "ɐ̃ŋ"), ("a(?=n[aeiouáéíóúâêôãõh])", "a"), ("ên(?=[^aeiouáéíóúâêôãõh])", "ˈAŋ"),
    ("êm(?=[pb])", "ˈAm"), ("em(?=[pb])", "Am"), ("en(?=[^aeiouáéíóúâêôãõh]|$)", "Aŋ"),
    ("im(?=$)", "iŋ"), ("in(?=[^aeiouáéíóúâêôãõh])", "iŋ"), ("om(?=$)", "oŋ"), ("on(?=[^aeiouáéíóúâêôãõh]|$)", "oŋ"),
    ("ui(?=tos?$|tas?$)(?<=^mui)", "wˈiŋ"), ("um(?=$|[pb])", f"u{TILDE}ŋ"), ("uns(?=$)", f"u{TILDE}ŋs"),
    ("un(?=[^aeiouáéíóúâêôãõh])", f"u{TILDE}ŋ"), ("õ", f"ˈo{TILDE}"),
    ("á", "ˈa"), ("à", "a"), ("â", "ˈɐ"), ("é", "ˈɛ"), ("ê", "ˈe"), ("í", "ˈi"), ("ó", "ˈɔ"), ("ô", "ˈo"),
    ("ú", "ˈu"), ("ü", "u"),
    ("a", "a"), ("e", "e"), ("i", "i"), ("o", "o"), ("u", "u"), ("y", "i"),
    ("b", "b"), ("f", "f"), ("k", "k"), ("m", "m"), ("n", "n"), ("p", "p"), ("v", "v"), ("w", "w"),
))  # fmt: skip

_UNSTRESSED = frozenset(
    listed("a as o os e de do da dos das em no na nos nas um uma por para com que se me te lhe ao à ou")
)
# Stressed e and o are open but before m and n, in these endings and in these words.
_CLOSE = re.compile(
    r"(?:e[zs]as?|ez|eses|es[ae]s?(?<=[e]sas)|or|ores|oso|osos|er|erem|esse[ms]?|este[s]?|ele[s]?|eco|ego|edo|oa|oas|oo|"
    r"oro|eja|ejo|"
    r"elho|elha|elhos|elhas|eu|eus|ou|ei|e[mn]\w*|o[mn]\w*)$"
)
_CLOSE_WORDS = frozenset(
    listed(
        """como corpo corpos acordo força preço mesmo mesma mesmos mesmas preto preta pretos cedo medo segredo dedo
    cabelo cabelos hoje jogo fogo lobo povo ovo novo gosto rosto posto outono sopa boca moça toda todo todos todas poço
    olho osso porto morto torto bolo bolso sonho vejo beijo peixe gelo pelo selo verde vermelho pescoço almoço
    agosto endereço começo esforço conforto socorro cachorro forno torno dor cor flor amor senhor doutor ser ter ver
    fazer dizer poder você avô boa lua pessoa lagoa coroa estrela negro negra letra cesta sexta rede parede mês três
    vez voz luz roxo rosto coisa louco pouco sobre pela pelo pelas pelos cabeça vezes fez meses começa foram fosse
    esquerda garoto garota verdes redes pedro rodrigo esposo escolha folha rolha bolha tivesse desse"""
    )
)
_OPEN_WORDS = frozenset(
    listed("melhor maior menor pior suor mulher quer qualquer colher esta essa desta dessa nesta nessa")
)


def word_sounds(word: str) -> str:
    """One word by itself, in the voice's alphabet."""
    letters = word.lower()
    sounds = _with_glides(_SPELLING.sounds_of(letters))
    if letters in _UNSTRESSED:
        return "i" if letters == "e" else _worn(sounds)
    last = not re.search(r"(?:[aeo]s?|[ae]m|ens)$", letters)
    if PRIMARY not in sounds:
        sounds = _stressed(sounds, 1 if last else 2)
    elif sounds.count(PRIMARY) > 1:  # a nasal beside a written accent: "órfão"
        first = sounds.index(PRIMARY)
        sounds = sounds[: first + 1] + sounds[first + 1 :].replace(PRIMARY, "")
    return with_secondary(_vowels(letters, sounds))


def _stressed(sounds: str, from_end: int) -> str:
    """By syllables, the second parts of falling diphthongs and tildes not being any."""
    marked = stressed(re.sub(rf"(?<=[aeiouɛɔɐ{TILDE}])(?:[ʊy](?={TILDE})|[ʊɪ])", "w", sounds), from_end)
    place = marked.find(PRIMARY)
    return sounds[:place] + PRIMARY + sounds[place:] if place >= 0 else sounds


def _with_glides(sounds: str) -> str:
    """i and u before and after other vowels, where they make no syllable of their own."""
    sounds = re.sub(r"(?<=[^aeioukɡˈ])i(?=[aoe]s?$)", _glide_or_not, sounds)
    sounds = sounds.replace("ei", "A").replace("ai", "I").replace("oi", "oɪ").replace("ui", "uɪ")
    return sounds.replace("au", "W").replace("aʊ", "W").replace("eu", "eʊ").replace("ou", "ow").replace("iu", "iʊ")


def _glide_or_not(found: re.Match[str]) -> str:
    """ "história" has its stress written before; "energia" has none and is stressed on this very i."""
    return "j" if PRIMARY in found.string[: found.start()] else "i"


def _vowels(letters: str, sounds: str) -> str:
    """Open vowels under the stress, worn ones without it, a breath after r before a consonant."""
    sounds = re.sub(r"a(?=[mnɲ])(?<=ˈa)", f"ɐ{TILDE}", sounds)
    if not re.search("[êô]", letters) and (
        letters in _OPEN_WORDS or not (letters in _CLOSE_WORDS or _CLOSE.search(letters))
    ):
        sounds = re.sub(r"ˈe(?![mnɲʊ])", "ˈɛ", sounds)
        sounds = re.sub(r"ˈo(?![mnɲɪw])", "ˈɔ", sounds)
    sounds = _worn(sounds)
    sounds = re.sub(r"(?<!ˈ)a(?=[mnɲ])", "æ", sounds)
    return re.sub(r"ɾ(?=[bdfɡkmnpstvzʃʒʧʤxlɲ])", "ɾə", sounds)


def _worn(sounds: str) -> str:
    """Last vowels without stress: "leite", "livro"."""
    sounds = re.sub(r"(?<!ˈ)e(s?)$", r"y\1", sounds)
    sounds = re.sub(r"(?<!ˈ)o(s?)$", r"ʊ\1", sounds)
    return re.sub(r"(?<=[^\Wˈ])(?<!ˈ)a(s?)$", r"æ\1", sounds)


def phrase_sounds(words: Sequence[str]) -> list[str]:
    """Words said without a pause between them."""
    return [word_sounds(word) for word in words]


_SMALL = listed(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove"
)
_TENS = listed("- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_HUNDREDS = listed("- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos")
_ORDINALS = listed("- primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo")


def _below_thousand(number: int) -> str:
    if number == 100:
        return "cem"
    words = [_HUNDREDS[number // 100]] if number >= 100 else []
    rest = number % 100
    if rest >= 20:
        words.append(_TENS[rest // 10])
        rest %= 10
    if rest:
        words.append(_SMALL[rest])
    return " e ".join(words)


def cardinal(number: int, feminine: bool = False, before: bool = False) -> str:
    """A number of things: 231 is "duzentos e trinta e um", "duzentas e trinta e uma" of women."""
    if not number:
        return "zero"
    words = scaled(
        number,
        _below_thousand,
        lambda many: "mil" if many == 1 else f"{_below_thousand(many)} mil",
        (("um milhão", "% milhões"), ("um bilhão", "% bilhões"), ("um trilhão", "% trilhões")),
    )
    rest = number % 1000
    if number > 1000 and rest and (rest < 100 or rest % 100 == 0):
        words = re.sub(rf" (?={_below_thousand(rest)}$)", " e ", words)
    if feminine:
        words = re.sub(r"\bum$", "uma", re.sub(r"\bdois$", "duas", words.replace("entos", "entas")))
    return words


def ordinal(number: int, feminine: bool = False) -> str:
    """A place in an order, in words up to the tenth; from there on people count."""
    return gendered(_ORDINALS[number], feminine) if number <= 10 else cardinal(number, feminine)


def _hours(hour: int, minute: int) -> str:
    words = cardinal(hour, feminine=True)
    return f"{words} e {cardinal(minute)}" if minute else f"{words} {'hora' if hour < 2 else 'horas'}"


PORTUGUESE = Tongue(
    code="pt",
    phrase_sounds=phrase_sounds,
    cardinal=cardinal,
    ordinal=ordinal,
    hours=_hours,
    minus="menos",
    point="vírgula",
    to="a",
    conjunction="e",
    first_of_month="primeiro",
    months=(
        listed("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro")
    ),
    of_month="de",
    regnal_ordinals_to=10,
    century=frozenset(("século", "séculos")),
    century_ordinal=False,
    currencies={
        "€": ("euro", "euros", "cêntimo", "cêntimos"), "$": ("dólar", "dólares", "centavo", "centavos"),
        "£": ("libra", "libras", "pêni", "pence"), "¥": ("iene", "ienes", "sen", "sen"),
        "R$": ("real", "reais", "centavo", "centavos"),
    },
    units={
        "km": ("quilômetro", "quilômetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"),
        "mm": ("milímetro", "milímetros"), "kg": ("quilo", "quilos"), "g": ("grama", "gramas"),
        "l": ("litro", "litros"),
        "ml": ("mililitro", "mililitros"), "ha": ("hectare", "hectares"), "h": ("hora", "horas"),
        "s": ("segundo", "segundos"),
        "km/h": ("quilômetro por hora", "quilômetros por hora"), "min": ("minuto", "minutos"),
        "GB": ("gigabyte", "gigabytes"),
        "%": ("por cento", "por cento"), "°": ("grau", "graus"), "°C": ("grau", "graus"),
        "°F": ("grau Fahrenheit", "graus Fahrenheit"),
    },
    symbols={
        "&": "e", "+": "mais", "=": "igual a", "@": "arroba", "%": "por cento", "#": "número", "°": "graus",
        "€": "euros", "$": "dólares", "£": "libras", "/": "sobre", "×": "vezes", "÷": "dividido por",
    },
    abbreviations={
        "sr": "senhor", "sra": "senhora", "srta": "senhorita", "dr": "doutor", "dra": "doutora", "d": "dom",
        "prof": "professor",
        "profa": "professora", "etc": "et cétera", "pág": "página", "cap": "capítulo", "vol": "volume", "av": "avenida",
        "nº": "número", "n": "número", "tel": "telefone", "ex": "exemplo", "aprox": "aproximadamente",
    },
    letters=dict(zip(
        "abcdefghijklmnopqrstuvwxyz",
        listed("a bê cê dê é efe gê agá i jota cá ele eme ene ó pê quê erre esse tê u vê dáblio xis ípsilon zê"),
        strict=True,
    )),
    numbered=frozenset(listed("capítulo parte ato cena livro volume tomo seção fase guerra título artigo")),
    kings=frozenset(listed(
        "afonso carlos filipe fernando henrique joão pedro manuel sancho isabel luís jorge eduardo guilherme pio "
        "bento alexandre napoleão frederico catarina paulo gregório leão clemente inocêncio urbano ricardo maria josé"
    )),
)  # fmt: skip
