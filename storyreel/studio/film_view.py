"""What the page is told of a film beside its timeline: shots with takes and states, chapters, cost, captions' looks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from storyreel.errors import InputError
from storyreel.media.model import Asset
from storyreel.memo.blob import Blob
from storyreel.memo.key import digest
from storyreel.memo.ledger import LEDGER_NAME, ledger_of
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.recipes._finish import FILM_NAME, RENDERED_NAME, Rendered
from storyreel.recipes.history import Entry, History
from storyreel.render.caption_styles import style_of
from storyreel.render.page_media import page_sketch
from storyreel.render.text_font_file import font_digest
from storyreel.render.text_fonts import FOLDER, SANS, SERIF, font_runs
from storyreel.studio.run_tail import RunTail
from storyreel.studio.shot_sheet import Shot, ShotSheet, chapter_list, read_sheet, scene_list, sheet_stamp
from storyreel.studio.takes import Painter, Takes, read_takes
from storyreel.studio.voice_lines import offered_voices
from storyreel.timeline.anchors import replayed
from storyreel.timeline.caption_style import Family
from storyreel.timeline.model import Clip, Timeline
from storyreel.timeline.safe_area import PLATFORMS, margins
from storyreel.workers import core_count

MOST_HISTORY = 500
_FLOW_STATES = {"queued": "waiting", "running": "running", "done": "done", "failed": "failed", "stale": "changed"}
_FAMILIES: tuple[tuple[Family, str], ...] = (("sans", SANS), ("serif", SERIF))


@dataclass(frozen=True, slots=True)
class _ShotState:
    status: str
    fraction: float = 0.0
    message: str = ""


class FilmView:
    """A project's side of things; reads files only when they have changed.

    Attributes:
        making: clip id -> how far its new picture is.
        takes: every picture that shots have had.
        voices: who may speak a line again, as the page shows them.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self.record = project.record()
        self.run = RunTail(project)
        self.painter = Painter(project)
        self.making: dict[str, float] = {}
        self.takes: Takes = read_takes(project)
        self.voices = offered_voices()
        self.sheet, self._sheet_stamp = ShotSheet(), object()
        self._rendered: tuple[object, tuple[str, ...], Timeline | None] = (None, (), None)
        self._spent: tuple[object, Decimal] = (None, Decimal(0))
        self._sketched: dict[str, ImageRequest] = {}
        self._shots: dict[str, tuple[tuple[object, ...], dict[str, Any]]] = {}
        self.refresh()

    def refresh(self) -> bool:
        """Look whether a run, or another window, has changed anything; whether it has."""
        changed = self.run.look()
        stamp: object = sheet_stamp(self._project)
        if stamp != self._sheet_stamp:
            self.sheet, self._sheet_stamp, changed = read_sheet(self._project, self.record.recipe), stamp, True
        return changed

    def film(self, timeline: Timeline, history: History) -> dict[str, Any]:
        """`FilmInfo` of the page."""
        rendered = self._rendered_entries()
        live = {entry.id for entry in history.live}
        there = (self._project.folder / FILM_NAME).exists()
        gap = next((clip.start_frame for clip in timeline.clips if clip.asset is None), timeline.length_frames)
        budget_usd = self.record.budget_usd
        return {
            "project": self._project.id,
            "title": timeline.title,
            "recipe": self.record.recipe,
            "chapters": chapter_list(timeline, self.sheet),
            "scenes": scene_list(timeline, self.sheet),
            "cost_usd": float(self._spent_usd()),
            "budget_usd": None if budget_usd is None else float(budget_usd),
            "unrendered": len(live ^ set(rendered)) if there else len(live),
            "ready_frames": gap,
            "running": self.run.running,
            "voices": self.voices,
        }

    def shots(self, timeline: Timeline, assembled: Timeline, history: History) -> list[dict[str, Any]]:
        """`ShotInfo` of the page, one for each clip."""
        running = self.run.running
        before = self._rendered_clips(assembled, history)
        first = {clip.id: clip.asset for clip in assembled.clips if clip.asset is not None}
        missing = 0
        told: list[dict[str, Any]] = []
        kept: dict[str, tuple[tuple[object, ...], dict[str, Any]]] = {}
        for number, clip in enumerate(timeline.clips, 1):
            shot = self.sheet.shot(clip)
            state = self._state(clip, shot, running, missing, before)
            missing += clip.asset is None
            takes = self._takes(clip, first.get(clip.id))
            facts = (number, clip.asset, shot, state, takes)
            old = self._shots.get(clip.id)
            made = old[1] if old is not None and _same(old[0], facts) else self._told(number, clip, shot, state, takes)
            kept[clip.id] = facts, made
            told.append(made)
        self._shots = kept
        return told

    def sketch(self, key: str) -> Blob | None:
        """What a shot that waits for its picture will show; None where there is no such sketch.

        Raises:
            ProviderError: it could not be painted.
        """
        request, model = self._sketched.get(key), self.painter.model
        return page_sketch(self._project, request, model) if request is not None and model is not None else None

    def _sketch_key(self, shot: Shot, state: _ShotState, takes: Sequence[Asset]) -> str:
        """What the page asks for a sketch by: where nothing is there yet, and the painter makes one in no time."""
        waits = state.status in ("waiting", "running") and not takes and shot.request is not None
        if not waits or shot.request is None or not getattr(self.painter.model, "sketches", False):
            return ""
        key = f"sketch-{digest(shot.request)[:32]}"
        self._sketched[key] = shot.request
        return key

    def assets(self) -> list[Asset]:
        """Every take."""
        return [asset for takes in self.takes.shots.values() for asset in takes]

    def _state(
        self, clip: Clip, shot: Shot, running: bool, missing_before: int, before: Mapping[str, Clip] | None
    ) -> _ShotState:
        if clip.id in self.making:
            return _ShotState("running", self.making[clip.id])
        if shot.status and (clip.asset is None or shot.status != "done"):
            status = _FLOW_STATES.get(shot.status, "waiting")
            return _ShotState(status if running or status != "running" else "waiting", shot.fraction, shot.message)
        if clip.asset is None:
            for name in (str(clip.scene), clip.id):
                if name in self.run.refused:
                    return _ShotState("failed", message=f"It could not be made: {self.run.refused[name]}")
            if not running:
                failed = self.run.failed if not missing_before else ""
                return _ShotState("failed" if failed else "waiting", message=failed)
            painting = self.run.overview.steps.get("illustrate")
            at_work = painting is not None and painting.state == "running" and missing_before < core_count()
            return _ShotState("running" if at_work else "waiting")
        if before is not None:
            old = before.get(clip.id)
            if old is not clip and (old is None or _without_place(old) != _without_place(clip)):
                return _ShotState("changed")
        return _ShotState("done", 1.0)

    def _told(self, number: int, clip: Clip, shot: Shot, state: _ShotState, takes: Sequence[Asset]) -> dict[str, Any]:
        why_not = self.why_not(shot)
        price = self.painter.price_usd
        asset = clip.asset
        prompt = asset.provenance.prompt if asset is not None and asset.provenance.prompt else shot.prompt
        if shot.status:  # of a segment, a person says what happens; what was asked of its maker says more
            prompt = shot.prompt
        return {
            "clip": clip.id,
            "number": number,
            "title": shot.title,
            "camera": shot.camera,
            "prompt": prompt,
            "cast": list(shot.cast),
            "status": state.status,
            "fraction": state.fraction,
            "message": state.message,
            "sketch": self._sketch_key(shot, state, takes),
            "takes": [take.model_dump(mode="json") for take in takes],
            "price_usd": None if why_not or price is None else float(price),
            "can_make_again": not why_not,
            "why_not": why_not,
        }

    def why_not(self, shot: Shot) -> str:
        """Why a shot's picture cannot be made again, "" if it can."""
        if self.record.recipe == "flow" and shot.status:
            return "A segment of an unbroken shot is made again as a whole: see  Make this segment again"
        return self.painter.why_not

    def _takes(self, clip: Clip, first: Asset | None) -> tuple[Asset, ...]:
        takes = list(self.takes.shots.get(clip.id, ()))
        known = {asset.blob.sha256 for asset in takes}
        if first is not None and first.blob.sha256 not in known:
            takes.insert(0, first)
            known.add(first.blob.sha256)
        if clip.asset is not None and clip.asset.blob.sha256 not in known:
            takes.append(clip.asset)
        return tuple(takes)

    def _rendered_entries(self) -> tuple[str, ...]:
        path = self._project.folder / RENDERED_NAME
        try:
            return Rendered.model_validate_json(path.read_bytes()).entries
        except (OSError, ValidationError):
            return ()

    def _rendered_clips(self, assembled: Timeline, history: History) -> Mapping[str, Clip] | None:
        """The clips as film.mp4 shows them; None if there is none."""
        if not (self._project.folder / FILM_NAME).exists():
            return None
        ids = self._rendered_entries()
        if self._rendered[0] is not assembled or self._rendered[1] != ids or self._rendered[2] is None:
            held = set(ids)
            entries = [entry for entry in history.entries if entry.id in held]
            self._rendered = assembled, ids, with_entries(assembled, entries)
        timeline = self._rendered[2]
        return {clip.id: clip for clip in timeline.clips} if timeline is not None else None

    def _spent_usd(self) -> Decimal:
        path = self._project.folder / LEDGER_NAME
        stamp = path.stat().st_size if path.exists() else 0
        if self._spent[0] != stamp:
            self._spent = stamp, ledger_of(self._project).spent_usd() if stamp else Decimal(0)
        return self._spent[1]


