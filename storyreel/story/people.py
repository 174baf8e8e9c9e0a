"""What a script says of its people: sex, age and looks, from names and from the actions that introduce them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.story.script import Age, Person, Sex

_TITLES: dict[str, Sex] = {
    **dict.fromkeys(
        "mrs ms miss lady madam madame queen princess duchess countess baroness mother mum mom grandmother granny aunt "
        "sister girl woman nurse witch maid actress waitress wife daughter bride priestess goddess hostess widow mistress "
        "signora dona frau".split(),
        "f",
    ),
    **dict.fromkeys(
        "mr sir lord king prince duke count baron father dad grandfather grandpa uncle brother boy man priest wizard "
        "butler monk waiter husband son god earl canon friar captain sergeant sailor soldier gentleman herr don "
        "signor monsieur reverend bishop knight".split(),
        "m",
    ),
}  # fmt: skip
# Given names that leave little doubt; a list of everybody's would still miss most scripts' own.
_GIVEN: dict[str, Sex] = {
    **dict.fromkeys(
        "ada agatha alice alma amelia amy ana andrea anna anne annie antonia ava barbara beatrice bella bess beth betty "
        "bianca bridget carla carmen caroline catherine cecily celia charlotte chloe christine clara claire claudia "
        "constance cordelia daisy dana deborah desdemona diana dora doris dorothy edith eleanor elena eliza elizabeth "
        "ella ellen elsa emilia emily emma esther eva eve fiona flora florence frances freya gertrude gina grace greta "
        "gwendolen hannah harriet hazel heather hedda helen helena hermia hilda ida imogen ines ingrid irene iris isabel "
        "isabella isla ivy jane janet jean jennifer jenny jessica joan josephine judith julia juliet june karen kate "
        "katherine kathleen laura lena lily linda lisa louise lucy lydia mabel maggie margaret maria marian marie marta "
        "martha mary masha maya mei mia mina mira miranda molly nadia nancy naomi natalia natasha nina nora olga olivia "
        "ophelia pamela paula penelope petra phoebe polly portia priya rachel rebecca rosa rosalind rose ruth sally "
        "sandra sara sarah selma sofia sonia sonya sophia sophie stella susan sylvia tara teresa tess thea titania "
        "ursula vera victoria viola violet virginia wanda wendy yasmin yelena zara zoe natalya".split(),
        "f",
    ),
    **dict.fromkeys(
        "adam alan albert alex alfred algernon andrew anthony antonio arthur banquo ben benedick benjamin bernard bill "
        "bob boris brian bruno carl carlos cassio charles charlie claude claudius colin cyril dan daniel david dennis "
        "dmitri don duncan edgar edmund edward edwin elias emil eric ernest felix ferdinand francis frank frankie fred "
        "gabriel gareth george gilbert gregory hamlet hans harold harry henry horatio howard hugh hugo iago ian igor "
        "ivan jack jacob james jan jasper jim joe john jonas jonathan jose joseph juan julian julius karl keith ken "
        "kevin konstantin lane lars laurence leo leon leonard lewis liam louis lorenzo luca lucas luke macbeth macduff "
        "malcolm marco marcus mark martin matthew max mercutio merriman michael mike miguel mohammed nathan nicholas "
        "nigel nikolai noah oberon oliver omar oscar othello otto owen pablo pat patrick paul pedro percy peter philip "
        "prospero puck ralph raymond rene richard rob robert robin roderick roger roland romeo ronald sam samuel sean "
        "sebastian sergei simon stanley stefan stephen steven stepan theo theodore thomas tim timothy toby tom trevor "
        "tybalt vaclav victor vincent viktor walter werner wilfred will william winston yuri".split(),
        "m",
    ),
}  # fmt: skip
_BODY: dict[str, tuple[Sex, Age]] = {
    "girl": ("f", "child"), "boy": ("m", "child"), "child": ("", "child"), "kid": ("", "child"), "toddler": ("", "child"),
    "teenager": ("", "young"), "teen": ("", "young"), "student": ("", "young"), "youth": ("m", "young"),
    "woman": ("f", ""), "lady": ("f", ""), "man": ("m", ""), "gentleman": ("m", ""), "fellow": ("m", ""),
    "grandmother": ("f", "old"), "grandfather": ("m", "old"), "widow": ("f", ""), "mother": ("f", "adult"), "father": ("m", "adult"),
    "bachelor": ("m", ""), "landowner": ("", "adult"), "butler": ("m", "adult"), "manservant": ("m", ""), "maid": ("f", ""),
    "soldier": ("m", ""), "sailor": ("m", ""), "nurse": ("f", ""), "daughter": ("f", "young"), "son": ("m", "young"),
}  # fmt: skip
_AGES: tuple[tuple[str, Age], ...] = (
    (r"\b(?:old|elderly|aged|ancient|grey-haired|white-haired|[67-9]\d|sixt|sevent|eight|ninet)", "old"),
    (r"\b(?:young|youthful|teenage|1[3-9]|2\d|twent|eighteen|nineteen)", "young"),
    (r"\b(?:[3-5]\d|thirt|fort|fift|middle-aged)", "adult"),
    (
        r"\b(?:little|small|[3-9]|1[0-2]|ten|nine|eight|seven|six) ?(?:years? old|-year-old)?\b(?= (?:girl|boy|child)|,|$|\))",
        "child",
    ),
)
_SMALL_WORDS = frozenset("the of a an and first second third old young mr mrs ms miss dr sir lady lord".split())
_LOOK_BEGINS = re.compile(
    r"(?:\d{1,2}s?\b|an?\b|the\b|in\b|with\b|wearing\b|dressed\b|early\b|mid\b|late\b|about\b|around\b|twent|thirt|fort|fift|sixt|sevent|eight|"
    r"tall|short|thin|slim|stout|fat|lean|pale|old|young|elderly|bearded|bald|dark|fair|grey|white|red|his\b|her\b)",
    re.IGNORECASE,
)  # fmt: skip


def named_in(name: str, text: str) -> re.Match[str] | None:
    """Where a text first names somebody, in capitals or not: by the whole name, or by a word that is theirs alone."""
    whole = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    if whole:
        return whole
    for word in name_words(name):
        found = re.search(rf"(?<!\w)(?:{re.escape(word)}|{re.escape(word.upper())})(?!\w)", text)
        if found:
            return found
    return None


def name_words(name: str) -> list[str]:
    """The words of a name that tell one person from another: "Bracknell" of "Lady Bracknell"."""
    return [
        word for word in re.findall(r"[^\W\d_][\w'’-]*", name) if word.lower() not in _SMALL_WORDS and len(word) > 2
    ]


def described(name: str, actions: Sequence[str]) -> Person:
    """A person as the script's actions describe them."""
    look = next((found for text in actions if (found := _introduction(name, text))), "")
    sex, age = told_by_words(look)
    titles = [word.lower().rstrip(".") for word in name.split()]
    named = [_TITLES.get(word) or _GIVEN.get(word) or "" for word in titles]
    sex = sex or next(filter(None, named), "")
    title_sex, title_age = told_by_words(name)
    return Person(name=name, look=look, sex=sex or title_sex or _by_pronoun(name, actions), age=age or title_age)


