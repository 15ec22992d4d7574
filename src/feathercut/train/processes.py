"""One training by one process or by several side by side, which PyTorch's own DistributedDataParallel keeps in step."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch
from torch import distributed

from feathercut.errors import TrainingError
from feathercut.train.computing import Computing, computing, settle
from feathercut.train.history import Heard, Silence
from feathercut.train.job import Job
from feathercut.train.loop import Loop, Outcome
from feathercut.train.losses.total import Weights
from feathercut.train.mask_lessons import mask_encoder

_LIMIT_S = 20.0


def train(job: Job, weights: Weights, heard: Heard) -> Outcome:
    """Trains, from the state in the job's folder where one is there.

    Raises TrainingError, which says what to do about too little memory, OptionError, DeviceError or OutputError.
    """
    with _memory_in_words(job):
        if job.options.processes == 1:
            return _work(job, weights, heard, computing(job.options))
        with tempfile.TemporaryDirectory() as where, _others(job, weights, Path(where) / "meeting") as meeting:
            return _work(job, weights, heard, computing(job.options), meeting)


def _work(job: Job, weights: Weights, heard: Heard, own: Computing, meeting: Path | None = None) -> Outcome:
    settle(own)
    if meeting is not None:
        kind = "nccl" if own.device.type == "cuda" else "gloo"
        # By a file: no port is opened for them to meet.
        distributed.init_process_group(kind, f"file://{meeting}", rank=own.rank, world_size=own.processes)
    try:
        masks = mask_encoder(job, own, heard) if job.mask_epochs else None
        loop = Loop(job, weights, own, heard, masks)
        loop.resume()
        return loop.run()
    finally:
        if meeting is not None:
            distributed.destroy_process_group()


def _other(job: Job, weights: Weights, rank: int, meeting: Path) -> None:
    _work(job, weights, Silence(), computing(job.options, rank), meeting)


@contextlib.contextmanager
def _others(job: Job, weights: Weights, meeting: Path) -> Iterator[Path]:
    """The processes beside this one; they end with it."""
    context = torch.multiprocessing.get_context("spawn")
    ranks = range(1, job.options.processes)
    others: list[BaseProcess] = [
        context.Process(target=_other, args=(job, weights, rank, meeting), daemon=True) for rank in ranks
    ]
    for one in others:
        one.start()
    try:
        yield meeting
        for one in others:
            one.join(_LIMIT_S)
    finally:
        for one in others:
            if one.is_alive():
                one.terminate()
            one.join()


@contextlib.contextmanager
def _memory_in_words(job: Job) -> Iterator[None]:
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not _is_about_memory(error):
            raise
        batch, more = job.options.batch, job.options.accumulate
        smaller = f"`--batch {batch // 2} --accumulate {more * 2}`, which learns the same" if batch > 1 else ""
        raise TrainingError(
            f"There is not enough memory for {batch} photos of {job.size}×{job.size} at once. Give "
            f"{smaller or f'a smaller `--size`, such as {max(64, job.size // 64 * 32)}'}"
        ) from error


def _is_about_memory(error: BaseException) -> bool:
    """Whether PyTorch, which has one class for it on a GPU and none on a processor, ran out of memory."""
    said = str(error).lower()
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or any(
        words in said for words in ("can't allocate memory", "not enough memory", "bad_alloc")
    )
