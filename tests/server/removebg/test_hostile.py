"""Hostile uploads get an answer of the contract: a picture or a reason, never a fault, never silence."""

from __future__ import annotations

import collections

import httpx
import pytest

from server.removebg.hostile import BOUNDARY, upload
from server.removebg.serving import Served

pytestmark = pytest.mark.weights

# Another 2,500 were run once: `python -m pytest ... -k hostile` with the range moved.
_SEEDS = range(250)


def test_hostile_uploads_are_answered(server: Served) -> None:
    kinds: collections.Counter[str] = collections.Counter()
    with httpx.Client(timeout=60) as client:
        for seed in _SEEDS:
            headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
            response = client.post(server.base + "/v1.0/removebg", content=upload(seed), headers=headers)
            assert response.status_code in (200, 400), f"seed {seed}: {response.status_code} {response.text[:300]}"
            if response.status_code == 400:
                (error,) = response.json()["errors"]
                assert error["title"] and error["code"], f"seed {seed}"
                assert "Traceback" not in response.text and "site-packages" not in response.text
            kinds[response.json()["errors"][0]["code"] if response.status_code == 400 else "picture"] += 1
    assert {"failed_to_read_image", "invalid_file_type", "resolution_too_high", "unknown_foreground"} <= set(kinds)
