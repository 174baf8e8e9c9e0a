from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storyreel.memo.freshness import Artefact, changed_inputs, state_of, states

digests = st.sampled_from(["a", "b", "c"])
inputs_now = st.dictionaries(st.sampled_from(["story", "prompt", "voice"]), digests | st.none())


@given(inputs_now)
def test_what_is_not_made_is_missing_or_waits_for_an_input(now: dict[str, str | None]) -> None:
    assert state_of(None, now) == ("blocked" if None in now.values() else "missing")


@given(st.dictionaries(st.sampled_from(["story", "prompt", "voice"]), digests), inputs_now)
def test_what_is_made_is_fresh_just_when_no_input_changed(then: dict[str, str], now: dict[str, str | None]) -> None:
    made = Artefact(name="film.mp4", digest="f", inputs=then)
    present = {name: digest for name, digest in now.items() if digest is not None}
    assert state_of(made, now) == ("fresh" if present == then else "stale")
    assert (changed_inputs(made, now) == ()) == (present == then)


def test_changed_inputs_are_named() -> None:
    made = Artefact(name="film.mp4", digest="f", inputs={"a": "1", "b": "1", "c": "1"})
    assert changed_inputs(made, {"a": "1", "b": "2", "d": "1"}) == ("b", "c", "d")


PLAN = {"story": ("brief",), "picture": ("story",), "film": ("picture", "sound")}


def made(story_from: str = "brief-1") -> dict[str, Artefact]:
    return {
        "story": Artefact(name="story", digest="story-1", inputs={"brief": story_from}),
        "picture": Artefact(name="picture", digest="picture-1", inputs={"story": "story-1"}),
    }


def test_a_plan_shows_every_state() -> None:
    assert states(PLAN, made(), {"brief": "brief-1"}) == {"story": "fresh", "picture": "fresh", "film": "blocked"}
    assert states(PLAN, made(), {"brief": "brief-1", "sound": "s"})["film"] == "missing"
    assert states(PLAN, {}, {"brief": "brief-1"}) == {"story": "missing", "picture": "blocked", "film": "blocked"}


def test_only_direct_inputs_count() -> None:
    """A stale story whose text is still the old one leaves its pictures fresh."""
    assert states(PLAN, made("brief-0"), {"brief": "brief-1"})["story"] == "stale"
    assert states(PLAN, made("brief-0"), {"brief": "brief-1"})["picture"] == "fresh"
