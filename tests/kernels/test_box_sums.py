"""Means over windows against sums that anyone can follow."""

import numpy as np
import pytest

from feathercut.kernels.box_sums import box_mean
from feathercut.pictures import FloatArray


def _slow(plane: FloatArray, radius: int) -> FloatArray:
    result = np.empty(plane.shape, np.float32)
    for y, x in np.ndindex(plane.shape):
        window = plane[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
        result[y, x] = window.astype(np.float64).mean()
    return result


def _noise(*shape: int) -> FloatArray:
    return np.random.default_rng(1).random(shape, np.float32)


@pytest.mark.parametrize("radius", [0, 1, 2, 3, 7, 20])
@pytest.mark.parametrize("size_hw", [(1, 1), (5, 3), (97, 60), (150, 31)])
def test_mean_is_that_of_the_pixels_inside(radius: int, size_hw: tuple[int, int]) -> None:
    plane = _noise(*size_hw)
    assert np.abs(box_mean(plane, radius) - _slow(plane, radius)).max() < 1e-6


def test_each_plane_has_its_own_means() -> None:
    planes = _noise(2, 3, 20, 30)
    means = box_mean(planes, 4)
    assert means.shape == planes.shape
    assert np.abs(means[1, 2] - _slow(planes[1, 2], 4)).max() < 1e-6


def test_mean_of_one_value_is_that_value() -> None:
    flat = np.full((3000, 40), 0.7, np.float32)
    assert np.abs(box_mean(flat, 300) - 0.7).max() < 1e-6


def test_input_is_left_alone() -> None:
    plane = _noise(50, 50)
    before = plane.copy()
    result = box_mean(plane, 0)
    result[:] = 9
    assert (plane == before).all()


def test_planes_that_are_views_are_read_as_they_are() -> None:
    picture = _noise(40, 30, 3)
    means = box_mean(picture.transpose(2, 0, 1), 2)
    assert np.abs(means[1] - _slow(picture[..., 1], 2)).max() < 1e-6
