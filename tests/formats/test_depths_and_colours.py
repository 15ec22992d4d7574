from __future__ import annotations

import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from feathercut.errors import NotAPictureError
from feathercut.pictures import Image
from feathercut.steps.decode import decode

from .samples import chunk, fading, gradient, pillow, png, tiff


def still(data: bytes) -> Image:
    animation = decode(data)
    assert animation.is_still
    return animation.frames[0]


def close(got: NDArray[Any], expected: NDArray[Any] | list[Any], tolerance: float = 1e-6) -> bool:
    return bool(np.abs(got - np.asarray(expected)).max() <= tolerance)


def test_8_bit_colours_come_bit_exactly() -> None:
    for data in (pillow(gradient(), "PNG"), tiff(gradient(), photometric="rgb"), pillow(gradient(), "BMP")):
        picture = still(data)
        assert picture.alpha is None and picture.metadata.depth == 8
        assert np.array_equal(picture.rgb, gradient().astype(np.float32) / np.float32(255))


@pytest.mark.parametrize(
    ("depth", "row", "expected"),
    [
        (1, b"\xa0", [1, 0, 1, 0]),
        (2, b"\x1b", [0, 1 / 3, 2 / 3, 1]),
        (4, b"\x05\xaf", [0, 5 / 15, 10 / 15, 1]),
        (8, b"\x00\x40\x80\xff", [0, 64 / 255, 128 / 255, 1]),
        (16, b"\x00\x00\x75\x30\x80\x00\xff\xff", [0, 30000 / 65535, 32768 / 65535, 1]),
    ],
)
def test_grey_png_of_every_depth(depth: int, row: bytes, expected: list[float]) -> None:
    picture = still(png((4, 1), depth, 0, [row]))
    assert close(picture.rgb[0, :, 0], expected) and close(picture.rgb[0, :, 2], expected)
    assert picture.metadata.depth == (16 if depth == 16 else 8)


def test_grey_of_16_bits_is_not_clipped_to_white() -> None:
    for data in (
        pillow(Pillow.fromarray(np.full((3, 3), 30000, np.uint16)), "PNG"),
        tiff(np.full((3, 3), 30000, "u2")),
    ):
        assert close(still(data).rgb, np.full((3, 3, 3), 30000 / 65535))


def test_colours_of_16_bits_keep_them() -> None:
    samples = gradient(65535)
    for data in (
        imagecodecs.png_encode(samples),
        tiff(samples, photometric="rgb"),
        tiff(samples, photometric="rgb", byteorder=">"),
    ):
        picture = still(bytes(data))
        assert picture.metadata.depth == 16
        assert close(picture.rgb, samples / 65535, 1e-7)


def test_png_palette_with_transparency() -> None:
    palette = chunk(b"PLTE", bytes([10, 20, 30, 40, 50, 60, 70, 80, 90])) + chunk(b"tRNS", bytes([128, 0]))
    picture = still(png((4, 1), 2, 3, [b"\x18"], palette))
    assert picture.alpha is not None
    assert close(picture.alpha[0] * 255, [128, 0, 255, 128], 1e-4)
    assert close(picture.rgb[0, :, 0] * 255, [10, 40, 70, 10], 1e-4)


@pytest.mark.parametrize(
    ("depth", "kind", "row", "transparent", "alpha"),
    [
        (2, 0, b"\x1b", struct.pack(">H", 2), [1, 1, 0, 1]),
        (8, 0, b"\x01\x02\x03\x04", struct.pack(">H", 3), [1, 1, 0, 1]),
        # The two bytes must both fit: 0x0102 is not 0x0103.
        (16, 0, b"\x01\x02\x01\x03\x01\x04\x02\x03", struct.pack(">H", 0x103), [1, 0, 1, 1]),
        (8, 2, b"\1\2\3\1\2\4\1\2\3\0\0\0", struct.pack(">HHH", 1, 2, 3), [0, 1, 0, 1]),
        (
            16,
            2,
            b"\0\1\0\2\0\3" + b"\1\1\0\2\0\3" + b"\0\1\0\2\0\3" + b"\0" * 6,
            struct.pack(">HHH", 1, 2, 3),
            [0, 1, 0, 1],
        ),
    ],
)
def test_png_with_one_transparent_colour(
    depth: int, kind: int, row: bytes, transparent: bytes, alpha: list[int]
) -> None:
    picture = still(png((4, 1), depth, kind, [row], chunk(b"tRNS", transparent)))
    assert picture.alpha is not None and picture.alpha[0].tolist() == alpha


def test_grey_with_alpha() -> None:
    grey = np.dstack([gradient()[..., 0], gradient()[..., 1]])
    for data in (
        pillow(Pillow.fromarray(grey, "LA"), "PNG"),
        tiff(grey, photometric="minisblack", extrasamples=["unassalpha"]),
    ):
        picture = still(data)
        assert picture.alpha is not None
        assert close(picture.rgb[..., 1] * 255, grey[..., 0], 1e-4) and close(picture.alpha * 255, grey[..., 1], 1e-4)


@pytest.mark.parametrize("maximum", [255, 65535])
def test_premultiplied_alpha_is_divided_out(maximum: int) -> None:
    straight = fading(maximum).astype(float)
    stored = straight.copy()
    stored[..., :3] *= stored[..., 3:] / maximum
    samples = stored.round().astype(np.uint8 if maximum == 255 else np.uint16)
    picture = still(tiff(samples, photometric="rgb", extrasamples=["assocalpha"]))
    assert picture.alpha is not None
    seen = picture.alpha > 0.2
    assert close(picture.rgb[seen], straight[seen][:, :3] / maximum, 3 / maximum / 0.2 / 2 + 1e-6)
    assert not picture.rgb[picture.alpha == 0].any()


