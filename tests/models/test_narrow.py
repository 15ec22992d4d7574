from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engines.networks import network, noise, saved
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.errors import RecordError
from feathercut.models.narrow import narrow


def constants(model: onnx.ModelProto) -> dict[str, int]:
    return {tensor.name: tensor.data_type for tensor in model.graph.initializer}


def test_half_precision_answers_nearly_the_same_in_float32(tmp_path: Path) -> None:
    half = network()
    narrow(half, "small")
    whole = OnnxRuntimeEngine(saved(network(), tmp_path / "whole.onnx"), "cpu", (64, 64))
    engine = OnnxRuntimeEngine(saved(half, tmp_path / "half.onnx"), "cpu", (64, 64))
    expected, answer = (one.run({"input": noise()})["output"] for one in (whole, engine))
    assert answer.dtype == np.float32 and expected.std() > 0.01
    assert 0 < np.abs(answer - expected).max() < 1 / 255


def test_weights_are_halved_and_factors_of_a_resize_are_not() -> None:
    half = network()
    narrow(half, "small")
    onnx.checker.check_model(half, full_check=True)
    kinds = constants(half)
    assert kinds.pop("factors") == TensorProto.FLOAT
    assert set(kinds.values()) == {TensorProto.FLOAT16}


def test_the_last_sigmoid_stays_float32() -> None:
    half = network()
    narrow(half, "small")
    last = half.graph.node[-1]
    before = next(node for node in half.graph.node if node.output[0] == last.input[0])
    assert last.op_type == "Sigmoid" and before.op_type == "Cast"
    assert next(a.i for a in before.attribute if a.name == "to") == TensorProto.FLOAT


def test_what_is_not_known_to_be_safe_is_refused() -> None:
    model = network()
    model.graph.node.append(helper.make_node("Softmax", ["g"], ["h"]))
    with pytest.raises(RecordError, match="`small` has no half-precision form: nothing says that its `Softmax`"):
        narrow(model, "small")


def test_a_constant_beyond_the_range_of_halves_is_refused() -> None:
    model = network()
    model.graph.initializer.append(numpy_helper.from_array(np.array([1e5], np.float32), "large"))
    with pytest.raises(RecordError, match="larger than 65504"):
        narrow(model, "small")
