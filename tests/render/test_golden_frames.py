"""A small film with every kind of move, fit and transition, its frames held to pictures that somebody has looked at.

Another look is wanted when the drawing is meant to change: make the pictures anew with

    python tests/render/test_golden_frames.py

look at every one that differs, and commit it with the change. (`tests/golden/README.md` says so too.)
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.chunks import cut_into_chunks
from storyreel.render.compose import draw_chunk
from storyreel.render.encode import encode, encoder_name
from storyreel.render.frames import empty_planes
from storyreel.render.stills import Masters
from storyreel.timeline.model import Clip, Fit, Motion, Rect, Timeline, Transition

FRAMES = Path(__file__).parents[1] / "golden" / "frames"
SIZE = (192, 108)
LEAST_PSNR_DB = 45.0
LARGEST_BYTES = 400_000

NEAR = Rect(x=0.62, y=0.4, height=0.6)
TURNED = Rect(x=0.4, y=0.55, height=0.7, turn_deg=12)
IN = Motion(start=Rect(), end=NEAR, ease="in")
BLUR, COLOUR = Fit(kind="blur"), Fit(kind="colour", colour="#4a2035")

# (name, picture, motion, fit, transition into it, frames looked at: counted from the clip's start)
SCENES = [
    ("zoom", "wide", IN, Fit(), Transition(), (0, 17)),
    ("pan", "long", Motion(start=Rect(x=0.1), end=Rect(x=0.9), ease="linear"), Fit(),
     Transition(kind="dissolve", length_frames=9), (0, 12)),
    ("turn", "wide", Motion(start=Rect(turn_deg=-10), end=TURNED), Fit(),
     Transition(kind="wipe", length_frames=9, side="left"), (0, 12)),
    ("hold", "tall", Motion(start=TURNED, end=TURNED), Fit(),
     Transition(kind="slide", length_frames=9, side="up"), (-1, 12)),
    ("blur", "tall", Motion(start=Rect(), end=NEAR, ease="out"), BLUR,
     Transition(kind="push", length_frames=9, side="right"), (-1, 12)),
    ("colour", "clear", Motion(), COLOUR, Transition(kind="fade_white", length_frames=9), (-2, 12)),
    ("wide blur", "long", Motion(), BLUR, Transition(kind="zoom", length_frames=9), (-2, 1)),
    ("end", "tall", IN, COLOUR, Transition(kind="fade_black", length_frames=9), (2, 12)),
]  # fmt: skip


def painted(name):
    """A picture with edges, slopes and saturated colours, in a shape of its own."""
    size = {"wide": (320, 180), "long": (480, 120), "tall": (120, 200), "clear": (140, 200)}[name]
    slope = np.mgrid[0 : size[1], 0 : size[0]] / np.array(size[::-1])[:, None, None]
    base = {"wide": (40, 90, 160), "long": (150, 90, 50), "tall": (60, 120, 80), "clear": (120, 60, 120)}[name]
    rgb = np.array(base) + 70 * slope[0][..., None] + 30 * slope[1][..., None] * np.array([1, -1, 1])
    image = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    draw, (width, height) = ImageDraw.Draw(image), size
    for k, colour in enumerate(["#e8c040", "#d04030", "#f0f0f0", "#202830"]):
        x, y, r = width * (0.2 + 0.2 * k), height * (0.3 + 0.13 * k), min(size) * (0.16 - 0.02 * k)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    draw.rectangle((2, 2, width - 3, height - 3), outline="#ffffff", width=2)
    if name == "clear":
        hole = Image.new("L", size, 255)
        ImageDraw.Draw(hole).ellipse((30, 110, 110, 190), fill=0)
        image.putalpha(hole)
    return image


def film(project, folder):
    clips, length = [], 20
    for index, (_, picture, motion, fit, into, _) in enumerate(SCENES):
        painted(picture).save(folder / f"{picture}.png")
        blob = store_of(project).put_bytes((folder / f"{picture}.png").read_bytes(), ".png")
        clips.append(
            Clip(
                id=f"s{index}",
                asset=Asset(kind="image", blob=blob, provenance=Provenance(provider="test")),
                start_frame=index * length,
                length_frames=length,
                motion=motion,
                fit=fit,
                into=into,
            )
        )
    return Timeline(
        title="golden", rate=Rate(), width_px=SIZE[0], height_px=SIZE[1], length_frames=length * len(SCENES),
        clips=tuple(clips), fade_in_frames=4, fade_out_frames=6, captions="none",
    )  # fmt: skip


def wanted(timeline):
    """The frames that are looked at: number -> name of its picture."""
    return {
        clip.start_frame + offset + 5 * (index == 0 and offset == 0): f"{index}-{name.replace(' ', '-')}{offset:+d}.png"
        for index, (clip, (name, *_, offsets)) in enumerate(zip(timeline.clips, SCENES, strict=True))
        for offset in offsets
    }


def rgb_of(planes):
    """Planes as sRGB, by BT.709's own equations; each chroma sample stands for its four pixels."""
    y, u, v = (plane.astype(float) for plane in planes)
    u, v = (plane.repeat(2, axis=0).repeat(2, axis=1) for plane in (u, v))
    luma, cb, cr = (y - 16) / 219, (u - 128) / 224, (v - 128) / 224
    red, blue = luma + 1.5748 * cr, luma + 1.8556 * cb
    green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.rint(np.clip(np.stack([red, green, blue], axis=-1), 0, 1) * 255).astype(np.uint8)


