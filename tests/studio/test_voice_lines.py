"""A line spoken again: who says it, what it costs, where it goes, and that nothing is lost by it."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from storyreel.media.sound import write_flac
from storyreel.providers import registry
from storyreel.providers.contracts import Speech, SpokenWord
from storyreel.providers.prices import Quote
from storyreel.studio import voice_lines

RATE_HZ = 24_000
LINE = {"cue": 1, "captions": 2, "text": "went out the end"}


class Speaker:
    """Says every word in half a second, in a tone of its own."""

    def __init__(self, name: str, hz: float, usd: str | None = "0") -> None:
        self.identity, self.hz, self.usd, self.asked = name, hz, usd, []

    def price(self, usage):
        return Quote(None if self.usd is None else Decimal(self.usd) * usage.characters)

    def speak(self, request):
        self.asked.append((request.text, request.speed, request.take))
        words = request.text.split()
        at_s = np.arange(len(words) * RATE_HZ // 2) / RATE_HZ
        tone = (0.2 * np.sin(2 * np.pi * self.hz * at_s)).astype(np.float32)
        timed = tuple(SpokenWord(text=word, start_s=k / 2, end_s=k / 2 + 0.4) for k, word in enumerate(words))
        return Speech(tone, RATE_HZ, timed)


@pytest.fixture(autouse=True)
def voices(monkeypatch):
    """A film told by "ann"; "bob" is on offer too, and nobody listens."""
    made = {"ann": Speaker("test/ann", 220), "bob": Speaker("test/bob", 330)}
    real = registry.provider
    monkeypatch.setattr(registry, "provider", lambda role, name: made[name] if role == "voice" else real(role, name))
    monkeypatch.setattr(registry, "default_listener", lambda: None)
    offered = [("Bob, deep", "bob"), ("No voice", registry.NOBODY)]
    monkeypatch.setattr(voice_lines.choices, "voices", lambda: offered)
    return made


@pytest.fixture
def project(project):
    record = project.record()
    project.save_record(record.model_copy(update={"crew": {**record.crew, "voice": "ann"}}))
    return project


def say(page, agreed_usd: float = 0.0, **more: object) -> dict:
    action = {"do": "say_again", **LINE, **more}
    return page.answer(page.say({"type": "act", "action": action, "agreed_usd": agreed_usd}))


def spoken(session) -> list[tuple[str, int, int]]:
    return [
        (sound.asset.provenance.provider, sound.start_frame, sound.length_frames)
        for sound in session.timeline.sounds
        if sound.track == "narration"
    ]


def test_another_voice_says_the_line_and_undo_brings_the_old_one_back(page, session, voices):
    before = session.timeline
    assert page.last("state")["film"]["voices"] == [{"value": "bob", "name": "Bob, deep"}]
    assert say(page, voice="bob", speed=0.9)["type"] == "done"
    assert voices["bob"].asked == [(LINE["text"], 0.9, 0)]
    assert [each[0] for each in spoken(session)] == ["test", "test/bob@0.9"]
    cues = session.timeline.cues
    assert [cue.text for cue in cues] == [cue.text for cue in before.cues]
    start = spoken(session)[1][1]
    assert [word.start_frame - start for cue in cues[1:] for word in cue.lines[0]] == [0, 5, 10, 15]
    assert page.timeline == session.timeline.model_dump(mode="json")
    page.say({"type": "undo"})
    page.until(lambda message: message["type"] == "patch" and message["history"][-1]["undone"])
    assert session.timeline == before


def test_the_same_voice_is_asked_for_another_take_each_time(page, session, voices):
    say(page)
    say(page)
    say(page)
    assert len({take for _, _, take in voices["ann"].asked}) == 3
    assert sum(name.startswith("test/ann") for name, _, _ in spoken(session)) == 1


def test_a_line_is_as_loud_as_the_voice_that_it_takes_the_place_of(page, session):
    old = session.timeline.sounds[0]
    say(page, voice="bob")
    new = next(sound for sound in session.timeline.sounds if sound.asset.provenance.provider == "test/bob")
    lufs = [voice_lines.loudness_of(session.project, sound.asset) + sound.gain_db for sound in (old, new)]
    assert lufs[0] == pytest.approx(lufs[1], abs=0.02)


def test_the_price_is_told_first_and_nothing_is_sent_for_more(page, session, voices):
    voices["bob"].usd = "0.01"
    priced = page.answer(page.say({"type": "price", "action": {"do": "say_again", **LINE, "voice": "bob"}}))
    assert priced["price_usd"] == pytest.approx(0.16)
    refused = say(page, 0.05, voice="bob")
    assert refused["type"] == "refused"
    assert "$0.16" in refused["message"]
    assert voices["bob"].asked == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"text": "nothing of it"}, "written anew"), ({"voice": "carol"}, "not offered"), ({"cue": 9}, "written anew")],
)
def test_a_line_that_is_gone_and_a_voice_that_is_not_offered_are_refused(page, session, changed, says):
    before = session.timeline
    if "cue" in changed:
        changed = {**changed, "text": "went away"}
    assert says in say(page, **changed)["message"]
    assert session.timeline == before


def test_a_line_is_found_where_its_words_are_now(page, session):
    page.edit({"kind": "split_caption", "cue": 0, "word": 1})
    assert say(page, voice="bob")["type"] == "done"
    assert session.timeline.cues[2].text == "went out"
    assert session.timeline.sounds[1].asset.provenance.provider == "test/bob"


def test_a_recording_of_ones_own_loses_its_silence_and_carries_the_captions(page, session):
    at_s = np.arange(48_000 * 4) / 48_000
    heard = (0.3 * np.sin(2 * np.pi * 200 * at_s) * ((at_s > 1) & (at_s < 3))).astype(np.float32)
    data = write_flac(heard[:, None], 48_000)
    use = {"as": "voice", **LINE}
    number = page.say({"type": "upload_begin", "name": "mine.flac", "size_bytes": len(data), "use": use})
    page.window.take({"type": "upload_chunk", "id": number, "at": 0}, [memoryview(data)])
    assert page.until(lambda m: m.get("id") == number and m["type"] in ("done", "refused"))["type"] == "done"
    name, start, length = spoken(session)[1]
    assert name == "user"
    assert 20 <= length <= 24  # two seconds of four, at ten frames a second, with a breath on both sides
    first = session.timeline.cues[1].lines[0][0]
    assert first.start_frame - start <= 3


def test_a_silent_recording_is_refused_in_a_sentence(page, session):
    before = session.timeline
    data = write_flac(np.zeros((48_000, 1), np.float32), 48_000)
    use = {"as": "voice", **LINE}
    number = page.say({"type": "upload_begin", "name": "mine.flac", "size_bytes": len(data), "use": use})
    page.window.take({"type": "upload_chunk", "id": number, "at": 0}, [memoryview(data)])
    told = page.until(lambda m: m.get("id") == number and m["type"] in ("done", "refused"))
    assert told["type"] == "refused"
    assert session.timeline == before
