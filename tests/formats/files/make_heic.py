"""Makes the HEIC files beside it; needs pillow-heif, whose encoder (x265, GPL) we do not depend on.

python -m venv /tmp/heif && /tmp/heif/bin/pip install pillow-heif numpy && /tmp/heif/bin/python make_heic.py
"""

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

HERE = Path(__file__).parent
HEIGHT, WIDTH = 48, 64


def gradient(maximum: int) -> NDArray[np.uint16]:
    """Red grows to the right, green downwards, blue is a half: H×W×3."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return (np.dstack([x / (WIDTH - 1), y / (HEIGHT - 1), np.full(x.shape, 0.5)]) * maximum).round().astype("u2")


def save(name: str, mode: str, samples: NDArray[Any], **how: object) -> None:
    import pillow_heif  # type: ignore[import-not-found]  # here, for pytest imports this file

    kind = np.uint16 if ";" in mode else np.uint8
    file = pillow_heif.from_bytes(mode, (samples.shape[1], samples.shape[0]), samples.astype(kind).tobytes())
    for key in ("exif", "icc_profile"):
        if key in how:
            file[0].info[key] = how.pop(key)
    if "icc_profile" in file[0].info:
        file[0].info["icc_profile_type"] = "prof"
    file.save(HERE / name, quality=-1, chroma=444, **how)


def exif(orientation: int) -> bytes:
    """A block with an orientation and 300 × 150 dots an inch."""
    entries = struct.pack("<HHIHH", 0x112, 3, 1, orientation, 0)
    entries += struct.pack("<HHII", 0x11A, 5, 1, 62) + struct.pack("<HHII", 0x11B, 5, 1, 70)
    entries += struct.pack("<HHIHH", 0x128, 3, 1, 2, 0)
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 4) + entries + b"\0" * 4
    return b"Exif\0\0" + block + struct.pack("<4I", 300, 1, 150, 1)


def main() -> None:
    rgb = gradient(255)
    alpha = np.tile(np.linspace(0, 255, WIDTH).round().astype("u2"), (HEIGHT, 1))
    save("rgb8.heic", "RGB", rgb)
    save("rgba8.heic", "RGBA", np.dstack([rgb, alpha]))
    # Only the upper 10 of 16 bits are kept.
    save("rgb10.heic", "RGB;16", gradient(1023) << 6)
    save("icc.heic", "RGB", rgb, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # pillow-heif turns the block's orientation into irot and imir.
    save("turned.heic", "RGB", rgb, exif=exif(6))
    save("mirrored.heic", "RGB", rgb, exif=exif(5))


if __name__ == "__main__":
    main()
