"""Pieces that are one subject: a hat held apart, legs behind a bar, a tail beyond a leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut.kernels.geodesic import Costs, spread_labels
from feathercut.kernels.pieces import Labels

_LEAST = 0.01
"""What has less than this share of the largest one's mass is no subject of its own."""
_SMALL, _NEAR = 0.12, 0.75
"""A piece of this share of another is a part of it where they are this near, in its own width."""
_ALIGNED, _GAP = 0.6, 0.15
"""Of two above one another: how much of the narrower one's width they share, and the gap in their height together."""
_ROUNDS = 4


@dataclass
class _Group:
    cells: int
    box: tuple[int, int, int, int]


def join_pieces(pieces: Labels, masses: np.ndarray, most: int) -> Labels:
    """`pieces` (h×w, 0 outside) with one number for all that are one subject, from 1 on, at most `most`.

    `masses` has what each piece weighs, by its number. Pieces without a hundredth of the largest one's mass are left
    out: they go with what is near.
    """
    masses = masses.copy()
    masses[0] = 0
    order = np.argsort(-masses, kind="stable")[: 4 * most]
    kept = [int(piece) for piece in order if masses[piece] > 0 and masses[piece] >= _LEAST * masses.max()]
    numbers = np.zeros(len(masses), np.int32)
    numbers[kept] = np.arange(1, len(kept) + 1)
    cores = numbers[pieces]
    if len(kept) < 2:
        return cores
    groups = [_Group(int((cores == number).sum()), _box(cores == number)) for number in range(1, len(kept) + 1)]
    owners = _joined(groups, cores)
    remaining = {owner: at for at, owner in enumerate(sorted(set(owners)), 1)}
    by_piece = np.array([0, *(remaining[owner] if remaining[owner] <= most else 0 for owner in owners)], np.int32)
    return by_piece[cores]


def _joined(groups: list[_Group], cores: Labels) -> list[int]:
    """For each group, in the order of their sizes, the number of the one that it is joined with."""
    labels, costs = spread_labels(cores, np.full(cores.shape, 5, np.int64))
    gaps = sorted((gap, one, other) for (one, other), gap in _gaps(labels, costs).items())
    owners = list(range(len(groups)))
    for _ in range(_ROUNDS):
        before = list(owners)
        for gap, one, other in gaps:
            first, second = sorted((owners[one - 1], owners[other - 1]))
            if first != second and _is_one(groups[first], groups[second], gap / 5):
                _take(groups[first], groups[second])
                owners = [first if owner == second else owner for owner in owners]
        if owners == before:
            break
    return owners


def _gaps(labels: Labels, costs: Costs) -> dict[tuple[int, int], int]:
    """How far apart those are whose territories meet, in fifths of a cell."""
    found: dict[tuple[int, int], int] = {}
    for one, other in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        meets = labels[one] != labels[other]
        pairs = np.sort(np.stack([labels[one][meets], labels[other][meets]]), axis=0)
        for first, second, gap in zip(*pairs.tolist(), (costs[one] + costs[other])[meets].tolist(), strict=True):
            found[first, second] = min(gap, found.get((first, second), gap))
    return found


def _is_one(one: _Group, other: _Group, gap: float) -> bool:
    small, large = sorted((one, other), key=lambda group: group.cells)
    if small.cells <= _SMALL * large.cells and gap <= _NEAR * small.cells**0.5 + 1:
        return True
    upper, lower = sorted((one.box, other.box))
    shared = min(upper[3], lower[3]) - max(upper[1], lower[1])
    narrower = min(upper[3] - upper[1], lower[3] - lower[1])
    height = max(upper[2], lower[2]) - upper[0]
    # Above one another: hardly any row shows both.
    is_stacked = upper[2] - lower[0] <= 0.1 * height
    return is_stacked and shared >= _ALIGNED * narrower and gap <= _GAP * height


def _take(group: _Group, other: _Group) -> None:
    tops, lefts, bottoms, rights = zip(group.box, other.box, strict=True)
    group.cells += other.cells
    group.box = min(tops), min(lefts), max(bottoms), max(rights)


def _box(marks: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
