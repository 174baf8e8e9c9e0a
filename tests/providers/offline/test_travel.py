"""The offline predictor and animator: the camera's way through a painted place, and between pictures nobody knows."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storyreel.clock import Rate
from storyreel.errors import ProviderRefused
from storyreel.media.continuity import palette_distance, psnr_db
from storyreel.providers.contracts import AnimationRequest, ImageRequest, PredictionRequest
from storyreel.providers.offline.animator import OfflineAnimator
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.offline.painter.layers import paint_layers
from storyreel.providers.offline.painter.reading import read
from storyreel.providers.offline.painter.seeds import seed_of
from storyreel.providers.offline.predictor import OfflinePredictor
from storyreel.providers.offline.silhouettes import figure
from storyreel.providers.offline.silhouettes.poses import POSES, in_motion
from storyreel.providers.offline.travel.inbetween import InBetween
from storyreel.providers.offline.travel.path import (
    CLOSEST,
    NAMES,
    Standpoint,
    between,
    margin,
    move_asked,
    next_standpoint,
)
from storyreel.providers.offline.travel.pictures import fitted
from storyreel.providers.offline.travel.sight import Sight, sight_of, with_sight
from storyreel.providers.offline.travel.world import spec_of, world_of

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT, FPS = 256, 144, 12
PROMPT = "A woman in a red coat walks along a beach at sunset"


def decoded(data: bytes) -> Pixels:
    """A picture in the clip's size."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return fitted(np.asarray(picture[..., ::-1], np.uint8), WIDTH, HEIGHT)


def frames(clip: bytes) -> list[Pixels]:
    with av.open(io.BytesIO(clip)) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


