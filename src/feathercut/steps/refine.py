"""Prediction → Matte: alpha at the photo's own size."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.resample import resize
from feathercut.options import Refine
from feathercut.pictures import Image, Matte, Prediction


def refine(image: Image, prediction: Prediction, options: Refine) -> Matte:  # noqa: ARG001
    """The prediction at the photo's size, times the photo's own alpha.

    What lies outside `prediction.inside` is dropped first. The record's filter is used; the default,
    bilinear, neither overshoots nor rings.
    """
    top, left, bottom, right = prediction.inside
    alpha = resize(prediction.alpha[top:bottom, left:right], image.size, prediction.resample)
    alpha = np.clip(alpha, 0.0, 1.0)
    return Matte(alpha if image.alpha is None else alpha * image.alpha)
