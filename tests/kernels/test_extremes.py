"""Extremes over windows against windows that anyone can follow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from feathercut.kernels.extremes import largest, smallest
from feathercut.pictures import FloatArray, Size


def _slow(plane: FloatArray, radius: int, extreme: Callable[[FloatArray], np.float32]) -> FloatArray:
    result = np.empty_like(plane)
    for y, x in np.ndindex(plane.shape):
        result[y, x] = extreme(plane[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1])
    return result


@pytest.mark.parametrize("radius", [0, 1, 2, 3, 7, 8, 20])
@pytest.mark.parametrize("size_hw", [(1, 1), (1, 30), (5, 3), (47, 31)])
def test_extremes_are_those_of_the_pixels_inside(radius: int, size_hw: Size) -> None:
    plane = np.random.default_rng(3).random(size_hw, np.float32) - np.float32(0.5)
    assert np.array_equal(largest(plane, radius), _slow(plane, radius, np.max))
    assert np.array_equal(smallest(plane, radius), _slow(plane, radius, np.min))


def test_one_pixel_becomes_a_square_and_a_pinhole_too() -> None:
    plane = np.zeros((9, 12), np.float32)
    plane[4, 6] = 1
    square = np.zeros_like(plane)
    square[2:7, 4:9] = 1
    assert np.array_equal(largest(plane, 2), square)
    assert np.array_equal(smallest(1 - plane, 2), 1 - square)


def test_the_input_is_left_alone() -> None:
    plane = np.random.default_rng(4).random((8, 9), np.float32)
    before = plane.copy()
    for radius in (0, 3):
        largest(plane, radius)[:] = 9
        smallest(plane, radius)[:] = 9
    assert np.array_equal(plane, before)
