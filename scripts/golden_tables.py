"""Colour profiles that work by tables, made here: no such file may be passed on with the project."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_WHITE = (0.9642, 1.0, 0.8249)
_GRID = 9
# Columns red, green, blue of XYZ under D50: Display P3's.
_LIGHTS = np.array(
    [[0.515102, 0.291965, 0.157153], [0.241182, 0.692236, 0.066582], [-0.001049, 0.041882, 0.784378]], np.float64
)


def table_profiles() -> dict[str, bytes]:
    """Profiles of a device with gamma 1.8 and a black that is not quite black, as `mft1`, `mft2` and `mAB `.

    The last two say that they are relative colorimetric, and only there blacks are made to meet.
    """
    return {
        "mft1": _profile(0x02400000, b"0", _old(_outwards(old=False), 1), _old(_inwards(old=False), 1)),
        "mft2": _profile(0x02400000, b"1", _old(_outwards(old=True), 2), _old(_inwards(old=True), 2)),
        "mAB": _profile(0x04300000, b"1", _new(_outwards(old=False), b"mAB "), _new(_inwards(old=False), b"mBA ")),
    }


def _cube() -> Numbers:
    steps = np.linspace(0, 1, _GRID)
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)


def _outwards(*, old: bool) -> Numbers:
    xyz = (0.01 + 0.99 * _cube() ** 1.8) @ _LIGHTS.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return _encoded(np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1), old=old)


def _encoded(lab: Numbers, *, old: bool) -> Numbers:
    shares = np.stack([lab[..., 0] / 100, (lab[..., 1] + 128) / 255, (lab[..., 2] + 128) / 255], axis=-1)
    return np.clip(shares * (65280 / 65535 if old else 1), 0, 1)


def _inwards(*, old: bool) -> Numbers:
    lab = np.minimum(_cube() * (65535 / 65280 if old else 1), 1) * (100, 255, 255) - (0, 128, 128)
    middle = (lab[..., 0] + 16) / 116
    f = np.stack([middle + lab[..., 1] / 500, middle, middle - lab[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _WHITE
    found: Numbers = np.clip((xyz @ np.linalg.inv(_LIGHTS).T - 0.01) / 0.99, 0, 1) ** (1 / 1.8)
    return found


def _old(nodes: Numbers, width: int) -> bytes:
    """`mft1` or `mft2`: curves that change nothing around the nodes."""
    head = bytes([3, 3, _GRID, 0]) + struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    if width == 1:
        straight = bytes(range(256)) * 3
        return b"mft1\0\0\0\0" + head + straight + np.round(nodes * 255).astype(np.uint8).tobytes() + straight
    straight = struct.pack(">2H", 0, 65535) * 3
    table = np.round(nodes * 65535).astype(">u2").tobytes()
    return b"mft2\0\0\0\0" + head + struct.pack(">2H", 2, 2) + straight + table + straight


def _new(nodes: Numbers, kind: bytes) -> bytes:
    """`mAB ` or `mBA `: curves on either side of the nodes; a power of 1 is written out on the device's side."""
    straight = (b"curv" + bytes(8)) * 3
    power = (b"para" + bytes(8) + struct.pack(">i", 65536)) * 3
    grid = bytes([_GRID] * 3).ljust(16, b"\0") + b"\2\0\0\0" + np.round(nodes * 65535).astype(">u2").tobytes()
    grid += b"\0" * (-len(grid) % 4)
    b, a, clut = 32, 32 + len(straight), 32 + len(straight) + len(power)
    return kind + bytes(4) + bytes([3, 3, 0, 0]) + struct.pack(">5I", b, 0, 0, clut, a) + straight + power + grid


def _profile(version: int, intent: bytes, outwards: bytes, inwards: bytes) -> bytes:
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in _WHITE))
    body, tags, offset = b"", b"", 128 + 4 + 12 * 3
    for name, data in ((b"A2B" + intent, outwards), (b"B2A" + intent, inwards), (b"wtpt", white)):
        tags += name + struct.pack(">II", offset + len(body), len(data))
        body += data.ljust(len(data) + -len(data) % 4, b"\0")
    tagged = struct.pack(">I", 3) + tags + body
    head = struct.pack(">I", 128 + len(tagged)) + bytes(4) + struct.pack(">I", version)
    head += b"prtrRGB Lab " + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3i", *(round(value * 65536) for value in _WHITE))
    return head.ljust(128, b"\0") + tagged
