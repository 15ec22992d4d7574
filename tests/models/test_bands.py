from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from feathercut.models import bands
from feathercut.models.bands import cut_into_bands


def layers(size_hw: tuple[int, int], strides: int, dilation: int, pads: list[int]) -> ModelProto:
    """A convolution of bytes, channels last, as ONNX Runtime joins one."""
    random = np.random.default_rng(0)
    constants = {
        "step": np.float32(0.02),
        "zero": np.uint8(3),
        "weights": random.integers(-9, 9, (5, 4, 3, 3)).astype(np.int8),
        "weight_zero": np.int8(0),
        "bias": random.integers(-99, 99, 5).astype(np.int32),
    }
    inputs = ["bytes", "step", "zero", "weights", "step", "weight_zero", "step", "zero", "bias"]
    said = {"kernel_shape": [3, 3], "pads": pads, "channels_last": 1}
    nodes = [
        helper.make_node("QuantizeLinear", ["given", "step", "zero"], ["bytes"]),
        helper.make_node(
            "QLinearConv",
            inputs,
            ["drawn"],
            "layer",
            domain="com.microsoft",
            strides=[strides] * 2,
            dilations=[dilation] * 2,
            **said,
        ),
        helper.make_node("DequantizeLinear", ["drawn", "step", "zero"], ["answer"]),
    ]
    graph = helper.make_graph(
        nodes,
        "layers",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, [1, *size_hw, 4])],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 15), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def answer(model: ModelProto) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    [asked] = session.get_inputs()
    given = np.random.default_rng(1).normal(0, 1, asked.shape).astype(np.float32)
    found: np.ndarray = session.run(None, {asked.name: given})[0]
    return found


@pytest.mark.parametrize(
    ("strides", "dilation", "pads"),
    [(1, 1, [1, 1, 1, 1]), (2, 1, [1, 1, 1, 1]), (1, 2, [2, 2, 2, 2]), (2, 2, [0, 1, 3, 1]), (1, 1, [0, 0, 0, 0])],
)
def test_bands_answer_as_the_whole_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, strides: int, dilation: int, pads: list[int]
) -> None:
    whole, cut = (layers((23, 17), strides, dilation, pads) for _ in range(2))
    monkeypatch.setattr(bands, "_MOST_BYTES", 1000)
    cut_into_bands(cut, tmp_path)
    assert sum(node.op_type == "QLinearConv" for node in cut.graph.node) > 2
    assert np.array_equal(answer(cut), answer(whole))


def test_what_is_small_stays_whole(tmp_path: Path) -> None:
    model = layers((23, 17), 1, 1, [1, 1, 1, 1])
    before = model.SerializeToString()
    cut_into_bands(model, tmp_path)
    assert model.SerializeToString() == before
