"""The run over many photos: one bad file is named and the rest are done."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from feathercut import files
from feathercut.batch.check import format_for
from feathercut.batch.plan import Job
from feathercut.errors import (
    FeathercutError,
    InputError,
    OptionError,
    OutputError,
    OutputExistsError,
    ShapeError,
    TooLargeError,
    fault,
)
from feathercut.options import Options
from feathercut.result import Result
from feathercut.sources import Source, load
from feathercut.steps.encode import check_frames, encode


class Applies(Protocol):
    """What removes the background: a Remover, or what loads one when it is first needed."""

    def apply(self, source: Source, options: Options, *, is_spent: bool = False) -> Result:
        """The cutout of one photo; `is_spent` says that nobody looks at it again."""
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

    @property
    def message(self) -> str:
        """What went wrong, with the name of the file that it went wrong with; empty where nothing did."""
        if self.error is None:
            return ""
        text = str(self.error)
        is_named = isinstance(self.error, OutputError) or text.startswith(f"{self.job.name}: ")
        return text if is_named else f"{'stdin' if self.job.source is None else self.job.name}: {text}"


def run(
    jobs: Sequence[Job], remover: Applies, options: Options, *, overwrite: bool, stdin: BinaryIO, stdout: BinaryIO
) -> Iterator[Outcome]:
    """One outcome a job, in order, as each is done.

    Only what concerns a single photo becomes a failed outcome, once `check` has passed; an error of
    the network concerns all of them and is raised.
    """
    for job in jobs:
        started = time.perf_counter()
        try:
            result = _do(job, remover, options, overwrite=overwrite, stdin=stdin, stdout=stdout)
        except (InputError, OutputError, ShapeError, OptionError) as error:
            yield Outcome(job, "failed", time.perf_counter() - started, error=error)
        except MemoryError:
            too_large = TooLargeError("There is not enough memory for this photo. Make it smaller")
            yield Outcome(job, "failed", time.perf_counter() - started, error=too_large)
        except (FeathercutError, BrokenPipeError):
            raise
        except Exception as error:  # a fault of ours that one photo lays bare is no reason to drop the others
            ours = fault(error)
            ours.__cause__ = error
            yield Outcome(job, "failed", time.perf_counter() - started, error=ours)
        else:
            seconds = time.perf_counter() - started
            status: Literal["done", "no-subject"] = "done" if result.found else "no-subject"
            yield Outcome(job, status, seconds, result.picture.size, len(result.frames))


def _do(job: Job, remover: Applies, options: Options, *, overwrite: bool, stdin: BinaryIO, stdout: BinaryIO) -> Result:
    """Reads, cuts out and writes one photo."""
    if job.error is not None:
        raise job.error
    if job.target is not None:
        _refuse_taken(job.target, job.source, overwrite=overwrite)
    # Read first: no weights are fetched for a photo that cannot be read.
    photo = load(stdin if job.source is None else job.source, options)
    check_frames(len(photo.frames), format_for(job, options))
    if job.target is not None:
        _refuse_closed(job.target)
    result = remover.apply(photo, options, is_spent=True)
    data = encode(result.animation, options, format_for(job, options))
    if job.target is None:
        _write_stream(stdout, data)
    else:
        files.make_folder(job.target.parent)
        files.write(job.target, data, overwrite=overwrite)
    return result


def _refuse_taken(target: Path, source: Path | None, *, overwrite: bool) -> None:
    """Raises OutputError where a file that is there must stay."""
    if files.is_there(target) and not overwrite:
        raise OutputExistsError(f"{target} is there already; `--overwrite` replaces it")
    if source is not None and _is_same(source, target):
        raise OutputError(f"{target} is the photo itself, which is never replaced; choose another name")


def _refuse_closed(target: Path) -> None:
    """Raises OutputError where no file can be made: better now than when the network has run."""
    above = next((folder for folder in target.absolute().parents if files.is_there(folder)), None)
    if above is not None and not (above.is_dir() and os.access(above, os.W_OK)):
        reason = "may not be written to" if above.is_dir() else "is no folder"
        raise OutputError(f"{target} cannot be written: {above} {reason}; choose another with `-o` or `--output-dir`")


def _write_stream(stdout: BinaryIO, data: bytes) -> None:
    try:
        stdout.write(data)
        stdout.flush()
    except BrokenPipeError:
        raise  # nobody reads any more: that ends the run, without a word
    except OSError as error:
        raise OutputError(f"stdout cannot be written: {files.reason(error)}") from error


def _is_same(source: Path, target: Path) -> bool:
    try:
        return source.samefile(target)
    except OSError:
        return False
