"""Where the people of a painted picture are. The painter knows; whoever only looks at a rain-lit street may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyreel.providers.offline.travel.path import Standpoint
from storyreel.providers.offline.travel.sight import sight_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIDE_PX, _LEAST_PX = 320, 128


def people_in(picture: bytes) -> NDArray[np.float32] | None:
    """How much of each part of a picture is people, 0 to 1, shape (h, w), some 320 pixels wide.

    None where there are none, where the picture is not by the offline painter, or where its camera has moved on.
    """
    import numpy as np

    from storyreel.providers.offline.travel.world import world_of

    sight = sight_of(picture)
    if sight is None or sight.standpoint != Standpoint():
        return None
    asked = sight.world
    sides = asked.width_px, asked.height_px
    scale = min(1.0, max(_SIDE_PX / max(sides), _LEAST_PX / min(sides)))
    width, height = (max(_LEAST_PX, round(side * scale)) for side in sides)
    small = asked.model_copy(update={"width_px": width, "height_px": height})
    cast = world_of(sight.model_copy(update={"world": small})).layers.cast
    if cast is None:
        return None
    cut = cast.phases[0]
    found = np.zeros((height, width), np.float32)
    rows, columns = slice(cut.top, cut.top + cut.cover.shape[0]), slice(cut.left, cut.left + cut.cover.shape[1])
    found[rows, columns] = cut.cover[: height - cut.top, : width - cut.left].astype(np.float32) / 255
    return found if found.any() else None
