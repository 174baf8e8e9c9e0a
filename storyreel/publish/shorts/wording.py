"""What words promise: whether a sentence stands alone, draws a listener in, or turns a story. Pure, by word lists.

Languages without a list are judged by their punctuation alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from storyreel.timeline.scripts import is_unspaced, join_words

_QUOTES = '"“”«»„‟'
_SAID = re.compile(rf"[{_QUOTES}]?\s*([^{_QUOTES}]+[!?,！？，])[{_QUOTES}]")
_FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# First words that lean on a sentence before them: pronouns without their noun, and words that go on.
_LEANING: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        "he she it they him her them his hers its their theirs this that these those such so and but or nor because "
        "then therefore thus hence also too otherwise instead however meanwhile which whose who's he's she's it's "
        "they're that's there's he'd she'd they'd he'll she'll they'll it'd it'll".split()
    ),
    "de": frozenset(
        "er sie es ihm ihn ihr ihnen sein seine ihre dies diese dieser dieses das jener jene und aber oder denn weil "
        "dann deshalb darum daher auch sonst jedoch welche welcher".split()
    ),
    "fr": frozenset(
        "il elle ils elles lui leur leurs son sa ses ce cela ça ces celui celle et mais ou donc car parce puis alors "
        "aussi ainsi cependant c'est".split()
    ),
    "es": frozenset(
        "él ella ellos ellas le les su sus esto eso este esta ese esa aquel y pero o porque entonces luego también "
        "así además sin embargo".split()
    ),
}
_TURNS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(suddenly|until (?:one|that|the)|turn(?:s|ed) out|the truth|secret|nobody (?:knew|told|had)|no one knew|"
        r"realis?zed?|realised|discover(?:ed|s)|revealed|confess(?:ed)?|but (?:it was|then|when|what|the)|"
        r"never (?:came|returned|been|again|told|existed)|all along|had been (?:me|him|her|there|dead)|"
        r"it was (?:me|him|her) (?:who|all)|impossible|vanished|at last|for the first time|the only (?:one|thing)|"
        r"betrayed|lied|was not (?:what|who|the)|wasn['’]t (?:what|who|the))\b",
        re.IGNORECASE,
    ),
    "de": re.compile(r"\b(plötzlich|auf einmal|in wahrheit|geheimnis|niemand wusste|stellte sich heraus|nie wieder|"
                     r"zum ersten mal|unmöglich|verschwunden|endlich|entdeckte)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(soudain|tout à coup|en vérité|la vérité|secret|personne ne savait|jamais|impossible|disparu|"
                     r"pour la première fois|enfin|découvrit)\b", re.IGNORECASE),
    "es": re.compile(r"\b(de repente|la verdad|secreto|nadie sabía|resultó|nunca más|imposible|desapareció|"
                     r"por primera vez|por fin|descubrió)\b", re.IGNORECASE),
}  # fmt: skip
_HOOKS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(you|your|why|how|what if|imagine|never|nobody|no one|everyone|secret|worst|best|first|last|only|mistake|"
        r"truth|dead|die|died|kill|lost|money|wrong|dangerous|must|stop|listen|once)\b",
        re.IGNORECASE,
    )
}
_STRONG: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(love[ds]?|hate[ds]?|afraid|fear|scream(?:ed)?|cried|tears|laugh(?:ed|ing|ter)?|fire|storm|blood|death|"
        r"terrible|beautiful|amazing|incredible|crazy|furious|wept|miracle|monster|escape[ds]?|shouted|whispered)\b",
        re.IGNORECASE,
    )
}


def leans_on_before(text: str, language: str) -> bool:
    """Whether a text begins with a word that only what was said before it explains: "He ...", "And then ..."."""
    found = _WORD.search(text)
    return found is not None and found.group().lower().replace("’", "'") in _LEANING.get(_code(language), frozenset())


def telling(text: str, language: str) -> float:
    """How much a sentence has to tell, 0 to 1: a turn, an exclamation, a question, strong words."""
    code, score = _code(language), 0.0
    if code in _TURNS:
        score += min(2, len(_TURNS[code].findall(text))) * 0.45
    if code in _STRONG:
        score += min(2, len(_STRONG[code].findall(text))) * 0.15
    score += 0.2 * any(mark in text for mark in "!！") + 0.15 * any(mark in text for mark in "?？؟")
    score += 0.1 * any(mark in text for mark in '“”«»„"')
    return min(1.0, score)


def hook(text: str, language: str) -> float:
    """How much the first words of a short make one stay, 0 to 1.

    Args:
        text: what is said in the first three seconds.
    """
    if not text:
        return 0.0
    code, score = _code(language), 0.2 if text[:1].isupper() else 0.0
    if code in _HOOKS:
        score += min(2, len(_HOOKS[code].findall(text))) * 0.25
    score += 0.3 * any(mark in text for mark in "?？؟!！") + 0.15 * bool(re.search(r"\d", text))
    return min(1.0, score + 0.5 * telling(text, language))


def headline(sentences: Sequence[str], language: str, most: int = 44) -> str:
    """A hook title from what is said: the most telling sentence that fits, else the first words of the first; or ""."""
    if not sentences:
        return ""
    fitting = [text for text in sentences if len(text) <= most and not leans_on_before(text, language)]
    if fitting:

        def promise(text: str) -> float:
            few = len(_WORD.findall(_bare(text))) < _FEWEST_WORDS and not any(map(is_unspaced, text))
            return hook(text, language) + telling(text, language) - few

        return _bare(max(fitting, key=promise))
    words: list[str] = []
    for word in sentences[0].split():
        if len(join_words([*words, word])) > most - 1:
            break
        words.append(word)
        if len(words) > 3 and word.endswith((",", ";", ":", "—")):
            break
    return _bare(join_words(words) or sentences[0][: most - 1]) + "…"


def _bare(text: str) -> str:
    """A text as a title: what is said in it if somebody speaks, and no quotation marks, which might stay open."""
    said = _SAID.match(text)
    words = said.group(1) if said else "".join(character for character in text if character not in _QUOTES)
    return words.strip(" ,;:—–").removesuffix(".")


def _code(language: str) -> str:
    return language.partition("-")[0].lower()
