"""A network as a drawing, taken from the network itself: each stage with the map that it makes and what it costs."""

from __future__ import annotations

import html
from dataclasses import dataclass

from torch import nn

from feathercut.train.networks.blocks import ConvNormRelu
from feathercut.train.networks.counts import Part, parts
from feathercut.train.networks.residual_u import DilatedResidualU, ResidualU

_BOX, _TALL, _ROW, _STEP, _MARGIN = 208, 46, 74, 46, 24
_GLYPH = 30  # the small U inside a box that is a U itself


@dataclass(frozen=True)
class Stage:
    """One box: its name in the code, what it is, the map that comes out, and its share of the multiplications.

    `levels` is how many levels it has itself, where it is a U.
    """

    name: str
    kind: str
    levels: int
    part: Part
    share: float


def drawing(network: nn.Module, side: int, down: str, up: str, bottom: str = "") -> str:
    """SVG of a U whose ways are the lists of modules `down` and `up` of the network, perhaps with a `bottom`.

    The way down runs along the left from the top, the way up along the right from below. A box is the darker, the
    larger its share of all multiplications for a photo of `side`×`side`.
    """
    known = parts(network, (side, side))
    modules = dict(network.named_modules())
    total = known[""].gmac

    def stage(name: str) -> Stage:
        return Stage(name, *_kind(modules[name]), known[name], known[name].gmac / total)

    left = [stage(name) for name in _of_list(down, known)]
    right = [stage(name) for name in _of_list(up, known)]
    lowest = stage(bottom) if bottom else left.pop()
    width = 2 * (_MARGIN + _BOX) + _STEP * (2 * len(left) - 1) + _BOX
    height = 2 * _MARGIN + _ROW * len(left) + _TALL
    middle = (width - _BOX) // 2
    places = [(_MARGIN + _STEP * row, _MARGIN + _ROW * row) for row in range(len(left))]
    lines = []
    for row, (x, y) in enumerate(places):
        far, below = width - x - _BOX, y + _TALL
        lines.append(_line(x + _BOX, y + _TALL // 2, far, y + _TALL // 2, is_bridge=True))
        under = places[row + 1][0] if row + 1 < len(places) else middle
        lines.append(_line(x + _BOX // 2, below, under + _BOX // 2, y + _ROW))
        lines.append(_line(width - under - _BOX // 2, y + _ROW, far + _BOX // 2, below))
    boxes = [_box(one, x, y) for one, (x, y) in zip(left, places, strict=True)]
    boxes.append(_box(lowest, middle, _MARGIN + _ROW * len(left)))
    boxes += [_box(one, width - x - _BOX, y) for one, (x, y) in zip(reversed(right), places, strict=True)]
    return _svg(width, height, [*lines, *boxes])


def _of_list(name: str, known: dict[str, Part]) -> list[str]:
    return [one for one in known if one.startswith(f"{name}.") and one.count(".") == name.count(".") + 1]


def _kind(module: nn.Module) -> tuple[str, int]:
    match module:
        case ResidualU():
            return f"RSU-{len(module.down) + 1}", len(module.down) + 1
        case DilatedResidualU():
            return "RSU-4F", 1
        case ConvNormRelu() if module.conv.dilation != (1, 1):
            return f"dilated {module.conv.dilation[0]}×", 0
        case ConvNormRelu():
            return "convolution", 0
        case nn.Sequential():
            return f"{len(module)} convolutions", 0
    return type(module).__name__, 0


def _box(stage: Stage, x: int, y: int) -> str:
    _, channels, height, width = stage.part.shape
    # From a pale to a full blue; text turns white where that reads better.
    depth = min(stage.share / 0.3, 1)
    fill = "#" + "".join(
        f"{round(pale + (full - pale) * depth):02x}" for pale, full in ((232, 30), (240, 92), (250, 168))
    )
    ink = "#ffffff" if depth > 0.5 else "#14233b"
    words = (f"{stage.name} · {stage.kind}", f"{channels} × {height}×{width} · {stage.share * 100:.1f} %")
    weights = (' font-weight="600"', "")
    text = "".join(
        f'<text x="{x + 8}" y="{y + 19 + 16 * row}" fill="{ink}"{weight}>{html.escape(line)}</text>'
        for row, (line, weight) in enumerate(zip(words, weights, strict=True))
    )
    frame = f'<rect x="{x}" y="{y}" width="{_BOX}" height="{_TALL}" rx="6" fill="{fill}" stroke="#5b7aa6"/>'
    return frame + text + _glyph(stage.levels, x + _BOX - _GLYPH - 6, y + 8, ink)


def _glyph(levels: int, x: int, y: int, ink: str) -> str:
    """A small U with that many levels."""
    bars = []
    for level in range(levels):
        inset, top = level * _GLYPH / (2 * levels), y + level * 30 / max(levels, 4)
        ends = (
            ((x + inset, x + _GLYPH - inset),)
            if level == levels - 1
            else (
                (x + inset, x + inset + 4),
                (x + _GLYPH - inset - 4, x + _GLYPH - inset),
            )
        )
        bars += [f"M{left:.1f} {top:.1f}H{right:.1f}" for left, right in ends]
    return f'<path d="{"".join(bars)}" stroke="{ink}" stroke-width="2.2" opacity="0.75"/>' if bars else ""


def _line(x: int, y: int, to_x: int, to_y: int, *, is_bridge: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if is_bridge else ""
    return (
        f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="#5b7aa6" stroke-width="1.5"{dashes} '
        'marker-end="url(#tip)"/>'
    )


def _svg(width: int, height: int, inside: list[str]) -> str:
    tip = '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'font-family="system-ui, sans-serif" font-size="11">',
            f'<defs>{tip}<path d="M0 0 8 4 0 8z" fill="#5b7aa6"/></marker></defs>',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *inside,
            "</svg>\n",
        ]
    )
