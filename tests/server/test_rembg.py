"""rembg's HTTP contract: a real client, a real socket, the real u2netp."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from factories import soft_disc
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings

from .rembg_running import Running, disc_png, opened, png, running
from .web import PUBLIC, Web, answer

pytestmark = pytest.mark.weights

PHOTO = disc_png()
MODELS = ("u2netp", "rmbg-2.0")


@pytest.fixture(scope="module")
def cache(weights_settings: Settings, u2netp_path: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
        yield


@pytest.fixture(scope="module")
def server(cache: None) -> Iterator[Running]:
    with running(ServerSettings(models=MODELS), Web({"/a.png": answer(PHOTO)}, {"photos.example": [PUBLIC]})) as one:
        yield one


@pytest.fixture(autouse=True)
def shared_weights(weights_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))


def pixels(response: httpx.Response) -> Any:
    return np.asarray(opened(response)).astype(int)


def test_photo_that_is_sent_and_one_at_an_address_come_back_cut_out(server: Running) -> None:
    sent = pixels(server.post(PHOTO, model="u2netp"))
    fetched = pixels(server.get("http://photos.example/a.png", model="u2netp"))
    by_default = pixels(server.post(PHOTO))
    assert sent.shape == (120, 160, 4)
    assert (sent[60, 80].tolist(), sent[5, 5].tolist()) == ([200, 30, 40, 255], [0, 0, 0, 0])
    for other in (fetched, by_default):
        np.testing.assert_array_equal(other, sent)


def test_older_servers_address_for_uploads_is_answered(server: Running) -> None:
    response = server.client.post("/", files={"file": ("a.png", PHOTO)})
    np.testing.assert_array_equal(pixels(response), pixels(server.post(PHOTO)))


def test_file_part_without_a_name_is_taken(server: Running) -> None:
    response = server.client.post("/api/remove", files={"file": (None, PHOTO)})
    assert pixels(response).shape == (120, 160, 4)


@pytest.mark.parametrize("place", ["query", "form", "get"])
def test_each_field_counts_wherever_it_stands(server: Running, place: str) -> None:
    """Row 17: rembg ignores `bgc` in the form, and the others in the query."""

    def ask(**fields: str) -> httpx.Response:
        if place == "get":
            return server.get("http://photos.example/a.png", **fields)
        return server.post(PHOTO, fields) if place == "query" else server.post(PHOTO, **fields)

    mask = opened(ask(om="true"))
    assert (mask.mode, mask.getpixel((80, 60)), mask.getpixel((2, 2))) == ("L", 255, 0)
    blue = opened(ask(bgc="0,0,255,255"))
    assert (blue.getpixel((2, 2)), blue.getpixel((80, 60))) == ((0, 0, 255), (200, 30, 40))
    assert opened(ask(bgc="0,0,255,128")).getpixel((2, 2)) == (0, 0, 255, 128)
    assert opened(ask(bgc="9,9,9,0")).getpixel((2, 2)) == (0, 0, 0, 0)
    plain = pixels(ask())
    moved = pixels(ask(extras='{"edge_shift": -6}'))
    assert moved[..., 3].sum() < 0.85 * plain[..., 3].sum()
    for idle in ({"a": "true", "af": "200", "ab": "20", "ae": "15"}, {"vm": "1"}, {"dc": "on"}, {"model": "u2netp"}):
        np.testing.assert_array_equal(pixels(ask(**idle)), plain)


def test_soft_pixels_have_the_subjects_own_colours_unless_putalpha_keeps_the_photos(server: Running) -> None:
    share = soft_disc((120, 160))[..., None]
    photo = png(np.rint(share * [200, 30, 40] + (1 - share) * [215, 235, 215]).astype(np.uint8))
    cleaned = pixels(server.post(photo))
    kept = pixels(server.post(photo, extras='{"putalpha": true}'))
    soft = (kept[..., 3] > 30) & (kept[..., 3] < 225)
    assert soft.sum() > 20
    assert cleaned[soft][:, 1].mean() < kept[soft][:, 1].mean() - 20


def test_post_processing_drops_crumbs(server: Running) -> None:
    both = np.full((240, 320, 3), [215, 235, 215], np.uint8)
    y, x = np.mgrid[:240, :320]
    both[np.hypot(x - 130, y - 120) < 90] = [200, 30, 40]
    both[np.hypot(x - 285, y - 120) < 15] = [200, 30, 40]
    photo = png(both)
    with_crumb = pixels(server.post(photo))[..., 3]
    without = pixels(server.post(photo, ppm="true"))[..., 3]
    assert with_crumb[:, 260:].max() > 100
    assert without[:, 260:].max() == 0
    np.testing.assert_array_equal(with_crumb[:, :230], without[:, :230])


FIELDS_422 = [
    ({"model": "xx-u2net-yy"}, "string_pattern_mismatch", "model", "xx-u2net-yy"),
    ({"model": "../../etc/passwd"}, "string_pattern_mismatch", "model", "../../etc/passwd"),
    ({"a": "maybe"}, "bool_parsing", "a", "maybe"),
    ({"om": "2"}, "bool_parsing", "om", "2"),
    ({"af": "256"}, "less_than_equal", "af", "256"),
    ({"ab": "-1"}, "greater_than_equal", "ab", "-1"),
    ({"ae": "-5"}, "greater_than_equal", "ae", "-5"),
    ({"ae": "ten"}, "int_parsing", "ae", "ten"),
    ({"af": "1e400"}, "int_parsing", "af", "1e400"),
]


@pytest.mark.parametrize(("fields", "kind", "name", "text"), FIELDS_422)
def test_field_with_a_wrong_value_is_told_as_fastapi_tells_it(
    server: Running, fields: dict[str, str], kind: str, name: str, text: str
) -> None:
    """Row 16: rembg's pattern is not anchored, and `xx-u2net-yy` reaches the loader."""
    asked = [
        ("query", server.get("http://photos.example/a.png", **fields)),
        ("body", server.post(PHOTO, **fields)),
        ("query", server.post(PHOTO, fields)),
    ]
    for place, response in asked:
        assert response.status_code == 422
        (complaint,) = response.json()["detail"]
        assert (complaint["type"], complaint["loc"], complaint["input"]) == (kind, [place, name], text)
        assert complaint["msg"]
        assert "url" not in complaint


