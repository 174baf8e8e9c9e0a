"""What a template asks that not every writer can give."""

from __future__ import annotations

from storyreel.inputs.templates import Template
from storyreel.progress import Progress
from storyreel.providers.contracts import Writer


def warn_of_fiction(progress: Progress, template: Template, writer: Writer) -> None:
    """Say so where a template tells of what is so and the writer only makes stories up."""
    if template.factual and writer.identity.startswith("offline/"):
        progress.warn(
            f"the template {template.name!r} is for facts, and the offline writer knows none: it makes up a story with "
            "the template's tone and titles; choose another --writer for the real thing"
        )
