"""Plots of what is heard and when it is seen."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from matplotlib.figure import Figure

from storyreel.media.energy import energy_db
from storyreel.media.model import Narration
from storyreel.media.sound import read_sound
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.recipes.costs import AllCosts, Costs, costs
from storyreel.timeline.model import Timeline

ACCENT, GREY, AMBER, INK = "#0B766B", "#B0B8C1", "#C98A1B", "#15191D"
ANALYSIS_RATE_HZ = 16_000
HOP_S = 0.01
DOTS_PER_INCH = 144


class Plot(Figure):
    """A figure that a notebook shows as a picture by itself, whether or not pyplot was ever imported."""

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png", dpi=DOTS_PER_INCH)
        return picture.getvalue()


def plot_energy(project: Project, narration: Narration, timeline: Timeline) -> Plot:
    """A chapter's voice energy over time with the picture changes that fall into it, which settle on its dips."""
    if narration.audio is None:
        raise ValueError("this chapter has no voice, so there is no energy to plot")
    store = store_of(project)
    sound = read_sound(store.path(narration.audio.blob), sample_rate_hz=ANALYSIS_RATE_HZ, channels=1)[:, 0]
    level_db = energy_db(sound, ANALYSIS_RATE_HZ, hop_s=HOP_S)
    place = next(item for item in timeline.sounds if item.asset == narration.audio)
    offset_s = timeline.rate.seconds(place.start_frame)
    figure = Plot(figsize=(10, 2.6), layout="constrained")
    axes = figure.subplots()
    axes.fill_between(np.arange(len(level_db)) * HOP_S + offset_s, level_db, -70, color=GREY, linewidth=0)
    cuts_s = [timeline.rate.seconds(clip.start_frame) for clip in timeline.clips]
    for cut_s in cuts_s:
        if offset_s < cut_s < offset_s + narration.duration_s:
            axes.axvline(cut_s, color=ACCENT, linewidth=1.5)
    axes.set(
        xlabel="film time (s)", ylabel="voice (dBFS)", ylim=(-70, 0), xlim=(offset_s, offset_s + narration.duration_s)
    )
    axes.set_title(f"Chapter {narration.chapter}: picture changes settle on dips of the voice", loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def plot_timeline(timeline: Timeline) -> Plot:
    """The whole film as lanes: pictures, captions, voice and music over time."""

    def seconds(start: int, length: int) -> tuple[float, float]:
        return timeline.rate.seconds(start), timeline.rate.seconds(length)

    figure = Plot(figsize=(10, 2.4), layout="constrained")
    axes = figure.subplots()
    for clip in timeline.clips:
        start_s, length_s = seconds(clip.start_frame, clip.length_frames)
        axes.broken_barh(
            [(start_s, length_s)], (3.1, 0.8), facecolor=ACCENT if clip.scene % 2 else "#4CCBB7", edgecolor="white"
        )
        if clip.id.endswith(tuple("0123456789")):
            axes.text(start_s + 0.3, 3.5, str(clip.scene), va="center", fontsize=8, color=INK)
    axes.broken_barh([seconds(cue.start_frame, cue.length_frames) for cue in timeline.cues], (2.1, 0.8), facecolor=GREY)
    windows = [seconds(start, end - start) for start, end in timeline.voice_windows]
    axes.broken_barh(windows, (1.1, 0.8), facecolor=AMBER)
    music = [seconds(sound.start_frame, sound.length_frames) for sound in timeline.sounds if sound.track == "music"]
    axes.broken_barh(music, (0.1, 0.8), facecolor="#8E97A2")
    axes.set_yticks([0.5, 1.5, 2.5, 3.5], ["music", "voice", "captions", "pictures"])
    axes.set(xlim=(0, timeline.rate.seconds(timeline.length_frames)), xlabel="film time (s)")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False)
    return figure


def plot_costs(found: Costs | Project | AllCosts) -> Plot:
    """What a film cost: a bar for each step and provider, and how the sum grew with time; or a bar for each film."""
    if isinstance(found, AllCosts):
        return _plot_films(found)
    if isinstance(found, Project):
        found = costs(found.id, cache=found.cache)
    figure = Plot(figsize=(10, 2.8), layout="constrained")
    bars, line = figure.subplots(1, 2, width_ratios=(3, 2))
    steps = found.by_step()
    labels = [f"{row.step or 'by itself'} · {row.model or row.provider}" for row in steps]
    bars.barh(labels[::-1], [float(row.price_usd) for row in steps][::-1], color=ACCENT)
    bars.set(xlabel="US dollars")
    paid = found.table().query("state == 'answered'").sort_values("asked_at")
    minutes = (paid["asked_at"] - paid["asked_at"].min()).dt.total_seconds() / 60
    line.step(minutes, paid["price_usd"].cumsum(), where="post", color=INK)
    line.set(xlabel="minutes since the first call", ylabel="US dollars", ylim=(0, None))
    if found.limit_usd is not None:
        line.axhline(float(found.limit_usd), color=AMBER, linewidth=1.5)
    for axes in (bars, line):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{found.project_id}: ${found.spent_usd:.2f}", x=0.01, ha="left", fontsize=11)
    return figure


def _plot_films(found: AllCosts) -> Plot:
    figure = Plot(figsize=(10, max(1.6, 0.5 + 0.35 * len(found.films))), layout="constrained")
    axes = figure.subplots()
    axes.barh(
        [film.project_id for film in found.films][::-1],
        [float(film.spent_usd) for film in found.films][::-1],
        color=ACCENT,
    )
    axes.set(xlabel="US dollars")
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{len(found.films)} films: ${found.spent_usd:.2f}", x=0.01, ha="left", fontsize=11)
    return figure
