"""The packages that only the measure needs, which the extra `evaluate` brings."""

from __future__ import annotations

import importlib
from typing import Any

from feathercut.errors import OptionError


def ndimage() -> Any:
    """`scipy.ndimage`. Raises OptionError where it is not installed."""
    return _module("scipy.ndimage", "SciPy")


def sod_metrics() -> Any:
    """`py_sod_metrics`. Raises OptionError where it is not installed."""
    return _module("py_sod_metrics", "PySODMetrics")


def check() -> None:
    """Raises OptionError where one of the packages is not installed: better now than after the network has run."""
    ndimage()
    sod_metrics()


def _module(name: str, title: str) -> Any:
    # Neither has types, and both take a while to load: asked for by name, and only when something is measured.
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise OptionError(
            f"The measure needs {title}, which is not installed here ({error}); "
            "run `pip install 'feathercut[evaluate]'`"
        ) from error
