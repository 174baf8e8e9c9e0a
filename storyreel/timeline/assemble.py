"""Material becomes a timeline: this is where every time in the film is decided.

A film opens on its title over the first picture, tells its chapters one after another with a breath and a card between
them, and ends on a held picture that goes to black. A scene that stays longer than a viewer's eye likes is shown in
several framings of the same picture, each with its own move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from storyreel.media.model import Asset, Narration
from storyreel.providers.contracts import SpokenWord
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.story.model import Chapter
from storyreel.timeline.captions import cues
from storyreel.timeline.cuts import between, settle
from storyreel.timeline.model import Card, Clip, Motion, Rect, Sound, Timeline, Transition
from storyreel.timeline.reframing import Head, keeping

TITLE_S = 3.6
CHAPTER_PAUSE_S = 3.0
CHAPTER_CARD_S = 3.2
END_S = 4.0
FADE_IN_S = 0.8
FADE_OUT_S = 2.0
SCENE_DISSOLVE_S = 0.6
FRAMING_DISSOLVE_S = 1.0
FRAMING_S = 9.5
MUSIC_OVERLAP_S = 3.0
VOICE_LUFS = -17.0
MUSIC_UNDER_VOICE_LUFS = -25.0
MUSIC_ALONE_LUFS = -17.0
LARGEST_LEVELLING_DB = 24.0
VOICE_JOIN_S = 0.35


@dataclass(frozen=True, slots=True)
class ChapterSpan:
    """When a chapter holds the screen.

    Attributes:
        start_frame, end_frame: the chapter's pictures and music; the end is excluded.
        voice_frame: where its narration begins.
    """

    start_frame: int
    voice_frame: int
    end_frame: int


def lay_out(narrations: Sequence[Narration], settings: Settings) -> tuple[ChapterSpan, ...]:
    """Place the chapters one after another, with room for the title, for cards and for the end."""
    rate = settings.rate
    spans: list[ChapterSpan] = []
    at = 0
    for number, narration in enumerate(narrations):
        lead_s = TITLE_S if number == 0 else CHAPTER_PAUSE_S
        voice = at + rate.frames(lead_s)
        end = voice + rate.frames_ceil(narration.duration_s)
        if number == len(narrations) - 1:
            end += rate.frames(END_S)
        spans.append(ChapterSpan(at, voice, end))
        at = end
    return tuple(spans)


def music_length_s(span: ChapterSpan, settings: Settings, *, last: bool) -> float:
    """How much music a chapter needs: its span, and what the next chapter's music is blended over."""
    return settings.rate.seconds(span.end_frame - span.start_frame) + (0.0 if last else MUSIC_OVERLAP_S)


def assemble(
    *,
    title: str,
    chapters: Sequence[Chapter],
    narrations: Sequence[Narration],
    scenes: Sequence[Scene],
    pictures: Mapping[int, Asset],
    music: Sequence[Asset | None],
    dips_s: Sequence[Sequence[float]],
    voice_lufs: Sequence[float | None],
    music_lufs: Sequence[float | None],
    settings: Settings,
    heads: Mapping[int, Sequence[Head]] | None = None,
) -> Timeline:
    """Put a narrated film together.

    Args:
        title: shown on the opening card.
        chapters, narrations: in order, one narration a chapter.
        scenes: all scenes of the film in order.
        pictures: scene index -> picture; a scene without one becomes a placeholder.
        music: one piece a chapter, as long as `music_length_s` says, None for silence; empty for none at all.
        dips_s: per chapter, moments of low voice energy in seconds from the narration's start, ascending.
        voice_lufs, music_lufs: per narration and piece, its integrated loudness, so that all are brought to one level;
            None leaves it as it is.
        settings: size, rate, captions and loudness.
        heads: scene index -> the heads of the people in its picture, which the camera leaves whole.
    """
    rate = settings.rate
    spans = lay_out(narrations, settings)
    length = spans[-1].end_frame
    clips: list[Clip] = []
    for span, narration, dips in zip(spans, narrations, dips_s, strict=True):
        own = [scene for scene in scenes if scene.chapter == narration.chapter]
        clips += _chapter_clips(own, narration, span, dips, pictures, heads or {}, settings)
    words = [
        SpokenWord(text=word.text, start_s=word.start_s + offset_s, end_s=word.end_s + offset_s)
        for span, narration in zip(spans, narrations, strict=True)
        for offset_s in (rate.seconds(span.voice_frame),)
        for word in narration.words
    ]
    spoken = any(narration.audio for narration in narrations)
    captions = settings.captions
    return Timeline(
        title=title,
        language=settings.language,
        rate=rate,
        width_px=settings.width_px,
        height_px=settings.height_px,
        length_frames=length,
        clips=tuple(clips),
        cues=()
        if captions == "none"
        else cues(words, rate, captions, settings.language, (settings.width_px, settings.height_px)),
        cards=_cards(title, chapters, spans, settings),
        sounds=_sounds(narrations, spans, music, voice_lufs, music_lufs, settings),
        voice_windows=voice_windows(words, settings) if spoken else (),
        fade_in_frames=rate.frames(FADE_IN_S),
        fade_out_frames=rate.frames(FADE_OUT_S),
        captions=captions,
        platform=settings.platform,
        loudness_lufs=settings.loudness_lufs,
        true_peak_dbtp=settings.true_peak_dbtp,
    )


