import json
import socket
from pathlib import Path

import pytest

from storyreel.errors import InputError
from storyreel.studio.serve import ADDRESS, NOTEBOOK, serve


def test_the_notebook_in_the_source_is_the_one_that_is_served():
    kept = Path(__file__).parents[2] / "notebooks" / "studio.ipynb"
    assert json.loads(kept.read_text(encoding="utf-8")) == NOTEBOOK


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind((ADDRESS, 0))
        taken.listen()
        with pytest.raises(InputError, match="--port"):
            serve(tmp_path, port=taken.getsockname()[1], open_browser=False)
