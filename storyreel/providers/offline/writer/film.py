"""A whole film's chapters, laid out from a bible: which beat is told where, how fully, and with what between.

The plan is made for the whole film at once, so that no passage is used twice before all have been used, and a chapter
is then read off it. It depends only on the bible, the number of chapters, the words a chapter and the take.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storyreel.providers.offline.writer.bible import Bible
from storyreel.providers.offline.writer.grammar import capitalised
from storyreel.providers.offline.writer.layout import Stock, knapsack, placed, word_count
from storyreel.providers.offline.writer.library import BEATS, PILLARS, ROLES, Beat, Episode, Moment, Texture, shared

_FRIEND, _START, _TURN, _END = (BEATS.index(name) for name in ("friend", "start", "turn", "end"))
# Stands for the number of a beat where a block is none, and is neither added to nor parted.
_SPOKEN = -3
# How much a film gains by a beat told in full; in one sentence it gains a third of that.
_WORTH = {"open": 11, "call": 10, "turn": 10, "climax": 13, "end": 16, "friend": 5, "trial": 4, "low": 4, "start": 3}
_FULL_AT_LEAST = 560
# A film, or a chapter, of fewer words has no room for what is named.
_LEAST_FOR_MOTIF = 60
_LEAST_FOR_RETURN = 200
_LEAST_FOR_LAST = 300
_LEAST_FOR_BEGINNING = 230
_LEAST_FOR_BEGINNING_AND_MOTIF = 330
_LEAST_FOR_PLAIN_MOTIF = 380
_LEAST_FOR_GLOSSES = 200
_LEAST_FOR_OPENING = 240
_LEAST_FOR_TURN = 70
_LEAST_FOR_PLACES = 180
_EPISODE_AT_LEAST = 120
_PIECE_AT_LEAST = 18
_THOUGHTS_IN_A_ROW = 2
# What a chapter's last words may take, kept free for them.
_TURN_WORDS = 14
_DAY = ("dawn", "day", "dusk", "night")
_AT_HOME = re.compile(r"\{(?:home|square|inn|hall|folk|house)\}")
_WITH_FRIEND = re.compile(r"\{(?:friend|fhe|fhis|fhim|fhimself)\}")


@dataclass(slots=True)
class Block:
    """Paragraphs of a chapter that belong together; `beat` is -1 for what lies between the beats."""

    paragraphs: list[str]
    line: str = ""
    title: str = ""
    beat: int = -1
    moment: Moment = field(default_factory=Moment)

    @property
    def words(self) -> int:
        """How many words the paragraphs hold."""
        return sum(word_count(paragraph) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter as the film's plan has it."""

    title: str
    text: str
    summary: str


def film(bible: Bible, chapters: int, words: int, take: int = 0) -> tuple[ChapterText, ...]:
    """Write all chapters of a film, each within a few words of `words`."""
    teller = _Teller(bible, chapters, words, bible.rng(f"film {chapters} {words} {take}"))
    return tuple(teller.chapter(index) for index in range(chapters))


