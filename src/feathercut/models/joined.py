"""Bytes of one step are joined by copying them.

ONNX Runtime's layer that joins bytes asks each for its step, and copies on one processor even where all have the same;
the one that joins anything copies on all processors: 3 ms of IS-Net's 220 on two.
"""

from __future__ import annotations

from typing import Any

from onnx import ModelProto, NodeProto, numpy_helper


def join_by_copying(model: ModelProto) -> None:
    """Rewrites the layers that join bytes of one step, in place."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer if not tensor.dims}

    def rule(names: list[str]) -> list[Any]:
        """A step and a zero, as they are written; the names themselves where they are not known."""
        return [constants[name].tobytes() if name in constants else name for name in names]

    for node in model.graph.node:
        if node.op_type == "QLinearConcat":
            made, *others = (rule(list(node.input[place : place + 2])) for place in (0, *range(3, len(node.input), 3)))
            if all(other == made for other in others):
                _copy_instead(node)


def _copy_instead(node: NodeProto) -> None:
    given = list(node.input[2::3])
    node.op_type, node.domain = "Concat", ""
    node.input[:] = given
