"""What `train` and `finetune` have in common: where things lie, how far it is, what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feathercut import system
from feathercut.cli import console
from feathercut.cli.progress import Progress, clock
from feathercut.settings import Settings

if TYPE_CHECKING:
    from feathercut.train.compare import Scores
    from feathercut.train.data import Pairs
    from feathercut.train.finish import Made
    from feathercut.train.history import Epoch, Sampled
    from feathercut.train.job import Job

_FOLDER = click.Path(path_type=Path, file_okay=False)


@dataclass(frozen=True)
class Asked:
    """The options that are not of the training itself."""

    data: Path
    name: str
    work: Path | None
    restarts: bool
    installs_anyway: bool
    overwrites: bool
    makes_int8: bool
    quiet: bool

    @property
    def folder(self) -> Path:
        """Where the state and the report are kept."""
        return self.work or Path("feathercut-training") / self.name


def of_training(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that both have; it gets them as `asked`."""

    @wraps(command)
    def gathered(
        data: Path, name: str, work: Path | None, restart: bool, install_anyway: bool, overwrite: bool, no_int8: bool,
        quiet: bool, **others: object,
    ) -> Any:  # fmt: skip
        asked = Asked(data, name, work, restart, install_anyway, overwrite, not no_int8, quiet)
        return command(asked=asked, **others)

    options = (
        click.option("--data", type=_FOLDER, required=True, metavar="DIR", help="The photos and their mattes."),
        click.option("--out", "name", required=True, metavar="NAME", help="What the new network is called."),
        click.option("--work", type=_FOLDER, metavar="DIR", help="The folder for the state and the report; by default "
                     "`feathercut-training/NAME`."),
        click.option("--restart", is_flag=True, help="Begin anew, whatever an earlier run left."),
        click.option("--install-anyway", is_flag=True, help="Install the network though it is no better."),
        click.option("--overwrite", is_flag=True, help="Replace a network of your own of that name."),
        click.option("--no-int8", is_flag=True, help="Make no int8 form."),
        click.option("--quiet", is_flag=True, help="Say nothing but results and errors."),
    )  # fmt: skip
    decorated: Callable[..., Any] = gathered
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def train_and_install(asked: Asked, begin: Callable[[Pairs, Path], Job]) -> None:
    """Trains what `begin` says, reports, and installs what is better."""
    system.wait_without_turning()
    from feathercut.train import state
    from feathercut.train.begin import open_pairs, weights_of
    from feathercut.train.finish import install, make, models_folder
    from feathercut.train.processes import train
    from feathercut.train.record import check_name

    settings = Settings.read()
    models_folder(settings)
    check_name(asked.name, settings, overwrites=asked.overwrites)
    job = begin(open_pairs(asked.data), asked.folder)
    if asked.restarts:
        state.forget(asked.folder)
    heard = _Heard(asked, job)
    heard.begin()
    try:
        outcome = train(job, weights_of(job), heard)
    finally:
        heard.clear()
    made = make(asked.name, job, outcome.weights, settings, heard.say, makes_int8=asked.makes_int8)
    results = _results(made, job)
    why = made.why_not_better
    ending = f"Not better: {why}." if why else f"Better: `{asked.name}` is what to use for such photos."
    heard.write(outcome.history, outcome.best, results, ending)
    _tell(results)
    path = install(made, settings, anyway=asked.installs_anyway)
    console.result(f"{path}: `feathercut remove PHOTO --model {asked.name}` uses it")


def _results(made: Made, job: Job) -> dict[str, Scores]:
    named = {
        f"{job.record.id}, before": made.before,
        f"{made.record.id}, after": made.after,
        f"{made.record.id}, in int8": made.in_int8,
    }
    return {name: one for name, one in named.items() if one is not None}


def _tell(results: dict[str, Scores]) -> None:
    if results:
        rows = [(name, str(one.photos), f"{one.mae:.4f}", f"{one.iou:.4f}") for name, one in results.items()]
        console.table([("network", "held-out photos", "MAE", "IoU"), *rows])


class _Heard:
    """Tells on stderr how it goes, and writes the report after each epoch."""

    def __init__(self, asked: Asked, job: Job) -> None:
        from feathercut.train.curves import Curves
        from feathercut.train.report import Samples

        self._asked, self._job = asked, job
        self._progress = Progress("steps", is_quiet=asked.quiet)
        self._samples = Samples(job.folder)
        self._curves = Curves(job.folder) if job.options.tensorboard else None
        self._began = time.monotonic()
        self._first: int | None = None
        self._done = 0
        self._steps = 0

    def say(self, text: str) -> None:
        """A line on stderr, unless nothing is to be said."""
        if not self._asked.quiet:
            console.say(text)

    def begin(self) -> None:
        """Says what is about to happen."""
        job = self._job
        self.say(
            f"`{self._asked.name}`: {len(job.tuning)} photos to learn from, {len(job.held_out)} held out, "
            f"{job.size}×{job.size}; report: {job.folder / 'report.html'}"
        )

    def clear(self) -> None:
        """Takes the progress away."""
        self._progress.clear()

    def step(self, done: int, total: int) -> None:
        """So many of all steps are done."""
        if self._first is None:
            self._first, self._began = done - 1, time.monotonic()
        self._done, self._steps = done, total
        self._progress.show(self._asked.name, done, total)

    def masks(self, epoch: int, epochs: int, loss: float) -> None:
        """So many epochs of learning masks are over."""
        self._progress.clear()
        self.say(f"masks, epoch {epoch}/{epochs}: loss {loss:.4f}")

    def epoch(self, history: Sequence[Epoch], best: int) -> None:
        """An epoch is over."""
        last = history[-1]
        self._progress.clear()
        loss = "as it begins" if last.loss is None else f"loss {last.loss:.4f}"
        measured = f", held out: MAE {last.held_out.mae:.4f}, IoU {last.held_out.iou:.4f}" if last.held_out else ""
        is_best = " (best)" if last.held_out and best == last.number and last.number else ""
        self.say(f"epoch {last.number}/{self._job.options.epochs}: {loss}{measured}{is_best}{self._left()}")
        if self._curves is not None:
            self._curves.add(last)
        self.write(history, best)

    def _left(self) -> str:
        moved = self._done - (self._first or 0)
        if self._first is None or moved <= 0 or self._done >= self._steps:
            return ""
        return f"; at most {clock((self._steps - self._done) * (time.monotonic() - self._began) / moved)} left"

    def sampler(self) -> Sampled:
        """Who takes samples."""
        return self._samples.add

    def write(
        self,
        history: Sequence[Epoch],
        best: int,
        results: dict[str, Scores] | None = None,
        ending: str = "",
    ) -> None:
        """Writes the report."""
        from feathercut import files
        from feathercut.train.report import page

        files.make_folder(self._job.folder)
        self._samples.write()
        text = page(self._asked.name, self._job.plan(), history, best, self._samples.rows, results, ending)
        files.write(self._job.folder / "report.html", text.encode(), overwrite=True)
