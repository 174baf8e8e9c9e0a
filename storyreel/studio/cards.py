"""World and cast of a script film as cards to rewrite; what a change makes anew, and at what price, is said first."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from storyreel.errors import CorruptFile, StoryreelError
from storyreel.project import Project
from storyreel.recipes.script_film import RECIPE
from storyreel.recipes.script_pending import Pending, change_cards, estimate_cards, film_of
from storyreel.shots.card_edits import CardEdit, ChangeCharacter, ChangePlace, ChangeWorld
from storyreel.shots.cast import Cast
from storyreel.studio import choices
from storyreel.studio.look import alert, button, column, dollars, html, row, show

CAST_NAME = "cast.json"
PLURAL = {
    "wording": "wordings",
    "likeness": "likenesses",
    "picture": "pictures",
    "clip": "clips",
    "line": "lines",
    "music": "pieces of music",
    "effect": "effects",
}


class CardsPanel:
    """The cards of one film; empty for a film that was not made from a script.

    Args:
        changed: called once changes were kept, so that the film can be made again.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._project: Project | None = None
        self._read_ns = 0
        self._cast: Cast | None = None
        self._fields: dict[tuple[str, str], Any] = {}
        self._said = html("")
        self._cards = column([], "rl-gap")
        self._look = button("What would this make again?", self.estimate)
        self._keep = button("Keep and make again", self.keep, "rl-primary")
        head = html("<h2>World and cast</h2><p class='rl-muted rl-small'>Pasted word for word into every picture.</p>")
        self.widget = column([head, self._cards, self._said, row([self._look, self._keep], "rl-wrap")], "rl-cards")
        show(self.widget, False)

    def draw(self, project: Project, running: bool) -> None:
        """Show a film's cards, read again where they were written anew."""
        if self._project is None or project.id != self._project.id:
            self._project, self._read_ns, self._cast = project, 0, None
            is_script = project.record().recipe == RECIPE
            show(self.widget, is_script and project.path(CAST_NAME).exists())
        path = project.path(CAST_NAME)
        if project.record().recipe == RECIPE and path.exists() and path.stat().st_mtime_ns != self._read_ns:
            self._read_ns = path.stat().st_mtime_ns
            try:
                self._show(Cast.model_validate_json(path.read_bytes()))
            except ValueError as error:
                raise CorruptFile(f"{path} is damaged: run the film again to write it anew") from error
        self._keep.disabled = self._look.disabled = running
        self._keep.tooltip = "The film is being made" if running else ""

    def edits(self) -> list[CardEdit]:
        """What was written otherwise than the film has it."""
        if self._cast is None:
            return []
        found: list[CardEdit] = []
        style = self._written("world", "style")
        narrator = self._written("world", "narrator")
        if style != self._cast.style or narrator != self._cast.narrator:
            found.append(ChangeWorld(style=style, narrator=narrator))
        for person in self._cast.characters:
            look, voice = self._written(person.name, "look"), self._written(person.name, "voice")
            if (look, voice) != (person.look, person.voice):
                found.append(ChangeCharacter(name=person.name, look=look, voice=voice))
        for place in self._cast.places:
            look = self._written(f"place {place.name}", "look")
            if look != place.look:
                found.append(ChangePlace(name=place.name, look=look))
        return found

    def estimate(self) -> None:
        """Say what the changes would make again."""
        self._with_edits(lambda project, edits: estimate_cards(film_of(project), edits), "would be made again")

    def keep(self) -> None:
        """Keep the changes, and have the film made with them."""
        if self._with_edits(lambda project, edits: change_cards(film_of(project), edits), "are made again"):
            self._changed()

    def _with_edits(self, act: Callable[[Project, list[CardEdit]], Pending], ending: str) -> bool:
        if self._project is None:
            return False
        try:
            edits = self.edits()
            if not edits:
                self._said.value = "<p class='rl-small'>Nothing was changed.</p>"
                return False
            found = act(self._project, edits)
        except (StoryreelError, ValueError) as error:
            self._said.value = alert(str(error) if isinstance(error, StoryreelError) else "A card cannot be empty.")
            return False
        self._said.value = f"<p class='rl-small'>{escape(_summary(found))} {ending}.</p>"
        return True

    def _written(self, card: str, field: str) -> str:
        return str(self._fields[card, field].value).strip()

    def _show(self, cast: Cast) -> None:
        self._cast, self._fields = cast, {}
        cards = [self._card("world", "The whole film", [("style", "Art style", cast.style)], cast.narrator, "narrator")]
        cards += [
            self._card(person.name, person.name, [("look", "Appearance", person.look)], person.voice, "voice")
            for person in cast.characters
        ]
        cards += [
            self._card(f"place {place.name}", place.name, [("look", "What it looks like", place.look)])
            for place in cast.places
        ]
        self._cards.children = cards

    def _card(
        self, key: str, title: str, texts: list[tuple[str, str, str]], voice: str = "", voice_field: str = ""
    ) -> widgets.Widget:
        children: list[Any] = [html(f"<b>{escape(title)}</b>")]
        for field, label, value in texts:
            area = widgets.Textarea(description=label, value=value, rows=2, continuous_update=False)
            self._fields[key, field] = area
            children.append(area)
        if voice_field:
            offered = choices.voices_with(voice)
            label = "Narrator" if voice_field == "narrator" else "Voice"
            chosen = widgets.Dropdown(description=label, options=offered, value=voice)
            self._fields[key, voice_field] = chosen
            children.append(chosen)
        return column(children, "rl-card")


def _summary(found: Pending) -> str:
    counts = [
        f"{number} {PLURAL[kind] if number != 1 else kind}"
        for kind in PLURAL
        if (number := found.count(kind))  # type: ignore[arg-type]
    ]
    price = "a price that is not known" if found.cost_usd is None else dollars(found.cost_usd).lower()
    what = ", ".join(counts) or "no material"
    return f"{what} and {found.pieces_to_draw} of {found.pieces} pieces of the film ({price})"
