"""The pronouncing dictionary: misaki's American and British lexicons (Apache-2.0), with regular endings and compounds.

Only the JSON files of the package misaki are read. "Gold" entries were checked by people, "silver" ones were not.
"""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from storyreel.providers.offline.voice.alphabet import PRIMARY, VOWELS, weakened
from storyreel.providers.offline.voice.installed import PackageFile


def _file(name: str, size_bytes: int, sha256: str) -> PackageFile:
    return PackageFile("misaki", "misaki==0.9.4", f"data/{name}.json", size_bytes, sha256)


GOLD_AMERICAN = _file("us_gold", 3_000_469, "dc414872a49a28ae6c141463d502fd945f3b2fde040484fdc47d00cc4612686f")
SILVER_AMERICAN = _file("us_silver", 3_099_517, "de8f67be911bb6c659187b4a65fd966b6a30e56350e0f790d763210b053ac475")
GOLD_BRITISH = _file("gb_gold", 2_838_552, "29e62f4b60261c88f7f3c2c7811ca3825978948090b72d2b27d565b729282f71")
SILVER_BRITISH = _file("gb_silver", 3_663_898, "48131e2d92ccc41655f4543e87e0f938e71463eb5a54be7f0693bb712ebb6bce")
FILES: Sequence[PackageFile] = (GOLD_AMERICAN, SILVER_AMERICAN, GOLD_BRITISH, SILVER_BRITISH)

Entry = str | Mapping[str, str | None]

_VOICELESS = frozenset("ptkfθ")
_SIBILANTS = frozenset("szʃʒʧʤ")
_SHORTEST_PART = 4
_PREFIXES: Mapping[str, str] = {
    "un": "ˌʌn",
    "re": "ɹˌi",
    "non": "nˌɑn",
    "mis": "mˌɪs",
    "over": "ˌOvəɹ",
    "under": "ˌʌndəɹ",
}


def _read(file: PackageFile) -> dict[str, Entry]:
    entries: dict[str, Entry] = json.loads(file.read())
    return entries


