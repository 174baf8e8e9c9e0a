"""The same short film made by MoviePy as people write it, and by an ffmpeg graph (zoompan, xfade, ass).

Both come from the package index into a place of their own, made on the first run and kept. Each maker is a process of
its own, measured whole; the rivals' stills, moves, dissolves, captions and sounds are the film's own, handed over as a
plan of file names and numbers.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import venv
from itertools import pairwise
from pathlib import Path
from typing import Any

from material import DISSOLVE_FRAMES, FULL_HD, bench_folder, film, shelve
from measure import Cost, command_cost, in_turn, spread
from report import Report
from setting import Setting, render_command

from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render import text_fonts
from storyreel.render.motion import place
from storyreel.timeline.model import Timeline

NAME, TITLE = "rivals", "the same film by MoviePy and by an ffmpeg graph"
PACKAGES = ("moviepy>=2.2,<3", "pillow<12", "imageio-ffmpeg")
FONT = Path(text_fonts.__file__).with_name("fonts") / "NotoSans-SemiBold.ttf"
OUR_X264 = ("superfast", ("-x264-params", "mbtree=1:rc-lookahead=10:aq-mode=3:bframes=3:scenecut=0"))


def measure(setting: Setting) -> Report:
    """Rounds of all three in turn; the ratios are of runs next to each other."""
    report = Report(NAME, TITLE)
    scenes, rounds = (6, 1) if setting.quick else (10, 3)
    python, ffmpeg = rival_tools()
    folder = setting.folder / "rivals"
    project = Project("plan", folder / "plan")
    timeline = film(project, scenes=scenes)
    plan = _plan(project, timeline)
    makers = {
        "storyreel": lambda: _ours(folder, scenes),
        "MoviePy, preset veryfast": lambda: _moviepy(python, plan, folder),
        "ffmpeg graph, preset veryfast": lambda: _graph(ffmpeg, plan, folder),
        "MoviePy with our encoder options": lambda: _moviepy(python, plan, folder, *OUR_X264),
        "ffmpeg graph with our encoder options": lambda: _graph(ffmpeg, plan, folder, *OUR_X264),
    }
    costs = dict(zip(makers, in_turn(list(makers.values()), rounds), strict=True))
    ours, frames = costs.pop("storyreel"), timeline.length_frames
    goals = {"MoviePy, preset veryfast": (6.0, 8.0)}
    for name, theirs in costs.items():
        cpu = [other.cpu_s / own.cpu_s for own, other in zip(ours, theirs, strict=True)]
        wall = [other.wall_s / own.wall_s for own, other in zip(ours, theirs, strict=True)]
        for ratios, what, goal in ((cpu, "CPU", 0), (wall, "wall", 1)):
            if name in goals:
                middle = statistics.median(ratios)
                report.hold(f"{name} / storyreel, {what}", spread(ratios), middle, at_least=goals[name][goal])
            else:
                report.add(f"{name} / storyreel, {what}", spread(ratios))
    for name, own in {"storyreel": ours, **costs}.items():
        largest_mb = max(cost.peak_mb for cost in own)
        ms = spread([cost.cpu_s / frames * 1000 for cost in own], 1)
        megabytes = (folder / f"{_file_name(name)}.mp4").stat().st_size / 1e6
        report.add(
            f"{name}: CPU ms a frame, wall s, peak MB, file MB",
            f"{ms}, {spread([cost.wall_s for cost in own], 1)}, {largest_mb:.0f}, {megabytes:.1f}",
        )
    versions = subprocess.run([python, "-m", "pip", "list", "--format", "freeze"], capture_output=True, text=True)
    found = [
        line for line in versions.stdout.split() if line.startswith(("moviepy", "imageio-ffmpeg", "numpy", "pillow"))
    ]
    report.notes = [
        f"{frames} frames of 1920 x 1080 at 30 a second, crf 21; whole processes in turn, rounds: {rounds}. "
        "Ours has an empty cache, ducks its music and brings the sound to -14 LUFS; theirs adds two "
        "sounds. " + ", ".join(found) + f"; {ffmpeg.name}.",
        "MoviePy moves its stills with `resized` and `with_position` as functions of time and lays over captions that "
        "Pillow has drawn beforehand, one bitmap a word (`TextClip` costs it more).",
        "Our preset is superfast with mbtree and a short lookahead; the rows with our encoder options give it to the "
        "rivals too.",
    ]
    return report


def rival_tools() -> tuple[Path, Path]:
    """A Python that has MoviePy, and the ffmpeg that comes with imageio-ffmpeg; installed if they are not there."""
    folder = bench_folder() / "rivals"
    python = folder / "bin" / "python"
    if not (folder / ".installed").exists():
        print(f"installing {', '.join(PACKAGES)} into {folder} (once) ...", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True)
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *PACKAGES,
        ]
        subprocess.run(install, check=True)
        (folder / ".installed").touch()
    code = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return python, Path(found.stdout.strip())


def _ours(folder: Path, scenes: int) -> Cost:
    """`storyreel render` with nothing remembered; what is given (stills, sounds, timeline) is there beforehand."""
    number = len(list(folder.glob("ours-*")))
    project = Project("film", folder / f"ours-{number}")
    shelve(project, film(project, scenes=scenes), FULL_HD)
    cost = command_cost(render_command(project))
    (folder / "storyreel.mp4").write_bytes(project.path("film.mp4").read_bytes())
    return cost


def _moviepy(python: Path, plan: dict[str, Any], folder: Path, preset: str = "veryfast", x264: tuple[str, ...] = ()
             ) -> Cost:  # fmt: skip
    name = "moviepy-ours" if x264 else "moviepy"
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**plan, "preset": preset, "x264": x264}))
    return command_cost([python, Path(__file__).with_name("rival_moviepy.py"), path, folder / f"{name}.mp4"], folder)


def _graph(ffmpeg: Path, plan: dict[str, Any], folder: Path, preset: str = "veryfast", x264: tuple[str, ...] = ()
           ) -> Cost:  # fmt: skip
    name = "graph-ours" if x264 else "graph"
    captions = folder / "captions.ass"
    captions.write_text(_ass(plan), encoding="utf-8")
    command: list[str | Path] = [ffmpeg, "-y", "-loglevel", "error"]
    for scene in plan["scenes"]:
        command += ["-i", scene["path"]]
    command += ["-i", plan["voice"], "-i", plan["music"], "-filter_complex", _filters(plan, captions)]
    command += ["-map", "[film]", "-map", "[sound]", "-c:v", "libx264", "-preset", preset, "-crf", "21", *x264]
    command += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-t", str(plan["length_s"])]
    return command_cost([*command, folder / f"{name}.mp4"], folder)


def _file_name(maker: str) -> str:
    name = maker.split()[0].rstrip(",").lower().replace("ffmpeg", "graph")
    return f"{name}-ours" if "our encoder" in maker else name


def _plan(project: Project, timeline: Timeline) -> dict[str, Any]:
    """The film in seconds and pixels; neighbours overlap by the dissolve, as both rivals have it."""
    store, rate = store_of(project), timeline.rate
    before, after = DISSOLVE_FRAMES // 2, DISSOLVE_FRAMES - DISSOLVE_FRAMES // 2
    scenes, last = [], len(timeline.clips) - 1
    frame = timeline.width_px, timeline.height_px
    for index, clip in enumerate(timeline.clips):
        if clip.asset is None:
            raise RuntimeError(f"clip {clip.id} has no picture")
        start = clip.start_frame - (before if index else 0)
        end = clip.end_frame + (after if index < last else 0)
        size = clip.asset.width_px, clip.asset.height_px
        ends = [place(rect, size, frame) for rect in (clip.motion.start, clip.motion.end)]
        parts = [(window.left_px, window.top_px, window.scale * frame[0]) for window in ends]
        scenes.append(
            {
                "path": str(store.path(clip.asset.blob)), "width_px": size[0], "frames": end - start,
                "start_s": rate.seconds(start), "length_s": rate.seconds(end - start), "from": parts[0], "to": parts[1],
            }
        )  # fmt: skip
    captions = []
    for cue in timeline.cues:
        words = cue.lines[0]
        edges = [cue.start_frame, *(word.start_frame for word in words[1:]), cue.end_frame]
        captions += [
            {
                "words": [word.text for word in words],
                "lit": lit,
                "start_s": rate.seconds(start),
                "end_s": rate.seconds(end),
            }
            for lit, (start, end) in enumerate(pairwise(edges))
        ]
    sounds = {sound.track: str(store.path(sound.asset.blob)) for sound in timeline.sounds[:2]}
    return {
        "width_px": frame[0], "height_px": frame[1], "fps": int(rate.fps),
        "length_s": rate.seconds(timeline.length_frames),
        "dissolve_s": rate.seconds(DISSOLVE_FRAMES), "scenes": scenes, "captions": captions, "font": str(FONT),
        "voice": sounds["narration"], "music": sounds["music"],
    }  # fmt: skip


def _filters(plan: dict[str, Any], captions: Path) -> str:
    """zoompan for each still, xfade from each to the next, ass over all, the two sounds added."""
    chains, size = [], f"{plan['width_px']}x{plan['height_px']}"
    for index, scene in enumerate(plan["scenes"]):
        p = f"(on/{scene['frames'] - 1})"
        e = f"({p}*{p}*(3-2*{p}))"
        left, top, part = (f"({a:.4f}+{b - a:.4f}*{e})" for a, b in zip(scene["from"], scene["to"], strict=True))
        chains.append(
            f"[{index}:v]zoompan=z='{scene['width_px']}/{part}':x='{left}':y='{top}':d={scene['frames']}:s={size}:"
            f"fps={plan['fps']},format=yuv420p,setsar=1,settb=AVTB[v{index}]"
        )
    shown = "v0"
    for index, scene in enumerate(plan["scenes"][1:], start=1):
        chains.append(
            f"[{shown}][v{index}]xfade=transition=fade:duration={plan['dissolve_s']:.6f}:"
            f"offset={scene['start_s']:.6f}[x{index}]"
        )
        shown = f"x{index}"
    chains.append(f"[{shown}]ass='{captions}':fontsdir='{Path(plan['font']).parent}'[film]")
    voice, music = len(plan["scenes"]), len(plan["scenes"]) + 1
    wanted = "aformat=sample_rates=48000:channel_layouts=stereo"
    chains.append(f"[{voice}:a]{wanted}[told];[{music}:a]{wanted},volume=0.25[quiet]")
    chains.append("[told][quiet]amix=inputs=2:normalize=0[sound]")
    return ";\n".join(chains)


def _ass(plan: dict[str, Any]) -> str:
    """The captions as Advanced SubStation Alpha, an event for each word's turn."""
    size = round(plan["height_px"] * 0.05 * 1.36)  # ASS counts the line's height, not the em
    margin = round(plan["height_px"] * 0.085)
    events = []
    for state in plan["captions"]:
        words = [
            rf"{{\c&H66D1FF&}}{word}{{\c&HFFFFFF&}}" if index == state["lit"] else word
            for index, word in enumerate(state["words"])
        ]
        times = ",".join(_ass_time(state[key]) for key in ("start_s", "end_s"))
        events.append(f"Dialogue: 0,{times},Word,,0,0,0,,{' '.join(words)}")
    return "\n".join(
        [
            "[Script Info]", "ScriptType: v4.00+",
            f"PlayResX: {plan['width_px']}", f"PlayResY: {plan['height_px']}", "",
            "[V4+ Styles]",
            "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, "
            "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
            f"Style: Word,Noto Sans SemiBold,{size},&H00FFFFFF,&H00100D0B,&H80000000,0,1,2,1,2,100,100,{margin},1", "",
            "[Events]", "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text", *events, "",
        ]
    )  # fmt: skip


def _ass_time(seconds: float) -> str:
    hundredths = round(seconds * 100)
    minutes, hundredths = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"
