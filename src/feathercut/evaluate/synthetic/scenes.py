"""One scene: a subject of a kind, drawn with its exact alpha, in front of a photograph."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import OptionError
from feathercut.evaluate.synthetic.backgrounds import background, photographs
from feathercut.evaluate.synthetic.layers import Layer, extended
from feathercut.evaluate.synthetic.seeds import HELD_OUT, KINDS, MORE_HELD_OUT, TUNING, Kind, generator
from feathercut.pictures import FloatArray, Size

SIZE_HW: Size = (768, 1024)
_SMALLEST = 64


@dataclass(frozen=True, eq=False)
class Scene:
    """A photograph of which everything is known: `rgb = alpha · foreground + (1 − alpha) · background`.

    float32 in [0, 1], sRGB-encoded as all pictures here: `alpha` H×W, the others H×W×3. `foreground` is the
    subject's own colour wherever alpha is above 0, and that of the nearest parts elsewhere.
    """

    rgb: FloatArray
    alpha: FloatArray
    foreground: FloatArray
    background: FloatArray


def render(seed: int, kind: Kind, size_hw: Size = SIZE_HW, photos: Sequence[Path] | None = None) -> Scene:
    """The scene of a seed; the same arguments give the same arrays.

    `photos` are the files to put behind it, by default the three example photos. The same seed at another
    size is the same scene in the large; strands keep their width in pixels, so there are more of them.
    Raises OptionError for a seed of no range, a kind that is none, or a size under 64 pixels.
    """
    if not any(seed in several for several in (TUNING, HELD_OUT, MORE_HELD_OUT)):
        raise OptionError(f"{seed} is no seed: {TUNING[0]} to {HELD_OUT[-1]} are")
    if kind not in KINDS:
        raise OptionError(f"`{kind}` is no kind of subject: {', '.join(KINDS)} are")
    if min(size_hw) < _SMALLEST:
        raise OptionError(f"{size_hw[1]}×{size_hw[0]} is too small for a subject: {_SMALLEST} pixels are the least")
    behind = background(generator(seed, kind, 0), photos or photographs(), size_hw)
    draw: Callable[..., Layer] = importlib.import_module(f"{__package__}.{kind}").draw
    subject = draw(generator(seed, kind, 1), seed, size_hw)
    foreground = extended(subject)
    share = subject.alpha[..., None]
    return Scene(share * foreground + (1 - share) * behind, subject.alpha, foreground, behind)
