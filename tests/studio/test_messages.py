"""Forged messages: nothing is read, nothing broken, nothing grows, and the other windows go on."""

from __future__ import annotations

import json
import re
import resource
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.studio.messages import CHUNK_BYTES, Rate, message_id, read_message

DEEP: object = "x"
for _ in range(5000):
    DEEP = [DEEP]
EDIT = {"type": "edit", "id": 3, "base": 0, "label": "x", "edits": [{"kind": "remove_clip", "clip": "s0001"}]}
ASSET = {
    "kind": "image", "blob": {"sha256": "a" * 64, "suffix": ".png", "size_bytes": 9},
    "provenance": {"provider": "me"},
}  # fmt: skip

FORGED: dict[str, object] = {
    "no object": [1, 2],
    "nothing": None,
    "a number": 7,
    "no type": {"id": 3},
    "another type": {"type": "shell", "id": 3, "command": "id"},
    "a field too many": {"type": "hello", "window": "w", "project": "other"},
    "a window like a path": {"type": "hello", "window": "../../etc"},
    "an id that is a text": {**EDIT, "id": "3"},
    "an id that is true": {**EDIT, "id": True},
    "a huge id": {**EDIT, "id": 10**30},
    "NaN": {**EDIT, "base": float("nan")},
    "infinity": {**EDIT, "edits": [{"kind": "change_gain", "sound": 0, "gain_db": float("inf")}]},
    "NaN in a motion": {**EDIT, "edits": [{"kind": "change_motion", "clip": "s0001",
                                           "motion": {"start": {"x": float("nan")}, "end": {}, "ease": "in"}}]},
    "no edits": {**EDIT, "edits": []},
    "a million edits": {**EDIT, "edits": [{}] * 1_000_000},
    "edits that are texts": {**EDIT, "edits": ["remove_clip"]},
    "an edit of another kind": {**EDIT, "edits": [{"kind": "exec", "clip": "s0001"}]},
    "a clip that is a list": {**EDIT, "edits": [{"kind": "remove_clip", "clip": ["s0001"]}]},
    "a number as a text": {**EDIT, "edits": [{"kind": "change_caption", "cue": "0", "text": "x"}]},
    "a clip that is nobody's": {**EDIT, "edits": [{"kind": "remove_clip", "clip": "../s0001"}]},
    "another film's picture": {**EDIT, "edits": [{"kind": "replace_picture", "clip": "s0001", "asset": ASSET}]},
    "a suffix like a path": {**EDIT, "edits": [{"kind": "replace_picture", "clip": "s0001", "asset": {
        **ASSET, "blob": {"sha256": "a" * 64, "suffix": "/../../x", "size_bytes": 9}}}]},
    "a font by its path": {**EDIT, "edits": [{"kind": "change_caption_style",
                                              "style": {"size": 0.05, "font_file": "/etc/passwd"}}]},
    "deep": {**EDIT, "edits": [{"kind": "remove_clip", "clip": DEEP}]},
    "a deep label": {**EDIT, "label": DEEP},
    "a gigabyte of text": {**EDIT, "label": "x" * 20_000_000},
    "bytes": {**EDIT, "label": b"x"},
    "too many keys": {"type": "want", "kind": "thumb", "keys": ["a"] * 100_000},
    "a path as a key": {"type": "want", "kind": "thumb", "keys": ["../../../project.json"]},
    "a URL as a key": {"type": "want", "kind": "picture", "keys": ["http://127.0.0.1/x"]},
    "another kind of media": {"type": "want", "kind": "file", "keys": ["project.json"]},
    "a lower price agreed": {"type": "act", "id": 3, "action": {"do": "render", "quality": "best"}, "agreed_usd": 0.0},
    "an agreed NaN": {"type": "act", "id": 3, "action": {"do": "render"}, "agreed_usd": float("nan")},
    "less than nothing agreed": {"type": "act", "id": 3, "action": {"do": "render"}, "agreed_usd": -1.0},
    "a shot that is nobody's": {"type": "price", "id": 3, "action": {"do": "make_again", "clip": "x" * 64}},
    "a gigabyte declared": {"type": "upload_begin", "id": 3, "name": "a.png", "size_bytes": 1 << 30,
                            "use": {"as": "picture", "clip": "s0001"}},
    "less than nothing declared": {"type": "upload_begin", "id": 3, "name": "a.png", "size_bytes": -1,
                                   "use": {"as": "picture", "clip": "s0001"}},
    "a use that is none": {"type": "upload_begin", "id": 3, "name": "a.png", "size_bytes": 1, "use": {"as": "script"}},
    "a piece of nothing": {"type": "upload_chunk", "id": 3, "at": 0},
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_changes_nothing_and_is_answered_in_a_sentence(page, session, project, name):
    before, files = session.timeline, sorted(project.folder.rglob("*"))
    heard = len(page.messages)
    page.window.take(FORGED[name])
    answers = page.messages[heard:]
    if page.window.busy:
        answers = [page.answer(3)]
    for answer in answers:
        assert answer["type"] in ("refused", "notice", "media")
        said = json.dumps(answer)
        assert len(said) < 1500
        assert "/etc/passwd" not in said
        assert str(project.cache) not in said
    assert session.timeline is before
    assert [path for path in sorted(project.folder.rglob("*")) if path.name != "uploads"] == files
    assert session.history.entries == ()
    page.edit({"kind": "change_caption", "cue": 0, "text": "still here"})
    assert session.timeline.cues[0].text == "still here"


def test_a_window_that_has_not_said_hello_is_not_listened_to(session, new_page):
    stranger = new_page(session, "w9")
    stranger.edit({"kind": "remove_clip", "clip": "s0001"})
    assert stranger.last("refused")["message"] == "say hello first"
    assert len(session.timeline.clips) == 6


def test_an_asset_that_is_known_is_taken_as_we_know_it_whatever_the_page_says_of_it(page, session):
    known = session.timeline.clips[2].asset
    forged = {"kind": "video", "blob": {**known.blob.model_dump(), "suffix": ".mp4", "size_bytes": 1},
              "width_px": 9, "provenance": {"provider": "me", "price_usd": -5.0}}  # fmt: skip
    page.edit({"kind": "replace_picture", "clip": "s0001", "asset": forged})
    assert session.timeline.clips[1].asset == known


def test_another_projects_pictures_stay_unread(page, session, project):
    other = Project("other", project.cache)
    other.save_record(Record(recipe="title", inputs={}, crew={}, settings=project.record().settings))
    blob = store_of(other).put_bytes(b"secret", ".png")
    asset = {**ASSET, "blob": blob.model_dump()}
    number = page.edit({"kind": "replace_picture", "clip": "s0001", "asset": asset})
    assert "this film has no such picture" in page.answer(number)["message"]
    assert blob.sha256 not in session._assets


def test_ten_thousand_messages_a_second_are_dropped_and_the_next_second_is_heard(page, session, new_page):
    other = new_page(session, "w2")
    other.hello()
    begun_s = time.process_time()
    for _ in range(10_000):
        page.window.take({"type": "undo", "id": 1})
    assert time.process_time() - begun_s < 5.0
    assert len(page.of("notice")) <= 3
    assert len(page.messages) < 1500
    number = other.edit({"kind": "change_caption", "cue": 0, "text": "unharmed"})
    assert other.answer(number)["type"] == "patch"


def test_wishes_without_end_are_let_go_and_memory_stays_bounded(page, session, project):
    known = [clip.asset.blob.sha256 for clip in session.timeline.clips]
    page.media("thumb", *known)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(390):
        page.window.take({"type": "want", "kind": "picture", "keys": [f"{number}-{key}" for key in range(500)]})
        assert len(session.media._wishes) <= 65
    text = "x" * 3_900
    for _ in range(200):
        page.window.take({"type": "edit", "id": 5, "base": 0, "label": text, "edits": [{}] * 400})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 150_000


def test_a_gigabyte_sent_in_pieces_is_stopped_at_what_was_announced(page, project):
    page.say({"type": "upload_begin", "name": "a.png", "size_bytes": 3 * CHUNK_BYTES,
              "use": {"as": "picture", "clip": "s0001"}})  # fmt: skip
    number, piece = page.ids, bytes(CHUNK_BYTES)
    for at in range(60):
        page.window.take({"type": "upload_chunk", "id": number, "at": at * CHUNK_BYTES}, [piece])
    page.window.take({"type": "upload_chunk", "id": number, "at": 0}, [bytes(CHUNK_BYTES + 1)])
    page.window.take({"type": "upload_chunk", "id": number, "at": 0}, [piece, piece])
    page.until(lambda m: m.get("id") == number and "cannot be read" in m.get("message", ""))
    assert list((project.folder / "uploads").iterdir()) == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
            st.sampled_from(["type", "id", "edits", "kind", "keys", "use", "action", "do", "clip", "window", "base"]),
            inner, max_size=6),
        max_leaves=25,
    )
)  # fmt: skip
def test_whatever_json_comes_is_read_or_refused_and_never_breaks(content):
    message_id(content)
    # None of these has all that a message needs, save by a chance of nothing.
    with pytest.raises(InputError):
        read_message(content)


