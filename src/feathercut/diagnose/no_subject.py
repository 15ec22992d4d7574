"""Nothing was found: the matte is empty."""

from __future__ import annotations

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign


def _look(evidence: Evidence) -> Shown:
    return float(not evidence.matte.any()), None


SIGN = Sign(
    "no-subject",
    _look,
    1.0,
    "No subject was found.",
    "Lower `presence`, give a `region` around the subject, or draw it in the editor.",
    is_serious=True,
)
