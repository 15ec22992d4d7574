"""What is learned from and what is held out: two parts of a data set that share nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError, OptionError
from feathercut.train.data.pair import Pair
from feathercut.train.data.pairs import Pairs

HELD_OUT = "held-out.txt"
"""Beside `images` and `alpha`: the ids that are held out, one a line. `feathercut data split` writes it."""


class Part(Sequence[Pair]):
    """Some pairs of a sequence, by their numbers in it."""

    def __init__(self, pairs: Sequence[Pair], numbers: NDArray[np.integer]) -> None:
        self.pairs = pairs
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, number: int) -> Pair: ...
    @overload
    def __getitem__(self, number: slice) -> Part: ...
    def __getitem__(self, number: int | slice) -> Pair | Part:
        if isinstance(number, slice):
            return Part(self.pairs, self.numbers[number])
        return self.pairs[int(self.numbers[number])]


def split(pairs: Sequence[Pair], held_out: float, seed: int) -> tuple[Part, Part]:
    """What to learn from, and the share `held_out` (0 to 1) that is not, each in the order of `pairs`.

    A data set that has a `held-out.txt` is split as that says, whatever the share. Else a pair of a data set is held
    out by its id and the seed, so that it keeps its side when others are added. Of two pairs or more, at least one is
    on each side unless the share is 0. Raises OptionError, or InputError where `held-out.txt` names what is not there.
    """
    if not 0 <= held_out < 1:
        raise OptionError(f"Option `held_out` takes a share from 0 to less than 1, got: {held_out}")
    is_held = np.zeros(len(pairs), np.bool_)
    if isinstance(pairs, Pairs) and (listed := listed_as_held_out(pairs)) is not None:
        is_held[listed] = True
    else:
        is_held[held_numbers(pairs, held_out, seed)] = True
    return Part(pairs, np.flatnonzero(~is_held)), Part(pairs, np.flatnonzero(is_held))


def held_numbers(pairs: Sequence[Pair], held_out: float, seed: int) -> NDArray[np.intp]:
    """The numbers of those that the seed holds out."""
    count = round(len(pairs) * held_out)
    if held_out > 0 and len(pairs) > 1:
        count = min(max(count, 1), len(pairs) - 1)
    if isinstance(pairs, Pairs):
        return np.argsort(ranks(pairs, seed), kind="stable")[:count]
    return np.random.default_rng([seed, len(pairs)]).permutation(len(pairs))[:count]


def ranks(pairs: Pairs, seed: int) -> NDArray[np.uint64]:
    """A number for each pair that only its id and the seed decide; the lowest are held out first."""
    key = seed.to_bytes(8, "little", signed=True)
    found = np.empty(len(pairs), np.uint64)
    for number, name in enumerate(pairs.listing.ids):
        found[number] = int.from_bytes(hashlib.blake2b(bytes(name), key=key, digest_size=8).digest(), "little")
    return found


def listed_as_held_out(pairs: Pairs) -> NDArray[np.intp] | None:
    """The numbers of the pairs that `held-out.txt` names; None where there is no such file. Raises InputError."""
    path = pairs.folder / HELD_OUT
    if not path.is_file():
        return None
    names = _names(path)
    ids = pairs.listing.ids
    places = np.searchsorted(ids, names)
    is_there = places < len(ids)
    is_there[is_there] = ids[places[is_there]] == names[is_there]
    if not is_there.all():
        missing = [bytes(name).decode("utf-8", "replace") for name in names[~is_there][:3]]
        raise InputError(
            f"{path} names {', '.join(missing)}, which the set does not have; `feathercut data split` writes it anew"
        )
    return np.unique(places)


def _names(path: Path) -> NDArray[np.bytes_]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    names = [line.strip() for line in lines if line.strip()]
    return np.array(names) if names else np.zeros(0, "S1")
