"""Half the size against a loop over pixels."""

import numpy as np
import pytest

from feathercut.kernels.halve import halved
from feathercut.pictures import FloatArray


def _slow(plane: FloatArray) -> FloatArray:
    height, width = plane.shape
    result = np.zeros(((height + 1) // 2, (width + 1) // 2), np.float32)
    for y in range(result.shape[0]):
        for x in range(result.shape[1]):
            result[y, x] = plane[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].mean()
    return result


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (7, 1), (8, 10), (129, 67), (200, 31)])
def test_each_pixel_is_the_mean_of_its_square(shape: tuple[int, int]) -> None:
    plane = np.random.default_rng(6).random(shape, np.float32)
    assert np.allclose(halved(plane), _slow(plane), atol=1e-6)


def test_planes_and_transposed_views_are_halved_alike() -> None:
    rgb = np.random.default_rng(7).random((70, 33, 3), np.float32)
    planes = halved(rgb.transpose(2, 0, 1))
    assert planes.shape == (3, 35, 17)
    assert np.allclose(planes[1], _slow(rgb[..., 1]), atol=1e-6)