def _chapter_clips(
    scenes: Sequence[Scene],
    narration: Narration,
    span: ChapterSpan,
    dips_s: Sequence[float],
    pictures: Mapping[int, Asset],
    heads: Mapping[int, Sequence[Head]],
    settings: Settings,
) -> list[Clip]:
    rate, words = settings.rate, narration.words
    frame = settings.width_px, settings.height_px

    def cut_before(word: int) -> int:
        """The frame of the picture change before a word, on a dip of energy."""
        before, after = words[word - 1], words[word]
        wanted_s = between(before.end_s, after.start_s)
        settled_s = settle(
            wanted_s,
            dips_s,
            earliest_s=(before.start_s + before.end_s) / 2,
            latest_s=(after.start_s + after.end_s) / 2,
        )
        return span.voice_frame + rate.frames(settled_s)

    starts = [span.start_frame] + [cut_before(scene.first_word) for scene in scenes[1:]]
    clips: list[Clip] = []
    for scene, start, end in zip(scenes, starts, [*starts[1:], span.end_frame], strict=True):
        picture = pictures.get(scene.index)
        cuts = [start, *_framing_cuts(scene, narration, start, end, span, cut_before, settings), end]
        for part, (first, after) in enumerate(pairwise(cuts)):
            opens_film = not clips and span.start_frame == 0
            dissolve_s = SCENE_DISSOLVE_S if part == 0 else FRAMING_DISSOLVE_S
            clips.append(
                Clip(
                    id=f"s{scene.index:04d}" + ("" if part == 0 else chr(ord("a") + part)),
                    asset=picture,
                    start_frame=first,
                    length_frames=after - first,
                    motion=keeping(move(scene.index, part), heads.get(scene.index, ()), picture, frame),
                    into=Transition()
                    if opens_film
                    else Transition(kind="dissolve", length_frames=min(rate.frames(dissolve_s), (after - first) // 2)),
                    scene=scene.index,
                )
            )
    return clips


def _framing_cuts(
    scene: Scene,
    narration: Narration,
    start: int,
    end: int,
    span: ChapterSpan,
    cut_before: Callable[[int], int],
    settings: Settings,
) -> list[int]:
    """Frames at which a long scene is framed anew: near equal parts, each moved to the best pause near it."""
    rate = settings.rate
    parts = ceil(rate.seconds(end - start) / FRAMING_S)
    shortest = rate.frames(FRAMING_S / 3)
    cuts: list[int] = []
    for part in range(1, parts):
        ideal = start + (end - start) * part // parts
        ideal_s = rate.seconds(ideal - span.voice_frame)
        inner = range(scene.first_word + 1, scene.last_word + 1)
        near = [word for word in inner if abs(narration.words[word].start_s - ideal_s) < FRAMING_S / 3]
        if not near:
            continue
        # A long pause is a better place than an exact half; a second of pause outweighs three seconds of distance.
        best = min(
            near,
            key=lambda word: (
                abs(narration.words[word].start_s - ideal_s)
                - 3 * (narration.words[word].start_s - narration.words[word - 1].end_s)
            ),
        )
        cut = cut_before(best)
        if cut - max([start, *cuts]) >= shortest and end - cut >= shortest:
            cuts.append(cut)
    return cuts


_MOVES = (
    (Rect(height=1.0), Rect(x=0.5, y=0.48, height=0.87)),
    (Rect(x=0.46, y=0.5, height=0.88), Rect(x=0.54, y=0.49, height=0.9)),
    (Rect(x=0.5, y=0.48, height=0.86), Rect(height=0.99)),
    (Rect(x=0.55, y=0.49, height=0.9), Rect(x=0.46, y=0.49, height=0.87)),
)
_CLOSER_MOVES = (
    (Rect(x=0.4, y=0.5, height=0.72), Rect(x=0.45, y=0.48, height=0.64)),
    (Rect(x=0.6, y=0.47, height=0.64), Rect(x=0.54, y=0.49, height=0.72)),
    (Rect(x=0.56, y=0.5, height=0.7), Rect(x=0.46, y=0.49, height=0.68)),
    (Rect(x=0.44, y=0.47, height=0.66), Rect(x=0.5, y=0.5, height=0.74)),
)


def move(scene: int, part: int) -> Motion:
    """The camera move of a scene's framing: whole-picture moves first, closer ones next, directions alternating."""
    table = _MOVES if part % 2 == 0 else _CLOSER_MOVES
    start, end = table[(scene + part // 2) % len(table)]
    return Motion(start=start, end=end, ease="in_out")


def _cards(
    title: str, chapters: Sequence[Chapter], spans: Sequence[ChapterSpan], settings: Settings
) -> tuple[Card, ...]:
    rate = settings.rate
    opening = Card(start_frame=rate.frames(0.5), length_frames=rate.frames(TITLE_S - 0.4), title=title)
    if len(chapters) == 1:
        return (opening,)
    later = (
        Card(
            start_frame=span.start_frame + rate.frames(0.3),
            length_frames=rate.frames(CHAPTER_CARD_S - 0.3),
            title=chapter.title,
            subtitle=f"Chapter {chapter.number}",
        )
        for chapter, span in zip(chapters[1:], spans[1:], strict=True)
    )
    first = opening.model_copy(update={"subtitle": chapters[0].title})
    return (first, *later)


def _sounds(
    narrations: Sequence[Narration],
    spans: Sequence[ChapterSpan],
    music: Sequence[Asset | None],
    voice_lufs: Sequence[float | None],
    music_lufs: Sequence[float | None],
    settings: Settings,
) -> tuple[Sound, ...]:
    rate = settings.rate
    sounds = [
        Sound(
            asset=narration.audio,
            track="narration",
            start_frame=span.voice_frame,
            length_frames=rate.frames_ceil(narration.duration_s),
            gain_db=levelling_db(lufs, VOICE_LUFS),
        )
        for narration, span, lufs in zip(narrations, spans, voice_lufs, strict=True)
        if narration.audio is not None
    ]
    spoken = bool(sounds)
    overlap = rate.frames(MUSIC_OVERLAP_S)
    for number, (piece, lufs, span) in enumerate(zip(music, music_lufs, spans, strict=bool(music))):
        last = number == len(spans) - 1
        if piece is None:
            continue
        sounds.append(
            Sound(
                asset=piece,
                track="music",
                start_frame=span.start_frame,
                length_frames=span.end_frame - span.start_frame + (0 if last else overlap),
                gain_db=levelling_db(lufs, MUSIC_UNDER_VOICE_LUFS if spoken else MUSIC_ALONE_LUFS),
                fade_in_s=0.5 if number == 0 else MUSIC_OVERLAP_S,
                fade_out_s=FADE_OUT_S if last else MUSIC_OVERLAP_S,
                ducked=spoken,
            )
        )
    return tuple(sounds)


def levelling_db(lufs: float | None, target_lufs: float) -> float:
    """The gain that brings a sound to the target, at most `LARGEST_LEVELLING_DB` either way."""
    if lufs is None:
        return 0.0
    return round(min(max(target_lufs - lufs, -LARGEST_LEVELLING_DB), LARGEST_LEVELLING_DB), 2)


def voice_windows(words: Sequence[SpokenWord], settings: Settings) -> tuple[tuple[int, int], ...]:
    """The frames in which somebody speaks; pauses shorter than `VOICE_JOIN_S` belong to the speech around them."""
    windows: list[tuple[float, float]] = []
    for word in words:
        if windows and word.start_s - windows[-1][1] < VOICE_JOIN_S:
            windows[-1] = (windows[-1][0], max(windows[-1][1], word.end_s))
        elif word.end_s > word.start_s:
            windows.append((word.start_s, word.end_s))
    rate = settings.rate
    return tuple((rate.frames(start_s), rate.frames_ceil(end_s)) for start_s, end_s in windows)
