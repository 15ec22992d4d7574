"""Golden cases of what networks' answers become: fused, and their edges drawn after the photo."""

from __future__ import annotations

from typing import Any

import numpy as np

from feathercut.kernels.apart import apart
from feathercut.kernels.extremes import largest, smallest
from feathercut.kernels.follow_edges import follow_edges, learned_at
from feathercut.kernels.fuse import fuse
from feathercut.kernels.guided import linear_model
from feathercut.kernels.likeness import likeness
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.sampled import sampled
from feathercut.kernels.two_sides import model_of_two_sides
from feathercut.options import Refine
from feathercut.pictures import Image, Prediction
from feathercut.steps.refine import refine
from golden_numbers import BLUE, ORANGE, noise, sixteenths

Case = dict[str, Any]


def fused() -> list[Case]:
    y, x = np.mgrid[:18, :24].astype(np.float32)
    distance = np.hypot(y - 9, x - 11)
    body = np.clip(np.float32(6.5) - distance, 0, 1)
    grey = np.where(distance < 4, np.float32(0.375), body)
    hole = np.where(np.hypot(y - 9, x - 7) < 1.5, np.float32(0), body)
    stray = np.maximum(body, np.where((y > 13) & (x > 20), np.float32(0.25), 0))
    photo = np.where(body[..., None] > 0.5, BLUE, ORANGE)
    photo += sixteenths(18, 24, 3) / 8
    second = resize(body, (7, 8), "bilinear")
    plane = noise(6, 7)
    marks, share = apart((grey, stray, body[::-1]), 1)
    return [
        *(
            {"kernel": "fuse", "first": first, "second": second, "rgb": photo, "expected": fuse(first, second, photo)}
            for first in (grey, hole, stray)
        ),
        {
            "kernel": "likeness",
            "rgb": photo,
            "subject": (body > 0.75).astype(np.float32),
            "background": (body < 0.25).astype(np.float32),
            "expected": likeness(photo, body > 0.75, body < 0.25),
        },
        {
            "kernel": "apart",
            "mattes": [grey, stray, body[::-1]],
            "around": 1,
            "expected": np.array([*marks.ravel(), share], np.float32),
        },
        {"kernel": "largest", "plane": plane, "radius": 2, "expected": largest(plane, 2)},
        {"kernel": "smallest", "plane": plane, "radius": 1, "expected": smallest(plane, 1)},
    ]


def refined() -> list[Case]:
    planes, alpha, weight = noise(3, 9, 11), noise(9, 11)[::-1].copy(), noise(9, 11) + np.float32(0.05)
    model = linear_model(planes, alpha, weight, 2, 1e-3)
    sides = np.clip(planes[0] * 2 - np.float32(0.5), 0, 1)  # of colours of their own
    part = {"planes": planes, "window": [[3, 20], [0, 13]], "size": [21, 30]}
    return [
        {"kernel": "linear_model", "planes": planes, "alpha": alpha, "weight": weight, "radius": 2, "epsilon": 1e-3,
         "expected": model},
        {"kernel": "model_of_two_sides", "planes": planes, "alpha": sides, "radius": 2,
         "expected": model_of_two_sides(planes, sides, 2)},
        {"kernel": "sampled", **part, "expected": sampled(planes, (slice(3, 20), slice(0, 13)), (21, 30))},
        _followed(801),
        _followed(3301),
        _resized(),
    ]  # fmt: skip


def _followed(width: int) -> Case:
    """One row: a photo must be large for its edges to be followed."""
    x = np.arange(width)
    truth = ((x < 380) | ((x < 440) & (x % 6 < 3))).astype(np.float32)[None]
    drawn = np.where((x >= 380) & (x < 440), truth * np.float32(0.5) + np.float32(0.25), truth)
    rgb = truth[..., None] * BLUE + (1 - truth[..., None]) * ORANGE
    small = shrink(rgb, learned_at((1, width)), "box")
    expected = follow_edges(rgb, small, drawn.copy())
    return {"kernel": "follow_edges", "row": width, "expected": expected}


def _resized() -> Case:
    photo = Image(noise(10, 14, 3), sixteenths(10, 14))
    shown = sixteenths(8, 8)
    prediction = Prediction(shown, (1, 0, 7, 8), "golden", resample="bicubic")
    return {
        "kernel": "refine", "rgb": photo.rgb, "alpha": photo.alpha, "prediction": shown,
        "inside": list(prediction.inside), "resample": prediction.resample,
        "expected": refine(photo, [prediction], Refine()).alpha,
    }  # fmt: skip
