"""What a whole process costs: time on the wall, time of processors, peak of memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from bench.places import LOG, ROOT

Given = ParamSpec("Given")
Made = TypeVar("Made")


class BenchError(Exception):
    """A part of the benchmark that could not be run."""


class NotRunError(BenchError):
    """A part that this machine has no hardware for."""


@dataclass(frozen=True)
class Command:
    """A process to be measured; `settings` are added to its environment variables."""

    name: str
    words: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """What one run took. `processor_s`, of all cores, and `peak_mb` are None where the system does not say."""

    wall_s: float
    processor_s: float | None
    peak_mb: float | None


@dataclass(frozen=True)
class Spread:
    """The median of some runs, with the lowest and the highest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(statistics.median(values), min(values), max(values))

    @property
    def noise(self) -> float:
        """Half of the way from lowest to highest, as a share of the median."""
        return (self.high - self.low) / self.median / 2

    def times(self, factor: float) -> Spread:
        return Spread(self.median * factor, self.low * factor, self.high * factor)

    def show(self, unit: str, digits: int) -> str:
        """`1.23 s (1.20 to 1.31 s)`."""
        return f"{self.median:.{digits}f} {unit} ({self.low:.{digits}f} to {self.high:.{digits}f} {unit})"


def say(text: str) -> None:
    """Progress; results alone go to stdout."""
    print(text, file=sys.stderr, flush=True)


def run(command: Command) -> Cost:
    """Runs a command to its end. Raises BenchError with its last words where it fails."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(command.words),
            env={**os.environ, **command.settings},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        exit_code, processor_s, peak_mb = _wait(process)
        wall_s = time.perf_counter() - started
    if exit_code:
        said = LOG.read_text("utf-8", errors="replace").strip()[-2000:]
        raise BenchError(f"{command.name} ended with exit code {exit_code}: {said}")
    return Cost(wall_s, processor_s, peak_mb)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float | None, float | None]:
    """(exit code, seconds of processors, peak of memory in MB) once the process has ended."""
    if not hasattr(os, "wait4"):
        return process.wait(), None, None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6


def run_in_turn(commands: Sequence[Command], times: int) -> list[list[Cost]]:
    """The costs of each command, one run of each after the other, so that all meet the same disturbances.

    A first run of each, which fills the system's caches, is not counted.
    """
    for command in commands:
        say(f"warming up: {command.name}")
        run(command)
    costs: list[list[Cost]] = [[] for _ in commands]
    for turn in range(times):
        for command, counted in zip(commands, costs, strict=True):
            counted.append(run(command))
            say(f"run {turn + 1} of {times}: {command.name}: {counted[-1].wall_s:.2f} s")
    return costs


def apart(work: Callable[Given, Made], *arguments: Given.args, **named: Given.kwargs) -> Made:
    """What a function of a module gives back, run in a process of its own, so that this one stays small.

    Raises BenchError, also where Feathercut says what is wrong.
    """
    # Not at the top: rembg's environment, which runs parts of the benchmark, has no Feathercut.
    from feathercut.errors import FeathercutError

    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        try:
            return pool.submit(work, *arguments, **named).result()
        except FeathercutError as error:
            raise BenchError(str(error)) from error
