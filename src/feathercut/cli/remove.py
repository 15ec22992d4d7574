"""`feathercut remove`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feathercut.batch.plan import STREAM, Job, plan
from feathercut.batch.run import Outcome, run
from feathercut.cli import console, exit_codes
from feathercut.cli.flags import flags, given
from feathercut.errors import OptionError
from feathercut.options import Network, Options
from feathercut.remover import Remover
from feathercut.result import Result
from feathercut.sources import Source

REPORT_VERSION = 1


class _Loading:
    """A remover that is loaded when the first photo has been read, with a progress bar for its weights."""

    def __init__(self, network: Network, *, is_quiet: bool) -> None:
        self._network = network
        self._is_quiet = is_quiet
        self._remover: Remover | None = None

    def apply(self, source: Source, options: Options) -> Result:
        if self._remover is None:
            progress = console.Progress("MB", is_quiet=self._is_quiet)
            try:
                self._remover = Remover.open(self._network, progress.show)
            finally:
                progress.clear()
        return self._remover.apply(source, options)


@click.command("remove", no_args_is_help=True)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", metavar="FILE", help="Where one photo's cutout goes; `-` is stdout.")
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the cutouts; the tree below a folder is kept.",
)
@click.option("--overwrite", is_flag=True, help="Replace results that are there already.")
@flags(Network)
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
    `photo.jpg` is `photo-cutout.png` beside it, unless `-o` or `--output-dir` says otherwise. Write `--` before a
    name that begins with `-`.
    """
    network, options = Network(**given(Network, values)), Options(**given(Options, values))
    jobs = plan(inputs, output=output, output_dir=output_dir, format=options.format)
    to_stdout = any(job.target is None for job in jobs)
    if to_stdout and as_json:
        raise OptionError("`--json` and the picture would both go to stdout; write the picture to a file")
    if to_stdout and console.stdout_is_terminal():
        raise OptionError("The picture would go to the terminal; write it to a file with `-o FILE`, or pipe it on")
    if not jobs:
        raise OptionError(f"No pictures in {', '.join(inputs)}")
    outcomes = _run(jobs, network, options, overwrite=overwrite, is_quiet=quiet, prints_paths=not (as_json or quiet))
    if as_json:
        console.document(report(outcomes))
    return exit_codes.SOME_FAILED if any(outcome.error for outcome in outcomes) else exit_codes.DONE


def _run(
    jobs: list[Job], network: Network, options: Options, *, overwrite: bool, is_quiet: bool, prints_paths: bool
) -> list[Outcome]:
    progress = console.Progress("photos", is_quiet=is_quiet or len(jobs) == 1)
    outcomes: list[Outcome] = []
    streams = {"stdin": console.stdin_bytes(), "stdout": console.stdout_bytes()}
    progress.show(jobs[0].name, 0, len(jobs))
    try:
        for outcome in run(jobs, _Loading(network, is_quiet=is_quiet), options, overwrite=overwrite, **streams):
            outcomes.append(outcome)
            progress.clear()
            _tell(outcome, is_quiet=is_quiet, prints_path=prints_paths)
            following = jobs[min(len(outcomes), len(jobs) - 1)]
            progress.show(following.name, len(outcomes), len(jobs))
    finally:
        progress.clear()
    failed = sum(outcome.error is not None for outcome in outcomes)
    if len(jobs) > 1 and not is_quiet:
        console.say(f"{len(jobs) - failed} of {len(jobs)} photos done" + (f", {failed} failed" if failed else ""))
    return outcomes


def _tell(outcome: Outcome, *, is_quiet: bool, prints_path: bool) -> None:
    if outcome.error is not None:
        name = outcome.job.name
        text = str(outcome.error)
        console.say(f"feathercut: {text}" if name in text else f"feathercut: {name}: {text}")
        return
    if outcome.status == "no-subject" and not is_quiet:
        console.say(f"{outcome.job.name}: no subject found; the matte is empty")
    if prints_path and outcome.job.target is not None:
        console.result(str(outcome.job.target))


def report(outcomes: list[Outcome]) -> dict[str, object]:
    """What `--json` prints; `version` grows when a field changes its meaning."""
    photos = [
        {
            "input": outcome.job.name,
            "output": str(outcome.job.target or STREAM) if outcome.error is None else None,
            "status": outcome.status,
            "width": outcome.size[1] if outcome.size else None,
            "height": outcome.size[0] if outcome.size else None,
            "frames": outcome.frames,
            "seconds": round(outcome.seconds, 3),
            "error": None
            if outcome.error is None
            else {"kind": type(outcome.error).__name__, "message": str(outcome.error)},
        }
        for outcome in outcomes
    ]
    failed = sum(outcome.error is not None for outcome in outcomes)
    return {"version": REPORT_VERSION, "done": len(outcomes) - failed, "failed": failed, "photos": photos}
