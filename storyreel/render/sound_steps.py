"""A film's sound as remembered steps: one for each file, and two for each block of some twenty seconds.

An edit is another value for the blocks within its hearing, and only those are mixed, measured and encoded again; the
rest is read back. The master follows the whole film, but in steps (see `GAIN_STEP_DB`): only an edit that moves the
film's loudness over one of them makes every block anew.
"""

from __future__ import annotations

from storyreel.media.survey import Source, survey
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.loudness import Levels
from storyreel.render.mix import CHANNELS, SAMPLE_RATE_HZ
from storyreel.render.packets import SUFFIX, PacketRun
from storyreel.render.sound import encode_block, join_blocks, measure_block, plan
from storyreel.render.sound_blocks import Block, loops_from, sound_blocks
from storyreel.render.untouched import untouched_recording, untouched_run
from storyreel.timeline.model import Sound, Timeline


def film_sound(project: Project, timeline: Timeline) -> PacketRun:
    """Mix, master and encode a film's sound, or take an untouched recording over; see `storyreel.render.sound`.

    Args:
        timeline: as `audible` gives it.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
        RenderError: a sound cannot be placed as the timeline asks.
        Cancelled: the user stopped it; finished blocks are kept.
    """
    store, progress = store_of(project), project.progress
    recording = untouched_recording(timeline)
    if recording is not None:
        return PacketRun.from_bytes(store.read(untouched_sound(project, timeline, recording)))

    def known(sound: Sound) -> Source:
        progress.raise_if_cancelled()
        return survey_sound(project, sound.asset.blob, loops_from(sound))

    blocks = sound_blocks(timeline, known)
    levels = []
    for block in blocks:
        progress.raise_if_cancelled()
        levels.append(Levels.from_bytes(store.read(sound_levels(project, block))))
    master = plan(levels, timeline, lambda message: progress.warn(message, "render"))
    runs = []
    for block in blocks:
        progress.raise_if_cancelled()
        run = sound_block(project, block, master.gain_db, master.ceiling_dbtp)
        runs.append(PacketRun.from_bytes(store.read(run)))
    return join_blocks(runs)


@step(version=1)
def survey_sound(project: Project, sound: Blob, looped_from: int | None) -> Source:
    """Look a sound's file over; see `survey`."""
    return survey(store_of(project).path(sound), SAMPLE_RATE_HZ, CHANNELS, looped_from)


@step(version=1)
def sound_levels(project: Project, block: Block) -> Blob:
    """Mix and measure a block; the file holds its `Levels`."""
    store = store_of(project)
    return store.put_bytes(measure_block(block, store.path).to_bytes(), ".levels")


@step(version=1)
def sound_block(project: Project, block: Block, gain_db: float, ceiling_dbtp: float) -> Blob:
    """Mix, master and encode a block; the file holds a `PacketRun`.

    Args:
        gain_db, ceiling_dbtp: the film's master.
    """
    store = store_of(project)
    return store.put_bytes(encode_block(block, gain_db, ceiling_dbtp, store.path).to_bytes(), SUFFIX)


@step(version=1)
def untouched_sound(project: Project, timeline: Timeline, recording: Sound) -> Blob:
    """A recording as the film's sound track; the file holds a `PacketRun`."""
    store, progress = store_of(project), project.progress
    run = untouched_run(recording, timeline, store.path, lambda message: progress.warn(message, "render"))
    return store.put_bytes(run.to_bytes(), SUFFIX)
