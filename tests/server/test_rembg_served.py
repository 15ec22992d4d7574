"""rembg's contract from `feathercut serve` and `feathercut rembg s` as people run them: processes and a real socket."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from feathercut.server.keys.store import KeyStore
from feathercut.settings import Settings

from .rembg_running import disc_png
from .running import WAIT_S, environment, serving, until

pytestmark = pytest.mark.weights

PHOTO = disc_png()


def ask(address: str, **headers: str) -> httpx.Response:
    files = {"file": ("photo.png", PHOTO)}
    return httpx.post(f"{address}api/remove", files=files, data={"om": "0"}, headers=headers, timeout=WAIT_S)


def test_two_workers_share_keys_rates_and_credits(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path
) -> None:
    database = tmp_path / "keys.sqlite3"
    with KeyStore(database) as store:
        key_id, key = store.create("shop", 100, 0)
    flags = ("--workers", "2", "--api-keys", "required", "--database", str(database), "--megapixels-a-minute", "6")
    with serving(tmp_path, weights_settings, *flags) as server:
        assert ask(server.address).status_code == 403
        answers = [ask(server.address, **{"X-Api-Key": key}) for _ in range(8)]
        assert [one.status_code for one in answers] == [200] * 6 + [429] * 2
        assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["5", "4", "3", "2", "1", "0", "0", "0"]
        assert all(int(one.headers["retry-after"]) <= 60 for one in answers[6:])
        with KeyStore(database) as store:
            store.revoke(key_id, 1)
        assert ask(server.address, **{"X-Api-Key": key}).status_code == 403
    with KeyStore(database) as store:
        (row,) = store.rows()
    assert (row.pictures, row.credits) == (6, 94)


def test_photo_at_a_private_address_is_refused_by_the_server_as_it_is_run(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path
) -> None:
    with serving(tmp_path, weights_settings) as server:
        for url in (server.address, "http://localhost/a.jpg", "http://0/", "http://[::ffff:7f00:1]/"):
            told = httpx.get(f"{server.address}api/remove", params={"url": url}, timeout=WAIT_S)
            assert told.status_code == 400
            assert told.json()["detail"] == "Requests to private/internal addresses are not allowed."
        assert ask(server.address).status_code == 200
        assert httpx.get(f"{server.address}api").headers["location"] == "/docs"


def test_rembgs_letter_for_a_server_serves_this_machine_only(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path
) -> None:
    """Row 18: rembg listens at all addresses and opens a browser."""
    words = ["rembg", "s", "-p", "0", "-l", "warning", "-t", "2", "--no-ui"]
    settings = {**environment(weights_settings), "FEATHERCUT_SERVER_MODELS": "u2netp", "BROWSER": "false"}
    with subprocess.Popen(
        [sys.executable, "-m", "feathercut", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=settings, cwd=tmp_path,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), address
            until(lambda: httpx.get(f"{address}readyz").status_code == 200)
            cutout = np.asarray(Image.open(io.BytesIO(ask(address).content)))
            assert (cutout.shape, cutout[60, 80].tolist()) == ((120, 160, 4), [200, 30, 40, 255])
        finally:
            os.kill(process.pid, signal.SIGTERM)
            _, said = process.communicate(timeout=WAIT_S)
    assert '"path"' not in said  # no line a request
