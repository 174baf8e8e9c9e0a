"""A Dask cluster of one, two and four workers on this machine: work that waits, and work that computes.

Work that waits is a model of one's own behind a network, as a painter that answers after a second: it should go as many
times faster as there are workers. Work that computes is the offline painter: it gains up to the number of cores here
and no further. Run with `make bench`, or with `python benchmarks/run.py cluster`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar

from report import Report
from setting import Setting

from storyreel.cluster import done_by, on_cluster
from storyreel.progress import Progress
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.workers import core_count, fan_out

NAME, TITLE = "cluster", "one, two and four workers of a Dask cluster"
WORKERS = (1, 2, 4)
WAIT_S = 1.0


@dataclass(frozen=True)
class WaitingPainter:
    """Answers after a second, as a model behind a network does."""

    identity: str = "waiting/1"
    travels: ClassVar[bool] = True

    def draw(self, request: ImageRequest) -> bytes:
        time.sleep(WAIT_S)
        return b"picture"


def draw_all(painter: Any, count: int) -> None:
    requests = [
        ImageRequest(prompt="a lighthouse in a storm", width_px=640, height_px=360, seed=n) for n in range(count)
    ]
    fan_out(lambda request: done_by(Progress(), painter.draw, request), requests)


def measure(setting: Setting) -> Report:
    """Wall times by the number of workers, and what sending costs."""
    import cloudpickle
    import distributed

    cloudpickle.register_pickle_by_value(__import__("cluster"))
    report = Report(NAME, TITLE)
    count = 8 if setting.quick else 24
    for what, painter in (("waiting a second a picture", WaitingPainter()), ("painting", OfflinePainter())):
        took_s: dict[int, float] = {}
        for workers in WORKERS:
            with distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
            ) as cluster, on_cluster(cluster.scheduler_address):  # fmt: skip
                draw_all(painter, workers * 2)  # modules are loaded, and every worker is there
                started_s = time.perf_counter()
                draw_all(painter, count)
                took_s[workers] = time.perf_counter() - started_s
        text = " / ".join(f"{took_s[workers]:.1f} s" for workers in WORKERS)
        report.add(f"{count} pictures, {what}: 1 / 2 / 4 workers", text)
        gain = took_s[1] / took_s[4]
        if isinstance(painter, WaitingPainter):
            report.hold("four workers / one, waiting", f"{gain:.2f} times as fast", gain, at_least=3, unit="x")
        else:
            report.add("two workers / one, painting", f"{took_s[1] / took_s[2]:.2f} times as fast")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster, on_cluster(cluster.scheduler_address):  # fmt: skip
        draw_all(Nothing(), 4)
        started_s = time.perf_counter()
        draw_all(Nothing(), 100)
        report.add("what sending one piece of work costs", f"{(time.perf_counter() - started_s) * 10:.1f} ms")
    report.notes.append(f"Wall time on {core_count()} cores which others use at the same time; one thread a worker.")
    return report


@dataclass(frozen=True)
class Nothing:
    identity: str = "nothing/1"
    travels: ClassVar[bool] = True

    def draw(self, request: ImageRequest) -> bytes:
        return b""
