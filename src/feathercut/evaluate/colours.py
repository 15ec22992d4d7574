"""How far a cutout's colours are from the subject's own."""

from __future__ import annotations

import numpy as np

from feathercut.evaluate.arrays import Mask, Values
from feathercut.evaluate.reading import Bytes


def colour_error(rgb: Bytes, foreground: Bytes, truth: Values, keep: Mask) -> float | None:
    """The mean |rgb − foreground| over the soft pixels of the truth, 0 < alpha < 1, in [0, 1].

    Over the three channels of what is kept; None where the truth has no soft pixel. A cutout whose
    alpha is zero at such a pixel has no colour there, which counts as black.
    """
    soft = (truth > 0) & (truth < 1) & keep
    if not soft.any():
        return None
    return float(np.abs(rgb[soft].astype(np.float64) - foreground[soft]).mean() / 255)
