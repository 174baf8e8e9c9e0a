"""What an hour costs besides its pictures: joining its pieces into a file, and its sound.

python benchmarks/long.py join STORE OUT FRAMES      (run as a process of its own, to be measured)
python benchmarks/long.py sound CACHE PROJECT
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from drawing import make_sound
from material import FULL_HD, RATE, film, scenes_in, shelve
from measure import command_cost, own_cost
from report import Report
from setting import Setting

from storyreel.project import Project
from storyreel.recipes._finish import read_timeline
from storyreel.render.join import join
from storyreel.render.packets import SUFFIX, PacketRun

NAME, TITLE = "long", "joining an hour, and an hour's sound"
FRAMES = RATE.frames(3600)
MINUTES = 5


def measure(setting: Setting) -> Report:
    """Both, each in a process of its own."""
    report = Report(NAME, TITLE)
    pieces = setting.rendered(MINUTES, FULL_HD).project.cache / "store"
    out = setting.folder / "hour.mp4"
    joined = command_cost([sys.executable, __file__, "join", pieces, out, str(FRAMES)])
    size_mb = out.stat().st_size / 1e6
    copy = setting.folder / "copy.mp4"
    with own_cost() as copied:
        shutil.copyfile(out, copy)
    for path in (out, copy):
        path.unlink()
    report.add(
        f"joining {FRAMES} frames, {size_mb:.0f} MB",
        f"{joined.wall_s:.1f} s, {joined.cpu_s:.1f} s CPU, {joined.peak_mb:.0f} MB of memory",
    )
    report.add("copying the file, to compare", f"{copied.wall_s:.1f} s")
    project = Project("sound", setting.folder / "sound")
    shelve(project, film(project, scenes=scenes_in(60), size=(320, 180)), (320, 180))
    sound = command_cost([sys.executable, __file__, "sound", project.cache, project.id])
    report.add(
        "an hour's sound: mixed, ducked, measured, limited, AAC",
        f"{sound.cpu_s:.1f} s CPU, {sound.wall_s:.1f} s, {sound.peak_mb:.0f} MB of memory",
    )
    report.notes = [
        f"The pieces are those of the {MINUTES}-minute film, read again and again until they make an hour, so the "
        "system's file cache helps; the file is written whole, and without sound.",
        "The sound is 60 voices and 60 pieces of music of a minute each (five of each, in turn).",
    ]
    return report


def join_hour(store: Path, out: Path, frames: int) -> None:
    """Join a store's pieces of picture, again and again, into a film of so many frames."""

    def runs() -> Iterator[PacketRun]:
        left = frames
        for path in cycle(sorted((store / "files").glob(f"*/*{SUFFIX}"))):
            run = PacketRun.from_bytes(path.read_bytes())
            if run.codec != "h264":
                continue
            if left <= 0:
                return
            left -= len(run.packets)
            yield run

    join(out, runs(), None, width_px=FULL_HD[0], height_px=FULL_HD[1], rate=RATE, quality="standard")


if __name__ == "__main__":
    if sys.argv[1] == "join":
        join_hour(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        project = Project(sys.argv[3], sys.argv[2])
        make_sound(project, read_timeline(project))
