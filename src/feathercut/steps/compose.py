"""Cutout → Image: what is behind and around the subject."""

from __future__ import annotations

import dataclasses

import numpy as np

from feathercut import values
from feathercut.kernels.colour import from_srgb
from feathercut.kernels.composite import gaussian_blur, over, resize_straight
from feathercut.kernels.gradient import gradient
from feathercut.kernels.reflection import reflection
from feathercut.kernels.resample import resize
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image, Layers, Size
from feathercut.steps.arrange import Box, Layout, arrange, subject_box, widened
from feathercut.steps.decode import read_picture
from feathercut.steps.shade import draw_shadow, room

__all__ = ["Box", "Layout", "arrange", "compose", "fill", "on_colour", "read_background", "subject_box"]

_ROUNDING = 1e-4  # of the colour engine
# Of the longer side: a photo blurred by this has no edge left in which one would see the subject again.
_BEYOND_RECOGNITION = 0.15


def compose(
    cutout: Cutout,
    photo: Image,
    options: Compose,
    box: Box | None = None,
    around: Box | None = None,
    *,
    keeps_layers: bool = False,
) -> Image:
    """The finished picture: the subject placed on its canvas, on its background.

    Without options it is the cutout as it is, at the photo's size. `photo` is what a blurred
    background is made of. Colours of the background are taken as sRGB and encoded as the photo is.
    `box` counts as the subject's where it is given, `around` as the room that its shadow takes: all frames of an
    animation have one. `keeps_layers` has the picture bring its `layers`; `photo` must then be unspent.
    """
    layout = arrange(cutout.alpha, options, box, around or room(cutout, options, box))
    rgb, alpha = _draw(cutout.rgb, cutout.alpha, layout)
    shadow = shadow_on(cutout, alpha, layout, options)
    mirrored = reflection_on(cutout, rgb, alpha, layout, options)
    layers = Layers(_unhidden(rgb, alpha, photo, layout), alpha, shadow, mirrored) if keeps_layers else None
    if mirrored is not None:
        rgb, alpha = over(rgb, alpha, *mirrored)
    if shadow is not None:
        rgb, alpha = over(rgb, alpha, np.zeros(3, np.float32), shadow)
    background = values.parse_background(options.background)
    if background == values.Colour(0, 0, 0, 0):
        return Image(rgb, alpha, cutout.metadata, layers)
    below_rgb, below_alpha = _background(background, photo, layout)
    rgb, alpha = over(rgb, alpha, below_rgb, below_alpha)
    is_opaque = isinstance(below_alpha, float) and below_alpha == 1.0
    if layers is not None:
        shown = None if is_opaque else np.broadcast_to(np.float32(below_alpha), layout.canvas)
        layers = dataclasses.replace(layers, below=np.broadcast_to(below_rgb, rgb.shape), below_alpha=shown)
    return Image(rgb, None if is_opaque else alpha, cutout.metadata, layers)


def fill(picture: Image, cutout: Cutout, photo: Image, options: Compose) -> Image:
    """What `compose` made without a background, filled up with the photo where it is transparent; no alpha.

    Pixels that show keep their colours: this and the picture's alpha are the picture's two layers. `photo` is the
    one that `cutout` was made of, unspent. Black is where neither is.
    """
    if picture.alpha is None:
        return picture
    layout = arrange(cutout.alpha, options, room=room(cutout, options))
    return Image(_unhidden(picture.rgb, picture.alpha, photo, layout), None, picture.metadata)


def _unhidden(rgb: FloatArray, alpha: FloatArray, photo: Image, layout: Layout) -> FloatArray:
    """The colours of what shows, and the photo's own where nothing does; black where neither is."""
    full, _ = _draw(photo.rgb, np.ones(photo.size, np.float32), layout)
    return np.where(alpha[..., None] > 0, rgb, full)


def on_colour(picture: Image, colour: values.Colour) -> Image:
    """A picture over a colour given as sRGB, opaque where the colour is."""
    if picture.alpha is None:
        return picture
    below = _encoded(colour, picture)
    rgb, alpha = over(picture.rgb, picture.alpha, below, colour.alpha)
    return Image(rgb, None if colour.alpha == 1 else alpha, picture.metadata)


def _encoded(colour: values.Colour, picture: Image) -> FloatArray:
    """A colour as the picture's profile encodes it; white stays white and black black to the bit."""
    encoded: FloatArray = from_srgb(np.array([[colour.rgb]], np.float32), picture.metadata.profile)[0, 0]
    return np.where(encoded > 1 - _ROUNDING, np.float32(1), np.where(encoded < _ROUNDING, np.float32(0), encoded))


def _draw(rgb: FloatArray, alpha: FloatArray, layout: Layout) -> tuple[FloatArray, FloatArray]:
    """A layer on its canvas; untouched where the canvas is the photo."""
    top, left, bottom, right = layout.source
    rgb, alpha = resize_straight(rgb[top:bottom, left:right], alpha[top:bottom, left:right], layout.size)
    if layout.size == layout.canvas and layout.corner == (0, 0):
        return rgb, alpha
    return _on_canvas(rgb, layout), _on_canvas(alpha, layout)


def shadow_on(cutout: Cutout, alpha: FloatArray, layout: Layout, options: Compose) -> FloatArray | None:
    """The alpha of black below the subject on its canvas, where it has `alpha`; None where there is no shadow.

    A shadow that is drawn is drawn there: neither a crop nor the photo's border cuts it off.
    """
    if cutout.shadow is None:
        return draw_shadow(alpha, layout.size[0] / (layout.source[2] - layout.source[0]), options)
    wide = widened(layout, cutout.size)
    top, left, bottom, right = wide.source
    part = np.clip(resize(cutout.shadow[top:bottom, left:right], wide.size, "bilinear"), 0, 1)
    return _on_canvas(part, wide)


