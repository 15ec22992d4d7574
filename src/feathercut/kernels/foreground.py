"""The subject's own colours at soft pixels, where the photo shows a mixture.

A pixel is I = αF + (1 − α)B with F and B smooth: T. Germer, T. Uelwer, S. Conrad, S. Harmeling,
"Fast Multi-Level Foreground Estimation", ICPR 2020. The 2×2 systems are solved from a pyramid's top
down, each level starting from the one above. Large levels are worked on only in the tiles that have
soft pixels, so that the cost follows the length of the edges, not the photo's area.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.halve import halved
from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray

Window = tuple[slice, slice]

_TILE = 192
_ROUNDS = ((32, 10), (1536, 4), (1 << 16, 2))
"""Rounds by a level's longer side, up to so many pixels: what is far apart was settled further up."""
_REACH = 4
_NEARLY_WHOLE = 0.9
"""Tiles that hold nothing softer, the insides of bodies, need no rounds at full size."""
_SMOOTHNESS, _SMOOTHNESS_AT_EDGES = np.float32(1e-3), np.float32(0.1)
_INNER = slice(1, -1)
_NEIGHBOURS = (
    (slice(0, -2), _INNER),
    (slice(2, None), _INNER),
    (_INNER, slice(0, -2)),
    (_INNER, slice(2, None)),
)
"""Where each neighbour of the inner pixels lies in an array with a border of one pixel."""


def estimate_foreground(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None = None) -> FloatArray:
    """F of I = αF + (1 − α)B, H×W×3 in [0, 1].

    `rgb` is I, H×W×3; `alpha` H×W; both in [0, 1]. `weight` H×W says how much each pixel's colour may
    be believed (None: all alike). Where alpha is 1 the photo's colour is kept to the bit, where it
    is 0 the result is 0.
    """
    result = _kept(rgb, alpha)
    soft = (alpha > 0) & (alpha < 1)
    if not soft.any():
        return result
    levels = _pyramid(rgb, alpha, weight)
    colours = np.stack([levels[-1].planes, levels[-1].planes])
    for level in reversed(levels[:-1]):
        colours = _solve_level(level, colours)
    whole = Level(rgb.transpose(2, 0, 1), alpha, weight)

    def settle(tile: Window) -> None:
        where = soft[tile]
        if float(alpha[tile].min(where=where, initial=1)) > _NEARLY_WHOLE and weight is None:
            behind = _enlarged(colours[1], tile, alpha.shape)[:, where].T
            result[tile][where] = _unmixed(rgb[tile][where], alpha[tile][where], behind)
            return
        padded, inner = _pad(tile, alpha.shape)
        solved = _relax(whole.part(padded), _enlarged(colours, padded, alpha.shape), _rounds(alpha.shape))
        result[tile][where] = solved[0][(slice(None), *inner)][:, where].T

    each(settle, _tiles_with(soft))
    return result


def _unmixed(rgb: FloatArray, alpha: FloatArray, b: FloatArray) -> FloatArray:
    """F = (I − (1 − α)B) / α of single pixels (n×3): where α is large, an error of B hardly reaches F."""
    share = alpha[:, None]
    return np.clip((rgb - (1 - share) * b) / share, 0.0, 1.0)


def _kept(rgb: FloatArray, alpha: FloatArray) -> FloatArray:
    """The photo where the subject is, zero elsewhere; memory for empty parts is never touched."""
    kept = np.zeros_like(rgb)

    def keep(tile: Window) -> None:
        np.copyto(kept[tile], rgb[tile], where=(alpha[tile] > 0)[..., None])

    each(keep, _tiles_with(alpha > 0))
    return kept


@dataclass(frozen=True)
class Level:
    """The photo at one size: `planes` 3×h×w, `alpha` h×w, `weight` h×w or None.

    Planes rather than pixels: arithmetic then runs along rows, several times as fast.
    """

    planes: FloatArray
    alpha: FloatArray
    weight: FloatArray | None

    def part(self, window: Window) -> Level:
        """What a window shows."""
        weight = None if self.weight is None else self.weight[window]
        return Level(self.planes[(slice(None), *window)], self.alpha[window], weight)

    def halved(self) -> Level:
        """The same at half the size; colours that cannot be believed do not reach it."""
        if self.weight is None:
            return Level(halved(self.planes), halved(self.alpha), None)
        share = np.maximum(self.weight, np.float32(1e-6))
        weight = halved(share)
        return Level(halved(self.planes * share) / weight, halved(self.alpha * share) / weight, weight)


