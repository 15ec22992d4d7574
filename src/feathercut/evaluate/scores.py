"""What is measured of one photo: the table of metrics, and the function that computes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import ShapeError
from feathercut.evaluate.arrays import Mask, Values, as_values, is_kept
from feathercut.evaluate.band import unknown_band
from feathercut.evaluate.colours import colour_error
from feathercut.evaluate.mask_metrics import mask_scores
from feathercut.evaluate.matting_metrics import connectivity_error, gradient_error
from feathercut.evaluate.reading import Bytes


@dataclass(frozen=True)
class Metric:
    """One number: its name, its unit, which way is better, and how many digits it is shown with."""

    name: str
    unit: str
    is_higher_better: bool = False
    digits: int = 4

    @property
    def title(self) -> str:
        """The name with the unit."""
        return f"{self.name} {self.unit}".rstrip()

    def show(self, value: float | None) -> str:
        """A value as tables show it; a dash where there is none."""
        return "–" if value is None else f"{value:.{self.digits}f}"


METRICS: dict[str, Metric] = {
    "sad": Metric("SAD", "/1000", digits=2),
    "mse": Metric("MSE", "×1000", digits=2),
    "grad": Metric("Grad", "/1000", digits=2),
    "conn": Metric("Conn", "/1000", digits=2),
    "band_sad": Metric("band SAD", "/1000", digits=2),
    "band_mse": Metric("band MSE", "×1000", digits=2),
    "band_grad": Metric("band Grad", "/1000", digits=2),
    "band_conn": Metric("band Conn", "/1000", digits=2),
    "mae": Metric("MAE", ""),
    "iou": Metric("IoU", "", is_higher_better=True),
    "max_f": Metric("max F", "", is_higher_better=True),
    "weighted_f": Metric("weighted F", "", is_higher_better=True),
    "s": Metric("S-measure", "", is_higher_better=True),
    "e": Metric("E-measure", "", is_higher_better=True),
    "colour": Metric("colour error", ""),
    "seconds": Metric("time", "s", digits=3),
    "memory_mb": Metric("peak memory", "MB", digits=0),
}
"""Every number of a photo, by its key in the JSON, in the order of the tables."""


@dataclass(frozen=True, eq=False)
class Scores:
    """The numbers of one photo by their keys in METRICS, without those that it has none of.

    The curves are F and E over 256 thresholds: a set's `max_f` and `e` are the best of the mean curve.
    """

    values: dict[str, float]
    f_curve: Values
    e_curve: Values


def score(
    alpha: NDArray[Any],
    truth: NDArray[Any],
    *,
    is_soft: bool = True,
    ignore: int | None = None,
    trimap: Bytes | None = None,
    rgb: Bytes | None = None,
    foreground: Bytes | None = None,
) -> Scores:
    """The scores of a matte, H×W, against the truth, H×W.

    Both as uint8, uint16, or float in [0, 1], which is rounded to 8 bits as a written matte is.
    `is_soft` asks for the metrics of matting; `ignore` is a level of the truth (0 to 255) that is not
    counted. `rgb` and `foreground`, H×W×3 bytes, are the cutout's colours and the true ones. Raises
    ShapeError, and OptionError where the packages of the extra `evaluate` are not installed.
    """
    matte, true = as_values(alpha), as_values(truth)
    for name, other in (("matte", matte), ("trimap", trimap), ("rgb", rgb), ("foreground", foreground)):
        if other is not None and other.shape[:2] != true.shape:
            raise ShapeError(f"The {name} must have the truth's size {true.shape}, got {other.shape[:2]}")
    keep = is_kept(true, ignore)
    if not keep.any():
        raise ShapeError("Every pixel of the truth is to be ignored; nothing is left to measure")
    values = _overlap(matte, true, keep)
    if is_soft:
        values |= _matting(matte, true, keep, unknown_band(true, trimap))
    masks = mask_scores(matte, true, keep)
    values |= {
        "max_f": float(masks.f_curve.max()),
        "weighted_f": masks.weighted_f,
        "s": masks.s,
        "e": float(masks.e_curve.max()),
    }
    if rgb is not None and foreground is not None and (error := colour_error(rgb, foreground, true, keep)) is not None:
        values["colour"] = error
    measured = {key: value for key in METRICS if math.isfinite(value := values.get(key, math.nan))}
    return Scores(measured, masks.f_curve, masks.e_curve)


def _overlap(matte: Values, truth: Values, keep: Mask) -> dict[str, float]:
    error = np.abs(matte - truth)[keep]
    ours, theirs = (matte > 0.5) & keep, (truth > 0.5) & keep
    both, either = int(np.count_nonzero(ours & theirs)), int(np.count_nonzero(ours | theirs))
    return {"mae": float(error.mean()), "iou": both / max(1, either)}


def _matting(matte: Values, truth: Values, keep: Mask, band: Mask) -> dict[str, float]:
    """The errors of matting over all that is kept, and over the band where there is one."""
    maps = {
        "sad": np.abs(matte - truth),
        "mse": (matte - truth) ** 2,
        "grad": gradient_error(matte, truth),
        "conn": connectivity_error(matte, truth),
    }
    values = {}
    for name, error in maps.items():
        for prefix, where in (("", keep), ("band_", keep & band)):
            counted = error[where]
            if counted.size:
                values[prefix + name] = float(counted.mean() * 1000 if name == "mse" else counted.sum() / 1000)
    return values
