"""How many words have come of an answer that is streamed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storyreel.providers.transport import Lost
from storyreel.providers.transport.events import EventFeed
from storyreel.providers.transport.pace import tell
from storyreel.providers.writing import words_so_far

TELL_EVERY_WORDS = 25


class WordCount:
    """Takes the pieces of a stream, and tells the words as they come. It judges nothing: that is for who reads it all.

    Args:
        vendor: whose stream it is, by name.
        text_of: the text that an event adds.
        on_words: is told the count.
    """

    def __init__(self, vendor: str, text_of: Callable[[dict[str, Any]], str], on_words: Callable[[int], None]) -> None:
        self._vendor, self._text_of, self._on_words = vendor, text_of, on_words
        self._said = 0
        self._begin()

    def __call__(self, piece: bytes) -> None:
        """Take what has come."""
        try:
            self._text += "".join(self._text_of(event) for event in self._feed.take(piece))
        except Lost:
            # A stream that broke off in the middle of a line is followed by the one of the next attempt.
            self._begin()
        count = words_so_far(self._text)
        if count >= self._said + TELL_EVERY_WORDS:
            self._said = count
            tell(f"{self._vendor}: {count} words")
            self._on_words(count)

    def _begin(self) -> None:
        self._feed, self._text, self._said = EventFeed(self._vendor), "", 0
