"""Pexels' photos and clips as an `ImageModel` and an `Animator`: free, within so many searches an hour.

A clip from stock cannot begin on a given picture: it shows what the prompt speaks of. Whoever made what a film shows is
to be named; the name and the page go with the asset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.stock import (
    A_PAGE,
    Find,
    Shelf,
    beginning,
    best_file,
    fitted_picture,
    long_enough,
    search_words,
    take,
)
from storyreel.providers.transport import Call, Reply, Vendor
from storyreel.providers.transport.lists import nothing_listed

PHOTOS, CLIPS = "photos", "videos"
_SQUARE = 1.2
_LARGE_PX = (1880, 1300)

VENDOR = Vendor(
    name="pexels",
    base_url="https://api.pexels.com",
    key_variables=("PEXELS_API_KEY",),
    key_prefix="",
    models_path="/v1/search?query=lamp&per_page=1",
    models_told=nothing_listed,
    at_once=4,
)


@dataclass(frozen=True, slots=True)
class PexelsPhotos:
    """Pexels' photos as an `ImageModel`: the best for the prompt's words that the film does not show yet."""

    model: str = field(default=PHOTOS, init=False)

    @property
    def identity(self) -> str:
        """Vendor and kind."""
        return f"pexels/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """Nothing."""
        return quote("pexels", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """A photo as JPEG, in the shape asked for."""
        width_px, height_px = request.width_px, request.height_px
        shelf = Shelf(
            VENDOR,
            PHOTOS,
            "image",
            lambda words, page: search_call("/v1/search", words, page, width_px, height_px),
            lambda reply: photos_from_wire(reply, width_px, height_px),
        )
        return take(
            shelf,
            search_words(request.prompt, request.scene),
            seed=request.seed,
            size=(width_px, height_px),
            rank=lambda finds: [find for find in finds if find.covers(width_px, height_px)],
            finish=lambda data: fitted_picture(data, width_px, height_px),
        )


@dataclass(frozen=True, slots=True)
class PexelsClips:
    """Pexels' clips as an `Animator`: the best for the prompt's words that the film does not show yet."""

    model: str = field(default=CLIPS, init=False)

    @property
    def identity(self) -> str:
        """Vendor and kind."""
        return f"pexels/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """Nothing."""
        return quote("pexels", self.model, usage)

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The beginning of a clip as an MP4, in its own size and at its own rate. It begins on no given picture."""
        width_px, height_px = request.width_px, request.height_px
        shelf = Shelf(
            VENDOR,
            CLIPS,
            "video",
            lambda words, page: search_call("/v1/videos/search", words, page, width_px, height_px),
            lambda reply: clips_from_wire(reply, width_px, height_px),
        )
        return take(
            shelf,
            search_words(request.prompt, request.scene),
            seed=request.seed,
            size=(width_px, height_px),
            rank=lambda finds: long_enough(
                (find for find in finds if find.covers(width_px, height_px)), request.duration_s
            ),
            finish=lambda data: beginning(data, request.duration_s),
        )


def search_call(path: str, words: str, page: int, width_px: int, height_px: int) -> Call:
    """GET a page of a search, for pictures that lie as the one wanted does."""
    query = {"query": words, "orientation": _orientation(width_px, height_px), "per_page": str(A_PAGE)}
    return Call(path, method="GET", query=query | {"page": str(page)}, timeout_s=30.0)


def _orientation(width_px: int, height_px: int) -> str:
    if max(width_px, height_px) < _SQUARE * min(width_px, height_px):
        return "square"
    return "landscape" if width_px > height_px else "portrait"


class _Sources(BaseModel):
    original: str
    large2x: str = ""


class _Photo(BaseModel):
    id: int
    width: int
    height: int
    url: str
    photographer: str
    src: _Sources


class _Photos(BaseModel):
    photos: list[_Photo]


def photos_from_wire(reply: Reply, width_px: int, height_px: int) -> list[Find]:
    """The photos in an answer, each in its smaller file where that is enough.

    Raises:
        Lost: it is none.
    """
    finds = []
    for photo in reply.read_as(_Photos).photos:
        scale = min(1.0, _LARGE_PX[0] / photo.width, _LARGE_PX[1] / photo.height)
        small = (round(photo.width * scale), round(photo.height * scale))
        enough = bool(photo.src.large2x) and small[0] >= 0.9 * width_px and small[1] >= 0.9 * height_px
        finds.append(
            Find(
                id=str(photo.id),
                url=photo.src.large2x if enough else photo.src.original,
                credit=f"Photo by {photo.photographer} on Pexels, {photo.url}",
                width_px=small[0] if enough else photo.width,
                height_px=small[1] if enough else photo.height,
            )
        )
    return finds


class _File(BaseModel):
    file_type: str = ""
    width: int | None = None
    height: int | None = None
    link: str


class _User(BaseModel):
    name: str


class _Video(BaseModel):
    id: int
    duration: float
    url: str
    user: _User
    video_files: list[_File]


class _Videos(BaseModel):
    videos: list[_Video]


def clips_from_wire(reply: Reply, width_px: int, height_px: int) -> Sequence[Find]:
    """The clips in an answer, each in the smallest file that is enough.

    Raises:
        Lost: it is none.
    """
    finds = []
    for video in reply.read_as(_Videos).videos:
        mp4s = [(file.link, file.width or 0, file.height or 0) for file in video.video_files if "mp4" in file.file_type]
        chosen = best_file(mp4s, width_px, height_px)
        if chosen is not None:
            url, width, height = chosen
            credit = f"Video by {video.user.name} on Pexels, {video.url}"
            finds.append(
                Find(id=str(video.id), url=url, credit=credit, width_px=width, height_px=height,
                     duration_s=video.duration)
            )  # fmt: skip
    return finds
