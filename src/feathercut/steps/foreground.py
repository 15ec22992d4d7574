"""Matte → Cutout: the subject's own colours."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.foreground import estimate_foreground
from feathercut.options import Foreground
from feathercut.pictures import Cutout, Image, Matte


def foreground(image: Image, matte: Matte, options: Foreground) -> Cutout:
    """The subject on nothing: straight alpha, its own colours, zero where alpha is zero.

    Pixels with alpha 1 keep the photo's colour to the bit. At soft pixels the old background is bled
    out (`options.foreground` `estimated`) or left in (`photo`). A photo that brought alpha is already
    the colour of what shows there; only the network's share of the matte counts as a mixture.
    """
    if options.foreground == "photo" or matte.is_empty:
        rgb = np.where(matte.alpha[..., None] > 0, image.rgb, np.float32(0))
        return Cutout(rgb, matte.alpha, metadata=image.metadata)
    if image.alpha is None:
        return Cutout(estimate_foreground(image.rgb, matte.alpha), matte.alpha, metadata=image.metadata)
    share = np.divide(matte.alpha, image.alpha, out=np.zeros_like(matte.alpha), where=image.alpha > 0)
    rgb = estimate_foreground(image.rgb, np.clip(share, 0, 1), image.alpha)
    return Cutout(rgb, matte.alpha, metadata=image.metadata)
