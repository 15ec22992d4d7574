"""Matte → shadow and reflection: the photo's own as layers, or a shadow that is drawn, and the room that they take."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from feathercut.kernels.composite import gaussian_blur
from feathercut.kernels.kept_reflection import kept_reflection
from feathercut.kernels.kept_shadow import kept_shadow
from feathercut.kernels.reflection import REACH
from feathercut.kernels.shadow import cast_shadow, contact_shadow, drop_shadow
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image, Matte
from feathercut.steps.arrange import Box, subject_box

# Beyond so many standard deviations a blur is not seen any more; a contact shadow is twice as wide as high.
_SEEN = 2.0
_LEAST_SEEN = 4 / 255


class Asked(NamedTuple):
    """How a shadow is asked for: degrees, px of the photo, opacity from 0 to 1."""

    angle_deg: float
    distance_px: float
    softness_px: float
    opacity: float


def shade(photo: Image, matte: Matte, options: Compose) -> FloatArray | None:
    """The photo's own shadow, H×W, where it is to be kept: the alpha of black on the ground; else None.

    It is taken in the photo's own encoding, in which it is put on the new background, too.
    """
    if options.shadow != "keep":
        return None
    asked = drawn(options, (0, 0, 1, 1))
    layer = kept_shadow(photo.rgb, matte.alpha)
    if asked.softness_px > 0:
        layer = gaussian_blur(layer[..., None], asked.softness_px)[..., 0]
    if photo.alpha is not None:
        layer = layer * photo.alpha
    return np.asarray(layer * np.float32(asked.opacity), np.float32)


def mirror(photo: Image, matte: Matte, options: Compose) -> tuple[FloatArray, FloatArray] | None:
    """The photo's own reflection, H×W×3 and H×W, where it is to be kept and there is one; else None."""
    if not options.keep_reflection:
        return None
    found = kept_reflection(photo.rgb, matte.alpha)
    if found is None or photo.alpha is None:
        return found
    return found[0], found[1] * photo.alpha


def unmirrored(photo: Image, mirrored: tuple[FloatArray, FloatArray] | None) -> Image:
    """The photo without its reflection, so that this does not count as a shadow; the very same where none is kept."""
    if mirrored is None:
        return photo
    colours, share = mirrored[0], mirrored[1][..., None]
    ground = np.clip((photo.rgb - share * colours) / np.maximum(1 - share, np.float32(1e-3)), 0, 1)
    return Image(np.asarray(ground, np.float32), photo.alpha, photo.metadata)


def drawn(options: Compose, box: Box) -> Asked:
    """The shadow's options, what was not said as it suits the kind and the subject's `box`."""
    tall, longest = box[2] - box[0], max(box[2] - box[0], box[3] - box[1])
    usual = {
        "drop": Asked(90, 20, 20, 40),
        "contact": Asked(90, 0, 0.025 * longest, 60),
        "cast": Asked(325, 0.6 * tall, 0.03 * longest, 40),
    }.get(options.shadow, Asked(90, 0, 0, 100))
    said = options.shadow_angle, options.shadow_distance, options.shadow_softness, options.shadow_opacity
    angle, distance, softness, opacity = (one if own is None else own for own, one in zip(said, usual, strict=True))
    return Asked(angle, distance, softness, opacity / 100)


def draw_shadow(alpha: FloatArray, ratio: float, options: Compose) -> FloatArray | None:
    """A shadow of what is on a canvas, the alpha of black, h×w; None where none is drawn.

    `alpha` h×w is the subject there, `ratio` times as large as in the photo.
    """
    if options.shadow in ("none", "keep"):
        return None
    top, left, bottom, right = (round(edge / ratio) for edge in subject_box(alpha))
    angle, distance, softness, opacity = drawn(options, (top, left, bottom, right))
    match options.shadow:
        case "contact":
            return contact_shadow(alpha, softness * ratio, opacity)
        case "cast":
            return cast_shadow(alpha, angle, distance * ratio, softness * ratio, opacity)
    return drop_shadow(alpha, angle, distance * ratio, softness * ratio, opacity)


def room(cutout: Cutout, options: Compose, box: Box | None = None) -> Box:
    """How far shadow and reflection reach beyond the subject's box: top, right, bottom and left, in px of the photo.

    Zero where the subject itself is placed, by `scale` or `position`: then its box counts, as shops measure it.
    """
    if not options.crop or cutout.is_empty or options.scale or options.position:
        return 0, 0, 0, 0
    box = box or subject_box(cutout.alpha)
    above, after, below, before = _room_of_shadow(cutout, options, box)
    mirrored = math.ceil(REACH * (box[2] - box[0])) if options.reflection else 0
    if cutout.mirrored is not None and (cutout.mirrored[1] > _LEAST_SEEN).any():
        seen = np.flatnonzero((cutout.mirrored[1] > _LEAST_SEEN).any(axis=1))
        mirrored = max(0, int(seen[-1]) + 1 - box[2])
    return above, after, max(below, mirrored), before


def _room_of_shadow(cutout: Cutout, options: Compose, box: Box) -> Box:
    if options.shadow == "none":
        return 0, 0, 0, 0
    top, left, bottom, right = box
    if options.shadow == "keep":
        if cutout.shadow is None or not (cutout.shadow > _LEAST_SEEN).any():
            return 0, 0, 0, 0
        seen = subject_box(np.where(cutout.shadow > _LEAST_SEEN, cutout.shadow, np.float32(0)))
        return max(0, top - seen[0]), max(0, seen[3] - right), max(0, seen[2] - bottom), max(0, left - seen[1])
    angle, distance, softness, _ = drawn(options, (top, left, bottom, right))
    blur = _SEEN * softness
    across, down = distance * math.cos(math.radians(angle)), distance * math.sin(math.radians(angle))
    match options.shadow:
        case "contact":
            beyond = (0.0, 2 * blur, 1.5 * blur, 2 * blur)
        case "cast":
            beyond = (blur - down - (bottom - top), blur + across, blur + max(down, 0), blur - across)
        case _:
            beyond = (blur - down, blur + across, blur + down, blur - across)
    above, after, below, before = (max(0, math.ceil(one - 1e-9)) for one in beyond)
    return above, after, below, before
