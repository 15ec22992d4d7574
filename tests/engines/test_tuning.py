from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from feathercut.engines.tuning import KEEPS, Tuning, provider_options
from feathercut.options import Device

EVERY = get_args(Device)


def test_the_processor_is_told_nothing() -> None:
    assert provider_options("cpu", Tuning("fp16", compiled=Path("somewhere"))) == {}


def test_full_float32_bars_tensor_cores_and_half_precision_needs_them() -> None:
    exact = provider_options("cuda", Tuning("fp32"))
    short = provider_options("cuda", Tuning("fp32", is_exact=False))
    half = provider_options("cuda", Tuning("fp16"))
    assert (exact["use_tf32"], exact["prefer_nhwc"]) == ("0", "0")
    assert (short["use_tf32"], short["prefer_nhwc"]) == ("1", "1")
    assert (half["use_tf32"], half["prefer_nhwc"]) == ("1", "1")


def test_tensorrt_counts_in_half_only_when_it_is_meant_to() -> None:
    assert provider_options("tensorrt", Tuning("fp32"))["trt_fp16_enable"] == "0"
    assert provider_options("tensorrt", Tuning("fp16"))["trt_fp16_enable"] == "1"


@pytest.mark.parametrize("device", EVERY)
def test_what_a_device_compiles_lies_in_our_cache_or_nowhere(device: Device, tmp_path: Path) -> None:
    kept = provider_options(device, Tuning(compiled=tmp_path)).values()
    assert (str(tmp_path) in kept) == (device in KEEPS)
    assert not any("cache" in name.lower() for name in provider_options(device, Tuning()))
