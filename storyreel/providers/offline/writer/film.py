"""A whole film's chapters, laid out from a bible: which beat is told where, how fully, and with what between.

The plan is made for the whole film at once, so that no passage is used twice before all have been used, and a chapter
is then read off it. It depends only on the bible, the number of chapters, the words a chapter and the take.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from storyreel.providers.offline.writer.bible import Bible
from storyreel.providers.offline.writer.grammar import capitalised
from storyreel.providers.offline.writer.library import BEATS, PILLARS, Beat, Episode, Moment, Texture, shared

Item = TypeVar("Item")

_FRIEND, _START, _TURN, _END = (BEATS.index(name) for name in ("friend", "start", "turn", "end"))
# How much a film gains by a beat told in full; in one sentence it gains a third of that.
_WORTH = {"open": 11, "call": 10, "turn": 10, "climax": 13, "end": 16, "friend": 5, "trial": 4, "low": 4, "start": 3}
_FULL_AT_LEAST = 560
_LEAST_FOR_QUOTATION = 60
_LEAST_FOR_OPENING = 240
_LEAST_FOR_CLOSING = 180
_EPISODE_AT_LEAST = 120
_PIECE_AT_LEAST = 18
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
        return sum(_count(paragraph) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter as the film's plan has it."""

    title: str
    text: str
    summary: str


class _Stock(Generic[Item]):
    """A shuffled supply that knows which of its items have been used."""

    def __init__(self, items: Sequence[Item], rng: random.Random) -> None:
        self._waiting = deque(rng.sample(list(items), len(items)))
        self._unused = len(self._waiting)

    def take(self, fits: Callable[[Item], bool], *, again: bool = False) -> Item | None:
        """The item that has waited longest among those that fit, or None; used ones only if they may come again."""
        return self.best(lambda item: 0.0 if fits(item) else None, again=again)

    def best(self, score: Callable[[Item], float | None], *, again: bool = False) -> Item | None:
        """The item with the least score; None leaves an item out, and waiting longer breaks ties."""
        choice: tuple[float, int] | None = None
        for index, item in enumerate(self._waiting):
            if index >= self._unused and not again:
                break
            value = score(item)
            if value is not None and (choice is None or value < choice[0]):
                choice = value, index
        if choice is None:
            return None
        item = self._waiting[choice[1]]
        del self._waiting[choice[1]]
        self._waiting.append(item)
        self._unused -= choice[1] < self._unused
        return item


def film(bible: Bible, chapters: int, words: int, take: int = 0) -> tuple[ChapterText, ...]:
    """Write all chapters of a film, each within a few words of `words`."""
    teller = _Teller(bible, chapters, words, bible.rng(f"film {chapters} {words} {take}"))
    return tuple(teller.chapter(index) for index in range(chapters))


