"""A long film made from a title, killed again and again on the way, and then looked through from end to end.

    python benchmarks/long_film.py [--chapters 18] [--words 560] [--size 1920x1080] [--kills 12] [--folder DIR]

Runs `storyreel title` in a process of its own, which is ended by SIGKILL at random shares of the way, and started once
more. Then the film is decoded whole: as long as its timeline, no stretch black or silent, every chapter there, captions
within the film and on it. Memory, each step's time and the size of the cache go into benchmarks/RESULTS.md. Ends with
exit code 1 where something is not as it should be; only then the cache stays, to be looked at. `make soak` runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from report import Report, machine, write

from storyreel.progress import Event, EventTail, Overview
from storyreel.timeline.model import Timeline
from storyreel.workers import core_count

NAME, TITLE = "long_film", "a long film under kills, looked through whole"
FILM_TITLE, PROJECT = "The Last Lighthouse", "the-last-lighthouse"
BLACK_LUMA, LONGEST_BLACK_S = 20.0, 1.0  # the film's own fades from and to black are shorter
SILENT_DBFS, LONGEST_SILENT_S = -60.0, 1.5
LOOK_EVERY_S = 0.25


@dataclass
class Making:
    """How the film came about."""

    kills: list[str] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mib: Counter[str] = field(default_factory=Counter)


@dataclass
class Seen:
    """What decoding the film found."""

    frames: int = 0
    pictures_end_s: float = 0.0
    sound_s: float = 0.0
    longest_black_s: float = 0.0
    longest_silent_s: float = 0.0


def make(command: list[str], cache: Path, kills: int, seed: int) -> Making:
    """Make the film; kill it at `kills` random shares of its way."""
    chance = random.Random(seed)
    shares = sorted(chance.uniform(0.01, 0.97) for _ in range(kills))
    making, started_s = Making(), time.monotonic()
    events = cache / "projects" / PROJECT / "events.jsonl"
    while True:
        overview, tail = Overview(), EventTail(events)
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, text=True)
            killed, step = False, "start"
            try:
                while process.poll() is None:
                    making.peak_mib[step] = max(making.peak_mib[step], memory_mib(process.pid))
                    for event in tail.new_events():
                        overview(event)
                        step = event.step or step
                        if event.kind == "advanced" and shares and overview.fraction >= shares[0]:
                            process.kill()
                            killed = True
                            making.kills.append(f"{event.step} ({overview.fraction:.0%})")
                            print(f"{time.strftime('%H:%M:%S')} killed at {making.kills[-1]}", flush=True)
                            # Shares that were passed before this kill was noticed are no kills of their own.
                            while shares and shares[0] <= overview.fraction:
                                shares.pop(0)
                            break
                    time.sleep(LOOK_EVERY_S)
            finally:
                process.kill()  # nobody goes on with a film that is no longer looked at
            making.cpu_s += cpu_s_of(process)
            if killed:
                continue
            if process.returncode:
                said.seek(0)
                sys.exit(f"the film failed with exit code {process.returncode}: {said.read()[-2000:]}")
            making.wall_s = time.monotonic() - started_s
            return making


def memory_mib(process: int) -> float:
    """The memory a process holds just now."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


_children_s = 0.0


def cpu_s_of(process: subprocess.Popen[str]) -> float:
    """The processor time of the child that has just ended."""
    global _children_s
    process.wait()
    times = os.times()
    took_s = times.children_user + times.children_system - _children_s
    _children_s += took_s
    return took_s


def look_through(path: Path) -> Seen:
    """Decode every frame and every sample of a film."""
    seen = Seen()
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        rate = float(container.streams.video[0].average_rate or 1)
        black = 0
        for frame in container.decode(video=0):
            plane = frame.planes[0]
            luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[::8, : plane.width : 8]
            black = black + 1 if luma.mean() < BLACK_LUMA else 0
            seen.longest_black_s = max(seen.longest_black_s, black / rate)
            seen.frames += 1
            seen.pictures_end_s = float(frame.time or 0.0) + 1 / rate
    with av.open(str(path)) as container:
        silent = 0.0
        for sound in container.decode(audio=0):
            samples = sound.to_ndarray().astype(np.float64)
            length_s = samples.shape[-1] / sound.sample_rate
            level_db = 10 * np.log10(max(float(np.mean(samples**2)), 1e-12))
            silent = silent + length_s if level_db < SILENT_DBFS else 0.0
            seen.longest_silent_s = max(seen.longest_silent_s, silent)
            seen.sound_s += length_s
    return seen


