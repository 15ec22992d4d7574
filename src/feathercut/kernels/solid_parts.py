"""Solid things of about a screen's own colour, told from what the screen shows through.

A solid thing is lit more here and less there: its colours lie on a line from black (I. Omer, M. Werman, "Color Lines",
CVPR 2004). What is transparent, or soft as it moved, has more of the screen here and less there: its colours lie on a
line from the screen's. So a green shirt before a green screen and a glass before it are two things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.pieces import Labels, label, spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray

_OFF = 0.06
"""A colour's distance from the screen from which on it is not the screen's noise."""
_CORE = 3
"""Pixels in from the outline where judging starts."""
_ROUGH, _ROUGH_ALWAYS, _ROUGH_PX = np.float32(0.1), np.float32(0.004), 2
"""How far pixels of a surface are from the mean of their neighbours at the most, as a share of their distance from the
screen: strands of hair are further."""
_SMALLEST = 0.0003
"""The least share of the photo that a piece has which is judged."""
_STEP, _STEPS = 0.5, 0.85
"""So much of its usual distance from the screen a piece has at this part of its rim: it does not fade out."""
_MORE_ACROSS, _LEAST_ACROSS = 1.44, 1e-5
"""How many times as much, squared, a solid thing's colours differ across rays from the screen as across those from
black."""
_GROWN, _REACH, _CLEAR = 2, 6, 2
"""Pixels that are won back of the rim, and so many around where the screen is not within the third."""


def solid_parts(rgb: FloatArray, behind: FloatArray, own: Marks, shows: Marks) -> Marks:
    """What else is the subject's, H×W, beside what is its `own` for certain.

    `rgb` and `behind`, the screen without the subject, are H×W×3 in [0, 1]; `shows` marks where the screen is bare.
    """
    difference = rgb - behind
    far = np.sqrt((difference**2).sum(axis=2))
    other = ~own & (far > _OFF) & ~shows
    core = ~spread(~(other & is_smooth(rgb, far) | own), _CORE) & ~own
    pieces, count = label(core)
    if count == 0:
        return core
    rim = core & spread(~(core | own), 1)
    numbers = pieces[core]
    sizes = np.maximum(np.bincount(numbers, minlength=count + 1), 1)
    means = np.bincount(numbers, far[core], count + 1) / sizes
    step = np.bincount(pieces[rim & (far > _STEP * means[pieces])], minlength=count + 1)
    noise = 2 * (1.4826 * float(np.median(np.abs(difference[shows])))) ** 2 if shows.any() else 0.0
    from_screen, from_black = (_across(one[core], numbers, sizes) - noise for one in (difference, rgb))
    solid = from_screen > _MORE_ACROSS * np.maximum(from_black, _LEAST_ACROSS)
    solid &= (sizes >= _SMALLEST * core.size) & (step >= _STEPS * np.bincount(pieces[rim], minlength=count + 1))
    solid[0] = False
    kept: Marks = solid[pieces]
    result: Marks = spread(kept, _GROWN) & other | spread(kept, _REACH) & ~spread(~(other | own), _CLEAR)
    return result


def is_smooth(rgb: FloatArray, far: FloatArray) -> Marks:
    """Where a surface could be, H×W, and no strands; `far` H×W is how far each colour is from the screen's."""
    means = box_mean(np.ascontiguousarray(rgb.transpose(2, 0, 1)), 1)
    rough = np.abs(rgb - means.transpose(1, 2, 0)).max(axis=2)
    smooth: Marks = box_mean(rough, _ROUGH_PX) < _ROUGH * far + _ROUGH_ALWAYS
    return smooth


def _across(colours: FloatArray, numbers: Labels, sizes: NDArray[np.intp]) -> NDArray[np.float64]:
    """Of each piece the mean square of its colours' (n×3) distances from the ray through their mean."""

    def mean(values: FloatArray) -> NDArray[np.float64]:
        return np.asarray(np.bincount(numbers, values, len(sizes)) / sizes)

    first = [mean(colours[:, one]) for one in range(3)]
    length = np.maximum(sum(one**2 for one in first), 1e-12)
    result = np.zeros(len(sizes))
    for row in range(3):
        for column in range(row, 3):
            second = mean(colours[:, row] * colours[:, column])
            along = second * first[row] * first[column] / length
            result += second - along if row == column else -2 * along
    return result
