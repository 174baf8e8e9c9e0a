"""A script film's material becomes a timeline: shots in order, voices, music, effects, cards and captions. Pure.

It can be called from the first minute on: a shot without a picture is a placeholder, a line without a voice is timed
by its letters, and what is not there is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from storyreel.clock import Rate
from storyreel.media.model import Asset
from storyreel.providers.contracts import SpokenWord
from storyreel.settings import Settings
from storyreel.shots.effects import RULES, EffectCue, EffectKind, effect_cues
from storyreel.shots.script_model import Breakdown, Line, ShotScene, ShotSize
from storyreel.timeline.assemble import (
    FADE_IN_S,
    MUSIC_ALONE_LUFS,
    MUSIC_UNDER_VOICE_LUFS,
    VOICE_LUFS,
    levelling_db,
    voice_windows,
)
from storyreel.timeline.captions import cues, norm_of, shape_of
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Label, Motion, Rect, Sound, Timeline, Transition
from storyreel.timeline.reframing import Head, keeping
from storyreel.timeline.script_layout import TITLE_S, ScriptLayout, ShotSpan, SpokenLine, lay_out_script

SCENE_DISSOLVE_S = 0.8
FADE_OUT_S = 1.8
MUSIC_OVERLAP_S = 2.5
MUSIC_GRID_S = 10.0
"""Music is asked for in whole tens of seconds, so that a shot made a little longer does not change it."""
CARD_LEAD_S = 0.3
LABEL_S = 3.2
VOICE_FADE_S = 0.008
EFFECT_FADE_S = 0.05
AIR_FADE_S = 0.8
AIR_LEAD_S = 0.5
"""The air of a scene is heard a little before it is seen."""


@dataclass(frozen=True, slots=True)
class MusicSpan:
    """A stretch of scenes in one mood: frames `start` to `end`, and how much music to ask for."""

    mood: str
    start: int
    end: int
    length_s: float


@dataclass(frozen=True, slots=True)
class Laid:
    """Made sound with its integrated loudness in LUFS; None where it cannot be told."""

    asset: Asset
    lufs: float | None


def music_spans(breakdown: Breakdown, layout: ScriptLayout, rate: Rate) -> tuple[MusicSpan, ...]:
    """Neighbouring scenes of one mood share a piece of music."""
    found: list[tuple[str, int, int]] = []
    for scene in breakdown.scenes:
        own = [span for span in layout.shots if span.shot.scene == scene.number]
        if found and found[-1][0] == scene.mood:
            found[-1] = (scene.mood, found[-1][1], own[-1].end)
        else:
            found.append((scene.mood, own[0].start, own[-1].end))
    spans = []
    for mood, start, end in found:
        wanted_s = rate.seconds(end - start) + MUSIC_OVERLAP_S
        spans.append(MusicSpan(mood, start, end, MUSIC_GRID_S * -(-wanted_s // MUSIC_GRID_S)))
    return tuple(spans)


def assemble_script(
    *,
    breakdown: Breakdown,
    lines: Mapping[str, SpokenLine],
    pictures: Mapping[str, Asset],
    settings: Settings,
    music: Sequence[Laid | None] = (),
    effects: Mapping[EffectKind, Laid] | None = None,
    labels: bool = False,
    heads: Mapping[str, Sequence[Head]] | None = None,
) -> Timeline:
    """Put a script film together.

    Args:
        breakdown: scenes and shots.
        lines: line id -> as it is heard; one for each line.
        pictures: shot id -> a still or a clip; a shot without one becomes a placeholder.
        settings: size, rate, captions and loudness.
        music: one piece for each of `music_spans`, None for one that is not there; empty for none.
        effects: kind -> sound; cues of other kinds are left out.
        labels: whether a scene's first shot names its place.
        heads: shot id -> the heads of the people in its picture, which the camera leaves whole.
    """
    rate = settings.rate
    layout = lay_out_script(breakdown, lines, rate)
    words = [word for line in breakdown.lines for word in _in_film(lines[line.id], layout.lines[line.id], rate)]
    words.sort(key=lambda word: word.start_s)
    return Timeline(
        title=breakdown.title,
        language=settings.language,
        rate=rate,
        width_px=settings.width_px,
        height_px=settings.height_px,
        length_frames=layout.length_frames,
        clips=_clips(breakdown, layout, pictures, heads or {}, settings),
        cues=() if settings.captions == "none" else _captions(breakdown, layout, lines, settings),
        cards=_cards(breakdown, layout, rate),
        labels=_labels(breakdown, layout, rate) if labels else (),
        sounds=(
            *_voices(breakdown, layout, lines, rate),
            *_music(breakdown, layout, music, lines, rate),
            *_effects(breakdown, layout, effects or {}, rate),
        ),
        voice_windows=voice_windows(words, settings) if any(line.audio for line in lines.values()) else (),
        fade_in_frames=rate.frames(FADE_IN_S),
        fade_out_frames=rate.frames(FADE_OUT_S),
        captions=settings.captions,
        platform=settings.platform,
        loudness_lufs=settings.loudness_lufs,
        true_peak_dbtp=settings.true_peak_dbtp,
    )


# ------------------------------------------------------------------------------------------------------------ pictures

_MOTIONS: Mapping[ShotSize, tuple[tuple[Rect, Rect], ...]] = {
    "wide": (
        (Rect(height=0.99), Rect(x=0.5, y=0.48, height=0.88)),
        (Rect(x=0.46, y=0.5, height=0.9), Rect(x=0.54, y=0.49, height=0.9)),
        (Rect(x=0.5, y=0.49, height=0.9), Rect(height=0.99)),
    ),
    "medium": (
        (Rect(x=0.5, y=0.5, height=0.94), Rect(x=0.5, y=0.48, height=0.87)),
        (Rect(x=0.52, y=0.49, height=0.88), Rect(x=0.48, y=0.48, height=0.86)),
    ),
    "close-up": (
        (Rect(x=0.5, y=0.48, height=0.92), Rect(x=0.5, y=0.47, height=0.87)),
        (Rect(x=0.5, y=0.47, height=0.86), Rect(x=0.5, y=0.46, height=0.82)),
    ),
    "pov": ((Rect(x=0.43, y=0.5, height=0.84), Rect(x=0.56, y=0.48, height=0.84)),),
    "over-shoulder": (
        (Rect(x=0.48, y=0.5, height=0.92), Rect(x=0.52, y=0.49, height=0.92)),
        (Rect(x=0.53, y=0.49, height=0.9), Rect(x=0.49, y=0.49, height=0.88)),
    ),
    "insert": ((Rect(x=0.5, y=0.5, height=0.95), Rect(x=0.5, y=0.49, height=0.85)),),
    "two-shot": (
        (Rect(x=0.47, y=0.5, height=0.92), Rect(x=0.53, y=0.49, height=0.92)),
        (Rect(x=0.5, y=0.49, height=0.95), Rect(x=0.5, y=0.48, height=0.89)),
    ),
}
STILL = Motion()


def shot_motion(size: ShotSize, take: int) -> Motion:
    """The camera's move over a still, by the kind of shot; another one each time a picture is shown again."""
    table = _MOTIONS[size]
    start, end = table[take % len(table)]
    return Motion(start=start, end=end, ease="in_out")


