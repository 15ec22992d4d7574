"""`feathercut remove`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from feathercut.batch.check import check
from feathercut.batch.find import is_folder
from feathercut.batch.manifest import Manifest
from feathercut.batch.plan import Job, plan
from feathercut.batch.run import Outcome
from feathercut.cli import console, exit_codes
from feathercut.cli.completion import complete_models
from feathercut.cli.flags import flags, given
from feathercut.cli.report import report
from feathercut.cli.running import Running, default_jobs
from feathercut.errors import OptionError
from feathercut.options import Network, Options


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
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where a run with this flag was stopped: what is in the output folder, made from the same photo with "
    "the same options, is kept.",
)
@click.option(
    "--watch", is_flag=True, help="As --resume, and then go on with photos that arrive or change, until Ctrl-C."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="NUMBER",
    help="How many photos are worked on at once, sharing the processor's cores; 1 is one after the other.  "
    "[default: one a core, at most 4]",
)
@flags(Network, complete={"model": complete_models})
@flags(Options, without=frozenset({"order"}))
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    inputs: tuple[str, ...],
    output: str | None,
    output_dir: Path | None,
    overwrite: bool,
    resume: bool,
    watch: bool,
    jobs: int | None,
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

        def planned() -> list[Job]:
            return plan(inputs, output=output, output_dir=output_dir, format=options.format)

        at_first = planned()
        keeps = resume or watch
        _refuse_contradictions(at_first, inputs, output_dir, keeps="watch" if watch else "resume" if keeps else None)
        streams = _streams(at_first, as_json=as_json)
        check(at_first, network, options)
        most = jobs or default_jobs()
        # A photo alone has all processors for its network; how many will arrive is not known.
        at_once = most if watch else max(1, min(most, len(at_first)))
        running = Running(network, options, at_once, overwrite, quiet, as_json, streams, outcomes)
        held = Manifest.held(output_dir, network, options) if keeps and output_dir else nullcontext()
        with held as manifest:
            if watch and manifest:
                running.arriving(planned, manifest)
            else:
                running.all(at_first, manifest)
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        if as_json:
            console.document(report(outcomes, error))
        raise
    if as_json:
        console.document(report(outcomes))
    return exit_codes.exit_code_of_many(outcome.error for outcome in outcomes if outcome.error)


def _refuse_contradictions(
    jobs: Sequence[Job], inputs: Sequence[str], output_dir: Path | None, *, keeps: str | None
) -> None:
    """Raises OptionError where there is nothing to do, or nowhere to take down what was done."""
    if keeps and output_dir is None:
        raise OptionError(
            f"Option `--{keeps}`: what was done is taken down in the output folder; name it: `--output-dir`"
        )
    if keeps == "watch":
        if not any(is_folder(Path(one)) for one in inputs):
            raise OptionError("Option `--watch`: it watches folders; name one")
    elif not jobs:
        raise OptionError(f"No pictures in {', '.join(inputs)}")


def _streams(jobs: Sequence[Job], *, as_json: bool) -> dict[str, Any]:
    """Stdin and stdout, where a photo comes or a cutout goes that way. Raises OptionError."""
    to_stdout = any(job.target is None and job.error is None for job in jobs)
    if to_stdout and as_json:
        raise OptionError("`--json` and the picture would both go to stdout; write the picture to a file")
    return {
        "stdin": console.stdin_bytes() if any(job.source is None for job in jobs) else io.BytesIO(),
        "stdout": console.stdout_bytes() if to_stdout else io.BytesIO(),
    }
