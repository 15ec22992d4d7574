"""Convolutions of bytes, cut into bands of rows.

Where ONNX Runtime has no kernel that reads neighbourhoods where they lie, as in WebAssembly, it copies them all before
it multiplies: 302 MB for the widest layer of IS-Net. Band by band it needs a fraction of that, for the very same
numbers: the network holds half as much and is no slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, helper

from feathercut.models.graph_writer import GraphWriter
from feathercut.models.shapes import shapes_of

_MOST_BYTES = 16_000_000
"""Copied at once; half and three times of it took the same time."""


@dataclass(frozen=True)
class _Layer:
    """A layer that reads `given`, (height, width, channels), from the top: along its rows, and all in all."""

    given: tuple[int, int, int]
    kernel: tuple[int, int]
    stride: int
    dilation: int
    pads: tuple[int, int, int, int]
    made: tuple[int, int]

    @classmethod
    def of(cls, node: NodeProto, shape: tuple[int, ...]) -> _Layer:
        said = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        kernel, strides, dilations = said["kernel_shape"], said.get("strides", [1, 1]), said.get("dilations", [1, 1])
        pads = said.get("pads", [0, 0, 0, 0])
        _, height, width, channels = shape
        rows, columns = (
            (size + pads[axis] + pads[axis + 2] - dilations[axis] * (kernel[axis] - 1) - 1) // strides[axis] + 1
            for axis, size in enumerate((height, width))
        )
        return cls((height, width, channels), tuple(kernel), strides[0], dilations[0], tuple(pads), (rows, columns))

    @property
    def copied(self) -> int:
        """Bytes of all neighbourhoods."""
        area = self.kernel[0] * self.kernel[1]
        return 0 if area == 1 else area * self.given[2] * self.made[0] * self.made[1]

    def bands(self) -> Iterator[tuple[int, int, int, int]]:
        """Of each band the first row that is read and one past the last, and the rows of padding above and below."""
        rows = ceil(self.made[0] / ceil(self.copied / _MOST_BYTES))
        for first in range(0, self.made[0], rows):
            last = min(self.made[0], first + rows) - 1
            top = self.stride * first - self.pads[0]
            bottom = self.stride * last - self.pads[0] + self.dilation * (self.kernel[0] - 1) + 1
            yield max(0, top), min(self.given[0], bottom), max(0, -top), max(0, bottom - self.given[0])


def cut_into_bands(model: ModelProto, work: Path) -> None:
    """Cuts the wide convolutions of a graph that ONNX Runtime joined, channels last, in place; `work` is a folder."""
    shapes = shapes_of(model, sorted({node.input[0] for node in model.graph.node if _is_ours(node)}), work)
    graph = GraphWriter()
    for node in model.graph.node:
        layer = _Layer.of(node, shapes[node.input[0]]) if _is_ours(node) else None
        if layer is None or layer.copied <= _MOST_BYTES:
            graph.nodes.append(_copied(node))
            continue
        bands = [_band(graph, node, number, *band) for number, band in enumerate(layer.bands())]
        graph.add("Concat", bands, node.output[0], axis=1)
    del model.graph.node[:]
    model.graph.node.extend(graph.nodes)
    model.graph.initializer.extend(graph.tensors)


def _band(graph: GraphWriter, node: NodeProto, number: int, top: int, bottom: int, above: int, below: int) -> str:
    """The output of one band, from the rows `top` to before `bottom` of what the layer is given."""
    name = f"{node.output[0]}_band{number}"
    spans = [graph.constant(np.array([row], np.int64), f"rows_{row}") for row in (top, bottom)]
    graph.add("Slice", [node.input[0], *spans, graph.constant(np.array([1], np.int64), "rows_axis")], f"{name}_given")
    band = _copied(node)
    band.name, band.input[0], band.output[0] = name, f"{name}_given", name
    for attribute in band.attribute:
        if attribute.name == "pads":
            attribute.ints[0], attribute.ints[2] = above, below
    graph.nodes.append(band)
    return name


def _is_ours(node: NodeProto) -> bool:
    said = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    return node.op_type == "QLinearConv" and said.get("channels_last") == 1 and said.get("group", 1) == 1


def _copied(node: NodeProto) -> NodeProto:
    return NodeProto.FromString(node.SerializeToString())
