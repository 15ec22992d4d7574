"""Photos that come to a network at the same time are one run of it, where the server is told so."""

from __future__ import annotations

import concurrent.futures
import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from feathercut.engines.batching import Batches
from feathercut.options import Network
from feathercut.remover import Remover
from feathercut.server.networks import Networks, batches_of
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings
from feathercut.steps.decode import decode
from server.running import CAT, PHOTOS, serving

pytestmark = pytest.mark.weights

NAMES = ("cat.jpg", "astronaut.jpg", "cup.jpg", "cat.jpg")


def test_batches_are_for_cuda_and_for_whoever_asks_for_them() -> None:
    assert batches_of(ServerSettings()) is None
    assert batches_of(ServerSettings(device="cuda")) == Batches(8, 0.003)
    assert batches_of(ServerSettings(device="cuda", batch_photos=1)) is None
    assert batches_of(ServerSettings(batch_photos=4, batch_wait_ms=20)) == Batches(4, 0.02)


def test_predictions_of_a_batch_are_those_of_each_photo_alone(
    weights_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    photos = [decode((PHOTOS / name).read_bytes()).frames[0] for name in NAMES]
    networks = Networks(Settings.read(), 4, Batches(4, 20))
    many = networks.get(Network(model="u2netp"))
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        together = list(threads.map(many.predict, photos))
    with Remover(model="u2netp", precision="fp32") as one:
        for photo, predictions in zip(photos, together, strict=True):
            for found, expected in zip(predictions, one.predict(photo), strict=True):
                assert np.abs(found.alpha - expected.alpha).max() < 1e-3
    many.close()


def test_bad_photos_and_callers_who_hang_up_harm_nobody_in_a_batch(tmp_path: Path, weights_settings: Settings) -> None:
    flags = ("--batch-photos", "4", "--batch-wait-ms", "200", "--photos-at-once", "4")
    with serving(tmp_path, weights_settings, *flags) as server:
        bodies = [CAT.read_bytes(), b"no picture", CAT.read_bytes()[:3000], (PHOTOS / "cup.jpg").read_bytes()] * 3

        def hung_up() -> None:
            files = {"picture": ("photo", CAT.read_bytes())}
            with pytest.raises(httpx.TimeoutException):
                httpx.post(f"{server.address}v1/cutouts", files=files, timeout=0.1)

        with concurrent.futures.ThreadPoolExecutor(16) as threads:
            gone = [threads.submit(hung_up) for _ in range(3)]
            answers = list(threads.map(server.cut, bodies))
            for one in gone:
                one.result()
        assert [answer.status_code for answer in answers] == [200, 415, 422, 200] * 3
        for answer in answers[::4]:
            assert np.abs(pixels(answer.content) - pixels(answers[0].content)).max() <= 1


def pixels(body: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(body)) as image:
        return np.asarray(image.convert("RGBA"), np.float32)
