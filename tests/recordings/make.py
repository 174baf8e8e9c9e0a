"""How the recordings beside this file were made:  python tests/recordings/make.py [NAME ...]

Each NAME.ogg (Opus) was spoken by the offline voice, and NAME.json says when each word truly is. Fillers were taken
out of other sentences and put between words at known times, with a pause as people make it on either side.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np

from storyreel.media.energy import energy_db
from storyreel.providers.contracts import FloatArray, SpeechRequest
from storyreel.providers.offline.voice import OfflineVoice

FOLDER = Path(__file__).parent
RATE_HZ = 24_000

HARBOUR = """The harbour was quiet that morning, and the boats lay still against the wall. My grandfather had taken me \
down before breakfast to see the light come up over the water. He never said very much. He pointed at things, and \
waited for me to see them: a heron on the far bank, a rope somebody had forgotten to coil, the smoke from the bakery. \
When I asked him why we came so early, he laughed."""
TREES = """Last year we planted four hundred trees along the river. Most people told us they would never survive the \
winter, because the ground there floods twice a year. They were wrong. Willows like wet feet, and by spring nearly all \
of them had new leaves. The strange part came later. In June the birds returned, first the warblers, then a pair of \
kingfishers that nobody had seen here for thirty years."""
KITCHEN = """There are three rules in this kitchen. Taste everything before you salt it. Never put a hot pan in cold \
water. And when the bell rings, stop talking and carry the plates. My teacher wrote them on the door many years ago, \
and the paint has hardly faded. I have cooked in better places since. I have never cooked with better people."""

# name -> (voice, text, speed, {the word after which a filler is put: the filler})
RECORDINGS: dict[str, tuple[str, str, float, dict[int, str]]] = {
    "harbour": ("bm_george", HARBOUR, 0.85, {}),
    "trees": ("af_heart", TREES, 1.2, {}),
    "kitchen_fillers": ("bf_emma", KITCHEN, 1.0, {5: "um", 9: "uh", 16: "um", 22: "uh", 26: "um", 33: "er", 40: "uh",
                        48: "um", 55: "uh"}),
    "trees_fillers": ("am_michael", TREES, 1.0, {3: "um", 8: "uh", 14: "um", 20: "uh", 29: "um", 33: "uh", 39: "um",
                      46: "er", 53: "um", 57: "uh", 63: "um"}),
}  # fmt: skip
BEFORE_S, AFTER_S = 0.13, 0.17


# Said alone, so short a sound is garbled; in a sentence it is not.
CARRIERS = {
    "um": "The doors were open, um, and the lights were on.",
    "uh": "We went there on Monday, and, uh, there was nobody at all.",
    "er": "I think it was, er, about nine in the evening.",
}


def filler(text: str, voice: OfflineVoice) -> FloatArray:
    """A filler alone: what sounds around its middle, up to the silences on either side."""
    speech = voice.speak(SpeechRequest(CARRIERS[text]))
    word = next(word for word in speech.words if word.text == f"{text},")
    energy = energy_db(speech.samples, RATE_HZ)
    middle = round((word.start_s + word.end_s) * 50)
    loud = energy > energy[middle - 10 : middle + 10].max() - 30
    first, after = middle, middle
    while loud[first - 1] and first > word.start_s * 100 - 8:
        first -= 1
    while loud[after] and after < word.end_s * 100 + 8:
        after += 1
    sound = speech.samples[round(first * 0.01 * RATE_HZ) : round(after * 0.01 * RATE_HZ)].copy()
    fade = np.sin(np.linspace(0, np.pi / 2, round(0.015 * RATE_HZ))).astype(np.float32)
    sound[: len(fade)] *= fade
    sound[-len(fade) :] *= fade[::-1]
    return sound


def recording(name: str) -> tuple[FloatArray, list[dict[str, Any]]]:
    """Its samples, and its words with their times; fillers are marked."""
    voice_name, text, speed, fillers = RECORDINGS[name]
    voice = OfflineVoice(voice_name)
    speech = voice.speak(SpeechRequest(text, speed=speed))
    energy = energy_db(speech.samples, RATE_HZ)
    said = {text: filler(text, voice) for text in set(fillers.values())}
    pieces, words, at, moved_s = [], [], 0, 0.0
    for index, word in enumerate(speech.words):
        words.append({"text": word.text, "start_s": word.start_s + moved_s, "end_s": word.end_s + moved_s})
        if index in fillers:
            near = np.arange(round(word.end_s * 100) - 4, round(word.end_s * 100) + 5)
            cut = int(near[np.argmin(energy[near])] * 0.01 * RATE_HZ)
            sound = said[fillers[index]]
            pieces += [speech.samples[at:cut], np.zeros(round(BEFORE_S * RATE_HZ)), sound,
                       np.zeros(round(AFTER_S * RATE_HZ))]  # fmt: skip
            start_s = cut / RATE_HZ + moved_s + BEFORE_S
            end_s = start_s + len(sound) / RATE_HZ
            words.append({"text": fillers[index], "start_s": start_s, "end_s": end_s, "filler": True})
            moved_s += BEFORE_S + len(sound) / RATE_HZ + AFTER_S
            at = cut
    samples = np.concatenate([*pieces, speech.samples[at:]])
    samples += np.random.default_rng(7).standard_normal(len(samples)) * 10 ** (-62 / 20)  # the room
    return samples.astype(np.float32), words


def write(name: str) -> None:
    samples, words = recording(name)
    with av.open(str(FOLDER / f"{name}.ogg"), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = 32_000
        doubled = np.repeat(samples, 2)  # 24 to 48 kHz, smoothed
        doubled[1:-1:2] = (samples[:-1] + samples[1:])[: len(doubled[1:-1:2])] / 2
        whole = np.clip(np.rint(doubled * 32767), -32768, 32767).astype(np.int16)
        for first in range(0, len(whole), 960):
            part = np.zeros(960, np.int16)
            part[: len(whole[first : first + 960])] = whole[first : first + 960]
            frame = av.AudioFrame.from_ndarray(part[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48_000, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    for word in words:
        word.update(start_s=round(word["start_s"], 3), end_s=round(word["end_s"], 3))
    (FOLDER / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(word) for word in words) + "\n]\n")


# No offline voice speaks Spanish, so an English one is told the sound of every word.
SPANISH = """Buenos días. Hoy vamos a hablar de la historia de una ciudad muy antigua. El puerto estaba lleno de \
barcos, y los pescadores cantaban por la mañana. Mi abuelo trabajaba en una casa blanca, cerca del mar."""
SPANISH_SOUNDS = """bwˈenos dˈias ˈoi bˈamos a ablˈaɾ de la istˈoɾja de ˈuna sjudˈad mˈui antˈiɡwa el pwˈeɾto \
estˈaba jˈeno de bˈaɾkos i los peskadˈoɾes kantˈaban poɾ la manjˈana mi abwˈelo tɾabahˈaba en \
ˈuna kˈasa blˈanka sˈeɾka del mˈaɾ"""


def spanish() -> FloatArray:
    """What spanish.ogg holds, 24 kHz; written at 24 kbit/s."""
    words = [word.strip(",.").lower() for word in SPANISH.split()]
    sounds = {word: f"/{sound}/" for word, sound in zip(words, SPANISH_SOUNDS.split(), strict=True)}
    return OfflineVoice("af_heart", pronunciations=sounds).speak(SpeechRequest(SPANISH)).samples


if __name__ == "__main__":
    for each in sys.argv[1:] or RECORDINGS:
        write(each)