class _Teller:
    """Holds what has been used, and what has been told, while the chapters are written in order."""

    def __init__(self, bible: Bible, chapters: int, words: int, rng: random.Random) -> None:
        self.bible, self.chapters, self.words, self.rng = bible, chapters, words, rng
        stock, setting = shared(), bible.setting
        self.episodes = _Stock((*setting.episodes, *stock.episodes), rng)
        self.memories = _Stock(stock.memories, rng)
        self.reflections = _Stock(stock.reflections, rng)
        self.talks = _Stock(stock.talks, rng)
        self.leads = _Stock(stock.leads, rng)
        self.ties = _Stock(stock.ties, rng)
        self.closings = _Stock(stock.closings, rng)
        self.openings = _Stock(setting.openings, rng)
        self.links = {Texture(Moment(), line) for line in stock.links}
        self.sentences = _Stock((*setting.textures, *sorted(self.links, key=lambda link: link.text)), rng)
        # What a pillar tells briefly includes what lies before it, so a short film is made of pillars alone.
        self.brief = chapters <= len(PILLARS) and chapters * words < _FULL_AT_LEAST
        told = [number for number, name in enumerate(BEATS) if name in PILLARS or not self.brief]
        self.beats_of = _placed(bible, told, chapters, words)
        self.between = deque([self.reflections, self.ties, self.memories, self.reflections, self.talks, self.memories])
        self.titles: set[str] = set()
        self.said: set[str] = set()
        self.pal_known = bible.cast["pal"] is bible.cast["friend"]
        self.told_until = -1
        self.title_quoted = not bible.quoted

    def chapter(self, index: int) -> ChapterText:
        """Write chapter `index`, counted from 0; chapters must be asked for in order."""
        last = index == self.chapters - 1
        beats = self.beats_of[index]
        blocks = self._beat_blocks(beats)
        if not self.title_quoted and blocks and self.words >= _LEAST_FOR_QUOTATION:
            self._quote_title(blocks)
        moment = self._moment_at(index, blocks)
        left = self.words - sum(block.words for block in blocks)
        closing = None
        if not last and self.words >= _LEAST_FOR_CLOSING and left > 40 and (not beats or beats[-1] < _TURN):
            closing = self._fitted(self.closings, left, away=self._away(blocks[-1].beat if blocks else 0))
            left -= closing.words if closing else 0
        opening = None
        if self.words >= _LEAST_FOR_OPENING and left > 45 and not (index == 0 and self.words < 500):
            opening = self._opening(moment, left, away=self._away(beats[0] if beats else self.told_until))
            left -= opening.words if opening else 0
        left = self._extras(blocks, left)
        body = self._woven(blocks, left)
        whole = [*([opening] if opening else []), *body, *([closing] if closing else [])]
        self._fine_fit(whole, moment, self.words - sum(block.words for block in whole), last=last)
        if beats:
            self.told_until = max(self.told_until, beats[-1])
        return ChapterText(self._title(whole, index), "\n\n".join(_joined(whole)), self._summary(whole))

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

    def _beat_blocks(self, beats: Sequence[int]) -> list[Block]:
        """Choose how fully each beat is told, so that together they are worth most within the chapter's length."""
        choices: list[list[tuple[int, float, str]]] = []
        for number in beats:
            beat = self.bible.plot.beats[number]
            worth = _WORTH.get(beat.name, 2)
            line = self._tell(beat.line)
            # A pillar that is not told at all leaves a hole that nothing else fills.
            options = [(0, -20.0 if beat.name in PILLARS else 0.0, ""), (_count(line), worth / 8, line)]
            if self.brief:
                options += [
                    (_count(text), worth * 0.9 + self.rng.random(), text) for text in map(self._tell, beat.brief)
                ]
            for variant in self.rng.sample(beat.variants, len(beat.variants)):
                text = self._tell(variant)
                options.append((_count(text), worth + self.rng.random(), text))
            choices.append(options)
        picked = _knapsack([[(words, worth) for words, worth, _ in row] for row in choices], self._room_for_beats())
        blocks = []
        for number, row, pick in zip(beats, choices, picked, strict=True):
            if pick:
                beat = self.bible.plot.beats[number]
                blocks.append(Block([row[pick][2]], row[1][2], beat.title, number, beat.moment))
        return blocks

    def _room_for_beats(self) -> int:
        quotation = 0
        if not self.title_quoted and self.words >= _LEAST_FOR_QUOTATION:
            quotation = max(_count(self._tell(sentence)) for sentence in shared().carried)
        return max(int(self.words * (1.07 if self.brief else 1.05)) + 1 - quotation, 1)

    def _quote_title(self, blocks: list[Block]) -> None:
        stock, readable = shared(), self.bible.reading.readable
        thing = re.escape(self.bible.slots["thing"])
        named = re.compile(rf"\b(?:an?|the) (?:[\w-]+ )?{thing}\b(?! carrier)")
        for block in blocks:
            if block.beat < _TURN and named.search(block.paragraphs[-1]):
                sentence = self._tell(self.rng.choice(stock.inscribed if readable else stock.sign))
                block.paragraphs[-1] = _with_sentence_after(block.paragraphs[-1], named, sentence)
                self.title_quoted = True
                return
        if blocks[0].beat == 0 and self.chapters * self.words < 420:
            blocks[0].paragraphs[-1] += " " + self._tell(self.rng.choice(stock.carried if readable else stock.unread))
            self.title_quoted = True

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
                and _count(opening.text) <= room
                and not (away and _AT_HOME.search(opening.text))
            )
        )
        return Block([self._tell(found.text)]) if found else None

    def _fitted(self, stock: _Stock[str], room: int, *, away: bool, again: bool = False) -> Block | None:
        found = stock.take(lambda text: _count(text) <= room and not (away and _AT_HOME.search(text)), again=again)
        return Block([self._tell_anew(found)]) if found else None

    def _extras(self, blocks: Sequence[Block], left: int) -> int:
        for block in blocks:
            beat: Beat = self.bible.plot.beats[block.beat]
            told_in_full = block.paragraphs[0] != block.line
            for extra in beat.extras if told_in_full and block.beat != _END else ():
                if left >= _count(extra) + 8:
                    block.paragraphs.append(self._tell(extra))
                    left -= _count(block.paragraphs[-1])
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
            block = None
            if not (found and found[-1].line):
                block = self._episode(room, told_until) or self._episode(room, told_until, again=True)
            if block is None and (to_the_end or room >= _EPISODE_AT_LEAST):
                alone = len(found) < 2 or bool(found[-1].line or found[-2].line)
                block = self._piece(room, told_until) if alone else None
            if block is None:
                break
            found.append(block)
            room -= block.words
        return found

    def _piece(self, room: int, told_until: int) -> Block | None:
        """A memory, a thought, a few words with a friend, or what ties an episode to the plot."""
        away = self._away(told_until)
        for again in (False, True):
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

    def _talk(self, stock: _Stock[str], room: int, told_until: int, *, again: bool) -> Block | None:
        there = self._friend_there(told_until)
        found = stock.take(
            lambda text: _count(text) + 3 <= room and (there or not _WITH_FRIEND.search(text)), again=again
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
            length = _count(text) + 14
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
        while left > enough and added < 400:
            place = self._place_for_sentence(blocks, added, last=last)
            here = blocks[place].moment if place < len(blocks) and blocks[place].moment.time else moment
            here = here if here.weather else Moment(here.time, moment.weather)
            away = self._away(blocks[place].beat if place < len(blocks) else self.told_until)

            def misfit(texture: Texture, here: Moment = here, away: bool = away, left: int = left) -> float | None:
                if not texture.moment.suits(here) or (away and _AT_HOME.search(texture.text)):
                    return None
                length = _count(texture.text)
                if length > left + enough:
                    return None
                # A sentence that says nothing of the place is the second choice, except where there is hardly any room.
                plain = 20.0 if texture in self.links and self.words >= _LEAST_FOR_CLOSING else 0.0
                # With room for several the order of the stock decides, with room for one the length does.
                return plain + (0.0 if left - length > 14 else abs(left - length))

            found = self.sentences.best(misfit) or self.sentences.best(misfit, again=True)
            if found is None:
                return
            sentence = self._tell_anew(found.text)
            left -= _count(sentence)
            added += 1
            self._insert_sentence(blocks, place, sentence, last=last)

    def _place_for_sentence(self, blocks: Sequence[Block], added: int, *, last: bool) -> int:
        if not blocks:
            return 0
        # Beats first, then everything else in turn; the first block of the film keeps its own first sentence.
        order = [i for i, block in enumerate(blocks) if block.beat > 0] + [
            i for i, block in enumerate(blocks) if block.beat <= 0 and i
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


def _placed(bible: Bible, told: Sequence[int], chapters: int, words: int) -> list[list[int]]:
    """Which beats each chapter holds: they are spread over the film as the plot's gaps ask, the last one at its end."""
    beats = [bible.plot.beats[number] for number in told]
    sizes = [max(_count(text) for text in beat.variants) + 4.0 for beat in beats]
    sizes = [
        size + sum(_count(extra) for extra in beat.extras) if chapters * words > 2000 else size
        for size, beat in zip(sizes, beats, strict=True)
    ]
    length = chapters * words
    if length < sum(sizes):
        sizes = [size * length / sum(sizes) for size in sizes]
    spare = length - sum(sizes)
    total = sum(bible.plot.gaps)
    placed: list[list[int]] = [[] for _ in range(chapters)]
    position = 0.0
    for number, size in zip(told, sizes, strict=True):
        middle = position + size / 2
        placed[min(chapters - 1, int(middle / words))].append(number)
        gap = bible.plot.gaps[number] if number < len(bible.plot.gaps) else 0.0
        position += size + spare * gap / total
    return placed


def _knapsack(rows: Sequence[Sequence[tuple[int, float]]], room: int) -> list[int]:
    """Pick one (words, worth) of each row, of greatest total worth, with no more than `room` words in all."""
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())] * (room + 1)
    for row in rows:
        nearer: list[tuple[float, tuple[int, ...]]] = []
        for words in range(room + 1):
            options = [
                (best[words - size][0] + worth, (*best[words - size][1], pick))
                for pick, (size, worth) in enumerate(row)
                if size <= words
            ]
            nearer.append(max(options, key=lambda option: option[0]))
        best = nearer
    return list(best[room][1])


def _with_sentence_after(paragraph: str, named: re.Pattern[str], sentence: str) -> str:
    """Put a sentence behind the one in which something is first named, unless that one is spoken."""
    match = named.search(paragraph)
    if match is None:
        return f"{paragraph} {sentence}"
    for end in re.finditer(r"(?<=[.!?]) (?=[A-Z])", paragraph):
        if end.start() > match.end():
            before = paragraph[: end.start()]
            if before.count("“") == before.count("”"):
                return f"{before} {sentence}{paragraph[end.start() :]}"
    return f"{paragraph} {sentence}"


def _joined(blocks: Sequence[Block]) -> list[str]:
    return [capitalised(paragraph) for block in blocks for paragraph in block.paragraphs]


def _as_title(text: str) -> str:
    small = {"the", "of", "a", "an", "in", "on", "at", "and"}
    words = [
        word if word in small and index else word[:1].upper() + word[1:] for index, word in enumerate(text.split())
    ]
    return " ".join(words)


def _count(text: str) -> int:
    return len(text.split())