def _clips(
    breakdown: Breakdown,
    layout: ScriptLayout,
    pictures: Mapping[str, Asset],
    heads: Mapping[str, Sequence[Head]],
    settings: Settings,
) -> tuple[Clip, ...]:
    frame = settings.width_px, settings.height_px
    takes: dict[str, int] = {}
    clips = []
    for number, span in enumerate(layout.shots):
        shot, asset = span.shot, pictures.get(span.shot.id)
        seen = asset.blob.sha256 if asset is not None else shot.id
        take = takes.get(seen, 0)
        takes[seen] = take + 1
        opens_scene = number > 0 and layout.shots[number - 1].shot.scene != shot.scene
        before = breakdown.scenes[shot.scene - 2] if opens_scene else None
        clips.append(
            Clip(
                id=shot.id,
                asset=asset,
                start_frame=span.start,
                length_frames=span.end - span.start,
                motion=STILL
                if asset is not None and asset.kind == "video"
                else keeping(shot_motion(shot.size, take), heads.get(shot.id, ()), asset, frame),
                into=_scene_change(before, layout.shots[number - 1], span, settings.rate) if before else Transition(),
                scene=shot.scene,
            )
        )
    return tuple(clips)


def _scene_change(before: ShotScene, last: ShotSpan, first: ShotSpan, rate: Rate) -> Transition:
    """How a scene is left: as the script asks, else by a dissolve."""
    asked = before.ends.upper()
    longest = min(last.end - last.start, first.end - first.start) // 2
    frames = min(rate.frames(SCENE_DISSOLVE_S), longest)
    if frames < 2 or any(word in asked for word in ("SMASH", "CUT", "JUMP", "MATCH")):
        return Transition()
    if "WHITE" in asked:
        return Transition(kind="fade_white", length_frames=frames)
    if "FADE" in asked or "BLACK" in asked:
        return Transition(kind="fade_black", length_frames=frames)
    if "WIPE" in asked:
        return Transition(kind="wipe", length_frames=frames)
    return Transition(kind="dissolve", length_frames=frames)


