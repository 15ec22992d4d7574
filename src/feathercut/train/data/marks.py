"""What tells the pairs of a data set from one another, a few bytes of each."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feathercut.pictures import FloatArray
from feathercut.train.data.likeness import TINY, Tiny, are_alike, fingerprint, small_of, tiny_of

_MANY = 10_000
"""Pairs from which on their tiny pictures lie on the disk."""

Digests = NDArray[np.uint64]


@dataclass(frozen=True)
class Mark:
    """How one photo looks: its fingerprint, that of its mirror image, and a tiny picture of it."""

    fingerprint: int
    mirrored: int
    tiny: Tiny

    @classmethod
    def of(cls, rgb: FloatArray) -> Mark:
        """The mark of a photo H×W×3."""
        small = small_of(rgb)
        return cls(fingerprint(small), fingerprint(small[:, ::-1]), tiny_of(small))


@dataclass(frozen=True, eq=False)
class Marks:
    """Those of N pairs: digests of photo and matte N×2, fingerprints N, mirrored ones N, tiny pictures N×16×16×3.

    49 bytes a pair are in memory; the tiny pictures of many, 768 bytes each, are in a file without a name.
    """

    photos: Digests
    mattes: Digests
    fingerprints: NDArray[np.uint64]
    mirrored: NDArray[np.uint64]
    has_fingerprint: NDArray[np.bool_]
    tiny: Tiny

    @classmethod
    def of(cls, count: int) -> Marks:
        """Room for so many pairs."""
        digests = np.zeros((count, 2), np.uint64), np.zeros((count, 2), np.uint64)
        looks = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        return cls(*digests, *looks, np.zeros(count, np.bool_), _room(count))

    def note(self, place: int, photo: bytes, matte: bytes, mark: Mark | None) -> None:
        """Keeps what was seen of one pair; digests have 16 bytes."""
        self.photos[place] = np.frombuffer(photo, np.uint64)
        self.mattes[place] = np.frombuffer(matte, np.uint64)
        if mark is not None:
            self.fingerprints[place], self.has_fingerprint[place] = mark.fingerprint, True
            self.mirrored[place], self.tiny[place] = mark.mirrored, mark.tiny

    def are_alike(self, first: int, second: int) -> bool:
        """Whether two photos show the same, mirrored or not."""
        one, other = self.tiny[first : first + 1], self.tiny[second : second + 1]
        same = are_alike(one, other)[0] or are_alike(one, other[:, :, ::-1])[0]
        return bool(same and self.has_fingerprint[[first, second]].all())


def _room(count: int) -> Tiny:
    shape = (count, TINY, TINY, 3)
    if count < _MANY:
        return np.zeros(shape, np.uint8)
    with tempfile.TemporaryFile() as file:  # a map outlives its file's name
        return np.memmap(file, np.uint8, "w+", shape=shape)
