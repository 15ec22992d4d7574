from __future__ import annotations

import numpy as np
import pytest

from factories import flat, half_prediction
from feathercut.options import Refine
from feathercut.pictures import Prediction, Size
from feathercut.steps.refine import refine

REFINE = Refine()


@pytest.mark.parametrize("size_hw", [(40, 80), (8, 8), (3, 5), (1, 1), (1, 5000)])
def test_a_matte_has_the_size_of_its_photo(size_hw: Size) -> None:
    assert refine(flat(size_hw), half_prediction(), REFINE).alpha.shape == size_hw


def test_blocks_of_0_and_200_do_not_ring_when_they_are_enlarged() -> None:
    """Incumbents overshoot here: a dark rim around the subject and alpha above the network's."""
    blocks = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((10, 10))).astype(np.float32) * np.float32(200 / 255)
    alpha = refine(flat((312, 312)), Prediction(blocks, (0, 0, 80, 80), "tiny"), REFINE).alpha
    assert alpha.min() == 0
    assert alpha.max() == np.float32(200 / 255)


def test_only_what_shows_the_photo_counts() -> None:
    canvas = np.ones((8, 8), np.float32)
    canvas[2:6] = 0.25
    alpha = refine(flat((20, 40)), Prediction(canvas, (2, 0, 6, 8), "tiny"), REFINE).alpha
    assert np.allclose(alpha, 0.25), "nothing of the padding leaks in"


def test_the_edge_lies_where_the_network_put_it() -> None:
    alpha = refine(flat((40, 80)), half_prediction(), REFINE).alpha
    assert np.allclose(alpha[:, 39:41].mean(axis=1), 0.5, atol=1e-6)
    assert not alpha[:, :34].any() and (alpha[:, 46:] == 1).all()


def test_the_photos_own_alpha_multiplies() -> None:
    own = np.linspace(0, 1, 80, dtype=np.float32) * np.ones((40, 1), np.float32)
    prediction = Prediction(np.full((8, 8), 0.5, np.float32), (0, 0, 8, 8), "tiny")
    alpha = refine(flat((40, 80), alpha=own), prediction, REFINE).alpha
    assert np.allclose(alpha, 0.5 * own, atol=1e-6)


def test_a_recipe_that_overshoots_is_clipped() -> None:
    lanczos = Prediction(half_prediction().alpha, (0, 0, 8, 8), "tiny", resample="lanczos")
    alpha = refine(flat((40, 80)), lanczos, REFINE).alpha
    assert alpha.min() == 0 and alpha.max() == 1
