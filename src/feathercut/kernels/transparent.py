"""Which parts of a subject are transparent, as far as one photo can tell.

Networks draw a glass as solid as a stone. What tells the two apart is inside: glass shows its backdrop, mostly bare,
between few sharp lines, and what changes in the backdrop changes in the glass with it. A white thing on white shows as
much of "its backdrop", so a plain backdrop asks for more signs; what has not all of them is *perhaps* transparent.
Glass is turned or blown: what is the same left and right needs less of the other signs, and so does what stands beside
glass.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import gt

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.glass import Behind, least_alpha
from feathercut.kernels.pieces import label, spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

PERHAPS = np.float32(0.5)
"""What places are marked with that have some of the signs: enough to tell a person, too few to thin them."""
_TOLERANCE = np.float32(0.03)
_RIM, _WALL, _DEEP = 2, 4, 8
"""Cells in from the outline: where judging starts (networks do not draw it to the pixel), a wall ends, depth begins."""
_SMALLEST = 0.004
"""The least share of the photo that a piece has which is judged."""
_NEAR = 12
_AXES = range(-6, 7)
"""How far from twice the median column, in cells, twice the axis is looked for that a piece is mirrored at."""


@dataclass(frozen=True)
class Signs:
    """What tells glass from an opaque thing in one piece of a matte."""

    least: float
    """Mean of the least alpha inside."""
    dense: float
    """The least alpha that nine tenths of the inside stay under."""
    bare: float
    """Share of the inside where the backdrop shows as it is."""
    unrest: float
    """How much the least alpha varies from cell to cell, the median."""
    lines: float
    """Mean of the photo's gradient inside over its median: few sharp lines on smooth walls."""
    rim: float
    """How much denser the wall is than the middle."""
    around: float
    """Mean of the photo's gradient nearby outside."""
    cut: float
    """Share of the frame that the piece touches."""
    variety: float
    """Standard deviation of the backdrop's colours where it would be seen near the outline."""
    follows: float
    """How much of that the photo shows there: the slope of its colours over the backdrop's."""
    agreement: float
    """The correlation of the two."""
    symmetry: float
    """How alike the outline is to its mirror image, left for right: what both cover over what either does."""

    @property
    def may_be(self) -> bool:
        """Smooth, thin, whole, before a calm backdrop."""
        return (
            self.least < 0.36 and self.dense < 0.62 and self.unrest < 0.06 and self.around < 0.035 and self.cut < 0.05
        )

    @property
    def is_turned(self) -> bool:
        """The same left and right, as bottles and glasses are; clothes are a little less so."""
        return self.symmetry > 0.95

    @property
    def is_seen_through(self) -> bool:
        """The backdrop's own differences go on inside."""
        least = (0.025, 0.05, 1.7, 0.22) if self.is_turned else (0.03, 0.07, 1.6, 0.33)
        found = self.variety, self.bare, self.lines, self.agreement
        return self.may_be and 0.25 < self.follows < 1.5 and all(map(gt, found, least))

    @property
    def is_glass_like(self) -> bool:
        """Bare between sharp lines, or within a dense rim."""
        return self.may_be and self.bare > 0.25 and (self.lines > 2.4 or self.rim > 0.12)

    @property
    def is_sure(self) -> bool:
        """All signs of one of the two kinds."""
        return self.is_seen_through or self.is_glass_like

    @property
    def is_perhaps(self) -> bool:
        """Bare in places, calm, and with sharp lines: glass that is dense elsewhere, or that the frame cuts off. Or
        turned and thin, with a few."""
        has_lines = self.bare > 0.1 and self.lines > 2.2 and self.unrest < 0.06
        return has_lines or (self.may_be and self.is_turned and self.lines > 1.7)


