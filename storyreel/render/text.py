"""Captions, labels and title cards of a timeline, as overlays: what shows when, under which key, and how it is drawn.

Finding the overlays and their keys loads neither Pillow nor numpy, so a film that is remembered costs nothing here;
letters are set and painted when a span is first drawn. All states of a caption share one layout: only the colours of
its words change. What moves within a word (a sweep of colour, a swelling) is a small patch a frame over a caption that
stands still.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from math import pi, sin
from threading import Lock
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from storyreel.render.caption_styles import CARD_STYLES, LABEL_STYLES, CardStyle, LabelStyle, style_of
from storyreel.render.overlay import Patch, Span, eased, faded
from storyreel.render.text_fonts import fonts_identity, missing_glyphs, user_font
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.captions import shape_of
from storyreel.timeline.model import Card, Cue, CueWord, Label, Timeline
from storyreel.timeline.safe_area import Edges, safe_area
from storyreel.timeline.scripts import capitals

if TYPE_CHECKING:
    from storyreel.render.text_paint import CaptionArt

__all__ = [
    "caption_boxes",
    "caption_shapes",
    "font_file_of",
    "missing_glyphs",
    "overlay_spans",
    "text_warning",
    "with_font_file",
]

_ENGINE = 3  # raise when the same text, style and fonts come to give other pixels
_BRIDGE_S = 0.3  # a word stays lit through a pause up to this long
_DRAWING = Lock()  # FreeType's faces serve one thread at a time
_NO_WORD = -1


class CaptionText(BaseModel, frozen=True, extra="forbid"):
    """All that decides where a caption's letters stand.

    Attributes:
        font_digest: of the style's font file, whose path says nothing about its letters.
    """

    lines: tuple[tuple[str, ...], ...]
    style: CaptionStyle
    width_px: int
    height_px: int
    language: str
    safe: Edges
    font_digest: str = ""

    def key(self) -> str:
        """Its value as text, without the path of the font file."""
        return self.model_dump_json(exclude={"style": {"font_file"}})


class LabelText(BaseModel, frozen=True, extra="forbid"):
    """All that decides a label's pixels."""

    text: str
    style: LabelStyle
    width_px: int
    height_px: int
    language: str
    safe: Edges
    scale: float
    x: float | None
    y: float | None


class CardText(BaseModel, frozen=True, extra="forbid"):
    """All that decides a title card's pixels."""

    title: str
    subtitle: str
    style: CardStyle
    width_px: int
    height_px: int
    language: str


class WordState(BaseModel, frozen=True, extra="forbid"):
    """What shows of a caption in a stretch in which no word changes its colour.

    Attributes:
        start_frame, end_frame: the stretch, end excluded.
        colours: of each word.
        lit: the number of the word being spoken, or -1.
        spoken_frames: how long that word's sound lasts.
    """

    start_frame: int
    end_frame: int
    colours: tuple[str, ...]
    lit: int = _NO_WORD
    spoken_frames: int = 0


def overlay_spans(timeline: Timeline) -> tuple[Span, ...]:
    """Every card, every label and every caption's states, in drawing order: cards lowest, captions on top.

    Raises:
        InputError: the timeline names a caption preset or a platform that does not exist, or a font file that is none.
        StorageError: the fonts are not where they were installed.
    """
    spans = [span for card in timeline.cards for span in _card_spans(card, timeline)]
    safe = safe_area(timeline.platform, timeline.width_px, timeline.height_px)
    spans += [span for label in timeline.labels for span in _label_spans(label, safe, timeline)]
    if timeline.captions != "none":
        style = style_of(timeline)
        spans += [span for cue in timeline.cues for span in _cue_spans(cue, style, safe, timeline)]
    return tuple(spans)


def caption_boxes(timeline: Timeline) -> dict[int, Edges]:
    """The rectangle that each caption takes on screen, plates and outlines included, shadows not.

    Returns:
        The number of each cue that shows something, and its edges in pixels.

    Raises:
        InputError, StorageError: as `overlay_spans`.
    """
    boxes: dict[int, Edges] = {}
    for number, art in caption_shapes(timeline):
        with _DRAWING:
            boxes[number] = art.edges()
    return boxes


def caption_shapes(timeline: Timeline) -> Iterator[tuple[int, CaptionArt]]:
    """The number of each cue that shows something, and its letters' shapes, painted one after another.

    Raises:
        InputError, StorageError: as `overlay_spans`.
    """
    if timeline.captions == "none":
        return
    style = style_of(timeline)
    safe = safe_area(timeline.platform, timeline.width_px, timeline.height_px)
    for number, cue in enumerate(timeline.cues):
        text = _caption_text(cue, style, safe, timeline)
        art = _art(text) if text.lines else None
        if art is not None:
            yield number, art


