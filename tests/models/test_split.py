"""Convolutions of joined tensors give the same when they are taken apart."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from feathercut.models.split import split_joined_convolutions

SHAPES: dict[str, tuple[int, ...]] = {"a": (1, 2, 6, 6), "b": (1, 3, 6, 6), "c": (1, 1, 6, 6)}


def _network(inputs: list[str], *, group: int = 1, reads_twice: bool = False) -> onnx.ModelProto:
    channels = sum(SHAPES[name][1] for name in inputs)
    kernel = np.random.default_rng(1).normal(size=(4 * group, channels // group, 3, 3)).astype(np.float32)
    bias = np.random.default_rng(2).normal(size=4 * group).astype(np.float32)
    nodes = [
        helper.make_node("Concat", inputs, ["joined"], axis=1),
        helper.make_node("Conv", ["joined", "kernel", "bias"], ["convolved"], pads=[1, 1, 1, 1], group=group),
        helper.make_node("Relu", ["convolved"], ["output"]),
    ]
    outputs = ["output", "again"] if reads_twice else ["output"]
    if reads_twice:
        nodes.append(helper.make_node("Relu", ["joined"], ["again"]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPES[name]) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(bias, "bias")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def _split(model: onnx.ModelProto) -> list[str]:
    nodes = split_joined_convolutions(model.graph, SHAPES, tuple(output.name for output in model.graph.output))
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(copies)
    return [node.op_type for node in copies]


def _answers(model: onnx.ModelProto, path: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    onnx.save(model, str(path))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(3)
    feeds = {one.name: generator.random(one.shape, np.float32) for one in session.get_inputs()}
    return list(session.run(None, feeds))


@pytest.mark.parametrize("inputs", [["a", "b"], ["b", "a", "c"]])
def test_sum_of_parts_is_the_whole(inputs: list[str], tmp_path: Path) -> None:
    model = _network(inputs)
    (whole,) = _answers(model, tmp_path / "whole.onnx")
    assert _split(model).count("Conv") == len(inputs)
    (parts,) = _answers(model, tmp_path / "parts.onnx")
    assert np.abs(whole - parts).max() < 1e-5
    assert np.abs(whole).max() > 0.5, "there is something to compare"


def test_what_something_else_reads_stays_joined() -> None:
    assert _split(_network(["a", "b"], reads_twice=True)).count("Conv") == 1


def test_convolution_in_groups_stays_whole() -> None:
    assert _split(_network(["a", "b", "c"], group=2)).count("Conv") == 1
