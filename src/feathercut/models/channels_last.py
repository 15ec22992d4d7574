"""Bytes with their channels last, from the first layer to the last.

ONNX Runtime multiplies bytes with the channels last, and turns them wherever a neighbour stands in its way, which
float convolutions with a layout of their own do above all: in U²-Net-p that was a seventh of the whole run. Here
every layer that can be done with the channels last is; only what is left is turned. The numbers are the very same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.models.graph_writer import GraphWriter

_LAST, _FIRST = [0, 2, 3, 1], [0, 3, 1, 2]
_OF_BYTES = ("QLinearAdd", "QLinearConv", "QLinearConcat", "QuantizeLinear")
"""What leaves bytes, among the runtime's own operators."""
_NOT_TAKEN = "storage_order"
"""What the quick pooling of bytes does not know, as it gives no indices."""


def keep_channels_last(model: ModelProto) -> None:
    """Rewrites a graph that the runtime optimised, in place; one with nothing to turn stays as it is."""
    turning = _Turning(model)
    nodes = turning.nodes()
    if turning.has_turned:
        del model.graph.node[:]
        model.graph.node.extend(nodes)
        model.graph.initializer.extend(turning.tensors)


class _Turning:
    """The nodes of a graph, made anew one after the other.

    `_last` says by which name a tensor is there with its channels last; those in `_gone` are there in no other way,
    until something needs them.
    """

    def __init__(self, model: ModelProto) -> None:
        graph = model.graph
        self._old = [NodeProto.FromString(node.SerializeToString()) for node in graph.node]
        self._constants: dict[str, TensorProto] = {tensor.name: tensor for tensor in graph.initializer}
        self._outputs = [value.name for value in graph.output]
        self._makers = {name: node for node in self._old for name in node.output}
        self._readers: dict[str, list[NodeProto]] = {}
        for node in self._old:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)
        self._last: dict[str, str] = {}
        self._gone: set[str] = set()
        self._same: dict[str, str] = {}
        self._new = GraphWriter()
        self.has_turned = False
        self._ways: dict[str, Callable[[NodeProto], bool]] = {
            "Concat": lambda node: self._join(node, range(len(node.input))),
            "DequantizeLinear": lambda node: self._each(node, [0]),
            "MaxPool": self._pool,
            "Mul": self._scale,
            "QLinearAdd": lambda node: self._each(node, [0, 3]),
            "QLinearConcat": lambda node: self._join(node, range(2, len(node.input), 3)),
            "QuantizeLinear": lambda node: self._each(node, [0]),
            "ReduceSum": self._sum,
            "ReorderInput": self._block,
            "ReorderOutput": self._unblock,
            "Resize": self._resize,
            "Transpose": self._turn,
        }

    @property
    def tensors(self) -> list[TensorProto]:
        """The constants that the new nodes read beside the old ones."""
        return self._new.tensors

    def nodes(self) -> list[NodeProto]:
        """All of them, in order."""
        for node in self._old:
            node.input[:] = [self._same.get(name, name) for name in node.input]
            done = self._ways.get(node.op_type)
            if done is None or not done(node):
                self._need(node.input)
                self._new.nodes.append(node)
        self._need(self._outputs)
        return self._new.nodes

    def _need(self, names: Sequence[str]) -> None:
        """Has tensors be there with the channels first."""
        for name in self._gone.intersection(names):
            turn = helper.make_node("Transpose", [self._last[name]], [name], f"{name} turned", perm=_FIRST)
            self._new.nodes.append(turn)
            self._gone.discard(name)

    def _array(self, name: str) -> NDArray[Any]:
        return np.asarray(numpy_helper.to_array(self._constants[name]))

    def _emit(self, node: NodeProto, given: Sequence[int] = ()) -> bool:
        """The node with the channels of its output, and of the inputs at these places, last."""
        for place in given:
            node.input[place] = self._last[node.input[place]]
        name = node.output[0]
        node.output[0] = node.name = self._last[name] = f"{name} channels last"
        self._gone.add(name)
        self._new.nodes.append(node)
        self.has_turned = True
        return True

    def _are_last(self, node: NodeProto, places: Sequence[int]) -> bool:
        return all(node.input[place] in self._last for place in places)

    def _each(self, node: NodeProto, given: Sequence[int]) -> bool:
        """What takes numbers one by one, by the same rule everywhere."""
        rules = [name for name in node.input if name in self._constants]
        return (
            self._are_last(node, given)
            and all(self._array(name).size == 1 for name in rules)
            and self._emit(node, given)
        )

    def _join(self, node: NodeProto, given: Sequence[int]) -> bool:
        if _said(node, "axis") != 1 or not self._are_last(node, given):
            return False
        _say(node, "axis", 3)
        return self._emit(node, given)

    def _resize(self, node: NodeProto) -> bool:
        if not self._are_last(node, [0]) or any(name and name not in self._constants for name in node.input[1:]):
            return False
        if _said(node, "axes") is not None:
            return False
        for place, name in enumerate(node.input):
            if place > 1 and name and self._constants[name].dims[0]:
                node.input[place] = self._new.constant(self._array(name)[_LAST], f"{name} channels last")
        return self._emit(node, [0])

    def _pool(self, node: NodeProto) -> bool:
        given, maker = node.input[0], self._makers.get(node.input[0])
        if len(node.output) != 1 or maker is None or maker.op_type not in _OF_BYTES:
            return False
        if given not in self._last and self._is_turned(node.output[0]):
            self._last[given] = self._new.add("Transpose", [given], f"{given} turned before", perm=_LAST)
        if given not in self._last:
            return False
        node.op_type, node.domain = "NhwcMaxPool", "com.microsoft"
        _say(node, _NOT_TAKEN, None)
        return self._emit(node, [0])

    def _is_turned(self, name: str) -> bool:
        """Whether all that reads a tensor turns it."""
        after = self._readers.get(name, [])
        is_read_as_it_is = name in self._outputs or not after
        return not is_read_as_it_is and all(one.op_type == "Transpose" and _said(one, "perm") == _LAST for one in after)

    def _scale(self, node: NodeProto) -> bool:
        constant = self._constants.get(node.input[1])
        if not self._are_last(node, [0]) or constant is None or len(constant.dims) != 4:
            return False
        node.input[1] = self._new.constant(
            self._array(constant.name).transpose(_LAST), f"{constant.name} channels last"
        )
        return self._emit(node, [0])

    def _sum(self, node: NodeProto) -> bool:
        """A sum over the channels leaves one: it is a plane, which lies the same either way."""
        name, axes = node.output[0], self._constants.get(node.input[1]) if len(node.input) > 1 else None
        is_over_channels = axes is not None and self._array(axes.name).tolist() == [1] and _said(node, "keepdims") != 0
        if not is_over_channels or not self._are_last(node, [0]):
            return False
        node.input[0], node.input[1] = self._last[node.input[0]], self._new.constant(np.array([3]), "last axis")
        _say(node, "keepdims", 0)
        node.output[0] = node.name = f"{name} plane"
        self._new.nodes.append(node)
        self._new.add("Unsqueeze", [f"{name} plane", self._new.constant(np.array([1]), "first axis")], name)
        self.has_turned = True
        return True

    def _unblock(self, node: NodeProto) -> bool:
        """What a float convolution leaves in blocks of channels is laid out once, as its readers want it."""
        readers = self._readers.get(node.output[0], [])
        if not readers or _said(node, "channels_last") or any(reader.op_type not in self._ways for reader in readers):
            return False
        _say(node, "channels_last", 1)
        return self._emit(node)

    def _block(self, node: NodeProto) -> bool:
        if not self._are_last(node, [0]) or _said(node, "channels_last"):
            return False
        _say(node, "channels_last", 1)
        node.input[0] = self._last[node.input[0]]
        self._new.nodes.append(node)
        return True

    def _turn(self, node: NodeProto) -> bool:
        given, made, order = node.input[0], node.output[0], _said(node, "perm")
        if order == _LAST and given in self._last:
            self._same[made] = self._last[given]
            if made in self._outputs:
                self._new.add("Identity", [self._last[given]], made)
            return True
        if order == _LAST:
            self._last[given] = made
        elif order == _FIRST and made not in self._outputs:
            self._last[made] = given
            self._gone.add(made)
            return True
        return False


def _said(node: NodeProto, name: str) -> Any:
    return next((helper.get_attribute_value(one) for one in node.attribute if one.name == name), None)


def _say(node: NodeProto, name: str, value: int | None) -> None:
    """Sets an attribute, or takes it away."""
    kept = [one for one in node.attribute if one.name != name]
    del node.attribute[:]
    node.attribute.extend(kept if value is None else [*kept, helper.make_attribute(name, value)])
