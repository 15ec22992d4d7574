"""The matte has more than one subject: pieces that do not belong together, or that a real boundary parts."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.subjects import parts


def _look(evidence: Evidence) -> Shown:
    labels = parts(evidence.matte, evidence.rgb)
    masses = np.bincount(labels.ravel(), evidence.matte.ravel())[1:]
    if len(masses) < 2:
        return 0.0, None
    second, first = np.sort(masses)[-2:]
    return float(second / first), labels > 0


SIGN = Sign(
    "several-subjects",
    _look,
    0.15,
    "There are several subjects.",
    "Name those that are meant with `subject`, or give a `region` around them.",
)
