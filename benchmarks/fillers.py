"""How many fillers are found and cut in recordings that no limit was set on, and whether a real word is lost for it.

Run with `make bench ARGS=fillers`, or by itself; `--tuning` measures the recordings that limits may be set on instead,
and lists what went wrong in each. See filler_recordings.py for what they are.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from filler_recordings import HELD_OUT, TUNING, Said, recording
from report import Report
from setting import Setting
from transcript_accuracy import CONDITIONS, RATE_HZ, transcribed

from storyreel.media.energy import energy_db
from storyreel.media.fillers import find_fillers, plan_cuts
from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.listener import OfflineListener

NAME, TITLE = "fillers", "fillers found and words kept, in recordings that no limit was set on"
_CUT_SHARE, _TOUCHED_S, _LOST_SHARE = 0.8, 0.08, 0.5


@dataclass
class Tally:
    """What was measured under one condition.

    Attributes:
        cut: fillers of which four fifths are gone.
        touched, lost: real words of which 80 ms, or half, are gone.
    """

    fillers: int = 0
    cut: int = 0
    words: int = 0
    touched: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, samples: FloatArray, truth: Iterable[Said], listener: OfflineListener) -> None:
        """Hear a recording, cut it, and compare."""
        transcript = transcribed(samples, listener)
        found = find_fillers(transcript.words, transcript.language)
        cuts = plan_cuts(transcript.words, found, energy_db(samples, RATE_HZ), transcript.duration_s)
        for word in truth:
            length_s = word.end_s - word.start_s
            gone_s = sum(max(0.0, min(word.end_s, cut.end_s) - max(word.start_s, cut.start_s)) for cut in cuts)
            fault = ""
            if word.filler:
                self.fillers += 1
                self.cut += gone_s > _CUT_SHARE * length_s
                fault = "stays" if gone_s <= _CUT_SHARE * length_s else ""
            else:
                self.words += 1
                self.touched += gone_s > _TOUCHED_S
                self.lost += gone_s > _LOST_SHARE * length_s and gone_s > _TOUCHED_S
                fault = "touched" if gone_s > _TOUCHED_S else ""
            if fault:
                near = [w for w in transcript.words if w.end_s > word.start_s - 0.5 and w.start_s < word.end_s + 0.5]
                heard = " ".join(f"{w.text}[{w.start_s:.2f}-{w.end_s:.2f}]" for w in near)
                self.faults.append(
                    f"{word.text} {word.start_s:.2f}-{word.end_s:.2f} {fault}, {gone_s:.2f} s gone: {heard}"
                )


def tallied(seeds: Iterable[int], condition: str, folder: Path, listener: OfflineListener) -> Tally:
    """All recordings of some seeds under one condition."""
    tally = Tally()
    for seed in seeds:
        samples, truth = recording(seed, folder)
        tally.add(CONDITIONS[condition](samples), truth, listener)
    return tally


def measure(setting: Setting) -> Report:
    """The held-out recordings; a quick run takes half of them, and no music."""
    report, listener = Report(NAME, TITLE), OfflineListener()
    seeds = HELD_OUT[: len(HELD_OUT) // 2] if setting.quick else HELD_OUT
    for condition in CONDITIONS:
        if setting.quick and condition == "music":
            continue
        begun_s = time.process_time()
        tally = tallied(seeds, condition, setting.folder, listener)
        share = tally.cut / tally.fillers
        report.hold(f"{condition}: fillers cut", f"{tally.cut} of {tally.fillers}", share, at_least=0.95)
        report.hold(f"{condition}: real words lost", f"{tally.lost} of {tally.words}", tally.lost, at_most=0)
        report.add(f"{condition}: real words touched", f"{tally.touched} of {tally.words}")
        report.add(
            f"{condition}: CPU time, speech made beforehand not counted", f"{time.process_time() - begun_s:.0f} s"
        )
    report.notes.append(
        "Fillers (um, uh, er, erm, hmm, ah) stand in sentences or are set between words with pauses of 0.02 to 0.4 s"
        " around them; among the words are hum, home, her, are, our and 'Ah yes'. A filler counts as cut when "
        "four fifths of it are gone, a word as touched when 80 ms of it are, as lost when half of it is. Truth is the "
        "voice's own word times, which err by some 50 ms."
    )
    return report


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        if "--tuning" in sys.argv:
            for each in CONDITIONS:
                found = tallied(TUNING, each, Path(place), OfflineListener())
                print(f"{each}: {found.cut} of {found.fillers} cut, {found.lost} lost", *found.faults, sep="\n  ")
        else:
            print(measure(Setting(quick=False, hour=False, folder=Path(place))).text())
