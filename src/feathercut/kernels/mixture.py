"""Two colours behind every pixel, F and B of I = αF + (1 − α)B, from a pyramid of what the pixels say of them.

Cells of 2ⁿ×2ⁿ pixels get one F and one B each: the pair that explains all of their pixels with the least
squares and differs little from the neighbours' pairs. What that takes of the pixels is five sums, Σ1, Σα,
Σα², ΣI and ΣαI, so that a cell with strands in it tells F from B by itself, as a regression of I on α, where
a mean pixel with a mean α would only tell their mixture. Multi-level as in T. Germer, T. Uelwer, S. Conrad,
S. Harmeling, "Fast Multi-Level Foreground Estimation", ICPR 2020; coarse levels by sums as in Galerkin's
condition of multigrid methods (W. L. Briggs, V. E. Henson, S. F. McCormick, "A Multigrid Tutorial", 2000).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from feathercut.kernels.halve import halved
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks, Window, around, even, grid, grown, halved_marks, inside
from feathercut.pictures import FloatArray

_TILE = 128
_FEW = 8
"""Windows that are sooner worked on than threads are started."""
_FEWEST = 2
"""The longer side of the coarsest level, at most."""
_ROUNDS = ((64, 4), (1 << 16, 1))
"""Rounds by a level's longer side, up to so many cells: what is far apart was settled further up."""
_SMOOTHNESS = np.array([0.2, 0.08], np.float32).reshape(2, 1, 1, 1)
"""How much the neighbours' mean of F, and of B, counts beside what the cell itself says; at the finest level."""
_LEAST = 1e-6
"""How much the mean colour counts for the whole photo: enough to settle what it leaves open."""
_COARSER = np.float32(0.9)
"""How much less it counts at each further level: what is far apart has less in common."""
_REACHES = (1, 2, 3)
"""Cells around those with soft pixels that are solved as well, the finest level first: the level below looks at
half as many, one more for its round and one to go over from cell to cell."""
_NEAR = 8
"""Pixels around soft ones that the finest level looks at."""
_FULL = slice(None)
_QUARTER, _REST = np.float32(0.25), np.float32(0.75)

# The planes of a level: α, α², I (3), αI (3), and how much of it is believed where not all is.
_ALPHA, _SQUARE, _PHOTO, _SHARE, _BELIEVED = 0, 1, slice(2, 5), slice(5, 8), 8


def unmix(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None, soft: Marks) -> FloatArray:
    """F and B of cells of 2×2 pixels, 2×3×⌈h/2⌉×⌈w/2⌉, near the pixels that `soft` marks; zero elsewhere.

    `rgb` H×W×3, `alpha` and `weight` (how much a pixel is believed; None: all alike) H×W, all in [0, 1].
    """
    levels = _pyramid(rgb, alpha, weight, soft)
    marks = halved_marks(soft)
    wanted = []
    for _ in levels:
        wanted.append(marks)
        marks = halved_marks(marks)
    field = _overall(levels[-1])
    for place in reversed(range(len(levels))):
        reach = _REACHES[min(place, len(_REACHES) - 1)]
        field = _solve(levels[place], field, wanted[place], reach, _SMOOTHNESS * _COARSER**place)
    return field


def _overall(top: FloatArray) -> FloatArray:
    """One F and one B for the whole photo, 2×3×1×1: the line through its pixels, at alpha 1 and at alpha 0."""
    whole = top.mean(axis=(1, 2), dtype=np.float64)
    believed = whole[_BELIEVED] if len(whole) > _BELIEVED else 1.0
    crossed = whole[_ALPHA] - whole[_SQUARE]
    left = np.array([[whole[_SQUARE], crossed], [crossed, believed - whole[_ALPHA] - crossed]]) + _LEAST * np.eye(2)
    mean = whole[_PHOTO] / max(believed, 1e-12)
    right = np.stack([whole[_SHARE], whole[_PHOTO] - whole[_SHARE]]) + _LEAST * mean
    return np.clip(np.linalg.solve(left, right), 0, 1).astype(np.float32)[..., None, None]


