"""The model of two sides against means that are taken window by window."""

from __future__ import annotations

import numpy as np
import pytest

from factories import floats
from feathercut.kernels.two_sides import model_of_two_sides
from feathercut.pictures import FloatArray

SUBJECT, BACKGROUND = (0.2, 0.3, 0.7), (0.9, 0.6, 0.3)


def _scene(height: int, width: int, noise: float = 0.02) -> tuple[FloatArray, FloatArray]:
    """Colours 3×h×w of a subject at the left, mixed over three columns in the middle, and its alpha."""
    random = np.random.default_rng(3)
    alpha = floats(np.clip((width / 2 - np.arange(width)) / 3 + 0.5, 0, 1)) * np.ones((height, 1), np.float32)
    mixed = alpha * floats(SUBJECT)[:, None, None] + (1 - alpha) * floats(BACKGROUND)[:, None, None]
    return floats(mixed + noise * random.standard_normal(mixed.shape)), floats(alpha)


def _applied(model: FloatArray, planes: FloatArray) -> FloatArray:
    return floats((model[:3] * planes).sum(axis=0) + model[3])


def _slow(planes: FloatArray, alpha: FloatArray, y: int, x: int, radius: int) -> tuple[FloatArray, FloatArray]:
    """The mean colours of the pixels around one that are surely subject, and surely background."""
    window = slice(max(0, y - radius), y + radius + 1), slice(max(0, x - radius), x + radius + 1)
    inside, colours = alpha[window], planes[(slice(None), *window)]
    return colours[:, inside == 1].mean(axis=1), colours[:, inside == 0].mean(axis=1)


@pytest.mark.parametrize("radius", [2, 4])
def test_the_mean_colour_of_either_side_is_mapped_to_its_alpha(radius: int) -> None:
    planes, alpha = _scene(9, 15)
    model = model_of_two_sides(planes, alpha, radius)
    for y in (0, 4, 8):
        ours, theirs = _slow(planes, alpha, y, 7, radius)
        slope, constant = model[:3, y, 7], model[3, y, 7]
        assert abs(float(slope @ ours + constant) - 1) < 1e-3
        assert abs(float(slope @ theirs + constant)) < 1e-3


def test_mixed_pixels_get_the_share_that_was_mixed() -> None:
    planes, alpha = _scene(9, 15, noise=0)
    model = model_of_two_sides(planes, alpha, 3)
    near = slice(6, 9)
    assert model[4, :, near].min() == 1
    assert np.abs(_applied(model, planes) - alpha)[:, near].max() < 1e-3


def test_what_is_far_from_one_of_the_sides_is_not_believed() -> None:
    planes, alpha = _scene(9, 31)
    trust = model_of_two_sides(planes, alpha, 3)[4]
    assert trust[:, :6].max() == 0 and trust[:, -6:].max() == 0


def test_sides_of_the_same_colours_are_not_believed() -> None:
    planes, alpha = _scene(9, 15)
    grey = floats(0.5 + 0.05 * np.random.default_rng(4).standard_normal(planes.shape))
    assert model_of_two_sides(grey, alpha, 3)[4].max() < 0.05


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_matte_of_one_level_tells_nothing_and_stays_finite(level: float) -> None:
    planes, alpha = _scene(9, 15)
    model = model_of_two_sides(planes, np.full_like(alpha, level), 3)
    assert np.isfinite(model).all() and model[4].max() == 0
