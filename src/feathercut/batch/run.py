"""The run over many photos: one bad file is named and the rest are done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
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
from feathercut.in_order import InOrder, Turn
from feathercut.kernels.side_by_side import at_work
from feathercut.options import LAYERED, Options
from feathercut.pictures import Animation, Subject
from feathercut.report import Diagnosis, Report
from feathercut.result import Result
from feathercut.sources import Source, load
from feathercut.steps.encode import check_frames, encode

PIXELS_AT_ONCE = 32e6
"""How many pixels the photos have together that are held at once, unless a single one has more: about 1 GB."""

# Photos that are waited for in order may be overtaken by a few; nothing is held of those but their outcome.
_AHEAD = 4


class Loads(Protocol):
    """What reads a photo: `sources.load`, or what has read one ahead."""

    def __call__(self, source: Source, options: Options, take_room: Callable[[int], None] | None = None) -> Animation:
        """As `sources.load`."""
        ...


class Applies(Protocol):
    """What removes the background: a Remover, or what loads one when it is first needed."""

    def apply_each(self, source: Source, options: Options) -> Iterator[Result]:
        """A result for each subject of one photo, in the order of their numbers."""
        ...

    def apply(self, source: Source, options: Options, *, is_spent: bool = False, is_diagnosed: bool = True) -> Result:
        """The cutout of one photo; `is_spent` says that nobody looks at it again, `is_diagnosed` asks for a report."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What became of one photo; `error` says why where `status` is `failed`, `kept` is what an earlier run made."""

    job: Job
    status: Literal["done", "no-subject", "failed", "kept"]
    seconds: float
    size: tuple[int, int] | None = None
    frames: int = 0
    error: FeathercutError | None = None
    diagnosis: Diagnosis | None = None
    subjects: tuple[Subject, ...] = ()
    outputs: tuple[Path, ...] = ()

    @property
    def report(self) -> Report | None:
        """How far the first frame's matte can be trusted; None where there is none."""
        return None if self.diagnosis is None else self.diagnosis.report

    @property
    def message(self) -> str:
        """What went wrong, with the name of the file that it went wrong with; empty where nothing did."""
        if self.error is None:
            return ""
        text = str(self.error)
        is_named = isinstance(self.error, OutputError) or text.startswith(f"{self.job.name}: ")
        return text if is_named else f"{'stdin' if self.job.source is None else self.job.name}: {text}"


def run(
    jobs: Iterable[Job],
    remover: Applies,
    options: Options,
    *,
    overwrite: bool,
    stdin: BinaryIO,
    stdout: BinaryIO,
    at_once: int = 1,
    prepare: Callable[[], None] = lambda: None,
    load: Loads = load,
    tells: bool = False,
) -> InOrder[Job, Outcome]:
    """One outcome a job, in order, as each is done; `stop` ends the work and leaves no file half written.

    `at_once` photos are worked on beside each other, a thread each. They have `PIXELS_AT_ONCE` together, or one that
    is larger is alone. `prepare` is called once a photo's size is known and before its pixels are unpacked: what the
    network needs can be done beside that; `load` reads it. `tells` has each outcome say what its subjects are and what
    is reported of it. Only what concerns a single photo becomes a failed outcome, once `check` has passed; an error of
    the network concerns all of them and is raised.
    """

    def work(job: Job, turn: Turn) -> Outcome:
        if job.earlier == "current":
            return Outcome(job, "kept", 0.0, outputs=tuple(job.there()))
        with at_work() if at_once > 1 else nullcontext():
            return _outcome(
                job, lambda: _do(job, turn, remover, options, overwrite, stdin, stdout, prepare, load, tells), tells
            )

    workers = 0 if at_once == 1 else at_once
    return InOrder(work, jobs, workers=workers, ahead=_AHEAD * workers, most=PIXELS_AT_ONCE)


