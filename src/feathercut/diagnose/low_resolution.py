"""The photo has few pixels: edges are as coarse as they are."""

from __future__ import annotations

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign

_PIXELS = 400 * 400


def _look(evidence: Evidence) -> Shown:
    height, width = evidence.size
    return _PIXELS / (height * width), None


SIGN = Sign(
    "low-resolution",
    _look,
    1.0001,
    "The photo has fewer pixels than 400 × 400.",
    "Use a larger version of the photo, if there is one.",
)
