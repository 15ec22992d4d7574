"""What is packed comes back from independent readers, and small enough."""

import io
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import PIL.Image
import pytest

from feathercut.formats.png_chunks import chunk
from feathercut.formats.png_packer import header, joined_adler32, pixel_chunks, pixels
from feathercut.kernels.quantise import Integers
from feathercut.kernels.row_filters import NUMBERS, filter_rows

SHAPES = [(1, 1), (5, 7), (40, 33), (9, 8, 2), (9, 8, 3), (3, 3, 4), (2100, 20, 4), (1030, 1010, 4)]


def _file(samples: Integers) -> bytes:
    return header(samples) + pixel_chunks(pixels(samples)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES)
def test_libpng_reads_the_same_numbers(kind: type[np.uint8] | type[np.uint16], shape: tuple[int, ...]) -> None:
    samples: Any = np.random.default_rng(1).integers(0, np.iinfo(kind).max, shape, endpoint=True).astype(kind)
    back = imagecodecs.png_decode(_file(samples))
    assert back.dtype == samples.dtype
    assert (back.reshape(shape) == samples).all()


def test_pillow_reads_the_same_numbers() -> None:
    samples = np.random.default_rng(2).integers(0, 256, (30, 20, 4), np.uint8)
    assert (np.asarray(PIL.Image.open(io.BytesIO(_file(samples)))) == samples).all()


def test_smooth_picture_is_no_larger_than_zlib_six_makes_it() -> None:
    y, x = np.mgrid[:600, :800]
    noise = np.random.default_rng(4).normal(0, 1.5, (600, 800, 3))
    smooth = np.stack([x / 4, y / 3, (x + y) / 8], axis=-1) + noise
    samples = np.clip(smooth, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(samples).save(buffer, "PNG", compress_level=6)
    assert len(_file(samples)) <= 1.05 * len(buffer.getvalue())


def test_flat_drawing_packs_to_almost_nothing() -> None:
    samples = np.zeros((1000, 1000, 4), np.uint8)
    samples[200:800, 300:700] = 255, 0, 0, 255
    assert len(_file(samples)) < 10_000
    assert zlib.decompress(pixels(samples))[:1] in b"\0\1\2\4"


@pytest.mark.parametrize("name", ["astronaut", "cat", "cup"])
def test_large_photo_is_hardly_larger_than_zlib_six_makes_it(name: str) -> None:
    photo = PIL.Image.open(Path(__file__).parents[2] / "examples" / "photos" / f"{name}.jpg").convert("RGB")
    smooth = np.asarray(photo.resize((1500, 1000), PIL.Image.Resampling.BICUBIC), np.float32)
    samples = np.clip(smooth + np.random.default_rng(5).normal(0, 3, smooth.shape), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(samples).save(buffer, "PNG", compress_level=6)
    assert samples.nbytes > 4_000_000 and len(_file(samples)) < 1.08 * len(buffer.getvalue())


@pytest.mark.parametrize("height", [100, 400, 1100])
def test_the_filter_that_is_chosen_on_a_few_rows_is_hardly_worse_than_any_other(height: int) -> None:
    photo = PIL.Image.open(Path(__file__).parents[2] / "examples" / "photos" / "astronaut.jpg").convert("RGBA")
    samples = np.asarray(photo.resize((900, height), PIL.Image.Resampling.BICUBIC)).copy()
    samples[:, :200] = 0
    rows = samples.reshape(height, -1)
    every = [len(zlib.compress(filter_rows(rows, 4, name).tobytes(), 6)) for name in NUMBERS]
    chosen = zlib.decompress(pixels(samples))
    assert len(zlib.compress(chosen, 6)) < 1.02 * min(every)


def test_checksums_of_parts_are_that_of_the_whole() -> None:
    whole = np.random.default_rng(6).integers(0, 256, 300_000).astype(np.uint8).tobytes()
    parts = [whole[:1], whole[1:1], whole[1:200_000], whole[200_000:]]
    assert joined_adler32([(zlib.adler32(part), len(part)) for part in parts]) == zlib.adler32(whole)


def test_a_picture_of_many_pieces_is_one_stream_whose_rows_go_on_from_piece_to_piece() -> None:
    y, x = np.mgrid[:3000, :2100]
    samples = np.stack([x % 256, y % 256, (x + y) % 256], axis=-1).astype(np.uint8)  # 19 MB
    packed = pixels(samples)
    assert len(zlib.decompress(packed)) == 3000 * (2100 * 3 + 1)
    assert (imagecodecs.png_decode(_file(samples)) == samples).all()
