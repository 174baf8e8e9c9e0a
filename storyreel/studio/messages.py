"""What the page may say to the kernel: widgets/src/protocol.ts, checked before anything acts on it.

Whoever can see the page can send anything at all over its wire: another type, a list a million long, a NaN, a path. So
a message is first weighed, value by value and only as far as the limits reach, then read by strict models that know no
paths, URLs or project ids; and a window that sends faster than a person and their page can is not listened to.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from storyreel.errors import InputError
from storyreel.settings import Quality
from storyreel.timeline.edit import EDITS, Edit

CHUNK_BYTES = 1 << 20
LARGEST_UPLOAD_BYTES = 200 * CHUNK_BYTES
MOST_KEYS = 500
MOST_EDITS = 400
_MOST_VALUES = 40_000
_DEEPEST = 12
_LONGEST_TEXT = 4_000
_MOST_CHARACTERS = 400_000
_LARGEST_NUMBER = 2**53

MessageId = Annotated[int, Field(ge=1, le=_LARGEST_NUMBER)]
ClipId = Annotated[str, Field(min_length=1, max_length=64)]
MediaKind = Literal["thumb", "picture", "clip", "sound", "peaks", "font"]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Hello(_Message):
    """A window opens, or asks for everything again."""

    type: Literal["hello"]
    window: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")


class EditMessage(_Message):
    """Edits that belong together, of the film at revision `base`."""

    type: Literal["edit"]
    id: MessageId
    base: int = Field(ge=-1, le=_LARGEST_NUMBER)
    label: str = Field(max_length=200)
    edits: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_EDITS)

    def read_edits(self) -> tuple[Edit, ...]:
        """Them as values.

        Raises:
            InputError: one is none.
        """
        try:
            return EDITS.validate_json(TypeAdapter(list[dict[str, Any]]).dump_json(self.edits), strict=True)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(str(part) for part in fault["loc"][1:])
            raise InputError(f"the edit cannot be used: {where}: {fault['msg'].lower()}") from error


class UndoMessage(_Message):
    """Take back, or bring back."""

    type: Literal["undo", "redo"]
    id: MessageId


class Want(_Message):
    """Media by their keys."""

    type: Literal["want"]
    kind: MediaKind
    keys: list[Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.-]+$")]] = Field(
        min_length=1, max_length=MOST_KEYS
    )


class MakeAgain(_Message):
    """A new picture for a shot."""

    do: Literal["make_again"]
    clip: ClipId
    prompt: str | None = Field(default=None, min_length=1, max_length=_LONGEST_TEXT)


class _Line(_Message):
    """A line of what is spoken: captions that follow one another, and what they say as the page shows it."""

    cue: int = Field(ge=0, le=100_000)
    captions: int = Field(ge=1, le=100)
    text: str = Field(min_length=1, max_length=_LONGEST_TEXT)


class SayAgain(_Line):
    """A line spoken again.

    Attributes:
        voice: one of those that the page was offered; "" for who says it now.
        speed: 1 is the voice's own.
    """

    do: Literal["say_again"]
    voice: str = Field(default="", max_length=120)
    speed: float = Field(default=1.0, ge=0.5, le=2.0)


class RemakeSegment(_Message):
    """A segment of an unbroken shot made again: otherwise, or as told; `later` makes those after it fit again."""

    do: Literal["remake_segment"]
    clip: ClipId
    happens: str | None = Field(default=None, max_length=500)
    later: bool = False


class Retry(_Message):
    """Go on with a film in which a shot failed."""

    do: Literal["retry"]
    clip: ClipId


class RenderAction(_Message):
    """Make the file."""

    do: Literal["render"]
    quality: Quality | None = None


Action = Annotated[MakeAgain | SayAgain | RemakeSegment | Retry | RenderAction, Field(discriminator="do")]


class PriceMessage(_Message):
    """What an action would cost."""

    type: Literal["price"]
    id: MessageId
    action: Action


class Act(_Message):
    """Do it, for at most `agreed_usd`."""

    type: Literal["act"]
    id: MessageId
    action: Action
    agreed_usd: float = Field(ge=0.0, le=100_000.0)


class AsPicture(_Message):
    """A file becomes a shot's picture."""

    as_: Literal["picture"] = Field(alias="as")
    clip: ClipId


