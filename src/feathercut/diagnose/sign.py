"""What a sign is: how strongly it shows, where, from when on it counts, and what is then said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.kernels.windows import Marks
from feathercut.pictures import Size
from feathercut.report import Box, Finding, Kind, Severity

Shown = tuple[float, Marks | None]
"""How strongly a sign shows, and the cells that show it; None where it has no place."""


@dataclass(frozen=True)
class Sign:
    """`look` gives how strongly it shows; it counts from `at_least` on, as a warning from `warns_from` on."""

    kind: Kind
    look: Callable[[Evidence], Shown]
    at_least: float
    sentence: str
    remedy: str
    warns_from: float = inf
    is_serious: bool = False

    def find(self, evidence: Evidence) -> Finding | None:
        """What is to be said; None where the sign does not show."""
        strength, marks = self.look(evidence)
        if strength < self.at_least:
            return None
        severity: Severity = "serious" if self.is_serious else "warning" if strength >= self.warns_from else "hint"
        if marks is None or not marks.any():
            return Finding(self.kind, severity, None, None, self.sentence, self.remedy)
        return Finding(self.kind, severity, _box(marks, evidence.size), marks, self.sentence, self.remedy)


def _box(marks: Marks, size: Size) -> Box:
    """The box around marked cells in pixels of the photo, whole cells."""
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    down, across = size[0] / marks.shape[0], size[1] / marks.shape[1]
    return (
        int(rows[0] * down),
        int(columns[0] * across),
        min(size[0], round((rows[-1] + 1) * down)),
        min(size[1], round((columns[-1] + 1) * across)),
    )
