"""A training as one HTML page that needs nothing beside it: its curves, sample mattes, and what came of it."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np
from torch import Tensor

from feathercut import files
from feathercut.evaluate.report_style import STYLE
from feathercut.train.compare import Scores
from feathercut.train.history import Epoch

_WIDTH, _HEIGHT, _FOOT = 360, 120, 16
_SIDE = 192
_KEPT = "samples.json"
_OF = ("photo", "truth", "at the start", "now")

_MORE_STYLE = """
svg polyline { fill: none; stroke: var(--accent); stroke-width: 2; } svg .best { fill: var(--better); }
.samples img { image-rendering: auto; }
"""


class Samples:
    """Small pictures of the first held-out photos: as they are, their truth, the matte at the start and now.

    They are kept beside the report, so that a training that goes on still shows how it began.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _KEPT
        self._rows: dict[str, dict[str, str]] = {}
        if self._path.is_file():
            try:
                self._rows = json.loads(self._path.read_text("utf-8"))
            except ValueError:
                self._rows = {}

    def add(self, number: int, photo: Tensor, truth: Tensor, alpha: Tensor) -> None:
        """One photo 3×S×S with its truth and its matte, both 1×S×S."""
        row = self._rows.setdefault(str(number), {"photo": _uri(photo), "truth": _uri(truth)})
        row["now"] = _uri(alpha)
        row.setdefault("at the start", row["now"])

    def write(self) -> None:
        """Keeps them. Raises OutputError."""
        files.write(self._path, json.dumps(self._rows).encode(), overwrite=True)

    @property
    def rows(self) -> Sequence[Mapping[str, str]]:
        """The pictures of each photo as data URIs."""
        return list(self._rows.values())


def page(
    title: str,
    facts: Mapping[str, object],
    history: Sequence[Epoch],
    best: int,
    samples: Sequence[Mapping[str, str]],
    results: Mapping[str, Scores] | None = None,
    ending: str = "",
) -> str:
    """The page; `best` is the number of the best epoch, `results` what was measured at the end, by network."""
    parts = []
    if results:
        parts.append(_section("Before and after", f"{_results(results)}<p>{escape(ending)}</p>"))
    parts.append(_section("Curves", f'<div class="charts">{"".join(_curves(history, best))}</div>'))
    if samples:
        parts.append(_section("Held-out photos", "".join(map(_row, samples))))
    parts.append(_section("Epochs", _epochs(history, best)))
    parts.append(_section("How it was trained", _facts(facts)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{_MORE_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _curves(history: Sequence[Epoch], best: int) -> list[str]:
    measured = [one for one in history if one.held_out is not None]
    named = {
        "Loss": [(one.number, one.loss) for one in history if one.loss is not None],
        "MAE, held out": [(one.number, one.held_out.mae) for one in measured if one.held_out],
        "IoU, held out": [(one.number, one.held_out.iou) for one in measured if one.held_out],
        "Rate": [(one.number, one.rate) for one in history if one.loss is not None],
    }
    return [curve(name, points, best) for name, points in named.items() if points]


def curve(name: str, points: Sequence[tuple[int, float]], best: int) -> str:
    """Numbers by epoch as a line; the best epoch is a dot, the ends are written out."""
    xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
    low, high, first, last = min(ys), max(ys), xs[0], xs[-1]
    tall = _HEIGHT - _FOOT

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - first) / (last - first) if last > first else 0.5
        return across * _WIDTH, tall - ((y - low) / (high - low) if high > low else 0.5) * (tall - 4) - 2

    line = " ".join("{:.1f},{:.1f}".format(*at(x, y)) for x, y in zip(xs, ys, strict=True))
    dots = [at(x, y) for x, y in zip(xs, ys, strict=True) if x == best]
    dot = "".join(f'<circle class="best" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in dots)
    return (
        f"<figure><figcaption>{escape(name)}<span>{ys[0]:.4g} → {ys[-1]:.4g}</span></figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(name)}, from {ys[0]:.4g} to {ys[-1]:.4g}">'
        f'<line class="axis" x1="0" y1="{tall}" x2="{_WIDTH}" y2="{tall}"/><polyline points="{line}"/>{dot}'
        f'<text x="0" y="{_HEIGHT - 2}">epoch {first:g}</text><text x="{_WIDTH}" y="{_HEIGHT - 2}" '
        f'text-anchor="end">{last:g}</text></svg></figure>'
    )


def _row(pictures: Mapping[str, str]) -> str:
    shown = "".join(
        f'<figure><img src="{pictures[name]}" alt="{name}"><figcaption>{name}</figcaption></figure>'
        for name in _OF
        if name in pictures
    )
    return f'<div class="pictures samples">{shown}</div>'


def _epochs(history: Sequence[Epoch], best: int) -> str:
    rows = []
    for one in history:
        loss = "" if one.loss is None else f"{one.loss:.4f}"
        measured = ("", "") if one.held_out is None else (f"{one.held_out.mae:.4f}", f"{one.held_out.iou:.4f}")
        is_best = "best" if one.number == best and one.held_out else ""
        rows.append((str(one.number), loss, *measured, f"{one.rate:.2g}", f"{one.seconds:.0f}", is_best))
    return table(("epoch", "loss", "MAE, held out", "IoU, held out", "rate", "seconds", ""), rows)


def _results(results: Mapping[str, Scores]) -> str:
    rows = [
        (name, str(one.photos), f"{one.mae:.4f}", f"{one.iou:.4f}", f"{one.sad:.2f}") for name, one in results.items()
    ]
    return table(("network", "photos", "MAE", "IoU", "SAD / 1000"), rows)


def _facts(facts: Mapping[str, object]) -> str:
    return table(("", ""), [(name, str(value)) for name, value in facts.items()])


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that scrolls where it is wide."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _uri(picture: Tensor) -> str:
    """C×S×S in [0, 1] as a small picture in an address."""
    from PIL import Image as Pillow

    bytes_ = (picture.detach().cpu().clamp(0, 1) * 255).round().byte().numpy()
    array = np.moveaxis(bytes_, 0, 2)
    image = Pillow.fromarray(array if array.shape[2] == 3 else array[..., 0])
    image.thumbnail((_SIDE, _SIDE))
    with io.BytesIO() as stream:
        image.save(stream, "JPEG", quality=85)
        return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode()
