"""Pairs → batches: the order, the varying and the size, all by (seed, epoch, number) and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feathercut import system
from feathercut.errors import OptionError
from feathercut.in_order import InOrder, Turn
from feathercut.kernels.resample import resize, shrink
from feathercut.pictures import FloatArray
from feathercut.train.data.augment import augment
from feathercut.train.data.augmentation import Augmentation
from feathercut.train.data.behind import Behind, Other, any_of, from_pairs
from feathercut.train.data.pair import Pair

Made = Callable[[int, Turn], Pair]
_LARGEST = 2
"""Times the network's size: photos are reduced to that before they are varied, so that close-ups stay sharp."""


class Batch(NamedTuple):
    """Photos B×3×S×S and their mattes B×1×S×S, float32 in [0, 1], sRGB."""

    rgb: FloatArray
    alpha: FloatArray


def batches(
    pairs: Sequence[Pair],
    size: int,
    batch: int,
    seed: int,
    epoch: int,
    augmentation: Augmentation | None = None,
    *,
    start: int = 0,
    part: tuple[int, int] = (0, 1),
    shuffle: bool = True,
    workers: int = 2,
    behind: Behind | None = None,
) -> Iterator[Batch]:
    """The batches of one epoch: each pair once, in an order of the epoch's own, stretched to size × size.

    The same seed, epoch and pairs give the same batches to the bit, whatever `workers`, the threads that read ahead;
    0 reads in the caller's. `start` leaves out as many batches, and the next is the one that would
    have come. `part` is (rank, processes): every process gets every so-manieth batch, all of them as many, and what
    is left over is left out; with one process the last batch is as small as what remains. Without `shuffle` the order
    is that of `pairs`. `behind` gives backgrounds; without it they are made up or come from other pairs. Raises
    InputError where a pair cannot be read, which names the file.
    """
    if size < 1 or batch < 1 or start < 0 or not 0 <= part[0] < part[1]:
        raise OptionError(f"A batch cannot be made: size {size}, batch {batch}, start {start}, part {part}")
    chosen = augmentation or Augmentation.none()
    order = order_of(len(pairs), seed, epoch) if shuffle else np.arange(len(pairs))
    places = _places(len(pairs), batch, start, part)
    backgrounds = behind or from_pairs(pairs)
    other = any_of(pairs)

    def made(number: int, _: Turn) -> Pair:
        return sample(pairs, number, size, seed, epoch, chosen, backgrounds, other)

    return _handed_out(made, order, places, batch, workers)


def count(pairs: int, batch: int, processes: int = 1) -> int:
    """How many batches `batches` gives each of so many processes.

    >>> count(10, 4), count(10, 4, 2)
    (3, 1)
    """
    return math.ceil(pairs / batch) if processes == 1 else pairs // (batch * processes)


def order_of(pairs: int, seed: int, epoch: int) -> NDArray[np.intp]:
    """The order of an epoch: a permutation."""
    return np.random.default_rng([seed, epoch]).permutation(pairs)


def sample(
    pairs: Sequence[Pair],
    number: int,
    size: int,
    seed: int,
    epoch: int,
    augmentation: Augmentation,
    behind: Behind,
    other: Other,
) -> Pair:
    """One pair as an epoch shows it, size × size."""
    pair = reduced(pairs[number], _LARGEST * size)
    if not augmentation.changes_nothing:
        random = np.random.default_rng([seed, epoch, number + 1])
        pair = augment(
            pair, random, augmentation, behind=behind, other=lambda random: reduced(other(random), _LARGEST * size)
        )
    return stretched(pair, size)


def reduced(pair: Pair, longest: int) -> Pair:
    """The pair with at most so many pixels along its longer side."""
    ratio = longest / max(pair.size)
    if ratio >= 1:
        return pair
    new = max(1, round(pair.size[0] * ratio)), max(1, round(pair.size[1] * ratio))
    return _at(pair, new)


def stretched(pair: Pair, size: int) -> Pair:
    """The pair at size × size, as networks see photos."""
    return pair if pair.size == (size, size) else _at(pair, (size, size))


def _at(pair: Pair, size_hw: tuple[int, int]) -> Pair:
    # Both by one filter that stays within its range, so that a pixel's alpha is that of its colours.
    rgb = np.clip(shrink(pair.pixels, size_hw, "bilinear"), 0, 1)
    alpha = np.clip(resize(pair.alpha[0], size_hw, "bilinear"), 0, 1)
    return Pair.of(rgb, alpha, is_mask=pair.is_mask)


def _places(pairs: int, batch: int, start: int, part: tuple[int, int]) -> range:
    """Where in the order the batches begin that a part of the processes takes, from the `start`th on."""
    rank, processes = part
    return range(
        (rank + start * processes) * batch, count(pairs, batch, processes) * processes * batch, processes * batch
    )


def _handed_out(made: Made, order: NDArray[np.intp], places: range, batch: int, workers: int) -> Iterator[Batch]:
    """Batches as they are asked for; so many pairs are made ahead as one batch has, and no more."""
    numbers = (int(number) for place in places for number in order[place : place + batch])
    with InOrder(made, numbers, workers=workers, ahead=batch if workers else 0, most=math.inf) as samples:
        for place in places:
            taken = [next(samples) for _ in order[place : place + batch]]
            yield Batch(np.stack([one.rgb for one in taken]), np.stack([one.alpha for one in taken]))
    system.give_memory_back()  # what the threads of an epoch leave behind, the next ones do not use
