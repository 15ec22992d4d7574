"""Cutout → Image: what is behind and around the subject."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feathercut import values
from feathercut.errors import InputError, OptionError
from feathercut.kernels.colour import from_srgb
from feathercut.kernels.composite import gaussian_blur, over, resize_straight
from feathercut.kernels.resample import resize
from feathercut.options import Compose
from feathercut.pictures import Cutout, FloatArray, Image, Size
from feathercut.steps.decode import decode

# Below this a pixel does not count as part of the subject when its box is measured.
_SHOWS = 0.5 / 255
_ROUNDING = 1e-4  # of the colour engine
# What a margin or a size may blow a picture up to.
_MOST_A_SIDE, _MOST_PIXELS = 65_535, 250_000_000


@dataclass(frozen=True)
class Layout:
    """Where a part of the photo lands: `source` (top, left, bottom, right) is drawn at `size` with its
    corner at `corner` (top, left) of a canvas."""

    source: tuple[int, int, int, int]
    size: Size
    corner: tuple[int, int]
    canvas: Size


def compose(cutout: Cutout, photo: Image, options: Compose) -> Image:
    """The finished picture: the subject placed on its canvas, on its background.

    Without options it is the cutout as it is, at the photo's size. `photo` is what a blurred
    background is made of. Colours of the background are taken as sRGB and encoded as the photo is.
    """
    layout = arrange(cutout.alpha, options)
    rgb, alpha = _draw(cutout.rgb, cutout.alpha, layout)
    if cutout.shadow is not None:
        black = np.zeros_like(cutout.rgb)
        rgb, alpha = over(rgb, alpha, *_draw(black, cutout.shadow, layout))
    background = values.parse_background(options.background)
    if background == values.Colour(0, 0, 0, 0):
        return Image(rgb, alpha, cutout.metadata)
    below_rgb, below_alpha = _background(background, photo, layout)
    rgb, alpha = over(rgb, alpha, below_rgb, below_alpha)
    is_opaque = isinstance(below_alpha, float) and below_alpha == 1.0
    return Image(rgb, None if is_opaque else alpha, cutout.metadata)


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


def subject_box(alpha: FloatArray) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) around everything that shows; the whole frame where nothing does."""
    rows = np.flatnonzero((alpha > _SHOWS).any(axis=1))
    columns = np.flatnonzero((alpha > _SHOWS).any(axis=0))
    if not rows.size:
        return 0, 0, alpha.shape[0], alpha.shape[1]
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def arrange(alpha: FloatArray, options: Compose) -> Layout:
    """Where everything goes.

    `crop` takes the subject's box and its margin, else the whole photo. `size` gives the canvas, into
    which that is fitted, centred. `scale` or `position` place the subject itself: its box fills
    `scale` of the canvas (its own size where only `position` is given, made smaller where it must be).
    """
    whole: Size = (alpha.shape[0], alpha.shape[1])
    box = subject_box(alpha)
    margins = _margins(box, options)
    source = box if options.crop else (0, 0, *whole)
    spread = (source[2] - source[0] + margins[0] + margins[2], source[3] - source[1] + margins[1] + margins[3])
    canvas = values.parse_size(options.size) if options.size else spread
    if max(canvas) > _MOST_A_SIDE or canvas[0] * canvas[1] > max(_MOST_PIXELS, alpha.size):
        raise OptionError(
            f"Option `{'size' if options.size else 'margin'}`: the picture would have {canvas[1]}×{canvas[0]} pixels; "
            f"{_MOST_A_SIDE} a side and {_MOST_PIXELS / 1e6:g} megapixels are the most"
        )
    places_subject = options.scale is not None or options.position not in (None, "original")
    if places_subject:
        return _place_subject(box, canvas, options)
    ratio = min(canvas[0] / spread[0], canvas[1] / spread[1])
    size = _scaled(source, ratio)
    top = (canvas[0] - spread[0] * ratio) / 2 + margins[0] * ratio
    left = (canvas[1] - spread[1] * ratio) / 2 + margins[3] * ratio
    return Layout(source, size, (_within(top, size[0], canvas[0]), _within(left, size[1], canvas[1])), canvas)


def _margins(box: tuple[int, int, int, int], options: Compose) -> tuple[int, int, int, int]:
    if not options.crop:
        return 0, 0, 0, 0
    top, right, bottom, left = values.parse_margin(options.margin)
    height, width = box[2] - box[0], box[3] - box[1]
    return round(top.of(height)), round(right.of(width)), round(bottom.of(height)), round(left.of(width))


