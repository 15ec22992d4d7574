"""Predictions → Matte: fused, at the photo's own size, with edges that follow the photo's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feathercut.errors import InputError
from feathercut.kernels.colour import to_srgb
from feathercut.kernels.few_pixels import has_few, solved_edges
from feathercut.kernels.follow_edges import follow_edges, learned_at
from feathercut.kernels.fuse import fuse, mean_of_twins, seen_at
from feathercut.kernels.glass import thickened
from feathercut.kernels.resample import OVERSHOOTING, resize
from feathercut.kernels.trimap import alpha_from_trimap
from feathercut.options import Refine
from feathercut.pictures import FloatArray, Image, Matte, Prediction
from feathercut.steps.decode import read_picture
from feathercut.steps.seen import reduced, visible


def refine(image: Image, predictions: Sequence[Prediction], options: Refine) -> Matte:
    """The predictions as one matte at the photo's size, times the photo's own alpha.

    The first prediction draws, its twin with it, others say what is body (`kernels/fuse.py`); what lies outside
    `inside` is dropped before. The record's filter brings it to the photo's size; the default, bilinear,
    neither overshoots nor rings. `options.edges` `photo` then draws wide soft edges anew after the photo
    (`kernels/follow_edges.py`), and where it has few pixels all edges (`kernels/few_pixels.py`); not so where
    `options.low_resolution` is `off`, nor does what was seen from afar count then. With `options.trimap` no prediction
    is looked at. Raises InputError where
    the trimap cannot be read or is not of the photo's size.
    """
    seen = visible(image)
    if options.trimap is not None:
        trimap = read_trimap(options.trimap, image)
        alpha = alpha_from_trimap(seen, trimap)
        if options.transparency != "off":
            alpha = thickened(seen, alpha, trimap, is_sure=options.transparency == "strong")
    else:
        if options.low_resolution == "off":
            predictions = [one for one in predictions if not one.is_afar]
        first = predictions[0]
        small = reduced(image, learned_at(image.size), "box")
        drawn = np.clip(_fused(small, image, predictions), 0.0, 1.0)
        alpha = resize(drawn, image.size, first.resample)
        if first.resample in OVERSHOOTING:
            np.clip(alpha, 0.0, 1.0, out=alpha)
        if options.edges == "photo":
            is_solved = options.low_resolution == "auto" and has_few(image.size)
            alpha = solved_edges(seen, alpha) if is_solved else follow_edges(seen, small, alpha)
    return Matte(alpha if image.alpha is None else alpha * image.alpha)


def _fused(small: FloatArray, image: Image, predictions: Sequence[Prediction]) -> FloatArray:
    """What all predictions say together of a photo whose colours are `small`, at the size of the first."""
    first = predictions[0].shown
    if len(predictions) == 1:
        return first
    small = resize(small, seen_at(image.size), "box")
    small = to_srgb(np.clip(small, 0.0, 1.0), image.metadata.profile)
    for prediction in predictions[1:]:
        merge = mean_of_twins if prediction.is_twin else fuse
        first = merge(first, prediction.shown, small)
    return first


def read_trimap(path: str, image: Image) -> FloatArray:
    """The trimap in a file: grey, 0 to 1, of the photo's size. Raises InputError."""
    picture = read_picture(path, "trimap")
    if picture.size != image.size:
        height, width = picture.size
        raise InputError(
            f"The trimap {path} has {width}×{height} pixels and the photo {image.size[1]}×{image.size[0]}; "
            "make it of the photo's size"
        )
    return np.asarray(picture.rgb.mean(axis=2), np.float32)
