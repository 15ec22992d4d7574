"""What callers see where the machine misbehaves: its clock is set, its disk is full."""

from __future__ import annotations

import concurrent.futures
import io
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from feathercut.server.keys.store import KeyStore
from feathercut.settings import Settings
from server.attacks.conftest import tiny_models
from server.clock import Clock
from server.running import CAT, WAIT_S, Running, serving, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="sets limits of processes, as on Linux")

resource = pytest.importorskip("resource")
_DAY_S = 86_400


@contextmanager
def with_a_clock(folder: Path, *flags: str) -> Iterator[tuple[Running, Clock]]:
    """A server whose wall clock is set by the test, in all of its processes."""
    clock = Clock(folder)
    with serving(
        folder, Settings(cache=folder / "cache"), "--models", "tiny", *flags,
        FEATHERCUT_MODELS=str(tiny_models(folder / "models")), PYTHONPATH=str(clock.home),
    ) as server:  # fmt: skip
        yield server, clock


def cut(server: Running, key: str, photo: bytes | None = None) -> httpx.Response:
    files = {"picture": ("photo", photo or CAT.read_bytes())}
    return httpx.post(f"{server.address}v1/cutouts", files=files, headers={"X-Api-Key": key}, timeout=WAIT_S)


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_is_set_fails_no_caller_and_locks_nobody_out(tmp_path: Path, days: int) -> None:
    database = tmp_path / "keys.sqlite3"
    with KeyStore(database) as store:
        _, key = store.create("shop", 1000, time.time())
    flags = ("--api-keys", "required", "--database", str(database), "--megapixels-a-minute", "20",
             "--deadline-s", "30", "--photos-at-once", "1")  # fmt: skip
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (1000, 1000, 3), np.uint8)).save(file, "JPEG")
    with with_a_clock(tmp_path, *flags) as (server, clock):
        before = cut(server, key)
        assert before.status_code == 200
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            waiting = [threads.submit(cut, server, key, file.getvalue()) for _ in range(8)]
            until(lambda: server.figure("feathercut_queue_photos") > 0)
            clock.set_off(days * _DAY_S)
            assert [one.result().status_code for one in waiting] == [200] * 8  # their deadlines did not move
        after = cut(server, key)
        assert after.status_code == 200
        told = float(after.headers["x-ratelimit-reset"]) - float(before.headers["x-ratelimit-reset"])
        assert abs(told - days * _DAY_S) < 300  # the clock was set, indeed
        assert server.get("readyz").status_code == 200
        limited = [cut(server, key) for _ in range(22)]
        assert {one.status_code for one in limited} == {200, 429}  # the limit still holds
        assert all(1 <= int(one.headers["retry-after"]) <= 60 for one in limited if one.status_code == 429)
        clock.set_off(0)  # and back: whoever was limited until then is not for another year
        assert cut(server, key).status_code == 200
        assert not [line for line in server.lines() if line["level"] == "error"]


def noise(side: int) -> bytes:
    """A PNG of 3 bytes a pixel."""
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(2).integers(0, 256, (side, side, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


def improve(server: Running, photo: bytes) -> httpx.Response:
    return httpx.post(f"{server.address}v1.0/improve", files={"image_file": ("a.png", photo)}, timeout=WAIT_S)


def test_a_correction_that_the_disk_has_no_room_for_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    kept, models = tmp_path / "kept", tiny_models(tmp_path / "models")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, limits[1]))  # of every file that the server writes
    try:
        running = serving(
            tmp_path, Settings(cache=tmp_path / "cache"), "--models", "tiny", "--store-corrections", str(kept),
            FEATHERCUT_MODELS=str(models),
        )  # fmt: skip
        server = running.__enter__()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    try:
        _is_refused_and_leaves_nothing(server, kept)
    finally:
        running.__exit__(None, None, None)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a small disk, as root")
def test_a_full_disk_is_told_and_photos_are_cut_all_the_same(tmp_path: Path) -> None:
    kept, models = tmp_path / "kept", tiny_models(tmp_path / "models")
    kept.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(kept)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    flags = ("--models", "tiny", "--store-corrections", str(kept))
    try:
        with serving(tmp_path, Settings(cache=tmp_path / "cache"), *flags, FEATHERCUT_MODELS=str(models)) as server:
            _is_refused_and_leaves_nothing(server, kept)
    finally:
        subprocess.run(["umount", "-l", str(kept)], check=True)


def _is_refused_and_leaves_nothing(server: Running, kept: Path) -> None:
    refused = improve(server, noise(900))
    assert refused.status_code == 503, refused.text
    assert str(kept) not in refused.text and "Traceback" not in refused.text
    assert [path for path in kept.rglob("*") if path.is_file()] == []
    assert server.cut(CAT).status_code == 200
    assert improve(server, noise(40)).status_code == 200
    assert len([path for path in kept.rglob("*") if path.is_file()]) == 2
