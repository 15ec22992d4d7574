"""The run over many photos: one bad file is named and the rest are done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from feathercut import files
from feathercut.batch.plan import Job
from feathercut.errors import FeathercutError, InputError, OutputError, OutputExistsError, ShapeError
from feathercut.options import Options
from feathercut.result import Result
from feathercut.sources import Source
from feathercut.steps.encode import encode, format_of


class Applies(Protocol):
    """What removes the background: a Remover, or what loads one when it is first needed."""

    def apply(self, source: Source, options: Options) -> Result:
        """The cutout of one photo."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What became of one photo; `error` says why where `status` is `failed`."""

    job: Job
    status: Literal["done", "no-subject", "failed"]
    seconds: float
    size: tuple[int, int] | None = None
    frames: int = 0
    error: FeathercutError | None = None


def run(
    jobs: Sequence[Job], remover: Applies, options: Options, *, overwrite: bool, stdin: BinaryIO, stdout: BinaryIO
) -> Iterator[Outcome]:
    """One outcome a job, in order, as each is done.

    Only what concerns a single photo becomes a failed outcome; an error of the network or of an
    option concerns all of them and is raised.
    """
    for job in jobs:
        started = time.perf_counter()
        try:
            result = _do(job, remover, options, overwrite=overwrite, stdin=stdin, stdout=stdout)
        except (InputError, OutputError, ShapeError) as error:
            yield Outcome(job, "failed", time.perf_counter() - started, error=error)
        else:
            seconds = time.perf_counter() - started
            status: Literal["done", "no-subject"] = "done" if result.found else "no-subject"
            yield Outcome(job, status, seconds, result.picture.size, len(result.frames))


def _do(job: Job, remover: Applies, options: Options, *, overwrite: bool, stdin: BinaryIO, stdout: BinaryIO) -> Result:
    """Reads, cuts out and writes one photo."""
    target = job.target
    if target is not None and target.exists() and not overwrite:
        raise OutputExistsError(f"{target} is there already; `--overwrite` replaces it")
    if target is not None and job.source is not None and _is_same(job.source, target):
        raise OutputError(f"{target} is the photo itself, which is never replaced; choose another name")
    result = remover.apply(stdin if job.source is None else job.source, options)
    chosen = options.format or ("png" if target is None else format_of(target.name))
    data = encode(result.animation, options, chosen)
    if target is None:
        stdout.write(data)
        stdout.flush()
    else:
        files.make_folder(target.parent)
        files.write(target, data, overwrite=overwrite)
    return result


def _is_same(source: Path, target: Path) -> bool:
    try:
        return source.samefile(target)
    except OSError:
        return False
