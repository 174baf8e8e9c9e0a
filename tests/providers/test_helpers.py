"""Shapes, sounds and words: what adapters share and no vendor sees."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from loopback.makings import flac, picture, tones
from storyreel.providers.contracts import Speech
from storyreel.providers.hearing import Transcript, heard
from storyreel.providers.pictures import cut_to_shape, is_whole_picture, nearest_shape, stepped_size
from storyreel.providers.sounds import for_listening, unpacked
from storyreel.providers.speaking import joined, pieces, words_in_sound

sides = st.integers(64, 4096)


@given(sides, sides)
def test_sizes_keep_to_steps_and_limits(width_px: int, height_px: int) -> None:
    got = stepped_size(width_px, height_px, step_px=16, longest_px=2560, shortest_px=512, most_pixels=2560 * 1440)
    assert all(side % 16 == 0 for side in got)
    assert max(got) <= 2560
    if max(width_px, height_px) <= 4 * min(width_px, height_px):
        assert min(got) >= 512 - 16
        assert got[0] * got[1] <= 2560 * 1440


@given(st.integers(32, 64).map(lambda n: n * 16), st.integers(32, 64).map(lambda n: n * 16))
def test_a_size_that_is_offered_is_asked_for_as_it_is(width_px: int, height_px: int) -> None:
    got = stepped_size(width_px, height_px, step_px=16, longest_px=2560, shortest_px=512, most_pixels=2560 * 1440)
    assert got == (width_px, height_px)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(100, 100), (90, 160), (160, 80)])
def test_pictures_are_cut_in_the_middle_and_never_stretched(kind: str, size: tuple[int, int]) -> None:
    """A circle stays one."""
    whole = Image.new("RGB", (160, 160), (20, 30, 40))
    for x in range(160):
        for y in range(160):
            if (x - 80) ** 2 + (y - 80) ** 2 < 30**2:
                whole.putpixel((x, y), (250, 250, 250))
    data = io.BytesIO()
    whole.save(data, kind, **({"quality": 95} if kind == "JPEG" else {"lossless": True}))
    with Image.open(io.BytesIO(cut_to_shape(data.getvalue(), *size))) as cut:
        assert cut.format == kind
        assert abs(cut.width / cut.height / (size[0] / size[1]) - 1) < 0.02
        bright = np.asarray(cut.convert("L")) > 128
        across, down = np.flatnonzero(bright.any(axis=0)), np.flatnonzero(bright.any(axis=1))
        assert abs(len(across) - len(down)) <= 2
        assert abs((across[0] + across[-1]) / 2 - cut.width / 2) <= 1.5


def test_a_picture_of_the_right_shape_is_left_as_it_is() -> None:
    data = picture(160, 90)
    assert cut_to_shape(data, 1920, 1080) is data


@pytest.mark.parametrize("data", [b"", b"GIF89a", picture()[:-40], picture(kind="JPEG")[:200], b"<html>"])
def test_what_is_no_whole_picture_is_found_out(data: bytes) -> None:
    assert not is_whole_picture(data)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((1920, 1080), (16, 9)),
        ((1080, 1920), (9, 16)),
        ((1000, 1000), (1, 1)),
        ((2000, 1000), (16, 9)),
        ((1500, 1000), (3, 2)),
    ],
)
def test_the_shape_that_loses_least_is_chosen(size: tuple[int, int], shape: tuple[int, int]) -> None:
    assert nearest_shape(*size, [(16, 9), (9, 16), (1, 1), (3, 2), (2, 3)]) == shape


# ---- speech

texts = st.lists(
    st.text(alphabet="abcdefg", min_size=1, max_size=12).map(str) | st.sampled_from(["end.", "so,", "what?", "“No!”"]),
    min_size=1,
    max_size=60,
).map(" ".join)


@given(texts, st.integers(10, 80))
def test_pieces_are_short_enough_and_make_the_text_again(text: str, most: int) -> None:
    parts = pieces(text, most)
    assert all(0 < len(part) <= most for part in parts)
    if max(len(word) for word in text.split()) <= most:
        assert " ".join(parts) == text


def test_texts_are_cut_after_sentences_where_that_is_possible() -> None:
    assert pieces("One two three. Four five. Six seven eight nine.", 26) == [
        "One two three. Four five.",
        "Six seven eight nine.",
    ]


def test_joined_speech_has_no_click_at_its_seams() -> None:
    rate = 24_000
    loud = Speech(np.full(rate, 0.8, np.float32), rate)
    whole = joined([loud, loud])
    assert len(whole.samples) == 2 * rate + round(0.25 * rate)
    assert np.abs(np.diff(whole.samples)).max() < 0.02
    assert joined([loud]) is loud


def test_pieces_of_several_rates_are_not_joined() -> None:
    with pytest.raises(ValueError, match="sample rates"):
        joined([Speech(np.ones(10, np.float32), 24_000), Speech(np.ones(10, np.float32), 16_000)])


def test_words_lie_between_the_pauses_of_the_sound() -> None:
    sound = tones((0.2, 1.4), (1.9, 2.3), (2.8, 4.6), length_s=5.0)
    words = words_in_sound("The keeper climbed slowly. Wait! Somebody had lit the lamp before her.", sound, 24_000)
    by_text = {word.text: word for word in words}
    assert by_text["The"].start_s == pytest.approx(0.2, abs=0.03)
    assert by_text["slowly."].end_s == pytest.approx(1.4, abs=0.03)
    assert (by_text["Wait!"].start_s, by_text["Wait!"].end_s) == pytest.approx((1.9, 2.3), abs=0.03)
    assert by_text["Somebody"].start_s == pytest.approx(2.8, abs=0.03)
    assert by_text["her."].end_s == pytest.approx(4.6, abs=0.03)


@given(texts, st.lists(st.floats(0.05, 0.6), min_size=1, max_size=8))
def test_every_word_gets_its_time_in_order(text: str, lengths: list[float]) -> None:
    spans, at = [], 0.1
    for length in lengths:
        spans.append((at, at + length))
        at += length + 0.2
    sound = tones(*spans, length_s=at, rate_hz=8000)
    words = words_in_sound(text, sound, 8000)
    assert [word.text for word in words] == text.split()
    times = [moment for word in words for moment in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= at + 0.01
    assert all(after.start_s >= before.start_s for before, after in pairwise(words))


def test_silence_gives_words_some_time_all_the_same() -> None:
    words = words_in_sound("Nothing at all", np.zeros(8000, np.float32), 8000)
    assert [word.text for word in words] == ["Nothing", "at", "all"]
    assert words_in_sound("", np.zeros(80, np.float32), 8000) == ()


# ---- listening


def test_sound_goes_out_as_mono_flac_at_16_khz_and_loses_nothing_to_speak_of() -> None:
    sound = tones((0.5, 1.5), length_s=2.0, rate_hz=44_100)
    samples, rate_hz = unpacked(for_listening(sound, 44_100))
    assert (rate_hz, len(samples)) == (16_000, 32_000)
    level = np.sqrt(np.mean(samples[9000:23000] ** 2))
    assert level == pytest.approx(0.4 / np.sqrt(2), rel=0.02)
    assert np.abs(samples[:7000]).max() < 0.01


@pytest.mark.parametrize("data", [b"", b"fLaC", b"nonsense" * 20, flac(np.zeros(4800, np.float32))])
def test_what_is_no_sound_is_found_out(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"decoded|silent|no sound"):
        unpacked(data)


def test_words_get_the_punctuation_that_only_the_text_has() -> None:
    found = Transcript.model_validate(
        {
            "text": " “Well,” she said, it's 3 o'clock... um, no!",
            "language": "English",
            "words": [
                {"word": word, "start": 0.2 * at, "end": 0.2 * at + 0.3}
                for at, word in enumerate(["Well", "she", "said", "it's", "3", "o'clock", "um", "no"])
            ],
        }
    )
    words = heard(found, "")
    assert [word.text for word in words.words] == ["“Well,”", "she", "said,", "it's", "3", "o'clock...", "um,", "no!"]
    assert words.language == "en"
    starts = [word.start_s for word in words.words]
    assert starts == sorted(starts)
