"""Emphasis: what is marked, and what only looks like it."""

from __future__ import annotations

import pytest

from storyreel.inputs.screenplay.emphasis import Run, plain, runs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", [Run("plain")]),
        ("*i*", [Run("i", italic=True)]),
        ("**b**", [Run("b", bold=True)]),
        ("***x***", [Run("x", bold=True, italic=True)]),
        ("_u_", [Run("u", underlined=True)]),
        ("_**b** u_", [Run("b", bold=True, underlined=True), Run(" u", underlined=True)]),
        ("**b *and i* b**", [Run("b ", bold=True), Run("and i", bold=True, italic=True), Run(" b", bold=True)]),
        ("*i **and b** i*", [Run("i ", italic=True), Run("and b", bold=True, italic=True), Run(" i", italic=True)]),
        ("dial *69 and then *23", [Run("dial *69 and then *23")]),
        ("3 * 4 * 5", [Run("3 * 4 * 5")]),
        (r"\*not\* \_so\_", [Run("*not* _so_")]),
        ("*over\nlines*", [Run("*over\nlines*")]),
    ],
)
def test_marks(text: str, expected: list[Run]) -> None:
    assert list(runs(text)) == expected


def test_plain_text_has_no_marks() -> None:
    assert plain("_**Brick** & *Steel*_") == "Brick & Steel"
