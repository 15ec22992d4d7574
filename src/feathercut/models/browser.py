"""A network as ONNX Runtime Web runs it: one file, and nothing left for the browser to rebuild.

`int8` is for WebAssembly, with the very numbers of the int8 form that a processor runs (`quantise.py`): its
128-bit instructions multiply eight bytes in the time of four floats, and without loss. The runtime here joins
and lays out its operators beforehand, which saves a browser half of the time to load. `fp32` is for WebGPU and for
comparison: constants that half precision holds exactly are kept in it, which halves the download.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut import system
from feathercut.errors import NetworkError
from feathercut.models.bands import cut_into_bands
from feathercut.models.compiled import Kept
from feathercut.models.folded import folded, read_folded
from feathercut.models.quantisation import read_quantisation
from feathercut.models.quantise import quantise
from feathercut.models.spec import Record
from feathercut.models.trial import compare

BROWSER_VERSION = 3
"""Raise it when the same weights must be made into another file."""

_PUBLISHED = {
    *("Add", "Concat", "Conv", "DequantizeLinear", "MaxPool", "Mul", "Pad", "QuantizeLinear", "ReduceSum", "Relu"),
    *("Resize", "Sigmoid", "Transpose"),
}
_RUNTIMES_OWN = {"FusedConv", "NhwcMaxPool", "QLinearAdd", "QLinearConcat", "QLinearConv", "QLinearSigmoid"}
"""Operators of `com.microsoft` that ONNX Runtime Web 1.30 was seen to run as this runtime means them."""
_SMALL = 64


def browser_form(
    weights: Path,
    record: Record,
    precision: Kept,
    work: Path,
    more_outputs: tuple[str, ...] = (),
    own: Path | None = None,
) -> Path:
    """The file for a browser, made in the empty folder `work`; `more_outputs` are for fp32 only.

    `own` is the user's folder of networks. Raises WeightsError, RecordError or NetworkError as `compiled` does.
    """
    size = record.input.size
    whole = folded(weights, record, size, work, more_outputs=more_outputs if precision == "fp32" else ())
    target = work / "browser.onnx"
    if precision == "fp32":
        model = onnx.load(str(whole))
        _halve_what_is_exact(model.graph)
        onnx.save(model, str(target))
        return target
    low, high = record.input.reach
    plain = work / "plain-int8.onnx"
    onnx.save(quantise(read_folded(whole), read_quantisation(record.id, own), low, high), str(plain))
    joined = _joined(plain, work / "joined.onnx")
    # Without VNNI a processor's own products of bytes overflow, and its answer says nothing about the file.
    if system.multiplies_bytes():
        compare(joined or plain, whole, size, low, high)
    return (joined or plain).rename(target)


def _joined(graph: Path, target: Path) -> Path | None:
    """The graph with its operators joined and laid out by the runtime; None where it used ones that are not known.

    Float convolutions stay as they are: their blocked layout would be this processor's.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(target)
    try:
        onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=["NchwcTransformer"]
        )
    except Exception as error:  # onnxruntime raises classes of its own, without a common parent
        raise NetworkError(f"{graph} is no network that ONNX Runtime can load: {error}") from error
    model = onnx.load(str(target))
    if not all(_is_known(node) for node in model.graph.node):
        return None
    used = {node.domain for node in model.graph.node}
    kept = [one for one in model.opset_import if one.domain in used | {""}]
    del model.opset_import[:]
    model.opset_import.extend(kept)
    cut_into_bands(model, target.parent)
    onnx.save(model, str(target))
    return target


def _is_known(node: NodeProto) -> bool:
    return node.op_type in {"": _PUBLISHED, "com.microsoft": _RUNTIMES_OWN}.get(node.domain, set())


def _halve_what_is_exact(graph: GraphProto) -> None:
    """Keeps weights that were published in half precision in it, widened when the graph is loaded."""
    casts: list[NodeProto] = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) <= _SMALL:
            continue
        wide = numpy_helper.to_array(tensor)
        with np.errstate(over="ignore"):
            half = wide.astype(np.float16)
        if np.array_equal(half.astype(np.float32), wide):
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(half, f"{name}_half"))
            casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [NodeProto.FromString(node.SerializeToString()) for node in graph.node]
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
