"""Spoken words to the sounds the voice's network reads, with where each word's sounds stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyreel.providers.offline.voice.alphabet import (
    PRIMARY,
    SECONDARY,
    TOKEN_IDS,
    between_slashes,
    from_arpabet,
    from_ipa,
    starts_with_vowel,
    weakened,
    with_stress,
)
from storyreel.providers.offline.voice.foreign import foreign_name, plain_letters
from storyreel.providers.offline.voice.grammar import is_metal, is_prow_or_bend, part_of_speech
from storyreel.providers.offline.voice.guess import arpabet_of
from storyreel.providers.offline.voice.lexicon import Lexicon
from storyreel.providers.offline.voice.sentences import Said, Sentence

_SPELLED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Sounded:
    """One spoken word in sounds.

    Attributes:
        token: index of the token of the text it came from.
        sounds: in the voice's alphabet.
        before, after: the marks around it.
    """

    token: int
    sounds: str
    before: str = ""
    after: str = ""


class Pronouncer:
    """Says how words sound in one accent.

    Args:
        lexicon: the accent's words.
        pronunciations: the user's own, by word: IPA between slashes ("/məˈrɛn/"), or a respelling in ordinary words
            ("ma wren"). They hold for the word in any case, unless it is listed with capitals of its own.

    Raises:
        InputError: a pronunciation has a sign that the voice does not know.
    """

    def __init__(self, lexicon: Lexicon, pronunciations: Mapping[str, str] | None = None) -> None:
        self.lexicon = lexicon
        self._own: dict[str, str] = {}
        for word, how in (pronunciations or {}).items():
            ipa = between_slashes(how)
            respelt = how.split() if ipa is None else ()
            sounds = from_ipa(ipa) if ipa is not None else "".join(self._word(part, "", False) for part in respelt)
            self._own[word] = sounds
            self._own.setdefault(word.lower(), sounds)

    def sentence(self, sentence: Sentence) -> list[Sounded]:
        """The sounds of each spoken word; a word that comes to nothing is left out."""
        said = sentence.words
        context: list[str] = []
        places: list[int] = []
        for word in said:
            places.append(len(context))
            context += [word.word.lower(), ""] if word.after else [word.word.lower()]
        sounded: list[Sounded] = []
        vowel_next: bool | None = None
        for index in range(len(said) - 1, -1, -1):
            word = said[index]
            vowel = None if word.after else vowel_next
            sounds = self._in_context(word, context, places[index], vowel)
            sounds = "".join(sign for sign in sounds.replace("ɾ", "T").replace("ʔ", "t") if sign in TOKEN_IDS)
            if sounds:
                sounded.append(Sounded(word.token, sounds, word.before, word.after))
                vowel_next = starts_with_vowel(sounds)
        return sounded[::-1]

    def _in_context(self, said: Said, lower: Sequence[str], index: int, vowel: bool | None) -> str:
        """One word's sounds, given whether a vowel follows (None: a pause follows)."""
        word, plain = said.word, lower[index]
        own = self._from_user(word)
        if own is not None:
            return own
        if said.spelled:
            return self._spelled(word)
        foreign = self._foreign(word)
        if foreign is not None:
            return foreign
        british = self.lexicon.british
        if plain == "the":
            return "ði" if vowel else "ðə"
        if plain == "a" and vowel is not None:
            return "ɐ"
        if plain == "an" and vowel is not None:
            return "ɐn" if not british else "ən"
        if plain == "to" and vowel is not None:
            return "tʊ" if vowel else "tə"
        if word == "I":
            return SECONDARY + "I"
        if plain == "in":
            return "ɪn" if vowel is not None else PRIMARY + "ɪn"
        if plain == "used" and index + 1 < len(lower) and lower[index + 1] == "to":
            before = lower[index - 1] if index else ""
            if before not in {"is", "was", "are", "were", "be", "been"}:
                return "jˈuːst" if british else "jˈust"
        if plain == "lead" and is_metal(lower, index):
            return "lˈɛd"
        part = part_of_speech(lower, index)
        if plain in {"bow", "bows"} and is_prow_or_bend(lower, index):
            part = "VERB"  # the same sound
        return self._word(word, part, vowel is None)

    def _from_user(self, word: str) -> str | None:
        for spelling in (word, word.lower()):
            if spelling in self._own:
                return self._own[spelling]
            if spelling.endswith("'s") and spelling[:-2] in self._own:
                return self.lexicon.with_s(self._own[spelling[:-2]])
        return None

    def _foreign(self, word: str) -> str | None:
        stem = word.removesuffix("'s")
        sounds = foreign_name(stem, british=self.lexicon.british)
        return self.lexicon.with_s(sounds) if sounds is not None and stem != word else sounds

    def _word(self, word: str, part: str, final: bool) -> str:
        found = self._known(word, part, final)
        if found is None and "-" in word:
            parts = [self._word(piece, "", False) for piece in word.split("-") if piece]
            return " ".join(parts)
        if found is None:
            found = self._unknown(word)
        if len(word) > 1 and word.isupper():
            return with_stress(found.replace(SECONDARY, PRIMARY, 1) if PRIMARY not in found else found, PRIMARY)
        return with_stress(found, SECONDARY) if word[:1].isupper() else found

    def _known(self, word: str, part: str, final: bool) -> str | None:
        if len(word) == 1 and word.isalpha() and word.isascii():
            return self.lexicon.letter(word)
        if len(word) > 1 and word.isupper() and not self.lexicon.knows_exactly(word):
            if not re.search("[AEIOUY]", word):
                return self._spelled(word)
            found = self.lexicon.derived(word.lower(), part, final=final)
            return self._spelled(word) if found is None and len(word) <= _SPELLED_AT_MOST else found
        return self.lexicon.derived(word, part, final=final)

    def _unknown(self, word: str) -> str:
        """A word by its letters, with its ending taken off first, since the network was trained on whole stems."""
        plain = word.lower()
        if plain.endswith("'s"):
            return self.lexicon.with_s(self._unknown(word[:-2]))
        if plain.startswith("o'") and len(plain) > 3:
            return ("Q" if self.lexicon.british else "O") + self._word(word[2:], "", False)
        letters = re.sub("[^a-z]", "", plain_letters(plain))
        if not letters:
            return ""
        if not re.search("[aeiouy]", letters):
            return self._spelled(letters)
        sounds = from_arpabet(arpabet_of(letters), british=self.lexicon.british)
        return with_stress(sounds, PRIMARY)

    def _spelled(self, word: str) -> str:
        """Letters by name, the last one stressed: FBI, U.S."""
        letters = [
            self.lexicon.letter(letter) for letter in plain_letters(word) if letter.isalpha() and letter.isascii()
        ]
        return "".join([*(weakened(letter) for letter in letters[:-1]), *letters[-1:]])
