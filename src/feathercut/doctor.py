"""What is installed, what runs here, and what to repair."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from feathercut import __version__, system
from feathercut.engines.devices import PROVIDERS
from feathercut.errors import FeathercutError
from feathercut.models import cache
from feathercut.settings import Settings

# Builds of the runtime that all install the one module `onnxruntime` and overwrite each other.
_RUNTIME_BUILDS = (
    "onnxruntime",
    "onnxruntime-gpu",
    "onnxruntime-directml",
    "onnxruntime-openvino",
    "onnxruntime-rocm",
    "onnxruntime-migraphx",
    "onnxruntime-silicon",
    "onnxruntime-qnn",
    "onnxruntime-webgpu",
)
_SHOWN = ("numpy", "pillow", "onnx", "imagecodecs", "pi-heif", "pydantic", "click")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `repair` says what to do where something is wrong."""

    topic: str
    name: str
    state: str
    is_fine: bool = True
    repair: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Everything that decides whether Feathercut works here, in the order a person reads it."""
    return [*_versions(), *_runtimes(), *_processors(), *_devices(), *_cache(settings)]


def _versions() -> list[Finding]:
    machine = f"{platform.system()} {platform.release()} on {platform.machine()}"
    found = [
        Finding("versions", "feathercut", __version__),
        Finding("versions", "python", platform.python_version()),
        Finding("versions", "system", machine),
    ]
    for name in _SHOWN:
        version = _version(name)
        repair = None if version else f"`pip install {name}`"
        found.append(Finding("versions", name, version or "not installed", bool(version), repair))
    return found


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _runtimes() -> list[Finding]:
    builds = {name: version for name in _RUNTIME_BUILDS if (version := _version(name))}
    if len(builds) == 1:
        ((name, version),) = builds.items()
        return [Finding("versions", "runtime", f"{name} {version}")]
    if not builds:
        return [Finding("versions", "runtime", "none", False, "`pip install onnxruntime`")]
    keep = next((name for name in builds if name != "onnxruntime"), "onnxruntime")
    names = " ".join(builds)
    return [
        Finding(
            "versions",
            "runtime",
            f"{len(builds)} at once ({', '.join(f'{n} {v}' for n, v in builds.items())}): they overwrite each other",
            False,
            f"`pip uninstall -y {names}`, then `pip install {keep}`",
        )
    ]


def _processors() -> list[Finding]:
    has_bytes = system.multiplies_bytes()
    int8 = "networks run in int8 where their records allow it" if has_bytes else "networks run in fp32"
    return [
        Finding("processors", "cores", f"{system.usable_cores()} usable of {os.cpu_count()}"),
        Finding("processors", "VNNI", f"{'there' if has_bytes else 'not there, or not known'}: {int8}"),
    ]


def _devices() -> list[Finding]:
    """Each device and why it is or is not usable; only the CPU must be."""
    found = []
    for provider in PROVIDERS:
        try:
            reason = provider.why_not()
        except ImportError as error:
            reason = f"ONNX Runtime cannot be imported: {error}"
        state = "usable" if reason is None else f"not usable: {reason}"
        is_fine = reason is None or provider.device != "cpu"
        repair = None if is_fine else provider.remedy
        found.append(Finding("devices", provider.device, state, is_fine, repair))
    return found


def _cache(settings: Settings) -> list[Finding]:
    folder = settings.cache
    existing = next(parent for parent in (folder, *folder.parents) if os.access(parent, os.F_OK))
    free = shutil.disk_usage(existing).free
    held = sum(map(_size, _below(folder)))
    found = [Finding("cache", "folder", f"{folder} ({held / 1e6:.0f} MB)")]
    try:
        cache.check_version(settings)
    except FeathercutError as error:
        found[0] = Finding("cache", "folder", str(error), False, "set `FEATHERCUT_CACHE` to another folder")
    if not os.access(existing, os.W_OK):
        remedy = "set `FEATHERCUT_CACHE` to a folder that you may write to"
        found.append(Finding("cache", "writing", f"{existing} is not writable", False, remedy))
    enough = free > 1e9
    remedy = "make room, or set `FEATHERCUT_CACHE` to a folder on another disk"
    found.append(Finding("cache", "disk", f"{free / 1e9:.1f} GB free", enough, None if enough else remedy))
    if settings.models:
        found.append(Finding("cache", "own models", str(settings.models)))
    return found


def _below(folder: Path) -> Iterator[Path]:
    """Every file in a folder and below; nothing where it may not be looked into."""
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone since, or not ours
        return 0