def _place_subject(box: tuple[int, int, int, int], canvas: Size, options: Compose) -> Layout:
    fill = values.parse_scale(options.scale) if options.scale else 1.0
    ratio = fill * min(canvas[0] / (box[2] - box[0]), canvas[1] / (box[3] - box[1]))
    if options.scale is None:
        ratio = min(1.0, ratio)
    size = _scaled(box, ratio)
    place = values.parse_position(options.position or "center")
    if place == "original":
        place = (0.5, 0.5)
    x, y = place
    corner = (round((canvas[0] - size[0]) * y), round((canvas[1] - size[1]) * x))
    return Layout(box, size, corner, canvas)


def _within(start: float, length: int, whole: int) -> int:
    """The whole pixel nearest to `start` from which `length` pixels still fit; rounding may push one out."""
    return max(0, min(round(start), whole - length))


def _scaled(box: tuple[int, int, int, int], ratio: float) -> Size:
    return max(1, round((box[2] - box[0]) * ratio)), max(1, round((box[3] - box[1]) * ratio))


def _draw(rgb: FloatArray, alpha: FloatArray, layout: Layout) -> tuple[FloatArray, FloatArray]:
    """A layer on its canvas; untouched where the canvas is the photo."""
    top, left, bottom, right = layout.source
    rgb, alpha = resize_straight(rgb[top:bottom, left:right], alpha[top:bottom, left:right], layout.size)
    if layout.size == layout.canvas and layout.corner == (0, 0):
        return rgb, alpha
    canvas_rgb = np.zeros((*layout.canvas, 3), np.float32)
    canvas_alpha = np.zeros(layout.canvas, np.float32)
    y, x = layout.corner
    height, width = layout.size
    canvas_rgb[y : y + height, x : x + width] = rgb
    canvas_alpha[y : y + height, x : x + width] = alpha
    return canvas_rgb, canvas_alpha


def _background(background: values.Background, photo: Image, layout: Layout) -> tuple[FloatArray, FloatArray | float]:
    """Colours and alpha of what is behind the subject, on the canvas, encoded as the photo is."""
    match background:
        case values.Colour():
            return _encoded(background, photo), background.alpha
        case values.Blur():
            radius = background.radius_px if background.radius_px is not None else max(photo.size) / 50
            return _blurred(photo, radius, layout)
        case values.PictureFile():
            picture = read_background(background.path)
            rgb, alpha = _cover(picture.rgb, picture.alpha, layout.canvas)
            return from_srgb(rgb, photo.metadata.profile), alpha


def _blurred(photo: Image, radius: float, layout: Layout) -> tuple[FloatArray, FloatArray | float]:
    """The blurred photo; where it is transparent itself, what is hidden there does not come out."""
    if photo.alpha is None:
        return _covering(gaussian_blur(photo.rgb, radius), layout), 1.0
    alpha = photo.alpha[..., None]
    layers = _covering(gaussian_blur(np.concatenate([photo.rgb * alpha, alpha], axis=2), radius), layout)
    shows = np.maximum(layers[..., 3:], np.float32(1e-6))
    return np.clip(layers[..., :3] / shows, 0, 1), layers[..., 3]


def read_background(path: str) -> Image:
    """A background picture, in sRGB. Raises InputError, naming the file."""
    from feathercut.kernels.colour import to_srgb

    try:
        if Path(path).exists() and not Path(path).is_file():
            raise InputError("it is no file")  # a named pipe would be waited for
        picture = decode(Path(path).read_bytes()).frames[0]
    except (OSError, ValueError) as error:
        if not isinstance(error, OSError):  # a null byte in the path
            raise InputError(f"The background {path!r} is no path: {error}") from error
        raise InputError(f"The background {path} cannot be read: {error.strerror or error}") from error
    except InputError as error:
        raise type(error)(f"The background {path} cannot be used: {error}") from error
    rgb = to_srgb(picture.rgb, picture.metadata.profile)
    return dataclasses.replace(picture, rgb=rgb, metadata=dataclasses.replace(picture.metadata, profile=None))


def _covering(rgb: FloatArray, layout: Layout) -> FloatArray:
    """The photo (H×W×C) where the subject stood in it, if that fills the canvas, else the photo covering it."""
    top, left, bottom, right = layout.source
    ratio_y, ratio_x = layout.size[0] / (bottom - top), layout.size[1] / (right - left)
    start_y, start_x = top - layout.corner[0] / ratio_y, left - layout.corner[1] / ratio_x
    end_y, end_x = start_y + layout.canvas[0] / ratio_y, start_x + layout.canvas[1] / ratio_x
    if start_y < -0.5 or start_x < -0.5 or end_y > rgb.shape[0] + 0.5 or end_x > rgb.shape[1] + 0.5:
        return np.clip(resize(rgb[_covering_window(rgb.shape, layout.canvas)], layout.canvas, "lanczos"), 0, 1)
    part = rgb[max(0, round(start_y)) : round(end_y), max(0, round(start_x)) : round(end_x)]
    return resize(part, layout.canvas, "bilinear")


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
