"""The subject's own colours at soft pixels, where the photo shows a mixture.

A pixel is I = αF + (1 − α)B with F and B smooth: T. Germer, T. Uelwer, S. Conrad, S. Harmeling,
"Fast Multi-Level Foreground Estimation", ICPR 2020. The 2×2 systems are solved from a pyramid's top
down, each level starting from the one above. Large levels are worked on only in the tiles that have
soft pixels, so that the cost follows the length of the edges, not the photo's area.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size

Window = tuple[slice, slice]

_TILE = 192
_ROUNDS, _ROUNDS_SMALL, _SMALL = 4, 10, 32
_SMOOTHNESS, _SMOOTHNESS_AT_EDGES = np.float32(1e-3), np.float32(0.1)
_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1))


def estimate_foreground(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None = None) -> FloatArray:
    """F of I = αF + (1 − α)B, H×W×3 in [0, 1].

    `rgb` is I, H×W×3; `alpha` H×W; both in [0, 1]. `weight` H×W says how much each pixel's colour may
    be believed (None: all alike). Where alpha is 1 the photo's colour is kept to the bit, where it
    is 0 the result is 0.
    """
    result = np.where(alpha[..., None] > 0, rgb, np.float32(0))
    soft = (alpha > 0) & (alpha < 1)
    if not soft.any():
        return result
    levels = _pyramid(rgb, alpha, weight)
    f = b = levels[-1][0]
    for level_rgb, level_alpha, level_weight in reversed(levels[1:]):
        f, b = _solve_level(level_rgb, level_alpha, level_weight, f, b)
    for tile in _tiles_with(soft):
        padded, inner = _pad(tile, alpha.shape, _ROUNDS)
        start_f, start_b = _enlarged(f, padded, alpha.shape), _enlarged(b, padded, alpha.shape)
        colours, _ = _relax(rgb[padded], alpha[padded], _part(weight, padded), start_f, start_b, _ROUNDS)
        where = soft[tile]
        result[tile][where] = colours[inner][where]
    return result


Level = tuple[FloatArray, FloatArray, FloatArray | None]


def _pyramid(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> list[Level]:
    """The photo, its alpha and its weight, halved down to one pixel; the photo comes first."""
    levels: list[Level] = [(rgb, alpha, weight)]
    while max(alpha.shape) > 1:
        size: Size = ((alpha.shape[0] + 1) // 2, (alpha.shape[1] + 1) // 2)
        if weight is None:
            rgb = resize(rgb, size, "box")
        else:
            # Colours that cannot be believed must not reach the level above.
            share = np.maximum(weight, np.float32(1e-6))
            weight = resize(share, size, "box")
            rgb = resize(rgb * share[..., None], size, "box") / weight[..., None]
        alpha = resize(alpha, size, "box")
        levels.append((rgb, alpha, weight))
    return levels


def _solve_level(
    rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None, f: FloatArray, b: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """F and B of a level, from those of the level above."""
    whole = (slice(0, alpha.shape[0]), slice(0, alpha.shape[1]))
    start_f, start_b = _enlarged(f, whole, alpha.shape), _enlarged(b, whole, alpha.shape)
    if max(alpha.shape) <= _TILE:
        rounds = _ROUNDS_SMALL if max(alpha.shape) <= _SMALL else _ROUNDS
        return _relax(rgb, alpha, weight, start_f, start_b, rounds)
    next_f, next_b = start_f.copy(), start_b.copy()
    for tile in _tiles_with((alpha > 0) & (alpha < 1)):
        padded, inner = _pad(tile, alpha.shape, _ROUNDS)
        tile_f, tile_b = _relax(
            rgb[padded], alpha[padded], _part(weight, padded), start_f[padded], start_b[padded], _ROUNDS
        )
        next_f[tile], next_b[tile] = tile_f[inner], tile_b[inner]
    return next_f, next_b


def _relax(
    rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None, f: FloatArray, b: FloatArray, rounds: int
) -> tuple[FloatArray, FloatArray]:
    """Jacobi rounds on the 2×2 systems: each pixel's F and B near its neighbours' and true to the mixture.

    For neighbours' means F̄ and B̄ with weight s, the minimum of (αF + (1 − α)B − I)² + s(F − F̄)² +
    s(B − B̄)² is F̄ + αr, B̄ + (1 − α)r with r = (I − αF̄ − (1 − α)B̄) / (α² + (1 − α)² + s).
    """
    pulls = [
        (_SMOOTHNESS + _SMOOTHNESS_AT_EDGES * np.abs(alpha - _shifted(alpha, dy, dx)))[..., None]
        for dy, dx in _NEIGHBOURS
    ]
    pull = pulls[0] + pulls[1] + pulls[2] + pulls[3]
    a = alpha[..., None]
    inverse = 1 / (a * a + (1 - a) * (1 - a) + pull)
    if weight is not None:
        inverse *= weight[..., None]
    for _ in range(rounds):
        mean_f = _pulled_mean(f, pulls, pull)
        mean_b = _pulled_mean(b, pulls, pull)
        missing = (rgb - a * mean_f - (1 - a) * mean_b) * inverse
        f = np.clip(mean_f + a * missing, 0.0, 1.0)
        b = np.clip(mean_b + (1 - a) * missing, 0.0, 1.0)
    return f, b


def _pulled_mean(values: FloatArray, pulls: list[FloatArray], pull: FloatArray) -> FloatArray:
    total = np.zeros_like(values)
    for (dy, dx), one in zip(_NEIGHBOURS, pulls, strict=True):
        total += one * _shifted(values, dy, dx)
    total /= pull
    return total


def _part(weight: FloatArray | None, window: Window) -> FloatArray | None:
    return None if weight is None else weight[window]


def _shifted(array: FloatArray, dy: int, dx: int) -> FloatArray:
    """Each pixel's neighbour at (dy, dx), the border repeated."""
    rows = np.clip(np.arange(array.shape[0]) + dy, 0, array.shape[0] - 1)
    columns = np.clip(np.arange(array.shape[1]) + dx, 0, array.shape[1] - 1)
    moved: FloatArray = array[rows] if dx == 0 else array[:, columns]
    return moved


