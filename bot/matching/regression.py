"""Learning from the phrasings which direction in the model's space tells one entry from the others."""

from __future__ import annotations

import numpy as np

from bot.matching.tokens import Floats, Ints

_TURNS = 40
_SCALE = 10.0
_PRIOR = 20.0
_PULL = 1e-3
_MOMENTUM = 0.9


def fit(phrasings: Floats, owners: Ints, entries: int) -> Floats:
    """A softmax regression: `vectors @ fit(...)` has one logit for each entry.

    It starts from, and is pulled back to, the mean of each entry's phrasings, so that an entry with a single one is as
    well off as by likeness alone. The number of Nesterov's gradient steps is fixed: the same phrasings give the same
    weights.
    """
    if entries == 0:
        return np.zeros((phrasings.shape[1], 0), np.float32)
    mine = np.zeros((len(owners), entries), np.float32)
    mine[np.arange(len(owners)), owners] = 1
    vectors = phrasings * np.float32(_SCALE)
    start = (phrasings.T @ mine) / mine.sum(axis=0) * np.float32(_PRIOR / _SCALE)
    step = 1 / (0.5 * _largest(vectors) / len(vectors) + _PULL)
    weights, speed = start.copy(), np.zeros_like(start)
    for _ in range(_TURNS):
        ahead = weights + _MOMENTUM * speed
        error = _softmax(vectors @ ahead) - mine
        slope = vectors.T @ error / len(vectors) + _PULL * (ahead - start)
        speed = (_MOMENTUM * speed - step * slope).astype(np.float32)
        weights = weights + speed
    found: Floats = (weights * _SCALE).astype(np.float32)
    return found


def log_softmax(logits: Floats) -> Floats:
    """Of one row of logits."""
    most = logits.max()
    found: Floats = logits - most - np.log(np.exp(logits - most).sum())
    return found


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found


def _largest(vectors: Floats) -> float:
    """The largest eigenvalue of the vectors' products: how steep the error can be."""
    return float(np.linalg.eigvalsh((vectors.T @ vectors).astype(np.float64))[-1])
