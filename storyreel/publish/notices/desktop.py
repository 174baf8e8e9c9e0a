"""A notice on the desktop, by what the system has for it."""

from __future__ import annotations

import shutil
import subprocess
import sys

from storyreel.publish.notices.notice import Notice
from storyreel.publish.notices.webhook import NotTaken

TIME_S = 10.0
# The words come as arguments, so that nothing in a title is taken for a part of the script.
_SCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")


def show(notice: Notice) -> None:
    """Show a notice.

    Raises:
        NotTaken: this system has no way to, or nobody is logged in to see it.
    """
    name = "osascript" if sys.platform == "darwin" else "notify-send"
    program = shutil.which(name)
    if program is None:
        hint = "" if sys.platform == "darwin" else "; on Debian and Ubuntu:  apt-get install libnotify-bin"
        raise NotTaken(f"this machine has no {name}{hint}")
    if name == "osascript":
        command = [program, *(part for line in _SCRIPT for part in ("-e", line)), notice.headline, notice.text]
    else:
        urgency = "normal" if notice.event == "film.ready" else "critical"
        command = [program, "--app-name=storyreel", f"--urgency={urgency}", "--", notice.headline, notice.text]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_S, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotTaken(f"{name} does not answer ({type(error).__name__})") from error
    if done.returncode:
        raise NotTaken(f"{name} could not show it: is somebody logged in to a desktop?")
