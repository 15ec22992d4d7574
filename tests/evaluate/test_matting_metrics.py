from __future__ import annotations

from collections import deque
from itertools import pairwise

import numpy as np

from feathercut.evaluate.arrays import Values
from feathercut.evaluate.band import unknown_band
from feathercut.evaluate.matting_metrics import connectivity_error, gradient_error


def noise(seed: int, size_hw: tuple[int, int] = (17, 23)) -> Values:
    """Levels of 8 bits, so that values lie exactly on the thresholds."""
    values: Values = np.random.default_rng(seed).integers(0, 6, size_hw) * 51 / 255
    return values


def slow_gradient(alpha: Values) -> Values:
    """Each pixel by itself, with the kernel written out from the paper's code."""
    sigma, half = 1.4, 4
    x = np.arange(-half, half + 1)
    bell = np.exp(-(x**2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    kernel = np.outer(bell, -x * bell / sigma**2)
    kernel /= np.sqrt((kernel**2).sum())
    wide = np.pad(alpha, half, mode="edge")
    length = np.empty_like(alpha)
    for row, column in np.ndindex(*alpha.shape):
        part = wide[row : row + 2 * half + 1, column : column + 2 * half + 1]
        length[row, column] = np.hypot((part * kernel).sum(), (part * kernel.T).sum())
    return length


def largest_region(mask: np.ndarray) -> set[tuple[int, int]]:
    """By walking from pixel to pixel; of equals the first."""
    best: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    for start in map(tuple, np.argwhere(mask)):
        if start in seen:
            continue
        region, waiting = {start}, deque([start])
        while waiting:
            row, column = waiting.popleft()
            for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                inside = 0 <= near[0] < mask.shape[0] and 0 <= near[1] < mask.shape[1]
                if inside and mask[near] and near not in region:
                    region.add(near)
                    waiting.append(near)
        seen |= region
        if len(region) > len(best):
            best = region
    return best


def slow_connectivity(alpha: Values, truth: Values) -> Values:
    level = np.full(alpha.shape, np.nan)
    thresholds = np.arange(0, 1.1, 0.1)
    for lower, threshold in pairwise(thresholds):
        region = largest_region((alpha >= threshold) & (truth >= threshold))
        for place in np.ndindex(*alpha.shape):
            if np.isnan(level[place]) and place not in region:
                level[place] = lower
    level[np.isnan(level)] = 1
    above_alpha, above_truth = alpha - level, truth - level
    error: Values = np.abs(above_alpha * (above_alpha >= 0.15) - above_truth * (above_truth >= 0.15))
    return error


def test_gradient_is_that_of_a_plain_convolution() -> None:
    expected = (slow_gradient(noise(1)) - slow_gradient(noise(2))) ** 2
    assert np.abs(gradient_error(noise(1), noise(2)) - expected).max() < 1e-12


def test_connectivity_is_that_of_walking_from_pixel_to_pixel() -> None:
    for seed in range(4):
        alpha, truth = noise(seed), np.maximum(noise(seed), noise(seed + 50))
        assert np.abs(connectivity_error(alpha, truth) - slow_connectivity(alpha, truth)).max() < 1e-12


def test_a_detached_island_is_an_error_of_connectivity_of_its_full_size() -> None:
    truth = np.zeros((40, 40))
    truth[5:25, 5:25] = 1
    alpha = truth.copy()
    alpha[30:34, 30:35] = 1
    assert np.isclose(connectivity_error(alpha, truth).sum(), 20)


def test_nothing_in_common_has_no_region_and_no_failure() -> None:
    left, right = np.zeros((8, 8)), np.zeros((8, 8))
    left[:, :3], right[:, 5:] = 1, 1
    assert connectivity_error(left, right).sum() == 48


def test_band_grows_ten_steps_and_comes_from_the_trimap_where_there_is_one() -> None:
    truth = np.zeros((41, 41))
    truth[20, 20] = 0.5
    band = unknown_band(truth)
    assert band[20, 10] and not band[20, 9] and band[15, 15] and not band[14, 15]
    assert band.sum() == 2 * 10 * 11 + 1
    trimap = np.array([[0, 5, 6, 128, 249, 250, 255]], np.uint8)
    assert unknown_band(truth, trimap).tolist() == [[False, False, True, True, True, False, False]]
    assert not unknown_band(np.ones((4, 4))).any()
