"""Whether a network that was made smaller still answers as the one it was made from, on this very machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from feathercut.errors import NetworkError
from feathercut.pictures import FloatArray, Size

MOST_APART = 0.02
"""Mean difference of the two answers to the drawn photo; a sound int8 network is 0.0005 to 0.005 off."""


def compare(small: Path, whole: Path, size_hw: Size, low: float, high: float) -> None:
    """Raises NetworkError where `small` answers a drawn photo in [low, high] otherwise than `whole`, or not at all."""
    photo = _drawn(size_hw, low, high)
    apart = float(np.abs(_answer(small, photo, is_optimised=True) - _answer(whole, photo)).mean())
    if not apart <= MOST_APART:  # a difference that is no number is too large, too
        raise NetworkError(
            f"The int8 form of the network answers otherwise than its float form on this processor: {apart:.3f} apart "
            f"on average, where {MOST_APART} are allowed. Use `precision` `fp32`"
        )


def _drawn(size_hw: Size, low: float, high: float) -> FloatArray:
    """A bright disc on a slope from dark to light, 1×3×h×w."""
    y, x = np.mgrid[: size_hw[0], : size_hw[1]] / np.float32(max(size_hw))
    is_disc = np.hypot(y - 0.5, x - 0.45) < 0.3
    planes = [np.where(is_disc, colour - 0.3 * x * y, 0.35 + 0.3 * y) for colour in (0.9, 0.5, 0.1)]
    return np.asarray(low + (high - low) * np.stack(planes)[None], np.float32)


def _answer(path: Path, photo: FloatArray, *, is_optimised: bool = False) -> FloatArray:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    if is_optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        (answer,) = session.run(None, {session.get_inputs()[0].name: photo})
    except Exception as error:  # onnxruntime raises classes of its own, without a common parent
        raise NetworkError(f"{path} is no network that ONNX Runtime can run: {error}") from error
    return np.asarray(answer, np.float32)
