"""The server as its callers see it: a real process, a real socket, a real network."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

import feathercut
from feathercut.options import Options
from feathercut.remover import Remover
from feathercut.server.own.fields import FIELDS
from feathercut.settings import Settings
from server.running import CAT, PHOTOS, Running, environment, serving

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings, u2netp_path: Path
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, weights_settings, "--workers", "2", "--origins", "https://shop.example") as running:
        yield running


@pytest.fixture
def remover(weights_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remover]:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    with Remover(model="u2netp") as one:
        yield one


def pixels(body: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(body)) as image:
        return np.asarray(image.convert("RGBA"), np.float32)


@pytest.mark.parametrize("photo", ["cat.jpg", "astronaut.jpg", "cup.jpg"])
def test_what_comes_back_is_what_the_library_gives(server: Running, remover: Remover, photo: str) -> None:
    answer = server.cut(PHOTOS / photo)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    expected = pixels(remover.remove(PHOTOS / photo).to_bytes("png"))
    assert np.abs(pixels(answer.content) - expected).max() <= 1


def test_options_do_what_they_do_in_the_library(server: Running, remover: Remover) -> None:
    given = {
        "background": "#ff8000",
        "crop": True,
        "margin": "10%",
        "size": "200x100",
        "format": "webp",
        "file_quality": 100,
    }
    answer = server.cut(CAT, **{name: str(value) for name, value in given.items()})
    assert answer.headers["content-type"] == "image/webp"
    expected = remover.remove(CAT, **given)  # type: ignore[arg-type]
    assert np.abs(pixels(answer.content) - pixels(expected.to_bytes())).max() <= 1
    assert answer.headers["x-feathercut-size"] == "200x100"


def test_a_matte_and_a_background_may_come_with_the_photo(server: Running) -> None:
    photo, matte, behind = (io.BytesIO() for _ in range(3))
    Image.new("RGB", (40, 30), "blue").save(photo, "PNG")
    half = Image.new("L", (40, 30), 0)
    half.paste(255, (20, 0, 40, 30))
    half.save(matte, "PNG")
    Image.new("RGB", (40, 30), "lime").save(behind, "PNG")
    files = {"picture": photo.getvalue(), "matte": matte.getvalue(), "background_picture": behind.getvalue()}
    answer = httpx.post(server.address + "v1/cutouts", files=files, timeout=60)
    assert answer.status_code == 200, answer.text
    shown = pixels(answer.content)
    assert shown[15, 5].tolist() == [0, 255, 0, 255]
    assert shown[15, 35].tolist() == [0, 0, 255, 255]
    assert answer.headers["x-feathercut-model"] == "matte"


def test_facts_of_the_answer_are_in_its_headers(server: Running) -> None:
    headers = server.cut(CAT).headers
    assert headers["x-feathercut-found"] == "true"
    assert headers["x-feathercut-photo-size"] == headers["x-feathercut-size"] == "451x300"
    left, top, width, height = map(int, headers["x-feathercut-foreground"].split())
    assert 0 <= left < left + width <= 451
    assert 0 <= top < top + height <= 300
    report = json.loads(headers["x-feathercut-report"])
    assert 0 < report["confidence"] < 1
    assert "low-resolution" in {finding["kind"] for finding in report["findings"]}
    assert {part.split(";")[0] for part in headers["server-timing"].split(", ")} >= {"decode", "cut", "encode"}


def test_who_wants_json_gets_picture_and_whole_report(server: Running, remover: Remover) -> None:
    answer = httpx.post(
        f"{server.address}v1/cutouts", files={"picture": CAT.read_bytes()}, headers={"Accept": "application/json"}
    ).json()
    assert answer["media_type"] == "image/png"
    assert pixels(base64.b64decode(answer["picture"])).shape == (300, 451, 4)
    assert answer["report"] == remover.remove(CAT).report.as_object(with_masks=True)


@pytest.mark.parametrize(
    ("body", "fields", "status", "code", "says"),
    [
        (CAT, {"crp": "1"}, 400, "wrong_option", "did you mean `crop`"),
        (CAT, {"shadow": "heavy"}, 400, "wrong_option", "`shadow`"),
        (CAT, {"background": "/etc/passwd"}, 400, "wrong_option", "background_picture"),
        (CAT, {"trimap": "/etc/passwd"}, 400, "wrong_option", "`trimap`"),
        (CAT, {"model": "isnet-general"}, 400, "wrong_option", "u2netp"),
        (CAT, {"format": "jpeg"}, 400, "wrong_option", "JPEG"),
        (CAT, {"recipe": "{}"}, 422, "unusable_recipe", "recipe"),
        (b"%PDF-1.7 and more", {}, 415, "not_a_picture", "PDF"),
        (b"", {}, 400, "wrong_option", "`picture`"),
        (CAT.read_bytes()[:2000], {}, 422, "damaged_picture", "cut short"),
    ],
)
def test_what_is_wrong_is_told(
    server: Running, body: Path | bytes, fields: dict[str, str], status: int, code: str, says: str
) -> None:
    answer = server.cut(body, **fields)
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert says in told["detail"]
    assert told["request_id"] == answer.headers["x-request-id"]


def test_uploads_over_the_limit_are_refused_and_the_caller_reads_why(server: Running) -> None:
    answer = server.cut(b"\xff\xd8\xff" + bytes(40_000_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    assert server.cut().status_code == 200


def test_an_upload_without_end_is_ended(server: Running) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1 << 20
            yield bytes(1 << 20)

    form = {"content-type": "multipart/form-data; boundary=x"}
    with contextlib.suppress(httpx.HTTPError):  # its connection is closed; whether it came to read why is luck
        assert httpx.post(server.address + "v1/cutouts", content=endless(), headers=form, timeout=60).status_code == 413
    assert sent < 300e6
    assert server.figure("feathercut_upload_bytes") == 0


def test_every_answer_has_an_id_and_headers_that_are_safe(server: Running) -> None:
    for answer in (server.get("healthz"), server.get("nothing"), server.cut(b"nothing")):
        assert len(answer.headers["x-request-id"]) == 16
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
    assert server.get("healthz", **{"X-Request-Id": "from-a-proxy-17"}).headers["x-request-id"] == "from-a-proxy-17"
    assert "\n" not in server.get("healthz", **{"X-Request-Id": "a b"}).headers["x-request-id"]


def test_only_listed_origins_may_ask_from_a_browser(server: Running) -> None:
    ours = server.get("v1/models", Origin="https://shop.example")
    assert ours.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in server.get("v1/models", Origin="https://evil.example").headers


def test_models_are_told(server: Running) -> None:
    (only,) = server.get("v1/models").json()["models"]
    assert (only["id"], only["default"], only["commercial"]) == ("u2netp", True, True)


def test_the_document_has_every_option_once_and_nothing_comes_from_elsewhere(server: Running) -> None:
    document = server.get("openapi.json").json()
    form = document["paths"]["/v1/cutouts"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(FIELDS) < set(form["properties"])
    assert set(Options.model_fields) - set(FIELDS) == {
        "max_megabytes",
        "max_megapixels",
        "max_frames",
        "order",
        "trimap",
    }
    assert form["properties"]["edge_shift"]["maximum"] == 100
    page = server.get("docs")
    assert "decontaminate" in page.text
    assert "<code>/v1</code>" in page.text and "`" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_figures_of_all_workers_are_summed(server: Running) -> None:
    before = server.figure("feathercut_photos_total")
    for _ in range(6):
        assert server.cut().status_code == 200
    assert server.figure("feathercut_photos_total") == before + 6
    assert server.figure("feathercut_inference_memory_bytes") > 50e6
    assert server.figure("feathercut_networks_bytes") > 1e6
    assert server.figure("feathercut_queue_photos") == 0


def test_photos_of_every_contract_are_counted_and_logged(server: Running) -> None:
    before = server.figure("feathercut_photos_total")
    photo = CAT.read_bytes()
    for path, name in (("v1/cutouts", "picture"), ("v1.0/removebg", "image_file"), ("api/remove", "file")):
        answer = httpx.post(server.address + path, files={name: ("cat.jpg", photo)}, timeout=60)
        assert answer.status_code == 200, answer.text
        line = server.logged(answer)
        assert (line["model"], line["key"]) == ("u2netp", "anonymous")
        assert isinstance(line["megapixels"], float)
    assert server.figure("feathercut_photos_total") == before + 3


def test_the_log_has_a_line_a_request_and_nothing_of_the_photo(server: Running) -> None:
    answer = server.cut()
    line = server.logged(answer)
    assert (line["route"], line["status"], line["model"]) == ("/v1/cutouts", 200, "u2netp")
    assert set(line) == {
        "time", "level", "event", "request_id", "method", "route", "status", "seconds", "bytes_out", "model",
        "megapixels", "key",
    }  # fmt: skip


def test_settings_are_printed_with_where_they_are_from(weights_settings: Settings) -> None:
    words = [sys.executable, "-m", "feathercut", "serve", "--print-settings", "--json", "--port", "81"]
    secret = "postgresql://ann:hunter2@db.example/keys"
    variables = {"FEATHERCUT_SERVER_WORKERS": "3", "FEATHERCUT_SERVER_DATABASE": secret}
    done = subprocess.run(
        words, env={**environment(weights_settings), **variables}, capture_output=True, text=True, check=True
    )
    rows = {row["name"]: row for row in json.loads(done.stdout)["settings"]}
    assert (rows["port"]["value"], rows["port"]["from"]) == ("81", "flag")
    assert (rows["workers"]["value"], rows["workers"]["from"]) == ("3", "environment")
    assert (rows["host"]["value"], rows["host"]["from"]) == ("127.0.0.1", "default")
    assert "hunter2" not in done.stdout
    assert rows["database"]["value"] == "postgresql://ann:***@db.example/keys"
    assert feathercut.__version__