def _pyramid(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None, soft: Marks) -> list[FloatArray]:
    """The sums of cells of 2×2 pixels, of 4×4 and so on, as means over a cell: planes×h×w each.

    The first level, the largest, is only made near soft pixels; memory elsewhere is never touched.
    """
    count = 8 if weight is None else 9
    height, width = alpha.shape
    first = np.zeros((count, (height + 1) // 2, (width + 1) // 2), np.float32)
    second = np.empty((count, (height + 3) // 4, (width + 3) // 4), np.float32)

    def fill(tile: Window) -> None:
        rows, columns = tile
        planes = _sums(rgb[tile], alpha[tile], None if weight is None else weight[tile])
        if soft[grown(tile, _NEAR, alpha.shape)].any():
            first[:, rows.start // 2 : (rows.stop + 1) // 2, columns.start // 2 : (columns.stop + 1) // 2] = planes
        second[:, rows.start // 4 : (rows.stop + 3) // 4, columns.start // 4 : (columns.stop + 3) // 4] = _pairs(planes)

    each(fill, grid(alpha.shape, _TILE))
    levels = [first]
    following = second
    while max(levels[-1].shape[1:]) > _FEWEST:
        levels.append(following)
        following = _pairs(following) if following.size < 1 << 19 else halved(following)
    return levels


def _sums(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> FloatArray:
    """What 2×2 pixels say, from a tile of single ones; bodies and backgrounds need no products."""
    low, high = float(alpha.min()), float(alpha.max())
    if weight is None and low == high and low in (0.0, 1.0):
        photo = _pairs_of_pixels(rgb)
        planes = np.empty((8, *photo.shape[1:]), np.float32)
        planes[_PHOTO] = photo
        planes[_ALPHA] = planes[_SQUARE] = low
        planes[_SHARE] = photo * np.float32(low)
        return planes
    single = np.empty((8 if weight is None else 9, *alpha.shape), np.float32)
    single[_PHOTO], single[_ALPHA] = rgb.transpose(2, 0, 1), alpha
    if weight is not None:
        single[_ALPHA] *= weight
        single[_PHOTO] *= weight
        single[_BELIEVED] = weight
    np.multiply(single[_ALPHA], alpha, out=single[_SQUARE])
    np.multiply(single[_PHOTO], alpha, out=single[_SHARE])
    return _pairs(single)


def _pairs_of_pixels(rgb: FloatArray) -> FloatArray:
    """Means of 2×2 pixels of h×w×3 as planes: rows are added while they lie in one piece."""
    height, width = rgb.shape[:2]
    if height % 2 or width % 2:
        return _pairs(rgb.transpose(2, 0, 1))
    down = rgb[0::2] + rgb[1::2]
    down *= _QUARTER
    left, right = down[:, 0::2].transpose(2, 0, 1), down[:, 1::2].transpose(2, 0, 1)
    planes = np.empty(left.shape, np.float32)
    np.add(left, right, out=planes)
    return planes


def _pairs(planes: FloatArray) -> FloatArray:
    """Means of 2×2 pixels, as `halved`, of something small by this processor alone."""
    height, width = planes.shape[-2:]
    if height % 2 or width % 2:
        planes = np.pad(planes, ((0, 0), (0, height % 2), (0, width % 2)), mode="edge")
    down = planes[:, 0::2] + planes[:, 1::2]
    result: FloatArray = down[..., 0::2] + down[..., 1::2]
    result *= _QUARTER
    return result


def _believed(level: FloatArray) -> FloatArray | np.float32:
    return level[_BELIEVED] if len(level) > _BELIEVED else np.float32(1)


def _solve(level: FloatArray, above: FloatArray, where: Marks, reach: int, smoothness: FloatArray) -> FloatArray:
    """F and B of a level, 2×3×h×w, from those of the level above; of large ones only near the marks."""
    shape = level.shape[1:]
    rounds = next(rounds for side, rounds in _ROUNDS if max(shape) <= side)
    if max(shape) <= _TILE:
        return _relax(level, _enlarged(above, (slice(0, shape[0]), slice(0, shape[1]))), rounds, smoothness)
    field = np.zeros((2, 3, *shape), np.float32)

    def settle(window: Window) -> None:
        outer = grown(window, rounds, shape)
        solved = _relax(level[(_FULL, *outer)], _enlarged(above, outer), rounds, smoothness)
        field[(..., *window)] = solved[(..., *inside(window, outer))]

    windows = list(around(where, _TILE, reach))
    if len(windows) > _FEW:
        each(settle, windows)
    else:
        for window in windows:
            settle(window)
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


def quarters(coarse: FloatArray, window: Window) -> Iterator[tuple[Window, FloatArray]]:
    """What a window (even starts) of a level takes from the level above, …×h×w: the pixels of one parity each time.

    Yields where they lie in the window, as slices with step 2, and their values. A pixel is three quarters its
    cell and one quarter the cell across its corner, which is true to every even slope.
    """
    height, width = (one.stop - one.start for one in window)
    cells = tuple(slice(one.start // 2 - 1, (one.stop + 1) // 2 + 1) for one in window)
    part = _with_border(coarse, (cells[0], cells[1]))
    near, far = part[..., 1:-1, 1:-1] * _REST, part * _QUARTER
    for down in (0, 1):
        for across in (0, 1):
            rows, columns = (height + 1 - down) // 2, (width + 1 - across) // 2
            corner = far[..., 2 * down : 2 * down + rows, 2 * across : 2 * across + columns]
            where = (slice(down, height, 2), slice(across, width, 2))
            yield where, near[..., :rows, :columns] + corner


def _with_border(array: FloatArray, window: Window) -> FloatArray:
    """A window that may reach over the ends of an array …×h×w, where the last cells are repeated."""
    inner = grown(window, 0, array.shape[-2:])
    part: FloatArray = array[(..., *inner)]
    if inner == window:
        return part
    missing = [(one.start - far.start, far.stop - one.stop) for one, far in zip(inner, window, strict=True)]
    return np.pad(part, [(0, 0)] * (array.ndim - 2) + missing, mode="edge")


def _enlarged(coarse: FloatArray, window: Window) -> FloatArray:
    """A window of a level from the level above, …×h×w."""
    outer = even(window)
    shape = tuple(one.stop - one.start for one in outer)
    result = np.empty((*coarse.shape[:-2], *shape), np.float32)
    for where, values in quarters(coarse, outer):
        result[(..., *where)] = values
    return result[(..., *inside(window, outer))]