def text_warning(timeline: Timeline) -> str:
    """A sentence about characters on the timeline that no font can draw, or "".

    Raises:
        InputError: the captions' font file cannot be used.
    """
    shown = [text for card in timeline.cards for text in (card.title, card.subtitle)]
    shown += [label.text for label in timeline.labels]
    own = None
    if timeline.captions != "none":
        shown += [cue.text for cue in timeline.cues]
        style = style_of(timeline)
        own = user_font(style.font_file, style.weight)
    return missing_glyphs(" ".join(dict.fromkeys(word for text in shown for word in text.split())), own)


def font_file_of(spans: Sequence[Span]) -> str:
    """The user's own font file that spans are drawn with, or ""."""
    texts = (text for span in spans for text in _texts_of(span.draw))
    return next((text.style.font_file for text in texts if text.style.font_file), "")


def with_font_file(span: Span, path: str) -> Span:
    """The same span, with the user's font file, if it has one, at another path."""
    return replace(span, draw=_moved(span.draw, path))


def _texts_of(draw: object) -> Iterator[CaptionText]:
    for argument in draw.args if isinstance(draw, partial) else ():
        if isinstance(argument, CaptionText):
            yield argument
        yield from _texts_of(argument)


def _moved(draw: Any, path: str) -> Any:
    if isinstance(draw, CaptionText):
        own = draw.style.font_file and draw.style.model_copy(update={"font_file": path})
        return draw.model_copy(update={"style": own}) if own else draw
    if isinstance(draw, partial):
        return partial(draw.func, *(_moved(argument, path) for argument in draw.args), **draw.keywords)
    return draw


