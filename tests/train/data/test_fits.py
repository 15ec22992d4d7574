from __future__ import annotations

import numpy as np
import pytest

from feathercut.pictures import FloatArray
from feathercut.train.data.fits import fits

from .sets import matte, scene

SIZE = (240, 320)


@pytest.mark.parametrize("number", range(8))
def test_a_matte_of_its_photo_fits_and_one_that_was_moved_does_not(number: int) -> None:
    photo, alpha = scene(number, SIZE), matte(number, SIZE)
    assert fits(photo, alpha)
    for moved in (np.roll(alpha, 60, 1), np.roll(alpha, -50, 0)):
        assert not fits(photo, moved)


@pytest.mark.parametrize("alpha", [np.zeros(SIZE, np.float32), np.ones(SIZE, np.float32)])
def test_a_matte_without_edges_says_nothing(alpha: FloatArray) -> None:
    assert fits(scene(0, SIZE), alpha)


def test_a_subject_in_its_surroundings_colours_is_not_called_wrong_for_strong_edges_elsewhere() -> None:
    alpha = matte(0, SIZE)
    photo = np.full((*SIZE, 3), 0.4, np.float32) + np.float32(0.1) * alpha[..., None]
    photo[:, ::40] = 1
    assert fits(photo, alpha)