# --------------------------------------------------------------------------------------------------------------- sounds


def _in_film(line: SpokenLine, start: int, rate: Rate) -> list[SpokenWord]:
    offset_s = rate.seconds(start)
    return [
        SpokenWord(text=word.text, start_s=word.start_s + offset_s, end_s=word.end_s + offset_s) for word in line.words
    ]


def _voices(breakdown: Breakdown, layout: ScriptLayout, lines: Mapping[str, SpokenLine], rate: Rate) -> list[Sound]:
    """Every line on its track, each speaker brought to one level.

    A line too short to be measured takes its speaker's usual gain.
    """
    gains: dict[str, list[float]] = {}
    for line in breakdown.lines:
        lufs = lines[line.id].lufs
        if lufs is not None:
            gains.setdefault(line.character, []).append(levelling_db(lufs, VOICE_LUFS))
    sounds = []
    for line in breakdown.lines:
        heard = lines[line.id]
        if heard.audio is None:
            continue
        usual_db = median(gains.get(line.character, [0.0]))
        gain_db = usual_db if heard.lufs is None else levelling_db(heard.lufs, VOICE_LUFS)
        sounds.append(
            Sound(
                asset=heard.audio,
                track="dialogue" if line.character else "narration",
                start_frame=layout.lines[line.id],
                length_frames=max(1, rate.frames_ceil(heard.duration_s)),
                # Half a quiet line's lack of loudness is the actor's.
                gain_db=round(usual_db + min(max(gain_db - usual_db, -4.0), 4.0), 2),
                fade_in_s=VOICE_FADE_S,
                fade_out_s=VOICE_FADE_S,
            )
        )
    return sounds


def _music(
    breakdown: Breakdown,
    layout: ScriptLayout,
    music: Sequence[Laid | None],
    lines: Mapping[str, SpokenLine],
    rate: Rate,
) -> list[Sound]:
    spans = music_spans(breakdown, layout, rate)
    spoken = any(line.audio for line in lines.values())
    sounds = []
    for number, (span, piece) in enumerate(zip(spans, music, strict=bool(music))):
        if piece is None:
            continue
        last = number == len(spans) - 1
        overlap = 0 if last else rate.frames(MUSIC_OVERLAP_S)
        sounds.append(
            Sound(
                asset=piece.asset,
                track="music",
                start_frame=span.start,
                length_frames=span.end - span.start + overlap,
                gain_db=levelling_db(piece.lufs, MUSIC_UNDER_VOICE_LUFS if spoken else MUSIC_ALONE_LUFS),
                fade_in_s=0.5 if number == 0 else MUSIC_OVERLAP_S,
                fade_out_s=FADE_OUT_S if last else MUSIC_OVERLAP_S,
                ducked=spoken,
            )
        )
    return sounds


