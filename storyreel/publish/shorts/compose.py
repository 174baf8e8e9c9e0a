"""A moment of a film as a film of its own: cut out, re-framed, captioned for a telephone, with a hook at its start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from storyreel.media.model import Asset
from storyreel.publish.shorts.framing import faces_fit, follow, still_motion, window
from storyreel.publish.shorts.looking import Look
from storyreel.publish.shorts.moments import Moment
from storyreel.timeline.edit import ChangeCaptionStyle, apply
from storyreel.timeline.excerpt import excerpt
from storyreel.timeline.model import Clip, Fit, Label, Motion, Rect, Timeline, Transition

CAPTIONS = "short-form"
TITLE_S = 2.8
TITLE_Y = 0.22
MUSIC_FADE_OUT_S = 0.8
SLIVER_S = 0.6
_SAME_SHAPE = 0.02

LooksOf = Callable[[Clip, Asset], Sequence[Look]]
FlowsOn = Callable[[Clip, Clip], bool]


def tall_size(width_px: int, height_px: int) -> tuple[int, int]:
    """(width, height) of a 9:16 frame as sharp as a film: as wide as the film's shorter side, both even."""
    narrow = min(width_px, height_px) // 2 * 2
    return narrow, round(narrow * 16 / 9 / 2) * 2


def short_of(film: Timeline, moment: Moment, looks_of: LooksOf, flows_on: FlowsOn, *, platform: str) -> Timeline:
    """A moment's timeline.

    Args:
        film: the whole.
        moment: what of it.
        looks_of: what is seen in a clip of the short: one look at a still, many at a video; see `follow_video`.
        flows_on: whether one video goes on in the next as one shot.
        platform: whose safe area captions and title keep to; "" for all of them.
    """
    cut = excerpt(film, moment.first_frame, moment.after_frame)
    size = tall_size(film.width_px, film.height_px)
    cut = _without_slivers(cut)
    clips = _reframed(cut, size, looks_of, flows_on)
    short = cut.model_copy(
        update={
            "title": moment.title or film.title,
            "width_px": size[0],
            "height_px": size[1],
            "clips": tuple(clips),
            "sounds": tuple(
                sound.model_copy(update={"fade_out_s": max(sound.fade_out_s, MUSIC_FADE_OUT_S)})
                if sound.track == "music" and sound.start_frame + sound.length_frames >= cut.length_frames
                else sound
                for sound in cut.sounds
            ),
            "labels": _labels(cut, moment.title or film.title),
            "fade_in_frames": 0,
            "fade_out_frames": 0,
        }
    )
    return apply(short, [ChangeCaptionStyle(captions=CAPTIONS, platform=platform)])


def _without_slivers(cut: Timeline) -> Timeline:
    """Without a clip that would only flash by at either end: its neighbour is there sooner, or stays."""
    clips, least = list(cut.clips), cut.rate.frames(SLIVER_S)
    while len(clips) > 1 and clips[0].length_frames < least:
        gone, heir = clips.pop(0), clips[0]
        earlier_s = cut.rate.seconds(gone.length_frames) * heir.speed
        clips[0] = heir.model_copy(
            update={
                "start_frame": 0,
                "length_frames": heir.length_frames + gone.length_frames,
                "source_start_s": max(0.0, heir.source_start_s - earlier_s),
                "into": Transition(),
            }
        )
    while len(clips) > 1 and clips[-1].length_frames < least:
        gone = clips.pop()
        clips[-1] = clips[-1].model_copy(update={"length_frames": clips[-1].length_frames + gone.length_frames})
    return cut.model_copy(update={"clips": tuple(clips)})


def _labels(cut: Timeline, title: str) -> tuple[Label, ...]:
    """The hook, and the film's own labels that do not meet it."""
    length = min(cut.rate.frames(TITLE_S), cut.length_frames)
    hook = Label(start_frame=0, length_frames=length, text=title, preset="title", y=TITLE_Y)
    return (hook, *(label for label in cut.labels if label.start_frame >= length))


def _reframed(cut: Timeline, size: tuple[int, int], looks_of: LooksOf, flows_on: FlowsOn) -> list[Clip]:
    """The clips with the camera's moves for a frame of another shape."""
    if abs(cut.width_px / cut.height_px - size[0] / size[1]) < _SAME_SHAPE:
        return list(cut.clips)  # the film is upright already, and its camera knows where to look
    made: list[Clip] = []
    run: list[Clip] = []  # videos that flow on into each other
    for clip in cut.clips:
        if run and not (_is_followed(clip) and _height(clip) == _height(run[-1]) and flows_on(run[-1], clip)):
            made += _followed(run, cut, size, looks_of)
            run = []
        if _is_followed(clip):
            run.append(clip)
        else:
            made.append(_still(clip, size, looks_of))
    return made + (_followed(run, cut, size, looks_of) if run else [])


def _is_followed(clip: Clip) -> bool:
    return clip.asset is not None and clip.asset.kind == "video" and clip.asset.width_px > 0 and clip.fit.kind == "crop"


def _height(clip: Clip) -> tuple[float, int, int]:
    """What videos that are followed together have in common: how close the camera is, and their size."""
    size = (clip.asset.width_px, clip.asset.height_px) if clip.asset else (0, 0)
    return (min(clip.motion.start.height, clip.motion.end.height), *size)


def _still(clip: Clip, size: tuple[int, int], looks_of: LooksOf) -> Clip:
    asset = clip.asset
    if asset is None or not asset.width_px or clip.fit.kind != "crop":
        return clip
    picture = asset.width_px, asset.height_px
    look = looks_of(clip, asset)[0]
    if not faces_fit(look, picture, size):
        return clip.model_copy(update={"fit": Fit(kind="blur"), "motion": Motion()})
    return clip.model_copy(update={"motion": still_motion(look, picture, size, clip.motion)})


def _followed(run: Sequence[Clip], cut: Timeline, size: tuple[int, int], looks_of: LooksOf) -> list[Clip]:
    """Videos that flow on into each other, each as a clip for each move of the camera; together they play the same."""
    height, *sides = _height(run[0])
    picture = sides[0], sides[1]
    wide, tall = window(picture, size, height)
    rate, parts = cut.rate, list[Clip]()
    seen = [(looks_of(clip, clip.asset), rate.seconds(clip.length_frames)) for clip in run if clip.asset is not None]
    for clip, legs in zip(run, follow(seen, picture, size, height), strict=True):
        bounds = [0, *(min(rate.frames(leg.start_s), clip.length_frames) for leg in legs[1:]), clip.length_frames]
        first_of_clip = len(parts)
        for number, (leg, first, after) in enumerate(zip(legs, bounds, bounds[1:], strict=False), 1):
            if after <= first:
                continue
            centres = (leg.start, leg.end)
            start, end = (
                Rect(x=centre, y=clip.motion.start.y, height=height)
                if wide <= tall
                else Rect(x=clip.motion.start.x, y=centre, height=height)
                for centre in centres
            )
            begun = len(parts) > first_of_clip
            parts.append(
                clip.model_copy(
                    update={
                        "id": f"{clip.id}-{number}" if begun else clip.id,
                        "start_frame": clip.start_frame + first,
                        "length_frames": after - first,
                        "source_start_s": clip.source_start_s + rate.seconds(first) * clip.speed,
                        "motion": Motion(start=start, end=end),
                        "into": Transition() if begun else clip.into,
                    }
                )
            )
    return parts
