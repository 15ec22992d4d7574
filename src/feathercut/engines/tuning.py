"""How each device is to run a network: the options of the runtime's providers, written once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from feathercut.options import Device, GraphPrecision

KEEPS: tuple[Device, ...] = ("tensorrt", "tensorrt-rtx", "coreml")
"""The devices that compile a network for so long that the result is worth a folder."""


@dataclass(frozen=True)
class Tuning:
    """What a provider should know of the network.

    `precision` is what its graph computes in. `is_exact` keeps a device from shortening float32 to what its
    tensor cores take (TF32: 10 bits after the point instead of 23). `compiled` is a folder of our cache for
    what a device makes of the network in seconds or minutes, None to keep nothing.
    """

    precision: GraphPrecision = "fp32"
    is_exact: bool = True
    compiled: Path | None = None


def provider_options(device: Device, tuning: Tuning) -> dict[str, str]:
    """What a device's provider is told, by the names that it reads; nothing where its defaults are right."""
    match device:
        case "cuda":
            return _cuda(tuning)
        case "tensorrt":
            return _tensorrt(tuning)
        case "tensorrt-rtx":
            return {} if tuning.compiled is None else {"nv_runtime_cache_path": str(tuning.compiled)}
        case "coreml":
            return _coreml(tuning)
        case "directml":
            # A laptop's second, faster card rather than the one that draws its desktop.
            return {"performance_preference": "high_performance", "device_filter": "gpu"}
        case _:
            return {}


def _cuda(tuning: Tuning) -> dict[str, str]:
    has_tensor_cores = tuning.precision == "fp16" or not tuning.is_exact
    return {
        # What is asked for and no power of two above it: a batch of 32 leaves room for others on the card.
        "arena_extend_strategy": "kSameAsRequested",
        # Trying every algorithm on each start (EXHAUSTIVE) took seconds, and no run was shorter (docs/gpu.md).
        "cudnn_conv_algo_search": "HEURISTIC",
        "cudnn_conv_use_max_workspace": "1",
        # "0" bars cuDNN from tensor cores altogether: half precision then finds no plan, and says so 150 times.
        "use_tf32": "1" if has_tensor_cores else "0",
        # The layout that tensor cores read: a third to a half less time with them, a fifth more without.
        "prefer_nhwc": "1" if has_tensor_cores else "0",
    }


def _tensorrt(tuning: Tuning) -> dict[str, str]:
    chosen = {"trt_fp16_enable": "1" if tuning.precision == "fp16" else "0"}
    if tuning.compiled is not None:
        folder = str(tuning.compiled)
        chosen |= {
            # An engine takes minutes to build; TensorRT itself checks that a kept one fits card and version.
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": folder,
            "trt_timing_cache_enable": "1",
            "trt_timing_cache_path": folder,
        }
    return chosen


def _coreml(tuning: Tuning) -> dict[str, str]:
    chosen = {
        "ModelFormat": "MLProgram",
        "MLComputeUnits": "ALL",
        "RequireStaticInputShapes": "1",
        "AllowLowPrecisionAccumulationOnGPU": "1" if tuning.precision == "fp16" else "0",
    }
    if tuning.compiled is not None:
        chosen["ModelCacheDirectory"] = str(tuning.compiled)
    return chosen
