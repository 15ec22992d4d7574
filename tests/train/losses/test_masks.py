"""The losses of masks, each against the same written out pixel by pixel."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from feathercut.train.losses import masks

Doubles = NDArray[np.float64]


def pair(seed: int, height: int = 17, width: int = 14) -> tuple[Tensor, Tensor]:
    """Two mattes of two photos, in double precision: 2×1×H×W."""
    random = np.random.default_rng(seed)
    shape = 2, 1, height, width
    return torch.from_numpy(random.random(shape)), torch.from_numpy(np.clip(random.random(shape) * 2 - 0.5, 0, 1))


def test_cross_entropy_is_that_of_its_definition() -> None:
    alpha, truth = pair(1)
    logits = torch.log(alpha / (1 - alpha))
    terms = [
        -t * math.log(a) - (1 - t) * math.log(1 - a)
        for a, t in zip(alpha.flatten().tolist(), truth.flatten().tolist(), strict=True)
    ]
    assert masks.cross_entropy(logits, truth).item() == pytest.approx(sum(terms) / len(terms), abs=1e-12)


def test_cross_entropy_of_a_certain_answer_is_finite() -> None:
    logits = torch.tensor([[[[1e4, -1e4]]]])
    assert masks.cross_entropy(logits, torch.tensor([[[[0.0, 0.0]]]])).item() == pytest.approx(5000)


def test_region_is_the_mean_over_photos_of_one_minus_soft_iou() -> None:
    alpha, truth = pair(2)
    losses = []
    for photo in range(2):
        both = either = 1.0
        for y in range(alpha.shape[2]):
            for x in range(alpha.shape[3]):
                a, t = alpha[photo, 0, y, x].item(), truth[photo, 0, y, x].item()
                both, either = both + a * t, either + a + t - a * t
        losses.append(1 - both / either)
    assert masks.region(alpha, truth).item() == pytest.approx(sum(losses) / 2, abs=1e-12)


def test_region_of_nothing_where_there_is_nothing_is_perfect() -> None:
    empty = torch.zeros(1, 1, 8, 8)
    assert masks.region(empty, empty).item() == 0
    assert masks.region(torch.ones(1, 1, 8, 8), empty).item() == pytest.approx(64 / 65)


def slow_structure(alpha: Doubles, truth: Doubles) -> float:
    side, middle = 11, 5
    weights = np.array(
        [[math.exp(-((y - middle) ** 2 + (x - middle) ** 2) / (2 * 1.5**2)) for x in range(side)] for y in range(side)]
    )
    weights /= weights.sum()
    found = []
    for y in range(alpha.shape[0] - side + 1):
        for x in range(alpha.shape[1] - side + 1):
            a, t = alpha[y : y + side, x : x + side], truth[y : y + side, x : x + side]
            mean_a, mean_t = (weights * a).sum(), (weights * t).sum()
            variance_a, variance_t = (weights * (a - mean_a) ** 2).sum(), (weights * (t - mean_t) ** 2).sum()
            covariance = (weights * (a - mean_a) * (t - mean_t)).sum()
            found.append(
                (2 * mean_a * mean_t + 1e-4)
                * (2 * covariance + 9e-4)
                / ((mean_a**2 + mean_t**2 + 1e-4) * (variance_a + variance_t + 9e-4))
            )
    return 1 - float(np.mean(found))


def test_structure_is_one_minus_ssim_window_by_window() -> None:
    alpha, truth = pair(3)
    slow = [slow_structure(alpha[one, 0].numpy(), truth[one, 0].numpy()) for one in range(2)]
    assert masks.structure(alpha, truth).item() == pytest.approx(sum(slow) / 2, abs=1e-10)


@pytest.mark.parametrize("loss", [masks.region, masks.structure])
def test_the_truth_itself_costs_nothing(loss: object) -> None:
    _, truth = pair(4)
    assert callable(loss)
    assert loss(truth.round(), truth.round()).item() == pytest.approx(0, abs=1e-12)
