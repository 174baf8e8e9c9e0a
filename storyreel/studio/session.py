"""One project's editing in one process: any number of windows, which see each other's edits, here and elsewhere.

A window says what the page says (`storyreel.studio.messages`) and gets what the kernel says, by a callable that knows
how to send. The history (`storyreel.recipes.history`) puts edits in order between processes; a thread watches it and
what a run writes, and keeps timeline.json up to date, so that an edit is answered without waiting for that.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyreel.errors import InputError, StoryreelError
from storyreel.media.model import Asset
from storyreel.project import Project
from storyreel.recipes._finish import RENDERED_NAME, TIMELINE_NAME, current, keep_timeline
from storyreel.recipes.edits import ASSEMBLED_NAME, read_timeline_file, write_timeline
from storyreel.recipes.history import Entry, History
from storyreel.recipes.resume import existing
from storyreel.render.sound_blocks import BLOCK
from storyreel.studio.actions import Launch
from storyreel.studio.film_view import FilmView, captions_of, fonts_of, for_page, history_list
from storyreel.studio.guards import checked_edits
from storyreel.studio.media_desk import MediaDesk
from storyreel.studio.messages import EditMessage, UndoMessage
from storyreel.studio.runs import start_run
from storyreel.studio.sound_board import SoundBoard
from storyreel.studio.takes import keep_take
from storyreel.studio.uploads import Uploads
from storyreel.timeline.anchors import anchored, carried_over, replayed
from storyreel.timeline.edit import Edit, InsertClip, ReplaceMusic, ReplacePicture, ReplaceVoice
from storyreel.timeline.model import Timeline
from storyreel.timeline.patch import Patch, json_value, patch_between

LOOK_EVERY_S = 0.2
TELL_EVERY_S = 0.5
KEEP_AFTER_S = 0.3
"""How long nothing has to change before timeline.json is written: while somebody drags, once is enough."""
ALIVE_EVERY_S = 5.0
_KEPT_REVISIONS = 200

Send = Callable[[dict[str, Any], Sequence[bytes]], None]


@dataclass(frozen=True, slots=True)
class _Step:
    """A revision and what led to it: a window's own edits, or anything else (None)."""

    revision: int
    window: str
    edits: tuple[Edit, ...] | None
    before: Timeline


