"""A network's ONNX graph, written node by node from what PyTorch's `fx` traces of it.

Eight operators are all that these networks need. Written here, a layer keeps its name (`stages.down.0.enter.conv`),
and no exporter of PyTorch's has to be followed through its versions, nor its further packages installed.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp
from torch.nn import functional

from feathercut.models.graph_writer import GraphWriter
from feathercut.pictures import Size
from feathercut.train.networks.answers import Answers, Network
from feathercut.train.networks.norms import folded

OPSET, IR_VERSION = 17, 8
"""Old enough for every runtime that runs these files, the browser's included."""


@dataclass(frozen=True)
class Names:
    """What the file calls its input and outputs, in the order of Answers."""

    photos: str
    logits: tuple[str, ...]
    features: tuple[str, ...] = ()


def graph_of(network: Network, size: Size, names: Names, *, has_sigmoid: bool = True) -> onnx.ModelProto:
    """The network for one photo of that (height, width), norms folded; `has_sigmoid` makes mattes of its logits."""
    plain = folded(network).cpu().float()
    flow = fx.symbolic_trace(plain)
    shapes = _shapes(flow, size)
    writer = _Writer(plain, shapes, names.photos)
    said = _answers(flow)
    for name, node in zip(names.features, said.features, strict=True):
        writer.names[node] = name
    for node in flow.graph.nodes:
        writer.write(node)
    for name, node in zip(names.logits, said.logits, strict=True):
        writer.graph.add("Sigmoid" if has_sigmoid else "Identity", [writer.names[node]], name)
    outputs = zip((*names.logits, *names.features), (*said.logits, *said.features), strict=True)
    graph = helper.make_graph(
        writer.graph.nodes,
        type(network).__name__,
        [helper.make_tensor_value_info(names.photos, TensorProto.FLOAT, [1, 3, *size])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shapes[node.name])) for name, node in outputs],
        writer.graph.tensors,
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="feathercut")


@dataclass(frozen=True)
class _Said:
    """The nodes of a traced network that stand for its answers."""

    logits: tuple[fx.Node, ...]
    features: tuple[fx.Node, ...]


def _answers(flow: fx.GraphModule) -> _Said:
    [made] = [node for node in flow.graph.nodes if node.target is Answers]
    given = dict(zip(("logits", "features"), made.args, strict=False)) | dict(made.kwargs)
    return _Said(tuple(given["logits"]), tuple(given.get("features", ())))


def _shapes(flow: fx.GraphModule, size: Size) -> dict[str, tuple[int, ...]]:
    """The shape of what each node makes of one photo; nothing is computed for it."""
    hollow = copy.deepcopy(flow).to("meta")
    ShapeProp(hollow).propagate(torch.empty(1, 3, *size, device="meta"))
    known = {node.name: node.meta.get("tensor_meta") for node in hollow.graph.nodes}
    return {name: tuple(about.shape) for name, about in known.items() if hasattr(about, "shape")}


class _Writer:
    """Writes the nodes of a traced network, each by the method for its kind. Sizes are written as numbers."""

    def __init__(self, network: nn.Module, shapes: dict[str, tuple[int, ...]], photos: str) -> None:
        self.graph = GraphWriter()
        self.names: dict[fx.Node, str] = {}
        self._modules = dict(network.named_modules())
        self._shapes = shapes
        self._photos = photos

    def write(self, node: fx.Node) -> None:
        """Writes one node; those that only speak of shapes or gather the answers have nothing to write."""
        if node.op == "placeholder":
            self.names[node] = self._photos
            return
        if node.op not in ("call_module", "call_function") or node.target in _SILENT:
            return
        doer = self._modules[str(node.target)] if node.op == "call_module" else node.target
        write = next((method for kind, method in _METHODS if doer is kind or _is_a(doer, kind)), None)
        if write is None:
            raise TypeError(f"{node.name}: nothing here writes {doer} as ONNX; give it a method in `_METHODS`")
        self.names[node] = write(self, node, doer)

    def _add(self, kind: str, node: fx.Node, inputs: list[Any], **attributes: Any) -> str:
        named = [self.names[one] if isinstance(one, fx.Node) else one for one in inputs]
        more = [helper.make_attribute(key, value) for key, value in attributes.items()]
        return self.graph.add(kind, named, self.names.get(node, node.name), more)

    def _constant(self, tensor: torch.Tensor, name: str) -> str:
        return self.graph.constant(tensor.detach().numpy(), name)

    def convolution(self, node: fx.Node, conv: nn.Conv2d) -> str:
        """Conv, its weights called after the layer."""
        up, left = conv.padding if isinstance(conv.padding, tuple) else (0, 0)  # "valid", never "same"
        bias = conv.bias if conv.bias is not None else torch.zeros(conv.out_channels)
        weights = [self._constant(conv.weight, f"{node.target}.weight"), self._constant(bias, f"{node.target}.bias")]
        return self._add(
            "Conv",
            node,
            [node.args[0], *weights],
            kernel_shape=list(conv.kernel_size),
            strides=list(conv.stride),
            dilations=list(conv.dilation),
            pads=[up, left, up, left],
            group=conv.groups,
        )

    def halving(self, node: fx.Node, pool: nn.MaxPool2d) -> str:
        """MaxPool of 2×2 pixels, of what there is where a side is odd."""
        return self._add(
            "MaxPool", node, [node.args[0]], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=int(pool.ceil_mode)
        )

    def relu(self, node: fx.Node, doer: object) -> str:
        """Relu."""
        return self._add("Relu", node, [node.args[0]])

    def nothing(self, node: fx.Node, doer: object) -> str:
        """No node: what comes in goes on."""
        return self.names[node.args[0]]  # type: ignore[index]  # a module's argument is a node

    def join(self, node: fx.Node, doer: object) -> str:
        """Concat of channels."""
        return self._add("Concat", node, list(node.args[0]), axis=1)  # type: ignore[arg-type]  # the nodes joined

    def sum(self, node: fx.Node, doer: object) -> str:
        """Add."""
        return self._add("Add", node, list(node.args))

    def resize(self, node: fx.Node, doer: object) -> str:
        """Resize, bilinear, as PyTorch places pixels."""
        size = torch.tensor(self._shapes[node.name], dtype=torch.int64)
        name = self._constant(size, "×".join(map(str, size.tolist())))
        mode = {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}
        return self._add("Resize", node, [node.args[0], "", "", name], **mode)


_SILENT = (getattr, operator.getitem, Answers)
_METHODS: tuple[tuple[Any, Callable[[_Writer, fx.Node, Any], str]], ...] = (
    (nn.Conv2d, _Writer.convolution),
    (nn.MaxPool2d, _Writer.halving),
    (nn.ReLU, _Writer.relu),
    (nn.Identity, _Writer.nothing),
    (torch.cat, _Writer.join),
    (operator.add, _Writer.sum),
    (functional.interpolate, _Writer.resize),
)


def _is_a(doer: object, kind: object) -> bool:
    return isinstance(kind, type) and isinstance(doer, kind)
