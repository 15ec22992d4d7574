"""Who is in a data set twice, and on which sides of a split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError
from feathercut.train.data.faults import Fault
from feathercut.train.data.index import Files
from feathercut.train.data.likeness import are_alike, neighbours, small_of
from feathercut.train.data.marks import Digests, Marks
from feathercut.train.data.pairs import Pairs, read_matte

_SAME_TRUTH = 0.1
"""The root of the mean squared difference of two reduced mattes, below which they are one."""
_BLOCK = 4096
_EXACTLY = "the same file"


def repeated(sets: Sequence[Pairs], marks: Marks, sides: NDArray[np.int8], names: Sequence[str]) -> Iterator[Fault]:
    """What is there twice: the same file, the same photo in another size or quality, the same matte of two photos."""
    look = Look(sets)
    told: set[tuple[int, bool]] = set()
    for first, second in _equal(marks.photos):
        is_same = bool((marks.mattes[first] == marks.mattes[second]).all())
        yield _twice(look, first, second, sides, names, is_same=is_same, how=_EXACTLY)
    for first, second, is_mirrored in alike(marks):
        # Of ten that look the same each is told once, not with each of the others.
        if (key := (second, bool(sides[first] != sides[second]))) in told:
            continue
        told.add(key)
        is_same = look.have_one_truth(first, second, is_mirrored=is_mirrored)
        how = "the same photo, mirrored" if is_mirrored else "the same photo, saved again or of another size"
        yield _twice(look, first, second, sides, names, is_same=is_same, how=how)
    for first, second in _equal(marks.mattes):
        if not (marks.photos[first] == marks.photos[second]).all() and not marks.are_alike(first, second):
            files = tuple(str(look.files(place).alpha) for place in (first, second))
            yield Fault(
                "same-matte",
                files,
                "Two photos have the same matte to the byte.",
                *look.place(first),
                look.place(second),
            )


def alike(marks: Marks) -> Iterator[tuple[int, int, bool]]:
    """Places of photos that look the same and are not the same file, and whether one is the mirror image."""
    chosen = np.flatnonzero(marks.has_fingerprint)
    count = len(chosen)
    for block in neighbours(np.concatenate((marks.fingerprints[chosen], marks.mirrored[chosen]))):
        # Two that are mirrored both are the same as two that are not.
        met = block[(block[:, 0] < count) & (block[:, 0] != block[:, 1] % count)]
        for top in range(0, len(met), _BLOCK):
            part = met[top : top + _BLOCK]
            is_mirrored = part[:, 1] >= count
            first, second = np.sort(chosen[part % count], axis=1).T
            tiny = marks.tiny[second]
            tiny[is_mirrored] = tiny[is_mirrored, :, ::-1]
            is_same_file = (marks.photos[first] == marks.photos[second]).all(1)
            found = ~is_same_file & are_alike(marks.tiny[first], tiny)
            yield from zip(first[found].tolist(), second[found].tolist(), is_mirrored[found].tolist(), strict=True)


def _twice(
    look: Look,
    first: int,
    second: int,
    sides: NDArray[np.int8],
    names: Sequence[str],
    *,
    is_same: bool,
    how: str,
) -> Fault:
    files = tuple(str(look.files(place).image) for place in (first, second))
    if sides[first] != sides[second]:
        both = f"{names[sides[first]]} and {names[sides[second]]}"
        return Fault(
            "leak", files, f"These are {how}, and one is in each of {both}.", *look.place(first), look.place(second)
        )
    if not is_same:
        return Fault(
            "two-truths", files, f"These are {how}, with two different mattes.", *look.place(first), look.place(second)
        )
    kind = "duplicate" if how == _EXACTLY else "near-duplicate"
    return Fault(kind, files, f"These are {how}.", *look.places(first, second))


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
    """Pairs of several sets by one number."""

    def __init__(self, sets: Sequence[Pairs]) -> None:
        self._sets = sets
        self._starts = np.cumsum([0, *(len(one) for one in sets)])

    def place(self, number: int) -> tuple[int, int]:
        """(set, pair) of a number."""
        of = int(np.searchsorted(self._starts, number, "right")) - 1
        return of, number - int(self._starts[of])

    def places(self, first: int, second: int) -> tuple[int, int, tuple[int, int]]:
        """Set and pair of the first, and both of the second, as a fault has them."""
        return *self.place(first), self.place(second)

    def files(self, number: int) -> Files:
        """The paths of a pair."""
        of, place = self.place(number)
        return self._sets[of].files(place)

    def have_one_truth(self, first: int, second: int, *, is_mirrored: bool = False) -> bool:
        """Whether two mattes are the same but for their size; what cannot be read was told before."""
        try:
            one, other = (small_of(read_matte(self.files(number).alpha)[..., None]) for number in (first, second))
        except InputError:
            return True
        other = other[:, ::-1] if is_mirrored else other
        return float(np.sqrt(np.mean((one - other) ** 2))) < _SAME_TRUTH
