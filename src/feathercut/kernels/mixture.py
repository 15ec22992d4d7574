"""Two colours behind every pixel, F and B of I = αF + (1 − α)B, from a pyramid of what the pixels say of them.

Cells of 2ⁿ×2ⁿ pixels get one F and one B each: the pair that explains all of their pixels with the least
squares and differs little from the neighbours' pairs. What that takes of the pixels is five sums, Σ1, Σα,
Σα², ΣI and ΣαI, so that a cell with strands in it tells F from B by itself, as a regression of I on α, where
a mean pixel with a mean α would only tell their mixture. Multi-level as in T. Germer, T. Uelwer, S. Conrad,
S. Harmeling, "Fast Multi-Level Foreground Estimation", ICPR 2020; coarse levels by sums as in Galerkin's
condition of multigrid methods (W. L. Briggs, V. E. Henson, S. F. McCormick, "A Multigrid Tutorial", 2000).
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.fours import any_of, means, means_of_pixels, pixels, with_border
from feathercut.kernels.halve import squares
from feathercut.kernels.windows import Marks, Window, around, even, grid, grown, halved_marks, inside
from feathercut.pictures import FloatArray

_TILE = 128
_FEWEST = 2
"""The longer side of the coarsest level, at most."""
_ROUNDS = ((64, 4), (1 << 16, 2))
"""Rounds by a level's longer side, up to so many cells: what is far apart was settled further up."""
_SMOOTHNESS = np.array([0.18, 0.072], np.float32).reshape(2, 1, 1, 1)
"""How much the neighbours' mean of F, and of B, counts beside what the cell itself says; at the finest level."""
_LEAST = 1e-6
"""How much the mean colour counts for the whole photo: enough to settle what it leaves open."""
_COARSER = np.float32(0.9)
"""How much less it counts at each further level: what is far apart has less in common."""
_REACHES = (2, 3)
"""Cells around those with soft pixels that are solved as well, the finest level first: the level below looks at
half as many, one more for its round and one to go over from cell to cell."""
_FULL = slice(None)
_QUARTER, _REST = np.float32(0.25), np.float32(0.75)

# The planes of a level: α, α², I (3), αI (3), and how much of it is believed where not all is.
_ALPHA, _SQUARE, _PHOTO, _SHARE, _BELIEVED = 0, 1, slice(2, 5), slice(5, 8), 8


