"""The contract from `feathercut serve` as it is run: keys from the command, inference in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from feathercut.settings import Settings
from server.removebg.serving import ASTRONAUT, code_of
from server.running import environment, serving

pytestmark = pytest.mark.weights


def test_contract_is_the_same_across_processes(tmp_path: Path, u2netp_path: Path, weights_settings: Settings) -> None:
    database = str(tmp_path / "keys.sqlite3")
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "feathercut",
            "keys",
            "create",
            "shop",
            "--credits",
            "1.25",
            "--json",
            "--database",
            database,
        ],
        env=environment(weights_settings),
        capture_output=True,
        check=True,
    )
    headers = {"X-Api-Key": json.loads(made.stdout)["key"]}
    flags = ["--api-keys", "required", "--database", database, "--store-corrections", str(tmp_path / "kept")]
    photo = ASTRONAUT.read_bytes()
    with serving(tmp_path, weights_settings, *flags) as running:

        def asked(path: str = "removebg", key: dict[str, str] = headers, **fields: str) -> httpx.Response:
            address = f"{running.address}v1.0/{path}"
            return httpx.post(address, headers=key, files={"image_file": photo}, data=fields, timeout=60)

        assert code_of(asked(key={})) == "403 auth_failed"
        # What only inference can tell comes back under its own code.
        assert code_of(asked(roi="0 0 900px 10px")) == "400 roi_exceeds_bounds"
        assert code_of(asked(roi="400px 0 300px 50%")) == "400 roi_region_empty"
        assert code_of(asked(image_url="http://169.254.169.254/latest")) == "400 multiple_sources"
        full = asked(size="full")
        assert (full.status_code, full.headers["x-credits-charged"]) == (200, "1")
        assert asked(size="auto").headers["x-credits-charged"] == "0.25"  # all that is left
        assert code_of(asked(size="auto")) == "402 insufficient_credits"
        account = running.get("v1.0/account", **headers).json()["data"]["attributes"]
        assert account["credits"]["total"] == 0
        assert asked("improve", tag="hair").status_code == 200
    assert len(list((tmp_path / "kept").rglob("*.jpeg"))) == 1
