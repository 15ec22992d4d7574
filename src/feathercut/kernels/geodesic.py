"""Labels that spread over a grid along the cheapest ways, in whole numbers: every language gives the same ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.pieces import Labels

Costs = NDArray[np.int64]
Keys = NDArray[np.int64]

_LABELS = 1 << 12
"""More labels than there ever are: one travels in the low bits of its distance, so that ties go to the lower label."""
_FAR = np.int64(1) << 50
_DIAGONAL = (7, 5)
"""A step across a corner costs 7/5 of one straight on."""


def spread_labels(seeds: Labels, costs: Costs) -> tuple[Labels, Costs]:
    """For each cell the label (h×w, from 1 on) that reaches it most cheaply, and that cost; both 0 in seeds.

    `seeds` are h×w, 0 where there is none; `costs`, at least 1, are those of a step into a cell, in fifths. Cells are
    swept down and up, each row both ways at once, until nothing changes: geodesic distance by raster scans, as in P.
    Toivanen, "New geodesic distance transforms for gray-scale images", 1996. All labels are 0 where no seed is.

    >>> spread_labels(np.int32([[1, 0, 0, 0, 2]]), np.int64([[5, 5, 5, 5, 5]]))[0].tolist()
    [[1, 1, 1, 2, 2]]
    """
    keys = np.where(seeds > 0, seeds.astype(np.int64), _FAR)
    straight, across = costs * _LABELS, costs * _DIAGONAL[0] // _DIAGONAL[1] * _LABELS
    sums = np.cumsum(straight, axis=1)
    while True:
        before = keys.copy()
        _sweep(keys, straight, across, sums)
        # Upside down the rows are swept from below: what a step into a cell costs stays with the cell.
        _sweep(keys[::-1], straight[::-1], across[::-1], sums[::-1])
        if np.array_equal(before, keys):
            break
    is_reached = keys < _FAR
    return (
        np.where(is_reached, keys % _LABELS, 0).astype(np.int32),
        np.where(is_reached, keys // _LABELS, 0),
    )


def _sweep(keys: Keys, straight: Costs, across: Costs, sums: Costs) -> None:
    """Carries labels from each row to the next, and along it, in place."""
    _along(keys[0], straight[0], sums[0])
    for y in range(1, len(keys)):
        above, row = keys[y - 1], keys[y]
        np.minimum(row, above + straight[y], out=row)
        np.minimum(row[1:], above[:-1] + across[y, 1:], out=row[1:])
        np.minimum(row[:-1], above[1:] + across[y, :-1], out=row[:-1])
        _along(row, straight[y], sums[y])


def _along(row: Keys, costs: Costs, sums: Costs) -> None:
    """The cheapest way to each cell from all to its left and its right, in place."""
    rightwards = np.minimum.accumulate(row - sums) + sums
    # To the left a step costs what the cell it enters costs: sums up to and without it.
    ahead = sums - costs
    leftwards = np.minimum.accumulate((row + ahead)[::-1])[::-1] - ahead
    np.minimum(np.minimum(row, rightwards), leftwards, out=row)
