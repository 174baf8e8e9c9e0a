"""Photos and clips that others made: found by words, each shown once in a film, with its maker's name kept."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from storyreel.airlock import FORMATS, Unsafe, look_at_media
from storyreel.errors import BadAnswer, ProviderRefused
from storyreel.memo.ledger import Charged, request_id
from storyreel.memo.paying import credit_last, paying
from storyreel.providers.contracts import SceneDescription
from storyreel.providers.pictures import cut_to_shape, is_whole_picture
from storyreel.providers.transport import Call, Expired, Lost, Reply, Vendor, download, kind_of
from storyreel.providers.transport.buying import patiently
from storyreel.providers.transport.http import exchange
from storyreel.providers.transport.pace import Turn

SUBJECT_WORDS, AROUND_WORDS = 4, 2
WIDTHS = (SUBJECT_WORDS + AROUND_WORDS, 3, 2)
A_PAGE = 40
MOST_PAGES = 3
# Room for a camera that moves over the picture.
LARGEST_SCALE = 1.25
SMALLEST_SCALE = 0.6
SPARE_S = 0.5
LARGEST_PHOTO_BYTES = 48 * 2**20
LARGEST_CLIP_BYTES = 256 * 2**20
_JPEG_QUALITY = 95
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_UNSAID = (
    "a an the this that these those and or but nor so of in on at to from by with without for over under into onto "
    "off out up down through across along around between behind before after above below near beside as is are was "
    "were be been being has have had do does did will would can could may might must should not no it its he she "
    "they we you i his her their our your my him them us me who whom whose which what where when while then than "
    "there here very more most some any each all both one two three first last just only still again against toward "
    "towards until upon about like"
)
_OF_FILMS = (
    "shot shots camera angle close-up closeup wide medium frame framing scene view lens focus cinematic photoreal "
    "photorealistic realistic style detailed lighting lit mood composition render illustration painting picture "
    "image photo photograph foreground background depth field"
)
_TELLS_NOTHING = frozenset(f"{_UNSAID} {_OF_FILMS}".split())


class Find(BaseModel, frozen=True):
    """A photo or a clip that a search brought.

    Attributes:
        id: as the vendor names it.
        url: of its file.
        credit: whom to name for it.
        width_px, height_px, duration_s: of that file.
    """

    id: str
    url: str
    credit: str
    width_px: int
    height_px: int
    duration_s: float = 0.0

    def covers(self, width_px: int, height_px: int) -> bool:
        """Whether it fills a picture of that size without being blown up much."""
        return self.width_px >= SMALLEST_SCALE * width_px and self.height_px >= SMALLEST_SCALE * height_px


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of thing at one vendor.

    Attributes:
        model: its name ("photos").
        kind: what a file must be: "image" or "video".
        search: the call that asks for a page (from 1) of what there is for some words.
        finds: what an answer to that holds, best first.
    """

    vendor: Vendor
    model: str
    kind: str
    search: Callable[[str, int], Call]
    finds: Callable[[Reply], Sequence[Find]]


def search_words(prompt: str, scene: SceneDescription | None) -> list[str]:
    """What to search for, the most telling first: what is seen, then where. Names of people in a story say nothing."""
    subject, around = (scene.subject, scene.environment) if scene is not None else (prompt, "")
    people = [word for look in (scene.cast if scene is not None else ()) for word in _telling(look)[:1]]
    seen = [word for word in _WORD.findall(subject) if not (people and word[0].isupper())]
    words = [*dict.fromkeys([*people, *_telling(" ".join(seen))])][:SUBJECT_WORDS]
    return [*dict.fromkeys([*words, *_telling(around)[:AROUND_WORDS]])] or _telling(prompt)[:SUBJECT_WORDS]


