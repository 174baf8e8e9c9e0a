"""How large a GIF of painted, moving pictures becomes: ten seconds at 480 pixels, of rain, snow and a market."""

from __future__ import annotations

import time

from report import Report
from setting import Setting

import storyreel
from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.progress import Event, Progress
from storyreel.project import Project, Record
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.offline.animator import OfflineAnimator
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.recipes._finish import keep_timeline
from storyreel.settings import Settings
from storyreel.timeline.model import Clip, Timeline

NAME, TITLE = "gif", "ten seconds of painted, moving pictures as a GIF"
LARGEST_MB = 15.0
SIZE, FPS, SHOT_FRAMES = (960, 540), 30, 100
SHOTS = (
    "a lighthouse on a cliff in a storm, heavy rain, night, waves",
    "a pine forest in snowfall at dawn, a rider on a path, mist",
    "a market street in an old town at noon, crowds, colourful awnings",
)


def measure(setting: Setting) -> Report:
    """The film's GIF, and the same frames as MP4 and WebM."""
    report = Report(NAME, TITLE)
    project = painted_film(setting)
    for kind in ("gif", "mp4", "webm"):
        events = list[Event]()
        progress = Progress()
        progress.listen(events.append)
        begun_s = time.process_time()
        path = storyreel.export(
            project.id, setting.folder / f"painted.{kind}", cache=project.cache, progress=progress
        ).path
        megabytes, cpu_s = path.stat().st_size / 1e6, time.process_time() - begun_s
        warned = any(event.kind == "warned" for event in events)
        size = "480 x 270, 15 fps" if kind == "gif" else f"{SIZE[0]} x {SIZE[1]}, {FPS} fps"
        told = f"{megabytes:.1f} MB, {cpu_s:.1f} s CPU{', coarser than it might be' if warned else ''}"
        if kind == "gif":
            report.hold(f"{kind}, {size}", told, megabytes, at_most=LARGEST_MB, unit="MB")
        else:
            report.add(f"{kind}, {size}", told)
    report.notes.append(f"Painted and moved by the offline crew: {'; '.join(SHOTS)}.")
    return report


def painted_film(setting: Setting) -> Project:
    """A film of the shots, each of which the camera moves through."""
    project = Project("painted", setting.folder / "painted")
    rate = Rate(num=FPS)
    project.save_record(
        Record(recipe="title", inputs={}, crew={}, settings=Settings(width_px=SIZE[0], height_px=SIZE[1], rate=rate))
    )
    clips = []
    for number, prompt in enumerate(SHOTS):
        png = OfflinePainter().draw(ImageRequest(prompt=prompt, width_px=SIZE[0], height_px=SIZE[1], seed=number))
        request = AnimationRequest(
            prompt=prompt, first_frame=png, last_frame=None, duration_s=SHOT_FRAMES / FPS,
            width_px=SIZE[0], height_px=SIZE[1], frames_per_s=FPS,
        )  # fmt: skip
        blob = store_of(project).put_bytes(OfflineAnimator().animate(request), ".mp4")
        asset = Asset(
            kind="video", blob=blob, width_px=SIZE[0], height_px=SIZE[1], duration_s=SHOT_FRAMES / FPS,
            provenance=Provenance(provider="offline"),
        )  # fmt: skip
        clips.append(Clip(id=f"s{number}", asset=asset, start_frame=number * SHOT_FRAMES, length_frames=SHOT_FRAMES))
    length = SHOT_FRAMES * len(SHOTS)
    keep_timeline(project, Timeline(
        title="Painted", rate=rate, width_px=SIZE[0], height_px=SIZE[1], length_frames=length, clips=tuple(clips),
    ))  # fmt: skip
    return project