def reflection_on(
    cutout: Cutout, rgb: FloatArray, alpha: FloatArray, layout: Layout, options: Compose
) -> tuple[FloatArray, FloatArray] | None:
    """Colours and alpha of the subject's reflection on its canvas: drawn, or the photo's own; None without one."""
    if cutout.mirrored is None:
        return reflection(rgb, alpha, options.reflection / 100) if options.reflection else None
    wide = widened(layout, cutout.size)
    top, left, bottom, right = wide.source
    colours, shown = (plane[top:bottom, left:right] for plane in cutout.mirrored)
    colours, shown = resize_straight(colours, shown, wide.size)
    return _on_canvas(colours, wide), _on_canvas(shown, wide)


def _on_canvas(part: FloatArray, layout: Layout) -> FloatArray:
    """A plane or several, h×w or h×w×C, at their place; 0 around."""
    if layout.size == layout.canvas:
        return part
    canvas = np.zeros((*layout.canvas, *part.shape[2:]), np.float32)
    y, x = layout.corner
    canvas[y : y + layout.size[0], x : x + layout.size[1]] = part
    return canvas


def _background(background: values.Background, photo: Image, layout: Layout) -> tuple[FloatArray, FloatArray | float]:
    """Colours and alpha of what is behind the subject, on the canvas, encoded as the photo is."""
    match background:
        case values.Colour():
            return _encoded(background, photo), background.alpha
        case values.Gradient(start, end, angle):
            first, last = (*start.rgb, start.alpha), (*end.rgb, end.alpha)
            drawn, shown = gradient(layout.canvas, first, last, angle)
            is_opaque = start.alpha == end.alpha == 1
            return from_srgb(drawn, photo.metadata.profile), 1.0 if is_opaque else shown
        case values.Blur():
            radius = background.radius_px if background.radius_px is not None else max(photo.size) / 50
            return _blurred(photo, radius, layout)
        case values.PictureFile():
            picture = read_background(background.path)
            rgb, alpha = _cover(picture.rgb, picture.alpha, layout.canvas)
            return from_srgb(rgb, photo.metadata.profile), alpha


def _blurred(photo: Image, radius: float, layout: Layout) -> tuple[FloatArray, FloatArray | float]:
    """The blurred photo; where it is transparent itself, what is hidden there does not come out.

    Where the canvas reaches beyond the photo, the photo covers it, at a scale that is not the subject's:
    it is then blurred so much that nobody sees the subject twice.
    """
    part = _part_behind(photo.size, layout)
    if part is None:
        radius = max(radius, _BEYOND_RECOGNITION * max(photo.size))
    if photo.alpha is None:
        return _behind(gaussian_blur(photo.rgb, radius), part, layout.canvas), 1.0
    alpha = photo.alpha[..., None]
    layers = gaussian_blur(np.concatenate([photo.rgb * alpha, alpha], axis=2), radius)
    layers = _behind(layers, part, layout.canvas)
    shows = np.maximum(layers[..., 3:], np.float32(1e-6))
    return np.clip(layers[..., :3] / shows, 0, 1), layers[..., 3]


def read_background(path: str) -> Image:
    """A background picture, in sRGB. Raises InputError, naming the file."""
    from feathercut.kernels.colour import to_srgb

    picture = read_picture(path, "background")
    rgb = to_srgb(picture.rgb, picture.metadata.profile)
    return dataclasses.replace(picture, rgb=rgb, metadata=dataclasses.replace(picture.metadata, profile=None))


def _part_behind(photo: Size, layout: Layout) -> tuple[slice, slice] | None:
    """The part of the photo that lies behind the canvas where the subject stood in it, if that fills the canvas."""
    top, left, bottom, right = layout.source
    ratio_y, ratio_x = layout.size[0] / (bottom - top), layout.size[1] / (right - left)
    start_y, start_x = top - layout.corner[0] / ratio_y, left - layout.corner[1] / ratio_x
    end_y, end_x = start_y + layout.canvas[0] / ratio_y, start_x + layout.canvas[1] / ratio_x
    if start_y < -0.5 or start_x < -0.5 or end_y > photo[0] + 0.5 or end_x > photo[1] + 0.5:
        return None
    return slice(max(0, round(start_y)), round(end_y)), slice(max(0, round(start_x)), round(end_x))


def _behind(rgb: FloatArray, part: tuple[slice, slice] | None, canvas: Size) -> FloatArray:
    """A part of the photo (H×W×C) on the canvas; without one the photo covers it."""
    if part is None:
        return np.clip(resize(rgb[_covering_window(rgb.shape, canvas)], canvas, "lanczos"), 0, 1)
    return resize(rgb[part], canvas, "bilinear")


def _cover(rgb: FloatArray, alpha: FloatArray | None, canvas: Size) -> tuple[FloatArray, FloatArray | float]:
    """A picture as large as it must be to fill the canvas, centred, the rest cut off."""
    window = _covering_window(rgb.shape, canvas)
    if alpha is None:
        return np.clip(resize(rgb[window], canvas, "lanczos"), 0, 1), 1.0
    return resize_straight(rgb[window], alpha[window], canvas)


def _covering_window(shape: tuple[int, ...], canvas: Size) -> tuple[slice, slice]:
    """The largest part of the canvas's shape, from the middle."""
    height, width = shape[:2]
    ratio = max(canvas[0] / height, canvas[1] / width)
    keep_h, keep_w = min(height, max(1, round(canvas[0] / ratio))), min(width, max(1, round(canvas[1] / ratio)))
    top, left = (height - keep_h) // 2, (width - keep_w) // 2
    return slice(top, top + keep_h), slice(left, left + keep_w)
