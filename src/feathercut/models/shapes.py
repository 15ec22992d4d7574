"""The shapes of a graph's tensors, found by one run on nothing: ONNX cannot tell those of the runtime's operators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, helper


def shapes_of(model: ModelProto, names: Sequence[str], folder: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of tensors by name; `folder` is where weights of the model lie that it does not hold itself."""
    import onnxruntime

    probe = ModelProto.FromString(model.SerializeToString())
    del probe.graph.output[:]
    for name in names:
        probe.graph.node.append(helper.make_node("Shape", [name], [f"{name}_shape"]))
        probe.graph.output.append(helper.make_empty_tensor_value_info(f"{name}_shape"))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    path = folder / "probe.onnx"
    onnx.save(probe, str(path))
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        [asked] = session.get_inputs()
        found = session.run([f"{name}_shape" for name in names], {asked.name: np.zeros(asked.shape, np.float32)})
    finally:
        path.unlink()
    return {name: tuple(int(side) for side in shape) for name, shape in zip(names, found, strict=True)}
