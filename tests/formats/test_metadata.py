from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pytest
from PIL import Image as Pillow

from feathercut.formats import exif
from feathercut.pictures import Image
from feathercut.steps.decode import decode

from .samples import HEIGHT, WIDTH, chunk, exif_with, fading, gradient, pillow, png, stored_for

WITH_EXIF = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")


def still(data: bytes) -> Image:
    return decode(data).frames[0]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", WITH_EXIF)
def test_every_orientation_is_applied_to_colours_and_alpha(name: str, orientation: int) -> None:
    upright = fading()
    stored = stored_for(upright if name != "JPEG" else upright[..., :3], orientation)
    picture = still(pillow(stored, name, exif=exif_with(orientation, (300, 150)), quality=100))
    assert picture.size == (HEIGHT, WIDTH)
    if picture.alpha is not None:
        assert np.abs(picture.alpha * 255 - upright[..., 3]).max() < 3
    assert (picture.alpha is None) == (name == "JPEG")
    weight = upright[..., 3:] / 255 if name != "JPEG" else 1
    assert np.abs((picture.rgb * 255 - upright[..., :3]) * weight).max() < 14
    assert picture.metadata.exif is not None
    assert exif.orientation(picture.metadata.exif) == 1
    # TIFF tells its resolution beside the pixels; Pillow writes it from the block too.
    assert picture.metadata.dpi == ((150, 300) if orientation > 4 else (300, 150))


def test_block_is_rebuilt_without_thumbnail_and_makers_note() -> None:
    block = still(pillow(gradient(), "JPEG", exif=exif_with(6, (300, 300)))).metadata.exif
    assert block is not None and b"secret" not in block
    kept = Pillow.Exif()
    kept.load(block)
    assert kept[0x010F] == "Maker" and 0x0112 not in kept
    assert kept.get_ifd(0x8769) == {0x9003: "2026:11:23 10:00:00"}
    assert kept.get_ifd(0x8825)[2] == (48.0, 51.0, 30.0)


def test_place_is_taken_out() -> None:
    block = still(pillow(gradient(), "JPEG", exif=exif_with())).metadata.exif
    kept = Pillow.Exif()
    without = exif.without_place(block)
    assert without is not None
    kept.load(without)
    assert kept[0x010F] == "Maker" and not kept.get_ifd(0x8825)


@pytest.mark.parametrize(
    "block", [b"", b"Exif\0\0", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff" + b"\7" * 40]
)
def test_broken_exif_harms_nothing(block: bytes) -> None:
    picture = still(png((1, 1), 8, 0, [b"\7"], chunk(b"eXIf", block)))
    assert picture.metadata.exif is None and picture.metadata.dpi is None


@pytest.mark.parametrize("name", [*WITH_EXIF, "TIFF"])
def test_rgb_profile_is_kept_and_broken_ones_are_dropped(name: str) -> None:
    profile = bytes(imagecodecs.cms_profile("adobergb"))
    assert still(pillow(gradient(), name, icc_profile=profile)).metadata.profile == profile
    for broken in (b"no profile" * 20, profile[:-200], profile[:16] + b"CMYK" + profile[20:]):
        assert still(pillow(gradient(), name, icc_profile=broken)).metadata.profile is None


def test_grey_profile_is_applied() -> None:
    profile = bytes(imagecodecs.cms_profile("gray", gamma=1.0))
    picture = still(pillow(np.full((4, 4), 128, np.uint8), "PNG", icc_profile=profile))
    linear = 128 / 255
    assert np.abs(picture.rgb - (1.055 * linear ** (1 / 2.4) - 0.055)).max() < 0.005
    assert picture.metadata.profile is None


@pytest.mark.parametrize(
    ("name", "dpi"), [("JPEG", (300, 150)), ("PNG", (300, 150)), ("TIFF", (300, 150)), ("BMP", (300, 150))]
)
def test_resolution(name: str, dpi: tuple[int, int]) -> None:
    got = still(pillow(gradient(), name, dpi=dpi)).metadata.dpi
    assert got is not None and np.abs(np.subtract(got, dpi)).max() < 0.02


def test_of_two_views_in_one_file_the_first_is_read() -> None:
    data = pillow(gradient(), "MPO", save_all=True, append_images=[Pillow.fromarray(255 - gradient())], quality=100)
    assert Pillow.open(io.BytesIO(data)).n_frames == 2  # type: ignore[attr-defined]
    assert decode(data).is_still
    assert np.abs(still(data).rgb * 255 - gradient()).max() < 20
