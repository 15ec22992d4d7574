"""The bounds of rembg's contract: keys, rates, sizes, redirects, and what grows with what is asked."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import numpy as np
import pytest

from feathercut.server.keys.store import KeyStore
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings

from .rembg_running import disc_png, png, running
from .web import PUBLIC, Web, answer

pytestmark = pytest.mark.weights

PHOTO = disc_png()
MODELS = ("u2netp", "rmbg-2.0")


@pytest.fixture(autouse=True)
def cache(weights_settings: Settings, u2netp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights that all tests share."""
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))


def test_redirects_and_sizes_are_told_in_rembgs_words(cache: None) -> None:
    answers = {
        "/nowhere": answer(b"", "302 Found"),
        "/round": answer(b"", "302 Found", location="/round"),
        "/inside": answer(b"", "302 Found", location="http://169.254.169.254/latest/"),
        "/large": answer(b"", content_length="99000000"),
    }
    with running(ServerSettings(models=MODELS), Web(answers, {"photos.example": [PUBLIC]})) as server:
        told = {path: server.get(f"http://photos.example{path}") for path in answers}
    assert {path: (one.status_code, one.json()["detail"]) for path, one in told.items()} == {
        "/nowhere": (400, "Redirect without Location header."),
        "/round": (400, "Too many redirects."),
        "/inside": (400, "Requests to private/internal addresses are not allowed."),
        "/large": (400, "Image exceeds maximum size."),
    }


def test_many_values_of_every_option_make_no_network_grow(cache: None) -> None:
    """Row 14: rembg keeps a session for each `extras` that it was ever sent."""
    with running(ServerSettings(models=MODELS)) as server:
        server.post(PHOTO)
        for number in range(60):
            extras = json.dumps({"edge_softness": number / 60, "accept_licence": f"licence-{number}"})
            assert server.post(PHOTO, extras=extras).status_code == 200
        networks = server.inference._removers._values
        assert len({id(remover) for remover in networks.values()}) == 1


def test_keys_are_asked_for_counted_and_limited(cache: None, tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    with KeyStore(path) as store:
        key_id, key = store.create("shop", 3, 0)
    settings = ServerSettings(api_keys="required", database=str(path), megapixels_a_minute=3, models=("u2netp",))
    with running(settings) as server:
        for headers in ({}, {"X-Api-Key": "wrong"}, {"Authorization": "Bearer wrong"}):
            server.client.headers = httpx.Headers(headers)
            refused = server.post(PHOTO)
            assert (refused.status_code, refused.json()["code"]) == (403, "key_refused")
        server.client.headers = httpx.Headers({"authorization": f"Bearer {key}"})
        assert server.post(b"no picture").status_code == 400  # failed work is never charged
        assert [server.post(PHOTO).headers["x-ratelimit-remaining"] for _ in range(2)] == ["2", "1"]
        server.client.headers = httpx.Headers({"x-api-key": key})
        assert server.post(PHOTO).headers["x-ratelimit-remaining"] == "0"
        assert (server.post(PHOTO).status_code, server.post(PHOTO).json()["code"]) == (402, "no_credits_left")
        with KeyStore(path) as store:
            store.add_credits(key_id, 10)
        limited = server.post(PHOTO)
        assert (limited.status_code, limited.json()["code"]) == (429, "rate_limited")
        assert 1 <= int(limited.headers["retry-after"]) <= 60
        assert limited.headers["x-ratelimit-remaining"] == "0"
    with KeyStore(path) as store:
        (row,) = store.rows()
    assert (row.pictures, row.credits) == (3, 10)


def test_upload_over_the_limits_is_refused(cache: None) -> None:
    with running(ServerSettings(most_megabytes=0.01, most_megapixels=0.01, models=MODELS)) as server:
        rng = np.random.default_rng(1)
        for photo in (png(rng.integers(0, 255, (90, 110, 3), np.uint8)), PHOTO):
            response = server.post(photo)
            assert (response.status_code, response.json()["code"]) == (413, "too_large")
