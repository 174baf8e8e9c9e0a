import re
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.formats import from_srt, to_ass, to_srt, to_vtt
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
        assert text.replace("\u2060", "") == shown.text


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


# --- Advanced SubStation


def sung(film: Timeline) -> list[str]:
    return [line for line in to_ass(film).splitlines() if line.startswith("Dialogue:")]


@given(some_cues(), RATES)
def test_ass_gives_every_word_its_time_and_loses_none(cues, rate) -> None:
    events = sung(timeline(cues, rate))
    assert len(events) == len(cues)
    for event, shown in zip(events, cues, strict=True):
        start, end = (re.fullmatch(r"(\d+):(\d\d):(\d\d)\.(\d\d)", field) for field in event.split(",")[1:3])
        assert start
        assert end
        begin_cs, end_cs = (
            ((int(h) * 60 + int(m)) * 60 + int(s)) * 100 + int(c) for h, m, s, c in (start.groups(), end.groups())
        )
        assert abs(begin_cs - Fraction(shown.start_frame) / rate.fps * 100) <= Fraction(1, 2)
        text = event.split(",", 9)[9]
        assert sum(map(int, re.findall(r"\{\\k(\d+)\}", text))) <= end_cs - begin_cs
        assert re.sub(r"\{\\k\d+\}", "", text).replace("\\N", "\n") == shown.text


def test_ass_words_follow_each_other_by_their_sound() -> None:
    line = (CueWord(text="Come", start_frame=36, end_frame=45), CueWord(text="home", start_frame=45, end_frame=60))
    film = timeline((Cue(start_frame=30, length_frames=40, lines=(line,)),), Rate(num=30))
    assert sung(film) == [r"Dialogue: 0,0:00:01.00,0:00:02.33,Default,,0,0,0,,{\k20}{\k30}Come {\k50}home"]


def test_ass_escapes_what_would_be_an_override() -> None:
    (event,) = sung(timeline((cue(0, 30, r"{\b1}bold\N"),), Rate()))
    assert event.endswith("\\{\\\u2060b1\\}bold\\\u2060N")


def test_ass_carries_the_films_own_style() -> None:
    style = CaptionStyle(size=0.05, current="#112233", coming="#445566", position="top", case="upper")
    film = timeline((cue(0, 30, "iki"),), Rate()).model_copy(update={"caption_style": style, "language": "tr"})
    text = to_ass(film)
    assert "&H00332211,&H00665544" in text
    assert ",8," in next(line for line in text.splitlines() if line.startswith("Style:"))
    assert text.endswith("İKİ\n")


# --- SubRip, read


@st.composite
def plain_cues(draw: st.DrawFn) -> tuple[Cue, ...]:
    at, found = 0, []
    for _ in range(draw(st.integers(0, 5))):
        at += draw(st.integers(0, 100_000))
        length = draw(st.integers(1, 300))
        words = st.lists(st.text("abcäעא&'-", min_size=1, max_size=9), min_size=1, max_size=4).map(" ".join)
        found.append(cue(at, length, *draw(st.lists(words, min_size=1, max_size=3))))
        at += length
    return tuple(found)


@given(plain_cues(), RATES)
def test_srt_written_and_read_gives_the_same_captions(cues, rate) -> None:
    read = from_srt(to_srt(timeline(cues, rate)), rate)
    assert [(c.start_frame, c.length_frames, c.text) for c in read] == [
        (c.start_frame, c.length_frames, c.text) for c in cues
    ]
    for shown in read:
        words = [word for line in shown.lines for word in line]
        assert words[0].start_frame == shown.start_frame
        assert words[-1].end_frame == shown.end_frame
        assert all(before.end_frame == after.start_frame for before, after in pairwise(words))


def test_srt_of_other_programs_is_read() -> None:
    text = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,500 X1:0\r\n"
        '{\\an8}<i>Come</i>\r\n<font color="#fff">home</font>\r\n\r\n\r\n'
        "0:00:04.5 --> 0:00:05.0\r\n灯台の光。\r\n\r\n3\r\n00:00:06,000 --> 00:00:07,000\r\n\r\n"
    )
    first, second = from_srt(text, Rate(num=30))
    assert (first.start_frame, first.end_frame, first.text) == (30, 75, "Come\nhome")
    assert (second.start_frame, second.end_frame, second.text) == (135, 150, "灯台の光。")
    assert len(second.lines[0]) == 4


def test_what_looks_like_mark_up_in_srt_is_text_and_stays() -> None:
    film = timeline((cue(0, 30, r"<b>bold</b> {\an8} C:\New"),), Rate())
    assert not re.search(r"</?b>|\{\\an8\}", to_srt(film))
    (read,) = from_srt(to_srt(film), Rate())
    assert read.text == r"<b>bold</b> {\an8} C:\New"


def test_a_block_without_times_is_named_by_its_line() -> None:
    with pytest.raises(InputError, match=r"line 5 of the subtitles begins no caption \('2'\)"):
        from_srt("1\n00:00:01,000 --> 00:00:02,000\nFine.\n\n2\nnot a time\nText\n", Rate())