def test_what_the_page_really_sends_is_read():
    for content in (
        {"type": "hello", "window": "8b0a2c9e-3a5f-4a8e-9c3d-1f1f6f0f7c11"},
        {**EDIT, "edits": [{"kind": "change_motion", "clip": "s0001", "motion": {
            "start": {"x": 0.5, "y": 0, "height": 1, "turn_deg": 0}, "end": {"x": 0.5, "y": 0.5, "height": 1},
            "ease": "in_out"}}]},
        {"type": "want", "kind": "sound", "keys": ["0", "12"]},
        {"type": "want", "kind": "font", "keys": ["NotoSans-SemiBold.ttf"]},
        {"type": "price", "id": 4, "action": {"do": "make_again", "clip": "s0001", "prompt": "a lamp"}},
        {"type": "act", "id": 5, "action": {"do": "retry", "clip": "s0001"}, "agreed_usd": 0},
        {"type": "act", "id": 6, "action": {"do": "render", "quality": "high"}, "agreed_usd": 0.5},
        {"type": "upload_begin", "id": 7, "name": "Bild Ä.png", "size_bytes": 12, "use": {"as": "music"}},
        {"type": "upload_cancel", "id": 7},
    ):  # fmt: skip
        message = read_message(content)
        if content is not EDIT and content["type"] == "edit":
            assert message.read_edits()


