"""Quarters of the size against loops over pixels."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.kernels.fours import any_of, at_pixels, means, means_of_pixels, pixels
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size

SIZES = [(1, 1), (4, 4), (5, 9), (32, 48), (33, 17)]


def _slow(plane: FloatArray) -> FloatArray:
    """Means of four by four, the last pixels repeated beyond the edges."""
    full = np.pad(plane, [(0, -size % 4) for size in plane.shape], mode="edge")
    cells = full.reshape(full.shape[0] // 4, 4, full.shape[1] // 4, 4)
    return np.asarray(cells.mean(axis=(1, 3)), np.float32)


@pytest.mark.parametrize("size_hw", SIZES)
def test_cells_are_means(size_hw: Size) -> None:
    rgb = np.random.default_rng(1).random((*size_hw, 3), np.float32)
    wanted = np.stack([_slow(rgb[..., channel]) for channel in range(3)])
    assert np.allclose(means_of_pixels(rgb), wanted, atol=1e-6)
    assert np.allclose(means(np.ascontiguousarray(rgb.transpose(2, 0, 1))), wanted, atol=1e-6)


@pytest.mark.parametrize("size_hw", SIZES)
def test_one_mark_marks_its_cell_alone(size_hw: Size) -> None:
    for y, x in {(0, 0), (size_hw[0] - 1, size_hw[1] - 1), (size_hw[0] // 2, size_hw[1] // 3)}:
        marks = np.zeros(size_hw, bool)
        marks[y, x] = True
        assert np.argwhere(any_of(marks)).tolist() == [[y // 4, x // 4]]


def test_windows_at_four_times_the_size_are_those_of_the_whole() -> None:
    planes = np.random.default_rng(2).random((2, 9, 13), np.float32)
    whole = np.stack([resize(plane, (36, 52), "bilinear") for plane in planes])
    for cells in ((slice(0, 9), slice(0, 13)), (slice(3, 5), slice(6, 13)), (slice(8, 9), slice(0, 1))):
        window = pixels(cells, (36, 52))
        assert np.abs(at_pixels(planes, cells) - whole[(slice(None), *window)]).max() < 1e-6
