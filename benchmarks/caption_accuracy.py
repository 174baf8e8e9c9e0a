"""Word captions against their sound: when the offline voice says a word starts, and when it is heard to start.

    python benchmarks/caption_accuracy.py [--voices ava,michael,emma,george] [--paragraphs N]

A word's start is looked for in the waveform alone, where it can be seen, from the spelling and the sound; nothing that
the voice knows is used but the start under test, and that only to say which 0.3 s to look at:

- After a comma or full stop: where the silence ends, that is, where the energy comes within 25 dB of the word's own.
- Before p, t, k, b, d, g, ch, j: the burst, the steepest rise above 1 kHz that follows 20 ms of closure.
- Before s, sh: where lasting noise above 4 kHz sets in.

A word is measured when the event is plain: a rise of 10 dB, and 4 dB more than any other in those 0.3 s. Words that
begin otherwise run on from the word before, and no instant can be named for them. Prints, for each voice: words said,
words measured, the median of the absolute error, its 90th centile, and the median of the signed error (above 0: late).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.contracts import Speech, SpeechRequest
from storyreel.providers.offline.voice import VOICES, OfflineVoice

PARAGRAPHS: Sequence[str] = (
    "The ferry came late that evening, and the man who stepped off it carried a small black case. He stood on the "
    "pier, turned up his collar, and studied the town: two streets, a church, a pub with one lit window. Nobody "
    "had come to meet him. Seven gulls sat on the wall and watched him pass.",
    "Clara kept the post office, the only shop that sold stamps, paper, candles and tea. She saw the stranger "
    "cross the square and knew by the way he walked that he had been here before. People who come for the first "
    "time look at the sea. This one looked at doors.",
    "“Do you still keep letters nobody claims?” he asked. His voice was dry, careful, a little tired.",
    "“Some,” said Clara. “Ten years, then they burn.” She put down her pen. “Which name?”",
    "He told her. Slowly she turned, pulled open the bottom drawer, and took out a packet tied with green string. "
    "The top envelope had a foreign stamp and a coffee stain. She could have given it to him at once. Instead she "
    "pushed the packet under the counter, kept both palms on it, and said that she would need some proof.",
    "Dust drifted in the cold light. Somewhere behind the shop a gate banged, a dog barked twice, and footsteps "
    "crossed the court. Peter Bell, the baker’s boy, put his head around the door. “Storm’s coming,” he called. "
    "“Captain says to tie things down.” Then he saw the case, stopped smiling, and pulled the door shut.",
    "The stranger set the case on the table, turned two small keys, and tipped back the lid. Tools: brass, steel, "
    "copper wire, a glass tube. Clara stared. Her father had kept such tools, polished them on Sundays, and taken "
    "them with him on the boat that never came back.",
    "“Perhaps,” the stranger said, “this could serve as proof.” From beneath a folded cloth he drew a pocket "
    "compass. Its cover bore two crossed pens, scratched there by a child with a kitchen knife, thirty summers "
    "ago. She touched the scratches. She could feel each cut.",
    "Thunder cracked. Glass trembled in the frame. “Sit,” Clara told him. “Take the chair by the stove, and tell "
    "me everything, beginning with the day the ship sank.” She poured tea, black and bitter, broke bread, cut "
    "cheese, and because stories are thirsty work she put the bottle between them too.",
    "So he told her: of the current that dragged them south past the cape, of seventeen days without a sail, of a "
    "shore where people spoke softly and counted with shells. Captain Boyd died first. Two brothers built a boat, "
    "pushed it out through the surf, and sank before sunset. Only five saw the spring.",
    "“And my father?” she said. It took courage to say it.",
    "The stranger turned his cup. “Sixty letters,” he said. “Start with the top one.”",
)

HOP_S = 0.001
SEARCH_S = 0.15
PLAIN_RISE_DB, LEAD_DB, APART_S = 10.0, 4.0, 0.04
SILENCE_DB, SILENCE_S, SET_IN_DB = 45.0, 0.08, 25.0
_WINDOW_S, _FLOOR = 0.006, 1e-9

_STOP = re.compile(r"p(?![hns])|b|t(?!h)|d|k(?!n)|qu|c(?![eiyhz])|ch|g(?!n)|j")
_HISS = re.compile(r"s(?![tpkcqz]|ch)")
_HISS_NEAR = re.compile(r"[szxfvjt]|c[eihy]|ph|th|g[eiy]")
_MARK = re.compile(r"[,.;:!?…—][”’)\"]*$")

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A word whose start can be seen: what made it visible, and by how much its stated start is late."""

    word: str
    event: str
    late_s: float