def drawn(folder):
    """Every frame that is looked at, by its picture's name."""
    project = Project("golden", folder)
    timeline, masters, frames = film(project, folder), Masters(), {}
    names = wanted(timeline)
    for chunk in cut_into_chunks(timeline):
        out = empty_planes(*SIZE)
        for index, _ in enumerate(draw_chunk(chunk.spec, store_of(project).path, (), masters, out)):
            if name := names.get(chunk.start_frame + index):
                frames[name] = rgb_of(out)
    return frames


def psnr_db(one, other):
    """Peak signal to noise: 10 log10(255^2 / mean squared difference), 99 where there is none."""
    error = np.mean((one.astype(float) - other) ** 2)
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("golden"))


NAMES = sorted(path.name for path in FRAMES.glob("*.png"))


def test_there_is_a_picture_for_every_frame_that_is_looked_at(frames):
    assert sorted(frames) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_looks_as_it_did_when_it_was_looked_at(frames, name):
    stored = np.asarray(Image.open(FRAMES / name).convert("RGB"))
    assert psnr_db(frames[name], stored) > LEAST_PSNR_DB


def test_the_pictures_are_small():
    assert sum(path.stat().st_size for path in FRAMES.iterdir()) < LARGEST_BYTES


def test_the_comparison_would_see_a_frame_moved_by_half_a_pixel(frames):
    frame = frames["1-pan+12.png"].astype(float)
    moved = (frame[:, 1:] + frame[:, :-1]) / 2
    assert psnr_db(moved, frame[:, 1:]) < LEAST_PSNR_DB


def test_the_same_piece_encoded_twice_is_the_same_to_the_byte(tmp_path):
    project = Project("golden", tmp_path)
    chunks = cut_into_chunks(film(project, tmp_path), encoder=encoder_name())
    for chunk in chunks[3:7]:
        one, other = (
            encode(
                lambda planes, chunk=chunk: draw_chunk(chunk.spec, store_of(project).path, (), Masters(), planes),
                *SIZE, Rate(), "standard",
            ).to_bytes()
            for _ in range(2)
        )  # fmt: skip
        assert one == other


def renew():
    """Make the stored pictures anew, and say how each has changed."""
    with tempfile.TemporaryDirectory() as folder:
        made = drawn(Path(folder))
    for path in FRAMES.glob("*.png"):
        if path.name not in made:
            path.unlink()
            print(f"{path.name}: gone")
    for name, frame in made.items():
        path = FRAMES / name
        if path.exists():
            before = psnr_db(frame, np.asarray(Image.open(path).convert("RGB")))
            if before > 60:
                continue
            print(f"{name}: {before:.1f} dB from the one before")
        else:
            print(f"{name}: new")
        Image.fromarray(frame).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(renew())
