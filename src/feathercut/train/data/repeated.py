"""Who is in a data set twice, and on which sides of a split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError
from feathercut.train.data.faults import Fault
from feathercut.train.data.index import Files
from feathercut.train.data.likeness import Small, are_alike, neighbours, small_of
from feathercut.train.data.pairs import Pairs, read_matte, read_photo

_SAME_TRUTH = 0.1
"""The root of the mean squared difference of two reduced mattes, below which they are one."""
_KEPT = 256

Digests = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Marks:
    """What tells pairs from one another, 42 bytes each: digests of photo and matte N×2, and fingerprints N."""

    photos: Digests
    mattes: Digests
    fingerprints: NDArray[np.uint64]
    has_fingerprint: NDArray[np.bool_]

    @classmethod
    def of(cls, count: int) -> Marks:
        """Room for so many pairs."""
        return cls(
            np.zeros((count, 2), np.uint64),
            np.zeros((count, 2), np.uint64),
            np.zeros(count, np.uint64),
            np.zeros(count, np.bool_),
        )

    def note(self, place: int, photo: bytes, matte: bytes, fingerprint: int | None) -> None:
        """Keeps what was seen of one pair."""
        self.photos[place] = np.frombuffer(photo, np.uint64)
        self.mattes[place] = np.frombuffer(matte, np.uint64)
        if fingerprint is not None:
            self.fingerprints[place], self.has_fingerprint[place] = fingerprint, True


def repeated(sets: Sequence[Pairs], marks: Marks, sides: NDArray[np.int8], names: Sequence[str]) -> Iterator[Fault]:
    """What is there twice: the same file, the same photo in another size or quality, the same matte of two photos."""
    look = Look(sets)
    for first, second in _equal(marks.photos):
        is_same = bool((marks.mattes[first] == marks.mattes[second]).all())
        yield _twice(look, first, second, sides, names, is_same=is_same, is_exact=True)
    for first, second in alike(look, marks):
        is_same = bool((marks.mattes[first] == marks.mattes[second]).all()) or look.have_one_truth(first, second)
        yield _twice(look, first, second, sides, names, is_same=is_same, is_exact=False)
    for first, second in _equal(marks.mattes):
        if not (marks.photos[first] == marks.photos[second]).all() and not look.are_alike(first, second):
            files = tuple(str(look.files(place).alpha) for place in (first, second))
            yield Fault("same-matte", files, "Two photos have the same matte to the byte.", *look.place(first))


def alike(look: Look, marks: Marks) -> Iterator[tuple[int, int]]:
    """Places of photos that look the same and are not the same file."""
    chosen = np.flatnonzero(marks.has_fingerprint)
    for one, other in neighbours(marks.fingerprints[chosen]):
        first, second = int(chosen[one]), int(chosen[other])
        is_exact = bool((marks.photos[first] == marks.photos[second]).all())
        if not is_exact and look.are_alike(first, second):
            yield first, second


def _twice(
    look: Look,
    first: int,
    second: int,
    sides: NDArray[np.int8],
    names: Sequence[str],
    *,
    is_same: bool,
    is_exact: bool,
) -> Fault:
    files = tuple(str(look.files(place).image) for place in (first, second))
    how = "the same file" if is_exact else "the same photo, saved again or of another size"
    if sides[first] != sides[second]:
        both = f"{names[sides[first]]} and {names[sides[second]]}"
        return Fault("leak", files, f"These are {how}, and one is in each of {both}.", *look.place(first))
    if not is_same:
        return Fault("two-truths", files, f"These are {how}, with two different mattes.", *look.place(first))
    kind = "duplicate" if is_exact else "near-duplicate"
    return Fault(kind, files, f"These are {how}.", *look.place(first))


def _equal(digests: Digests) -> Iterator[tuple[int, int]]:
    """(first, another) of the places with equal digests; zeros are of what could not be read."""
    order = np.lexsort((np.arange(len(digests)), digests[:, 1], digests[:, 0]))
    again = (digests[order[1:]] == digests[order[:-1]]).all(1) & digests[order[1:]].any(1)
    first, last = -1, -1
    for place in np.flatnonzero(again):
        first = first if place == last + 1 and first >= 0 else int(order[place])
        last = int(place)
        yield first, int(order[place + 1])


class Look:
    """Pairs of several sets by one number, and the reduced pictures of a few of them."""

    def __init__(self, sets: Sequence[Pairs]) -> None:
        self._sets = sets
        self._starts = np.cumsum([0, *(len(one) for one in sets)])
        self._photo = lru_cache(_KEPT)(self._read_photo)

    def place(self, number: int) -> tuple[int, int]:
        """(set, pair) of a number."""
        of = int(np.searchsorted(self._starts, number, "right")) - 1
        return of, number - int(self._starts[of])

    def files(self, number: int) -> Files:
        """The paths of a pair."""
        of, place = self.place(number)
        return self._sets[of].files(place)

    def are_alike(self, first: int, second: int) -> bool:
        """Whether two photos show the same."""
        one, other = self._photo(first), self._photo(second)
        return one is not None and other is not None and are_alike(one, other)

    def have_one_truth(self, first: int, second: int) -> bool:
        """Whether two mattes are the same but for their size; what cannot be read was told before."""
        try:
            one, other = (small_of(read_matte(self.files(number).alpha)[..., None]) for number in (first, second))
        except InputError:
            return True
        return float(np.sqrt(np.mean((one - other) ** 2))) < _SAME_TRUTH

    def _read_photo(self, number: int) -> Small | None:
        try:
            return small_of(read_photo(self.files(number).image))
        except InputError:
            return None
