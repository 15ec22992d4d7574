"""The size that AV1 data itself says it has: what a decoder unpacks, whatever the file around it says."""

from __future__ import annotations

HEADER_BYTES = 256
"""What of an item is looked at: a sequence header stands at its beginning and has some dozen bytes."""

_SEQUENCE = 1


class _Bits:
    """Numbers of any count of bits, from the highest on. Raises ValueError behind the end."""

    def __init__(self, data: bytes) -> None:
        self._number, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise ValueError("truncated: an AV1 header ends early")
        return self._number >> self._left & ((1 << count) - 1)


def coded_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) at most, by the first sequence header; None where there is none at the beginning."""
    place = 0
    while place + 2 <= len(data):
        kind, has_extension, has_size = data[place] >> 3 & 15, data[place] >> 2 & 1, data[place] >> 1 & 1
        place += 1 + has_extension
        length = len(data) - place
        if has_size:
            length, place = _leb128(data, place)
        if kind == _SEQUENCE:
            return _sequence_size(_Bits(data[place : place + length]))
        place += length
    return None


def _leb128(data: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and the place behind it."""
    value = 0
    for count, byte in enumerate(data[place : place + 8]):
        value |= (byte & 127) << 7 * count
        if not byte & 128:
            return value, place + count + 1
    raise ValueError("an AV1 length without end")


def _sequence_size(bits: _Bits) -> tuple[int, int]:
    """The frame size of a sequence header (AV1 specification, 5.5.1)."""
    bits.take(4)  # profile, still picture
    if bits.take(1):  # reduced, as stills are
        bits.take(5)
    else:
        delay_bits = _timing(bits)
        has_delay = bits.take(1)
        for _ in range(bits.take(5) + 1):
            bits.take(12)
            if bits.take(5) > 7:
                bits.take(1)
            if delay_bits and bits.take(1):
                bits.take(2 * delay_bits + 1)
            if has_delay and bits.take(1):
                bits.take(4)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return bits.take(width_bits) + 1, bits.take(height_bits) + 1


def _timing(bits: _Bits) -> int:
    """Reads what is told of the time between frames (5.5.3 and 5.5.4); the bits of a delay, 0 where none is told."""
    if not bits.take(1):
        return 0
    bits.take(64)
    if bits.take(1):  # a number of as many bits as zeros stand before it
        zeros = 0
        while not bits.take(1):
            zeros += 1
        bits.take(zeros if zeros < 32 else 0)
    if not bits.take(1):
        return 0
    delay_bits = bits.take(5) + 1
    bits.take(32 + 5 + 5)
    return delay_bits
