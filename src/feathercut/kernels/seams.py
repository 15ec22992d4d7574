"""Where two subjects that touch are two: from the notch between their heads down along the photo's own edge.

Side by side and on the ground, two that touch still have two tops. From the notch between them the best way down is
looked for, along the strongest edges, as a seam of S. Avidan and A. Shamir ("Seam Carving for Content-Aware Image
Resizing", 2007) follows the weakest; notches split touching cells in microscopy, too (S. Kumar et al., "A rule-based
approach for robust clump splitting", Pattern Recognition 2006). It is a cut only if it is one by all that it shows:
better two subjects held for one than one body in two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.pieces import spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

Levels = NDArray[np.int64]

_REACH = 2
"""Cells: how far to either side an edge is looked for, and how far a seam moves in a row."""
_NOTCHES = 4
_LEAST_DEPTH, _LEAST_RATIO = 0.08, 0.33
"""A notch's depth, of the height of all; and the smaller side's share of the larger."""
_NECK, _NECK_DEPTH, _NECK_RATIO = 0.08, 0.15, 0.5
"""A seam this short, of the smaller one's height, under so deep a notch between two so alike in size, needs no edge."""
_ABOVE, _LEAST_EDGE, _EVIDENCE, _COLOURS = 0.85, 1.4, 4.5, 7.0
"""Share of the seam on an edge that is stronger than the usual one; its mean strength by the usual one; and what this
and the difference of the sides' colours, seven times, must come to."""
_SUM = {"strength": 2.7, "colours": 9.8, "ratio": 2.6, "depth": 0.6, "length": -12.0, "contrast": 1.8, "bulk": 11.0}
_SUM_LEAST, _SUM_RATIO = 15.0, 0.2
"""Or all of it together, by a logistic regression on half of some pairs and bodies, held against the other half. Of
what has no bound the logarithm counts. `length` is what is cut through, of the smaller side's height."""
_BULK, _BULKY = 2, 0.3
"""Cells to the outside, and what share is as deep inside: what consists of wires and spokes has no bodies to part."""
_FLOOR, _COST, _OPEN = 5, 25500, 100
_SIDEWAYS = 500
_FAR = np.int64(1) << 40


@dataclass(frozen=True, eq=False)
class Seam:
    """A way down through a mask: `path` has a column a row; what lies left of it is one side."""

    path: NDArray[np.int64]
    left: Marks
    right: Marks


def edge_levels(colours: FloatArray, known: Marks) -> Levels:
    """How strong an edge each cell of h×w×3 colours is on, 0 to 255: a step, or a line that differs from both sides.

    Only edges inside count: where a cell on either side is not `known`, there is none.
    """
    height, width = colours.shape[:2]
    inside = np.pad(known, _REACH)
    padded = np.pad(colours, ((_REACH, _REACH), (_REACH, _REACH), (0, 0)), "edge")
    strongest = np.zeros((height, width), np.float32)
    for down, across in ((0, _REACH), (_REACH, 0)):
        after = np.s_[_REACH + down : _REACH + down + height, _REACH + across : _REACH + across + width]
        before = np.s_[_REACH - down : _REACH - down + height, _REACH - across : _REACH - across + width]
        one, other = padded[after], padded[before]
        step = np.abs(one - other).max(axis=2)
        line = np.abs(colours - (one + other) / 2).max(axis=2)
        is_inside = known & inside[after] & inside[before]
        strongest = np.maximum(strongest, np.where(is_inside, np.maximum(step, line), 0))
    levels: Levels = np.floor(strongest * 255 + 0.5).astype(np.int64)
    return levels


def find_seam(mask: Marks, solid: Marks, edges: Levels, colours: FloatArray) -> Seam | None:
    """The seam by which what `mask` shows (h×w) is two subjects side by side, or None where it is one.

    `solid` is what of it is more than half covered; `edges` are those of `colours`. Of several notches the deepest that
    passes counts.
    """
    bulk = _bulk(mask)
    if bulk < _BULKY:
        return None
    typical = max(1.0, float(edges[mask].mean()))
    for column, depth in _notches(mask):
        seam = _seam(mask, edges, column)
        if _is_cut(seam, solid & mask, edges, colours, depth, typical, bulk):
            return seam
    return None


def _bulk(mask: Marks) -> float:
    outside = spread(np.pad(~mask, 1, constant_values=False), _BULK)[1:-1, 1:-1]
    return float((mask & ~outside).sum() / max(1, mask.sum()))


