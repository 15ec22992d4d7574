"""How near the networks run to what this processor can do: `python -m bench nearness`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from bench.processes import apart, say
from bench.tables import Table
from feathercut.errors import FeathercutError
from feathercut.loading import load
from feathercut.models import catalogue, graph, weights
from feathercut.options import Network
from feathercut.settings import Settings
from feathercut.system import usable_cores

_SIDE = 2048
_MODELS = ("isnet-general", "u2netp")
_PRECISIONS = ("fp32", "int8")


def table(times: int) -> Table:
    """Multiplications a second: of one large product of matrices, the peak, and of each network."""
    return apart(_table, times)


def _table(times: int) -> Table:
    peaks = {"fp32": _peak(_float_product(), times), "int8": _peak(_byte_product(), times)}
    rows = [("a product of matrices", name, "", "", f"{peak:.0f}", "1") for name, peak in peaks.items()]
    figures: dict[str, object] = {f"peak {name}, GMAC/s": peak for name, peak in peaks.items()}
    for model in _MODELS:
        gmac = _gmac(model)
        for precision in _PRECISIONS:
            try:
                seconds = _seconds(model, precision, times)
            except FeathercutError as error:
                rows.append((model, precision, f"{gmac:.1f}", f"not run: {error}", "", ""))
                continue
            rate = gmac / seconds
            share = rate / peaks[precision]
            rows.append((model, precision, f"{gmac:.1f}", f"{seconds:.3f} s", f"{rate:.0f}", f"{share:.2f}"))
            figures |= {f"{model} {precision}, s": seconds, f"{model} {precision}, share of the peak": share}
    notes = [
        f"On {usable_cores()} cores, medians of {times} runs. The peak is ONNX Runtime's own product of matrices of "
        f"{_SIDE}×{_SIDE} numbers, in float32 and in bytes. The rest is what convolutions lose to memory: their layers "
        "are large and thin, so each number is fetched for few multiplications."
    ]
    header = ("what", "precision", "GMAC", "warm, network only", "GMAC/s", "share of the peak")
    return Table("How near the limit", header, rows, notes, figures)


def _median(work: Callable[[], object], times: int) -> float:
    work()
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _seconds(model: str, precision: str, times: int) -> float:
    say(f"{model} in {precision}")
    network = Network(model=model, quality="fast", precision=precision)  # type: ignore[arg-type]
    (loaded,) = load(network)
    height, width = loaded.record.input.size
    array = np.random.default_rng(0).random((1, 3, height, width)).astype(np.float32)
    name = str(loaded.record.input.name)
    try:
        return _median(lambda: loaded.engine.run({name: array}), times)
    finally:
        loaded.engine.close()


def _gmac(model: str) -> float:
    """Multiplications of one run in thousand millions: those of all convolutions."""
    record, settings = catalogue.find(model), Settings.read()
    network = onnx.load(str(graph.prepare(weights.locate(record, settings), record, settings)))
    sides = network.graph.input[0].type.tensor_type.shape.dim
    for side, length in zip(sides, (1, 3, *record.input.size), strict=True):
        side.dim_value = length
    for value in network.graph.output:
        value.type.tensor_type.ClearField("shape")
    del network.graph.value_info[:]
    known = onnx.shape_inference.infer_shapes(network, data_prop=True).graph
    sizes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*known.value_info, *known.output)
    }
    kernels = {tensor.name: tuple(tensor.dims) for tensor in network.graph.initializer}
    return (
        sum(
            float(np.prod(sizes[node.output[0]][2:])) * float(np.prod(kernels[node.input[1]]))
            for node in network.graph.node
            if node.op_type == "Conv"
        )
        / 1e9
    )


def _peak(product: tuple[bytes, dict[str, np.ndarray]], times: int) -> float:
    model, inputs = product
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return float(_SIDE) ** 3 / 1e9 / _median(lambda: session.run(None, inputs), times)


def _float_product() -> tuple[bytes, dict[str, np.ndarray]]:
    left, right = (np.random.default_rng(seed).random((_SIDE, _SIDE)).astype(np.float32) for seed in (0, 1))
    node = helper.make_node("MatMul", ["left", "right"], ["product"])
    return _model(node, TensorProto.FLOAT, TensorProto.FLOAT, right), {"left": left}


def _byte_product() -> tuple[bytes, dict[str, np.ndarray]]:
    random = np.random.default_rng(0)
    left = random.integers(0, 255, (_SIDE, _SIDE)).astype(np.uint8)
    right = random.integers(-127, 127, (_SIDE, _SIDE)).astype(np.int8)
    node = helper.make_node("MatMulInteger", ["left", "right"], ["product"])
    return _model(node, TensorProto.UINT8, TensorProto.INT32, right), {"left": left}


def _model(node: onnx.NodeProto, given: int, made: int, right: np.ndarray) -> bytes:
    shape = [_SIDE, _SIDE]
    whole = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("left", given, shape)],
        [helper.make_tensor_value_info("product", made, shape)],
        [onnx.numpy_helper.from_array(right, "right")],
    )
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return bytes(model.SerializeToString())
