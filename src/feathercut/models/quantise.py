"""The int8 form of a network: where its numbers are bytes, and by how much each byte counts.

All of these networks' tensors but few are what a ReLU left: nothing negative. So every channel gets a step
of its own, its numbers are 0 to 255 of it, and the steps vanish into the convolutions around it: the one
that makes a channel has its weights divided by the step, the ones that read it have theirs multiplied.
That is exact (Nagel et al., "Data-free quantization through weight equalization and bias correction", 2019,
and Xiao et al., "SmoothQuant", 2023, balance two layers so), and it passes through ReLU, pooling, joining,
enlarging, and adding where both have the same steps. What is left has one scale everywhere, 1: joining is
copying, and no channel that is a thousand times its neighbour takes all of the 256 levels.

The graph is written with QuantizeLinear and DequantizeLinear where ONNX Runtime fuses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from feathercut.errors import NetworkError
from feathercut.models.graph_writer import GraphWriter
from feathercut.models.quantisation import Layer, Quantisation

Doubles = NDArray[np.float64]

WINDOWS = 8
"""Bytes that one number is spread over where the answer itself is made of it."""
_AT_ONCE = 16
"""Output channels that the runtime's kernel for bytes makes at once; for fewer it copies every neighbourhood first."""
_TOGETHER = 4
"""Input channels that it takes at a time; of another number it copies, too."""
_LEVELS = 255
_SIGNED_ZERO = 128
_THROUGH = ("MaxPool", "Resize", "Concat", "Add")
_LEAST_FIT, _MOST_FIT = 0.99, 1.01


def quantise(model: ModelProto, data: Quantisation, low: float, high: float) -> ModelProto:
    """The int8 form of a folded network whose input lies in [low, high].

    Raises NetworkError where `data` were not measured on this network.
    """
    return _Builder(model, data, low, high).build()


@dataclass(frozen=True)
class _Coded:
    """A tensor that is kept in bytes: its name where it is read, its zero, and what a byte of each channel counts.

    `unit` is what a byte counts where it is read, before the steps of the channels.
    """

    view: str
    zero: int
    steps: Doubles
    unit: float = 1.0


