"""Two network namespaces as two hosts, which share no disk with the one who sends: a film is made on both."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import storyreel

SUBNET = "10.213.71"
HERE = Path(storyreel.__file__).parents[1]


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=20)


@pytest.fixture
def hosts() -> Iterator[list[str]]:
    """Two namespaces on a bridge; what was set up is taken down again."""
    if sys.platform != "linux" or os.geteuid() or not (shutil.which("ip") and shutil.which("unshare")):
        pytest.skip("network namespaces need Linux, root, iproute2 and unshare")
    mark = f"sr{os.getpid() % 10_000}"
    bridge, names = f"{mark}br", [f"{mark}a", f"{mark}b"]
    with ExitStack() as down:
        try:
            _ip("link", "add", bridge, "type", "bridge")
            down.callback(_ip, "link", "del", bridge)
            _ip("addr", "add", f"{SUBNET}.1/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
            for number, name in enumerate(names, 2):
                _ip("netns", "add", name)
                down.callback(_ip, "netns", "del", name)
                _ip("link", "add", f"{name}0", "type", "veth", "peer", "name", "eth0", "netns", name)
                _ip("link", "set", f"{name}0", "master", bridge, "up")
                _ip("-n", name, "addr", "add", f"{SUBNET}.{number}/24", "dev", "eth0")
                _ip("-n", name, "link", "set", "eth0", "up")
                _ip("-n", name, "link", "set", "lo", "up")
        except (subprocess.CalledProcessError, OSError) as error:
            pytest.skip(f"network namespaces cannot be made here: {getattr(error, 'stderr', '') or error}")
        yield names


def test_two_hosts_that_share_no_disk_make_the_film_that_is_made_here(
    hosts: list[str], made_here: Any, small_film: Any, half_made: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    hidden = half_made.parent
    with ExitStack() as stack:
        cluster = stack.enter_context(
            distributed.LocalCluster(n_workers=0, host=f"{SUBNET}.1", dashboard_address=":0", processes=True)
        )
        for name in hosts:
            worker = f"exec {sys.executable} -m distributed.cli.dask_worker {cluster.scheduler_address} --no-nanny"
            started = subprocess.Popen(
                ["ip", "netns", "exec", name, "unshare", "--mount", "sh", "-c",
                 f"mount -t tmpfs none {hidden} && cd {hidden} && {worker} --nthreads 1 --no-dashboard"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(HERE)},
            )  # fmt: skip
            stack.callback(started.wait, 30)
            stack.callback(started.terminate)
        client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
        client.wait_for_workers(2, timeout=60)
        seen = client.run(os.path.exists, str(half_made))
        assert {address.split("//")[1].split(":")[0] for address in seen} == {f"{SUBNET}.2", f"{SUBNET}.3"}
        assert not any(seen.values())
        with storyreel.on_cluster(cluster.scheduler_address):
            there = small_film(half_made)
        assert all(client.run(_scratch_files).values()), "one of the hosts was sent no picture"
    assert there.content == made_here.content


def _scratch_files() -> int:
    from storyreel.cluster import work

    return len(work.scratch()._sizes)
