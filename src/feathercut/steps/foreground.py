"""Matte → Cutout: the subject's own colours."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.foreground import estimate_foreground
from feathercut.kernels.glass import own_colours
from feathercut.options import Foreground
from feathercut.pictures import Cutout, FloatArray, Image, Matte


def foreground(
    image: Image,
    matte: Matte,
    options: Foreground,
    *,
    colours: FloatArray | None = None,
    is_spent: bool = False,
) -> Cutout:
    """The subject on nothing: straight alpha, its own colours, zero where alpha is zero.

    Pixels with alpha 1 keep the photo's colour to the bit. At soft pixels the old background is bled
    out, to the share of `options.decontaminate` in 100: 0 leaves the photo's colours. A photo that brought alpha is
    already the colour of what shows there; only the network's share of the matte counts as a mixture.
    `colours`, H×W×3, are the subject's own where they are known already; they are taken as they are. Where the matte
    lets its backdrop through, that is taken away. `is_spent` says that nobody looks at the photo again: its memory may
    become the cutout's.
    """
    if options.decontaminate == 0 or matte.is_empty:
        rgb = np.where(matte.alpha[..., None] > 0, image.rgb, np.float32(0))
        return Cutout(rgb, matte.alpha, metadata=image.metadata)
    if colours is not None:
        rgb = np.where(matte.alpha[..., None] > 0, colours, np.float32(0))
        if options.decontaminate < 100:
            _mix_in(image.rgb, rgb, matte.alpha, np.float32(options.decontaminate / 100))
        return Cutout(rgb, matte.alpha, metadata=image.metadata)
    through = matte.through
    in_place = through is None and is_spent and options.decontaminate == 100 and image.rgb.flags.writeable
    if image.alpha is None:
        rgb = estimate_foreground(image.rgb, matte.alpha, in_place=in_place)
    else:
        share = np.divide(matte.alpha, image.alpha, out=np.zeros_like(matte.alpha), where=image.alpha > 0)
        rgb = estimate_foreground(image.rgb, np.clip(share, 0, 1), image.alpha, in_place=in_place)
    if through is not None:
        own_colours(image.rgb, matte.alpha, through, rgb)
    if options.decontaminate < 100:
        _mix_in(image.rgb, rgb, matte.alpha, np.float32(options.decontaminate / 100))
    return Cutout(rgb, matte.alpha, metadata=image.metadata)


def _mix_in(photo: FloatArray, rgb: FloatArray, alpha: FloatArray, strength: np.float32) -> None:
    """Leaves `strength` of the way from the photo's colours to the subject's own at soft pixels, in place."""
    soft = (alpha > 0) & (alpha < 1)
    kept = photo[soft]
    rgb[soft] = np.clip(kept + strength * (rgb[soft] - kept), 0, 1)
