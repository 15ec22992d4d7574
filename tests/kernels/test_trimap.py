"""Alpha from a trimap, on scenes whose alpha we know."""

import numpy as np
import pytest

from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.pictures import FloatArray


def _scene(height: int, width: int, edge_px: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """A blue disc before orange, both a little uneven: the photo, alpha and a trimap that is unknown round the edge."""
    y, x = np.indices((height, width), np.float32)
    distance = np.hypot(y - height / 2, x - width / 2) - min(height, width) / 4
    alpha = np.clip(0.5 - distance / edge_px, 0, 1)
    shade = (np.sin(x / 31) * np.cos(y / 17) * 0.08)[..., None].astype(np.float32)
    own, behind = np.array([0.15, 0.3, 0.7], np.float32) + shade, np.array([0.85, 0.5, 0.2], np.float32) - shade
    rgb = alpha[..., None] * own + (1 - alpha[..., None]) * behind
    trimap = np.where(np.abs(distance) < edge_px / 2 + 8, np.float32(0.5), np.round(alpha))
    return rgb.astype(np.float32), alpha.astype(np.float32), trimap.astype(np.float32)


@pytest.mark.parametrize(("size_hw", "edge_px", "bound"), [((120, 160), 12, 0.01), ((900, 1500), 60, 0.015)])
def test_two_colours_tell_alpha(size_hw: tuple[int, int], edge_px: float, bound: float) -> None:
    rgb, alpha, trimap = _scene(*size_hw, edge_px)
    found = alpha_from_trimap(rgb, trimap)
    unknown = trimap == 0.5
    assert np.abs(found - alpha)[unknown].mean() < bound
    assert np.abs(found - alpha)[unknown].max() < 0.1


def test_thin_strands_finer_than_what_is_solved_at_are_found() -> None:
    """Lines of two pixels in a photo of 2000: half as wide as a pixel of the smaller picture is tall."""
    rgb, alpha, trimap = _scene(700, 2000, 20)
    alpha[300:400:10, 1200:1500] = 1
    alpha[301:401:10, 1200:1500] = 1
    rgb[alpha == 1] = (0.15, 0.3, 0.7)
    trimap[290:410, 1190:1510] = 0.5
    found = alpha_from_trimap(rgb, trimap)
    assert np.abs(found - alpha)[290:410, 1190:1510].mean() < 0.03


@pytest.mark.parametrize("size_hw", [(120, 160), (900, 1500)])
def test_known_pixels_are_kept_to_the_bit(size_hw: tuple[int, int]) -> None:
    rgb, _, trimap = _scene(*size_hw, 12)
    found = alpha_from_trimap(rgb, trimap)
    known = trimap != 0.5
    assert (found[known] == trimap[known]).all()
    assert found.min() >= 0
    assert found.max() <= 1
    assert found.dtype == np.float32


def test_nothing_unknown_changes_nothing() -> None:
    rgb, alpha, _ = _scene(60, 80, 1)
    trimap = np.round(alpha)
    assert (alpha_from_trimap(rgb, trimap) == trimap).all()


@pytest.mark.parametrize("value", [0, 1])
def test_without_the_other_side_the_known_one_spreads(value: int) -> None:
    """Nothing says what the other would look like: closed-form matting gives the known value as well."""
    rgb, _, _ = _scene(60, 80, 1)
    trimap = np.full((60, 80), 0.5, np.float32)
    trimap[:10] = value
    found = alpha_from_trimap(rgb, trimap)
    assert np.isfinite(found).all()
    assert np.abs(found[10] - value).max() < 0.2


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 40), (2, 3), (5, 4000)])
def test_any_size_will_do(size_hw: tuple[int, int]) -> None:
    rgb = np.random.default_rng(8).random((*size_hw, 3), np.float32)
    trimap = np.full(size_hw, 0.5, np.float32)
    trimap[0, 0] = 1
    found = alpha_from_trimap(rgb, trimap)
    assert found.shape == size_hw
    assert found[0, 0] == 1
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_what_it_is_given_is_left_alone() -> None:
    rgb, _, trimap = _scene(60, 80, 8)
    before = rgb.copy(), trimap.copy()
    alpha_from_trimap(rgb, trimap)
    assert (rgb == before[0]).all()
    assert (trimap == before[1]).all()
