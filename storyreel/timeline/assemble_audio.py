"""A recording and its pictures become a timeline: the sound untouched below, every picture as long as its segment.

The film begins and ends with the recording. A short-form film cuts from picture to picture; the others dissolve
quickly, centred on the cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storyreel.media.model import Asset
from storyreel.providers.contracts import SpokenWord
from storyreel.settings import Settings
from storyreel.shots.segments import Segment
from storyreel.timeline.assemble import move, voice_windows
from storyreel.timeline.captions import cues
from storyreel.timeline.model import Clip, Cue, Sound, Timeline, Transition
from storyreel.timeline.reframing import Head, keeping

DISSOLVE_S = 0.4


def assemble_audio(
    *,
    title: str,
    recording: Asset,
    duration_s: float,
    segments: Sequence[Segment],
    pictures: Mapping[int, Asset],
    words: Sequence[SpokenWord],
    language: str,
    settings: Settings,
    cut: bool = False,
    heads: Mapping[int, Sequence[Head]] | None = None,
) -> Timeline:
    """Put an audio film together.

    Args:
        title: the film's; it is not shown.
        recording: its sound, which goes in as it is.
        duration_s: of the recording.
        segments: in order; together they are the whole recording.
        pictures: segment index -> picture; a segment without one becomes a placeholder.
        words: what the captions say, in order, times in seconds from the recording's start.
        language: ISO 639-1 code of the words.
        settings: size, rate and captions.
        cut: change pictures by cuts instead of dissolves.
        heads: segment index -> the heads of the people in its picture, which the camera leaves whole.

    Returns:
        A timeline of exactly the frames that cover the recording. Clip and segment begin at the same frame.
    """
    rate, frame_size = settings.rate, (settings.width_px, settings.height_px)
    length = max(rate.frames_ceil(round(duration_s, 6)), 1)
    starts = [0] + [min(rate.frames(segment.start_s), length - 1) for segment in segments[1:]]
    clips: list[Clip] = []
    for segment, start, end in zip(segments, starts, [*starts[1:], length], strict=True):
        if end <= start:
            continue
        picture = pictures.get(segment.index)
        dissolve = min(rate.frames(DISSOLVE_S), (end - start) // 2)
        clips.append(
            Clip(
                id=f"s{segment.index:04d}",
                asset=picture,
                start_frame=start,
                length_frames=end - start,
                motion=keeping(move(segment.index, 0), (heads or {}).get(segment.index, ()), picture, frame_size),
                into=Transition()
                if cut or not clips or not dissolve
                else Transition(kind="dissolve", length_frames=dissolve),
                scene=segment.index,
            )
        )
    return Timeline(
        title=title,
        language=language,
        rate=rate,
        width_px=settings.width_px,
        height_px=settings.height_px,
        length_frames=length,
        clips=tuple(clips),
        cues=()
        if settings.captions == "none"
        else _within(cues(words, rate, settings.captions, language, frame_size), length),
        sounds=(Sound(asset=recording, track="recording", start_frame=0, length_frames=length, untouched=True),),
        voice_windows=voice_windows(words, settings),
        captions=settings.captions,
        platform=settings.platform,
        loudness_lufs=settings.loudness_lufs,
        true_peak_dbtp=settings.true_peak_dbtp,
    )


def _within(captions: Sequence[Cue], length_frames: int) -> tuple[Cue, ...]:
    """The captions, none held past the film's end."""
    return tuple(
        cue.model_copy(update={"length_frames": min(cue.length_frames, length_frames - cue.start_frame)})
        for cue in captions
        if cue.start_frame < length_frames
    )
