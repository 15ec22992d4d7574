"""Much of the subject is so bright or so dark that its colours are lost."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign

_DARK, _BRIGHT = 0.06, 0.985


def _look(evidence: Evidence) -> Shown:
    subject = evidence.subject
    dark, bright = evidence.rgb.max(axis=2) < _DARK, evidence.rgb.min(axis=2) > _BRIGHT
    lost = (bright if (bright & subject).sum() > (dark & subject).sum() else dark) & subject
    return float(lost.sum() / max(np.count_nonzero(subject), 1)), lost


SIGN = Sign(
    "over-or-under-exposed",
    _look,
    0.3,
    "Much of the subject is so bright or so dark that its colours are lost.",
    "Correct the exposure before the background is removed, or use another photo.",
)
