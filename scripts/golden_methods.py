"""Golden cases of methods without a network: screens that are found and keyed, plain backdrops."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.diagnose.evidence import evidence_of
from feathercut.diagnose.other_method import other_method
from feathercut.kernels.chroma import find_screen, key
from feathercut.kernels.plain import plain_trimap
from feathercut.pictures import FloatArray, Image, Matte, Prediction
from feathercut.report import Verdict

Case = dict[str, Any]
_SIZE = 60, 84
_CLOTH = [0.3, 0.8, 0.42]
_BACKDROPS = {"green": [0.12, 0.65, 0.2], "blue": [0.15, 0.25, 0.7], "grey": [0.62, 0.6, 0.58]}


def cases() -> list[Case]:
    """Green, blue and grey, larger than the grid too; a row of each where the subject is."""
    return [
        *({"kernel": "find_screen", "backdrop": name, "expected": _screen(name)} for name in _BACKDROPS),
        *({"kernel": "key", "backdrop": name, "scale": scale, "despill": despill, "row": row,
           "expected": _keyed(name, scale, despill, row)}
          for name, scale, despill, row in (("green", 1, 1.0, 24), ("blue", 1, 0.5, 24), ("green", 5, 1.0, 24))),
        {"kernel": "key", "backdrop": "green", "scale": 3, "despill": 1.0, "row": 54, "is_dressed": True,
         "expected": _keyed("green", 3, 1.0, 54, is_dressed=True)},
        *({"kernel": "other_method", "backdrop": name, "verdict": verdict, "expected": _other(name, verdict)}
          for name in _BACKDROPS for verdict in ("fine", "look")),
        *({"kernel": "plain_trimap", "backdrop": "grey", "scale": scale, "expected": _plain(scale)}
          for scale in (1, 5)),
    ]  # fmt: skip


def _screen(name: str) -> list[float] | None:
    found = find_screen(_drawn(name, 1))
    return None if found is None else found.tolist()


def _other(name: str, verdict: Verdict) -> str | None:
    """What the diagnosis names where a network took the middle for the subject."""
    half = np.zeros(_SIZE, np.float32)
    half[20:, 30:54] = 1
    evidence = evidence_of(Image(_drawn(name, 1)), (Prediction(half, (0, 0, *_SIZE), "golden"),), Matte(half))
    return other_method(evidence, verdict)


def _keyed(name: str, scale: int, despill: float, row: int, *, is_dressed: bool = False) -> dict[str, FloatArray]:
    photo = _drawn(name, scale, is_dressed=is_dressed)
    screen = find_screen(photo)
    assert screen is not None
    keyed = key(photo, screen, despill)
    rows = slice(row * scale, row * scale + 1)
    return {"alpha": keyed.alpha[::scale, ::scale], "rgb": keyed.rgb[rows]}


def _plain(scale: int) -> FloatArray:
    found = plain_trimap(_drawn("grey", scale))
    assert found is not None
    return found[::scale, ::scale]


def _drawn(backdrop: str, scale: int, *, is_dressed: bool = False) -> FloatArray:
    """A hairy disc that stands on the lower border, or in a green cloth, before a backdrop that is lit unevenly."""
    height, width = _SIZE
    y, x = np.mgrid[:height, :width].astype(np.float64)
    far = np.sqrt((y - 34) ** 2 + (x - 42) ** 2) - 17
    hair = (x * 3 + y * 5) % 7 - 3
    alpha = np.clip(0.5 - far - hair * 0.5, 0, 1)
    alpha = np.where((y > 44) & (x > 30) & (x < 54), 1, alpha)[..., None]
    tone = ((x * 7 + y * 11) % 13 / 13)[..., None]
    grain = (((x * 5 + y * 3) % 11 - 5) / 11 * 0.01)[..., None]
    light = (1 - 0.3 * ((x / width - 0.5) ** 2 + (y / height - 0.4) ** 2))[..., None]
    disc = np.array([0.6, 0.35, 0.3]) * (0.75 + 0.5 * tone)
    photo = alpha * disc + (1 - alpha) * (np.array(_BACKDROPS[backdrop]) * light + grain)
    if is_dressed:
        shade = (0.75 + (x + 2 * y) / 400)[..., None]
        photo = np.where(((y > 46) & (x > 11) & (x < 73))[..., None], np.array(_CLOTH) * shade, photo)
    eight: FloatArray = np.floor(photo * 255 + 0.5).astype(np.float32) / np.float32(255)
    return eight.repeat(scale, 0).repeat(scale, 1)
