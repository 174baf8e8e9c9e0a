"""The offline animator: a clip that moves from one picture to another, never a cross-fade.

Two pictures of one painted place are joined by the camera's own way through its layers: near things move more than far
ones, people walk or breathe, rain falls, water rolls; where the light has changed it changes over the same, unmoved
shapes. Between pictures of which nothing is known, every part is moved along its dense motion (see `travel.inbetween`).

The clip is encoded as a film's own pieces are, in closed groups, the last picture a group of its own: it is
joined into a film by copying. The first frame is the first picture and the last frame the last.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from storyreel.clock import Rate
from storyreel.codec import GROUP_S, X264, clip_options, set_up_picture
from storyreel.errors import ProviderError, ProviderRefused
from storyreel.providers.contracts import AnimationRequest

if TYPE_CHECKING:
    from storyreel.providers.offline.travel.pictures import Pixels

LONGEST_S = 60.0

_NAME = "offline animator"
_SETTLE_S = 0.4
_SUN_SHARE = 0.16
Moment = Callable[[float], "Pixels"]


def _ignore(done: float) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class OfflineAnimator:
    """An `Animator` that needs no key and no network; the same request gives the same clip on one machine."""

    travels: ClassVar[bool] = True

    @property
    def identity(self) -> str:
        """Vendor, model and options."""
        return "offline/animator/1"

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = _ignore) -> bytes:
        """The clip as MP4: H.264, without sound, exactly as many frames as the duration asked for.

        Without a last picture the clip moves on to what the offline predictor sees ahead.

        Raises:
            ProviderRefused: a picture cannot be read, a size is odd, or the duration is not above 0 or over a minute.
        """
        count = round(request.duration_s * request.frames_per_s)
        if count < 1 or request.duration_s > LONGEST_S:
            raise ProviderRefused(
                _NAME, f"a clip of {request.duration_s} s cannot be made: ask for up to {LONGEST_S:.0f} s"
            )
        if request.width_px % 2 or request.height_px % 2:
            raise ProviderRefused(
                _NAME, f"a clip of {request.width_px} x {request.height_px} pixels cannot be made: give even sizes"
            )
        return _encoded(_moments(request), count, request, on_progress)


def _moments(request: AnimationRequest) -> Moment:
    """The clip's picture at a share of its way, whose ends are the pictures given."""
    import numpy as np

    from storyreel.providers.contracts import PredictionRequest
    from storyreel.providers.offline.predictor import OfflinePredictor
    from storyreel.providers.offline.travel.inbetween import InBetween
    from storyreel.providers.offline.travel.pictures import decoded, fitted
    from storyreel.providers.offline.travel.sight import sight_of

    size = request.width_px, request.height_px
    last_frame = request.last_frame
    if last_frame is None:
        ahead = PredictionRequest(
            prompt=request.prompt, frame=request.first_frame, ahead_s=request.duration_s, width_px=size[0],
            height_px=size[1], scene=request.scene, seed=request.seed,
        )  # fmt: skip
        last_frame = OfflinePredictor().predict(ahead).frame
    first, last = (fitted(decoded(frame, _NAME), *size) for frame in (request.first_frame, last_frame))
    start, end = sight_of(request.first_frame), sight_of(last_frame)
    if start is None or end is None or start.world != end.world or end.standpoint.at_s <= start.standpoint.at_s:
        return InBetween(first, last).at

    from storyreel.providers.offline.travel.path import between
    from storyreel.providers.offline.travel.world import world_of

    one, other = world_of(start), world_of(end)

    def seen(share: float) -> Pixels:
        where = between(start.standpoint, end.standpoint, share)
        picture = one.view(where, *size)
        if other is one:
            return picture
        return _relit(picture, other.view(where, *size), share)

    # What the pictures given have beyond what is seen here, such as grain, settles within the first and last moments.
    beyond_first = first.astype(np.int16) - seen(0.0)
    beyond_last = last.astype(np.int16) - seen(1.0)
    settle = min(0.5, _SETTLE_S / request.duration_s)

    def moment(share: float) -> Pixels:
        picture = seen(share)
        for beyond, away in ((beyond_first, share), (beyond_last, 1.0 - share)):
            if away < settle and beyond.any():
                left = np.float32(1.0 - away / settle)
                picture = np.clip(np.rint(picture + beyond * left), 0, 255).astype(np.uint8)
        return picture

    return moment


def _relit(going: Pixels, coming: Pixels, share: float) -> Pixels:
    """The same place from the same standpoint, from one light to another: no shape of the place is doubled.

    What shines only in the light that goes fades before the middle, what shines only in the one that comes appears
    after it: a sun and a moon are never in the sky together.
    """
    import cv2
    import numpy as np

    height, width = going.shape[:2]
    small = max(8, width // 4), max(8, height // 4)
    levels = [
        cv2.cvtColor(cv2.resize(each, small, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY).astype(np.float32)
        for each in (going, coming)
    ]
    # Larger than any sun, so that only what is larger still is left of a brightness when it is opened.
    side = round(max(small) * _SUN_SHARE) | 1
    sun = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    pictures = []
    for picture, own, other, out in (
        (going, levels[0], levels[1], min(1.0, share / 0.45)),
        (coming, levels[1], levels[0], min(1.0, (1 - share) / 0.45)),
    ):
        shining = cv2.morphologyEx(np.clip(own - other, 0, None), cv2.MORPH_TOPHAT, sun)
        taken = cv2.resize(np.asarray(shining * np.float32(out), np.float32), (width, height))
        grey = np.clip(np.rint(taken), 0, 255).astype(np.uint8)
        pictures.append(cv2.subtract(picture, cv2.merge([grey, grey, grey])))
    come = share * share * (3 - 2 * share)
    return np.asarray(cv2.addWeighted(pictures[0], 1 - come, pictures[1], come, 0), np.uint8)


def _encoded(moment: Moment, count: int, request: AnimationRequest, on_progress: Callable[[float], None]) -> bytes:
    """Every frame drawn and encoded one after the other; only packets are kept."""
    import av
    from av.video.frame import PictureType
    from av.video.reformatter import Colorspace

    rate = Rate(num=request.frames_per_s)
    file = io.BytesIO()
    try:
        with av.open(file, "w", format="mp4") as container:
            stream: Any = container.add_stream(X264, rate=rate.fps)
            set_up_picture(stream.codec_context, request.width_px, request.height_px, rate)
            stream.codec_context.options = clip_options()
            for index in range(count):
                # A lone frame is the first picture.
                picture = moment(index / (count - 1) if count > 1 else 0.0)
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(
                    format="yuv420p", src_colorspace=Colorspace.ITU709, dst_colorspace=Colorspace.ITU709,
                    src_color_range="JPEG", dst_color_range="MPEG", threads=1,
                )  # fmt: skip
                frame.pts, frame.time_base = index, Fraction(1, request.frames_per_s)
                opens_group = index % (GROUP_S * request.frames_per_s) == 0 or index == count - 1
                frame.pict_type = PictureType.I if opens_group else PictureType.NONE
                container.mux(stream.encode(frame))
                on_progress((index + 1) / count)
            container.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise ProviderError(_NAME, f"the clip could not be encoded: {error}") from error
    return file.getvalue()
