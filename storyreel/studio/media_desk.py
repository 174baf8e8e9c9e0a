"""Pictures, clips, sound and fonts for the pages: looked up or made in threads, the newest wish first, sent in batches.

Everything is asked for by a key that says nothing but what it is: the digest of a file that this film has or had, a
block's number, the name of one of our fonts. Nothing else is ever read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from storyreel.errors import StoryreelError
from storyreel.media.model import Asset
from storyreel.media.peaks import PEAKS_A_SECOND, read_peaks, sound_peaks
from storyreel.media.steps import find_dips
from storyreel.memo.blob import Blob
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import FloatArray
from storyreel.render.page_media import page_clip, page_picture, page_thumb
from storyreel.studio.film_view import font_path
from storyreel.studio.messages import MediaKind
from storyreel.studio.sound_board import SoundBoard
from storyreel.timeline.model import Sound, Timeline

THREADS = 2
MOST_WISHES = 64
"""How many wishes of one window wait; older ones are told as missing, and the page asks again when it needs them."""
BATCH_BYTES = 8 << 20
BATCH_AFTER_S = 0.25
FIRST_AFTER_S = 0.06
"""A wish's first batch goes out sooner: something to see at once, and larger messages after it."""
VOICES = ("narration", "dialogue", "recording")
_MIME = {
    "thumb": "image/jpeg",
    "picture": "image/jpeg",
    "clip": "video/mp4",
    "sound": "audio/ogg; codecs=opus",
    "peaks": "application/octet-stream",
    "font": "font/ttf",
}

Send = Callable[[dict[str, Any], Sequence[bytes]], None]


@dataclass(slots=True, eq=False)
class _Wish:
    window: str
    kind: MediaKind
    keys: list[str]
    send: Send
    number: int = 0
    begun: bool = False


@dataclass(slots=True)
class _Batch:
    keys: list[str] = field(default_factory=list)
    buffers: list[bytes] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    begun_at_s: float = field(default_factory=time.monotonic)
    after_s: float = BATCH_AFTER_S

    @property
    def full(self) -> bool:
        return sum(map(len, self.buffers)) >= BATCH_BYTES or time.monotonic() - self.begun_at_s > self.after_s


