"""Networks that sessions share: one in memory for each, however many sessions there are."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from feathercut.engines.devices import provider_for
from feathercut.loading import agreed
from feathercut.options import Device, Network
from feathercut.remover import Remover
from feathercut.settings import Settings
from feathercut.shared import Shared
from feathercut.system import usable_cores

_DEVICES: dict[str, Device] = {
    "CPUExecutionProvider": "cpu",
    "CUDAExecutionProvider": "cuda",
    "TensorrtExecutionProvider": "tensorrt",
    "NvTensorRTRTXExecutionProvider": "tensorrt-rtx",
    "ROCMExecutionProvider": "rocm",
    "DmlExecutionProvider": "directml",
    "CoreMLExecutionProvider": "coreml",
    "OpenVINOExecutionProvider": "openvino",
    "WebGpuExecutionProvider": "webgpu",
}

_removers: Shared[tuple[Network, int], Remover] = Shared(
    lambda key: Remover.open(key[0], at_once=key[1]), lambda remover: remover.bytes
)


def network_of(record: str, given: Mapping[str, object]) -> Network:
    """The network of a record, as what was given by name asks for it. Raises OptionError."""
    chosen: dict[str, Any] = {name: value for name, value in given.items() if name in Network.model_fields}
    providers = given.get("providers")
    if isinstance(providers, Sequence) and "device" not in chosen:
        chosen["device"] = _device(providers)
    return Network(**{"model": record, **chosen})


def remover_of(network: Network) -> Remover:
    """The network, loaded once a process and kept within `FEATHERCUT_CACHE_BYTES`. Raises what `Remover` raises."""
    settings = Settings.read()
    return _removers.get((agreed(network, settings), _runs()), settings.cache_bytes)


def _device(providers: Sequence[object]) -> Device:
    """The first device of a list that is there, else the first: loading it then says what is missing."""
    # A provider may be a pair of its name and its options.
    names = [str(one[0] if isinstance(one, tuple | list) else one) for one in providers]
    devices = [_DEVICES[name] for name in names if name in _DEVICES]
    there = (device for device in devices if provider_for(device).why_not() is None)
    return next(there, devices[0] if devices else "cpu")


def _runs() -> int:
    """How many photos a network may look at beside each other: each run then has `OMP_NUM_THREADS` threads."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, usable_cores() - int(wanted) + 1) if wanted.isdigit() and int(wanted) else 1
