"""Which of the tokens that listeners write are sounds and no words: "um" and its kin, in several languages. Pure."""

from __future__ import annotations

import unicodedata

_ANYWHERE = frozenset(["ahh", "ahm", "ehm", "erm", "euh", "hm", "hmm", "mmm", "uhh", "uhm", "umm"])
_ENGLISH = frozenset(["ah", "eh", "em", "er", "mm", "ugh", "uh", "um"])
_ELSEWHERE = {"de": {"ah"}, "fr": {"hum"}, "es": {"eh", "em"}, "it": {"eh"}, "pt": {"ah", "eh"}}
_ANSWERS = frozenset(["yes", "no", "well", "right", "okay", "ok", "good"])


def hesitates(text: str, before: str = "", after: str = "", language: str = "en") -> bool:
    """Whether a token is a sound that is no word, in the spellings that listeners use.

    Not "um" in German or Portuguese, nor "er" in German, Danish or Dutch, where they are words; not "the ER", "35 mm"
    or "Ah yes".

    Args:
        text: as it was heard, with its marks.
        before, after: the tokens next to it, "" for none.
        language: ISO 639-1 code.
    """
    said, code = _plain(text), language.partition("-")[0]
    if said not in _ANYWHERE and said not in (_ENGLISH if code == "en" else _ELSEWHERE.get(code, ())):
        return False
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return False
    if said in ("mm", "em") and before[-1:].isdigit():
        return False
    opens = not before or before.endswith((".", "!", "?"))
    return not (said == "ah" and _plain(after) in _ANSWERS and (opens or text[-1:].isalpha()))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in unicodedata.normalize("NFKD", folded) if letter.isalnum())
