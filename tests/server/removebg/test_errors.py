"""Every error of the contract, each by its cause, over the socket."""

from __future__ import annotations

import io
from typing import Any

import httpx
import imagecodecs
import numpy as np
import pytest
from PIL import Image as Pillow

from feathercut.errors import OptionError
from feathercut.remover import Remover
from feathercut.server.remote import RemoteFetcher
from feathercut.server.removebg.refusals import refusal_of
from feathercut.server.settings import ServerSettings
from server.removebg.serving import Served, code_of, error_of, served

pytestmark = pytest.mark.weights


def png(array: Any) -> bytes:
    return bytes(imagecodecs.png_encode(np.asarray(array)))


def saved(name: str, **how: Any) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (40, 30), (200, 30, 30)).save(file, name, **how)
    return file.getvalue()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        *(
            ({name: "wrong"}, f"invalid_{name}")
            for name in ("size", "format", "channels", "roi", "crop_margin", "scale")
        ),
        *(({name: "wrong"}, f"invalid_{name}") for name in ("position", "semitransparency", "bg_color")),
        ({"bg_image_url": "no address"}, "invalid_bg_image_url"),
        ({"bg_image_url": "https://example.com/gone.jpg"}, "failed_bg_download"),
        ({"bg_color": "red", "bg_image_url": "https://example.com/a.jpg"}, "multiple_bg_sources"),
        ({"image_url": "https://example.com/a.jpg"}, "multiple_sources"),
        ({"roi": "0px 0px 600px 100px"}, "roi_exceeds_bounds"),
        ({"roi": "0 0 101% 100%"}, "roi_exceeds_bounds"),
        ({"roi": "400px 0px 300px 100%"}, "roi_region_empty"),
        ({"roi": "50% 0px 10px 100%"}, "roi_region_empty"),
    ],
)
def test_wrong_parameters(server: Served, astronaut: bytes, fields: dict[str, str], code: str) -> None:
    response = server.cut(astronaut, None, **fields)
    assert code_of(response) == f"400 {code}"
    assert error_of(response)["title"]
    assert not [name for name in response.headers if name.startswith("x-ratelimit")]


def test_no_source_has_the_contracts_words(server: Served) -> None:
    for response in (server.post(), server.post(json={}), server.post(data={"size": "auto"})):
        assert response.status_code == 400
        assert error_of(response) == {
            "title": "No image given",
            "code": "missing_source",
            "detail": "Please provide the source image in the image_url, image_file or image_file_b64 parameter.",
        }


def test_dead_address_has_the_recorded_words(server: Served) -> None:
    response = server.post(data={"image_url": "https://example.com/gone.jpg", "size": "auto"})
    assert response.status_code == 400
    assert error_of(response) == {
        "title": "Failed to download image from given image_url: HTTP Status 404",
        "code": "failed_image_download",
    }


@pytest.mark.parametrize("url", ["ftp://example.com/a.jpg", "file:///etc/passwd", "example.com/a.jpg", "http://"])
def test_what_is_no_address(server: Served, url: str) -> None:
    assert code_of(server.post(json={"image_url": url})) == "400 invalid_image_url"


def test_addresses_within_the_house_are_refused_by_the_real_fetcher(u2netp: Remover) -> None:
    settings = ServerSettings(models=("u2netp",))
    with served(lambda network: u2netp, settings, fetcher=RemoteFetcher(settings)) as running:
        for url in (
            "http://127.0.0.1:1/a.jpg",
            "http://169.254.169.254/latest",
            "http://[::1]/a.jpg",
            "http://2130706433/",
        ):
            response = running.post(json={"image_url": url})
            assert response.status_code == 400
            assert error_of(response)["code"] in ("failed_image_download", "invalid_image_url")


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"%PDF-1.7 hello", "invalid_file_type", "PDF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "invalid_file_type", "Expected jpg/png"),
        (b"just some text", "invalid_file_type", "Expected jpg/png"),
        (saved("GIF"), "invalid_file_type", "received gif"),
        (saved("TIFF"), "invalid_file_type", "received tiff"),
        (saved("BMP"), "invalid_file_type", "received bmp"),
        (saved("JPEG")[:40], "failed_to_read_image", "JPEG"),
        (saved("PNG")[:60], "failed_to_read_image", "PNG"),
        (
            saved("WEBP", save_all=True, append_images=[Pillow.new("RGB", (40, 30))], duration=50),
            "invalid_file_type",
            "2",
        ),
    ],
)
def test_what_is_no_photo_of_the_contract(server: Served, data: bytes, code: str, says: str) -> None:
    response = server.cut(data)
    assert code_of(response) == f"400 {code}"
    assert says in error_of(response)["detail"]


def test_broken_base64(server: Served) -> None:
    assert code_of(server.post(json={"image_file_b64": "no base64!"})) == "400 failed_to_read_image"


def test_photo_without_a_subject(server: Served) -> None:
    response = server.cut(png(np.full((64, 64, 3), 128, np.uint8)))
    assert code_of(response) == "400 unknown_foreground"
    assert error_of(response)["title"] == "Could not identify foreground in image"


def test_limits_on_bytes_and_pixels(u2netp: Remover, astronaut: bytes) -> None:
    settings = ServerSettings(models=("u2netp",), most_megabytes=0.09, most_megapixels=0.2)
    with served(lambda network: u2netp, settings) as running:
        assert 80_000 < len(astronaut) < 90_000
        assert code_of(running.cut(astronaut)) == "400 resolution_too_high"
        assert code_of(running.cut(astronaut + bytes(20_000))) == "400 file_too_large"
        assert code_of(running.cut(astronaut + bytes(3_000_000))) == "400 file_too_large"
        running.pictures.web["https://example.com/large.jpg"] = bytes(95_000)
        assert code_of(running.post(json={"image_url": "https://example.com/large.jpg"})) == "400 file_too_large"
        background = {"bg_image_file": astronaut}
        small = running.cut(saved("JPEG"), background)
        assert code_of(small) == "400 resolution_too_high"
        assert "bg_image_file" in error_of(small)["detail"]


def test_canvas_that_no_memory_holds() -> None:
    """No margin of the contract gets there by itself; the library's own bound has the contract's word."""
    refusal = refusal_of(OptionError("Option `margin`: the picture would have 99999×9 pixels"))
    assert (refusal.status, refusal.code) == (400, "invalid_dimensions")
    assert refusal.detail == "the picture would have 99999×9 pixels"


def test_busy_and_late_are_503_with_a_time_to_come_again(u2netp: Remover, astronaut: bytes) -> None:
    settings = ServerSettings(models=("u2netp",), deadline_s=0.001)
    with served(lambda network: u2netp, settings) as running:
        response = running.cut(astronaut)
    assert response.status_code == 503
    assert error_of(response)["code"] == "late"
    assert int(response.headers["retry-after"]) >= 1


def test_fault_of_ours_tells_nothing(astronaut: bytes) -> None:
    def fail(network: object) -> Remover:
        raise ZeroDivisionError("secret inside")

    with served(fail) as running:
        response = running.cut(astronaut)
    assert response.status_code == 500
    assert "secret" not in response.text and "Traceback" not in response.text


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_there(server: Served, method: str) -> None:
    assert httpx.request(method, server.base + "/v1.0/removebg").status_code == 405
