"""A data set, or the parts of one, looked at pair by pair: what is the matter, and who is in it twice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError
from feathercut.in_order import InOrder, Turn
from feathercut.train.data.examine import Examined, Truth, examine
from feathercut.train.data.faults import KINDS, Fault, Faults
from feathercut.train.data.looked_at import LookedAt, looked_at
from feathercut.train.data.marks import Marks
from feathercut.train.data.pairs import Pairs, said_of
from feathercut.train.data.repeated import repeated
from feathercut.train.data.split import HELD_OUT, listed_as_held_out

Progress = Callable[[str, int, int], None]
"""Told (file, pairs done, pairs in all)."""
Told = Callable[[Fault], None]
_EXAMPLES = 12
_TRUTHS: dict[object, Truth] = {"soft": "mattes", "hard": "masks"}


@dataclass
class Checked:
    """What was found: the sets, how many of their truths are masks, and all faults.

    `shown` are pairs with pictures, by (set, pair): some with faults and a few of all; `twice` some that are there
    twice. `known` pairs had been looked at before, and have not changed since.
    """

    sets: list[Pairs]
    masks: list[int]
    truths: list[Truth]
    faults: Faults = field(default_factory=Faults)
    shown: dict[tuple[int, int], Examined] = field(default_factory=dict)
    twice: dict[tuple[int, int], Examined] = field(default_factory=dict)
    known: int = 0

    @property
    def count(self) -> int:
        """Pairs in all sets."""
        return sum(map(len, self.sets))


def check(
    folders: Sequence[Path],
    truth: Truth | None,
    *,
    workers: int,
    shown: int = 0,
    anew: bool = False,
    tell: Told | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Looks at every pair of the folders, each of which is a part that must share nothing with the others.

    `truth` says what the mattes are meant to be; None takes what `set.json` says. `shown` is how many pairs with
    faults keep pictures. A single folder with a `held-out.txt` has two parts. Memory grows by 50 bytes a pair. What was
    seen is kept in each folder, and not looked at again where the files are as they were, unless `anew`. Raises
    InputError where a folder is no data set.
    """
    sets = [Pairs.open(folder) for folder in folders]
    for one in sets:
        if not any((len(one), *(one.listing.left_out(side)[0] for side in ("images", "alpha")))):
            raise InputError(
                f"{one.folder} has no picture in `images` and none in `alpha`; put photos and mattes there"
            )
    truths = [truth or _TRUTHS.get(said_of(one.folder).get("truth"), "any") for one in sets]
    found = Checked(sets, [0] * len(sets), truths)

    def note(fault: Fault) -> None:
        if found.faults.add(fault) and tell is not None:
            tell(fault)

    for number, one in enumerate(sets):
        for fault in _partners(one, number, found.faults):
            note(fault)
    with ExitStack() as stack:
        seen = [stack.enter_context(looked_at(*one, anew=anew)) for one in zip(folders, truths, strict=True)]
        marks = _looked_through(found, seen, workers, shown, note, progress)
    for fault in repeated(sets, marks, _sides(sets), _names_of_sides(sets)):
        note(fault)
        for number, place in fault.places if len(found.twice) < shown else ():
            files = sets[number].files(place)
            found.twice[number, place] = examine(files, place, number, truths[number], with_pictures=True)
    found.faults.kept.sort(key=lambda fault: list(KINDS).index(fault.kind))
    return found


def _partners(pairs: Pairs, number: int, faults: Faults) -> Iterator[Fault]:
    """The files that are in no pair."""
    kinds = (
        ("images", "no-matte", "The photo has no matte in `alpha`."),
        ("alpha", "no-photo", "The matte has no photo in `images`."),
        ("twice", "twice", "Another file of the same name is there, of another ending."),
    )
    for side, kind, sentence in kinds:
        count, names = pairs.listing.left_out(side)
        for name in names:
            yield Fault(kind, (str(pairs.folder / name),), sentence, number)
        faults.count(kind, count - len(names))


def _looked_through(
    found: Checked, seen: Sequence[LookedAt], workers: int, shown: int, note: Told, progress: Progress | None
) -> Marks:
    """Looks at all pairs, and keeps what tells them from one another."""
    marks = Marks.of(found.count)
    every = max(1, found.count // _EXAMPLES)
    with_faults = 0

    def work(item: tuple[int, int, int], _: Turn) -> tuple[Examined, bool]:
        at, number, place = item
        files, truth = found.sets[number].files(place), found.truths[number]
        with_pictures = bool(shown) and at % every == 0
        known = None if with_pictures else seen[number].find(files, place, number)
        if known is not None and not (shown and known.faults):
            return known, True
        return examine(files, place, number, truth, with_pictures=with_pictures), False

    with InOrder(work, _numbered(found), workers=workers, ahead=2 * workers, most=math.inf) as all_examined:
        for (at, number, place), (one, is_known) in zip(_numbered(found), all_examined, strict=True):
            found.known += is_known
            if not is_known:
                seen[number].note(found.sets[number].files(place), one)
            kinds = {fault.kind for fault in one.faults}
            # Black and white mattes are alike without being copies.
            matte = bytes(len(one.matte_digest)) if kinds & {"empty", "full"} else one.matte_digest
            marks.note(at, one.digest, matte, one.mark)
            found.masks[number] += one.is_mask and not one.faults
            for fault in one.faults:
                note(fault)
            if shown and one.photo is not None and (not one.faults or with_faults < shown):
                with_faults += bool(one.faults)
                found.shown[number, place] = one
            if progress is not None:
                progress(found.sets[number].files(place).id, at + 1, found.count)
    return marks


def _numbered(found: Checked) -> Iterator[tuple[int, int, int]]:
    """(number in all, set, pair) of every pair."""
    pairs = ((number, place) for number, one in enumerate(found.sets) for place in range(len(one)))
    return ((at, number, place) for at, (number, place) in enumerate(pairs))


def _sides(sets: Sequence[Pairs]) -> NDArray[np.int8]:
    """The part that each pair is in."""
    if len(sets) > 1:
        return np.repeat(np.arange(len(sets), dtype=np.int8), [len(one) for one in sets])
    sides = np.zeros(len(sets[0]), np.int8)
    listed = listed_as_held_out(sets[0])
    if listed is not None:
        sides[listed] = 1
    return sides


def _names_of_sides(sets: Sequence[Pairs]) -> list[str]:
    if len(sets) > 1:
        return [str(one.folder) for one in sets]
    return ["what is learned", f"`{HELD_OUT}`"]
