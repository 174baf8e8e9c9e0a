"""Words with two readings: what the words beside them decide."""

from __future__ import annotations

import pytest

from storyreel.providers.offline.voice.lexicon import lexicon
from storyreel.providers.offline.voice.normalise import sentences_of
from storyreel.providers.offline.voice.phonemes import Pronouncer

READ, RED, LIVE_V, LIVE_A = "ɹˈid", "ɹˈɛd", "lˈɪv", "lˈIv"
WIND_AIR, WIND_UP, CLOSE_NEAR, CLOSE_SHUT = "wˈɪnd", "wˈInd", "klˈOs", "klˈOz"
LEAD_METAL, LEAD_WAY, TEAR_EYE, TEAR_RIP = "lˈɛd", "lˈid", "tˈɪɹ", "tˈɛɹ"
BOW_BEND, BOW_ARROW, MINUTE_TIME, MINUTE_TINY = "bˈW", "bˈO", "mˈɪnət", "mInˈut"


@pytest.mark.parametrize(
    ("sentence", "word", "sounds"),
    [
        ("I will read it.", "read", READ),
        ("Read it aloud.", "Read", READ),
        ("They had read it.", "read", RED),
        ("She read the letter and wept.", "read", RED),
        ("I read it yesterday.", "read", RED),
        ("They live by the sea.", "live", LIVE_V),
        ("We heard live music.", "live", LIVE_A),
        ("He lives here.", "lives", "lˈɪvz"),
        ("A cat has nine lives.", "lives", "lˈIvz"),
        ("The wind blew.", "wind", WIND_AIR),
        ("Wind it up.", "Wind", WIND_UP),
        ("He began to wind the clock.", "wind", WIND_UP),
        ("It was a close call.", "close", CLOSE_NEAR),
        ("He stood close to her.", "close", CLOSE_NEAR),
        ("Close the door.", "Close", CLOSE_SHUT),
        ("She tried to close it.", "close", CLOSE_SHUT),
        ("The record broke.", "record", "ɹˈɛkəɹd"),
        ("They record it.", "record", "ɹəkˈɔɹd"),
        ("An object fell.", "object", "ˈɑbʤəkt"),
        ("They object to it.", "object", "əbʤˈɛkt"),
        ("It is of no use.", "use", "jˈus"),
        ("Use it well.", "Use", "jˈuz"),
        ("She used to sing.", "used", "jˈust"),
        ("It was used to cut rope.", "used", "jˈuzd"),
        ("a lead pipe", "lead", LEAD_METAL),
        ("It was heavy as lead.", "lead", LEAD_METAL),
        ("Lead the way.", "Lead", LEAD_WAY),
        ("A tear fell.", "tear", TEAR_EYE),
        ("They tear it up.", "tear", TEAR_RIP),
        ("The wound bled.", "wound", "wˈund"),
        ("He wound the clock.", "wound", "wˈWnd"),
        ("The road wound through the hills.", "wound", "wˈWnd"),
        ("A minute later she left.", "minute", MINUTE_TIME),
        ("The minute hand moved.", "minute", MINUTE_TIME),
        ("He saw a minute crack.", "minute", MINUTE_TINY),
        ("Spray broke over the bow of the ship.", "bow", BOW_BEND),
        ("He took a bow.", "bow", BOW_BEND),
        ("She drew her bow and an arrow.", "bow", BOW_ARROW),
        ("They bow to no one.", "bow", BOW_BEND),
    ],
)
def test_the_words_beside_decide(sentence: str, word: str, sounds: str) -> None:
    said = sentences_of(sentence)[0]
    spoken = Pronouncer(lexicon(british=False)).sentence(said)
    found = next(place for place, candidate in enumerate(said.words) if candidate.word == word)
    assert spoken[found].sounds == sounds
