"""A Dask cluster of one, two and four workers on this machine: work that waits, and work that computes.

Work that waits is a model of one's own behind a network, as a painter that answers after a second: it should go as many
times faster as there are workers. Work that computes is the offline painter: it gains up to the number of cores here
and no further. Run with `make bench`, or with `python benchmarks/run.py cluster`.
"""

from __future__ import annotations

import os
import sys
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


@dataclass(frozen=True)
class Nothing:
    identity: str = "nothing/1"
    travels: ClassVar[bool] = True

    def draw(self, request: ImageRequest) -> bytes:
        return b""


def measure(setting: Setting) -> Report:
    """Wall times by the number of workers, and what sending costs."""
    import cloudpickle
    import distributed

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    report = Report(NAME, TITLE)
    count = 8 if setting.quick else 24
    took_s: dict[str, dict[int, float]] = {"waiting": {}, "painting": {}}
    with (
        distributed.LocalCluster(
            n_workers=0, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
        on_cluster(client),
    ):
        for workers in WORKERS:
            cluster.scale(workers)
            client.wait_for_workers(workers, timeout=300)
            client.run(_warm_up)
            if workers == 1:
                started_s = time.perf_counter()
                draw_all(Nothing(), 100)
                sending_ms = (time.perf_counter() - started_s) * 10
            for what, painter in (("waiting", WaitingPainter()), ("painting", OfflinePainter())):
                started_s = time.perf_counter()
                draw_all(painter, count)
                took_s[what][workers] = time.perf_counter() - started_s
    for what, by_workers in took_s.items():
        text = " / ".join(f"{by_workers[workers]:.1f} s" for workers in WORKERS)
        report.add(f"{count} pictures, {what}: 1 / 2 / 4 workers", text)
    waiting, painting = took_s["waiting"], took_s["painting"]
    gain = waiting[1] / waiting[4]
    report.hold("four workers / one, waiting", f"{gain:.2f} times as fast", gain, at_least=3, unit="x")
    report.add("two workers / one, painting", f"{painting[1] / painting[2]:.2f} times as fast")
    report.add("what sending one piece of work costs", f"{sending_ms:.1f} ms")
    wanted = f"{os.getloadavg()[0]:.0f} processes wanted"
    report.notes.append(
        f"Wall time on {core_count()} cores that {wanted} meanwhile; one thread a worker. Work that computes gains "
        "only where cores are free."
    )
    return report


def _warm_up() -> None:
    OfflinePainter().draw(ImageRequest(prompt="a lighthouse", width_px=320, height_px=180))
