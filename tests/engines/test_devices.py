from __future__ import annotations

import importlib
import importlib.util
import types
from pathlib import Path
from typing import Any, get_args

import onnxruntime
import pytest

from feathercut.engines.devices import PROVIDERS, Provider, provider_for
from feathercut.errors import DeviceError
from feathercut.options import Device

AVAILABLE = onnxruntime.get_available_providers()


class Session:
    """What the runtime says it runs on."""

    def __init__(self, *providers: str) -> None:
        self.providers = providers

    def get_providers(self) -> list[str]:
        return list(self.providers)


def test_every_device_of_the_options_has_one_provider() -> None:
    assert sorted(provider.device for provider in PROVIDERS) == sorted(get_args(Device))
    for device in get_args(Device):
        assert provider_for(device).device == device


def test_the_processor_is_always_there() -> None:
    assert provider_for("cpu").why_not() is None


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.device)
def test_a_device_that_is_missing_says_which_part_and_how_to_get_it(provider: Provider) -> None:
    reason = provider.why_not()
    if reason is None:
        assert provider.plugin or provider.name in AVAILABLE
        return
    assert provider.name in reason or (provider.plugin or "").replace("_", "-") in reason
    if provider.plugin is None or importlib.util.find_spec(provider.plugin) is None:
        assert provider.remedy in reason


def test_a_plug_in_that_breaks_while_it_loads_is_a_reason_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise OSError("libcudart.so.12: cannot open shared object file\nand much more")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(importlib, "import_module", broken)
    reason = provider_for("webgpu").why_not()
    assert reason == (
        "the plug-in of WebGpuExecutionProvider does not load: libcudart.so.12: cannot open shared object file"
    )


def test_a_plug_in_without_a_device_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    package = types.SimpleNamespace(get_ep_name=lambda: "WebGpuExecutionProvider", get_library_path=lambda: "x.so")
    registered: list[tuple[str, str]] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(importlib, "import_module", lambda name: package)
    monkeypatch.setattr(onnxruntime, "get_ep_devices", list)
    monkeypatch.setattr(
        onnxruntime, "register_execution_provider_library", lambda name, path: registered.append((name, path))
    )
    assert "finds no device on this machine" in str(provider_for("webgpu").why_not())
    assert registered == [("onnxruntime_ep_webgpu", "x.so")]


def test_falling_back_to_the_processor_is_an_error() -> None:
    cuda = provider_for("cuda")
    cuda.check(Session("CUDAExecutionProvider", "CPUExecutionProvider"))
    with pytest.raises(DeviceError, match="Device `cuda` was asked for, but ONNX Runtime fell back to the CPU"):
        cuda.check(Session("CPUExecutionProvider"))
    provider_for("cpu").check(Session("CPUExecutionProvider"))


def test_a_provider_is_told_its_options_and_may_not_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *words, **named: asked.append(named))
    provider_for("cuda").session(Path("network.onnx"), None, {"use_tf32": "0"})
    assert asked == [{"providers": [("CUDAExecutionProvider", {"use_tf32": "0"})], "enable_fallback": False}]


def test_libraries_that_do_not_load_are_not_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[str] = []

    def preload() -> None:
        called.append("preload")
        print("Failed to load libcudart.so.13")

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *words, **named: None)
    monkeypatch.setattr(onnxruntime, "preload_dlls", preload)
    provider_for("cuda").session(Path("network.onnx"), None, {})
    assert called == ["preload"] and capsys.readouterr().out == ""


def test_a_plug_in_is_told_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    device = types.SimpleNamespace(ep_name="NvTensorRTRTXExecutionProvider")
    package = types.SimpleNamespace(get_ep_name=lambda: device.ep_name, get_library_path=lambda: "x.so")
    told: list[object] = []
    options = types.SimpleNamespace(add_provider_for_devices=lambda devices, words: told.append((devices, words)))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(importlib, "import_module", lambda name: package)
    monkeypatch.setattr(onnxruntime, "get_ep_devices", lambda: [device, device])
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *words, **named: None)
    provider_for("tensorrt-rtx").session(Path("network.onnx"), options, {"nv_runtime_cache_path": "kept"})
    assert told == [([device], {"nv_runtime_cache_path": "kept"})]
