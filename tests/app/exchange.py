"""A folder in which the page's code has read and written files, and what is known of them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from feathercut.formats import exif
from feathercut.pictures import FloatArray
from formats.samples import chunk, exif_with, pillow, png, tiff

WEB = Path(__file__).parents[2] / "web"
HEIGHT, WIDTH = 61, 83
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def smooth(channels: int, seed: int = 0) -> NDArray[np.uint8]:
    """Soft hills of colour, H×W×channels."""
    coarse = (np.random.default_rng(seed).random((5, 6, 4)) * 255).astype(np.uint8)
    return np.asarray(Pillow.fromarray(coarse).resize((WIDTH, HEIGHT), Pillow.Resampling.BICUBIC))[
        ..., :channels
    ].copy()


def photos() -> dict[str, bytes]:
    """Files of many kinds, as other programs write them."""
    rgb, rgba = smooth(3), smooth(4)
    files: dict[str, bytes] = {}
    for way in range(1, 9):
        block = exif_with(way, (300, 150)).tobytes()
        files[f"way-{way}.jpg"] = pillow(rgb, "JPEG", exif=block, icc_profile=PROFILE, quality=92)
    for subsampling in (0, 1, 2):
        how = {"subsampling": subsampling, "quality": 70, "dpi": (72, 72), "progressive": subsampling == 1}
        files[f"subsampling-{subsampling}.jpg"] = pillow(rgb, "JPEG", **how)
    files["grey.jpg"] = pillow(rgb[..., 0], "JPEG")
    dark = bytes(imagecodecs.cms_profile("gray", whitepoint=(0.3457, 0.3585, 1), gamma=1.4))
    files["dark.jpg"] = pillow(rgb[..., 0], "JPEG", icc_profile=dark)
    files["one.jpg"] = pillow(rgb[:1, :1], "JPEG")
    for mode in ("RGB", "RGBA", "L", "LA", "1"):
        files[f"{mode}.png"] = pillow(Pillow.fromarray(rgba).convert(mode), "PNG", dpi=(300, 300))
    few = Pillow.fromarray(rgb).quantize(40)
    files["few.png"] = pillow(few, "PNG", transparency=bytes(range(0, 200, 10)))
    files["clear-grey.png"] = pillow(rgb[..., 0], "PNG", transparency=100)
    files["turned.png"] = pillow(rgba, "PNG", exif=exif_with(6, (300, 150)).tobytes(), icc_profile=PROFILE)
    for depth in (1, 2, 4):
        rows = [np.packbits([y >> 1 & 1, y & 1] * 8).tobytes() for y in range(5)]
        palette = chunk(b"PLTE", bytes(range(3 * 2**depth)))
        files[f"grey-{depth}.png"] = png((16 // depth, 5), depth, 0, rows)
        files[f"palette-{depth}.png"] = png((16 // depth, 5), depth, 3, rows, palette)
    deep = (np.random.default_rng(1).random((9, 11, 4)) * 65535).astype(np.uint16)
    files["deep.png"] = bytes(imagecodecs.png_encode(deep))
    files["lossy.webp"] = pillow(rgb, "WEBP", icc_profile=PROFILE, exif=exif_with(6, (300, 150)).tobytes())
    files["alpha.webp"] = pillow(rgba, "WEBP")
    files["lossless.webp"] = pillow(rgba, "WEBP", lossless=True, exact=True)
    files["full.avif"] = pillow(rgb, "AVIF", subsampling="4:4:4", icc_profile=PROFILE)
    files["half.avif"] = pillow(rgba, "AVIF", exif=exif_with(8, (300, 150)).tobytes())
    files["ten.avif"] = bytes(imagecodecs.avif_encode(deep[..., :3] >> 6, bitspersample=10, level=90))
    files["wide.avif"] = bytes(imagecodecs.avif_encode(rgb, level=90, primaries=12, transfer=13))
    files["still.gif"] = pillow(few, "GIF", transparency=5)
    for method in ("none", "lzw", "zlib", "packbits"):
        files[f"{method}.tif"] = tiff(rgb, photometric="rgb", compression=method, rowsperstrip=7)
    tiled: dict[str, object] = {"photometric": "rgb", "predictor": True, "compression": "lzw", "tile": (16, 32)}
    files["tiles.tif"] = tiff(rgb, **tiled, iccprofile=PROFILE, resolution=(300, 150))
    files["deep.tif"] = tiff(deep[..., :3], photometric="rgb", byteorder=">", compression="zlib", predictor=True)
    files["alpha.tif"] = tiff(rgba, photometric="rgb", extrasamples=["unassalpha"])
    files["planes.tif"] = tiff(np.moveaxis(rgba, -1, 0), photometric="rgb", planarconfig="separate",
                               extrasamples=["unassalpha"])  # fmt: skip
    files["grey.tif"] = tiff(rgb[..., 0], photometric="miniswhite")
    files["way-6.tif"] = tiff(rgb, photometric="rgb", extratags=[(274, "H", 1, 6, True)])
    files["plain.bmp"] = pillow(rgb, "BMP", dpi=(300, 300))
    files["few.bmp"] = pillow(few, "BMP")
    frames = [Pillow.fromarray(np.roll(rgba, 9 * place, 1)) for place in range(3)]
    for name in ("WEBP", "PNG", "GIF"):
        file = io.BytesIO()
        shown = frames if name != "GIF" else [frame.convert("RGB") for frame in frames]
        shown[0].save(file, name, save_all=True, append_images=shown[1:], duration=100)
        files[f"moving.{name.lower()}"] = file.getvalue()
    return files


PHOTOS = photos()


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the page's code has read and written files."""
    node = shutil.which("npx")
    if node is None or not (WEB / "node_modules").exists():
        pytest.skip("the page's packages are not installed: `make page`")
    folder = tmp_path_factory.mktemp("exchange")
    for name in ("in", "out"):
        (folder / name).mkdir()
    for name, data in PHOTOS.items():
        (folder / "in" / name).write_bytes(data)
    rgb, alpha = written()
    contents = {"rgb": rgb, "alpha": alpha, "photo": smooth(3, 7)}
    for name, samples in contents.items():
        (folder / f"{name}.bin").write_bytes(samples.tobytes())
    (folder / "size.json").write_text(json.dumps([HEIGHT, WIDTH]))
    (folder / "profile.icc").write_bytes(PROFILE)
    (folder / "exif.bin").write_bytes(exif.cleaned(exif_with(1).tobytes()) or b"")
    command = [node, "vitest", "run", "tests/formats/exchange.test.ts"]
    environment = {**os.environ, "FEATHERCUT_EXCHANGE": str(folder)}
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def written() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The colours and alpha of the cutout that the page's code writes: clear, soft and opaque parts."""
    ramp = np.linspace(-80, 335, WIDTH).clip(0, 255).round().astype(np.uint8)
    return smooth(3, 3), np.broadcast_to(ramp, (HEIGHT, WIDTH)).copy()


def whole(values: FloatArray, maximum: int = 255) -> NDArray[np.int64]:
    """The integers of 0 to `maximum` that a file holds."""
    integers: NDArray[np.int64] = np.floor(values * np.float32(maximum) + np.float32(0.5)).astype(np.int64)
    return integers