def _pyramid(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> list[Level]:
    """The photo halved, and halved again down to one pixel."""
    levels = [Level(rgb.transpose(2, 0, 1), alpha, weight).halved()]
    while max(levels[-1].alpha.shape) > 1:
        levels.append(levels[-1].halved())
    return levels


def _solve_level(level: Level, above: FloatArray) -> FloatArray:
    """F and B of a level, 2×3×h×w, from those of the level above."""
    shape = level.alpha.shape
    if max(shape) <= _TILE:
        start = _enlarged(above, (slice(0, shape[0]), slice(0, shape[1])), shape)
        return _relax(level, start, _rounds(shape))
    # Only the surroundings of soft pixels are ever looked at further down; the rest stays untouched memory.
    solved = np.zeros((2, 3, *shape), np.float32)
    tiles = list(_tiles_with((level.alpha > 0) & (level.alpha < 1)))

    def begin(tile: Window) -> None:
        padded, _ = _pad(tile, shape)
        solved[(..., *padded)] = _enlarged(above, padded, shape)

    def settle(tile: Window) -> None:
        padded, inner = _pad(tile, shape)
        start = _enlarged(above, padded, shape)
        solved[(..., *tile)] = _relax(level.part(padded), start, _rounds(shape))[(..., *inner)]

    each(begin, tiles)  # all of them first: a tile's surroundings are another's inside
    each(settle, tiles)
    return solved


def _rounds(shape: tuple[int, ...]) -> int:
    return next(rounds for side, rounds in _ROUNDS if max(shape) <= side)


def _relax(level: Level, start: FloatArray, rounds: int) -> FloatArray:
    """Jacobi rounds on the 2×2 systems: each pixel's F and B near its neighbours' and true to the mixture.

    For neighbours' means F̄ and B̄ with weight s, the minimum of (αF + (1 − α)B − I)² + s(F − F̄)² +
    s(B − B̄)² is F̄ + αr, B̄ + (1 − α)r with r = (I − αF̄ − (1 − α)B̄) / (α² + (1 − α)² + s).
    """
    alpha = level.alpha
    bordered = np.pad(alpha, 1, mode="edge")
    pulls = [_SMOOTHNESS + _SMOOTHNESS_AT_EDGES * np.abs(alpha - bordered[near]) for near in _NEIGHBOURS]
    pull = pulls[0] + pulls[1] + pulls[2] + pulls[3]
    shares = [one / pull for one in pulls]
    both = np.stack([alpha, 1 - alpha])[:, None]
    inverse = 1 / (both[0] * both[0] + both[1] * both[1] + pull)
    if level.weight is not None:
        inverse *= level.weight
    field = np.pad(start, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    inner = field[..., _INNER, _INNER]
    mean, product = np.empty_like(inner), np.empty_like(inner)
    for _ in range(rounds):
        _repeat_border(field)
        np.multiply(field[(..., *_NEIGHBOURS[0])], shares[0], out=mean)
        for near, share in zip(_NEIGHBOURS[1:], shares[1:], strict=True):
            mean += np.multiply(field[(..., *near)], share, out=product)
        np.multiply(mean, both, out=product)
        missing = (level.planes - product[0] - product[1]) * inverse
        mean += np.multiply(both, missing, out=product)
        np.clip(mean, 0.0, 1.0, out=inner)
    return inner


def _repeat_border(field: FloatArray) -> None:
    field[..., 0, :], field[..., -1, :] = field[..., 1, :], field[..., -2, :]
    field[..., :, 0], field[..., :, -1] = field[..., :, 1], field[..., :, -2]


def _enlarged(coarse: FloatArray, window: Window, shape: tuple[int, ...]) -> FloatArray:
    """The part of a level that the level above (…×h×w) stands for: each pixel twice each way."""
    rows = np.arange(window[0].start, window[0].stop) * coarse.shape[-2] // shape[0]
    columns = np.arange(window[1].start, window[1].stop) * coarse.shape[-1] // shape[1]
    part: FloatArray = coarse[..., rows, :][..., columns]
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


def _pad(tile: Window, shape: tuple[int, ...]) -> tuple[Window, Window]:
    """The tile with as much around it as the rounds reach, and where the tile lies in that."""
    padded, inner = [], []
    for one, length in zip(tile, shape, strict=True):
        low, high = max(0, one.start - _REACH), min(length, one.stop + _REACH)
        padded.append(slice(low, high))
        inner.append(slice(one.start - low, one.stop - low))
    return (padded[0], padded[1]), (inner[0], inner[1])
