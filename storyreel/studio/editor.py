"""The timeline editor as a Jupyter widget: the page in the cell, the session behind it.

    from storyreel import studio
    studio.editor("the-last-lighthouse")

Nothing of the film is a widget's synced trait, which a notebook would save and any visitor could change: everything
goes by custom messages, each of which is checked.
"""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict

from storyreel.errors import InputError
from storyreel.project import Project
from storyreel.recipes._finish import Film
from storyreel.studio.session import Session, close_all, session_of
from storyreel.studio.window import Window
from storyreel.timeline.edit import ChangeCaptionStyle

STATIC = Path(__file__).parent / "static"
PAGE_NAME, STYLE_NAME = "studio.js", "studio.css"


class Editor(anywidget.AnyWidget):
    """The editor of one film.

    Args:
        film: a project's id, the project, or a finished film.
        cache: where films live; by default STORYREEL_CACHE, else ./cache.
        header: whether it has a header with the film's name, undo and Render; a page of panels has its own.
        panel: whether the selected shot's panel stands at its right; see `show_panel`.

    Raises:
        InputError: there is no such film, it has no timeline yet, or this installation has no page to show.
    """

    _css = ""  # anywidget only takes a style for a class that has one
    _window: Window | None = None
    _session: Session | None = None

    layout_of_page = Dict({"header": True, "panel": True, "fill": False}).tag(sync=True)

    def __init__(
        self,
        film: str | Project | Film,
        *,
        cache: Path | str | None = None,
        header: bool = True,
        panel: bool = True,
    ) -> None:
        project = film.project if isinstance(film, Film) else film
        if isinstance(project, Project):
            project_id, cache = project.id, project.cache
        else:
            project_id = project
        page, style = STATIC / PAGE_NAME, STATIC / STYLE_NAME
        if not page.is_file():
            raise InputError(
                f"the editor's page {page} is missing from this installation: install storyreel again, or, from its "
                "source, run  npm ci && npm run build  in widgets/"
            )
        session = session_of(project_id, cache)
        looks = {"_css": style.read_text(encoding="utf-8")} if style.is_file() else {}
        layout = {"header": header, "panel": panel, "fill": not header}
        super().__init__(_esm=page.read_text(encoding="utf-8"), layout_of_page=layout, **looks)
        # The session must not keep a widget alive that its notebook has let go.
        own = weakref.ref(self)

        def send(message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
            widget = own()
            if widget is not None and widget.comm is not None:
                widget.send(message, buffers=list(buffers) or None)

        self._session, self._window = session, session.join(send)
        self.on_msg(self._heard)
        weakref.finalize(self, self._window.leave)

    @property
    def project_id(self) -> str:
        """The film's id."""
        return self._session.project.id if self._session is not None else ""

    def show_panel(self, shown: bool) -> None:
        """Show or close the selected shot's panel; player and strip stay."""
        self.layout_of_page = {**self.layout_of_page, "panel": shown}

    @property
    def unrendered(self) -> int:
        """How many edits the film's file does not hold yet."""
        return self._session.unrendered if self._session is not None else 0

    @property
    def captions(self) -> str:
        """The preset that the film's captions are shown in; "none" where they are hidden."""
        return self._session.timeline.captions if self._session is not None else ""

    def show_captions(self, preset: str) -> None:
        """Show the captions in another preset, or hide them with "none"; an edit like the page's own.

        Raises:
            InputError: there is no such preset.
        """
        if self._session is not None and self._window is not None and preset != self.captions:
            edit = ChangeCaptionStyle(captions=preset)
            self._session.add_edits(self._window.name, f"Captions: {preset.replace('-', ' ')}", [edit])

    def close(self) -> None:
        """Let the window go; the film's session ends with its last window."""
        if self._window is None or self._session is None:
            return  # it was refused before it was anything
        self._window.leave()
        if not self._session.windows:
            self._session.close()
        super().close()

    def _heard(self, _: Any, content: Any, buffers: Sequence[Any]) -> None:
        if self._window is not None:
            self._window.take(content, buffers or ())


def editor(film: str | Project | Film, *, cache: Path | str | None = None) -> Editor:
    """Show a film's editor; see `Editor`."""
    return Editor(film, cache=cache)


atexit.register(close_all)
