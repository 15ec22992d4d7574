"""The matte has more than one piece of some size."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.pieces import label


def _look(evidence: Evidence) -> Shown:
    labels, count = label(evidence.subject)
    if count < 2:
        return 0.0, None
    masses = np.bincount(labels.ravel())
    masses[0] = 0
    first, second = np.sort(masses)[:-3:-1]
    return float(second / first), labels > 0


SIGN = Sign(
    "several-subjects",
    _look,
    0.1,
    "There are several separate subjects.",
    "Name those that are meant with `subject`, or give a `region` around them.",
)
