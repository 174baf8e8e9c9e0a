"""Are the words of the offline voice understood? Its sound, written down by the offline listener, against its text.

    python benchmarks/voice_words.py [--voices ava,michael,...] [--words N] [--model base]

The text is told by the offline writer under titles that differ, with sentences of names, numbers, dates and money among
them, and is dealt out among the voices in turn. Both sides are read as the voice reads them (numbers as words) and
compared by sound, without case and marks. Prints, for each voice and in all: words, word error rate (substituted,
dropped and added words over words said), words a minute, level (root mean square), the longest silence inside a
sentence and the greatest step between two samples; then what was misheard most often.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from storyreel.providers.contracts import ListeningRequest, Speech, SpeechRequest
from storyreel.providers.offline.listener import OfflineListener
from storyreel.providers.offline.voice import VOICES, OfflineVoice
from storyreel.providers.offline.voice.lexicon import lexicon
from storyreel.providers.offline.voice.normalise import sentences_of
from storyreel.providers.offline.voice.phonemes import Pronouncer
from storyreel.providers.offline.voice.sentences import Said, Sentence
from storyreel.providers.offline.writer.bible import bible
from storyreel.providers.offline.writer.film import film

TITLES: Sequence[str] = (
    "The Violin",
    "Mars Colony",
    "Bees",
    "The Ice Road",
    "Gold Rush",
    "Blackout",
    "Samurai",
    "The Tree",
)
NAMES_AND_NUMBERS: Sequence[str] = (
    "Marie Curie was born in Warsaw on 7 November 1867 and won the prize in 1903 and again in 1911.",
    "The train to Edinburgh leaves at 9:45 a.m. from platform 12, and a ticket costs £38.50.",
    "Elizabeth II reigned for 70 years; Henry VIII had six wives, and Louis XIV built Versailles.",
    "In chapter IV Dr. Martha Jones walks 3.5 km through the snow at -12 °C.",
    "Alexander, Benjamin, Charlotte, Daniel, Eleanor and Frederick shared 1,250 apples.",
    "Mount Everest is 8,849 m high, and about 800 people try to climb it each year.",
    "Vincent and Theo wrote to each other for 18 years, from Paris, Arles and Amsterdam.",
    "The 1st, the 2nd and the 23rd of May were Mondays, said Mrs. Robinson of 221 Baker Street.",
    "Prices rose by 4.2% in the 1970s, and $3.5 million was lost in 24 hours.",
    "Amelia Earhart flew from Newfoundland to Ireland in 14 hours and 56 minutes.",
    "Roughly 2/3 of the students, 64 of 96, were from Brazil, Kenya, Norway and Japan.",
    "Call Samuel at 555-0142 before 10 p.m., or write to sam@example.com.",
    "Leonardo was 67 when he died; Michelangelo lived to be 88.",
    "Flight 307 to Buenos Aires was delayed by 45 minutes on December 31st, 1999.",
    "J. R. Miller paid $19.99 for a 2 lb bag of coffee and 6 oz of tea.",
    "Isabella, Jonathan, Katherine and Lawrence met Olivia, Patrick and Rachel in Chicago.",
    "World War II ended in 1945; the wall in Berlin fell on 9 November 1989.",
    "At 60 mph you travel 88 ft every second, which is about 27 m.",
    "Susan, Thomas, Victoria, William and Zachary live at 17 St. James Street.",
    "Part III begins on page 204, about 1,000 words before the end of vol. 2.",
)
_FRAME_S = 0.02
_SILENT = 10.0 ** (-50.0 / 20.0)


@dataclass(slots=True)
class Tally:
    """What was measured of one voice, or of all."""

    words: int = 0
    errors: int = 0
    seconds: float = 0.0
    squares: float = 0.0
    samples: int = 0
    silence_s: float = 0.0
    step: float = 0.0
    misheard: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another one in."""
        for name in ("words", "errors", "seconds", "squares", "samples"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.silence_s, self.step = max(self.silence_s, other.silence_s), max(self.step, other.step)
        self.misheard += other.misheard

    def line(self, name: str) -> str:
        """The row of the table."""
        return (
            f"{name:9} {self.words:6} {100 * self.errors / max(1, self.words):6.2f} % "
            f"{60 * self.words / max(self.seconds, 1e-9):6.0f} {np.sqrt(self.squares / max(1, self.samples)):8.4f} "
            f"{self.silence_s:8.2f} {self.step:6.2f}"
        )


def plain(text: str, *, british: bool = False) -> list[str]:
    """The words of a text as they are said, in small letters, without marks or hyphens."""
    said = " ".join(word.word for sentence in sentences_of(text, british=british) for word in sentence.words).lower()
    # Letters said one by one are written in as many ways as there are writers.
    return re.findall(r"[a-z']+", said.replace("’", "'").replace("-", " ").replace("grey", "gray"))


@cache
def sound_of(word: str) -> str:
    """How a word sounds, without its stress: nobody can hear whether it was "Dunstan" or "Dunston"."""
    sounds = Pronouncer(lexicon(british=False)).sentence(Sentence((Said(word, 0),), ends_paragraph=True))
    return "".join(part.sounds for part in sounds).replace("ˈ", "").replace("ˌ", "") or word


def differences(said: Sequence[str], heard: Sequence[str], sound_of: Callable[[str], str] = sound_of) -> list[str]:
    """The fewest words substituted, dropped or added that make one of the other, each as "said>heard"."""
    said_as, heard_as = [sound_of(word) for word in said], [sound_of(word) for word in heard]
    costs = np.zeros((len(said) + 1, len(heard) + 1), int)
    costs[:, 0], costs[0] = np.arange(len(said) + 1), np.arange(len(heard) + 1)
    for i, one in enumerate(said_as, 1):
        for j, other in enumerate(heard_as, 1):
            costs[i, j] = min(costs[i - 1, j] + 1, costs[i, j - 1] + 1, costs[i - 1, j - 1] + (one != other))
    i, j, found = len(said), len(heard), []
    while i or j:
        if i and j and costs[i, j] == costs[i - 1, j - 1] + (said_as[i - 1] != heard_as[j - 1]):
            i, j = i - 1, j - 1
            if said_as[i] != heard_as[j]:
                found.append(f"{said[i]}>{heard[j]}")
        elif i and costs[i, j] == costs[i - 1, j] + 1:
            i -= 1
            found.append(f"{said[i]}>-")
        else:
            j -= 1
            found.append(f"->{heard[j]}")
    return found[::-1]


def same_sound(said: Sequence[str], heard: Sequence[str]) -> list[str]:
    """What differs in more than where a word is parted: "net mender" and "netmender" are one."""
    return differences(said, heard) if "".join(said) != "".join(heard) else []


def longest_silence_s(text: str, speech: Speech) -> float:
    """The longest stretch under -50 dB of full scale that no mark of the text asks for, in s."""
    size = round(_FRAME_S * speech.sample_rate_hz)
    frames = speech.samples[: speech.samples.size // size * size].reshape(-1, size)
    quiet = np.sqrt(np.mean(frames**2, axis=1)) < _SILENT
    ends = [word.end_s for word in speech.words if re.search(r"[.!?…][\"”’)]*$", word.text)]
    longest = run = 0.0
    for number, silent in enumerate(quiet):
        run = run + _FRAME_S if silent else 0.0
        middle_s = (number + 1) * _FRAME_S - run / 2
        if not any(abs(middle_s - end) < 1.2 for end in ends):
            longest = max(longest, run)
    return longest


def paragraphs(words: int) -> Iterator[str]:
    """Text of about so many words, a fifth of it from sentences of names and numbers, which all come in 2,000 words."""
    told = [
        text for number in range(20) for title in TITLES
        for text in film(bible(title, number), 1, 520)[0].text.split("\n\n")
    ]  # fmt: skip
    length = 0
    for number, text in enumerate(told):
        piece = text if len(text.split()) < 75 else " ".join(text.split()[:75])
        piece = f"{NAMES_AND_NUMBERS[number % len(NAMES_AND_NUMBERS)]} {piece}"
        yield piece
        length += len(piece.split())
        if length >= words:
            return


def measured(name: str, text: str, listener: OfflineListener) -> Tally:
    """One passage said and heard."""
    voice = OfflineVoice(name)
    speech = voice.speak(SpeechRequest(text))
    heard = listener.hear(ListeningRequest(speech.samples, speech.sample_rate_hz, language="en"))
    said = plain(text)
    wrong = same_sound(said, plain(" ".join(word.text for word in heard.words)))
    return Tally(
        words=len(said),
        errors=len(wrong),
        seconds=speech.samples.size / speech.sample_rate_hz,
        squares=float(np.sum(speech.samples.astype(float) ** 2)),
        samples=speech.samples.size,
        silence_s=longest_silence_s(text, speech),
        step=float(np.abs(np.diff(speech.samples)).max()),
        misheard=Counter(wrong),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--voices", default=",".join(VOICES))
    parser.add_argument("--words", type=int, default=2000)
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    names, listener, whole = options.voices.split(","), OfflineListener(options.model), Tally()
    by_voice = {name: Tally() for name in names}
    for number, text in enumerate(paragraphs(options.words)):
        name = names[number % len(names)]
        found = measured(name, text, listener)
        by_voice[name].add(found)
        whole.add(found)
    print("voice      words   errors  wpm      rms   silence  step")
    for name, tally in by_voice.items():
        print(tally.line(name))
    print(whole.line("all"))
    print(", ".join(f"{pair} {count}" for pair, count in whole.misheard.most_common(60)))


if __name__ == "__main__":
    main()
