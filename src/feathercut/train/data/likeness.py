"""Which photos look alike: saved again, of another size, or another quality.

A photo's fingerprint is 64 signs of its lowest cosine frequencies (the perceptual hash of C. Zauner, *Implementation
and Benchmarking of Perceptual Image Hash Functions*, 2010). Two fingerprints that differ in at most seven signs agree
in one of eight bands of signs wholly; so only those that share a band are compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.resample import shrink
from feathercut.pictures import FloatArray

SMALL = 32
"""The side to which a photo is reduced for its fingerprint."""
MOST_SIGNS = 7
_BANDS = (8,) * 8
_ROWS = 1024
_ALIKE = 0.03
"""The root of the mean squared difference of two reduced photos, below which they are one photo."""

Small = FloatArray
Fingerprints = NDArray[np.uint64]

_GREY = np.array([0.299, 0.587, 0.114], np.float32)


def fingerprint(small: Small) -> int:
    """64 signs of how a photo looks, from its reduced form SMALL×SMALL×3."""
    grey = small @ _GREY
    cosines = _cosines()
    waves = (cosines @ grey @ cosines.T).ravel()
    waves[0] = 0  # how bright it is says nothing
    # The median is not zero for photos of few details: half of the signs are set in any of them.
    signs = waves > np.median(waves[1:])
    return int(np.packbits(signs).view(">u8")[0])


def _cosines() -> FloatArray:
    """The lowest 8 of 32 cosine waves, 8×32."""
    place = (np.arange(SMALL) + 0.5) * np.pi / SMALL
    return np.cos(np.arange(8)[:, None] * place[None]).astype(np.float32)


def neighbours(marks: Fingerprints) -> Iterator[tuple[int, int]]:
    """Pairs of places (first < second) whose fingerprints differ in at most `MOST_SIGNS` signs, each once.

    Memory grows with the fingerprints alone, 8 bytes each and a few times that to sort them.
    """
    shift = 0
    for band, length in enumerate(_BANDS if len(marks) else ()):
        mask = np.uint64((1 << length) - 1)
        keys = (marks >> np.uint64(shift)) & mask
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=keys[order[:1]] + np.uint64(1)))
        for first, last in zip(starts, [*starts[1:], len(order)], strict=True):
            yield from _within(marks, order[first:last], band)
        shift += length


def _within(marks: Fingerprints, group: NDArray[np.intp], band: int) -> Iterator[tuple[int, int]]:
    """Those of a group that share a band, unless they share an earlier one too, in which they were met."""
    for top in range(0, len(group) - 1, _ROWS):
        rows = group[top : top + _ROWS]
        for left in range(top, len(group), _ROWS):
            columns = group[left : left + _ROWS]
            differ = marks[rows][:, None] ^ marks[columns][None]
            found = np.bitwise_count(differ) <= MOST_SIGNS
            if left == top:
                found &= np.triu(np.ones(found.shape, np.bool_), 1)
            for row, column in np.argwhere(found):
                if not _met_before(int(differ[row, column]), band):
                    first, second = int(rows[row]), int(columns[column])
                    yield min(first, second), max(first, second)


def _met_before(differ: int, band: int) -> bool:
    shift = 0
    for length in _BANDS[:band]:
        if not (differ >> shift) & ((1 << length) - 1):
            return True
        shift += length
    return False


def small_of(picture: FloatArray) -> Small:
    """A picture H×W×C as it is compared: SMALL×SMALL×C."""
    return np.asarray(np.clip(shrink(picture, (SMALL, SMALL), "bilinear"), 0, 1), np.float32)


def are_alike(first: Small, second: Small) -> bool:
    """Whether two reduced photos show the same, as their fingerprints suggested."""
    # By means of 2×2, which hardly feel where a reduction drew its lines.
    apart = (first - second).reshape(SMALL // 2, 2, SMALL // 2, 2, -1).mean((1, 3))
    return float(np.sqrt(np.mean(apart**2))) < _ALIKE
