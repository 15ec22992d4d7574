"""Networks that enlarge to a size which they count, at one size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from feathercut.models.by_factors import by_factors

HEIGHT, WIDTH = 12, 20


def exported(mode: str = "pytorch_half_pixel", *, pools: int = 2) -> ModelProto:
    """An encoder of one step and its decoder, as exports have them: enlarged to the size of what it is joined with."""
    random = np.random.default_rng(0)
    constants = {
        "first": random.normal(size=(4, 3, 3, 3)).astype(np.float32),
        "last": random.normal(size=(1, 8, 3, 3)).astype(np.float32),
        "from": np.array([2]),
        "to": np.array([4]),
        "channels": np.array([1, 4]),
    }
    nodes = [
        helper.make_node("Conv", ["input", "first"], ["wide"], pads=[1, 1, 1, 1]),
        helper.make_node("MaxPool", ["wide"], ["small"], kernel_shape=[pools, pools], strides=[pools, pools]),
        helper.make_node("Shape", ["wide"], ["shape"]),
        helper.make_node("Slice", ["shape", "from", "to"], ["sides"]),
        helper.make_node("Concat", ["channels", "sides"], ["size"], axis=0),
        helper.make_node(
            "Resize", ["small", "", "", "size"], ["large"], mode="linear", coordinate_transformation_mode=mode
        ),
        helper.make_node("Concat", ["large", "wide"], ["both"], axis=1),
        helper.make_node("Conv", ["both", "last"], ["output"], pads=[1, 1, 1, 1]),
    ]
    graph = helper.make_graph(
        nodes,
        "exported",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, "height", "width"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def answer(path: Path) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = np.random.default_rng(1).random((1, 3, HEIGHT, WIDTH), np.float32)
    found: np.ndarray = session.run(None, {"input": given})[0]
    return found


def written(model: ModelProto, folder: Path) -> Path:
    onnx.save(model, str(folder / "exported.onnx"))
    return folder / "exported.onnx"


@pytest.mark.parametrize("mode", ["pytorch_half_pixel", "half_pixel", "asymmetric", "align_corners"])
def test_it_answers_as_before_by_factors_and_in_parts(tmp_path: Path, mode: str) -> None:
    before = written(exported(mode), tmp_path)
    after = by_factors(before, (HEIGHT, WIDTH), tmp_path)
    np.testing.assert_allclose(answer(after), answer(before), atol=1e-5)
    graph = onnx.load(str(after)).graph
    (enlarge,) = [node for node in graph.node if node.op_type == "Resize"]
    factors = {tensor.name: numpy_helper.to_array(tensor).tolist() for tensor in graph.initializer}
    assert [factors.get(name) for name in enlarge.input[2:]] == [[1, 1, 2, 2]]
    assert not {"Concat", "Shape", "Slice"} & {node.op_type for node in graph.node}


def test_a_size_that_is_no_whole_factor_stays_a_size(tmp_path: Path) -> None:
    before = written(exported(pools=3), tmp_path)
    after = by_factors(before, (HEIGHT, WIDTH), tmp_path)
    np.testing.assert_allclose(answer(after), answer(before), atol=1e-5)
    (enlarge,) = [node for node in onnx.load(str(after)).graph.node if node.op_type == "Resize"]
    assert len(enlarge.input) == 4


def test_what_counts_no_size_stays_as_it_is(tmp_path: Path) -> None:
    model = exported()
    for node in model.graph.node:
        if node.op_type == "Resize":
            del node.input[2:]
            node.input.append("twice")
    model.graph.initializer.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "twice"))
    before = written(model, tmp_path)
    assert by_factors(before, (HEIGHT, WIDTH), tmp_path) == before
