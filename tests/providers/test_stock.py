"""Photos and clips from stock: found by words, shown once, with their makers' names."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise

import av
import pytest
from PIL import Image

from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.vendors import pexels as pexels_wire
from loopback.vendors import pixabay as pixabay_wire
from loopback.wire import KEY
from storyreel.errors import KeyRefused, ProviderRefused
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import Receipt, paying_from
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest, SceneDescription
from storyreel.providers.services.pexels import PexelsPhotos, clips_from_wire, photos_from_wire
from storyreel.providers.services.pixabay import PixabayPhotos
from storyreel.providers.stock import Find, beginning, best_file, fitted_picture, long_enough, search_words
from storyreel.providers.transport import Reply

PROMPT = "An old lantern on the cliff"


@pytest.fixture(autouse=True)
def _vendors(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    for vendor in ("PEXELS", "PIXABAY"):
        monkeypatch.setenv(f"{vendor}_API_KEY", KEY)
        monkeypatch.setenv(f"STORYREEL_{vendor}_BASE_URL", server.url)


def draw(project: Project, seed: int, width_px: int = 1000, prompt: str = PROMPT) -> Receipt:
    """Draw as a new process would, and give the receipt."""
    with paying_from(ledger_of(project), "illustrate") as place:
        PexelsPhotos().draw(ImageRequest(prompt=prompt, width_px=width_px, height_px=width_px * 9 // 16, seed=seed))
    return place.receipts[-1]


# ---- once


def test_a_film_shows_no_photo_twice(server: Loopback, project: Project) -> None:
    pexels_wire.serve_photos(server)
    assert [draw(project, 1).request, draw(project, 2).request] == ["11", "12"]
    assert draw(project, 1, prompt="A lantern at sea").request == "13"  # other words that find the same
    with pytest.raises(ProviderRefused, match="nothing left for 'old lantern cliff'"):
        draw(project, 4)


def test_not_even_when_many_are_drawn_at_once(server: Loopback, project: Project) -> None:
    photos = [pexels_wire.photo(server, number) for number in range(1, 9)]
    server.on("GET", pexels_wire.PHOTOS, lambda request: pexels_wire.page("photos", photos))
    pexels_wire.deliver(server, picture(360, 240), "image/png")
    together = threading.Barrier(8)

    def one(seed: int) -> str:
        together.wait()
        return draw(project, seed).request

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(8))) == sorted(str(number) for number in range(1, 9))


def test_the_same_picture_in_another_size_is_the_same_photo(server: Loopback, project: Project) -> None:
    pexels_wire.serve_photos(server)
    assert draw(project, 1).request == draw(project, 1, width_px=500).request == "11"
    assert draw(project, 2).request == "12"


def test_a_photo_that_is_gone_makes_room_for_the_next(server: Loopback, project: Project) -> None:
    pexels_wire.serve_photos(server)
    server.script("GET", pexels_wire.RESULT, Answer(b"", 404))
    assert draw(project, 1).request == "12"


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/x", "file:///etc/passwd", "https://10.0.0.7/x", "nonsense"]
)
def test_no_photo_is_fetched_from_where_none_may_be(server: Loopback, project: Project, address: str) -> None:
    wrong = {**pexels_wire.photo(server, 11), "src": dict.fromkeys(("original", "large2x", "medium"), address)}
    server.on("GET", pexels_wire.PHOTOS, lambda request: pexels_wire.page("photos", [wrong]))
    with pytest.raises(ProviderRefused, match="nothing left"):
        draw(project, 1)
    assert server.asked("GET", pexels_wire.RESULT) == []


def test_fewer_words_are_tried_before_it_gives_up(server: Loopback, project: Project) -> None:
    def search(request: Request) -> Answer:
        few = len(request.query["query"].split()) <= 2
        return pexels_wire.page("photos", [pexels_wire.photo(server, 31)] if few else [])

    server.on("GET", pexels_wire.PHOTOS, search)
    pexels_wire.deliver(server, picture(360, 240), "image/png")
    assert draw(project, 1).request == "31"
    assert [request.query["query"] for request in server.asked("GET", pexels_wire.PHOTOS)] == [
        "old lantern cliff",
        "old lantern",
    ]


def test_outside_of_a_project_the_seed_picks(server: Loopback) -> None:
    pexels_wire.serve_photos(server)
    with pytest.warns(UserWarning, match="the same may come again"):
        PexelsPhotos().draw(ImageRequest(prompt=PROMPT, seed=4))
    assert [request.path for request in server.asked("GET", "/delivery/.*")] == ["/delivery/photo-12-large2x"]


# ---- whose they are


def test_whoever_made_it_is_named_when_it_is_fetched_and_ever_after(server: Loopback, project: Project) -> None:
    pexels_wire.serve_photos(server)
    credit = "Photo by Ansel on Pexels, https://www.pexels.com/photo/11/"
    assert (draw(project, 1).credit, draw(project, 1).credit) == (credit, credit)
    pixabay_wire.serve_photos(server)
    with paying_from(ledger_of(project), "illustrate") as place:
        PixabayPhotos().draw(ImageRequest(prompt=PROMPT))
    assert place.receipts[-1].credit == "Image by Ansel on Pixabay, https://pixabay.com/photos/lantern-11/"


# ---- which


@pytest.mark.parametrize(
    ("subject", "environment", "cast", "words"),
    [
        ("Waves break over the black rocks", "a storm-beaten coast at night", (),
         ["waves", "break", "black", "rocks", "storm-beaten", "coast"]),
        ("Mara trims the lamp", "the round lamp room", ("a woman of sixty in a long blue coat",),
         ["woman", "trims", "lamp", "round"]),
        ("Wide shot of Paris, cinematic lighting", "", (), ["paris"]),
        ("", "", (), ["old", "lantern", "cliff"]),
    ],
)  # fmt: skip
def test_what_is_seen_is_searched_for_and_no_names_of_people(
    subject: str, environment: str, cast: tuple[str, ...], words: list[str]
) -> None:
    assert search_words(PROMPT, SceneDescription(subject=subject, environment=environment, cast=cast)) == words


def reply(body: Answer) -> Reply:
    return Reply("pexels", 200, {}, body.data)


def test_the_smaller_file_is_taken_where_it_is_enough(server: Loopback) -> None:
    answer = reply(pexels_wire.page("photos", [pexels_wire.photo(server, 5)]))
    (small,) = photos_from_wire(answer, 1920, 1080)
    assert (small.url.rpartition("-")[2], small.width_px, small.height_px) == ("large2x", 1880, 1253)
    (large,) = photos_from_wire(answer, 3840, 2160)
    assert (large.url.rpartition("-")[2], large.width_px) == ("original", 6000)
    (clip_found,) = clips_from_wire(reply(pexels_wire.page("videos", [pexels_wire.video(server, 6)])), 1280, 720)
    assert (clip_found.url.rpartition("-")[2], clip_found.duration_s) == ("hd", 12)


def test_a_photo_that_is_far_too_small_is_passed_over(server: Loopback, project: Project) -> None:
    photos = [pexels_wire.photo(server, 1, 500, 300), pexels_wire.photo(server, 2)]
    server.on("GET", pexels_wire.PHOTOS, lambda request: pexels_wire.page("photos", photos))
    pexels_wire.deliver(server, picture(360, 240), "image/png")
    assert draw(project, 1).request == "2"


def test_of_a_clips_files_the_smallest_that_is_enough_else_the_largest() -> None:
    files = [("", 0, 0), ("hd", 1920, 1080), ("4k", 3840, 2160), ("sd", 640, 360)]
    assert best_file(files, 1280, 720) == ("hd", 1920, 1080)
    assert best_file(files, 7680, 4320) == ("4k", 3840, 2160)
    assert best_file([("", 0, 0)], 64, 64) is None


def test_clips_that_last_come_first() -> None:
    finds = [
        Find(id=str(number), url="", credit="", width_px=1, height_px=1, duration_s=duration_s)
        for number, duration_s in enumerate((2, 9, 4, 7))
    ]
    assert [find.duration_s for find in long_enough(finds, 5)] == [9, 7, 4, 2]


# ---- what is kept of them


@pytest.mark.parametrize(("asked", "has"), [((160, 90), (200, 112)), ((300, 300), (240, 240)), ((90, 160), (112, 200))])
def test_a_photo_is_cut_and_made_smaller_but_never_stretched(asked: tuple[int, int], has: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(fitted_picture(picture(360, 240, kind="JPEG"), *asked))) as kept:
        assert abs(kept.width - has[0]) <= 1
        assert abs(kept.height - has[1]) <= 1


def test_a_photo_on_its_side_is_put_upright() -> None:
    sideways, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(picture(120, 80))) as image:
        image.save(sideways, "JPEG", exif=exif)
    with Image.open(io.BytesIO(fitted_picture(sideways.getvalue(), 80, 120))) as kept:
        assert (kept.width, kept.height) == (80, 120)
        assert not kept.getexif()


def test_only_the_beginning_of_a_clip_is_kept_and_it_decodes_to_its_end() -> None:
    with av.open(io.BytesIO(beginning(clip(frames=25), 0.2))) as container:
        frames = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert frames[0] == 0
    assert len(frames) < 25
    assert all(later - earlier == Fraction(1, 24) for earlier, later in pairwise(frames[:5]))


@pytest.mark.parametrize("data", [b"", clip()[:300], picture()])
def test_what_is_no_clip_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        beginning(data, 1.0)


# ---- Pixabay's sentences


def test_a_key_that_pixabay_refuses_in_a_sentence_is_told_as_such(server: Loopback, project: Project) -> None:
    server.on("GET", pixabay_wire.PHOTOS, lambda request: pixabay_wire.ERRORS["bad_key"])
    with paying_from(ledger_of(project), "illustrate"), pytest.raises(KeyRefused, match="PIXABAY_API_KEY"):
        PixabayPhotos().draw(ImageRequest(prompt=PROMPT))


def test_a_page_behind_the_last_is_no_error(server: Loopback, project: Project) -> None:
    def search(request: Request) -> Answer:
        if request.query["page"] != "1":
            return pixabay_wire.error(400, '"page" is out of valid range.')
        if len(request.query["q"].split()) > 2:
            return pixabay_wire.hits([dict(pixabay_wire.photo(server, 1), imageWidth=300, imageHeight=200)] * 40)
        return pixabay_wire.hits([pixabay_wire.photo(server, 2)])

    server.on("GET", pixabay_wire.PHOTOS, search)
    pixabay_wire.deliver(server, picture(360, 240), "image/png")
    with paying_from(ledger_of(project), "illustrate") as place:
        PixabayPhotos().draw(ImageRequest(prompt=PROMPT, width_px=1000, height_px=562))
    assert place.receipts[-1].request == "2"
