"""API keys: read from the environment when they are needed, and shown to nobody."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from storyreel.errors import InputError

_NAMES_A_SECRET = re.compile(r"(?:^|_)(?:KEY|SECRET|TOKEN|PASSWORD)(?:_|$)")
_SHORTEST_SECRET = 6
_LOOKS_SECRET = re.compile(
    r"(?i)\b(bearer|x-api-key|api-key|x-key|key|token|authorization)(\s*[:=]\s*|\s+)[\w.~+/-]{12,}=*"
)
_QUERY = re.compile(r"(https?://[^\s?#\"'<>]+)[?#][^\s\"'<>]*")
HIDDEN = "***"


class Key:
    """An API key. Its text, its repr, its JSON and its pickle never show it; only `reveal` does.

    A pickled key is the name of its environment variable: where it is unpickled it is read anew.
    """

    __slots__ = ("_text", "variable")

    def __init__(self, variable: str, text: str) -> None:
        self.variable, self._text = variable, text

    def reveal(self) -> str:
        """The key itself, for the one header it belongs into."""
        return self._text

    def __repr__(self) -> str:
        return f"<key from {self.variable}>"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return _key_from, (self.variable,)


def _key_from(variable: str) -> Key:
    return Key(variable, os.environ.get(variable, ""))


def find_key(variables: Sequence[str]) -> Key | None:
    """The key in the first of these environment variables that holds one."""
    for variable in variables:
        text = os.environ.get(variable, "").strip()
        if text:
            if not text.isascii() or not text.isprintable() or " " in text:
                raise InputError(
                    f"{variable} holds something that is no key (a space or an unusual letter): set it again"
                )
            return Key(variable, text)
    return None


def scrub(text: str) -> str:
    """A text without any secret that the environment holds, anything that looks like one, and addresses' queries."""
    for variable, value in os.environ.items():
        if len(value) >= _SHORTEST_SECRET and _NAMES_A_SECRET.search(variable):
            text = text.replace(value, HIDDEN)
    return _LOOKS_SECRET.sub(rf"\1\2{HIDDEN}", _QUERY.sub(r"\1", text))
