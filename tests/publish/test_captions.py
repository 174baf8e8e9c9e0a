"""Captions as other programs read them: the same text and times, whatever is in them."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from pathlib import Path

import av
import pysubs2
import pytest
import webvtt
from hypothesis import example, given, settings
from hypothesis import strategies as st

import storyreel
from storyreel.clock import Rate
from storyreel.progress import Progress
from storyreel.publish.tracks import with_tracks
from storyreel.timeline.formats import caption_lines, from_srt, to_ass, to_srt, to_vtt
from storyreel.timeline.model import Cue, CueWord, Timeline

JOINER = "\u2060"
HARD_WORDS = st.sampled_from(
    [
        "<b>bold</b>", "<i>", "</i>", "<3", "a<b", "{\\an8}", "{y:i}", "{x}", "C:\\New",
        "&amp;", "&", "R&B", "-->", '"so"',
        "„so“", "’tis", "👍🏽", "🏳️‍🌈", "שלום", "العربية", "שָׁלוֹם,", "नमस्ते", "灯台", "1", "00:01",
        "NOTE", "WEBVTT", "-", "…", "%s",
    ]
)  # fmt: skip
LETTERS = st.text("abcXYZäß'\"<>&{}/\\!?.,:;-אבجد👍é", min_size=1, max_size=7)
WORDS = st.one_of(HARD_WORDS, LETTERS)
RATES = st.sampled_from([Rate(num=24), Rate(num=30000, den=1001), Rate(num=30), Rate(num=25)])


@st.composite
def films(draw: st.DrawFn) -> Timeline:
    at, cues = draw(st.sampled_from([0, 0, 24 * 3600])), []
    for _ in range(draw(st.integers(1, 5))):
        at += draw(st.integers(0, 40_000))
        length = draw(st.one_of(st.just(1), st.integers(1, 200)))
        lines = draw(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=2))
        timed = tuple(tuple(CueWord(text=w, start_frame=at, end_frame=at + length) for w in line) for line in lines)
        cues.append(Cue(start_frame=at, length_frames=length, lines=timed))
        at += length
    return Timeline(
        title="t", rate=draw(RATES), width_px=64, height_px=64, length_frames=10**7, clips=(), cues=tuple(cues)
    )


ENDS_IN_A_NUMBER = Timeline(
    title="t", rate=Rate(num=24), width_px=64, height_px=64, length_frames=100, clips=(),
    cues=(
        Cue(start_frame=0, length_frames=9, lines=tuple(
            (CueWord(text=text, start_frame=0, end_frame=9),) for text in ("In", "1984")
        )),
    ),
)  # fmt: skip


def wanted(film: Timeline) -> list[tuple[Fraction, Fraction, str]]:
    """Start and end in seconds, and text."""
    fps = film.rate.fps
    return [(Fraction(start) / fps, Fraction(end) / fps, "\n".join(lines)) for start, end, lines in caption_lines(film)]


def plain(text: str) -> str:
    return text.replace(JOINER, "").replace("\u200b", "")


def agree(film: Timeline, found: list[tuple[float, float, str]], within_s: Fraction) -> None:
    told = wanted(film)
    assert [plain(text) for _, _, text in found] == [text for _, _, text in told]
    for (start, end, _), (start_s, end_s, _) in zip(found, told, strict=True):
        assert abs(Fraction(start) - start_s) <= within_s
        assert abs(Fraction(end) - end_s) <= within_s


def by_pysubs2(text: str, kind: str) -> list[tuple[float, float, str]]:
    subtitles = pysubs2.SSAFile.from_string(text, format_=kind)
    # Its `plaintext` drops whatever stands in braces, so this is the text as it read it.
    read = unescaped if kind == "ass" else broken
    return [(Fraction(line.start, 1000), Fraction(line.end, 1000), read(line.text)) for line in subtitles]


def broken(text: str) -> str:
    """Text of a format without escapes, as programs that think in SubStation hold it."""
    return text.replace("\\N", "\n")


def unescaped(ass: str) -> str:
    """Advanced SubStation's text as a player shows it: overrides taken out, escaped braces as braces."""
    body = ass.replace("\\{{}", "\x01").replace("\\{", "\x01").replace("\\}", "\x02")
    body = re.sub(r"\{\\[^{}]*\}|\{\}", "", body).replace("\\N", "\n").replace("\\h", "\u00a0")
    return body.replace("\x01", "{").replace("\x02", "}")


