"""The subject fills the frame: hardly any background is left to tell it from."""

from __future__ import annotations

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign


def _look(evidence: Evidence) -> Shown:
    return float(evidence.subject.mean()), evidence.subject


SIGN = Sign(
    "extreme-close-up",
    _look,
    0.62,
    "The subject fills nearly all of the photo.",
    "Use a photo that shows the subject from farther away.",
)
