"""Edges that follow the photo's own, at its own size.

A network saw a reduced photo. Where its matte is soft over some width (hair, fur, blur), the model of
`kernels.guided`, learned from the pixels around that it is sure of, says alpha from the colours of the full
photo. A crisp edge is left as it was drawn.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.fuse import fitted, step
from feathercut.kernels.guided import applied, linear_model
from feathercut.kernels.resample import shrink
from feathercut.kernels.sampled import full_window, sampled
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Marks, Window, grid, grown, inside
from feathercut.pictures import FloatArray, Size

_SIDE = 1024
"""Longer side at which the model is learned; larger photos are reduced for it."""
_REACH = 1 / 100
"""Of the longer side: how far the model looks."""
_EPSILON = 1e-4
_LEAST_WEIGHT = np.float32(0.05)
_SOFT = 0.03
_CRISP, _WIDE = np.float32(0.15), np.float32(0.5)
"""Share of soft pixels around, below which an edge is crisp and from which it is all the model's."""
_SMALL, _LARGE = 480, 800
"""Photos this small were enlarged for the network, whose edges are finer than their pixels: the model adds blur."""
_EXPLAINED = (0.2, 0.6)
"""Share of the matte's variance that colours must account for: hair before its like is left as it was drawn."""
_LEARNED_TILE, _DRAWN_TILE = 256, 32


def follow_edges(rgb: FloatArray, alpha: FloatArray) -> FloatArray:
    """`alpha` with its soft edges drawn anew after the photo.

    `rgb` H×W×3, `alpha` H×W, both in [0, 1]. Works only near soft pixels, in tiles.
    """
    longer = max(alpha.shape)
    strength = np.float32(min(1.0, max(0.0, (longer - _SMALL) / (_LARGE - _SMALL))))
    size = _size(alpha) if longer <= _SIDE else fitted(alpha.shape, _SIDE)
    small = shrink(alpha[..., None], size, "box")[..., 0]
    reach = max(2, round(max(size) * _REACH))
    gate = _gate(small, reach) * strength
    if not gate.any():
        return alpha
    coefficients = _learned(shrink(rgb, size, "box").transpose(2, 0, 1), small, gate > 0, reach)
    gate = gate * step(coefficients[4], *_EXPLAINED)
    return _drawn(rgb, alpha, coefficients[:4], gate)


def _gate(alpha: FloatArray, reach: int) -> FloatArray:
    """How far each pixel is the model's: 1 in wide soft parts, 0 at crisp edges and in bodies."""
    soft = ((alpha > _SOFT) & (alpha < 1 - _SOFT)).astype(np.float32)
    share = np.clip((box_mean(soft, reach) - _CRISP) / (_WIDE - _CRISP), 0.0, 1.0)
    gate = box_mean(share, max(1, reach // 2))
    return np.where(gate > np.float32(1e-3), gate, np.float32(0))


def _learned(planes: FloatArray, alpha: FloatArray, wanted: Marks, reach: int) -> FloatArray:
    """The model's coefficients and how much they explain, 5×h×w, where they are wanted; zero elsewhere."""
    result = np.zeros((5, *alpha.shape), np.float32)
    weight = (2 * alpha - 1) ** 2 + _LEAST_WEIGHT

    def learn(tile: Window) -> None:
        wide = grown(tile, 2 * reach, alpha.shape)
        part = linear_model(planes[(slice(None), *wide)], alpha[wide], weight[wide], reach, _EPSILON)
        result[(slice(None), *tile)] = part[(slice(None), *inside(tile, wide))]

    # Every cell that a pixel of an open one looks at, too.
    each(learn, [tile for tile in grid(_size(alpha), _LEARNED_TILE) if wanted[grown(tile, 1, alpha.shape)].any()])
    return result


def _drawn(rgb: FloatArray, alpha: FloatArray, coefficients: FloatArray, gate: FloatArray) -> FloatArray:
    """The matte at the photo's size, the model's where the gate is open."""
    result = alpha.copy()
    small, full = _size(gate), _size(alpha)

    def draw(cells: Window) -> None:
        window = full_window(cells, small, full)
        known = alpha[window]
        model = applied(sampled(coefficients, window, full), rgb[window].transpose(2, 0, 1))
        result[window] = known + (model - known) * sampled(gate, window, full)

    # Bilinear, a cell reaches into the next one: so do the windows.
    each(draw, [tile for tile in grid(small, _DRAWN_TILE) if gate[grown(tile, 1, small)].any()])
    return np.clip(result, 0.0, 1.0, out=result)


def _size(plane: FloatArray) -> Size:
    return plane.shape[0], plane.shape[1]
