"""Corrections: kept where whoever runs the server wants them, in private, and not without end."""

from __future__ import annotations

import io
import json
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from feathercut.server.removebg import corrections
from feathercut.server.settings import ServerSettings
from server.removebg.serving import Capped, Served, code_of, error_of, served

PATH = "/v1.0/improve"
JPEG = Path(__file__).parents[3] / "examples" / "photos" / "astronaut.jpg"


def no_network(network: object) -> Any:
    raise AssertionError("nothing is cut out here")


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Served]:
    settings = ServerSettings(store_corrections=tmp_path / "kept", api_keys="required")
    with served(no_network, settings, Capped()) as running:
        running.key = "rich"
        yield running


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted((folder / "kept").rglob("*.json"))]


def test_nothing_is_kept_unless_that_is_asked_for() -> None:
    with served(no_network) as running:
        response = running.post(PATH, files={"image_file": JPEG.read_bytes()})
    assert code_of(response) == "403 improve_disabled"
    assert "--store-corrections" in error_of(response)["detail"]


def test_photo_is_kept_as_it_came_with_what_was_said(keeping: Served, tmp_path: Path) -> None:
    sent = {"image_filename": "../../evil.jpg", "tag": "hair"}
    response = keeping.post(PATH, files={"image_file": ("../../etc/passwd", JPEG.read_bytes())}, data=sent)
    assert response.status_code == 200
    name = response.json()["id"]
    assert str(uuid.UUID(name)) == name
    (record,) = records(tmp_path)
    assert record["id"] == name
    assert (record["image_filename"], record["tag"]) == ("../../evil.jpg", "hair")
    assert "rich" not in json.dumps(record)
    (photo,) = (tmp_path / "kept").rglob("*.jpeg")
    assert photo.name == record["photo"] == f"{name}.jpeg"
    assert photo.read_bytes() == JPEG.read_bytes()


def test_files_are_private_and_none_is_left_half_written(keeping: Served, tmp_path: Path) -> None:
    keeping.post(PATH, files={"image_file": JPEG.read_bytes()})
    found = sorted((tmp_path / "kept").rglob("*"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in found] == [0o700, 0o600, 0o600]
    assert {path.suffix for path in found} == {"", ".jpeg", ".json"}


@pytest.mark.parametrize("kind", ["json", "data"])
def test_base64_and_address_are_taken_too(keeping: Served, tmp_path: Path, kind: str) -> None:
    keeping.pictures.web["https://example.com/a.jpg"] = JPEG.read_bytes()
    body: dict[str, Any] = {kind: {"image_url": "https://example.com/a.jpg", "tag": "x"}}
    assert keeping.post(PATH, **body).status_code == 200
    assert len(records(tmp_path)) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"%PDF-1.7", "failed_to_read_image"), (b"GIF89a" + bytes(20), "invalid_file_type"), (b"", "missing_source")],
)
def test_only_photos_are_kept(keeping: Served, tmp_path: Path, data: bytes, code: str) -> None:
    assert code_of(keeping.post(PATH, files={"image_file": data})) == f"400 {code}"
    assert not records(tmp_path)


def test_twelve_megabytes_are_the_most(keeping: Served, tmp_path: Path) -> None:
    large = JPEG.read_bytes() + bytes(12_000_000)
    assert code_of(keeping.post(PATH, files={"image_file": large})) == "400 file_too_large"
    assert not records(tmp_path)


def test_a_hundred_a_day_and_caller_are_the_most(
    keeping: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "_MOST_A_DAY", 2)
    sent = {"image_file": JPEG.read_bytes()}
    assert [keeping.post(PATH, files=sent).status_code for _ in range(2)] == [200, 200]
    refused = keeping.post(PATH, files=sent)
    assert code_of(refused) == "429 rate_limit_exceeded"
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert keeping.post(PATH, key="poor", files=sent).status_code == 200
    assert len(records(tmp_path)) == 3


def test_folder_that_cannot_be_written_is_told_without_its_path(keeping: Served, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, where a folder is wanted")
    response = keeping.post(PATH, files={"image_file": JPEG.read_bytes()})
    assert response.status_code == 503
    assert str(tmp_path) not in response.text


def png(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(file, "PNG")
    return file.getvalue()


def test_a_matte_that_comes_with_the_photo_is_kept_beside_it(keeping: Served, tmp_path: Path) -> None:
    matte = png((512, 512))
    response = keeping.post(PATH, files={"image_file": JPEG.read_bytes(), "alpha_file": matte})
    assert response.status_code == 200
    (record,) = records(tmp_path)
    (kept,) = (tmp_path / "kept").rglob("*.png")
    assert kept.name == record["alpha"] == f"{record['id']}.alpha.png"
    assert kept.read_bytes() == matte and stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("matte", "said"),
    [
        (png((40, 30)), "It has 40×30 pixels and the photo 512×512"),
        (JPEG.read_bytes(), "Expected png, received jpeg"),
        (png((512, 512))[:20], "alpha_file: "),
    ],
)
def test_a_matte_of_something_else_is_refused_and_nothing_kept(
    keeping: Served, tmp_path: Path, matte: bytes, said: str
) -> None:
    response = keeping.post(PATH, files={"image_file": JPEG.read_bytes(), "alpha_file": matte})
    assert code_of(response) == "400 invalid_alpha_file"
    assert said in error_of(response)["detail"]
    assert not list((tmp_path / "kept").rglob("*.*"))
