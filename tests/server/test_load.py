"""Sixty requests at once: none lost, none wrong."""

from __future__ import annotations

import concurrent.futures
import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from feathercut.remover import Remover
from feathercut.settings import Settings
from server.running import PHOTOS, serving

pytestmark = pytest.mark.weights

_SIZES = (120, 200, 333, 480)
_NAMES = ("cat.jpg", "astronaut.jpg", "cup.jpg")


def photos() -> list[bytes]:
    """Photos that differ in what they show and in size."""
    made = []
    for name in _NAMES:
        with Image.open(PHOTOS / name) as opened:
            for side in _SIZES:
                file = io.BytesIO()
                opened.convert("RGB").resize((side, side + 7)).save(file, "PNG")
                made.append(file.getvalue())
    return made


def pixels(body: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(body)) as image:
        return np.asarray(image.convert("RGBA"), np.float32)


def test_sixty_requests_lose_nothing_and_mix_nothing_up(
    tmp_path: Path, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    given = photos()
    with Remover(model="u2netp") as remover:
        expected = [pixels(remover.remove(one).to_bytes("png")) for one in given]
    with (
        serving(tmp_path, weights_settings, "--workers", "2") as server,
        httpx.Client(timeout=120) as client,
        concurrent.futures.ThreadPoolExecutor(16) as threads,
    ):

        def ask(number: int) -> httpx.Response:
            files = {"picture": ("photo.png", given[number % len(given)])}
            return client.post(server.address + "v1/cutouts", files=files)

        answers = list(threads.map(ask, range(60)))
        assert [answer.status_code for answer in answers] == [200] * 60
        for number, answer in enumerate(answers):
            shown = pixels(answer.content)
            assert shown.shape == expected[number % len(given)].shape
            assert np.abs(shown - expected[number % len(given)]).max() <= 1
        assert server.figure("feathercut_photos_total") == 60
        assert server.figure("feathercut_queue_photos") + server.figure("feathercut_running_photos") == 0
        assert server.figure("feathercut_upload_bytes") == 0
        assert len({answer.headers["x-request-id"] for answer in answers}) == 60
