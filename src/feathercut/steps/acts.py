"""What a person drew on a matte, done again: loaded where somebody drew something."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feathercut.kernels import strokes
from feathercut.kernels.smart import Drawn, smart_alpha, smart_box
from feathercut.pictures import FloatArray, Image, Matte
from feathercut.recipe import Act, Lasso, Rectangle, Stroke
from feathercut.steps.seen import visible


def do(photo: Image, matte: Matte, acts: Sequence[Act]) -> Matte:
    """The matte after all acts, in their order."""
    alpha = matte.alpha.copy()
    for act in acts:
        if isinstance(act, Stroke) and act.is_smart:
            _smart(alpha, photo, act)
        else:
            _plain(alpha, photo, act)
    return Matte(np.clip(alpha, 0, 1))


def _plain(alpha: FloatArray, photo: Image, act: Act) -> None:
    """Does an act by what it covers alone, in place."""
    match act:
        case Stroke():
            covered = strokes.brush(photo.size, act.diameter_px, act.hardness, act.points)
        case Lasso():
            covered = strokes.lasso(photo.size, act.points)
        case Rectangle():
            covered = strokes.rectangle(photo.size, act.box)
    if covered is None:
        return
    box, coverage = covered
    part = np.s_[box[0] : box[2], box[1] : box[3]]
    opacity = act.opacity if isinstance(act, Stroke) else 1.0
    alpha[part] = strokes.blend(alpha[part], coverage, act.mode, opacity, _shown(photo, box))


def _smart(alpha: FloatArray, photo: Image, act: Stroke) -> None:
    """Does a stroke in which the photo decides, in place."""
    drawn = Drawn(act.mode, act.diameter_px, act.hardness, act.opacity, act.points)
    box = smart_box(photo.size, drawn)
    if box is None:
        return
    part = np.s_[box[0] : box[2], box[1] : box[3]]
    seen = visible(Image(np.ascontiguousarray(photo.rgb[part]), _shown(photo, box)))
    alpha[part] = smart_alpha(seen, alpha[part], box, drawn, _shown(photo, box))


def _shown(photo: Image, box: strokes.Box) -> FloatArray | None:
    return None if photo.alpha is None else photo.alpha[box[0] : box[2], box[1] : box[3]]