def test_photo_that_is_missing_is_told_as_fastapi_tells_it(server: Running) -> None:
    missing = {"type": "missing", "msg": "Field required", "input": None}
    for response, place in (
        (server.get(None), ["query", "url"]),
        (server.get(" "), ["query", "url"]),
        (server.post(None, om="1"), ["body", "file"]),
        (server.client.post("/api/remove", content=b"x"), ["body", "file"]),
    ):
        assert (response.status_code, response.json()) == (422, {"detail": [{**missing, "loc": place}]})


def test_empty_fields_count_as_absent(server: Running) -> None:
    empty = dict.fromkeys(("model", "a", "af", "ab", "ae", "om", "ppm", "dc", "vm", "bgc", "extras"), "")
    np.testing.assert_array_equal(pixels(server.post(PHOTO, **empty)), pixels(server.post(PHOTO)))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("ftp://photos.example/a.png", "Only http and https URLs are allowed."),
     ("file:///etc/passwd", "Only http and https URLs are allowed."),
     ("http://127.0.0.1:7000/a.png", "Requests to private/internal addresses are not allowed."),
     ("http://[::]/", "Requests to private/internal addresses are not allowed."),
     ("http://2130706433/", "Requests to private/internal addresses are not allowed."),
     ("http://gone.example/", "Could not resolve hostname."),
     ("http://", "Invalid URL: missing hostname."),
     ("http://photos.example/missing", "photos.example answered with HTTP status 404")],
)  # fmt: skip
def test_address_that_is_not_fetched_is_told_in_rembgs_words(server: Running, url: str, sentence: str) -> None:
    response = server.get(url)
    assert (response.status_code, response.json()["detail"]) == (400, sentence)