def test_straight_alpha_is_left_alone() -> None:
    lossless: dict[str, Any] = {"lossless": True, "exact": True}
    files = (pillow(fading(), "PNG"), pillow(fading(), "WEBP", **lossless), pillow(fading(), "TIFF"))
    for data in files:
        picture = still(data)
        assert picture.alpha is not None
        assert close(picture.rgb * 255, fading()[..., :3], 1e-4) and close(picture.alpha * 255, fading()[..., 3], 1e-4)


@pytest.mark.parametrize(
    "how", ["lzw", "adobe_deflate", "tiled", "planar", "jpeg", "palette", "white", "bilevel", "big"]
)
def test_tiff_layouts(how: str) -> None:
    rgb, grey = gradient(), gradient()[..., 0]
    quantised = Pillow.fromarray(rgb).quantize(16)
    files: dict[str, tuple[bytes, NDArray[Any], float]] = {
        "lzw": (tiff(rgb, photometric="rgb", compression="lzw", predictor=True), rgb, 0),
        "adobe_deflate": (tiff(rgb, photometric="rgb", compression="adobe_deflate"), rgb, 0),
        "tiled": (tiff(rgb, photometric="rgb", tile=(16, 16)), rgb, 0),
        "planar": (tiff(np.moveaxis(rgb, 2, 0).copy(), photometric="rgb", planarconfig="separate"), rgb, 0),
        "jpeg": (pillow(rgb, "TIFF", compression="jpeg", quality=100), rgb, 12),
        "palette": (pillow(quantised, "TIFF"), np.asarray(quantised.convert("RGB")), 0),
        "white": (tiff(255 - grey, photometric="miniswhite"), np.dstack([grey] * 3), 0),
        "bilevel": (
            pillow(Pillow.fromarray(grey > 99), "TIFF", compression="group4"),
            np.dstack([(grey > 99) * 255] * 3),
            0,
        ),
        "big": (tiff(rgb, photometric="rgb", bigtiff=True), rgb, 0),
    }
    data, expected, tolerance = files[how]
    assert close(still(data).rgb * 255, expected, tolerance + 1e-4)


@pytest.mark.parametrize("bits", [2, 4, 12])
def test_tiff_of_odd_depths(bits: int) -> None:
    samples = (np.arange(64).reshape(4, 16) % 2**bits).astype(np.uint8 if bits < 8 else np.uint16)
    picture = still(tiff(samples, photometric="minisblack", bitspersample=bits))
    assert close(picture.rgb[..., 0], samples / (2**bits - 1))


def test_tiff_in_floating_point_and_with_pages_is_refused_with_a_reason() -> None:
    with pytest.raises(NotAPictureError, match=r"floating point.*8 or 16 bits"):
        decode(tiff(gradient().astype(np.float32), photometric="rgb"))
    with pytest.raises(NotAPictureError, match="2 pages"):
        decode(pillow(gradient(), "TIFF", save_all=True, append_images=[Pillow.fromarray(gradient())]))


def test_inks_of_cmyk_jpeg_and_tiff_are_the_right_way_round() -> None:
    paper = np.zeros((16, 16, 4), np.uint8)
    paper[:8, :, 1] = paper[:8, :, 2] = 255  # magenta and yellow: red above, paper below
    for data in (pillow(Pillow.fromarray(paper, "CMYK"), "JPEG", quality=100), tiff(paper, photometric="separated")):
        picture = still(data)
        assert close(picture.rgb[2, 2], [1, 0, 0], 0.02) and close(picture.rgb[13, 2], [1, 1, 1], 0.02)
        assert picture.metadata.profile is None


def test_lab_tiff() -> None:
    lab = np.empty((4, 4, 3), np.uint8)
    lab[...] = (138, 208, 195)  # CSS red is L* 54.29, a* 80.80, b* 69.89 under D50, stored signed
    lab[..., 0], lab[..., 1], lab[..., 2] = round(54.29 * 2.55), 81, 70
    assert close(still(tiff(lab, photometric="cielab")).rgb[0, 0], [1, 0, 0], 0.02)


@pytest.mark.parametrize("depth", [8, 10, 12])
def test_avif_keeps_its_depth(depth: int) -> None:
    maximum = 2**depth - 1
    data = imagecodecs.avif_encode(gradient(maximum), bitspersample=depth, pixelformat="444", level=100)
    picture = still(bytes(data))
    assert picture.metadata.depth == (8 if depth == 8 else 16)
    assert close(picture.rgb, gradient(maximum) / maximum, 5 / maximum)


def test_bmp_and_gif_palettes() -> None:
    few = Pillow.fromarray(gradient()).quantize(8)
    expected = np.asarray(few.convert("RGB"))
    for name in ("BMP", "GIF"):
        assert close(still(pillow(few, name)).rgb * 255, expected, 1e-4)
    picture = still(pillow(few, "GIF", transparency=2))
    assert picture.alpha is not None and np.array_equal(picture.alpha == 0, np.asarray(few) == 2)
    one_bit = Pillow.fromarray(gradient()[..., 0] > 99)
    assert close(still(pillow(one_bit, "BMP")).rgb[..., 0], gradient()[..., 0] > 99)
