"""EXIF blocks: read leniently, written anew with nothing in them that describes the old picture.

A block is rebuilt from the tags that are about the photograph. Left behind are the thumbnail (it
shows the background), the maker's note (its offsets break when it moves, and nobody can say what it
holds), sizes and places in pixels, and the orientation, which is applied when a picture is read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

from feathercut.formats.ifd import Header, Order, Tag, Tags, header_bytes, read_directory, read_header, write_directory

_PHOTO, _PLACE = 0x8769, 0x8825
ORIENTATION = 274
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 282, 283, 296
# Description, make, model, software, date, artist, copyright, rating, and Windows' title to subject.
_KEPT = {270, 271, 272, 305, 306, 315, 316, 33432, 0x4746, 0x4749, *range(0x9C9B, 0x9CA0)}
# Maker's note, pixel size, interoperability, subject's area and place, FlashPix: about a file that is gone.
_DROPPED = {37500, 40960, 40962, 40963, 0xA005, 37396, 41492}


@dataclass(frozen=True)
class Exif:
    """The tags of a block: of the picture, of the photograph and of the place."""

    order: Order
    main: Tags
    photo: Tags
    place: Tags


def orientation(block: bytes | None) -> int:
    """The orientation a block tells, 1 to 8; 1 where it tells none."""
    number = _number(_main(block), ORIENTATION)
    return int(number) if number is not None and 1 <= number <= 8 else 1


def dpi(block: bytes | None) -> tuple[float, float] | None:
    """(horizontal, vertical) pixels an inch, where a block tells them."""
    return resolution(_main(block))


def resolution(main: tuple[Order, Tags] | None) -> tuple[float, float] | None:
    """(horizontal, vertical) pixels an inch from a directory's resolution tags."""
    x, y, unit = (_number(main, tag) for tag in (_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT))
    if not x or not y or unit == 1:
        return None
    scale = 2.54 if unit == 3 else 1.0
    return x * scale, y * scale


def cleaned(block: bytes | None) -> bytes | None:
    """The block without what it must not carry on (see above); None where nothing is left or it is broken."""
    exif = parse(block)
    return serialise(exif) if exif else None


def without_place(block: bytes | None) -> bytes | None:
    """The cleaned block without the GPS directory."""
    exif = parse(block)
    return serialise(replace(exif, place={})) if exif else None


def with_resolution(block: bytes | None, dpi: tuple[float, float] | None) -> bytes | None:
    """The block with a resolution, for formats that have no other place for it; a new one where there is none."""
    exif = parse(block) or Exif("<", {}, {}, {})
    if dpi is None:
        return serialise(exif)
    return serialise(replace(exif, main=exif.main | resolution_tags(dpi, exif.order)))


def resolution_tags(dpi: tuple[float, float], order: Order) -> Tags:
    """The three tags that tell `dpi`, (horizontal, vertical) pixels an inch."""
    x, y = (Tag(5, 1, struct.pack(order + "II", round(side * 1000), 1000)) for side in dpi)
    return {_X_RESOLUTION: x, _Y_RESOLUTION: y, _RESOLUTION_UNIT: Tag(3, 1, struct.pack(order + "H", 2))}


def parse(block: bytes | None) -> Exif | None:
    """The tags worth keeping; None where the block is broken or has none."""
    if not block:
        return None
    data = _bare(block)
    try:
        header = read_header(data)
        main, _ = read_directory(data, header, header.first)
    except ValueError:
        return None
    photo = {number: tag for number, tag in _below(data, header, main, _PHOTO).items() if number not in _DROPPED}
    place = _below(data, header, main, _PLACE)
    return Exif(header.order, {number: tag for number, tag in main.items() if number in _KEPT}, photo, place)


def serialise(exif: Exif) -> bytes | None:
    """A block with these tags, without the `Exif` prefix; None where there are none."""
    main = dict(exif.main)
    below = {number: tags for number, tags in ((_PHOTO, exif.photo), (_PLACE, exif.place)) if tags}
    if not main and not below:
        return None
    pointer = Tag(4, 1, b"\0" * 4)
    main |= dict.fromkeys(below, pointer)
    end = 8 + len(write_directory(main, exif.order, 8))
    blobs = []
    for number, tags in below.items():
        main[number] = Tag(4, 1, struct.pack(exif.order + "I", end))
        blobs.append(write_directory(tags, exif.order, end))
        end += len(blobs[-1])
    return header_bytes(exif.order, 8) + write_directory(main, exif.order, 8) + b"".join(blobs)


def _bare(block: bytes) -> bytes:
    return block[6:] if block.startswith(b"Exif\0\0") else block


def _main(block: bytes | None) -> tuple[Order, Tags] | None:
    if not block:
        return None
    data = _bare(block)
    try:
        header = read_header(data)
        return header.order, read_directory(data, header, header.first)[0]
    except ValueError:
        return None


def _number(main: tuple[Order, Tags] | None, tag: int) -> float | None:
    if main is None or tag not in main[1]:
        return None
    numbers = main[1][tag].numbers(main[0])
    return numbers[0] if numbers else None


def _below(data: bytes, header: Header, main: Tags, pointer: int) -> Tags:
    """The directory that a tag of `main` points to; empty where it is not there."""
    offset = _number((header.order, main), pointer)
    try:
        return read_directory(data, header, int(offset))[0] if offset else {}
    except ValueError:
        return {}
