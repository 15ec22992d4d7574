"""From the numbers of photos to those of a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feathercut.evaluate.arrays import Values
from feathercut.evaluate.mattes import Cost
from feathercut.evaluate.scores import METRICS
from feathercut.evaluate.scoring import Scored


@dataclass(frozen=True)
class Statistic:
    """One metric over a set; `worst` is the lowest or the highest, as the metric goes."""

    mean: float
    median: float
    worst: float
    count: int


@dataclass(frozen=True, eq=False)
class Row:
    """The numbers of one photo by their keys in METRICS, time and memory with them."""

    scored: Scored
    values: Mapping[str, float]

    @property
    def id(self) -> str:
        """The photo's id."""
        return self.scored.sample.id

    @property
    def kind(self) -> str:
        """Its kind of subject."""
        return self.scored.sample.kind


def row(scored: Scored, cost: Cost | None) -> Row:
    """A photo's row, with what cutting it out took where that is known."""
    values = dict(scored.scores.values) if scored.scores else {}
    if cost is not None:
        values["seconds"] = cost.seconds
        if cost.memory_mb is not None:
            values["memory_mb"] = cost.memory_mb
    return Row(scored, values)


def summarise(rows: Sequence[Row]) -> dict[str, Statistic]:
    """The statistics of a set, for each metric that a photo of it has.

    As the papers do, the mean of `max_f` and of `e` is the best of the mean curve: one threshold for
    the whole set. The median and the worst are those of the photos' own bests.
    """
    found = {}
    for key, metric in METRICS.items():
        values = [one.values[key] for one in rows if key in one.values]
        if values:
            worst = min(values) if metric.is_higher_better else max(values)
            found[key] = Statistic(float(np.mean(values)), float(np.median(values)), worst, len(values))
    curves = {
        "max_f": [one.scored.scores.f_curve for one in rows if one.scored.scores],
        "e": [one.scored.scores.e_curve for one in rows if one.scored.scores],
    }
    for key, several in curves.items():
        if key in found:
            old = found[key]
            found[key] = Statistic(_best_of_mean(several), old.median, old.worst, old.count)
    return found


def by_kind(rows: Sequence[Row]) -> dict[str, dict[str, Statistic]]:
    """The statistics of each kind of subject, by name."""
    kinds = sorted({one.kind for one in rows})
    return {kind: summarise([one for one in rows if one.kind == kind]) for kind in kinds}


def _best_of_mean(curves: Sequence[Values]) -> float:
    return float(np.mean(curves, axis=0).max())
