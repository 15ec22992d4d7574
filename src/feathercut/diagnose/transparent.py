"""Parts of the inside are half transparent, and what lies behind seems to show through."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.likeness import likeness
from feathercut.kernels.pieces import spread

_INSIDE, _LOW, _HIGH = 2, 0.08, 0.92


def _look(evidence: Evidence) -> Shown:
    grey = (smallest(evidence.matte, _INSIDE) > _LOW) & (largest(evidence.matte, _INSIDE) < _HIGH)
    if not grey.any():
        return 0.0, None
    looks = likeness(evidence.rgb, smallest(evidence.matte, 1) > 0.95, largest(evidence.matte, 1) < 0.05)
    grey &= looks < 0.5
    body = np.count_nonzero(evidence.matte > _LOW)
    return float(grey.sum() / max(body, 1)), spread(grey, _INSIDE)


SIGN = Sign(
    "transparent",
    _look,
    0.15,
    "A part of the subject seems to be transparent, as glass, smoke or a veil is.",
    "Look at it on the new background: `transparency` `strong` lets more of that through; draw what must be solid in "
    "the editor, or give a `trimap`.",
)
