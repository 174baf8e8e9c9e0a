"""The offline painter: atmospheric landscape illustrations and interiors, drawn from a scene's words without a network.

It works from back to front: sky, light, land, buildings, things, people, weather. `reading` turns free text into a
`SceneSpec`, `compose` paints it, `layers` paints it so that a camera can move through it, `finish` gives it the look of a
cartoon, an anime still or a render where the prompt asks for one. Heavy libraries load with the first picture, not with
this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from storyreel.errors import InputError
from storyreel.providers.contracts import ImageRequest

# Raise when the same request gives another picture, so that remembered pictures are made again.
_VERSION = 5


@dataclass(frozen=True, slots=True)
class OfflinePainter:
    """An `ImageModel` that paints by itself; the same request always gives the same bytes on one machine.

    It keeps no state between pictures and may be used from many threads.
    """

    travels: ClassVar[bool] = True
    sketches: ClassVar[bool] = True
    """A small picture shows the same as the large one, for a tenth of its time."""

    @property
    def identity(self) -> str:
        """Vendor, model and options."""
        return f"offline/painter/{_VERSION}"

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, which tells in a text chunk what it was painted from (see `travel.sight`).

        Raises:
            InputError: the size asked for is odd or too small to compose in.
        """
        import cv2
        import numpy as np

        from storyreel.providers.offline.painter.compose import paint
        from storyreel.providers.offline.painter.finish import finish_of
        from storyreel.providers.offline.painter.reading import read
        from storyreel.providers.offline.painter.seeds import seed_of
        from storyreel.providers.offline.travel.sight import Sight, with_sight
        from storyreel.providers.offline.travel.world import world_of

        if request.width_px < 128 or request.height_px < 128:
            raise InputError(
                f"the offline painter needs at least 128 x 128 pixels, not {request.width_px} x {request.height_px}: ask for a larger picture"
            )
        sight = Sight(world=request)
        if finish_of(request.prompt) is None:
            rgb = paint(read(request), request.width_px, request.height_px, seed_of(request))
        else:
            rgb = world_of(sight).view(sight.standpoint, request.width_px, request.height_px)
        done, data = cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        assert done
        return with_sight(data.tobytes(), sight)
