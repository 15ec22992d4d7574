"""Bytes with their channels last, enlarged to twice their sides without becoming floats on the way.

A pixel of the enlarged plane lies a quarter of a pixel from its nearest neighbour, so it is 9, 3, 3 and 1 sixteenths of
four: a convolution of whole numbers, of each channel alone, rounded once as floats would be. One convolution for even
rows and one for odd, of each channel twice for even and odd columns, gives the very bytes that the runtime makes by
way of floats, in less time and a quarter of the memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper, numpy_helper

from feathercut.models.graph_writer import GraphWriter

Shapes = Mapping[str, tuple[int, ...]]

_WEIGHTS = {0: (1, 3), 1: (3, 1)}
"""Quarters of the pixel before and of the one behind, by the parity of a row or a column."""
_OF_A_PIXEL = 1 / 16
_LEAST = 1 << 16
"""Bytes that are enlarged; for fewer, ten small layers cost more than three."""
_HALF_PIXEL = (b"half_pixel", b"pytorch_half_pixel")
_TWICE = [1, 2, 2, 1]


@dataclass(frozen=True)
class _Chain:
    """Bytes become floats, are enlarged and become bytes of the same step again: `given` to `made`."""

    given: str
    step: str
    zero: str
    enlarge: NodeProto
    made: tuple[str, ...]


class Doubling:
    """What of a graph that the runtime optimised can be enlarged in bytes: `names`, whose shapes `rewrite` needs."""

    def __init__(self, model: ModelProto) -> None:
        self._graph = model.graph
        self._constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self._makers = {name: node for node in model.graph.node for name in node.output}
        self._readers: dict[str, list[NodeProto]] = {}
        for node in model.graph.node:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)
        self._outputs = {value.name for value in model.graph.output}
        found = (self._chain(node) for node in model.graph.node if node.op_type == "Resize")
        self._chains = [chain for chain in found if chain]
        self._new = GraphWriter()

    @property
    def names(self) -> list[str]:
        """What is enlarged, as it is before."""
        return sorted({chain.given for chain in self._chains})

    def rewrite(self, shapes: Shapes) -> None:
        """Does it, in place, where it gains; `shapes` are those of `names`, (1, height, width, channels)."""
        chains = {
            chain.enlarge.output[0]: chain
            for chain in self._chains
            if np.prod(shapes[chain.given]) >= _LEAST and self._is_twice(chain.enlarge, shapes[chain.given])
        }
        dropped = {name for chain in chains.values() for name in chain.made}
        gone = {node.output[0] for node in self._graph.node if self._is_left(node, chains)}
        for node in [NodeProto.FromString(node.SerializeToString()) for node in self._graph.node]:
            chain = chains.get(node.output[0])
            if chain is not None:
                self._double(chain, shapes[chain.given])
            elif node.output[0] not in dropped | gone:
                self._new.nodes.append(node)
        del self._graph.node[:]
        self._graph.node.extend(self._new.nodes)
        self._graph.initializer.extend(self._new.tensors)

    def _chain(self, node: NodeProto) -> _Chain | None:
        before, after = self._makers.get(node.input[0]), self._readers.get(node.output[0], [])
        if before is None or before.op_type != "DequantizeLinear" or not after or node.output[0] in self._outputs:
            return None
        if any(one.op_type != "QuantizeLinear" for one in after) or not _is_linear(node):
            return None
        rules = before.input[1:3]
        if any(self._values(one.input[1:3]) != self._values(rules) for one in after) or len(rules) < 2:
            return None
        made = tuple(one.output[0] for one in after)
        return _Chain(before.input[0], rules[0], rules[1], node, made)

    def _values(self, names: Any) -> list[tuple[str, Any]]:
        """What constants hold, with their kinds."""
        arrays = [numpy_helper.to_array(self._constants[name]) for name in names if name in self._constants]
        return [(str(array.dtype), array.tolist()) for array in arrays if array.size == 1]

    def _is_twice(self, node: NodeProto, shape: tuple[int, ...]) -> bool:
        """Whether both sides become twice as long, by factors or by lengths."""
        told = [
            (name, numpy_helper.to_array(self._constants[name])) for name in node.input[2:] if name in self._constants
        ]
        lengths = node.input[3] if len(node.input) > 3 else None
        factors: list[NDArray[Any]] = [one / shape if name == lengths else one for name, one in told if one.size]
        return [one.tolist() for one in factors] == [_TWICE]

    def _is_left(self, node: NodeProto, chains: Mapping[str, _Chain]) -> bool:
        """Whether a node made floats for what is enlarged in bytes now, and for nothing else."""
        after = self._readers.get(node.output[0], [])
        is_read = node.output[0] in self._outputs or not after
        return node.op_type == "DequantizeLinear" and not is_read and all(one.output[0] in chains for one in after)

    def _double(self, chain: _Chain, shape: tuple[int, ...]) -> None:
        _, height, width, channels = shape
        new, name = self._new, chain.made[0]
        scales = new.constant(np.full(2 * channels, _OF_A_PIXEL, np.float32), f"sixteenths_{channels}")
        zeros = new.constant(np.zeros(2 * channels, np.int8), f"no_zeros_{channels}")
        apart = new.constant(np.array([1, height, 1, 2 * width * channels]), f"apart_{height}_{width}_{channels}")
        rows = []
        for down in (0, 1):
            pairs = [self._moved(chain, down, right) for right in (0, 1)]
            both = new.add("Concat", pairs, f"{name} given {down}", axis=3)
            kernels = [np.outer(_WEIGHTS[down], _WEIGHTS[right]).astype(np.int8) for right in (0, 1)]
            spread = np.concatenate([np.broadcast_to(kernel, (channels, 1, 2, 2)) for kernel in kernels])
            weights = new.constant(spread, f"halves_{down}_{channels}")
            given = [both, chain.step, chain.zero, weights, scales, zeros, chain.step, chain.zero]
            row = f"{name} rows {down}"
            said = {"channels_last": 1, "group": 2 * channels, "kernel_shape": [2, 2], "domain": "com.microsoft"}
            new.nodes.append(helper.make_node("QLinearConv", given, [row], row, **said))
            rows.append(new.add("Reshape", [row, apart], f"{row} apart"))
        woven = new.add("Concat", rows, f"{name} woven", axis=2)
        whole = np.array([1, 2 * height, 2 * width, channels])
        new.add("Reshape", [woven, new.constant(whole, f"whole_{height}_{width}_{channels}")], name)
        for other in chain.made[1:]:
            new.add("Identity", [name], other)

    def _moved(self, chain: _Chain, down: int, right: int) -> str:
        """The bytes with their first or last row and column repeated, for the pixels that lie before or behind."""
        pads = self._new.constant(np.array([0, 1 - down, 1 - right, 0, 0, down, right, 0]), f"repeated_{down}{right}")
        name = f"{chain.made[0]} moved {down}{right}"
        self._new.nodes.append(helper.make_node("Pad", [chain.given, pads], [name], name, mode="edge"))
        return name


def _is_linear(node: NodeProto) -> bool:
    said = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    plain = not said.get("antialias") and not said.get("exclude_outside") and "axes" not in said
    return plain and said.get("mode") == b"linear" and said.get("coordinate_transformation_mode") in _HALF_PIXEL
