"""The choice of a story arc in the new-film form, each explained: what happens in which order, and in what tone."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import ipywidgets as widgets

from storyreel.errors import InputError
from storyreel.inputs.templates import Template, templates
from storyreel.studio.look import alert, column, html

NO_ARC = "No arc: the title decides"


class ArcChoice:
    """A list of the templates, and beside it what the chosen one says.

    Args:
        cache: whose folder `templates/` holds a user's own.
        chosen: called with the template, or None for none, after the choice.
    """

    def __init__(self, cache: Path, chosen: Callable[[Template | None], None]) -> None:
        self._chosen = chosen
        self._known: dict[str, Template] = {}
        self.explained = html("", "rl-arc")
        problem = ""
        try:
            self._known = {each.name: each for each in templates(cache)}
        except InputError as error:  # a user's own file is faulty: the film can be made without any
            problem = str(error)
        options = [(NO_ARC, ""), *((_title(each), each.name) for each in self._known.values())]
        self.list = widgets.Dropdown(description="Story arc", options=options, value="")
        self.list.observe(lambda _: self._choose(), names="value")
        self.widget = column([self.list, self.explained])
        self.explained.value = alert(problem)

    @property
    def template(self) -> Template | None:
        """The one that is chosen."""
        return self._known.get(str(self.list.value))

    def _choose(self) -> None:
        self.explained.value = "" if self.template is None else explained(self.template)
        self._chosen(self.template)


def explained(arc: Template) -> str:
    """An arc in words, as markup."""
    beats = "".join(f"<li><b>{escape(beat.name)}</b> {escape(beat.what)}</li>" for beat in arc.arc)
    facts = [("Tone", arc.tone), ("Pacing", arc.pacing), ("Narration", arc.narration), ("Music", arc.music)]
    facts.append(("Look", arc.style))
    lines = "".join(f"<p><span class='rl-muted'>{name}</span> {escape(text)}</p>" for name, text in facts if text)
    told = "<p>It tells of what is so: check what it says.</p>" if arc.factual else ""
    return f"<p>{escape(arc.description)}</p><ol>{beats}</ol>{lines}{told}"


def _title(arc: Template) -> str:
    return arc.name.replace("-", " ").capitalize()
