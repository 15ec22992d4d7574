"""Small charts as inline SVG, in the colours of the page around them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from feathercut.evaluate.scores import Metric

_WIDTH, _HEIGHT, _BINS = 240, 72, 16
_FOOT = 14


def histogram(metric: Metric, values: Sequence[float]) -> str:
    """How the photos' values are spread: sixteen bars, the median as a line, the ends as numbers."""
    low, high = min(values), max(values)
    counts, _ = np.histogram(values, _BINS, (low, high if high > low else low + 1))
    tall, step = _HEIGHT - _FOOT, _WIDTH / _BINS
    bars = "".join(
        f'<rect x="{number * step + 1:.1f}" y="{tall - tall * count / counts.max():.1f}" width="{step - 2:.1f}" '
        f'height="{tall * count / counts.max():.1f}"><title>{int(count)} photos</title></rect>'
        for number, count in enumerate(counts)
        if count
    )
    middle = float(np.median(values))
    x = (middle - low) / (high - low) * _WIDTH if high > low else _WIDTH / _BINS / 2
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(metric.name)}: {len(values)} photos '
        f'from {metric.show(low)} to {metric.show(high)}">{bars}<line class="axis" x1="0" y1="{tall}" x2="{_WIDTH}" '
        f'y2="{tall}"/><line class="median" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{tall}"><title>median '
        f'{metric.show(middle)}</title></line><text x="0" y="{_HEIGHT - 2}">{metric.show(low)}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT - 2}" text-anchor="end">{metric.show(high)}</text></svg>'
    )


def changes(metric: Metric, values: Sequence[float]) -> str:
    """Each photo's change as a bar from the middle line, sorted: better is green and above, worse red and below."""
    gains = sorted((value if metric.is_higher_better else -value for value in values), reverse=True)
    most = max(map(abs, gains)) or 1.0
    step, middle = _WIDTH / len(gains), _HEIGHT / 2
    bars = "".join(
        f'<rect class="{"better" if gain > 0 else "worse"}" x="{number * step:.2f}" '
        f'y="{middle - max(gain, 0) / most * middle:.2f}" width="{max(step * 0.85, 0.5):.2f}" '
        f'height="{abs(gain) / most * middle:.2f}"/>'
        for number, gain in enumerate(gains)
        if gain
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(metric.name)}: change of each photo">'
        f'{bars}<line class="axis" x1="0" y1="{middle}" x2="{_WIDTH}" y2="{middle}"/></svg>'
    )
