"""The connected pieces of a mask, and small grids on which to look for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

Labels = NDArray[np.int32]
_POOLED = 16
"""Rows of cells that are pooled at a time: one by one calls cost more than sums."""


def label(mask: Marks) -> tuple[Labels, int]:
    """The number of each pixel's piece (h×w, 0 outside), and how many there are.

    Pixels that touch, corners included, are one piece; pieces are numbered from 1 on in reading order.
    Rows are taken as runs, and runs that touch are joined: A. Rosenfeld, J. Pfaltz, "Sequential
    Operations in Digital Picture Processing", JACM 1966.

    >>> label(np.array([[1, 0, 1], [0, 1, 0], [0, 0, 0], [1, 0, 0]], bool))[0].tolist()
    [[1, 0, 1], [0, 1, 0], [0, 0, 0], [2, 0, 0]]
    """
    height, width = mask.shape
    stride = width + 1  # an empty column ends every row, so that all rows are one line
    line = np.zeros(height * stride + 1, np.int8)
    line[1:].reshape(height, stride)[:, :width] = mask
    changes = np.diff(line)
    starts, stops = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    # Runs of the row below from the first that ends beyond a run's start to the last that begins before its end.
    first = np.searchsorted(stops, starts + stride, "left")
    beyond = np.searchsorted(starts, stops + stride, "right")
    many = np.maximum(beyond - first, 0)
    upper = np.repeat(np.arange(len(starts)), many)
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
    roots = _joined(len(starts), upper, lower)
    numbers = np.cumsum(roots == np.arange(len(roots)), dtype=np.int32)[roots]
    labels = np.zeros((height, width), np.int32)
    labels[mask] = np.repeat(numbers, stops - starts)
    return labels, int(numbers.max(initial=0))


def _joined(count: int, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each of `count` things the least that it is joined with, by pairs, directly or not."""
    roots = np.arange(count)
    while True:
        a, b = roots[one], roots[other]
        apart = a != b
        if not apart.any():
            return roots
        one, other, a, b = one[apart], other[apart], a[apart], b[apart]
        np.minimum.at(roots, np.maximum(a, b), np.minimum(a, b))
        while (roots[roots] != roots).any():
            roots = roots[roots]


def pooled(alpha: FloatArray, cell: int) -> tuple[FloatArray, FloatArray]:
    """The largest alpha and the sum of it in each cell of `cell`×`cell` pixels, ⌈h/cell⌉×⌈w/cell⌉ both.

    The largest one keeps a line of one pixel whole, where a mean would break it.
    """
    height, width = alpha.shape
    size = -(-height // cell), -(-width // cell)
    most, mass = np.empty(size, np.float32), np.empty(size, np.float32)
    columns = np.arange(0, width, cell)

    def pool(first: int) -> None:
        count = min(_POOLED, height // cell - first) or 1  # a last row of cells that are cut off is alone
        rows = alpha[first * cell : (first + count) * cell].reshape(count, -1, width)
        most[first : first + count] = np.maximum.reduceat(rows.max(axis=1), columns, axis=1)
        mass[first : first + count] = np.add.reduceat(rows.sum(axis=1), columns, axis=1)

    whole = height // cell
    each(pool, [*range(0, whole, _POOLED), *range(whole, size[0])])
    return most, mass


def spread(marks: Marks, cells: int) -> Marks:
    """`marks` and all that lies within `cells` of one, in either direction and both."""
    result = marks
    for _ in range(cells):
        result = result.copy()
        result[1:] |= marks[:-1]
        result[:-1] |= marks[1:]
        marks = result.copy()
        result[:, 1:] |= marks[:, :-1]
        result[:, :-1] |= marks[:, 1:]
        marks = result
    return result
