"""OpenAI Whisper checkpoints for tests, without a download: of the bundled weights, or tiny and random."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

HEADS = 64  # the size of a head, in every Whisper model


def read_ctranslate2(content: bytes) -> dict[str, np.ndarray]:
    """The variables of a CTranslate2 model file, by name; its layout is that of `ctranslate2.specs.ModelSpec.save`."""
    at = 0

    def take(form: str) -> Any:
        nonlocal at
        (value,) = struct.unpack_from(f"<{form}", content, at)
        at += struct.calcsize(f"<{form}")
        return value

    def text() -> str:
        nonlocal at
        length = take("H")
        at += length
        return content[at - length : at - 1].decode()

    take("I"), text(), take("I")  # the format, the model's kind, its revision
    variables = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        kind = np.dtype({0: "<f4", 1: "i1", 2: "<i2", 3: "<i4", 4: "<f2"}[take("B")])
        size = take("I")
        variables[name] = np.frombuffer(content, kind, size // kind.itemsize, at).reshape(shape)
        at += size
    for _ in range(take("I")):
        alias = text()
        variables[alias] = variables[text()]
    return variables


def of_bundled_weights(path: Path) -> Path:
    """The offline listener's tiny.en as a checkpoint."""
    import torch

    from storyreel.providers.offline.listener.models import MODELS

    old, new = read_ctranslate2(MODELS["tiny.en"].read()["model.bin"]), {}

    def put(name: str, source: str, rows: slice = slice(None)) -> None:
        for theirs, ours in (("weight", "weight"), ("bias", "bias"), ("weight", "gamma"), ("bias", "beta")):
            if f"{source}/{ours}" in old and not (theirs == "bias" and name.endswith(".key")):
                new[f"{name}.{theirs}"] = torch.from_numpy(old[f"{source}/{ours}"][rows].astype(np.float32))

    layers = sum(name.startswith("encoder/layer_") and name.endswith("ffn/layer_norm/beta") for name in old)
    width = old["decoder/embeddings/weight"].shape[1]
    for number in (1, 2):
        put(f"encoder.conv{number}", f"encoder/conv{number}")
    for side, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        new[f"{side}.positional_embedding"] = torch.from_numpy(
            old[f"{side}/position_encodings/encodings"].astype(np.float32)
        )
        put(f"{side}.{norm}", f"{side}/layer_norm")
        for number in range(layers):
            ours, theirs = f"{side}/layer_{number}", f"{side}.blocks.{number}"
            for kind, source in (("attn", "self_attention"), *((("cross_attn", "attention"),) * (side == "decoder"))):
                put(f"{theirs}.{kind}_ln", f"{ours}/{source}/layer_norm")
                fused = ("query", "key", "value") if kind == "attn" else ("key", "value")
                if kind == "cross_attn":
                    put(f"{theirs}.{kind}.query", f"{ours}/{source}/linear_0")
                for index, part in enumerate(fused):
                    rows = slice(index * width, (index + 1) * width)
                    put(f"{theirs}.{kind}.{part}", f"{ours}/{source}/linear_{int(kind != 'attn')}", rows)
                put(f"{theirs}.{kind}.out", f"{ours}/{source}/linear_{1 if kind == 'attn' else 2}")
            put(f"{theirs}.mlp_ln", f"{ours}/ffn/layer_norm")
            for index in (0, 1):
                put(f"{theirs}.mlp.{2 * index}", f"{ours}/ffn/linear_{index}")
    new["decoder.token_embedding.weight"] = torch.from_numpy(old["decoder/embeddings/weight"].astype(np.float32))
    torch.save({"dims": dims(width, layers, len(old["decoder/embeddings/weight"])), "model_state_dict": new}, path)
    return path


def random_one(path: Path) -> Path:
    """One layer of random numbers: it writes nonsense, by the same way."""
    import torch
    import whisper

    shape = dims(HEADS, 1, 51_865)
    torch.manual_seed(0)
    network = whisper.model.Whisper(whisper.model.ModelDimensions(**shape))
    for parameter in network.parameters():  # some are left as memory happened to be
        torch.nn.init.normal_(parameter, std=0.05)
    torch.save({"dims": shape, "model_state_dict": network.state_dict()}, path)
    return path


def dims(width: int, layers: int, vocabulary: int) -> dict[str, int]:
    heads = width // HEADS
    return {
        "n_mels": 80, "n_vocab": vocabulary, "n_audio_ctx": 1500, "n_audio_state": width, "n_audio_head": heads,
        "n_audio_layer": layers, "n_text_ctx": 448, "n_text_state": width, "n_text_head": heads, "n_text_layer": layers,
    }  # fmt: skip
