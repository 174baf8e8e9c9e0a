from __future__ import annotations

import inspect
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.memo.key import bound_arguments, call_key, digest, step_name
from storyreel.providers.contracts import ImageRequest
from storyreel.settings import Settings

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=8)
hashable = st.recursive(plain, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=6)
values = st.recursive(
    plain | st.frozensets(hashable, max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def meaning(value: Any) -> Any:
    """A value as nested tuples that are equal just when the key rules call two values the same."""
    match value:
        case float():
            return ("float", "nan" if math.isnan(value) else value + 0.0)
        case list() | tuple():
            return ("sequence", tuple(meaning(item) for item in value))
        case set() | frozenset():
            return ("set", frozenset(meaning(item) for item in value))
        case dict():
            return ("dict", frozenset((name, meaning(item)) for name, item in value.items()))
    return (type(value).__name__, value)


def shot(
    a: Any, b: Any = 2, *rest: Any, c: Any = (1, 2), **more: Any
) -> None:  # a function with every kind of parameter
    raise AssertionError("keys must not call the function")


def key_of(*args: Any, **kwargs: Any) -> str:
    return call_key("film-7", step_name(shot), 1, bound_arguments(inspect.signature(shot), args, kwargs))


@given(values, values)
def test_two_values_share_a_digest_just_when_they_mean_the_same(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (meaning(one) == meaning(other))


@given(values)
def test_one_value_always_has_one_digest(value: Any) -> None:
    assert digest(value) == digest(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (1.0, True),
        (1, "1"),
        ("a", b"a"),
        (None, "None"),
        (None, False),
        (0, False),
        ("", b""),
        ([], {}),
        ([], set()),
        ({}, set()),
        ([[]], []),
        (["ab"], ["a", "b"]),
        ([["a"], "b"], [["a", "b"]]),
        ({"a": "b"}, [["a", "b"]]),
        ({"a": "bc"}, {"ab": "c"}),
        (math.inf, -math.inf),
        (math.inf, math.nan),
        (0.1 + 0.2, 0.3),
        ("\ud800", "\ud801"),
        ("\u00e9", "e\u0301"),
    ],
)
def test_different_values_stay_apart(one: Any, other: Any) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (-0.0, 0.0),
        (math.nan, -math.nan),
        ([1, 2], (1, 2)),
        ({1, 2}, frozenset({2, 1})),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_what_means_the_same_shares_a_digest(one: Any, other: Any) -> None:
    assert digest(one) == digest(other)


def test_a_number_of_any_length_has_a_digest() -> None:
    assert digest(10**5000) != digest(10**5000 + 1)


@given(st.dictionaries(st.sampled_from(["c", "d", "e", "f"]), values), st.randoms(use_true_random=False))
def test_the_order_of_keyword_arguments_changes_no_key(named: dict[str, Any], random: Any) -> None:
    shuffled = list(named.items())
    random.shuffle(shuffled)
    assert key_of(1, **named) == key_of(1, **dict(shuffled))


@given(values, values)
def test_positional_or_by_name_changes_no_key(a: Any, b: Any) -> None:
    assert key_of(a, b) == key_of(a, b=b) == key_of(b=b, a=a)


@given(values)
def test_a_default_given_or_not_changes_no_key(a: Any) -> None:
    assert key_of(a) == key_of(a, 2) == key_of(a, b=2, c=(1, 2))


@given(values, values)
def test_two_calls_share_a_key_just_when_their_arguments_mean_the_same(one: Any, other: Any) -> None:
    assert (key_of(one, c=other) == key_of(other, c=one)) == (meaning(one) == meaning(other))


def test_the_same_values_under_other_parameters_have_another_key() -> None:
    assert len({key_of(1, 5), key_of(5, 1), key_of(1, 2, 5), key_of(1, c=5), key_of(1, d=5)}) == 5


def test_arguments_that_do_not_fit_are_a_type_error() -> None:
    with pytest.raises(TypeError, match="missing a required argument"):
        key_of()


class Size(BaseModel):
    width_px: int
    height_px: int = 1080
    tags: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Pan:
    speed: float
    ease: str = "in_out"
    marks: tuple[int, ...] = field(default_factory=tuple)
    calls: list[int] = field(default_factory=list, compare=False)


def test_a_field_added_with_a_default_changes_no_key() -> None:
    model = type("Size", (BaseModel,), {"__annotations__": {"width_px": int}})
    assert digest(model(width_px=5)) == digest(Size(width_px=5)) == digest(Size(width_px=5, height_px=1080, tags=[]))

    older: Any = dataclass(type("Pan", (), {"__annotations__": {"speed": float}}))
    assert digest(older(speed=1.5)) == digest(Pan(1.5)) == digest(Pan(1.5, ease="in_out", marks=()))


def test_a_default_is_compared_with_its_type() -> None:
    class Loose(BaseModel):
        value: Any = 1

    assert len({digest(Loose(value=value)) for value in (1, 1.0, True, "1")}) == 4


def test_models_of_other_classes_or_fields_stay_apart() -> None:
    class Width(BaseModel):
        width_px: int

    assert len({digest(each) for each in (Size(width_px=5), Width(width_px=5), Size(width_px=6), {"width_px": 5})}) == 4


def test_fields_that_a_model_takes_beyond_its_own_count() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")

    assert digest(Open(a=1)) != digest(Open(a=2)) != digest(Open())


def test_a_default_that_is_made_from_other_fields_is_always_written() -> None:
    class Square(BaseModel):
        width_px: int
        height_px: int = Field(default_factory=lambda data: data["width_px"])

    assert digest(Square(width_px=5)) == digest(Square(width_px=5, height_px=5)) != digest(Square(width_px=6))


def test_what_a_dataclass_leaves_out_of_comparisons_is_no_part_of_the_key() -> None:
    assert digest(Pan(1.5, calls=[1])) == digest(Pan(1.5))


def test_pydantic_dataclasses_leave_out_defaults_too() -> None:
    @pydantic_dataclass
    class Zoom:
        to: float
        ease: str = Field(default="in_out")

    assert digest(Zoom(1.5)) == digest(Zoom(1.5, "in_out")) != digest(Zoom(1.5, "linear"))


class Mood(Enum):
    COLD = "cold"
    WARM = "warm"


class Light(Enum):
    COLD = "cold"


def test_members_of_an_enum_count_by_class_and_value() -> None:
    assert len({digest(each) for each in (Mood.COLD, Mood.WARM, Light.COLD, "cold")}) == 4


def test_identity_comes_before_fields() -> None:
    """A provider that counts its calls in a field keeps its key."""

    @dataclass
    class Painter:
        model: str
        calls: int = 0

        @property
        def identity(self) -> str:
            return f"acme/{self.model}"

    painter = Painter("paint-2")
    before = digest(painter)
    painter.calls += 1
    assert digest(painter) == before != digest(Painter("paint-3"))


@pytest.mark.parametrize("identity", ["", 7, b"acme"])
def test_an_identity_that_is_no_text_is_refused(identity: Any) -> None:
    painter = type("Painter", (), {"identity": identity})()
    with pytest.raises(TypeError, match="Painter whose identity is"):
        digest(painter)


def test_an_identity_that_is_a_method_is_refused() -> None:
    class Painter:
        def identity(self) -> str:
            return "acme"

    with pytest.raises(TypeError, match="identity"):
        digest(Painter())


class Titled(str):
    """A str that could carry more than its letters."""


@pytest.mark.parametrize(
    "value",
    [
        object(),
        Path("a"),
        Fraction(1, 2),
        np.float64(1.0),
        np.zeros(3),
        OrderedDict(a=1),
        Titled("a"),
        shot,
        1j,
        iter([]),
        bytearray(b"a"),
    ],
)
def test_a_type_without_a_rule_is_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match=rf"a\.picture\[1\] is a {type(value).__name__}, which has no key rule"):
        key_of({"picture": [1, value]})


def test_the_argument_inside_a_model_is_named() -> None:
    class Holder(BaseModel):
        inner: Mapping[str, Any]

    with pytest.raises(TypeError, match=r"shot: the argument c\.inner\.x is a PosixPath"):
        key_of(1, c=Holder(inner={"x": Path("a")}))


def test_a_class_is_refused() -> None:
    with pytest.raises(TypeError, match="is the class Size"):
        key_of(Size)


def test_keys_of_a_dict_must_be_text() -> None:
    with pytest.raises(TypeError, match="has the key 1, a int"):
        key_of({1: "a"})


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TypeError, match="contains itself"):
        key_of(endless)


