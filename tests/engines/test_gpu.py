"""The same answers on a GPU as on the CPU; run where there is one."""

from __future__ import annotations

import shutil
from ctypes.util import find_library
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from engines.networks import network, noise, saved
from factories import soft_disc
from feathercut.engines.devices import provider_for
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.engines.tuning import KEEPS, Tuning
from feathercut.loading import load_engine
from feathercut.models.catalogue import find
from feathercut.models.narrow import narrow
from feathercut.options import Device, GraphPrecision, Network
from feathercut.settings import Settings

DEVICES = [device for device in get_args(Device) if device != "cpu"]


def need(device: Device) -> None:
    """Skips, and says what is missing, where a device's hardware or its provider is."""
    if device in ("cuda", "tensorrt") and shutil.which("nvidia-smi") is None:
        pytest.skip(f"`{device}` needs an NVIDIA card: no driver is installed here (`nvidia-smi`)")
    if device == "tensorrt" and find_library("nvinfer") is None:
        pytest.skip("`tensorrt` needs TensorRT's own libraries, and there are none here (`nvinfer`)")
    if reason := provider_for(device).why_not():
        pytest.skip(f"`{device}`: {reason.split('. ')[0]}")


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
@pytest.mark.parametrize("device", DEVICES)
def test_a_gpu_answers_as_the_processor(device: Device, precision: GraphPrecision, tmp_path: Path) -> None:
    need(device)
    path = saved(network(), tmp_path / "whole.onnx")
    inputs = {"input": noise(4)}
    expected = OnnxRuntimeEngine(path, "cpu", (64, 64), batch=4).run(inputs)["output"]
    if precision == "fp16":
        half = network()
        narrow(half, "small")
        path = saved(half, tmp_path / "half.onnx")
    kept = tmp_path if device in KEEPS else None
    engine = OnnxRuntimeEngine(path, device, (64, 64), tuning=Tuning(precision, compiled=kept), batch=4)
    difference = np.abs(engine.run(inputs)["output"] - expected).max()
    assert difference < (1 / 255 if precision == "fp16" else 1e-4)


@pytest.mark.parametrize("device", ["cuda", "tensorrt"])
def test_what_stays_on_the_card_is_what_comes_back(device: Device, tmp_path: Path) -> None:
    need(device)
    engine = OnnxRuntimeEngine(saved(network(), tmp_path / "small.onnx"), device, (64, 64))
    bound = engine.bound({"input": noise()})
    other = {"input": np.ascontiguousarray(noise()[..., ::-1])}
    bound.put(other)
    bound.run()
    assert np.allclose(bound.get()["output"], engine.run(other)["output"], atol=1e-5)


def test_tensorrt_finds_its_engine_in_our_cache(tmp_path: Path) -> None:
    need("tensorrt")
    OnnxRuntimeEngine(
        saved(network(), tmp_path / "small.onnx"), "tensorrt", (64, 64), tuning=Tuning(compiled=tmp_path)
    ).run({"input": noise()})
    assert list(tmp_path.glob("*.engine"))


@pytest.mark.weights
@pytest.mark.parametrize("model", ["isnet-general", "u2netp"])
def test_a_published_network_gives_its_matte_on_cuda(
    model: str, isnet_path: Path, u2netp_path: Path, weights_settings: Settings
) -> None:
    need("cuda")
    record, weights = find(model), {"isnet-general": isnet_path, "u2netp": u2netp_path}[model]
    size = record.input.size
    picture = np.repeat(soft_disc(size)[None, None] - 0.5, 3, axis=1).astype(np.float32)
    mattes = []
    for device in ("cpu", "cuda"):
        chosen: Device = "cuda" if device == "cuda" else "cpu"
        loaded = load_engine(Network(model=model, device=chosen), record, size, weights, weights_settings)
        mattes.append(loaded.engine.run({str(record.input.name): picture})[str(record.output.name)])
    assert mattes[0].max() > 0.5
    assert 255 * np.abs(mattes[0] - mattes[1]).mean() < 0.1
