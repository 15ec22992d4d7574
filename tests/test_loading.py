"""How networks are loaded: what is asked, and how often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feathercut import loading
from feathercut.errors import WeightsError
from feathercut.models.weights import locate
from feathercut.options import Network
from incumbent.tiny_network import tiny_network

RECORD = {
    "version": 1,
    "title": "A user's",
    "task": "subject",
    "verified": True,
    "licence": {"weights": "Apache-2.0", "commercial": True, "source": "its author"},
    "input": {"name": "input", "size": [64, 64], "mean": [0, 0, 0], "std": [1, 1, 1]},
    "output": {"name": "output"},
}


@pytest.fixture(name="models")
def two_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a network `mine` of the user's own, and `other`, its second; the line is cut."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("FEATHERCUT_MODELS", str(folder))
    monkeypatch.setenv("FEATHERCUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    for name, more in (("mine", {"second": "other"}), ("other", {})):
        (folder / f"{name}.onnx").write_bytes(tiny_network())
        (folder / f"{name}.json").write_text(json.dumps({**RECORD, **more, "id": name}), "utf-8")
    return folder


@pytest.fixture(name="asked")
def noted_questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The networks whose weights were looked for, one entry each time."""
    asked: list[str] = []

    def noted(record: Any, *values: Any, **options: Any) -> Path:
        asked.append(record.id)
        return locate(record, *values, **options)

    monkeypatch.setattr(loading, "locate", noted)
    return asked


def test_weights_of_each_network_are_looked_for_once(models: Path, asked: list[str]) -> None:
    loaded = loading.load(Network(model="mine"))
    assert [one.record.id for one in loaded] == ["mine", "other"] and asked == ["mine", "other"]
    for one in loaded:
        one.engine.close()


def test_no_network_is_loaded_where_the_weights_of_one_are_missing(
    models: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*_: object) -> None:
        raise AssertionError("a network was loaded for nothing")

    monkeypatch.setattr(loading, "compiled", load)
    (models / "other.onnx").unlink()
    with pytest.raises(WeightsError, match="`other`"):
        loading.load(Network(model="mine"))
    assert asked == ["mine", "other"]
