"""One photo asked of every contract, and what the server's processes hold meanwhile."""

from __future__ import annotations

from pathlib import Path

import httpx

from server.running import WAIT_S, Running

CONTRACTS = {"v1/cutouts": "picture", "v1.0/removebg": "image_file", "api/remove": "file"}
"""The field that a photo comes in, by the path."""

REFUSED = (400, 403, 413, 415, 422)


def ask(server: Running, path: str, photo: bytes, name: str = "photo", **fields: str) -> httpx.Response:
    """The answer of a contract to a photo."""
    return httpx.post(server.address + path, files={CONTRACTS[path]: (name, photo)}, data=fields, timeout=WAIT_S)


def peak_mb(server: Running) -> float:
    """The most that any process of the server held since `forget_peak`."""
    return max(_said(process, "VmHWM") for process in _processes(server))


def held_mb(server: Running) -> float:
    """What all processes hold now."""
    return sum(_said(process, "VmRSS") for process in _processes(server))


def forget_peak(server: Running) -> None:
    """Begins to watch anew."""
    for process in _processes(server):
        Path(f"/proc/{process}/clear_refs").write_text("5")


def _processes(server: Running) -> list[int]:
    return [*server.children("inference"), *server.children("HTTP")]


def _said(process: int, name: str) -> float:
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1000
