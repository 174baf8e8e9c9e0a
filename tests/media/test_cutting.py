"""Stretches are taken out of a recording, and everything else stays as it was."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from storyreel.media.cutting import FADE_S, SEARCH_S, cut_recording
from storyreel.media.fillers import Cut
from storyreel.media.listen import take_in
from storyreel.media.sound import SoundFile
from storyreel.memo.store import store_of
from storyreel.project import Project

RATE_HZ = 44_100


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("cut", tmp_path / "cache")


def tone(length_s: float) -> np.ndarray:
    at = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return np.stack([0.4 * np.sin(2 * np.pi * 211 * at), 0.3 * np.sin(2 * np.pi * 307 * at + 1)], axis=1)


def write_wav(path: Path, samples: np.ndarray) -> np.ndarray:
    whole = np.rint(samples * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(whole.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(whole.tobytes())
    return whole


def read_whole(path: Path) -> np.ndarray:
    with SoundFile(path) as file:
        assert file.sample_rate_hz == RATE_HZ
        return np.rint(file.read(10**8) * 32768).astype(np.int64)


def test_all_but_the_joins_is_kept_sample_for_sample(project: Project, tmp_path: Path) -> None:
    whole = write_wav(tmp_path / "tone.wav", tone(6.0))
    taken = take_in(project, tmp_path / "tone.wav")
    made = cut_recording(project, taken, (Cut(start_s=1.0, end_s=1.4), Cut(start_s=3.0, end_s=4.5)))
    heard = read_whole(store_of(project).path(made.recording.blob))
    removed = sum(round((cut.end_s - cut.start_s) * RATE_HZ) for cut in made.cuts)
    assert len(heard) == len(whole) - removed
    half = round(FADE_S * RATE_HZ / 2) + 1
    edges = [round(moment * RATE_HZ) for cut in made.cuts for moment in (cut.start_s, cut.end_s)]
    at = 0
    for first, after in zip([0, *edges[1::2]], [*edges[::2], len(whole)], strict=True):
        length = after - first
        lead, trail = (half if first else 0), (half if after < len(whole) else 0)
        assert np.array_equal(heard[at + lead : at + length - trail], whole[first + lead : after - trail])
        at += length


def test_cuts_come_to_lie_on_zero_crossings_near_where_they_were_wanted(project: Project, tmp_path: Path) -> None:
    samples = np.repeat(tone(3.0)[:, :1], 2, axis=1)
    write_wav(tmp_path / "tone.wav", samples)
    made = cut_recording(project, take_in(project, tmp_path / "tone.wav"), (Cut(start_s=1.0, end_s=1.5),))
    for wanted_s, moment_s in ((1.0, made.cuts[0].start_s), (1.5, made.cuts[0].end_s)):
        at = round(moment_s * RATE_HZ)
        assert abs(moment_s - wanted_s) <= SEARCH_S + 1e-4
        assert samples[at - 1, 0] < 0.001 <= samples[at, 0] + 0.02
    heard = read_whole(store_of(project).path(made.recording.blob))[:, 0] / 32768
    # No click: two equal tones, the worst case for equal power, add up to 3 dB more and no step beyond that.
    assert np.abs(np.diff(heard)).max() <= np.abs(np.diff(samples[:, 0])).max() * 1.42


def test_a_cut_at_the_very_end_fades_out(project: Project, tmp_path: Path) -> None:
    write_wav(tmp_path / "tone.wav", tone(2.0))
    made = cut_recording(project, take_in(project, tmp_path / "tone.wav"), (Cut(start_s=1.5, end_s=2.0),))
    heard = read_whole(store_of(project).path(made.recording.blob))
    assert abs(len(heard) / RATE_HZ - 1.5) < 0.02
    assert np.abs(heard[-4:]).max() < 200


def test_a_cut_at_the_very_start_is_made(project: Project, tmp_path: Path) -> None:
    whole = write_wav(tmp_path / "tone.wav", tone(2.0))
    made = cut_recording(project, take_in(project, tmp_path / "tone.wav"), (Cut(start_s=0.0, end_s=0.5),))
    heard = read_whole(store_of(project).path(made.recording.blob))
    assert abs(len(heard) / RATE_HZ - 1.5) < 0.02
    assert np.array_equal(heard[-RATE_HZ:], whole[-RATE_HZ:])
    assert made.cuts[0].start_s == 0.0
