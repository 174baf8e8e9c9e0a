"""A film's sound for the page, a block of 19.2 s at a time, with a tag for each that changes when it sounds different.

The blocks, their mix and their master are the renderer's own. Where blocks lie is known at once; how loud the master
makes them follows from measuring all of them, which for a long film takes a while. Until that is done the page plays
them at the level that some of them ask for, and gets new tags if the whole film asks for another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storyreel.errors import Cancelled, InputError, StoryreelError
from storyreel.media.survey import Source
from storyreel.memo.key import digest
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.loudness import CODEC_HEADROOM_DB, Levels
from storyreel.render.page_media import page_sound
from storyreel.render.sound import plan
from storyreel.render.sound_blocks import Block, loops_from, sound_blocks
from storyreel.render.sound_steps import sound_levels, survey_sound
from storyreel.render.steps import audible
from storyreel.timeline.model import Sound, Timeline

_FIRST_MEASURED = 4
_OPEN_DBTP = 12.0  # above every sound there is: nothing is limited


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """The blocks of a film as they will be heard.

    Attributes:
        tags: one for each block.
    """

    blocks: tuple[Block, ...]
    gain_db: float
    ceiling_dbtp: float
    tags: tuple[str, ...]

    @property
    def by_key(self) -> dict[str, str]:
        """Block number as text -> tag."""
        return {str(number): tag for number, tag in enumerate(self.tags)}


class SoundBoard:
    """Follows a film's sound in a thread of its own.

    Args:
        changed: called, in that thread, when tags have changed.
        failed: told, in that thread, why the sound cannot be had.
    """

    def __init__(self, project: Project, changed: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._project, self._changed, self._failed = project, changed, failed
        self._ready = threading.Condition()
        self._wanted: Timeline | None = None
        self._planned: Timeline | None = None
        self._plan: SoundPlan | None = None
        self._levels: dict[str, Levels] = {}
        self._error = ""
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="storyreel-sound", daemon=True)
        self._thread.start()

    def follow(self, timeline: Timeline) -> None:
        """Plan the sound of this timeline, if it sounds different."""
        with self._ready:
            if self._wanted is not None and _sounds_alike(self._wanted, timeline):
                return
            self._wanted = timeline
            self._ready.notify_all()

    @property
    def tags(self) -> dict[str, str]:
        """Block number as text -> tag, of the last plan."""
        with self._ready:
            return self._plan.by_key if self._plan is not None else {}

    def piece(self, key: str) -> tuple[str, bytes]:
        """A block's tag and its Ogg Opus; waits until the sound has been planned.

        Raises:
            InputError: there is no such block.
            StoryreelError: a sound cannot be read.
        """
        with self._ready:
            self._ready.wait_for(lambda: self._plan is not None or self._error or self._closed, timeout=120)
            found, error = self._plan, self._error
        if found is None:
            raise InputError(error or "the sound is not ready yet")
        number = int(key) if key.isdecimal() and len(key) < 6 else -1
        if not 0 <= number < len(found.blocks):
            raise InputError(f"the film's sound has {len(found.blocks)} blocks, counted from 0")
        blob = page_sound(self._project, found.blocks[number], found.gain_db, found.ceiling_dbtp)
        return found.tags[number], store_of(self._project).read(blob)

    def settle(self, timeout_s: float = 60.0) -> bool:
        """Wait until the newest sound has been planned to the end; whether it was."""
        with self._ready:
            return self._ready.wait_for(lambda: self._planned is self._wanted, timeout=timeout_s)

    def close(self) -> None:
        """End the thread."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._closed or self._planned is not self._wanted)
                if self._closed:
                    return
                timeline = self._wanted
            assert timeline is not None
            try:
                self._plan_all(timeline)
                error = ""
            except Cancelled:
                continue  # another sound is wanted meanwhile
            except StoryreelError as problem:
                error = str(problem)
            with self._ready:
                self._planned, self._error = timeline, error
                self._ready.notify_all()
            if error:
                self._failed(error)

    def _plan_all(self, timeline: Timeline) -> None:
        heard = audible(timeline)
        untouched = any(sound.untouched for sound in heard.sounds)
        if untouched:
            # Blocks of it as it is: the renderer's own way takes the recording's packets over, which is as loud.
            sounds = tuple(sound.model_copy(update={"untouched": False}) for sound in heard.sounds)
            heard = heard.model_copy(update={"sounds": sounds})

        def known(sound: Sound) -> Source:
            self._stop_if_old(timeline)
            return survey_sound(self._project, sound.asset.blob, loops_from(sound))

        blocks = sound_blocks(heard, known)
        if untouched or not heard.sounds:
            self._show(blocks, 0.0, _OPEN_DBTP)
            return
        keys = [digest(block) for block in blocks]
        ceiling_dbtp = timeline.true_peak_dbtp - CODEC_HEADROOM_DB
        if self._plan is None:
            some = range(0, len(blocks), max(1, len(blocks) // _FIRST_MEASURED))
            first = plan([self._measured(keys[number], blocks[number], timeline) for number in some], heard)
            self._show(blocks, first.gain_db, ceiling_dbtp)
        else:
            self._show(blocks, self._plan.gain_db, ceiling_dbtp)
        levels = [self._measured(key, block, timeline) for key, block in zip(keys, blocks, strict=True)]
        self._levels = dict(zip(keys, levels, strict=True))
        self._show(blocks, plan(levels, heard).gain_db, ceiling_dbtp)

    def _measured(self, key: str, block: Block, timeline: Timeline) -> Levels:
        self._stop_if_old(timeline)
        if key not in self._levels:
            blob = sound_levels(self._project, block)
            self._levels[key] = Levels.from_bytes(store_of(self._project).read(blob))
        return self._levels[key]

    def _stop_if_old(self, timeline: Timeline) -> None:
        with self._ready:
            if self._closed or self._wanted is not timeline:
                raise Cancelled("another sound is wanted")

    def _show(self, blocks: Sequence[Block], gain_db: float, ceiling_dbtp: float) -> None:
        tags = tuple(digest([block, gain_db, ceiling_dbtp])[:16] for block in blocks)
        with self._ready:
            before = self._plan
            self._plan = SoundPlan(tuple(blocks), gain_db, ceiling_dbtp, tags)
            self._ready.notify_all()
        if before is None or before.tags != tags:
            self._changed()


def _sounds_alike(one: Timeline, other: Timeline) -> bool:
    return (
        one.sounds == other.sounds
        and one.voice_windows == other.voice_windows
        and one.length_frames == other.length_frames
        and (one.loudness_lufs, one.true_peak_dbtp, one.rate) == (other.loudness_lufs, other.true_peak_dbtp, other.rate)
    )
