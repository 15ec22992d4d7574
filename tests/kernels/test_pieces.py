"""Pieces against a slow flood fill."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from feathercut.kernels.pieces import label, pooled, spread


def _flood(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    labels = np.zeros(mask.shape, np.int32)
    count = 0
    for start in np.argwhere(mask):
        if labels[tuple(start)]:
            continue
        count += 1
        todo = [tuple(start)]
        while todo:
            y, x = todo.pop()
            if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and mask[y, x] and not labels[y, x]:
                labels[y, x] = count
                todo += [(y + down, x + across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return labels, count


@pytest.mark.parametrize("density", [0, 0.05, 0.2, 0.4, 0.6, 0.9, 1])
@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (23, 37), (64, 50)])
def test_pieces_are_those_of_a_flood_fill(density: float, size: tuple[int, int]) -> None:
    mask = np.random.default_rng(7).random(size) < density
    labels, count = label(mask)
    slow, slow_count = _flood(mask)
    assert count == slow_count
    assert np.array_equal(labels, slow)


def test_a_spiral_and_a_comb_are_one_piece_each() -> None:
    spiral = np.zeros((41, 41), bool)
    y = x = 0
    for turn, length in enumerate(range(40, 0, -2)):
        down, across = ((0, 1), (1, 0), (0, -1), (-1, 0))[turn % 4]
        for _ in range(length if turn else 40):
            spiral[y, x] = True
            y, x = y + down, x + across
    comb = np.zeros((30, 61), bool)
    comb[:, ::2], comb[-1] = True, True
    for mask in (spiral, comb, comb[::-1], comb.T, ~comb[:-1]):
        assert np.array_equal(label(mask)[0], _flood(mask)[0])


@pytest.mark.parametrize("cell", [1, 2, 7, 8])
def test_cells_have_the_most_and_the_sum_of_their_pixels(cell: int) -> None:
    alpha = np.random.default_rng(1).random((45, 62)).astype(np.float32)
    most, mass = pooled(alpha, cell)
    for y in range(most.shape[0]):
        for x in range(most.shape[1]):
            pixels = alpha[y * cell : (y + 1) * cell, x * cell : (x + 1) * cell]
            assert most[y, x] == pixels.max() and mass[y, x] == pytest.approx(pixels.sum(), rel=1e-5)


def test_marks_spread_to_all_sides_and_not_around_the_border() -> None:
    marks = np.zeros((9, 12), bool)
    marks[0, 0] = marks[5, 7] = True
    wanted = np.zeros_like(marks)
    wanted[:3, :3] = wanted[3:8, 5:10] = True
    assert np.array_equal(spread(marks, 2), wanted)
    assert np.array_equal(spread(marks, 0), marks)
