from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from factories import floats
from feathercut.kernels.resample import resize, resize_bytes, shrink
from feathercut.pictures import FloatArray, Resample

RANDOM = np.random.default_rng(5)

FILTERS: dict[Resample, tuple[float, Callable[[float], float]]] = {
    "box": (0.5, lambda x: 1.0 if -0.5 < x <= 0.5 else 0.0),
    "bilinear": (1.0, lambda x: max(0.0, 1 - abs(x))),
    "lanczos": (3.0, lambda x: float(np.sinc(x) * np.sinc(x / 3)) if abs(x) < 3 else 0.0),
}


def slow_line(line: list[float], length: int, resample: Resample) -> list[float]:
    """One row at another length: each pixel a weighted mean, the filter as wide as the reduction asks."""
    reach, weigh = FILTERS[resample]
    ratio = len(line) / length
    stretch = max(ratio, 1.0)
    result = []
    for place in range(length):
        middle = (place + 0.5) * ratio
        first = max(0, math.floor(middle - reach * stretch + 0.5))
        last = min(len(line), math.floor(middle + reach * stretch + 0.5))
        weights = [weigh((index + 0.5 - middle) / stretch) for index in range(first, last)]
        total = sum(weight * line[index] for weight, index in zip(weights, range(first, last), strict=True))
        result.append(total / sum(weights))
    return result


def slow(array: FloatArray, size_hw: tuple[int, int], resample: Resample) -> FloatArray:
    rows = [slow_line(row, size_hw[1], resample) for row in array.tolist()]
    columns = [slow_line(list(column), size_hw[0], resample) for column in zip(*rows, strict=True)]
    return np.array(columns, np.float32).T


@pytest.mark.parametrize("resample", list(FILTERS))
@pytest.mark.parametrize("size_hw", [(7, 5), (13, 31), (40, 9), (1, 1), (20, 17)])
def test_matches_weighted_means_written_out(resample: Resample, size_hw: tuple[int, int]) -> None:
    array = RANDOM.random((20, 17)).astype(np.float32)
    assert np.abs(resize(array, size_hw, resample) - slow(array, size_hw, resample)).max() < 2e-6


@pytest.mark.parametrize("factor", [2, 3, 8])
def test_a_whole_reduction_by_box_is_the_mean_of_each_block(factor: int) -> None:
    array = RANDOM.random((5 * factor, 4 * factor)).astype(np.float32)
    means = array.reshape(5, factor, 4, factor).mean(axis=(1, 3))
    assert np.abs(resize(array, (5, 4), "box") - means).max() < 1e-6


def test_stripes_of_one_pixel_become_grey_not_waves() -> None:
    stripes = np.zeros((60, 1000), np.float32)
    stripes[:, ::2] = 1
    for resample, worst in (("box", 0.0), ("bilinear", 1e-3), ("lanczos", 2e-3)):
        small = resize(stripes, (60, 100), resample)  # type: ignore[arg-type]
        assert small[:, 3:-3].std() <= worst + 1e-6
        assert abs(float(small.mean()) - 0.5) < 1e-3
    uneven = resize(stripes, (60, 137), "bilinear")
    assert uneven[:, 3:-3].std() < 0.01, "moiré at a ratio that is not whole"
    assert stripes[:, ::7].std() > 0.4, "which picking pixels would have left"


@pytest.mark.parametrize("resample", ["box", "bilinear"])
def test_enlarging_never_leaves_the_range(resample: Resample) -> None:
    blocks = np.kron(RANDOM.integers(0, 2, (9, 9)), np.ones((3, 3))).astype(np.float32) * np.float32(200 / 255)
    large = resize(blocks, (105, 106), resample)
    assert large.min() >= 0 and large.max() <= np.float32(200 / 255)


def test_lanczos_does_overshoot_so_that_its_callers_clip() -> None:
    assert resize(floats([[0, 0, 0, 1, 1, 1]] * 2), (2, 60), "lanczos").max() > 1.02


def test_flat_stays_flat_to_the_bit() -> None:
    for value in (1.0, 0.3):
        flat = np.full((37, 53), value, np.float32)
        for resample in ("box", "bilinear", "bicubic", "lanczos"):
            for size_hw in ((11, 90), (100, 7)):
                assert np.abs(resize(flat, size_hw, resample) - np.float32(value)).max() <= 6e-8


def test_channels_are_resized_each_for_itself() -> None:
    rgb = RANDOM.random((12, 10, 3)).astype(np.float32)
    whole = resize(rgb, (5, 7), "bilinear")
    assert whole.shape == (5, 7, 3) and whole.dtype == np.float32
    assert np.array_equal(whole[..., 1], resize(rgb[..., 1], (5, 7), "bilinear"))


def test_outer_edges_stay_where_they_are() -> None:
    ramp = floats(np.broadcast_to((np.arange(80) + 0.5) / 80, (4, 80)))
    small = resize(ramp, (4, 20), "box")
    assert np.abs(small[0] - (np.arange(20) + 0.5) / 20).max() < 1e-6


def test_the_same_size_is_the_same_array() -> None:
    array = np.ones((3, 4), np.float32)
    assert resize(array, (3, 4), "lanczos") is array


def test_in_bytes_values_are_rounded() -> None:
    small = resize_bytes(RANDOM.random((20, 30, 3)).astype(np.float32), (5, 6), "bilinear")
    assert small.shape == (5, 6, 3)
    assert np.abs(small * 255 - np.round(small * 255)).max() < 1e-4


def test_halving_first_gives_nearly_the_same() -> None:
    y, x = np.mgrid[:300, :420].astype(np.float32)
    waves = np.stack([np.sin(x / 9), np.cos(y / 7), np.sin((x + y) / 11)], axis=-1)
    rgb = (waves / 2 + 0.5).astype(np.float32)
    direct, halved_first = resize(rgb, (60, 80), "lanczos"), shrink(rgb, (60, 80), "lanczos")
    assert np.abs(direct - halved_first).mean() < 0.004
    assert not np.array_equal(direct, halved_first), "the photo is large enough to be halved"


def test_photo_that_is_not_much_larger_is_not_halved() -> None:
    rgb = np.random.default_rng(5).random((40, 50, 3), np.float32)
    assert np.allclose(shrink(rgb, (20, 24), "lanczos"), resize(rgb, (20, 24), "lanczos"), rtol=0, atol=1e-6)
