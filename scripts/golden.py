"""Writes `golden/`: small inputs and what each kernel makes of them, for every language to agree with.

Run it after a kernel changed on purpose (`make golden`), and read the difference before committing it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import golden_diagnosis
import golden_edits
import golden_few_pixels
import golden_glass
import golden_kept_shadow
import golden_methods
import golden_refining
import golden_reflection
import golden_steps
import golden_subjects
from feathercut.kernels.composite import gaussian_blur, over, resize_straight
from feathercut.kernels.edges import harden_edge, shift_edge, soften_edge
from feathercut.kernels.foreground import estimate_foreground
from feathercut.kernels.resample import resize, resize_bytes, shrink
from feathercut.models.spec import Input, Output
from feathercut.options import Compose, Select
from feathercut.pictures import Matte, Resample
from feathercut.steps.compose import arrange
from feathercut.steps.predict import activate, normalise
from feathercut.steps.select import select
from golden_numbers import noise, sixteenths

FOLDER = Path(__file__).parents[1] / "golden"
Case = dict[str, Any]
_FILTERS: tuple[Resample, ...] = ("box", "bilinear", "bicubic", "lanczos")


def cases() -> dict[str, list[Case]]:
    """Every kernel's cases by name: the inputs, the options, and the numbers that came out."""
    return {
        "resample": _resample(),
        "normalise": _normalise(),
        "activate": _activate(),
        "fuse": golden_refining.fused(),
        "refine": golden_refining.refined(),
        "select": _select(),
        "subjects": golden_subjects.cases(),
        "edges": _edges(),
        "diagnosis": golden_diagnosis.cases(),
        "few_pixels": golden_few_pixels.cases(),
        "glass": golden_glass.cases(),
        "methods": golden_methods.cases(),
        "reflection": golden_reflection.cases(),
        "kept_shadow": golden_kept_shadow.cases(),
        "foreground": _foreground(),
        "composite": _composite(),
        "layout": _layout(),
        **golden_edits.cases(),
        **golden_steps.cases(),
    }


def _resample() -> list[Case]:
    array, photo = noise(7, 9), sixteenths(23, 31, 3)
    return [
        *(
            {"array": array, "size": list(size), "resample": name, "expected": resize(array, size, name)}
            for name in _FILTERS
            for size in ((3, 4), (14, 20), (7, 9))
        ),
        *(
            {"kernel": "shrink", "array": "sixteenths 23×31×3", "size": list(size), "resample": name,
             "expected": shrink(photo, size, name)}
            for name in _FILTERS[:2]
            for size in ((3, 5), (9, 12))
        ),
        *(
            {"kernel": "resize_bytes", "array": "sixteenths 23×31×3", "size": [5, 7], "resample": name,
             "expected": resize_bytes(photo, (5, 7), name)}
            for name in _FILTERS
        ),
    ]  # fmt: skip


def _normalise() -> list[Case]:
    canvas = noise(4, 5, 3) * np.float32(0.7)
    rules = {
        "isnet": Input(size=(16, 16), mean=(0.5, 0.5, 0.5), std=(1, 1, 1)),
        "u2net": Input(size=(16, 16), scale="image-max", mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)),
    }
    black = np.zeros_like(canvas)
    return [
        {"canvas": picture, "input": rule.model_dump(mode="json"), "expected": normalise(picture, rule)}
        for rule in rules.values()
        for picture in (canvas, black)
    ]


def _activate() -> list[Case]:
    answer = noise(1, 1, 4, 5) * 2 - np.float32(0.5)
    rules = (
        Output(),
        Output(activation="sigmoid"),
        Output(rescale="min-max"),
        Output(rescale="min-max", rounding="8-bit"),
    )
    return [
        {"output": answer, "rules": rule.model_dump(mode="json"), "expected": activate(answer, rule, "golden")}
        for rule in rules
    ]


