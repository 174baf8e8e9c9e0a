"""The frames of a film that tell most about it, for a site's list of films.

Frames are drawn small from every shot, without captions, cards or labels, and judged by four measures. By each the
film's frames are put in order, so that none counts for more because its numbers are larger:

    sharpness    the median over a grid of tiles of the Laplacian's variance (Pech-Pacheco et al., 2000): one sharp edge
                 does not make a sharp picture
    contrast     the spread of luma between its 5th and 95th percentile
    colour       colourfulness (Hasler and Suesstrunk, 2003)
    subject      how much more detail the middle holds than the borders: something stands there

Frames that are nearly black, nearly white or of nearly one tone are out. The best frame is the first; each further
one is the best of those that show another picture or shot and look unlike all before it, by their colour histograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyreel.project import Project
from storyreel.publish.drawn import as_rgb, drawn_frames
from storyreel.publish.stills import shot_frames
from storyreel.render.steps import film_job
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH_PX = 1280
_LOOKED_AT_PX = 180
_MOST_FRAMES = 90
_WEIGHTS = {"sharpness": 0.35, "contrast": 0.25, "colour": 0.2, "subject": 0.2}
_ALIKE = 0.8  # overlap of two histograms


@dataclass(frozen=True, slots=True)
class Judged:
    """A frame and how well it tells of its film, 0 to 1; `measures` has the four, as they were measured."""

    frame: int
    clip: str
    score: float
    measures: dict[str, float]


def clean(timeline: Timeline) -> Timeline:
    """The timeline with nothing written over its pictures."""
    return timeline.model_copy(update={"captions": "none", "cards": (), "labels": ()})


def telling_frames(project: Project, timeline: Timeline, count: int = 3) -> tuple[Judged, ...]:
    """The frames that tell most, the best first; fewer than `count` where the rest looks like them.

    Raises:
        RenderError: a source cannot be read.
        Cancelled: the user stopped it.
    """
    small, candidates = _small(clean(timeline)), _candidates(timeline)
    pictures: dict[int, NDArray[Any]] = {}
    with project.progress.task("choose_thumbnail", len(candidates), "frames") as task:
        for number, planes in drawn_frames(project, film_job(small, "draft", "x264"), sorted(candidates)):
            pictures[number] = as_rgb(planes)
            task.advance()
    measures = {number: measure(picture) for number, picture in pictures.items()}
    usable = {number: found for number, found in measures.items() if _shows_something(pictures[number])} or measures
    scores = _scores(usable)
    shown = {
        clip.id: clip.asset.blob if clip.asset and clip.asset.kind == "image" else clip.id for clip in timeline.clips
    }
    chosen: list[int] = []
    for number in sorted(usable, key=lambda each: (-scores[each], each)):
        if len(chosen) == count:
            break
        others = [other for other in chosen if shown[candidates[number]] == shown[candidates[other]]]
        if not others and all(_overlap(pictures[number], pictures[other]) < _ALIKE for other in chosen):
            chosen.append(number)
    return tuple(Judged(number, candidates[number], scores[number], measures[number]) for number in chosen)


def measure(picture: NDArray[Any]) -> dict[str, float]:
    """The four measures of a picture, RGB of shape (height, width, 3)."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    detail = cv2.Laplacian(grey, cv2.CV_32F)
    tiles = [tile.var() for row in np.array_split(detail, 4) for tile in np.array_split(row, 4, axis=1)]
    low, high = np.percentile(grey, (5, 95))
    red, green, blue = (picture[..., channel].astype(np.float32) for channel in range(3))
    warm, cool = red - green, (red + green) / 2 - blue
    spread = float(np.hypot(warm.std(), cool.std()) + 0.3 * np.hypot(warm.mean(), cool.mean()))
    height, width = grey.shape
    middle = np.abs(detail[height // 5 : height * 4 // 5, width // 5 : width * 4 // 5]).mean()
    return {
        "sharpness": float(np.median(tiles)),
        "contrast": float(high - low),
        "colour": spread,
        "subject": float(middle / (np.abs(detail).mean() + 1e-6)),
    }


def _candidates(timeline: Timeline) -> dict[int, str]:
    """A frame a shot, or three where there are few shots; of very many, some at even distances."""
    middles = shot_frames(timeline)
    found = dict(middles)
    if 3 * len(middles) <= _MOST_FRAMES:
        lengths = {clip.id: clip.length_frames for clip in timeline.clips}
        for number, clip in middles.items():
            for step in (-lengths[clip] // 4, lengths[clip] // 4):
                if 0 <= number + step < timeline.length_frames:
                    found.setdefault(number + step, clip)
    numbers = sorted(found)
    every = -(-len(numbers) // _MOST_FRAMES)
    return {number: found[number] for number in numbers[::every]}


def _small(timeline: Timeline) -> Timeline:
    scale = min(1.0, _LOOKED_AT_PX / min(timeline.width_px, timeline.height_px))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (timeline.width_px, timeline.height_px))
    return timeline.model_copy(update={"width_px": width, "height_px": height})


def _shows_something(picture: NDArray[Any]) -> bool:
    mean, spread = float(picture.mean()), float(picture.std())
    return 20.0 < mean < 235.0 and spread > 12.0


def _scores(measures: dict[int, dict[str, float]]) -> dict[int, float]:
    """Each frame's place among the others, by every measure, weighted."""
    scores = dict.fromkeys(measures, 0.0)
    for name, weight in _WEIGHTS.items():
        values = sorted(found[name] for found in measures.values())
        for number, found in measures.items():
            below = sum(value < found[name] for value in values)
            equal = sum(value == found[name] for value in values)
            scores[number] += weight * (below + equal / 2) / len(values)
    return scores


def _overlap(one: NDArray[Any], other: NDArray[Any]) -> float:
    """How much of two pictures' colours is the same, 0 to 1."""
    import numpy as np

    histograms = []
    for picture in (one, other):
        levels = (picture.astype(np.int32) >> 5).reshape(-1, 3) @ np.array([64, 8, 1])
        histograms.append(np.bincount(levels, minlength=512) / len(levels))
    return float(np.minimum(*histograms).sum())


def write_thumbnail(project: Project, timeline: Timeline, frame: int) -> bytes:
    """A frame without any text, as a JPEG of at most `WIDTH_PX` across.

    Raises:
        RenderError: a source cannot be read.
    """
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    for _, planes in drawn_frames(project, film_job(clean(timeline), "standard", "x264"), [frame]):
        picture = Image.fromarray(as_rgb(planes))
        picture.thumbnail((WIDTH_PX, WIDTH_PX), Image.Resampling.LANCZOS)
        picture.save(data, "JPEG", quality=92, subsampling=0)
    return data.getvalue()
