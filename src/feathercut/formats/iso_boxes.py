"""The boxes of AVIF and HEIC files (ISO 14496-12 and 23008-12): what the primary picture says about itself.

meta ┬ pitm          which item is the picture
     ├ iinf · infe   which item is its EXIF block
     ├ iloc          where items lie
     └ iprp ┬ ipco   properties: ispe (size), irot, imir, colr (profile), av1C (depth)
            └ ipma   which properties belong to which item
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

# From (quarter turns anticlockwise, mirror: none, 0 top to bottom, 1 left to right), turned first, to EXIF's numbers.
_ORIENTATIONS = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6,
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip

_MOST_EXTENTS = 64
"""Pieces that an item may lie in: encoders make one."""


@dataclass(frozen=True)
class Primary:
    """The primary picture: `size` is (width, height) as stored, `nclx` its colour codes where it has no profile."""

    size: tuple[int, int]
    depth: int
    orientation: int
    profile: bytes | None
    nclx: tuple[int, int, int] | None
    exif: bytes | None


def boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """(name, content) of each box; raises ValueError where one is cut short."""
    place = 0
    while place + 8 <= len(data):
        length, start = int.from_bytes(data[place : place + 4], "big"), place + 8
        name = bytes(data[place + 4 : place + 8])
        if length == 1:
            length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
        elif length == 0:
            length = len(data) - place
        if length < start - place:
            raise ValueError("a box has a wrong length")
        if place + length > len(data):
            raise ValueError("truncated: a box goes on after the end")
        yield name, data[start : place + length]
        place += length


def _first_of(found: Iterator[tuple[bytes, memoryview]]) -> dict[bytes, memoryview]:
    """Boxes by name; of several the first counts, as it does for the decoders."""
    first: dict[bytes, memoryview] = {}
    for name, content in found:
        first.setdefault(name, content)
    return first


def primary(data: bytes) -> Primary:
    """What a file says about its primary picture; raises ValueError or LookupError where it makes no sense."""
    top = _first_of(boxes(memoryview(data)))
    if b"meta" not in top:
        raise ValueError("it has no description of a picture")
    meta = _first_of(boxes(top[b"meta"][4:]))
    if not {b"pitm", b"iprp"} <= meta.keys():
        raise ValueError("it names no picture")
    pitm = meta[b"pitm"]
    item = int.from_bytes(pitm[4 : 8 if pitm[0] else 6], "big")
    properties = _properties(meta[b"iprp"], item)
    width, height = struct.unpack(">II", properties.get(b"ispe", memoryview(b""))[4:12])
    turn = properties[b"irot"][0] & 3 if b"irot" in properties else 0
    mirror = properties[b"imir"][0] & 1 if b"imir" in properties else None
    flags = properties[b"av1C"][2] if b"av1C" in properties else 0
    depth = (12 if flags & 0x20 else 10) if flags & 0x40 else 8
    profile, nclx = _colours(properties)
    return Primary((width, height), depth, _ORIENTATIONS[turn, mirror], profile, nclx, _exif(data, meta))


def without_references(data: bytes, kinds: tuple[bytes, ...]) -> bytes:
    """The file in which items no longer refer to each other in these ways; nothing moves."""
    view = memoryview(data)
    meta = _first_of(boxes(view)).get(b"meta")
    iref = _first_of(boxes(meta[4:])).get(b"iref") if meta is not None else None
    if iref is None:
        return data
    patched, kept = bytearray(data), bytes(iref)
    start = data.find(kept)
    for name, content in boxes(iref[4:]):
        if name in kinds:
            place = start + kept.find(bytes(name) + bytes(content))
            patched[place : place + 4] = b"none"
    return bytes(patched)


def _properties(iprp: memoryview, item: int) -> dict[bytes, memoryview]:
    """The properties of one item; of two `colr` the profile counts (stored as `prof`)."""
    parts = _first_of(boxes(iprp))
    every = list(boxes(parts[b"ipco"]))
    own: dict[bytes, memoryview] = {}
    for place in _associations(parts[b"ipma"], item):
        if 1 <= place <= len(every):
            name, content = every[place - 1]
            own.setdefault(bytes(content[:4]) if name == b"colr" else name, content)
    return own


def _associations(ipma: memoryview, item: int) -> list[int]:
    version, is_wide = ipma[0], ipma[3] & 1
    place = 8
    for _ in range(int.from_bytes(ipma[4:8], "big")):
        id_length = 4 if version else 2
        owner, count = int.from_bytes(ipma[place : place + id_length], "big"), ipma[place + id_length]
        place += id_length + 1
        step, mask = (2, 0x7FFF) if is_wide else (1, 0x7F)
        if owner == item:
            return [int.from_bytes(ipma[place + step * i :][:step], "big") & mask for i in range(count)]
        place += step * count
    return []


def _colours(properties: dict[bytes, memoryview]) -> tuple[bytes | None, tuple[int, int, int] | None]:
    for name in (b"prof", b"rICC"):
        if name in properties:
            return bytes(properties[name][4:]), None
    if b"nclx" in properties and len(properties[b"nclx"]) >= 10:
        primaries, transfer, matrix = struct.unpack_from(">HHH", properties[b"nclx"], 4)
        return None, (primaries, transfer, matrix)
    return None, None


def _exif(data: bytes, meta: dict[bytes, memoryview]) -> bytes | None:
    """The EXIF block; None where there is none, or where it lies elsewhere than in the file itself."""
    item = _exif_item(meta.get(b"iinf"))
    extent = _location(meta.get(b"iloc"), item) if item is not None else None
    if extent is None:
        return None
    content = data[extent[0] : extent[0] + extent[1]]
    start = 4 + int.from_bytes(content[:4], "big")  # the block begins with how far away the TIFF header is
    return content[start:] or None


def _exif_item(iinf: memoryview | None) -> int | None:
    return next((item for item, kind in _items(iinf) if kind == b"Exif"), None)


def _items(iinf: memoryview | None) -> Iterator[tuple[int, bytes]]:
    """(number, kind) of each item."""
    if iinf is None:
        return
    for name, entry in boxes(iinf[6 if iinf[0] == 0 else 8 :]):
        id_length = 4 if entry[0] == 3 else 2
        if name == b"infe":
            yield int.from_bytes(entry[4 : 4 + id_length], "big"), bytes(entry[6 + id_length : 10 + id_length])


def starts_of(data: bytes, wanted: bytes, length: int) -> Iterator[bytes]:
    """The first bytes of each item of a kind. Raises ValueError or LookupError where places make no sense."""
    meta = _first_of(boxes(_first_of(boxes(memoryview(data)))[b"meta"][4:]))
    items = {item for item, kind in _items(meta.get(b"iinf")) if kind == wanted}
    inside = {0: memoryview(data), 1: meta.get(b"idat", memoryview(b""))}
    for item, method, extents in _places(meta.get(b"iloc")):
        if item in items:
            if len(extents) > _MOST_EXTENTS:
                raise ValueError(f"a part of it lies in {len(extents)} pieces")
            pieces = (inside[method][start : start + (size or len(data))][:length] for start, size in extents)
            yield b"".join(bytes(piece) for piece in pieces)[:length]


def _location(iloc: memoryview | None, item: int) -> tuple[int, int] | None:
    """(offset, length) of an item that is in one piece in the file itself."""
    for owner, method, extents in _places(iloc):
        if owner == item:
            return extents[0] if method == 0 and len(extents) == 1 else None
    return None


def _places(iloc: memoryview | None) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """(item, where it lies: 0 the file, 1 the box `idat`, its pieces as offset and length) of each item."""
    if iloc is None:
        return
    version, sizes = iloc[0], (iloc[4] >> 4, iloc[4] & 15, iloc[5] >> 4, iloc[5] & 15 if iloc[0] else 0)
    offset_size, length_size, base_size, index_size = sizes
    id_size = 4 if version == 2 else 2
    place = 6 + id_size
    for _ in range(int.from_bytes(iloc[6:place], "big")):
        if place >= len(iloc):
            return  # it says that it has more than there are, billions perhaps
        owner = int.from_bytes(iloc[place : place + id_size], "big")
        place += id_size
        method = int.from_bytes(iloc[place : place + 2], "big") & 15 if version else 0
        place += (2 if version else 0) + 2
        base = int.from_bytes(iloc[place : place + base_size], "big")
        place += base_size
        count = int.from_bytes(iloc[place : place + 2], "big")
        place += 2
        extents, step = [], index_size + offset_size + length_size
        for start in range(place + index_size, place + step * min(count, _MOST_EXTENTS + 1), max(step, 1)):
            end = start + offset_size
            length = int.from_bytes(iloc[end : end + length_size], "big")
            extents.append((base + int.from_bytes(iloc[start:end], "big"), length))
        if count and not step:
            extents.append((base, 0))
        yield owner, method, extents
        place += count * step
