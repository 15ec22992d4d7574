"""Alpha from a photo and a map of what is known to be the subject, what background, and what is to be found out.

Colours that are known nearby tell alpha pixel by pixel (`colour_pairs.py`); where they do not tell, it follows from
the neighbours' (`matting_laplacian.py`). Both at a bounded size: a large photo's pixels then follow their own colours
by the lines that the smaller alpha has through its colours (K. He, J. Sun, "Fast Guided Filter", arXiv:1505.00996).
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.colour_lines import Lines
from feathercut.kernels.colour_pairs import guess_alpha
from feathercut.kernels.matting_laplacian import MattingLaplacian, solve
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks, Window, around, grid, shifted
from feathercut.pictures import FloatArray

_LONGEST = 640
"""The longer side that alpha is solved at, at most."""
_MARGIN_PX = 50
"""Known pixels around the unknown ones, of the solved size, that are looked at for their colours."""
_EPSILON = 1e-7
_TRUST = np.float32(0.01)
"""How much a trusted guess counts beside what the 3×3 neighbours say."""
_LEAST_TRUST = np.float32(1e-4)
_TOLERANCE, _MOST_ROUNDS = 2e-3, 400
_FINE_EPSILON = 1e-5
_SMALLEST = 48
_TILE = 256


def alpha_from_trimap(rgb: FloatArray, trimap: FloatArray) -> FloatArray:
    """Alpha, H×W in [0, 1]; known pixels are kept to the bit.

    `rgb` is H×W×3 in [0, 1]. `trimap`, H×W, is 0 where only background is, 1 where only the subject is, and anything
    between where alpha is to be found. Where it knows nothing of one of the two, what it knows spreads.
    """
    result = trimap.astype(np.float32)
    unknown = _unknown(result)
    if not unknown.any():
        return result
    margin = _MARGIN_PX * max(1, max(unknown.shape) // _LONGEST)
    box = next(around(unknown, max(unknown.shape), margin))
    photo, known = rgb[box], result[box]
    height, width = known.shape
    ratio = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(height * ratio)), max(1, round(width * ratio)))
    small_photo = np.ascontiguousarray(shrink(photo, size, "box").transpose(2, 0, 1))
    small_known = _shrunk(known, size)
    guess, trust = guess_alpha(small_photo, small_known)
    small = _solved(small_photo, small_known, guess, trust * _TRUST + _LEAST_TRUST)
    np.clip(small, 0, 1, out=small)
    result[box] = (
        small if size == known.shape else _enlarged(photo, known, Lines.through(small_photo, small, _FINE_EPSILON))
    )
    return result


def _unknown(trimap: FloatArray) -> Marks:
    return (trimap > 0) & (trimap < 1)


def _shrunk(trimap: FloatArray, size_hw: tuple[int, int]) -> FloatArray:
    """The map at a smaller size: known only where all of the pixels are."""
    if trimap.shape == size_hw:
        return trimap
    small = np.full(size_hw, 0.5, np.float32)
    for value in (0, 1):
        others = resize((trimap != value).astype(np.float32), size_hw, "box")
        small[others == 0] = value
    return small


def _solved(rgb: FloatArray, trimap: FloatArray, guess: FloatArray, weight: FloatArray) -> FloatArray:
    """Alpha at the size of `rgb` (3×h×w), from half of it on, where what is far apart is settled in fewer rounds."""
    height, width = trimap.shape
    unknown = _unknown(trimap)
    start = guess
    if min(height, width) >= 2 * _SMALLEST:
        half = (height // 2, width // 2)
        halves = [resize(plane, half, "box") for plane in (*rgb, guess, weight)]
        coarse = _solved(np.stack(halves[:3]), _shrunk(trimap, half), *halves[3:])
        start = np.where(unknown, resize(coarse, (height, width), "bilinear"), trimap)
    laplacian = MattingLaplacian(rgb, unknown, _EPSILON)
    return solve(laplacian, start, guess, weight, _TOLERANCE, _MOST_ROUNDS)


def _enlarged(rgb: FloatArray, trimap: FloatArray, lines: Lines) -> FloatArray:
    """Alpha at the photo's size: each pixel of `rgb` by the smaller picture's lines there."""
    result = trimap.copy()
    unknown = _unknown(trimap)

    def fill(tile: Window) -> None:
        for part in around(unknown[tile], _TILE, 0):
            window = shifted(part, tile)
            alpha = lines.at(rgb[window], window, trimap.shape)
            np.clip(alpha, 0, 1, out=alpha)
            np.copyto(result[window], alpha, where=unknown[window])

    each(fill, grid(trimap.shape, _TILE))
    return result
