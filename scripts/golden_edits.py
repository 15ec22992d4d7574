"""What a person does, in `golden/`: strokes, the smart brush, the shadow, the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.kernels.gradient import Rgba, gradient
from feathercut.kernels.shadow import cast_shadow, contact_shadow, drop_shadow
from feathercut.kernels.smart import Drawn, smart_alpha, smart_box
from feathercut.kernels.strokes import Mode, blend, brush, lasso, rectangle
from feathercut.pictures import FloatArray, Size

Case = dict[str, Any]
_SIZE = (18, 24)


def cases() -> dict[str, list[Case]]:
    """The cases by name."""
    return {
        "strokes": _strokes(),
        "smart": _smart(),
        "shadow": _shadow(),
        "ground_shadow": _ground_shadow(),
        "gradient": _gradient(),
    }


def _strokes() -> list[Case]:
    curve = [[3.5, 4.0, 1.0], [12.25, 9.5, 0.5], [20.0, 5.0, 0.0], [9.0, 2.0, 0.75]]
    brushes = [
        {"kernel": "brush", "diameter_px": diameter, "hardness": hardness, "points": points}
        for diameter, hardness, points in (
            (7, 1, curve),
            (9, 0.5, curve),
            (12, 0, [[23.0, -2.0, 1.0]]),
            (0.75, 1, [[4.5, 4.5, 1], [9, 4.5, 1]]),
        )
    ]
    star = [[2.0, 15.0], [11.5, 1.25], [21.0, 15.0], [-3.0, 6.5], [26.0, 6.0]]
    ring = [[1.5, 1.5], [20.25, 2.0], [18.0, 16.5], [3.0, 30.0]]
    alpha = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    coverage = alpha[:, ::-1].copy()
    blends: tuple[tuple[Mode, FloatArray | None], ...] = (
        ("erase", None),
        ("restore", None),
        ("restore", np.maximum(alpha, np.float32(0.5))),
    )
    return [
        *({**one, "expected": list(_known(brush(_SIZE, **_without_kernel(one))))} for one in brushes),
        *({"kernel": "lasso", "points": one, "expected": list(_known(lasso(_SIZE, one)))} for one in (star, ring)),
        {
            "kernel": "rectangle",
            "box": [2.25, 17.5, 9.75, 3.5],
            "expected": list(_known(rectangle(_SIZE, (2.25, 17.5, 9.75, 3.5)))),
        },
        *(
            {"kernel": "blend", "alpha": alpha, "coverage": coverage, "mode": mode, "opacity": 0.75, "ceiling": ceiling,
             "expected": blend(alpha, coverage, mode, 0.75, ceiling)}
            for mode, ceiling in blends
        ),
    ]  # fmt: skip


def _without_kernel(case: Case) -> Case:
    return {name: value for name, value in case.items() if name != "kernel"}


def _known(covered: tuple[Any, FloatArray] | None) -> tuple[Any, FloatArray]:
    assert covered is not None
    return covered


def _tuft(size: Size) -> tuple[FloatArray, FloatArray]:
    """Dark strands that leave a dark body to the right, on a bright background; and their alpha."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    strand = np.clip(np.float32(1.2) - np.abs((y + np.float32(0.25) * x) % 7 - 3), 0, 1)
    alpha = np.where(x < size[1] / 3, 1, np.floor(strand * 16) / 16 * (x < size[1] * 0.8)).astype(np.float32)
    wave = (np.sin(x * np.float32(0.7)) + np.cos(y * np.float32(0.9)))[..., None] * np.float32(0.03)
    hair, sky = np.array([[0.25, 0.1875, 0.125], [0.5, 0.625, 0.875]], np.float32)
    rgb = np.clip(alpha[..., None] * (hair + wave) + (1 - alpha[..., None]) * (sky - wave), 0, 1)
    return (np.round(rgb * 255) / np.float32(255)).astype(np.float32), alpha


def _smart() -> list[Case]:
    found = []
    wanted: tuple[tuple[Size, Mode], ...] = (((40, 60), "restore"), ((40, 60), "erase"), ((12, 560), "restore"))
    for size, mode in wanted:
        rgb, truth = _tuft(size)
        points = [[size[1] * 0.5, size[0] * 0.3, 1], [size[1] * 0.6, size[0] * 0.7, 0.5]]
        stroke = Drawn(mode, 18, 0.75, 0.875, points)
        covered = _known(brush(size, 24, 1, points))
        before = truth.copy()
        part = np.s_[covered[0][0] : covered[0][2], covered[0][1] : covered[0][3]]
        before[part] = blend(truth[part], np.round(covered[1]), "erase" if mode == "restore" else "restore", 1)
        if size[1] > 540:  # reduced on the way
            stroke = Drawn(mode, 540, 0.75, 0.875, points)
        box = smart_box(size, stroke)
        assert box is not None
        top, left, bottom, right = box
        inner = np.s_[top:bottom, left:right]
        found.append(
            {
                "size": list(size),
                "rgb": np.round(rgb * 255).astype(int),
                "alpha": before,
                "stroke": {"mode": mode, "diameter_px": stroke.diameter_px, "hardness": 0.75, "opacity": 0.875,
                           "points": points},
                "box": list(box),
                "expected": smart_alpha(rgb[inner], before[inner], box, stroke),
            }
        )  # fmt: skip
    return found


def _shadow() -> list[Case]:
    y, x = np.mgrid[:20, :26].astype(np.float32)
    alpha = np.clip(np.float32(6.5) - np.hypot(y - 9, x - 11), 0, 1)
    return [
        {
            "alpha": alpha,
            "angle_deg": angle,
            "distance_px": distance,
            "softness_px": softness,
            "opacity": 0.5,
            "expected": drop_shadow(alpha, angle, distance, softness, 0.5),
        }
        for angle, distance, softness in ((90, 4, 0), (45, 3.5, 1.5), (200, 2.25, 6))
    ]


def _ground_shadow() -> list[Case]:
    """A table on two legs of different lengths, half of a pixel wide at an edge."""
    alpha = np.zeros((24, 30), np.float32)
    alpha[5:9, 6:22] = 1
    alpha[9:18, 8:11] = 1
    alpha[9:16, 18:21] = 1
    alpha[5:9, 22] = 0.5
    words = ("kind", "angle_deg", "distance_px", "softness_px", "opacity")
    cast = [("cast", 325.0, 9.0, 1.5, 0.5), ("cast", 60.0, 7.5, 0.0, 0.8), ("cast", 180.0, 6.0, 5.0, 0.4)]
    contact = [("contact", 90.0, 0.0, softness, 0.6) for softness in (0.0, 2.5, 6.0)]
    expected = [cast_shadow(alpha, *given[1:]) for given in cast]
    expected += [contact_shadow(alpha, given[3], given[4]) for given in contact]
    return [
        {"alpha": alpha, **dict(zip(words, given, strict=True)), "expected": one}
        for given, one in zip(cast + contact, expected, strict=True)
    ]


def _gradient() -> list[Case]:
    pairs: tuple[tuple[Rgba, Rgba], ...] = (
        ((1, 0.5, 0, 1), (0, 0.25, 1, 1)),
        ((1, 1, 1, 1), (0, 0, 0, 0)),
    )
    return [
        {
            "size": [5, 8],
            "from": list(start),
            "to": list(end),
            "angle_deg": angle,
            "expected": list(gradient((5, 8), start, end, angle)),
        }
        for start, end in pairs
        for angle in (0, 90, 30, 225)
    ]
