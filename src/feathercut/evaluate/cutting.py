"""The first half of a run: every photo is cut out, alone, so that its time and memory are its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from feathercut.errors import FeathercutError, InputError, OptionError, OutputError, ShapeError, TooLargeError, fault
from feathercut.evaluate import memory
from feathercut.evaluate.mattes import Cost, MatteFolder
from feathercut.evaluate.reading import size_of
from feathercut.evaluate.samples import Sample
from feathercut.options import Options
from feathercut.pictures import Animation, Image
from feathercut.result import Result
from feathercut.steps.encode import encode


class Applies(Protocol):
    """What removes the background: a Remover, or a stand-in."""

    def apply(self, source: Path, options: Options) -> Result:
        """The cutout of one photo."""
        ...


@dataclass(frozen=True)
class Cut:
    """What became of one photo: where its cutout lies, or why there is none."""

    sample: Sample
    path: Path
    cost: Cost | None = None
    error: FeathercutError | None = None


def cut_all(samples: Sequence[Sample], remover: Applies, options: Options, mattes: MatteFolder) -> Iterator[Cut]:
    """One entry a photo, in order, as each is done; those that the folder holds already are not done again.

    What concerns a single photo is its entry's error; an error of the network is raised.
    """
    for sample in samples:
        path = mattes.path(sample.id)
        if mattes.holds(sample.id):
            yield Cut(sample, path, mattes.cost(sample.id))
            continue
        try:
            cost = _cut(sample, remover, options, mattes)
        except (InputError, OutputError, ShapeError, OptionError) as error:
            yield Cut(sample, path, error=error)
        except MemoryError:
            too_large = TooLargeError(f"{sample.image}: There is not enough memory for this photo. Make it smaller")
            yield Cut(sample, path, error=too_large)
        except FeathercutError:
            raise
        except Exception as error:  # a fault of ours that one photo lays bare is no reason to drop the others
            ours = fault(error)
            ours.__cause__ = error
            yield Cut(sample, path, error=ours)
        else:
            yield Cut(sample, path, cost)


def _cut(sample: Sample, remover: Applies, options: Options, mattes: MatteFolder) -> Cost:
    true_size = size_of(sample.alpha)  # a truth that is not there is known before the network has run
    memory.forget_peak()
    started = time.perf_counter()
    result = remover.apply(sample.image, options)
    cost = Cost(time.perf_counter() - started, memory.peak_mb())
    cutout = result.cutout
    if cutout.size != true_size:
        raise InputError(
            f"{sample.alpha}: has {true_size[1]}×{true_size[0]} pixels, the photo has "
            f"{cutout.size[1]}×{cutout.size[0]}; bring both to one size"
        )
    picture = Animation((Image(cutout.rgb, cutout.alpha, cutout.metadata),))
    mattes.add(sample.id, encode(picture, format="png"), cost)
    return cost
