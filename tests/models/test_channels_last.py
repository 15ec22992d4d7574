"""Graphs as ONNX Runtime leaves them, in which bytes are turned between layers that could do without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from feathercut.models.channels_last import keep_channels_last

LAST = [0, 2, 3, 1]
OWN = "com.microsoft"


def pooling(nodes: list[NodeProto], outputs: dict[str, int]) -> ModelProto:
    """A graph whose first node makes `bytes` of the input's floats."""
    quantised = helper.make_node("QuantizeLinear", ["given", "step", "zero"], ["bytes"])
    graph = helper.make_graph(
        [quantised, *nodes],
        "pooling",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, [1, 8, 13, 10])],
        [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
        [numpy_helper.from_array(np.float32(0.02), "step"), numpy_helper.from_array(np.uint8(3), "zero")],
    )
    opsets = [helper.make_opsetid("", 15), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def pool(given: str = "bytes", **said: Any) -> NodeProto:
    words = {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1, "storage_order": 0, **said}
    return helper.make_node("MaxPool", [given], ["pooled"], **words)


def turn(given: str = "pooled", order: list[int] | None = None) -> NodeProto:
    return helper.make_node("Transpose", [given], ["turned"], perm=order or LAST)


def answer(model: ModelProto) -> list[np.ndarray]:
    import onnxruntime

    # As it is: the runtime would otherwise turn some of it back.
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = np.random.default_rng(1).normal(0, 1, (1, 8, 13, 10)).astype(np.float32)
    found: list[np.ndarray] = session.run(None, {"given": given})
    return found


@pytest.mark.parametrize("said", [{}, {"ceil_mode": 0}, {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}])
def test_the_same_bytes_are_pooled_with_their_channels_last(said: dict[str, Any]) -> None:
    model = pooling([pool(**said), turn()], {"turned": TensorProto.UINT8})
    (before,) = answer(model)
    keep_channels_last(model)
    assert [node.op_type for node in model.graph.node] == ["QuantizeLinear", "Transpose", "NhwcMaxPool", "Identity"]
    (after,) = answer(model)
    assert after.dtype == np.uint8 and np.ptp(after) > 50
    assert np.array_equal(before, after)


@pytest.mark.parametrize(
    ("nodes", "outputs"),
    [
        # Another layer reads it as it is.
        ([pool(), turn()], {"turned": TensorProto.UINT8, "pooled": TensorProto.UINT8}),
        ([pool(), turn(), helper.make_node("Relu", ["pooled"], ["other"])], {"turned": TensorProto.UINT8}),
        # Turned otherwise, or not at all.
        ([pool(), turn(order=[0, 3, 1, 2])], {"turned": TensorProto.UINT8}),
        ([pool()], {"pooled": TensorProto.UINT8}),
        # What is pooled are no bytes.
        ([pool("given"), turn()], {"turned": TensorProto.FLOAT}),
    ],
)
def test_what_cannot_be_turned_before_stays(nodes: list[NodeProto], outputs: dict[str, int]) -> None:
    model = pooling(nodes, outputs)
    before = model.SerializeToString()
    keep_channels_last(model)
    assert model.SerializeToString() == before


def test_what_is_done_number_by_number_is_done_with_the_channels_last() -> None:
    rules = ["step", "zero"]
    nodes = [
        helper.make_node("Transpose", ["bytes"], ["there"], perm=LAST),
        helper.make_node("NhwcMaxPool", ["there"], ["small"], kernel_shape=[2, 2], strides=[2, 2], domain=OWN),
        helper.make_node("Transpose", ["small"], ["back"], perm=[0, 3, 1, 2]),
        helper.make_node("QLinearAdd", ["back", *rules, "back", *rules, *rules], ["sum"], domain=OWN),
        helper.make_node("QLinearConcat", [*rules, "sum", *rules, "back", *rules], ["both"], axis=1, domain=OWN),
        helper.make_node("DequantizeLinear", ["both", *rules], ["real"]),
        helper.make_node("ReduceSum", ["real", "axis"], ["plane"], keepdims=1),
        helper.make_node("Mul", ["real", "shares"], ["scaled"]),
    ]
    model = pooling(nodes, {"plane": TensorProto.FLOAT, "scaled": TensorProto.FLOAT})
    shares = np.random.default_rng(2).random((1, 16, 1, 1), np.float32)
    constants = {"axis": np.array([1]), "shares": shares}
    model.graph.initializer.extend(numpy_helper.from_array(one, name) for name, one in constants.items())
    before = answer(model)
    keep_channels_last(model)
    for expected, made in zip(before, answer(model), strict=True):
        assert expected.shape == made.shape and np.ptp(made) > 0.1
        np.testing.assert_allclose(made, expected, rtol=1e-6)
    turns = [node for node in model.graph.node if node.op_type == "Transpose"]
    assert [list(turn.output) for turn in turns] == [["there"], ["scaled"]]