class _Teller:
    """Holds what has been used, and what has been told, while the chapters are written in order."""

    def __init__(self, bible: Bible, chapters: int, words: int, rng: random.Random) -> None:
        self.bible, self.chapters, self.words, self.rng = bible, chapters, words, rng
        stock, setting = shared(), bible.setting
        self.episodes = Stock(bible.plot.episodes or (*setting.episodes, *stock.episodes), rng)
        self.memories = Stock(stock.memories, rng)
        self.reflections = Stock(stock.reflections, rng)
        self.talks = Stock(stock.talks, rng)
        self.leads = Stock(stock.leads, rng)
        self.ties = Stock(stock.ties, rng)
        self.asides = Stock(bible.voice.asides, rng)
        self.turns = Stock(bible.voice.turns, rng)
        self.returns = Stock(bible.motif.returns, rng)
        self.plant, self.last = (self._tell(rng.choice(lines)) for lines in (bible.motif.plants, bible.motif.lasts))
        self.begin = self._tell(rng.choice(bible.voice.begins))
        self.openings = Stock(setting.openings, rng)
        self.links = {Texture(Moment(), line) for line in stock.links}
        self.sentences = Stock((*setting.textures, *sorted(self.links, key=lambda link: link.text)), rng)
        # What a pillar tells briefly includes what lies before it, so a short film is made of pillars alone.
        self.brief = chapters <= len(PILLARS) and chapters * words < _FULL_AT_LEAST
        told = [number for number, name in enumerate(BEATS) if name in PILLARS or not self.brief]
        self.beats_of = placed(bible, told, chapters, words)
        self.between = deque([self.asides, self.ties, self.memories, self.reflections, self.talks, self.asides])
        if bible.plot.episodes:
            # Nobody's adventures and memories: what such a film says between its beats is its own.
            self.between = deque([self.asides])
        self.titles: set[str] = set()
        self.said: set[str] = set()
        self.pal_known = bible.cast["pal"] is bible.cast["friend"]
        self.told_until = -1
        self.glosses = {
            role: self._tell(f"so {bible.plot.glosses[role]}")[3:] for role in ROLES if role in bible.plot.glosses
        }
        if bible.reading.hero_trade:
            # The trade that the title promises; what the plot makes of its hero is told anyhow.
            self.glosses["hero"] = self._tell(f"so the {bible.reading.hero_trade}")[3:]

    def chapter(self, index: int) -> ChapterText:
        """Write chapter `index`, counted from 0; chapters must be asked for in order."""
        last = index == self.chapters - 1
        beats = self.beats_of[index]
        framed = self._frame(index)
        spare = self.words - sum(word_count(text) for text in framed.values())
        turns = not last and self.words >= _LEAST_FOR_TURN
        blocks = self._beat_blocks(beats, spare - _TURN_WORDS * turns)
        moment = self._moment_at(index, blocks)
        left = spare - sum(block.words for block in blocks)
        closing = self._turn(beats, left + self.words // 20) if turns else None
        left -= closing.words if closing else 0
        opening = None
        if self.words >= _LEAST_FOR_OPENING and left > 45 and not (index == 0 and self.words < 500):
            opening = self._opening(moment, left, away=self._away(beats[0] if beats else self.told_until))
            left -= opening.words if opening else 0
        left = self._extras(blocks, left)
        body = self._woven(blocks, left)
        self._put_motif(body, framed)
        begin = [Block([framed["begin"]], beat=_SPOKEN)] if "begin" in framed else []
        whole = [*begin, *([opening] if opening else []), *body]
        fixed = (closing.words if closing else 0) + word_count(framed.get("last", ""))
        if self.words >= _LEAST_FOR_GLOSSES:
            self._gloss(whole, self.words + self.words // 10 - fixed - sum(block.words for block in whole))
        self._fine_fit(whole, moment, self.words - fixed - sum(block.words for block in whole), last=last)
        whole += [closing] if closing else []
        whole += [Block([framed["last"]], beat=_SPOKEN)] if "last" in framed else []
        if beats:
            self.told_until = max(self.told_until, beats[-1])
        return ChapterText(self._title(whole, index), "\n\n".join(_joined(whole)), self._summary(whole))

    def _frame(self, index: int) -> dict[str, str]:
        """What stands in the chapter whatever happens in it: the film's first words, and the motif's turn."""
        total, framed = self.chapters * self.words, {}
        without = self.bible.motif.kind == "plain" and total < _LEAST_FOR_PLAIN_MOTIF
        if index == 0 and self.words >= (_LEAST_FOR_BEGINNING if without else _LEAST_FOR_BEGINNING_AND_MOTIF):
            framed["begin"] = self.begin
        if without:
            return framed
        if index == 0 and total >= _LEAST_FOR_MOTIF:
            framed["plant"] = self.plant
        elif 0 < index < self.chapters - 1 and self.words >= _LEAST_FOR_RETURN:
            away = self._away(self.told_until)
            back = self.returns.take(lambda text: not (away and _AT_HOME.search(text)), again=True)
            framed |= {"back": self._tell_anew(back)} if back else {}
        if index == self.chapters - 1 and total >= _LEAST_FOR_LAST and self.words >= _LEAST_FOR_MOTIF:
            framed["last"] = self.last
        return framed

    def _put_motif(self, body: list[Block], framed: Mapping[str, str]) -> None:
        """The motif's first appearance stands behind the first beat, a later one in the middle."""
        if "plant" in framed:
            body.insert(min(1, len(body)), Block([framed["plant"]], beat=_SPOKEN))
        if "back" in framed:
            body.insert((len(body) + 1) // 2, Block([framed["back"]], beat=_SPOKEN))

    def _turn(self, beats: Sequence[int], room: int) -> Block:
        """The plot's own words for ending on that beat, else the voice's for ending anywhere."""
        own = [turn for turn in self.bible.plot.beats[beats[-1]].turns if word_count(turn) <= room] if beats else []
        if own:
            return Block([self._tell(self.rng.choice(own))], beat=_SPOKEN)
        away = self._away(beats[-1] if beats else self.told_until)

        def fits(text: str) -> bool:
            return word_count(text) <= room and not (away and _AT_HOME.search(text))

        found = self.turns.take(fits) or self.turns.take(fits, again=True)
        found = found or min(self.bible.voice.turns, key=word_count)
        return Block([self._tell_anew(found)], beat=_SPOKEN)

    def _gloss(self, blocks: Sequence[Block], room: int) -> None:
        """Say of everybody who they are where the film first names them, unless the sentence says so already."""
        for block in blocks:
            if block.beat == _SPOKEN:
                continue  # the motif's words come back as they were
            for at, paragraph in enumerate(block.paragraphs):
                for role in [*self.glosses]:
                    glossed = _glossed(paragraph, self.bible.cast[role].name, self.glosses[role])
                    longer_by = word_count(glossed) - word_count(paragraph)
                    if glossed and longer_by <= room:
                        room -= longer_by
                        paragraph = block.paragraphs[at] = glossed
                        del self.glosses[role]

    def _tell(self, template: str) -> str:
        return self.bible.told(template, self.rng)

    def _tell_anew(self, template: str) -> str:
        """Tell a passage in a wording that has not been used yet, where it has one."""
        text = self._tell(template)
        for _ in range(8 if "[" in template else 0):
            if text not in self.said:
                break
            text = self._tell(template)
        self.said.add(text)
        return text

    def _beat_blocks(self, beats: Sequence[int], spare: int) -> list[Block]:
        """Choose how fully each beat is told, so that together they are worth most within the chapter's length."""
        room = max(int(spare + self.words * (0.07 if self.brief else 0.05)) + 1, 1)
        choices: list[list[tuple[int, float, str]]] = []
        for number in beats:
            beat = self.bible.plot.beats[number]
            worth = _WORTH.get(beat.name, 2)
            line = self._tell(beat.line)
            # A pillar that is not told at all leaves a hole that nothing else fills.
            options = [(0, -20.0 if beat.name in PILLARS else 0.0, ""), (word_count(line), worth / 8, line)]
            if self.brief:
                options += [
                    (word_count(text), worth * 0.9 + 4 * self.rng.random(), text)
                    for text in map(self._tell, beat.brief)
                ]
            for variant in self.rng.sample(beat.variants, len(beat.variants)):
                text = self._tell(variant)
                options.append((word_count(text), worth + self.rng.random(), text))
            choices.append(options)
        picked = knapsack([[(words, worth) for words, worth, _ in row] for row in choices], room)
        blocks = []
        for number, row, pick in zip(beats, choices, picked, strict=True):
            if pick:
                beat = self.bible.plot.beats[number]
                blocks.append(Block([row[pick][2]], row[1][2], beat.title, number, beat.moment))
        return blocks

    def _moment_at(self, index: int, blocks: Sequence[Block]) -> Moment:
        if blocks and blocks[0].moment.time:
            moment = blocks[0].moment
            return moment if moment.weather else Moment(moment.time, self.rng.choice("+-"))
        return Moment(_DAY[index % 4], self.rng.choice("+-"))

    def _away(self, beat: int) -> bool:
        return self.bible.plot.word("kind") == ("road",) and beat >= _START

    def _opening(self, moment: Moment, room: int, *, away: bool) -> Block | None:
        found = self.openings.take(
            lambda opening: (
                opening.moment.suits(moment)
                and word_count(opening.text) <= room
                and not (away and _AT_HOME.search(opening.text))
            )
        )
        return Block([self._tell(found.text)]) if found else None

    def _fitted(self, stock: Stock[str], room: int, *, away: bool, again: bool = False) -> Block | None:
        found = stock.take(lambda text: word_count(text) <= room and not (away and _AT_HOME.search(text)), again=again)
        return Block([self._tell_anew(found)]) if found else None

    def _extras(self, blocks: Sequence[Block], left: int) -> int:
        for block in blocks:
            beat: Beat = self.bible.plot.beats[block.beat]
            told_in_full = block.paragraphs[0] != block.line
            for extra in beat.extras if told_in_full and block.beat != _END else ():
                if left >= word_count(extra) + 8:
                    block.paragraphs.append(self._tell(extra))
                    left -= word_count(block.paragraphs[-1])
        return left

    def _woven(self, blocks: list[Block], left: int) -> list[Block]:
        """Put other matter between the beats, in the proportions that the plot asks for."""
        places = [block.beat for block in blocks]
        if not places:
            return self._filled(left, self.told_until, to_the_end=True)
        gaps = self.bible.plot.gaps
        weights = [gaps[places[0] - 1] if places[0] else 0.0]
        weights += [gaps[beat] if beat < _END else 0.0 for beat in places]
        if not sum(weights):
            weights[0 if places[0] else 1] = 1.0
        if len(weights) > 2 and places[-1] >= _TURN:
            weights[-1] = 0.0
        last = max(position for position, weight in enumerate(weights) if weight)
        body: list[Block] = []
        carried = 0.0
        for position, weight in enumerate(weights):
            carried += left * weight / sum(weights)
            # Small shares are saved up for the next place, since a lone paragraph between two beats only slows them.
            if weight and (carried >= _EPISODE_AT_LEAST or position == last):
                told = places[position - 1] if position else places[0] - 1
                filling = self._filled(int(carried), told, to_the_end=position == last)
                carried -= sum(block.words for block in filling)
                body += filling
            if position < len(blocks):
                body.append(blocks[position])
        return body

    def _filled(self, room: int, told_until: int, *, to_the_end: bool) -> list[Block]:
        """Episodes, and between any two of them something remembered, thought or said."""
        found: list[Block] = []
        while room >= _PIECE_AT_LEAST:
            # An episode a second time is worse than a few thoughts in a row.
            told = bool(found and found[-1].line)
            thoughts = len(found) - max((at for at, one in enumerate(found, 1) if one.line), default=0)
            thinks = to_the_end or room >= _EPISODE_AT_LEAST
            block = None if told else self._episode(room, told_until)
            if block is None and thinks and thoughts < _THOUGHTS_IN_A_ROW:
                block = self._piece(room, told_until)
            if block is None and not told:
                block = self._episode(room, told_until, again=True)
            if block is None and thinks and thoughts < _THOUGHTS_IN_A_ROW:
                block = self._piece(room, told_until, again=True)
            if block is None:
                break
            found.append(block)
            room -= block.words
        return found

    def _piece(self, room: int, told_until: int, *, again: bool = False) -> Block | None:
        """A memory, a thought, a few words with a friend, or what ties an episode to the plot."""
        away = self._away(told_until)
        for _ in range(len(self.between)):
            self.between.rotate(-1)
            stock = self.between[-1]
            if stock is self.talks or stock is self.ties:
                block = self._talk(stock, room, told_until, again=again)
            else:
                block = self._fitted(stock, room, away=away, again=again)
            if block:
                return block
        return None

    def _friend_there(self, told_until: int) -> bool:
        return self.bible.cast["pal"] is not self.bible.cast["friend"] or told_until >= _FRIEND

    def _talk(self, stock: Stock[str], room: int, told_until: int, *, again: bool) -> Block | None:
        there = self._friend_there(told_until)
        found = stock.take(
            lambda text: word_count(text) + 3 <= room and (there or not _WITH_FRIEND.search(text)), again=again
        )
        if found is None:
            return None
        paragraph = self.bible.told(found, self.rng, slots=self.bible.pal_slots)
        return Block(self._introduced([paragraph]))

    def _episode(self, room: int, told_until: int, *, again: bool = False) -> Block | None:
        bible = self.bible
        away = self._away(told_until)
        newcomer = bool(bible.plot.word("newcomer"))

        def misfit(episode: Episode) -> float | None:
            text = " ".join(episode.paragraphs)
            length = word_count(text) + 14
            if (episode.where == "stay" and away) or (episode.where == "road" and not away) or length > room:
                return None
            if (episode.earthly and bible.setting.name == "space") or (episode.native and newcomer):
                return None
            if _WITH_FRIEND.search(text) and not self._friend_there(told_until):
                return None
            if away and _AT_HOME.search(text):
                return None
            if episode in bible.setting.episodes:
                return 0.0
            strange = 500.0 if episode.intrigue and not bible.plot.word("intrigue") else 0.0
            # Where no second one will fit, the one that leaves least over is best.
            return strange + (room - length if room < 2 * _EPISODE_AT_LEAST + 40 else 0.0)

        episode = self.episodes.best(misfit, again=again)
        if episode is None:
            return None
        slots = bible.pal_slots
        paragraphs = self._introduced([bible.told(part, self.rng, slots=slots) for part in episode.paragraphs])
        lead = self.leads.take(lambda text: True, again=True)
        if lead is not None:
            sentence = self._tell_anew(lead)
            paragraphs[0] = f"{sentence} {paragraphs[0]}"
        return Block(paragraphs, bible.told(episode.line, self.rng, slots=slots), episode.title)

    def _introduced(self, paragraphs: list[str]) -> list[str]:
        if self.pal_known:
            return paragraphs
        name = re.compile(rf"\b{re.escape(self.bible.cast['pal'].name)}\b(?![’'])")
        done = []
        for paragraph in paragraphs:
            match = None if self.pal_known else name.search(paragraph)
            if match:
                rest = paragraph[match.end() :]
                comma = "" if rest[:1] in ".,;:!?”" else ","
                paragraph = f"{paragraph[: match.end()]}, an old friend{comma}{rest}"
                self.pal_known = True
            done.append(paragraph)
        return done

    def _fine_fit(self, blocks: list[Block], moment: Moment, left: int, *, last: bool) -> None:
        """Close what is missing with single sentences of light, weather and things."""
        enough = max(1, round(self.words * 0.03))
        added = 0
        too_long: set[Texture] = set()
        while left > enough and added < 400:
            place = self._place_for_sentence(blocks, added, last=last)
            here = blocks[place].moment if place < len(blocks) and blocks[place].moment.time else moment
            here = here if here.weather else Moment(here.time, moment.weather)
            away = self._away(blocks[place].beat if place < len(blocks) else self.told_until)

            def misfit(texture: Texture, here: Moment = here, away: bool = away, left: int = left) -> float | None:
                if texture in too_long or not texture.moment.suits(here) or (away and _AT_HOME.search(texture.text)):
                    return None
                length = word_count(texture.text)
                if length > left + enough:
                    return None
                # A sentence that says nothing of the place is the second choice, except where there is hardly any room.
                plain = 20.0 if texture in self.links and self.words >= _LEAST_FOR_PLACES else 0.0
                # With room for several the order of the stock decides, with room for one the length does.
                return plain + (0.0 if left - length > 14 else abs(left - length))

            found = self.sentences.best(misfit) or self.sentences.best(misfit, again=True)
            if found is None:
                return
            sentence = self._tell_anew(found.text)
            if word_count(sentence) > left + enough:
                # A name of several words made it longer than it was before it was told.
                too_long.add(found)
                continue
            left -= word_count(sentence)
            added += 1
            self._insert_sentence(blocks, place, sentence, last=last)

    def _place_for_sentence(self, blocks: Sequence[Block], added: int, *, last: bool) -> int:
        if not blocks:
            return 0
        # Beats first, then everything else in turn; the first block of the film keeps its own first sentence.
        order = [i for i, block in enumerate(blocks) if block.beat > 0] + [
            i for i, block in enumerate(blocks) if _SPOKEN < block.beat <= 0 and i
        ]
        return order[added % len(order)] if order else 0

    def _insert_sentence(self, blocks: list[Block], place: int, sentence: str, *, last: bool) -> None:
        if not blocks:
            blocks.append(Block([sentence]))
            return
        block = blocks[place]
        if block.beat < 0 and block.line and len(block.paragraphs) > 1:
            # An episode has its own first and last words: what is added stands before it as a paragraph.
            if place and blocks[place - 1].beat == -2 and blocks[place - 1].words < 45:
                blocks[place - 1].paragraphs[-1] += " " + sentence
            else:
                blocks.insert(place, Block([sentence], beat=-2, moment=block.moment))
        elif block.beat == 0 or (block.beat < 0 and place == 0) or (len(blocks) == 1 and not last):
            block.paragraphs[-1] += " " + sentence
        elif place and blocks[place - 1].beat == -2 and blocks[place - 1].words < 45:
            blocks[place - 1].paragraphs[-1] += " " + sentence
        elif block.paragraphs[0].count(". ") < 9 and not block.paragraphs[0].startswith("“"):
            block.paragraphs[0] = f"{sentence} {block.paragraphs[0]}"
        else:
            blocks.insert(place, Block([sentence], beat=-2, moment=block.moment))

    def _title(self, blocks: Sequence[Block], index: int) -> str:
        by_worth = sorted(
            (block for block in blocks if block.title),
            key=lambda block: -(_WORTH.get(BEATS[block.beat], 2) if block.beat >= 0 else 1),
        )
        for block in by_worth:
            title = re.sub(r"\{(\w+)\}", lambda match: self._title_slot(match.group(1)), block.title)
            if title not in self.titles:
                self.titles.add(title)
                return title
        place = self.bible.slots[("home", "wild", "themark", "square")[index % 4]]
        for lead in ("Toward", "Waiting at", "A Night at", "Leaving", "Silence at", "The Hours at", "Once More at"):
            title = f"{lead} {_as_title(place)}"
            if title not in self.titles:
                self.titles.add(title)
                return title
        return f"Toward {_as_title(place)}"

    def _title_slot(self, name: str) -> str:
        return _as_title(self.bible.slots[name.lower()])

    def _summary(self, blocks: Sequence[Block]) -> str:
        lines = [capitalised(block.line) for block in blocks if block.line]
        if not lines:
            lines = [self._tell("{hero} waited near {themark}, and nothing was decided.")]
        return " ".join(lines)


def _glossed(paragraph: str, name: str, gloss: str) -> str:
    """The paragraph with "the captain" behind the name, as it is where that stands there, "" where it names nobody."""
    told = re.sub(r"“[^”]*”", lambda match: "\0" * len(match.group()), paragraph)
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", paragraph) is None:
        return ""
    told_already = (
        rf"\b{re.escape(gloss.split(',')[0].split()[-1])}\b|\b{re.escape(name)}, (?:the|an?|who|whom|whose|his|her) "
    )
    if re.search(told_already, told):
        return paragraph
    match = re.search(rf"(?<![\w’]){re.escape(name)}(?!\w|[’']| [A-Z])", told)
    if match is None:
        return ""
    rest = paragraph[match.end() :]
    comma = "" if rest[:1] in ".,;:!?”" else ","
    return f"{paragraph[: match.end()]}, {gloss}{comma}{rest}"


def _joined(blocks: Sequence[Block]) -> list[str]:
    return [capitalised(paragraph) for block in blocks for paragraph in block.paragraphs]


def _as_title(text: str) -> str:
    small = {"the", "of", "a", "an", "in", "on", "at", "and"}
    words = [
        word if word in small and index else word[:1].upper() + word[1:] for index, word in enumerate(text.split())
    ]
    return " ".join(words)
