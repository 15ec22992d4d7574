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

TINY = 16
"""The side of the pictures that are compared in the end."""
MOST_SIGNS = 7
_SIDE = 2 * TINY
_BANDS, _BITS = 8, 8
_ROWS = 1024
_ALIKE = 0.03
"""The root of the mean squared difference of two reduced photos, below which they are one photo."""

Fingerprints = NDArray[np.uint64]
Places = NDArray[np.intp]
Tiny = NDArray[np.uint8]

_GREY = np.array([0.299, 0.587, 0.114], np.float32)


def fingerprint(small: FloatArray) -> int:
    """64 signs of how a photo looks, from its reduced form 32×32×3."""
    grey = small @ _GREY
    cosines = _cosines()
    waves = (cosines @ grey @ cosines.T).ravel()
    waves[0] = 0  # how bright it is says nothing
    # The median is not zero for photos of few details: half of the signs are set in any of them.
    signs = waves > np.median(waves[1:])
    return int(np.packbits(signs).view(">u8")[0])


def _cosines() -> FloatArray:
    """The lowest 8 of 32 cosine waves, 8×32."""
    place = (np.arange(_SIDE) + 0.5) * np.pi / _SIDE
    return np.cos(np.arange(8)[:, None] * place[None]).astype(np.float32)


def neighbours(marks: Fingerprints) -> Iterator[Places]:
    """Pairs of places N×2 (first < second) whose fingerprints differ in at most `MOST_SIGNS` signs, each once.

    They come by blocks of any length. Memory grows with the fingerprints alone, 8 bytes each and
    a few times that to sort them.
    """
    for band in range(_BANDS if len(marks) else 0):
        keys = (marks >> np.uint64(band * _BITS)) & np.uint64((1 << _BITS) - 1)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=keys[order[:1]] + np.uint64(1)))
        for first, last in zip(starts, [*starts[1:], len(order)], strict=True):
            yield from _within(marks, order[first:last], band)


def _within(marks: Fingerprints, group: Places, band: int) -> Iterator[Places]:
    """Those of a group that share a band, unless they share an earlier one too, in which they were met."""
    for top in range(0, len(group) - 1, _ROWS):
        rows = group[top : top + _ROWS]
        for left in range(top, len(group), _ROWS):
            columns = group[left : left + _ROWS]
            differ = marks[rows][:, None] ^ marks[columns][None]
            found = np.bitwise_count(differ) <= MOST_SIGNS
            if left == top:
                found &= np.triu(np.ones(found.shape, np.bool_), 1)
            row, column = np.nonzero(found)
            is_new = _is_new(differ[row, column], band)
            both = np.stack((rows[row[is_new]], columns[column[is_new]]), axis=1)
            if len(both):
                yield np.sort(both, axis=1)


def _is_new(differ: Fingerprints, band: int) -> NDArray[np.bool_]:
    """Whether fingerprints that differ in these signs do so in each band before this one."""
    mask = np.uint64((1 << _BITS) - 1)
    is_new = np.ones(len(differ), np.bool_)
    for earlier in range(band):
        is_new &= ((differ >> np.uint64(earlier * _BITS)) & mask) != 0
    return is_new


def small_of(picture: FloatArray) -> FloatArray:
    """A picture H×W×C as its fingerprint is taken: 32×32×C."""
    return np.asarray(np.clip(shrink(picture, (_SIDE, _SIDE), "bilinear"), 0, 1), np.float32)


def tiny_of(small: FloatArray) -> Tiny:
    """The same as it is compared in the end: 16×16×C bytes, which hardly feel where a reduction drew its lines."""
    means = small.reshape(TINY, 2, TINY, 2, -1).mean((1, 3))
    return np.asarray(np.rint(means * 255), np.uint8)


def are_alike(first: Tiny, second: Tiny) -> NDArray[np.bool_]:
    """Which of two rows of pictures N×16×16×C show the same, as their fingerprints suggested."""
    apart = (first.astype(np.float32) - second) / 255
    return np.asarray(np.sqrt(np.mean(apart**2, (1, 2, 3))) < _ALIKE)
