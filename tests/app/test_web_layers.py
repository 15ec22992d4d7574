"""The layered files that the page writes, opened by independent readers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from psd_tools import PSDImage
from psd_tools.constants import Resource

from feathercut.steps.decode import decode

from .exchange import HEIGHT, PROFILE, WIDTH, smooth, whole, written


def rgb_of(picture: Pillow.Image | None) -> NDArray[np.int64]:
    assert picture is not None
    return np.asarray(picture.convert("RGB")).astype(np.int64)


def test_a_psd_has_its_subject_under_a_mask(exchange: Path) -> None:
    psd = PSDImage.open(exchange / "out" / "clear.psd")
    rgb, alpha = written()
    subject = next(iter(psd))
    assert [layer.name for layer in psd] == ["Subject"]
    assert subject.mask is not None
    assert np.array_equal(np.asarray(subject.mask.topil()), alpha)
    colours = np.asarray(subject.topil())[..., :3]
    assert np.array_equal(colours[alpha > 0], rgb[alpha > 0])
    # What the mask hides is the photo, to be painted back.
    assert np.array_equal(colours[alpha == 0], smooth(3, 7)[alpha == 0])
    assert psd.image_resources.get_data(Resource.ICC_PROFILE) == PROFILE
    merged = np.asarray(psd.topil())
    assert merged.shape == (HEIGHT, WIDTH, 4)
    assert np.array_equal(merged[..., 3], alpha)
    assert np.array_equal(merged[alpha == 255, :3], rgb[alpha == 255])
    resolution = psd.image_resources.get_data(Resource.RESOLUTION_INFO)
    assert (resolution.horizontal / 65536, resolution.vertical / 65536) == (300, 150)


def test_a_psd_with_background_and_shadow_looks_like_its_layers(exchange: Path) -> None:
    psd = PSDImage.open(exchange / "out" / "full.psd")
    assert [layer.name for layer in psd] == ["Background", "Shadow", "Subject"]
    merged = rgb_of(psd.topil())
    assert np.abs(merged - over_background()).max() <= 2
    composed = rgb_of(psd.composite(force=True))
    assert np.abs(composed - merged).max() <= 2


def over_background() -> NDArray[np.float64]:
    """The cutout over its shadow over grey 200."""
    rgb, alpha = written()
    matte = alpha[..., None] / 255
    return rgb * matte + 200 * (1 - matte / 2) * (1 - matte)


def test_an_openraster_is_read_as_its_standard_says(exchange: Path) -> None:
    archive = zipfile.ZipFile(exchange / "out" / "full.ora")
    assert archive.testzip() is None
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert (exchange / "out" / "full.ora").read_bytes()[30:54] == b"mimetypeimage/openraster"
    stack = ElementTree.fromstring(archive.read("stack.xml"))
    assert (stack.get("w"), stack.get("h")) == (str(WIDTH), str(HEIGHT))
    layers = [(layer.get("name"), layer.get("src") or "") for layer in stack.iter("layer")]
    assert [name for name, _ in layers] == ["Subject", "Shadow", "Background"]
    canvas = Pillow.new("RGBA", (WIDTH, HEIGHT))
    for _, source in reversed(layers):
        canvas.alpha_composite(Pillow.open(io.BytesIO(archive.read(source))).convert("RGBA"))
    merged = np.asarray(Pillow.open(io.BytesIO(archive.read("mergedimage.png"))).convert("RGB")).astype(int)
    assert np.abs(np.asarray(canvas.convert("RGB")).astype(int) - merged).max() <= 2
    assert np.abs(merged - over_background()).max() <= 2
    thumbnail = Pillow.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png")))
    assert max(thumbnail.size) <= 256


def test_a_layered_zip_is_what_programs_for_remove_bg_expect(exchange: Path) -> None:
    archive = zipfile.ZipFile(exchange / "out" / "layers.zip")
    assert archive.testzip() is None
    assert [(file.filename, file.compress_type) for file in archive.infolist()] == [("color.jpg", 0), ("alpha.png", 0)]
    rgb, alpha = written()
    matte = Pillow.open(io.BytesIO(archive.read("alpha.png")))
    assert matte.mode == "L"
    assert np.array_equal(np.asarray(matte), alpha)
    colours = decode(archive.read("color.jpg")).frames[0]
    assert np.abs(whole(colours.rgb) - rgb)[alpha > 0].mean() < 2
    assert np.abs(whole(colours.rgb) - smooth(3, 7))[alpha == 0].mean() < 3
