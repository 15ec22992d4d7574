"""The edge's kernels against slow, obvious references."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from factories import floats, soft_disc
from feathercut.kernels.discs import disc_of
from feathercut.kernels.edges import harden_edge, shift_edge, soften_edge
from feathercut.pictures import FloatArray


def noise(*shape: int) -> FloatArray:
    return np.random.default_rng(5).random(shape).astype(np.float32)


def sparse(height: int = 300, width: int = 421) -> FloatArray:
    """Mostly nothing and all, an edge here and there, at the border and at the corners of blocks too."""
    alpha = np.zeros((height, width), np.float32)
    alpha[60:190, 64:256] = 1
    alpha[128, 128], alpha[64, 64], alpha[191, 300] = 0.3, 0.7, 0.01
    alpha[-1, -1], alpha[0, :3] = 0.5, 1
    return alpha


def pixels_of(radius: int) -> list[tuple[int, int]]:
    """The pixels of the disc that the kernel puts together, by moving one bright pixel."""
    spot = np.zeros((2 * radius + 9, 2 * radius + 9), np.float32)
    spot[radius + 4, radius + 4] = 1
    disc = shift_edge(spot, radius)
    return [(int(y) - radius - 4, int(x) - radius - 4) for y, x in np.argwhere(disc == 1)]


def slowly_blurred(alpha: FloatArray, sigma: float) -> NDArray[np.float64]:
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    framed = np.pad(alpha.astype(float), reach, "edge")
    framed = np.apply_along_axis(np.convolve, 0, framed, weights, "valid")
    return np.asarray(np.apply_along_axis(np.convolve, 1, framed, weights, "valid"))


@pytest.mark.parametrize("radius", [0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 13, 30, 60, 100])
def test_a_spot_becomes_a_disc_without_gaps(radius: float) -> None:
    size = 2 * int(radius) + 9
    middle = size // 2
    spot = np.zeros((size, size), np.float32)
    spot[middle, middle] = 1
    disc = shift_edge(spot, radius)
    y, x = np.mgrid[:size, :size] - middle
    away = np.hypot(y, x)
    off = 1.2 + 0.02 * radius
    assert disc[middle, middle] == 1
    assert (disc[away < radius - off] == 1).all() and (disc[away > radius + off] == 0).all()
    assert np.array_equal(disc, disc[::-1]) and np.array_equal(disc, disc.T)


@pytest.mark.parametrize("radius", [0.25, 0.5, 1, 1.5, 2, 2.5, 4, 7, 20, 60])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_soft_edge_moves_as_a_whole_in_every_direction(radius: float, sign: int) -> None:
    half = int(radius) + 16
    y, x = np.mgrid[-2 * half : 2 * half + 1, -2 * half : 2 * half + 1]
    for degrees in range(0, 360, 15):
        across = x * np.cos(np.radians(degrees)) + y * np.sin(np.radians(degrees))
        moved = shift_edge(floats(np.clip(0.5 - across / 8, 0, 1)), sign * radius)
        wanted = np.clip(0.5 - (across - sign * radius) / 8, 0, 1)
        middle = slice(half, -half)
        by = ((moved - wanted)[middle, middle][(wanted[middle, middle] > 0.2) & (wanted[middle, middle] < 0.8)]) * 8
        assert np.abs(by).max() < (1e-3 if degrees % 90 == 0 else max(0.55, 0.025 * radius))


def test_a_hard_edge_moved_by_a_part_of_a_pixel_has_that_part() -> None:
    rows = np.tile(floats([0, 0, 0, 0, 1, 1, 1, 1]), (20, 1))
    assert shift_edge(rows, 0.4)[10].tolist() == pytest.approx([0, 0, 0, 0.4, 1, 1, 1, 1])
    assert shift_edge(rows, -1.25)[10].tolist() == pytest.approx([0, 0, 0, 0, 0, 0.75, 1, 1])


@pytest.mark.parametrize("alpha", [noise(70, 90), sparse(), noise(1, 1), noise(3, 150), np.eye(64, dtype=np.float32)])
@pytest.mark.parametrize("radius", [6, 26])
def test_shift_is_the_extreme_within_the_disc(alpha: FloatArray, radius: int) -> None:
    """Within the pixels that count wholly; what counts in part lies between them and the next larger disc."""
    height, width = alpha.shape
    reach = disc_of(radius).reach
    framed = np.pad(alpha, reach, "edge")
    slow = np.zeros_like(alpha)
    for y, x in pixels_of(radius):
        slow = np.maximum(slow, framed[reach + y : reach + y + height, reach + x : reach + x + width])
    grown = shift_edge(alpha, radius)
    assert (grown >= slow - 1e-6).all()
    assert (grown <= shift_edge(alpha, radius + 3)).all()
    assert (grown[alpha == alpha.max()] == alpha.max()).all()


@pytest.mark.parametrize("shift", [0.4, 1, 2.7, 15])
def test_shrinking_is_growing_what_is_around(shift: float) -> None:
    alpha = np.round(noise(80, 70) * 64) / np.float32(64)  # so that 1 - alpha is exact
    assert np.allclose(shift_edge(alpha, -shift), 1 - shift_edge(1 - alpha, shift), atol=1e-6)


def test_a_subject_grows_steadily_with_its_shift() -> None:
    hairy = np.where(noise(60, 60) > 0.9, noise(60, 60), 0).astype(np.float32)
    sums = [float(shift_edge(hairy, quarters / 4).sum()) for quarters in range(-12, 24) if quarters]
    assert (np.diff(sums) > -0.002 * hairy.size).all() and sums[-1] > sums[0] + 1000


def test_solid_places_stay_to_the_bit() -> None:
    alpha = sparse()
    for shift in (0.3, 1, 3.3, 12.5):
        for sign in (1, -1):
            moved = shift_edge(alpha, sign * shift)
            assert (moved[100:120, 90:110] == 1).all() and (moved[220:280, 100:300] == 0).all()


@pytest.mark.parametrize("alpha", [noise(60, 83), sparse(), noise(1, 1), noise(2, 40)])
@pytest.mark.parametrize("radius", [0.3, 1, 2.5, 4])
def test_softness_is_a_gaussian(alpha: FloatArray, radius: float) -> None:
    radius = min(radius, max(alpha.shape))
    assert np.abs(soften_edge(alpha, radius) - slowly_blurred(alpha, radius)).max() < 3e-5


@pytest.mark.parametrize("radius", [4.1, 5, 9, 21, 70])
@pytest.mark.parametrize("size", [(300, 421), (301, 200)])
def test_wide_softness_is_nearly_a_gaussian(radius: float, size: tuple[int, int]) -> None:
    """To one and a half of the steps that eight bits show, at the border too."""
    alpha = soft_disc(size, 1)
    difference = np.abs(soften_edge(alpha, radius) - slowly_blurred(alpha, radius))
    assert difference.max() < 1.5 / 255


def test_what_is_far_from_the_edge_stays_to_the_bit() -> None:
    alpha = soft_disc((900, 900), 3)
    for radius in (0.5, 3.7, 8, 40):
        soft = soften_edge(alpha, radius)
        assert soft[450, 450] == 1 and (soft[:40, :40] == 0).all()


def test_a_subject_cut_by_the_frame_stays_there() -> None:
    alpha = np.zeros((200, 300), np.float32)
    alpha[90:] = 1
    for changed in (shift_edge(alpha, -20), soften_edge(alpha, 3), soften_edge(alpha, 15)):
        assert (changed[190:] == 1).all(), "the bottom border is no edge"
        assert np.ptp(changed, axis=1).max() < 1e-5, "nor are the sides"
    assert (shift_edge(alpha, -20)[:108] == 0).all() and (shift_edge(alpha, -20)[112:] == 1).all()


@pytest.mark.parametrize("contrast", [-100, -40, -1, 1, 30, 80, 99, 100])
def test_contrast_is_a_rising_curve_through_0_a_half_and_1(contrast: float) -> None:
    levels = np.linspace(0, 1, 1001, dtype=np.float32)[None]
    bent = harden_edge(levels, contrast)[0]
    assert (bent[0], bent[1000]) == (0, 1) and bent[500] == (1 if contrast == 100 else 0.5)
    assert (np.diff(bent) >= 0).all()
    if contrast < 100:
        assert (np.diff(bent) > 0).all(), "no two levels become one"
        assert np.allclose(bent, 1 - bent[::-1], atol=1e-6)
        lower = levels[0, 1:500]
        assert ((bent[1:500] < lower) if contrast > 0 else (bent[1:500] > lower)).all()


def test_contrast_100_leaves_nothing_soft() -> None:
    assert np.array_equal(harden_edge(noise(130, 70), 100), noise(130, 70) >= 0.5)


def test_contrast_sets_the_slope_in_the_middle() -> None:
    near = floats([[0.5 - 1 / 1024, 0.5 + 1 / 1024]])
    for contrast, slope in ((50, 2), (90, 10), (-100, 0.25)):
        low, high = harden_edge(near, contrast)[0]
        assert float(high - low) * 512 == pytest.approx(slope, rel=0.02)


def test_negative_contrast_leaves_fog_faint() -> None:
    assert harden_edge(floats([[1 / 255]]), -100)[0, 0] < 4.1 / 255