def transparent_places(small: FloatArray, alpha: FloatArray, back: Behind) -> FloatArray:
    """Where the subject is transparent, h×w: 1 where signs agree, `PERHAPS` where some are there, else 0.

    `small` is the photo, 3×h×w; `alpha` h×w its matte; `back` what is behind, from the same grid.
    """
    result = np.zeros_like(alpha)
    labels, count = label(alpha > 0.5)
    masses = np.bincount(labels.ravel(), minlength=count + 1)
    judged = [number for number in range(1, count + 1) if masses[number] >= _SMALLEST * alpha.size]
    if not judged:
        return result
    least = least_alpha(small, back.colour, _TOLERANCE)
    found = {number: signs(small, labels == number, alpha < 0.05, least, back) for number in judged}
    is_beside_glass = any(one.is_sure for one in found.values() if one)
    for number, one in found.items():
        if one and (one.is_sure or one.is_perhaps):
            is_sure = one.is_sure or (is_beside_glass and one.may_be)
            result[spread(labels == number, _RIM)] = 1 if is_sure else PERHAPS
    return result


def thin_places(small: FloatArray, alpha: FloatArray, back: Behind) -> FloatArray:
    """Where the subject could be transparent if somebody says that it is, h×w in [0, 1].

    Wherever what is seen differs little from the backdrop over some cells; dense things beside it stay as they are.
    """
    least = box_mean(least_alpha(small, back.colour, _TOLERANCE), 3)
    places = np.clip((0.65 - least) / 0.15, 0, 1) * (box_mean((alpha > 0.05).astype(np.float32), _RIM) > 0)
    return np.asarray(places, np.float32)


def signs(small: FloatArray, piece: Marks, outside: Marks, least: FloatArray, back: Behind) -> Signs | None:
    """The signs of one piece (h×w, `small` 3×h×w); None where it is too small to say."""
    inside, wall, deep = (~spread(~piece, cells) for cells in (_RIM, _WALL, _DEEP))
    near = (box_mean(piece.astype(np.float32), _NEAR) > 0) & ~spread(~outside, _RIM)
    if inside.sum() < 24 or not wall.any() or not near.any():
        return None
    band, middle = inside & ~deep, deep if deep.sum() > 20 else wall
    down, across = np.gradient(small, axis=(1, 2))
    slope = np.sqrt(down * down + across * across).max(axis=0)
    mean = box_mean(least, 2)
    unrest = np.sqrt(np.maximum(box_mean(least * least, 2) - mean * mean, 0))
    frame = np.concatenate((piece[0], piece[-1], piece[:, 0], piece[:, -1]))
    there, here = (one[:, band] - one[:, band].mean(axis=1, keepdims=True) for one in (back.colour, small))
    variety, spread_here = float((there * there).mean()), float((here * here).mean())
    together = float((there * here).mean())
    return Signs(
        least=float(least[inside].mean()),
        dense=float(np.percentile(least[inside], 90)),
        bare=float((least[inside] < 0.1).mean()),
        unrest=float(np.median(unrest[inside])),
        lines=float(slope[inside].mean() / max(float(np.median(slope[inside])), 1e-3)),
        rim=float(least[inside & ~wall].mean() - np.median(least[middle])),
        around=float(slope[near].mean()),
        cut=float(frame.mean()),
        variety=variety**0.5,
        follows=together / max(variety, 1e-6),
        agreement=together / max((variety * spread_here) ** 0.5, 1e-6),
        symmetry=_symmetry(piece),
    )


def _symmetry(piece: Marks) -> float:
    """How alike `piece` (h×w, not empty) is to its mirror image at the best upright axis near its middle, in [0, 1]."""
    columns = np.nonzero(piece)[1]
    twice = 2 * int(np.sort(columns)[len(columns) // 2])
    width, best = piece.shape[1], 0
    for axis in range(twice + _AXES.start, twice + _AXES.stop):
        first, last = max(0, axis - width + 1), min(width - 1, axis)
        part = piece[:, first : last + 1]
        best = max(best, int((part & part[:, ::-1]).sum()))
    return best / (2 * len(columns) - best)
