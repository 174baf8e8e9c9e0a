"""How far an upload has come, kept in the project, so that one that was killed goes on: uploads/DIGEST.json.

It holds no key, no password and no signed link; Google's `upload_id` lets whoever has it go on with this one upload
for a week, so these files stay on this machine: they go into no project's ZIP.
"""

from __future__ import annotations

import hashlib
import threading

from pydantic import BaseModel, ValidationError

from storyreel.project import Project, make_private_folder, write_text_atomically


class Part(BaseModel, frozen=True, extra="forbid"):
    """A part that the service has taken.

    Attributes:
        number: from 1.
        md5: of its bytes, lowercase hexadecimal.
        etag: the service's name for it.
    """

    number: int
    md5: str
    etag: str


class UploadState(BaseModel, frozen=True, extra="forbid"):
    """An upload under way.

    Attributes:
        target: where it goes.
        endpoint: the service, "" for the target's usual one.
        file: the file's name in the project.
        sha256, size_bytes: of the file.
        upload_id: the service's name for a multi-part upload; "" for a file that grows.
        part_bytes: how large its parts are.
        parts: those that the service has taken.
        taken_bytes: of one that grows: how much of its beginning is known to be there.
    """

    target: str
    endpoint: str = ""
    file: str
    sha256: str
    size_bytes: int
    upload_id: str = ""
    part_bytes: int = 0
    parts: tuple[Part, ...] = ()
    taken_bytes: int = 0


class KeptState:
    """An upload's state on disk; safe for threads."""

    def __init__(self, project: Project, target: str, endpoint: str, file: str) -> None:
        name = hashlib.sha256(f"{target}\n{endpoint}\n{file}".encode()).hexdigest()[:24]
        self._path = project.path(f"uploads/{name}.json")
        self._lock = threading.Lock()

    def read(self) -> UploadState | None:
        """What was kept, None where there is nothing or nothing that can be read: then all is sent anew."""
        try:
            return UploadState.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return None

    def keep(self, state: UploadState) -> UploadState:
        """Write it so that a crash leaves the old one or the new."""
        with self._lock:
            make_private_folder(self._path.parent)
            write_text_atomically(self._path, state.model_dump_json(indent=1) + "\n")
        return state

    def add(self, part: Part) -> None:
        """Note a part that the service has taken."""
        with self._lock:
            state = self.read()
            if state is not None:
                others = tuple(other for other in state.parts if other.number != part.number)
                changed = state.model_copy(update={"parts": (*others, part)})
                write_text_atomically(self._path, changed.model_dump_json(indent=1) + "\n")

    def forget(self) -> None:
        """The upload is done, or begins anew."""
        with self._lock:
            self._path.unlink(missing_ok=True)
            for half_written in self._path.parent.glob(f".{self._path.name}.*"):  # by a run that was killed
                half_written.unlink(missing_ok=True)
