"""The films of a cache as a list to choose from: thumbnail, name, where each stands."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

import ipywidgets as widgets

from storyreel.progress import EventTail, Overview
from storyreel.project import EVENTS_NAME, Project
from storyreel.recipes.shelf import ShelvedFilm, list_films
from storyreel.studio.look import button, column, html, row
from storyreel.terminal import clock_text

SHOWN = 40
THUMB_PX = (128, 72)
WAY_NAMES = {"title": "Title film", "script": "Script film", "flow": "Unbroken shot", "audio": "Recording"}


class FilmShelf:
    """The list with its search field; `refresh` looks at the cache again.

    Args:
        open_film: called with the id of the film that was chosen.
        new_film: called for a new one.
    """

    def __init__(self, cache: Path, open_film: Callable[[str], None], new_film: Callable[[], None]) -> None:
        self._cache, self._open = cache, open_film
        self.here = ""
        self._films: list[ShelvedFilm] = []
        self._thumbs: dict[tuple[str, float], str] = {}
        self._shown: list[tuple[object, ...]] = []
        self.search = widgets.Text(placeholder="Find a film")
        self.search.observe(lambda _: self.refresh(), names="value")
        add = button("New", new_film, "rl-plain", tooltip="Begin a new film")
        self._list = column([], "rl-shelf-list")
        self.widget = column([row([html("<h2>Films</h2>"), add], "rl-shelf-head"), self.search, self._list], "rl-shelf")

    def refresh(self) -> None:
        """Show what the cache holds now."""
        # Without a search no more are opened than are shown, however many there are.
        self._films = list_films(self._cache, most=None if str(self.search.value).strip() else SHOWN)
        self._draw()

    def _draw(self) -> None:
        wanted = str(self.search.value).casefold().strip()
        films = [film for film in self._films if wanted in film.title.casefold() or wanted in film.project_id][:SHOWN]
        lines = [(film.project_id, film.title, self._state(film), film.project_id == self.here) for film in films]
        if lines == self._shown:
            return
        self._shown = list(lines)
        rows = []
        for film, (project_id, title, state, here) in zip(films, lines, strict=True):
            entry = button(f"{title}\n{state}", partial(self._open, project_id))
            entry.tooltip = f"{title} ({project_id})"
            line = row([html(self._thumb(film)), entry], "rl-shelf-row")
            if here:
                line.add_class("rl-here")
            rows.append(line)
        self._list.children = rows or [html(f"<p class='rl-muted' style='padding:8px'>{_nothing(wanted)}</p>")]

    def _state(self, film: ShelvedFilm) -> str:
        if film.state == "running":
            return f"Making, {fraction_of(Project(film.project_id, self._cache)):.0%}"
        if film.state == "finished":
            return f"Ready, {clock_text(film.duration_s)}"
        if film.state == "damaged":
            return "Damaged: see storyreel doctor"
        return "Stopped, can go on" if film.duration_s or (film.folder / EVENTS_NAME).exists() else "Not made yet"

    def _thumb(self, film: ShelvedFilm) -> str:
        key = (film.project_id, film.changed_at.timestamp())
        if key not in self._thumbs:
            self._thumbs[key] = _thumb_of(film.folder)
        return self._thumbs[key]


def _nothing(wanted: str) -> str:
    return f"No film is called “{escape(wanted)}”." if wanted else "Films you begin are listed here."


def fraction_of(project: Project) -> float:
    """How much of a project's last run is done, 0 to 1."""
    overview = Overview()
    for event in EventTail(project.folder / EVENTS_NAME, from_start=True).new_events():
        overview(event)
    return overview.fraction


def _thumb_of(folder: Path) -> str:
    blank = "<span class='rl-thumb'></span>"
    pictures = sorted((folder / "images").glob("*.*")) if (folder / "images").is_dir() else []
    if not pictures:
        return blank
    import cv2

    picture = cv2.imread(str(pictures[min(1, len(pictures) - 1)]), cv2.IMREAD_REDUCED_COLOR_4)
    if picture is None:
        return blank
    height, width = picture.shape[:2]
    share = max(THUMB_PX[0] / width, THUMB_PX[1] / height)
    small = cv2.resize(picture, (round(width * share), round(height * share)), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, 70])
    source = f"data:image/webp;base64,{b64encode(data.tobytes()).decode()}"
    return f"<img class='rl-thumb' alt='' src='{source}'>" if done else blank
