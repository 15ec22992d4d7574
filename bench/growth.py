"""What refining and the colours cost as photos grow: seconds and memory over what holds the photo."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import numpy as np

from bench.places import BENCH, PHOTO, own_command
from bench.plots import lines
from bench.processes import Command, apart, run, say
from bench.tables import Table, verdict
from feathercut.evaluate.memory import forget_peak, peak_mb
from feathercut.kernels.resample import resize
from feathercut.options import Network, Options
from feathercut.pictures import Image
from feathercut.remover import Remover
from feathercut.sources import load
from feathercut.steps.foreground import foreground
from feathercut.steps.refine import refine

_SIDES = ((1500, 2000), (2121, 2828), (3000, 4000), (4243, 5657), (6124, 8165))
_LIMITS = {12: (1.0, 700), 50: (4.0, 2500)}
PLOT = BENCH / "growth.svg"


@dataclass(frozen=True)
class Growth:
    """Medians for one size: seconds and MB of `refine` and `foreground` together."""

    megapixels: float
    seconds: float
    megabytes: float


def table(times: int) -> Table:
    """One row a size, and a plot beside the report."""
    if not PHOTO.is_file():
        run(Command("the photo", [own_command("python"), "-m", "bench.photo", str(PHOTO)]))
    found = []
    for size in _SIDES:
        say(f"refining and colours of {size[1]} × {size[0]} pixels")
        found.append(apart(measured, size, times))
    points = {"refine and foreground": [(one.megapixels, one.seconds) for one in found]}
    title = "refine and foreground, over megapixels; dashed: in proportion to the pixels of the smallest"
    PLOT.write_text(lines(title, "s", points, in_proportion=True), "utf-8")
    rows = []
    for one in found:
        seconds, megabytes = _LIMITS.get(round(one.megapixels), (None, None))
        rows.append(
            (
                f"{one.megapixels:.0f}",
                f"{one.seconds:.2f} s"
                + (f" (limit {seconds} s: {verdict(one.seconds <= seconds)})" if seconds else ""),
                f"{one.megabytes:.0f} MB"
                + (f" (limit {megabytes} MB: {verdict(one.megabytes <= megabytes)})" if megabytes else ""),
                f"{one.seconds / one.megapixels * 1000:.0f} ms",
                f"{one.megabytes / one.megapixels:.0f} MB",
            )
        )
    notes = [
        f"`refine` and `foreground` of one photo at five sizes, medians of {times} runs in a process each, over what "
        f"holds the photo and the networks. The plot is {PLOT.name}, beside the report."
    ]
    figures: dict[str, object] = {f"{one.megapixels:.0f} MP, s": one.seconds for one in found}
    return Table(
        "Refining and colours as photos grow", ("megapixels", "time", "memory", "a megapixel", ""), rows, notes, figures
    )


def measured(size: tuple[int, int], times: int) -> Growth:
    """The cost at one size (height, width), after one run that is not counted."""
    options = Options()
    photo = load(PHOTO, options).frames[0]
    photo = Image(np.clip(resize(photo.rgb, size, "bicubic"), 0.0, 1.0))
    with Remover.open(Network()) as remover:
        predictions = remover.predict(photo)
    seconds, megabytes = [], []
    for turn in range(times + 1):
        forget_peak()
        before = peak_mb() or 0.0
        started = time.perf_counter()
        cutout = foreground(photo, refine(photo, predictions, options), options)
        took = time.perf_counter() - started
        del cutout
        if turn:
            seconds.append(took)
            megabytes.append((peak_mb() or 0.0) - before)
    return Growth(size[0] * size[1] / 1e6, statistics.median(seconds), statistics.median(megabytes))
