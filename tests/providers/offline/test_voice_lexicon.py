"""How words sound: listed ones, regular endings, compounds, spelled letters, and names that nobody listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.providers.offline.voice.alphabet import TOKEN_IDS, from_arpabet, from_ipa, starts_with_stop
from storyreel.providers.offline.voice.foreign import NAMES
from storyreel.providers.offline.voice.lexicon import lexicon
from storyreel.providers.offline.voice.normalise import sentences_of
from storyreel.providers.offline.voice.phonemes import Pronouncer
from storyreel.providers.offline.voice.synth import LONGEST_RUN, runs_of

AMERICAN = Pronouncer(lexicon(british=False))
BRITISH = Pronouncer(lexicon(british=True))


def sounds(text: str, pronouncer: Pronouncer = AMERICAN) -> str:
    said = sentences_of(text, british=pronouncer.lexicon.british)
    return " ".join(word.sounds for sentence in said for word in pronouncer.sentence(sentence))


@pytest.mark.parametrize(
    ("word", "american"),
    [
        ("lamps", "lˈæmps"),  # after a voiceless sound
        ("begged", "bˈɛɡd"),
        ("boxes", "bˈɑksᵻz"),  # after a hiss
        ("cities", "sˈɪTiz"),
        ("watched", "wˈɑʧt"),
        ("waited", "wˈATᵻd"),  # the tapped t
        ("carried", "kˈɛɹid"),
        ("running", "ɹˈʌnɪŋ"),
        ("sadly", "sˈædli"),
        ("undergo", "ˌʌndəɹɡˈO"),
        ("lamplight", "lˈæmplˌIt"),
        ("keeper's", "kˈipəɹz"),
        ("James'", "ʤˈAmz"),
        ("they'll", "ðAl"),
        ("café", "kæfˈA"),
        ("HELP", "hˈɛlp"),
    ],
)
def test_regular_endings_and_compounds(word: str, american: str) -> None:
    assert sounds(word) == american


@pytest.mark.parametrize(
    ("word", "american"),
    [("rainlight", "ɹˈAnlˌIt"), ("stormlight", "stˈɔɹmlˌIt"), ("overlanterned", "ˌOvəɹlˈæntəɹnd")],
)
def test_words_made_of_listed_parts_need_no_guess(word: str, american: str) -> None:
    assert lexicon(british=False).listed(word) is None
    assert lexicon(british=False).derived(word) == american


def test_endings_follow_the_sound_before_them() -> None:
    american = lexicon(british=False)
    assert [american.with_s(stem)[-1] for stem in ("kˈæt", "dˈɔɡ")] == ["s", "z"]
    assert american.with_s("hˈWs").endswith("sᵻz")
    assert lexicon(british=True).with_s("hˈWs").endswith("sɪz")


@pytest.mark.parametrize(
    ("text", "british", "american"),
    [
        ("bath", "bˈɑːθ", "bˈæθ"),
        ("tomato", "təmˈɑːtQ", "təmˈATO"),
        ("schedule", "ʃˈɛdjuːl", "skˈɛʤˌul"),
        ("water", "wˈɔːtə", "wˈɔTəɹ"),
        ("car", "kˈɑː", "kˈɑɹ"),
    ],
)
def test_british_and_american(text: str, british: str, american: str) -> None:
    assert (sounds(text, BRITISH), sounds(text)) == (british, american)


@pytest.mark.parametrize("name", ["Maren", "Thessaly", "Vael", "Kjorvik", "Xanthe", "O'Malley", "Ravenscroft's", "Zoë"])
@pytest.mark.parametrize("pronouncer", [AMERICAN, BRITISH], ids=["american", "british"])
def test_a_name_nobody_listed_is_still_spoken_and_stressed(name: str, pronouncer: Pronouncer) -> None:
    spoken = sounds(name, pronouncer)
    assert "ˈ" in spoken or "ˌ" in spoken
    assert len(spoken) >= 3


@pytest.mark.parametrize(
    ("name", "american", "british"),
    [
        ("Siobhan", "ʃəvˈɔn", "ʃəvˈɔn"), ("Niamh", "nˈiv", "nˈiːv"), ("Nguyen", "wˈɪn", "wˈɪn"),
        ("François", "fɹɑnswˈɑ", "fɹɑːnswˈɑː"), ("Søren", "sˈɔɹən", "sˈɔɹən"), ("Łukasz", "lˈukæʃ", "lˈuːkæʃ"),
        ("Jorge", "hˈɔɹhA", "hˈɔːhA"), ("Goethe", "ɡˈɜɹTə", "ɡˈɜːtə"), ("Chloé", "klˈOi", "klˈQi"),
        ("Joaquín's", "wɑkˈinz", "wɑːkˈiːnz"), ("Reykjavík", "ɹˈAkjəvˌɪk", "ɹˈAkjəvˌɪk"), ("José", "hOzˈA", "hQzˈA"),
    ],
)  # fmt: skip
def test_foreign_names_are_said_as_their_bearers_say_them(name: str, american: str, british: str) -> None:
    assert (sounds(name), sounds(name, BRITISH)) == (american, british)


def test_a_listed_name_is_no_plain_word_and_has_a_stress() -> None:
    assert sounds("nice") == sounds("Nice") == "nˈIs"
    assert sounds("Jesus") == "ʤˈizəs"
    for name, said in NAMES.items():
        assert said.count("ˈ") == 1, name
        assert set(said) <= set(TOKEN_IDS), name


@pytest.mark.parametrize(("word", "plain"), [("Bjørnson", "Bjornson"), ("Łódź", "Lodz"), ("Straße", "Strasse")])
def test_letters_that_english_has_not_are_not_left_out(word: str, plain: str) -> None:
    assert sounds(word) == sounds(plain)


def test_capitals_without_a_vowel_are_spelled() -> None:
    assert sounds("BTQ") == "bˌitˌikjˈu"
    assert sounds("US") == "jˌuˈɛs"
    assert sounds("NASA") == "nˈæsə"


@pytest.mark.parametrize(
    ("text", "american"),
    [
        ("the apple", "ði ˈæpᵊl"),
        ("the lamp", "ðə lˈæmp"),
        ("to eat", "tʊ ˈit"),
        ("to go", "tə ɡˌO"),
    ],
)
def test_small_words_change_before_vowels(text: str, american: str) -> None:
    assert sounds(text) == american


def test_pronunciations_are_taken_as_ipa_or_as_a_respelling() -> None:
    own = Pronouncer(lexicon(british=False), {"Maren": "/məˈɹɛn/", "Vael": "vale", "ACME": "/ˈækmi/"})
    assert sounds("Maren", own) == sounds("maren", own) == "məɹˈɛn"
    assert sounds("Vael", own) == sounds("vale")
    assert sounds("Maren's", own) == "məɹˈɛnz"
    assert sounds("Marens", own) == sounds("Marens")


def test_an_unknown_sign_in_a_pronunciation_is_named() -> None:
    with pytest.raises(InputError, match="knows no sound ⵣ"):
        Pronouncer(lexicon(british=False), {"Maren": "/maⵣ/"})


def test_ipa_of_common_dictionaries_is_understood() -> None:
    assert from_ipa("ˈdʒɔɪ") == "ʤˈY"
    assert from_ipa("tʃəˈɹoʊ") == "ʧəɹˈO"
    assert from_ipa("ɡoʊ") == from_ipa("goʊ")


def test_arpabet_is_written_in_both_accents() -> None:
    assert from_arpabet(("W", "AO1", "T", "ER0"), british=False) == "wˈɔTəɹ"
    assert from_arpabet(("W", "AO1", "T", "ER0"), british=True) == "wˈɔːtə"
    assert from_arpabet(("K", "AA1", "R"), british=True) == "kˈɑː"


def test_stops_are_known_by_their_first_sound() -> None:
    assert [starts_with_stop(word) for word in ("pˈɛn", "ʧˈɪn", "ˈɑn", "sˈi", "")] == [True, True, False, False, False]


@given(st.text(max_size=60))
def test_every_sound_is_one_the_network_knows(text: str) -> None:
    for pronouncer in (AMERICAN, BRITISH):
        assert set(sounds(text, pronouncer)) <= set(TOKEN_IDS)


@pytest.mark.parametrize("word", ["B" * 700, "-".join(["lamp"] * 300), "a" * 3000])
def test_a_word_without_end_is_cut_into_runs_the_network_can_speak(word: str) -> None:
    runs = runs_of(sentences_of(f"He said {word} and left."), AMERICAN)
    assert all(0 < len(run.sounds) <= LONGEST_RUN for run in runs)
    assert {said.token for run in runs for said in run.words} == {0, 1, 2, 3, 4}
    assert "".join(said.sounds for run in runs for said in run.words if said.token == 2) == sounds(word)
