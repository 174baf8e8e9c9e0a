"""The studio's preview is what will be rendered: the page's canvas beside the renderer's own frames."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import Store, store_of
from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.render.chunks import cut_into_chunks
from storyreel.render.compose import draw_chunk
from storyreel.render.frames import empty_planes
from storyreel.render.overlay import Planes
from storyreel.render.stills import Masters
from storyreel.render.text import caption_boxes, overlay_spans
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Fit, Label, Motion, Rect, Timeline, Transition
from studio_page import CHROMIUM, Site, served, state_of

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
PRESETS = ("documentary", "cinema", "short-form", "karaoke", "boxed", "pop")
WORDS = ["Somewhere past the dunes", "my father heard the sea,", "and said: “Wait for AV, Tom.”"]


@dataclass(frozen=True)
class Film:
    """Pictures in a store, and the timelines that show them."""

    store: Store
    assets: dict[str, Asset]

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
        length = CLIP_FRAMES * len(clips)
        return Timeline(
            title="preview", rate=Rate(), width_px=SIZE[0], height_px=SIZE[1], length_frames=length, clips=clips,
            captions=captions, **{"cues": spoken(), "fade_in_frames": 8, "fade_out_frames": 8} | more,
        )  # fmt: skip

    def media(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """A picture as the kernel sends it: JPEG, at most 1280 px wide, or 160 px high."""
        asset = next((each for each in self.assets.values() if each.blob.sha256 == key), None)
        if asset is None or kind not in ("thumb", "picture"):
            return None
        picture = Image.open(self.store.path(asset.blob)).convert("RGB")
        width, height = picture.size
        scale = min(1.0, 1280 / width if kind == "picture" else 160 / height)
        picture = picture.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=90, subsampling=0)
        return "image/jpeg", data.getvalue()


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
    store = store_of(Project("preview", tmp_path_factory.mktemp("film")))
    painter, assets = OfflinePainter(), {}
    for name, (prompt, width, height) in PAINTED.items():
        data = painter.draw(ImageRequest(prompt=prompt, width_px=width, height_px=height, seed=7))
        blob = store.put_bytes(data, ".png")
        assets[name] = Asset(
            kind="image", blob=blob, width_px=width, height_px=height, provenance=Provenance(provider="offline/painter")
        )
    return Film(store, assets)


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


def rendered(film: Film, timeline: Timeline, frames: list[int]) -> dict[int, np.ndarray]:
    """The renderer's frames, before they are encoded, as RGB."""
    spans, masters, found = overlay_spans(timeline), Masters(), {}
    for chunk in cut_into_chunks(timeline, spans):
        if not any(chunk.start_frame <= frame < chunk.end_frame for frame in frames):
            continue
        out = empty_planes(*SIZE)
        texts = [spans[index] for index in chunk.spans]
        for index, _ in enumerate(draw_chunk(chunk.spec, film.store.path, texts, masters, out)):
            if chunk.start_frame + index in frames:
                found[chunk.start_frame + index] = rgb_of(out)
    return found


