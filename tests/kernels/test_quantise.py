"""Rounding to integers against a loop over pixels, also where most of the picture is nothing."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest

from feathercut.kernels.quantise import quantise
from feathercut.pictures import FloatArray

RANDOM = np.random.default_rng(8)


def slow(rgb: FloatArray, alpha: FloatArray, depth: Literal[8, 16]) -> list[list[list[int]]]:
    most = np.float32(2**depth - 1)

    def whole(value: np.float32) -> int:
        return math.floor(value * most + np.float32(0.5))

    return [
        [[*map(whole, rgb[y, x]), whole(alpha[y, x])] if whole(alpha[y, x]) else [0] * 4 for x in range(rgb.shape[1])]
        for y in range(rgb.shape[0])
    ]


def sparse() -> FloatArray:
    """Strips that are full, empty, one column wide, too faint for eight bits, and at both borders."""
    alpha = np.zeros((400, 7), np.float32)
    alpha[:64] = RANDOM.random((64, 7))
    alpha[128:192, 3] = 0.4
    alpha[192:256] = 0.001
    alpha[256:320, [0, 6]] = 1, 0.5
    alpha[399, 6] = 1
    return alpha


@pytest.mark.parametrize("depth", [8, 16])
def test_each_pixel_is_rounded_and_nothing_is_left_where_alpha_is_none(depth: Literal[8, 16]) -> None:
    alpha = sparse()
    rgb = RANDOM.random((*alpha.shape, 3)).astype(np.float32)
    result = quantise(rgb, alpha, depth)
    assert result.dtype == np.dtype(f"uint{depth}")
    assert result.tolist() == slow(rgb, alpha, depth)


@pytest.mark.parametrize("depth", [8, 16])
def test_colours_and_a_matte_alone_are_rounded_alike(depth: Literal[8, 16]) -> None:
    alpha = RANDOM.random((130, 5)).astype(np.float32)
    rgb = np.repeat(alpha[..., None], 3, axis=2)
    matte = quantise(None, alpha, depth)
    assert matte.shape == alpha.shape
    assert np.array_equal(quantise(rgb, None, depth), np.repeat(matte[..., None], 3, axis=2))
    assert np.array_equal(quantise(rgb, np.ones_like(alpha), depth)[..., 0], matte)


def test_halves_are_rounded_up() -> None:
    assert quantise(None, np.array([[0, 0.5, 1]], np.float32), 8).tolist() == [[0, 128, 255]]
