"""From what a person asked for to a job: all that can be refused is, before anything is learned."""

from __future__ import annotations

from pathlib import Path

from feathercut.errors import InputError, TrainingError
from feathercut.models.catalogue import check_licence, find
from feathercut.models.weights import locate
from feathercut.settings import Settings
from feathercut.train.data import Pair, Pairs, Part, split
from feathercut.train.job import Job
from feathercut.train.losses.total import MASKS, MATTES, Weights
from feathercut.train.networks.build import build
from feathercut.train.options import Finetuning, Training
from feathercut.train.photos import Photos
from feathercut.train.record import network_of, template

_FEWEST = 4
_LOOKED_AT = 16


def open_pairs(folder: Path) -> Pairs:
    """The data set in a folder. Raises InputError where it is none, TrainingError where it is too small."""
    pairs = Pairs.open(folder)
    if len(pairs) < _FEWEST:
        raise TrainingError(
            f"{folder} has {len(pairs)} photos with a matte of the same name, where {_FEWEST} are the least; "
            "`feathercut data check` names those without one"
        )
    return pairs


def from_nothing(network: str, pairs: Pairs, options: Training, folder: Path) -> Job:
    """A job that begins with random weights. Raises UnknownModelError or InputError."""
    build(network)  # refuses a name that is none
    tuning, held_out = _split(pairs, options)
    return Job(network, template(network), tuning, held_out, options, folder, names=(_ids(tuning), _ids(held_out)))


def from_published(
    model: str,
    pairs: Pairs,
    options: Finetuning,
    folder: Path,
    keep_photos: Path | None = None,
    accept_licence: str | None = None,
) -> Job:
    """A job that begins with a network's published weights, fetched where they are not here yet.

    Raises UnknownModelError, LicenceError, WeightsError or InputError.
    """
    settings = Settings.read()
    record = find(model, settings.models)
    check_licence(record, "any", accept_licence)
    tuning, held_out = _split(pairs, options)
    keep = Photos.open(keep_photos) if keep_photos is not None else ()
    start = locate(record, settings)
    network = network_of(record, start)
    names = _ids(tuning), _ids(held_out)
    return Job(network, record, tuning, held_out, options, folder, start, keep, names)


def _split(pairs: Pairs, options: Training) -> tuple[Part, Part]:
    """What is learned from and what is not, once one of each was read: better a broken file now than after an hour."""
    tuning, held_out = split(pairs, options.held_out, options.seed)
    if not len(tuning):
        raise TrainingError(f"{pairs.folder} holds out all of its photos; nothing is left to learn from")
    for number in range(len(pairs)) if len(pairs) <= _LOOKED_AT else (0, len(pairs) - 1):
        _check(pairs[number], pairs.files(number).alpha)
    return tuning, held_out


def _check(pair: Pair, path: Path) -> None:
    if not pair.alpha.any():
        raise InputError(
            f"{path} is empty: nothing of its photo is the subject; `feathercut data check` names all such"
        )


def _ids(part: Part) -> list[str]:
    pairs = part.pairs
    return [pairs.files(int(number)).id for number in part.numbers] if isinstance(pairs, Pairs) else []


def weights_of(job: Job) -> Weights:
    """The losses that were asked for; for `auto` those of mattes where one of the first few truths is soft."""
    if job.options.loss != "auto":
        return MASKS if job.options.loss == "masks" else MATTES
    looked_at = range(0, len(job.tuning), max(1, len(job.tuning) // _LOOKED_AT))
    return MASKS if all(job.tuning[number].is_mask for number in looked_at) else MATTES
