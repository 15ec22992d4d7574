"""Edges drawn anew after the photo, on scenes whose alpha we know."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from factories import floats, soft_disc
from feathercut.kernels import follow_edges as module
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.follow_edges import follow_edges, learned_at
from feathercut.kernels.resample import resize, shrink
from feathercut.pictures import FloatArray, Size

Box = tuple[slice, slice]
BLUE, ORANGE = (0.15, 0.3, 0.7), (0.85, 0.5, 0.2)
NETWORK_SIDE = 1024


def _photo(alpha: FloatArray) -> FloatArray:
    """Blue where the subject is, orange elsewhere, both a little uneven."""
    y, x = np.indices(alpha.shape, np.float32)
    shade = (np.sin(x / 97) * np.cos(y / 53) * 0.03)[..., None]
    mixed = alpha[..., None] * floats(BLUE) + (1 - alpha[..., None]) * floats(ORANGE) + shade
    return floats(np.clip(mixed, 0, 1))


def _strands(size_hw: Size, pitch_px: int, count: int = 12) -> tuple[FloatArray, Box]:
    """A block with upright strands of two pixels above it, and the box of the strands without their ends."""
    height, width = size_hw
    alpha = np.zeros(size_hw, np.float32)
    alpha[height * 5 // 9 :, width // 3 : width * 2 // 3] = 1
    left = width // 2 - count * pitch_px // 2
    for start in range(left, left + count * pitch_px, pitch_px):
        alpha[height // 5 : height * 5 // 9, start : start + 2] = 1
    return alpha, (slice(height // 5 + 20, height * 5 // 9 - 20), slice(left, left + count * pitch_px))


def _drawn(alpha: FloatArray, side: int = NETWORK_SIDE) -> FloatArray:
    """The best that a network of that size can draw, at the photo's size."""
    height, width = alpha.shape
    small = resize(alpha, (round(height * side / width), side), "box")
    return np.clip(resize(small, (height, width), "bilinear"), 0, 1)


def _followed(rgb: FloatArray, alpha: FloatArray) -> FloatArray:
    """The edges drawn anew, in a copy."""
    return follow_edges(rgb, shrink(rgb, learned_at((alpha.shape[0], alpha.shape[1])), "box"), alpha.copy())