def told_by_words(text: str) -> tuple[Sex, Age]:
    """The sex and age that a description tells, "" where it does not."""
    sex: Sex = ""
    age: Age = ""
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _BODY:
            body_sex, body_age = _BODY[word]
            sex, age = sex or body_sex, age or body_age
        sex = sex or _TITLES.get(word, "")
    if not sex and re.search(r"\bher\b|\bshe\b", text.lower()):
        sex = "f"
    if not sex and re.search(r"\bhis\b|\bhe\b", text.lower()):
        sex = "m"
    told: Age = next((years for pattern, years in _AGES if re.search(pattern, text.lower())), "")
    return sex, told if told in ("old", "child") or not age else age


def _introduction(name: str, text: str) -> str:
    """What stands behind a name as its description: "(29)", ", a stout man in a frock coat"."""
    found = named_in(name, text)
    if found is None:
        return ""
    rest = text[found.end() :]
    look: list[str] = []
    bracket = re.match(r"\s*\(([^()]{1,120})\)", rest)
    if bracket:
        look.append(bracket.group(1).strip())
        rest = rest[bracket.end() :]
    if not look and not rest.startswith(","):
        return ""
    sentence = re.split(r"(?<=[a-z0-9])[.!?;:](?:\s|$)", rest, maxsplit=1)[0]
    for clause in sentence.lstrip(" ").split(","):
        bare = clause.strip()
        if bare and _LOOK_BEGINS.match(bare) and not re.search(r"\b(?:is|are|was|were|has|have)\b", bare):
            look.append(bare)
        elif bare:
            break
    if look and look[0].isdigit() and len(look) == 1 and not bracket:
        return look[0]
    return ", ".join(look)[:160]


def _by_pronoun(name: str, actions: Sequence[str]) -> Sex:
    """By the pronoun that follows the name within its sentence, most often."""
    score = 0
    for text in actions:
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            if named_in(name, sentence):
                score += len(re.findall(r"\b(?:she|her|hers|herself)\b", sentence, re.IGNORECASE))
                score -= len(re.findall(r"\b(?:he|him|his|himself)\b", sentence, re.IGNORECASE))
    return "f" if score > 0 else "m" if score < 0 else ""
