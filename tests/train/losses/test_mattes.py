"""The losses of mattes, each against the same written out pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from feathercut.train.losses import mattes
from train.losses.test_masks import pair

Doubles = NDArray[np.float64]


def at(picture: Doubles, y: int, x: int) -> float:
    """A pixel; beyond the border, the nearest one."""
    height, width = picture.shape
    return float(picture[min(max(y, 0), height - 1), min(max(x, 0), width - 1)])


def slow_blur(picture: Doubles) -> Doubles:
    taps = (1, 4, 6, 4, 1)
    found = np.zeros_like(picture)
    for y, x in np.ndindex(picture.shape):
        found[y, x] = sum(
            taps[j + 2] * taps[i + 2] * at(picture, y + j, x + i) for j in range(-2, 3) for i in range(-2, 3)
        )
    return found / 256


def slow_enlarged(small: Doubles, height: int, width: int) -> Doubles:
    """Linear between the middles of pixels."""
    found = np.zeros((height, width))
    for y, x in np.ndindex(found.shape):
        v = max((y + 0.5) * small.shape[0] / height - 0.5, 0)
        u = max((x + 0.5) * small.shape[1] / width - 0.5, 0)
        j, i = int(v), int(u)
        a, b = v - j, u - i
        found[y, x] = (1 - a) * ((1 - b) * at(small, j, i) + b * at(small, j, i + 1)) + a * (
            (1 - b) * at(small, j + 1, i) + b * at(small, j + 1, i + 1)
        )
    return found


def slow_pyramid(picture: Doubles) -> list[Doubles]:
    levels: list[Doubles] = []
    for level in range(5):
        if level == 4 or min(picture.shape) < 8:
            return [*levels, picture]
        small = slow_blur(picture)[::2, ::2]
        levels.append(picture - slow_enlarged(small, *picture.shape))
        picture = small
    return levels


@pytest.mark.parametrize("size", [(17, 14), (40, 33)])
def test_laplacian_is_the_difference_of_two_pyramids(size: tuple[int, int]) -> None:
    alpha, truth = pair(5, *size)
    slow = 0.0
    for photo in range(2):
        ours, theirs = (slow_pyramid(one[photo, 0].numpy()) for one in (alpha, truth))
        slow += sum(2**s * float(np.abs(a - t).mean()) for s, (a, t) in enumerate(zip(ours, theirs, strict=True))) / 2
    assert mattes.laplacian(alpha, truth).item() == pytest.approx(slow, abs=1e-10)


def test_a_wide_error_costs_more_than_a_fine_one_of_the_same_size() -> None:
    truth = torch.full((1, 1, 64, 64), 0.5)
    y, x = np.indices((64, 64))
    wide, fine = (0.25 + 0.5 * torch.from_numpy(one % 2).float()[None, None] for one in (x // 32, y + x))
    assert (wide - truth).abs().mean() == (fine - truth).abs().mean() == 0.25
    assert mattes.laplacian(wide, truth) > 3 * mattes.laplacian(fine, truth)


def test_gradient_is_sobel_of_both() -> None:
    alpha, truth = pair(6)
    taps = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
    differences = []
    for photo in range(2):
        a, t = alpha[photo, 0].numpy(), truth[photo, 0].numpy()
        for y, x in np.ndindex(a.shape):
            across = [
                sum(taps[j + 1][i + 1] * at(one, y + j, x + i) for j in (-1, 0, 1) for i in (-1, 0, 1)) / 8
                for one in (a, t)
            ]
            down = [
                sum(taps[i + 1][j + 1] * at(one, y + j, x + i) for j in (-1, 0, 1) for i in (-1, 0, 1)) / 8
                for one in (a, t)
            ]
            differences += [abs(across[0] - across[1]), abs(down[0] - down[1])]
    assert mattes.gradient(alpha, truth).item() == pytest.approx(float(np.mean(differences)), abs=1e-12)


def slow_band(truth: Doubles, reach: int) -> Doubles:
    found = np.zeros_like(truth)
    for y, x in np.ndindex(truth.shape):
        near = truth[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
        found[y, x] = near.max() > 1 / 255 and near.min() < 1 - 1 / 255
    return found


def test_unknown_looks_at_the_band_alone() -> None:
    alpha, _ = pair(7, 40, 40)
    truth = torch.zeros(2, 1, 40, 40, dtype=torch.float64)
    truth[0, :, 10:30, 15:] = 1
    truth[1, :, 20, 20] = 0.4
    there = np.stack([slow_band(one[0].numpy(), 7) for one in truth])
    assert np.array_equal(mattes.band(truth)[:, 0].numpy(), there)
    apart = (alpha - truth).abs()[:, 0].numpy()
    assert mattes.unknown(alpha, truth).item() == pytest.approx((apart * there).sum() / there.sum(), abs=1e-12)


def test_unknown_of_a_photo_without_an_edge_is_nothing() -> None:
    assert mattes.unknown(torch.full((1, 1, 9, 9), 0.5), torch.ones(1, 1, 9, 9)).item() == 0


@pytest.mark.parametrize("loss", [mattes.laplacian, mattes.gradient, mattes.unknown])
def test_the_truth_itself_costs_nothing(loss: object) -> None:
    _, truth = pair(8)
    assert callable(loss)
    assert loss(truth, truth).item() == 0
