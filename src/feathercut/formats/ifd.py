"""TIFF directories, which are also how EXIF blocks are written.

header (byte order, 42, offset) → directory: count, tags of 12 bytes, offset of the next one
                                   tag: number, kind, count, value (or the offset of a longer one)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

Order = Literal["<", ">"]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_MOST_TAGS = 4096
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q"}


@dataclass(frozen=True)
class Tag:
    """One tag's value: `kind` is TIFF's number of a type, `data` is in the file's byte order."""

    kind: int
    count: int
    data: bytes

    def numbers(self, order: Order) -> tuple[float, ...]:
        """The value as numbers; fractions are divided out (0 where the divisor is 0), text has none."""
        if self.kind in (5, 10):
            code = "I" if self.kind == 5 else "i"
            parts = struct.unpack(f"{order}{2 * self.count}{code}", self.data)
            return tuple(a / b if b else 0.0 for a, b in zip(parts[::2], parts[1::2], strict=True))
        if self.kind not in _CODES:
            return ()
        return struct.unpack(f"{order}{self.count}{_CODES[self.kind]}", self.data)


Tags = dict[int, Tag]


@dataclass(frozen=True)
class Header:
    """How a file starts: its byte order, where the first directory is, and whether offsets have 64 bits."""

    order: Order
    first: int
    is_big: bool


def read_header(data: bytes) -> Header:
    """The header; raises ValueError where there is none."""
    order: Order = "<" if data[:2] == b"II" else ">"
    if data[:2] not in (b"II", b"MM") or len(data) < 8:
        raise ValueError("no TIFF header")
    version = struct.unpack_from(order + "H", data, 2)[0]
    if version == 42:
        return Header(order, struct.unpack_from(order + "I", data, 4)[0], False)
    if version == 43 and len(data) >= 16:
        return Header(order, struct.unpack_from(order + "Q", data, 8)[0], True)
    raise ValueError(f"TIFF version {version}")


def read_directory(data: bytes, header: Header, offset: int) -> tuple[Tags, int]:
    """The tags of the directory at `offset`, and the offset of the next (0: none).

    Tags that point outside the file or have an unknown kind are left out, as are those whose values would be more than
    the file together: they share its bytes. Raises ValueError where the directory itself is not there, or is none.
    """
    count_code, entry_code, next_code = ("Q", "HHQ8s", "Q") if header.is_big else ("H", "HHI4s", "I")
    entry = struct.Struct(header.order + entry_code)
    start = offset + struct.calcsize(header.order + count_code)
    if offset < 8 or start > len(data):
        raise ValueError("truncated: a directory lies outside the file")
    count = struct.unpack_from(header.order + count_code, data, offset)[0]
    if count > _MOST_TAGS:
        raise ValueError(f"a directory with {count} tags")
    end = start + count * entry.size
    if end > len(data):
        raise ValueError("truncated: a directory lies outside the file")
    tags: Tags = {}
    left = len(data)
    for number, kind, length, inline in entry.iter_unpack(data[start:end]):
        size = _SIZES.get(kind, 0) * length
        if not size or size > left:
            continue
        left -= size
        place = struct.unpack(header.order + next_code, inline)[0]
        value = inline[:size] if size <= len(inline) else data[place : place + size]
        if len(value) == size:
            tags.setdefault(number, Tag(kind, length, bytes(value)))  # as libtiff: the first of two counts
    following = data[end : end + struct.calcsize(next_code)]
    is_whole = len(following) == struct.calcsize(next_code)
    return tags, struct.unpack(header.order + next_code, following)[0] if is_whole else 0


def write_directory(tags: Tags, order: Order, offset: int) -> bytes:
    """The bytes of a directory that will lie at `offset`, followed by its longer values; no next one."""
    values_at = offset + 2 + 12 * len(tags) + 4
    entries, values = bytearray(), bytearray()
    for number, tag in sorted(tags.items()):
        if len(tag.data) <= 4:
            inline = tag.data.ljust(4, b"\0")
        else:
            inline = struct.pack(order + "I", values_at + len(values))
            values += tag.data + b"\0" * (len(tag.data) % 2)  # values begin at even offsets
        entries += struct.pack(order + "HHI", number, tag.kind, tag.count) + inline
    return struct.pack(order + "H", len(tags)) + bytes(entries) + b"\0" * 4 + bytes(values)


def header_bytes(order: Order, first: int) -> bytes:
    """The eight bytes at the start of a file whose first directory is at `first`."""
    return (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, first)
