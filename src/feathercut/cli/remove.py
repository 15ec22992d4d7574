"""`feathercut remove`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from feathercut.batch.check import check
from feathercut.batch.plan import Job, plan
from feathercut.batch.run import Outcome, run
from feathercut.cli import console, endings, exit_codes
from feathercut.cli.completion import complete_models
from feathercut.cli.flags import flags, given
from feathercut.cli.progress import Progress
from feathercut.cli.report import report
from feathercut.errors import OptionError
from feathercut.options import Network, Options
from feathercut.remover import Remover, apply_trimap
from feathercut.result import Result
from feathercut.sources import Source


class _Loading:
    """A remover that is loaded for the first photo that needs a network, with a progress bar for its weights."""

    def __init__(self, network: Network, photos: Progress, *, is_quiet: bool) -> None:
        self._network = network
        self._photos = photos
        self._is_quiet = is_quiet
        self._remover: Remover | None = None

    def apply(self, source: Source, options: Options, *, is_spent: bool = False) -> Result:
        if options.trimap is not None:
            return apply_trimap(source, options, is_spent=is_spent)
        if self._remover is None:
            progress = Progress("MB", is_quiet=self._is_quiet)

            def show(name: str, done: int, total: int | None) -> None:
                self._photos.clear()  # one line at a time
                progress.show(name, done, total)

            try:
                self._remover = Remover.open(self._network, show)
            finally:
                progress.clear()
        return self._remover.apply(source, options, is_spent=is_spent)


@click.command("remove", no_args_is_help=True)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(readable=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False, allow_dash=True),
    metavar="FILE",
    help="Where one photo's cutout goes; `-` is stdout.",
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False, readable=False),
    metavar="DIR",
    help="Folder for the cutouts; the tree below a folder is kept.",
)
@click.option("--overwrite", is_flag=True, help="Replace results that are there already.")
@flags(Network, complete={"model": complete_models})
@flags(Options, without=frozenset({"order"}))
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    inputs: tuple[str, ...],
    output: str | None,
    output_dir: Path | None,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
    **values: Any,
) -> int:
    """Remove the background from photos.

    INPUT is a file, a folder (all pictures in it and below), a pattern like `*.jpg`, or `-` for stdin. The cutout of
    `photo.jpg` is `photo-cutout.png` beside it, unless `-o` or `--output-dir` says otherwise; the cutouts of an
    earlier run are not cut out again with their photos. Write `--` before a name that begins with `-`.
    """
    outcomes: list[Outcome] = []
    try:
        network, options = Network(**given(Network, values)), Options(**given(Options, values))
        jobs = plan(inputs, output=output, output_dir=output_dir, format=options.format)
        if not jobs:
            raise OptionError(f"No pictures in {', '.join(inputs)}")
        streams = _streams(jobs, as_json=as_json)
        check(jobs, network, options)
        _run(jobs, network, options, outcomes, overwrite=overwrite, is_quiet=quiet, as_json=as_json, streams=streams)
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        if as_json:
            console.document(report(outcomes, error))
        raise
    if as_json:
        console.document(report(outcomes))
    return exit_codes.exit_code_of_many(outcome.error for outcome in outcomes if outcome.error)


def _streams(jobs: Sequence[Job], *, as_json: bool) -> dict[str, Any]:
    """Stdin and stdout, where a photo comes or a cutout goes that way. Raises OptionError."""
    to_stdout = any(job.target is None and job.error is None for job in jobs)
    if to_stdout and as_json:
        raise OptionError("`--json` and the picture would both go to stdout; write the picture to a file")
    return {
        "stdin": console.stdin_bytes() if any(job.source is None for job in jobs) else io.BytesIO(),
        "stdout": console.stdout_bytes() if to_stdout else io.BytesIO(),
    }


def _run(
    jobs: Sequence[Job],
    network: Network,
    options: Options,
    outcomes: list[Outcome],
    *,
    overwrite: bool,
    is_quiet: bool,
    as_json: bool,
    streams: dict[str, Any],
) -> None:
    """Does the jobs, and adds each outcome to `outcomes` as soon as it is there."""
    progress = Progress("photos", is_quiet=is_quiet or len(jobs) == 1)
    remover = _Loading(network, progress, is_quiet=is_quiet)
    progress.show(jobs[0].name, 0, len(jobs))
    try:
        for outcome in run(jobs, remover, options, overwrite=overwrite, **streams):
            outcomes.append(outcome)
            progress.clear()
            _tell(outcome, is_quiet=is_quiet, prints_path=not (as_json or is_quiet))
            if len(outcomes) < len(jobs):
                progress.show(jobs[len(outcomes)].name, len(outcomes), len(jobs))
    finally:
        progress.clear()
    failed = sum(outcome.error is not None for outcome in outcomes)
    if len(jobs) > 1 and not is_quiet:
        console.say(f"{len(jobs) - failed} of {len(jobs)} photos done" + (f", {failed} failed" if failed else ""))


def _tell(outcome: Outcome, *, is_quiet: bool, prints_path: bool) -> None:
    if outcome.error is not None:
        if exit_codes.asks_for_traceback(outcome.error):
            raise outcome.error
        console.say(f"feathercut: {console.plain(endings.as_flags(outcome.error, outcome.message))}")
        return
    if outcome.status == "no-subject" and not is_quiet:
        console.say(f"{console.plain(outcome.job.name)}: no subject found; the matte is empty")
    if prints_path and outcome.job.target is not None:
        console.result(str(outcome.job.target))
