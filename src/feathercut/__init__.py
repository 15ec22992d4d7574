"""Feathercut removes the background from photos: soft, honest edges, on your own machine.

    import feathercut

    cutout = feathercut.remove("photo.jpg")
    cutout.save("photo-cutout.png")

Importing the package does nothing but tell the runtime to send nothing: what a name needs is loaded when the name is
first used.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feathercut.errors import FeathercutError
    from feathercut.options import Network, Options, RemoveOptions
    from feathercut.pictures import Animation, Cutout, Image, Matte, Prediction
    from feathercut.remover import Remover, remove, remove_each, unload
    from feathercut.replaying import replay
    from feathercut.report import Finding, Report
    from feathercut.result import Result
    from feathercut.server.client import Client

# ONNX Runtime 1.29 and newer tell their maker of every process, unless they are told before they are loaded that they
# must not. Here, because any of our modules may be the first to load it.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"

__all__ = [
    "Animation",
    "Client",
    "Cutout",
    "FeathercutError",
    "Finding",
    "Image",
    "Matte",
    "Network",
    "Options",
    "Prediction",
    "RemoveOptions",
    "Remover",
    "Report",
    "Result",
    "remove",
    "remove_each",
    "replay",
    "unload",
]

_HOMES = {
    "FeathercutError": "errors",
    **dict.fromkeys(("Network", "Options", "RemoveOptions"), "options"),
    **dict.fromkeys(("Animation", "Cutout", "Image", "Matte", "Prediction"), "pictures"),
    **dict.fromkeys(("Remover", "remove", "remove_each", "unload"), "remover"),
    **dict.fromkeys(("Finding", "Report"), "report"),
    "Result": "result",
    "Client": "server.client",
    "replay": "replaying",
}


def __getattr__(name: str) -> object:
    """Loads a public name at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module `feathercut` has no attribute `{name}`")
    value = getattr(importlib.import_module(f"feathercut.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
