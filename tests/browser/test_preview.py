"""The studio's preview is what will be rendered: the page's canvas beside the renderer's own frames."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from rendered import box_of, drawn_frames, psnr_db, rgb_of, with_texts
from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import Store, store_of
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.render.overlay import Planes
from storyreel.render.page_media import page_clip, page_picture, page_thumb
from storyreel.render.text_fonts import FOLDER, SERIF
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Fit, Label, Motion, Rect, Timeline, Transition
from studio_page import BLOCK_SAMPLES, CHROMIUM, Site, served, state_of

SIZE = (960, 540)
CLIP_FRAMES, FADE_FRAMES = 30, 12
LEAST_PSNR_DB = 38.0
BOX_TOLERANCE_PX = 2.0
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
         "--disable-component-update", "--autoplay-policy=no-user-gesture-required")  # fmt: skip

NEAR = Rect(x=0.62, y=0.4, height=0.6)
TURNED = Rect(x=0.4, y=0.55, height=0.7, turn_deg=8)
PAINTED = {
    "storm": ("a lighthouse on a cliff in a storm, wide shot, night", 1920, 1080),
    "dunes": ("camels crossing dunes at sunset, wide shot", 1600, 900),
    "street": ("a street of a city at night in the rain, neon", 1080, 1350),
}
# (picture, motion, fit, how it comes in)
CLIPS = [
    ("storm", Motion(start=Rect(), end=NEAR), Fit(), Transition()),
    ("dunes", Motion(start=Rect(x=0.3, height=0.7), end=Rect(x=0.7, height=0.7), ease="linear"), Fit(), "dissolve"),
    ("street", Motion(start=Rect(), end=TURNED, ease="in"), Fit(), "fade_black"),
    ("storm", Motion(start=NEAR, end=Rect(), ease="out"), Fit(), "wipe"),
    ("street", Motion(start=Rect(), end=NEAR), Fit(kind="blur"), "slide"),
    ("dunes", Motion(start=TURNED, end=TURNED), Fit(), "push"),
    ("street", Motion(), Fit(kind="colour", colour="#4a2035"), "zoom"),
    ("storm", Motion(start=Rect(turn_deg=-6), end=Rect(x=0.45, height=0.8)), Fit(), "fade_white"),
]
SIDES = {"wipe": "right", "slide": "up", "push": "left"}
# Frames of the film above: the fade at its start, bodies, and every transition near its ends and its middle.
FRAMES = [3, 15, 26, 30, 34, 45, 56, 61, 75, 86, 89, 94, 105, 117, 119, 122, 135, 147, 150, 154, 165, 176, 181, 195,
          207, 212, 225, 236]  # fmt: skip
SPOKEN_FRAMES = [6, 11, 22, 75]
TEXT_FRAMES = [6, 20, 54, 82, 110, 137, 165, 195, 221]
PRESETS = ("documentary", "cinema", "short-form", "karaoke", "boxed", "pop")
WORDS = ["Somewhere past the dunes", "my father heard the sea,", "and said: “Wait for AV, Tom.”"]


@dataclass(frozen=True)
class Film:
    """Pictures in a project's store, and the timelines that show them."""

    project: Project
    assets: dict[str, Asset]

    @property
    def store(self) -> Store:
        return store_of(self.project)

    def timeline(self, captions: str = "none", **more: Any) -> Timeline:
        clips = tuple(
            Clip(
                id=f"s{index:04d}",
                asset=self.assets[picture],
                start_frame=index * CLIP_FRAMES,
                length_frames=CLIP_FRAMES,
                motion=motion,
                fit=fit,
                into=into
                if isinstance(into, Transition)
                else Transition(kind=into, length_frames=FADE_FRAMES, side=SIDES.get(into, "left")),
            )
            for index, (picture, motion, fit, into) in enumerate(CLIPS)
        )
        told = {
            "length_frames": CLIP_FRAMES * len(clips), "clips": clips, "cues": spoken(), "fade_in_frames": 8,
            "fade_out_frames": 8,
        }  # fmt: skip
        return Timeline(
            title="preview", rate=Rate(), width_px=SIZE[0], height_px=SIZE[1], captions=captions, **told | more
        )

    def media(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """A picture or a video as the kernel sends it."""
        asset = next((each for each in self.assets.values() if each.blob.sha256 == key), None)
        if asset is None or kind not in ("thumb", "picture", "clip"):
            return None
        if kind == "clip":
            return "video/mp4", self.store.read(page_clip(self.project, asset.blob))
        make = page_thumb if kind == "thumb" else page_picture
        return "image/jpeg", self.store.read(make(self.project, asset.kind, asset.blob))


def spoken() -> tuple[Cue, ...]:
    """A caption of one or two lines every two seconds, its words one after another."""
    cues = []
    for number in range(4):
        start = 5 + 60 * number
        words, at = [], start + 4
        for word in f"{WORDS[number % 3]} {WORDS[(number + 1) % 3]}".split():
            words.append(CueWord(text=word, start_frame=at, end_frame=at + 5))
            at += 6
        half = len(words) // 2
        cues.append(Cue(start_frame=start, length_frames=56, lines=(tuple(words[:half]), tuple(words[half:]))))
    return tuple(cues)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    project = Project("preview", tmp_path_factory.mktemp("film"))
    store = store_of(project)
    painter, assets = OfflinePainter(), {}
    for name, (prompt, width, height) in PAINTED.items():
        data = painter.draw(ImageRequest(prompt=prompt, width_px=width, height_px=height, seed=7))
        blob = store.put_bytes(data, ".png")
        assets[name] = Asset(
            kind="image", blob=blob, width_px=width, height_px=height, provenance=Provenance(provider="offline/painter")
        )
    return Film(project, assets)


@pytest.fixture(scope="module")
def site(film: Film) -> Iterator[tuple[Site, str]]:
    made = Site(film.media, SIZE)
    with served(made) as address:
        yield made, address


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    assert CHROMIUM, "Chromium is missing: `make test` installs it, or add it from the system's packages"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.on("pageerror", lambda error: pytest.fail(f"the page fails: {error}"))
        yield page
        browser.close()


def opened(page: Page, site: tuple[Site, str], timeline: Timeline) -> None:
    made, address = site
    made.state = state_of(timeline)
    page.goto(address)
    page.wait_for_function("window.studio?.timeline.value && document.querySelector('canvas')?.dataset.frame")


def shown(page: Page, frame: int, *, captions: bool = True) -> np.ndarray:
    """What the page's canvas shows of a frame once all of it is there, RGB."""
    width, height, data = page.evaluate(f"drawn({frame}, {str(captions).lower()})")
    pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
    return np.ascontiguousarray(pixels[..., :3])


@pytest.fixture(scope="module")
def pictures(film: Film) -> dict[int, Planes]:
    """The renderer's frames without texts, before they are encoded."""
    return drawn_frames(film.store, film.timeline(), {*FRAMES, *SPOKEN_FRAMES, *TEXT_FRAMES})


class Comparison:
    """Pairs of frames, measured; those that differ too much are kept beside each other for whoever looks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.psnr_db: dict[int, float] = {}

    def add(self, frame: int, ours: np.ndarray, theirs: np.ndarray) -> None:
        found = self.psnr_db[frame] = psnr_db(ours, theirs)
        if found < LEAST_PSNR_DB:
            off = np.clip(np.abs(ours.astype(int) - theirs) * 4, 0, 255).astype(np.uint8)
            Image.fromarray(np.vstack([ours, theirs, off])).save(self.folder / f"frame-{frame:03d}.png")

    def judge(self) -> None:
        print(json.dumps(self.psnr_db))
        assert min(self.psnr_db.values()) >= LEAST_PSNR_DB, f"{self.psnr_db}; see {self.folder}"


def test_motions_transitions_fits_and_fades_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, pictures: dict[int, Planes], tmp_path: Path
) -> None:
    opened(page, site, film.timeline())
    compared = Comparison(tmp_path)
    for frame in FRAMES:
        compared.add(frame, shown(page, frame), rgb_of(pictures[frame]))
    compared.judge()


@pytest.mark.parametrize("preset", PRESETS)
def test_captions_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, pictures: dict[int, Planes], preset: str, tmp_path: Path
) -> None:
    timeline = film.timeline(preset)
    opened(page, site, timeline)
    compared, off_px = Comparison(tmp_path), {}
    for frame in SPOKEN_FRAMES:
        ours, without = shown(page, frame), shown(page, frame, captions=False)
        theirs = with_texts(pictures[frame], timeline, frame)
        off_px[frame] = int(np.abs(box_of(ours, without) - box_of(theirs, rgb_of(pictures[frame]))).max())
        compared.add(frame, ours, theirs)
    compared.judge()
    assert max(off_px.values()) <= BOX_TOLERANCE_PX, off_px


def test_captions_in_a_font_of_the_users_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, pictures: dict[int, Planes], tmp_path: Path
) -> None:
    def set_in(font_file: str) -> Timeline:
        return film.timeline("documentary", caption_style=CaptionStyle(font_file=font_file, size=0.06))

    opened(page, site, set_in(SERIF))  # the page knows it by a key, the renderer by its path
    frame, timeline = SPOKEN_FRAMES[2], set_in(str(FOLDER / SERIF))
    ours, theirs = shown(page, frame), with_texts(pictures[frame], timeline, frame)
    off = box_of(ours, shown(page, frame, captions=False)) - box_of(theirs, rgb_of(pictures[frame]))
    compared = Comparison(tmp_path)
    compared.add(frame, ours, theirs)
    compared.judge()
    assert np.abs(off).max() <= BOX_TOLERANCE_PX, off


def test_cards_labels_and_other_scripts_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, pictures: dict[int, Planes], tmp_path: Path
) -> None:
    def cue(start: int, *lines: str) -> Cue:
        at = iter(range(start, start + 100, 4))
        rows = tuple(
            tuple(CueWord(text=word, start_frame=(first := next(at)), end_frame=first + 4) for word in line.split())
            for line in lines
        )
        return Cue(start_frame=start, length_frames=30, lines=rows)

    timeline = film.timeline(
        "documentary",
        cues=(cue(150, "سمع أبي البحر 42 مرة", "خلف الكثبان"), cue(180, "मेरे पिता ने समुद्र सुना", "Ελιάς, Ёлка"),
              cue(210, "ทะเลที่พ่อได้ยิน", "אבא שמע את הים")),
        cards=(Card(start_frame=0, length_frames=40, title="The Last Lighthouse", subtitle="Chapter one: the light"),),
        labels=(
            Label(start_frame=40, length_frames=28, text="Elias Marrow\nKeeper of the light since 1911"),
            Label(start_frame=68, length_frames=28, text="A note for the film,\nin two lines", preset="note"),
            Label(start_frame=96, length_frames=28, text="Cape Wrath, 1931", preset="corner"),
            Label(start_frame=124, length_frames=26, text="The desert", preset="title", scale=0.8),
        ),
    )  # fmt: skip
    opened(page, site, film.timeline())
    bare = {frame: shown(page, frame) for frame in TEXT_FRAMES}
    opened(page, site, timeline)
    compared, off_px = Comparison(tmp_path), {}
    for frame in TEXT_FRAMES:
        ours, theirs = shown(page, frame), with_texts(pictures[frame], timeline, frame)
        off_px[frame] = int(np.abs(box_of(ours, bare[frame]) - box_of(theirs, rgb_of(pictures[frame]))).max())
        compared.add(frame, ours, theirs)
    compared.judge()
    assert max(off_px.values()) <= BOX_TOLERANCE_PX, off_px


def video_of(film: Film, fps: int, named: bool) -> Asset:
    """Two seconds in which a painted dune runs by, 8 pixels a picture.

    Args:
        named: whether the file says that its colours are BT.709's; else a size of 540 lines has BT.601's.
    """
    painted = np.asarray(Image.open(film.store.path(film.assets["dunes"].blob)).convert("RGB"))
    matrix = "ITU709" if named else "ITU601"
    with film.store.new_file(".mp4") as path:
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "12"})
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
            if named:
                context: Any = stream.codec_context
                context.colorspace = context.color_primaries = context.color_trc = 1
            for number in range(2 * fps):
                cut = np.ascontiguousarray(painted[180 : 180 + SIZE[1], 8 * number : 8 * number + SIZE[0]])
                frame = av.VideoFrame.from_ndarray(cut, "rgb24")
                container.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace=matrix)))
            container.mux(stream.encode(None))
        blob = film.store.put_file(path, ".mp4")
    return Asset(
        kind="video", blob=blob, width_px=SIZE[0], height_px=SIZE[1], duration_s=2.0,
        provenance=Provenance(provider="own"),
    )  # fmt: skip


@pytest.mark.parametrize(("fps", "named"), [(25, True), (30, False)])
def test_videos_show_the_picture_that_is_rendered_in_its_colours(
    page: Page, site: tuple[Site, str], film: Film, tmp_path: Path, fps: int, named: bool
) -> None:
    video = video_of(film, fps, named)
    film.assets[f"video {fps}"] = video
    half = {"length_frames": CLIP_FRAMES, "asset": video}
    clips = (
        Clip(id="s0001", start_frame=0, source_start_s=0.3, motion=Motion(start=Rect(), end=NEAR), **half),
        Clip(id="s0002", start_frame=CLIP_FRAMES, speed=0.5,
             into=Transition(kind="dissolve", length_frames=FADE_FRAMES), **half),
    )  # fmt: skip
    timeline = film.timeline(clips=clips, length_frames=2 * CLIP_FRAMES)
    wanted = [9, 10, 17, 22, 28, 33, 40, 41, 47, 50]
    rendered = drawn_frames(film.store, timeline, wanted)
    opened(page, site, timeline)
    compared = Comparison(tmp_path)
    for frame in wanted:
        compared.add(frame, shown(page, frame), rgb_of(rendered[frame]))
    compared.judge()


def test_an_edit_is_seen_and_a_film_that_plays_is_drawn_frame_after_frame(
    page: Page, site: tuple[Site, str], film: Film
) -> None:
    opened(page, site, film.timeline("documentary"))
    before = shown(page, 20)
    page.evaluate("void studio.edit([{kind: 'change_caption', cue: 0, text: 'Nobody heard the sea'}], 'Caption')")
    page.evaluate("void studio.edit([{kind: 'move_clip', clip: 's0001', to: 0}], 'Move')")
    after = shown(page, 20)
    assert psnr_db(before, after) < 20
    page.evaluate("""() => {
      window.frames_drawn = [];
      new MutationObserver(() => frames_drawn.push(Number(document.querySelector("canvas").dataset.frame)))
        .observe(document.querySelector("canvas"), { attributes: true, attributeFilter: ["data-frame"] });
      studio.playhead_frame.value = 150;
      studio.playing.value = true;
    }""")
    page.wait_for_function("!studio.playing.value", timeout=60_000)
    # In the order they play, to the last one; how many depends on what else this machine does.
    page.wait_for_function("document.querySelector('canvas').dataset.frame === '239'", timeout=30_000)
    drawn = page.evaluate("frames_drawn")
    assert drawn == sorted(drawn)
    assert len(set(drawn)) > 10


def test_a_film_without_its_pictures_shows_the_shots_numbers_and_asks_no_other_host(
    page: Page, site: tuple[Site, str], film: Film
) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    timeline = film.timeline("documentary")
    bare = tuple(clip.model_copy(update={"asset": None}) for clip in timeline.clips)
    opened(page, site, timeline.model_copy(update={"clips": bare}))
    first, second = shown(page, 20, captions=False), shown(page, 130, captions=False)
    assert first.max() > 120  # letters on a dark ground
    assert not np.array_equal(first, second)
    assert page.get_by_role("img", name="The film preview").count() == 1
    assert hosts == {"127.0.0.1"}


def opus(block: int) -> bytes:
    """A second of a tone in Ogg Opus, higher in each block."""
    import av

    seconds = np.arange(BLOCK_SAMPLES) / 48_000
    wave = (0.2 * np.sin(2 * np.pi * 220 * (block + 1) * seconds)).astype(np.float32)
    data = io.BytesIO()
    with av.open(data, "w", format="ogg") as output:
        stream = output.add_stream("libopus", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None], format="flt", layout="stereo")
        frame.sample_rate = 48_000
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return data.getvalue()


def test_sound_is_fetched_ahead_and_the_film_goes_by_its_clock(page: Page, film: Film) -> None:
    def media(kind: str, key: str) -> tuple[str, bytes] | None:
        return ("audio/ogg; codecs=opus", opus(int(key))) if kind == "sound" else film.media(kind, key)

    made = Site(media, SIZE)
    made.state = state_of(film.timeline("none"), sound_blocks=8)
    with served(made) as address:
        page.goto(address)
        page.wait_for_function("window.studio?.timeline.value && document.querySelector('canvas')?.dataset.frame")
        page.evaluate("""() => {
          window.starts = [];
          const start = AudioBufferSourceNode.prototype.start;
          AudioBufferSourceNode.prototype.start = function (when, offset, length) {
            starts.push([when, offset, length, this.buffer.length, this.context.currentTime]);
            return start.call(this, when, offset, length);
          };
          studio.playhead_frame.value = 15;
          studio.playing.value = true;
        }""")
        page.wait_for_function("starts.length >= 4", timeout=30_000)
        page.evaluate("studio.playing.value = false")
        starts = page.evaluate("starts")
        wanted = page.evaluate("sent.filter((each) => each.kind === 'sound').flatMap((each) => each.keys)")
    assert set(wanted) >= {"0", "1", "2", "3"}
    # Wherever a block that came late begins, it lies where it belongs: all of them in step, each to its own end.
    begins = sorted(when - offset for when, offset, *_ in starts)
    assert len(begins) >= 4
    for one, following in pairwise(begins):
        assert following - one == pytest.approx(1.0, abs=1e-6)
    for _, offset, length, samples, _ in starts:
        assert offset + length == pytest.approx(1.0, abs=1e-6)
        assert samples >= BLOCK_SAMPLES
