"""Where a network can run: devices by our names, and what each needs.

Feathercut installs one runtime, `onnxruntime`. A GPU comes as a plug-in beside it (an extra), or as
a provider that another build of the runtime brings instead of it; never as two runtimes at once.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feathercut.errors import DeviceError
from feathercut.options import Device


@dataclass(frozen=True)
class Provider:
    """One of the runtime's execution providers.

    `plugin` is the Python package that brings it as a plug-in, None where a build of the runtime has
    it inside. `remedy` says how a person gets it. `memory` is what the runtime calls the memory that the
    device counts in, for arrays that are to stay there.
    """

    device: Device
    name: str
    remedy: str
    plugin: str | None = None
    memory: str = "cpu"

    def why_not(self) -> str | None:
        """Why this device cannot be used here, and how to change that where it can be; None where it can."""
        import onnxruntime

        if self.plugin is None:
            if self.name in onnxruntime.get_available_providers():
                return None
            return f"the installed ONNX Runtime {onnxruntime.__version__} has no {self.name}. {self.remedy}"
        if importlib.util.find_spec(self.plugin) is None:
            return f"the package `{self.plugin.replace('_', '-')}` is not installed. {self.remedy}"
        try:
            return (
                None
                if self._plugin_devices()
                else f"{self.name} is installed, but finds no device on this machine that it drives"
            )
        except Exception as error:  # a plug-in's loader raises whatever its libraries do
            return f"the plug-in of {self.name} does not load: {str(error).strip().splitlines()[0]}"

    def session(self, path: Path, options: Any, told: Mapping[str, str]) -> Any:
        """An inference session on this provider, which is `told` how. Raises DeviceError where it is not usable."""
        import onnxruntime

        if reason := self.why_not():
            raise DeviceError(f"Device `{self.device}` is not there: {reason}")
        if self.plugin is not None:
            options.add_provider_for_devices(self._plugin_devices()[:1], dict(told))
            return onnxruntime.InferenceSession(str(path), options)
        if self.name in _FROM_NVIDIA:
            _load_libraries()
        # Without the runtime's own way back to the CPU: it would take it, and print that it did.
        return onnxruntime.InferenceSession(
            str(path), options, providers=[(self.name, dict(told))], enable_fallback=False
        )

    def check(self, session: Any) -> None:
        """Raises DeviceError where the runtime fell back to the CPU without a word."""
        if self.device != "cpu" and self.name not in session.get_providers():
            raise DeviceError(
                f"Device `{self.device}` was asked for, but ONNX Runtime fell back to the CPU: {self.name} could "
                f"not start (its libraries or its driver are missing). {self.remedy}"
            )

    def _plugin_devices(self) -> list[Any]:
        """The devices that the plug-in offers, once its library is registered."""
        import onnxruntime

        package = importlib.import_module(str(self.plugin))
        offered = [d for d in onnxruntime.get_ep_devices() if d.ep_name == package.get_ep_name()]
        if not offered:
            onnxruntime.register_execution_provider_library(str(self.plugin), package.get_library_path())
            offered = [d for d in onnxruntime.get_ep_devices() if d.ep_name == package.get_ep_name()]
        return offered


_FROM_NVIDIA = ("CUDAExecutionProvider", "TensorrtExecutionProvider")


def _load_libraries() -> None:
    """Has the runtime load CUDA and cuDNN where `pip` put them: no linker looks there.

    What it cannot load it prints; the session that then fails says the same in an error.
    """
    import onnxruntime

    if hasattr(onnxruntime, "preload_dlls"):
        with redirect_stdout(io.StringIO()):
            onnxruntime.preload_dlls()


def _swap(build: str, extras: str = "") -> str:
    named = f"'{build}[{extras}]'" if extras else build
    return (
        f"It comes with the build `{build}` in place of `onnxruntime`: "
        f"`pip uninstall onnxruntime`, then `pip install {named}`"
    )


def _extra(name: str) -> str:
    return f"Install it with `pip install 'feathercut[{name}]'`"


PROVIDERS: tuple[Provider, ...] = (
    Provider("cpu", "CPUExecutionProvider", "It comes with `onnxruntime`"),
    Provider("webgpu", "WebGpuExecutionProvider", _extra("webgpu"), "onnxruntime_ep_webgpu"),
    Provider("openvino", "OpenVINOExecutionProvider", _extra("openvino"), "onnxruntime_ep_openvino"),
    Provider(
        "tensorrt-rtx",
        "NvTensorRTRTXExecutionProvider",
        _extra("tensorrt-rtx"),
        "onnxruntime_ep_nv_tensorrt_rtx",
    ),
    Provider("cuda", "CUDAExecutionProvider", _swap("onnxruntime-gpu", "cuda,cudnn"), memory="cuda"),
    Provider("tensorrt", "TensorrtExecutionProvider", _swap("onnxruntime-gpu", "cuda,cudnn"), memory="cuda"),
    Provider("rocm", "MIGraphXExecutionProvider", _swap("onnxruntime-migraphx")),
    Provider("directml", "DmlExecutionProvider", _swap("onnxruntime-directml"), memory="dml"),
    Provider("coreml", "CoreMLExecutionProvider", "It comes with `onnxruntime` on macOS"),
)


def provider_for(device: Device) -> Provider:
    """The provider behind a device's name."""
    return next(provider for provider in PROVIDERS if provider.device == device)
