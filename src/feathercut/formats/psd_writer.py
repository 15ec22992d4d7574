"""Photoshop's files: RGB at 8 bits, layers with masks, run lengths, profile and resolution.

Source: Adobe, "Photoshop File Formats Specification".

    header · colour mode · resources · layers (records, then their channels) · merged picture
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import OutputError
from feathercut.formats.content import Layer, Layered

_LARGEST_SIDE = 30_000
_MOST_BYTES = 0x7FFF_FFFF
_TRANSPARENCY, _MASK, _RUN_LENGTHS = -1, -2, struct.pack(">H", 1)
_RESOLUTION, _PROFILE = 0x03ED, 0x040F

Bytes = NDArray[np.uint8]


def write(layered: Layered) -> bytes:
    """The picture and its layers as PSD. Raises OutputError where it has more pixels a side than a PSD may have."""
    height, width = layered.merged.samples.shape[:2]
    if max(height, width) > _LARGEST_SIDE:
        raise OutputError(
            f"A PSD has at most {_LARGEST_SIDE} pixels a side, and this picture is {width}×{height}; "
            "choose a smaller `size`, or `ora`"
        )
    merged = _merged(np.asarray(layered.merged.samples, np.uint8))
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, len(merged), height, width, 8, 3)
    packed = [_packed(plane) for plane in merged]
    picture = [counts for counts, _ in packed] + [rows for _, rows in packed]
    parts = [header, struct.pack(">I", 0), _resources(layered), _section(layered), _RUN_LENGTHS, *picture]
    return b"".join(parts)


def _resources(layered: Layered) -> bytes:
    across, down = (round(side * 65536) for side in layered.merged.dpi or (72.0, 72.0))
    parts = {_RESOLUTION: struct.pack(">IHHIHH", across, 1, 1, down, 1, 1)}  # pixels an inch, sizes shown in inches
    if layered.merged.profile:
        parts[_PROFILE] = layered.merged.profile
    content = b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(part)) + part + b"\0" * (len(part) % 2)
        for number, part in parts.items()
    )
    return struct.pack(">I", len(content)) + content


def _section(layered: Layered) -> bytes:
    """All layers' records, then all their channels."""
    size = (layered.merged.samples.shape[0], layered.merged.samples.shape[1])
    records, channels = [], []
    for layer in layered.layers:
        packed = [(number, *_packed(plane)) for number, plane in _planes(layer, size)]
        lengths = [(number, 2 + len(counts) + len(rows)) for number, counts, rows in packed]
        records.append(_record(layer, size, lengths))
        channels += [part for _, counts, rows in packed for part in (_RUN_LENGTHS, counts, rows)]
    content = b"".join([*records, *channels])
    content += b"\0" * (len(content) % 2)
    # Below zero: the first channel after the colours is the merged picture's transparency.
    is_transparent = layered.merged.samples.shape[2:] == (4,)
    count = -len(layered.layers) if is_transparent else len(layered.layers)
    if len(content) > _MOST_BYTES:
        raise OutputError("The PSD would have over 2 GB; choose a smaller `size`, or `ora`")
    return struct.pack(">IIh", len(content) + 10, len(content) + 2, count) + content + b"\0" * 4


def _record(layer: Layer, size: tuple[int, int], channels: list[tuple[int, int]]) -> bytes:
    whole = struct.pack(">IIII", 0, 0, *size)
    # Outside of its rectangle a mask hides; then its flags, and two bytes that fill.
    mask = struct.pack(">I", 20) + whole + b"\0" * 4 if layer.mask is not None else b"\0" * 4
    name = bytes([len(layer.name)]) + layer.name.encode("latin-1")
    name += b"\0" * (-len(name) % 4)
    unicode = struct.pack(">I", len(layer.name)) + layer.name.encode("utf-16-be")
    unicode += b"\0" * (-len(unicode) % 4)
    extra = mask + b"\0" * 4 + name + b"8BIMluni" + struct.pack(">I", len(unicode)) + unicode
    table = b"".join(struct.pack(">hI", *channel) for channel in channels)
    looks = b"8BIMnorm" + bytes([255, 0, 0, 0])  # opacity, clipping, flags, filler
    return whole + struct.pack(">H", len(channels)) + table + looks + struct.pack(">I", len(extra)) + extra


def _planes(layer: Layer, size: tuple[int, int]) -> list[tuple[int, Bytes]]:
    rgb = np.zeros((*size, 3), np.uint8) if layer.rgb is None else np.asarray(layer.rgb, np.uint8)
    alpha = np.full(size, 255, np.uint8) if layer.alpha is None else np.asarray(layer.alpha, np.uint8)
    planes = [(_TRANSPARENCY, alpha), *((channel, rgb[..., channel]) for channel in range(3))]
    return [*planes, (_MASK, np.asarray(layer.mask, np.uint8))] if layer.mask is not None else planes


def _merged(samples: Bytes) -> list[Bytes]:
    """The merged picture's channels; where it is transparent its colours lie over white, as Photoshop has them."""
    if samples.shape[2] == 3:
        return [samples[..., channel] for channel in range(3)]
    alpha = samples[..., 3].astype(np.uint16)
    planes = [samples[..., channel].astype(np.uint16) for channel in range(3)]
    over_white = [((plane * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8) for plane in planes]
    return [*over_white, samples[..., 3]]


def _packed(plane: Bytes) -> tuple[bytes, bytes]:
    """A channel's rows, packed: their lengths, two bytes each; and themselves."""
    import imagecodecs

    rows = [bytes(imagecodecs.packbits_encode(row.tobytes())) for row in plane]
    return struct.pack(f">{len(rows)}H", *map(len, rows)), b"".join(rows)
