"""`storyreel studio`: the studio as a page of its own, served to this machine's browser by Voila."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from storyreel.errors import InputError, MissingExtra
from storyreel.project import make_private_folder
from storyreel.settings import cache_root

NOTEBOOK_NAME = "studio.ipynb"
NOTEBOOK: Mapping[str, Any] = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "studio",
            "metadata": {},
            "outputs": [],
            "source": ["from storyreel import studio\n", "\n", "studio.app()"],
        }
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": "storyreel",
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
"""What is served; notebooks/studio.ipynb in the source is the same."""
MESSAGE_BYTES = 32 << 20
IDLE_S = 900
LOOK_FOR_IDLE_S = 60
ADDRESS = "127.0.0.1"
TOKEN_VARIABLE = "STORYREEL_STUDIO_TOKEN"
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,128}")


def serve(
    cache: Path | str | None = None,
    *,
    port: int = 0,
    open_browser: bool = True,
    project: str = "",
    ready: Callable[[str], None] = print,
) -> None:
    """Serve the studio until it is interrupted.

    Args:
        port: 0 for any that is free.
        project: a film to open.
        ready: told the page's address, with its token, once it can be opened.

    Raises:
        MissingExtra: Voila is not installed.
        InputError: the port is taken, the cache cannot be written, or STORYREEL_STUDIO_TOKEN is too easily guessed.
    """
    chosen_port = _free_port(port)
    try:
        from traitlets.config import Config
        from voila.app import Voila
        from voila.configuration import VoilaConfiguration

        from storyreel.studio.kernel_line import KernelLine
    except ImportError as error:
        raise MissingExtra("the studio", "studio") from error
    make_private_folder(cache_root(cache))
    os.environ["STORYREEL_CACHE"] = str(cache_root(cache))  # kernels inherit it
    _add_jupyter_path(Path(str(files("storyreel.studio"))) / "voila")
    token = _token()
    address = f"http://{ADDRESS}:{chosen_port}/?token={token}" + (f"&project={project}" if project else "")
    with tempfile.TemporaryDirectory(prefix="storyreel-studio-") as folder:
        # Only this one file lies in the folder that is served: a visitor can ask for files below it.
        served = Path(folder) / NOTEBOOK_NAME
        served.write_text(json.dumps(NOTEBOOK, indent=1) + "\n", encoding="utf-8")
        settings = Config()
        settings.Voila = Config(
            ip=ADDRESS,
            port=chosen_port,
            port_retries=0,
            token=token,
            open_browser=False,
            notebook_path=str(served),
            kernel_websocket_connection_class=KernelLine,
            tornado_settings={"websocket_max_message_size": MESSAGE_BYTES, "websocket_ping_interval": 20_000},
        )
        settings.VoilaConfiguration = Config(
            template="storyreel",
            strip_sources=True,
            allow_template_override="NO",
            allow_theme_override="NO",
            file_allowlist=[],
            extension_denylist=["jupyterlab-jupytext"],
            prelaunch_hook=_let_unload,
            show_tracebacks=False,
        )
        settings.MappingKernelManager = settings.VoilaKernelManager = Config(
            cull_idle_timeout=IDLE_S, cull_interval=LOOK_FOR_IDLE_S, cull_connected=False
        )
        voila: Any = Voila(config=settings, log_level="ERROR")
        voila.initialize([])
        voila.voila_configuration = VoilaConfiguration(parent=voila)
        threading.Thread(target=_announce, args=(chosen_port, address, open_browser, ready), daemon=True).start()
        voila.start()


def _token() -> str:
    """The page's token: the one that a proxy in front of it knows, else a new one at every start."""
    # Taken out of the environment: kernels and runs have no use for it.
    own = os.environ.pop(TOKEN_VARIABLE, "").strip()
    if not own:
        return secrets.token_urlsafe(24)
    if not TOKEN.fullmatch(own):
        raise InputError(f"{TOKEN_VARIABLE} cannot be used: give 32 to 128 of A-Z, a-z, 0-9, '-' and '_', by chance")
    return own


def _let_unload(request: Any, notebook: Any, cwd: str) -> None:
    """Give the page the token without which its farewell is refused, so that its kernel would be left behind."""
    _ = request.xsrf_token


def _announce(port: int, address: str, open_browser: bool, ready: Callable[[str], None]) -> None:
    for _ in range(600):
        try:
            socket.create_connection((ADDRESS, port), timeout=1).close()
        except OSError:
            threading.Event().wait(0.1)
            continue
        ready(address)
        if open_browser:
            webbrowser.open(address)
        return


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, wanted))
        except OSError as error:
            raise InputError(
                f"the port {wanted} cannot be used ({error.strerror}): choose another with --port"
            ) from error
        return int(probe.getsockname()[1])


def _add_jupyter_path(folder: Path) -> None:
    paths = [path for path in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if path]
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(folder), *(path for path in paths if path != str(folder))])
