"""Writes lighthouse.json, the development page's real film, from a project's folder.

storyreel title "The Last Lighthouse" --voice none --words 150 --cache CACHE --size 960x540
python widgets/dev/make_lighthouse.py CACHE/projects/the-last-lighthouse
"""

from __future__ import annotations

import base64
import io
import json
import sys
from pathlib import Path

from PIL import Image

PICTURE_WIDTH_PX = 640


def main(folder: Path) -> None:
    """Take a project's timeline as it is, and its pictures small."""
    timeline = json.loads((folder / "timeline.json").read_text())
    files = {path.stem: path for path in sorted((folder / "images").glob("*.png"))}
    pictures: dict[str, str] = {}
    shots: list[dict[str, object]] = []
    for number, clip in enumerate(timeline["clips"], 1):
        asset = clip["asset"]
        provenance = asset["provenance"]
        provenance.pop("calls", None)
        sha256 = asset["blob"]["sha256"]
        if sha256 not in pictures:
            pictures[sha256] = small(files[f"scene_{clip['scene']:04d}"])
        shots.append(
            {
                "clip": clip["id"], "number": number, "title": f"Scene {clip['scene']}", "camera": "",
                "prompt": provenance["prompt"], "cast": ["Bertil"], "status": "done", "fraction": 1, "message": "",
                "takes": [asset], "price_usd": 0, "can_make_again": True, "why_not": "",
            }
        )  # fmt: skip
    scenes = sorted({clip["scene"] for clip in timeline["clips"]})
    for sound in timeline["sounds"]:
        sound["asset"]["provenance"].pop("calls", None)
    length = timeline["length_frames"]
    clips = {scene: [clip["id"] for clip in timeline["clips"] if clip["scene"] == scene] for scene in scenes}
    state = {
        "type": "state", "revision": 1, "timeline": timeline,
        "film": {
            "project": "the-last-lighthouse", "title": timeline["title"], "recipe": "title_film",
            "chapters": [{"number": 1, "title": "The light", "start_frame": 0, "length_frames": length}],
            "scenes": [
                {"number": scene, "title": f"Scene {scene}", "chapter": 1, "clips": clips[scene]} for scene in scenes
            ],
            "cost_usd": 0, "budget_usd": None, "unrendered": 0, "ready_frames": length, "running": False,
            "voices": [
                {"value": "offline:heart", "name": "Heart, warm"}, {"value": "offline:george", "name": "George, deep"},
            ],
        },
        "shots": shots, "history": [], "sound_block_samples": 480_000, "sound_tags": {}, "fonts": {},
        "captions": {"style": {}, "safe": {}, "margins": [0.05, 0.05, 0.1, 0.1]},
    }  # fmt: skip
    target = Path(__file__).with_name("lighthouse.json")
    target.write_text(json.dumps({"state": state, "pictures": pictures, "cuts_s": []}, ensure_ascii=False) + "\n")


def small(path: Path) -> str:
    """A picture as a JPEG in base64."""
    with Image.open(path) as picture:
        picture.thumbnail((PICTURE_WIDTH_PX, PICTURE_WIDTH_PX))
        file = io.BytesIO()
        picture.convert("RGB").save(file, "JPEG", quality=72)
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
