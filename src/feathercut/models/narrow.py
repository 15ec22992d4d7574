"""A float32 graph made half precision inside, for devices that count faster in it.

Values keep their names and the input and the outputs stay float32, so that whoever runs the graph need
not know. The last sigmoid stays float32 too: near 1 a half has steps of an eighth of a 255th.
"""

from __future__ import annotations

import numpy as np
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.errors import RecordError
from feathercut.models.rewrite import has_parts

_SAFE = {
    *("Add", "AveragePool", "BatchNormalization", "Concat", "Conv", "ConvTranspose", "GlobalAveragePool", "Identity"),
    *("MaxPool", "Mul", "Relu", "Resize", "Sigmoid", "Sub"),
    *("Constant", "Gather", "Reshape", "Shape", "Slice", "Squeeze", "Transpose", "Unsqueeze"),
}
"""What encoders and decoders of convolutions are made of. Sums over whole pictures, such as those of a
normalisation or of attention, leave the range of a half: networks that have them are refused."""

_LARGEST = float(np.finfo(np.float16).max)


def narrow(model: ModelProto, name: str) -> None:
    """Makes `model` half precision in place, in front of its last sigmoids. Raises RecordError where it cannot be.

    `name` is whose network it is, for the error.
    """
    graph = model.graph
    for node in graph.node:
        to_whole = node.op_type == "Cast" and _target(node) in (TensorProto.INT32, TensorProto.INT64)
        if not to_whole and (node.op_type not in _SAFE or has_parts(graph)):
            raise RecordError(
                f"`{name}` has no half-precision form: nothing says that its `{node.op_type}` is safe there. "
                "Run it in fp32"
            )
    outputs = [value.name for value in graph.output]
    last = {node.output[0]: node for node in graph.node if node.op_type == "Sigmoid" and node.output[0] in outputs}
    edges = {last[output].input[0] if output in last else output for output in outputs}
    _narrow_constants(graph, name)
    nodes: list[NodeProto] = []
    given = graph.input[0].name
    nodes.append(helper.make_node("Cast", [given], [f"{given}_half"], to=TensorProto.FLOAT16, name=f"{given}_half"))
    renamed = {given: f"{given}_half", **{edge: f"{edge}_half" for edge in edges}}
    for node in graph.node:
        copy = NodeProto()
        copy.CopyFrom(node)
        # What follows a last sigmoid's logits reads them as float32, everything else as they are counted.
        if copy.output[0] not in last:
            copy.input[:] = [renamed.get(one, one) for one in copy.input]
            copy.output[:] = [renamed.get(one, one) for one in copy.output]
        nodes.append(copy)
        nodes += [
            helper.make_node("Cast", [f"{made}_half"], [made], to=TensorProto.FLOAT, name=f"{made}_whole")
            for made in sorted(edges.intersection(node.output))
        ]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.value_info[:]


def _target(node: NodeProto) -> int:
    return next(int(a.i) for a in node.attribute if a.name == "to")


def _narrow_constants(graph: GraphProto, name: str) -> None:
    """Makes the float constants half ones, but for the factors of a Resize, which are float32 by definition."""
    kept = {one for node in graph.node if node.op_type == "Resize" for one in node.input[1:]}
    for tensor in graph.initializer:
        if tensor.name not in kept:
            _narrow_tensor(tensor, name)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.TENSOR and not kept.intersection(node.output):
                _narrow_tensor(attribute.t, name)


def _narrow_tensor(tensor: TensorProto, name: str) -> None:
    if tensor.data_type != TensorProto.FLOAT:
        return
    wide = numpy_helper.to_array(tensor)
    if wide.size and float(np.abs(wide).max()) > _LARGEST:
        raise RecordError(f"`{name}` has no half-precision form: a constant of it is larger than {_LARGEST:.0f}")
    tensor.CopyFrom(numpy_helper.from_array(wide.astype(np.float16), tensor.name))
