"""Labels that spread, against the slow way: one cell after the other, the nearest first."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from numpy.typing import NDArray

from feathercut.kernels.geodesic import spread_labels


def _slow(seeds: NDArray[np.int32], costs: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    height, width = seeds.shape
    best: dict[tuple[int, int], tuple[int, int]] = {}
    heap = [(0, int(seeds[y, x]), int(y), int(x)) for y, x in np.argwhere(seeds > 0)]
    heapq.heapify(heap)
    while heap:
        cost, label, y, x = heapq.heappop(heap)
        if (y, x) in best:
            continue
        best[y, x] = cost, label
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                to = y + down, x + across
                if to == (y, x) or not (0 <= to[0] < height and 0 <= to[1] < width):
                    continue
                step = int(costs[to])
                heapq.heappush(heap, (cost + (step * 7 // 5 if down and across else step), label, *to))
    labels, away = np.zeros(seeds.shape, np.int32), np.zeros(seeds.shape, np.int64)
    for place, (cost, label) in best.items():
        away[place], labels[place] = cost, label
    return labels, away


@pytest.mark.parametrize("size", [(1, 1), (1, 20), (20, 1), (17, 23)])
@pytest.mark.parametrize("dearest", [5, 80])
def test_labels_and_costs_are_those_of_the_nearest_first(size: tuple[int, int], dearest: int) -> None:
    generator = np.random.default_rng(5)
    seeds = np.zeros(size, np.int32)
    for number in range(1, 5):
        seeds[generator.integers(size[0]), generator.integers(size[1])] = number
    costs = generator.integers(5, dearest + 1, size)
    labels, away = spread_labels(seeds, costs)
    slow_labels, slow_away = _slow(seeds, costs)
    assert np.array_equal(away, slow_away)
    assert np.array_equal(labels, slow_labels)


def test_without_seeds_there_are_no_labels() -> None:
    labels, away = spread_labels(np.zeros((4, 5), np.int32), np.full((4, 5), 5))
    assert not labels.any()
    assert not away.any()


def test_a_way_round_a_wall_is_taken_where_the_wall_costs_more() -> None:
    costs = np.full((9, 9), 5)
    costs[:8, 4] = 1000
    seeds = np.zeros((9, 9), np.int32)
    seeds[0, 0] = 1
    _, away = spread_labels(seeds, costs)
    assert 60 < away[0, 8] < 120
