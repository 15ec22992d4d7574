"""How far a matte can be trusted, from three numbers that grow with its error.

What is left undecided in the matte, what the drawing network left undecided, and how far the others are from it: the
geometric mean of their means over the photo is nearly proportional to the mean absolute error of the matte. Two
numbers a case, and the scatter around them, are fitted (`python -m bench diagnosis`), as in the calibration of C. Guo,
G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; that networks which were
trained apart disagree where they err is B. Lakshminarayanan, A. Pritzel, C. Blundell, "Simple and Scalable Predictive
Uncertainty Estimation using Deep Ensembles", NeurIPS 2017.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.pictures import FloatArray
from feathercut.report import Finding, Verdict

RIGHT = 0.02
"""A matte is called right where its mean absolute error is no more than this."""
LEAST = 0.0005
"""What the photo's rounding alone brings, so that nothing has the logarithm of zero."""
LOOK, REDO = 0.4, 0.1
"""Confidence below which a matte wants a look, or is to be made another way."""


@dataclass(frozen=True)
class Fit:
    """log(error) = `start` + `slope` · mean log of the numbers, give or take `scatter` (of a logistic distribution)."""

    start: float
    slope: float
    scatter: float

    def confidence(self, numbers: Sequence[float]) -> float:
        """The share of mattes with such numbers that are right, 0 to 1; falls as any of them grows."""
        mean = sum(math.log(number + LEAST) for number in numbers) / len(numbers)
        more = (self.start + self.slope * mean - math.log(RIGHT + LEAST)) / self.scatter
        return 1 / (1 + math.exp(min(more, 60.0)))


SEVERAL = Fit(0.38, 1.03, 0.38)
ALONE = Fit(1.05, 1.13, 0.40)


def numbers_of(evidence: Evidence) -> list[float]:
    """What is undecided: in the matte, in the drawing, and, where there are several networks, between them."""
    left = _undecided(evidence.matte)
    if not evidence.answers:
        return [left, left]
    drawn, *others = evidence.answers
    apart = [float(np.abs(drawn - other).mean()) for other in others]
    return [left, _undecided(drawn), *([max(apart)] if apart else [])]


def confidence_of(evidence: Evidence) -> float:
    """0 to 1; 0 where there is no subject."""
    if not evidence.matte.any():
        return 0.0
    numbers = numbers_of(evidence)
    return (SEVERAL if len(numbers) > 2 else ALONE).confidence(numbers)


def verdict_of(confidence: float, findings: Sequence[Finding]) -> Verdict:
    """What to do with the matte."""
    severities = {finding.severity for finding in findings}
    if confidence < REDO or "serious" in severities:
        return "redo"
    return "look" if confidence < LOOK or "warning" in severities else "fine"


def _undecided(alpha: FloatArray) -> float:
    """The mean distance from the nearer of 0 and 1."""
    return float(np.minimum(alpha, 1 - alpha).mean())
