"""Stills become masters: of the right size, within bounds, made once and kept while there is room."""

import threading

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from storyreel.errors import RenderError
from storyreel.render.stills import LARGEST_SAMPLES, MARGIN_PX, Master, Masters, load_master, master_scales


def inner(master: Master):
    return tuple(plane[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] for plane in master.planes)


def test_an_odd_size_keeps_its_edge(tmp_path):
    Image.new("RGB", (61, 41), "white").save(tmp_path / "odd.png")
    master = load_master(tmp_path / "odd.png", 1.0, 2.0)
    assert (master.width_px, master.height_px) == (61, 41)
    assert inner(master)[0].min() >= 234


@given(st.floats(0.05, 8.0), st.just(1.0) | st.floats(1.0, 3.0))
@example(1.38, 1.0)
def test_a_master_is_never_sampled_coarsely_or_between_single_pixels(smallest, ratio):
    shrink, grow = master_scales(smallest, smallest * ratio)
    widest, tightest = smallest * ratio * shrink, smallest * shrink
    assert shrink <= 1.0
    assert widest <= 1.5 + 1e-9
    assert grow >= 1.5 or tightest > 1.25
    assert tightest * grow >= 1.0 - 1e-9


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_big_picture_is_shrunk_to_its_master(tmp_path, suffix):
    ramp = np.linspace(0, 255, 1600).astype(np.uint8)
    Image.fromarray(np.repeat(np.tile(ramp, (900, 1))[..., None], 3, axis=2)).save(tmp_path / f"big{suffix}")
    master = load_master(tmp_path / f"big{suffix}", 0.2, 1.0)
    luma = inner(master)[0]
    assert luma.shape == (180, 320)
    assert (master.width_px, master.height_px) == (1600, 900)
    assert luma[90] == pytest.approx(16 + np.linspace(0, 219, 320), abs=3)


def test_the_smallest_picture_can_be_shown(tmp_path):
    Image.new("RGB", (1, 1), (255, 255, 255)).save(tmp_path / "dot.png")
    master = load_master(tmp_path / "dot.png", *master_scales(1 / 320, 1 / 320))
    assert master.size == (1, 1)
    assert {int(value) for value in np.unique(inner(master)[0])} == {235}


@pytest.mark.parametrize("size", [(30_000, 40), (30_000, 1000), (12, 9000)])
def test_a_picture_of_extreme_shape_stays_within_bounds(tmp_path, size):
    Image.new("L", size, 200).save(tmp_path / "long.png")
    scale = min(size[0] / 320, size[1] / 180)
    master = load_master(tmp_path / "long.png", *master_scales(scale, scale))
    assert master.size == size
    assert inner(master)[0].size <= 1.02 * LARGEST_SAMPLES


def small_master(side=16):
    plane = np.zeros((side, side), np.uint8)
    return Master((plane, plane, plane), side, side, (1.0, 1.0), (0.5, 0.5))


def test_a_master_is_made_once_however_many_threads_ask():
    masters, made, together = Masters(), [], threading.Barrier(8)

    def make():
        made.append(1)
        return small_master()

    got = []

    def ask():
        together.wait()
        got.append(masters.get(Master, "a", make))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all(master is got[0] for master in got)


def test_masters_stay_within_their_memory_and_the_latest_used_are_kept():
    one = small_master().size_bytes
    masters, made = Masters(limit_bytes=3 * one), []

    def get(key):
        return masters.get(Master, key, lambda: made.append(key) or small_master())

    for key in "abcadeab":
        get(key)
    # a, b, c, (a), d pushes b out, e pushes c out, (a), b again
    assert made == ["a", "b", "c", "d", "e", "b"]


def test_a_master_that_could_not_be_made_is_tried_again():
    masters = Masters()

    def fail():
        raise RenderError("no")

    with pytest.raises(RenderError):
        masters.get(Master, "a", fail)
    assert masters.get(Master, "a", small_master) is not None


def test_things_of_two_kinds_may_have_one_name():
    class Other:
        size_bytes = 1

    masters = Masters()
    master = masters.get(Master, "a", small_master)
    assert isinstance(masters.get(Other, "a", Other), Other)
    assert masters.get(Master, "a", small_master) is master
