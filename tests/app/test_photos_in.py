"""Photos of every kind through a real browser: upright, in their own colours, as Python reads them."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page, expect

from feathercut.pictures import Image
from feathercut.steps.decode import decode
from formats.samples import exif_with, ink_profile, stored_for

from .browser import visit
from .exchange import whole
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
HEIC = sorted((Path(__file__).parents[1] / "formats" / "files").glob("*.heic"))
TABLES = Path(__file__).parents[2] / "golden" / "colour_tables.json"


def cat() -> NDArray[np.uint8]:
    with Pillow.open(PHOTOS / "cat.jpg") as picture:
        return np.asarray(picture.convert("RGB").resize((320, 240)))


def table_profile() -> bytes:
    """A profile that works by tables: the golden numbers' own."""
    return base64.b64decode(json.loads(TABLES.read_text())["cases"][1]["profile"])


def cut_all(page: Page, photos: list[Path], folder: Path) -> dict[str, bytes]:
    """Drops the photos and gives their cutouts as PNG, by name."""
    person = Person(page)
    person.chooses_quality("Stay small")
    person.drops(*photos)
    expect(page.get_by_text(f"{len(photos)} of {len(photos)} done")).to_be_visible()
    person.presses("Download all")
    with page.expect_download() as coming:
        person.presses(f"Download all {len(photos)} as ZIP")
    coming.value.save_as(folder / "all.zip")
    with zipfile.ZipFile(folder / "all.zip") as archive:
        return {name.removesuffix("-cutout.png"): archive.read(name) for name in archive.namelist()}


def off(cutout: bytes, photo: bytes) -> tuple[Image, NDArray[np.int64]]:
    """The cutout, and how far its solid pixels are from the photo's, as Python reads both, of 255."""
    got, expected = decode(cutout).frames[0], decode(photo).frames[0]
    assert got.alpha is not None and got.size == expected.size
    solid = got.alpha == 1
    assert solid.mean() > 0.05
    return got, np.abs(whole(got.rgb) - whole(expected.rgb))[solid]


def test_however_the_camera_was_held_the_cutout_is_upright(chromium: Browser, app: str, tmp_path: Path) -> None:
    photos = [tmp_path / f"way-{way}.jpg" for way in range(1, 9)]
    for way, path in enumerate(photos, 1):
        stored = Pillow.fromarray(stored_for(cat(), way))
        stored.save(path, exif=exif_with(way).tobytes(), quality=100, subsampling=0)
    with visit(chromium, app) as (page, heard):
        cutouts = cut_all(page, photos, tmp_path)
        assert heard.complaints == []
    first = decode(cutouts["way-1"]).frames[0]
    assert first.alpha is not None and first.size == (240, 320)
    for way in range(2, 9):
        image = decode(cutouts[f"way-{way}"]).frames[0]
        assert image.alpha is not None and image.size == (240, 320)
        assert np.abs(image.alpha - first.alpha).mean() < 0.02  # blocks of a JPEG lie otherwise in each
        assert np.abs(image.rgb - first.rgb)[(image.alpha == 1) & (first.alpha == 1)].mean() < 0.02


def test_colours_come_as_in_python_and_profiles_stay(chromium: Browser, app: str, tmp_path: Path) -> None:
    picture = Pillow.fromarray(cat())
    ink = picture.convert("CMYK")
    files: dict[str, bytes] = {}
    for name, image, profile in (
        ("tables.jpg", picture, table_profile()),
        ("ink.jpg", ink, None),
        ("ink-by-profile.jpg", ink, ink_profile()),
    ):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=95, icc_profile=profile)
        files[name] = file.getvalue()
    file = io.BytesIO()
    tifffile.imwrite(file, cat().astype(np.uint16) * 257, photometric="rgb", iccprofile=table_profile())
    files["deep.tif"] = file.getvalue()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with visit(chromium, app) as (page, heard):
        cutouts = cut_all(page, [tmp_path / name for name in files], tmp_path)
        assert heard.complaints == []
        # Browsers give no inks: how they follow a profile of inks is theirs, and is said.
        page.keyboard.press("Escape")
        page.get_by_role("button", name=re.compile("ink-by-profile.jpg, ")).first.click()
        expect(page.get_by_text(re.compile("with a profile, which browsers follow more or less"))).to_be_visible()
    most = {"tables.jpg": 2, "ink.jpg": 2, "deep.tif": 0}
    found = {name: off(cutouts[name.partition(".")[0]], files[name]) for name in most}
    for name, (_, worst) in found.items():
        assert worst.max() <= most[name], name
    for name in ("tables.jpg", "deep.tif"):
        assert found[name][0].metadata.profile == table_profile()
    assert found["deep.tif"][0].metadata.depth == 16


def test_what_this_browser_cannot_decode_is_said_with_what_to_do(chromium: Browser, app: str) -> None:
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(HEIC[0])
        expect(page.get_by_text("This browser cannot open pictures of this kind.")).to_be_visible()
        expect(page.get_by_text(re.compile("Save it as JPEG or PNG in your photo app"))).to_be_visible()
        page.get_by_text("Details").click()
        expect(page.get_by_text(re.compile("is a HEIC picture"))).to_be_visible()
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_done("cat.jpg")
        assert heard.complaints == []


def test_avif_goes_out_of_a_real_browser(chromium: Browser, app: str, tmp_path: Path) -> None:
    with visit(chromium, app) as (page, _):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(PHOTOS / "cat.jpg")
        person.waits_for_first()
        path = person.downloads("AVIF", tmp_path)
    _, worst = off(path.read_bytes(), (PHOTOS / "cat.jpg").read_bytes())
    assert path.suffix == ".avif"
    assert worst.mean() < 6