def edges(picture: Pixels) -> float:
    """Edge energy: the mean square of the Laplacian."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(np.mean(np.square(cv2.Laplacian(grey, cv2.CV_32F))))


def cross_fade(one: Pixels, other: Pixels) -> Pixels:
    return np.asarray((one.astype(np.float32) + other) / 2, np.uint8)


@pytest.fixture(scope="module")
def first() -> bytes:
    """The opening, a third larger than the clip, as films ask for it."""
    return OfflinePainter().draw(
        ImageRequest(prompt=PROMPT, width_px=WIDTH * 4 // 3, height_px=HEIGHT * 4 // 3, seed=1)
    )


def ahead_of(frame: bytes, prompt: str = PROMPT, seed: int = 0, ahead_s: float = 5.0) -> bytes:
    request = PredictionRequest(prompt, frame, ahead_s, WIDTH, HEIGHT, seed=seed)
    return OfflinePredictor().predict(request).frame


@pytest.fixture(scope="module")
def second(first: bytes) -> bytes:
    return ahead_of(first)


def clip_between(one: bytes, other: bytes | None, duration_s: float = 5 + 1 / FPS) -> bytes:
    return OfflineAnimator().animate(AnimationRequest(PROMPT, one, other, duration_s, WIDTH, HEIGHT, FPS))


@pytest.fixture(scope="module")
def clip(first: bytes, second: bytes) -> bytes:
    return clip_between(first, second)


class TestPath:
    @given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.floats(0.5, 20.0))
    def test_the_frame_never_leaves_the_picture_and_comes_no_closer_than_it_may(
        self, seeds: list[int], step_s: float
    ) -> None:
        here = Standpoint()
        for seed in seeds:
            there = next_standpoint(here, step_s, seed)
            assert there.at_s == pytest.approx(here.at_s + step_s)
            for share in (0.0, 0.3, 0.7, 1.0):
                at = between(here, there, share)
                wide, high = margin(at.closer, at.depth, at.aside)
                assert abs(at.across) <= wide + 1e-9
                assert abs(at.down) <= high + 1e-9
                assert -1e-9 <= at.closer <= CLOSEST * 1.3
            here = there

    def test_one_stretch_goes_over_into_the_next_without_a_jolt(self) -> None:
        here = next_standpoint(Standpoint(), 5.0, 1)
        for seed in range(6):
            there = next_standpoint(here, 5.0, seed)
            before = between(Standpoint(), here, 1.0)
            assert between(here, there, 0.0).place == pytest.approx(before.place)
            tiny = 1e-4
            speed = [(b - a) / (5 * tiny) for a, b in zip(here.place, between(here, there, tiny).place, strict=True)]
            assert speed == pytest.approx(here.speed, abs=2e-3)
            here = there

    @pytest.mark.parametrize(
        ("words", "move"),
        [
            ("the camera pulls back", "out"),
            ("pan left slowly", "left"),
            ("zooms in, then tilts up", "up"),
            ("rain", None),
        ],
    )
    def test_moves_are_read_from_plain_words(self, words: str, move: str | None) -> None:
        assert move_asked(words) == move

    def test_a_move_asked_for_is_made(self) -> None:
        here = Standpoint(closer=0.2)
        assert (
            next_standpoint(here, 5.0, 0, "pans right").across > 0 > next_standpoint(here, 5.0, 0, "pans left").across
        )
        assert next_standpoint(here, 5.0, 0, "pulls back").closer < 0.2


class TestSight:
    @given(st.text(min_size=1, max_size=40), st.integers(0, 99), st.floats(0, 100))
    def test_a_picture_tells_what_it_was_painted_from(self, prompt: str, seed: int, at_s: float) -> None:
        done, data = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))
        assert done
        sight = Sight(
            world=ImageRequest(prompt=prompt, seed=seed), notes=("rain",), standpoint=Standpoint(at_s=at_s, closer=0.1)
        )
        marked = with_sight(data.tobytes(), sight)
        assert sight_of(marked) == sight
        assert decoded(marked).shape == (HEIGHT, WIDTH, 3)

    def test_other_files_tell_nothing(self, first: bytes) -> None:
        done, plain = cv2.imencode(".png", decoded(first))
        assert done
        for data in (b"", b"GIF89a", plain.tobytes(), first[:60], b"\x89PNG\r\n\x1a\n" + bytes(40)):
            assert sight_of(data) is None


class TestLayers:
    def test_unmoved_the_layers_are_the_picture(self, first: bytes) -> None:
        sight = sight_of(first)
        assert sight is not None
        assert psnr_db(world_of(sight).view(Standpoint(), WIDTH, HEIGHT), decoded(first)) > 30

    def test_near_things_move_more_than_far_ones(self) -> None:
        request = ImageRequest(prompt="hills under the stars", width_px=WIDTH, height_px=HEIGHT)
        layers = paint_layers(read(request), WIDTH, HEIGHT, seed_of(request))
        assert layers.nearness.dtype == np.float32
        assert layers.nearness[0].max() < 0.2 < 0.8 < layers.nearness[-1].mean()

    def test_people_are_cut_out_through_a_whole_stride(self) -> None:
        request = ImageRequest(prompt=PROMPT, width_px=WIDTH, height_px=HEIGHT)
        cast = paint_layers(read(request), WIDTH, HEIGHT, seed_of(request)).cast
        assert cast is not None
        assert cast.strides
        assert len({phase.cover.shape for phase in cast.phases}) == 1
        assert all(phase.cover.max() > 200 for phase in cast.phases)
        assert not np.array_equal(cast.phases[0].cover, cast.phases[len(cast.phases) // 4].cover)

    @pytest.mark.parametrize("name", POSES)
    def test_a_stride_begins_and_ends_as_the_pose_is_drawn(self, name: str) -> None:
        assert in_motion(name, 0.0) == POSES[name]
        assert figure("man", name, phase=0.0) == figure("man", name)
        assert figure("man", name, phase=0.5).path != figure("man", name).path


class TestPredictor:
    def test_the_picture_ahead_shows_the_same_place_from_further_on(self, first: bytes, second: bytes) -> None:
        here, there = sight_of(first), sight_of(second)
        assert here is not None
        assert there is not None
        assert there.world == here.world
        assert there.standpoint.at_s == 5.0
        one, other = decoded(first), decoded(second)
        assert other.shape == one.shape
        assert psnr_db(one, other) < 30
        assert palette_distance(one, other) < 0.25

    def test_the_same_request_gives_the_same_picture_and_another_seed_another(
        self, first: bytes, second: bytes
    ) -> None:
        assert ahead_of(first) == second
        assert ahead_of(first, seed=5) != second

    def test_what_happens_next_turns_light_and_weather_but_not_the_place(self, first: bytes) -> None:
        night = ahead_of(first, PROMPT + " Night falls and it begins to snow.")
        sight, before = sight_of(night), sight_of(first)
        assert sight is not None
        assert before is not None
        spec, was = spec_of(sight), spec_of(before)
        assert (spec.place, spec.figures, spec.framing) == (was.place, was.figures, was.framing)
        assert spec.weather == "snow"
        assert decoded(night).mean() < decoded(first).mean()
        # And it stays so afterwards.
        later = sight_of(ahead_of(night))
        assert later is not None
        assert later.notes == sight.notes

    @pytest.mark.parametrize(
        ("happens", "light", "weather"),
        [
            ("the sun rises", "dawn", "clear"), ("It snows", "sunset", "snow"), ("heavy rain begins", "sunset", "rain"),
            ("the moon rises over the sea", "moon", "clear"), ("she waves", "sunset", "clear"),
        ],
    )  # fmt: skip
    def test_plain_words_for_what_happens_are_understood(self, happens: str, light: str, weather: str) -> None:
        spec = spec_of(Sight(world=ImageRequest(prompt=PROMPT), notes=(happens,)))
        assert (spec.light, spec.weather) == (light, weather)

    def test_what_has_come_can_pass(self) -> None:
        notes = ("heavy rain begins", "the rain stops")
        assert spec_of(Sight(world=ImageRequest(prompt=PROMPT), notes=notes)).weather == "clear"

    def test_a_picture_that_has_been_re_encoded_is_known_again_by_what_it_shows(self, first: bytes) -> None:
        done, data = cv2.imencode(".jpg", decoded(first)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        assert done
        request = PredictionRequest(PROMPT, data.tobytes(), 5.0, WIDTH, HEIGHT, seed=1)
        found = sight_of(OfflinePredictor().predict(request).frame)
        assert found is not None
        assert found.world.prompt == PROMPT

    def test_a_picture_by_somebody_else_is_moved_in_on(self) -> None:
        given_picture = foreign()
        moved = decoded(ahead_of(png(given_picture), "somebody else's picture"))
        assert moved.shape == given_picture.shape
        assert 10 < psnr_db(moved, given_picture) < 40

    @pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
    def test_what_is_no_picture_is_refused(self, data: bytes) -> None:
        with pytest.raises(ProviderRefused, match="cannot be read"):
            ahead_of(data)


def png(rgb: Pixels) -> bytes:
    done, data = cv2.imencode(".png", rgb[..., ::-1])
    assert done
    return data.tobytes()


def foreign(shift: int = 0) -> Pixels:
    """Blocks and stripes with sharp edges, moved to the right."""
    random = np.random.default_rng(3)
    small = random.integers(0, 255, (12, 24, 3), np.uint8)
    wide = cv2.resize(small, (WIDTH + 64, HEIGHT), interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(wide[:, 32 - shift : 32 - shift + WIDTH])


class TestAnimator:
    def test_the_clip_begins_on_the_first_picture_and_ends_on_the_last(
        self, clip: bytes, first: bytes, second: bytes
    ) -> None:
        shown = frames(clip)
        assert len(shown) == 5 * FPS + 1
        assert psnr_db(shown[0], decoded(first)) > 31
        assert psnr_db(shown[-1], decoded(second)) > 31

    def test_the_chain_goes_on_from_the_very_frame_it_came_to(self, clip: bytes, second: bytes) -> None:
        following = frames(clip_between(second, ahead_of(second), 1.0))
        assert psnr_db(frames(clip)[-1], following[0]) > 36

    def test_what_lies_between_is_no_cross_fade(self, clip: bytes) -> None:
        """A cross-fade doubles edges and halves each: its edge energy falls well below that of both ends."""
        shown = frames(clip)
        ends = (edges(shown[0]) + edges(shown[-1])) / 2
        assert edges(cross_fade(shown[0], shown[-1])) < 0.7 * ends
        assert edges(shown[len(shown) // 2]) > 0.85 * ends

    def test_nothing_jumps(self, clip: bytes) -> None:
        steps = [float(np.abs(b.astype(np.int16) - a).mean()) for a, b in pairwise(frames(clip)[:-1])]
        assert max(steps) < 4 * np.median(steps) + 1.5

    def test_a_change_of_light_doubles_no_shape(self, first: bytes) -> None:
        night = ahead_of(first, PROMPT + " Night falls.")
        shown = frames(clip_between(first, night, 2.0))
        middle, same_light = shown[len(shown) // 2], frames(clip_between(first, ahead_of(first), 2.0))[len(shown) // 2]
        assert decoded(night).mean() < middle.mean() < decoded(first).mean()
        lines = [cv2.Canny(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), 60, 120) > 0 for each in (middle, same_light)]
        nearby = cv2.dilate(lines[1].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert (lines[0] & nearby).sum() > 0.5 * lines[0].sum()

    def test_without_a_last_picture_it_goes_on_by_itself(self, first: bytes) -> None:
        shown = frames(clip_between(first, None, 2.0))
        assert len(shown) == 2 * FPS
        assert psnr_db(shown[0], shown[-1]) < 32

    @pytest.mark.parametrize("shift", [6, 14])
    def test_between_unknown_pictures_every_part_is_moved_and_stays_sharp(self, shift: int) -> None:
        one, other = foreign(), foreign(shift)
        way = InBetween(one, other)
        assert np.array_equal(way.at(0.0), one)
        assert np.array_equal(way.at(1.0), other)
        middle, truth = way.at(0.5), foreign(shift // 2)
        inner = (slice(8, -8), slice(24, -24))
        assert edges(middle[inner]) > 0.7 * edges(one[inner])
        assert edges(cross_fade(one, other)[inner]) < 0.7 * edges(one[inner])
        assert psnr_db(middle[inner], truth[inner]) > psnr_db(cross_fade(one, other)[inner], truth[inner]) + 4

    def test_a_clip_between_unknown_pictures_has_their_ends(self) -> None:
        shown = frames(clip_between(png(foreign()), png(foreign(10)), 1.0))
        # Blocks of pure colour, whose edges lie off the grid on which video keeps colour.
        assert psnr_db(shown[0], foreign()) > 24
        assert psnr_db(shown[-1], foreign(10)) > 24
        assert psnr_db(shown[0], foreign(10)) < 16

    def test_it_is_encoded_as_films_are_in_closed_groups_the_last_picture_by_itself(self, clip: bytes) -> None:
        from storyreel.render.copied import _headers, _units, _units_of_avcc

        with av.open(io.BytesIO(clip)) as container:
            stream = container.streams.video[0]
            record = bytes(stream.codec_context.extradata or b"")
            keys = [
                round(float(packet.pts * stream.time_base) * FPS)
                for packet in container.demux(stream)
                if packet.is_keyframe and packet.pts is not None
            ]
        assert _units_of_avcc(record) == _units(_headers(WIDTH, HEIGHT, Rate(num=FPS), "standard")) != []
        assert keys == [0, 2 * FPS, 4 * FPS, 5 * FPS]

    def test_it_tells_how_far_it_is(self, first: bytes) -> None:
        told: list[float] = []
        OfflineAnimator().animate(AnimationRequest(PROMPT, first, None, 0.5, WIDTH, HEIGHT, FPS), told.append)
        assert told == sorted(told)
        assert told[-1] == 1.0

    @pytest.mark.parametrize(("duration_s", "size"), [(0.0, (64, 64)), (61.0, (64, 64)), (1.0, (65, 64))])
    def test_what_it_cannot_do_it_says(self, first: bytes, duration_s: float, size: tuple[int, int]) -> None:
        with pytest.raises(ProviderRefused):
            OfflineAnimator().animate(AnimationRequest(PROMPT, first, first, duration_s, *size, FPS))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_any_seed_gives_a_picture_ahead_in_which_somebody_is_still_in_sight(seed: int) -> None:
    sight = Sight(world=ImageRequest(prompt=PROMPT, width_px=WIDTH, height_px=HEIGHT, seed=1))
    frame = with_sight(png(world_of(sight).view(Standpoint(), WIDTH, HEIGHT)), sight)
    ahead = sight_of(ahead_of(frame, seed=seed))
    assert ahead is not None
    foot = world_of(ahead).foot(ahead.standpoint)
    assert foot is not None
    assert 0.0 < foot[0] < 1.0


def test_a_standpoint_names_all_its_values() -> None:
    assert Standpoint(**dict.fromkeys(NAMES, 0.5)).place == (0.5,) * len(NAMES)
