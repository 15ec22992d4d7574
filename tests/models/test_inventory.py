from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from feathercut.errors import WeightsError
from feathercut.models import inventory, weights
from feathercut.models.spec import Record
from feathercut.settings import Settings

if TYPE_CHECKING:
    from models.conftest import Server

    Make = Callable[..., Record]


def test_what_is_fetched_is_listed_checked_and_removed(server: Server, settings: Settings, make_record: Make) -> None:
    record = make_record({"url": server.url("good")})
    assert inventory.installed(record, settings) is None
    path = weights.locate(record, settings)
    assert inventory.installed(record, settings) == inventory.Installed(path, "cache", len(server.data))
    assert inventory.verify(record, settings).path == path
    assert inventory.remove(record, settings) == len(server.data)
    assert not path.exists()
    assert inventory.remove(record, settings) == 0


def test_checking_hashes_anew_whatever_was_noted(server: Server, settings: Settings, make_record: Make) -> None:
    import os

    record = make_record({"url": server.url("good")})
    path = weights.locate(record, settings)
    before = path.stat()
    path.write_bytes(b"!" + server.data[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a failing disk would leave it
    assert inventory.installed(record, settings) is not None
    with pytest.raises(WeightsError, match=r"No fitting weights for `small`[\s\S]*changed since"):
        inventory.verify(record, settings)


def test_checking_what_is_not_there_says_how_to_get_it(settings: Settings, make_record: Make) -> None:
    with pytest.raises(WeightsError, match="feathercut models get small"):
        inventory.verify(make_record(), settings)


def test_removing_leaves_the_graphs_of_other_models(settings: Settings, make_record: Make) -> None:
    graphs = settings.cache / "graphs"
    graphs.mkdir(parents=True)
    for name in ("small-0123456789ab-01234567.onnx", "small-two-0123456789ab-01234567.onnx"):
        (graphs / name).write_bytes(b"graph")
    assert inventory.remove(make_record(), settings) == 5
    assert [path.name for path in graphs.iterdir()] == ["small-two-0123456789ab-01234567.onnx"]


def test_removing_leaves_no_empty_folder(settings: Settings, make_record: Make) -> None:
    compiled = settings.cache / "compiled"
    for name in ("small-0123456789ab-01234567-89abcdef", "small-two-0123456789ab-01234567-89abcdef"):
        (compiled / name).mkdir(parents=True)
        (compiled / name / "weights.bin").write_bytes(b"graph")
    assert inventory.remove(make_record(), settings) == 5
    assert [path.name for path in compiled.iterdir()] == ["small-two-0123456789ab-01234567-89abcdef"]
