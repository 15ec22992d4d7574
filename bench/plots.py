"""Plots as SVG, without a library: lines over a number, and bars made of parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]
_COLOURS = ("#06c", "#d60", "#090", "#a0a", "#088", "#c03", "#777", "#960", "#36a", "#5a0")
_WIDTH, _LEFT, _RIGHT = 640, 60, 580


def lines(title: str, unit: str, series: Mapping[str, Points], *, in_proportion: bool = False) -> str:
    """One line a name, over megapixels; `in_proportion` adds where the first one's first point would lead, dashed."""
    top, bottom = 40, 320
    every = [point for points in series.values() for point in points]
    widest, highest = max(x for x, _ in every), max(y for _, y in every) * 1.1

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + (_RIGHT - _LEFT) * x / widest, bottom - (bottom - top) * y / highest

    parts = [f'<text x="{_LEFT}" y="20">{escape(title)}</text>']
    if in_proportion:
        first_x, first_y = next(iter(series.values()))[0]
        x, y = place(widest, first_y / first_x * widest)
        parts.append(f'<line x1="{_LEFT}" y1="{bottom}" x2="{x:.1f}" y2="{y:.1f}" stroke="#bbb" stroke-dasharray="4"/>')
    for number, (name, points) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        placed = [place(*point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        if len(series) == 1:
            parts += [
                f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{point[1]:.2f} {unit}</text>'
                for (x, y), point in zip(placed, points, strict=True)
            ]
        else:
            x, y = placed[-1]
            parts.append(f'<text x="{x + 6:.1f}" y="{y + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    for x_value in sorted({x for x, _ in every}):
        x, _ = place(x_value, 0)
        parts.append(f'<text x="{x:.1f}" y="340" text-anchor="middle">{x_value:.3g}</text>')
    parts.append(f'<text x="{_LEFT}" y="{top}">{highest / 1.1:.3g} {unit}</text>')
    return _framed(parts, 360)


def stacked(title: str, unit: str, bars: Mapping[str, Mapping[str, float]]) -> str:
    """One bar a name, made of parts that have the same colour in every bar."""
    longest = max(sum(parts.values()) for parts in bars.values())
    colours = dict(zip(dict.fromkeys(part for parts in bars.values() for part in parts), _COLOURS * 3, strict=False))
    drawn = [f'<text x="{_LEFT}" y="20">{escape(title)}</text>']
    y = 36
    for name, parts in bars.items():
        x = float(_LEFT + 60)
        drawn.append(f'<text x="{_LEFT - 40}" y="{y + 15}">{escape(name)}</text>')
        for part, value in parts.items():
            width = (_RIGHT - _LEFT - 60) * value / longest
            drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="22" fill="{colours[part]}"/>')
            x += width
        drawn.append(f'<text x="{x + 6:.1f}" y="{y + 15}">{sum(parts.values()):.2f} {unit}</text>')
        y += 30
    for number, (part, colour) in enumerate(colours.items()):
        x, row = _LEFT + 140 * (number % 4), y + 20 + 18 * (number // 4)
        drawn.append(f'<rect x="{x}" y="{row - 10}" width="12" height="12" fill="{colour}"/>')
        drawn.append(f'<text x="{x + 18}" y="{row}">{escape(part)}</text>')
    return _framed(drawn, y + 30 + 18 * (len(colours) // 4 + 1))


def _framed(parts: Sequence[str], height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 120} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{_WIDTH + 120}" height="{height}" fill="white"/>{"".join(parts)}</svg>\n'
    )