def _select() -> list[Case]:
    faint, clear = noise(4, 5) * np.float32(0.02), noise(4, 5)
    clear[0, :2] = 0.0009, 0.9991
    # A speck with a faint surrounding, where four of the squares meet in which specks are looked for.
    speck = np.zeros((44, 50), np.float32)
    speck[:, :10], speck[22:43, 22:43], speck[31:33, 31:33] = 1, 0.015, 0.9
    return [
        {"alpha": alpha, "presence": Select().presence, "specks": specks,
         "expected": select(Matte(alpha), Select(specks=specks)).alpha}
        for alpha, specks in ((faint, Select().specks), (clear, Select().specks), (speck, 5))
    ]  # fmt: skip


def _edges() -> list[Case]:
    y, x = np.mgrid[:13, :16].astype(np.float32)
    alpha = np.clip((np.float32(4) - np.hypot(y - 8, x - 7)) / np.float32(4) + np.float32(0.5), 0, 1)
    alpha[1, :12] = 0.4
    return [
        {"kernel": kernel.__name__, "alpha": alpha, "amount": amount, "expected": kernel(alpha, amount)}
        for kernel, amounts in (
            (shift_edge, (0.3, 1, -1.5, 4, -7)),
            (soften_edge, (0.7, 3, 5)),
            (harden_edge, (60, 100, -100)),
        )
        for amount in amounts
    ]


def _foreground() -> list[Case]:
    y, x = np.mgrid[:13, :17].astype(np.float32)
    alpha = np.clip((np.float32(5) - np.hypot(y - 6, x - 8)) / np.float32(4) + np.float32(0.5), 0, 1)
    rgb = noise(13, 17, 3)
    weight = noise(13, 17)
    return [
        {"rgb": rgb, "alpha": alpha, "weight": None, "expected": estimate_foreground(rgb, alpha)},
        {"rgb": rgb, "alpha": alpha, "weight": weight, "expected": estimate_foreground(rgb, alpha, weight)},
    ]


def _composite() -> list[Case]:
    rgb, alpha, below = noise(6, 7, 3), noise(6, 7), noise(6, 7, 3)[::-1].copy()
    mixed, total = over(rgb, alpha, below, 0.5)
    small_rgb, small_alpha = resize_straight(rgb, alpha, (3, 4))
    return [
        {"kernel": "over", "rgb": rgb, "alpha": alpha, "below": below, "below_alpha": 0.5, "expected": [mixed, total]},
        {"kernel": "resize_straight", "rgb": rgb, "alpha": alpha, "size": [3, 4], "expected": [small_rgb, small_alpha]},
        {"kernel": "gaussian_blur", "rgb": rgb, "radius_px": 1.5, "expected": gaussian_blur(rgb, 1.5)},
    ]


def _layout() -> list[Case]:
    alpha = np.zeros((40, 60), np.float32)
    alpha[10:30, 20:50] = 1
    chosen: tuple[dict[str, Any], ...] = (
        {},
        {"crop": True},
        {"crop": True, "margin": "10% 5px"},
        {"size": "100x100"},
        {"size": "100x100", "scale": "80%"},
        {"position": "100% 0%"},
        {"crop": True, "margin": "2", "size": "200x50"},
    )
    return [
        {
            "alpha_box": [10, 20, 30, 50],
            "photo": [40, 60],
            "options": one,
            "expected": _fields(arrange(alpha, Compose(**one))),
        }
        for one in chosen
    ]


def _fields(layout: Any) -> dict[str, list[int]]:
    return {name: list(getattr(layout, name)) for name in ("source", "size", "corner", "canvas")}


def plain(value: Any) -> Any:
    """A value as JSON takes it, arrays as nested lists of numbers rounded to nine digits."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main(say: Callable[[str], None] = print) -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, group in cases().items():
        text = json.dumps({"version": 1, "cases": plain(group)}, separators=(",", ":"))
        path = FOLDER / f"{name}.json"
        changed = not path.exists() or path.read_text("utf-8") != text + "\n"
        path.write_text(text + "\n", "utf-8")
        say(f"{path.name}: {len(group)} cases{', changed' if changed else ''}")


if __name__ == "__main__":
    main()
