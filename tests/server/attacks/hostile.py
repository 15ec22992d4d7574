"""Uploads that nobody means well with, for every contract: pictures changed at random, and forms that are none."""

from __future__ import annotations

import random

from server.attacks.asking import CONTRACTS
from server.attacks.bombs import BOMBS, HEIC
from server.removebg import hostile

BOUNDARY = hostile.BOUNDARY
_QUICK = ("png-huge", "jpeg-huge", "webp-small-pixels-behind-large-ones", "gif-frames", "tiff-tile", "avif-places",
          "heic-places", "bmp-huge", "png-frame-larger-than-its-canvas", "tiff-pages")  # fmt: skip
_FIELDS = {
    "v1/cutouts": (
        "crop",
        "margin",
        "background",
        "format",
        "region",
        "recipe",
        "edge_shift",
        "matte",
        "method",
        "screen",
    ),
    "api/remove": ("model", "bgc", "om", "ppm", "extras", "af"),
}


def path_of(seed: int) -> str:
    """The contract that an upload is for."""
    return list(CONTRACTS)[seed % 3]


def upload(seed: int) -> bytes:
    """The body of a multipart form."""
    path = path_of(seed)
    if path == "v1.0/removebg":
        return hostile.upload(seed)
    chance = random.Random(seed)
    if seed % 50 < 3:
        data = BOMBS[chance.choice(_QUICK)]()
    elif seed % 17 == 0:
        data = hostile.flipped(HEIC.read_bytes(), chance)
    else:
        data = hostile.changed(chance)
    parts = [(CONTRACTS[path], data)]
    names = chance.sample(_FIELDS[path], chance.choice((0, 0, 1, 2)))
    words = (*hostile.WORDS, "chroma", "plain", "outline", "grabcut")
    parts += [(name, chance.choice(words).encode()) for name in names]
    body = b"".join(
        b"--" + BOUNDARY + f'\r\nContent-Disposition: form-data; name="{name}"; filename="f"\r\n\r\n'.encode()
        + content + b"\r\n"
        for name, content in parts
    )  # fmt: skip
    body += b"--" + BOUNDARY + b"--\r\n"
    return hostile.flipped(body, chance) if chance.random() < 0.1 else body
