"""The int8 form of small networks against their float form and against slow arithmetic with bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.errors import NetworkError
from feathercut.models.folded import ordered
from feathercut.models.quantisation import Layer, Quantisation
from feathercut.models.quantise import quantise

Doubles = NDArray[np.float64]
SIDE = 8


def network(nodes: Sequence[NodeProto], constants: dict[str, Any]) -> ModelProto:
    given = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    answer = helper.make_tensor_value_info("output", TensorProto.FLOAT, None)
    tensors = [numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "small", [given], [answer], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def conv(source: str, weights: str, output: str) -> NodeProto:
    return helper.make_node("Conv", [source, weights, f"{weights}_bias"], [output], pads=[1, 1, 1, 1])


def layer(weights: Doubles, form: str, **more: Any) -> Layer:
    norm = float(np.sqrt(np.mean(weights**2)))
    return Layer.model_validate({"shape": weights.shape, "norm": norm, "form": form, **more})


def data(*layers: Layer) -> Quantisation:
    return Quantisation(version=1, id="small", photos="none", layers=layers)


def run(model: ModelProto, photo: Doubles) -> Doubles:
    """The answer, with nothing fused: every byte is rounded where the graph says so."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"input": photo.astype(np.float32)})[0], np.float64)


def convolved(photo: Doubles, weights: Doubles, bias: Doubles) -> Doubles:
    """A 3×3 convolution, number by number."""
    padded = np.pad(photo[0], ((0, 0), (1, 1), (1, 1)))
    out = np.zeros((1, len(weights), SIDE, SIDE))
    for o, y, x in np.ndindex(len(weights), SIDE, SIDE):
        out[0, o, y, x] = (padded[:, y : y + 3, x : x + 3] * weights[o]).sum() + bias[o]
    return out


def branched() -> tuple[ModelProto, Quantisation]:
    """Two convolutions, pooled, enlarged, added and joined, with bytes that can all be exact."""
    steps = np.array([1.0, 4.0, 0.5, 16.0])
    first = np.zeros((4, 3, 3, 3))
    first[:, 0, 1, 1] = [127, -127, 127, 127]
    first[1, 2, 1, 1], first[3, 1, 0, 0] = 127, 127
    first *= steps[:, None, None, None] / 127
    second = np.zeros((4, 4, 3, 3))
    second[range(4), (1, 0, 3, 2), 1, 1] = 127
    second[0, 2, 1, 1] = -127
    second = second / 127 * steps[:, None, None, None] / steps[None, :, None, None]
    third = np.zeros((1, 8, 3, 3))
    third[0, :, 1, 1] = np.array([127, -127, 50, 3, 127, 1, 2, -5]) / np.tile(steps, 2)
    nodes = [
        conv("input", "first", "a"),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Resize", ["c", "", "factors"], ["d"], mode="nearest", nearest_mode="floor",
                         coordinate_transformation_mode="asymmetric"),
        conv("d", "second", "e"),
        helper.make_node("Relu", ["e"], ["f"]),
        helper.make_node("Add", ["f", "b"], ["g"]),
        helper.make_node("Concat", ["g", "b"], ["h"], axis=1),
        conv("h", "third", "output"),
    ]  # fmt: skip
    biases = {"first_bias": 2 * steps, "second_bias": 3 * steps, "third_bias": [7.0]}
    constants = {"first": first, "second": second, "third": third, "factors": [1, 1, 2, 2], **biases}
    layers = [layer(first, "unsigned", steps=tuple(steps)), layer(second, "unsigned", steps=tuple(steps))]
    return network(nodes, constants), data(*layers, layer(third, "float"))


def photo() -> Doubles:
    """Whole numbers, 0 to 20."""
    return np.random.default_rng(0).integers(0, 21, (1, 3, SIDE, SIDE)).astype(np.float64)


def test_steps_vanish_exactly_into_the_convolutions_around_them() -> None:
    model, layers = branched()
    np.testing.assert_allclose(run(quantise(model, layers, 0, 255), photo()), run(model, photo()), rtol=1e-6)


def test_a_convolution_of_bytes_is_what_slow_arithmetic_with_bytes_gives() -> None:
    random = np.random.default_rng(1)
    weights, bias = random.normal(0, [[[[0.1]]], [[[30.0]]]], (2, 3, 3, 3)), np.array([0.2, -9.0])
    nodes = [conv("input", "first", "a"), helper.make_node("Relu", ["a"], ["b"]), conv("b", "last", "output")]
    last = np.zeros((1, 2, 3, 3))
    last[0, :, 1, 1] = 1, 0.001
    model = network(nodes, {"first": weights, "first_bias": bias, "last": last, "last_bias": [0.0]})
    steps = np.array([0.01, 2.0])
    low, high = -1.0, 2.0
    pixels = random.uniform(low, high, (1, 3, SIDE, SIDE))
    answer = run(quantise(model, data(layer(weights, "unsigned", steps=tuple(steps)), layer(last, "float")), low, high),
                 pixels)  # fmt: skip

    unit = (high - low) / 255
    zero = round(-low / unit)
    seen = (np.clip(np.rint(pixels / unit) + zero, 0, 255) - zero) * unit
    counted = weights / steps[:, None, None, None]
    scales = np.abs(counted).max(axis=(1, 2, 3)) / 127
    rounded = np.rint(counted / scales[:, None, None, None]) * scales[:, None, None, None]
    made = np.clip(np.rint(convolved(seen, rounded, bias / steps)), 0, 255) * steps[None, :, None, None]
    expected = (made * last[:, :, 1, 1][..., None, None]).sum(axis=1, keepdims=True)
    # Where a sum falls between two levels, float32 may round it to the other one.
    off = np.abs(answer - expected) > 1e-4
    assert off.mean() < 0.02 and np.abs(answer - expected).max() <= 0.0101


