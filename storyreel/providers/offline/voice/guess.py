"""Pronouncing words that no lexicon knows: the g2p-en network (a GRU of 256 units, Apache-2.0), run in numpy.

The weights are the checkpoint of g2p-en 2.1.0 by Kyubyong Park and Jongseok Kim, trained on the CMU Pronouncing
Dictionary, as bundled in the package piper-plus-g2p. Only that data file is read. The network reads a word letter by
letter and answers in ARPAbet, which is then written in the voice's alphabet.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.offline.voice.installed import PackageFile

CHECKPOINT = PackageFile(
    "piper_plus_g2p",
    "piper-plus-g2p==0.3.1",
    "_vendor/g2p_en/checkpoint20.npz",
    size_bytes=3_342_298,
    sha256="b8af35e4596d8dd5836dfd3fe9b2ba4f97b9c311efe8879544cbcfcbd566d8c6",
)

_FIRST_LETTER = 3  # rows 0 to 2 of the letter table are padding, unknown and the end of a word
_UNKNOWN_LETTER, _WORD_END = 1, 2
_START, _END = 2, 3
_LONGEST = 24
_VOWEL_SOUNDS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
_CONSONANT_SOUNDS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"


def _sounds() -> list[str]:
    """The rows of the network's answer: four controls, then ARPAbet in alphabetical order, vowels by stress."""
    stressed = [f"{vowel}{stress}" for vowel in _VOWEL_SOUNDS.split() for stress in "012"]
    return ["", "", "", "", *sorted([*stressed, *_CONSONANT_SOUNDS.split(), "UW"])]


SOUNDS: Sequence[str] = _sounds()

Array = NDArray[np.float32]


@functools.cache
def _weights() -> Mapping[str, Array]:
    with np.load(io.BytesIO(CHECKPOINT.read()), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _gru(weights: Mapping[str, Array], side: str, seen: Array, hidden: Array) -> Array:
    """One step of a gated recurrent unit, gates in the order reset, update, candidate (Cho et al. 2014)."""
    from_input = weights[f"{side}_w_ih"] @ seen + weights[f"{side}_b_ih"]
    from_hidden = weights[f"{side}_w_hh"] @ hidden + weights[f"{side}_b_hh"]
    size = hidden.size
    reset, update = np.split(1 / (1 + np.exp(-(from_input[: 2 * size] + from_hidden[: 2 * size]))), 2)
    candidate = np.tanh(from_input[2 * size :] + reset * from_hidden[2 * size :])
    mixed: Array = (1 - update) * candidate + update * hidden
    return mixed


@functools.lru_cache(maxsize=4096)
def arpabet_of(word: str) -> tuple[str, ...]:
    """The likeliest sounds of a word of letters a to z, in ARPAbet with stress digits ("AH0", "T")."""
    weights = _weights()
    hidden = np.zeros(weights["enc_w_hh"].shape[1], np.float32)
    rows = [_FIRST_LETTER + ord(letter) - ord("a") if "a" <= letter <= "z" else _UNKNOWN_LETTER for letter in word]
    for row in [*rows, _WORD_END]:
        hidden = _gru(weights, "enc", weights["enc_emb"][row], hidden)
    sounds: list[str] = []
    row = _START
    for _ in range(_LONGEST):
        hidden = _gru(weights, "dec", weights["dec_emb"][row], hidden)
        row = int(np.argmax(weights["fc_w"] @ hidden + weights["fc_b"]))
        if row == _END:
            break
        if SOUNDS[row]:
            sounds.append(SOUNDS[row])
    return tuple(sounds)
