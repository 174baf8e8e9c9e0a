"""One way in, under a fuzzer that sees which lines its bytes reach: `python tests/faults/guided_fuzz.py WAY SECONDS`.

It starts from the good files of `test_fuzz.py`, changes them towards lines not seen yet, and ends with an error at
the first that is neither taken nor refused in a sentence; that file is then in the folder it names.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["storyreel"]):
    from test_fuzz import WAYS, try_out


def main(name: str, seconds: int) -> None:
    """Fuzz one of `WAYS`; does not return."""
    folder = Path(tempfile.mkdtemp(prefix=f"guided-{name.replace(' ', '-')}-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(WAYS[name].good):
        (corpus / str(number)).write_bytes(data)
    options = [
        f"-max_total_time={seconds}", "-timeout=60", "-rss_limit_mb=3000", "-max_len=20000", "-print_final_stats=1",
        f"-artifact_prefix={folder}/",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: try_out(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
