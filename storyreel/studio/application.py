"""The studio as one page: Films, Make, Edit and Export around one film's editor; the same widgets work in notebooks."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs

import ipywidgets as widgets

from storyreel.errors import InputError, StoryreelError
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project, check_project_id, list_projects
from storyreel.recipes._finish import TIMELINE_NAME
from storyreel.settings import cache_root
from storyreel.studio.cards import CardsPanel
from storyreel.studio.editor import Editor
from storyreel.studio.exporting import Download, ExportPanel, export_place
from storyreel.studio.films import FilmShelf
from storyreel.studio.look import LOGO, alert, button, column, dollars, html, row, show, style_sheet
from storyreel.studio.making import MakePanel, headline
from storyreel.studio.new_film import NewFilm
from storyreel.studio.page import Page
from storyreel.studio.runs import RunWatch, start_run, stop_run
from storyreel.studio.short_films import ShortsPanel

Place = Literal["films", "make", "edit", "export"]
PLACES: tuple[tuple[Place, str], ...] = (("films", "Films"), ("make", "Make"), ("edit", "Edit"), ("export", "Export"))
LOOK_EVERY_S = 0.4
SHELF_EVERY = 5


def app(cache: Path | str | None = None) -> widgets.Widget:
    """The whole studio for a cell. A page that was asked for with `?project=ID` opens on that film."""
    return Studio(cache).widget


class Studio:
    """The page's state: which film is open, which of the four places is shown, and the watch over its run."""

    def __init__(self, cache: Path | str | None = None) -> None:
        self.cache = cache_root(cache)
        self.in_page = bool(os.environ.get("SERVER_SOFTWARE", "").startswith("voila"))
        self.page = Page(self._took_file, self._refused_file)
        self.new_film = NewFilm(self.cache, self.generate, self.page.choose_file, self._listen)
        self.page.progress = self.new_film.file_progress
        self.shelf = FilmShelf(self.cache, self.open, self._new)
        self.make = MakePanel(self.stop, self.go_on, self.ask_again)
        self.cards = CardsPanel(self.go_on)
        self.shorts = ShortsPanel(self.make_shorts, self._stop_of, self.open)
        self.export = ExportPanel(
            self.render, self.write_file, self._download, self._show_captions, [self.shorts.widget]
        )
        self.project: Project | None = None
        self.watch: RunWatch | None = None
        self.place: Place = "films"
        self._editor: Editor | None = None
        self._name, self._cost, self._notice = html("", "rl-film-name"), html("", "rl-cost"), html("")
        self._buttons = {place: button(name, partial(self.go, place), f"rl-place-{place}") for place, name in PLACES}
        self._badge = html("", "rl-hidden")  # the count of changes on Export, where the places stand at the foot
        self._render_changes = button("Render changes", self._render_and_show, "rl-primary", "rl-hidden")
        header = row(
            [
                row([html(f"<span class='rl-brand'>{LOGO} storyreel</span>"), self._name], "rl-left"),
                row(list(self._buttons.values()), "rl-places"),
                row([self._cost, self._render_changes], "rl-right"),
            ],
            "rl-header",
        )
        self._films = row(
            [self.shelf.widget, column([self.new_film.form], "rl-form-column"), self.new_film.price_column],
            "rl-body",
            "rl-films",
        )
        self._making = column([self.make.widget, self.cards.widget], "rl-column")
        self._waiting = html("<p class='rl-muted rl-waits'>The first pictures come in a moment.</p>")
        self._stage = column([], "rl-editor")
        self._work = row([self._stage, self._making, self.export.widget], "rl-body")
        self.widget = column(
            [style_sheet(), self._badge, self.page, header, self._notice, self._films, self._work], "storyreel"
        )
        self._closed = threading.Event()
        self._lock = threading.RLock()
        self.shelf.refresh()
        asked = _asked_project()
        if asked and asked in list_projects(self.cache):
            self.open(asked)
        else:
            self.go("films")
        threading.Thread(target=self._keep_looking, name="studio", daemon=True).start()

    def go(self, place: Place) -> None:
        """Show one of the four places."""
        self.place = place if self.project is not None or place == "films" else "films"
        for name, choice in self._buttons.items():
            (choice.add_class if name == self.place else choice.remove_class)("rl-here")
            choice.disabled = name != "films" and self.project is None
            choice.tooltip = "Open or begin a film first" if choice.disabled else ""
        show(self._films, self.place == "films")
        show(self._work, self.place != "films")
        show(self._making, self.place == "make")
        show(self.export.widget, self.place == "export")
        if self._editor is not None:
            self._editor.show_panel(self.place == "edit")
        self.look()

    def open(self, project_id: str) -> None:
        """Open a film: on Make while it is being made or was stopped, else on Edit."""
        with self._lock:
            self.project = Project(check_project_id(project_id), self.cache)
            self.watch = RunWatch(self.project)
            self.watch.look()
            self.shelf.here = project_id
            self._open_editor()
            self.page.show_project(project_id, in_page=self.in_page)
        done = (self.project.folder / "film.mp4").exists()
        going = self.watch.state in ("running", "starting")
        self.go("edit" if done and not going else "make")

    def generate(self, project: Project) -> None:
        """Make a film that was just begun."""
        start_run(project)
        self.open(project.id)
        assert self.watch is not None
        if self.watch.state != "running":
            self.watch.begun()
        self.go("make")

    def go_on(self) -> None:
        """Go on with the open film from its last finished step."""
        self._start(())

    def ask_again(self) -> None:
        """Go on, and send once more what may have been charged and has no answer."""
        if self.project is not None:
            self._start(("resume", self.project.id, "--yes", "--ask-again"))

    def render(self, quality: str) -> None:
        """Render the open film's timeline."""
        if self.project is not None:
            self._start(("render", self.project.id, "--quality", quality))

    def write_file(self, kind: str) -> None:
        """Write the open film as another kind of file, to be downloaded."""
        if self.project is not None:
            place = export_place(self.project, kind)
            self._start(("export", self.project.id, str(place), "--as", kind))

    def make_shorts(self, count: int, platform: str) -> None:
        """Make shorts of the open film, each a film of its own."""
        if self.project is not None:
            chosen = ("--platform", platform) if platform else ()
            self._start(("shorts", self.project.id, "--count", str(count), *chosen, "--yes"))

    def _show_captions(self, preset: str) -> None:
        if self._editor is not None:
            with self._told():
                self._editor.show_captions(preset)

    def _render_and_show(self) -> None:
        self.go("export")
        self.render(str(self.export.quality.value))

    def stop(self) -> None:
        """Ask the open film's run to stop after the work under way."""
        if self.project is None or self.watch is None:
            return
        with self._told():
            stop_run(self.project)
            self.watch.stopping()
        self.look()

    def _stop_of(self, project: Project) -> None:
        with self._told():
            stop_run(project)

    def close(self) -> None:
        """End the watch; runs go on."""
        self._closed.set()
        if self._editor is not None:
            self._editor.close()

    def look(self) -> None:
        """Bring everything on the page up to date."""
        with self._lock:
            if self.project is None or self.watch is None:
                self._name.value, self._cost.value = "", ""
                return
            before = self.watch.state
            self.watch.look()
            try:
                record = self.project.record()
            except StoryreelError as error:
                self._notice.value = alert(str(error))
                return
            title = str(record.inputs.get("title") or self.project.id)
            limit = None if record.budget_usd is None else float(record.budget_usd)
            _set(self._name, f"<b>{escape(title)}</b><code>{escape(self.project.id)}</code>")
            _set(self._cost, _cost(float(ledger_of(self.project).spent_usd()), limit))
            going = self.watch.state in ("starting", "running", "stopping")
            looked_at = self.place == "make" and not going
            undecided = len(ledger_of(self.project).undecided()) if looked_at else 0
            self.make.draw(self.watch, limit, undecided)
            changed = self._editor.unrendered if self._editor is not None else 0
            self.cards.draw(self.project, going)
            captions = self._editor.captions if self._editor is not None else ""
            self.export.draw(self.project, title, changed, going, self.watch.overview, captions)
            if self.place == "export":
                self.shorts.draw(self.project, record.recipe, going, (changed, going, self.watch.state))
            self._render_changes.description = f"Render changes, {changed}"
            _set(self._badge, _count_style(changed))
            show(self._render_changes, bool(changed) and self.place == "edit" and not going)
            if before in ("starting", "running", "stopping") and self.watch.state in ("finished", "failed"):
                done = self.watch.state == "finished"
                self.page.notify(title, f"{headline(self.watch)}." if done else f"Stopped: {self.watch.message}")
            if self._editor is None:
                self._open_editor()

    def _start(self, arguments: tuple[str, ...]) -> None:
        if self.project is None or self.watch is None:
            return
        with self._told():
            start_run(self.project, arguments)
            self.watch.begun()
        self.look()

    def _open_editor(self) -> None:
        """Show the open film's editor; while there is no timeline yet, the page says what it waits for."""
        if self.project is None or (self._editor is not None and self._editor.project_id == self.project.id):
            return
        if self._editor is not None:
            self._editor.close()
            self._editor = None
        if not self.project.path(TIMELINE_NAME).exists():
            if self._stage.children != (self._waiting,):
                self._stage.children = [self._waiting]
            return
        self._editor = Editor(self.project, header=False, panel=self.place == "edit")
        self._stage.children = [self._editor]

    def _new(self) -> None:
        self.shelf.here = ""
        self.go("films")

    def _keep_looking(self) -> None:
        turn = 0
        while not self._closed.wait(LOOK_EVERY_S):
            turn += 1
            with suppress(StoryreelError, OSError):
                self.look()
                if self.place == "films" and turn % SHELF_EVERY == 0:
                    self.shelf.refresh()

    def _took_file(self, path: Path, name: str) -> None:
        with self._told():
            self.new_film.take_file(path, name)

    def _refused_file(self, sentence: str) -> None:
        self.new_film.refuse_file(sentence)

    def _download(self, file: Download) -> None:
        self.page.download(file.path, file.name)

    def _listen(self, voice: str) -> None:
        threading.Thread(target=self._play_sample, args=(voice,), daemon=True).start()

    def _play_sample(self, voice: str) -> None:
        from storyreel.studio.samples import voice_sample

        with self._told():
            self.page.play(voice_sample(voice, self.cache), "audio/flac")

    def _told(self) -> _Told:
        return _Told(self._notice)


