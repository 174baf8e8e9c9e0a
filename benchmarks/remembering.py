"""What remembering costs: a remembered step, a finished film made again, and importing the library.

Run with `make bench`, with `python benchmarks/run.py remembering`, or by itself.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import Report
from setting import Setting

from storyreel.memo.step import step
from storyreel.project import Project

NAME, TITLE = "remembering", "what remembering costs"
SMALL = ("--size", "320x180", "--fps", "12", "--quality", "draft", "--words", "60")
RUNS = 5


@step(version=1)
def note(project: Project, number: int) -> dict[str, int]:
    return {"number": number}


def remembered_step_ms(project: Project, count: int = 500) -> float:
    for number in range(count):
        note(project, number)
    started_s = time.perf_counter()
    for number in range(count):
        note(project, number)
    return (time.perf_counter() - started_s) / count * 1000


def command_s(*arguments: str, runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        started_s = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - started_s)
    return statistics.median(times)


def measure(setting: Setting) -> Report:
    """Figures of a small film, made twice, and of a step of its own."""
    report = Report(NAME, TITLE)
    folder = setting.folder / "remembering"
    film = ("-m", "storyreel", "title", "The Last Lighthouse", *SMALL, "--cache", str(folder))
    first_s = command_s(*film, runs=1)
    again_s = command_s(*film)
    import_s = command_s("-c", "import storyreel") - command_s("-c", "pass")
    step_ms = remembered_step_ms(Project("bench", folder))
    report.hold("a remembered step", f"{step_ms:.2f} ms", step_ms, at_most=2, unit="ms")
    report.add("a small film, first run", f"{first_s:.1f} s")
    report.hold("the same command again", f"{again_s:.2f} s, 1/{first_s / again_s:.0f}", again_s, at_most=1, unit="s")
    report.hold("import storyreel, beyond Python's start", f"{import_s:.3f} s", import_s, at_most=0.3, unit="s")
    report.notes = [f"Wall time; the median of {RUNS} runs where there is more than one."]
    return report


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(measure(Setting(quick=False, hour=False, folder=Path(folder))).text())


if __name__ == "__main__":
    main()
