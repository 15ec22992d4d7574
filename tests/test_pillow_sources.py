"""Photos that are handed over as Pillow images."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from factories import display_p3
from feathercut.errors import InputError, ShapeError
from feathercut.options import Decode
from feathercut.pictures import Image
from feathercut.sources import load

PIXELS = np.random.default_rng(4).integers(0, 256, (6, 9, 3), dtype=np.uint8)
ALPHA = np.linspace(0, 255, 54).astype(np.uint8).reshape(6, 9)


def first(source: Any) -> Image:
    return load(source, Decode()).frames[0]


def _png(pixels: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def as_mode(mode: str) -> Pillow.Image:
    rgb = Pillow.fromarray(PIXELS)
    if mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        rgb = Pillow.merge("RGBA", [*rgb.split(), Pillow.fromarray(ALPHA)])
    if mode == "I;16":
        return Pillow.fromarray(PIXELS[..., 0].astype(np.uint16) * 257)
    if mode == "PA":
        return rgb.convert("LA").convert("RGBA").convert("PA")
    return rgb.convert("LA").convert("La") if mode == "La" else rgb.convert(mode)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "La", "RGBX", "YCbCr", "HSV", "I;16"]
)
def test_a_pillow_image_of_any_mode_looks_as_pillow_shows_it(mode: str) -> None:
    picture = as_mode(mode)
    got = first(picture)
    has_alpha = mode in ("LA", "PA", "RGBA", "RGBa", "La")
    assert (got.alpha is not None) == has_alpha
    if mode == "I;16":
        shown = np.repeat(PIXELS[..., :1], 3, axis=2)
        assert got.metadata.depth == 16
    elif mode in ("La", "LA", "PA"):
        shown = np.asarray((picture.convert("LA") if mode != "LA" else picture).getchannel(0))[..., None]
    else:
        shown = np.asarray(picture.convert("RGBA" if has_alpha else "RGB"))[..., :3]
    seen = np.ones((6, 9, 1)) if got.alpha is None else got.alpha[..., None] > 0.1
    assert (np.abs(got.rgb * 255 - shown) * seen).max() < 1.01
    if got.alpha is not None:
        assert np.abs(got.alpha * 255 - ALPHA).max() < 1e-3


def test_a_cmyk_image_is_seen_as_colours() -> None:
    cyan = first(Pillow.new("CMYK", (2, 2), (255, 0, 0, 0)))
    assert np.allclose(cyan.rgb[0, 0], (0, 1, 1), atol=0.02)


def test_a_transparent_colour_of_a_palette_or_of_rgb_is_transparent() -> None:
    palette = Pillow.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putpixel((1, 0), 1)
    palette.info["transparency"] = 1
    got = first(palette)
    assert got.alpha is not None and got.alpha.tolist() == [[1, 0]] and np.allclose(got.rgb[0, 0], (1, 0, 0))
    keyed = Pillow.fromarray(np.array([[[9, 8, 7], [1, 2, 3]]], np.uint8))
    keyed.info["transparency"] = (9, 8, 7)
    got = first(keyed)
    assert got.alpha is not None and got.alpha.tolist() == [[0, 1]]


@pytest.mark.parametrize("mode", ["I", "F"])
def test_an_image_without_a_range_is_refused_with_what_to_do(mode: str) -> None:
    with pytest.raises(ShapeError, match=f"of mode `{mode}` has no range of its own; convert it to `L` or `I;16`"):
        first(Pillow.new(mode, (2, 2)))


def test_a_pillow_image_is_turned_as_its_exif_says_and_keeps_its_profile() -> None:
    picture = Pillow.fromarray(PIXELS)
    picture.getexif()[0x0112] = 6  # turn to the right
    profile = display_p3()
    picture.info["icc_profile"], picture.info["dpi"] = profile, (300, 300)
    got = first(picture)
    assert got.size == (9, 6)
    assert np.abs(got.rgb * 255 - np.rot90(PIXELS, -1)).max() < 1e-3
    assert got.metadata.profile == profile and got.metadata.dpi == (300, 300)


@pytest.mark.parametrize("compression", ["jpeg", "tiff_adobe_deflate", "tiff_lzw", "raw"])
def test_a_pillow_image_of_a_tiff_file_may_have_been_changed_since(compression: str) -> None:
    buffer = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x0112], exif[0x010F] = 6, "Somebody"
    Pillow.new("RGB", (64, 40), (200, 90, 30)).save(buffer, "TIFF", compression=compression, exif=exif)
    picture = Pillow.open(io.BytesIO(buffer.getvalue()))
    assert first(picture).size == (64, 40), "turned, as Pillow shows it"
    picture.thumbnail((32, 32))
    got = first(picture)
    assert got.size == (32, 20)
    assert np.abs(got.rgb * 255 - (200, 90, 30)).max() < 4
    assert got.metadata.exif is not None and b"Somebody" in got.metadata.exif


def test_a_pillow_image_cut_short_is_our_error() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    with pytest.raises(InputError, match="The Pillow image cannot be read"):
        first(Pillow.open(io.BytesIO(_png(noise)[:30_000])))