def test_what_rounding_weights_comes_to_on_average_is_taken_off_the_bias() -> None:
    weights, last = np.zeros((1, 3, 3, 3)), np.zeros((1, 1, 3, 3))
    weights[0, :, 1, 1] = 1.0, 0.0034, -0.0022  # the last two are less than half of what a weight can count
    last[0, 0, 1, 1] = 1.0
    nodes = [conv("input", "first", "a"), helper.make_node("Relu", ["a"], ["b"]), conv("b", "last", "output")]
    model = network(nodes, {"first": weights, "first_bias": [0.0], "last": last, "last_bias": [0.0]})
    pixels = np.random.default_rng(2).uniform(0, [[[[20.0]], [[250.0]], [[120.0]]]], (1, 3, SIDE, SIDE))

    def error(means: Sequence[float]) -> float:
        layers = data(layer(weights, "unsigned", steps=(0.1,), means=tuple(means)), layer(last, "float"))
        return float(abs((run(quantise(model, layers, 0, 255), pixels) - run(model, pixels)).mean()))

    assert error(()) > 0.25
    assert error(pixels.mean(axis=(0, 2, 3)).tolist()) < 0.05


def test_an_answer_over_windows_is_finer_than_a_byte_and_stays_in_its_range() -> None:
    weights = np.zeros((1, 3, 3, 3))
    weights[0, 0, 1, 1] = 1.0
    model = network([conv("input", "only", "a"), helper.make_node("Sigmoid", ["a"], ["output"])],
                    {"only": weights, "only_bias": [0.0]})  # fmt: skip
    ramp = np.broadcast_to(np.linspace(-30, 30, SIDE * SIDE).reshape(SIDE, SIDE), (1, 3, SIDE, SIDE))
    made = quantise(model, data(layer(weights, "windows", low=-10.0, high=10.0)), -30, 30)
    made.graph.output[0].name = "a"
    answer = run(made, ramp)
    seen = (np.rint(ramp[:, :1] / (60 / 255)) + 0.5) * (60 / 255)  # the input's own rounding, half a level at most
    assert np.abs(answer - np.clip(ramp[:, :1], -10, 10)).max() <= 60 / 255 + 20 / 2040
    assert answer.min() == pytest.approx(-10) and answer.max() == pytest.approx(10, abs=1e-4)
    inside = np.abs(seen) < 9
    assert len(np.unique(np.round(answer[inside], 6))) == np.count_nonzero(inside)


def test_convolutions_of_bytes_have_as_many_channels_as_the_runtime_takes_at_once() -> None:
    """For fewer it copies the neighbourhood of every pixel: IS-Net's last layer then takes 0.15 GB more, and longer."""
    weights = np.zeros((1, 3, 3, 3))
    weights[0, :, 1, 1] = 1.0, -2.0, 0.5
    model = network([conv("input", "only", "a"), helper.make_node("Sigmoid", ["a"], ["output"])],
                    {"only": weights, "only_bias": [0.25]})  # fmt: skip
    made = quantise(model, data(layer(weights, "windows", low=-600.0, high=600.0)), 0, 255)
    kernels = [numpy_helper.to_array(one) for one in made.graph.initializer if one.data_type == TensorProto.INT8]
    shapes = [kernel.shape for kernel in kernels if kernel.ndim == 4]
    assert shapes and all(shape[0] >= 16 and shape[1] % 4 == 0 for shape in shapes)
    made.graph.output[0].name = "a"
    expected = (photo()[0] * weights[0, :, 1, 1][:, None, None]).sum(axis=0) + 0.25
    np.testing.assert_allclose(run(made, photo())[0, 0], expected, atol=1)


def test_data_of_other_weights_are_refused() -> None:
    model, layers = branched()
    heavier = layers.layers[0].model_copy(update={"norm": 2 * layers.layers[0].norm})
    with pytest.raises(NetworkError, match=r"`first` is not as it was.*`fp32`"):
        quantise(model, data(heavier, *layers.layers[1:]), 0, 255)
    with pytest.raises(NetworkError, match="has 3 convolutions, not 2"):
        quantise(model, data(*layers.layers[:2]), 0, 255)
    uneven = layers.layers[1].model_copy(update={"steps": (1.0, 4.0, 0.5, 8.0)})
    with pytest.raises(NetworkError, match="steps before `g` differ"):
        quantise(model, data(layers.layers[0], uneven, layers.layers[2]), 0, 255)


def test_the_order_of_the_nodes_is_the_structure_s_own(tmp_path: Path) -> None:
    model, _ = branched()
    expected = [node.output[0] for node in ordered(model.graph)]
    nodes = [*reversed(model.graph.node)]
    shuffled = onnx.ModelProto()
    shuffled.CopyFrom(model)
    del shuffled.graph.node[:]
    shuffled.graph.node.extend(nodes)
    assert [node.output[0] for node in ordered(shuffled.graph)] == expected
    assert expected[0] == "a" and expected[-1] == "output" and len(expected) == len(nodes)
