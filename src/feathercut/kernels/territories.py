"""A matte's share of some subjects: soft where they are apart, along the photo's edge where they touch."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from feathercut.kernels.guided import linear_model
from feathercut.kernels.pieces import pooled, spread
from feathercut.kernels.resample import shrink
from feathercut.kernels.sampled import sampled
from feathercut.kernels.subjects import Subjects
from feathercut.kernels.windows import Marks, Window, around
from feathercut.pictures import FloatArray

_BODY = 0.9
"""What a cell holds of the matte where a border runs through bodies."""
_BAND = 2
"""Cells: how far from the seam the photo's own edge may be."""
_RADIUS, _EPSILON = 4, 1e-4
_DOUBT = np.float32(0.02)
_HARD = 6
"""How much steeper than between two cells' middles the step from one body to the other is."""
_TILE = 32


def share_of(found: Subjects, wanted: Collection[int], rgb: FloatArray, alpha: FloatArray) -> FloatArray:
    """`alpha` (H×W) of the subjects with these numbers; that of all others is gone. `rgb` is the photo, H×W×3.

    The shares of all subjects add up to the matte: where hair of two meets it is divided, none of it is lost.
    """
    mine = np.isin(found.labels, list(wanted))
    share = mine.astype(np.float32)
    result = np.where(_whole(mine, found.cell, alpha.shape), alpha, np.float32(0))
    borders = _borders(mine)
    touching = spread(borders & (pooled(alpha, found.cell)[0] >= _BODY), _BAND)
    model = _model(share, spread(borders, _BAND), rgb) if (touching & borders).any() else None
    full = found.labels.shape[0] * found.cell, found.labels.shape[1] * found.cell
    for cells in around(spread(borders, _BAND), _TILE, 0):
        window = _pixels(cells, found.cell, alpha.shape)
        drawn = sampled(share, window, full)
        if model is not None and touching[cells].any():
            *slope, constant = sampled(model, window, full)
            guess = constant + sum(slope[channel] * rgb[(*window, channel)] for channel in range(3))
            gate = sampled(touching.astype(np.float32), window, full)
            drawn = drawn + gate * (np.clip((guess - 0.5) * _HARD + 0.5, 0, 1) - drawn)
        result[window] = alpha[window] * drawn
    return result


def _borders(mine: Marks) -> Marks:
    """The cells on either side of where what is wanted ends."""
    return spread(mine, 1) & spread(~mine, 1)


def _model(share: FloatArray, doubtful: Marks, rgb: FloatArray) -> FloatArray:
    """The share as a linear function of the colours nearby, 4×h×w, told by the cells that are surely of one side."""
    colours = shrink(rgb, (share.shape[0], share.shape[1]), "box").transpose(2, 0, 1)
    weight = np.where(doubtful, _DOUBT, np.float32(1))
    return linear_model(colours, share, weight, _RADIUS, _EPSILON)[:4]


def _whole(mine: Marks, cell: int, shape: tuple[int, ...]) -> Marks:
    return mine.repeat(cell, axis=0).repeat(cell, axis=1)[: shape[0], : shape[1]]


def _pixels(cells: Window, cell: int, shape: tuple[int, ...]) -> Window:
    rows, columns = cells
    return (
        slice(rows.start * cell, min(rows.stop * cell, shape[0])),
        slice(columns.start * cell, min(columns.stop * cell, shape[1])),
    )
