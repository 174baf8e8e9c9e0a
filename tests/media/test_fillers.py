"""Fillers are found by sound and context, and cut out so that no word is touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.energy import dips, energy_db
from storyreel.media.filled_pauses import with_hesitations
from storyreel.media.fillers import Cut, Filler, find_fillers, plan_cuts, time_after, words_after
from storyreel.media.snap import snapped
from storyreel.media.transcript import HeardPiece, Language, Transcript, joined, piece_bounds
from storyreel.providers.contracts import FloatArray, HeardWord, ListeningRequest
from storyreel.providers.hesitating import hesitates

RATE_HZ = 16_000


def sentence(text: str, pauses: dict[int, float] | None = None) -> list[HeardWord]:
    """Words of 0.3 s, with pauses in seconds after some of them."""
    words, at_s = [], 0.0
    for index, token in enumerate(text.split()):
        words.append(HeardWord(text=token, start_s=at_s, end_s=at_s + 0.3))
        at_s += 0.3 + (pauses or {}).get(index, 0.02)
    return words


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("The door was, um, open.", ["um,"]),
        ("Uh, hmm, I, er, went. Ah.", ["Uh,", "hmm,", "er,", "Ah."]),
        ("It was, like, huge.", ["like,"]),
        ("It looks like rain.", []),
        ("I like it, and they like me.", []),
        ("There is nothing like home.", []),
        ("He was there, you know, all night.", ["you know,"]),
        ("You know the feeling.", []),
        ("Do you know, she asked, who he is?", []),
        ("As you know, it was late.", []),
        ("So, um, I went home.", ["So,", "um,"]),
        ("It was late, so I went home.", []),
        ("I think so, yes.", []),
        ("It was so much that I left.", []),
        ("It was, actually, the best.", ["actually,"]),
        ("People actually come from far.", []),
        ("I mean, it was late.", ["I mean,"]),
        ("It was, I mean, very late.", ["I mean,"]),
        ("What I mean is this.", []),
        ("The summer hummed and I erred.", []),
    ],
)
def test_words_count_as_fillers_only_where_they_carry_nothing(text: str, fillers: list[str]) -> None:
    assert [filler.text for filler in find_fillers(sentence(text))] == fillers


def test_a_run_up_before_a_long_pause_is_a_filler_without_a_comma() -> None:
    assert find_fillers(sentence("So the door was open.", {0: 0.4}))[0].text == "So"
    assert find_fillers(sentence("So the door was open.")) == ()


def test_other_languages_lose_hesitations_only() -> None:
    assert [filler.text for filler in find_fillers(sentence("Es war, like, ähm, schön."), "de")] == ["ähm,"]


@pytest.mark.parametrize(
    ("text", "language", "fillers"),
    [
        ("Es geht um das Haus, in dem er wohnt.", "de", []),
        ("Es war, äh, schön, ähm, und still.", "de", ["äh,", "ähm,"]),
        ("Hun er der, og er du her?", "da", []),
        ("Um homem em casa.", "pt", []),
        ("Er is een, uhm, huis.", "nl", ["uhm,"]),
        ("C'est, euh, bon.", "fr", ["euh,"]),
        ("The ER was full of 35 mm film.", "en", []),
        ("Ah yes, that was the winter.", "en", []),
        ("Ah, the winter.", "en", ["Ah,"]),
        ("She hears a hum at home, and her umbrella hums: uh-huh.", "en", []),
        ("I are our a her.", "en", []),
    ],
)
def test_words_that_only_look_like_hesitations_stay(text: str, language: str, fillers: list[str]) -> None:
    assert [filler.text for filler in find_fillers(sentence(text), language)] == fillers


def test_each_stretch_of_a_recording_has_its_own_languages_words() -> None:
    words = sentence("It was, er, late. Er kam um acht.")
    parted = (
        Language(start_s=0.0, end_s=words[3].end_s, code="en"),
        Language(start_s=words[4].start_s, end_s=9.0, code="de"),
    )
    assert [filler.text for filler in find_fillers(words, "en", parted)] == ["er,"]


def test_a_cut_never_reaches_into_a_word_that_stays_even_one_whose_listener_squeezed_it() -> None:
    words = [
        HeardWord(text="and", start_s=0.5, end_s=0.5),
        HeardWord(text="um,", start_s=0.5, end_s=1.1),
        HeardWord(text="painted", start_s=1.1, end_s=1.12),
    ]
    steady = np.full(200, -20.0, np.float32)
    (cut,) = plan_cuts(words, find_fillers(words), steady, 2.0)
    assert cut.start_s >= 0.5 + 0.1
    assert cut.end_s <= 1.12 - 0.18


def test_marks_go_with_the_filler_they_set_off() -> None:
    words = sentence("So, um, the door was, uh, was open, um. Then, er, we left.")
    left = words_after(words, find_fillers(words), ())
    assert " ".join(word.text for word in left) == "The door was open. Then we left."


@given(st.lists(st.floats(0.0, 60.0), min_size=2, max_size=12, unique=True).map(sorted), st.floats(0.0, 60.0))
def test_moments_move_by_what_was_cut_before_them(edges: list[float], at_s: float) -> None:
    cuts = [Cut(start_s=a, end_s=b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    gone_s = sum(max(0.0, min(cut.end_s, at_s) - cut.start_s) for cut in cuts)
    assert time_after(cuts, at_s) == pytest.approx(at_s - gone_s)


def transcribed(samples: FloatArray) -> Transcript:
    from storyreel.providers.offline.listener import OfflineListener

    listener, length_s, pieces = OfflineListener(), len(samples) / RATE_HZ, []
    for start_s, end_s in piece_bounds(length_s, list(map(float, dips(energy_db(samples, RATE_HZ)))), 28.0):
        part = samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
        words = snapped(listener.hear(ListeningRequest(part, RATE_HZ, language="en")).words, energy_db(part, RATE_HZ))
        moved = (w.model_copy(update={"start_s": w.start_s + start_s, "end_s": w.end_s + start_s}) for w in words)
        pieces.append(HeardPiece(start_s=start_s, end_s=end_s, words=tuple(moved)))
    return joined(pieces, length_s)


def cut_seconds(cuts: tuple[Cut, ...], start_s: float, end_s: float) -> float:
    return sum(max(0.0, min(end_s, cut.end_s) - max(start_s, cut.start_s)) for cut in cuts)


def test_known_fillers_are_found_and_cut_and_no_word_is_lost(known: Callable[[str], Any]) -> None:
    found = total = 0
    for name in ("kitchen_fillers", "trees_fillers"):
        recording = known(name)
        transcript = transcribed(recording.samples)
        fillers = find_fillers(transcript.words)
        cuts = plan_cuts(transcript.words, fillers, energy_db(recording.samples, RATE_HZ), transcript.duration_s)
        for text, start_s, end_s, is_filler in recording.truth:
            gone = cut_seconds(cuts, start_s, end_s)
            if is_filler:
                total += 1
                found += gone > 0.8 * (end_s - start_s)
            else:
                assert gone < 0.08, text  # the truth's words end softly in the silence after them
        assert len(cuts) <= sum(is_filler for *_, is_filler in recording.truth)
    assert found / total >= 0.95


def test_speech_without_fillers_is_left_alone(known: Callable[[str], Any]) -> None:
    assert find_fillers(transcribed(known("trees").samples).words) == ()


def hum(length_s: float, moving: bool) -> FloatArray:
    """A sung vowel, or a voice whose colour and pitch move."""
    at = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    pitch_hz = 120 + (60 * np.sin(2 * np.pi * 4 * at) if moving else 0 * at)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    tilt = 1.2 + (1.1 * np.sin(2 * np.pi * 5 * at) if moving else 0 * at)
    return (0.1 * sum(np.sin(k * phase) / k**tilt for k in range(1, 14))).astype(np.float32)


def among_silences(*sounds: FloatArray) -> FloatArray:
    quiet = np.random.default_rng(0).standard_normal(RATE_HZ // 2).astype(np.float32) * 1e-4
    return np.concatenate([quiet, *(part for sound in sounds for part in (sound, quiet))])


def test_a_steady_voice_between_silences_that_nobody_heard_is_a_hesitation() -> None:
    found = with_hesitations((), among_silences(hum(0.4, moving=False)), RATE_HZ)
    assert [word.text for word in found] == ["um"]
    assert abs(found[0].start_s - 0.5) < 0.03
    assert abs(found[0].end_s - 0.9) < 0.03


@pytest.mark.parametrize("sound", ["breath", "click", "speech"])
def test_breath_clicks_and_moving_voices_are_no_hesitations(sound: str) -> None:
    rng = np.random.default_rng(0)
    island = {
        "breath": rng.standard_normal(RATE_HZ // 3).astype(np.float32) * 0.05,
        "click": np.float32(0.5) * np.r_[1.0, np.zeros(400)].astype(np.float32),
        "speech": hum(0.5, moving=True),
    }[sound]
    assert with_hesitations((), among_silences(island), RATE_HZ) == ()


def test_a_word_keeps_its_sound_although_it_is_steady() -> None:
    words = (HeardWord(text="oh", start_s=0.5, end_s=0.9, confidence=0.95),)
    assert with_hesitations(words, among_silences(hum(0.4, moving=False)), RATE_HZ) == words


def test_a_hesitation_that_was_heard_elsewhere_is_moved_to_its_sound() -> None:
    words = (HeardWord(text="um,", start_s=1.1, end_s=1.12, confidence=0.9),)
    (moved,) = with_hesitations(words, among_silences(hum(0.4, moving=False)), RATE_HZ)
    assert hesitates(moved.text)
    assert abs(moved.start_s - 0.5) < 0.03


def test_a_cut_leaves_a_pause_and_lies_in_silence() -> None:
    samples = among_silences(hum(1.0, moving=True), hum(0.4, moving=False), hum(1.0, moving=True))
    words = [
        HeardWord(text=t, start_s=a, end_s=b) for t, a, b in (("one", 0.5, 1.5), ("um", 2.0, 2.4), ("two", 2.9, 3.9))
    ]
    (cut,) = plan_cuts(words, find_fillers(words), energy_db(samples, RATE_HZ), len(samples) / RATE_HZ)
    assert 1.5 < cut.start_s < 2.0 < 2.4 < cut.end_s < 2.9
    left_s = 2.9 - 1.5 - (cut.end_s - cut.start_s)
    assert 0.2 < left_s < 0.4


def test_fillers_that_follow_one_another_are_one_cut() -> None:
    words = sentence("We, um, uh, went.", {0: 0.2, 1: 0.1, 2: 0.2})
    energy = np.full(200, -90.0, np.float32)
    for word in words:
        energy[round(word.start_s * 100) : round(word.end_s * 100)] = -20.0
    cuts = plan_cuts(words, find_fillers(words), energy, 2.0)
    assert len(cuts) == 1
    assert find_fillers(words)[0] == Filler(first_word=1, last_word=1, text="um,", kind="hesitation")


def test_speech_that_was_not_understood_is_not_taken_for_hesitating() -> None:
    sound = among_silences(*[hum(0.4, moving=False)] * 6)
    heard = (HeardWord(text="door.", start_s=0.0, end_s=0.3), HeardWord(text="The", start_s=5.6, end_s=5.9))
    assert [word.text for word in with_hesitations(heard, sound, RATE_HZ)] == ["door.", "The"]
