import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.render.overlay import Patch, Span, blend, cropped, faded, hollowed, swept

WIDTH, HEIGHT = 48, 32


def random_patch(random: np.random.Generator, x: int, y: int, w: int, h: int) -> Patch:
    def plane(height: int, width: int) -> np.ndarray:
        return random.integers(0, 256, (height, width), dtype=np.uint8)

    half = (h // 2, w // 2)
    return Patch(x, y, plane(h, w), plane(*half), plane(*half), plane(h, w), plane(*half))


def random_planes(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shapes = ((HEIGHT, WIDTH), (HEIGHT // 2, WIDTH // 2), (HEIGHT // 2, WIDTH // 2))
    y, u, v = (random.integers(0, 256, shape, dtype=np.uint8) for shape in shapes)
    return y, u, v


def reference(under: np.ndarray, colour: np.ndarray, alpha: np.ndarray, opacity: float) -> np.ndarray:
    weight = np.floor(alpha.astype(np.float64) * round(opacity * 255) / 255 + 0.5) / 255
    return np.floor(under + (colour.astype(np.float64) - under) * weight + 0.5)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.integers(0, 8), st.integers(0, 6))
@settings(max_examples=60)
def test_blending_is_the_exactly_rounded_mix(seed, opacity, x, y) -> None:
    random = np.random.default_rng(seed)
    patch = random_patch(random, 2 * x, 2 * y, 30, 18)
    planes = random_planes(random)
    wanted = [plane.astype(np.float64) for plane in planes]
    layers = ((patch.luma, patch.alpha), (patch.u, patch.alpha_uv), (patch.v, patch.alpha_uv))
    for index, (plane, (colour, alpha)) in enumerate(zip(wanted, layers, strict=True)):
        top, left = (2 * y, 2 * x) if index == 0 else (y, x)
        part = np.s_[top : top + colour.shape[0], left : left + colour.shape[1]]
        plane[part] = reference(plane[part], colour, alpha, opacity)
    blend(planes, patch, opacity)
    for plane, expected in zip(planes, wanted, strict=True):
        assert np.abs(plane - expected).max() <= 1e-9


def test_full_alpha_replaces_and_no_alpha_leaves() -> None:
    random = np.random.default_rng(1)
    patch = random_patch(random, 0, 0, WIDTH, HEIGHT)
    patch.alpha[:, :24], patch.alpha[:, 24:] = 255, 0
    patch.alpha_uv[:, :12], patch.alpha_uv[:, 12:] = 255, 0
    planes = random_planes(random)
    before = [plane.copy() for plane in planes]
    blend(planes, patch)
    assert (planes[0][:, :24] == patch.luma[:, :24]).all()
    assert (planes[1][:, :12] == patch.u[:, :12]).all()
    assert (planes[0][:, 24:] == before[0][:, 24:]).all()
    assert (planes[2][:, 12:] == before[2][:, 12:]).all()


def test_blending_reaches_a_view_of_a_wider_buffer() -> None:
    """Encoders hand out planes whose lines are longer than the picture."""
    random = np.random.default_rng(2)
    wide = tuple(np.zeros((plane.shape[0], plane.shape[1] + 16), np.uint8) for plane in random_planes(random))
    y, u, v = (plane[:, :-16] for plane in wide)
    patch = random_patch(random, 0, 0, WIDTH, HEIGHT)
    patch.alpha[...] = patch.alpha_uv[...] = 255
    blend((y, u, v), patch)
    assert (y == patch.luma).all()
    assert not wide[0][:, -16:].any()


def span(fade_in: int, fade_out: int) -> Span:
    return Span(10, 40, "key", fade_in, fade_out, lambda: None)


def test_a_span_without_fades_is_there_or_not() -> None:
    assert [span(0, 0).opacity(frame) for frame in (9, 10, 39, 40)] == [0.0, 1.0, 1.0, 0.0]


def test_fades_rise_and_fall_alike_and_waste_no_frame() -> None:
    shown = [span(8, 8).opacity(frame) for frame in range(10, 40)]
    assert shown == pytest.approx(shown[::-1])
    assert shown[:9] == sorted(shown[:9])
    assert 0.0 < shown[0] < 0.1
    assert shown[8:22] == [1.0] * 14


def test_fades_that_meet_never_pass_one() -> None:
    assert all(0.0 < span(30, 30).opacity(frame) < 1.0 for frame in range(10, 40))


@given(st.integers(0, 2**32 - 1), st.integers(0, 5), st.integers(0, 4))
@settings(max_examples=20)
def test_a_part_and_the_rest_of_a_patch_give_the_whole(seed, x, y) -> None:
    random = np.random.default_rng(seed)
    patch = random_patch(random, 4, 2, 30, 18)
    whole = random_planes(random)
    parted = tuple(plane.copy() for plane in whole)
    blend(whole, patch)
    blend((parted[0], parted[1], parted[2]), hollowed(patch, 2 * x, 2 * y, 12, 8))
    blend((parted[0], parted[1], parted[2]), cropped(patch, 2 * x, 2 * y, 12, 8))
    for plane, wanted in zip(parted, whole, strict=True):
        assert (plane == wanted).all()


@pytest.mark.parametrize("right_to_left", [False, True])
def test_a_sweep_goes_from_one_patch_to_the_other(right_to_left) -> None:
    random = np.random.default_rng(3)
    before, after = (random_patch(random, 0, 0, 40, 8) for _ in range(2))
    at_start, at_end = swept(before, after, -4.0, 4.0, right_to_left), swept(before, after, 44.0, 4.0, right_to_left)
    assert (at_start.luma == before.luma).all()
    assert (at_end.luma == after.luma).all()
    half = swept(before, after, 20.0, 4.0, right_to_left)
    first, last = (np.s_[:, 24:], np.s_[:, :16]) if right_to_left else (np.s_[:, :16], np.s_[:, 24:])
    assert (half.luma[first] == after.luma[first]).all()
    assert (half.luma[last] == before.luma[last]).all()


def test_a_faded_patch_blends_as_its_opacity_says() -> None:
    random = np.random.default_rng(4)
    patch, one = random_patch(random, 2, 2, 30, 18), random_planes(random)
    other = tuple(plane.copy() for plane in one)
    blend(one, patch, 0.4)
    blend((other[0], other[1], other[2]), faded(patch, 0.4))
    for plane, wanted in zip(other, one, strict=True):
        assert (plane == wanted).all()
