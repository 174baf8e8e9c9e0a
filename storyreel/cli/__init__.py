"""The command line: a thin skin over the library.

Exit codes: 0 done, 1 this machine failed (disk, encoder), 2 wrong use, 3 a provider failed, 4 the budget would be
passed, 130 interrupted. Whatever the code, what was finished is kept and the message says how to go on.
"""

from __future__ import annotations

import sys
from typing import Any

import typer

# The order of the help.
# isort: off
from storyreel.cli import title, script, flow, audio, films, versions, shorts, exporting, delivering  # noqa: F401
from storyreel.cli import templates, studio, machine  # noqa: F401

# isort: on
from storyreel.cli.options import app
from storyreel.cli.running import complain
from storyreel.errors import Cancelled, StoryreelError

__all__ = ["app", "main"]

# Typer carried its own copy of click's errors from one release on; this finds the base class in either.
_WRONG_USE: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        code = app(standalone_mode=False)
    except typer.Exit as done:
        code = done.exit_code
    except _WRONG_USE as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # the bare command: its message is the help text
            sys.stderr.write(f"{error.format_message()}\n")
            sys.exit(2)
        complain(f"{' '.join(error.format_message().split()).rstrip('.')}: see  storyreel --help")
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        complain("stopped; what was finished is kept, and the same command goes on from there")
        code = Cancelled.exit_code
    except Cancelled as stop:
        said = str(stop) if ";" in str(stop) else "stopped; what was finished is kept"
        complain(f"{said}, and the same command goes on from there")
        code = Cancelled.exit_code
    except StoryreelError as error:
        complain(str(error))
        code = error.exit_code
    except (MemoryError, ImportError) as error:
        # A library that finds no room for its code says so in its own words.
        if isinstance(error, ImportError) and "failed to map segment" not in str(error):
            raise
        complain("this machine ran out of memory; what was finished is kept: choose a smaller --size and run again")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)
