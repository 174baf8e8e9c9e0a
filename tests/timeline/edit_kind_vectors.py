"""Vectors of splits, merges and retimings, for the editor's page to agree with; run it to write them anew.

tests/golden/edit_kinds.json: films, and edits of them -> the patch that comes of them, null where they are refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.timeline.edit import (
    EDITS,
    Edit,
    MergeCaptions,
    MoveClip,
    RetimeCaption,
    RetimeWord,
    SplitCaption,
    SplitClip,
    apply,
)
from storyreel.timeline.model import Clip, Cue, CueWord, Ease, Motion, Rect, Timeline, Transition
from storyreel.timeline.patch import patch_between

PATH = Path(__file__).parents[1] / "golden" / "edit_kinds.json"
ABOUT = (
    "Edits of the kinds split_clip, retime_caption, retime_word, split_caption and merge_captions: one of "
    "`films`, edits -> the patch (splices and values, as the page gets them) that they make, or null where they are "
    "refused. Tolerance of fractions 1e-6. Written by tests/timeline/edit_kind_vectors.py."
)


def asset(number: int, kind: str = "image") -> Asset:
    blob = Blob(sha256=f"{number:064x}", suffix=".png" if kind == "image" else ".mp4", size_bytes=1)
    return Asset.model_validate(
        {"kind": kind, "blob": blob, "width_px": 320, "height_px": 180, "duration_s": 9.0 if kind == "video" else 0.0,
         "provenance": Provenance(provider="test")}
    )  # fmt: skip


def cue(start: int, *lines: str, frames: int = 5) -> Cue:
    """A caption; every word lasts `frames` frames."""
    at, made = start, []
    for line in lines:
        words = line.split()
        made.append(
            tuple(
                CueWord(text=word, start_frame=at + frames * k, end_frame=at + frames * (k + 1))
                for k, word in enumerate(words)
            )
        )
        at += frames * len(words)
    return Cue(start_frame=start, length_frames=at - start, lines=tuple(made))


def film(ease: Ease = "in_out") -> Timeline:
    """Four clips, the third a video, and three captions."""
    move = Motion(start=Rect(), end=Rect(x=0.62, y=0.41, height=0.7, turn_deg=4.0), ease=ease)
    dissolve = Transition(kind="dissolve", length_frames=8)
    clips = (
        Clip(id="s0001", asset=asset(1), start_frame=0, length_frames=31, motion=move, scene=1),
        Clip(id="s0002", asset=asset(2), start_frame=31, length_frames=40, motion=move, into=dissolve, scene=2),
        Clip(id="s0003", asset=asset(3, "video"), start_frame=71, length_frames=29, source_start_s=0.5, speed=1.5),
        Clip(id="s0004", asset=None, start_frame=100, length_frames=20, into=dissolve, scene=4),
    )
    cues = (cue(10, "one two", "three four"), cue(35, "five six seven"), cue(60, "a much longer caption that needs",
            "more than one line on the screen", frames=3))  # fmt: skip
    return Timeline(
        title="t", rate=Rate(num=10), width_px=320, height_px=180, length_frames=120, clips=clips, cues=cues
    )


EASES: tuple[Ease, ...] = ("linear", "in", "out", "in_out")
CASES: tuple[tuple[str, Ease, tuple[Edit, ...]], ...] = (
    *(
        (f"split, {ease}, after {frames} frames", ease, (SplitClip(clip="s0001", at_frame=frames, id="new"),))
        for ease in EASES
        for frames in (1, 9, 16, 30)
    ),
    ("split close to a dissolve shortens it", "in_out", (SplitClip(clip="s0002", at_frame=34, id="new"),)),
    ("a video goes on through the split", "in_out", (SplitClip(clip="s0003", at_frame=81, id="new"),)),
    ("a split clip is moved", "in_out", (SplitClip(clip="s0001", at_frame=10, id="n"), MoveClip(clip="n", to=3))),
    ("split at its own start", "in_out", (SplitClip(clip="s0002", at_frame=31, id="new"),)),
    ("split under a name that is taken", "in_out", (SplitClip(clip="s0002", at_frame=40, id="s0001"),)),
    ("a caption moved", "in_out", (RetimeCaption(cue=1, start_frame=40, length_frames=15),)),
    ("a caption stretched", "in_out", (RetimeCaption(cue=0, start_frame=3, length_frames=31),)),
    ("a caption made short", "in_out", (RetimeCaption(cue=2, start_frame=60, length_frames=7),)),
    ("a caption over the next one", "in_out", (RetimeCaption(cue=0, start_frame=10, length_frames=26),)),
    ("a caption past the end", "in_out", (RetimeCaption(cue=2, start_frame=100, length_frames=21),)),
    ("a word later, the next one shorter", "in_out", (RetimeWord(cue=0, word=1, start_frame=16, end_frame=23),)),
    ("a word earlier, the one before shorter", "in_out", (RetimeWord(cue=0, word=2, start_frame=17, end_frame=25),)),
    ("a word that takes no time", "in_out", (RetimeWord(cue=1, word=0, start_frame=36, end_frame=36),)),
    ("a word over two others", "in_out", (RetimeWord(cue=0, word=0, start_frame=10, end_frame=21),)),
    ("a word that ends before it begins", "in_out", (RetimeWord(cue=0, word=0, start_frame=12, end_frame=11),)),
    ("a caption split between lines", "in_out", (SplitCaption(cue=0, word=2),)),
    ("a caption split within a line", "in_out", (SplitCaption(cue=2, word=8),)),
    ("a caption split before its first word's end", "in_out", (SplitCaption(cue=1, word=3),)),
    ("captions merged on one line", "in_out", (MergeCaptions(cue=0),)),
    ("captions merged on two lines", "in_out", (MergeCaptions(cue=1),)),
    ("the last caption merged with none", "in_out", (MergeCaptions(cue=2),)),
    ("split and merged again", "in_out", (SplitCaption(cue=1, word=1), MergeCaptions(cue=1))),
)


def vectors() -> dict[str, Any]:
    """All of them, as the file holds them."""
    films = {ease: film(ease) for ease in EASES}
    made = []
    for name, ease, edits in CASES:
        try:
            after = patch_between(films[ease], apply(films[ease], edits)).model_dump(mode="json")
        except InputError:
            after = None
        made.append({"name": name, "film": ease, "edits": EDITS.dump_python(edits, mode="json"), "patch": after})
    return {
        "about": ABOUT,
        "films": {ease: each.model_dump(mode="json") for ease, each in films.items()},
        "vectors": made,
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
