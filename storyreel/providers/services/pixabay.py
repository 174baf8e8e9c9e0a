"""Pixabay's photos and clips as an `ImageModel` and an `Animator`: free, within a hundred searches a minute.

A clip from stock cannot begin on a given picture: it shows what the prompt speaks of. Files are fetched and kept, since
linking to them is not allowed, and who made them goes with the asset. The key is part of the address that is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from storyreel.errors import KeyRefused, ProviderError
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
from storyreel.providers.transport import Call, Reply, Vendor, scrub
from storyreel.providers.transport.lists import nothing_listed

PHOTOS, CLIPS = "photos", "videos"
LONGEST_QUERY = 100
_SQUARE = 1.2
# What everybody may have of a photo; larger files need an approved account.
_LARGE_PX = 1280

VENDOR = Vendor(
    name="pixabay",
    base_url="https://pixabay.com",
    key_variables=("PIXABAY_API_KEY",),
    key_query="key",
    models_path="/api/?q=lamp&per_page=3",
    models_told=nothing_listed,
    at_once=4,
    per_minute=100,
)


@dataclass(frozen=True, slots=True)
class PixabayPhotos:
    """Pixabay's photos as an `ImageModel`: the best for the prompt's words that the film does not show yet."""

    model: str = field(default=PHOTOS, init=False)

    @property
    def identity(self) -> str:
        """Vendor and kind."""
        return f"pixabay/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """Nothing."""
        return quote("pixabay", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """A photo as JPEG, in the shape asked for."""
        width_px, height_px = request.width_px, request.height_px
        shelf = Shelf(
            VENDOR,
            PHOTOS,
            "image",
            lambda words, page: search_call("/api/", words, page, width_px, height_px, image_type="photo"),
            photos_from_wire,
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
class PixabayClips:
    """Pixabay's clips as an `Animator`: the best for the prompt's words that the film does not show yet."""

    model: str = field(default=CLIPS, init=False)

    @property
    def identity(self) -> str:
        """Vendor and kind."""
        return f"pixabay/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """Nothing."""
        return quote("pixabay", self.model, usage)

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The beginning of a clip as an MP4, in its own size and at its own rate. It begins on no given picture."""
        width_px, height_px = request.width_px, request.height_px
        shelf = Shelf(
            VENDOR,
            CLIPS,
            "video",
            lambda words, page: search_call("/api/videos/", words, page, width_px, height_px, video_type="film"),
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


def search_call(path: str, words: str, page: int, width_px: int, height_px: int, **more: str) -> Call:
    """GET a page of a search. Errors come with status 400 and a sentence, a refused key among them."""
    query = {"q": words[:LONGEST_QUERY], "safesearch": "true", "per_page": str(A_PAGE), "page": str(page), **more}
    square = max(width_px, height_px) < _SQUARE * min(width_px, height_px)
    if "image_type" in more and not square:
        query["orientation"] = "horizontal" if width_px > height_px else "vertical"
    return Call(path, method="GET", query=query, timeout_s=30.0, also_read=frozenset({400}))


def _is_end(reply: Reply) -> bool:
    """Whether there is no such page; raises what else the service says instead of an answer."""
    if reply.status != 400:
        return False
    said = " ".join(scrub(reply.data[:300].decode("utf-8", "replace")).split()).rstrip(".")
    if "key" in said.lower():
        raise KeyRefused("pixabay", f"the key is not accepted ({said}): check PIXABAY_API_KEY, then run again")
    if "out of valid range" in said:
        return True
    raise ProviderError("pixabay", f"the request was not accepted ({said})")


class _Photo(BaseModel):
    id: int
    pageURL: str  # noqa: N815
    user: str
    largeImageURL: str  # noqa: N815
    fullHDURL: str = ""  # noqa: N815
    imageURL: str = ""  # noqa: N815
    imageWidth: int  # noqa: N815
    imageHeight: int  # noqa: N815


class _Photos(BaseModel):
    hits: list[_Photo]


def photos_from_wire(reply: Reply) -> list[Find]:
    """The photos in an answer, each in the largest file that the account may have.

    Raises:
        KeyRefused, ProviderError: what the service says instead.
        Lost: it is none.
    """
    if _is_end(reply):
        return []
    finds = []
    for photo in reply.read_as(_Photos).hits:
        longest_px = max(photo.imageWidth, photo.imageHeight)
        url, most_px = next(
            (url, most_px)
            for url, most_px in (
                (photo.imageURL, longest_px),
                (photo.fullHDURL, 1920),
                (photo.largeImageURL, _LARGE_PX),
            )
            if url or most_px == _LARGE_PX
        )
        scale = min(1.0, most_px / longest_px)
        finds.append(
            Find(
                id=str(photo.id),
                url=url,
                credit=f"Image by {photo.user} on Pixabay, {photo.pageURL}",
                width_px=round(photo.imageWidth * scale),
                height_px=round(photo.imageHeight * scale),
            )
        )
    return finds


class _File(BaseModel):
    url: str = ""
    width: int = 0
    height: int = 0


class _Video(BaseModel):
    id: int
    pageURL: str  # noqa: N815
    user: str
    duration: float
    videos: dict[str, _File]


class _Videos(BaseModel):
    hits: list[_Video]


def clips_from_wire(reply: Reply, width_px: int, height_px: int) -> Sequence[Find]:
    """The clips in an answer, each in the smallest file that is enough; its largest is often missing.

    Raises:
        KeyRefused, ProviderError: what the service says instead.
        Lost: it is none.
    """
    if _is_end(reply):
        return []
    finds = []
    for video in reply.read_as(_Videos).hits:
        files = ((file.url, file.width, file.height) for file in video.videos.values())
        chosen = best_file(files, width_px, height_px)
        if chosen is not None:
            url, width, height = chosen
            credit = f"Video by {video.user} on Pixabay, {video.pageURL}"
            finds.append(
                Find(id=str(video.id), url=url, credit=credit, width_px=width, height_px=height,
                     duration_s=video.duration)
            )  # fmt: skip
    return finds
