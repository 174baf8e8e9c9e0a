"""Edits from a page, held to what a page may ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from storyreel.errors import InputError
from storyreel.media.model import Asset
from storyreel.studio.film_view import own_font_key
from storyreel.timeline.edit import ChangeCaptionStyle, Edit, InsertClip, ReplaceMusic, ReplacePicture, ReplaceVoice
from storyreel.timeline.model import Timeline


def checked_edits(edits: Sequence[Edit], timeline: Timeline, asset: Callable[[str], Asset | None]) -> tuple[Edit, ...]:
    """The edits, with every asset replaced by our own knowledge of it.

    Args:
        asset: a digest -> the asset, if it is this film's.

    Raises:
        InputError: one names a file that is not this film's, or a font by its path.
    """
    return tuple(_checked(edit, timeline, asset) for edit in edits)


def _checked(edit: Edit, timeline: Timeline, asset: Callable[[str], Asset | None]) -> Edit:
    if isinstance(edit, (ReplacePicture, InsertClip, ReplaceMusic, ReplaceVoice)) and edit.asset is not None:
        known = asset(edit.asset.blob.sha256)
        if known is None:
            raise InputError("this film has no such picture or sound: upload it, or choose one of its takes")
        return edit.model_copy(update={"asset": known})
    if isinstance(edit, ChangeCaptionStyle) and edit.style is not None:
        own = timeline.caption_style.font_file if timeline.caption_style is not None else ""
        if own and edit.style.font_file in ("", own_font_key(timeline)):
            # The page is never told the path of a font of one's own, so it cannot give it back.
            return edit.model_copy(update={"style": edit.style.model_copy(update={"font_file": own})})
        if edit.style.font_file not in ("", own):
            raise InputError("a font file can only be chosen on the machine itself, not in the page")
    return edit