class AsInsert(_Message):
    """A file becomes a new shot."""

    as_: Literal["insert"] = Field(alias="as")
    at: int = Field(ge=0, le=100_000)
    length_frames: int = Field(ge=1, le=1_000_000)


class AsMusic(_Message):
    """A file becomes the film's music."""

    as_: Literal["music"] = Field(alias="as")


class AsVoice(_Line):
    """A file becomes a line of what is spoken."""

    as_: Literal["voice"] = Field(alias="as")


Use = Annotated[AsPicture | AsInsert | AsMusic | AsVoice, Field(discriminator="as_")]


class UploadBegin(_Message):
    """A file is coming. Its name is for people and for its ending; it never becomes a path."""

    type: Literal["upload_begin"]
    id: MessageId
    name: str = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=0, le=_LARGEST_NUMBER)
    use: Use


class UploadChunk(_Message):
    """One buffer of at most 1 MiB, from byte `at` on."""

    type: Literal["upload_chunk"]
    id: MessageId
    at: int = Field(ge=0, le=_LARGEST_NUMBER)


class UploadCancel(_Message):
    """No more of it."""

    type: Literal["upload_cancel"]
    id: MessageId


PageMessage = Annotated[
    Hello | EditMessage | UndoMessage | Want | PriceMessage | Act | UploadBegin | UploadChunk | UploadCancel,
    Field(discriminator="type"),
]
_PAGE_MESSAGES: TypeAdapter[PageMessage] = TypeAdapter(PageMessage)


def read_message(content: object, buffers: Sequence[Any] = ()) -> PageMessage:
    """Check a message from the page.

    Args:
        content: what JSON became of it.
        buffers: the bytes beside it: at most one, of at most 1 MiB, and only beside an upload's chunk.

    Raises:
        InputError: it is anything that our page does not send; nothing of it is repeated in the message.
    """
    if not isinstance(content, dict):
        raise InputError("the message is no object")
    _weigh(content)
    try:
        message = _PAGE_MESSAGES.validate_python(content)
    except (ValidationError, RecursionError) as error:
        raise InputError("the message is none that the page sends") from error
    wanted = 1 if isinstance(message, UploadChunk) else 0
    if len(buffers) != wanted:
        raise InputError(f"the message came with {len(buffers)} buffers instead of {wanted}")
    if wanted and not 0 < memoryview(buffers[0]).nbytes <= CHUNK_BYTES:
        raise InputError("a piece of a file has 1 byte to 1 MiB")
    return message


def message_id(content: object) -> int:
    """The number of a message that was refused, for the answer; 0 if it has none."""
    found = content.get("id") if isinstance(content, dict) else None
    return found if type(found) is int and 0 < found <= _LARGEST_NUMBER else 0


def _weigh(content: object) -> None:
    """Stop at the first value that is too much: what lies behind it is never looked at."""
    left: list[tuple[object, int]] = [(content, 1)]
    values = characters = 0
    while left:
        value, depth = left.pop()
        values += 1
        if values + len(left) > _MOST_VALUES or depth > _DEEPEST:
            raise InputError("the message is too large")
        if isinstance(value, str):
            characters += len(value)
            if len(value) > _LONGEST_TEXT or characters > _MOST_CHARACTERS:
                raise InputError("the message holds too much text")
        elif isinstance(value, bool) or value is None:
            continue
        elif isinstance(value, (int, float)):
            if not (math.isfinite(value) and abs(value) <= _LARGEST_NUMBER):
                raise InputError("the message holds a number that cannot be used")
        elif isinstance(value, (dict, list)):
            if len(value) > _MOST_VALUES:
                raise InputError("the message is too large")
            inner = value.values() if isinstance(value, dict) else value
            left += ((each, depth + 1) for each in inner)
            if isinstance(value, dict):
                left += ((name, depth + 1) for name in value)
        else:
            raise InputError("the message holds something that is no JSON")


class Rate:
    """How fast a window may send: so many at once, and so many a second after that.

    Args:
        burst: a page that opens asks for a lot.
    """

    def __init__(self, burst: int = 400, a_second: float = 100.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._a_second, self._clock = burst, a_second, clock
        self._left, self._at_s = float(burst), clock()

    def take(self, amount: int = 1) -> bool:
        """Whether one more may pass, or so many."""
        now_s = self._clock()
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._a_second)
        self._at_s = now_s
        if self._left < amount:
            return False
        self._left -= amount
        return True
