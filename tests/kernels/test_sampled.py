"""Windows of a reduced array against Pillow's enlargement of the whole of it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from feathercut.kernels.sampled import enlarged, looked_at, sampled
from feathercut.kernels.windows import Window, grid
from feathercut.pictures import FloatArray, Size

SIZES = [((11, 13), (44, 52)), ((11, 13), (37, 101)), ((64, 48), (65, 49)), ((1, 7), (5, 700)), ((1, 1), (9, 4))]


def _noise(*shape: int) -> FloatArray:
    return np.random.default_rng(11).random(shape, np.float32)


def _enlarged(plane: FloatArray, size_hw: Size) -> FloatArray:
    large = Image.fromarray(plane).resize(size_hw[::-1], Image.Resampling.BILINEAR)
    return np.asarray(large, np.float32)


def _whole(size_hw: Size) -> Window:
    return slice(0, size_hw[0]), slice(0, size_hw[1])


@pytest.mark.parametrize(("small", "full"), SIZES)
def test_the_whole_is_pillows_bilinear_enlargement(small: Size, full: Size) -> None:
    plane = _noise(*small)
    assert np.abs(sampled(plane, _whole(full), full) - _enlarged(plane, full)).max() < 1e-5


@pytest.mark.parametrize(("small", "full"), SIZES)
@pytest.mark.parametrize("step", [1, 4, 5, 100])
def test_windows_put_together_are_the_whole(small: Size, full: Size, step: int) -> None:
    planes = _noise(4, *small)
    whole = sampled(planes, _whole(full), full)
    for window in grid(full, step):
        assert np.abs(sampled(planes, window, full) - whole[(slice(None), *window)]).max() < 1e-6


@pytest.mark.parametrize(("small", "full"), [*SIZES, ((50, 40), (333, 517))])
def test_the_whole_at_once_is_the_same(small: Size, full: Size) -> None:
    plane = _noise(*small)
    assert np.abs(enlarged(plane, full) - sampled(plane, _whole(full), full)).max() < 1e-6


@pytest.mark.parametrize(("small", "full"), SIZES)
@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_window_looks_at_no_other_cells_than_it_says(small: Size, full: Size, step: int) -> None:
    plane = _noise(*small)
    for window in grid(full, step):
        changed = plane + 1
        changed[looked_at(window, small, full)] -= 1
        assert np.allclose(sampled(changed, window, full), sampled(plane, window, full), atol=1e-6)


def test_at_its_own_size_a_window_is_the_array_itself() -> None:
    planes = _noise(2, 9, 8)
    window = slice(2, 5), slice(1, 8)
    assert np.array_equal(sampled(planes, window, (9, 8)), planes[:, 2:5, 1:8])
