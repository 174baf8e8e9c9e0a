"""The page shows on every frame what is rendered there: which pictures, how far, how blended, how faded.

    python tests/studio/test_page_stage.py

writes tests/golden/stage.json anew after a change of any of that.
"""

import json
import random
from pathlib import Path

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.render.chunks import cut_into_chunks
from storyreel.render.motion import eased
from storyreel.render.overlay import Span
from storyreel.render.overlay import eased as softened
from storyreel.render.transitions import fade_weights, progress_of
from storyreel.timeline.model import Clip, Motion, Rect, Timeline, Transition

GOLDEN = Path(__file__).parents[1] / "golden" / "stage.json"
ABOUT = (
    "`film` and, frame by frame, the numbers of the clips that go and come with their motion's progress, how far the "
    "transition is, and the film's own fade; `curves` of blends, `texts` that fade, seconds as frames (`clock`). "
    "Written by tests/studio/test_page_stage.py."
)


def _film():
    moves = Motion(start=Rect(), end=Rect(height=0.8))
    asset = Asset(
        kind="image", blob=Blob(sha256="1" * 64, suffix=".png", size_bytes=1), provenance=Provenance(provider="test")
    )
    clips, at = [], 0
    for index, (length, kind, frames) in enumerate(
        ((20, "cut", 0), (31, "dissolve", 9), (14, "wipe", 12), (9, "cut", 0), (25, "fade_black", 7), (1, "cut", 0))
    ):
        clips.append(
            Clip(id=f"s{index}", asset=asset, start_frame=at, length_frames=length, motion=moves,
                 into=Transition(kind=kind, length_frames=frames))
        )  # fmt: skip
        at += length
    return Timeline(
        title="t", rate=Rate(), width_px=64, height_px=36, length_frames=at, clips=tuple(clips), fade_in_frames=5,
        fade_out_frames=7,
    )  # fmt: skip


def golden():
    """All of it as JSON."""
    film, chance = _film(), random.Random(0)
    numbers = {clip.id: index for index, clip in enumerate(film.clips)}
    frames = []
    for chunk in cut_into_chunks(film):
        spec = chunk.spec
        for index in range(spec.length_frames):
            first = [numbers[chunk.clips[0]], spec.view.progress(index)]
            second = [numbers[chunk.clips[1]], spec.coming.progress(index)] if spec.coming else None
            at = progress_of(spec.transition_first + index, spec.transition_length) if spec.coming else None
            frames.append({"frame": chunk.start_frame + index, "going": first, "coming": second, "at": at,
                           "opacity": spec.picture_opacity(index)})  # fmt: skip
    curves = []
    for step in range(1, 20):
        at = step / 20
        mixed = min(max((eased(at, "in_out") - 0.25) / 0.7, 0.0), 1.0)
        curves.append({"at": at, "fade": fade_weights(at), "wipe": softened(at), "zoom": softened(mixed),
                       "eased": eased(at, "in_out")})  # fmt: skip
    texts = [
        {"start": start, "end": end, "fade": fade,
         "opacities": [Span(start, end, "", fade, fade, lambda: None).opacity(frame) for frame in range(start, end)]}
        for start, end, fade in ((0, 30, 10), (5, 9, 1), (3, 20, 0))
    ]  # fmt: skip
    clock = []
    for num, den in ((30, 1), (24, 1), (30000, 1001), (25, 1)):
        rate = Rate(num=num, den=den)
        for seconds in (0.0, 0.02, 0.1, 0.3, 0.35, 1.5 / num, 2.5 / num, *(chance.uniform(0, 4000) for _ in range(8))):
            clock.append({"num": num, "den": den, "seconds": seconds, "frames": rate.frames(seconds)})
    parts = {"about": ABOUT, "film": film.model_dump(mode="json"), "frames": frames, "curves": curves, "texts": texts,
             "clock": clock}  # fmt: skip
    return "{" + ",\n".join(f"{json.dumps(name)}:{json.dumps(part)}" for name, part in parts.items()) + "}\n"


def test_what_the_page_is_held_to_is_how_frames_are_made():
    assert GOLDEN.read_text(encoding="utf-8") == golden(), (
        "run  python tests/studio/test_page_stage.py  and the page's tests"
    )


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
