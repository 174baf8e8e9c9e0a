"""What remembering costs: a remembered step, a finished film made again, and importing the library.

Run with `make bench`, or `python benchmarks/remembering.py`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from storyreel.memo.step import step
from storyreel.project import Project

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


def command_s(*arguments: str) -> float:
    times = []
    for _ in range(RUNS):
        started_s = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - started_s)
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        film = ("-m", "storyreel", "title", "The Last Lighthouse", *SMALL, "--cache", folder)
        first_s = time.perf_counter()
        subprocess.run([sys.executable, *film], check=True, capture_output=True)
        first_s = time.perf_counter() - first_s
        again_s = command_s(*film)
        bare_s, import_s = command_s("-c", "pass"), command_s("-c", "import storyreel")
        rows = [
            ("a remembered step", f"{remembered_step_ms(Project('bench', Path(folder))):.2f} ms", "2 ms"),
            ("a small film, first run", f"{first_s:.1f} s", ""),
            ("the same command again", f"{again_s:.2f} s, 1/{first_s / again_s:.0f}", "1 s"),
            ("import storyreel, beyond Python's start", f"{import_s - bare_s:.3f} s", "0.3 s"),
        ]
    print("| what | measured | at most |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
