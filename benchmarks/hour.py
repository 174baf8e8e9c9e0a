"""A film of an hour as the product makes it, rendered in full size and then taken apart again.

The offline crew writes and speaks one chapter of some four minutes, which is told fourteen times over, to 220
paintings of its own (no two alike), with dissolves, captions and music. The finished file is decoded from its first
frame to its last: how many there are and when each is shown, whether moments all over the film show what the timeline
says to the frame, how far the voice lies from where its captions expect it at minute 1 and at minute 59, and how loud
it is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from drawing import Drawer
from measure import command_cost
from numpy.typing import NDArray
from report import Report
from setting import Setting, remembered_frames, render_command

from storyreel.media.model import Asset, Narration
from storyreel.media.sound import read_sound
from storyreel.media.steps import illustrate
from storyreel.memo.store import store_of
from storyreel.project import Project, write_text_atomically
from storyreel.providers.contracts import ImageRequest
from storyreel.recipes import title_film
from storyreel.recipes._finish import FILM_NAME, TIMELINE_NAME, read_timeline
from storyreel.render.mix import SAMPLE_RATE_HZ
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.shots.plan import passages
from storyreel.story.model import Chapter
from storyreel.timeline.assemble import lay_out, music_length_s
from storyreel.timeline.model import CueWord, Timeline
from storyreel.workers import fan_out

NAME, TITLE = "hour", "a film of an hour, made, rendered and taken apart"
CHAPTERS, WORDS, PICTURES = 14, 800, 220
MUSIC_PIECES = 3
EVERY_CHUNK = 25
LEAST_LIKENESS_DB = 32.0
HEARD_S = 20.0
LARGEST_LAG_S = 0.1

Luma = NDArray[np.uint8]


def measure(setting: Setting) -> Report:
    """Make the film, render it by the command line, check the file, and edit one caption."""
    report = Report(NAME, TITLE)
    if not setting.hour:
        report.notes = ["Only with --hour."]
        return report
    project = lay_hour(setting.folder / "hour")
    full = command_cost(render_command(project))
    timeline = read_timeline(project)
    report.add(
        f"{timeline.length_frames} frames of 1920 x 1080 in {len(timeline.clips)} clips, {len(timeline.cues)} captions",
        f"{full.wall_s:.0f} s, {full.cpu_s:.0f} s CPU ({full.cpu_s / timeline.length_frames * 1000:.1f} ms a frame)",
    )
    report.hold("memory", f"{full.peak_mb:.0f} MB", full.peak_mb, at_most=700, unit="MB")
    check(report, project, timeline)
    edited = another_caption(timeline)
    write_text_atomically(project.path(TIMELINE_NAME), edited.model_dump_json(indent=1) + "\n")
    cost = command_cost(render_command(project))
    drawn = edited.length_frames - remembered_frames(project)
    share = cost.wall_s / full.wall_s
    report.hold(
        "one caption changed in the middle, the whole command",
        f"{cost.wall_s:.1f} s, 1/{1 / share:.0f} of the full render; {cost.cpu_s:.1f} s CPU, "
        f"1/{full.cpu_s / cost.cpu_s:.0f}; {drawn} frames drawn",
        share, at_most=0.01, unit="of the full render",
    )  # fmt: skip
    report.notes = [__doc__.split("\n\n")[1].replace("\n", " ").strip()] if __doc__ else []
    return report


def lay_hour(folder: Path) -> Project:
    """Make the material and the timeline; a second call finds everything made."""
    film = title_film.begin("The Last Lighthouse", words=WORDS, settings=Settings(), project_id="hour", cache=folder)
    story = title_film.tell(film)
    (told,) = title_film.write_chapters(film, story)
    planned = title_film.plan(film, story, [told])
    (spoken,) = title_film.narrate(film, [told])
    chapters = [told.model_copy(update={"number": number}) for number in range(1, CHAPTERS + 1)]
    narrations = [spoken.model_copy(update={"chapter": chapter.number}) for chapter in chapters]
    scenes = _scenes(chapters, planned)
    pictures = _painted(film, scenes)
    music = _played(film, story.mood, narrations)
    timeline = title_film.lay(film, story, chapters, scenes, pictures, narrations, music)
    write_text_atomically(film.project.path(TIMELINE_NAME), timeline.model_dump_json(indent=1) + "\n")
    return film.project


def _scenes(chapters: Sequence[Chapter], planned: Sequence[Scene]) -> list[Scene]:
    """`PICTURES` scenes: the planned ones go round, each time with another seed."""
    scenes: list[Scene] = []
    for number, chapter in enumerate(chapters):
        count = PICTURES * (number + 1) // CHAPTERS - PICTURES * number // CHAPTERS
        for first, last in passages(chapter.text, count):
            index = len(scenes) + 1
            scenes.append(
                planned[index % len(planned)].model_copy(
                    update={
                        "index": index, "chapter": chapter.number, "first_word": first, "last_word": last, "seed": index
                    }
                )
            )  # fmt: skip
    return scenes


def _painted(film: title_film.TitleFilm, scenes: Sequence[Scene]) -> dict[int, Asset]:
    width_px, height_px = title_film.picture_size(film.settings)

    def paint(scene: Scene) -> Asset:
        request = ImageRequest(
            prompt=scene.prompt, width_px=width_px, height_px=height_px, seed=scene.seed, scene=scene.description
        )
        return illustrate(film.project, request, film.crew.painter)

    return {scene.index: asset for scene, asset in zip(scenes, fan_out(paint, scenes), strict=True)}


def _played(film: title_film.TitleFilm, mood: str, narrations: Sequence[Narration]) -> list[Asset]:
    from storyreel.media.steps import score

    spans = lay_out(narrations, film.settings)
    longest_s = max(music_length_s(span, film.settings, last=False) for span in spans)
    pieces = [
        score(film.project, mood, longest_s, film.crew.composer, seed=seed) for seed in range(MUSIC_PIECES)
    ]  # fmt: skip
    return [pieces[number % MUSIC_PIECES] for number in range(len(spans))]


def check(report: Report, project: Project, timeline: Timeline) -> None:
    """Take the finished film apart, and put what is found into the report."""
    path, rate = project.path(FILM_NAME), timeline.rate
    wanted = _wanted_frames(timeline)
    drawn = _drawn(project, timeline, wanted)
    shown, out_of_time, likeness, mistaken = 0, 0, [], 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            if frame.pts is None or frame.time_base is None or frame.pts * frame.time_base != shown / rate.fps:
                out_of_time += 1
            if shown in drawn:
                mine, others = drawn[shown]
                luma = _luma(frame)
                likeness.append(_psnr(luma, mine))
                mistaken += any(_psnr(luma, other) > likeness[-1] for other in others)
            shown += 1
    report.add("frames decoded, of which at a time that is not theirs", f"{shown}, {out_of_time}")
    if shown != timeline.length_frames or out_of_time:
        raise RuntimeError(f"{shown} frames were decoded, {out_of_time} out of time, of {timeline.length_frames}")
    report.hold(
        f"{len(likeness)} frames over the film against the same drawn anew, least likeness",
        f"{min(likeness):.1f} dB", min(likeness), at_least=LEAST_LIKENESS_DB, unit="dB",
    )  # fmt: skip
    report.hold("of them liker to a neighbour", str(mistaken), mistaken, at_most=0)
    heard_samples, levels = _heard(path)
    expected = rate.samples(timeline.length_frames, SAMPLE_RATE_HZ)
    report.hold("sound longer than the picture, samples", str(heard_samples - expected),
                abs(heard_samples - expected), at_most=0)  # fmt: skip
    for minute in (1, 59):
        lag = _voice_lag(path, project, timeline, minute * 60.0)
        report.hold(
            f"voice against its captions at minute {minute}", f"{lag / SAMPLE_RATE_HZ * 1000:+.2f} ms", abs(lag),
            at_most=SAMPLE_RATE_HZ // 1000, unit="samples",
        )  # fmt: skip
    report.hold("loudness, ffmpeg's ebur128", f"{levels[0]:.2f} LUFS", abs(levels[0] + 14.0), at_most=0.5, unit="off")
    report.hold("true peak", f"{levels[1]:.2f} dBTP", levels[1], at_most=-1.0, unit="dBTP")


def _wanted_frames(timeline: Timeline) -> list[int]:
    """The first frame of every so many words' highlight, and of every so many pictures."""
    words = [word.start_frame for cue in timeline.cues for line in cue.lines for word in line]
    cuts = [clip.start_frame for clip in timeline.clips]
    return sorted({*words[:: max(1, len(words) // 60)], *cuts[:: max(1, len(cuts) // 60)]})


def _drawn(project: Project, timeline: Timeline, wanted: Sequence[int]) -> dict[int, tuple[Luma, list[Luma]]]:
    """Frame number -> its luma drawn anew, and its neighbours' in the same piece that differ from it."""
    drawer = Drawer(project, timeline)
    found: dict[int, tuple[Luma, list[Luma]]] = {}
    for chunk in drawer.chunks:
        inside = [frame for frame in wanted if chunk.start_frame <= frame < chunk.end_frame]
        if not inside:
            continue
        frames = [y.copy() for y, _, _ in islice(drawer.draw(chunk), inside[-1] - chunk.start_frame + 2)]
        for frame in inside:
            at = frame - chunk.start_frame
            near = [frames[k] for k in (at - 1, at + 1) if 0 <= k < len(frames)]
            found[frame] = frames[at], [other for other in near if _psnr(other, frames[at]) < 45]
    return found


def _luma(frame: Any) -> Luma:
    plane = frame.planes[0]
    rows: Luma = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
    return rows


def _psnr(one: Luma, other: Luma) -> float:
    error = float(np.square(one.astype(np.float32) - other.astype(np.float32)).mean())
    return 99.0 if error == 0 else 10 * float(np.log10(255**2 / error))


def _heard(path: Path) -> tuple[int, tuple[float, float]]:
    """The samples that are played, and their (integrated loudness LUFS, true peak dBTP)."""
    graph = av.filter.Graph()
    samples, last = 0, {}
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        source = graph.add_abuffer(template=stream)
        meter, sink = graph.add("ebur128", "peak=true:metadata=1"), graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        length = Fraction(stream.duration or 0) * (stream.time_base or 1)
        for frame in chain(container.decode(stream), [None]):
            graph.push(frame)
            while True:
                try:
                    last = dict(graph.pull().metadata) or last
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
    samples = round(length * SAMPLE_RATE_HZ)
    peak = max(float(last[f"lavfi.r128.true_peaks_ch{channel}"]) for channel in (0, 1))
    return samples, (float(last["lavfi.r128.I"]), 20 * float(np.log10(peak)))


def _voice_lag(path: Path, project: Project, timeline: Timeline, about_s: float) -> int:
    """How many samples later than its captions say the voice is heard: the peak of their cross-correlation.

    The voice's own file, laid where the first words of a caption put it, is compared with the film's sound.
    """
    rate = timeline.rate
    voice = next(
        sound for sound in timeline.sounds
        if sound.track == "narration"
        and rate.seconds(sound.start_frame) <= about_s < rate.seconds(sound.start_frame + sound.length_frames)
    )  # fmt: skip
    if rate.seconds(voice.start_frame + voice.length_frames) < about_s + HEARD_S:
        about_s -= HEARD_S
    begin_s = rate.seconds(rate.frames(about_s))
    own = read_sound(
        store_of(project).path(voice.asset.blob), sample_rate_hz=SAMPLE_RATE_HZ, channels=1,
        start_s=begin_s - rate.seconds(voice.start_frame) + voice.source_start_s, duration_s=HEARD_S,
    )[:, 0]  # fmt: skip
    film = read_sound(path, sample_rate_hz=SAMPLE_RATE_HZ, channels=1, start_s=begin_s, duration_s=HEARD_S)[:, 0]
    size = 1 << (len(own) + len(film)).bit_length()
    product = np.fft.irfft(np.fft.rfft(film, size) * np.conj(np.fft.rfft(own, size)), size)
    reach = round(LARGEST_LAG_S * SAMPLE_RATE_HZ)
    near = np.concatenate([product[-reach:], product[: reach + 1]])
    return int(near.argmax()) - reach


def another_caption(timeline: Timeline) -> Timeline:
    """The film with one word of the caption in its middle changed."""
    middle = len(timeline.cues) // 2
    cue = timeline.cues[middle]
    first: CueWord = cue.lines[0][0]
    words = (first.model_copy(update={"text": "Another"}), *cue.lines[0][1:])
    cues = list(timeline.cues)
    cues[middle] = cue.model_copy(update={"lines": (words, *cue.lines[1:])})
    return timeline.model_copy(update={"cues": tuple(cues)})


if __name__ == "__main__":
    here = Path(sys.argv[2])
    if sys.argv[1] == "lay":
        print(lay_hour(here).id)
    else:
        report = Report(NAME, TITLE)
        project = Project("hour", here)
        check(report, project, read_timeline(project))
        print(report.text())
