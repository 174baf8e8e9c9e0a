"""What a remembered file is called: by its content."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Blob(BaseModel, frozen=True, extra="forbid"):
    """A file in the store, named by what is in it.

    Attributes:
        sha256: the content's digest, lowercase hexadecimal.
        suffix: the file name's ending with its dot (".png"), so that other programs open it.
        size_bytes: the content's length.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    suffix: str = Field(pattern=r"^\.[a-z0-9]{1,8}$")
    size_bytes: int = Field(ge=0)
