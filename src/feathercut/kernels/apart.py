"""Where mattes of one photo see different subjects, and not merely another edge of the same one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.extremes import smallest
from feathercut.pictures import FloatArray

_APART = 0.5
"""Mattes are apart where they differ by more than this; what is more than this in one of them is a subject."""


def apart(mattes: Sequence[FloatArray], around: int) -> tuple[NDArray[np.bool_], float]:
    """Marks the pixels where mattes are apart, with all pixels for so many `around`, and their share of the subjects.

    Mattes are h×w in [0, 1], the marks h×w. The share is that of what any matte takes for a subject, in [0, 1]; edges
    that lie elsewhere by less than twice `around` have none.
    """
    most = np.maximum.reduce(mattes)
    marks = smallest(most - np.minimum.reduce(mattes), around) > _APART
    return marks, float(marks.sum() / max(np.count_nonzero(most > _APART), 1))