def _card_spans(card: Card, timeline: Timeline) -> Iterator[Span]:
    end = min(card.start_frame + card.length_frames, timeline.length_frames)
    length = end - card.start_frame
    if length <= 0 or not (card.title.strip() or card.subtitle.strip()):
        return
    style = CARD_STYLES[shape_of(timeline.width_px, timeline.height_px)]
    text = CardText(
        title=card.title,
        subtitle=card.subtitle,
        style=style,
        width_px=timeline.width_px,
        height_px=timeline.height_px,
        language=timeline.language,
    )
    fade = min(timeline.rate.frames(style.fade_s), length // 3)
    yield Span(card.start_frame, end, _key("card", text.model_dump_json()), fade, fade, partial(_draw_card, text))


def _label_spans(label: Label, safe: Edges, timeline: Timeline) -> Iterator[Span]:
    end = min(label.start_frame + label.length_frames, timeline.length_frames)
    length = end - label.start_frame
    if length <= 0 or not label.text.strip():
        return
    style = LABEL_STYLES[label.preset][shape_of(timeline.width_px, timeline.height_px)]
    text = LabelText(
        text=label.text,
        style=style,
        width_px=timeline.width_px,
        height_px=timeline.height_px,
        language=timeline.language,
        safe=safe,
        scale=label.scale,
        x=label.x,
        y=label.y,
    )
    fade = min(timeline.rate.frames(style.fade_s), length // 3)
    yield Span(label.start_frame, end, _key("label", text.model_dump_json()), fade, fade, partial(_draw_label, text))


def _caption_text(cue: Cue, style: CaptionStyle, safe: Edges, timeline: Timeline) -> CaptionText:
    def shown(word: str) -> str:
        word = " ".join(word.split())
        return capitals(word, timeline.language) if style.case == "upper" else word

    lines = (tuple(shown(word.text) for word in line if word.text.strip()) for line in cue.lines)
    own = user_font(style.font_file, style.weight)
    return CaptionText(
        lines=tuple(line for line in lines if line),
        style=style,
        width_px=timeline.width_px,
        height_px=timeline.height_px,
        language=timeline.language,
        safe=safe,
        font_digest=own.digest if own else "",
    )


def _cue_spans(cue: Cue, style: CaptionStyle, safe: Edges, timeline: Timeline) -> Iterator[Span]:
    words = [word for line in cue.lines for word in line if word.text.strip()]
    start, end = cue.start_frame, min(cue.end_frame, timeline.length_frames)
    if not words or end <= start:
        return
    text = _caption_text(cue, style, safe, timeline)
    key = _Key("caption", text.key())
    spans: list[Span] = []
    if style.box is not None:
        spans.append(Span(start, end, key("plate"), 0, 0, partial(_draw_plate, text)))
    moved_frames = max(timeline.rate.frames(style.animation_s), 1)
    for state in _states(words, style, start, end, timeline.rate.frames(_BRIDGE_S)):
        if style.word_box is not None and state.lit != _NO_WORD:
            draw = partial(_draw_word_plate, text, state.lit)
            spans.append(Span(state.start_frame, state.end_frame, key("word plate", str(state.lit)), 0, 0, draw))
        if style.animation == "pop" and state.lit != _NO_WORD:
            spans += _popping(state, text, key, min(moved_frames, state.end_frame - state.start_frame))
        elif style.animation == "karaoke" and state.lit != _NO_WORD:
            spans += _sweeping(state, text, key)
        else:
            spans.append(_still(state, text, key, state.start_frame))
    if style.animation == "fade":
        fade = min(timeline.rate.frames(style.animation_s), (end - start) // 3)
        spans = [part for span in spans for part in _fading(span, start, end, fade)]
    yield from spans


def _still(state: WordState, text: CaptionText, key: _Key, start: int) -> Span:
    """A state as it stands from a frame on."""
    draw = partial(_draw_caption, text, state.colours)
    return Span(start, state.end_frame, key("state", *state.colours), 0, 0, draw)


def _popping(state: WordState, text: CaptionText, key: _Key, frames: int) -> Iterator[Span]:
    """The word being spoken swells and falls back, over the others."""
    start, lit, colours = state.start_frame, state.lit, state.colours
    rest = partial(_draw_without, text, colours, lit)
    yield Span(start, start + frames, key("without", str(lit), *colours), 0, 0, rest)
    for frame in range(frames):
        # Up in the first third, down in the rest: a sine whose time runs faster at first.
        scale = 1.0 + text.style.pop * sin(pi * ((frame + 1) / (frames + 1)) ** 0.63)
        draw = partial(_draw_popped, text, lit, colours[lit], scale)
        yield Span(start + frame, start + frame + 1, key("pop", str(lit), colours[lit], repr(scale)), 0, 0, draw)
    if start + frames < state.end_frame:
        yield _still(state, text, key, start + frames)


def _sweeping(state: WordState, text: CaptionText, key: _Key) -> Iterator[Span]:
    """The colour runs through the word being spoken, in step with its sound, and stays."""
    start, lit = state.start_frame, state.lit
    frames = min(state.spoken_frames, state.end_frame - start)
    before = (*state.colours[:lit], text.style.coming, *state.colours[lit + 1 :])
    yield Span(start, start + frames, key("hollow", str(lit), *before), 0, 0, partial(_draw_hollow, text, before, lit))
    for frame in range(frames):
        progress = (frame + 0.5) / frames
        draw = partial(_draw_sweep, text, before, state.colours, lit, progress)
        name = key("sweep", str(lit), repr(progress), *before, *state.colours)
        yield Span(start + frame, start + frame + 1, name, 0, 0, draw)
    if start + frames < state.end_frame:
        yield _still(state, text, key, start + frames)


def _fading(span: Span, start: int, end: int, fade: int) -> Iterator[Span]:
    """A part of a page that comes within `fade` frames of `start` and goes within as many before `end`.

    A span as long as the fade carries it itself; of a shorter one every frame of the fade is a patch of its own.
    """
    if fade <= 0:
        yield span
        return
    first, last = span.start_frame, span.end_frame
    if first == start and last >= start + fade:
        span, first = replace(span, fade_in_frames=fade), start + fade
    if last == end and first <= end - fade:
        span, last = replace(span, fade_out_frames=fade), end - fade
    whole_start, whole_end = span.start_frame, span.end_frame
    for frame in range(first, min(start + fade, last)):
        yield _faded_frame(span, frame, (frame - start + 1) / (fade + 1))
        whole_start = frame + 1
    late = [(frame, (end - frame) / (fade + 1)) for frame in range(max(end - fade, whole_start), last)]
    if late:
        whole_end = late[0][0]
    if whole_start < whole_end:
        yield replace(span, start_frame=whole_start, end_frame=whole_end)
    for frame, share in late:
        yield _faded_frame(span, frame, share)


def _faded_frame(span: Span, frame: int, share: float) -> Span:
    opacity = eased(share)
    return Span(
        frame, frame + 1, _key("faded", span.key, repr(opacity)), 0, 0, partial(_draw_faded, span.draw, opacity)
    )


def _states(words: list[CueWord], style: CaptionStyle, start: int, end: int, bridge_frames: int) -> Iterator[WordState]:
    """The stretches of a caption in which no word changes its colour, one after another from start to end."""
    count = len(words)
    changes: list[tuple[int, int, bool]] = [(start, 0, False)]  # from this frame, so many spoken, the next one current
    for index, word in enumerate(words):
        if word.end_frame <= word.start_frame:
            continue
        changes.append((word.start_frame, index, True))
        following = words[index + 1].start_frame if index + 1 < count else end
        if following - word.end_frame > bridge_frames or index + 1 == count:
            changes.append((word.end_frame, index + 1, False))
    follows_voice = style.word_box is not None or style.animation in {"pop", "karaoke"}
    pending: WordState | None = None
    for index, (at, spoken, lit) in enumerate(changes):
        until = changes[index + 1][0] if index + 1 < len(changes) else end
        at, until = max(at, start), min(until, end)
        if until <= at:
            continue
        current = (style.current,) if lit else ()
        colours = (style.spoken,) * spoken + current + (style.coming,) * (count - spoken - len(current))
        number = spoken if lit and follows_voice else _NO_WORD
        frames = min(words[spoken].end_frame, until) - at if number != _NO_WORD else 0
        state = WordState(start_frame=at, end_frame=until, colours=colours, lit=number, spoken_frames=frames)
        if pending is not None and (pending.colours, pending.lit) == (colours, number):
            pending = pending.model_copy(update={"end_frame": until})
            continue
        if pending is not None:
            yield pending
        pending = state
    if pending is not None:
        yield pending


class _Key:
    """Makes the keys of one text's states; what they share is hashed once."""

    def __init__(self, *shared: str) -> None:
        self._digest = hashlib.sha256()
        _feed(self._digest, f"text {_ENGINE}", fonts_identity(), *shared)

    def __call__(self, *parts: str) -> str:
        digest = self._digest.copy()
        _feed(digest, *parts)
        return digest.hexdigest()


def _key(*parts: str) -> str:
    return _Key(*parts)()


def _feed(digest: hashlib._Hash, *parts: str) -> None:
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode())
        digest.update(data)


def _art(text: CaptionText) -> CaptionArt | None:
    with _DRAWING:
        return _caption_art(text)


@lru_cache(maxsize=8)
def _caption_art(text: CaptionText) -> CaptionArt | None:
    from storyreel.render.text_layout import lay_out_caption
    from storyreel.render.text_paint import paint_caption

    style = text.style
    own = user_font(style.font_file, style.weight)
    runs = lay_out_caption(text.lines, style, text.width_px, text.height_px, text.language, safe=text.safe, own=own)
    return paint_caption(runs, style, text.width_px, text.height_px)


def _draw_caption(text: CaptionText, colours: tuple[str, ...]) -> Patch | None:
    art = _art(text)
    return art.coloured(colours) if art is not None else None


@lru_cache(maxsize=8)
def _kept_caption(text: CaptionText, colours: tuple[str, ...]) -> Patch | None:
    """A state that other patches are made from."""
    return _draw_caption(text, colours)


def _draw_without(text: CaptionText, colours: tuple[str, ...], lit: int) -> Patch | None:
    art, patch = _art(text), _kept_caption(text, colours)
    if art is None or patch is None:
        return None
    with _DRAWING:
        return art.without(patch, colours, lit)


def _draw_hollow(text: CaptionText, colours: tuple[str, ...], lit: int) -> Patch | None:
    art, patch = _art(text), _kept_caption(text, colours)
    return art.hollow(patch, lit) if art is not None and patch is not None else None


def _draw_sweep(
    text: CaptionText, before: tuple[str, ...], after: tuple[str, ...], lit: int, progress: float
) -> Patch | None:
    art, old, new = _art(text), _kept_caption(text, before), _kept_caption(text, after)
    return art.sweep(old, new, lit, progress) if art is not None and old is not None and new is not None else None


def _draw_popped(text: CaptionText, lit: int, colour: str, scale: float) -> Patch | None:
    art = _art(text)
    if art is None:
        return None
    with _DRAWING:
        return art.popped(lit, colour, scale)


def _draw_plate(text: CaptionText) -> Patch | None:
    art = _art(text)
    if art is None:
        return None
    with _DRAWING:
        return art.plate()


def _draw_word_plate(text: CaptionText, lit: int) -> Patch | None:
    art = _art(text)
    if art is None:
        return None
    with _DRAWING:
        return art.word_plate(lit)


def _draw_faded(draw: Callable[[], Patch | None], opacity: float) -> Patch | None:
    patch = draw()
    return faded(patch, opacity) if patch is not None else None


def _draw_label(text: LabelText) -> Patch | None:
    from storyreel.render.text_labels import lay_out_label
    from storyreel.render.text_paint import paint_label

    with _DRAWING:
        layout = lay_out_label(
            text.text,
            text.style,
            text.width_px,
            text.height_px,
            text.language,
            scale=text.scale,
            x=text.x,
            y=text.y,
            safe=text.safe,
        )
        return paint_label(layout, text.style, text.width_px, text.height_px)


def _draw_card(text: CardText) -> Patch | None:
    from storyreel.render.text_layout import lay_out_card
    from storyreel.render.text_paint import paint_card

    with _DRAWING:
        layout = lay_out_card(text.title, text.subtitle, text.style, text.width_px, text.height_px, text.language)
        return paint_card(layout, text.style, text.width_px, text.height_px)
