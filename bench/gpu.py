"""A network on a GPU beside the same network on the CPU: `python -m bench gpu [--device cuda]`.

Every photo is asked of both, at every precision and number of photos at once, so that a fast answer
that is wrong is seen to be wrong.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import get_args

from bench.cards import Card, card
from bench.gpu_runs import Measured, measured, multiply_adds, precisions, reference
from bench.places import BENCH
from bench.processes import BenchError, NotRunError, apart, say
from bench.tables import Table
from feathercut.engines.devices import provider_for
from feathercut.errors import DeviceError
from feathercut.options import Device

BATCHES = (1, 2, 4, 8, 16, 32)
_FARTHEST_MEAN = 0.5
"""Of 255: a mean difference above half a step of the 8-bit matte is another answer."""


def table(times: int, device: str, models: Sequence[str] = ("isnet-general", "u2netp")) -> Table:
    """Differences, times and memory by network, precision and photos at once. Raises NotRunError without a GPU."""
    if device not in get_args(Device) or device == "cpu":
        raise NotRunError(f"there is no GPU called `{device}`")
    chosen: Device = next(one for one in get_args(Device) if one == device)
    if reason := provider_for(chosen).why_not():
        raise NotRunError(f"device `{device}` is not there: {reason}")
    found = card()
    rows: list[Sequence[str]] = []
    figures: dict[str, object] = {}
    notes = [f"{_where(found, chosen)}. {datetime.now(UTC):%Y-%m-%d}."]
    for model in models:
        kept = BENCH / f"gpu-{model}.npz"
        say(f"{model}: every photo on the CPU")
        processor_s, photos = apart(reference, model, BATCHES[-1], times, kept)
        giga = apart(multiply_adds, model) / 1e9
        runs: list[Measured] = []
        for precision in precisions(model):
            say(f"{model}: {precision} on {device}")
            try:
                runs += apart(measured, model, chosen, precision, BATCHES, times, kept)
            except BenchError as error:
                if isinstance(error.__cause__, DeviceError):  # it is listed, and does not start
                    raise NotRunError(str(error)) from error
                raise
        rows.append((model, "CPU fp32", "1", "", "", f"{1000 * processor_s:.1f}", "", f"{1 / processor_s:.1f}", "", ""))
        rows += [_row(model, run, giga, found) for run in runs]
        notes.append(
            f"{model}: {giga:.1f} GMAC a photo; {photos} different photos, the differences are over all {BATCHES[-1]} "
            "inputs made of them."
        )
        figures[model] = {"cpu_s": processor_s, "gmac": giga, "runs": [asdict(run) for run in runs]}
    wrong = [f"{row[0]} {row[1]} × {row[2]}" for row in rows if row[3] and float(row[3]) > _FARTHEST_MEAN]
    notes.append(f"WRONG, by a mean of more than {_FARTHEST_MEAN}: {', '.join(wrong)}." if wrong else _RIGHT)
    notes.append(_HOW.format(times=times))
    return Table("A GPU beside the CPU", _HEADER, rows, notes, figures)


_HEADER = (
    *("network", "runs in", "photos at once", "mean difference, 255ths", "largest"),
    *("with copies, ms", "kept there, ms", "photos a second", "memory, MiB", "TFLOP/s (share of the peak)"),
)
_RIGHT = f"No mean difference from the CPU is above {_FARTHEST_MEAN} of 255."
_HOW = (
    "Network only, warm, medians of {times} runs of a tenth of a second or more. With copies: arrays go there from "
    "plain memory and come back; photos a second are of these. Kept there: input and output stay on the card (IO "
    "binding), and TFLOP/s are of these, two for a multiply-add. Memory: the card's, beyond what was in use before, "
    "the driver's own share with it."
)


def _row(model: str, run: Measured, giga: float, found: Card | None) -> Sequence[str]:
    tflops = 2 * giga * run.batch / run.kept_s / 1000
    peak = found.peak_tflops(run.precision) if found else None
    share = f" ({100 * tflops / peak:.0f} % of {peak:.0f})" if peak else ""
    return (
        model,
        run.precision,
        str(run.batch),
        f"{run.mean:.4f}",
        f"{run.largest:.2f}",
        f"{1000 * run.copied_s:.2f}",
        f"{1000 * run.kept_s:.2f}",
        f"{run.batch / run.copied_s:.1f}",
        "?" if run.memory_mb is None else f"{run.memory_mb:.0f}",
        f"{tflops:.1f}{share}",
    )


def _where(found: Card | None, device: Device) -> str:
    import onnxruntime

    named = f"{found.name}, driver {found.driver}" if found else "A card that no driver names"
    return f"{named}; ONNX Runtime {onnxruntime.__version__}, device `{device}`; {platform.machine()}"
