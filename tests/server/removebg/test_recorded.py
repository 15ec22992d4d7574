"""The recorded exchanges, replayed: the requests that were sent to remove.bg, and what its answers promise."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image as Pillow

from factories import display_p3
from feathercut.options import Network
from feathercut.remover import Remover
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings
from feathercut.steps.decode import decode
from server.removebg.serving import RECORDED, Capped, Served, served

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module", params=["u2netp", "isnet-general"])
def recorded(
    request: pytest.FixtureRequest, weights_settings: Settings, u2netp_path: Path, isnet_path: Path
) -> Iterator[Served]:
    """A server with keys, as remove.bg has them, and one network or the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
        remover = Remover.open(Network(model=request.param))
    settings = ServerSettings(models=(request.param,), api_keys="required")
    with served(lambda network: remover, settings, Capped()) as running:
        running.key = "rich"
        yield running
    remover.close()


def rgba(data: bytes) -> Any:
    return np.asarray(Pillow.open(io.BytesIO(data)).convert("RGBA"))


def theirs() -> Any:
    return rgba((RECORDED / "person-in-field.removebg.png").read_bytes())


def test_file_upload_gives_the_recorded_headers(recorded: Served, person: bytes) -> None:
    response = recorded.post(files={"image_file": ("person-in-field.jpg", person)}, data={"size": "preview"})
    assert response.status_code == 200
    told = {
        "access-control-allow-origin": "*",
        "x-ratelimit-limit": "500",
        "x-width": "500",
        "x-height": "333",
        "x-max-width": "500",
        "x-max-height": "333",
        "x-credits-charged": "0.25",
        "content-type": "image/png",
    }
    assert {name: response.headers[name] for name in told} == told
    assert {"x-ratelimit-remaining", "x-ratelimit-reset", "x-type"} <= set(response.headers)


def test_address_in_a_urlencoded_form(recorded: Served, person: bytes) -> None:
    recorded.pictures.web["https://example.com/person-in-field.jpg"] = person
    sent = {"image_url": "https://example.com/person-in-field.jpg", "size": "auto"}
    response = recorded.post(data=sent)
    assert response.headers["x-credits-charged"] == "1"
    assert rgba(response.content).shape == (333, 500, 4)
    dead = recorded.post(data={**sent, "image_url": "https://example.com/dead.jpg"})
    assert dead.status_code == 400
    assert dead.json()["errors"][0]["title"] == "Failed to download image from given image_url: HTTP Status 404"
    assert dead.headers["access-control-allow-origin"] == "*"


def test_wrong_key_and_account(recorded: Served, person: bytes) -> None:
    wrong = recorded.post(key="wrong", files={"image_file": person})
    assert (wrong.status_code, wrong.text) == (403, '{"errors":[{"title":"API Key invalid","code":"auth_failed"}]}')
    account = recorded.get("/v1.0/account", {"X-Api-Key": "rich"})
    credits_left = account.json()["data"]["attributes"]["credits"]
    assert set(credits_left) == {"subscription", "payg", "enterprise", "total"}


def test_picture_keeps_the_recorded_promises(recorded: Served, person: bytes) -> None:
    photo, ours = rgba(person).astype(int), rgba(recorded.cut(person).content)
    alpha = ours[..., 3]
    assert not ours[alpha == 0].any()  # zero under zero
    sure = alpha == 255
    assert 0.05 < sure.mean() < 0.9
    assert np.array_equal(ours[sure][:, :3], photo[sure][:, :3])  # opaque pixels untouched
    soft = (alpha > 0) & (alpha < 255)
    moved = np.abs(ours[soft][:, :3].astype(int) - photo[soft][:, :3]).mean()
    assert moved > 5  # corrected, as remove.bg's are, by 29.9
    # Straight: what remove.bg's soft pixels are, ours are as well, and ours times alpha are not.
    other = theirs()
    shared = soft & (other[..., 3] > 32) & (other[..., 3] < 224)
    colours, recorded_colours = ours[shared][:, :3].astype(float), other[shared][:, :3]
    shares = ours[shared][:, 3:] / 255
    straight, premultiplied = (np.abs(some - recorded_colours).mean() for some in (colours, colours * shares))
    assert straight < premultiplied


def test_subject_is_theirs(recorded: Served, person: bytes) -> None:
    ours, other = rgba(recorded.cut(person).content)[..., 3], theirs()[..., 3]
    both = ((ours > 127) & (other > 127)).sum() / ((ours > 127) | (other > 127)).sum()
    assert both > 0.9


def test_zip_is_laid_out_as_recorded(recorded: Served, person: bytes) -> None:
    ours = zipfile.ZipFile(io.BytesIO(recorded.cut(person, format="zip").content))
    other = zipfile.ZipFile(RECORDED / "person-in-field.removebg.zip")
    assert [(one.filename, one.compress_type) for one in ours.infolist()] == [
        (one.filename, one.compress_type) for one in other.infolist()
    ]
    colour, alpha = (Pillow.open(io.BytesIO(ours.read(name))) for name in ("color.jpg", "alpha.png"))
    assert (colour.size, colour.mode, alpha.size, alpha.mode) == ((500, 333), "RGB", (500, 333), "L")
    recorded_colour = Pillow.open(io.BytesIO(other.read("color.jpg")))
    assert colour.quantization[0] == recorded_colour.quantization[0]  # type: ignore[attr-defined]
    assert np.array_equal(np.asarray(alpha), rgba(recorded.cut(person).content)[..., 3])
    behind = np.asarray(alpha) == 0
    photo = rgba(person)[..., :3]
    assert np.abs(np.asarray(colour)[behind].astype(int) - photo[behind]).mean() < 3.6  # theirs


def test_profile_and_resolution_stay(recorded: Served, person: bytes) -> None:
    file, profile = io.BytesIO(), display_p3()  # which says when it was made
    Pillow.open(io.BytesIO(person)).save(file, "JPEG", quality=95, icc_profile=profile, dpi=(300, 300))
    for given in ("png", "jpg"):
        metadata = decode(recorded.cut(file.getvalue(), format=given).content).frames[0].metadata
        assert metadata.profile == profile
        assert metadata.dpi == pytest.approx((300, 300), abs=0.1)
    webp = decode(recorded.cut(file.getvalue(), format="webp").content).frames[0].metadata
    assert webp.profile == profile


def test_pixels_in_display_p3_are_untouched(recorded: Served, person: bytes) -> None:
    picture = Pillow.open(io.BytesIO(person))
    file = io.BytesIO()
    picture.save(file, "PNG", icc_profile=display_p3())
    ours, photo = rgba(recorded.cut(file.getvalue()).content), np.asarray(picture)
    sure = ours[..., 3] == 255
    assert np.array_equal(ours[sure][:, :3], photo[sure])


def test_sixteen_bits_come_in_and_are_cut(recorded: Served, person: bytes) -> None:
    deep = np.asarray(Pillow.open(io.BytesIO(person))).astype(np.uint16) * 257
    response = recorded.cut(bytes(imagecodecs.png_encode(deep)))
    assert response.status_code == 200
    same = rgba(response.content)
    assert np.abs(same.astype(int) - rgba(recorded.cut(person).content)).mean() < 1
