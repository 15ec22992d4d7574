"""What `bench/gpu.py` measures, each in a process of its own: a card's memory is given back with the process."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from PIL import Image as Pillow

from bench.cards import used_mb
from bench.places import ROOT
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.engines.tuning import Tuning
from feathercut.loading import graph_precision
from feathercut.models.at_one_size import write_at_one_size
from feathercut.models.catalogue import find
from feathercut.models.compiled import compiled
from feathercut.models.graph import Form, prepare
from feathercut.models.weights import locate
from feathercut.options import Device, GraphPrecision
from feathercut.pictures import FloatArray, Image
from feathercut.settings import Settings
from feathercut.steps.predict import normalise, place

_FOLDERS = (ROOT / "shared" / "photos", ROOT.parent / "shared" / "bench" / "photos" / "images")
_EXAMPLES = ROOT / "examples" / "photos"
_WARM_S = 0.5
"""A card that was idle takes so long to reach its clock."""
_RUN_S = 0.1
"""A run that is shorter is repeated until this is over: the processor's own hiccups take milliseconds."""

Precision = Literal["fp32", "tf32", "fp16"]
"""`tf32` is float32 in memory, multiplied by tensor cores with 10 bits after the point."""


def precisions(model: str) -> tuple[Precision, ...]:
    """What a network is to be tried in: half only where it is published so, as the loader has it."""
    return ("fp32", "tf32", "fp16") if graph_precision(find(model), "cuda") == "fp16" else ("fp32", "tf32")


@dataclass(frozen=True)
class Measured:
    """One precision at one number of photos at once. Differences are in 255ths of alpha, from the CPU's fp32."""

    precision: Precision
    batch: int
    mean: float
    largest: float
    copied_s: float
    kept_s: float
    memory_mb: float | None
    start_s: float


def reference(model: str, count: int, times: int, kept: Path) -> tuple[float, int]:
    """Has the CPU answer `count` photos in fp32 into `kept`: (median seconds a photo, how many were different)."""
    record, settings = find(model), Settings.read()
    graph = compiled(locate(record, settings), record, record.input.size, settings)
    engine = OnnxRuntimeEngine(graph, "cpu", record.input.size, is_compiled=True)
    paths = photos()[:count]
    made = [normalise(place(_read(path), record.input.size, record.input)[0], record.input) for path in paths]
    # Where there are fewer, they come again, mirrored and upside down: other pictures to a network.
    turns: tuple[Callable[[FloatArray], FloatArray], ...] = (
        lambda one: one,
        lambda one: one[..., ::-1],
        lambda one: one[..., ::-1, :],
        lambda one: one[..., ::-1, ::-1],
    )
    inputs = np.concatenate([turns[n // len(made) % 4](made[n % len(made)]) for n in range(count)])
    seconds, answers = [], []
    engine.run({engine.input_name: inputs[:1]})
    for number in range(count):
        started = time.perf_counter()
        answers.append(engine.run({engine.input_name: inputs[number : number + 1]})[engine.output_name])
        seconds.append(time.perf_counter() - started)
    kept.parent.mkdir(exist_ok=True)
    np.savez(kept, inputs=inputs, answers=np.concatenate(answers))
    return statistics.median(seconds[:times]), len(made)


def measured(
    model: str, device: Device, precision: Precision, batches: Sequence[int], times: int, kept: Path
) -> list[Measured]:
    """What a device makes of the inputs in `kept`, at each number of photos at once. Raises DeviceError."""
    record, settings = find(model), Settings.read()
    counted: GraphPrecision = "fp16" if precision == "fp16" else "fp32"
    graph = prepare(locate(record, settings), record, settings, form=Form(counted, is_batched=True))
    tuning = Tuning(counted, is_exact=precision != "tf32")
    with np.load(kept) as arrays:
        inputs, answers = arrays["inputs"], arrays["answers"]
    before = used_mb()
    found = []
    for batch in batches:
        started = time.perf_counter()
        engine = OnnxRuntimeEngine(graph, device, record.input.size, tuning=tuning, batch=batch)
        first = {engine.input_name: inputs[:batch]}
        engine.run(first)
        start_s = time.perf_counter() - started
        mean, largest = _differences(engine, inputs, answers, batch)
        copied_s = _median_s(partial(engine.run, first), times)
        there = engine.bound(first)
        kept_s = _median_s(there.run, times)
        now = used_mb()
        memory = None if now is None or before is None else now - before
        found.append(Measured(precision, batch, mean, largest, copied_s, kept_s, memory, start_s))
        del there
        engine.close()
    return found


def _differences(engine: OnnxRuntimeEngine, inputs: FloatArray, answers: FloatArray, batch: int) -> tuple[float, float]:
    """The mean and the largest difference from `answers`, in 255ths, over all inputs and by both ways of asking."""
    name, output = engine.input_name, engine.output_name
    chunks = [inputs[n : n + batch] for n in range(0, len(inputs), batch)]
    made = np.concatenate([engine.run({name: chunk})[output] for chunk in chunks])
    differences = 255 * np.abs(made.astype(np.float64) - answers)
    there = engine.bound({name: chunks[0]})
    there.put({name: chunks[-1]})
    there.run()
    last = 255 * np.abs(there.get()[output].astype(np.float64) - answers[-batch:])
    # Not a number is a difference too, and above any limit.
    mean, largest = (
        math.inf if math.isnan(number) else float(number)
        for number in (differences.mean(), max(differences.max(), last.max()))
    )
    return mean, largest


def _median_s(work: Callable[[], object], times: int) -> float:
    """The median of `times` runs, or means of short ones, after as many as it takes to be warm."""
    started, count = time.perf_counter(), 0
    while time.perf_counter() < started + _WARM_S:
        work()
        count += 1
    repeats = max(1, math.ceil(_RUN_S * count / (time.perf_counter() - started)))
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        for _ in range(repeats):
            work()
        seconds.append((time.perf_counter() - started) / repeats)
    return statistics.median(seconds)


def multiply_adds(model: str) -> float:
    """The multiplications that the network's convolutions do for one photo at its own size."""
    import onnx

    record, settings = find(model), Settings.read()
    graph = prepare(locate(record, settings), record, settings)
    with TemporaryDirectory() as folder:
        # Loaded at its size, the runtime folds away what hides sizes from ONNX's own inference.
        folded = Path(folder) / "folded.onnx"
        write_at_one_size(graph, record.input.size, folded)
        network = onnx.load(str(folded))
    weights = {tensor.name: list(tensor.dims) for tensor in network.graph.initializer}
    known = onnx.shape_inference.infer_shapes(network, data_prop=True).graph
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*known.value_info, *known.output)
    }
    convolutions = [node for node in known.node if node.op_type == "Conv"]
    return float(sum(math.prod(shapes[n.output[0]]) * math.prod(weights[n.input[1]][1:]) for n in convolutions))


def photos() -> list[Path]:
    """Real photos: the shared ones where they are, else the examples."""
    folder = next((one for one in _FOLDERS if one.is_dir()), _EXAMPLES)
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".png"))


def _read(path: Path) -> Image:
    with Pillow.open(path) as opened:
        return Image((np.asarray(opened.convert("RGB")) / np.float32(255)).astype(np.float32))
