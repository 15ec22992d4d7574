"""PSD and OpenRaster, opened by other programs: layers that look like the picture, the photo below the mask."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms
from psd_tools import PSDImage
from psd_tools.constants import Resource

from factories import floats, red_engine, soft_disc, tiny_record
from feathercut import Remover
from feathercut.errors import OptionError, OutputError
from feathercut.formats import psd_writer
from feathercut.formats.content import Layered, Still
from feathercut.options import Format
from feathercut.pictures import Image, Metadata

FULL: dict[str, Any] = {"shadow": "drop", "background": "#88ccff", "crop": True, "margin": "12px"}
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="module")
def photo() -> Image:
    """A red disc on a greenish ramp."""
    disc = soft_disc((90, 120))[..., None]
    ramp = np.linspace(0.1, 0.6, 120, dtype=np.float32)[None, :, None] * np.ones((90, 1, 1), np.float32)
    behind = np.concatenate([0.2 + 0 * ramp, 0.2 + ramp, 0.3 + 0 * ramp], axis=2)
    rgb = disc * np.array([0.9, 0.2, 0.1], np.float32) + (1 - disc) * behind
    return Image(floats(rgb), None, Metadata(PROFILE, (300.0, 150.0)))


def written(photo: Image, format: Format, **options: Any) -> bytes:  # noqa: A002
    with Remover.from_engine(red_engine(), tiny_record(size=(64, 64))) as remover:
        return remover.remove(photo, format=format, **options).to_bytes()


def pixels(data: bytes) -> NDArray[np.int64]:
    return np.asarray(Pillow.open(io.BytesIO(data))).astype(np.int64)


def test_a_psd_with_background_and_shadow_looks_like_the_png(photo: Image) -> None:
    psd = PSDImage.open(io.BytesIO(written(photo, "psd", **FULL)))
    png = pixels(written(photo, "png", **FULL))
    assert [layer.name for layer in psd] == ["Background", "Shadow", "Subject"]
    assert np.array_equal(np.asarray(psd.topil()).astype(np.int64), png)
    composed = psd.composite(force=True)
    assert composed is not None
    assert np.abs(np.asarray(composed.convert("RGB")).astype(np.int64) - png).max() <= 2
    # A crop leaves room for the shadow, and every layer is as large as the picture.
    assert all(layer.bbox == (0, 0, png.shape[1], png.shape[0]) for layer in psd)


def test_a_reflection_is_a_layer_of_its_own(photo: Image) -> None:
    psd = PSDImage.open(io.BytesIO(written(photo, "psd", reflection=60, **FULL)))
    png = pixels(written(photo, "png", reflection=60, **FULL))
    assert [layer.name for layer in psd] == ["Background", "Shadow", "Reflection", "Subject"]
    composed = psd.composite(force=True)
    assert composed is not None
    assert np.abs(np.asarray(composed.convert("RGB")).astype(np.int64) - png).max() <= 2


def test_the_mask_of_a_psd_hides_the_photo_for_good_or_bad(photo: Image) -> None:
    psd = PSDImage.open(io.BytesIO(written(photo, "psd")))
    png = pixels(written(photo, "png"))
    (subject,) = psd
    assert subject.name == "Subject" and subject.mask is not None
    mask = subject.mask.topil()
    assert mask is not None and np.array_equal(np.asarray(mask), png[..., 3])
    colours = np.asarray(subject.topil())[..., :3].astype(np.int64)
    shows = png[..., 3] > 0
    assert np.array_equal(colours[shows], png[shows][:, :3])
    # What is hidden is the photo, to be painted back.
    assert np.array_equal(colours[~shows], np.floor(photo.rgb * 255 + 0.5).astype(np.int64)[~shows])
    merged = np.asarray(psd.topil()).astype(np.int64)
    opaque = png[..., 3] == 255
    assert np.array_equal(merged[..., 3], png[..., 3]) and np.array_equal(merged[opaque], png[opaque])
    assert psd.image_resources.get_data(Resource.ICC_PROFILE) == PROFILE
    resolution = psd.image_resources.get_data(Resource.RESOLUTION_INFO)
    assert (resolution.horizontal / 65536, resolution.vertical / 65536) == (300, 150)


def test_an_openraster_is_read_as_its_standard_says(photo: Image) -> None:
    data = written(photo, "ora", **FULL)
    png = pixels(written(photo, "png", **FULL))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert data[30:54] == b"mimetypeimage/openraster"
    stack = ElementTree.fromstring(archive.read("stack.xml"))
    assert (stack.get("w"), stack.get("h")) == (str(png.shape[1]), str(png.shape[0]))
    layers = [(layer.get("name"), layer.get("src") or "") for layer in stack.iter("layer")]
    assert [name for name, _ in layers] == ["Subject", "Shadow", "Background"]
    canvas = Pillow.new("RGBA", (png.shape[1], png.shape[0]))
    for _, source in reversed(layers):
        canvas.alpha_composite(Pillow.open(io.BytesIO(archive.read(source))).convert("RGBA"))
    assert np.abs(np.asarray(canvas.convert("RGB")).astype(np.int64) - png).max() <= 2
    assert np.array_equal(pixels(archive.read("mergedimage.png")), png)
    assert max(Pillow.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png"))).size) <= 256
    subject = Pillow.open(io.BytesIO(archive.read(layers[0][1])))
    assert subject.info["icc_profile"] == PROFILE and subject.info["dpi"][0] == pytest.approx(300, abs=0.1)


def test_a_background_that_lets_through_stays_a_layer_that_does(photo: Image) -> None:
    psd = PSDImage.open(io.BytesIO(written(photo, "psd", background="rgba(0, 0, 255, 0.5)")))
    below = next(iter(psd))
    assert below.name == "Background"
    assert set(np.unique(np.asarray(below.topil())[..., 3])) == {128}


def test_a_picture_that_was_made_without_layers_is_one(photo: Image, tmp_path: Path) -> None:
    with Remover.from_engine(red_engine(), tiny_record(size=(64, 64))) as remover:
        result = remover.remove(photo)
    (layer,) = PSDImage.open(result.save(tmp_path / "a.psd"))
    assert layer.name == "Picture" and layer.mask is not None


@pytest.mark.parametrize("format", ["psd", "ora"])
def test_the_smallest_photo_has_layers_too(format: Format) -> None:  # noqa: A002
    data = written(Image(floats(np.full((1, 1, 3), 0.5))), format)
    assert data[:4] in (b"8BPS", b"PK\x03\x04")


@pytest.mark.parametrize("format", ["psd", "ora"])
@pytest.mark.parametrize(
    ("options", "said"),
    [({"only_matte": True}, "has the matte beside the subject's colours"), ({"depth": 16}, "has no 16 bits")],
)
def test_what_layers_cannot_hold_is_refused(
    photo: Image,
    format: Format,  # noqa: A002
    options: dict[str, Any],
    said: str,
) -> None:
    with pytest.raises(OptionError, match=said):
        written(photo, format, **options)


def test_a_psd_has_a_largest_size() -> None:
    still = Still(np.zeros((1, 30_001, 3), np.uint8), None, None, None, 90)
    with pytest.raises(OutputError, match="at most 30000 pixels a side, and this picture is 30001×1"):
        psd_writer.write(Layered(still, ()))


def test_pillow_opens_a_psd(photo: Image) -> None:
    opened = Pillow.open(io.BytesIO(written(photo, "psd")))
    assert (opened.format, opened.mode, opened.size) == ("PSD", "RGBA", (120, 90))
