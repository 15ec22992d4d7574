"""What every test and every docstring's example may use: `tests/` on the path, and the names below."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "tests"))

# What imports PyTorch is collected where there is one: by `make test-train`. These do without.
TRAINING = [Path(__file__).parent / folder for folder in ("src/feathercut/train", "tests/train")]
WITHOUT_TORCH = ("data", "extra.py", "options.py", "test_extra.py")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Whether to pass by a file or folder; None leaves it to others."""
    inside = [collection_path.relative_to(one) for one in TRAINING if collection_path.is_relative_to(one)]
    needs_torch = bool(inside) and bool(inside[0].parts) and inside[0].parts[0] not in WITHOUT_TORCH
    return True if needs_torch and importlib.util.find_spec("torch") is None else None


@pytest.fixture(autouse=True)
def names_of_doctests(doctest_namespace: dict[str, Any]) -> None:
    """The names that examples in docstrings use without importing them."""
    import numpy as np

    import factories
    from feathercut import options, pictures

    doctest_namespace["np"] = np
    for name in ("Animation", "Cutout", "Image", "Matte", "Metadata", "Prediction"):
        doctest_namespace[name] = getattr(pictures, name)
    for name in ("Compose", "Encode", "Foreground", "Options", "Refine", "Select"):
        doctest_namespace[name] = getattr(options, name)
    for name in ("flat", "gradient", "half_engine", "half_prediction", "half_white", "soft_disc", "tiny_record"):
        doctest_namespace[name] = getattr(factories, name)
