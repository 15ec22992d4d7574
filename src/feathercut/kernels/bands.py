"""Pictures of another size by products of matrices: a filter is a band, and a processor multiplies such things best.

The filters and their windows are Pillow's (`precompute_coeffs` of its Resample.c); the two agree to 1e-6 of 1.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.side_by_side import each
from feathercut.pictures import FloatArray, Resample, Size

_REACH: dict[Resample, float] = {"box": 0.5, "bilinear": 1.0, "bicubic": 2.0, "lanczos": 3.0}
_ROWS, _COLUMNS = 16, 32
"""What is made at once: more would multiply more of the zeros beside the band, less would call more often."""
_STRIP = 4 * _ROWS
_OF_ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS begins no threads (its interface/gemm.c)."""

Doubles = NDArray[np.float64]
Band = tuple[slice, FloatArray]
"""The numbers that some results are made of, and the share of each in each of them."""


def banded(planes: FloatArray, size_hw: Size, resample: Resample) -> FloatArray:
    """`planes` (C×H×W, perhaps H×W×C turned) at `size_hw`: h×w×C, colour by colour in memory, as networks take it."""
    down = _bands(planes.shape[1], size_hw[0], resample, _ROWS)
    across = _bands(planes.shape[2], size_hw[1], resample, _COLUMNS)
    result = np.empty((len(planes), *size_hw), np.float32)
    is_turned = planes.transpose(1, 2, 0).flags.c_contiguous

    def fill(top: int) -> None:
        bands = down[top // _ROWS : (top + _STRIP) // _ROWS]
        if is_turned:  # whole rows, all colours at once
            rows = planes.transpose(1, 2, 0).reshape(planes.shape[1], -1)
            low = np.concatenate([_product(rows[used].T, share).T for used, share in bands])
            low = low.reshape(len(low), -1, len(planes)).transpose(2, 0, 1)
        else:
            low = np.stack(
                [np.concatenate([_product(plane[used].T, share).T for used, share in bands]) for plane in planes]
            )
        low = np.ascontiguousarray(low)
        for number, (used, share) in enumerate(across):
            left = number * _COLUMNS
            result[:, top : top + _STRIP, left : left + _COLUMNS] = _product(low[..., used], share)

    each(fill, range(0, size_hw[0], _STRIP))
    return result.transpose(1, 2, 0)


def _product(many: FloatArray, share: FloatArray) -> FloatArray:
    """`many` (…×n×k) times the turned `share` (m×k): …×n×m; in pieces of which each is the business of one thread.

    The library behind numpy shares larger ones out among threads of its own, which stand in the way of ours: ten times
    as long, where others work on the machine.
    """
    step = max(1, _OF_ONE_THREAD // share.size)
    rows = many.shape[-2]
    result = np.empty((*many.shape[:-2], len(share), rows), np.float32).swapaxes(-1, -2)
    for first in range(0, rows, step):
        some = (..., slice(first, first + step), slice(None))
        np.matmul(many[some], share.T, out=result[some])
    return result


@lru_cache(maxsize=16)
def _bands(before: int, after: int, resample: Resample, step: int) -> tuple[Band, ...]:
    """For each `step` of `after` results the part of `before` numbers that they are made of."""
    scale = before / after
    width = max(scale, 1.0)  # of the filter, in numbers: what is enlarged is looked at as it is
    reach = _REACH[resample] * width
    centres = (np.arange(after) + 0.5) * scale
    starts = np.maximum((centres - reach + 0.5).astype(np.intp), 0)
    stops = np.minimum((centres + reach + 0.5).astype(np.intp), before)
    bands = []
    for first in range(0, after, step):
        some = slice(first, first + step)
        places = np.arange(starts[some][0], stops[some][-1])
        shares = _weight((places - centres[some, None] + 0.5) / width, resample)
        shares[(places < starts[some, None]) | (places >= stops[some, None])] = 0
        shares /= shares.sum(axis=1, keepdims=True)
        bands.append((slice(int(places[0]), int(places[-1]) + 1), shares.astype(np.float32)))
    return tuple(bands)


def _weight(away: Doubles, resample: Resample) -> Doubles:
    """How much a number counts that is so far away, in widths of the filter."""
    match resample:
        case "box":
            return ((away > -0.5) & (away <= 0.5)).astype(np.float64)
        case "bilinear":
            return np.asarray(np.maximum(1 - np.abs(away), 0), np.float64)
        case "bicubic":
            near = np.abs(away)
            inner, outer = (1.5 * near - 2.5) * near**2 + 1, ((-0.5 * near + 2.5) * near - 4) * near + 2
            return np.asarray(np.where(near < 1, inner, np.where(near < 2, outer, 0)), np.float64)
        case "lanczos":
            return np.asarray(np.where(np.abs(away) < 3, np.sinc(away) * np.sinc(away / 3), 0), np.float64)