def by_ffmpeg(text: str, kind: str) -> list[tuple[float, float, str]]:
    found = []
    with av.open(io.BytesIO(text.encode()), format=kind) as container:
        stream = container.streams.subtitles[0]
        for packet in container.demux(stream):
            start, length = packet.pts, packet.duration
            for shown in packet.decode():
                body = (broken if kind == "srt" else unescaped)(shown.ass.decode().split(",", 8)[8])
                found.append((start * stream.time_base, (start + length) * stream.time_base, body))
    return found


MS = Fraction(1, 1000)
examples = settings(max_examples=60, deadline=None)


@examples
@given(films())
def test_pysubs2_reads_our_srt(film) -> None:
    agree(film, by_pysubs2(to_srt(film), "srt"), MS)


@examples
@given(films())
def test_ffmpeg_reads_our_srt(film) -> None:
    agree(film, by_ffmpeg(to_srt(film), "srt"), MS)


@examples
@given(films())
def test_we_read_our_srt(film) -> None:
    fps = film.rate.fps
    read = from_srt(to_srt(film), film.rate)
    agree(film, [(cue.start_frame / fps, cue.end_frame / fps, cue.text) for cue in read], Fraction(0))


@examples
@given(films())
def test_webvtt_py_reads_our_vtt(film) -> None:
    import html

    read = webvtt.from_string(to_vtt(film))
    agree(film, [(Fraction(str(c.start_in_seconds)) + Fraction(c.start_time.milliseconds, 1000),
                  Fraction(str(c.end_in_seconds)) + Fraction(c.end_time.milliseconds, 1000),
                  html.unescape(c.text)) for c in read], MS)  # fmt: skip


@examples
@given(films())
@example(ENDS_IN_A_NUMBER)
def test_pysubs2_reads_our_vtt(film) -> None:
    import html

    found = [(start, end, html.unescape(text)) for start, end, text in by_pysubs2(to_vtt(film), "vtt")]
    agree(film, found, MS)


@examples
@given(films())
def test_ffmpeg_reads_our_vtt(film) -> None:
    agree(film, by_ffmpeg(to_vtt(film), "webvtt"), MS)


@examples
@given(films())
def test_pysubs2_and_ffmpeg_read_our_ass(film) -> None:
    agree(film, by_pysubs2(to_ass(film), "ass"), 6 * MS)
    agree(film, by_ffmpeg(to_ass(film), "ass"), 6 * MS)


def test_the_mp4_has_the_captions_as_a_text_track(lamp, timeline, tmp_path: Path) -> None:
    path = storyreel.export("lamp", tmp_path / "a.mp4", cache=lamp.cache).path
    assert text_track(path) == [
        (Fraction(start, 24), Fraction(end, 24), "\n".join(lines)) for start, end, lines in caption_lines(timeline)
    ]
    with av.open(str(path)) as container:
        assert container.streams.subtitles[0].language == "eng"
        assert container.duration == 4_000_000


@settings(max_examples=12, deadline=None)
@given(films())
def test_the_text_track_has_any_text_to_the_frame(lamp, tmp_path_factory, film) -> None:
    at_24 = film.model_copy(update={"rate": Rate(num=24)})
    folder = tmp_path_factory.mktemp("track")
    with_tracks(lamp.folder / "film.mp4", at_24, folder / "a.mp4", Progress())
    assert text_track(folder / "a.mp4") == wanted(at_24)


def text_track(path: Path) -> list[tuple[Fraction, Fraction, str]]:
    found = []
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        for packet in container.demux(stream):
            data = bytes(packet)
            if len(data) > 2:
                assert len(data) == 2 + int.from_bytes(data[:2], "big")
                start = packet.pts * stream.time_base
                found.append((start, start + packet.duration * stream.time_base, data[2:].decode()))
    return found


@pytest.mark.parametrize("end", ["srt", "vtt", "ass", "txt", "json"])
def test_captions_and_transcript_are_exported_as_files(end, lamp, tmp_path) -> None:
    path = storyreel.export("lamp", tmp_path / f"a.{end}", cache=lamp.cache).path
    text = path.read_text(encoding="utf-8")
    assert "Turm" in text
    assert "👍" in text
    assert "zwei" in text
