"""What is said of a cutout: how far it can be trusted, what is the matter, where, and what helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal[
    "no-subject",
    "low-resolution",
    "similar-colours",
    "transparent",
    "several-subjects",
    "cut-by-frame",
    "extreme-close-up",
    "uncertain-edges",
    "blurred",
    "over-or-under-exposed",
    "network-disagreement",
]
Severity = Literal["hint", "warning", "serious"]
"""A `hint` says what the photo is like; with a `warning` the matte wants a look, with something `serious` a new try."""
Verdict = Literal["fine", "look", "redo"]
Method = Literal["chroma", "plain"]
"""A method without a network, as the option `method` names it."""
Marks = NDArray[np.bool_]
Box = tuple[int, int, int, int]
"""(top, left, bottom, right) in pixels of the photo."""


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that is the matter.

    `box` is where in the photo, None where it is all of it or nowhere. `mask` h×w marks the place on a small grid
    that covers the same picture as the cutout does, in its proportions; None where `box` is. `remedy` says what helps.
    """

    kind: Kind
    severity: Severity
    box: Box | None
    mask: Marks | None
    sentence: str
    remedy: str

    def as_object(self, *, with_mask: bool = False) -> dict[str, object]:
        """The finding for a JSON document; its mask in runs, row by row, the first of them outside of it."""
        box = None if self.box is None else dict(zip(("top", "left", "bottom", "right"), self.box, strict=True))
        found: dict[str, object] = {
            "kind": self.kind,
            "severity": self.severity,
            "box": box,
            "sentence": self.sentence,
            "remedy": self.remedy,
        }
        if with_mask:
            found["mask"] = None if self.mask is None else _in_runs(self.mask)
        return found


@dataclass(frozen=True, eq=False)
class Report:
    """`confidence` is the share, 0 to 1, of such mattes that are right to within 2 % of the photo, all pixels together.

    `findings` come with the most serious first. `verdict`: `fine`; `look` at it before it is used; `redo` it another
    way. `method` is the one to try in place of the networks, where the backdrop is one that it was made for.
    """

    confidence: float
    findings: tuple[Finding, ...]
    verdict: Verdict
    method: Method | None = None

    def as_object(self, *, with_masks: bool = False) -> dict[str, object]:
        """The report for a JSON document."""
        return {
            "confidence": round(self.confidence, 3),
            "verdict": self.verdict,
            "method": self.method,
            "findings": [finding.as_object(with_mask=with_masks) for finding in self.findings],
        }

    def placed(self, part: Box, size: tuple[int, int]) -> Report:
        """The report on a part of a photo of `size` (height, width), with its places in the whole."""
        if part == (0, 0, *size):
            return self
        return replace(self, findings=tuple(_placed(finding, part, size) for finding in self.findings))


class Diagnosis:
    """A report that is put together when it is first asked for: who wants the cutout alone waits for none."""

    def __init__(self, make: Callable[[], Report]) -> None:
        self._make = make

    @cached_property
    def report(self) -> Report:
        """The report, the same each time."""
        return self._make()

    def placed(self, part: Box, size: tuple[int, int]) -> Diagnosis:
        """The same of a part of a photo of `size` (height, width), with its places in the whole."""
        return Diagnosis(lambda: self.report.placed(part, size))


def _placed(finding: Finding, part: Box, size: tuple[int, int]) -> Finding:
    if finding.box is None or finding.mask is None:
        return finding
    top, left = part[:2]
    box = finding.box[0] + top, finding.box[1] + left, finding.box[2] + top, finding.box[3] + left
    height, width = finding.mask.shape
    cell = max((part[2] - part[0]) / height, (part[3] - part[1]) / width)
    whole = max(1, round(size[0] / cell)), max(1, round(size[1] / cell))
    rows = (np.arange(whole[0]) + 0.5) * size[0] / whole[0] - top
    columns = (np.arange(whole[1]) + 0.5) * size[1] / whole[1] - left
    y = np.floor(rows * height / (part[2] - part[0])).astype(np.intp)
    x = np.floor(columns * width / (part[3] - part[1])).astype(np.intp)
    inside = ((y >= 0) & (y < height))[:, None] & ((x >= 0) & (x < width))
    mask = finding.mask[np.clip(y, 0, height - 1)][:, np.clip(x, 0, width - 1)] & inside
    return replace(finding, box=box, mask=mask)


def _in_runs(mask: Marks) -> dict[str, object]:
    flat = np.concatenate(([False], mask.ravel()))
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    runs = np.diff(np.concatenate(([0], changes, [mask.size])))
    return {"width": mask.shape[1], "height": mask.shape[0], "runs": " ".join(map(str, runs.tolist()))}