class Lexicon:
    """The words of one accent.

    Args:
        british: the British lexicon instead of the American one.

    Raises:
        MissingExtra: the package misaki is not installed.
        CorruptFile: a lexicon is not the one this was made for.
    """

    def __init__(self, british: bool) -> None:
        self.british = british
        self._gold = _read(GOLD_BRITISH if british else GOLD_AMERICAN)
        self._silver = _read(SILVER_BRITISH if british else SILVER_AMERICAN)

    def letter(self, letter: str) -> str:
        """The name of a letter."""
        return self._chosen(self._gold[letter.upper()], "", final=False)

    def knows_exactly(self, word: str) -> bool:
        """Whether the word is listed in just this spelling, capitals included."""
        return word in self._gold

    def listed(self, word: str, part: str = "", *, final: bool = False) -> str | None:
        """A word as the dictionary has it, in this spelling or with its first letter in the other case.

        Args:
            word: letters, apostrophes and hyphens.
            part: part of speech, as `grammar.part_of_speech` gives it.
            final: whether a pause follows, which gives some small words their full sound.
        """
        spellings = [word]
        if word[:1].isupper():
            spellings.append(word[:1].lower() + word[1:])
        if word.isupper() and len(word) > 1:
            spellings += [word.lower(), word.capitalize()]
        elif word[:1].islower():
            spellings.append(word[:1].upper() + word[1:])
        for entries in (self._gold, self._silver):
            for spelling in spellings:
                if spelling in entries:
                    return self._chosen(entries[spelling], part, final=final)
        return None

    def derived(self, word: str, part: str = "", *, final: bool = False) -> str | None:
        """A word that is listed, or is made of listed parts by a regular ending, a prefix or composition."""
        found = self.listed(word, part, final=final)
        if found is None:
            plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
            found = self.listed(plain, part, final=final) if plain != word else None
            word = plain
        return found or self._with_ending(word, part) or self._with_prefix(word, part) or self._compound(word)

    def _chosen(self, entry: Entry, part: str, *, final: bool) -> str:
        if isinstance(entry, str):
            return entry
        if final and entry.get("None"):
            return str(entry["None"])
        for key in (part, "VERB" if part.startswith("VB") else part):
            if entry.get(key):
                return str(entry[key])
        return str(entry["DEFAULT"])

    def _with_ending(self, word: str, part: str) -> str | None:
        lower = word.lower()
        if lower.endswith("'s") or lower.endswith("s'"):
            stem = self.derived(word[:-2] if lower.endswith("'s") else word[:-1], "NOUN")
            if stem is None or lower.endswith("s'"):
                return stem
            return self.with_s(stem)
        if lower.endswith("'") and len(word) > 2:
            return self.derived(word[:-1] + "g" if lower.endswith("in'") else word[:-1], part)
        if lower.endswith(("'ll", "'d", "'ve", "'re")):
            stem = self.derived(word[: lower.index("'")])
            ending = {"ll": "ᵊl", "d": "d", "ve": "əv", "re": "əɹ" if not self.british else "ə"}[lower.split("'")[1]]
            return None if stem is None else stem + ("ɪd" if ending == "d" and stem[-1] in "td" else ending)
        if lower.endswith("s") and not lower.endswith("ss") and len(word) > 3:
            stems = [word[:-1]]
            if lower.endswith("ies"):
                stems.insert(0, word[:-3] + "y")
            elif lower.endswith("es"):
                stems.append(word[:-2])
            return self._first(stems, part, self.with_s)
        if lower.endswith("ed") and len(word) > 4:
            doubled = [word[:-3]] if len(word) > 5 and word[-3] == word[-4] else []
            return self._first([word[:-1], word[:-2], *doubled, word[:-3] + "y"], "VERB", self._with_ed)
        if lower.endswith("ing") and len(word) > 5:
            doubled = [word[:-4]] if word[-4] == word[-5] else []
            return self._first([word[:-3], word[:-3] + "e", *doubled], "VERB", self._with_ing)
        for ending, sound in (("ly", "li"), ("less", "ləs"), ("ness", "nəs"), ("like", "lˌIk"), ("ward", "wəɹd")):
            if lower.endswith(ending) and len(word) > len(ending) + 3:
                stem = self.listed(word[: -len(ending)], "ADJ")
                if stem is not None:
                    return stem + (sound.replace("əɹ", "ə") if self.british else sound)
        return None

    def _first(self, stems: list[str], part: str, ending: Callable[[str], str]) -> str | None:
        for stem in stems:
            found = self.listed(stem, part)
            if found:
                return ending(found)
        return None

    def with_s(self, stem: str) -> str:
        """The sounds of a noun or verb with its regular -s."""
        if stem[-1:] in _VOICELESS:
            return stem + "s"
        if stem[-1:] in _SIBILANTS:
            return stem + ("ɪz" if self.british else "ᵻz")
        return stem + "z"

    def _flapped(self, stem: str) -> str:
        """American speech taps a t between vowels: "waited"."""
        return stem[:-1] + "ɾ" if not self.british and stem[-1:] == "t" and stem[-2:-1] in VOWELS else stem

    def _with_ed(self, stem: str) -> str:
        if stem[-1:] in "td":
            return self._flapped(stem) + ("ɪd" if self.british else "ᵻd")
        return stem + ("t" if stem[-1:] in _VOICELESS | _SIBILANTS - frozenset("zʒʤ") else "d")

    def _with_ing(self, stem: str) -> str:
        linking = "ɹ" if self.british and stem[-1:] in "əː" else ""
        return self._flapped(stem) + linking + "ɪŋ"

    def _with_prefix(self, word: str, part: str) -> str | None:
        for prefix, sounds in _PREFIXES.items():
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_PART:
                rest = self.listed(word[len(prefix) :], part) or self._with_ending(word[len(prefix) :], part)
                if rest is not None:
                    return (sounds.replace("əɹ", "ə").replace("O", "Q") if self.british else sounds) + rest
        return None

    def _compound(self, word: str) -> str | None:
        """Two listed words written as one ("lamplight", "Ravenscroft"); the first carries the stress."""
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            first, second = self._gold.get(word[:cut].lower()), self._gold.get(word[cut:].lower())
            if first is not None and second is not None:
                sounds = self._chosen(second, "NOUN", final=False)
                return self._chosen(first, "NOUN", final=False) + (weakened(sounds) if PRIMARY in sounds else sounds)
        return None


@functools.cache
def lexicon(british: bool) -> Lexicon:
    """The accent's lexicon, read once a process."""
    return Lexicon(british)
