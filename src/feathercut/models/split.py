"""Convolutions of joined tensors, taken apart: conv(a ∥ b) = conv(a) + conv(b).

Decoders join what comes up with what was kept from the way down, only to convolve it at once. The
joined copy is the largest thing that IS-Net ever holds; without it a run takes 0.1 GB less, and the
runtime adds the parts while it convolves.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.pictures import FloatArray

Shapes = dict[str, tuple[int, ...]]


def split_joined_convolutions(graph: GraphProto, shapes: Shapes, outputs: tuple[str, ...]) -> list[NodeProto]:
    """The graph's nodes in order, each Conv of a Concat along the channels made a sum of Convs.

    Only where nothing else reads the Concat and the weights are constants of one group; the parts of
    the weights are added to the graph's constants. Concats that nobody reads any more stay in the list.
    """
    readers = Counter(name for node in graph.node for name in node.input) + Counter(outputs)
    joins = {node.output[0]: node for node in graph.node if _joins_channels(node) and readers[node.output[0]] == 1}
    weights = {tensor.name: tensor for tensor in graph.initializer if tensor.data_type == TensorProto.FLOAT}
    nodes: list[NodeProto] = []
    for node in graph.node:
        join = joins.get(node.input[0]) if node.op_type == "Conv" and node.input[1] in weights else None
        channels = [shapes.get(name, (0, 0))[1] for name in join.input] if join else []
        kernel = numpy_helper.to_array(weights[node.input[1]]) if join else np.empty((0, 0))
        # A Conv of several groups has fewer channels in its weights than in its input.
        if join is None or not all(channels) or sum(channels) != kernel.shape[1]:
            nodes.append(node)
            continue
        nodes += _parts(graph, node, list(join.input), np.split(kernel, np.cumsum(channels)[:-1], axis=1))
    return nodes


def _joins_channels(node: NodeProto) -> bool:
    return node.op_type == "Concat" and any(a.name == "axis" and a.i == 1 for a in node.attribute)


def _parts(graph: GraphProto, conv: NodeProto, inputs: list[str], kernels: list[FloatArray]) -> list[NodeProto]:
    """One Conv an input, the bias in the first, and the Adds that bring them together."""
    output = conv.output[0]
    nodes: list[NodeProto] = []
    total = ""
    for place, (name, kernel) in enumerate(zip(inputs, kernels, strict=True)):
        weights, answer = f"{output}_weights_{place}", f"{output}_part_{place}"
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(kernel), weights))
        bias = list(conv.input[2:]) if place == 0 else []
        part = helper.make_node("Conv", [name, weights, *bias], [answer], name=answer)
        part.attribute.extend(conv.attribute)
        nodes.append(part)
        if place:
            is_last = place == len(inputs) - 1
            together = output if is_last else f"{output}_sum_{place}"
            nodes.append(helper.make_node("Add", [total, answer], [together], name=f"{output}_sum_{place}"))
            total = together
        else:
            total = answer
    return nodes
