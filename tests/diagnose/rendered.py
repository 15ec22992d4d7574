"""Photos and answers of which everything is known, for what a diagnosis must say of them."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose import diagnose
from feathercut.kernels.box_sums import box_mean
from feathercut.pictures import FloatArray, Image, Matte, Prediction, Size
from feathercut.report import Finding, Report

SIZE: Size = (600, 800)
GREEN, RED, BLUE = (0.25, 0.5, 0.3), (0.7, 0.25, 0.2), (0.2, 0.3, 0.75)


def disc(centre: tuple[float, float] = (400, 300), radius: float = 150, size: Size = SIZE) -> FloatArray:
    """An alpha of one disc with an edge of a pixel; `centre` is (x, y)."""
    rows, columns = np.mgrid[: size[0], : size[1]]
    away = np.hypot(columns + 0.5 - centre[0], rows + 0.5 - centre[1])
    alpha: FloatArray = np.clip(radius - away + 0.5, 0, 1).astype(np.float32)
    return alpha


def photo_of(alpha: FloatArray, subject: tuple[float, ...] = RED, behind: tuple[float, ...] = GREEN) -> Image:
    """A grained photo of a subject in front of a ground of another colour."""
    grain = np.random.default_rng(1).normal(0, 0.04, (*alpha.shape, 1))
    share = alpha[..., None]
    rgb = share * np.array(subject) + (1 - share) * np.array(behind) + grain
    return Image(np.clip(rgb, 0, 1).astype(np.float32))


def said(*alphas: FloatArray) -> list[Prediction]:
    """What networks answered: one alpha each."""
    return [Prediction(alpha, (0, 0, *alpha.shape), f"network-{number}") for number, alpha in enumerate(alphas)]


def report_on(photo: Image, alpha: FloatArray, *others: FloatArray) -> Report:
    """The report on a matte that is the first network's answer, and those of others."""
    return diagnose(photo, said(alpha, *(others or (alpha,))), Matte(alpha)).report


def found(report: Report, kind: str) -> Finding:
    """The finding of a kind, which must be there."""
    return next(finding for finding in report.findings if finding.kind == kind)


def blurred(values: FloatArray, radius: int) -> FloatArray:
    """Blurred to about a Gaussian."""
    for _ in range(3):
        values = box_mean(np.ascontiguousarray(values), radius)
    return np.clip(values, 0, 1)
