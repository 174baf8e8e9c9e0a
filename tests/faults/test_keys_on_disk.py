"""A key that a film was made with is found nowhere on the disk, and in nothing that was said."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

from loopback.makings import picture
from loopback.server import Answer, Loopback
from loopback.wire import KEY

FILM = (
    "title", "The Lamp", "--size", "192x108", "--fps", "10", "--words", "30", "--voice", "none", "--images", "openai",
    "--yes", "--quality", "draft",
)  # fmt: skip


def test_neither_a_finished_film_nor_a_refused_key_leaves_the_key_behind(tmp_path: Path) -> None:
    told = {"error": {"message": f"Incorrect API key provided: {KEY}. Bearer {KEY}", "code": "invalid_api_key"}}
    drawn = {"created": 1, "data": [{"b64_json": base64.b64encode(picture(192, 108)).decode()}]}
    home = tmp_path / "home"
    home.mkdir()
    with Loopback() as server:
        environment = {**os.environ, "OPENAI_API_KEY": KEY, "STORYREEL_OPENAI_BASE_URL": f"{server.url}/v1",
                       "HOME": str(home), "TMPDIR": str(tmp_path)}  # fmt: skip
        said = ""
        for answer, code in ((Answer(told, 401), 3), (Answer(drawn), 0)):
            server.on("POST", "/v1/images/generations", lambda request, answer=answer: answer)
            command = [sys.executable, "-m", "storyreel", *FILM, "--cache", str(tmp_path / "cache")]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
            assert done.returncode == code, done.stderr
            said += done.stdout + done.stderr
        assert any(KEY in str(request.headers) for request in server.requests), "the key was not even used"
    assert KEY not in said
    forms = KEY.encode(), base64.b64encode(KEY.encode())[:-4], KEY.encode("utf-16-le")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        data = path.read_bytes()
        assert not any(form in data for form in forms), path
