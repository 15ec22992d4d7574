"""`python scripts/quantise.py ID COUNT:FOLDER...`: measures a network, for `models/quantised/<id>.json`.

COUNT photos are taken of each folder, evenly spaced by name. The same photos give the same file.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.models.catalogue import find
from feathercut.models.folded import folded, read_folded
from feathercut.models.quantisation import path_of
from feathercut.models.spec import Record
from feathercut.models.weights import locate
from feathercut.options import Options
from feathercut.pictures import FloatArray
from feathercut.settings import Settings
from feathercut.sources import load
from feathercut.steps.predict import normalise, place

_LEVELS = 255
_MARGIN = 1.1
_LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Recipe:
    """What measured best on 52 other photos of the same folders, against float.

    `balance` is how far channels are brought to one height: at 0 a small one has few levels, at 1 the weights
    that read a large one have all of theirs. `spread` is how many standard deviations over the mean of the
    photos' maxima a channel reaches. `input` is how the photo is given to the network. `floats` are the weights
    whose convolutions stay float behind. `farthest` is the greatest answer that is told from a greater one.
    """

    balance: float
    spread: float
    input: str
    floats: tuple[str, ...] = ()
    farthest: float = 50


RECIPES = {
    # Its answers reach 2000, of which a sigmoid makes the same as of 20.
    "isnet-general": Recipe(balance=0.5, spread=0, input="bytes", farthest=20),
    # `outconv` weighs the six answers. `2255` makes a channel of about 225 that is taken off 1361 afterwards: what
    # is left is less than what a byte can say of it.
    "u2netp": Recipe(balance=0.7, spread=1, input="float", floats=("outconv.weight", "2255")),
}


@dataclass(frozen=True)
class Seen:
    """The lowest and the highest number of each channel of a tensor, photo by photo: photos × channels."""

    low: FloatArray
    high: FloatArray


def main(model_id: str, *wanted: str) -> None:
    settings = Settings.read()
    record, recipe = find(model_id), RECIPES[model_id]
    photos = [photo for one in wanted for photo in _chosen(*one.split(":", 1))]
    with TemporaryDirectory() as folder:
        path = folded(locate(record, settings), record, record.input.size, Path(folder))
        inputs = [_input(photo, record) for photo in photos]
        seen = _measured(read_folded(path), inputs, Path(folder))
        model = read_folded(path)
        layers = _layers(model.graph, seen, recipe)
    rule = ", ".join(f"{one.split(':')[0]} of {Path(one.split(':')[1]).name}" for one in wanted)
    rows = ",\n".join(json.dumps(layer) for layer in layers)
    head = json.dumps(
        {"version": 1, "id": model_id, "photos": f"{rule}, evenly spaced by name", "input": recipe.input, "layers": []},
        indent=1,
    ).replace("[]", f"[\n{rows}\n]")
    path_of(model_id).write_text(f"{head}\n", "utf-8")


def _chosen(count: str, folder: str) -> list[Path]:
    found = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return [found[place * len(found) // int(count)] for place in range(int(count))]


def _input(photo: Path, record: Record) -> FloatArray:
    canvas, _ = place(load(photo, Options()).frames[0], record.input.size, record.input)
    return normalise(canvas, record.input)


def _measured(model: ModelProto, inputs: list[FloatArray], folder: Path) -> dict[str, Seen]:
    """What each tensor that a convolution or an addition leaves holds, on each photo."""
    import onnxruntime

    graph = model.graph
    names = [node.output[0] for node in graph.node if node.op_type in ("Conv", "Relu", "Add")]
    before = {node.input[0] for node in graph.node if node.op_type == "Relu"}
    names = [name for name in names if name not in before]
    del graph.output[:]
    graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    onnx.save(model, str(folder / "measured.onnx"))
    session = onnxruntime.InferenceSession(str(folder / "measured.onnx"), providers=["CPUExecutionProvider"])
    found: dict[str, list[FloatArray]] = {name: [] for name in names}
    for photo in inputs:
        answers = session.run(names, {graph.input[0].name: photo})
        for name, answer in zip(names, answers, strict=True):
            each = answer.reshape(answer.shape[1], -1)
            found[name].append(np.stack([each.min(axis=1), each.max(axis=1)]))
    return {name: Seen(*np.stack(photos, axis=1)) for name, photos in found.items()}


def _layers(graph: GraphProto, seen: dict[str, Seen], recipe: Recipe) -> list[dict[str, object]]:
    """One entry a convolution, in order."""
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    channels = _channels(graph, tensors)
    heights = _heights(graph, seen, channels, recipe)
    layers = []
    for node in (node for node in graph.node if node.op_type == "Conv"):
        weights = np.asarray(tensors[node.input[1]], np.float64)
        layer: dict[str, object] = {"shape": weights.shape, "norm": float(f"{np.sqrt(np.mean(weights**2)):.5g}")}
        after = {reader.op_type for reader in graph.node if node.output[0] in reader.input}
        if node.input[1] in recipe.floats:
            layer["form"] = "float"
        elif after <= {"Relu", "Conv"}:
            own = heights[channels[node.output[0]]]
            layer["form"] = "unsigned" if after == {"Relu"} else "signed"
            layer["steps"] = [float(f"{step:.4g}") for step in own / _LEVELS]
        else:
            far = min(recipe.farthest, _MARGIN * max(-seen[node.output[0]].low.min(), seen[node.output[0]].high.max()))
            layer |= {"form": "windows", "low": float(f"{-far:.4g}"), "high": float(f"{far:.4g}")}
        layers.append(layer)
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


if __name__ == "__main__":
    main(*sys.argv[1:])
