"""Clients that others wrote for remove.bg, from the registries, unedited, asked for all that they can do."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from feathercut.remover import Remover
from feathercut.server.settings import ServerSettings
from server.removebg.detour import HOST, certificate, detour
from server.removebg.outside import Outside
from server.removebg.serving import ASTRONAUT, Capped, served

pytestmark = [pytest.mark.weights, pytest.mark.registry]

URL = "https://example.com/astronaut.jpg"


@pytest.fixture(scope="module")
def outside(u2netp: Remover, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, to make a certificate")
    folder = tmp_path_factory.mktemp("clients")
    ours = certificate(folder)
    settings = ServerSettings(models=("u2netp",), api_keys="required")
    with served(lambda network: u2netp, settings, Capped(), certificate=ours) as server:
        server.pictures.web[URL] = ASTRONAUT.read_bytes()
        with detour(int(server.base.rpartition(":")[2])) as way:
            proxy = f"http://127.0.0.1:{way.port}"
            trust = dict.fromkeys(("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), str(folder / "only.pem"))
            kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            around = {**kept, **trust, "HTTPS_PROXY": proxy, "https_proxy": proxy, "PYTHONDONTWRITEBYTECODE": "1"}
            yield Outside(folder, around, server, way)
            assert set(way.asked) <= {f"{HOST}:443"}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(ASTRONAUT.read_bytes())
    (tmp_path / "photo.b64").write_text(base64.b64encode(path.read_bytes()).decode())
    return path


def opened(path: Path) -> Any:
    return Pillow.open(io.BytesIO(path.read_bytes()))


def picture(path: Path, size: tuple[int, int] = (500, 500), mode: str = "RGBA") -> Any:
    found = opened(path)
    assert (found.size, found.mode) == (size, mode)
    return found


def test_removebg_of_pypi(outside: Outside, photo: Path) -> None:
    """By file, address and base64; a size, a colour; a wrong key raises."""
    code = f"""
import removebg, requests
rb = removebg.RemoveBg("rich", "error.log")
rb.remove_background_from_img_file("photo.jpg")
rb.remove_background_from_img_url("{URL}", size="4k", new_file_name="url.png")
rb.remove_background_from_base64_img(open("photo.b64").read(), new_file_name="b64.jpg", bg_color="red")
try:
    removebg.RemoveBg("wrong", "error.log").remove_background_from_img_file("photo.jpg")
except requests.HTTPError as error:
    print(error.response.status_code, error.response.json()["errors"][0]["title"])
"""
    assert outside.python("removebg", code, photo.parent) == "403 API Key invalid\n"
    assert picture(photo.with_name("photo.jpg_no_bg.png")).getchannel("A").getextrema() == (0, 255)
    picture(photo.with_name("url.png"), (512, 512))
    assert picture(photo.with_name("b64.jpg"), mode="RGB").getpixel((20, 20))[0] > 250


def test_remove_bg_of_pypi(outside: Outside, photo: Path) -> None:
    """By file, address and base64, with any option of the contract; errors by their title."""
    code = f"""
import collections, collections.abc
collections.Callable = collections.abc.Callable  # it was written for a Python that had this
from removebg import RemoveBg
rb = RemoveBg(api_token="rich")
cropped = rb.remove_background_from_file("photo.jpg", crop=True, crop_margin="10px", roi="30% 10% 70% 70%")
open("file.png", "wb").write(cropped)
open("url.png", "wb").write(rb.remove_background_from_url("{URL}", size="full", channels="alpha"))
open("b64.webp", "wb").write(rb.remove_background_from_base64(open("photo.b64").read(), format="webp"))
with open("photo.jpg", "rb") as one, open("photo.jpg", "rb") as other:
    open("on.jpg", "wb").write(rb.remove_background(image_file=one, bg_image_file=other))
try:
    rb.remove_background_from_file("photo.jpg", roi="0 0 900px 900px")
except Exception as error:
    print(type(error).__name__, error)
"""
    said = outside.python("remove-bg", code, photo.parent)
    assert "Region of interest exceeds the bounds of the image" in said
    assert max(opened(photo.with_name("file.png")).size) < 350
    picture(photo.with_name("url.png"), (512, 512), "L")
    assert opened(photo.with_name("b64.webp")).format == "WEBP"
    picture(photo.with_name("on.jpg"), mode="RGB")


def test_remove_bg_api_of_pypi(outside: Outside, photo: Path) -> None:
    """By bytes, file, address and base64; the account; its own errors for 400 and 403.

    It reads whole credits only, so that its previews, of a quarter, fail here as they do at remove.bg.
    """
    code = f"""
