"""Captions and title cards of a timeline, as overlays: what shows when, under which key, and how it is drawn.

Finding the overlays and their keys loads neither Pillow nor numpy, so a film that is remembered costs nothing here;
letters are set and painted when a span is first drawn. All states of a caption share one layout: only the colours of
its words change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from pydantic import BaseModel

from storyreel.render.caption_styles import CARD_STYLES, CaptionStyle, CardStyle, caption_style
from storyreel.render.overlay import Patch, Span
from storyreel.render.text_fonts import fonts_identity, missing_glyphs
from storyreel.timeline.captions import shape_of
from storyreel.timeline.model import Card, Cue, CueWord, Timeline

if TYPE_CHECKING:
    from storyreel.render.text_paint import CaptionArt

__all__ = ["missing_glyphs", "overlay_spans", "text_warning"]

_ENGINE = 2  # raise when the same text, style and fonts come to give other pixels
_BRIDGE_S = 0.3  # a word stays lit through a pause up to this long
_DRAWING = Lock()  # FreeType's faces serve one thread at a time


class CaptionText(BaseModel, frozen=True, extra="forbid"):
    """All that decides where a caption's letters stand."""

    lines: tuple[tuple[str, ...], ...]
    style: CaptionStyle
    width_px: int
    height_px: int
    language: str


class CardText(BaseModel, frozen=True, extra="forbid"):
    """All that decides a title card's pixels."""

    title: str
    subtitle: str
    style: CardStyle
    width_px: int
    height_px: int
    language: str


def overlay_spans(timeline: Timeline) -> tuple[Span, ...]:
    """Every caption's word states and every card, by start, cards under captions.

    Raises:
        InputError: the timeline names a caption preset that does not exist.
        StorageError: the fonts are not where they were installed.
    """
    spans = [span for card in timeline.cards for span in _card_spans(card, timeline)]
    if timeline.captions != "none":
        style = caption_style(timeline.captions, shape_of(timeline.width_px, timeline.height_px))
        spans += [span for cue in timeline.cues for span in _cue_spans(cue, style, timeline)]
    return tuple(sorted(spans, key=lambda span: span.start_frame))


def text_warning(timeline: Timeline) -> str:
    """A sentence about characters on the timeline that no font can draw, or ""."""
    shown = [text for card in timeline.cards for text in (card.title, card.subtitle)]
    if timeline.captions != "none":
        shown += [cue.text for cue in timeline.cues]
    return missing_glyphs(" ".join(dict.fromkeys(word for text in shown for word in text.split())))


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


def _cue_spans(cue: Cue, style: CaptionStyle, timeline: Timeline) -> Iterator[Span]:
    lines = tuple(tuple(word for word in line if word.text.strip()) for line in cue.lines)
    words = [word for line in lines for word in line]
    if not words:
        return
    text = CaptionText(
        lines=tuple(tuple(" ".join(word.text.split()) for word in line) for line in lines if line),
        style=style,
        width_px=timeline.width_px,
        height_px=timeline.height_px,
        language=timeline.language,
    )
    key_of_text = text.model_dump_json()
    cue_end = min(cue.end_frame, timeline.length_frames)
    for start, end, colours in _states(words, style, cue.start_frame, cue_end, timeline.rate.frames(_BRIDGE_S)):
        key = _key("caption", key_of_text, *colours)
        yield Span(start, end, key, 0, 0, partial(_draw_caption, text, colours))


def _states(
    words: list[CueWord], style: CaptionStyle, start: int, end: int, bridge_frames: int
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The stretches of a caption in which no word changes its colour: (start, end, a colour a word)."""
    count = len(words)
    changes: list[tuple[int, int, bool]] = [(start, 0, False)]  # from this frame, so many spoken, the next one current
    for index, word in enumerate(words):
        if word.end_frame <= word.start_frame:
            continue
        changes.append((word.start_frame, index, True))
        following = words[index + 1].start_frame if index + 1 < count else end
        if following - word.end_frame > bridge_frames or index + 1 == count:
            changes.append((word.end_frame, index + 1, False))
    pending: tuple[int, int, tuple[str, ...]] | None = None
    for index, (at, spoken, lit) in enumerate(changes):
        until = changes[index + 1][0] if index + 1 < len(changes) else end
        at, until = max(at, start), min(until, end)
        if until <= at:
            continue
        current = (style.current,) if lit else ()
        colours = (style.spoken,) * spoken + current + (style.coming,) * (count - spoken - len(current))
        if pending is not None and pending[2] == colours:
            pending = (pending[0], until, colours)
            continue
        if pending is not None:
            yield pending
        pending = (at, until, colours)
    if pending is not None:
        yield pending


def _key(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in (f"text {_ENGINE}", fonts_identity(), *parts):
        data = part.encode()
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def _draw_caption(text: CaptionText, colours: tuple[str, ...]) -> Patch | None:
    with _DRAWING:
        art = _caption_art(text)
    return art.coloured(colours) if art is not None else None


@lru_cache(maxsize=8)
def _caption_art(text: CaptionText) -> CaptionArt | None:
    from storyreel.render.text_layout import lay_out_caption
    from storyreel.render.text_paint import paint_caption

    runs = lay_out_caption(text.lines, text.style, text.width_px, text.height_px, text.language)
    return paint_caption(runs, text.style, text.width_px, text.height_px)


def _draw_card(text: CardText) -> Patch | None:
    from storyreel.render.text_layout import lay_out_card
    from storyreel.render.text_paint import paint_card

    with _DRAWING:
        layout = lay_out_card(text.title, text.subtitle, text.style, text.width_px, text.height_px, text.language)
        return paint_card(layout, text.style, text.width_px, text.height_px)
