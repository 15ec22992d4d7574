"""What `feathercut evaluate` prints: tables whose numbers stand below one another."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.evaluate.against import Earlier, Versus
from feathercut.evaluate.run import Evaluation
from feathercut.evaluate.scores import METRICS

Table = list[list[str]]

# Enough to tell kinds apart on one line of a terminal.
_OF_KINDS = ("sad", "band_mse", "grad", "conn", "mae", "iou", "weighted_f", "s", "colour")


def summary_table(evaluation: Evaluation) -> Table:
    """A row a metric: its mean, median and worst."""
    rows = [
        [METRICS[key].title, *(METRICS[key].show(value) for value in (one.mean, one.median, one.worst))]
        for key, one in evaluation.summary.items()
    ]
    return _aligned([["metric", "mean", "median", "worst"], *rows])


def kinds_table(evaluation: Evaluation) -> Table:
    """A row a kind of subject: how many, and means."""
    keys = [key for key in _OF_KINDS if key in evaluation.summary]
    rows = []
    for kind, found in evaluation.kinds.items():
        means = [METRICS[key].show(found[key].mean if key in found else None) for key in keys]
        rows.append([kind, str(sum(row.kind == kind for row in evaluation.rows)), *means])
    return _aligned([["kind", "photos", *(METRICS[key].name for key in keys)], *rows])


def versus_table(versus: Sequence[Versus], earlier: Earlier) -> Table:
    """A row a metric: before, now, and on how many photos it is better, worse and equal now."""
    rows = []
    for one in versus:
        metric = METRICS[one.key]
        ratio = f"{one.now / one.before:.3f}" if one.before else "–"
        counts = [str(count) for count in (one.wins, one.losses, one.ties)]
        rows.append([metric.title, metric.show(one.before), metric.show(one.now), ratio, *counts])
    return _aligned([[f"against {earlier.title}", "before", "now", "ratio", "better", "worse", "equal"], *rows])


def _aligned(rows: Table) -> Table:
    """The first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [[row[0], *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in rows]
