from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.render.mix import (
    DUCK_DB,
    DUCK_DOWN_S,
    DUCK_UP_S,
    LOOP_FADE_S,
    SAMPLE_RATE_HZ,
    Placement,
    add,
    duck_gain,
    ducking_windows,
    envelope,
    heard,
    heard_windows,
    place,
)
from storyreel.timeline.model import Sound, Timeline

ASSET = Asset(
    kind="audio",
    blob=Blob(sha256="0" * 64, suffix=".flac", size_bytes=0),
    duration_s=10.0,
    provenance=Provenance(provider="test"),
)
DEPTH_DB = DUCK_DB["music"]
HELD = 10 ** (DEPTH_DB / 20)


def film(rate: Rate | None = None, windows: tuple[tuple[int, int], ...] = (), length: int = 3000) -> Timeline:
    return Timeline(
        title="t",
        rate=rate or Rate(),
        width_px=64,
        height_px=64,
        length_frames=length,
        clips=(),
        voice_windows=windows,
    )


def sound(**fields: object) -> Sound:
    return Sound(**{"asset": ASSET, "track": "music", "start_frame": 0, "length_frames": 30} | fields)


@given(start=st.integers(0, 200_000), length=st.integers(1, 5000), ntsc=st.booleans())
def test_a_sound_lies_where_its_frames_are_to_the_sample(start: int, length: int, ntsc: bool) -> None:
    """At 30000/1001 a float second drifts off by samples within an hour; frames do not."""
    rate = Rate(num=30_000, den=1001) if ntsc else Rate()
    placement = place(sound(start_frame=start, length_frames=length), film(rate, length=300_000))
    assert placement.first == rate.samples(start, SAMPLE_RATE_HZ)
    assert placement.after == rate.samples(start + length, SAMPLE_RATE_HZ)


def test_a_sound_ends_with_the_film() -> None:
    placement = place(sound(start_frame=20, length_frames=100, fade_out_s=5.0), film(length=40))
    assert placement.after == 40 * 1600
    assert placement.fade_out == placement.count
    assert place(sound(start_frame=50), film(length=40)).count == 0


@given(count=st.integers(1, 400), split=st.integers(0, 400), base=st.integers(0, 3_000_000))
@settings(max_examples=50)
def test_a_cut_envelope_is_the_whole_envelope(count: int, split: int, base: int) -> None:
    windows = ((base + 50, base + 90), (base + 20_000, base + 20_300))
    placement = Placement(base + 10, 300, -3.0, 60, 80, duck_db=-12.0)
    split = min(split, count)
    parts = [envelope(placement, base, split, windows), envelope(placement, base + split, count - split, windows)]
    np.testing.assert_array_equal(np.concatenate(parts), envelope(placement, base, count, windows))


def test_outside_its_place_a_sound_is_silent_and_inside_it_has_its_gain() -> None:
    factor = envelope(Placement(100, 50, gain_db=-6.0), 0, 300, ())
    assert not factor[:100].any()
    assert not factor[150:].any()
    np.testing.assert_allclose(factor[100:150], 10 ** (-6 / 20), rtol=1e-6)


def test_one_sound_fading_into_another_keeps_the_power() -> None:
    going = envelope(Placement(0, 10_000, fade_out=4000), 0, 20_000, ())
    coming = envelope(Placement(6000, 10_000, fade_in=4000), 0, 20_000, ())
    np.testing.assert_allclose(going[6000:10_000] ** 2 + coming[6000:10_000] ** 2, 1.0, atol=1e-5)


def test_the_music_is_down_when_the_voice_begins_and_stays_until_it_ends() -> None:
    start, end = 100_000, 200_000
    gain = duck_gain(((start, end),), DEPTH_DB, 0, 300_000)
    np.testing.assert_allclose(gain[start : end + 1], HELD, rtol=1e-5)
    down, up = round(DUCK_DOWN_S * SAMPLE_RATE_HZ), round(DUCK_UP_S * SAMPLE_RATE_HZ)
    assert (gain[: start - down] == 1).all()
    assert (gain[end + up :] == 1).all()
    assert (np.diff(gain[start - down : start]) <= 0).all()
    assert (np.diff(gain[end : end + up]) >= 0).all()
    assert np.abs(np.diff(20 * np.log10(gain))).max() < 0.002


