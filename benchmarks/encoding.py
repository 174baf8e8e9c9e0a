"""What drawing costs next to encoding: the film rendered whole, and the same frames encoded with nothing drawn.

Both use every core in the same way: one thread a core, each with an encoder on one thread, piece by piece. For the
second, the frames are drawn beforehand and kept as planes, as many pieces at a time as memory allows; every frame of
the film is encoded once, none is used twice. Handing a prepared frame to the encoder is a copy, as it is for any
program that has its frames in memory.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from drawing import Drawer, make_sound
from material import FULL_HD, film
from measure import Cost, in_turn, own_cost, spread
from report import Report
from setting import Setting

from storyreel.project import Project
from storyreel.render.chunks import Chunk
from storyreel.render.overlay import Planes
from storyreel.render.steps import render_film
from storyreel.workers import core_count, fan_out

NAME, TITLE = "encoding", "the whole render next to encoding alone"
MOST_HELD_MB = 4000


def measure(setting: Setting) -> Report:
    """Pairs of whole renders and bare encodings, and where the difference goes."""
    report = Report(NAME, TITLE)
    scenes, rounds = (4, 3) if setting.quick else (10, 5)
    with tempfile.TemporaryDirectory(prefix="storyreel-bench-") as folder:
        _whole(Path(folder) / "warm-up", 1, (320, 180))  # loads and starts what only a first render has to
        project = Project("frames", Path(folder) / "frames")
        timeline = film(project, scenes=scenes)
        drawer = Drawer(project, timeline)
        held_mb = min(MOST_HELD_MB, available_mb() / 4)
        number = 0

        def whole() -> Cost:
            nonlocal number
            number += 1
            return _whole(Path(folder) / f"whole-{number}", scenes, FULL_HD)

        def heard() -> Cost:
            nonlocal number
            number += 1
            fresh = Project("sound", Path(folder) / f"sound-{number}")
            given = film(fresh, scenes=scenes)
            with own_cost() as cost:
                make_sound(fresh, given)
            return cost

        works = [whole, lambda: _encode_only(drawer, held_mb), lambda: _draw_only(drawer), heard]
        full, bare, drawn, sound = in_turn(works, rounds)
    frames = timeline.length_frames
    ratios = [one.cpu_s / other.cpu_s for one, other in zip(full, bare, strict=True)]
    report.hold("full render / encode-only, CPU", spread(ratios, 3), statistics.median(ratios), at_most=1.10)
    silent = [(one.cpu_s - own.cpu_s) / other.cpu_s for one, own, other in zip(full, sound, bare, strict=True)]
    report.add("the same less the sound's own CPU time", spread(silent, 3))
    parts = {
        "full render": full,
        "encode-only": bare,
        "drawing only": drawn,
        "sound only (mixed, mastered, AAC)": sound,
    }
    for what, costs in parts.items():
        report.add(f"{what}, CPU ms a frame", spread([cost.cpu_s / frames * 1000 for cost in costs]))
    walls = [one.wall_s / other.wall_s for one, other in zip(full, bare, strict=True)]
    report.add("full render / encode-only, wall", spread(walls, 3))
    report.notes = [
        f"{frames} frames of 1920 x 1080 at 30 a second, quality standard; {rounds} pairs in turn: the median, and the "
        "least and greatest. The full render starts with an empty cache and ends with a finished film, sound, captions "
        "and joining included.",
        f"Encode-only has every frame drawn beforehand, up to {held_mb:.0f} MB of planes at a time, each encoded once; "
        f"both ways run {core_count()} threads, an encoder on one thread in each.",
    ]
    return report


def _whole(folder: Path, scenes: int, size: tuple[int, int]) -> Cost:
    project = Project("film", folder)
    timeline = film(project, scenes=scenes, size=size)
    with own_cost() as cost:
        render_film(project, timeline)
    return cost


def _encode_only(drawer: Drawer, held_mb: float) -> Cost:
    total = Cost()
    for batch in _batches(drawer, held_mb):
        prepared: list[list[Planes]] = fan_out(drawer.prepare, batch)
        with own_cost() as cost:
            fan_out(drawer.encode, prepared)
        total.cpu_s += cost.cpu_s
        total.wall_s += cost.wall_s
    return total


def _draw_only(drawer: Drawer) -> Cost:
    fresh = drawer.again()
    with own_cost() as cost:
        fan_out(lambda chunk: sum(1 for _ in fresh.draw(chunk)), fresh.chunks)
    return cost


def _batches(drawer: Drawer, held_mb: float) -> Iterator[list[Chunk]]:
    """The pieces in groups whose planes fit into so much memory, at least a piece a core."""
    frame_mb = drawer.timeline.width_px * drawer.timeline.height_px * 1.5 / 2**20
    batch: list[Chunk] = []
    for chunk in drawer.chunks:
        frames = sum(each.spec.length_frames for each in [*batch, chunk])
        if len(batch) >= core_count() and frames * frame_mb > held_mb:
            yield batch
            batch = []
        batch.append(chunk)
    yield batch


def available_mb() -> float:
    """Memory that can be had without swapping, MiB."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("/proc/meminfo does not tell MemAvailable: benchmarks need Linux")
