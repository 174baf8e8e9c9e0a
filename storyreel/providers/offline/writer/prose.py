"""Prose read as a script: places and times part scenes, quotation marks hold speeches, and verbs of saying tell whose.

It reads narrated prose ("“No,” said Ada, and shut the door") and plays as they are printed ("ADA. No. [Shuts the door.]").
It changes no word that is spoken. Who speaks is found by a name beside a verb of saying, by whoever the paragraph is
about, by a pronoun, and last by turns: in a dialogue of two, each answers the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storyreel.providers.offline.writer.library import word_list

_SAID = (
    "said|says|asked|asks|cried|cries|replied|replies|answered|answers|whispered|whispers|shouted|shouts|called|calls|murmured|murmurs|"
    "exclaimed|muttered|mutters|added|adds|began|went on|continued|told|demanded|insisted|agreed|admitted|repeated|returned|remarked|"
    "observed|sighed|laughed|snapped|growled|gasped|breathed|ventured|suggested|explained|declared|put in|broke in|inquired|enquired|"
    "ejaculated|screamed|sobbed|stammered|echoed|announced|thought"
)
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|St)\.?|Miss|Lady|Lord|Sir|Captain|Aunt|Uncle|Old|Father|Mother|Sister|Brother|King|Queen|Prince|Princess)"
_NAME = rf"(?:{_TITLE}\s+)?[A-Z][a-zà-ÿ'’-]+(?:\s+[A-Z][a-zà-ÿ'’-]+){{0,2}}"
_NOUN = r"the (?:(?:old|young|little|tall|other|first|second|strange|poor|big|small)\s+)?[a-z]+"
_WHO = rf"(?P<who>{_NAME}|(?i:he|she|they|i)\b|(?i:{_NOUN}))"
_ADVERB = r"(?:\s+(?P<adverb>[a-z]+ly|again|in an? (?:[a-z]+ ){0,3}voice|aloud|at last|to each other))?"
# “No,” said Ada quietly. / “No,” Ada said.
_AFTER = re.compile(
    rf"^\s*(?:(?i:{_SAID})\s+{_WHO}|{_WHO.replace('who', 'who2')}\s+(?i:{_SAID}))(?:\s+and\s+(?:[Tt]he\s+)?[A-Z][a-z]+)?{_ADVERB}(?P<rest>[^.!?]*[.!?]?)"
)
# Ada said, “No.” / Ada turned and said: “No.”
_BEFORE = re.compile(rf"{_WHO}[^.!?“”\"]*?\b(?i:{_SAID})\b[^.!?“”\"]*[,:]?\s*$")
_PLAY = re.compile(
    rf"^(?:_|\*\*)?(?P<who>[A-Z][A-Z'’ .-]*[A-Z]|{_NAME})(?:_|\*\*)?(?:\s*[\[(](?P<manner>[^\])]*)[\])])?[.:]\s+(?P<text>\S.*)$",
    re.DOTALL,
)
_DIRECTION = re.compile(r"[\[(]_?(?P<text>[^\])]+?)_?[\])]")
_QUOTES = (
    re.compile(r"“([^”]*)(?:”|$)"),
    re.compile(r'"([^"]*)(?:"|$)'),
    re.compile(r"(?<!\w)‘((?:[^’]|’(?=\w))+)’(?!\w)"),
)
_BREAK = re.compile(r"(?:\*\s*){3,}|#|—{2,}|-{3,}|~+|(?:chapter|part|scene|act)\b[^.!?]{0,60}", re.IGNORECASE)

_ROOMS = (
    "kitchen|parlou?r|drawing-room|drawing room|sitting-room|dining-room|dining room|living room|bedroom|study|library|hall|attic|cellar|"
    "nursery|workshop|office|shop|bakery|tavern|inn|pub|café|cafe|church|chapel|cabin|hut|cottage|house|castle|palace|museum|theatre|theater|"
    "school|classroom|hospital|corridor|room|apartment|flat|prison|cell|carriage|compartment|tower|lamp room|lantern room|ballroom|barn|stable"
)
_OUTSIDE = (
    "garden|orchard|street|square|market|road|lane|path|field|fields|meadow|forest|wood|woods|hill|hills|hillside|mountain|valley|river|lake|"
    "shore|beach|sea|harbou?r|quay|pier|cliff|cliffs|island|desert|bridge|station|platform|park|yard|courtyard|churchyard|graveyard|terrace|"
    "balcony|roof|deck|gate|village|town|city|moor|heath|hotel|wharf|avenue"
)
_PLACE = re.compile(
    rf"\b(?:in|into|inside|at|to|on|onto|through|along|across|by|near|outside|down|up|reached|entered|left|towards?)\s+"
    rf"(?:the|a|an|his|her|their|my|our)\s+(?P<place>(?:[A-Z][a-z]+['’]s\s+)?(?:[a-z-]+\s+){{0,2}}?(?P<noun>{_ROOMS}|{_OUTSIDE}))\b"
)
_NOT_OF_PLACE = re.compile(r"\b(?:very|same|other|own|next|whole|only|last|first)\s+")
_GOING = re.compile(
    r"\b(?:went|walked|came|ran|entered|reached|arrived|hurried|climbed|stepped|returned|crossed|drove|rode|stood|sat|was|were|lived|waited|lay)\b"
)
_TIMES = re.compile(
    r"\b(?:midnight|night|nightfall|dawn|sunrise|daybreak|morning|noon|midday|afternoon|sunset|dusk|twilight|evening)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"^(?:The next|Next|That|Later that|The following|One|At|By|In the|Early|Late|Before|After)\b[^.!?]{0,40}",
    re.IGNORECASE,
)
_MANY = "many"
_SHORT_TEXT = 250  # in fewer words a name may well stand once only
_TITLES = frozenset("mr mrs ms miss dr lady lord sir captain aunt uncle".split())
_NOT_NAMES = frozenset(
    "the a an and but or so if when then there here this that these those it its he she they we you i his her their our my your what who why "
    "how where no yes not now never once one two three all some many much more most oh ah well why mr mrs miss dr god sir madam monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august september october november december chapter "
    "at in on by for from with without of to as after before under over into out up down only just even still yet perhaps please good come go "
    "let look see do did is was are were have had will would could should may might must can every each both another such nothing everything "
    "nobody everybody somebody something".split()
)  # fmt: skip


@dataclass
class _Reader:
    """What has been read so far."""

    names: dict[str, None]
    sexes: dict[str, str]
    place: str = ""
    interior: str = ""
    time: str = ""
    scenes: list[dict[str, Any]] = field(default_factory=list)
    beats: list[dict[str, Any]] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)  # the latest last
    named_last: str = ""

    def close(self) -> None:
        """End the scene, if anything happened in it."""
        for beat in self.beats:
            if beat["kind"] == "speech" and beat["text"][-1:] in ",;":
                beat["text"] = beat["text"][:-1] + "."
        if self.beats:
            scene = {"place": self.place, "interior": self.interior, "time": self.time, "beats": self.beats}
            self.scenes.append(scene)
            self.beats = []

    def act(self, text: str) -> None:
        """Add an action."""
        text = " ".join(text.split()).strip(" ,;—-_")
        if any(letter.isalpha() for letter in text):
            text = text[0].upper() + text[1:]
            self.beats.append({"kind": "action", "text": text if text[-1] in ".!?…”\"'’" else text + "."})

    def say(self, text: str, who: str, manner: str = "") -> None:
        """Add a speech."""
        text = " ".join(text.split())
        if not any(letter.isalnum() for letter in text):
            return
        beat = {"kind": "speech", "text": text, "character": who, "manner": manner}
        before = self.beats[-1] if self.beats else None
        if before and before["kind"] == "speech" and before["character"] == who and not manner:
            if before["text"][-1] in ",;" and text[0].isupper() and not re.match(r"I\b|I['’]", text):
                before["text"] = before["text"][:-1] + "."
            before["text"] += f" {text}"
        else:
            self.beats.append(beat)
        self.speakers = [*[name for name in self.speakers if name != who][-6:], who]
        self.names.setdefault(who)


def script_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a prose text as scenes and people, in the shape of `storyreel.story.script.ScriptPart`."""
    text = str(facts["text"]).replace("\r\n", "\n")
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    known = [person["name"] for person in facts.get("people", ())]
    reader = _Reader(names=dict.fromkeys(known), sexes={}, place=str(facts.get("place", "")))
    plays = [match for part in paragraphs if (match := _PLAY.match(part.strip()))]
    is_play = len(plays) >= 3 and len(plays) >= 0.4 * len(paragraphs)
    if not is_play:
        reader.names.update(dict.fromkeys(_proper_names(text)))
    for name in reader.names:
        reader.sexes[name] = _sex(name, text)
    for paragraph in paragraphs:
        if is_play:
            _read_play(reader, " ".join(paragraph.split()))
        else:
            _read_paragraph(reader, " ".join(paragraph.split()))
    reader.close()
    if not reader.scenes:
        reader.scenes.append({"beats": [{"kind": "action", "text": " ".join(text.split())[:2000]}]})
    spoke = {beat["character"] for scene in reader.scenes for beat in scene["beats"] if beat["kind"] == "speech"}
    seen = " ".join(beat["text"] for scene in reader.scenes for beat in scene["beats"] if beat["kind"] == "action")
    people = [
        {
            "name": name,
            "look": _look(name, text),
            "sex": (reader.sexes.get(name) or _sex(name, text)).replace(_MANY, ""),
        }
        for name in reader.names
        if name in spoke or (not name.startswith("The ") and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", seen))
    ]
    return {"scenes": reader.scenes, "people": people}


# ----------------------------------------------------------------------------------------------------------- as printed


def _read_play(reader: _Reader, paragraph: str) -> None:
    heading = re.fullmatch(r"(?:SCENE|Scene)\b[^A-Za-z]*(?P<place>.*)", paragraph.strip("[]()_ "))
    if heading and len(paragraph) < 200:
        reader.close()
        found = _PLACE.search(f"in {heading.group('place')}")
        name = found.group("place") if found else heading.group("place").strip(" .—-")
        _go(reader, name, found.group("noun") if found else name)
        return
    match = _PLAY.match(paragraph)
    if match is None:
        reader.act(paragraph.strip("[]()_ "))
        return
    who = _readable(match.group("who"))
    manner = (match.group("manner") or "").strip("_ .")
    at = 0
    text = match.group("text")
    for direction in _DIRECTION.finditer(text):
        reader.say(text[at : direction.start()], who, manner)
        told = direction.group("text").strip("_ .")
        manner = ""
        if len(told.split()) <= 3 and not re.search(
            r"\b(?:exit|enter|exeunt|rises?|sits?|goes|comes)\b", told, re.IGNORECASE
        ):
            manner = told
        elif told:
            named = any(told.startswith(name) for name in reader.names)
            doing = " is" if re.match(r"[A-Z]?[a-z]+ing\b", told) else ""
            moves = re.match(r"(?:enter|exit|exeunt)\b(?=\s+[A-Z])", told, re.IGNORECASE)
            reader.act(told if named or moves else f"{who}{doing} {told[:1].lower()}{told[1:]}")
        at = direction.end()
    reader.say(text[at:], who, manner)


# ------------------------------------------------------------------------------------------------------------- as told


def _read_paragraph(reader: _Reader, paragraph: str) -> None:
    if _BREAK.fullmatch(paragraph.strip("*_# ")) or not paragraph.strip("*_#- "):
        reader.close()
        return
    quotes = next((pattern for pattern in _QUOTES if pattern.search(paragraph)), None)
    told = quotes.sub(" ", paragraph) if quotes else paragraph
    _look_around(reader, told)
    if quotes is None:
        _narrate(reader, paragraph)
        return
    spoken = list(quotes.finditer(paragraph))
    who = _speaker_of(reader, paragraph, spoken)
    at = 0
    for number, quote in enumerate(spoken):
        before = paragraph[at : quote.start()]
        following = paragraph[quote.end() : spoken[number + 1].start() if number + 1 < len(spoken) else None]
        own, manner, told_before, deed, used = _attributed(reader, before, following)
        speaker = own or who
        _narrate(reader, told_before)
        if not _is_speech(quote.group(1), before, following):
            # A word in quotation marks inside a sentence is no speech.
            _narrate(reader, f"{quote.group(0)}")
            at = quote.end()
            continue
        who = speaker or who
        reader.say(quote.group(1), speaker, manner)
        reader.act(deed)
        at = quote.end() + used
    _narrate(reader, paragraph[at:])


def _is_speech(quoted: str, before: str, following: str) -> bool:
    begins = not before.strip() or before.rstrip()[-1:] in ",:.!?;—-" or quoted[:1].isupper()
    return begins and (len(quoted.split()) > 1 or quoted.rstrip()[-1:] in ".,!?…—-" or not following.strip())


def _attributed(reader: _Reader, before: str, following: str) -> tuple[str, str, str, str, int]:
    """Whose a quote is, by the words at its sides.

    Returns:
        (who, manner, what of the words before is narration, what else is done while speaking, how many characters of
        the words after are used up by that).
    """
    after = _AFTER.match(following)
    if after:
        who = _person(reader, after.group("who") or after.group("who2"), before)
        rest = re.sub(r"^and\s+", "", after.group("rest").strip(" ,.;"))
        manner = after.group("adverb") or ""
        if not manner and re.fullmatch(r"[a-z]+ly", rest):
            manner, rest = rest, ""
        deed = ""
        if who and len(rest.split()) > 1:
            # "said Ada, shutting the door": what else she does.
            if re.match(r"[a-z]+ing\b", rest):
                deed = f"{who} is {rest}"
            elif re.match(r"(?:as|while|when)\b", rest):
                deed = re.sub(r"^(?:as|while|when)\s+", "", re.sub(r"^(\w+)\s+(?:he|she|they)\b", rf"\1 {who}", rest))
            elif re.match(r"(?:he|she|it|they|the|his|her)\b", rest):
                deed = rest
            else:
                deed = f"{who} {rest}"
        return who, manner, before, deed, after.end()
    lead = _BEFORE.search(before)
    if lead:
        who = _person(reader, lead.group("who"), before)
        kept = before[: lead.start()]
        deed = re.sub(rf"(?:,?\s*and)?\s*\b(?:{_SAID})\b[^.!?]*$", "", before[lead.start() :])
        if len(deed.split()) > len(lead.group("who").split()) + 1:
            kept = f"{kept} {deed}"
        return who, "", kept, "", 0
    return "", "", before, "", 0


def _speaker_of(reader: _Reader, paragraph: str, spoken: Sequence[re.Match[str]]) -> str:
    """Who speaks in a paragraph: whom it names beside its quotes, whom it is about, else whoever's turn it is."""
    told = paragraph
    for quote in reversed(spoken):
        told = told[: quote.start()] + " “” " + told[quote.end() :]
    about = [name for name in reader.names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told)]
    if about:
        return min(about, key=lambda name: told.find(name))
    pronoun = re.search(r"\b(he|she)\b", told, re.IGNORECASE)
    if pronoun and (meant := _person(reader, pronoun.group(1), told)):
        return meant
    if len(reader.speakers) > 1:
        return reader.speakers[-2]
    addressed = reader.speakers[-1] if reader.speakers else ""
    others = [name for name in reader.names if name != addressed]
    return others[0] if others else addressed or "The voice"


