import numpy as np
import pytest

from feathercut.kernels.surroundings import backdrop, filled
from scenes_of_glass import outline, wall


def test_what_is_known_is_kept_and_a_hole_continues_what_is_around_it() -> None:
    planes, known = wall().transpose(2, 0, 1), outline() == 0
    found = filled(np.where(known, planes, np.float32(0)), known)
    assert np.array_equal(found[:, known], planes[:, known])
    assert np.abs(found - planes)[:, ~known].mean() < 0.03


def test_a_calm_backdrop_varies_less_than_a_rough_one() -> None:
    known = outline() == 0
    calm = np.full((3, *known.shape), 0.5, np.float32)
    rough = np.clip(calm + np.random.default_rng(1).normal(0, 0.1, calm.shape), 0, 1).astype(np.float32)
    assert backdrop(calm, known)[1].max() < 0.01
    assert abs(float(backdrop(rough, known)[1].mean()) - 0.1) < 0.02


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 1), (3, 4)])
def test_tiny_pictures_are_filled(size: tuple[int, int]) -> None:
    known = np.zeros(size, bool)
    assert not filled(np.ones((3, *size), np.float32), known).any()
    known[0, 0] = True
    assert np.allclose(filled(np.full((3, *size), 0.3, np.float32), known), 0.3)
