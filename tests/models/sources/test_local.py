from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feathercut.errors import WeightsError
from feathercut.models import inventory, weights
from feathercut.models.spec import Record
from feathercut.settings import Settings

if TYPE_CHECKING:
    from models.conftest import Server

    Make = Callable[..., Record]


@pytest.mark.parametrize("place", [".u2net", ".rembg", ".rembg/models/small-net"])
def test_what_rembg_downloaded_is_used_in_place(
    place: str, own_home: Path, tmp_path: Path, server: Server, make_record: Make
) -> None:
    path = own_home / place / "small-net.onnx"
    path.parent.mkdir(parents=True)
    path.write_bytes(server.data)
    settings = Settings.read({"FEATHERCUT_CACHE": str(tmp_path / "cache")})
    record = make_record({"rembg": "small-net.onnx"}, {"url": server.url("good")})
    assert weights.locate(record, settings) == path
    assert server.seen == []
    found = inventory.installed(record, settings)
    assert found is not None
    assert (found.place, found.bytes) == ("rembg", len(server.data))
    inventory.remove(record, settings)
    assert path.exists(), "a file of rembg's is not ours to remove"
    assert [one.name for one in path.parent.iterdir()] == ["small-net.onnx"]


def test_folders_that_rembg_was_told_of_are_looked_in(tmp_path: Path, server: Server, make_record: Make) -> None:
    for name in ("U2NET_HOME", "REMBG_HOME"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "small-net.onnx").write_bytes(server.data)
        settings = Settings.read({"FEATHERCUT_CACHE": str(tmp_path / "cache"), name: str(folder)})
        assert weights.locate(make_record({"rembg": "small-net.onnx"}), settings).parent == folder


def test_a_strange_file_at_rembgs_is_passed_by(own_home: Path, server: Server, make_record: Make) -> None:
    (own_home / ".u2net").mkdir()
    (own_home / ".u2net" / "small-net.onnx").write_bytes(b"other")
    record = make_record({"rembg": "small-net.onnx"}, {"url": server.url("good")})
    assert weights.locate(record, Settings.read({})).name.startswith("small-fp32-")


@pytest.mark.parametrize("name", ["small.onnx", "good.onnx"])
def test_the_users_folder_comes_first(
    name: str, tmp_path: Path, settings: Settings, server: Server, make_record: Make
) -> None:
    (tmp_path / name).write_bytes(server.data)
    own = dataclasses.replace(settings, models=tmp_path)
    assert weights.locate(make_record({"url": server.url("good")}), own) == tmp_path / name
    assert server.seen == []


def test_a_wrong_file_in_the_users_folder_is_refused(
    tmp_path: Path, settings: Settings, server: Server, make_record: Make
) -> None:
    (tmp_path / "small.onnx").write_bytes(b"other")
    own = dataclasses.replace(settings, models=tmp_path)
    with pytest.raises(WeightsError, match=r"small\.onnx: not the published weights of `small`"):
        weights.locate(make_record({"url": server.url("good")}), own)


def test_a_record_without_files_takes_what_the_user_brings(
    tmp_path: Path, settings: Settings, make_record: Make
) -> None:
    record = make_record(files=[])
    own = dataclasses.replace(settings, models=tmp_path)
    with pytest.raises(WeightsError, match=r"its record names no file to fetch[\s\S]*holds `small.onnx`"):
        weights.locate(record, own)
    (tmp_path / "small.onnx").write_bytes(b"my own")
    assert weights.locate(record, own) == tmp_path / "small.onnx"
