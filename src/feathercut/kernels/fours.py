"""A quarter of the size each way: means of 4×4 pixels, and back. One processor's work on parts of a photo."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.windows import Marks, Window, grown
from feathercut.pictures import FloatArray

Numbers = TypeVar("Numbers", bound=np.generic)
_MOST = 64
"""Cells a side that `at_pixels` enlarges at most."""


def means(planes: FloatArray) -> FloatArray:
    """Means of 4×4 pixels of n×h×w: n×⌈h/4⌉×⌈w/4⌉. Where cells are cut off, the last pixels count again."""
    width = planes.shape[2]
    planes = _filled_up(planes, (4, 16), (1, 2))
    down = planes[:, 0::4] + planes[:, 1::4]
    down += planes[:, 2::4]
    down += planes[:, 3::4]
    # Sixteen columns by a matrix: quicker than to add every fourth one.
    cells = np.asarray(down.reshape(-1, 16) @ _COLUMNS, np.float32)
    return cells.reshape(len(planes), down.shape[1], -1)[..., : (width + 3) // 4]


def means_of_pixels(rgb: FloatArray) -> FloatArray:
    """As `means`, of h×w×3, as planes."""
    rgb = _filled_up(rgb, (4, 4), (0, 1))
    down = rgb[0::4] + rgb[1::4]
    down += rgb[2::4]
    down += rgb[3::4]
    cells = np.asarray(down.reshape(-1, 12) @ _COLOURS, np.float32)
    return cells.reshape(len(down), -1, 3).transpose(2, 0, 1)


def any_of(marks: Marks) -> Marks:
    """A mark wherever one of 4×4 pixels has one, ⌈h/4⌉×⌈w/4⌉."""
    marks = _filled_up(marks, (4, 4), (0, 1))
    down = marks[0::4] | marks[1::4] | marks[2::4] | marks[3::4]
    four_at_once: Marks = np.ascontiguousarray(down).view(np.uint32) != 0
    return four_at_once


def pixels(cells: Window, shape: tuple[int, ...]) -> Window:
    """The pixels of a window of cells, as far as a photo of h×w goes."""
    rows, columns = (slice(4 * one.start, min(4 * one.stop, most)) for one, most in zip(cells, shape, strict=True))
    return rows, columns


def at_pixels(planes: FloatArray, cells: Window) -> FloatArray:
    """What a window of at most 64×64 cells of n×h×w shows at four times the size, bilinear: n×4k×4l."""
    rows, columns = (one.stop - one.start for one in cells)
    outer = slice(cells[0].start - 1, cells[0].stop + 1), slice(cells[1].start - 1, cells[1].stop + 1)
    part = with_border(planes, outer)
    return np.asarray(_SHARES[: 4 * rows, : rows + 2] @ part @ _SHARES[: 4 * columns, : columns + 2].T, np.float32)


def with_border(array: FloatArray, window: Window) -> FloatArray:
    """A window that may reach over the ends of an array …×h×w, where the last cells are repeated."""
    inner = grown(window, 0, array.shape[-2:])
    part: FloatArray = array[(..., *inner)]
    if inner == window:
        return part
    missing = [(one.start - far.start, far.stop - one.stop) for one, far in zip(inner, window, strict=True)]
    return np.pad(part, [(0, 0)] * (array.ndim - 2) + missing, mode="edge")


def _filled_up(array: NDArray[Numbers], steps: tuple[int, int], axes: tuple[int, int]) -> NDArray[Numbers]:
    """The array with its last rows and columns repeated, up to multiples of the steps."""
    missing = [(0, 0)] * array.ndim
    for step, axis in zip(steps, axes, strict=True):
        missing[axis] = (0, -array.shape[axis] % step)
    return np.pad(array, missing, mode="edge") if any(after for _, after in missing) else array


def _mean_of(groups: int, kinds: int) -> FloatArray:
    """The matrix that takes 4 × `kinds` values of each group to their means over 16, `groups` of them at once."""
    matrix = np.zeros((groups, 4, kinds, groups, kinds), np.float32)
    for group in range(groups):
        for kind in range(kinds):
            matrix[group, :, kind, group, kind] = 1 / 16
    return matrix.reshape(groups * 4 * kinds, groups * kinds)


def _bilinear(cells: int) -> FloatArray:
    """How much of each cell, with one more at both ends, is in each of the pixels of four to a cell."""
    pixels = np.arange(4 * cells)
    at = (pixels + 0.5) / 4 + 0.5  # in cells from the centre of the first
    before = at.astype(int)
    shares = np.zeros((4 * cells, cells + 2), np.float32)
    shares[pixels, before] = 1 - (at - before)
    shares[pixels, before + 1] = at - before
    return shares


_COLUMNS, _COLOURS, _SHARES = _mean_of(4, 1), _mean_of(1, 3), _bilinear(_MOST)
