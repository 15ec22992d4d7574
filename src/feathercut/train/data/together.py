"""A split that keeps what looks the same on one side."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from feathercut import files
from feathercut.errors import InputError, OptionError, OutputExistsError
from feathercut.in_order import InOrder, Turn
from feathercut.train.data.check import Progress
from feathercut.train.data.marks import Mark, Marks
from feathercut.train.data.pairs import Pairs, read_photo
from feathercut.train.data.repeated import alike
from feathercut.train.data.split import HELD_OUT, ranks


def write_held_out(
    pairs: Pairs, held_out: float, seed: int, *, workers: int, overwrite: bool, progress: Progress | None = None
) -> int:
    """Writes `held-out.txt` and gives how many pairs it names.

    Photos that look the same are one: all of them are held out, or none. Raises OptionError, OutputExistsError.
    """
    path = pairs.folder / HELD_OUT
    if files.is_there(path) and not overwrite:
        raise OutputExistsError(f"{path} is there already; `--overwrite` replaces it")
    wanted = round(len(pairs) * held_out)
    if held_out > 0 and len(pairs) > 1:
        wanted = min(max(wanted, 1), len(pairs) - 1)
    groups = _groups(pairs, workers, progress)
    rank = ranks(pairs, seed)[groups]  # a group has the rank of its first
    order = np.argsort(rank, kind="stable")
    is_held = np.zeros(len(pairs), np.bool_)
    held = 0
    for members in np.split(order, np.flatnonzero(np.diff(rank[order])) + 1):
        if held >= wanted:
            break
        if held + len(members) < len(pairs):
            is_held[members] = True
            held += len(members)
    if wanted and not held:
        raise OptionError(f"{pairs.folder}: all photos look the same; nothing can be held out")
    ids = pairs.listing.ids
    files.write(path, b"".join(bytes(ids[number]) + b"\n" for number in np.flatnonzero(is_held)), overwrite=overwrite)
    return held


def _groups(pairs: Pairs, workers: int, progress: Progress | None) -> NDArray[np.intp]:
    """For each pair the first that looks the same."""
    marks = Marks.of(len(pairs))

    def look(number: int, _: Turn) -> Mark | None:
        try:
            return Mark.of(read_photo(pairs.files(number).image))
        except InputError:
            return None

    with InOrder(look, iter(range(len(pairs))), workers=workers, ahead=2 * workers, most=math.inf) as seen:
        for number, mark in enumerate(seen):
            marks.note(number, number.to_bytes(16, "little"), bytes(16), mark)
            if progress is not None:
                progress(pairs.files(number).id, number + 1, len(pairs))
    return _joined(len(pairs), alike(marks))


def _joined(count: int, same: Iterator[tuple[int, int, bool]]) -> NDArray[np.intp]:
    first = np.arange(count)

    def root(number: int) -> int:
        while first[number] != number:
            number = first[number]
        return number

    for one, other, _ in same:
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return np.array([root(number) for number in range(count)], np.intp)
