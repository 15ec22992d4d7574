"""What a network computes in: whether its int8 form may be used, from its record and from this processor."""

from __future__ import annotations

from pathlib import Path

from feathercut import system
from feathercut.models.quantisation import path_of
from feathercut.models.spec import Record
from feathercut.options import Device
from feathercut.pictures import Size


def why_not_int8(device: Device, record: Record, size_hw: Size, own: Path | None = None) -> str | None:
    """Why a network cannot run in int8 on a device at a size; None where it can. `own` is the user's folder."""
    if device != "cpu":
        return f"device `{device}` does not compute in it"
    if not record.int8 or not path_of(record.id, own).is_file():
        return "it was not measured for this network"
    if size_hw != record.input.size:
        return f"it was measured at {record.input.size[0]} only"
    if not system.multiplies_bytes():
        return "this processor is not known to multiply bytes without loss (x86 with VNNI, under Linux)"
    return None


def holds(record: Record) -> bool:
    """Whether int8 was measured to be as good as float on all sets that it was measured on, and on one at least."""
    return bool(record.int8) and all(gate.holds for gate in record.int8.values())


def why_auto_is_not_int8(device: Device, record: Record, size_hw: Size, own: Path | None = None) -> str | None:
    """Why `auto` takes float: the same, or that int8 was measured to be worse on some set of photos."""
    if failed := [name for name, gate in record.int8.items() if not gate.holds]:
        return f"it was measured to be worse than float on {', '.join(failed)}"
    return why_not_int8(device, record, size_hw, own)