class MediaDesk:
    """The threads that serve one project's windows.

    Args:
        asset: a digest -> the asset, if it is this film's.
        timeline: the film now; None before there is one.
        sketch: what a shot that waits for its picture will show, by its key; None for all other keys.
    """

    def __init__(
        self,
        project: Project,
        sounds: SoundBoard,
        asset: Callable[[str], Asset | None],
        timeline: Callable[[], Timeline],
        sketch: Callable[[str], Blob | None],
    ) -> None:
        self._project, self._sounds, self._asset, self._timeline = project, sounds, asset, timeline
        self._sketch = sketch
        self._wishes: list[_Wish] = []
        self._wished = 0
        self._awake = threading.Condition()
        self._busy: list[str] = []
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"storyreel-media-{number}", daemon=True)
            for number in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, window: str, kind: MediaKind, keys: Sequence[str], send: Send) -> None:
        """Wish for media; they are sent when they are there."""
        with self._awake:
            self._wished += 1
            self._wishes.append(_Wish(window, kind, list(dict.fromkeys(keys)), send, self._wished))
            own = [wish for wish in self._wishes if wish.window == window]
            dropped = own[: max(0, len(own) - MOST_WISHES)]
            for wish in dropped:
                self._wishes.remove(wish)
            self._awake.notify()
        for wish in dropped:
            why = dict.fromkeys(wish.keys, "too much was asked for at once: ask again")
            wish.send(_message(wish.kind, _Batch(missing=why)), ())

    def leave(self, window: str) -> None:
        """A window went away, and so do its wishes."""
        with self._awake:
            self._wishes = [wish for wish in self._wishes if wish.window != window]

    def waiting(self, window: str) -> bool:
        """Whether something of a window's is still being made."""
        with self._awake:
            return window in self._busy or any(wish.window == window for wish in self._wishes)

    def close(self) -> None:
        """End the threads, after what they are at."""
        with self._awake:
            self._closed = True
            self._wishes.clear()
            self._awake.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)

    def _work(self) -> None:
        while True:
            with self._awake:
                self._awake.wait_for(lambda: self._closed or self._wishes)
                if self._closed:
                    return
                wish = self._wishes.pop()
                self._busy.append(wish.window)
            try:
                self._serve(wish)
            finally:
                with self._awake:
                    self._busy.remove(wish.window)

    def _serve(self, wish: _Wish) -> None:
        """Fill one batch of a wish; what is left of it goes back to the others."""
        batch = _Batch(after_s=BATCH_AFTER_S if wish.begun else FIRST_AFTER_S)
        wish.begun = True
        while wish.keys and not batch.full:
            key = wish.keys.pop(0)
            try:
                found = self._find(wish.kind, key, batch.meta)
            except StoryreelError as error:
                batch.missing[key] = str(error)
                continue
            except Exception as error:  # a thread that died would leave every window waiting
                batch.missing[key] = f"it could not be made ({type(error).__name__}): please report this"
                continue
            if found is None:
                batch.missing[key] = "this film has nothing of that name"
            else:
                batch.keys.append(key)
                batch.buffers.append(found)
        if wish.keys:
            with self._awake:
                if not self._closed:
                    self._wishes.append(wish)
                    self._wishes.sort(key=lambda each: each.number)  # newer ones are needed sooner
                    self._awake.notify()
        wish.send(_message(wish.kind, batch), batch.buffers)

    def _find(self, kind: MediaKind, key: str, meta: dict[str, Any]) -> bytes | None:
        if kind == "sound":
            tag, data = self._sounds.piece(key)
            meta.setdefault("tags", {})[key] = tag
            return data
        if kind == "peaks":
            if key != "voice":
                return None
            outline, cuts_s = voice_outline(self._project, self._timeline())
            meta["cuts_s"], meta["a_second"] = cuts_s, PEAKS_A_SECOND
            return outline.astype("<f4").tobytes()
        if kind == "font":
            path = font_path(key, self._timeline())
            return path.read_bytes() if path is not None else None
        asset = self._asset(key)
        if asset is None and kind in ("thumb", "picture") and (sketched := self._sketch(key)) is not None:
            return store_of(self._project).read(sketched)
        if asset is None or asset.kind == "audio" or (kind == "clip" and asset.kind != "video"):
            return None
        if kind == "clip":
            blob = page_clip(self._project, asset.blob)
        else:
            blob = (page_thumb if kind == "thumb" else page_picture)(self._project, asset.kind, asset.blob)
        store = store_of(self._project)
        store.mark_used(blob)
        return store.read(blob)


def voice_outline(project: Project, timeline: Timeline) -> tuple[FloatArray, list[float]]:
    """What is spoken in a film, for the eye.

    Returns:
        The lowest and highest of every hundredth of a second, shape (n, 2), within -1 to 1; and the moments, in
        seconds, at which a voice's energy dips, where a picture may change unnoticed.

    Raises:
        CorruptFile: a sound is missing or damaged.
    """
    rate, store = timeline.rate, store_of(project)
    whole = np.zeros((max(1, round(rate.seconds(timeline.length_frames) * PEAKS_A_SECOND)), 2), np.float32)
    cuts: set[float] = set()
    for sound in timeline.sounds:
        if sound.track not in VOICES:
            continue
        start_s, length_s = rate.seconds(sound.start_frame), rate.seconds(sound.length_frames)
        peaks = read_peaks(store.read(sound_peaks(project, sound.asset.blob)))
        first, at = round(sound.source_start_s * PEAKS_A_SECOND), round(start_s * PEAKS_A_SECOND)
        part = peaks[first : first + round(length_s * PEAKS_A_SECOND)] * 10.0 ** (sound.gain_db / 20.0)
        room = whole[at : at + len(part)]
        np.minimum(room[:, 0], part[: len(room), 0], out=room[:, 0])
        np.maximum(room[:, 1], part[: len(room), 1], out=room[:, 1])
        cuts.update(_cuts(project, sound, start_s, length_s))
    return np.clip(whole, -1.0, 1.0), sorted(cuts)


def _cuts(project: Project, sound: Sound, start_s: float, length_s: float) -> list[float]:
    moments = (start_s + dip - sound.source_start_s for dip in find_dips(project, sound.asset))
    return [round(moment, 3) for moment in moments if start_s <= moment < start_s + length_s]


def _message(kind: MediaKind, batch: _Batch) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "media", "kind": kind, "keys": batch.keys, "mime": _MIME[kind]}
    if batch.meta:
        message["meta"] = batch.meta
    if batch.missing:
        message["missing"] = batch.missing
    return message
