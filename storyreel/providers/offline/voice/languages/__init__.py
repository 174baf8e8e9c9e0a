"""Spanish, French, Italian and Portuguese for the offline voice: from written text to the sounds it speaks.

`reading` says numbers, dates and signs in words; a module a language has its spelling rules and its number words.
They write sounds as Kokoro's training texts did: IPA with single signs for affricates and some diphthongs, a stress
mark before the vowel. The network learnt from automatic transcriptions, so their habits are kept where they differ from
a dictionary's ("gente" with an open e, the breath after r in "porta").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from storyreel.errors import InputError
from storyreel.providers.offline.voice.alphabet import CONSONANTS, PAUSES, TOKEN_IDS, between_slashes, spelt
from storyreel.providers.offline.voice.languages.tongue import Tongue
from storyreel.providers.offline.voice.phonemes import Sounded
from storyreel.providers.offline.voice.sentences import Said, Sentence

LANGUAGES: Mapping[str, str] = {"es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese (Brazil)"}
"""ISO 639-1 code -> name, beside English."""

_FROM_IPA = (
    ("t͡ʃ", "ʧ"),
    ("d͡ʒ", "ʤ"),
    ("t͡s", "ʦ"),
    ("d͡z", "ʣ"),
    ("tʃ", "ʧ"),
    ("dʒ", "ʤ"),
    ("g", "ɡ"),
    ("'", "ˈ"),
    (".", ""),
)


@cache
def tongue(code: str) -> Tongue:
    """A language by its ISO 639-1 code, one of `LANGUAGES`."""
    match code:
        case "es":
            from storyreel.providers.offline.voice.languages.es import SPANISH

            return SPANISH
        case "fr":
            from storyreel.providers.offline.voice.languages.fr import FRENCH

            return FRENCH
        case "it":
            from storyreel.providers.offline.voice.languages.it import ITALIAN

            return ITALIAN
        case "pt":
            from storyreel.providers.offline.voice.languages.pt import PORTUGUESE

            return PORTUGUESE
        case _:
            raise InputError(f"the offline voice does not speak {code!r}: choose en, {', '.join(LANGUAGES)}")


class TonguePronouncer:
    """Says how words sound in a language that is not English.

    Args:
        language: which.
        pronunciations: the user's own, by word: IPA between slashes, or a respelling in the language's spelling.

    Raises:
        InputError: a pronunciation has a sign that the voice does not know.
    """

    def __init__(self, language: Tongue, pronunciations: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._own: dict[str, str] = {}
        for word, how in (pronunciations or {}).items():
            ipa = between_slashes(how)
            sounds = ipa_of_tongues(ipa) if ipa is not None else "".join(language.phrase_sounds(how.split()))
            self._own[word] = self._own[word.lower()] = sounds

    def sentence(self, sentence: Sentence) -> list[Sounded]:
        """The sounds of each spoken word; a word that comes to nothing is left out."""
        sounded: list[Sounded] = []
        phrase: list[Said] = []
        for word in sentence.words:
            phrase.append(word)
            if any(mark in PAUSES for mark in word.after):
                sounded += self._phrase(phrase)
                phrase = []
        return sounded + self._phrase(phrase)

    def _phrase(self, phrase: list[Said]) -> list[Sounded]:
        if not phrase:
            return []
        sounds = self.language.phrase_sounds([word.word for word in phrase])
        found: list[Sounded] = []
        for word, own in zip(phrase, sounds, strict=True):
            own = self._own.get(word.word, self._own.get(word.word.lower(), own))
            own = "".join(sign for sign in own if sign in TOKEN_IDS and sign != " ")
            if own:
                found.append(Sounded(word.token, own, word.before, word.after))
        return found


def ipa_of_tongues(text: str) -> str:
    """Write a user's IPA of a language that is not English in the voice's alphabet.

    Raises:
        InputError: a sign that the voice does not know.
    """
    # A stress mark stands before its vowel, not before its syllable.
    return re.sub(rf"([ˈˌ])([{''.join(CONSONANTS)}ɲʎʁɣβxrjwʦʣç]+)", r"\2\1", spelt(text, _FROM_IPA))