class _Builder:
    def __init__(self, model: ModelProto, data: Quantisation, low: float, high: float) -> None:
        self._graph: GraphProto = model.graph
        self._layers = list(data.layers)
        self._id = data.id
        self._range, self._reads_bytes = (low, high), data.input == "bytes"
        self._weights = {tensor.name: tensor for tensor in model.graph.initializer}
        self._readers: dict[str, list[NodeProto]] = {}
        for node in model.graph.node:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)
        self._coded: dict[str, _Coded] = {}
        self._real: dict[str, str] = {}
        self._new = GraphWriter()

    def build(self) -> ModelProto:
        graph = self._graph
        convolutions = [node for node in graph.node if node.op_type == "Conv"]
        if len(convolutions) != len(self._layers):
            self._refuse(f"it has {len(convolutions)} convolutions, not {len(self._layers)}")
        layers = iter(self._layers)
        if self._reads_bytes:
            self._code_input(graph.input[0])
        for node in graph.node:
            if node.op_type == "Conv":
                self._convolve(node, next(layers))
            elif node.op_type == "Relu" and node.input[0] in self._coded:
                self._coded[node.output[0]] = self._coded[node.input[0]]
            elif node.op_type in _THROUGH and all(name in self._coded for name in self._data(node)):
                self._pass_through(node)
            else:
                self._add(node.op_type, [self._read(name) for name in node.input], node.output[0], node)
        made = helper.make_graph(self._new.nodes, "int8", graph.input, graph.output, self._new.tensors)
        return helper.make_model(made, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)

    def _refuse(self, why: str) -> None:
        raise NetworkError(
            f"The int8 form of `{self._id}` was measured on other weights: {why}. Use `precision` `fp32`"
        )

    def _add(self, kind: str, inputs: Sequence[str], output: str, like: NodeProto | None = None) -> str:
        return self._new.add(kind, inputs, output, like.attribute if like is not None else ())

    def _data(self, node: NodeProto) -> list[str]:
        """A node's inputs that are no constants."""
        return [name for name in node.input if name and name not in self._weights]

    def _array(self, name: str) -> Doubles:
        return np.asarray(numpy_helper.to_array(self._weights[name]), np.float64)

    def _read(self, name: str) -> str:
        """A tensor in its own numbers, whatever it is kept in."""
        if name in self._weights:
            return self._new.keep(self._weights[name])
        if name not in self._coded:
            return name
        if name not in self._real:
            coded = self._coded[name]
            steps = self._new.constant(coded.steps.reshape(1, -1, 1, 1).astype(np.float32), f"{name}_steps")
            self._real[name] = self._add("Mul", [coded.view, steps], f"{name}_real")
        return self._real[name]

    def _code(self, made: str, name: str, zero: int, steps: Doubles, unit: float = 1.0, more: int = 0) -> None:
        """Keeps `made`, counted in steps, in bytes, as the tensor `name`, with `more` empty channels behind its own."""
        scale = self._new.constant(np.float32(unit), f"unit_{unit!r}")
        start = self._new.constant(np.uint8(zero), f"zero_{zero}")
        levels = self._add("QuantizeLinear", [made, scale, start], f"{name}_levels")
        if more:
            pads = self._new.constant(np.array([0, 0, 0, 0, 0, more, 0, 0], np.int64), f"{name}_pads")
            levels, steps = self._add("Pad", [levels, pads, start], f"{name}_padded"), np.append(steps, np.ones(more))
        view = self._add("DequantizeLinear", [levels, scale, start], f"{name}_view")
        self._coded[name] = _Coded(view, zero, steps, unit)

    def _code_input(self, given: onnx.ValueInfoProto) -> None:
        low, high = self._range
        unit = float(np.float32((high - low) / _LEVELS))
        channels = given.type.tensor_type.shape.dim[1].dim_value
        is_convolved = {reader.op_type for reader in self._readers[given.name]} == {"Conv"}
        more = -channels % _TOGETHER if is_convolved else 0  # nothing else would know what to do with them
        self._code(given.name, given.name, round(-low / unit), np.ones(channels), unit, more)

    def _pass_through(self, node: NodeProto) -> None:
        """A node whose output has the steps of its inputs."""
        inputs = [self._coded[name] for name in self._data(node)]
        steps = np.concatenate([one.steps for one in inputs]) if node.op_type == "Concat" else inputs[0].steps
        if any(one.zero or one.unit != 1 for one in inputs) or (
            node.op_type == "Add" and not all(np.array_equal(one.steps, steps) for one in inputs)
        ):
            self._refuse(f"the steps before `{node.output[0]}` differ")
        read = [self._coded[name].view if name in self._coded else name and self._read(name) for name in node.input]
        made = self._add(node.op_type, read, f"{node.output[0]}_made", node)
        self._code(made, node.output[0], 0, steps)

    def _convolve(self, node: NodeProto, layer: Layer) -> None:
        weights = self._array(node.input[1])
        bias = self._array(node.input[2]) if len(node.input) > 2 else np.zeros(len(weights))
        norm = float(np.sqrt(np.mean(weights**2)))
        if weights.shape != layer.shape or not _LEAST_FIT * layer.norm <= norm <= _MOST_FIT * layer.norm:
            self._refuse(f"`{node.input[1]}` is not as it was")
        if (layer.form == "unsigned") != (self._kinds_after(node) == {"Relu"}) and layer.form != "float":
            self._refuse(f"what follows `{node.output[0]}` is not as it was")
        name, source = node.output[0], self._coded.get(node.input[0])
        steps = np.asarray(layer.steps, np.float64)
        if layer.form in ("unsigned", "signed"):
            weights, bias = weights / steps[:, None, None, None], bias / steps
        if source is not None:
            empty = np.zeros((len(weights), len(source.steps) - weights.shape[1], *weights.shape[2:]))
            weights = np.concatenate([weights, empty], axis=1) * source.steps[None, :, None, None]
        if layer.form == "float" or source is None:
            made = self._in_float(node, source, weights, bias, name if layer.form == "float" else f"{name}_made")
        elif layer.form == "windows":
            self._in_windows(node, source, weights, bias, layer)
            return
        else:
            made = self._in_bytes(node, source, weights, bias, f"{name}_made", layer)
        if layer.form != "float":
            self._code(made, name, _SIGNED_ZERO if layer.form == "signed" else 0, steps)

    def _kinds_after(self, node: NodeProto) -> set[str]:
        return {reader.op_type for reader in self._readers.get(node.output[0], [])}

    def _in_float(self, node: NodeProto, source: _Coded | None, weights: Doubles, bias: Doubles, output: str) -> str:
        """The convolution in float32, of bytes or of numbers."""
        read = source.view if source is not None else node.input[0]
        kernel = self._new.constant(weights.astype(np.float32), f"{output}_weights")
        start = self._new.constant(bias.astype(np.float32), f"{output}_bias")
        return self._add("Conv", [read, kernel, start], output, node)

    def _in_bytes(
        self, node: NodeProto, source: _Coded, weights: Doubles, bias: Doubles, output: str, layer: Layer
    ) -> str:
        """The convolution of bytes with weights of eight bits, each output channel with a scale of its own.

        What rounding the weights moves a channel by on average is taken off its bias (Nagel et al., as above).
        """
        largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
        # A channel of nothing but its bias must still hold it, in 31 bits.
        scales = np.maximum(np.maximum(largest / 127, np.abs(bias) / 2.0**30), 1e-12).astype(np.float32)
        whole = np.clip(np.rint(weights / scales[:, None, None, None]), -127, 127).astype(np.int8)
        moved = (whole * scales[:, None, None, None] - weights).sum(axis=(2, 3))[:, : len(layer.means)]
        bias = bias - moved @ (np.asarray(layer.means, np.float64) / source.steps[: len(layer.means)])
        scale = self._new.constant(scales, f"{output}_scales")
        zeros = self._new.constant(np.zeros(len(scales), np.int8), f"{output}_zeros")
        kept = self._new.constant(whole, f"{output}_weights")
        kernel = self._new.add("DequantizeLinear", [kept, scale, zeros], f"{output}_kernel", axis=0)
        # The runtime takes a bias in units of what a byte counts times what a weight counts.
        units = scales * np.float32(source.unit)
        counted = np.clip(np.rint(bias / units), -(2**31) + 1, 2**31 - 1).astype(np.int32)
        unit = self._new.constant(units, f"{output}_units")
        zeros = self._new.constant(np.zeros(len(scales), np.int32), f"{output}_bias_zeros")
        kept = self._new.constant(counted, f"{output}_counted")
        start = self._new.add("DequantizeLinear", [kept, unit, zeros], f"{output}_bias", axis=0)
        return self._add("Conv", [source.view, kernel, start], output, node)

    def _in_windows(self, node: NodeProto, source: _Coded, weights: Doubles, bias: Doubles, layer: Layer) -> None:
        """One number over several bytes, each of which sees a part of its range; together they have them all.

        What a window does not see fills it or leaves it empty, so that their sum is the number.
        """
        name = node.output[0]
        step = (layer.high - layer.low) / (_LEVELS * WINDOWS)
        starts = layer.low + np.arange(WINDOWS) * _LEVELS * step
        shifted = np.concatenate([(bias - start) / step for start in starts])
        spread = np.concatenate([weights / step] * WINDOWS)
        # Empty channels behind them: their bytes are 0, and so is what they add to the sum.
        empty = np.zeros((max(0, _AT_ONCE - WINDOWS), *weights.shape[1:]))
        spread, shifted = np.concatenate([spread, empty]), np.concatenate([shifted, np.zeros(len(empty))])
        made = self._in_bytes(node, source, spread, shifted, f"{name}_windows", layer)
        self._code(made, f"{name}_windows", 0, np.ones(len(spread)))
        axes = self._new.constant(np.array([1], np.int64), "axis_of_channels")
        together = self._new.add("ReduceSum", [self._coded[f"{name}_windows"].view, axes], f"{name}_sum", keepdims=1)
        factor = self._new.constant(np.float32(step), f"{name}_step")
        least = self._new.constant(np.float32(layer.low), f"{name}_low")
        self._add("Add", [self._add("Mul", [together, factor], f"{name}_scaled"), least], name)
