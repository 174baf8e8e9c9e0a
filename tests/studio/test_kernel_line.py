"""What a page's line to its kernel takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

from storyreel.studio.kernel_line import BURST, BURST_BYTES, KernelLine, well_formed

LARGE = serialize_msg_to_ws_v1([b"{}"] * 3 + [bytes(25 << 20)], "shell")
PARTS = st.lists(st.binary(max_size=40), min_size=4, max_size=12)


@given(PARTS, st.sampled_from(["shell", "control", "stdin"]))
def test_what_jupyter_sends_is_well_formed(parts: list[bytes], channel: str) -> None:
    assert well_formed(serialize_msg_to_ws_v1(parts, channel))


@given(st.binary(max_size=120))
def test_whatever_is_taken_can_be_read_and_is_no_larger_than_it_came(message: bytes) -> None:
    if well_formed(message):
        _, parts = deserialize_msg_from_ws_v1(message)
        assert sum(map(len, parts)) <= len(message)


@given(PARTS, st.integers(0, 7), st.integers(0, 2**64 - 1))
def test_a_count_or_an_offset_that_lies_is_never_followed(parts: list[bytes], word: int, lie: int) -> None:
    told = bytearray(serialize_msg_to_ws_v1(parts, "shell"))
    true, told[8 * word : 8 * word + 8] = told[8 * word : 8 * word + 8], lie.to_bytes(8, "little")
    if well_formed(bytes(told)):
        _, read = deserialize_msg_from_ws_v1(bytes(told))
        assert sum(map(len, read)) <= len(told)
    else:
        assert bytes(true) != lie.to_bytes(8, "little")


def test_nine_bytes_that_announce_endless_parts_are_refused() -> None:
    assert not well_formed((2**63).to_bytes(8, "little") + b"x")
    assert not well_formed("text")
    assert not well_formed(b"")


class Passed(KernelLine):
    """A line whose socket and kernel are lists; its clock stands still."""

    def __init__(self) -> None:
        self.ends: list[str] = []
        self.kernel: list[bytes] = []
        self.open: Any = True

    @property
    def websocket_handler(self) -> Any:  # type: ignore[override]
        def close(code: int, reason: str) -> None:
            self.ends.append(reason)
            self.open = None

        return SimpleNamespace(ws_connection=self.open, close=close)

    @staticmethod
    def clock() -> float:
        return 0.0


@pytest.mark.parametrize(
    ("message", "passes", "reason"),
    [
        (serialize_msg_to_ws_v1([b"{}"] * 4, "shell"), int(BURST), "too many messages"),
        (
            serialize_msg_to_ws_v1([b"{}"] * 3 + [bytes(25 << 20)], "shell"),
            BURST_BYTES // (25 << 20),
            "too much at once",
        ),
        ((2**63).to_bytes(8, "little") + b"x", 0, "not a message"),
    ],
)
def test_who_sends_too_much_is_hung_up_on_and_nothing_of_it_is_read_any_more(
    message: bytes, passes: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Passed()
    monkeypatch.setattr(KernelLine.__base__, "handle_incoming_message", lambda self, came: self.kernel.append(came))
    for _ in range(passes + 50):
        line.handle_incoming_message(message)
    assert len(line.kernel) == passes
    assert line.ends == [reason]