class Session:
    """See the module; `session_of` gives the one of a project.

    Args:
        project: one that has been begun.

    Raises:
        ProjectNotFound: it has not.
        CorruptFile: one of its files is damaged.
    """

    def __init__(self, project: Project) -> None:
        from storyreel.studio.window import Window  # windows know their session

        self.project = project
        self.lock = threading.RLock()
        self.history = History(project)
        self.view = FilmView(project)
        self._new_window = Window
        self.windows: list[Window] = []
        self.launch: Launch = start_run
        self.uploads = Uploads(project)
        self.revision = 0
        self._steps: deque[_Step] = deque(maxlen=_KEPT_REVISIONS)
        self._assets: dict[str, Asset] = {}
        self._left_out: dict[tuple[str, str], str] = {}
        self._chain: list[tuple[str, Timeline]] = []
        self._assembled = self.timeline = self._told = current(project).assembled
        self._read_film()
        self._stamps = self._look()
        self._unkept, self._closed, self._progress_due, self._told_at_s = False, False, False, 0.0
        self._changed_at_s = 0.0
        self._awake = threading.Event()
        self.sounds = SoundBoard(project, self._tags_changed, lambda why: self.notify("warning", why))
        self.media = MediaDesk(project, self.sounds, self.asset, lambda: self.timeline, self.view.sketch)
        self.sounds.follow(self.timeline)
        self._thread = threading.Thread(target=self._watch, name="storyreel-studio", daemon=True)
        self._thread.start()

    # ------------------------------------------------------------------------------------------------------- windows

    def join(self, send: Send) -> Any:
        """A new window; see `storyreel.studio.window.Window`.

        Args:
            send: takes a message and its buffers; may be called from any thread.
        """
        window = self._new_window(self, send)
        with self.lock:
            self.windows.append(window)
        return window

    def leave(self, window: Any) -> None:
        """A window has gone."""
        with self.lock, suppress(ValueError):
            self.windows.remove(window)
        self.media.leave(window.key)

    @property
    def unrendered(self) -> int:
        """How many edits the film's file does not hold yet."""
        with self.lock:
            return int(self.view.film(self.timeline, self.history)["unrendered"])

    def close(self) -> None:
        """Write down what is not yet, and end every thread."""
        if self._closed:
            return
        self._closed = True
        self._awake.set()
        self._thread.join(timeout=10)
        for window in list(self.windows):
            window.leave()
        self.sounds.close()
        self.media.close()
        self.uploads.close()
        self._keep()
        with _lock:
            for key, session in list(_sessions.items()):
                if session is self:
                    del _sessions[key]

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self._closed

    def broadcast(self, message: dict[str, Any]) -> None:
        """Say something to every window that has said hello."""
        with self.lock:
            for window in list(self.windows):
                if window.name:
                    window.send(message)

    def notify(self, level: str, text: str) -> None:
        """Show every window a notice."""
        self.broadcast({"type": "notice", "level": level, "message": text})

    # ---------------------------------------------------------------------------------------------------------- film

    def state(self) -> dict[str, Any]:
        """`StateMessage` of the page."""
        with self.lock:
            film = self.timeline
            return {
                "type": "state",
                "revision": self.revision,
                "timeline": json_value(for_page(film)),
                **self._about(),
                "sound_block_samples": BLOCK,
                "fonts": fonts_of(film),
            }

    @property
    def left_out(self) -> tuple[str, ...]:
        """A sentence for each edit that counts and does not fit the film as it is."""
        return tuple(self._left_out.values())

    def edit(self, window: str, message: EditMessage) -> bool:
        """Make a window's edits, and tell every window; False if they were made already.

        Raises:
            InputError: they do not fit, or ask for what this film does not have; nothing is changed.
            StorageError: they could not be written down.
        """
        edits = checked_edits(message.read_edits(), self.timeline, self.asset)
        with self.lock, self.history.locked():
            self._catch_up()
            if self.history.has_message(window, message.id):
                return False
            context = self._as_seen(window, message.base)
            anchors, after = anchored(context, edits)
            if context is not self.timeline:
                edits, anchors, after = carried_over(self.timeline, edits, anchors)
            self._write(window, message.label, edits, anchors, after, message.id)
        return True

    def add_edits(self, window: str, label: str, edits: Sequence[Edit]) -> None:
        """Make edits of our own, such as a finished upload's; see `edit`."""
        with self.lock, self.history.locked():
            self._catch_up()
            anchors, after = anchored(self.timeline, edits)
            self._write(window, label, tuple(edits), anchors, after, 0)

    def undo(self, window: str, message: UndoMessage) -> bool:
        """Take back or bring back an entry, and tell every window; False if there is none."""
        with self.lock, self.history.locked():
            self._catch_up()
            if self.history.has_message(window, message.id):
                return True
            turn = self.history.undo if message.type == "undo" else self.history.redo
            entry = turn(window, message=message.id)
            if entry is None:
                return False
            self._ensure_assembled()
            self._replay()
            self._tell(window, message.id, None)
        return True

    def asset(self, sha256: str) -> Asset | None:
        """An asset that this film has, or had: in its timeline, its takes or its history; None for all others."""
        with self.lock:
            return self._assets.get(sha256)

    def admit(self, *assets: Asset) -> None:
        """Count assets as the film's."""
        with self.lock:
            for asset in assets:
                self._assets.setdefault(asset.blob.sha256, asset)

    def keep_take(self, clip: str, *pictures: Asset) -> None:
        """Keep pictures as takes of a shot."""
        with self.lock:
            self.view.takes = keep_take(self.project, self.history, clip, *pictures)

    def making(self, clip: str, fraction: float | None) -> None:
        """Say how far a shot's new picture is; None once it is there or will not come."""
        with self.lock:
            if fraction is None:
                self.view.making.pop(clip, None)
            else:
                self.view.making[clip] = fraction
        self.tell_progress()

    def tell_progress(self) -> None:
        """Tell every window how the film and its shots stand, its timeline being as it was."""
        with self.lock:
            film = self.view.film(self.timeline, self.history)
            shots = self.view.shots(self.timeline, self._assembled, self.history)
            self._told_at_s = time.monotonic()
            self.broadcast({"type": "progress", "film": film, "shots": shots})

    def settle(self, timeout_s: float = 60.0) -> bool:
        """Wait until the sound is planned and timeline.json is written; whether that came about."""
        ends_at_s = time.monotonic() + timeout_s
        settled = self.sounds.settle(timeout_s)
        while self._unkept and time.monotonic() < ends_at_s:
            time.sleep(0.01)
        return settled and not self._unkept

    # ------------------------------------------------------------------------------------------------------- changes

    def _write(
        self, window: str, label: str, edits: tuple[Edit, ...], anchors: Sequence[Any], after: Timeline, message: int
    ) -> None:
        self._ensure_assembled()
        entry = self.history.add(window, label, edits, anchors, message=message)
        before, self.timeline = self.timeline, after
        self._chain.append((entry.id, after))
        self._admit_entry(entry)
        self._tell(window, message, edits, before)

    def _tell(self, window: str, message: int, edits: tuple[Edit, ...] | None, before: Timeline | None = None) -> None:
        """A new revision; every window gets the patch from what it had."""
        before = self._told if before is None else before
        patch = patch_between(for_page(before), for_page(self.timeline))
        self._steps.append(_Step(self.revision, window if message else "", edits, before))
        self.revision += 1
        self._told = self.timeline
        self._unkept, self._changed_at_s = True, time.monotonic()
        self.sounds.follow(self.timeline)
        self.broadcast(self._patch_message(patch, window, message))

    def _patch_message(self, patch: Patch, window: str, message: int) -> dict[str, Any]:
        return {
            "type": "patch",
            "revision": self.revision,
            "window": window,
            "id": message,
            "splices": {
                name: {"at": splice.at, "remove": splice.remove, "insert": list(splice.insert)}
                for name, splice in patch.splices.items()
            },
            "values": dict(patch.values),
            **self._about(),
        }

    def _about(self) -> dict[str, Any]:
        return {
            "film": self.view.film(self.timeline, self.history),
            "shots": self.view.shots(self.timeline, self._assembled, self.history),
            "history": history_list(self.history),
            "sound_tags": self.sounds.tags,
            "captions": captions_of(self.timeline),
        }

    def _as_seen(self, window: str, base: int) -> Timeline:
        """The film as a window showed it when it made an edit: its revision, with its own edits since.

        Nobody knows what a window saw that is further behind than we remember; it is taken for up to date.
        """
        since = [step for step in self._steps if step.revision >= base]
        foreign = [step for step in since if step.edits is None or (step.edits and step.window != window)]
        if not foreign or since[0].revision != base:
            return self.timeline
        seen = since[0].before
        for step in since:
            if step.edits is not None and step.window == window:
                seen = replayed(seen, step.edits, ())
        return seen

    def _catch_up(self) -> None:
        """Take in what other processes have written; the lock of the history is held, or it is read on its own."""
        self.history.refresh()
        known = [entry_id for entry_id, _ in self._chain]
        live = self.history.live
        if known == [entry.id for entry in live]:
            return
        newest = max(self.history.entries, key=lambda entry: entry.at_s)
        self._replay()
        self._tell(newest.window, 0, None)

    def _replay(self) -> None:
        """Bring the chain of timelines in line with the history, from the first entry that differs."""
        live = self.history.live
        same = 0
        while same < min(len(live), len(self._chain)) and live[same].id == self._chain[same][0]:
            same += 1
        del self._chain[same:]
        timeline = self._chain[-1][1] if self._chain else self._assembled
        counting = {entry.id for entry in live}
        self._left_out = {key: text for key, text in self._left_out.items() if key[0] in counting}
        for entry in live[same:]:
            timeline = replayed(timeline, entry.edits, entry.anchors, self._noting(entry))
            self._chain.append((entry.id, timeline))
            self._admit_entry(entry)
        self.timeline = timeline

    def _noting(self, entry: Entry) -> Callable[[int, str], None]:
        def left_out(number: int, why: str) -> None:
            if (entry.id, why) not in self._left_out:
                text = f"“{entry.label or 'An edit'}” is left out for now: {why}"
                self._left_out[entry.id, why] = text
                self.notify("warning", text)

        return left_out

    def _read_film(self) -> None:
        self._replay()
        self._told = self.timeline
        self.admit(*_assets_in(self._assembled), *_assets_in(self.timeline), *self.view.assets())
        for entry in self.history.entries:
            self._admit_entry(entry)

    def _admit_entry(self, entry: Entry) -> None:
        for edit in entry.edits:
            if isinstance(edit, (ReplacePicture, InsertClip, ReplaceMusic, ReplaceVoice)) and edit.asset is not None:
                self.admit(edit.asset)

    def _ensure_assembled(self) -> None:
        """The timeline before all edits has to stay: replaying starts from it."""
        path = self.project.path(ASSEMBLED_NAME)
        if not path.exists():
            write_timeline(path, self._assembled)
            self._stamps = self._look()

    # -------------------------------------------------------------------------------------------------------- watching

    def _watch(self) -> None:
        alive_at_s = time.monotonic()
        while not self._closed:
            self._awake.wait(LOOK_EVERY_S)
            self._awake.clear()
            try:
                if time.monotonic() - self._changed_at_s > KEEP_AFTER_S:
                    self._keep()
                self._look_around()
            except StoryreelError as error:
                self.notify("error", str(error))
                time.sleep(1.0)
            if time.monotonic() - alive_at_s > ALIVE_EVERY_S:
                alive_at_s = time.monotonic()
                self._say_alive()

    def _look_around(self) -> None:
        stamps = self._look()
        changed = {name for name, stamp in stamps.items() if self._stamps.get(name) != stamp}
        if changed:
            with self.lock:
                self._stamps = stamps
                if ASSEMBLED_NAME in changed or (TIMELINE_NAME in changed and not stamps[ASSEMBLED_NAME]):
                    self._take_new_base()
                self._catch_up()
        if self.view.refresh() or RENDERED_NAME in changed:
            self._progress_due = True
        if self._progress_due and time.monotonic() - self._told_at_s > TELL_EVERY_S:
            self._progress_due = False
            self.tell_progress()

    def _take_new_base(self) -> None:
        """A run has laid the film anew."""
        path = self.project.path(ASSEMBLED_NAME)
        assembled = read_timeline_file(path if path.exists() else self.project.path(TIMELINE_NAME))
        if assembled == self._assembled:
            return
        self._assembled, self._chain = assembled, []
        self.admit(*_assets_in(assembled))
        self._replay()
        self._tell("", 0, None)

    def _look(self) -> dict[str, object]:
        return {
            "history": self.history.stamp(),
            ASSEMBLED_NAME: _stamp(self.project.folder / ASSEMBLED_NAME),
            TIMELINE_NAME: _stamp(self.project.folder / TIMELINE_NAME),
            RENDERED_NAME: _stamp(self.project.folder / RENDERED_NAME),
        }

    def _keep(self) -> None:
        """Write timeline.json and its subtitles, if they are behind."""
        if not self._unkept:
            return
        with self.lock:
            timeline = self.timeline
        keep_timeline(self.project, timeline)
        self._stamps[TIMELINE_NAME] = _stamp(self.project.folder / TIMELINE_NAME)
        with self.lock:
            self._unkept = self.timeline is not timeline  # it may have been edited while it was written

    def _say_alive(self) -> None:
        """What takes long is no lost connection."""
        for window in list(self.windows):
            if window.name and (window.busy or self.media.waiting(window.key)):
                window.send({"type": "progress"})

    def _tags_changed(self) -> None:
        with self.lock:
            if self.windows:
                self._tell("", 0, ())


def _assets_in(timeline: Timeline) -> list[Asset]:
    return [clip.asset for clip in timeline.clips if clip.asset is not None] + [
        sound.asset for sound in timeline.sounds
    ]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size


_sessions: dict[tuple[str, str], Session] = {}
_lock = threading.Lock()


def session_of(project_id: str, cache: Path | str | None = None) -> Session:
    """The session of a project in this process, opened when it is first asked for.

    Raises:
        InputError: the id is no slug, or the project has no timeline yet.
        ProjectNotFound: no film was begun under it.
    """
    project = existing(project_id, cache)
    key = str(project.cache), project.id
    with _lock:
        found = _sessions.get(key)
        if found is None or found.closed:
            found = _sessions[key] = Session(project)
        return found


def close_all() -> None:
    """End every session of this process."""
    for session in list(_sessions.values()):
        with suppress(InputError):
            session.close()