def _telling(text: str) -> list[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return [*dict.fromkeys(word for word in words if len(word) > 1 and word not in _TELLS_NOTHING)]


def take(
    shelf: Shelf,
    words: Sequence[str],
    *,
    seed: int,
    size: tuple[int, int],
    rank: Callable[[Sequence[Find]], Iterable[Find]],
    finish: Callable[[bytes], bytes],
) -> bytes:
    """Find something, fetch it, and keep it with its maker's name; the kept one from then on.

    Within a project nothing is taken twice: another request, or another seed, gets the next that fits. Outside of one,
    the seed picks.

    Args:
        rank: puts the finds that will do in order.
        finish: checks a file and makes of it what is kept; it raises ValueError if the file is damaged.

    Raises:
        ProviderRefused: there is nothing for these words.
    """
    vendor, first = shelf.vendor, shelf.search(" ".join(words[: WIDTHS[0]]), 1)
    # Another size is another request for the same picture.
    by = request_id(vendor.name, first.path, json.dumps(first.known_by).encode(), (), seed)

    def choices() -> Iterator[Find]:
        place = paying()
        for found in _pages(shelf, words):
            fitting = [*rank(found)]
            if place is None and fitting:
                yield fitting[seed % len(fitting)]
            elif place is not None:
                # A claim is made for good, so only when the one before could not be had.
                yield from (find for find in fitting if place.ledger.claim(f"{vendor.name}/{shelf.kind}/{find.id}", by))

    def send(turn: Turn) -> Charged:
        for find in choices():
            try:
                fetched = download(vendor, find.url, (shelf.kind,), largest_bytes=_largest(shelf.kind))
            except (Expired, BadAnswer):
                continue
            turn.leave()
            try:
                data = finish(fetched)
            except ValueError as error:
                raise Lost(vendor.name, f"what was fetched is damaged: {error}") from None
            return Charged(find.model_dump_json().encode() + b"\n" + data, Decimal(0), shelf.model, find.id)
        raise ProviderRefused(
            vendor.name, f"there is nothing left for {' '.join(words)!r}: change the words of the picture"
        )

    def once(turn: Turn) -> bytes:
        place = paying()
        if place is None:
            warnings.warn(
                f"{vendor.name} is asked outside of a project: nothing remembers what was taken before, "
                "so the same may come again",
                UserWarning,
                stacklevel=6,
            )
            turn.take()
            return send(turn).data
        body = json.dumps({"search": first.known_by, "size": size}).encode()
        return place.ledger.ask(
            vendor.name, first.path, body, lambda: send(turn), take=seed, expected_usd=Decimal(0), suffix=".stock",
            model=shelf.model, in_turn=turn.take,
        )  # fmt: skip

    head, _, data = patiently(vendor, once).partition(b"\n")
    credit_last(Find.model_validate_json(head).credit)
    return data


def _largest(kind: str) -> int:
    return LARGEST_PHOTO_BYTES if kind == "image" else LARGEST_CLIP_BYTES


def _pages(shelf: Shelf, words: Sequence[str]) -> Iterator[Sequence[Find]]:
    """Pages of what there is, for all the words first, then for fewer of them."""
    asked: set[str] = set()
    for width in WIDTHS:
        query = " ".join(words[:width])
        if not query or query in asked:
            continue
        asked.add(query)
        for page in range(1, MOST_PAGES + 1):
            found = shelf.finds(exchange(shelf.vendor, shelf.search(query, page), model=shelf.model, reused=True))
            yield found
            if len(found) < A_PAGE:
                break


def fitted_picture(data: bytes, width_px: int, height_px: int) -> bytes:
    """The middle of a picture in the shape asked for, of at most one and a quarter the size, upright.

    Raises:
        ValueError: it is damaged.
    """
    from PIL import Image, ImageOps

    if not is_whole_picture(data):
        raise ValueError("it is not a whole picture")
    with Image.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened)
        changed = upright.size != opened.size
    most_px = (round(width_px * LARGEST_SCALE), round(height_px * LARGEST_SCALE))
    scale = max(most_px[0] / upright.width, most_px[1] / upright.height)
    if scale < 1:
        size = (round(upright.width * scale), round(upright.height * scale))
        upright, changed = upright.resize(size, Image.Resampling.LANCZOS), True
    if changed:
        kept = io.BytesIO()
        upright.convert("RGB").save(kept, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        data = kept.getvalue()
    return cut_to_shape(data, width_px, height_px)


def beginning(data: bytes, duration_s: float) -> bytes:
    """The first so many seconds of a clip (half a second more, to be cut), without its sound, as an MP4.

    The pictures are taken over as they are.

    Raises:
        ValueError: it is damaged.
    """
    import av

    if kind_of(data) != "video":
        raise ValueError("it is no video")
    kept = io.BytesIO()
    allowed = {"format_whitelist": FORMATS}
    try:
        look_at_media(data)
        with av.open(io.BytesIO(data), "r", options=allowed) as source, av.open(kept, "w", format="mp4") as copy:
            if not source.streams.video:
                raise ValueError("it holds no pictures")
            stream = source.streams.video[0]
            target = copy.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is None:
                    continue
                if packet.dts * packet.time_base > duration_s + SPARE_S:
                    break
                packet.stream = target
                copy.mux(packet)
        with av.open(io.BytesIO(kept.getvalue()), "r") as copy_read:
            if not sum(1 for _ in copy_read.decode(video=0)):
                raise ValueError("it holds no pictures")
    except Unsafe as error:
        raise ValueError(error.reason) from None
    except av.FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from None
    return kept.getvalue()


def long_enough(finds: Iterable[Find], duration_s: float) -> list[Find]:
    """Those that last so long, as they come; then the others, the longest first."""
    listed = list(finds)
    enough = [find for find in listed if find.duration_s >= duration_s]
    return enough + sorted((find for find in listed if find.duration_s < duration_s), key=lambda find: -find.duration_s)


def best_file(files: Iterable[tuple[str, int, int]], width_px: int, height_px: int) -> tuple[str, int, int] | None:
    """Of one clip's files, as (url, width_px, height_px), the smallest that fills a picture of that size, else the
    largest; None if there is none."""
    ordered = sorted((file for file in files if file[0]), key=lambda file: file[1] * file[2])
    enough = (file for file in ordered if file[1] >= width_px and file[2] >= height_px)
    return next(enough, ordered[-1] if ordered else None)
