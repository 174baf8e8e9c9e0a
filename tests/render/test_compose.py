"""Drawing a piece: fits, moves, transitions and sources together, each frame what its parts are."""

from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.render import compose
from storyreel.render.chunks import cut_into_chunks
from storyreel.render.colour import colour_of
from storyreel.render.compose import draw_chunk
from storyreel.render.frames import empty_planes
from storyreel.render.stills import Masters
from storyreel.timeline.model import Clip, Fit, Motion, Rect, Timeline, Transition

W, H = 160, 90
IN = Motion(start=Rect(), end=Rect(x=0.6, y=0.4, height=0.7), ease="linear")
MIXED = ["dissolve", "wipe", "slide", "push", "zoom"]


class Reel:
    """Files made for a test, and films of them."""

    def __init__(self, folder):
        self.folder, self.paths, self.masters = folder, {}, Masters()

    def asset(self, path, kind="image"):
        name = f"{len(self.paths):064x}"
        self.paths[name] = path
        blob = Blob(sha256=name, suffix=path.suffix, size_bytes=1)
        return Asset(kind=kind, blob=blob, provenance=Provenance(provider="test"))

    def still(self, size, seed=0, mode="RGB"):
        rng = np.random.default_rng(seed)
        small = Image.fromarray(rng.integers(30, 226, (5, 7, 3)).astype(np.uint8))
        path = self.folder / f"{len(self.paths)}.png"
        small.resize(size, Image.Resampling.BICUBIC).convert(mode).save(path)
        return self.asset(path)

    def video(self, size=(W, H), count=40):
        path = self.folder / f"{len(self.paths)}.mp4"
        with av.open(path, "w") as container:
            stream = container.add_stream("libx264", rate=30, options={"crf": "8", "g": "9"})
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for k in range(count):
                grey = np.full((size[1], size[0], 3), 30 + 5 * k, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
            container.mux(stream.encode(None))
        return self.asset(path, "video")

    def film(self, clips, size=(W, H)):
        made, start = [], 0
        for index, clip in enumerate(clips):
            made.append(Clip(id=f"s{index}", start_frame=start, **clip))
            start += clip["length_frames"]
        return Timeline(
            title="t", rate=Rate(), width_px=size[0], height_px=size[1], length_frames=start, clips=tuple(made)
        )

    def frames(self, clips, size=(W, H), **more):
        """Every frame of a film of these clips, as planes."""
        timeline, drawn = self.film(clips, size).model_copy(update=more), []
        for chunk in cut_into_chunks(timeline):
            out = empty_planes(*size)
            for _ in draw_chunk(chunk.spec, lambda blob: self.paths[blob.sha256], (), self.masters, out):
                drawn.append(tuple(plane.copy() for plane in out))
        return drawn


@pytest.fixture
def reel(tmp_path):
    return Reel(tmp_path)


def level(planes):
    """The brightness of a grey frame, 0 to 255."""
    return (planes[0].mean() - 16) / 219 * 255


def alike(one, other, within=1):
    return all(np.abs(a.astype(int) - b).max() <= within for a, b in zip(one, other, strict=True))


def test_a_whole_picture_stands_on_its_colour_and_moves_inside_its_box(reel):
    tall = reel.still((300, 600))
    fit = Fit(kind="colour", colour="#802040")
    frames = reel.frames([{"asset": tall, "length_frames": 20, "motion": IN, "fit": fit}])
    inside = reel.frames([{"asset": tall, "length_frames": 20, "motion": IN}], (44, H))
    for frame, alone in zip(frames, inside, strict=True):
        for plane, part, ground, half in zip(frame, alone, colour_of("#802040"), (1, 2, 2), strict=True):
            box = np.s_[:, 58 // half : 102 // half]
            assert np.abs(plane[box].astype(int) - part).max() <= 2
            plane[box] = ground
            assert (plane == ground).all()
    assert not alike(inside[0], inside[-1], 8)


def test_a_blurred_ground_stands_still_while_the_picture_moves_and_is_made_once(reel, monkeypatch):
    made = []
    blurred = compose.blurred_ground
    monkeypatch.setattr(compose, "blurred_ground", lambda *given: made.append(given) or blurred(*given))
    clip = {"asset": reel.still((300, 600)), "length_frames": 150, "motion": IN, "fit": Fit(kind="blur")}
    frames = reel.frames([clip])
    assert len(made) == 1
    sides = [np.delete(frame[0], np.s_[58:102], axis=1) for frame in frames]
    assert all((side == sides[0]).all() for side in sides)
    assert sides[0].std() > 2


def test_a_picture_of_the_frames_shape_looks_the_same_in_every_fit(reel):
    still = reel.still((320, 180))
    drawn = [
        reel.frames([{"asset": still, "length_frames": 4, "motion": IN, "fit": Fit(kind=kind)}])
        for kind in ("crop", "blur", "colour")
    ]
    assert all(alike(a, b, 0) for a, b in zip(drawn[0], drawn[1], strict=True))
    assert all(alike(a, b, 0) for a, b in zip(drawn[0], drawn[2], strict=True))


def test_what_is_clear_shows_the_fits_colour(reel):
    clear = reel.still((300, 600), mode="RGBA")
    Image.new("RGBA", (300, 600), (0, 0, 0, 0)).save(reel.paths[clear.blob.sha256])
    clip = {"asset": clear, "length_frames": 2, "fit": Fit(kind="colour", colour="#2468ac")}
    for plane, expected in zip(reel.frames([clip])[0], colour_of("#2468ac"), strict=True):
        assert np.abs(plane.astype(int) - expected).max() <= 1


KINDS_OF_CLIP = ["moving still", "still still", "turned", "blur", "colour", "video", "video on blur", "none"]


def clip_of(reel, kind, seed):
    if kind == "none":
        return {"asset": None}
    if kind.startswith("video"):
        return {"asset": reel.video((96, 90)), "fit": Fit(kind="blur" if "blur" in kind else "crop"), "motion": IN}
    motion = {
        "still still": Motion(),
        "turned": Motion(start=Rect(height=0.8, turn_deg=-8), end=Rect(height=0.7, turn_deg=9)),
    }
    fit = Fit(kind=kind) if kind in ("blur", "colour") else Fit()
    return {"asset": reel.still((200, 200), seed), "motion": motion.get(kind, IN), "fit": fit}


@pytest.mark.parametrize("kind", [*MIXED, "fade_black", "fade_white"])
@pytest.mark.parametrize("first", KINDS_OF_CLIP)
def test_every_transition_goes_with_every_neighbour_and_joins_without_a_jump(reel, kind, first):
    """A transition of 41 frames begins and ends next to what is seen before and after it."""
    second = KINDS_OF_CLIP[(KINDS_OF_CLIP.index(first) + 3) % len(KINDS_OF_CLIP)]
    clips = [
        {**clip_of(reel, first, 1), "length_frames": 30},
        {**clip_of(reel, second, 2), "length_frames": 30, "into": Transition(kind=kind, length_frames=41, side="down")},
    ]
    frames = reel.frames(clips)
    assert len(frames) == 60
    for before, after in ((9, 10), (50, 51)):
        for one, other in zip(frames[before], frames[after], strict=True):
            assert np.abs(one.astype(int) - other).mean() < 14
    assert not alike(frames[9], frames[51], 8)


@pytest.mark.parametrize("kind", [*MIXED, "fade_black", "fade_white"])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_shortest_transitions_can_be_drawn(reel, kind, length):
    clips = [
        {"asset": reel.still((200, 200), 1), "length_frames": 2},
        {"asset": reel.still((200, 200), 2), "length_frames": 2, "into": Transition(kind=kind, length_frames=length)},
    ]
    assert len(reel.frames(clips)) == 4


def test_clips_all_transition_are_drawn(reel):
    """No frame is left between the transitions of the middle one."""
    clips = [
        {"asset": reel.still((200, 200), k), "length_frames": 12, "into": Transition(kind=kind, length_frames=12)}
        for k, kind in enumerate(["cut", "push", "zoom", "wipe"])
    ]
    assert len(reel.frames(clips)) == 48


def test_the_films_own_fade_goes_on_top_of_a_transition(reel):
    clips = [
        {
            "asset": reel.still((200, 200), k),
            "length_frames": 10,
            "into": Transition(kind="fade_white", length_frames=8),
        }
        for k in range(2)
    ]
    plain, faded = reel.frames(clips), reel.frames(clips, fade_out_frames=10)
    for k in range(9, 20):
        left = (19 - k) / 10
        assert faded[k][0].mean() == pytest.approx(16 + (plain[k][0].mean() - 16) * left, abs=0.7)


def test_a_video_keeps_its_time_through_pieces_transitions_speed_and_start(reel):
    """Picture k of the video has brightness 30 + 5 k; on the clip's first frame it is at its start."""
    clips = [
        {"asset": None, "length_frames": 20},
        {"asset": reel.video(), "length_frames": 100, "source_start_s": 0.2, "speed": 0.5,
         "into": Transition(kind="push", length_frames=10)},
    ]  # fmt: skip
    frames = reel.frames(clips)
    for k in range(25, 120):
        assert level(frames[k]) == pytest.approx(30 + 5 * min(6 + (k - 20) // 2, 39), abs=2.5)


def test_a_large_video_gives_a_small_picture_without_false_patterns(reel, tmp_path):
    """Stripes three pixels apart, four for each of the frame's: averaged they are half as strong as picked out."""
    path = tmp_path / "stripes.mov"
    with av.open(path, "w") as container:
        stream = container.add_stream("qtrle", rate=30)
        stream.width, stream.height, stream.pix_fmt = 4 * W + 8, 4 * H, "rgb24"
        stripes = np.zeros((4 * H, 4 * W + 8, 3), np.uint8)
        stripes[:, ::3] = 240
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(stripes, "rgb24")))
        container.mux(stream.encode(None))
    frames = reel.frames([{"asset": reel.asset(path, "video"), "length_frames": 3}])
    assert frames[1][0].std() < 30


def test_a_video_of_changing_fit_keeps_its_ground_with_it(reel):
    """The ground of a video is its own picture's, frame by frame."""
    clip = {"asset": reel.video((40, 90)), "length_frames": 30, "fit": Fit(kind="blur")}
    frames = reel.frames([clip])
    edge = [frame[0][:, :20].mean() for frame in frames]
    assert all(a < b for a, b in pairwise(edge))


def test_pieces_drawn_again_are_the_same_to_the_byte(reel):
    clips = [
        {**clip_of(reel, kind, 1), "length_frames": 12, "into": Transition(kind="zoom", length_frames=6)}
        for kind in KINDS_OF_CLIP
    ]
    one = reel.frames(clips)
    reel.masters.clear()
    assert all(alike(a, b, 0) for a, b in zip(one, reel.frames(clips), strict=True))


def test_a_picture_that_cannot_be_read_stops_the_piece(reel, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"")
    with pytest.raises(RenderError, match=r"bad\.png cannot be read \(it is empty\)"):
        reel.frames([{"asset": reel.asset(tmp_path / "bad.png"), "length_frames": 2}])
