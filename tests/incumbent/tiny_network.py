"""A real network of one node, written byte by byte so that no package is needed to make it."""

from __future__ import annotations


def tiny_network() -> bytes:
    """An ONNX file that answers 1×3×h×w with the mean of the channels, 1×1×h×w, whatever h and w are.

    The numbers are field numbers of ONNX's protocol buffers.
    """
    axes = _text(1, "axes") + _number(8, 1) + _number(20, 7)  # an attribute, of the kind "integers"
    node = _text(1, "input") + _text(2, "output") + _text(4, "ReduceMean") + _field(5, axes)
    graph = _field(1, node) + _text(2, "tiny") + _field(11, _array("input", 3)) + _field(12, _array("output", 1))
    return _number(1, 8) + _field(7, graph) + _field(8, _number(2, 13))  # IR 8, operator set 13


def _array(name: str, channels: int) -> bytes:
    """A float32 array of 1×channels×height×width."""
    sides = [_number(1, 1), _number(1, channels), _text(2, "height"), _text(2, "width")]
    shape = b"".join(_field(1, side) for side in sides)
    return _text(1, name) + _field(2, _field(1, _number(1, 1) + _field(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, text: str) -> bytes:
    return _field(field, text.encode())


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the top bit says that more follow."""
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + _varint(rest) if rest else bytes([low])
