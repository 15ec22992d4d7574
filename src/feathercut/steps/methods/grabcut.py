"""A rectangle around the subject, and strokes where that is not enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import MethodError, OptionError
from feathercut.kernels.plain import band
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.options import Options
from feathercut.pictures import FloatArray, Image, Matte
from feathercut.steps.confine import region_box
from feathercut.steps.methods.drawn import Drawn
from feathercut.steps.refine import read_trimap
from feathercut.steps.seen import visible

_LONGEST = 800
_ROUNDS = 5
_TOUCHED = 0.2
"""Of a cell: a stroke of few pixels counts in a large photo, too."""
_BAND = 1 / 80


def draw(photo: Image, options: Options) -> Drawn:
    """What OpenCV's GrabCut finds in `options.region`, its strokes being the black and the white of `options.trimap`.

    C. Rother, V. Kolmogorov, A. Blake, "GrabCut", SIGGRAPH 2004. Raises OptionError, InputError.
    """
    if options.region is None and options.trimap is None:
        raise OptionError(
            "Option `method`: grabcut wants to know about where the subject is: a rectangle as `region`, "
            "or strokes as `trimap`, black for background and white for subject on grey"
        )
    seen = visible(photo)
    ratio = min(1.0, _LONGEST / max(photo.size))
    size = (max(1, round(photo.size[0] * ratio)), max(1, round(photo.size[1] * ratio)))
    marks = _marks(photo, options, size)
    found = _cut(shrink(seen, size, "box"), marks)
    whole = resize(found.astype(np.float32), photo.size, "bilinear") > 0.5
    return Drawn(Matte(alpha_from_trimap(seen, band(whole, _BAND))))


def _marks(photo: Image, options: Options, size: tuple[int, int]) -> NDArray[np.uint8]:
    """What is known, h×w, in GrabCut's numbers: 0 background, 1 subject, 2 and 3 perhaps the one or the other."""
    strokes: FloatArray = np.full(photo.size, 0.5, np.float32)
    if options.trimap is not None:
        strokes = read_trimap(options.trimap, photo)
    top, left, bottom, right = region_box(photo.size, options)
    inside = np.zeros(photo.size, np.float32)
    inside[top:bottom, left:right] = 1
    marks = np.where(resize(inside, size, "box") > 0.5, 3, 0).astype(np.uint8)
    marks[resize((strokes <= 0).astype(np.float32), size, "box") > _TOUCHED] = 0
    marks[resize((strokes >= 1).astype(np.float32), size, "box") > _TOUCHED] = 1
    if options.region is None:
        marks[(marks == 3) & ~(resize((strokes >= 1).astype(np.float32), size, "box") > 0)] = 2
    if not ((marks == 0) | (marks == 2)).any() or not ((marks == 1) | (marks == 3)).any():
        raise MethodError(
            "Option `method`: grabcut learns what the background looks like from what lies outside of `region` or is "
            "black in `trimap`, and what the subject looks like from the rest; here one of the two is nowhere"
        )
    return marks


def _cut(rgb: FloatArray, marks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    try:
        import cv2  # an extra
    except ImportError as error:
        raise OptionError(
            "Option `method`: grabcut is OpenCV's; install it with `pip install 'feathercut[grabcut]'`"
        ) from error
    pixels = np.rint(rgb[..., ::-1] * 255).astype(np.uint8)
    background, subject = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    found = marks.copy()
    cv2.grabCut(pixels, found, (0, 0, 1, 1), background, subject, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    ours: NDArray[np.bool_] = (found == 1) | (found == 3)
    return ours
