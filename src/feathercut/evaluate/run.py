"""One evaluation, whole: a set, mattes of it, and every number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from feathercut import system
from feathercut.errors import FeathercutError
from feathercut.evaluate.cutting import Applies, Cut, cut_all
from feathercut.evaluate.mattes import Cost, MatteFolder
from feathercut.evaluate.samples import Sample
from feathercut.evaluate.scoring import Scored, Task, score_all
from feathercut.evaluate.summary import Row, Statistic, by_kind, row, summarise
from feathercut.options import Options

Heard = Callable[[str, int, int], None]
"""Hears how far a half of the run is: (id of the photo that was done last, how many are done, of how many)."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What was found: `rows` of the photos that were measured, `failed` of those that were not, by id."""

    set_name: str
    title: str
    is_soft: bool
    ignore: int | None
    rows: Sequence[Row]
    failed: Mapping[str, FeathercutError]
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, Statistic]:
        """Each metric over all photos that were measured."""
        return summarise(self.rows)

    @property
    def kinds(self) -> dict[str, dict[str, Statistic]]:
        """The same for each kind of subject."""
        return by_kind(self.rows)

    @property
    def ranked_by(self) -> str:
        """The metric that says which photo is worst: the key of SAD, or of MAE where the truth is masks."""
        return "sad" if self.is_soft else "mae"

    @property
    def worst_first(self) -> list[Row]:
        """The photos, worst first."""
        return sorted(self.rows, key=lambda one: -one.values[self.ranked_by])


def cut(samples: Sequence[Sample], remover: Applies, options: Options, mattes: MatteFolder, heard: Heard) -> list[Cut]:
    """Cuts out what the folder does not hold yet."""
    cuts: list[Cut] = []
    for one in cut_all(samples, remover, options, mattes):
        cuts.append(one)
        heard(one.sample.id, len(cuts), len(samples))
    return cuts


def compared(samples: Sequence[Sample], predictions: Path) -> list[Cut]:
    """The mattes of another tool as if they had been cut out: `<id>.png` in a folder."""
    return [Cut(sample, predictions / f"{sample.id}.png") for sample in samples]


def measure(
    cuts: Sequence[Cut],
    *,
    set_name: str,
    title: str,
    is_soft: bool,
    ignore: int | None,
    heard: Heard,
    settings: Mapping[str, object] | None = None,
    workers: int | None = None,
) -> Evaluation:
    """Scores what was cut out, on `workers` processes, by default one a core."""
    failed = {one.sample.id: one.error for one in cuts if one.error is not None}
    tasks = [Task(one.sample, one.path, is_soft, ignore) for one in cuts if one.error is None]
    costs: dict[str, Cost | None] = {one.sample.id: one.cost for one in cuts}
    found: dict[str, Scored] = {}
    for scored in score_all(tasks, workers or system.usable_cores()):
        found[scored.sample.id] = scored
        heard(scored.sample.id, len(found), len(tasks))
        if scored.error is not None:
            failed[scored.sample.id] = scored.error
    rows = [row(found[task.sample.id], costs[task.sample.id]) for task in tasks if found[task.sample.id].scores]
    return Evaluation(set_name, title, is_soft, ignore, rows, failed, settings or {})