import remove_bg_api
rb = remove_bg_api.RemoveBg("rich")
open("bytes.png", "wb").write(rb.remove_bg_bytes(open("photo.jpg", "rb").read(), size="full"))
rb.remove_bg_file("photo.jpg", size="medium", raw=False, out_path="file.png")
open("url.png", "wb").write(rb.remove_bg_url("{URL}", size="auto"))
rb.remove_bg_base64(open("photo.b64").read(), size="hd", raw=False, out_path="b64.png")
chosen = {{"size": "full", "format": "jpg", "bg_color": "0f0", "crop": "true"}}
open("chosen.jpg", "wb").write(rb.remove_bg_file("photo.jpg", data=chosen))
print(rb.account.balance(), rb.account.get_balance_dict()["total"], rb.account.free_api_calls())
for call in (lambda: rb.remove_bg_bytes(b"no photo"), lambda: remove_bg_api.RemoveBg("wrong")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
"""
    said = outside.python("remove-bg-api", code, photo.parent)
    assert said == "95 100 0\nApiErrorCode400\nApiErrorCode403\n"
    for name in ("bytes.png", "file.png", "url.png", "b64.png"):
        picture(photo.with_name(name), (512, 512))
    assert opened(photo.with_name("chosen.jpg")).mode == "RGB"


def test_rembgpy_of_pypi(outside: Outside, photo: Path) -> None:
    """Every parameter that it knows, all at once; then a colour, a file and an address behind."""
    code = f"""
from rembgpy import RemBg
rb = RemBg("rich", "error.log")
every = dict(size="hd", type="person", type_level="latest", format="png", roi="0 0 100% 100%", crop="10%", scale="80%",
             position="center", channels="rgba", shadow=False, semitransparency=True, nfn="all.png")
rb.remove_b64(open("photo.b64").read(), **every)
rb.remove_b64(open("photo.b64").read(), bg="green", bg_type="color", nfn="green.jpg")
rb.remove_img("{URL}", format="zip", nfn="layers.zip")
rb.remove_img("{URL}", bg="{URL}", bg_type="url", nfn="on.jpg")
"""
    outside.python("rembgpy", code, photo.parent)
    assert opened(photo.with_name("all.png")).mode == "RGBA"
    assert picture(photo.with_name("green.jpg"), mode="RGB").getpixel((20, 20))[1] > 110
    assert photo.with_name("layers.zip").read_bytes().startswith(b"PK")
    picture(photo.with_name("on.jpg"), mode="RGB")


def test_removebgplus_of_pypi(outside: Outside, photo: Path) -> None:
    """By file; its base64 goes under a name that the contract does not know, which is refused as at remove.bg."""
    code = """
from removebgplus.removebg import RemoveBg, APIError
rb = RemoveBg("rich")
print(rb.remove_from_file("photo.jpg", "file.png"))
try:
    rb.remove_from_base64(open("photo.b64").read(), "b64.png")
except APIError as error:
    print(error)
"""
    said = outside.python("removebgplus", code, photo.parent)
    picture(photo.with_name("file.png"), (512, 512))
    assert "400" in said and "No image given" in said


def test_removebg_cli_of_pypi(outside: Outside, photo: Path) -> None:
    """Its command: a file with every flag, an address, the account, a wrong key."""
    run = "import removebg_cli; removebg_cli.main()"
    outside.environment["REMOVE_BG_API_KEY"] = "rich"
    flags = ["-o", "out.jpg", "-s", "preview", "-f", "jpg", "-b", "ff0000", "-c", "--shadow"]
    said = outside.python("removebg-cli", run, photo.parent, "photo.jpg", *flags)
    assert "0.25 credits" in said
    assert opened(photo.with_name("out.jpg")).mode == "RGB"
    outside.python("removebg-cli", run, photo.parent, URL, "-o", "url.png")
    picture(photo.with_name("url.png"), (512, 512))
    assert "100" in outside.python("removebg-cli", run, photo.parent, "--account")


def test_remove_bg_of_npm(outside: Outside, photo: Path) -> None:
    """By file, address and base64 with every option that it knows; what it reads from headers; errors."""
    code = f"""
const rb = require("remove.bg"), fs = require("fs");
(async () => {{
  const apiKey = "rich", path = "photo.jpg";
  const file = await rb.removeBackgroundFromImageFile({{path, apiKey, size: "regular", type: "auto", scale: "50%",
    position: "center", crop: true, crop_margin: "5%", roi: "0% 0% 100% 100%", channels: "rgba", add_shadow: false,
    outputFile: "file.png"}});
  const url = await rb.removeBackgroundFromImageUrl({{url: "{URL}", apiKey, size: "full", type: "person",
    outputFile: "url.png"}});
  const base64img = fs.readFileSync("photo.b64", "utf8");
  const b64 = await rb.removeBackgroundFromImageBase64({{base64img, apiKey, bg_color: "81d4fa",
    outputFile: "b64.jpg"}});
  let refused;
  try {{ await rb.removeBackgroundFromImageUrl({{url: "https://example.com/gone.jpg", apiKey}}); }}
  catch (errors) {{ refused = errors[0].title; }}
  const wrong = await rb.removeBackgroundFromImageFile({{path, apiKey: "wrong"}}).catch(errors => errors);
  const plain = await rb.removeBackgroundFromImageFile({{path, apiKey, outputFile: "plain.png"}});
  delete file.base64img; delete url.base64img; delete b64.base64img; delete plain.base64img;
  console.log(JSON.stringify({{file, url, b64, refused, wrong, plain}}));
}})();
"""
    said = json.loads(outside.node(code, photo.parent))
    assert (said["url"]["creditsCharged"], said["url"]["detectedType"]) == ("1", "person")
    assert (said["url"]["resultWidth"], said["url"]["rateLimit"]) == ("512", "500")
    assert said["refused"] == "Failed to download image from given image_url: HTTP Status 404"
    assert said["wrong"] == [{"title": "API Key invalid", "code": "auth_failed"}]
    picture(photo.with_name("plain.png"))
    picture(photo.with_name("url.png"), (512, 512))
    assert picture(photo.with_name("b64.jpg"), mode="RGB").getpixel((20, 20))[2] > 240
    assert opened(photo.with_name("file.png")).mode == "RGBA"


def test_removebg_wrapper_of_npm(outside: Outside, photo: Path) -> None:
    """By file and by address, each into the file that it has always written."""
    code = f"""
const rb = require("removebg-wrapper");
rb.rbFromImageFile("photo.jpg", "rich"); rb.rbFromImageUrl("{URL}", "rich");
"""
    outside.node(code, photo.parent)
    picture(photo.with_name("output.png"), (512, 512))
    picture(photo.with_name("output-2.png"), (512, 512))