def test_a_step_is_named_by_its_stage() -> None:
    def illustrate() -> None: ...

    illustrate.__module__ = "storyreel.media.steps"
    assert step_name(illustrate) == "media.illustrate"
    illustrate.__module__ = "storyreel.publish.s3.upload"
    assert step_name(illustrate) == "publish.illustrate"
    illustrate.__module__ = "my_films.steps"
    assert step_name(illustrate) == "my_films.steps.illustrate"


def test_project_step_and_version_are_the_front_of_the_key() -> None:
    assert call_key("film-7", "media.illustrate", 3, {}).startswith("film-7/media.illustrate@3/")


PAINTED = Asset(
    kind="image",
    blob=Blob(sha256="ab" * 32, suffix=".png", size_bytes=12),
    width_px=1920,
    height_px=1080,
    provenance=Provenance(provider="acme/paint-2", prompt="a lighthouse", seed=7),
)


@pytest.mark.parametrize(
    ("value", "pinned"),
    [
        (None, "3c23cccb4ce24c5b0540839973395ce29c1469c46078910b8ba77866392778c7"),
        (
            {"a": [1, 1.5, True, "x", b"y"], "b": {"c"}},
            "f360ac34cef628ddda807c9b100d9470ebb3777416b5941be30faf90c01a3b98",
        ),
        (Mood.COLD, "61ba5926a67df321d18cf54c71471698822700d541ef3fa12dc3353e4188400f"),
        (Pan(1.5), "32adfd1ac61c6b2528b7745ae3cb1ab6aa4022242200eb1c5cffc76babd08724"),
        (Settings(), "b0a518c76e083b2cdb089ac44b07e032b083560c55474b24b98a72d2e027a6ee"),
        (
            ImageRequest(prompt="a lighthouse", seed=7),
            "9ba095391077ad222efd0fb57f3c66903070e953779808667e8db49df3c80ca7",
        ),
        (PAINTED, "97bf7724543814942c1334e1fc9a922829ce21d925d532cd499493e269b1c7b8"),
    ],
)
def test_keys_stay_what_they_are(value: Any, pinned: str) -> None:
    """If this fails, everybody's remembered work is lost: give the change another form."""
    assert digest(value) == pinned


def test_the_key_of_a_call_stays_what_it_is() -> None:
    assert (
        call_key("film-7", "media.illustrate", 1, {"width_px": 1920, "seed": None})
        == "film-7/media.illustrate@1/b54548b1e5c85af89e928c49a232ffdbb734e4f8d0f1eb8f005e1ec842d064a0"
    )


def test_an_identity_given_when_the_object_was_made_counts() -> None:
    class Painter:
        def __init__(self, name: str) -> None:
            self.identity = name

    assert digest(Painter("acme/paint-2")) == digest(Painter("acme/paint-2")) != digest(Painter("acme/paint-3"))

    @dataclass
    class Counting:
        calls: int = 0

        def __post_init__(self) -> None:
            self.identity = "acme"

    assert digest(Counting(1)) == digest(Counting(2))

    class Model(BaseModel):
        identity: str
        calls: int

    assert digest(Model(identity="a", calls=1)) == digest(Model(identity="a", calls=2))