def with_entries(assembled: Timeline, entries: Collection[Entry]) -> Timeline:
    """A timeline with some entries of its history, what does not fit left out."""
    timeline = assembled
    for entry in entries:
        timeline = replayed(timeline, entry.edits, entry.anchors)
    return timeline


def history_list(history: History) -> list[dict[str, Any]]:
    """`HistoryEntry` of the page, the newest `MOST_HISTORY` of them, in order."""
    return [
        {
            "id": entry.id,
            "at_s": entry.at_s,
            "window": entry.window,
            "label": entry.label or "Edit",
            "undone": entry.undone,
        }
        for entry in history.entries[-MOST_HISTORY:]
    ]


def captions_of(timeline: Timeline) -> dict[str, Any]:
    """The style in force, none for a film without captions; and what is kept free: shares of the frame at its left,
    top, right and bottom.

    `safe` has every platform's, "" for a film that must be right on all of them; `margins` is this film's.
    """
    width_px, height_px = timeline.width_px, timeline.height_px

    def free(platform: str) -> list[float]:
        each = margins(platform, width_px, height_px)
        return [each.left, each.top, each.right, each.bottom]

    style = None if timeline.captions == "none" else style_of(for_page(timeline))
    shown = {} if style is None else style.model_dump(mode="json")
    return {
        "style": shown,
        "safe": {platform: free(platform) for platform in ("", *PLATFORMS)},
        "margins": free(timeline.platform),
    }


