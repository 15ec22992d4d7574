"""Strokes against a slow, obvious reference: many lines a pixel, every place of the stroke."""

from itertools import pairwise

import numpy as np
import pytest

from feathercut.kernels.strokes import blend, brush, diameter_at, lasso, rectangle
from feathercut.pictures import FloatArray


def whole(size_hw: tuple[int, int], covered: tuple[tuple[int, int, int, int], FloatArray] | None) -> FloatArray:
    result = np.zeros(size_hw, np.float32)
    if covered is not None:
        (top, left, bottom, right), coverage = covered
        result[top:bottom, left:right] = coverage
    return result


def test_a_stroke_is_the_most_that_any_of_its_places_covers() -> None:
    points = [(6.0, 8.0, 1.0), (20.0, 14.0, 0.25), (12.0, 25.0, 0.75)]
    y, x = np.mgrid[:32, :30] + 0.5
    expected = np.zeros((32, 30))
    for start, end in pairwise(points):
        for share in np.linspace(0, 1, 4001):
            px, py, pressure = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            radius = diameter_at(9, pressure) / 2
            expected = np.maximum(expected, np.clip((radius + 0.25 - np.hypot(x - px, y - py)) / max(
                1, radius + 0.25 - radius * 0.5), 0, 1))  # fmt: skip
    # Where the radius changes along the way, the nearest place is nearly, not wholly, the one that covers most.
    np.testing.assert_allclose(whole((32, 30), brush((32, 30), 9, 0.5, points)), expected, atol=0.03)


def test_a_hard_disc_has_its_area_and_pressure_its_diameter() -> None:
    disc = whole((60, 60), brush((60, 60), 40, 1, [(30, 30, 1)]))
    assert disc.sum() == pytest.approx(np.pi * 400, rel=0.002)
    assert whole((60, 60), brush((60, 60), 40, 1, [(30, 30, 0)])).sum() == pytest.approx(np.pi * 16, rel=0.03)


def test_a_lasso_covers_what_lies_inside_and_parts_of_pixels() -> None:
    triangle = [(2.0, 1.0), (14.5, 3.0), (6.0, 11.0)]
    area = 0.5 * abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(triangle, triangle[1:] + triangle[:1], strict=True)))
    assert whole((12, 16), lasso((12, 16), triangle)).sum() == pytest.approx(area, rel=0.005)
    ring = [(1, 1), (9, 1), (9, 9), (1, 9), (1, 1), (3, 3), (7, 3), (7, 7), (3, 7), (3, 3)]
    assert whole((10, 10), lasso((10, 10), ring))[5, 5] == 1  # the same way round twice is inside
    assert whole((10, 10), lasso((10, 10), [(-50, -50), (60, -50), (60, 60), (-50, 60)])).min() == 1


def test_outside_the_photo_there_is_nothing() -> None:
    assert brush((10, 10), 4, 1, [(-20, 5, 1)]) is None
    assert brush((10, 10), 4, 1, []) is None
    assert lasso((10, 10), []) is None
    assert rectangle((10, 10), (12, 0, 15, 5)) is None


def test_opacity_goes_part_of_the_way() -> None:
    alpha = np.full((1, 1), 0.5, np.float32)
    full = np.ones((1, 1), np.float32)
    assert blend(alpha, full, "restore", 0.5)[0, 0] == pytest.approx(0.75)
    assert blend(alpha, full, "restore", 1, np.full((1, 1), 0.6, np.float32))[0, 0] == pytest.approx(0.6)
    assert blend(alpha, full, "erase", 1)[0, 0] == 0
