"""Tables of what was measured, beside the goals, and the page that keeps the last ones: RESULTS.md."""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

from storyreel.workers import core_count

RESULTS = Path(__file__).with_name("RESULTS.md")
_SECTION = re.compile(r"^## (\S+): ", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        what: what was measured.
        measured: the figure, with its unit.
        goal: what we hold ourselves to, or "".
        met: whether it is; None without a goal.
    """

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


@dataclass
class Report:
    """What one benchmark found.

    Attributes:
        name: its name on the command line.
        title: what it is about.
        rows: its figures.
        notes: how they were come by, a sentence or two each.
    """

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, measured: str) -> None:
        """A figure without a goal."""
        self.rows.append(Row(what, measured))

    def hold(self, what: str, measured: str, value: float, *, at_most: float | None = None,
             at_least: float | None = None, unit: str = "") -> None:  # fmt: skip
        """A figure with a goal; `value` is what is compared."""
        met = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
        goal = f"at most {at_most:g}" if at_most is not None else f"at least {at_least:g}"
        self.rows.append(Row(what, measured, f"{goal} {unit}".rstrip(), met))

    def text(self) -> str:
        """The table and its notes as Markdown."""
        lines = ["| what | measured | goal | met |", "|---|---|---|---|"]
        for row in self.rows:
            met = {True: "yes", False: "**no**", None: ""}[row.met]
            lines.append(f"| {row.what} | {row.measured} | {row.goal} | {met} |")
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)]).rstrip() + "\n"


def machine() -> str:
    """The machine and the libraries that the figures depend on, in a line or two."""
    model, memory_gb = platform.machine(), 0.0
    for path, name in (("/proc/cpuinfo", "model name"), ("/proc/meminfo", "MemTotal")):
        for line in Path(path).read_text().splitlines():
            if line.startswith(name):
                value = line.partition(":")[2].strip()
                if name == "MemTotal":
                    memory_gb = int(value.split()[0]) / 2**20
                else:
                    model = value
                break
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("av", "opencv-python-headless", "numpy", "Pillow", "storyreel")
    )
    return (
        f"{core_count()} cores of {model} ({platform.machine()}), {memory_gb:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}; {libraries}"
    )


def write(reports: Sequence[Report], how: str) -> None:
    """Renew these reports in RESULTS.md; the other sections stay as they are.

    Args:
        how: which kind of run it was ("quick", "full").
    """
    kept = _sections(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    stamp = f"*{date.today().isoformat()}, {how} run; {machine()}*"
    for report in reports:
        kept[report.name] = f"## {report.name}: {report.title}\n\n{stamp}\n\n{report.text()}"
    head = (
        "# What we claim, measured\n\n"
        "Written by `make bench` (`python benchmarks/run.py [NAME ...] [--quick] [--hour]`), which renews the sections "
        "it ran.\nOn a machine that does other work, trust ratios of CPU time before seconds.\n"
    )
    RESULTS.write_text("\n".join([head, *kept.values()]), encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    starts = [(match.start(), match.group(1)) for match in _SECTION.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return {name: text[start:end].rstrip() + "\n" for (start, name), end in zip(starts, ends, strict=True)}
