"""Networks that tests of engines run: small, made on the spot, with what the real ones are made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from feathercut.pictures import FloatArray


def network() -> ModelProto:
    """Three convolutions down and up again, joined with the way down; any number of photos, any even sides."""
    rng = np.random.default_rng(1)
    shapes = {"first": (16, 3, 3, 3), "second": (16, 16, 3, 3), "third": (1, 32, 3, 3)}
    constants = [
        numpy_helper.from_array(rng.normal(0, 0.3 / np.sqrt(shape[1]), shape).astype(np.float32), name)
        for name, shape in shapes.items()
    ]
    constants.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "factors"))
    nodes = [
        helper.make_node("Conv", ["input", "first"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["c", "second"], ["d"], pads=[1, 1, 1, 1]),
        helper.make_node("Resize", ["d", "", "factors"], ["e"], mode="linear"),
        helper.make_node("Concat", ["b", "e"], ["f"], axis=1),
        helper.make_node("Conv", ["f", "third"], ["g"], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["g"], ["output"]),
    ]
    sides = ["batch", 3, "height", "width"]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, sides)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 1, "height", "width"])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def saved(model: ModelProto, path: Path) -> Path:
    """The model in a file."""
    onnx.save(model, str(path))
    return path


def noise(batch: int = 1, side: int = 64) -> FloatArray:
    """Inputs that are different at every place, batch×3×side×side."""
    return np.random.default_rng(2).random((batch, 3, side, side)).astype(np.float32)
