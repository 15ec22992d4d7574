"""Networks of bytes as ONNX Runtime leaves them, and what is made of them: the very same answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import NodeProto, TensorProto, helper, numpy_helper

from feathercut.models import doubled
from feathercut.models.quicker import make_quicker

OWN = "com.microsoft"
RULES = ["step", "zero"]


def written(
    path: Path, nodes: list[NodeProto], kind: int, zero: int = 0, shape: tuple[int, ...] = (1, 5, 7, 8)
) -> Path:
    """A graph in a file: `nodes` between `bytes`, with their channels last, and `output`."""
    graph = helper.make_graph(
        [helper.make_node("QuantizeLinear", ["input", *RULES], ["bytes"]), *nodes],
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", kind, None)],
        [
            numpy_helper.from_array(np.float32(0.25), "step"),
            numpy_helper.from_array(np.uint8(zero), "zero"),
            numpy_helper.from_array(np.array([1, 2, 2, 1], np.float32), "twice"),
            numpy_helper.from_array(np.array([1, 3, 3, 1], np.float32), "thrice"),
            numpy_helper.from_array(np.array([1, 10, 14, 8]), "sizes"),
            numpy_helper.from_array(np.float32(0.5), "other step"),
        ],
    )
    opsets = [helper.make_opsetid("", 15), helper.make_opsetid(OWN, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))
    return path


def enlarging(factors: list[str], mode: str = "half_pixel", after: str = "step") -> list[NodeProto]:
    said = {"mode": "linear", "coordinate_transformation_mode": mode}
    return [
        helper.make_node("DequantizeLinear", ["bytes", *RULES], ["real"]),
        helper.make_node("Resize", ["real", "", *factors], ["large"], **said),
        helper.make_node("QuantizeLinear", ["large", after, "zero"], ["output"]),
    ]


def answer(path: Path) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    [asked] = session.get_inputs()
    given = np.random.default_rng(3).uniform(-20, 60, asked.shape).astype(np.float32)
    found: np.ndarray = session.run(None, {"input": given})[0]
    return found


def kinds(path: Path) -> set[str]:
    return {node.op_type for node in onnx.load(str(path)).graph.node}


@pytest.mark.parametrize(
    ("factors", "mode", "zero"),
    [(["twice"], "half_pixel", 0), (["", "sizes"], "pytorch_half_pixel", 0), (["twice"], "half_pixel", 100)],
)
def test_bytes_are_doubled_to_the_same_bytes_without_floats(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, factors: list[str], mode: str, zero: int
) -> None:
    monkeypatch.setattr(doubled, "_LEAST", 1)
    path = written(tmp_path / "graph.onnx", enlarging(factors, mode), TensorProto.UINT8, zero)
    before = answer(path)
    make_quicker(path)
    assert not kinds(path) & {"Resize", "DequantizeLinear"}
    after = answer(path)
    assert after.shape == (1, 10, 14, 8) and np.ptp(after) > 100
    assert np.array_equal(after, before)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "nodes",
    [enlarging(["thrice"]), enlarging(["twice"], "asymmetric"), enlarging(["twice"], after="other step")],
    ids=["three times", "other places", "other steps"],
)
def test_what_is_enlarged_otherwise_goes_by_way_of_floats(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, nodes: list[NodeProto]
) -> None:
    monkeypatch.setattr(doubled, "_LEAST", 1)
    path = written(tmp_path / "graph.onnx", nodes, TensorProto.UINT8)
    before = answer(path)
    make_quicker(path)
    assert "Resize" in kinds(path)
    assert np.array_equal(answer(path), before)


@pytest.mark.parametrize(("step", "is_copied"), [("step", True), ("other step", False)])
def test_bytes_of_one_step_are_joined_by_copying(tmp_path: Path, step: str, is_copied: bool) -> None:
    given = [*RULES, "bytes", *RULES, "bytes", step, "zero"]
    join = helper.make_node("QLinearConcat", given, ["output"], axis=3, domain=OWN)
    path = written(tmp_path / "graph.onnx", [join], TensorProto.UINT8, 50)
    before = answer(path)
    make_quicker(path)
    assert ("Concat" in kinds(path)) is is_copied
    after = answer(path)
    assert after.shape == (1, 5, 7, 16) and np.array_equal(after, before)
