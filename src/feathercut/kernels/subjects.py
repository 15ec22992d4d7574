"""The subjects of a matte, found and numbered: which of its parts are one, and where two that touch are two.

On a grid of cells: pieces that are more than half there; those that belong together joined (a hat held apart, legs
behind a bar); what touches parted where there is a real boundary (`kernels/seams.py`). All soft cells then go to the
subject that reaches them through the matte most cheaply, so that hair stays with its head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.kernels.geodesic import spread_labels
from feathercut.kernels.joined_pieces import join_pieces
from feathercut.kernels.pieces import Labels, label, pooled
from feathercut.kernels.resample import shrink
from feathercut.kernels.seams import edge_levels, find_seam
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Size, Subject

_GRID = 256
"""Cells a side at the most."""
_THERE, _FAINT = 0.5, 0.1
"""The alpha from which on a cell is a piece's, and from which on it counts for a subject's box."""
_KNOWN = 0.25
"""What a cell must hold of a subject to tell its colour."""
_MOST = 32
"""Subjects at the most; what is smaller goes with its neighbours."""
_STEP, _SOFT, _EMPTY, _FOG = 5, 20, 150, 0.02
"""What a step costs in a whole cell, how much more in a soft one, and in one that shows less than the faintest hair."""
Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Subjects:
    """All subjects of a matte of `size`; `labels` says for each cell whose it is, 0 everywhere where there is none."""

    size: Size
    cell: int
    labels: Labels
    each: tuple[Subject, ...]


def find_subjects(alpha: FloatArray, rgb: FloatArray | None = None) -> Subjects:
    """The subjects of a matte `alpha` (H×W), the largest first; none of an empty one.

    `rgb` (H×W×3) are the photo's colours: without them what touches stays one.
    """
    cell = -(-max(alpha.shape) // _GRID)
    most, mass = pooled(alpha, cell)
    cores = _cores(alpha, most, mass, cell, rgb)
    if not cores.any():
        return Subjects((alpha.shape[0], alpha.shape[1]), cell, cores, ())
    costs = _STEP + np.floor((1 - most) * _SOFT + 0.5).astype(np.int64) + np.where(most < _FOG, _EMPTY, 0)
    labels, _ = spread_labels(cores, costs)
    labels = _by_size(labels, mass)
    count = int(labels.max())
    each = tuple(_subject(number, labels == number, most, mass, alpha, cell) for number in range(1, count + 1))
    return Subjects((alpha.shape[0], alpha.shape[1]), cell, labels, each)


def parts(alpha: FloatArray, rgb: FloatArray) -> Labels:
    """The solid parts of a matte (h×w, the photo's colours h×w×3) by the subject that each is of; 0 elsewhere.

    As `find_subjects` has them, on the matte's own grid and without what is soft: a tenth of the work.
    """
    most, mass = pooled(alpha, 1)
    return _cores(alpha, most, mass, 1, rgb)


def subjects(alpha: FloatArray, rgb: FloatArray | None = None) -> tuple[Subject, ...]:
    """As `find_subjects`, the subjects alone.

    >>> alpha = np.zeros((20, 40), np.float32)
    >>> alpha[5:15, 2:8], alpha[2:18, 25:38] = 1, 1
    >>> [(one.number, one.box, one.area) for one in subjects(alpha)]
    [(1, (2, 25, 18, 38), 208.0), (2, (5, 2, 15, 8), 60.0)]
    """
    return find_subjects(alpha, rgb).each


def _cores(alpha: FloatArray, most: FloatArray, mass: FloatArray, cell: int, rgb: FloatArray | None) -> Labels:
    """The pieces by the subject that each is of (h×w, 0 outside)."""
    pieces, count = label(most >= _THERE)
    if count == 0 and most.max() >= _FAINT:  # something half transparent is a subject all the same
        pieces, count = label(most >= _FAINT)
    groups = join_pieces(pieces, np.bincount(pieces.ravel(), mass.ravel(), count + 1), _MOST)
    if rgb is None:
        return groups
    covered = mass / _cell_areas(alpha.shape, cell)
    colours = _own_colours(rgb, alpha, covered)
    edges = edge_levels(colours, covered >= _KNOWN)
    solid = covered >= _THERE
    done, todo = 0, list(range(1, int(groups.max()) + 1))
    result = groups.copy()
    while todo and done < _MOST:
        number = todo.pop(0)
        done += 1
        other = int(result.max()) + 1
        if other <= _MOST and _parted(result, number, other, solid, edges, colours):
            todo += [number, other]
    return result


def _own_colours(rgb: FloatArray, alpha: FloatArray, covered: FloatArray) -> FloatArray:
    """The subjects' colours in each cell, h×w×3; what is beside them has no say, so a cutout's give the same."""
    size = covered.shape[0], covered.shape[1]
    weighted = shrink(rgb * alpha[..., None], size, "box")
    colours: FloatArray = np.clip(weighted / np.maximum(covered, np.float32(1e-3))[..., None], 0, 1)
    return colours


def _parted(groups: Labels, number: int, other: int, solid: Marks, edges: np.ndarray, colours: FloatArray) -> bool:
    """Whether a group is two subjects; the right one is `other` then, in place."""
    mask = groups == number
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    window = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    seam = find_seam(mask[window], solid[window], edges[window], colours[window])
    if seam is None:
        return False
    groups[window][seam.right] = other
    return True


def _cell_areas(shape: tuple[int, ...], cell: int) -> FloatArray:
    """How many px each cell has: those at the right and the bottom may be cut off."""
    sides = [np.minimum(np.arange(0, length, cell) + cell, length) - np.arange(0, length, cell) for length in shape]
    areas: FloatArray = np.multiply.outer(*sides).astype(np.float32)
    return areas


def _by_size(labels: Labels, mass: FloatArray) -> Labels:
    """Labels numbered by the mass that they have, the largest 1; of two alike the one before the other."""
    masses = np.bincount(labels.ravel(), mass.ravel())
    masses[0] = 0
    order = np.argsort(-np.floor(masses + 0.5), kind="stable")
    order = order[masses[order] > 0]
    numbers = np.zeros(len(masses), np.int32)
    numbers[order] = np.arange(1, len(order) + 1)
    return numbers[labels]


def _subject(number: int, owned: Marks, most: FloatArray, mass: FloatArray, alpha: FloatArray, cell: int) -> Subject:
    mask = owned & (most >= min(_FAINT, float(most[owned].max())))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    window = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    weights = np.where(owned, mass, 0).astype(np.float64)
    area = float(weights.sum())
    y = float((weights.sum(axis=1) * (np.arange(len(weights)) + 0.5)).sum() / area * cell)
    x = float((weights.sum(axis=0) * (np.arange(weights.shape[1]) + 0.5)).sum() / area * cell)
    height, width = alpha.shape
    return Subject(number, _box(alpha, mask[window], window, cell), area, (min(x, width), min(y, height)), mask, cell)


def _box(alpha: FloatArray, mask: Marks, window: tuple[slice, slice], cell: int) -> Box:
    """The box of what is there, to the pixel, of a subject whose cells in a window are `mask`."""
    top, left = window[0].start * cell, window[1].start * cell
    part = alpha[top : window[0].stop * cell, left : window[1].stop * cell]
    own = mask.repeat(cell, axis=0).repeat(cell, axis=1)[: part.shape[0], : part.shape[1]]
    seen = own & (part >= min(_FAINT, float(part[own].max())))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return top + int(rows[0]), left + int(columns[0]), top + int(rows[-1]) + 1, left + int(columns[-1]) + 1
