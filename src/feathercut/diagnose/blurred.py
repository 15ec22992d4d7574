"""The subject is out of focus or moved: blurring it once more changes little.

After F. Crete, T. Dolmiere, P. Ladret, M. Nicolas, "The blur effect: perception and estimation with a new no-reference
perceptual blur metric", SPIE 2007.
"""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray

_SPAN = 4
_LEAST = 1e-6


def _look(evidence: Evidence) -> Shown:
    subject = evidence.subject
    if not subject.any():
        return 0.0, None
    weights = resize(subject.astype(np.float32), (evidence.fine.shape[0], evidence.fine.shape[1]), "bilinear")
    return max(_blur(evidence.fine, weights), _blur(evidence.fine.T, weights.T)), subject


def _blur(grey: FloatArray, weights: FloatArray) -> float:
    """How much of the change from row to row is left when rows are blurred, 0 to 1: little where all is sharp."""
    if len(grey) <= 2 * _SPAN + 2:
        return 0.0
    sums = np.cumsum(grey, axis=0, dtype=np.float64)
    smooth = (sums[2 * _SPAN + 1 :] - sums[: -2 * _SPAN - 1]) / (2 * _SPAN + 1)
    change = np.abs(np.diff(grey[_SPAN + 1 : -_SPAN], axis=0))
    left = np.abs(np.diff(smooth, axis=0))
    share = weights[_SPAN + 2 : -_SPAN]
    all_of_it = float((change * share).sum())
    lost = float((np.maximum(change - left, 0) * share).sum())
    return 1 - lost / all_of_it if all_of_it > _LEAST * share.size else 0.0


SIGN = Sign(
    "blurred",
    _look,
    0.5,
    "The subject is blurred.",
    "Expect soft edges; raise `edge_contrast`, or use a sharper photo.",
)
