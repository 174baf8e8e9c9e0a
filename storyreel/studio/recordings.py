"""Plots of a recording: its energy, the segments it is parted into, and the fillers found in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from storyreel.media.energy import HOP_S
from storyreel.media.fillers import Filler
from storyreel.media.listen import PreparedSound, energy_of
from storyreel.media.transcript import Transcript
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.shots.segments import Segment
from storyreel.studio.plots import ACCENT, AMBER, GREY, Plot

FLOOR_DB = -75


def plot_recording(
    project: Project,
    sound: PreparedSound,
    transcript: Transcript,
    segments: Sequence[Segment] = (),
    fillers: Sequence[Filler] = (),
) -> Plot:
    """A recording's energy over time, with its cuts as lines and its fillers shaded.

    Args:
        transcript: whose words the fillers are.
    """
    level_db = energy_of(store_of(project), sound)
    figure = Plot(figsize=(10, 2.6), layout="constrained")
    axes = figure.subplots()
    axes.fill_between(np.arange(len(level_db)) * HOP_S, level_db, FLOOR_DB, color=GREY, linewidth=0)
    for filler in fillers:
        start_s, end_s = transcript.words[filler.first_word].start_s, transcript.words[filler.last_word].end_s
        axes.axvspan(start_s, end_s, color=AMBER, alpha=0.55, linewidth=0)
    for segment in segments[1:]:
        axes.axvline(segment.start_s, color=ACCENT, linewidth=1.5)
    axes.set(xlabel="time (s)", ylabel="sound (dBFS)", ylim=(FLOOR_DB, 0), xlim=(0, sound.duration_s))
    axes.spines[["top", "right"]].set_visible(False)
    return figure
