"""The Export column: render what changed, and take the files of a film home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path

import ipywidgets as widgets

from storyreel.progress import Overview
from storyreel.project import Project, make_private_folder
from storyreel.publish.interchange.losses import FORMATS
from storyreel.publish.targets import TARGETS
from storyreel.studio.look import button, column, html, icon, row

EXPORTS_FOLDER = "exports"
KINDS = (
    ("H.265 film, smaller", "h265"), ("AV1 film, smallest", "av1"), ("WebM for the web", "webm"), ("GIF", "gif"),
    ("ProRes for editing", "prores"), ("DNxHR for editing", "dnxhr"), ("Sound only (MP3)", "mp3"),
    ("Sound only (WAV)", "wav"),
    ("Captions (WebVTT)", "vtt"), ("Captions (ASS)", "ass"), ("Thumbnail", "thumbnail"), ("Transcript", "transcript"),
    ("Chapters for YouTube", "chapters"), ("Stills, one a shot", "stills"),
    ("Timeline for editors (OTIO)", "otio"), ("Timeline for editors (EDL)", "edl"),
    ("Timeline for Resolve and Final Cut (FCPXML)", "fcpxml"), ("The whole project (ZIP)", "project"),
    ("Everything for its audience (ZIP)", "bundle"),
)  # fmt: skip
CAPTIONS = (
    ("Documentary", "documentary"), ("Cinema", "cinema"), ("Short form", "short-form"), ("Karaoke", "karaoke"),
    ("Boxed", "boxed"), ("Pop", "pop"), ("Not in the picture, only as a file", "none"),
)  # fmt: skip
QUALITIES = (("Draft, quick", "draft"), ("Standard", "standard"), ("High", "high"))
FILES = (
    ("film.mp4", "The film", ".mp4"),
    ("preview.mp4", "Preview", " (preview).mp4"),
    ("film.srt", "Captions (SRT)", ".srt"),
    ("timeline.json", "Timeline", " timeline.json"),
    ("manifest.json", "Manifest", " manifest.json"),
    ("credits.txt", "Credits and sources", " credits.txt"),
)


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take home: where it is, what it is called for the visitor, and what the list says."""

    path: Path
    name: str
    text: str


def downloads(project: Project, title: str) -> list[Download]:
    """The files of a film that are there now."""
    plain = "".join(letter if letter.isalnum() or letter in " -_'" else " " for letter in title)
    stem = " ".join(plain.split())[:80] or project.id
    found = []
    for name, text, ending in FILES:
        path = project.folder / name
        if path.exists():
            found.append(Download(path, stem + ending, text))
    exports = project.folder / EXPORTS_FOLDER
    for path in sorted(exports.iterdir()) if exports.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            found.append(Download(path, stem + path.name.removeprefix(project.id), _kind_of(path)))
    return found


def export_place(project: Project, kind: str) -> Path:
    """Where an export of a kind is kept until it is downloaded."""
    folder = project.folder / EXPORTS_FOLDER
    make_private_folder(folder)
    # What is several files is taken home as one: a timeline is nothing without its media.
    several = kind in FORMATS or not TARGETS[kind].suffix
    return folder / f"{project.id}-{kind}{'.zip' if several else TARGETS[kind].suffix}"


def _kind_of(path: Path) -> str:
    return next((text for text, kind in KINDS if path.stem.endswith(f"-{kind}")), path.name)


