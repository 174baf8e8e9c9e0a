"""Train the probe that finds hesitations in the offline listener's encoder:  python benchmarks/hesitation_probe.py

A logistic regression on the encoder's output of the tuning recordings (filler_recordings.py), clean, with noise 10 dB
below the speech and with music under it; some minutes of listening and as many of speaking. It writes its weights
beside storyreel/providers/offline/listener/hesitations.py. What it is worth is measured on other recordings by
fillers.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from filler_recordings import TUNING, recording
from scipy.optimize import minimize
from transcript_accuracy import CONDITIONS, RATE_HZ

from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.listener import DEFAULT_MODEL, hesitations
from storyreel.providers.offline.listener.recogniser import WINDOW_S, recogniser

WEIGHT_DECAY = 0.004
FOLDER = Path(hesitations.__file__).parent


def frames(seed: int, folder: Path) -> tuple[list[FloatArray], np.ndarray]:
    """The encoder's output of a recording under every condition, and which frames belong to a hesitation."""
    samples, truth = recording(seed, folder)
    window = round(WINDOW_S * RATE_HZ)
    model = recogniser(DEFAULT_MODEL, 1)
    outputs = []
    for change in CONDITIONS.values():
        changed = change(samples)
        parts = [model.encoded(changed[at : at + window]).frames for at in range(0, len(samples), window)]
        outputs.append(hesitations.in_context(np.concatenate(parts)))
    known = np.zeros(len(outputs[0]), bool)
    for word in truth:
        if word.filler:
            known[round(word.start_s / hesitations.FRAME_S) : round(word.end_s / hesitations.FRAME_S)] = True
    return outputs, known


def trained(inputs: FloatArray, known: np.ndarray) -> FloatArray:
    """The weights and the bias that make the mean logistic loss and their squares' sum, times the decay, least."""
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-3
    inputs -= mean
    inputs /= spread
    target = known.astype(np.float64)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = (inputs @ weights[:-1].astype(np.float32)).astype(np.float64) + weights[-1]
        error = (1 / (1 + np.exp(-odds)) - target) / len(target)
        value = np.mean(np.logaddexp(0, odds) - target * odds) + WEIGHT_DECAY * np.square(weights[:-1]).sum()
        slope = inputs.T @ error.astype(np.float32) + 2 * WEIGHT_DECAY * weights[:-1]
        return float(value), np.append(slope, error.sum())

    best = minimize(loss, np.zeros(inputs.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    weights = best[:-1] / spread
    return np.append(weights, best[-1] - weights @ mean).astype(np.float32)


def main(folder: Path) -> None:
    inputs, labels = [], []
    for seed in TUNING:
        outputs, known = frames(seed, folder)
        # Where one begins or ends is known to a frame only.
        edge = np.diff(known.astype(np.int8), prepend=0, append=0) != 0
        clear = ~(edge[:-1] | edge[1:])
        inputs += [output[clear] for output in outputs]
        labels += [known[clear]] * len(outputs)
        print(f"recording {seed}: {len(known)} frames, {known.sum()} of hesitations", flush=True)
    np.save(FOLDER / f"hesitation_probe_{DEFAULT_MODEL}.npy", trained(np.concatenate(inputs), np.concatenate(labels)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            main(Path(place))
