"""How a film is laid out: which beats stand in which chapter, how fully each can be told, and what is used up."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from storyreel.providers.offline.writer.bible import Bible

Item = TypeVar("Item")


class Stock(Generic[Item]):
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


def placed(bible: Bible, told: Sequence[int], chapters: int, words: int) -> list[list[int]]:
    """Which beats each chapter holds: they are spread over the film as the plot's gaps ask, the last one at its end."""
    beats = [bible.plot.beats[number] for number in told]
    sizes = [max(word_count(text) for text in beat.variants) + 4.0 for beat in beats]
    sizes = [
        size + sum(word_count(extra) for extra in beat.extras) if chapters * words > 2000 else size
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


def knapsack(rows: Sequence[Sequence[tuple[int, float]]], room: int) -> list[int]:
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


def word_count(text: str) -> int:
    """Words as a narrator counts them: what spaces part."""
    return len(text.split())
