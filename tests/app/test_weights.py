"""What the page is served of the networks: files that answer as Python's do, and a manifest that says so."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from feathercut import system
from feathercut.app.weights import prepare_weights
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.errors import WeightsError
from feathercut.models.catalogue import find
from feathercut.models.compiled import compiled
from feathercut.models.graph import prepare
from feathercut.settings import Settings

pytestmark = pytest.mark.weights


@pytest.fixture(name="files", scope="module")
def prepared(weights_settings: Settings) -> dict[str, Path]:
    return prepare_weights(weights_settings)


def _rows(files: dict[str, Path]) -> list[dict[str, object]]:
    rows = json.loads(files["weights/manifest.json"].read_text("utf-8"))["networks"]
    assert isinstance(rows, list)
    return rows


def test_the_manifest_says_what_each_file_is(files: dict[str, Path]) -> None:
    rows = _rows(files)
    assert [(row["id"], row["precision"], row["provider"]) for row in rows] == [
        ("u2netp", "int8", "wasm"),
        ("isnet-general", "int8", "wasm"),
        ("u2netp", "fp32", "webgpu"),
        ("isnet-general", "fp32", "webgpu"),
    ]
    for row in rows:
        data = files[f"weights/{row['file']}"].read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert len(files) == 1 + len(rows)


def test_operators_of_int8_are_joined_beforehand(files: dict[str, Path]) -> None:
    """Else a browser spends a second on it, or runs them one by one in three times the time."""
    for row in _rows(files):
        nodes = onnx.load(str(files[f"weights/{row['file']}"])).graph.node
        convolutions = [node.op_type for node in nodes if "Conv" in node.op_type]
        share = convolutions.count("QLinearConv") / len(convolutions)
        assert share > 0.9 if row["precision"] == "int8" else share == 0


def test_nothing_is_made_twice(files: dict[str, Path], weights_settings: Settings) -> None:
    before = {name: path.stat().st_mtime_ns for name, path in files.items() if name.endswith(".onnx")}
    again = prepare_weights(weights_settings)
    assert again == files
    assert {name: again[name].stat().st_mtime_ns for name in before} == before


def test_small_leaves_the_large_network_out(weights_settings: Settings) -> None:
    files = prepare_weights(weights_settings, small=True)
    assert {row["id"] for row in _rows(files)} == {"u2netp"}
    assert sum(path.stat().st_size for path in files.values()) < 6_100_000


def test_weights_that_are_not_at_hand_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="u2netp"):
        prepare_weights(replace(Settings(cache=tmp_path), is_offline=True))


@pytest.mark.parametrize("precision", ["int8", "fp32"])
@pytest.mark.parametrize("network", ["u2netp", "isnet-general"])
def test_a_file_answers_as_the_one_that_python_runs(
    network: str, precision: str, files: dict[str, Path], weights_settings: Settings
) -> None:
    if precision == "int8" and not system.multiplies_bytes():
        pytest.skip("this processor does not multiply bytes without loss")
    row = next(row for row in _rows(files) if row["id"] == network and row["precision"] == precision)
    record = find(network)
    weights = next((weights_settings.cache / "weights").glob(f"{network}-*.onnx"))
    kept = (
        compiled(weights, record, record.input.size, weights_settings, precision="int8")
        if precision == "int8"
        else prepare(weights, record, weights_settings)
    )
    ours = OnnxRuntimeEngine(kept, "cpu", record.input.size, is_compiled=precision == "int8")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    browsers = onnxruntime.InferenceSession(
        str(files[f"weights/{row['file']}"]), options, providers=["CPUExecutionProvider"]
    )
    low, high = record.input.reach
    y, x = np.mgrid[: record.input.size[0], : record.input.size[1]] / record.input.size[0]
    disc = np.hypot(y - 0.5, x - 0.5) < 0.3
    photo = np.stack([np.where(disc, high, low + (high - low) * shade * y) for shade in (0.2, 0.5, 0.6)])[None]
    photo = photo.astype(np.float32)
    name = browsers.get_inputs()[0].name
    answers = browsers.run(None, {name: photo})
    expected = ours.run({name: photo})[ours.output_name]
    assert [one.name for one in browsers.get_outputs()][1:] == list(row["depths"])  # type: ignore[call-overload]
    assert float(np.abs(answers[0] - expected).mean()) * 255 < 0.1


def test_a_network_of_ones_own_draws_the_last_cutout(
    weights_settings: Settings, u2netp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "own.onnx").write_bytes(u2netp_path.read_bytes())
    record = find("u2netp").model_copy(update={"id": "own", "title": "My own", "files": (), "int8": {}})
    (tmp_path / "own.json").write_text(record.model_dump_json(exclude_none=True), "utf-8")
    rows = _rows(prepare_weights(replace(weights_settings, models=tmp_path), final="own"))
    assert [(row["id"], row["precision"], row["provider"], row.get("is_final")) for row in rows] == [
        ("u2netp", "int8", "wasm", None),
        ("u2netp", "fp32", "webgpu", None),
        ("own", "fp32", "wasm", True),
        ("own", "fp32", "webgpu", True),
    ]
