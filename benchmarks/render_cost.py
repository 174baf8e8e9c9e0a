"""What drawing costs next to encoding: a film rendered whole, and its frames encoded alone with the same options.

    python benchmarks/render_cost.py [--seconds 10] [--size 1920x1080] [--quality standard]

Prints CPU milliseconds a frame of both and their ratio, wall seconds of the whole render, and the peak memory.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.chunks import Chunk, cut_into_chunks
from storyreel.render.compose import draw_chunk
from storyreel.render.encode import encode, encoder_name
from storyreel.render.frames import empty_planes
from storyreel.render.overlay import Planes
from storyreel.render.steps import render_film
from storyreel.render.stills import Masters
from storyreel.render.text import overlay_spans
from storyreel.settings import Quality, parse_size
from storyreel.timeline.model import Clip, Cue, CueWord, Motion, Rect, Timeline, Transition
from storyreel.workers import core_count, fan_out

SCENE_S = 5


def still(seed: int) -> bytes:
    """A picture with edges, texture and smooth parts: overlapping discs over a gradient, some grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:1080, 0:1920].astype(np.float32)
    picture = np.stack([40 + 90 * y / 1080, 50 + 60 * x / 1920, 110 - 60 * y / 1080], axis=-1)
    for _ in range(120):
        cx, cy, r = rng.uniform(0, 1920), rng.uniform(200, 1080), 8 + 140 * rng.random() ** 3
        picture[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = rng.uniform(10, 230, 3)
    picture += rng.normal(0, 3, picture.shape[:2])[..., None] * (y > 540)[..., None]
    data = BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(data, "PNG", compress_level=1)
    return data.getvalue()


def film(project: Project, seconds: int, size: tuple[int, int]) -> Timeline:
    """Scenes of five seconds with half-second dissolves, moving cameras and word captions."""
    rate, scenes = Rate(), -(-seconds // SCENE_S)
    clips, cues = [], []
    for scene in range(scenes):
        blob = store_of(project).put_bytes(still(scene), ".png")
        near, far = Rect(x=0.52, y=0.48, height=0.86), Rect()
        clips.append(
            Clip(
                id=f"s{scene}",
                asset=Asset(
                    kind="image", blob=blob, width_px=1920, height_px=1080, provenance=Provenance(provider="benchmark")
                ),
                start_frame=scene * SCENE_S * 30,
                length_frames=SCENE_S * 30,
                motion=Motion(start=far, end=near) if scene % 2 else Motion(start=near, end=far),
                into=Transition(kind="dissolve", length_frames=14),
            )
        )
        for part in range(2):
            start = scene * SCENE_S * 30 + part * 75
            words = [
                CueWord(text=text, start_frame=start + 14 * k, end_frame=start + 14 * k + 13)
                for k, text in enumerate(("every", "word", "lights", "up", "alone"))
            ]
            cues.append(Cue(start_frame=start, length_frames=73, lines=(tuple(words),)))
    width, height = size
    return Timeline(
        title="Benchmark", rate=rate, width_px=width, height_px=height, length_frames=scenes * SCENE_S * 30,
        clips=tuple(clips), cues=tuple(cues), fade_in_frames=15, fade_out_frames=30,
    )  # fmt: skip


def encode_only(project: Project, timeline: Timeline, quality: Quality) -> float:
    """CPU seconds for encoding the film's frames, drawn beforehand, on every core."""
    spans, size = overlay_spans(timeline), (timeline.width_px, timeline.height_px)
    chunks = cut_into_chunks(timeline, spans, quality=quality, encoder=encoder_name())
    masters, taken = Masters(), 0.0

    def drawn(chunk: Chunk) -> list[Planes]:
        planes, frames = empty_planes(*size), []
        texts = [spans[index] for index in chunk.spans]
        for _ in draw_chunk(chunk.spec, store_of(project).path, texts, masters, planes):
            frames.append(tuple(plane.copy() for plane in planes))
        return frames

    def encoded(frames: list[Planes]) -> None:
        def draw(into: Planes) -> Iterator[None]:
            for frame in frames:
                for target, plane in zip(into, frame, strict=True):
                    target[...] = plane
                yield

        encode(draw, *size, timeline.rate, quality)

    for first in range(0, len(chunks), core_count()):
        group = [drawn(chunk) for chunk in chunks[first : first + core_count()]]
        before = time.process_time()
        fan_out(encoded, group)
        taken += time.process_time() - before
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--size", type=parse_size, default=(1920, 1080))
    parser.add_argument("--quality", choices=("draft", "standard", "high"), default="standard")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        project = Project("benchmark", cache)
        timeline = film(project, chosen.seconds, chosen.size)
        frames = timeline.length_frames
        wall, cpu = time.perf_counter(), time.process_time()
        blob = render_film(project, timeline, quality=chosen.quality)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter()
        render_film(project, timeline, quality=chosen.quality)
        again = time.perf_counter() - started

        encoding = encode_only(project, timeline, chosen.quality)
        print(
            json.dumps(
                {
                    "frames": frames,
                    "full_cpu_ms_a_frame": round(cpu / frames * 1e3, 2),
                    "encode_only_cpu_ms_a_frame": round(encoding / frames * 1e3, 2),
                    "ratio": round(cpu / encoding, 3),
                    "wall_s": round(wall, 2),
                    "frames_a_second": round(frames / wall, 1),
                    "peak_memory_mb": round(peak_mb),
                    "megabits_a_second": round(blob.size_bytes * 8 / (frames / 30) / 1e6, 2),
                    "again_ms": round(again * 1e3, 1),
                }
            )
        )


if __name__ == "__main__":
    main()