def _effects(breakdown: Breakdown, layout: ScriptLayout, effects: Mapping[EffectKind, Laid], rate: Rate) -> list[Sound]:
    by_shot = {span.shot.id: span for span in layout.shots}
    sounds = []
    for scene in breakdown.scenes:
        scene_end = by_shot[scene.shots[-1].id].end
        for cue in effect_cues(scene):
            laid = effects.get(cue.kind)
            if laid is not None:
                sounds.append(_effect(cue, laid, by_shot[cue.shot], scene_end, layout, rate))
    return sounds


def _effect(cue: EffectCue, laid: Laid, span: ShotSpan, scene_end: int, layout: ScriptLayout, rate: Rate) -> Sound:
    rule = RULES[cue.kind]
    if cue.lasting:
        start = max(0, span.start - rate.frames(AIR_LEAD_S))
        end = min(scene_end + rate.frames(AIR_LEAD_S), layout.length_frames)
    else:
        start = effect_frame(cue, span, rate)
        end = min(start + rate.frames_ceil(rule.length_s), layout.length_frames)
    return Sound(
        asset=laid.asset,
        track="effects",
        start_frame=start,
        length_frames=max(1, end - start),
        gain_db=levelling_db(laid.lufs, rule.lufs),
        fade_in_s=AIR_FADE_S if cue.lasting else 0.0,
        fade_out_s=AIR_FADE_S if cue.lasting else EFFECT_FADE_S,
        ducked=cue.lasting,
        looped=cue.lasting and laid.asset.duration_s < rate.seconds(end - start),
    )


def effect_frame(cue: EffectCue, span: ShotSpan, rate: Rate) -> int:
    """The frame at which a momentary sound begins: at its word's share of the shot; in the first, after the title."""
    lead = rate.frames(TITLE_S) if span.start == 0 else 0
    room = max(0, span.end - span.start - lead)
    return span.start + lead + round(room * cue.share)


# ---------------------------------------------------------------------------------------------------------------- texts


def _captions(
    breakdown: Breakdown, layout: ScriptLayout, lines: Mapping[str, SpokenLine], settings: Settings
) -> tuple[Cue, ...]:
    """Captions of everything that is spoken; a new speaker begins a new one, and none runs into the next."""
    rate, size = settings.rate, (settings.width_px, settings.height_px)
    made: list[Cue] = []
    for turns in _heard_together(_turns(breakdown.lines)):
        spoken = [
            [word for line in turn for word in _in_film(lines[line.id], layout.lines[line.id], rate)] for turn in turns
        ]
        if len(spoken) == 1:
            made += cues(spoken[0], rate, settings.captions, settings.language, size)
        else:
            made += _at_once(spoken, settings)
    made.sort(key=lambda cue: cue.start_frame)
    fitted: list[Cue] = []
    for number, cue in enumerate(made):
        following = made[number + 1].start_frame if number + 1 < len(made) else layout.length_frames
        fitted.append(_until(cue, max(min(cue.end_frame, following), cue.start_frame + 1)))
    return tuple(fitted)


def _turns(lines: Sequence[Line]) -> list[list[Line]]:
    turns: list[list[Line]] = []
    for line in lines:
        if turns and turns[-1][-1].character == line.character and not line.together:
            turns[-1].append(line)
        else:
            turns.append([line])
    return turns


