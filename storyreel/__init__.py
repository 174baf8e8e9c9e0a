"""storyreel makes films with AI: a title, a script, a prompt or a recording becomes a film and an editable timeline.

The public names; each is loaded when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyreel import studio
    from storyreel.cluster import on_cluster
    from storyreel.inputs.brief import TitleBrief, title_brief
    from storyreel.inputs.templates import Template, templates
    from storyreel.progress import Event, Overview, Progress
    from storyreel.project import Project, list_projects
    from storyreel.publish.notices.telling import notifying
    from storyreel.recipes import tables
    from storyreel.recipes._finish import Film
    from storyreel.recipes.audio_film import audio_film
    from storyreel.recipes.continuous_flow import continuous_flow
    from storyreel.recipes.costs import AllCosts, Costs, all_costs, costs
    from storyreel.recipes.export import Exported, export, from_otio, import_project, to_moviepy
    from storyreel.recipes.resume import edit, render_film, resume
    from storyreel.recipes.script_film import script_film
    from storyreel.recipes.shorts import Short, shorts
    from storyreel.recipes.title_film import title_film
    from storyreel.recipes.upload import upload
    from storyreel.recipes.version_compare import compare
    from storyreel.recipes.versions import go_back, name_version, versions
    from storyreel.settings import Settings
    from storyreel.timeline.model import Timeline

__version__ = "0.1.0"

_HOMES = {
    "AllCosts": "recipes.costs",
    "Costs": "recipes.costs",
    "Event": "progress",
    "Exported": "recipes.export",
    "Film": "recipes._finish",
    "Overview": "progress",
    "Progress": "progress",
    "Project": "project",
    "Settings": "settings",
    "Short": "recipes.shorts",
    "Template": "inputs.templates",
    "Timeline": "timeline.model",
    "TitleBrief": "inputs.brief",
    "all_costs": "recipes.costs",
    "audio_film": "recipes.audio_film",
    "compare": "recipes.version_compare",
    "continuous_flow": "recipes.continuous_flow",
    "costs": "recipes.costs",
    "edit": "recipes.resume",
    "export": "recipes.export",
    "from_otio": "recipes.export",
    "go_back": "recipes.versions",
    "import_project": "recipes.export",
    "list_projects": "project",
    "name_version": "recipes.versions",
    "notifying": "publish.notices.telling",
    "on_cluster": "cluster",
    "render_film": "recipes.resume",
    "resume": "recipes.resume",
    "script_film": "recipes.script_film",
    "shorts": "recipes.shorts",
    "studio": "studio",
    "tables": "recipes.tables",
    "templates": "inputs.templates",
    "title_brief": "inputs.brief",
    "title_film": "recipes.title_film",
    "to_moviepy": "recipes.export",
    "upload": "recipes.upload",
    "versions": "recipes.versions",
}

__all__ = [
    "AllCosts",
    "Costs",
    "Event",
    "Exported",
    "Film",
    "Overview",
    "Progress",
    "Project",
    "Settings",
    "Short",
    "Template",
    "Timeline",
    "TitleBrief",
    "all_costs",
    "audio_film",
    "compare",
    "continuous_flow",
    "costs",
    "edit",
    "export",
    "from_otio",
    "go_back",
    "import_project",
    "list_projects",
    "name_version",
    "notifying",
    "on_cluster",
    "render_film",
    "resume",
    "script_film",
    "shorts",
    "studio",
    "tables",
    "templates",
    "title_brief",
    "title_film",
    "to_moviepy",
    "upload",
    "versions",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'storyreel' has no attribute {name!r}")
    module = import_module(f"storyreel.{_HOMES[name]}")
    return module if name in ("studio", "tables") else getattr(module, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
