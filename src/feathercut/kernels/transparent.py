"""Which parts of a subject are transparent, as far as one photo can tell.

Networks draw a glass as solid as a stone. What tells the two apart is inside: glass shows its backdrop, mostly bare,
between few sharp lines, and what changes in the backdrop changes in the glass with it. A white thing on white shows as
much of "its backdrop", so a plain backdrop asks for more signs; what has not all of them is *perhaps* transparent.
"""

from __future__ import annotations

from dataclasses import dataclass

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

    @property
    def may_be(self) -> bool:
        """Smooth, thin, whole, before a calm backdrop."""
        return (
            self.least < 0.36 and self.dense < 0.62 and self.unrest < 0.06 and self.around < 0.035 and self.cut < 0.05
        )

    @property
    def is_seen_through(self) -> bool:
        """The backdrop's own differences go on inside."""
        follows = self.variety > 0.03 and 0.25 < self.follows < 1.5 and self.agreement > 0.33
        return self.may_be and follows and self.bare > 0.07 and self.lines > 1.6

    @property
    def is_glass_like(self) -> bool:
        """Bare between sharp lines, or within a dense rim."""
        return self.may_be and self.bare > 0.25 and (self.lines > 2.4 or self.rim > 0.12)

    @property
    def is_perhaps(self) -> bool:
        """Bare in places, calm, and with sharp lines: glass that is dense elsewhere, or that the frame cuts off."""
        return self.bare > 0.1 and self.lines > 2.2 and self.unrest < 0.06


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
    for number in judged:
        piece = labels == number
        found = signs(small, piece, alpha < 0.05, least, back)
        if found is None:
            continue
        is_sure = found.is_seen_through or found.is_glass_like
        if is_sure or found.is_perhaps:
            result[spread(piece, _RIM)] = 1 if is_sure else PERHAPS
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
    )
