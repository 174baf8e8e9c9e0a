"""Sound that is remembered block by block: an edit is paid for where it is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import Cancelled
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import write_flac
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render import sound as render_sound
from storyreel.render import sound_blocks as render_blocks
from storyreel.render.sound import encode_sound
from storyreel.render.sound_blocks import AAC_FRAME
from storyreel.render.sound_steps import film_sound
from storyreel.timeline.model import Sound, Timeline

RATE = 48_000
BLOCKS = 5
FRAMES = BLOCKS * 96


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("film", tmp_path)


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 3.2 s, 96 frames."""
    for module in (render_blocks, render_sound):
        monkeypatch.setattr(module, "BLOCK", 150 * AAC_FRAME)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often a file was looked over, a block measured, and a block encoded."""
    from storyreel.render import sound_steps

    done = dict.fromkeys(("survey", "measure_block", "encode_block"), 0)
    for name in done:

        def counted(*args: object, name: str = name, real: object = getattr(sound_steps, name)) -> object:
            done[name] += 1
            return real(*args)  # type: ignore[operator]

        monkeypatch.setattr(sound_steps, name, counted)
    return done


def keep(project: Project, samples: np.ndarray) -> Asset:
    blob = store_of(project).put_bytes(write_flac(samples.astype(np.float32), RATE), ".flac")
    return Asset(kind="audio", blob=blob, provenance=Provenance(provider="test"))


def film(*sounds: Sound, **fields: object) -> Timeline:
    return Timeline(
        title="", rate=Rate(), width_px=0, height_px=0, length_frames=FRAMES, clips=(), sounds=sounds,
        **fields,
    )  # fmt: skip


def sounds(project: Project) -> tuple[Sound, Sound]:
    noise = np.random.default_rng(0).standard_normal((16 * RATE, 2)) * 0.1
    return (
        Sound(asset=keep(project, noise), track="music", start_frame=0, length_frames=FRAMES, ducked=True),
        Sound(asset=keep(project, noise[:RATE] * 0.3), track="effects", start_frame=210, length_frames=30),
    )


def test_the_blocks_are_made_once_and_are_those_of_the_whole(project: Project, work: dict[str, int]) -> None:
    timeline = film(*sounds(project))
    first = film_sound(project, timeline)
    assert work == {"survey": 2, "measure_block": BLOCKS, "encode_block": BLOCKS}
    assert first == film_sound(project, timeline) == encode_sound(timeline, store_of(project).path)
    assert work == {"survey": 2, "measure_block": BLOCKS, "encode_block": BLOCKS}


@pytest.mark.parametrize(
    ("edit", "blocks"),
    [
        ({"gain_db": -2.0}, 1),
        ({"start_frame": 230}, 1),
        ({"start_frame": 120}, 2),  # it leaves one block and comes into another
        ({"start_frame": 265}, 2),  # it runs over into the next one
        ({"fade_in_s": 0.3}, 1),
    ],
)
def test_an_edit_makes_only_the_blocks_anew_in_which_it_is_heard(
    project: Project, work: dict[str, int], edit: dict[str, float], blocks: int
) -> None:
    music, effect = sounds(project)
    film_sound(project, film(music, effect))
    before = dict(work)
    edited = film(music, effect.model_copy(update=edit))
    run = film_sound(project, edited)
    assert work["survey"] == before["survey"]
    assert work["measure_block"] - before["measure_block"] == blocks
    assert work["encode_block"] - before["encode_block"] == blocks
    assert run == encode_sound(edited, store_of(project).path)


def test_the_master_reaches_every_block(project: Project, work: dict[str, int]) -> None:
    """Another loudness is another gain: all is encoded again, and nothing measured."""
    pair = sounds(project)
    film_sound(project, film(*pair))
    film_sound(project, film(*pair, loudness_lufs=-20.0))
    assert work["measure_block"] == BLOCKS
    assert work["encode_block"] == 2 * BLOCKS


def test_a_run_that_is_stopped_keeps_its_blocks(project: Project, work: dict[str, int]) -> None:
    timeline = film(*sounds(project))
    from storyreel.render import sound_steps

    real, left = sound_steps.measure_block, 3

    def stopping(*args: object) -> object:
        nonlocal left
        left -= 1
        if not left:
            project.progress.cancel()
        return real(*args)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound_steps, "measure_block", stopping)
        with pytest.raises(Cancelled):
            film_sound(project, timeline)
    again = Project(project.id, project.cache)
    film_sound(again, timeline)
    assert work["measure_block"] == BLOCKS


def test_an_untouched_recording_is_remembered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from storyreel.render import sound_steps

    noise = np.random.default_rng(0).standard_normal((RATE, 2)) * 0.1
    recording = Sound(
        asset=keep(project, noise), track="recording", start_frame=0, length_frames=FRAMES, untouched=True
    )
    run = film_sound(project, film(recording))
    assert run.codec == "flac"
    monkeypatch.setattr(sound_steps, "untouched_run", None)
    assert film_sound(project, film(recording)) == run
