"""Which numbers a network's tensors hold when it looks at photos: what its int8 form is built from.

`scripts/quantise.py` measures published networks for `models/quantised/`; `train/finish.py` a person's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.models.folded import read_folded
from feathercut.models.quantisation import Layer, Quantisation
from feathercut.pictures import FloatArray

_LEVELS = 255
_MARGIN = 1.1
_LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Recipe:
    """What measured best on 52 other photos of the same folders, against float.

    `balance` is how far channels are brought to one height: at 0 a small one has few levels, at 1 the weights
    that read a large one have all of theirs. `spread` is how many standard deviations over the mean of the
    photos' maxima a channel reaches. `input` is how the photo is given to the network. `floats` are the numbers
    of the convolutions that stay float behind, in the order of `folded.ordered`. `farthest` is the greatest answer that
    is told from a greater one. `is_corrected` takes off what rounding the weights moves a channel by on average.
    """

    balance: float
    spread: float
    input: Literal["bytes", "float"]
    floats: tuple[int, ...] = ()
    farthest: float = 50
    is_corrected: bool = True


@dataclass(frozen=True)
class Seen:
    """The lowest and the highest number of each channel of a tensor, photo by photo: photos × channels."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Measured:
    """What the tensors hold that are made, by name, and each channel's mean in those that convolutions read."""

    seen: dict[str, Seen]
    means: dict[str, FloatArray]


RECIPES = {
    # Its answers reach 2000, of which a sigmoid makes the same as of 20.
    "isnet-general": Recipe(balance=0.5, spread=0, input="bytes", farthest=20),
    # The first weighs the six answers. The second makes a channel of about 225 that is taken off 1361 afterwards: what
    # is left is less than what a byte can say of it.
    # Corrected it lies a quarter nearer to float, but what its float convolutions round otherwise in a browser then put
    # one photo of ten 1.1 of 255 from Python's answer, where 1 is allowed.
    "u2netp": Recipe(balance=0.7, spread=1, input="float", floats=(118, 96), is_corrected=False),
}


def measured(
    folded: Path, inputs: Sequence[FloatArray], recipe: Recipe, folder: Path, *, model_id: str, photos: str
) -> Quantisation:
    """What is to be known of a folded network, from normalised photos 1×3×h×w; `photos` says which they are."""
    numbers = _measured(read_folded(folded), inputs, folder)
    layers = _layers(read_folded(folded).graph, numbers, recipe)
    return Quantisation(version=1, id=model_id, photos=photos, input=recipe.input, layers=tuple(layers))


def widened(data: Quantisation, like: Quantisation) -> Quantisation:
    """The data with every channel's range at least that of a network which is nearly the same, on other photos.

    Few photos do not show how far a channel reaches. The data stay as they are where `like` is of another structure.
    """
    pairs = list(zip(data.layers, like.layers, strict=False))
    if len(data.layers) != len(like.layers) or any((a.shape, a.form) != (b.shape, b.form) for a, b in pairs):
        return data
    layers = tuple(
        own.model_copy(
            update={
                "steps": tuple(map(max, own.steps, other.steps)),
                "low": min(own.low, other.low),
                "high": max(own.high, other.high),
            }
        )
        for own, other in pairs
    )
    return data.model_copy(update={"layers": layers, "photos": f"{data.photos}; `{like.id}`: {like.photos}"})


def _measured(model: ModelProto, inputs: Sequence[FloatArray], folder: Path) -> Measured:
    """What each tensor that a convolution or an addition leaves holds, on each photo, and convolutions read."""
    import onnxruntime

    graph = model.graph
    names = [node.output[0] for node in graph.node if node.op_type in ("Conv", "Relu", "Add")]
    before = {node.input[0] for node in graph.node if node.op_type == "Relu"}
    names = [name for name in names if name not in before]
    read = sorted({node.input[0] for node in graph.node if node.op_type == "Conv"})
    graph.node.extend(helper.make_node("GlobalAveragePool", [name], [f"{name}_mean"]) for name in read)
    asked = [*names, *(f"{name}_mean" for name in read)]
    del graph.output[:]
    graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in asked)
    onnx.save(model, str(folder / "measured.onnx"))
    session = onnxruntime.InferenceSession(str(folder / "measured.onnx"), providers=["CPUExecutionProvider"])
    found: dict[str, list[FloatArray]] = {name: [] for name in asked}
    for photo in inputs:
        answers = session.run(asked, {graph.input[0].name: photo})
        for name, answer in zip(asked, answers, strict=True):
            each = answer.reshape(answer.shape[1], -1)
            found[name].append(np.stack([each.min(axis=1), each.max(axis=1)]))
    seen = {name: Seen(*np.stack(found[name], axis=1)) for name in names}
    return Measured(seen, {name: np.mean([one[0] for one in found[f"{name}_mean"]], axis=0) for name in read})


