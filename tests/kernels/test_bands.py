"""Products of matrices give what Pillow's filters do, whatever the size and the filter."""

import numpy as np
import pytest

from feathercut.kernels.bands import banded
from feathercut.kernels.resample import resize
from feathercut.pictures import Resample

SIZES = [((123, 157), (64, 40)), ((40, 30), (123, 157)), ((90, 333), (200, 100)), ((3, 5), (1, 1)), ((1, 1), (7, 2))]


@pytest.mark.parametrize("resample", ["box", "bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize(("before", "after"), SIZES)
def test_products_are_pillows_filters(before: tuple[int, int], after: tuple[int, int], resample: Resample) -> None:
    rgb = np.random.default_rng(1).random((*before, 3)).astype(np.float32)
    wanted = resize(rgb, after, resample)
    turned = banded(rgb.transpose(2, 0, 1), after, resample)
    assert turned.dtype == np.float32 and np.abs(turned - wanted).max() < 3e-6
    assert np.abs(banded(np.ascontiguousarray(rgb.transpose(2, 0, 1)), after, resample) - wanted).max() < 3e-6


def test_a_flat_picture_stays_flat() -> None:
    assert np.allclose(banded(np.full((3, 50, 70), 0.3, np.float32), (33, 99), "lanczos"), 0.3, atol=1e-6)
