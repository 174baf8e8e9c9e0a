"""The film of a plan made with MoviePy 2, as people write it. Run by `rivals.py` with a Python that has MoviePy.

python rival_moviepy.py PLAN.json OUT.mp4
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import AudioFileClip, CompositeAudioClip, CompositeVideoClip, ImageClip, afx, vfx
from PIL import Image, ImageDraw, ImageFont


def eased(progress: float) -> float:
    p = min(max(progress, 0.0), 1.0)
    return p * p * (3 - 2 * p)


def picture(scene: dict[str, Any], plan: dict[str, Any]) -> Any:
    """A still that zooms and drifts: `resized` and `with_position`, both functions of time."""
    (x0, y0, w0), (x1, y1, w1) = scene["from"], scene["to"]  # left, top and width of the part seen, picture pixels
    width, length_s = plan["width_px"], scene["length_s"]

    def shown(t: float) -> tuple[float, float, float]:
        e = eased(t / length_s)
        return x0 + (x1 - x0) * e, y0 + (y1 - y0) * e, w0 + (w1 - w0) * e

    def factor(t: float) -> Any:
        return width / shown(t)[2]

    def position(t: float) -> tuple[float, float]:
        left, top, part = shown(t)
        return -left * width / part, -top * width / part

    clip = ImageClip(scene["path"]).with_duration(length_s).resized(factor).with_position(position)
    clip = clip.with_start(scene["start_s"])
    return clip.with_effects([vfx.CrossFadeIn(plan["dissolve_s"])]) if scene["start_s"] else clip


def caption(state: dict[str, Any], plan: dict[str, Any], font: Any) -> Any:
    """One state of a caption, drawn once with Pillow: the whole line, one word lit."""
    height = plan["height_px"]
    size, stroke = font.size, max(1, round(font.size * 0.035))
    spaces = font.getlength(" ")
    lengths = [font.getlength(word) for word in state["words"]]
    image = Image.new("RGBA", (int(sum(lengths) + spaces * len(lengths)) + 2 * stroke, round(size * 1.5)))
    pen, x = ImageDraw.Draw(image), float(stroke)
    for index, (word, length) in enumerate(zip(state["words"], lengths, strict=True)):
        colour = "#FFD166" if index == state["lit"] else "white"
        pen.text((x, 0), word, fill=colour, font=font, stroke_width=stroke, stroke_fill="#0B0D10")
        x += length + spaces
    clip = ImageClip(np.array(image), transparent=True).with_start(state["start_s"])
    clip = clip.with_duration(state["end_s"] - state["start_s"])
    return clip.with_position(("center", round(height * 0.915 - image.height)))


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    font = ImageFont.truetype(plan["font"], round(plan["height_px"] * 0.05))
    layers = [picture(scene, plan) for scene in plan["scenes"]]
    layers += [caption(state, plan, font) for state in plan["captions"]]
    film = CompositeVideoClip(layers, size=(plan["width_px"], plan["height_px"])).with_duration(plan["length_s"])
    sounds = [AudioFileClip(plan["voice"]), AudioFileClip(plan["music"]).with_effects([afx.MultiplyVolume(0.25)])]
    film = film.with_audio(CompositeAudioClip([sound.subclipped(0, plan["length_s"]) for sound in sounds]))
    film.write_videofile(
        sys.argv[2], fps=plan["fps"], codec="libx264", audio_codec="aac", audio_bitrate="192k",
        preset=plan["preset"], ffmpeg_params=["-crf", "21", *plan["x264"]], logger=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
