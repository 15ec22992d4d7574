"""The subject goes on beyond the frame."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.windows import Marks


def frame(marks: Marks) -> Marks:
    """The marked cells along the frame."""
    touched = marks.copy()
    touched[1:-1, 1:-1] = False
    return touched


def _look(evidence: Evidence) -> Shown:
    touched = frame(evidence.subject)
    return float(touched.sum() / frame(np.ones_like(touched)).sum()), touched


SIGN = Sign(
    "cut-by-frame",
    _look,
    0.015,
    "The subject is cut off by the frame of the photo.",
    "Let the cut side lie on the border of the new picture, or use a photo that shows all of it.",
)
