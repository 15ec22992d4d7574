"""One server for all attacks: real processes and a real socket, with a network so small that attacks take the time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feathercut.models.catalogue import find
from feathercut.settings import Settings
from incumbent.tiny_network import tiny_network
from server.running import Running, serving

_FLAGS = ("--models", "tiny", "--workers", "2", "--most-megapixels", "12")


def tiny_models(folder: Path) -> Path:
    """A folder of networks with one in it, `tiny`, which sees 32×32 pixels."""
    record = find("u2netp").model_dump(mode="json", exclude_unset=True)
    record |= {"id": "tiny", "files": [], "verified": False}
    record["input"] |= {"name": "input", "size": [32, 32]}
    record["output"] |= {"name": "output"}
    folder.mkdir()
    (folder / "tiny.json").write_text(json.dumps({name: one for name, one in record.items() if name != "int8"}))
    (folder / "tiny.onnx").write_bytes(tiny_network())
    return folder


@contextmanager
def attacked(folder: Path, *flags: str) -> Iterator[Running]:
    """A server with the small network."""
    models = tiny_models(folder / "models")
    with serving(folder, Settings(cache=folder / "cache"), *_FLAGS, *flags, FEATHERCUT_MODELS=str(models)) as running:
        yield running


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The server, which every attack has to leave as it was."""
    with attacked(tmp_path_factory.mktemp("attacked"), "--silence-s", "5") as running:
        yield running
