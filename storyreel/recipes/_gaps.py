"""What a service will not make: asked for more gently once by its step, and after that a gap that is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from storyreel.errors import ProviderRefused
from storyreel.project import Project

Made = TypeVar("Made")

FILL = "change its words, or put one of yours there with  storyreel edit"


def or_gap(project: Project, make: Callable[[], tuple[Made, bool]], what: str, step: str) -> tuple[Made | None, bool]:
    """What a step makes and whether it was remembered; None, and a warning, where it was refused twice.

    Args:
        what: names the gap, as "scene 3 has no picture".
        step: the warning's.
    """
    try:
        return make()
    except ProviderRefused as refused:
        project.progress.warn(f"{what} ({refused}): {FILL}", step)
        return None, False
