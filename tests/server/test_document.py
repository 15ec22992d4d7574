"""The OpenAPI document, asked all that it allows by a tool that knows nothing else of us."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from feathercut.settings import Settings
from server.running import serving


@pytest.mark.weights
def test_whatever_the_document_allows_is_answered_as_it_says(tmp_path: Path, weights_settings: Settings) -> None:
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", "--phases", "fuzzing", "--max-examples", "15"]
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    with serving(tmp_path, weights_settings) as server:
        done = subprocess.run(
            [*command, "--checks", checks, "--seed", "6", f"{server.address}openapi.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        assert server.get("readyz").status_code == 200
        asked = server.get("metrics").text
        for route in ("/v1/cutouts", "/v1/jobs", "/v1/jobs/{job}", "/v1/jobs/{job}/events", "/v1/jobs/{job}/result"):
            assert f'route="{route}"' in asked
        assert not [line for line in server.lines() if line["level"] == "error"]
