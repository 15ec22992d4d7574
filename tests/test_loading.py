"""How networks are loaded: what is asked, and how often."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import Any

import onnx
import pytest

from feathercut import loading
from feathercut.engines.batching import Batches
from feathercut.errors import WeightsError
from feathercut.models.catalogue import find
from feathercut.models.inventory import remove
from feathercut.models.weights import locate
from feathercut.options import Device, Network
from feathercut.settings import Settings
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


@pytest.fixture(name="engines")
def noted_engines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What engines were made with, one entry each; none is made."""
    made: list[dict[str, Any]] = []

    def noted(path: Path, device: str, size: Any, **named: Any) -> Any:
        made.append({"path": path, "device": device, **named})
        return types.SimpleNamespace(input_name="input", output_name="output")

    monkeypatch.setattr(loading, "OnnxRuntimeEngine", noted)
    return made


@pytest.mark.parametrize(("device", "word"), [("tensorrt", "tensorrt"), ("tensorrt-rtx", "tensorrtrtx")])
def test_what_a_device_compiles_is_kept_and_goes_with_the_weights(
    device: Device, word: str, models: Path, engines: list[dict[str, Any]]
) -> None:
    settings = Settings.read()
    record = find("mine", settings.models)
    for size in ((64, 64), (32, 32)):
        loading.load_engine(Network(model="mine", device=device), record, size, models / "mine.onnx", settings)
    folders = [one["tuning"].compiled for one in engines]
    assert folders[0] != folders[1] and all(folder.is_dir() and word in folder.name for folder in folders)
    (folders[0] / "an.engine").write_bytes(b"built")
    assert remove(record, settings) >= len(b"built")
    assert not any(folder.exists() for folder in folders)


@pytest.mark.parametrize("device", ["cuda", "cpu"])
def test_a_network_that_is_loaded_for_batches_takes_any_number_of_photos(
    device: Device, models: Path, engines: list[dict[str, Any]]
) -> None:
    settings = Settings.read()
    record = find("mine", settings.models)
    chosen = Network(model="mine", device=device)
    for batches in (None, Batches(8, 0.01)):
        loading.load_engine(chosen, record, (64, 64), models / "mine.onnx", settings, batches=batches)
    assert [one.get("batch", 1) for one in engines] == [1, None]
    sides = onnx.load(str(engines[1]["path"])).graph.input[0].type.tensor_type.shape.dim
    assert sides[0].dim_param == "batch"
    assert engines[1]["tuning"].compiled is None


def test_half_precision_is_for_cuda_and_for_networks_that_are_published_in_it() -> None:
    isnet, u2netp = find("isnet-general"), find("u2netp")
    assert loading.graph_precision(isnet, "cuda") == "fp16"
    assert loading.graph_precision(u2netp, "cuda") == "fp32"
    assert loading.graph_precision(isnet, "directml") == "fp32"
