"""How near to the truth the words of a transcript lie, and how many known fillers are found and cut.

Recordings whose words are known (tests/recordings) are heard clean, with white noise 10 dB below the speech, and with
music under them. Run with `make bench ARGS=transcript_accuracy`, or by itself.
"""

from __future__ import annotations

import difflib
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from report import Report
from setting import Setting

from storyreel.media.align import align
from storyreel.media.energy import dips, energy_db
from storyreel.media.fillers import find_fillers, plan_cuts
from storyreel.media.snap import snapped
from storyreel.media.sound import read_sound
from storyreel.media.tokens import plain
from storyreel.media.transcript import HeardPiece, Transcript, joined, piece_bounds
from storyreel.providers.contracts import FloatArray, ListeningRequest, MusicRequest
from storyreel.providers.offline.listener import OfflineListener
from storyreel.providers.offline.score import OfflineComposer

NAME, TITLE = "transcript_accuracy", "words and fillers of a recording against the truth"
FOLDER = Path(__file__).parents[1] / "tests" / "recordings"
PLAIN, WITH_FILLERS = ("harbour", "trees"), ("kitchen_fillers", "trees_fillers")
RATE_HZ = 16_000


@dataclass
class Found:
    """What was measured under one condition."""

    start_ms: list[float] = field(default_factory=list)
    aligned_ms: list[float] = field(default_factory=list)
    words: int = 0
    matched: int = 0
    fillers: int = 0
    fillers_cut: int = 0
    words_cut: int = 0


def noisy(samples: FloatArray) -> FloatArray:
    loud = samples[np.abs(samples) > 0.01]
    level = np.sqrt(np.mean(np.square(loud)) / 10)
    return (samples + np.random.default_rng(1).standard_normal(len(samples)) * level).astype(np.float32)


def over_music(samples: FloatArray) -> FloatArray:
    from scipy.signal import resample_poly

    piece = OfflineComposer().compose(MusicRequest(mood="warm, hopeful", duration_s=20.0, seed=3))
    bed = resample_poly(piece.samples.mean(axis=1), RATE_HZ, piece.sample_rate_hz)
    return (samples + 0.15 * np.resize(bed, len(samples))).astype(np.float32)


CONDITIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "clean": lambda samples: samples,
    "noise at 10 dB": noisy,
    "music": over_music,
}


def transcribed(samples: FloatArray, listener: OfflineListener) -> Transcript:
    length_s, pieces = len(samples) / RATE_HZ, []
    for start_s, end_s in piece_bounds(
        length_s, [float(dip) for dip in dips(energy_db(samples, RATE_HZ))], listener.longest_s
    ):
        part = samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
        words = snapped(listener.hear(ListeningRequest(part, RATE_HZ, language="en")).words, energy_db(part, RATE_HZ))
        moved = (w.model_copy(update={"start_s": w.start_s + start_s, "end_s": w.end_s + start_s}) for w in words)
        pieces.append(HeardPiece(start_s=start_s, end_s=end_s, words=tuple(moved)))
    return joined(pieces, length_s)


def compare(name: str, samples: FloatArray, listener: OfflineListener, found: Found) -> None:
    truth = json.loads((FOLDER / f"{name}.json").read_text())
    transcript, energy = transcribed(samples, listener), energy_db(samples, RATE_HZ)
    ours, theirs = [plain(w.text) for w in transcript.words], [plain(w["text"]) for w in truth]
    for a, b, size in difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks():
        found.matched += size
        for k in range(size):
            found.start_ms.append(1000 * (transcript.words[b + k].start_s - truth[a + k]["start_s"]))
    found.words += len(truth)
    script = " ".join(word["text"] for word in truth)
    for word, true in zip(align(script, transcript.words, transcript.duration_s, energy), truth, strict=True):
        found.aligned_ms.append(1000 * (word.start_s - true["start_s"]))
    cuts = plan_cuts(transcript.words, find_fillers(transcript.words), energy, transcript.duration_s)
    for word in truth:
        gone_s = sum(max(0.0, min(word["end_s"], cut.end_s) - max(word["start_s"], cut.start_s)) for cut in cuts)
        if word.get("filler"):
            found.fillers += 1
            found.fillers_cut += gone_s > 0.8 * (word["end_s"] - word["start_s"])
        else:
            found.words_cut += gone_s > 0.08


def measure(setting: Setting) -> Report:
    """Every recording under every condition; a quick run leaves music out."""
    report, listener = Report(NAME, TITLE), OfflineListener()
    heard_s = used_s = 0.0
    for condition, change in CONDITIONS.items():
        if setting.quick and condition == "music":
            continue
        found = Found()
        for name in PLAIN + WITH_FILLERS:
            samples = change(read_sound(FOLDER / f"{name}.ogg", sample_rate_hz=RATE_HZ, channels=1)[:, 0])
            begun_s = time.process_time()
            compare(name, samples, listener, found)
            used_s, heard_s = used_s + time.process_time() - begun_s, heard_s + len(samples) / RATE_HZ
        for what, errors in (("heard", found.start_ms), ("of a known text", found.aligned_ms)):
            sizes = np.abs(errors)
            middle, most = float(np.median(sizes)), float(np.percentile(sizes, 90))
            label = f"{condition}: word starts, {what}"
            report.hold(f"{label}, median", f"{middle:.0f} ms", middle, at_most=90, unit="ms")
            report.hold(f"{label}, 90 %", f"{most:.0f} ms", most, at_most=200, unit="ms")
        report.add(f"{condition}: words heard as they were said", f"{found.matched} of {found.words}")
        share = found.fillers_cut / found.fillers
        goal = 0.95 if condition == "clean" else None
        figure = f"{found.fillers_cut} of {found.fillers}, {found.words_cut} real words touched"
        if goal is None:
            report.add(f"{condition}: fillers found and cut", figure)
        else:
            report.hold(f"{condition}: fillers found and cut", figure, share, at_least=goal)
    report.add("CPU time a second of recording", f"{used_s / heard_s:.3f} s")
    report.notes.append(
        "Truth is the offline voice's own word times, which err a little themselves (caption_accuracy.py). A "
        "filler counts as cut when four fifths of it are gone, a word as touched when 80 ms of it are."
    )
    return report


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(measure(Setting(quick=False, hour=False, folder=Path(folder))).text())
