"""What the page reads and writes, beside Python's readers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from feathercut.formats import exif
from feathercut.kernels.colour import to_srgb
from feathercut.pictures import Image
from feathercut.steps.decode import decode

from .exchange import PHOTOS, PROFILE, whole, written

# How far from Python's samples, of 255 or of 65535; two AVIF decoders differ where YUV becomes RGB.
TOLERANCE = {"dark.jpg": 1, "wide.avif": 2, "full.avif": 2, "half.avif": 2, "ten.avif": 64}


def shown() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The same with no colour where nothing shows."""
    rgb, alpha = written()
    return rgb * (alpha > 0)[..., None].astype(np.uint8), alpha


def opened(exchange: Path, name: str) -> NDArray[Any]:
    """The samples as Pillow gives them."""
    with Pillow.open(exchange / "out" / name) as picture:
        return np.asarray(picture)


def read(exchange: Path, name: str) -> Image:
    return decode((exchange / "out" / name).read_bytes()).frames[0]


@pytest.mark.parametrize("name", PHOTOS)
def test_the_page_reads_what_python_reads(exchange: Path, name: str) -> None:
    expected = decode(PHOTOS[name]).frames[0]
    got: dict[str, Any] = json.loads((exchange / "out" / f"{name}.json").read_text())
    about = expected.metadata
    assert got["size"] == list(expected.size)
    assert got["depth"] == about.depth
    assert got["alpha"] is (expected.alpha is not None)
    assert (got["profile"] is None) is (about.profile is None)
    if about.profile is not None:
        probe = np.random.default_rng(2).random((9, 9, 3)).astype(np.float32)
        moved = to_srgb(probe, bytes.fromhex(got["profile"])) - to_srgb(probe, about.profile)
        assert np.abs(moved).max() < (0.5 / 255 if name == "wide.avif" else 1e-9)
    assert (got["exif"] or "") == (about.exif or b"").hex()
    assert got["dpi"] == (pytest.approx(about.dpi, abs=0.01) if about.dpi else None)
    assert ("first" in " ".join(got["notes"])) is name.startswith("moving")
    raw = np.frombuffer((exchange / "out" / f"{name}.raw").read_bytes(), np.uint16 if about.depth == 16 else np.uint8)
    parts = [expected.rgb] if expected.alpha is None else [expected.rgb, expected.alpha]
    samples = np.concatenate([whole(part, 2**about.depth - 1).ravel() for part in parts])
    assert np.abs(samples - raw).max() <= TOLERANCE.get(name, 0)


def test_a_png_has_every_opaque_bit_and_no_colour_where_nothing_shows(exchange: Path) -> None:
    rgb, alpha = shown()
    samples = opened(exchange, "cutout.png")
    assert np.array_equal(samples, np.dstack([rgb, alpha]))
    metadata = read(exchange, "cutout.png").metadata
    assert metadata.profile == PROFILE
    assert metadata.dpi == pytest.approx((300, 150), abs=0.01)
    assert metadata.exif is None


def test_sixteen_bits_stay_sixteen_bits(exchange: Path) -> None:
    samples: NDArray[np.uint16] = imagecodecs.png_decode((exchange / "out" / "sixteen.png").read_bytes())
    rgb, alpha = written()
    wide = [
        np.where(flat > 0, flat * 257 - np.arange(flat.size) % 200, 0)
        for flat in (rgb.ravel().astype(np.int64), alpha.ravel().astype(np.int64))
    ]
    colours, matte = wide[0].reshape(rgb.shape), wide[1].reshape(alpha.shape)
    colours[matte == 0] = 0
    assert np.array_equal(samples, np.dstack([colours, matte]))


def test_the_place_goes_along_only_when_asked_for(exchange: Path) -> None:
    kept, placed = read(exchange, "opaque.png").metadata.exif, read(exchange, "placed.png").metadata.exif
    assert kept and placed
    assert kept == exif.without_place(kept) == exif.without_place(placed)
    assert placed != kept
    assert b"secret of the maker" not in placed


def test_a_matte_is_a_grey_picture(exchange: Path) -> None:
    assert np.array_equal(opened(exchange, "matte.png"), written()[1])


def test_lossless_webp_is_exact(exchange: Path) -> None:
    rgb, alpha = shown()
    samples = opened(exchange, "lossless.webp")
    assert np.array_equal(samples, np.dstack([rgb, alpha]))


@pytest.mark.parametrize("name", ["lossy.webp", "cutout.avif"])
def test_lossy_files_keep_alpha_and_what_is_known_of_the_photo(exchange: Path, name: str) -> None:
    image = read(exchange, name)
    rgb, alpha = written()
    assert image.alpha is not None
    assert np.abs(whole(image.alpha) - alpha).max() <= (0 if name == "lossy.webp" else 8)
    assert np.abs(whole(image.rgb) - rgb)[alpha == 255].mean() < 4
    assert image.metadata.profile == PROFILE
    assert image.metadata.dpi == pytest.approx((300, 150), abs=0.01)


def test_opaque_avif_has_no_alpha(exchange: Path) -> None:
    assert read(exchange, "opaque.avif").alpha is None


def test_a_jpeg_has_profile_resolution_and_exif(exchange: Path) -> None:
    image = read(exchange, "opaque.jpg")
    assert np.abs(whole(image.rgb) - written()[0]).mean() < 2
    assert image.metadata.profile == PROFILE
    assert image.metadata.dpi == pytest.approx((300, 150))
    assert image.metadata.exif is not None
    with Pillow.open(exchange / "out" / "opaque.jpg") as picture:
        assert picture.format == "JPEG"
        assert picture.getexif()[0x010F] == "Maker"