@pytest.mark.parametrize("body", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", PHOTO[:200], b"GIF89a" + bytes(50)])
def test_body_that_is_no_picture_is_a_400_with_a_code(server: Running, body: bytes) -> None:
    """Row 15: rembg answers 500."""
    response = server.post(body)
    assert response.status_code == 400
    assert response.json()["code"] in ("not_a_picture", "damaged_picture")
    assert len(response.json()["detail"]) > 20


def test_animation_comes_back_with_all_of_its_frames(server: Running) -> None:
    stream = io.BytesIO()
    frames = [Image.open(io.BytesIO(PHOTO)).rotate(angle) for angle in (0, 90)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert getattr(opened(server.post(stream.getvalue())), "n_frames", 1) == 2


@pytest.mark.parametrize(
    "colour", ["red", "1,2", "1,2,3,4,5", "256,0,0,0", "-1,0,0,0", "1.5,0,0", ",,,", "²,0,0", "a" * 9999]
)
def test_colour_that_is_none_is_a_400_with_a_code(server: Running, colour: str) -> None:
    """Row 15: rembg answers 500."""
    for response in (server.post(PHOTO, bgc=colour), server.post(PHOTO, {"bgc": colour[:500]})):
        assert (response.status_code, response.json()["code"]) == (400, "invalid_bgc")


@pytest.mark.parametrize(
    "extras",
    ["{", "[]", "7", "null", '"x"', "[" * 100_000, '{"model_path": "/etc/passwd"}', '{"background": "/etc/passwd"}',
     '{"trimap": "/etc/passwd"}', '{"max_megapixels": 9999}', '{"providers": ["CPUExecutionProvider"]}',
     '{"sam_prompt": []}',
     '{"accept_licence": 7}', " " + "x" * 5000],
)  # fmt: skip
def test_extras_hold_what_callers_may_say_and_nothing_else(server: Running, extras: str) -> None:
    response = server.post(PHOTO, extras=extras)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_extras")


@pytest.mark.parametrize(
    "extras", ['{"edge_shift": 1e9}', '{"specks": "many"}', '{"edges": "sharp"}', '{"presence": NaN}']
)
def test_option_with_a_wrong_value_is_told(server: Running, extras: str) -> None:
    response = server.post(PHOTO, extras=extras)
    assert (response.status_code, response.json()["code"]) == (400, "wrong_option")
    assert next(iter(json.loads(extras))) in response.json()["detail"]


def test_network_that_is_not_offered_and_one_that_nobody_runs_here(server: Running) -> None:
    told = server.post(PHOTO, model="isnet-general-use").json()
    assert told["code"] == "model_not_offered"
    assert "This server offers u2netp, rmbg-2.0" in told["detail"]
    told = server.post(PHOTO, model="sam").json()
    assert told == {"detail": "`sam` is not run by Feathercut: it needs points or boxes, which Feathercut takes as "
                    "strokes in the editor", "code": "unknown_model"}  # fmt: skip


def test_restricted_licence_is_still_asked_for(server: Running) -> None:
    response = server.post(PHOTO, model="bria-rmbg")
    assert (response.status_code, response.json()["code"]) == (403, "licence")
    assert "rmbg-2.0" in response.json()["detail"]
    assert server.post(PHOTO, model="bria-rmbg", extras='{"accept_licence": "mit"}').status_code == 403


def test_document_has_every_parameter_of_rembgs_own(server: Running) -> None:
    document = server.client.get("/openapi.json").json()["paths"]["/api/remove"]
    names = {"model", "a", "af", "ab", "ae", "om", "ppm", "dc", "vm", "bgc", "extras"}
    assert {one["name"] for one in document["get"]["parameters"]} == {*names, "url"}
    form = document["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert (set(form["properties"]), form["required"]) == ({*names, "file"}, ["file"])
    assert form["properties"]["af"] == {
        "type": "integer", "minimum": 0, "maximum": 255, "default": 240,
        "description": "Alpha matting, foreground threshold: no effect.",
    }  # fmt: skip
    assert server.client.get("/api").headers["location"] == "/docs"
