"""Windows of large arrays: where the work is, and what lies around it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Window = tuple[slice, slice]
"""Rows and columns, each with a start and a stop inside the array."""
Marks = NDArray[np.bool_]


def grid(shape: tuple[int, ...], step: int) -> Iterator[Window]:
    """The squares of `step` pixels that cover an array of h×w; the last ones are cut off at its ends."""
    for top in range(0, shape[0], step):
        for left in range(0, shape[1], step):
            yield slice(top, min(top + step, shape[0])), slice(left, min(left + step, shape[1]))


def around(marks: Marks, step: int, reach: int) -> Iterator[Window]:
    """For each square of the grid that holds marks, the box of them, grown by `reach` pixels."""
    for rows, columns in grid(marks.shape, step):
        square = marks[rows, columns]
        down, across = np.flatnonzero(square.any(axis=1)), np.flatnonzero(square.any(axis=0))
        if down.size:
            yield grown(
                (
                    slice(rows.start + int(down[0]), rows.start + int(down[-1]) + 1),
                    slice(columns.start + int(across[0]), columns.start + int(across[-1]) + 1),
                ),
                reach,
                marks.shape,
            )


def grown(window: Window, reach: int, shape: tuple[int, ...]) -> Window:
    """The window with `reach` pixels around it, as far as the array goes."""
    rows, columns = window
    return (
        slice(max(0, rows.start - reach), min(shape[0], rows.stop + reach)),
        slice(max(0, columns.start - reach), min(shape[1], columns.stop + reach)),
    )


def even(window: Window) -> Window:
    """The window from even rows and columns on."""
    rows, columns = window
    return slice(rows.start & ~1, rows.stop), slice(columns.start & ~1, columns.stop)


def inside(window: Window, outer: Window) -> Window:
    """Where a window lies in a larger one that holds it."""
    return (
        slice(window[0].start - outer[0].start, window[0].stop - outer[0].start),
        slice(window[1].start - outer[1].start, window[1].stop - outer[1].start),
    )


def shifted(window: Window, by: Window) -> Window:
    """A window of a window, in what that one is of."""
    rows, columns = (slice(at.start + one.start, at.start + one.stop) for one, at in zip(window, by, strict=True))
    return rows, columns


def halved_marks(marks: Marks) -> Marks:
    """Half the size, ⌈h/2⌉×⌈w/2⌉: a mark wherever one of the 2×2 pixels has one."""
    height, width = marks.shape
    down = marks[0::2].copy()
    down[: height // 2] |= marks[1::2]
    across = down[:, 0::2].copy()
    across[:, : width // 2] |= down[:, 1::2]
    return across
