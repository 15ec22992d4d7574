"""Small ICC profiles of curves and a matrix, written from the specification (ICC.1:2022)."""

from __future__ import annotations

import struct

import numpy as np

_SRGB = ((0.436035, 0.222488, 0.013916), (0.385117, 0.716904, 0.097061), (0.143051, 0.060608, 0.713913))
_P3 = ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841))
_ADOBE = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))
_D50 = (0.9642, 1.0, 0.8249)


def profiles() -> dict[str, bytes]:
    """By name: one of each kind of curve."""
    steps = np.linspace(0, 1, 64)
    srgb_curve = _parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    table = struct.pack(">4sII64H", b"curv", 0, 64, *np.round(steps**1.8 * 65535).astype(int))
    return {
        "sRGB": _matrix(_SRGB, srgb_curve),
        "Display P3": _matrix(_P3, srgb_curve),
        "gamma": _matrix(_ADOBE, struct.pack(">4sIIH", b"curv", 0, 1, 563)),
        "table": _matrix(_ADOBE, table),
        "linear": _matrix(_SRGB, struct.pack(">4sII", b"curv", 0, 0)),
    }


def grey_profile() -> bytes:
    """A grey one, of a curve alone."""
    return _profile(b"GRAY", {b"kTRC": struct.pack(">4sIIH", b"curv", 0, 1, 461)})


def _parametric(*parameters: float) -> bytes:
    return struct.pack(">4sIHH5i", b"para", 0, 3, 0, *(round(one * 65536) for one in parameters))


def _matrix(lights: tuple[tuple[float, float, float], ...], curve: bytes) -> bytes:
    tags = {}
    for letter, light in zip("rgb", lights, strict=True):
        tags[f"{letter}XYZ".encode()] = _xyz(light)
        tags[f"{letter}TRC".encode()] = curve
    return _profile(b"RGB ", tags)


def _profile(space: bytes, colours: dict[bytes, bytes]) -> bytes:
    tags = {b"wtpt": _xyz(_D50), b"desc": _text("golden"), b"cprt": _text("none"), **colours}
    at = 132 + 12 * len(tags)
    table, data = b"", b""
    for name, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        table += struct.pack(">4sII", name, at + len(data), len(value))
        data += value
    header = struct.pack(">I4sI4s4s4s12x4s", at + len(data), b"none", 0x04400000, b"mntr", space, b"XYZ ", b"acsp")
    header += b"\0" * (68 - len(header)) + struct.pack(">3i", *(round(one * 65536) for one in _D50))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def _xyz(values: tuple[float, float, float]) -> bytes:
    return struct.pack(">4sI3i", b"XYZ ", 0, *(round(one * 65536) for one in values))


def _text(words: str) -> bytes:
    """A tag of version 4: one language, two bytes a letter."""
    encoded = words.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(encoded), 28) + encoded
