"""What every test and every docstring's example may use: `tests/` on the path, and the names below."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "tests"))


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
