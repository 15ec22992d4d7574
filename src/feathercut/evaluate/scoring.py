"""The second half of a run: mattes on the disk against the truth, on as many cores as there are."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import FeathercutError, InputError, ShapeError, TooLargeError, fault
from feathercut.evaluate.reading import read_alpha, read_colours, read_trimap
from feathercut.evaluate.samples import Sample
from feathercut.evaluate.scores import Scores, score
from feathercut.pictures import Size

_PHOTOS_A_WORKER = 4  # a process of its own takes a second to start


@dataclass(frozen=True)
class Task:
    """A matte on the disk and what it is measured against."""

    sample: Sample
    matte: Path
    is_soft: bool
    ignore: int | None


@dataclass(frozen=True)
class Scored:
    """What was measured of one photo; `error` says why nothing was."""

    sample: Sample
    matte: Path
    size: Size | None = None
    scores: Scores | None = None
    error: FeathercutError | None = None


def score_all(tasks: Sequence[Task], workers: int) -> Generator[Scored, None, None]:
    """One entry a task, as each is done, in whatever order; closing it ends the processes. Raises MemoryError."""
    workers = min(workers, len(tasks) // _PHOTOS_A_WORKER)
    if workers < 2:
        yield from map(score_file, tasks)
        return
    # Started afresh on every system: a fork would take over the network's threads, and their locks.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, context, _leave_ctrl_c_to_the_parent) as pool:
        futures: list[Future[Scored]] = [pool.submit(score_file, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:  # the system ends a process that takes too much
            raise MemoryError("a process that scores photos was ended") from error
        finally:
            if not all(future.done() for future in futures):
                for child in set(multiprocessing.active_children()) - others:
                    child.terminate()  # nobody waits for what was begun


def score_file(task: Task) -> Scored:
    """The scores of one matte; what is wrong with its files, or missing, is its error."""
    sample = task.sample
    try:
        truth = read_alpha(sample.alpha)
        matte = read_alpha(task.matte, _size(truth.shape))
        trimap = read_trimap(sample.trimap, _size(truth.shape)) if sample.trimap and task.is_soft else None
        rgb = foreground = None
        if sample.foreground is not None and (rgb := read_colours(task.matte)) is not None:
            foreground = read_colours(sample.foreground, _size(truth.shape))
        scores = score(
            matte, truth, is_soft=task.is_soft, ignore=task.ignore, trimap=trimap, rgb=rgb, foreground=foreground
        )
    except ShapeError as error:
        return Scored(sample, task.matte, error=InputError(f"{sample.id}: {error}"))
    except FeathercutError as error:
        if not isinstance(error, InputError):  # a package that is missing, for one: it concerns all photos
            raise
        return Scored(sample, task.matte, error=error)
    except MemoryError:
        return Scored(sample, task.matte, error=TooLargeError(f"{sample.id}: There is not enough memory to measure it"))
    except Exception as error:  # as for a photo that is cut out: one fault does not drop the others
        return Scored(sample, task.matte, error=fault(error))
    return Scored(sample, task.matte, _size(truth.shape), scores)


def _size(shape: tuple[int, ...]) -> Size:
    return shape[0], shape[1]


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
