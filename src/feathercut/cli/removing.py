"""What `feathercut remove` does once it knows what is wanted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feathercut import system
from feathercut.batch.check import check
from feathercut.batch.find import is_folder
from feathercut.batch.plan import Job, plan
from feathercut.batch.run import Outcome
from feathercut.cli import console, exit_codes
from feathercut.cli.loading import Loading
from feathercut.cli.remove import Begun
from feathercut.cli.report import report
from feathercut.cli.running import Running, default_jobs
from feathercut.errors import OptionError
from feathercut.options import Network, Options


@dataclass(frozen=True)
class Wanted:
    """What a person asked for, by the names of the flags."""

    inputs: tuple[str, ...]
    output: str | None
    output_dir: Path | None
    each: bool
    overwrite: bool
    resume: bool
    watch: bool
    jobs: int | None
    as_json: bool
    quiet: bool
    network: Network
    options: Options

    def planned(self) -> list[Job]:
        """The photos that are there now."""
        return plan(
            self.inputs,
            output=self.output,
            output_dir=self.output_dir,
            format=self.options.format,
            is_each=self.each,
        )


def remove(wanted: Wanted, begun: Begun) -> int:
    """Does it, and gives the exit code; `begun` goes on already."""
    outcomes: list[Outcome] = []
    try:
        _remove(wanted, begun, outcomes)
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        if wanted.as_json:
            console.document(report(outcomes, error))
        raise
    if wanted.as_json:
        console.document(report(outcomes))
    return exit_codes.exit_code_of_many(outcome.error for outcome in outcomes if outcome.error)


def _remove(wanted: Wanted, begun: Begun, outcomes: list[Outcome]) -> None:
    at_first = wanted.planned()
    keeps = wanted.resume or wanted.watch
    mode = "watch" if wanted.watch else "resume" if keeps else None
    _refuse_contradictions(at_first, wanted.inputs, wanted.output_dir, keeps=mode)
    streams = _streams(at_first, as_json=wanted.as_json)
    check(at_first, wanted.network, wanted.options)
    most = wanted.jobs or max(default_jobs(), wanted.network.batch_size)
    # A photo alone has all processors for its network; how many will arrive is not known.
    at_once = most if wanted.watch else max(1, min(most, len(at_first)))
    if len(at_first) > 1:
        system.keep_freed_memory()
    running = Running(
        begun.networks or Loading(wanted.network),
        wanted.options,
        at_once,
        wanted.overwrite,
        wanted.quiet,
        wanted.as_json,
        streams,
        outcomes,
        begun.ahead,
    )
    if wanted.output_dir is None or not keeps:
        running.all(at_first, None)
        return
    from feathercut.batch.manifest import Manifest  # deferred: most runs keep none

    with Manifest.held(wanted.output_dir, wanted.network, wanted.options, is_each=wanted.each) as manifest:
        if wanted.watch:
            running.arriving(wanted.planned, manifest)
        else:
            running.all(at_first, manifest)


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
