"""The package that only training needs, which the extra `train` brings."""

from __future__ import annotations

import importlib.util

from feathercut.errors import OptionError


def check() -> None:
    """Raises OptionError where PyTorch is not installed. Call it before a module that imports it is imported."""
    if importlib.util.find_spec("torch") is None:
        raise OptionError("Training needs PyTorch, which is not installed here; run `pip install 'feathercut[train]'`")
