"""The alphabet that the voice's network reads: IPA, with capitals for diphthongs and a few marks of its own.

The numbers are those of the vocabulary published with Kokoro-82M. A stress mark stands right before the vowel it
stresses ("wˈɔtəɹ"). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storyreel.errors import InputError

PRIMARY, SECONDARY = "ˈ", "ˌ"
VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻɐeo")
CONSONANTS = frozenset("bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθTʔ")
STOPS = frozenset("pbtdkɡʧʤ")
PAUSES = frozenset(",;:.!?…—")

TOKEN_IDS: Mapping[str, int] = {
    **{mark: number for number, mark in enumerate(";:,.!?", 1)},
    **{"—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14, "”": 15, " ": 16},
    **{"A": 24, "I": 25, "O": 31, "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42},
    **{letter: number for number, letter in enumerate("abcdef", 43)},
    **{letter: number for number, letter in enumerate("hijklmnopqrstuvwxyz", 50)},
    **{"ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "ɔ": 76, "ð": 81, "ʤ": 82, "ə": 83, "ɛ": 86, "ɜ": 87, "ɡ": 92},
    **{"ɪ": 102, "ŋ": 112, "θ": 119, "ɹ": 123, "ɾ": 125, "ʃ": 131, "ʧ": 133, "ʊ": 135, "ʌ": 138, "ʒ": 147},
    **{"\u0303": 17, "ʣ": 18, "ʦ": 20, "β": 75, "ç": 78, "ɥ": 99, "ɲ": 114, "ø": 116, "œ": 120, "ʁ": 128, "ɣ": 139},
    **{"χ": 142, "ʎ": 143, "ʝ": 103},
    **{"ʔ": 148, "ˈ": 156, "ˌ": 157, "ː": 158, "ᵻ": 177},
}

_AMERICAN = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "IH": "ɪ",
    "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "CH": "ʧ", "DH": "ð", "G": "ɡ", "HH": "h", "JH": "ʤ",
    "NG": "ŋ", "R": "ɹ", "SH": "ʃ", "TH": "θ", "Y": "j", "ZH": "ʒ",
}  # fmt: skip
_BRITISH = _AMERICAN | {"AA": "ɑː", "AE": "a", "AO": "ɔː", "ER": "ɜː", "IY": "iː", "OW": "Q", "UW": "uː"}
_BEFORE_R = {"EH": "ɛː", "IH": "ɪə", "IY": "ɪə", "UH": "ʊə", "AA": "ɑː", "AO": "ɔː"}

_FROM_IPA = (
    ("t͡ʃ", "ʧ"), ("d͡ʒ", "ʤ"), ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("ɔɪ", "Y"),
    ("oʊ", "O"), ("əʊ", "Q"), ("ɝ", "ɜɹ"), ("ɚ", "əɹ"), ("g", "ɡ"), ("r", "ɹ"), ("'", "ˈ"), ("ɫ", "l"), ("ɾ", "T"),
)  # fmt: skip


def from_arpabet(sounds: tuple[str, ...], *, british: bool) -> str:
    """Write ARPAbet with stress digits (the CMU dictionary's) in the voice's alphabet."""
    table = _BRITISH if british else _AMERICAN
    written: list[str] = []
    for index, sound in enumerate(sounds):
        base, stress = (sound[:-1], sound[-1]) if sound[-1:].isdecimal() else (sound, "")
        following = sounds[index + 1][:2].rstrip("012") if index + 1 < len(sounds) else ""
        vowel_follows = following in _AMERICAN and _AMERICAN[following][0] in VOWELS
        letters = table.get(base, base.lower())
        if base == "AH" and stress == "0":
            letters = "ə"
        elif base == "ER" and stress == "0":
            letters = "ə" if british and not vowel_follows else "əɹ"
        elif base == "IY" and stress == "0":
            letters = "i"
        elif british and following == "R" and base in _BEFORE_R:
            letters = _BEFORE_R[base]
        elif british and base == "ER" and vowel_follows:
            letters = "ɜːɹ"
        elif british and base == "R" and not vowel_follows:
            letters = ""
        elif base == "T" and not british and vowel_follows and sounds[index + 1].endswith("0") and index:
            letters = "T" if sounds[index - 1][-1:].isdecimal() or sounds[index - 1] == "R" else "t"
        written.append({"1": PRIMARY, "2": SECONDARY}.get(stress, "") + letters)
    return "".join(written)


def between_slashes(how: str) -> str | None:
    """The IPA of a pronunciation that is given as such ("/məˈrɛn/"); None of a respelling."""
    how = how.strip()
    return how[1:-1] if len(how) > 2 and how[0] == how[-1] == "/" else None


def from_ipa(text: str) -> str:
    """Write a user's IPA in the voice's alphabet.

    Raises:
        InputError: a sign that the voice does not know.
    """
    return _stress_before_vowels(spelt(text, _FROM_IPA))


def spelt(ipa: str, letters: Iterable[tuple[str, str]]) -> str:
    """IPA with signs replaced by the voice's own letters, pair by pair.

    Raises:
        InputError: a sign is left that the voice does not know.
    """
    for sign, letter in letters:
        ipa = ipa.replace(sign, letter)
    unknown = sorted({sign for sign in ipa if sign not in TOKEN_IDS})
    if unknown:
        raise InputError(f"the voice knows no sound {', '.join(unknown)} in the pronunciation /{ipa}/: write IPA")
    return ipa


def _stress_before_vowels(letters: str) -> str:
    """Move each stress mark from before its syllable to right before the vowel, where the voice expects it."""
    moved: list[str] = []
    pending = ""
    for sign in letters:
        if sign in PRIMARY + SECONDARY:
            pending = sign
        elif sign in VOWELS and pending:
            moved += [pending, sign]
            pending = ""
        else:
            moved.append(sign)
    return "".join(moved)


def has_vowel(letters: str) -> bool:
    """Whether there is a vowel to carry stress."""
    return any(sign in VOWELS for sign in letters)


def is_stressed(letters: str) -> bool:
    """Whether any stress is marked."""
    return PRIMARY in letters or SECONDARY in letters


def with_stress(letters: str, mark: str) -> str:
    """Give a word that has no stress one, before its first vowel."""
    if is_stressed(letters) or not has_vowel(letters):
        return letters
    return _stress_before_vowels(mark + letters)


def weakened(letters: str) -> str:
    """The same word with less weight, as in the first part of a compound: primary stress becomes secondary."""
    return letters.replace(SECONDARY, "").replace(PRIMARY, SECONDARY)


def starts_with_stop(letters: str) -> bool:
    """Whether the first sound closes the mouth before it is heard: p, b, t, d, k, g, ch, j."""
    return letters.lstrip(PRIMARY + SECONDARY)[:1] in STOPS


def starts_with_vowel(letters: str) -> bool | None:
    """Whether the first sound is a vowel; None when there is no sound."""
    for sign in letters:
        if sign in VOWELS:
            return True
        if sign in CONSONANTS:
            return False
    return None