def _layers(graph: GraphProto, numbers: Measured, recipe: Recipe) -> list[Layer]:
    """One a convolution, in order."""
    seen = numbers.seen
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    channels = _channels(graph, tensors)
    heights = _heights(graph, seen, channels, recipe)
    layers = []
    for number, node in enumerate(node for node in graph.node if node.op_type == "Conv"):
        weights = np.asarray(tensors[node.input[1]], np.float64)
        layer: dict[str, object] = {"shape": weights.shape, "norm": float(f"{np.sqrt(np.mean(weights**2)):.5g}")}
        if recipe.is_corrected:
            layer["means"] = [float(f"{mean:.2g}") for mean in numbers.means[node.input[0]]]
        after = {reader.op_type for reader in graph.node if node.output[0] in reader.input}
        if number in recipe.floats:
            layer["form"] = "float"
        elif after <= {"Relu", "Conv"}:
            own = heights[channels[node.output[0]]]
            layer["form"] = "unsigned" if after == {"Relu"} else "signed"
            layer["steps"] = [float(f"{step:.4g}") for step in own / _LEVELS]
        else:
            far = min(recipe.farthest, _MARGIN * max(-seen[node.output[0]].low.min(), seen[node.output[0]].high.max()))
            layer |= {"form": "windows", "low": float(f"{-far:.4g}"), "high": float(f"{far:.4g}")}
        layers.append(Layer.model_validate(layer))
    return layers


def _channels(
    graph: GraphProto, tensors: dict[str, FloatArray]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """A number for each channel of each tensor; channels that must have the same step have the same number."""
    parents: list[int] = []

    def root(one: int) -> int:
        while parents[one] != one:
            one = parents[one]
        return one

    def new(count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        parents.extend(range(len(parents), len(parents) + count))
        return np.arange(len(parents) - count, len(parents))

    found = {graph.input[0].name: new(3)}
    for node in graph.node:
        inputs = [found[name] for name in node.input if name in found]
        match node.op_type:
            case "Conv":
                found[node.output[0]] = new(len(tensors[node.input[1]]))
            case "Concat":
                found[node.output[0]] = np.concatenate(inputs)
            case _:
                found[node.output[0]] = inputs[0]
        if node.op_type == "Add":
            for one, other in zip(*inputs, strict=True):
                parents[root(other)] = root(one)
    roots = np.array([root(one) for one in range(len(parents))])
    return {name: roots[numbers] for name, numbers in found.items()}


def _heights(
    graph: GraphProto,
    seen: dict[str, Seen],
    channels: dict[str, np.ndarray[tuple[int], np.dtype[np.intp]]],
    recipe: Recipe,
) -> FloatArray:
    """The number that 255 steps of each channel reach.

    Between the channel's own highest number on most photos and the highest of all channels that
    were made with it.
    """
    relus = {node.input[0]: node.output[0] for node in graph.node if node.op_type == "Relu"}
    own = np.zeros(1 + max(int(numbers.max()) for numbers in channels.values()))
    for name, one in seen.items():
        is_signed = name not in relus.values() and _maker(graph, name).op_type == "Conv"
        # A byte with a sign has half of its levels on either side.
        highest = np.maximum(one.high, -one.low)
        reach = (highest.mean(axis=0) + recipe.spread * highest.std(axis=0)) * (2 if is_signed else 1)
        np.maximum.at(own, channels[name], reach)
    shared = np.zeros_like(own)
    for node in (node for node in graph.node if node.op_type == "Conv"):
        numbers = channels[node.output[0]]
        np.maximum.at(shared, numbers, own[numbers].max())
    shared = np.maximum(shared, 1e-12)
    return np.asarray(np.maximum(own, shared * _LEAST_SHARE) ** recipe.balance * shared ** (1 - recipe.balance))


def _maker(graph: GraphProto, name: str) -> NodeProto:
    return next(node for node in graph.node if name in node.output)