def _likeness(one: FloatArray, other: FloatArray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("pitch_px", [4, 5])
def test_strands_finer_than_the_networks_pixels_are_found_at_the_photos_own_size(pitch_px: int) -> None:
    """Twelve strands in 3000 pixels: a network of 1024 has less than two of its pixels a strand and gap."""
    truth, box = _strands((1200, 3000), pitch_px)
    before = _drawn(truth)
    after = _followed(_photo(truth), before)
    assert _likeness(before[box], truth[box]) < 0.4, "the network cannot have drawn them"
    assert _likeness(after[box], truth[box]) > 0.98
    errors = [float(np.abs(alpha - truth)[box].mean()) for alpha in (before, after)]
    assert errors[0] > 2.4 * errors[1]
    middle = after[(box[0].start + box[0].stop) // 2, box[1]]
    rises = (np.diff((middle > middle.mean()).astype(int), prepend=0) == 1).sum()
    assert rises == 12, "each strand is there"


@pytest.mark.parametrize("size_hw", [(600, 900), (1200, 3000)])
def test_crisp_edges_that_are_right_stay(size_hw: Size) -> None:
    alpha = soft_disc(size_hw, softness_px=2)
    assert np.abs(_followed(_photo(alpha), alpha) - alpha).max() < 0.05


@pytest.mark.parametrize("size_hw", [(600, 900), (1200, 3000)])
def test_a_crisp_edge_that_was_drawn_too_wide_goes_where_the_photo_has_it(size_hw: Size) -> None:
    truth = soft_disc(size_hw, softness_px=2)
    wide = box_mean(largest(truth, size_hw[1] // 600), size_hw[1] // 400)
    errors = [np.abs(alpha - truth).sum() for alpha in (wide, _followed(_photo(truth), wide))]
    assert errors[1] < 0.4 * errors[0]


def test_a_crisp_edge_stays_where_the_photo_has_another_beside_it() -> None:
    """A stripe of the subject's colour lies five pixels outside of the subject."""
    alpha = soft_disc((600, 900), softness_px=2)
    looks = np.maximum(alpha, np.roll(alpha, 5, axis=1) * (np.indices(alpha.shape)[1] > 640))
    assert np.abs(_followed(_photo(looks), alpha) - alpha).max() < 0.05


def test_a_subject_of_two_colours_gets_no_rim_of_the_one_that_is_nearer_to_the_background() -> None:
    """A pale shirt before a white wall, and a dark arm beside its edge."""
    alpha = soft_disc((600, 900), softness_px=2)
    arm = smallest(alpha, 10)[..., None]
    coloured = arm * floats((0.45, 0.3, 0.25)) + (1 - arm) * floats((0.75, 0.78, 0.88))
    rgb = alpha[..., None] * coloured + (1 - alpha[..., None]) * floats((0.95, 0.93, 0.94))
    assert np.abs(_followed(floats(rgb), alpha) - alpha).max() < 0.1


def test_bodies_and_what_is_far_from_soft_pixels_are_left_to_the_bit() -> None:
    truth, box = _strands((1200, 3000), 4)
    before = _drawn(truth)
    before[: box[0].start] = 0  # the ends of strands are edges like others
    after = _followed(_photo(truth), before)
    changed = np.argwhere(after[:600] != before[:600])
    assert changed[:, 1].min() > box[1].start - 60 and changed[:, 1].max() < box[1].stop + 60
    sure = (before[760:] == 0) | (before[760:] == 1)
    assert np.array_equal(after[760:][sure], before[760:][sure])


def test_colours_that_say_nothing_change_nothing() -> None:
    """Fine hair before a wall of its own colour stays as the network drew it."""
    truth, box = _strands((1200, 3000), 4)
    before = _drawn(truth)
    y, x = np.indices(truth.shape, np.float32)
    grey = (0.5 + np.sin(x / 2.1) * np.cos(y / 1.7) * 0.05).astype(np.float32)
    after = _followed(np.repeat(grey[..., None], 3, axis=2), before)
    assert np.abs(after - before)[box].max() < 0.05


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_an_empty_matte_and_a_full_one_come_back_as_they_are(level: float) -> None:
    alpha = np.full((700, 900), level, np.float32)
    rgb = np.random.default_rng(9).random((700, 900, 3), np.float32)
    assert np.array_equal(_followed(rgb, alpha), alpha)


@pytest.mark.parametrize("size_hw", [(700, 900), (1300, 1100), (1, 5000), (5000, 2)])
def test_noise_does_not_ring(size_hw: Size) -> None:
    random = np.random.default_rng(10)
    rgb, alpha = random.random((*size_hw, 3), np.float32), random.random(size_hw, np.float32)
    after = _followed(rgb, alpha)
    assert after.shape == size_hw and after.dtype == np.float32
    assert after.min() >= 0 and after.max() <= 1


def test_a_soft_ramp_of_two_colours_has_no_bands() -> None:
    """Alpha grows from left to right over 300 pixels, and so it does after."""
    ramp = floats(np.clip((np.arange(900) - 300) / 300, 0, 1))
    alpha = np.broadcast_to(ramp, (600, 900)).copy()
    rgb = alpha[..., None] * floats(BLUE) + (1 - alpha[..., None]) * floats(ORANGE)
    after = _followed(floats(rgb), alpha)
    assert np.diff(after, axis=1).min() > -1e-4
    assert np.abs(after - alpha).max() < 0.05


def _hazy(size_hw: Size) -> tuple[FloatArray, FloatArray]:
    """A photo of a disc with a wide, uneven edge, and a matte that misses the unevenness."""
    uneven = np.random.default_rng(12).random(size_hw, np.float32) * np.float32(0.1)
    alpha = soft_disc(size_hw, softness_px=40)
    return _photo(np.clip(alpha + uneven * (alpha > 0) * (alpha < 1), 0, 1).astype(np.float32)), alpha


@pytest.mark.parametrize("size_hw", [(800, 900), (1201, 1999)])
def test_the_tiles_cannot_be_seen(size_hw: Size, monkeypatch: pytest.MonkeyPatch) -> None:
    rgb, before = _hazy(size_hw)
    results = []
    for tile in (21, 128, 5000):
        monkeypatch.setattr(module, "_LEARNED_TILE", tile)
        monkeypatch.setattr(module, "_DRAWN_TILE", tile)
        results.append(_followed(rgb, before))
    assert np.abs(results[1] - before).max() > 0.02, "something was drawn anew"
    for other in results[1:]:
        assert np.abs(other - results[0]).max() < 1e-5


def test_a_small_photo_is_left_alone() -> None:
    """It was enlarged for the network, whose edges are finer than the photo's pixels."""
    alpha = soft_disc((400, 300), softness_px=60)
    assert np.array_equal(_followed(_photo(alpha), alpha), alpha)


def test_memory_is_for_what_is_near_soft_pixels() -> None:
    """Planes for a whole photo are never made: the model alone would take fifteen of them."""
    size_hw = (2400, 3600)
    rgb = _photo(np.zeros(size_hw, np.float32))
    crisp, soft = np.zeros(size_hw, np.float32), np.zeros(size_hw, np.float32)
    crisp[800:1600, 1200:2400] = 1
    soft[800:1600, 1200:2400] = soft_disc((800, 1200), softness_px=80)
    pixels = crisp.nbytes
    assert _added(rgb, crisp) < 0.3 * pixels
    assert _added(rgb, soft) < 0.6 * pixels


def _added(rgb: FloatArray, alpha: FloatArray) -> int:
    """The most bytes that are held besides the photo and its matte."""
    small, alpha = shrink(rgb, learned_at((alpha.shape[0], alpha.shape[1])), "box"), alpha.copy()
    tracemalloc.start()
    try:
        follow_edges(rgb, small, alpha)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_photo_is_left_alone_and_the_matte_worked_on_itself() -> None:
    rgb, before = _hazy((800, 900))
    small = shrink(rgb, learned_at((800, 900)), "box")
    copies, alpha = (rgb.copy(), small.copy()), before.copy()
    assert follow_edges(rgb, small, alpha) is alpha
    assert not np.array_equal(alpha, before)
    assert np.array_equal(rgb, copies[0]) and np.array_equal(small, copies[1])
