"""Shadows that are drawn on the ground: laid there as a silhouette, or dark where a subject stands."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.kernels.shadow import cast_shadow, contact_shadow
from feathercut.pictures import FloatArray


def _post(size: int = 60) -> FloatArray:
    """A post of 6 pixels from row 10 to row 40."""
    alpha = np.zeros((size, size), np.float32)
    alpha[10:40, 27:33] = 1
    return alpha


def test_the_shadow_of_the_top_lies_where_angle_and_distance_say() -> None:
    shadow = cast_shadow(_post(), 45, 20, 0, 1.0)
    rows, columns = np.nonzero(shadow > 0.3)
    down = 20 * np.sin(np.pi / 4)
    assert rows.min() == 40
    assert rows.max() == pytest.approx(40 + down - 1, abs=1)
    assert columns[rows == rows.max()].mean() == pytest.approx(29.5 + down, abs=1)


def test_a_shadow_that_falls_away_from_the_viewer_goes_up_from_the_foot() -> None:
    rows, _ = np.nonzero(cast_shadow(_post(), 270, 12, 0, 1.0))
    assert (rows.min(), rows.max()) == (28, 39)


def test_a_cast_shadow_grows_weaker_and_softer_with_the_distance() -> None:
    shadow = cast_shadow(_post(90), 90, 40, 4, 0.8)
    assert shadow[42].max() > shadow[60].max() > shadow[76].max() > 0
    assert (shadow[42] > 0.02).sum() < (shadow[70] > 0.02).sum()


def test_contact_is_darkest_at_the_foot_and_as_dark_as_it_is_asked_for() -> None:
    shadow = contact_shadow(_post(), 3, 0.7)
    row, column = np.unravel_index(int(shadow.argmax()), shadow.shape)
    assert shadow.max() == pytest.approx(0.7, abs=1e-6)
    assert abs(int(row) - 40) <= 2
    assert 27 <= column < 33
    assert shadow[:25].max() < 0.01


def test_legs_stand_and_the_belly_between_them_does_not() -> None:
    alpha = np.zeros((60, 80), np.float32)
    alpha[10:25, 10:70] = 1
    alpha[25:50, 10:16] = alpha[25:50, 64:70] = 1
    shadow = contact_shadow(alpha, 1.5, 0.6)
    assert min(shadow[48:52, 10:16].max(), shadow[48:52, 64:70].max()) > 0.4
    assert shadow[20:32, 30:50].max() < 0.05


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (7, 8)])
def test_nothing_casts_nothing_and_everything_does_no_harm(size: tuple[int, int]) -> None:
    for alpha in (np.zeros(size, np.float32), np.full(size, 0.4, np.float32)):
        assert not cast_shadow(alpha, 30, 5, 2, 1).any()
        assert not contact_shadow(alpha, 2, 1).any()
    full = np.ones(size, np.float32)
    for shadow in (cast_shadow(full, 30, 5, 2, 1), contact_shadow(full, 2, 1)):
        assert shadow.shape == size
        assert np.isfinite(shadow).all()
        assert 0 <= shadow.min() <= shadow.max() <= 1
