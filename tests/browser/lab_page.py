"""JupyterLab on this machine with a notebook of our own, for tests in a browser."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
NOTEBOOK_NAME = "film.ipynb"
START_S = 90.0
NOT_RUN = {"execution_count": None, "metadata": {}, "outputs": []}
# Lab asks its makers' site for news otherwise; a cell that leaves the screen would leave the document, too.
PAGE_CONFIG = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
OVERRIDES = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


@contextmanager
def lab(folder: Path, cells: Sequence[str]) -> Iterator[str]:
    """The address of a notebook of these cells in a Lab that keeps everything below `folder`."""
    notebook = {
        "cells": [
            {"cell_type": "code", "id": f"c{at}", "source": cell, **NOT_RUN}
            for at, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
    served, config = folder / "served", folder / "config"
    served.mkdir()
    (served / NOTEBOOK_NAME).write_text(json.dumps(notebook), encoding="utf-8")
    (config / "labconfig").mkdir(parents=True)
    (config / "labconfig" / "page_config.json").write_text(json.dumps(PAGE_CONFIG), encoding="utf-8")
    settings = folder / "settings"
    for name, values in OVERRIDES.items():
        package, _, plugin = name.partition(":")
        path = settings / package / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "STORYREEL_CACHE": str(folder / "cache"),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True",
        f"--ServerApp.root_dir={served}",
    ]  # fmt: skip
    log_path = folder / "log"
    with (
        log_path.open("w") as log,
        subprocess.Popen(command, cwd=served, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log_path)
            yield f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK_NAME}?token={token}"
        finally:
            # Asked twice it does not ask back.
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


def run_all(page: Page) -> None:
    """Run the notebook that is open, once its kernel is there."""
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=START_S * 1000)
    page.wait_for_function(
        """() => {
          const panel = window.jupyterapp?.shell.currentWidget;
          return panel?.sessionContext?.session?.kernel?.status === "idle";
        }""",
        timeout=START_S * 1000,
    )
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end_s = time.monotonic() + START_S
    while time.monotonic() < end_s:
        assert server.poll() is None, f"JupyterLab did not start: {log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer: {log.read_text()}")
