"""The networks see different subjects."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.extremes import smallest
from feathercut.kernels.pieces import spread

_INSIDE, _APART = 2, 0.5


def _look(evidence: Evidence) -> Shown:
    if len(evidence.answers) < 2:
        return 0.0, None
    most = np.maximum.reduce(evidence.answers)
    apart = smallest(most - np.minimum.reduce(evidence.answers), _INSIDE) > _APART
    return float(apart.sum() / max(np.count_nonzero(most > _APART), 1)), spread(apart, _INSIDE)


SIGN = Sign(
    "network-disagreement",
    _look,
    0.125,
    "Two networks see different subjects.",
    "Check the marked part; try another `model`, or repair it in the editor.",
    warns_from=0.3,
)