def band_level_db(speech: Speech, low_hz: float, high_hz: float) -> Levels:
    """The level between two frequencies every millisecond, from windows of 6 ms."""
    rate = speech.sample_rate_hz
    length, hop = round(_WINDOW_S * rate), round(HOP_S * rate)
    padded = np.pad(speech.samples.astype(np.float64), (length // 2, length))
    frames = np.lib.stride_tricks.sliding_window_view(padded, length)[: speech.samples.size : hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(length), 256)) ** 2
    frequency_hz = np.fft.rfftfreq(256, 1 / rate)
    level: Levels = 10 * np.log10(power[:, (frequency_hz >= low_hz) & (frequency_hz < high_hz)].sum(axis=1) + _FLOOR)
    return level


def _event(word: str, before: str) -> str:
    """What can be seen of a word's start: "silence", "burst", "hiss" or ""."""
    if not before or _MARK.search(before):
        return "silence"
    letters, letters_before = (re.sub("[^a-z]", "", text.lower()) for text in (word, before))
    if _STOP.match(letters):
        return "burst"
    rest = letters.removeprefix("sh").removeprefix("s")
    if _HISS.match(letters) and not _HISS_NEAR.search(letters_before[-4:]) and not _HISS_NEAR.search(rest):
        return "hiss"
    return ""


def _after_silence(level: Levels, around: range) -> int | None:
    """The one moment in a range at which a silence ends; None when there is none, or several."""
    quiet, needed = level < level.max() - SILENCE_DB, round(SILENCE_S / HOP_S)
    ends = [i for i in around if i >= needed and not quiet[i] and quiet[i - needed : i].all()]
    if len(ends) != 1:
        return None
    word = level[ends[0] : ends[0] + round(SEARCH_S / HOP_S)]
    return ends[0] + int(np.argmax(word >= word.max() - SET_IN_DB))


def _plain_rise(level: Levels, around: range, before: int, after: int) -> int | None:
    """The moment of the greatest lasting rise, from the level of `before` ms to that of `after` ms; see the module."""
    at = np.arange(around.start, around.stop)
    behind, ahead, short = (np.lib.stride_tricks.sliding_window_view(level, size) for size in (before, after, 6))
    rises = np.percentile(ahead[at], 20, axis=1) - behind[at - before].max(axis=1)
    best, apart = int(np.argmax(rises)), round(APART_S / HOP_S)
    others = np.concatenate([rises[: max(0, best - apart)], rises[best + apart :]])
    if rises[best] < max(PLAIN_RISE_DB, others.max(initial=-np.inf) + LEAD_DB):
        return None
    near = np.arange(at[best] - after, at[best] + after)
    return int(near[np.argmax(short[near].mean(axis=1) - short[near - 6].mean(axis=1))])


def measured(speech: Speech, late_s: float = 0.0) -> Iterator[Measured]:
    """Every word whose start can be seen, with how late its stated start is.

    Args:
        speech: a passage with its words.
        late_s: added to every stated start, to see that the measurement tells it.
    """
    whole, middle, top = (band_level_db(speech, *band) for band in ((100, 8000), (1000, 8000), (4000, 11000)))
    reach, margin = round(SEARCH_S / HOP_S), 60
    for index, word in enumerate(speech.words):
        start_s = word.start_s + late_s
        centre = round(start_s / HOP_S)
        around = range(max(margin, centre - reach), min(whole.size - margin, centre + reach))
        event = _event(word.text, speech.words[index - 1].text if index else "")
        if not event or len(around) < reach:
            continue
        if event == "silence":
            found = _after_silence(whole, around)
        elif event == "burst":
            found = _plain_rise(middle, around, 20, 8)
        else:
            found = _plain_rise(top, around, 12, 45)
        if found is not None:
            yield Measured(word.text, event, start_s - found * HOP_S)


def summary(words: Sequence[Measured]) -> str:
    """Count, median and 90th centile of the absolute error, and median of the signed one, as cells of a table."""
    if not words:
        return "0 | | | "
    late_ms = np.array([word.late_s for word in words]) * 1000
    error_ms = np.abs(late_ms)
    middle, most = np.median(error_ms), np.percentile(error_ms, 90)
    return f"{len(words)} | {middle:.0f} | {most:.0f} | {np.median(late_ms):+.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voices", default=",".join(VOICES))
    parser.add_argument("--paragraphs", type=int, default=len(PARAGRAPHS))
    chosen = parser.parse_args()
    print("| voice | words | measured | median ms | 90 % ms | bias ms |\n|---|---|---|---|---|---|")
    everything: list[Measured] = []
    said = 0
    for name in chosen.voices.split(","):
        spoken = [OfflineVoice(name).speak(SpeechRequest(text)) for text in PARAGRAPHS[: chosen.paragraphs]]
        words = [word for speech in spoken for word in measured(speech)]
        count = sum(len(speech.words) for speech in spoken)
        print(f"| {name} | {count} | {summary(words)} |", flush=True)
        everything += words
        said += count
    print(f"| all | {said} | {summary(everything)} |\n")
    print("| event | measured | median ms | 90 % ms | bias ms |\n|---|---|---|---|---|")
    for event in ("silence", "burst", "hiss"):
        print(f"| {event} | {summary([word for word in everything if word.event == event])} |")


if __name__ == "__main__":
    main()
