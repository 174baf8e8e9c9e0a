"""Paint the prompts of tests/providers/offline/gallery on one page:  python benchmarks/gallery.py [--size WxH]

Two halves of thirty: one the painter was worked on with, one written afterwards and judged before that went on. The
page shows each picture with what it asked for and what was composed; whether a viewer would accept it is for whoever
looks to say.
"""

from __future__ import annotations

import argparse
import html
import time
import tomllib
from pathlib import Path

import cv2
import numpy as np

from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.offline.painter.reading import read

HOME = Path(__file__).resolve().parent.parent
PROMPTS = HOME / "tests" / "providers" / "offline" / "gallery"
HALVES = (
    ("first_half", "Worked on"),
    ("held_out", "Written when the painter was done, and judged before it was worked on again"),
)
_STYLE = """
body { margin: 2rem; background: #16181d; color: #d8dade; font: 14px/1.5 system-ui, sans-serif; }
h1, h2 { font-weight: 500; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 1.4rem; }
figure { margin: 0; } img { width: 100%; border-radius: 6px; display: block; }
figcaption { padding-top: .4rem; } small { color: #8b909a; }
"""


def main() -> None:
    """Paint, write the page, and say how long a picture took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--size", default="960x540", metavar="WxH", help="of each picture, in pixels")
    parser.add_argument("--folder", type=Path, default=HOME / "gallery", help="where the page is written")
    chosen = parser.parse_args()
    width_px, height_px = (int(part) for part in chosen.size.split("x"))
    cv2.setNumThreads(1)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    sections, times = [], []
    for name, title in HALVES:
        source = PROMPTS / f"{name}.toml"
        if not source.exists():
            continue
        figures = []
        for number, picture in enumerate(tomllib.loads(source.read_text(encoding="utf-8"))["picture"]):
            request = ImageRequest(prompt=picture["prompt"], width_px=width_px, height_px=height_px)
            started_s = time.process_time()
            data = OfflinePainter().draw(request)
            times.append(time.process_time() - started_s)
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            assert pixels is not None
            file = f"{name}_{number:02d}.jpg"
            cv2.imwrite(str(chosen.folder / file), pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])
            spec = read(request)
            where = spec.idea if spec.place == "idea" else spec.room if spec.place == "room" else spec.place
            composed = f"{where}, {spec.light}, {spec.weather}, {spec.framing} {spec.angle}, {len(spec.figures)} people"
            figures.append(
                f'<figure><img src="{file}" alt=""><figcaption>{number:02d} {html.escape(picture["prompt"])}<br>'
                f"<small>{html.escape(composed)} · {times[-1]:.2f} s</small></figcaption></figure>"
            )
            print(f"{name} {number:02d}  {times[-1]:.2f} s  {picture['prompt'][:80]}", flush=True)
        sections.append(f"<h2>{title}</h2><main>{''.join(figures)}</main>")
    page = (
        f'<!doctype html><meta charset="utf-8"><title>Gallery</title><style>{_STYLE}</style>'
        f"<h1>What the offline painter makes of a prompt</h1>{''.join(sections)}"
    )
    (chosen.folder / "index.html").write_text(page, encoding="utf-8")
    print(f"{len(times)} pictures of {chosen.size}, {np.mean(times):.2f} s each, slowest {max(times):.2f} s (CPU)")
    print(chosen.folder / "index.html")


if __name__ == "__main__":
    main()