def test_a_rate_lets_a_burst_pass_and_then_so_many_a_second():
    now = [0.0]
    rate = Rate(burst=5, a_second=2.0, clock=lambda: now[0])
    assert [rate.take() for _ in range(7)] == [True] * 5 + [False] * 2
    now[0] = 1.0
    assert [rate.take() for _ in range(3)] == [True, True, False]


def test_the_kernel_messages_have_every_field_that_the_page_expects(page):
    """Names alone, read from the page's own declarations."""
    source = (Path(__file__).parents[2] / "widgets" / "src" / "protocol.ts").read_text()

    def fields(interface: str) -> set[str]:
        rest, depth, own = source.split(f"export interface {interface} {{")[1], 1, ""
        for letter in re.sub(r"/\*\*.*?\*/", "", rest, flags=re.DOTALL):
            depth += (letter == "{") - (letter == "}")
            if not depth:
                break
            own += letter if depth == 1 else ""
        return set(re.findall(r"(\w+)\??:", own))

    state = page.last("state")
    assert set(state) == fields("StateMessage")
    assert set(state["film"]) == fields("FilmInfo")
    assert set(state["shots"][0]) == fields("ShotInfo")
    assert set(state["timeline"]) == fields("Timeline")
    assert set(state["timeline"]["clips"][0]) == fields("Clip")
    assert set(state["film"]["scenes"][0]) == fields("SceneInfo")
    page.edit({"kind": "change_caption", "cue": 0, "text": "x"})
    assert set(page.last("patch")["history"][0]) == fields("HistoryEntry")
