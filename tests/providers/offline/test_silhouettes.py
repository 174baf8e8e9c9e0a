from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storyreel.errors import InputError
from storyreel.providers.offline.painter.shapes import raster
from storyreel.providers.offline.silhouettes import HOLDABLE, Silhouette, bust, draw, figure, find, held
from storyreel.providers.offline.silhouettes.closeups import VIEWS
from storyreel.providers.offline.silhouettes.figures import CARRIES, KINDS, WEARS
from storyreel.providers.offline.silhouettes.model import path_bounds
from storyreel.providers.offline.silhouettes.poses import POSES
from storyreel.providers.offline.silhouettes.words import FAMILIES

SIDE_PX, MARGIN_PX = 96, 8
NAMED = [(family, name) for family, names in FAMILIES.items() for name in names]
SEEDED = ("plant", "structure")


def seen(shape: Silhouette) -> NDArray[np.floating]:
    """How much of each pixel the outline covers, the shape's own box filling the picture but for a margin."""
    scale = (SIDE_PX - 2 * MARGIN_PX) / max(shape.width, shape.height)
    x, y = MARGIN_PX - shape.left * scale, MARGIN_PX + (shape.height - shape.bottom) * scale
    width, height = round(shape.width * scale) + 2 * MARGIN_PX, round(shape.height * scale) + 2 * MARGIN_PX
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<g transform="translate({x:.4f},{y:.4f}) scale({scale:.6f})"><path d="{shape.path}"/></g></svg>'
    )
    return raster(svg)[..., 3]


def assert_fills_its_box(shape: Silhouette, slack_px: int = 3) -> None:
    alpha = seen(shape)
    inner = alpha[MARGIN_PX - 1 : -MARGIN_PX + 1, MARGIN_PX - 1 : -MARGIN_PX + 1]
    assert inner.mean() > 0.01, f"{shape.name} is next to nothing"
    outside = alpha.copy()
    outside[MARGIN_PX - 2 : -MARGIN_PX + 2, MARGIN_PX - 2 : -MARGIN_PX + 2] = 0
    assert outside.max() == 0, f"{shape.name} is drawn outside its box"
    # The box is tight: every edge of it is touched.
    rows, columns = np.flatnonzero(inner.max(axis=1) > 0.02), np.flatnonzero(inner.max(axis=0) > 0.02)
    assert rows[0] <= slack_px
    assert rows[-1] >= inner.shape[0] - slack_px - 1
    assert columns[0] <= slack_px
    assert columns[-1] >= inner.shape[1] - slack_px - 1


@pytest.mark.parametrize(("family", "name"), NAMED, ids=lambda part: str(part))
def test_every_named_thing_draws_something_inside_its_box(family: str, name: str) -> None:
    shape = draw(family, name, 3)
    assert_fills_its_box(shape)
    assert shape.bottom == pytest.approx(0, abs=0.02)
    for part in (*shape.openings, *shape.details, *shape.accent):
        left, top, right, bottom = path_bounds(part)
        assert left >= shape.left - 1.5
        assert right <= shape.left + shape.width + 1.5
        assert top >= -shape.height - 1.5
        assert bottom <= 1.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pose", POSES)
def test_everybody_in_every_pose_draws_a_body_inside_its_box(kind: str, pose: str) -> None:
    shape = figure(kind, pose, seed=2)
    assert_fills_its_box(shape)
    assert 15 < shape.height < 135


@pytest.mark.parametrize("worn", WEARS)
def test_every_garment_changes_how_somebody_looks_from_the_side(worn: str) -> None:
    def look(kind: str, *wears: str) -> Silhouette:
        return figure(kind, "standing_side", wears, seed=1)

    other = "dress" if worn == "coat" else "coat"
    for kind in ("woman", "man"):
        dressed = look(kind, other, worn) if worn != "coat" else look(kind, "coat")
        assert_fills_its_box(dressed)
        if worn == "beard" and kind == "woman":
            continue
        # What somebody has by chance anyway, such as short hair, may be what is named.
        assert any(
            look(kind, other, *more) != look(kind, other, *more, worn) for more in ((), ("hair_long",), ("cap",))
        )


@pytest.mark.parametrize("carried", CARRIES)
def test_everything_carried_is_seen(carried: str) -> None:
    bare, laden = (figure("woman", "standing_side", ["coat"], things, seed=1) for things in ([], [carried]))
    assert laden.path != bare.path
    assert_fills_its_box(laden)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_head_and_shoulders_is_a_hundred_units_tall_and_cut_off_level(kind: str, view: str) -> None:
    shape = bust(kind, ["coat"], 4, view)
    assert shape.height == pytest.approx(100, abs=0.1)
    # The arms beyond the cut leave their curves' ends in the box, so it may be a little wider than the shape.
    assert_fills_its_box(shape, slack_px=8)
    assert seen(shape)[-MARGIN_PX - 4].mean() > 0.3


def test_views_of_a_head_differ() -> None:
    assert len({bust("woman", ["coat"], 1, view).path for view in VIEWS}) == len(VIEWS)