def test_a_short_pause_does_not_bring_the_music_back_and_a_long_one_does() -> None:
    frames = ((0, 90), (105, 200), (290, 400))  # pauses of 0.5 s and 3 s
    windows = ducking_windows(film(windows=frames))
    assert windows == ((0, 200 * 1600), (290 * 1600, 400 * 1600))
    gain = duck_gain(windows, DEPTH_DB, 0, 500 * 1600)
    assert gain[97 * 1600] == pytest.approx(HELD)
    assert gain[245 * 1600] == 1.0


@given(
    windows=st.lists(st.tuples(st.integers(0, 400_000), st.integers(1, 60_000)), max_size=5),
    first=st.integers(0, 300_000),
    count=st.integers(1, 100_000),
)
@settings(max_examples=50, deadline=None)
def test_ducking_stays_between_held_and_open(windows: list[tuple[int, int]], first: int, count: int) -> None:
    spans = sorted((start, start + length) for start, length in windows)
    gain = duck_gain(spans, DEPTH_DB, first, count)
    assert gain.shape == (count,)
    assert gain.dtype == np.float32
    assert (gain >= np.float32(HELD) * 0.99999).all()
    assert (gain <= 1).all()
    for start, end in spans:
        inside = gain[max(start - first, 0) : max(end - first, 0)]
        np.testing.assert_allclose(inside, HELD, rtol=1e-5)


def test_a_sound_is_added_at_its_place() -> None:
    block = np.ones((100, 2), np.float32)
    add(block, np.full((10, 2), 0.5, np.float32), Placement(1040, 10), 1000, 1040, ())
    assert (block[40:50] == 1.5).all()
    assert (block[:40] == 1).all()
    assert (block[50:] == 1).all()


@pytest.mark.parametrize("track", ["music", "effects", "clip", "recording"])
def test_each_track_goes_down_by_its_own_depth(track: str) -> None:
    placement = place(sound(track=track, ducked=True, length_frames=300), film(windows=((60, 120),)))
    factor = envelope(placement, 0, 300 * 1600, ducking_windows(film(windows=((60, 120),))))
    assert 20 * np.log10(factor[90 * 1600]) == pytest.approx(DUCK_DB[track], abs=1e-3)  # type: ignore[index]
    assert factor[200 * 1600] == 1.0
    assert place(sound(track=track, length_frames=300), film()).duck_db == 0.0


def test_a_voice_never_makes_room_for_itself() -> None:
    for track in ("narration", "dialogue"):
        assert place(sound(track=track, ducked=True), film()).duck_db == 0.0


def test_a_looped_sound_ends_on_a_fade_even_where_none_is_set() -> None:
    assert place(sound(looped=True, length_frames=300), film()).fade_out == round(LOOP_FADE_S * SAMPLE_RATE_HZ)
    assert place(sound(looped=True, length_frames=30), film()).fade_out == 48_000 // 4
    assert place(sound(looped=True, length_frames=300, fade_out_s=0.2), film()).fade_out == 9600
    assert place(sound(length_frames=300), film()).fade_out == 0


@given(
    first=st.integers(0, 90_000),
    count=st.integers(1, 90_000),
    fade_in=st.integers(0, 60_000),
    fade_out=st.integers(0, 60_000),
    windows=st.lists(st.tuples(st.integers(0, 150_000), st.integers(1, 40_000)), max_size=4),
    low=st.integers(0, 100_000),
    length=st.integers(1, 60_000),
)
@settings(max_examples=60, deadline=None)
def test_what_is_heard_of_a_placement_sounds_as_in_the_whole(
    first: int, count: int, fade_in: int, fade_out: int, windows: list[tuple[int, int]], low: int, length: int
) -> None:
    spans = sorted((start, start + span) for start, span in windows)
    placement = Placement(first, count, -3.0, min(fade_in, count), min(fade_out, count), -12.0)
    cut, near = heard(placement, low, low + length), heard_windows(spans, low, low + length)
    if cut.count > 0:
        np.testing.assert_array_equal(envelope(cut, 0, length, near), envelope(placement, low, length, spans))
    else:
        assert not envelope(placement, low, length, spans).any()
