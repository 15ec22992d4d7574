"""Published weights in our networks, every layer of the file checked against the layer that takes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, NodeProto, helper, numpy_helper

from feathercut.errors import WeightsError
from feathercut.train.networks.answers import Network
from feathercut.train.networks.export import names
from feathercut.train.networks.graph import graph_of
from feathercut.train.networks.norms import blocks, make_idle

_ANY_SIDE = 64
"""The layers are the same at every size; this one is quick to write."""
_WEIGHTS = ("weight", "bias")


@dataclass(frozen=True)
class Layer:
    """One convolution of a graph, and what is to be alike where two graphs are of one network."""

    weight: str
    bias: str
    shape: tuple[int, ...]
    settings: tuple[tuple[str, tuple[int, ...]], ...]
    """Strides, dilations, padding and groups."""
    fed_by: frozenset[int]
    """The numbers of the convolutions that its input comes from, over any other nodes; -1 is the photo."""


def load_published(network: Network, path: Path) -> None:
    """Gives the network the weights of an ONNX file that was published for it, float16 or float32.

    The n-th convolution of the file goes into the n-th of the network, once both have been compared: number, shape,
    stride, dilation, padding, and which convolutions feed it, so that two layers of one shape cannot change places
    unseen. Every weight of the file is used exactly once. Published files have their norms folded into the
    convolutions; the norms here stay idle (`norms.measure` wakes them for training).
    Raises WeightsError where the file is not of this network; the network is then left as it was.
    """
    try:
        file = onnx.load(str(path)).graph
    except Exception as error:  # protobuf raises classes of its own, which differ between its versions
        raise WeightsError(f"{path}: cannot be read as an ONNX network: {error}") from error
    own = layers(graph_of(network, (_ANY_SIDE, _ANY_SIDE), names(network)).graph)
    theirs = layers(file)
    title = type(network).__name__
    if len(own) != len(theirs):
        raise WeightsError(f"{path}: has {len(theirs)} convolutions, where {title} has {len(own)}: another network")
    for number, (ours, other) in enumerate(zip(own, theirs, strict=True), 1):
        if difference := _difference(ours, other):
            layer = ours.weight.removesuffix(".weight")
            raise WeightsError(
                f"{path}: its convolution {number} of {len(theirs)} is not {title}'s `{layer}`: {difference}"
            )
    _check_all_are_used_once(file, theirs, path)
    values = {tensor.name: tensor for tensor in file.initializer}
    with torch.no_grad():
        for ours, other in zip(own, theirs, strict=True):
            conv = network.get_submodule(ours.weight.removesuffix(".weight"))
            for name, source in zip(_WEIGHTS, (other.weight, other.bias), strict=True):
                array = np.array(numpy_helper.to_array(values[source]), np.float32)
                getattr(conv, name).copy_(torch.from_numpy(array))
    for block in blocks(network):
        make_idle(block)


def layers(graph: GraphProto) -> list[Layer]:
    """The convolutions of a graph, in the order in which they are computed."""
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    fed: dict[str, frozenset[int]] = {value.name: frozenset({-1}) for value in graph.input}
    makers = {output: node for node in graph.node for output in node.output}
    found: list[Layer] = []
    for node in graph.node:
        if node.op_type == "Conv":
            weight, bias = node.input[1:3]
            found.append(Layer(weight, bias, shapes[weight], _settings(node), _sources(node.input[0], makers, fed)))
            fed[node.output[0]] = frozenset({len(found) - 1})
    return found


def _sources(name: str, makers: dict[str, NodeProto], fed: dict[str, frozenset[int]]) -> frozenset[int]:
    """The convolutions that a tensor comes from. Converters append nodes at the end: no order is relied upon."""
    if name not in fed:
        node = makers[name]
        # The second and later inputs of a Resize are sizes, which come from shapes of other tensors.
        inputs = node.input[:1] if node.op_type == "Resize" else node.input
        fed[name] = frozenset[int]().union(*(_sources(one, makers, fed) for one in inputs))
    return fed[name]


def _settings(node: NodeProto) -> tuple[tuple[str, tuple[int, ...]], ...]:
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    plain = {"strides": (1, 1), "dilations": (1, 1), "pads": (0, 0, 0, 0), "group": 1}
    return tuple((name, tuple(np.atleast_1d(given.get(name, value)).tolist())) for name, value in plain.items())


def _difference(ours: Layer, other: Layer) -> str:
    """What differs between two layers, as words; nothing where they are alike."""
    if ours.shape != other.shape:
        return f"weights {_sides(other.shape)} instead of {_sides(ours.shape)}"
    for (name, own), (_, given) in zip(ours.settings, other.settings, strict=True):
        if own != given:
            return f"{name} {given} instead of {own}"
    if ours.fed_by != other.fed_by:
        return "it takes what other layers give"
    return ""


def _sides(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _check_all_are_used_once(graph: GraphProto, found: list[Layer], path: Path) -> None:
    used = Counter(name for layer in found for name in (layer.weight, layer.bias))
    weights = {tensor.name for tensor in graph.initializer if tensor.data_type in _FLOATS and np.prod(tensor.dims) > 0}
    if wrong := [name for name in {*weights, *used} if used[name] != 1 or name not in weights]:
        raise WeightsError(f"{path}: `{min(wrong)}` is not the weight or bias of exactly one convolution")


_FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)
