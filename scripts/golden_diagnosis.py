"""Golden cases of the diagnosis: how strongly each sign shows, where, and the report that comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from feathercut.diagnose.diagnose import SIGNS, report_on
from feathercut.diagnose.evidence import evidence_of
from feathercut.pictures import FloatArray, Image, Matte, Prediction, Size

Case = dict[str, Any]
Disc = dict[str, Any]
_GREEN, _RED, _BLUE = [0.25, 0.5, 0.3125], [0.6875, 0.25, 0.1875], [0.125, 0.25, 0.75]
_NIGHT = [0.03125, 0.03125, 0.0]


def cases() -> list[Case]:
    """A clear photo, one for each sign, one that is reduced, and an empty matte."""
    middle = _disc(64, 48, 30)
    far = _disc(104, 22, 14)
    return [
        _case((96, 128), [middle], [[middle]]),
        _case((96, 128), [middle, far], [[middle, far], [_disc(40, 60, 26)]]),
        _case((96, 128), [_disc(100, 60, 40, soft=24)], [[middle], [middle, far]]),
        _case((96, 128), [_disc(64, 48, 70, colour=_NIGHT)], [[_disc(64, 48, 70)], [_disc(64, 48, 66)]]),
        _case((96, 128), [_disc(64, 48, 30, colour=[0.25, 0.5, 0.375])], [[middle]]),
        _case((96, 128), [_disc(64, 48, 30, level=0.5), _disc(64, 40, 10)], [[middle]]),
        _case((700, 1030), [_disc(400, 500, 300, soft=6), _disc(900, 120, 60)], [[_disc(400, 500, 290, soft=40)]]),
        _case((96, 128), [], [[middle], [far]]),
        _case(
            (96, 128), [_disc(44, 48, 22), _disc(84, 48, 24, colour=_BLUE)], [[_disc(44, 48, 22), _disc(84, 48, 24)]]
        ),
        _case((3, 200), [_disc(80, 1, 40)], []),
    ]


def _disc(x: float, y: float, radius: float, *, soft: float = 1, level: float = 1, colour: Any = _RED) -> Disc:
    return {"x": x, "y": y, "radius": radius, "soft": soft, "level": level, "colour": colour}


def _case(size: Size, discs: list[Disc], answers: list[list[Disc]]) -> Case:
    alpha = _drawn(size, discs)
    predictions = [Prediction(_drawn(size, one), (0, 0, *size), "golden") for one in answers]
    evidence = evidence_of(Image(_photo(size, discs)), predictions, Matte(alpha))
    looks = {}
    for sign in SIGNS:
        strength, marks = sign.look(evidence)
        always = replace(sign, at_least=-1.0).find(evidence)
        looks[sign.kind] = [
            strength,
            0 if marks is None else int(marks.sum()),
            list(always.box or []) if always else [],
        ]
    report = report_on(evidence)
    found = [[one.kind, one.severity, list(one.box or [])] for one in report.findings]
    return {
        "size": list(size), "ground": _GREEN, "discs": discs, "answers": answers, "looks": looks,
        "expected": {"confidence": report.confidence, "verdict": report.verdict, "method": report.method,
                     "findings": found},
    }  # fmt: skip


def _drawn(size: Size, discs: list[Disc]) -> FloatArray:
    """What the discs cover, in sixteenths: both sides draw it anew."""
    alpha = np.zeros(size)
    for disc in discs:
        alpha = np.maximum(alpha, disc["level"] * _cover(size, disc))
    return alpha.astype(np.float32)


def _cover(size: Size, disc: Disc) -> FloatArray:
    y, x = np.mgrid[: size[0], : size[1]]
    away = np.hypot(x - disc["x"], y - disc["y"])
    covered: FloatArray = np.floor(np.clip((disc["radius"] - away) / disc["soft"] + 0.5, 0, 1) * 16) / 16
    return covered


def _photo(size: Size, discs: list[Disc]) -> FloatArray:
    """The discs in their colours on cloth."""
    y, x = np.mgrid[: size[0], : size[1]]
    rgb = np.broadcast_to(np.array(_GREEN), (*size, 3))
    for disc in discs:
        share = disc["level"] * _cover(size, disc)[..., None]
        rgb = share * np.array(disc["colour"]) + (1 - share) * rgb
    cloth = ((x * x * 3 + y * 17 + x * y) % 41 - 20) / 640
    photo: FloatArray = np.clip(rgb + cloth[..., None], 0, 1).astype(np.float32)
    return photo
