"""A voice with the pronunciations that a passage calls for: a new one has only those lines spoken again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from storyreel.providers.contracts import TeachableVoice, Voice


def called_for(text: str, pronunciations: Mapping[str, str]) -> dict[str, str]:
    """Those of the words listed that a text has, in any case and with any ending after an apostrophe or hyphen."""
    plain = text.replace("’", "'").casefold()
    listed = {word.replace("’", "'"): how for word, how in pronunciations.items()}
    return {
        word: how for word, how in listed.items() if re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", plain)
    }


def taught(voice: Voice, text: str, pronunciations: Mapping[str, str], language: str) -> Voice:
    """Who says a text: the voice itself where no word listed is in it, or where it cannot be told.

    Args:
        pronunciations: all of the film's; see `storyreel.settings.Settings`.
        language: ISO 639-1 code.

    Raises:
        InputError: the voice cannot read a pronunciation that the text calls for.
    """
    own = called_for(text, pronunciations)
    return voice.taught(own, language) if own and isinstance(voice, TeachableVoice) else voice
