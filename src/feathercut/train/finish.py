"""From trained weights to a network that all else here runs: file, record, int8 form, and whether it is better."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from feathercut import files, system
from feathercut.errors import NetworkError, NotBetterError, OptionError
from feathercut.models.folded import folded
from feathercut.models.quantisation import path_of, read_quantisation
from feathercut.models.ranges import RECIPES, Recipe, measured, widened
from feathercut.models.spec import Gate, Record
from feathercut.pictures import FloatArray, Image
from feathercut.settings import Settings, usual_models_folder
from feathercut.steps.predict import normalise, place
from feathercut.train.average import blended
from feathercut.train.compare import Scores, scores
from feathercut.train.data import Pair
from feathercut.train.job import Job
from feathercut.train.networks.build import build
from feathercut.train.networks.export import export
from feathercut.train.networks.published import load_published
from feathercut.train.record import own_record

_RANGES_FROM = 48
"""Photos that the numbers of the int8 form are measured on, at most."""
_ANY_NETWORK = Recipe(balance=0.5, spread=1, input="float")

Says = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A network of one's own, not installed yet: a folder as `FEATHERCUT_MODELS` may name one, and what was measured.

    `before` is the network that it began as, alone; None of those that began from nothing. `after` is None where
    nothing was held out.
    """

    folder: Path
    record: Record
    before: Scores | None
    after: Scores | None
    in_int8: Scores | None

    @property
    def weights(self) -> Path:
        """The network's file."""
        return self.folder / f"{self.record.id}.onnx"

    @property
    def why_not_better(self) -> str | None:
        """Why it is not to be installed, in words; None where it is better."""
        if self.after is None:
            return "nothing was held out to measure it with"
        if self.before is not None and not self.after.is_better_than(self.before):
            return (
                f"on {self.after.photos} held-out photos its MAE is {self.after.mae:.4f} where it was "
                f"{self.before.mae:.4f}, its IoU {self.after.iou:.4f} where it was {self.before.iou:.4f}"
            )
        return None


def make(
    name: str, job: Job, best: dict[str, Tensor], settings: Settings, says: Says, *, makes_int8: bool = True
) -> Made:
    """The trained network as files in the job's folder, measured beside what it began as.

    Raises NetworkError, OutputError or InputError.
    """
    folder = job.folder / "network"
    shutil.rmtree(folder, ignore_errors=True)
    files.make_folder(folder)
    path = folder / f"{name}.onnx"
    _export(job, best, path)
    record = own_record(name, job.record, job.size, path, len(job.tuning), is_tuned=job.is_tuning)
    staged = replace(settings, models=folder)
    before = after = in_int8 = None
    if job.held_out:
        if job.start is not None:
            says(f"Measuring `{job.record.id}` on {len(job.held_out)} held-out photos")
            before = scores(job.record, job.start, job.held_out, settings)
        says(f"Measuring `{name}` on them")
        after = scores(record, path, job.held_out, staged)
    if makes_int8 and after is not None and (said := _why_no_int8()) is None:
        says("Measuring its int8 form")
        record, in_int8 = _with_int8(record, path, job, after, staged)
        if in_int8 is None:
            says("It answers otherwise than the network in float, and was left out")
    elif makes_int8 and after is not None:
        says(f"No int8 form was made: {said}")
    _write_record(record, folder)
    return Made(folder, record, before, after, in_int8)


def _export(job: Job, best: dict[str, Tensor], path: Path) -> None:
    torch.manual_seed(job.options.seed)
    network = build(job.network)
    if job.start is not None and job.blend < 1:
        load_published(network, job.start)
        best = blended(network.state_dict(), best, job.blend)
    network.load_state_dict(best)
    export(network.eval(), path, (job.size, job.size), job.record)


def _why_no_int8() -> str | None:
    if not system.multiplies_bytes():
        return (
            "this processor does not multiply bytes without loss (x86 with VNNI, under Linux), so it cannot be measured"
        )
    return None


def _with_int8(
    record: Record, weights: Path, job: Job, after: Scores, settings: Settings
) -> tuple[Record, Scores | None]:
    """The record with what int8 costs, once its ranges were measured and written beside it."""
    like = {"u2netp": "u2netp", "isnet": "isnet-general"}.get(job.network, "")
    with TemporaryDirectory() as work:
        whole = folded(weights, record, record.input.size, Path(work))
        count = min(len(job.tuning), _RANGES_FROM)
        inputs = [_input(job.tuning[number * len(job.tuning) // count], record) for number in range(count)]
        data = measured(
            whole,
            inputs,
            RECIPES.get(like, _ANY_NETWORK),
            Path(work),
            model_id=record.id,
            photos=f"{count} of those that it learned from",
        )
    if job.is_tuning and like == job.record.id:
        data = widened(data, read_quantisation(like))
    # A staged folder is the user's own: its data are found beside its record.
    path = path_of(record.id, settings.models)
    files.make_folder(path.parent)
    files.write(path, f"{data.model_dump_json()}\n".encode(), overwrite=True)
    try:
        small = scores(record, weights, job.held_out, settings, "int8")
    except NetworkError:  # it does not answer as the float form does
        path.unlink()
        return record, None
    gate = Gate(
        photos=after.photos,
        mae=round(small.mae - after.mae, 5),
        iou=round(small.iou - after.iou, 5),
        sad=round(small.sad / after.sad, 4) if after.sad else None,
    )
    return record.model_copy(update={"int8": {"own": gate}}), small


def _input(pair: Pair, record: Record) -> FloatArray:
    canvas, _ = place(Image(pair.pixels), record.input.size, record.input)
    return normalise(canvas, record.input)


def _write_record(record: Record, folder: Path) -> None:
    text = record.model_dump_json(indent=2, exclude_none=True)
    files.write(folder / f"{record.id}.json", f"{text}\n".encode(), overwrite=True)


def models_folder(settings: Settings) -> Path:
    """Where networks of one's own are installed. Raises OptionError where there is no such place."""
    folder = settings.models or usual_models_folder()
    if folder is None:
        raise OptionError("There is no home folder to install a network in; set `FEATHERCUT_MODELS` to a folder")
    return folder


def install(made: Made, settings: Settings, *, anyway: bool = False) -> Path:
    """Puts the network where `feathercut remove --model` finds it, and gives its record's path.

    Raises NotBetterError unless it is better or `anyway`, OutputError where it cannot be written.
    """
    if (why := made.why_not_better) is not None and not anyway:
        raise NotBetterError(
            f"`{made.record.id}` was not installed: {why}. It lies in {made.folder}; `--install-anyway` installs it"
        )
    folder = models_folder(settings)
    files.make_folder(folder)
    # The record last: until it is there, there is no such network.
    for path in _in_order(made):
        target = folder / path.relative_to(made.folder)
        files.make_folder(target.parent)
        files.write(target, path.read_bytes(), overwrite=True)
    return folder / f"{made.record.id}.json"


def _in_order(made: Made) -> Sequence[Path]:
    data = made.folder / "quantised" / f"{made.record.id}.json"
    return [*([data] if data.is_file() else []), made.weights, made.folder / f"{made.record.id}.json"]
