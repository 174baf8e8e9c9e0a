"""A known text is set on its speech."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.align import align
from storyreel.media.energy import energy_db
from storyreel.providers.contracts import HeardWord


def heard(*words: tuple[str, float, float]) -> tuple[HeardWord, ...]:
    return tuple(HeardWord(text=text, start_s=start, end_s=end) for text, start, end in words)


def times(script: str, words: tuple[HeardWord, ...], duration_s: float, **more: Any) -> list[tuple[str, float, float]]:
    return [(word.text, word.start_s, word.end_s) for word in align(script, words, duration_s, **more)]


def test_words_that_were_heard_have_their_times() -> None:
    words = heard(("the", 0.1, 0.3), ("lamp", 0.3, 0.8), ("went", 0.8, 1.0), ("out", 1.0, 1.4))
    assert times("The lamp went out.", words, 1.5) == [
        ("The", 0.1, 0.3), ("lamp", 0.3, 0.8), ("went", 0.8, 1.0), ("out.", 1.0, 1.4),
    ]  # fmt: skip


def test_a_number_written_out_meets_the_number_that_was_heard() -> None:
    words = heard(("It", 0.0, 0.2), ("had", 0.2, 0.5), ("112", 0.5, 2.0), ("steps.", 2.0, 2.5))
    timed = times("It had a hundred and twelve steps.", words, 2.5)
    assert [text for text, *_ in timed] == ["It", "had", "a", "hundred", "and", "twelve", "steps."]
    assert timed[-1][1:] == (2.0, 2.5)
    hundred, twelve = timed[3], timed[5]
    assert 0.5 <= hundred[1] < hundred[2] <= twelve[1] < twelve[2] <= 2.0
    assert twelve[2] == 2.0
    back = times("It had 112 steps.", heard(("it", 0, 0.2), ("had", 0.2, 0.5), ("a", 0.5, 0.6), ("hundred", 0.6, 1.1),
                 ("and", 1.1, 1.2), ("twelve", 1.2, 1.8), ("steps", 1.8, 2.2)), 2.2)  # fmt: skip
    assert back[2][1:] == (0.6, 1.8)


def test_a_stretch_that_was_not_heard_is_shared_out_by_syllables_between_its_neighbours() -> None:
    words = heard(("one", 0.0, 1.0), ("five", 4.0, 5.0))
    timed = times("one immeasurable sea five", words, 5.0)
    assert timed[1][1] == 1.0
    assert timed[2][2] == 4.0
    assert timed[1][2] - timed[1][1] > 2 * (timed[2][2] - timed[2][1])


def test_words_that_were_not_heard_keep_out_of_silence() -> None:
    sound = np.random.default_rng(0).standard_normal(16_000 * 4).astype(np.float32) * 0.1
    sound[16_000 : 3 * 16_000] *= 1e-4
    timed = times("near far", (), 4.0, energy=energy_db(sound, 16_000))
    (_, near_start, near_end), (_, far_start, far_end) = timed
    assert near_start < 0.05
    assert abs(near_end - 1.0) < 0.05
    assert abs(far_start - 3.0) < 0.05
    assert far_end > 3.9


def test_words_heard_otherwise_are_matched_by_their_spelling() -> None:
    words = heard(("the", 0.0, 0.2), ("harbor", 0.2, 0.8), ("was", 0.8, 1.0), ("grey", 1.0, 1.5))
    assert times("The harbour was gray", words, 1.5)[1][1:] == (0.2, 0.8)


def test_signs_with_nothing_to_say_have_no_length() -> None:
    timed = times("wait — here", heard(("wait", 0.0, 0.5), ("here", 1.0, 1.5)), 1.5)
    assert timed[1][1] == timed[1][2]


tokens = st.lists(st.sampled_from(["the", "sea", "1,204", "—", "boat.", "Ünïcode", "3rd", "...", "漢字"]), max_size=20)


@given(tokens, tokens, st.floats(0.5, 30.0), st.randoms())
def test_every_token_is_timed_in_order_and_within_the_speech(
    script: list[str], said: list[str], duration_s: float, random: Any
) -> None:
    moments = sorted(random.uniform(0, duration_s) for _ in range(2 * len(said)))
    words = tuple(HeardWord(text=text, start_s=moments[2 * k], end_s=moments[2 * k + 1]) for k, text in enumerate(said))
    timed = align(" ".join(script), words, duration_s)
    assert [word.text for word in timed] == script
    edges = [moment for word in timed for moment in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    assert all(0 <= moment <= duration_s + 1e-3 for moment in edges)


def test_a_script_is_set_on_real_speech_within_a_tenth_of_a_second(known: Callable[[str], Any]) -> None:
    from storyreel.media.snap import snapped
    from storyreel.providers.contracts import ListeningRequest
    from storyreel.providers.offline.listener import OfflineListener

    recording = known("trees")
    energy = energy_db(recording.samples, 16_000)
    words = OfflineListener().hear(ListeningRequest(recording.samples, 16_000, language="en", verbatim=False)).words
    script = " ".join(text for text, *_ in recording.truth)
    timed = align(script, snapped(words, energy), len(recording.samples) / 16_000, energy)
    errors_s = np.abs([word.start_s - start_s for word, (_, start_s, *_) in zip(timed, recording.truth, strict=True)])
    assert np.median(errors_s) <= 0.06
    assert np.percentile(errors_s, 90) <= 0.16