@pytest.mark.parametrize("thing", HOLDABLE)
def test_what_a_hand_holds_is_drawn_with_the_hand_on_it_and_a_sleeve_that_leads_away(thing: str) -> None:
    parts = held(thing)
    assert [part.name for part in parts] == [thing, "hand", "sleeve"]
    for part in parts:
        assert_fills_its_box(part)
    held_thing, hand, sleeve = ((p.left, p.bottom - p.height, p.left + p.width, p.bottom) for p in parts)
    # Thing and hand touch: their boxes overlap.
    assert held_thing[0] < hand[2]
    assert hand[0] < held_thing[2]
    assert held_thing[1] < hand[3]
    assert hand[1] < held_thing[3]
    # Together they are the frame of 100 units standing on 0; the sleeve goes on to the right of and below the wrist.
    assert max(held_thing[2], hand[2]) - min(held_thing[0], hand[0]) <= 100.1
    assert max(held_thing[3], hand[3]) == pytest.approx(0, abs=0.05)
    assert sleeve[2] > hand[2]
    assert sleeve[3] > hand[3]


def test_an_open_hand_holds_nothing() -> None:
    assert [part.name for part in held()] == ["hand", "sleeve"]


MEANT = [
    ("galleon", ("vehicle", "tall ship")),
    ("a rowing boat", ("vehicle", "rowing boat")),
    ("gondola", ("vehicle", "gondola")),
    ("Wolves", ("creature", "wolf")),
    ("dragons", ("creature", "dragon")),
    ("the lighthouse", ("structure", "lighthouse")),
    ("church", ("structure", "church")),
    ("museum", ("structure", "temple")),
    ("an oak", ("plant", "oak")),
    ("a lighthouse keeper's letter", ("prop", "letter")),
    ("a pocket watch", ("prop", "pocket watch")),
    ("an old brass spyglass", ("prop", "spyglass")),
    ("cherries and a candle", ("prop", "candle")),
    ("storm-lantern", ("prop", "lantern")),
    ("mirror", ("prop", "mirror")),
]


@pytest.mark.parametrize(("words", "meant"), MEANT, ids=lambda value: str(value))
def test_words_find_the_drawing_that_they_mean(words: str, meant: tuple[str, str]) -> None:
    assert find(words) == meant


@pytest.mark.parametrize(
    "words", ["", "sorrow", "the day before yesterday", "quantum", "xylograph", "12345", "ß", "bellicose"]
)
def test_words_for_nothing_that_is_drawn_find_nothing(words: str) -> None:
    assert find(words) is None


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_finds_a_drawing_that_exists_or_nothing(text: str) -> None:
    hit = find(text)
    assert hit is None or hit in NAMED


def test_every_name_finds_itself() -> None:
    """A name that two families share goes to one of them; all others are found by their own name."""
    families: dict[str, set[str]] = {}
    for family, name in NAMED:
        families.setdefault(name, set()).add(family)
    for name, known in families.items():
        hit = find(name)
        assert hit is not None
        assert hit[1] == name
        assert hit[0] in known


MAKERS: list[Callable[[int], Silhouette]] = [
    lambda seed: figure("girl", "walking_side", ["coat", "scarf"], ["lantern"], seed, 0.5),
    lambda seed: bust("old_man", ["hat", "beard"], seed, "quarter"),
    *(lambda seed, family=family, name=name: draw(family, name, seed) for family, name in NAMED if family in SEEDED),
]  # type: ignore[misc]


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_seed_gives_the_same_drawing(make: Callable[[int], Silhouette]) -> None:
    assert make(7) == make(7)


def test_another_seed_gives_another_tree_and_another_person() -> None:
    for family, name in (("plant", "oak"), ("plant", "pine"), ("structure", "ruin")):
        assert draw(family, name, 1) != draw(family, name, 2)
    assert figure("woman", "standing_back", seed=1) != figure("woman", "standing_back", seed=2)


def test_wind_moves_a_scarf_to_its_lee() -> None:
    def reach(wind: float) -> tuple[float, float]:
        shape = figure("woman", "standing_back", ["coat", "scarf"], seed=1, wind=wind)
        return shape.left, shape.left + shape.width

    assert reach(1.0)[1] > reach(0.0)[1] + 2
    assert reach(-1.0)[0] < reach(0.0)[0] - 2


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: draw("planet", "mars"), "planet"),
        (lambda: draw("creature", "gryphon"), "gryphon"),
        (lambda: draw("prop", "gryphon"), "gryphon"),
        (lambda: draw("structure", "gryphon"), "gryphon"),
        (lambda: draw("vehicle", "gryphon"), "gryphon"),
        (lambda: draw("plant", "gryphon"), "gryphon"),
        (lambda: figure("ghost", "running"), "ghost"),
        (lambda: figure("man", "flying"), "flying"),
        (lambda: figure("man", "running", ["toga"]), "toga"),
        (lambda: bust("man", view="below"), "below"),
        (lambda: held("piano"), "piano"),
    ],
)
def test_an_unknown_name_is_refused_with_the_names_there_are(make: Callable[[], object], said: str) -> None:
    with pytest.raises(InputError, match=rf"{said}.*choose from"):
        make()
