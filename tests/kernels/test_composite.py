from __future__ import annotations

import numpy as np
import pytest

from factories import floats, soft_disc
from feathercut.kernels.composite import gaussian_blur, over, resize_straight
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray

RANDOM = np.random.default_rng(11)


def slow_over(top: list[float], a: float, below: list[float], b: float) -> tuple[list[float], float]:
    """Porter and Duff's `over` for one pixel."""
    alpha = a + b * (1 - a)
    if alpha == 0:
        return [0.0] * 3, 0.0
    return [(t * a + u * b * (1 - a)) / alpha for t, u in zip(top, below, strict=True)], alpha


def layers() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    a, b = (floats(np.round(RANDOM.random((9, 11)) * 4) / 4) for _ in range(2))  # with many zeros and ones
    top, below = (floats(RANDOM.random((9, 11, 3))) for _ in range(2))
    return top, a, below, b


def test_over_matches_each_pixel_done_by_hand() -> None:
    top, a, below, b = layers()
    rgb, alpha = over(top, a, below, b)
    for y, x in np.ndindex(a.shape):
        expected, total = slow_over(top[y, x].tolist(), float(a[y, x]), below[y, x].tolist(), float(b[y, x]))
        assert abs(float(alpha[y, x]) - total) < 1e-6
        assert np.abs(rgb[y, x] - expected).max() < 1e-6
    assert ((a == 0) & (b == 0)).any(), "the case where nothing shows is among them"


def test_one_colour_and_one_alpha_below_are_spread() -> None:
    top, a, _, _ = layers()
    colour = floats([0.2, 0.4, 0.6])
    spread = over(top, a, np.broadcast_to(colour, top.shape), np.full_like(a, 0.5))
    short = over(top, a, colour, 0.5)
    assert np.array_equal(short[0], spread[0]) and np.array_equal(short[1], spread[1])


def test_over_an_opaque_layer_is_opaque() -> None:
    top, a, below, _ = layers()
    assert np.abs(over(top, a, below, 1.0)[1] - 1).max() < 1e-6


def test_three_layers_may_be_put_together_in_either_order() -> None:
    top, a, below, b = layers()
    last = floats([0.9, 0.1, 0.5])
    one = over(*over(top, a, below, b), last, 0.75)
    other = over(top, a, *over(below, b, last, 0.75))
    assert np.abs(one[0] - other[0]).max() < 1e-5 and np.abs(one[1] - other[1]).max() < 1e-6


@pytest.mark.parametrize("size_hw", [(25, 25), (37, 61), (200, 180)])
def test_white_on_hidden_red_keeps_white_edges_at_every_size(size_hw: tuple[int, int]) -> None:
    alpha = (soft_disc((100, 100), 1.0) > 0.5).astype(np.float32)
    rgb = np.where(alpha[..., None] > 0, np.float32(1), floats([1, 0, 0]))
    new_rgb, new_alpha = resize_straight(rgb, alpha, size_hw)
    shows = new_alpha > 0.5 / 255
    assert (new_alpha[shows] < 0.9).any(), "there are soft pixels to look at"
    assert new_rgb[shows].min() > 0.999
    careless = np.clip(resize(rgb, size_hw, "lanczos"), 0, 1)
    assert careless[shows].min() < 0.7, "which channels resized by themselves would have failed"


def test_resizing_keeps_alpha_in_range_and_hidden_pixels_black() -> None:
    alpha = (RANDOM.random((60, 60)) > 0.5).astype(np.float32)
    new_rgb, new_alpha = resize_straight(np.ones((60, 60, 3), np.float32), alpha, (45, 170))
    assert new_alpha.min() >= 0 and new_alpha.max() <= 1
    assert not new_rgb[new_alpha == 0].any()


@pytest.mark.parametrize("size_hw", [(30, 30), (60, 60), (33, 77), (17, 13)])
def test_no_ghost_line_runs_along_a_hard_edge(size_hw: tuple[int, int]) -> None:
    """Lanczos alone leaves 3/255 beside the subject and takes 3/255 from its inside."""
    alpha = np.zeros((40, 40), np.float32)
    alpha[10:30, 10:30] = 1
    plain = resize(alpha, size_hw, "bilinear")
    _, new_alpha = resize_straight(np.ones((40, 40, 3), np.float32), alpha, size_hw)
    assert not new_alpha[plain == 0].any() and (new_alpha[plain > 0.999999] == 1).all()
    assert np.abs(new_alpha - plain).max() < 0.16


def test_the_same_size_is_left_alone() -> None:
    top, a, _, _ = layers()
    rgb, alpha = resize_straight(top, a, (9, 11))
    assert rgb is top and alpha is a


def slow_blur(plane: FloatArray, sigma: float) -> FloatArray:
    """A Gaussian, sample by sample, far beyond its reach."""
    reach = int(5 * sigma) + 1
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    taps /= taps.sum()
    padded = np.pad(plane.astype(np.float64), reach, mode="edge")
    rows = np.array([np.convolve(row, taps, "valid") for row in padded])
    return np.array([np.convolve(column, taps, "valid") for column in rows.T]).T.astype(np.float32)


@pytest.mark.parametrize(("sigma", "worst"), [(1.0, 0.004), (3.0, 0.004), (9.0, 0.02), (25.0, 0.03)])
def test_blur_matches_a_gaussian_sample_by_sample(sigma: float, worst: float) -> None:
    rgb = np.repeat(soft_disc((90, 120), 2.0)[..., None], 3, axis=2)
    assert np.abs(gaussian_blur(rgb, sigma)[..., 0] - slow_blur(rgb[..., 0], sigma)).max() < worst


def test_no_blur_changes_nothing_and_a_vast_one_ends() -> None:
    rgb = RANDOM.random((20, 30, 3)).astype(np.float32)
    assert np.abs(gaussian_blur(rgb, 0.0) - rgb).max() < 1e-6
    vast = gaussian_blur(rgb, 1e9)
    assert np.abs(vast - rgb.mean(axis=(0, 1))).max() < 0.05
