from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.networks import network, noise, saved
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.errors import NetworkError


@pytest.fixture
def engine(tmp_path: Path) -> OnnxRuntimeEngine:
    return OnnxRuntimeEngine(saved(network(), tmp_path / "small.onnx"), "cpu", (64, 64), batch=2)


def test_a_bound_network_answers_as_one_that_is_run(engine: OnnxRuntimeEngine) -> None:
    inputs = {"input": noise(2)}
    bound = engine.bound(inputs)
    bound.run()
    assert np.array_equal(bound.get()["output"], engine.run(inputs)["output"])


def test_other_inputs_take_the_place_and_leave_the_first_ones_alone(engine: OnnxRuntimeEngine) -> None:
    first, second = noise(2), noise(2)[..., ::-1]
    before = first.copy()
    bound = engine.bound({"input": first})
    bound.put({"input": second})
    bound.run()
    expected = engine.run({"input": np.ascontiguousarray(second)})["output"]
    assert np.array_equal(bound.get()["output"], expected)
    assert np.array_equal(first, before)


def test_a_closed_network_binds_nothing(engine: OnnxRuntimeEngine) -> None:
    engine.close()
    with pytest.raises(NetworkError, match="was closed"):
        engine.bound({"input": noise(2)})


def test_photos_in_one_run_answer_as_each_alone(engine: OnnxRuntimeEngine, tmp_path: Path) -> None:
    alone = OnnxRuntimeEngine(tmp_path / "small.onnx", "cpu", (64, 64))
    photos = noise(2)
    each = [alone.run({"input": photos[n : n + 1]})["output"] for n in range(2)]
    assert np.allclose(engine.run({"input": photos})["output"], np.concatenate(each), atol=1e-6)