def _heard_together(turns: Sequence[list[Line]]) -> list[list[list[Line]]]:
    """Turns in groups: those that are spoken at once with the last line before them are in one group with it."""
    groups: list[list[list[Line]]] = []
    for turn in turns:
        if turn[0].together and groups:
            *led_up, beside = groups[-1][-1]
            if led_up and len(groups[-1]) == 1:
                groups[-1] = [led_up]
                groups.append([[beside]])
            groups[-1].append(turn)
        else:
            groups.append([turn])
    return groups


def _at_once(spoken: Sequence[Sequence[SpokenWord]], settings: Settings) -> list[Cue]:
    """Captions of voices that speak at the same time.

    Each on a line of its own where they fit, with no word lit, since no eye follows two; else one after the other, in
    equal shares of the time.
    """
    rate, size = settings.rate, (settings.width_px, settings.height_px)
    norm = norm_of(settings.captions)
    start_s = min(words[0].start_s for words in spoken)
    end_s = max(word.end_s for words in spoken for word in words) + norm.hold_s
    rows = [[word.text for word in words] for words in spoken]
    if len(rows) <= norm.lines and all(len(" ".join(row)) <= norm.columns[shape_of(*size)] for row in rows):
        start, end = rate.frames(start_s), rate.frames_ceil(end_s)
        texts = tuple(tuple(CueWord(text=text, start_frame=start, end_frame=start) for text in row) for row in rows)
        return [Cue(start_frame=start, length_frames=max(1, end - start), lines=texts)]
    made: list[Cue] = []
    share_s = (end_s - start_s) / len(spoken)
    for number, words in enumerate(spoken):
        first_s, lasts_s = words[0].start_s, max(words[-1].end_s - words[0].start_s, 0.1)
        pace, at_s = min(1.0, share_s / lasts_s), start_s + number * share_s
        squeezed = [
            SpokenWord(
                text=word.text,
                start_s=at_s + (word.start_s - first_s) * pace,
                end_s=at_s + (word.end_s - first_s) * pace,
            )
            for word in words
        ]
        made += cues(squeezed, rate, settings.captions, settings.language, size)
    return made


def _until(cue: Cue, end: int) -> Cue:
    """A caption that is gone by a frame; its words with it."""
    if end >= cue.end_frame:
        return cue
    texts = tuple(
        tuple(
            word.model_copy(update={"start_frame": min(word.start_frame, end), "end_frame": min(word.end_frame, end)})
            for word in row
        )
        for row in cue.lines
    )
    return cue.model_copy(update={"length_frames": end - cue.start_frame, "lines": texts})


def _cards(breakdown: Breakdown, layout: ScriptLayout, rate: Rate) -> tuple[Card, ...]:
    cards = [Card(start_frame=rate.frames(0.5), length_frames=rate.frames(TITLE_S - 0.5), title=breakdown.title)]
    for span in layout.shots:
        if span.shot.card:
            lead = rate.frames(TITLE_S if span.start == 0 else CARD_LEAD_S)
            length = max(1, span.end - span.start - lead)
            cards.append(Card(start_frame=span.start + lead, length_frames=length, title=span.shot.card))
    return tuple(cards)


def _labels(breakdown: Breakdown, layout: ScriptLayout, rate: Rate) -> tuple[Label, ...]:
    labels = []
    for scene in breakdown.scenes:
        span = next(span for span in layout.shots if span.shot.scene == scene.number)
        text = "\n".join(filter(None, (scene.place, scene.time.capitalize())))
        if text:
            lead = rate.frames(TITLE_S if span.start == 0 else 0.6)
            start = min(span.start + lead, layout.length_frames - 1)
            labels.append(
                Label(
                    start_frame=start,
                    length_frames=min(rate.frames(LABEL_S), layout.length_frames - start),
                    text=text,
                    preset="lower_third",
                )
            )
    return tuple(labels)
