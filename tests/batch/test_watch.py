from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from feathercut.batch.manifest import Manifest
from feathercut.batch.plan import Job, plan
from feathercut.batch.run import Outcome
from feathercut.batch.watch import Watcher
from feathercut.options import Network, Options


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def manifest(folder: Path) -> Iterator[Manifest]:
    with Manifest.held(folder / "out", Network(), Options()) as manifest:
        yield manifest


@pytest.fixture
def watcher(folder: Path, manifest: Manifest) -> Watcher:
    return Watcher(lambda: plan([str(folder)], output=None, output_dir=folder / "out", format=None), manifest)


def put(path: Path, data: bytes, time_s: int) -> None:
    path.write_bytes(data)
    os.utime(path, (time_s, time_s))


def names(jobs: list[Job]) -> list[str]:
    return [Path(job.name).name for job in jobs]


def test_photo_is_named_once_when_it_has_stayed_the_same(folder: Path, watcher: Watcher) -> None:
    assert names(watcher.arrived()) == []
    put(folder / "a.jpg", b"a", 1)
    assert names(watcher.arrived()) == []
    assert names(watcher.arrived()) == ["a.jpg"]
    assert names(watcher.arrived()) == []


def test_file_that_is_being_copied_is_left_alone(folder: Path, watcher: Watcher) -> None:
    put(folder / "a.jpg", b"", 1)
    for size in range(4):
        put(folder / "a.jpg", b"a" * size, size)
        assert names(watcher.arrived()) == []
    assert names(watcher.arrived()) == ["a.jpg"]


def test_file_whose_copying_paused_is_tried_again(folder: Path, watcher: Watcher) -> None:
    put(folder / "a.jpg", b"half", 1)
    watcher.arrived()
    assert names(watcher.arrived()) == ["a.jpg"]
    put(folder / "a.jpg", b"half and half", 1)
    watcher.arrived()
    assert names(watcher.arrived()) == ["a.jpg"]


def test_own_outputs_and_what_was_done_are_not_named(folder: Path, watcher: Watcher, manifest: Manifest) -> None:
    put(folder / "a.jpg", b"a", 1)
    watcher.arrived()
    (job,) = watcher.arrived()
    assert job.target is not None
    job.target.write_bytes(b"cutout")
    manifest.record(Outcome(job, "done", 0.1))
    other = Watcher(lambda: plan([str(folder)], output=None, output_dir=folder / "out", format=None), manifest)
    for again in (watcher, other, watcher, other):
        assert names(again.arrived()) == []
    put(folder / "a.jpg", b"b", 2)
    watcher.arrived()
    (job,) = watcher.arrived()
    assert job.earlier == "stale"
