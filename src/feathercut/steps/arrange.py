"""Where the subject goes: the canvas and the place on it, from boxes alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feathercut import values
from feathercut.errors import OptionError
from feathercut.options import Compose
from feathercut.pictures import FloatArray, Size

Box = tuple[int, int, int, int]
"""(top, left, bottom, right) in pixels."""

# Below this a pixel does not count as part of the subject when its box is measured.
_SHOWS = 0.5 / 255
# What a margin or a size may blow a picture up to.
_MOST_A_SIDE, _MOST_PIXELS = 65_535, 250_000_000
_NO_ROOM: Box = (0, 0, 0, 0)


@dataclass(frozen=True)
class Layout:
    """Where a part of the photo lands: `source` (top, left, bottom, right) is drawn at `size` with its
    corner at `corner` (top, left) of a canvas."""

    source: Box
    size: Size
    corner: tuple[int, int]
    canvas: Size


def subject_box(*alphas: FloatArray) -> Box:
    """The box around everything that shows in any of these; the whole frame where nothing does."""
    boxes = [box for alpha in alphas if (box := _box_of(alpha)) is not None]
    if not boxes:
        return 0, 0, alphas[0].shape[0], alphas[0].shape[1]
    tops, lefts, bottoms, rights = zip(*boxes, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)


def _box_of(alpha: FloatArray) -> Box | None:
    rows = np.flatnonzero((alpha > _SHOWS).any(axis=1))
    columns = np.flatnonzero((alpha > _SHOWS).any(axis=0))
    if not rows.size:
        return None
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def arrange(alpha: FloatArray, options: Compose, box: Box | None = None, room: Box = _NO_ROOM) -> Layout:
    """Where everything goes; `box` is the subject's, where it is not that of `alpha`.

    `room` is what a crop leaves around it for its shadow: top, right, bottom and left, in px of the photo.

    `crop` takes the subject's box and its margin, else the whole photo. `size` gives the canvas, into
    which that is fitted, centred. `scale` or `position` place the subject itself: its box fills
    `scale` of the canvas within the margin (its own size where only `position` is given, made smaller
    where it must be). Raises OptionError for a canvas that no memory holds.
    """
    whole: Size = (alpha.shape[0], alpha.shape[1])
    box = box or subject_box(alpha)
    margins = _margins(box, options, room)
    source = box if options.crop else (0, 0, *whole)
    canvas = _canvas(source, margins, options, alpha.size)
    if options.scale is not None or options.position not in (None, "original"):
        return _place_subject(box, margins, whole, canvas, options)
    spread = _spread(source, margins)
    ratio = min(canvas[0] / spread[0], canvas[1] / spread[1])
    size = _scaled(source, ratio)
    top = (canvas[0] - spread[0] * ratio) / 2 + margins[0] * ratio
    left = (canvas[1] - spread[1] * ratio) / 2 + margins[3] * ratio
    return Layout(source, size, (_within(top, size[0], 0, canvas[0]), _within(left, size[1], 0, canvas[1])), canvas)


def widened(layout: Layout, photo: Size) -> Layout:
    """The same, with as much of the photo around its source as there is room for on the canvas, to a pixel."""
    top, left, bottom, right = layout.source
    ratio_y, ratio_x = layout.size[0] / (bottom - top), layout.size[1] / (right - left)
    y, x = layout.corner
    below, after = layout.canvas[0] - y - layout.size[0], layout.canvas[1] - x - layout.size[1]
    up, before = min(top, int(y / ratio_y)), min(left, int(x / ratio_x))
    down, behind = min(photo[0] - bottom, int(below / ratio_y)), min(photo[1] - right, int(after / ratio_x))
    corner = y - round(up * ratio_y), x - round(before * ratio_x)
    source = top - up, left - before, bottom + down, right + behind
    height, width = _scaled_by(source, ratio_y, ratio_x)
    size = min(height, layout.canvas[0] - corner[0]), min(width, layout.canvas[1] - corner[1])
    return Layout(source, size, corner, layout.canvas)


def check_canvas(options: Compose, most_pixels: float) -> None:
    """Raises OptionError where every photo would get a canvas too large; photos have `most_pixels` at most."""
    smallest = (0, 0, 1, 1)
    _canvas(smallest, _margins(smallest, options), options, most_pixels)


def _canvas(source: Box, margins: Box, options: Compose, photo_pixels: float) -> Size:
    canvas = values.parse_size(options.size) if options.size else _spread(source, margins)
    if max(canvas) > _MOST_A_SIDE or canvas[0] * canvas[1] > max(_MOST_PIXELS, photo_pixels):
        raise OptionError(
            f"Option `{'size' if options.size else 'margin'}`: the picture would have {canvas[1]}×{canvas[0]} pixels; "
            f"{_MOST_A_SIDE} a side and {_MOST_PIXELS / 1e6:g} megapixels are the most"
        )
    return canvas


def _margins(box: Box, options: Compose, room: Box = _NO_ROOM) -> Box:
    """Top, right, bottom and left, in the photo's pixels, `room` among them."""
    if not options.crop:
        return 0, 0, 0, 0
    top, right, bottom, left = values.parse_margin(options.margin)
    height, width = box[2] - box[0], box[3] - box[1]
    asked = round(top.of(height)), round(right.of(width)), round(bottom.of(height)), round(left.of(width))
    above, after, below, before = (own + more for own, more in zip(asked, room, strict=True))
    return above, after, below, before


def _spread(box: Box, margins: Box) -> Size:
    """A box and the margins around it."""
    return box[2] - box[0] + margins[0] + margins[2], box[3] - box[1] + margins[1] + margins[3]


def _place_subject(box: Box, margins: Box, whole: Size, canvas: Size, options: Compose) -> Layout:
    """The subject somewhere on the canvas, but never in the margins.

    These are as wide as if the subject filled the rest: `scale` `100%` is what `crop` does without it.
    """
    spread = _spread(box, margins)
    full = min(canvas[0] / spread[0], canvas[1] / spread[1])
    ratio = full * values.parse_scale(options.scale) if options.scale else min(1.0, full)
    height, width = size = _scaled(box, ratio)
    top, right, bottom, left = (margin * full for margin in margins)
    end_y, end_x = canvas[0] - bottom, canvas[1] - right
    place = values.parse_position(options.position or "center")
    if place == "original":  # the middle of the subject keeps its share of the way across
        y = (box[0] + box[2]) / 2 / whole[0] * canvas[0] - height / 2
        x = (box[1] + box[3]) / 2 / whole[1] * canvas[1] - width / 2
    else:
        y, x = top + (end_y - top - height) * place[1], left + (end_x - left - width) * place[0]
    return Layout(box, size, (_within(y, height, top, end_y), _within(x, width, left, end_x)), canvas)


def _within(start: float, length: int, first: float, last: float) -> int:
    """The whole pixel nearest to `start` from which `length` pixels fit between two places; rounding may push one out.

    Where they do not fit by a rounding, they still end on the canvas.
    """
    return max(0, min(max(round(start), round(first)), round(last) - length))


def _scaled(box: Box, ratio: float) -> Size:
    return _scaled_by(box, ratio, ratio)


def _scaled_by(box: Box, ratio_y: float, ratio_x: float) -> Size:
    return max(1, round((box[2] - box[0]) * ratio_y)), max(1, round((box[3] - box[1]) * ratio_x))