def _person(reader: _Reader, who: str, near: str) -> str:
    """A person from how a sentence refers to them, "" where nobody can be meant."""
    word = who.lower()
    if word in ("he", "she"):
        wanted = "f" if word == "she" else "m"
        recent = [*filter(None, [reader.named_last]), *reversed(reader.speakers), *reader.names]
        known = [name for name in recent if reader.sexes.get(name) == wanted]
        # Else somebody of whom nothing is known, and rather not whoever has just spoken.
        unknown = [name for name in recent if not reader.sexes.get(name) and name not in reader.speakers[-1:]]
        return next(iter((*known, *unknown)), "")
    if word == "they":
        groups = re.findall(r"\b[Tt]he (children|people|men|women|[a-z]{3,}s)\b", near)
        if not groups:
            return ""
        reader.sexes[f"The {groups[0]}"] = _MANY
        return f"The {groups[0]}"
    if word == "i":
        return "The narrator"
    name = _readable(who)
    known = [each for each in reader.names if each == name or name in each.split() or each in name.split()]
    chosen = known[0] if known else name
    reader.names.setdefault(chosen)
    reader.sexes.setdefault(chosen, _sex(chosen, ""))
    reader.named_last = chosen
    return chosen


def _narrate(reader: _Reader, text: str) -> None:
    text = text.strip(" ,;—")
    if len(text.split()) < 2 or re.fullmatch(rf"(?:and\s+)?(?:{_WHO})?\s*(?:{_SAID})?\W*", text):
        return
    lower = text.lower()
    named = [name for name in reader.names if re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", lower)]
    if named:
        reader.named_last = max(named, key=lambda name: lower.rfind(name.lower()))
    reader.act(text)


def _look_around(reader: _Reader, told: str) -> None:
    """Begin a new scene where the words go to another place or time."""
    place = time = ""
    noun = ""
    for sentence in re.split(r"(?<=[.!?])\s+", told):
        found = _PLACE.search(sentence)
        if found and not place and (_GOING.search(sentence) or not reader.place):
            place, noun = found.group("place"), found.group("noun")
        later = _LATER.match(sentence)
        clock = _TIMES.search(later.group() if later else (sentence if not reader.time else ""))
        if clock and not time:
            time = clock.group().lower()
    if place and _plain(place).split()[-1] != _plain(reader.place).split(" ")[-1]:
        reader.close()
        _go(reader, place, noun)
    if time and time != reader.time:
        if reader.time:
            reader.close()
        reader.time = time


def _go(reader: _Reader, place: str, noun: str) -> None:
    name = _NOT_OF_PLACE.sub("", place)
    reader.place = f"The {name}" if re.match(r"[a-z]", name) else name
    inside = re.fullmatch(_ROOMS, noun)
    reader.interior = "interior" if inside else "exterior" if re.fullmatch(_OUTSIDE, noun) else ""


def _plain(place: str) -> str:
    return re.sub(r"^(?:the|a|an|his|her|their)\s+", "", place.lower())


def _proper_names(text: str) -> list[str]:
    """Names of people: those beside a verb of saying, and capitalised words that stand inside sentences twice."""
    found: dict[str, int] = {}
    beside = rf"(?:{_SAID})\s+({_NAME})|(?<![“\"‘])({_NAME})\s+(?:{_SAID})\b"
    for match in re.finditer(beside, text):
        name = _readable(match.group(1) or match.group(2))
        if name.lower() not in _NOT_NAMES:
            found[name] = found.get(name, 0) + 2
    for match in re.finditer(rf"^({_NAME})\s+[a-z]+[^\n]*[“\"‘]", text, re.MULTILINE):
        if match.group(1).split()[0].lower() not in _NOT_NAMES:
            found[match.group(1)] = found.get(match.group(1), 0) + 2
    for match in re.finditer(rf"(?<=[a-z,;] )({_NAME})(?:['’]s)?\b", text):
        name = re.sub(r"['’]s$", "", match.group(1))
        if name.split()[0].lower() not in _NOT_NAMES and not _at_place(text, match.start()):
            found[name] = found.get(name, 0) + 1
    least = 2 if len(text.split()) > _SHORT_TEXT else 1
    kept = [name for name, count in found.items() if count >= least or name.split()[0].lower().rstrip(".") in _TITLES]
    kept = [f"The {name}" if _has_article(name, text) else name for name in kept]
    # "Ada" and "Ada Venn" are one.
    return [name for name in kept if not any(name != other and name in other.split() for other in kept)]


def _has_article(name: str, text: str) -> bool:
    """Whether a name is used as "the Giant" is, more often than not."""
    return 2 * len(re.findall(rf"\b[Tt]he (?:[A-Z][a-z]+ )?{re.escape(name)}\b", text)) > len(
        re.findall(rf"\b{re.escape(name)}\b", text)
    )


def _at_place(text: str, at: int) -> bool:
    return bool(
        re.search(r"\b(?:in|at|to|from|of|near|towards?|into|called)\s+(?:the\s+)?$", text[max(0, at - 14) : at])
    )


def _readable(who: str) -> str:
    who = " ".join(who.split()).strip(" .,'’_*")
    if who == who.upper() and len(who) > 1:
        return " ".join(word.capitalize() for word in who.split())
    return re.sub(r"^the ", "The ", who)


def _sex(name: str, text: str) -> str:
    words = name.lower().split()
    if {
        "mrs",
        "miss",
        "lady",
        "aunt",
        "mother",
        "sister",
        "queen",
        "princess",
        "woman",
        "girl",
        "wife",
        "mrs.",
    } & set(words):
        return "f"
    if {
        "mr",
        "lord",
        "sir",
        "uncle",
        "father",
        "brother",
        "king",
        "prince",
        "man",
        "boy",
        "captain",
        "mr.",
        "soldier",
        "sailor",
    } & set(words):
        return "m"
    for sex in "fm":
        if name in word_list(f"cast {sex}"):
            return sex
    score = 0
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)(.{{0,140}})", text):
        # Up to whoever is named next; who says "he" is not he, so spoken words are left out.
        near = re.split(
            r"(?<=[a-z,;.!?] )[A-Z][a-z]{2,}(?= [a-z]+ed\b| and\b|,)",
            re.sub(r"“[^”]*”?|\"[^\"]*\"?", " ", match.group(1)),
        )[0]
        score += len(re.findall(r"\b(?:[Ss]he|her|herself)\b", near)) - len(
            re.findall(r"\b(?:[Hh]e|his|him|himself)\b", near)
        )
    return "f" if score > 0 else "m" if score < 0 else ""


def _look(name: str, text: str) -> str:
    """ "Ada, a tall woman in a grey coat," as the text introduces somebody."""
    match = re.search(
        rf"(?<!\w){re.escape(name)}(?!\w), ((?:an?|the) [^,.;!?“”\"]{{3,80}}?(?:man|woman|girl|boy|lady|gentleman)\b[^,.;!?“”\"]{{0,80}})",
        text,
    )
    return match.group(1).strip() if match else ""