def faults(folder: Path, timeline: Timeline, seen: Seen, chapters: int) -> Iterator[str]:
    """What is wrong with the film, in sentences."""
    length_s = timeline.length_frames / float(timeline.rate.fps)
    if seen.frames != timeline.length_frames:
        yield f"it has {seen.frames} frames, its timeline {timeline.length_frames}"
    if abs(seen.pictures_end_s - length_s) > 0.05 or abs(seen.sound_s - length_s) > 0.1:
        yield f"pictures end at {seen.pictures_end_s:.2f} s, sound at {seen.sound_s:.2f} s, not at {length_s:.2f} s"
    if seen.longest_black_s > LONGEST_BLACK_S:
        yield f"it is black for {seen.longest_black_s:.2f} s"
    if seen.longest_silent_s > LONGEST_SILENT_S:
        yield f"it is silent for {seen.longest_silent_s:.2f} s"
    names = [json.loads((folder / f"chapters/chapter_{n}.json").read_text())["title"] for n in range(1, chapters + 1)]
    shown = [text for card in timeline.cards for text in (card.title, card.subtitle)]
    for number, name in enumerate(names, 1):
        if chapters > 1 and not any(name in text for text in shown):
            yield f"chapter {number}, {name!r}, is not announced"
    if missing := [clip.id for clip in timeline.clips if clip.asset is None]:
        yield f"clips without a picture: {', '.join(missing[:5])}"
    words = [word for cue in timeline.cues for line in cue.lines for word in line]
    told = sum(len(json.loads((folder / f"chapters/chapter_{n}.json").read_text())["text"].split())
               for n in range(1, chapters + 1))  # fmt: skip
    if len(words) != told:
        yield f"the captions have {len(words)} words, the chapters {told}"
    outside = [cue for cue in timeline.cues if cue.start_frame + cue.length_frames > timeline.length_frames]
    if outside or any(a.start_frame > b.start_frame for a, b in zip(timeline.cues, timeline.cues[1:], strict=False)):
        yield f"{len(outside)} captions lie outside the film, or they are out of order"
    subtitles = (folder / "film.srt").read_text(encoding="utf-8").count(" --> ")
    if subtitles != len(timeline.cues):
        yield f"film.srt has {subtitles} captions, the timeline {len(timeline.cues)}"


def step_times_s(folder: Path) -> Counter[str]:
    """Step -> how long it ran, over all runs; one that was killed counts up to its last word."""
    took: Counter[str] = Counter()
    since: dict[str, float] = {}
    last: dict[str, float] = {}
    for line in (folder / "events.jsonl").read_bytes().splitlines():
        event = Event.model_validate_json(line)
        if event.kind == "run":
            for step, start_s in since.items():
                took[step] += last[step] - start_s
            since.clear()
        elif event.kind == "started":
            since[event.step] = event.at_s
        elif event.kind in ("done", "failed") and event.step in since:
            took[event.step] += event.at_s - since.pop(event.step)
        last[event.step] = event.at_s
    return took


def size_mb(folder: Path) -> tuple[float, int]:
    """What a folder takes on the disk in MB, files with several names once, and how many files it has."""
    stats = {(stat.st_dev, stat.st_ino): stat for path in folder.rglob("*") if (stat := path.lstat()).st_size}
    return sum(stat.st_size for stat in stats.values()) / 1e6, len(stats)


def report_of(chosen: argparse.Namespace, cache: Path, making: Making) -> tuple[Report, list[str]]:
    """The figures of a finished film, and what is wrong with it."""
    folder = cache / "projects" / PROJECT
    timeline = Timeline.model_validate_json((folder / "timeline.json").read_bytes())
    seen = look_through(folder / "film.mp4")
    wrong = list(faults(folder, timeline, seen, chosen.chapters))
    minutes = timeline.length_frames / float(timeline.rate.fps) / 60
    report = Report(NAME, TITLE)
    size = f"{timeline.width_px} x {timeline.height_px}"
    report.add("the film", f"{chosen.chapters} chapters, {minutes:.1f} min, {size}, {len(timeline.clips)} pictures")
    report.add("killed", f"{len(making.kills)} times: {', '.join(making.kills)}")
    report.hold("faults found in the decoded film", str(len(wrong)), len(wrong), at_most=0)
    report.add("frames decoded / on the timeline", f"{seen.frames} / {timeline.length_frames}")
    longest = f"{seen.longest_black_s:.2f} s / {seen.longest_silent_s:.2f} s"
    report.add("longest stretch black / silent", longest)
    report.add("CPU, all runs / the film's length", f"{making.cpu_s / 60:.1f} min / {minutes:.1f} min")
    for step, took_s in step_times_s(folder).most_common():
        report.add(f"wall time of {step}, all runs", f"{took_s / 60:.1f} min")
    for step, mib in making.peak_mib.most_common():
        if mib >= 100:
            report.add(f"most memory at {step}", f"{mib:.0f} MiB")
    mb, files = size_mb(cache)
    report.add("cache", f"{mb:.0f} MB in {files} files, {mb / minutes:.1f} MB a minute of film")
    report.notes.append(
        f"Offline crew, voice {chosen.voice or 'as installed'}, {core_count()} cores which others may use."
    )
    report.notes += [f"Fault: {sentence}." for sentence in wrong]
    return report, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--chapters", type=int, default=18)
    parser.add_argument("--words", type=int, default=560, help="a chapter; 18 of 560 last about an hour")
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--fps", default="30")
    parser.add_argument("--quality", default="standard")
    parser.add_argument("--voice", default="")
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="where the film is made, and thrown away if whole; an hour is 10 GB"
    )
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="storyreel-soak-", dir=chosen.folder))
    cache = folder / "cache"
    command = [
        sys.executable, "-m", "storyreel", "title", FILM_TITLE, "--chapters", str(chosen.chapters), "--words",
        str(chosen.words), "--size", chosen.size, "--fps", chosen.fps, "--quality", chosen.quality, "--yes",
        "--cache", str(cache), *(["--voice", chosen.voice] if chosen.voice else []),
    ]  # fmt: skip
    print(f"{time.strftime('%H:%M:%S')} begun in {folder}", flush=True)
    making = make(command, cache, chosen.kills, chosen.seed)
    report, wrong = report_of(chosen, cache, making)
    print(f"{machine()}\n\n## {report.name}: {report.title}\n\n{report.text()}")
    write([report], f"{chosen.chapters} chapters")
    if wrong:
        sys.exit(f"the film and its cache stay in {folder}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