def _enlarged(coarse: FloatArray, window: Window, shape: tuple[int, ...]) -> FloatArray:
    """The part of a level that the level above stands for: each pixel twice each way."""
    rows = np.arange(window[0].start, window[0].stop) * coarse.shape[0] // shape[0]
    columns = np.arange(window[1].start, window[1].stop) * coarse.shape[1] // shape[1]
    part: FloatArray = coarse[rows][:, columns]
    return part


def _tiles_with(soft: NDArray[np.bool_]) -> Iterator[Window]:
    """The windows of soft pixels, at most one in each square of the grid."""
    for top in range(0, soft.shape[0], _TILE):
        for left in range(0, soft.shape[1], _TILE):
            square = soft[top : top + _TILE, left : left + _TILE]
            rows, columns = np.flatnonzero(square.any(axis=1)), np.flatnonzero(square.any(axis=0))
            if rows.size:
                yield (
                    slice(top + int(rows[0]), top + int(rows[-1]) + 1),
                    slice(left + int(columns[0]), left + int(columns[-1]) + 1),
                )


def _pad(tile: Window, shape: tuple[int, ...], radius: int) -> tuple[Window, Window]:
    """The tile with `radius` pixels of surroundings, and where the tile lies in that."""
    padded, inner = [], []
    for one, length in zip(tile, shape, strict=True):
        low, high = max(0, one.start - radius), min(length, one.stop + radius)
        padded.append(slice(low, high))
        inner.append(slice(one.start - low, one.stop - low))
    return (padded[0], padded[1]), (inner[0], inner[1])
