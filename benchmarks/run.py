"""Measure what we claim:  python benchmarks/run.py [NAME ...] [--quick] [--hour]

Runs the benchmarks one after another (all of them, or those named), prints each as a table beside our goals, and
renews their sections in benchmarks/RESULTS.md. `--quick` takes some ten minutes on two cores and a smaller hour-long
film; without it, half an hour or more; `--hour` also renders a film of an hour in full size.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
import time
from pathlib import Path

from report import Report, machine, write
from setting import Setting

BENCHMARKS = (
    "remembering",
    "motion",
    "encoding",
    "rivals",
    "edits",
    "memory",
    "long",
    "scale",
    "cluster",
    "hour",
    "gif",
    "transcript_accuracy",
    "fillers",
    "studio",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(BENCHMARKS)}; else all of them")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer")
    parser.add_argument("--hour", action="store_true", help="also render an hour in full size")
    parser.add_argument(
        "--folder", type=Path, help="where films are made and thrown away; needs about 10 GB a film hour"
    )
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}: choose among {', '.join(BENCHMARKS)}")
    print(machine(), end="\n\n", flush=True)
    how = ("quick" if chosen.quick else "full") + (" --hour" if chosen.hour else "")
    with tempfile.TemporaryDirectory(prefix="storyreel-bench-", dir=chosen.folder) as folder:
        setting = Setting(chosen.quick, chosen.hour, Path(folder))
        for name in BENCHMARKS:
            if chosen.names and name not in chosen.names:
                continue
            started_s = time.perf_counter()
            report: Report = importlib.import_module(name).measure(setting)
            print(f"## {report.name}: {report.title}\n\n{report.text()}", flush=True)
            print(f"({time.perf_counter() - started_s:.0f} s)\n", flush=True)
            write([report], how)


if __name__ == "__main__":
    main()