def _notches(mask: Marks) -> Iterator[tuple[int, float]]:
    """The columns where a mask's top dips between two higher ones, and how deep, of the height; deepest first."""
    rows = np.flatnonzero(mask.any(axis=1))
    height = int(rows[-1] - rows[0]) + 1
    top = np.where(mask.any(axis=0), mask.argmax(axis=0), len(mask)).astype(np.int64)
    highest_left, highest_right = np.minimum.accumulate(top), np.minimum.accumulate(top[::-1])[::-1]
    depths = top - np.maximum(highest_left, highest_right)
    for _ in range(_NOTCHES):
        at = int(depths.argmax())
        deepest = int(depths[at])
        if deepest < max(2, _LEAST_DEPTH * height):
            return
        end = at
        while end + 1 < len(depths) and depths[end + 1] == deepest:
            end += 1
        column = (at + end) // 2
        yield column, min(deepest, height) / height
        # Its slopes are no notches of their own.
        start, stop, half = column, column, top[column] - deepest / 2
        while start > 0 and top[start - 1] >= half:
            start -= 1
        while stop < len(top) - 1 and top[stop + 1] >= half:
            stop += 1
        depths[max(0, start - _REACH) : stop + _REACH + 1] = 0


def _seam(mask: Marks, edges: Levels, column: int) -> Seam:
    """The way down from a notch along the strongest edges."""
    height, width = mask.shape
    first = int(mask[:, column].argmax()) if mask[:, column].any() else 0
    costs = np.where(mask, _COST // (_FLOOR + edges), _OPEN)
    totals = np.full((height, width), _FAR, np.int64)
    from_columns = np.zeros((height, width), np.int64)
    start = slice(max(0, column - _REACH), column + _REACH + 1)
    totals[first, start] = costs[first, start]
    for y in range(first + 1, height):
        best, source = totals[y - 1].copy(), np.zeros(width, np.int64)
        for shift in (-1, 1, -2, 2):
            moved = np.full(width, _FAR, np.int64)
            if shift < 0:
                moved[-shift:] = totals[y - 1, :shift]
            else:
                moved[:-shift] = totals[y - 1, shift:]
            moved += _SIDEWAYS * abs(shift)
            is_better = moved < best
            best[is_better], source[is_better] = moved[is_better], shift
        totals[y], from_columns[y] = best + costs[y], source
    path = np.zeros(height, np.int64)
    at = int(totals[-1].argmin())
    for y in range(height - 1, first - 1, -1):
        path[y] = at
        at += int(from_columns[y, at])
    path[:first] = path[first]
    left = mask & (np.arange(width)[None] < path[:, None])
    return Seam(path, left, mask & ~left)


def _is_cut(
    seam: Seam, solid: Marks, edges: Levels, colours: FloatArray, depth: float, typical: float, bulk: float
) -> bool:
    """Whether a seam is where two subjects touch."""
    left, right = int(seam.left.sum()), int(seam.right.sum())
    ratio = min(left, right) / max(left, right)
    if ratio < _SUM_RATIO:
        return False
    rows = np.arange(len(seam.path))
    through = edges[rows, seam.path][solid[rows, seam.path]]
    tall = min(int(side.any(axis=1).sum()) for side in (seam.left, seam.right))
    if len(through) <= _NECK * tall:
        return depth >= _NECK_DEPTH and ratio >= _NECK_RATIO
    strength = float(through.mean()) / typical
    difference = _difference(colours[seam.left], colours[seam.right])
    is_edge = float((through > typical).mean()) >= _ABOVE and strength >= _LEAST_EDGE
    if ratio >= _LEAST_RATIO and is_edge and strength + _COLOURS * difference >= _EVIDENCE:
        return True
    shown = {
        "strength": math.log(max(strength, 0.05)),
        "colours": difference,
        "ratio": math.log(ratio),
        "depth": math.log(depth),
        "length": len(through) / tall,
        "contrast": math.log(typical),
        "bulk": bulk,
    }
    return sum(weight * shown[name] for name, weight in _SUM.items()) >= _SUM_LEAST


def _difference(one: FloatArray, other: FloatArray) -> float:
    """How much the colours (n×3) of two sides differ: 0 alike, 1 nothing in common, by 4×4×4 kinds of colour."""
    shares = []
    for colours in (one, other):
        levels = np.clip((colours * 4).astype(np.int64), 0, 3)
        kinds = (levels[:, 0] * 4 + levels[:, 1]) * 4 + levels[:, 2]
        shares.append(np.bincount(kinds, minlength=64) / len(colours))
    return float(1 - np.minimum(*shares).sum())
