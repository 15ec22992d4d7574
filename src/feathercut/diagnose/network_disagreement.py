"""The networks see different subjects."""

from __future__ import annotations

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.apart import apart
from feathercut.kernels.pieces import spread

_INSIDE = 2
"""Cells around what is one network's alone: an edge that lies a little elsewhere is no other subject."""


def _look(evidence: Evidence) -> Shown:
    if len(evidence.answers) < 2:
        return 0.0, None
    marks, share = apart(evidence.answers, _INSIDE)
    return share, spread(marks, _INSIDE)


SIGN = Sign(
    "network-disagreement",
    _look,
    0.125,
    "Two networks see different subjects.",
    "Check the marked part; try another `model`, or repair it in the editor.",
    warns_from=0.3,
)