class ExportPanel:
    """The column; `draw` shows what there is.

    Args:
        render: begins a render at a quality.
        export: begins an export as a kind of `KINDS`.
        download: hands a file to the visitor.
        show_captions: shows the captions in a preset of `CAPTIONS`.
        further: what the column has below.
    """

    def __init__(
        self,
        render: Callable[[str], None],
        export: Callable[[str], None],
        download: Callable[[Download], None],
        show_captions: Callable[[str], None] = lambda preset: None,
        further: Sequence[widgets.Widget] = (),
    ) -> None:
        self._download = download
        self._shown: list[tuple[str, float]] = []
        self._files_of = html("")
        self._row_of: dict[Download, tuple[widgets.HTML, widgets.Widget]] = {}
        self.head = html("")
        self.quality = widgets.Dropdown(description="Quality", options=QUALITIES, value="standard")
        self.captions = widgets.Dropdown(description="Captions", options=CAPTIONS, value=None)
        self._captions = ""
        self._show_captions = show_captions
        self.captions.observe(lambda change: self._choose_captions(change["new"]), names="value")
        self.render = button("Render film", lambda: render(str(self.quality.value)), "rl-primary", "rl-wide")
        self.kind = widgets.Dropdown(description="As another kind of file", options=KINDS, value="webm")
        self.make = button("Make this file", lambda: export(str(self.kind.value)), "rl-wide")
        self.files = column([])
        self.progress = html("")
        self.widget = column(
            [
                self.head,
                row([self.quality, self.captions], "rl-pair"),
                self.render,
                self.kind,
                self.make,
                self.progress,
                self.files,
                *further,
            ],
            "rl-column",
        )

    def _choose_captions(self, preset: str | None) -> None:
        if preset is not None and preset != self._captions:
            self._captions = preset
            self._show_captions(preset)

    def draw(
        self, project: Project, title: str, changed: int, running: bool, overview: Overview, captions: str = ""
    ) -> None:
        """Show what can be rendered and downloaded.

        Args:
            captions: the preset that the film's captions are shown in now, "" where that is not known.
        """
        self.captions.disabled = not captions
        if captions != self._captions:
            self._captions = captions
            self.captions.value = captions if captions in {name for _, name in CAPTIONS} else None
        line = (
            "Only what changed is made again." if changed else "The film holds every change."
            if (project.folder / "film.mp4").exists() else "The film has not been put together yet."
        )  # fmt: skip
        count = f"{changed} change{'s' * (changed != 1)} since the last render. " if changed else ""
        head = f"<h2>Render and download</h2><p class='rl-muted rl-small'>{count}{line}</p>"
        _set(self.head, head)
        self.render.disabled = running
        self.make.disabled = running
        self.render.tooltip = self.make.tooltip = "The film is being made" if running else ""
        working = f"{overview.fraction:.0%}" if running else ""
        _set(self.progress, f"<p class='rl-small' role='status'>Working, {working}</p>" if working else "")
        found = downloads(project, title)
        shown = [(str(file.path), file.path.stat().st_mtime) for file in found]
        if shown != self._shown:
            self._shown = shown
            rows = self._rows(found)
            if rows != list(self.files.children):
                self.files.children = rows

    def _rows(self, found: Sequence[Download]) -> list[widgets.Widget]:
        if not found:
            return []
        made = datetime.fromtimestamp(max(file.path.stat().st_mtime for file in found)).astimezone()
        _set(self._files_of, f"<p class='rl-muted rl-small'>Files of {made:%d %B, %H:%M}</p>")
        # A file that was made anew keeps its button: whoever is about to press it must not miss it.
        self._row_of = {file: self._row_of.get(file) or self._row(file) for file in found}
        rows: list[widgets.Widget] = [self._files_of]
        for file, (text, line) in self._row_of.items():
            size = _size(file.path.stat().st_size)
            name = f"<span>{icon('file')} {escape(file.text)}</span>"
            _set(text, f"<span class='rl-file'>{name}<span class='rl-muted'>{size}</span></span>")
            rows.append(line)
        return rows

    def _row(self, file: Download) -> tuple[widgets.HTML, widgets.Widget]:
        text = html("")
        get = button("Download", partial(self._download, file), tooltip=f"Download {file.name}")
        return text, row([text, get], "rl-file-row")


def _set(widget: widgets.HTML, value: str) -> None:
    if widget.value != value:
        widget.value = value


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{max(1, round(size_bytes / 1000))} kB"
