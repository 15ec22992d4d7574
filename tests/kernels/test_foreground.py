from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from factories import floats, soft_disc
from feathercut.kernels import foreground
from feathercut.kernels import mixture as pairs
from feathercut.kernels.foreground import estimate_foreground
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size

Doubles = NDArray[np.float64]

F, B = floats([0.9, 0.2, 0.1]), floats([0.1, 0.3, 0.8])


def mixture(alpha: FloatArray, front: FloatArray = F, back: FloatArray = B) -> FloatArray:
    a = alpha[..., None]
    return (a * front + (1 - a) * back).astype(np.float32)


def texture(size_hw: Size, seed: int, low: float, high: float) -> FloatArray:
    """Soft blotches with a little grain, between two brightnesses."""
    random = np.random.default_rng(seed)
    few = random.random((size_hw[0] // 40 + 2, size_hw[1] // 40 + 2, 3)).astype(np.float32)
    blotches = resize(few, size_hw, "bilinear")
    grain = random.normal(0, 0.02, (*size_hw, 3))
    return np.clip(low + (high - low) * blotches + grain, 0, 1).astype(np.float32)


def hair(size_hw: Size) -> FloatArray:
    """A head with strands about a pixel wide that cross each other."""
    random = np.random.default_rng(3)
    alpha = np.where(soft_disc(size_hw, 4.0) > 0.5, 1.0, 0.0)
    fine = np.zeros((size_hw[0] * 3, size_hw[1] * 3))
    for _ in range(150):
        angle, bend = random.uniform(0, 2 * np.pi), random.normal(0, 0.5)
        along = np.linspace(0.26, 0.48, 700)
        turned = angle + bend * (along - 0.26) * 3
        y = ((0.5 + along * np.sin(turned)) * fine.shape[0]).astype(int)
        x = ((0.5 + along * np.cos(turned)) * fine.shape[1]).astype(int)
        inside = (y >= 0) & (y < fine.shape[0] - 1) & (x >= 0) & (x < fine.shape[1] - 1)
        fine[y[inside], x[inside]] = fine[y[inside] + 1, x[inside]] = 1
    strands = resize(fine.astype(np.float32), size_hw, "bilinear")
    return np.maximum(resize(alpha.astype(np.float32), size_hw, "bilinear"), strands).astype(np.float32)


@pytest.mark.parametrize("size_hw", [(64, 64), (300, 400), (701, 499)])
def test_flat_colours_come_back(size_hw: Size) -> None:
    alpha = soft_disc(size_hw, 6.0)
    soft = (alpha > 0) & (alpha < 1)
    photo = mixture(alpha)
    assert np.abs(photo - F)[soft].mean() > 0.2
    assert np.abs(estimate_foreground(photo, alpha) - F)[soft].max() < 1e-3


def test_hair_over_a_texture_loses_most_of_its_background() -> None:
    size_hw = (260, 320)
    alpha = hair(size_hw)
    front, back = texture(size_hw, 1, 0.05, 0.45), texture(size_hw, 2, 0.5, 1.0)
    photo = mixture(alpha, front, back)
    weight = np.where((alpha > 0.05) & (alpha < 1), alpha, 0)[..., None]

    def error(colours: FloatArray) -> float:
        return float((weight * np.abs(colours - front)).sum() / weight.sum() / 3)

    assert (weight > 0).mean() > 0.03, "there is hair"
    assert error(estimate_foreground(photo, alpha)) < 0.2 * error(photo)


def test_smoke_that_is_nowhere_solid_and_nowhere_gone_is_told_from_what_is_behind() -> None:
    few = np.random.default_rng(5).random((6, 8)).astype(np.float32)
    alpha = np.float32(0.2) + np.float32(0.5) * resize(few, (300, 400), "bilinear")
    photo = mixture(alpha)
    assert np.abs(photo - F).mean() > 0.2
    assert np.abs(estimate_foreground(photo, alpha) - F).max() < 0.01


def test_opaque_pixels_keep_the_photo_to_the_bit_and_empty_ones_are_zero() -> None:
    alpha = hair((120, 140))
    photo = np.random.default_rng(0).random((120, 140, 3)).astype(np.float32)
    colours = estimate_foreground(photo, alpha)
    assert np.array_equal(colours[alpha == 1], photo[alpha == 1])
    assert (alpha == 0).any() and not colours[alpha == 0].any()
    assert colours.min() >= 0 and colours.max() <= 1 and colours.dtype == np.float32


@pytest.mark.parametrize("cells", [12, 61])
def test_results_do_not_show_where_tiles_end(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha = hair((430, 410))
    photo = mixture(alpha, texture((430, 410), 1, 0.0, 0.5), texture((430, 410), 2, 0.4, 1.0))
    usual = estimate_foreground(photo, alpha)
    monkeypatch.setattr(foreground, "_TILE", cells)
    monkeypatch.setattr(pairs, "_TILE", 4 * cells)
    assert np.abs(estimate_foreground(photo, alpha) - usual).max() < 1e-5


def slow_foreground(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> FloatArray:
    """The same method pixel by pixel in double precision: no tiles, no planes, no tricks."""
    i, a = doubles(rgb), doubles(alpha)[..., None]
    w = np.ones_like(a) if weight is None else doubles(weight)[..., None]
    levels = [quartered(np.concatenate([w, w * a, w * a * a, w * i, w * a * i], axis=2))]
    while max(levels[-1].shape[:2]) > 2:
        levels.append(halved(levels[-1]))
    pair = solved(levels[-1].mean(axis=(0, 1)), 1e-6, 1e-6, None, None).clip(0, 1)[None, None]
    for place in range(len(levels) - 1, -1, -1):
        pair = doubled(pair, levels[place].shape) if pair.shape[0] * pair.shape[1] > 1 else pair
        pair = np.broadcast_to(pair, (*levels[place].shape[:2], 2, 3))
        for _ in range(4):
            pair = one_round(levels[place], pair, 0.18 * 0.9**place, 0.072 * 0.9**place)
    pair = four_times(pair, alpha.shape)
    f, b = pair[..., 0, :], pair[..., 1, :]
    gain = 2 * a / (2 * a * a + (1 - a) ** 2 + 0.1)
    f = np.clip(f + gain * w * (i - a * f - (1 - a) * b), 0, 1)
    return np.where(a < 1, f * (a > 0), rgb).astype(np.float32)


def doubles(array: FloatArray) -> Doubles:
    return np.asarray(array, np.float64)


def halved(array: Doubles) -> Doubles:
    """Each pixel the mean of the two by two below it, or of what is left of them at an odd edge."""
    height, width = array.shape[:2]
    rows = [[array[y : y + 2, x : x + 2].mean(axis=(0, 1)) for x in range(0, width, 2)] for y in range(0, height, 2)]
    return np.array(rows)


def quartered(array: Doubles) -> Doubles:
    """Each pixel the mean of four by four, of which those beyond an edge are like the last ones before it."""
    height, width = array.shape[:2]
    result = np.empty((-(-height // 4), -(-width // 4), array.shape[2]))
    for y, x in np.ndindex(*result.shape[:2]):
        rows, columns = np.minimum(4 * y + np.arange(4), height - 1), np.minimum(4 * x + np.arange(4), width - 1)
        result[y, x] = array[np.ix_(rows, columns)].mean(axis=(0, 1))
    return result


def four_times(above: Doubles, shape: tuple[int, ...]) -> Doubles:
    """Bilinear between the centres of cells of four by four pixels."""
    result = np.empty((*shape[:2], 2, 3))
    for y, x in np.ndindex(*shape[:2]):
        down, across = (y + 0.5) / 4 - 0.5, (x + 0.5) / 4 - 0.5
        top, left = math.floor(down), math.floor(across)
        result[y, x] = sum(
            (1 - abs(down - row)) * (1 - abs(across - column))
            * above[min(max(row, 0), len(above) - 1), min(max(column, 0), len(above[0]) - 1)]
            for row in (top, top + 1)
            for column in (left, left + 1)
        )  # fmt: skip
    return result


def doubled(above: Doubles, shape: tuple[int, ...]) -> Doubles:
    """Three quarters of the cell above and one of the cell across its nearest corner."""
    result = np.empty((*shape[:2], 2, 3))
    for y, x in np.ndindex(*shape[:2]):
        down = min(max(y // 2 + (1 if y % 2 else -1), 0), len(above) - 1)
        across = min(max(x // 2 + (1 if x % 2 else -1), 0), len(above[0]) - 1)
        result[y, x] = 0.75 * above[y // 2, x // 2] + 0.25 * above[down, across]
    return result


def solved(sums: Doubles, s: float, t: float, f: Doubles | None, b: Doubles | None) -> Doubles:
    """The F and B (2×3) of one cell that explain it best and are near `f` and `b`, without them its mean colour."""
    one, alpha, square, colour, shared = sums[0], sums[1], sums[2], sums[3:6], sums[6:9]
    near_f, near_b = (colour / one, colour / one) if f is None or b is None else (f, b)
    left = np.array([[square + s, alpha - square], [alpha - square, one - 2 * alpha + square + t]])
    result: Doubles = np.linalg.solve(left, np.stack([shared + s * near_f, colour - shared + t * near_b]))
    return result


def one_round(level: Doubles, old: Doubles, s: float, t: float) -> Doubles:
    new = np.empty_like(old)
    height, width = level.shape[:2]
    for y, x in np.ndindex(height, width):
        near = [(max(y - 1, 0), x), (min(y + 1, height - 1), x), (y, max(x - 1, 0)), (y, min(x + 1, width - 1))]
        f, b = np.mean([old[place] for place in near], axis=0)
        new[y, x] = solved(level[y, x], s, t, f, b).clip(0, 1)
    return new


@pytest.mark.parametrize("is_weighted", [False, True])
def test_matches_the_same_rounds_pixel_by_pixel(is_weighted: bool) -> None:
    random = np.random.default_rng(8)
    alpha = soft_disc((21, 26), 9.0)
    photo = random.random((21, 26, 3)).astype(np.float32)
    weight = np.round(random.random((21, 26)), 1).astype(np.float32) if is_weighted else None
    assert np.abs(estimate_foreground(photo, alpha, weight) - slow_foreground(photo, alpha, weight)).max() < 1e-4


def test_hidden_colours_do_not_bleed_in() -> None:
    """Left of the middle the photo is transparent and hides pure green there."""
    alpha = soft_disc((80, 80), 12.0)
    believed = np.ones((80, 80), np.float32)
    believed[:, :40] = 0
    photo = mixture(alpha)
    photo[:, :40] = (0, 1, 0)
    alpha[:, :40] = 0
    colours = estimate_foreground(photo, alpha, believed)
    soft = (alpha > 0) & (alpha < 1)
    assert np.abs(colours - F)[soft].max() < 0.01
    assert np.abs(estimate_foreground(photo, alpha) - F)[soft].max() > 0.2, "as it would without weights"


def test_one_pixel_and_nothing_soft() -> None:
    one = np.full((1, 1, 3), 0.7, np.float32)
    assert np.abs(estimate_foreground(one, np.full((1, 1), 0.5, np.float32)) - one).max() < 0.01
    assert np.array_equal(estimate_foreground(one, np.ones((1, 1), np.float32)), one)
    assert not estimate_foreground(one, np.zeros((1, 1), np.float32)).any()


def test_what_memory_held_before_is_never_multiplied() -> None:
    """Planes were weighted before they were filled: what lay there may be no number."""
    rubbish = [np.full((8, 64, 96), np.inf, np.float32) for _ in range(8)]
    del rubbish
    alpha = np.tile(np.linspace(0, 1, 96, dtype=np.float32), (64, 1))
    colours = estimate_foreground(np.full((64, 96, 3), 0.7, np.float32), alpha, np.full((64, 96), 0.5, np.float32))
    assert np.isfinite(colours).all()


def test_colours_written_over_the_photo_are_those_written_beside_it() -> None:
    alpha = np.zeros((130, 150), np.float32)
    alpha[20:90, 30:120] = np.random.default_rng(3).random((70, 90), np.float32)
    alpha[40:60, 50:80] = 1
    photo = np.random.default_rng(4).random((130, 150, 3), np.float32)
    beside = estimate_foreground(photo, alpha)
    over = photo.copy()
    assert estimate_foreground(over, alpha, in_place=True) is over
    assert np.array_equal(over, beside)