def unmix(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> FloatArray | None:
    """F and B of cells of 4×4 pixels, 6×⌈h/4⌉×⌈w/4⌉, near soft pixels and zero elsewhere; None where none is soft.

    `rgb` H×W×3, `alpha` and `weight` (how much a pixel is believed; None: all alike) H×W, all in [0, 1].
    """
    first, marks = _cells(rgb, alpha, weight)
    if not marks.any():
        return None
    levels, wanted = [first], [marks]
    while max(levels[-1].shape[1:]) > _FEWEST:
        levels.append(squares(levels[-1]))
        wanted.append(halved_marks(wanted[-1]))
    field = _overall(levels[-1])
    for place in reversed(range(len(levels))):
        reach = _REACHES[min(place, len(_REACHES) - 1)]
        field = _solve(levels[place], field, wanted[place], reach, _SMOOTHNESS * _COARSER**place)
    return field.reshape(6, *field.shape[2:])


def _cells(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> tuple[FloatArray, Marks]:
    """The sums of cells of 4×4 pixels, as means over a cell, planes×h×w, and which of them have soft pixels."""
    size = (alpha.shape[0] + 3) // 4, (alpha.shape[1] + 3) // 4
    level = np.empty((8 if weight is None else 9, *size), np.float32)
    marks = np.zeros(size, np.bool_)

    for cells in grid(size, _TILE // 4):
        tile = pixels(cells, alpha.shape)
        part = alpha[tile]
        low, high = float(part.min()), float(part.max())
        if low == high and low in (0.0, 1.0):
            if weight is None:
                level[(_FULL, *cells)] = _plain_sums(rgb[tile], low)
                continue
        else:
            marks[cells] = any_of((part > 0) & (part < 1))
        level[(_FULL, *cells)] = _sums(rgb[tile], part, None if weight is None else weight[tile])
    return level, marks


def _overall(top: FloatArray) -> FloatArray:
    """One F and one B for the whole photo, 2×3×1×1: the line through its pixels, at alpha 1 and at alpha 0."""
    whole = top.mean(axis=(1, 2), dtype=np.float64)
    believed = whole[_BELIEVED] if len(whole) > _BELIEVED else 1.0
    crossed = whole[_ALPHA] - whole[_SQUARE]
    left = np.array([[whole[_SQUARE], crossed], [crossed, believed - whole[_ALPHA] - crossed]]) + _LEAST * np.eye(2)
    mean = whole[_PHOTO] / max(believed, 1e-12)
    right = np.stack([whole[_SHARE], whole[_PHOTO] - whole[_SHARE]]) + _LEAST * mean
    return np.clip(np.linalg.solve(left, right), 0, 1).astype(np.float32)[..., None, None]


def _plain_sums(rgb: FloatArray, alpha: float) -> FloatArray:
    """What 4×4 pixels say, from a tile that is all body or all background: no products are needed."""
    photo = means_of_pixels(rgb)
    planes = np.empty((8, *photo.shape[1:]), np.float32)
    planes[_PHOTO] = photo
    planes[_ALPHA] = planes[_SQUARE] = alpha
    planes[_SHARE] = photo * np.float32(alpha)
    return planes


def _sums(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> FloatArray:
    """What 4×4 pixels say, from a tile of single ones."""
    single = np.empty((8 if weight is None else 9, *alpha.shape), np.float32)
    single[_PHOTO], single[_ALPHA] = rgb.transpose(2, 0, 1), alpha
    if weight is not None:
        single[_ALPHA] *= weight
        single[_PHOTO] *= weight
        single[_BELIEVED] = weight
    np.multiply(single[_ALPHA], alpha, out=single[_SQUARE])
    np.multiply(single[_PHOTO], alpha, out=single[_SHARE])
    return means(single)


def _believed(level: FloatArray) -> FloatArray | np.float32:
    return level[_BELIEVED] if len(level) > _BELIEVED else np.float32(1)


def _solve(level: FloatArray, above: FloatArray, where: Marks, reach: int, smoothness: FloatArray) -> FloatArray:
    """F and B of a level, 2×3×h×w, from those of the level above; of large ones only near the marks."""
    shape = level.shape[1:]
    rounds = next(rounds for side, rounds in _ROUNDS if max(shape) <= side)
    if max(shape) <= _TILE:
        return _relax(level, _doubled(above, (slice(0, shape[0]), slice(0, shape[1]))), rounds, smoothness)
    field = np.zeros((2, 3, *shape), np.float32)

    for window in around(where, _TILE, reach):
        outer = grown(window, rounds, shape)
        solved = _relax(level[(_FULL, *outer)], _doubled(above, outer), rounds, smoothness)
        field[(..., *window)] = solved[(..., *inside(window, outer))]
    return field


def _relax(level: FloatArray, field: FloatArray, rounds: int, smoothness: FloatArray) -> FloatArray:
    """Jacobi rounds: each cell's pair between what its pixels say and the mean of its four neighbours' pairs.

    For means F̄ and B̄ with weights s and t, the minimum of Σ(αF + (1 − α)B − I)² + s(F − F̄)² + t(B − B̄)² solves
    (Σα² + s)F + Σα(1 − α)B = ΣαI + sF̄ and Σα(1 − α)F + (Σ(1 − α)² + t)B = Σ(1 − α)I + tB̄.
    """
    crossed = level[_ALPHA] - level[_SQUARE]
    diagonal = np.stack([level[_SQUARE], _believed(level) - level[_ALPHA] - crossed])[:, None]
    diagonal += smoothness
    determinant = diagonal[0, 0] * diagonal[1, 0] - crossed * crossed
    direct, crossed = diagonal[::-1] / determinant, crossed / determinant
    said = np.stack([level[_SHARE], level[_PHOTO] - level[_SHARE]])
    for _ in range(rounds):
        mean = _neighbours(field)
        mean *= smoothness * _QUARTER
        mean += said
        field = mean * direct
        mean *= crossed
        field -= mean[::-1]
        np.minimum(np.maximum(field, 0, out=field), 1, out=field)
    return field


def _neighbours(field: FloatArray) -> FloatArray:
    """The sum of each cell's four neighbours; at an edge the cell stands for the one that is missing."""
    total = np.empty_like(field)
    total[..., 1:, :] = field[..., :-1, :]
    total[..., 0, :] = field[..., 0, :]
    total[..., :-1, :] += field[..., 1:, :]
    total[..., -1, :] += field[..., -1, :]
    total[..., 1:] += field[..., :-1]
    total[..., 0] += field[..., 0]
    total[..., :-1] += field[..., 1:]
    total[..., -1] += field[..., -1]
    return total


def _doubled(coarse: FloatArray, window: Window) -> FloatArray:
    """A window of a level, …×h×w, from the level above.

    A cell is three quarters the one it lies in and one quarter the one across its corner, which is true to
    every even slope.
    """
    outer = even(window)
    height, width = (one.stop - one.start for one in outer)
    rows, columns = (slice(one.start // 2 - 1, (one.stop + 1) // 2 + 1) for one in outer)
    part = with_border(coarse, (rows, columns))
    near, far = part[..., 1:-1, 1:-1] * _REST, part * _QUARTER
    result = np.empty((*coarse.shape[:-2], height, width), np.float32)
    for down in (0, 1):
        for across in (0, 1):
            rest = result[..., down::2, across::2]
            corner = far[..., 2 * down : 2 * down + rest.shape[-2], 2 * across : 2 * across + rest.shape[-1]]
            np.add(near[..., : rest.shape[-2], : rest.shape[-1]], corner, out=rest)
    return result[(..., *inside(window, outer))]