class _Told:
    """Shows what went wrong in one sentence instead of a traceback; clears the last one."""

    def __init__(self, notice: widgets.HTML) -> None:
        self._notice = notice

    def __enter__(self) -> None:
        _set(self._notice, "")

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, StoryreelError):
            self._notice.value = alert(str(error))
            return True
        return False


def _count_style(changed: int) -> str:
    """The count on Export at a phone's foot; a second text after it keeps it out of the button's name."""
    if not changed:
        return ""
    shown = f"content: '{changed}'; content: '{changed}' / '';"
    return f"<style>@media (max-width: 640px) {{ .storyreel .rl-place-export::after {{ {shown} }} }}</style>"


def _set(widget: widgets.HTML, value: str) -> None:
    if widget.value != value:
        widget.value = value


def _cost(spent_usd: float, limit_usd: float | None) -> str:
    if limit_usd is None:
        return f"<b>{dollars(spent_usd)}</b>" if spent_usd else ""
    share = min(1.0, spent_usd / limit_usd) if limit_usd else 1.0
    spent = f"${spent_usd:.2f}"
    return f"<b>{spent}</b> of {dollars(limit_usd)}<div class='rl-bar'><i style='width:{share:.1%}'></i></div>"


def _asked_project() -> str:
    asked = parse_qs(os.environ.get("QUERY_STRING", "")).get("project", [""])[0]
    try:
        return check_project_id(asked)
    except InputError:
        return ""
