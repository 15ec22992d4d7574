"""`feathercut.Client` against a real server, and against answers that one can only wait for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

import feathercut
from feathercut.errors import DamagedPictureError, FeathercutError, InputError, OptionError
from feathercut.server.errors import KeyRefusedError
from feathercut.server.orders import BusyError
from feathercut.settings import Settings
from server.running import CAT, serving


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[feathercut.Client]:
    with (
        serving(tmp_path_factory.mktemp("client"), weights_settings) as server,
        feathercut.Client(server.address) as one,
    ):
        yield one


@pytest.mark.weights
def test_a_cutout_comes_as_the_library_would_give_it(
    client: feathercut.Client, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cutout = client.cut(CAT, crop=True, margin="5%", background=(255, 128, 0))
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    with feathercut.Remover(model="u2netp") as remover:
        expected = remover.remove(CAT, crop=True, margin="5%", background=(255, 128, 0))
    assert cutout.report["verdict"] == expected.report.verdict
    assert (cutout.size, cutout.found, cutout.model) == (expected.picture.size, True, "u2netp")
    with Image.open(cutout.save(tmp_path / "cat.png")) as image:
        shown = np.asarray(image.convert("RGB"), np.float32) / 255
    assert np.abs(shown - expected.rgb).max() < 0.005


@pytest.mark.weights
def test_models_and_errors_are_typed(client: feathercut.Client) -> None:
    assert [(one.id, one.default) for one in client.models()] == [("u2netp", True)]
    with pytest.raises(DamagedPictureError, match="cut short"):
        client.cut(CAT.read_bytes()[:2000])
    with pytest.raises(OptionError, match="isnet-general"):
        client.cut(CAT, model="isnet-general")


def answering(*answers: httpx.Response) -> tuple[feathercut.Client, list[float]]:
    left, pauses = list(answers), list[float]()

    def answer(_: httpx.Request) -> httpx.Response:
        return left.pop(0)

    return feathercut.Client("http://server", transport=httpx.MockTransport(answer), pause=pauses.append), pauses


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "why"}, headers=headers)


def test_a_busy_server_is_asked_again_when_it_said() -> None:
    models = httpx.Response(200, json={"models": []})
    client, pauses = answering(problem(503, "busy", **{"Retry-After": "7"}), models)
    with client:
        assert client.models() == []
    assert pauses == [7]


def test_a_server_that_stays_busy_is_given_up() -> None:
    client, pauses = answering(*[problem(503, "busy", **{"Retry-After": "2"}) for _ in range(4)])
    with client, pytest.raises(BusyError) as refused:
        client.models()
    assert (pauses, refused.value.retry_after_s) == ([2, 2, 2], 2)


def test_what_waiting_does_not_mend_is_raised_at_once() -> None:
    client, pauses = answering(problem(403, "key_refused"))
    with client, pytest.raises(KeyRefusedError, match="why"):
        client.models()
    assert pauses == []


def test_another_server_is_told_apart_and_none_is_named() -> None:
    client, _ = answering(httpx.Response(502, text="<html>"))
    with client, pytest.raises(FeathercutError, match="502, and not as Feathercut does"):
        client.models()
    with feathercut.Client("http://127.0.0.1:9") as nobody, pytest.raises(FeathercutError, match="cannot be reached"):
        nobody.models()


def test_options_and_files_are_checked_before_anything_is_sent(tmp_path: Path) -> None:
    client, _ = answering()
    with client:
        with pytest.raises(OptionError, match="did you mean `crop`"):
            client.cut(io.BytesIO(b"x").getvalue(), crp=True)
        with pytest.raises(InputError, match=r"none\.jpg cannot be read"):
            client.cut(tmp_path / "none.jpg")
