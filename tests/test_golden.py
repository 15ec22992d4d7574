"""The kernels still make what `golden/` says, to 1e-5."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]


def _load_script() -> Any:
    sys.path.insert(0, str(ROOT / "scripts"))  # where it finds the others that it is made of
    spec = importlib.util.spec_from_file_location("golden_script", ROOT / "scripts" / "golden.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _load_script()
COMPUTED = SCRIPT.cases()


def _compare(expected: Any, computed: Any, place: str) -> None:
    if isinstance(expected, dict):
        assert expected.keys() == computed.keys(), place
        for key in expected:
            _compare(expected[key], computed[key], f"{place}.{key}")
    elif isinstance(expected, list):
        if expected and not isinstance(expected[0], dict | str) and not _is_mixed(expected):
            np.testing.assert_allclose(
                np.asarray(computed, float), np.asarray(expected, float), atol=1e-5, err_msg=place
            )
            return
        assert len(expected) == len(computed), place
        for index, (one, other) in enumerate(zip(expected, computed, strict=True)):
            _compare(one, other, f"{place}[{index}]")
    elif isinstance(expected, float):
        assert computed == pytest.approx(expected, abs=1e-5), place
    else:
        assert computed == expected, place


def _is_mixed(values: list[Any]) -> bool:
    """Lists of arrays of several shapes, as a kernel that gives colours and alpha returns."""
    try:
        np.asarray(values, float)
    except (ValueError, TypeError):
        return True
    return False


@pytest.mark.parametrize("name", sorted(COMPUTED))
def test_kernel_agrees_with_its_golden_numbers(name: str) -> None:
    golden = json.loads((ROOT / "golden" / f"{name}.json").read_text("utf-8"))
    assert golden["version"] == 1
    _compare(golden["cases"], SCRIPT.plain(COMPUTED[name]), name)


def test_every_golden_file_has_its_kernel() -> None:
    assert {path.stem for path in (ROOT / "golden").glob("*.json")} == set(COMPUTED)
