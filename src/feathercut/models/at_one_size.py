"""What ONNX Runtime makes of a network at one size: all that is constant there counted out, nothing joined."""

from __future__ import annotations

from pathlib import Path

from feathercut.pictures import Size


def write_at_one_size(graph: Path, size_hw: Size, target: Path) -> None:
    """Writes the network as the runtime simplifies it, of standard operators alone, once its sides are known.

    Raises what the runtime raises where it cannot load the graph.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.add_free_dimension_override_by_name("height", size_hw[0])
    options.add_free_dimension_override_by_name("width", size_hw[1])
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
