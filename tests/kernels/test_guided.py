"""The weighted guided filter against a weighted linear regression in every window."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from factories import floats
from feathercut.kernels.guided import linear_model
from feathercut.pictures import FloatArray


def _applied(coefficients: FloatArray, planes: FloatArray) -> FloatArray:
    """The alpha that coefficients give colours 3×h×w, within [0, 1]."""
    return floats(np.clip((coefficients[:3] * planes).sum(axis=0) + coefficients[3], 0, 1))


def _regression(
    planes: FloatArray, alpha: FloatArray, weight: FloatArray, y: int, x: int, radius: int, epsilon: float
) -> tuple[NDArray[np.float64], float]:
    """(red, green, blue, constant) of the window around one pixel, and its mean weight.

    Least squares of the pixels' equations, each times the root of its weight, with three more that pull the slope
    towards 0 as strongly as a variance of `epsilon`.
    """
    window = slice(max(0, y - radius), y + radius + 1), slice(max(0, x - radius), x + radius + 1)
    believed = weight[window].astype(np.float64).ravel()
    colours = planes[(slice(None), *window)].astype(np.float64).reshape(3, -1).T
    share = np.sqrt(believed / believed.sum())
    equations = np.column_stack([colours, np.ones(len(colours))]) * share[:, None]
    pull = np.column_stack([np.eye(3), np.zeros(3)]) * np.sqrt(epsilon)
    wanted = np.concatenate([alpha[window].astype(np.float64).ravel() * share, np.zeros(3)])
    return np.linalg.lstsq(np.vstack([equations, pull]), wanted, rcond=None)[0], float(believed.mean())


def _slow_model(
    planes: FloatArray, alpha: FloatArray, weight: FloatArray, radius: int, epsilon: float
) -> NDArray[np.float64]:
    """Each pixel's coefficients: the mean of those of the windows it lies in, which count for what they know."""
    height, width = alpha.shape
    fits = {
        (y, x): _regression(planes, alpha, weight, y, x, radius, epsilon) for y in range(height) for x in range(width)
    }
    result = np.empty((4, height, width))
    for y, x in fits:
        near = [
            fits[row, column]
            for row in range(max(0, y - radius), min(height, y + radius + 1))
            for column in range(max(0, x - radius), min(width, x + radius + 1))
        ]
        result[:, y, x] = np.average([fit for fit, _ in near], axis=0, weights=[known for _, known in near])
    return result


def _scene(height: int, width: int, seed: int = 5) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Colours 3×h×w, alpha that follows them but for some noise, and weights from 0.05 to 1."""
    random = np.random.default_rng(seed)
    planes = random.random((3, height, width), np.float32)
    alpha = np.clip(0.6 * planes[0] - 0.3 * planes[1] + 0.3 + 0.1 * random.standard_normal((height, width)), 0, 1)
    return planes, alpha.astype(np.float32), (0.05 + 0.95 * random.random((height, width))).astype(np.float32)


@pytest.mark.parametrize("radius", [1, 2, 4])
@pytest.mark.parametrize("epsilon", [1e-4, 2e-3, 1.0])
def test_coefficients_are_those_of_a_weighted_regression(radius: int, epsilon: float) -> None:
    planes, alpha, weight = _scene(13, 17)
    model = linear_model(planes, alpha, weight, radius, epsilon)[:4]
    slow = _slow_model(planes, alpha, weight, radius, epsilon)
    assert model.dtype == np.float32
    assert np.abs(model - slow).max() < 2e-3
    assert np.abs(_applied(model, planes) - _applied(slow.astype(np.float32), planes)).max() < 2e-4


def test_what_is_linear_in_colour_is_found_as_it_is() -> None:
    planes, _, weight = _scene(30, 40)
    alpha = 0.2 + 0.3 * planes[0] + 0.1 * planes[1] + 0.3 * planes[2]
    model = linear_model(planes, alpha, weight, 4, 1e-6)[:4]
    assert np.abs(_applied(model, planes) - alpha).max() < 1e-3
    assert np.abs(model.mean(axis=(1, 2)) - [0.3, 0.1, 0.3, 0.2]).max() < 1e-3


def test_two_colours_only_are_told_apart_to_the_last_digits() -> None:
    """All colours on a line leave a matrix that is nearly singular: alpha still keeps four digits there."""
    two = np.array([[0.125, 0.25, 0.75], [0.75, 0.5, 0.25]], np.float32)
    truth = (np.arange(48) // 2 % 2).astype(np.float32)[None].repeat(9, axis=0)
    planes = floats(two[truth.astype(int)].transpose(2, 0, 1))
    alpha, weight = truth * np.float32(0.5) + np.float32(0.25), np.full_like(truth, 0.3)
    found = _applied(linear_model(planes, alpha, weight, 4, 1e-4), planes)
    slow = _slow_model(planes, alpha, weight, 4, 1e-4)
    assert np.abs(found - _applied(slow.astype(np.float32), planes)).max() < 1e-5


def test_what_has_no_weight_to_speak_of_is_told_by_the_rest() -> None:
    """Blue is the subject, orange is not; a band of grey alpha in the middle is in doubt."""
    height, width = 24, 60
    blue = np.arange(width) // 3 % 2 == 0
    planes = np.where(blue, floats([[0.1], [0.2], [0.8]]), floats([[0.9], [0.5], [0.1]]))
    planes = np.repeat(planes[:, None], height, axis=1).astype(np.float32)
    truth = np.broadcast_to(blue.astype(np.float32), (height, width))
    alpha, weight = truth.copy(), np.ones((height, width), np.float32)
    alpha[:, 24:36], weight[:, 24:36] = 0.5, 1e-4
    found = _applied(linear_model(planes, alpha, weight, 8, 1e-4), planes)
    assert np.abs(found - truth).max() < 0.01


def test_a_flat_window_gets_its_weighted_mean() -> None:
    planes = np.full((3, 9, 9), 0.4, np.float32)
    alpha, weight = np.zeros((9, 9), np.float32), np.full((9, 9), 0.25, np.float32)
    alpha[:, 4:], weight[:, 4:] = 1, 1
    found = _applied(linear_model(planes, alpha, weight, 9, 1e-4), planes)
    assert np.abs(found - 45 / (45 + 36 * 0.25)).max() < 1e-4


def test_what_colours_account_for_is_told() -> None:
    planes, _, weight = _scene(40, 60)
    own = 0.2 + 0.6 * planes[0]
    strange = np.random.default_rng(7).random((40, 60), np.float32)
    alpha = np.where(np.arange(60) < 30, own, strange).astype(np.float32)
    explained = linear_model(planes, alpha, weight, 4, 1e-4)[4]
    assert explained.min() > -1e-3 and explained.max() < 1 + 1e-3
    assert explained[:, :20].min() > 0.9
    assert explained[:, 40:].max() < 0.3


def test_alpha_of_a_model_stays_within_its_range() -> None:
    planes = np.random.default_rng(6).random((3, 5, 5), np.float32)
    coefficients = np.array([9, -9, 4, 0], np.float32)[:, None, None] * np.ones((5, 5), np.float32)
    found = _applied(coefficients, planes)
    assert found.min() == 0 and found.max() == 1
    assert np.array_equal(_applied(coefficients * 0 + np.float32(0.25), planes * 0), np.full((5, 5), 0.25, np.float32))
