from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[1]


def formats_page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("formats_page", REPOSITORY / "scripts" / "formats_page.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    import sys

    sys.modules["formats_page"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="page", scope="module")
def rendered() -> str:
    return str(formats_page().render())


def test_page_is_up_to_date(page: str) -> None:
    assert (REPOSITORY / "docs" / "formats.md").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("JPEG", "yes yes yes yes yes – – –"),
        ("PNG", "yes yes yes yes yes yes yes yes"),
        ("WebP", "yes yes yes yes yes – yes yes"),
        ("AVIF", "yes yes yes yes yes read yes no"),
        ("HEIC", "yes no read read read read read –"),
        ("TIFF", "yes yes yes yes yes yes yes –"),
        ("BMP", "yes no – – read – read –"),
        ("GIF", "yes yes – – – – yes yes"),
    ],
)
def test_what_survives(page: str, name: str, cells: str) -> None:
    row = next(line for line in page.splitlines() if line.startswith(f"| {name} |"))
    assert [cell.strip() for cell in row.strip("|").split("|")][1:] == cells.split()
