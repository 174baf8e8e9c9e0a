"""What work costs: CPU seconds, wall seconds and memory, of this process or of a command and its children."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_S = 0.03


@dataclass
class Cost:
    """What something took.

    Attributes:
        cpu_s: user and system time of every thread, and of the child processes it waited for.
        peak_mb: the most memory resident at once in its process and that process's children, MiB; 0 if not looked at.
    """

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mb: float = 0.0


class CommandFailed(Exception):
    """A measured command did not finish; the message ends with what it said last."""


@contextmanager
def own_cost() -> Iterator[Cost]:
    """The cost of the block, in this process."""
    cost = Cost()
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    yield cost
    cost.cpu_s, cost.wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s


def command_cost(arguments: Sequence[str | Path], folder: Path | None = None) -> Cost:
    """Run a command to its end and say what it cost.

    CPU time is the kernel's own account of the process and the children it waited for (wait4). Memory is read off
    VmHWM of the process and all under it: `ru_maxrss` would start from the size of the process that forked it.

    Raises:
        CommandFailed: its exit code was not 0.
    """
    with tempfile.TemporaryFile() as said:
        started_s = time.perf_counter()
        child = subprocess.Popen([str(argument) for argument in arguments], stdout=said, stderr=said, cwd=folder)
        peaks_mb: dict[int, float] = {}
        over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(child.pid, peaks_mb, over), daemon=True)
        watcher.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - started_s
        child.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        watcher.join()
        if child.returncode != 0:
            said.seek(0)
            tail = said.read().decode(errors="replace")[-2000:]
            raise CommandFailed(f"{' '.join(map(str, arguments))[:300]} ended with {child.returncode}:\n{tail}")
    return Cost(usage.ru_utime + usage.ru_stime, wall_s, sum(peaks_mb.values()))


def _watch(pid: int, peaks_mb: dict[int, float], over: threading.Event) -> None:
    """Note the peak of every process of the tree until it is over; peaks never fall, so the last look holds."""
    while not over.wait(LOOK_EVERY_S):
        for each in _tree(pid):
            try:
                status = Path(f"/proc/{each}/status").read_text()
            except OSError:
                continue
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    peaks_mb[each] = int(line.split()[1]) / 1024


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found


def tree_cpu_s(pid: int) -> float:
    """User and system seconds of a process, of all that it has started, and of those of them that have ended."""
    ticks = 0
    for each in _tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def in_turn(works: Sequence[Callable[[], Cost]], rounds: int) -> list[list[Cost]]:
    """Do the works one after another, round by round, the order turned round each time; one list of costs a work.

    Runs next to each other share whatever else the machine is doing, so their ratios hold where single times do not.
    """
    costs: list[list[Cost]] = [[] for _ in works]
    for number in range(rounds):
        order = range(len(works)) if number % 2 == 0 else range(len(works) - 1, -1, -1)
        for index in order:
            costs[index].append(works[index]())
    return costs


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, with the least and the greatest where there are several."""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) < 2 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"
