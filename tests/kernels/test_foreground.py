from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from factories import floats, soft_disc
from feathercut.kernels import foreground
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


def test_opaque_pixels_keep_the_photo_to_the_bit_and_empty_ones_are_zero() -> None:
    alpha = hair((120, 140))
    photo = np.random.default_rng(0).random((120, 140, 3)).astype(np.float32)
    colours = estimate_foreground(photo, alpha)
    assert np.array_equal(colours[alpha == 1], photo[alpha == 1])
    assert (alpha == 0).any() and not colours[alpha == 0].any()
    assert colours.min() >= 0 and colours.max() <= 1 and colours.dtype == np.float32


@pytest.mark.parametrize("tile", [48, 100_000])
def test_results_do_not_show_where_tiles_end(tile: int, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha = hair((430, 410))
    photo = mixture(alpha, texture((430, 410), 1, 0.0, 0.5), texture((430, 410), 2, 0.4, 1.0))
    usual = estimate_foreground(photo, alpha)
    monkeypatch.setattr(foreground, "_TILE", tile)
    assert np.abs(estimate_foreground(photo, alpha) - usual).max() < 0.01


def slow_foreground(rgb: FloatArray, alpha: FloatArray, weight: FloatArray | None) -> FloatArray:
    """The same rounds pixel by pixel in double precision: no tiles, no planes, no tricks."""
    believed = np.ones_like(alpha) if weight is None else weight
    levels: list[tuple[Doubles, Doubles, Doubles]] = [(doubles(rgb), doubles(alpha), doubles(believed))]
    while max(levels[-1][1].shape) > 1:
        i, a, w = levels[-1]
        share = np.maximum(w, 1e-6)
        levels.append(
            (halved(i * share[..., None]) / halved(share)[..., None], halved(a * share) / halved(share), halved(share))
        )
    f = b = levels[-1][0]
    for place in range(len(levels) - 2, -1, -1):
        i, a, w = levels[place]
        height, width = a.shape
        f, b = doubled(f, a.shape), doubled(b, a.shape)
        for _ in range(next(count for side, count in foreground._ROUNDS if max(height, width) <= side)):
            f, b = one_round(i, a, w, f, b)
    return np.where((alpha < 1)[..., None], f * (alpha > 0)[..., None], rgb).astype(np.float32)


def doubles(array: FloatArray) -> Doubles:
    return np.asarray(array, np.float64)


def halved(array: Doubles) -> Doubles:
    """Each pixel the mean of the two by two below it, or of what is left of them at an odd edge."""
    height, width = array.shape[:2]
    rows = [[array[y : y + 2, x : x + 2].mean(axis=(0, 1)) for x in range(0, width, 2)] for y in range(0, height, 2)]
    return np.array(rows)


def doubled(above: Doubles, shape: tuple[int, ...]) -> Doubles:
    result = np.empty((*shape, 3))
    for y, x in np.ndindex(*shape):
        result[y, x] = above[y // 2, x // 2]
    return result


def one_round(i: Doubles, a: Doubles, w: Doubles, old_f: Doubles, old_b: Doubles) -> tuple[Doubles, Doubles]:
    new_f, new_b = old_f.copy(), old_b.copy()
    for y, x in np.ndindex(a.shape):
        near = [(max(y - 1, 0), x), (min(y + 1, len(a) - 1), x), (y, max(x - 1, 0)), (y, min(x + 1, len(a[0]) - 1))]
        pulls = [1e-3 + 0.1 * abs(float(a[y, x]) - float(a[place])) for place in near]
        mean_f = sum(pull * old_f[place] for pull, place in zip(pulls, near, strict=True)) / sum(pulls)
        mean_b = sum(pull * old_b[place] for pull, place in zip(pulls, near, strict=True)) / sum(pulls)
        share = float(a[y, x])
        rest = i[y, x] - share * mean_f - (1 - share) * mean_b
        rest = rest * float(w[y, x]) / (share**2 + (1 - share) ** 2 + sum(pulls))
        new_f[y, x] = np.clip(mean_f + share * rest, 0, 1)
        new_b[y, x] = np.clip(mean_b + (1 - share) * rest, 0, 1)
    return new_f, new_b


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
    assert np.abs(estimate_foreground(photo, alpha) - F)[soft].max() > 0.5, "as it would without weights"


def test_one_pixel_and_nothing_soft() -> None:
    one = np.full((1, 1, 3), 0.7, np.float32)
    assert np.abs(estimate_foreground(one, np.full((1, 1), 0.5, np.float32)) - one).max() < 0.01
    assert np.array_equal(estimate_foreground(one, np.ones((1, 1), np.float32)), one)
    assert not estimate_foreground(one, np.zeros((1, 1), np.float32)).any()
