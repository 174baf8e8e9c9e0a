import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.timeline.formats import to_srt, to_vtt
from storyreel.timeline.model import Cue, CueWord, Timeline

CLOCK = r"(\d{2,}):(\d\d):(\d\d)[,.](\d\d\d)"


def timeline(cues: tuple[Cue, ...], rate: Rate) -> Timeline:
    return Timeline(title="t", rate=rate, width_px=64, height_px=64, length_frames=10**7, clips=(), cues=cues)


def cue(start: int, length: int, *lines: str) -> Cue:
    words = tuple(
        tuple(CueWord(text=w, start_frame=start, end_frame=start + length) for w in line.split()) for line in lines
    )
    return Cue(start_frame=start, length_frames=length, lines=words)


def parsed_ms(clock: tuple[str, ...]) -> int:
    hours, minutes, seconds, ms = map(int, clock)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


@st.composite
def some_cues(draw: st.DrawFn) -> tuple[Cue, ...]:
    at, found = 0, []
    for _ in range(draw(st.integers(1, 6))):
        at += draw(st.integers(0, 200_000))
        length = draw(st.integers(1, 300))
        lines = draw(st.lists(st.text("abcäعא&<>'-", min_size=1, max_size=9), min_size=1, max_size=2))
        found.append(cue(at, length, *lines))
        at += length
    return tuple(found)


RATES = st.sampled_from([Rate(num=24), Rate(num=30000, den=1001), Rate(num=30), Rate(num=60)])


@given(some_cues(), RATES)
def test_srt_read_back_has_the_same_text_and_times_within_half_a_millisecond(cues, rate) -> None:
    blocks = to_srt(timeline(cues, rate)).removesuffix("\n").split("\n\n")
    assert len(blocks) == len(cues)
    for number, (block, shown) in enumerate(zip(blocks, cues, strict=True), start=1):
        head, times, text = block.split("\n", 2)
        assert head == str(number)
        match = re.fullmatch(f"{CLOCK} --> {CLOCK}", times)
        assert match
        for found, frame in ((match.groups()[:4], shown.start_frame), (match.groups()[4:], shown.end_frame)):
            assert abs(parsed_ms(found) - Fraction(frame) / rate.fps * 1000) <= Fraction(1, 2)
        assert text == shown.text


@given(some_cues(), RATES)
def test_vtt_escapes_what_would_be_mark_up(cues, rate) -> None:
    text = to_vtt(timeline(cues, rate))
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    for block, shown in zip(blocks, cues, strict=True):
        times, body = block.split("\n", 1)
        assert re.fullmatch(f"{CLOCK} --> {CLOCK}", times)
        assert "<" not in body
        assert "-->" not in body
        assert body.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == shown.text


def test_times_past_an_hour_and_at_broadcast_rates_are_exact() -> None:
    rate = Rate(num=30000, den=1001)
    assert "00:59:59,996 --> 01:00:00,030" in to_srt(timeline((cue(107_892, 1, "x"),), rate))


def test_vtt_can_carry_the_time_of_every_word() -> None:
    line = (CueWord(text="Come", start_frame=30, end_frame=45), CueWord(text="home", start_frame=45, end_frame=60))
    film = timeline((Cue(start_frame=30, length_frames=40, lines=(line,)),), Rate(num=30))
    assert "Come <00:00:01.500>home" in to_vtt(film, word_times=True)


def test_empty_lines_never_break_a_subtitle_file() -> None:
    empty = Cue(start_frame=0, length_frames=5, lines=((CueWord(text=" ", start_frame=0, end_frame=5),), ()))
    broken = Cue(start_frame=9, length_frames=5, lines=((CueWord(text="a\n\nb", start_frame=9, end_frame=14),),))
    assert to_srt(timeline((empty, broken), Rate())) == "1\n00:00:00,300 --> 00:00:00,467\na b\n"


def test_words_of_scripts_without_spaces_are_joined_without_spaces() -> None:
    film = timeline((cue(0, 30, "灯 台 の 光。 OK"),), Rate())
    assert "灯台の光。 OK" in to_srt(film)


def test_a_film_without_captions_has_empty_files() -> None:
    assert to_srt(timeline((), Rate())) == ""
    assert to_vtt(timeline((), Rate())) == "WEBVTT\n"