def fonts_of(timeline: Timeline) -> dict[str, list[str]]:
    """CSS family -> our fonts that its texts need, the family's own first."""
    letters = {letter for cue in timeline.cues for line in cue.lines for word in line for letter in word.text}
    for text in (*(card.title + card.subtitle for card in timeline.cards), *(label.text for label in timeline.labels)):
        letters.update(text)
    families: dict[str, list[str]] = {}
    for family, own in _FAMILIES:
        runs = font_runs("".join(sorted(letters)), family)
        names = dict.fromkeys([own, *(run.font for run in runs if isinstance(run.font, str))])
        families[family] = [name for name in names if font_path(name, timeline) is not None]
    return families


def own_font_key(timeline: Timeline) -> str:
    """What the page calls a font of the user's that a film's captions are set in; "" where there is none, or none left.

    The page learns no path of this machine, and a file that was replaced is another font.
    """
    own = timeline.caption_style.font_file if timeline.caption_style is not None else ""
    if not own:
        return ""
    try:
        return f"own-{font_digest(own)[:32]}"
    except InputError:
        return ""


def for_page(timeline: Timeline) -> Timeline:
    """A film as the page is told of it: a font of the user's by its key."""
    style = timeline.caption_style
    if style is None or not style.font_file:
        return timeline
    shown = style.model_copy(update={"font_file": own_font_key(timeline)})
    return timeline.model_copy(update={"caption_style": shown})


def font_path(key: str, timeline: Timeline) -> Path | None:
    """The file of one of our own fonts, or of the one that the film's captions are set in; else None."""
    if key.startswith("own-"):
        style = timeline.caption_style
        return Path(style.font_file) if style is not None and key == own_font_key(timeline) else None
    path = FOLDER / key
    return path if path.parent == FOLDER and path.suffix == ".ttf" and path.is_file() else None


def _without_place(clip: Clip) -> Clip:
    """A clip as if it began the film: being moved along by others makes it no other clip."""
    return clip.model_copy(update={"start_frame": 0})


def _same(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    return all(one is other or one == other for one, other in zip(old, new, strict=True))
