"""The studio's bundle in a page of its own on this machine; its kernel is played by a few lines of JavaScript."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from storyreel.render.caption_styles import style_of
from storyreel.render.text_fonts import FOLDER, SANS, SERIF
from storyreel.timeline.model import Timeline

STATIC = Path(__file__).parents[2] / "storyreel" / "studio" / "static"
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
BLOCK_SAMPLES = 48_000

# A kernel that has every medium at once, and that is still thinking about every edit.
PAGE = """<!doctype html><meta charset="utf-8"><title>studio</title><link rel="stylesheet" href="/studio.css">
<style>html,body{margin:0;background:#000}#el{width:WIDTHpx;height:HEIGHTpx}</style>
<div id="el" class="sr-root"></div>
<script type="module">
import { player } from "/studio.js";
let take = () => {};
window.sent = [];
const wire = {
  listen(one) { take = one; return () => {}; },
  async send(message) {
    window.sent.push(message);
    if (message.type === "hello") take(await (await fetch("/state.json")).json(), []);
    if (message.type === "edit") take({ type: "progress" }, []);
    if (message.type !== "want") return;
    const { kind } = message, keys = [], buffers = [], missing = {};
    let mime = "application/octet-stream";
    for (const key of message.keys) {
      const answer = await fetch(`/media/${kind}/${key}`);
      if (!answer.ok) { missing[key] = "there is none"; continue; }
      mime = answer.headers.get("Content-Type");
      keys.push(key); buffers.push(new DataView(await answer.arrayBuffer()));
    }
    take({ type: "media", kind, keys, mime, missing }, buffers);
  },
};
window.studio = player(wire, document.getElementById("el")).studio;
window.tell = (message) => take(message, []);
const canvas = () => document.querySelector("canvas");
window.drawn = (frame, captions) => new Promise((done) => {
  studio.captions_on.value = captions;
  studio.playhead_frame.value = frame;
  let calm = 0;
  const look = () => {
    const { frame: at, complete } = canvas()?.dataset ?? {};
    // A font that has just come draws once more.
    calm = at === String(frame) && complete === "true" ? calm + 1 : 0;
    if (calm < 4) return requestAnimationFrame(look);
    const { width, height } = canvas();
    const { data } = canvas().getContext("2d").getImageData(0, 0, width, height);
    let text = "";
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    done([width, height, btoa(text)]);
  };
  requestAnimationFrame(look);
});
</script>"""


def state_of(timeline: Timeline, sound_blocks: int = 0) -> dict[str, Any]:
    """What the kernel says first."""
    style = style_of(timeline).model_dump(mode="json") if timeline.captions != "none" else {}
    return {
        "type": "state", "revision": 0, "timeline": timeline.model_dump(mode="json"), "shots": [], "history": [],
        "film": {
            "project": "test", "title": timeline.title, "recipe": "title_film", "chapters": [], "scenes": [],
            "cost_usd": 0.0, "budget_usd": None, "unrendered": 0, "ready_frames": timeline.length_frames,
            "running": False, "voices": [],
        },
        "sound_block_samples": BLOCK_SAMPLES, "sound_tags": {str(block): "a" for block in range(sound_blocks)},
        "fonts": {"sans": [SANS], "serif": [SERIF]}, "captions": {"style": style, "safe": {}, "margins": []},
    }  # fmt: skip


class Site:
    """What the page is served: its state, and `media(kind, key)` as (type, bytes) or None."""

    def __init__(self, media: Callable[[str, str], tuple[str, bytes] | None], size: tuple[int, int]) -> None:
        self.state: dict[str, Any] = {}
        self.media, self.size = media, size

    def answer(self, path: str) -> tuple[str, bytes] | None:
        if path == "/":
            return "text/html", PAGE.replace("WIDTH", str(self.size[0])).replace("HEIGHT", str(self.size[1])).encode()
        if path == "/state.json":
            return "application/json", json.dumps(self.state).encode()
        if path in ("/studio.js", "/studio.css"):
            return ("text/javascript" if path.endswith("js") else "text/css"), (STATIC / path[1:]).read_bytes()
        if path.startswith("/media/font/"):
            return "font/ttf", (FOLDER / path.rpartition("/")[2]).read_bytes()
        if path.startswith("/media/"):
            _, _, kind, key = path.split("/")
            return self.media(kind, key)
        return None


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The site's address, as long as it is there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.answer(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            self.send_header("Content-Length", str(len(found[1]) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(found[1])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
