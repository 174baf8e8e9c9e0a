"""Settings accept what can be rendered and nothing else."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from storyreel.errors import InputError
from storyreel.settings import Settings, cache_root, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("16:9", (1920, 1080)),
        ("9:16", (1080, 1920)),
        ("1:1", (1080, 1080)),
        ("640x360", (640, 360)),
        ("64X64", (64, 64)),
    ],
)
def test_sizes_people_write(text: str, size: tuple[int, int]) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "4:3", "641x360", "0x0", "-2x4", "1920", "1920x", "x1080", "99999x1080", "1e3x200"]
)
def test_sizes_that_cannot_be_used_are_named(text: str) -> None:
    with pytest.raises(InputError, match="16:9"):
        parse_size(text)


def test_odd_sizes_are_refused() -> None:
    with pytest.raises(ValidationError, match="even"):
        Settings(width_px=641)


def test_the_cache_is_the_one_chosen_then_the_variable_then_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STORYREEL_CACHE", raising=False)
    assert cache_root() == tmp_path / "cache"
    monkeypatch.setenv("STORYREEL_CACHE", str(tmp_path / "elsewhere"))
    assert cache_root() == tmp_path / "elsewhere"
    assert cache_root(tmp_path / "mine") == tmp_path / "mine"
