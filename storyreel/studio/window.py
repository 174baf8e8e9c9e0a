"""One window of a session: what its page says is checked, acted on and answered here."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, assert_never

from storyreel.errors import InputError, StoryreelError
from storyreel.media.model import Asset
from storyreel.studio.actions import act, price_of
from storyreel.studio.messages import (
    Act,
    AsInsert,
    AsMusic,
    AsPicture,
    AsVoice,
    EditMessage,
    Hello,
    PageMessage,
    PriceMessage,
    Rate,
    UndoMessage,
    UploadBegin,
    UploadCancel,
    UploadChunk,
    Want,
    message_id,
    read_message,
)
from storyreel.studio.uploads import Upload, taken_in
from storyreel.studio.voice_lines import use_recording
from storyreel.timeline.edit import Edit, InsertClip, ReplaceMusic, ReplacePicture

if TYPE_CHECKING:
    from storyreel.studio.session import Send, Session

MOST_ACTS = 8
_NOTICE_EVERY_S = 2.0


class Window:
    """See the module; `Session.join` makes one.

    Attributes:
        key: tells it from every other one of the process.
        name: what its page calls itself, "" before it has said hello.
        busy: how many of its uploads and acts are under way.
    """

    def __init__(self, session: Session, send: Send) -> None:
        self.key, self.name, self.busy = secrets.token_hex(8), "", 0
        self._session, self._send = session, send
        self._rate, self._noticed_at_s = Rate(), -_NOTICE_EVERY_S
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._left = False
        self._told: dict[int, dict[str, Any]] = {}

    def take(self, content: object, buffers: Sequence[Any] = ()) -> None:
        """Act on a message of the page. Never raises: what cannot be done is said to the page."""
        if self._left:
            return
        if not self._rate.take():
            self._complain("too many messages at once: some were not heard")
            return
        number = message_id(content)
        try:
            message = read_message(content, buffers)
            if not self.name and not isinstance(message, Hello):
                raise InputError("say hello first")
            self._act_on(message, buffers)
        except StoryreelError as error:
            self._refuse(number, str(error))
        except Exception as error:  # whatever a visitor sends, the kernel and the other windows go on
            self._refuse(number, f"that could not be done ({type(error).__name__}): please report this")

    def send(self, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Say something to the page; a page that is gone hears nothing."""
        if self._left:
            return
        try:
            self._send(message, buffers)
        except Exception:
            self.leave()

    def leave(self) -> None:
        """The page is gone."""
        if self._left:
            return
        self._left = True
        self._session.uploads.leave(self.key)
        self._session.leave(self)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _act_on(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        session = self._session
        match message:
            case Hello():
                if self.name and self.name != message.window:
                    # A page that was loaded anew counts its messages from one again.
                    session.uploads.leave(self.key)
                    self._told.clear()
                with session.lock:
                    self.name = message.window
                    self.send(session.state())
                    for text in session.left_out:
                        self.send({"type": "notice", "level": "warning", "message": text})
            case EditMessage():
                if session.edit(self.name, message):
                    return  # the patch says so
                self.send({"type": "done", "id": message.id})
            case UndoMessage():
                if session.undo(self.name, message):
                    return
                what = "undone" if message.type == "undo" else "redone"
                self.send({"type": "done", "id": message.id, "message": f"There is nothing more to be {what}."})
            case Want():
                session.media.want(self.key, message.kind, message.keys, self.send)
            case PriceMessage():
                price_usd = price_of(session, message.action)
                self.send({"type": "done", "id": message.id, "price_usd": price_usd})
            case Act():
                self._later(message.id, lambda: act(session, self.name, message.action, message.agreed_usd))
            case UploadBegin():
                if message.id in self._told:
                    self.send(self._told[message.id])
                    return
                received = session.uploads.begin(self.key, message.id, message.name, message.size_bytes, message.use)
                self.send({"type": "upload_ok", "id": message.id, "received_bytes": received})
            case UploadChunk():
                received, upload = session.uploads.chunk(self.key, message.id, message.at, bytes(buffers[0]))
                self.send({"type": "upload_ok", "id": message.id, "received_bytes": received})
                if upload is not None:
                    self._later(message.id, lambda: self._finish(upload), keep=True)
            case UploadCancel():
                session.uploads.cancel(self.key, message.id)
            case _:
                assert_never(message)

    def _later(self, number: int, work: Callable[[], str], *, keep: bool = False) -> None:
        """Do what takes a while in a thread, one thing after another, and say how it went.

        Args:
            keep: the answer is kept for a page that has not heard it and asks again.
        """

        def tell(answer: dict[str, Any]) -> None:
            if keep:
                self._told[number] = answer
            self.send(answer)

        with self._lock:
            if self.busy >= MOST_ACTS:
                raise InputError("too much is under way: wait until some of it is finished")
            self.busy += 1
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="storyreel-window")

        def run() -> None:
            try:
                said = work()
                done: dict[str, Any] = {"type": "done", "id": number}
                tell(done | {"message": said} if said else done)
            except StoryreelError as error:
                tell(_refused(number, str(error)))
            except Exception as error:
                tell(_refused(number, f"that could not be done ({type(error).__name__}): please report this"))
            finally:
                with self._lock:
                    self.busy -= 1

        self._pool.submit(run)

    def _finish(self, upload: Upload) -> str:
        """Put a file that has come to its use."""
        session = self._session
        asset = taken_in(session.project, upload)
        session.admit(asset)
        if isinstance(upload.use, AsVoice):
            use_recording(session, self.name, upload.use, asset)
            return ""
        edit, label = _edit_for(upload.use, upload.name, asset)
        if isinstance(edit, ReplacePicture):
            session.keep_take(edit.clip, asset)
        session.add_edits(self.name, label, [edit])
        return ""

    def _refuse(self, number: int, why: str) -> None:
        if number:
            self.send(_refused(number, why))
        else:
            self._complain(why)

    def _complain(self, why: str) -> None:
        """A notice, but not one for each of ten thousand messages."""
        now_s = time.monotonic()
        if now_s - self._noticed_at_s >= _NOTICE_EVERY_S:
            self._noticed_at_s = now_s
            self.send({"type": "notice", "level": "warning", "message": f"A message was not understood: {why}"})


def _edit_for(use: AsPicture | AsInsert | AsMusic, name: str, asset: Asset) -> tuple[Edit, str]:
    match use:
        case AsPicture():
            return ReplacePicture(clip=use.clip, asset=asset), f"Picture from {name}"
        case AsMusic():
            return ReplaceMusic(asset=asset), f"Music from {name}"
        case AsInsert():
            clip = f"u-{secrets.token_hex(4)}"
            return InsertClip(at=use.at, id=clip, asset=asset, length_frames=use.length_frames), f"New shot from {name}"
        case _:
            assert_never(use)


def _refused(number: int, why: str) -> dict[str, Any]:
    return {"type": "refused", "id": number, "message": why}
