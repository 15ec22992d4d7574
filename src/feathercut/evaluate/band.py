"""The unknown band: where a matte is decided."""

from __future__ import annotations

from feathercut.evaluate.arrays import Mask, Values
from feathercut.evaluate.extra import ndimage
from feathercut.evaluate.reading import Bytes

_REACH_PX = 10


def unknown_band(truth: Values, trimap: Bytes | None = None) -> Mask:
    """Where the trimap says neither inside nor outside, H×W.

    Without one: where the truth is between 0.02 and 0.98, grown by 10 px to each side and, as by
    steps of one pixel, by fewer across corners. Raises OptionError where SciPy is not installed.
    """
    if trimap is not None:
        band: Mask = (trimap > 5) & (trimap < 250)
        return band
    soft = (truth > 0.02) & (truth < 0.98)
    if not soft.any():
        return soft
    # Ten steps to the four neighbours reach what is within ten of the taxi driver's distance.
    distance = ndimage().distance_transform_cdt(~soft, metric="taxicab")
    grown: Mask = distance <= _REACH_PX
    return grown