def rgb_of(planes: Planes) -> np.ndarray:
    """Planes as sRGB, by BT.709's equations; chroma samples stand level with the left one of their columns."""
    height, width = planes[0].shape
    across = np.float32([[0.5, 0, 0], [0, 0.5, -0.25]])
    u, v = (
        cv2.warpAffine(
            plane.astype(np.float32), across, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for plane in planes[1:]
    )  # fmt: skip
    luma, blue, red = (planes[0].astype(np.float32) - 16) / 219, (u - 128) / 224, (v - 128) / 224
    r, b = luma + 1.5748 * red, luma + 1.8556 * blue
    g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152
    return np.rint(np.clip(np.stack([r, g, b], axis=-1), 0, 1) * 255).astype(np.uint8)


def psnr_db(one: np.ndarray, other: np.ndarray) -> float:
    error = float(np.mean((one.astype(np.float32) - other.astype(np.float32)) ** 2))
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def box_of(with_text: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Left, top, right and bottom of what a text changes strongly: its letters, outlines and plates."""
    changed = np.abs(with_text.astype(int) - without.astype(int)).max(axis=-1) > 48
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])


def kept(folder: Path, name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Put both beside each other for whoever looks."""
    off = np.clip(np.abs(ours.astype(int) - theirs) * 4, 0, 255).astype(np.uint8)
    Image.fromarray(np.vstack([ours, theirs, off])).save(folder / f"{name}.png")


def test_motions_transitions_fits_and_fades_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, tmp_path: Path
) -> None:
    timeline = film.timeline()
    opened(page, site, timeline)
    wanted = rendered(film, timeline, FRAMES)
    measured = {}
    for frame in FRAMES:
        ours = shown(page, frame)
        measured[frame] = round(psnr_db(ours, wanted[frame]), 1)
        kept(tmp_path, f"frame-{frame:03d}", ours, wanted[frame])
    print(json.dumps(measured))
    assert min(measured.values()) >= LEAST_PSNR_DB, f"{measured}; see {tmp_path}"


@pytest.mark.parametrize("preset", PRESETS)
def test_captions_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, preset: str, tmp_path: Path
) -> None:
    timeline = film.timeline(preset)
    opened(page, site, timeline)
    frames = [6, 11, 22, 40, 59, 75, 160]
    bare = rendered(film, timeline.model_copy(update={"captions": "none"}), frames)
    wanted = rendered(film, timeline, frames)
    boxes = caption_boxes(timeline)
    measured = {}
    for frame in frames:
        ours, without = shown(page, frame), shown(page, frame, captions=False)
        off = np.abs(box_of(ours, without) - box_of(wanted[frame], bare[frame])).max()
        measured[frame] = (round(psnr_db(ours, wanted[frame]), 1), int(off))
        kept(tmp_path, f"{preset}-{frame:03d}", ours, wanted[frame])
    print(preset, json.dumps(measured))
    assert len(boxes) == len(timeline.cues)
    assert min(psnr for psnr, _ in measured.values()) >= LEAST_PSNR_DB, f"{measured}; see {tmp_path}"
    assert max(off for _, off in measured.values()) <= BOX_TOLERANCE_PX, f"{measured}; see {tmp_path}"


def test_cards_labels_and_other_scripts_look_as_they_are_rendered(
    page: Page, site: tuple[Site, str], film: Film, tmp_path: Path
) -> None:
    def cue(start: int, *lines: str) -> Cue:
        rows = tuple(
            tuple(
                CueWord(text=word, start_frame=start + 4 * index, end_frame=start + 4 * index + 4)
                for index, word in enumerate(line.split())
            )
            for line in lines
        )
        return Cue(start_frame=start, length_frames=30, lines=rows)

    timeline = film.timeline(
        "documentary",
        cues=(cue(120, "سمع أبي البحر 42 مرة", "خلف الكثبان"), cue(160, "मेरे पिता ने समुद्र सुना", "Ελιάς, Ёлка")),
        cards=(Card(start_frame=0, length_frames=60, title="The Last Lighthouse", subtitle="Chapter one: the light"),),
        labels=(
            Label(start_frame=60, length_frames=40, text="Elias Marrow\nKeeper of the light since 1911"),
            Label(start_frame=60, length_frames=40, text="A note for the film,\nin two lines", preset="note"),
            Label(start_frame=60, length_frames=40, text="Cape Wrath, 1931", preset="corner"),
            Label(start_frame=100, length_frames=20, text="The desert", preset="title", scale=0.8),
        ),
    )
    opened(page, site, timeline)
    frames = [6, 30, 80, 108, 135, 175]
    wanted = rendered(film, timeline, frames)
    measured = {}
    for frame in frames:
        ours = shown(page, frame)
        measured[frame] = round(psnr_db(ours, wanted[frame]), 1)
        kept(tmp_path, f"text-{frame:03d}", ours, wanted[frame])
    print(json.dumps(measured))
    assert min(measured.values()) >= LEAST_PSNR_DB, f"{measured}; see {tmp_path}"
