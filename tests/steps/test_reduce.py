"""A photo with no more pixels than are wanted."""

import numpy as np
import pytest

from factories import alpha_of, gradient, in_display_p3
from feathercut.pictures import Image
from feathercut.steps.reduce import reduce, reduced_size


@pytest.mark.parametrize("size", [(3000, 4000), (4000, 3000), (1, 9_000_000), (9_000_000, 1), (501, 501)])
def test_reduced_size_fits_and_keeps_the_shape(size: tuple[int, int]) -> None:
    height, width = reduced_size(size, 250_000)
    assert 0.98 * min(250_000, max(size)) <= height * width <= 250_000
    if min(size) > 1:
        assert height / width == pytest.approx(size[0] / size[1], rel=0.005)


def test_photo_that_fits_is_the_very_same() -> None:
    photo = gradient((10, 20))
    assert reduce(photo, 200) is photo
    assert reduce(photo, 199) is not photo


def test_reduced_photo_looks_the_same_and_keeps_its_profile() -> None:
    photo = in_display_p3(gradient((80, 120)))
    small = reduce(photo, 2400)
    assert small.size == (40, 60)
    assert small.metadata is photo.metadata
    expected = gradient((40, 60)).rgb
    assert np.abs(small.rgb - expected).mean() < 0.01


def test_hidden_colours_do_not_bleed_into_a_reduced_photo() -> None:
    alpha = np.zeros((40, 40), np.float32)
    alpha[:, 21:] = 1
    rgb = np.zeros((40, 40, 3), np.float32)
    rgb[:, 21:, 0] = 1
    rgb[:, :21, 1] = 1  # green, hidden
    small = reduce(Image(rgb, alpha), 400)
    shows = alpha_of(small) > 0
    assert small.rgb[shows][:, 1].max() < 0.01
