"""Rewriting an ONNX graph in place; nothing here reads or writes files.

The networks are plain encoders and decoders of convolutions. What keeps their exports from being run at
another side, or in float32, is a handful of nodes around them: casts, and sizes that tracing froze.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter

import numpy as np
import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.errors import RecordError
from feathercut.models.split import Shapes, split_joined_convolutions

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16)
_SMALL = 64
"""Constants of at most so many numbers are kept for shape inference; weights play no part in it."""


def has_tensor(graph: GraphProto, name: str) -> bool:
    """Whether some node of the graph makes a tensor of that name."""
    return any(name in node.output for node in graph.node)


def needs_work(graph: GraphProto, outputs: tuple[str, ...], *, is_resizable: bool) -> bool:
    """Whether `rewrite` would change anything worth a second file on disk."""
    has_half = any(tensor.data_type == TensorProto.FLOAT16 for tensor in graph.initializer)
    has_half |= any(_casts_to(node) == TensorProto.FLOAT16 for node in graph.node)
    has_more = tuple(output.name for output in graph.output) != outputs
    is_fixed = is_resizable and not all(_free_sides(value) for value in graph.input[:1])
    return (has_half or has_more or is_fixed) and not has_parts(graph)


def has_parts(graph: GraphProto) -> bool:
    """Whether nodes hold parts of a graph (If, Loop). They are not followed, so that one runs as it was published."""
    return any(a.type == AttributeProto.GRAPH for node in graph.node for a in node.attribute)


def rewrite(
    model: ModelProto,
    outputs: tuple[str, ...],
    size: tuple[int, int],
    *,
    is_resizable: bool,
    is_batched: bool = False,
    splits: bool = True,
) -> None:
    """Makes `model` float32, with `outputs` only and, where `is_resizable`, with free height and width.

    `size` is the (height, width) that the network was exported for; `is_batched` frees the number of
    photos as well, `splits` takes joined convolutions apart. Raises RecordError where a part of the network
    is frozen to that size in a way that cannot be undone.
    """
    graph = model.graph
    keep_needed(graph, outputs)
    types, shapes = _inferred(model, size)
    _drop_casts(graph, types, outputs)
    _widen(graph)
    keep_needed(graph, outputs)
    if is_resizable or is_batched:
        _free_resizes(graph, shapes)
        keep_needed(graph, outputs)  # what only counted frozen sizes is dead now
    if splits:
        replace_nodes(graph, split_joined_convolutions(graph, shapes, outputs))
        keep_needed(graph, outputs)
    del graph.value_info[:]
    _declare(graph, outputs, types, shapes, is_resizable=is_resizable)
    if is_batched:
        for value in (graph.input[0], *graph.output):
            value.type.tensor_type.shape.dim[0].dim_param = "batch"


def _inferred(model: ModelProto, size: tuple[int, int]) -> tuple[dict[str, int], Shapes]:
    """The element type of each tensor, and the shape at `size` of each whose shape is known."""
    skeleton = ModelProto()
    skeleton.ir_version = model.ir_version
    skeleton.opset_import.extend(model.opset_import)
    graph = skeleton.graph
    graph.name = "skeleton"
    graph.node.extend(model.graph.node)
    graph.input.extend(model.graph.input)
    graph.output.extend(model.graph.output)
    sides = graph.input[0].type.tensor_type.shape.dim
    if len(sides) == 4:
        for dim, length in zip(sides, (1, 3, *size), strict=True):
            dim.dim_value = length
    given = {value.name for value in model.graph.input}
    for tensor in model.graph.initializer:
        if np.prod(tensor.dims) <= _SMALL:
            graph.initializer.append(tensor)
        elif tensor.name not in given:
            graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
    known = onnx.shape_inference.infer_shapes(skeleton, data_prop=True).graph
    types: dict[str, int] = {}
    shapes: Shapes = {}
    for value in (*model.graph.value_info, *known.value_info, *known.input, *known.output):
        kind = value.type.tensor_type
        types[value.name] = kind.elem_type
        lengths = [dim.dim_value for dim in kind.shape.dim]
        if lengths and all(lengths):
            shapes[value.name] = tuple(lengths)
    return types, shapes


def _casts_to(node: NodeProto) -> int | None:
    if node.op_type != "Cast":
        return None
    return next((int(a.i) for a in node.attribute if a.name == "to"), None)


def _drop_casts(graph: GraphProto, types: dict[str, int], outputs: tuple[str, ...]) -> None:
    """Takes out the casts between float and half, which do nothing once all is float."""
    # Converters to half precision append their casts at the end: no order may be relied upon.
    between = [n for n in graph.node if _casts_to(n) in _FLOATS and types.get(n.input[0]) in _FLOATS]
    source = {node.output[0]: node.input[0] for node in between}
    given = {value.name for value in graph.input}
    renamed: dict[str, str] = {}
    for output in outputs:
        origin = _origin(output, source)
        if output in source and origin not in (*outputs, *given, *renamed):
            renamed[origin] = output  # an output keeps its name: its maker takes it over

    def name_of(name: str) -> str:
        origin = _origin(name, source)
        return renamed.get(origin, origin)

    dropped = set(source)
    kept = [node for node in graph.node if not dropped.intersection(node.output)]
    for node in kept:
        node.input[:] = [name_of(name) for name in node.input]
        node.output[:] = [renamed.get(name, name) for name in node.output]
    twice = [output for output in outputs if output in source and name_of(output) != output]
    kept += [helper.make_node("Identity", [name_of(output)], [output]) for output in twice]
    replace_nodes(graph, kept)


def _origin(name: str, source: dict[str, str]) -> str:
    while name in source:
        name = source[name]
    return name


def _widen(graph: GraphProto) -> None:
    """Makes every half-precision constant a float one, one at a time."""
    for tensor in graph.initializer:
        _widen_tensor(tensor)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.TENSOR:
                _widen_tensor(attribute.t)
            elif node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT16:
                attribute.i = TensorProto.FLOAT
    for value in graph.input:
        if value.type.tensor_type.elem_type == TensorProto.FLOAT16:
            value.type.tensor_type.elem_type = TensorProto.FLOAT


def _widen_tensor(tensor: TensorProto) -> None:
    if tensor.data_type == TensorProto.FLOAT16:
        wide = numpy_helper.to_array(tensor).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(wide, tensor.name))


def keep_needed(graph: GraphProto, outputs: tuple[str, ...]) -> None:
    """Drops nodes and constants that no output needs, and puts makers before users."""
    makers = {name: index for index, node in enumerate(graph.node) for name in node.output}
    needed: dict[int, set[int]] = {}
    used: set[str] = set()
    waiting = [makers[name] for name in outputs]
    while waiting:
        index = waiting.pop()
        if index not in needed:
            used.update(graph.node[index].input)
            needed[index] = {makers[name] for name in graph.node[index].input if name in makers}
            waiting += needed[index]
    replace_nodes(graph, [graph.node[index] for index in TopologicalSorter(needed).static_order()])
    for index in reversed([i for i, tensor in enumerate(graph.initializer) if tensor.name not in used]):
        del graph.initializer[index]


def _free_resizes(graph: GraphProto, shapes: Shapes) -> None:
    """Turns each Resize to a frozen size into one by its factor, which holds at every size."""
    makers = _makers(graph)
    constants = {tensor.name for tensor in graph.initializer}
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.op_type == "Resize" and len(node.input) == 4 and _is_frozen(node.input[3], makers, constants):
            factors = _factors(node, shapes)
            name = f"{node.output[0]}_factors"
            graph.initializer.append(numpy_helper.from_array(np.array(factors, np.float32), name))
            del node.input[2:]
            node.input.append(name)
        nodes.append(node)
    replace_nodes(graph, nodes)


def _is_frozen(sizes: str, makers: dict[str, NodeProto], constants: set[str]) -> bool:
    """Whether the last part of a Resize's sizes, height and width, is counted from no tensor's shape."""
    maker = makers.get(sizes)
    if maker is not None and maker.op_type == "Concat":
        return _is_frozen(maker.input[-1], makers, constants)
    waiting = [sizes]
    while waiting:
        maker = makers.get(waiting.pop())
        if maker is not None:
            if maker.op_type == "Shape":
                return False
            waiting += maker.input
    return True


def _factors(node: NodeProto, shapes: Shapes) -> list[int]:
    """The whole factors of a Resize along each axis, counted at the size of the export."""
    before, after = shapes.get(node.input[0]), shapes.get(node.output[0])
    pairs = list(zip(after or (), before or (), strict=False))
    if not pairs or any(a % b for a, b in pairs):
        raise RecordError(
            f"`{node.name or node.output[0]}`: the network is frozen to the size it was exported for. "
            "Take `input.sizes` out of its record"
        )
    return [a // b for a, b in pairs]


def _declare(
    graph: GraphProto, outputs: tuple[str, ...], types: dict[str, int], shapes: Shapes, *, is_resizable: bool
) -> None:
    """Writes the graph's outputs anew, and frees its sides where they may change."""
    if is_resizable:
        sides = graph.input[0].type.tensor_type.shape.dim
        sides[2].dim_param, sides[3].dim_param = "height", "width"
    del graph.output[:]
    for name in outputs:
        kind = types.get(name, TensorProto.FLOAT)
        shape: list[int | str | None] | None = list(shapes[name]) if name in shapes else None
        if is_resizable and shape and len(shape) == 4:
            shape[2:] = [f"{name}_height", f"{name}_width"]
        widened = TensorProto.FLOAT if kind in (TensorProto.FLOAT16, TensorProto.UNDEFINED) else kind
        graph.output.append(helper.make_tensor_value_info(name, widened, shape))


def _free_sides(value: onnx.ValueInfoProto) -> bool:
    sides = value.type.tensor_type.shape.dim
    return len(sides) == 4 and [side.dim_param for side in sides[2:]] == ["height", "width"]


def _makers(graph: GraphProto) -> dict[str, NodeProto]:
    return {name: node for node in graph.node for name in node.output}


def replace_nodes(graph: GraphProto, nodes: Iterable[NodeProto]) -> None:
    """Has a graph consist of `nodes`, which may be its own."""
    # Copies first: a node that leaves its graph is gone.
    copies = []
    for node in nodes:
        copy = NodeProto()
        copy.CopyFrom(node)
        copies.append(copy)
    del graph.node[:]
    graph.node.extend(copies)
