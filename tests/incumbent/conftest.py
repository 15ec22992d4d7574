"""The tool under test: `FEATHERCUT_TOOL` says which, Feathercut by default."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

# The rows also run where Feathercut's own configuration of pytest is not read.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from incumbent.tools.base import Tool

# No adapter is looked at for doctests: only one of the tools is installed where this runs.
collect_ignore = ["tools"]

_NAME = os.environ.get("FEATHERCUT_TOOL", "feathercut")


@pytest.fixture(scope="session")
def tool() -> Tool:
    if _NAME not in ("feathercut", "rembg"):
        raise pytest.UsageError(f"FEATHERCUT_TOOL takes `feathercut` or `rembg`, got `{_NAME}`")
    module = importlib.import_module(f"incumbent.tools.{_NAME}")
    found: Tool = module.TOOL
    return found
