"""A network at one size with all that is constant counted out: what its int8 form is made from."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import GraphProto, ModelProto, NodeProto

from feathercut.errors import NetworkError, WeightsError
from feathercut.models import rewrite
from feathercut.models.at_one_size import write_at_one_size
from feathercut.models.spec import Record
from feathercut.pictures import Size


def folded(weights: Path, record: Record, size_hw: Size, folder: Path, *, more_outputs: tuple[str, ...] = ()) -> Path:
    """A float32 graph in `folder`: the matte alone, its shapes counted out, joined convolutions left whole.

    `more_outputs` are kept beside the matte, behind it.
    Raises WeightsError where the weights are no ONNX graph, NetworkError where the runtime cannot load them.
    """
    try:
        model = onnx.load(str(weights))
    except Exception as error:  # protobuf raises classes of its own, which differ between its versions
        raise WeightsError(f"{weights}: cannot be read as an ONNX network: {error}") from error
    outputs = (record.output.name or str(model.graph.output[0].name), *more_outputs)
    resizable = bool(record.input.sizes)
    # Two convolutions of eight bits each that are added afterwards would be rounded twice.
    rewrite.rewrite(model, outputs, record.input.size, is_resizable=resizable, splits=False)
    plain, target = folder / "plain.onnx", folder / "folded.onnx"
    onnx.save(model, str(plain))
    try:
        write_at_one_size(plain, size_hw, target)
    except Exception as error:  # onnxruntime raises classes of its own, without a common parent
        raise NetworkError(f"{weights} is no network that ONNX Runtime can load: {error}") from error
    plain.unlink()
    return target


def read_folded(path: Path) -> ModelProto:
    """The graph of such a file, its nodes in `ordered`'s order."""
    model = onnx.load(str(path))
    nodes = ordered(model.graph)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def ordered(graph: GraphProto) -> list[NodeProto]:
    """Copies of the nodes, makers before users, in the one order that the network's structure alone decides.

    Names and the order of the file play no part: two exports of one network agree on it.
    """
    makers = {name: node for node in graph.node for name in node.output}
    done: set[str] = set()
    nodes: list[NodeProto] = []
    waiting = [(output.name, False) for output in reversed(graph.output)]
    while waiting:
        name, is_ready = waiting.pop()
        if name in done or name not in makers:
            continue
        node = makers[name]
        if is_ready:
            copy = NodeProto()
            copy.CopyFrom(node)
            nodes.append(copy)
            done.update(node.output)
        else:
            waiting.append((name, True))
            waiting += [(source, False) for source in reversed(node.input)]
    return nodes
