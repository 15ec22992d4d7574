"""Pair → Pair: the changes that matter for mattes, in the order in which a camera would make them.

What is before the lens changes first (what is behind the subject, its size and place, who is beside it), then the
lens (focus), then the sensor (light, noise), then the file (JPEG). Only what moves or blurs edges changes the matte.
"""

from __future__ import annotations

import numpy as np

from feathercut.kernels.composite import gaussian_blur
from feathercut.pictures import FloatArray
from feathercut.train.data.augmentation import Augmentation
from feathercut.train.data.behind import Behind, Other, made_up
from feathercut.train.data.camera import as_jpeg, exposed, noisy
from feathercut.train.data.pair import Pair
from feathercut.train.data.scene import Layer, layer_of, like, placed, together

_OTHER_BACKGROUND = made_up


def augment(
    pair: Pair,
    random: np.random.Generator,
    augmentation: Augmentation,
    *,
    behind: Behind = _OTHER_BACKGROUND,
    other: Other | None = None,
) -> Pair:
    """The pair as it might have been photographed as well; of another size where it is a close-up.

    The same random numbers give the same pair. `behind` gives backgrounds; `other` gives pairs whose subjects may join
    this one. The pair that is given is not written to.
    """
    rgb, alpha = pair.pixels, pair.alpha[0]
    if _happens(random, augmentation.flip):
        rgb, alpha = np.ascontiguousarray(rgb[:, ::-1]), np.ascontiguousarray(alpha[:, ::-1])
    if _happens(random, augmentation.close_up):
        rgb, alpha = _near(random, rgb, alpha)
    if _happens(random, augmentation.new_background) and not pair.is_mask and alpha.any():
        rgb, alpha = _elsewhere(random, layer_of(rgb, alpha), augmentation, behind, other)
    if _happens(random, augmentation.blur):
        rgb, alpha = _out_of_focus(random, rgb, alpha)
    if _happens(random, augmentation.exposure):
        rgb = exposed(random, rgb)
    if _happens(random, augmentation.noise):
        rgb = noisy(random, rgb)
    if _happens(random, augmentation.jpeg):
        rgb = as_jpeg(random, rgb)
    return Pair.of(rgb, alpha, is_mask=pair.is_mask)


def _happens(random: np.random.Generator, probability: float) -> bool:
    return bool(random.random() < probability)


def _near(random: np.random.Generator, rgb: FloatArray, alpha: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A part of the photo with a part of the subject in it, of the photo's shape or nearly."""
    height, width = alpha.shape
    share, stretch = random.uniform(0.35, 0.9), random.uniform(0.85, 1.18)
    rows = min(height, max(2, round(height * share * stretch)))
    columns = min(width, max(2, round(width * share / stretch)))
    y, x = _somewhere_in(random, alpha)
    top = int(np.clip(y - rows * random.uniform(0.2, 0.8), 0, height - rows))
    left = int(np.clip(x - columns * random.uniform(0.2, 0.8), 0, width - columns))
    part = np.s_[top : top + rows, left : left + columns]
    return np.ascontiguousarray(rgb[part]), np.ascontiguousarray(alpha[part])


def _somewhere_in(random: np.random.Generator, alpha: FloatArray) -> tuple[int, int]:
    """(y, x) of a pixel of the subject, edges as likely as the inside; the middle where there is none."""
    inside, soft = np.flatnonzero(alpha > 0.98), np.flatnonzero((alpha > 0.02) & (alpha <= 0.98))
    chosen = soft if len(soft) and (random.random() < 0.5 or not len(inside)) else inside
    if not len(chosen):
        return alpha.shape[0] // 2, alpha.shape[1] // 2
    y, x = divmod(int(chosen[int(random.integers(len(chosen)))]), alpha.shape[1])
    return y, x


def _elsewhere(
    random: np.random.Generator, subject: Layer, augmentation: Augmentation, behind: Behind, other: Other | None
) -> tuple[FloatArray, FloatArray]:
    """The subject before another background, perhaps at another place, with another, before its own colours."""
    size = subject.size
    if _happens(random, augmentation.place):
        subject = placed(random, subject, size)
    background = behind(random, size)
    if _happens(random, augmentation.similar):
        background = like(random, background, subject)
    layers = [subject]
    if other is not None and _happens(random, augmentation.several):
        second = other(random)
        if not second.is_mask and second.alpha.any():
            beside = placed(random, layer_of(second.pixels, second.alpha[0]), size)
            layers = [beside, subject] if random.random() < 0.5 else [subject, beside]
    return together(layers, background)


def _out_of_focus(random: np.random.Generator, rgb: FloatArray, alpha: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both blurred alike: the matte of a blurred edge is soft as well."""
    radius_px = random.uniform(0.3, 1.2) * max(alpha.shape) / 512
    if radius_px < 0.25:
        return rgb, alpha
    return gaussian_blur(rgb, radius_px), np.ascontiguousarray(gaussian_blur(alpha[..., None], radius_px)[..., 0])
