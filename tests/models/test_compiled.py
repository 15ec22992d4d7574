from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import onnxruntime
import pytest

from feathercut.models.compiled import compiled
from feathercut.models.spec import Record
from feathercut.settings import Settings
from incumbent.tiny_network import tiny_network

Make = Callable[..., Record]
SIZE = (64, 64)


@pytest.fixture(name="tiny")
def tiny_weights(tmp_path: Path, make_record: Make) -> tuple[Path, Record]:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(tiny_network())
    record = make_record(files=[])
    names = {
        "input": record.input.model_copy(update={"name": "input", "size": SIZE, "sizes": (96,)}),
        "output": record.output.model_copy(update={"name": "output"}),
    }
    return path, record.model_copy(update=names)


def _other(folder: Path, mark: str, **changes: object) -> Path:
    """A compilation beside `folder`, made for something else in what `changes` says."""
    other = folder.with_name(f"{folder.name.rpartition('-')[0]}-{mark * 8}")
    other.mkdir()
    note = json.loads((folder / "sizes.json").read_text("utf-8"))
    (other / "sizes.json").write_text(json.dumps({**note, **changes}), "utf-8")
    return other


def test_a_second_compilation_is_none_and_the_prepared_graph_is_gone(
    tiny: tuple[Path, Record], settings: Settings
) -> None:
    first = compiled(*tiny, SIZE, settings)
    before = first.stat().st_mtime_ns
    assert compiled(*tiny, SIZE, settings) == first and first.stat().st_mtime_ns == before
    assert list((settings.cache / "graphs").glob("*.onnx")) == []


def test_what_an_older_runtime_compiled_is_removed(tiny: tuple[Path, Record], settings: Settings) -> None:
    folder = compiled(*tiny, SIZE, settings).parent
    older = _other(folder, "0", runtime="1.9.0")
    newer = _other(folder, "1", runtime="99.0")
    elsewhere = _other(folder, "2", runtime="1.9.0", processor="another")
    larger = _other(folder, "3", runtime="1.9.0", size=[96, 96])
    (folder / "network.onnx").unlink()
    assert compiled(*tiny, SIZE, settings).parent == folder
    assert set(folder.parent.iterdir()) == {folder, newer, elsewhere, larger}
    assert not older.exists()
    assert tuple(map(int, onnxruntime.__version__.split(".")[:2])) > (1, 9)
