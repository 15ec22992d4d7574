"""The nodes and constants of a graph that is being written, each constant once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from onnx import AttributeProto, NodeProto, TensorProto, helper, numpy_helper


class GraphWriter:
    """`nodes` in the order they were added and `tensors`, the constants that they read."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.tensors: list[TensorProto] = []
        self._names: set[str] = set()

    def constant(self, values: np.generic | np.ndarray[Any, Any], name: str) -> str:
        """The name of a constant; a name that is known stands for what it stood for."""
        if name not in self._names:
            self._names.add(name)
            self.tensors.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def keep(self, tensor: TensorProto) -> str:
        """The name of a constant of another graph, brought over."""
        if tensor.name not in self._names:
            self._names.add(tensor.name)
            self.tensors.append(tensor)
        return str(tensor.name)

    def add(
        self,
        kind: str,
        inputs: Sequence[str],
        output: str,
        attributes: Iterable[AttributeProto] = (),
        **more: int | list[int],
    ) -> str:
        """The output of a new node, named after it."""
        node = helper.make_node(kind, list(inputs), [output], name=output, **more)
        node.attribute.extend(attributes)
        self.nodes.append(node)
        return output