@dataclass(frozen=True)
class _Made:
    """What one photo became: its first result, None where each of no subjects was wanted, and its files."""

    result: Result | None
    subjects: tuple[Subject, ...] | None = None
    outputs: tuple[Path, ...] = ()


def _outcome(job: Job, do: Callable[[], _Made], tells: bool) -> Outcome:
    """What became of a job, whatever `do` raises that concerns this one alone."""
    started = time.perf_counter()

    def failed(error: FeathercutError) -> Outcome:
        return Outcome(job, "failed", time.perf_counter() - started, error=error)

    try:
        made = do()
        result, subjects = made.result, made.subjects or ()
        if tells and made.subjects is None and result is not None:
            subjects = result.subjects
    except (InputError, OutputError, ShapeError, OptionError) as error:
        return failed(error)
    except MemoryError:
        return failed(TooLargeError("There is not enough memory for this photo. Make it smaller"))
    except (FeathercutError, BrokenPipeError):
        raise
    except Exception as error:  # a fault of ours that one photo lays bare is no reason to drop the others
        ours = fault(error)
        ours.__cause__ = error
        return failed(ours)
    seconds = time.perf_counter() - started
    if result is None:
        return Outcome(job, "no-subject", seconds)
    status: Literal["done", "no-subject"] = "done" if result.found else "no-subject"
    return Outcome(
        job,
        status,
        seconds,
        result.picture.size,
        len(result.frames),
        diagnosis=result.cutout.diagnosis,
        subjects=subjects,
        outputs=made.outputs,
    )


def _do(
    job: Job,
    turn: Turn,
    remover: Applies,
    options: Options,
    overwrite: bool,
    stdin: BinaryIO,
    stdout: BinaryIO,
    prepare: Callable[[], None],
    load: Loads,
    tells: bool,
) -> _Made:
    """Reads, cuts out and writes one photo."""

    def take_room(pixels: float) -> None:
        turn.take_room(pixels)
        prepare()

    if job.error is not None:
        raise job.error
    overwrite = overwrite or job.earlier == "stale"
    for target in job.there() or ([job.target] if job.target and not job.is_each else []):
        _refuse_taken(target, job.source, overwrite=overwrite)
    # Read first: no weights are fetched for a photo that cannot be read.
    photo = load(stdin if job.source is None else job.source, options, take_room)
    turn.take_room(0)  # a file whose reader said nothing of its size lets those behind it in all the same
    check_frames(len(photo.frames), format_for(job, options))
    if job.target is not None:
        _refuse_closed(job.target)
    turn.go_on()
    if format_for(job, options) in LAYERED:
        options = options.model_copy(update={"format": format_for(job, options)})  # it is made otherwise, too
    if job.is_each:
        return _write_each(job, remover.apply_each(photo, options), options, overwrite=overwrite)
    result = remover.apply(photo, options, is_spent=True, is_diagnosed=tells)
    del photo  # as large as the cutout, and not needed to write that
    turn.go_on()
    data = encode(result.animation, options, format_for(job, options))
    turn.go_on()
    if job.target is None:
        _write_stream(stdout, data)
        return _Made(result)
    files.make_folder(job.target.parent)
    files.write(job.target, data, overwrite=overwrite)
    return _Made(result, outputs=(job.target,))


def _write_each(job: Job, results: Iterator[Result], options: Options, *, overwrite: bool) -> _Made:
    """A file a subject, by the numbers that they have; `subjects` are marked as kept where they have one."""
    first: Result | None = None
    outputs: list[Path] = []
    written: set[int] = set()
    for result in results:
        first = first or result
        (number,) = (one.number for one in result.subjects if one.kept)
        data = encode(result.animation, options, format_for(job, options))
        files.make_folder(job.numbered(number).parent)
        files.write(job.numbered(number), data, overwrite=overwrite)
        outputs.append(job.numbered(number))
        written.add(number)
    subjects = first.subjects if first else ()
    return _Made(first, tuple(replace(one, kept=one.number in written) for one in subjects), tuple(outputs))


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
