"""What each part of the way from networks to matte adds: `python -m bench ablation [--write] [--minutes N]`.

What was measured of a photo is kept while the code that it depends on stays as it is. `--write` puts the tables into
docs/quality.md, between its markers.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from bench.answers import ask, networks
from bench.costs import factors
from bench.kept import Kept, Numbers
from bench.mattes import IGNORED, MASKS, MATTE_ONLY, photo_of, samples
from bench.parts import PARTS, check, without
from bench.places import ROOT
from bench.processes import BenchError, apart, say
from bench.tables import Table
from feathercut.evaluate.arrays import as_values, is_kept
from feathercut.evaluate.band import unknown_band
from feathercut.evaluate.matting_metrics import gradient_error
from feathercut.evaluate.reading import read_alpha, read_trimap
from feathercut.evaluate.samples import Sample
from feathercut.loading import Loaded
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray, Image, Prediction
from feathercut.pipeline import cut_out
from feathercut.system import usable_cores

PAGE = ROOT / "docs" / "quality.md"
START, END = "<!-- written by `python -m bench ablation --write` -->\n", "<!-- end of what is written -->"
_SOFT = ("alphamatting", "hairfur-pseudo")
_SETS = (*_SOFT, *reversed(MASKS))


@dataclass(frozen=True)
class Row:
    """One way to a matte: which networks answer, the options behind them, and what of the fusion is taken out.

    `is_mirrored` has the first see the mirrored photo too, `is_closer` both of them the subject's own part.
    """

    title: str
    count: int = 2
    is_mirrored: bool = False
    is_closer: bool = False
    options: Options = MATTE_ONLY
    without: str | None = None


_BARE = MATTE_ONLY.model_copy(update={"edges": "network", "specks": 0})
_EDGED = MATTE_ONLY.model_copy(update={"specks": 0})
RECIPES = (Row("`fast`", 1), Row("`balanced`"), Row("`best`", is_mirrored=True, is_closer=True))
STEPS = (
    Row("the network alone", 1, options=_BARE),
    Row("+ the second network", options=_BARE),
    Row("+ edges after the photo", options=_EDGED),
    Row("+ specks dropped = `balanced`"),
    Row("+ both look from near", is_closer=True),
    Row("+ mirrored = `best`", is_mirrored=True, is_closer=True),
)


LESS = tuple(Row(f"`balanced` without {part}", without=part) for part in PARTS)


def table(times: int, *, writes: bool, every: int, minutes: float | None = None) -> Table:
    """Scores of all rows, and what they cost beside the network alone.

    Of the sets of masks one photo in `every` is looked at. Raises BenchError without the sets, and when `minutes` are
    over before all photos were looked at.
    """
    _counts(every)
    return apart(_table, times, writes=writes, every=every, minutes=minutes)


def _table(times: int, *, writes: bool, every: int, minutes: float | None) -> Table:
    rows = (*RECIPES, *STEPS, *LESS)
    check()
    found = _measured(rows, every, Kept("ablation", minutes))
    costs = factors(times)
    header = ("", *_header(), "time")
    lines = {row.title: (row.title, *_cells(found[row.title]), _cost(row, costs)) for row in rows}
    notes = [
        "SAD and Grad / 1000, MSE × 1000 in the unknown band, on alphamatting and hairfur-pseudo; MAE × 1000 on ecssd, "
        f"people and pets: the half for development in `../shared/bench`, {_counts(every)} photos. Lower is better.",
        "Time: from the photo's pixels to its matte, in terms of the network alone, medians of "
        f"{times} runs of each part in turn, on {usable_cores()} cores at full precision. What has none costs as much "
        "as `balanced`.",
    ]
    if writes:
        _write(header, lines, notes)
    return Table("What each part adds", header, list(lines.values()), notes, {"scores": found, "time": costs})


def _header() -> list[str]:
    soft = [f"{name} {number}" for name in ("alpham.", "hairfur") for number in ("SAD (median)", "MSE", "Grad")]
    return [*soft, *(f"{name} MAE" for name in MASKS)]


def _cells(scores: Mapping[str, Mapping[str, Sequence[float]]]) -> list[str]:
    cells = []
    for name in _SOFT:
        numbers = scores[name]
        cells.append(f"{statistics.mean(numbers['sad']):.1f} ({statistics.median(numbers['sad']):.1f})")
        cells += [f"{statistics.mean(numbers['band_mse']):.1f}", f"{statistics.mean(numbers['grad']):.1f}"]
    return [*cells, *(f"{statistics.mean(scores[name]['mae']) * 1000:.1f}" for name in MASKS)]


def _cost(row: Row, costs: Mapping[str, float]) -> str:
    if row.without:
        return ""
    key = "mirrored" if row.is_mirrored else "both" if row.count == 2 else "alone"
    factor = costs[key] + costs["closer"] * row.is_closer
    factor += costs["edges"] * (row.options.edges == "photo") + costs["specks"] * (row.options.specks > 0)
    return f"{factor:.2f}"


def _counts(every: int) -> str:
    return ", ".join(str(len(_photos(name, every))) for name in (*_SOFT, *MASKS))


def _photos(name: str, every: int) -> list[Sample]:
    return samples(name)[:: every if name in MASKS else 1]


def _measured(rows: Sequence[Row], every: int, kept: Kept) -> dict[str, dict[str, dict[str, list[float]]]]:
    """The numbers of all photos by row, set and metric."""
    loaded = networks(Network(precision="fp32"))  # the reference, on every processor
    found: dict[str, dict[str, dict[str, list[float]]]] = {
        row.title: {name: {} for name in (*_SOFT, *MASKS)} for row in rows
    }
    for name in _SETS:
        for number, sample in enumerate(photos := _photos(name, every)):
            if number % 10 == 0:
                say(f"{name}: photo {number + 1} of {len(photos)}")
            numbers = kept.numbers(f"{name}-{sample.id}", lambda: _judged(sample, name, rows, loaded))  # noqa: B023
            for row in rows:
                for metric, value in numbers[row.title].items():
                    found[row.title][name].setdefault(metric, []).append(value)
    return found


def _judged(sample: Sample, name: str, rows: Sequence[Row], loaded: Sequence[Loaded]) -> Numbers:
    photo, judge = photo_of(sample), _judge(sample, name)

    @cache
    def answers(count: int, is_mirrored: bool, is_closer: bool) -> tuple[Prediction, ...]:
        return ask(photo, loaded[:count], is_mirrored=is_mirrored, is_closer=is_closer)

    known: dict[Row, dict[str, float]] = {}
    for row in rows:
        way = replace(row, title="")  # some have two names
        if way not in known:
            known[way] = judge(_alpha(photo, answers(row.count, row.is_mirrored, row.is_closer), row))
    return {row.title: known[replace(row, title="")] for row in rows}


def _alpha(photo: Image, answers: Sequence[Prediction], row: Row) -> FloatArray:
    with without(row.without):
        return cut_out(photo, lambda *_: answers, row.options).alpha


def _judge(sample: Sample, name: str) -> Callable[[FloatArray], dict[str, float]]:
    """What measures mattes of one photo as `feathercut evaluate` does, but these numbers alone: they are many."""
    truth = as_values(read_alpha(sample.alpha))
    keep = is_kept(truth, IGNORED.get(name))
    band = unknown_band(truth, read_trimap(sample.trimap) if sample.trimap else None) if name in _SOFT else None

    def judge(alpha: FloatArray) -> dict[str, float]:
        matte = as_values(alpha)
        error = np.abs(matte - truth)
        if band is None:
            return {"mae": float(error[keep].mean())}
        return {
            "sad": float(error.sum()) / 1000,
            "band_mse": float((error[band] ** 2).mean()) * 1000,
            "grad": float(gradient_error(matte, truth).sum()) / 1000,
        }

    return judge


def _write(header: Sequence[str], lines: Mapping[str, Sequence[str]], notes: Sequence[str]) -> None:
    text = PAGE.read_text("utf-8")
    if START not in text or END not in text:
        raise BenchError(f"{PAGE} has lost its markers, between which the tables go")
    tables = [
        Table(title, header, [lines[row.title] for row in rows]).markdown().replace("## ", "### ", 1)
        for title, rows in (
            ("The recipes", RECIPES),
            ("Part by part", STEPS),
            ("Without one part of the fusion", (RECIPES[1], *LESS)),
        )
    ]
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + START + "\n" + "\n".join([*tables, "\n\n".join(notes), ""]) + "\n" + END + after, "utf-8")
    say(f"wrote the tables into {PAGE.relative_to(ROOT)}")
