"""Whether confidence tells the real error, each set judged by what the others say: `python -m bench diagnosis`.

The photos are those of `../shared/bench` whose truth is known; the error of a matte is its mean absolute error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bench.answers import ask, networks
from bench.mattes import IGNORED, MATTE_ONLY, photo_of, samples
from bench.places import BENCH
from bench.plots import lines
from bench.processes import apart, say
from bench.tables import Table, verdict
from feathercut.diagnose.confidence import ALONE, LEAST, LOOK, RIGHT, SEVERAL, Fit, numbers_of, verdict_of
from feathercut.diagnose.diagnose import report_on
from feathercut.diagnose.evidence import evidence_of
from feathercut.evaluate.reading import read_alpha
from feathercut.evaluate.samples import Sample
from feathercut.loading import Loaded
from feathercut.options import Network
from feathercut.pictures import FloatArray, Matte, Prediction
from feathercut.pipeline import cut_out
from feathercut.report import Finding

SETS = ("alphamatting", "products", "portraits", "glass", "people", "pets", "ecssd")
PLOT = BENCH / "reliability.svg"
_LARGE = 20
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
_OF_A_LOGISTIC = 3**0.5 / np.pi
"""The scale of a logistic distribution whose standard deviation is 1."""


@dataclass(frozen=True)
class Row:
    """A photo: its set, the true error of its matte, what the confidence is made of, and what was found."""

    set: str
    error: float
    numbers: tuple[float, ...]
    findings: tuple[Finding, ...]


def table() -> Table:
    """Correlation by set, what is flagged, and how often mattes of a confidence are right; a plot beside the report."""
    rows = apart(_rows)
    confidences = _left_out(rows)
    errors = np.array([row.error for row in rows])
    shown = _correlations(rows, errors, confidences)
    flagged = np.array(
        [verdict_of(value, row.findings) != "fine" for row, value in zip(rows, confidences, strict=True)]
    )
    worst = errors >= np.sort(errors)[-round(len(errors) / 10)]
    share, caught = float(flagged.mean()), float(flagged[worst].mean())
    shown.append(("all", "flagged look or redo", f"{share:.3f}", f"at most 0.25: {verdict(share <= 0.25)}"))
    shown.append(("worst tenth", "flagged look or redo", f"{caught:.3f}", f"at least 0.8: {verdict(caught >= 0.8)}"))
    points = []
    for low, high in pairwise(_BINS):
        inside = (confidences >= low) & (confidences < high)
        if inside.any():
            right = float((errors[inside] <= RIGHT).mean())
            points.append((float(confidences[inside].mean()), right))
            shown.append((f"confidence {low:.1f} to {high:.1f}", f"right, of {inside.sum()}", f"{right:.2f}", ""))
    series = {"as measured": points, "as promised": [(0.0, 0.0), (1.0, 1.0)]}
    PLOT.write_text(lines(f"share of mattes with an error up to {RIGHT:g}, over confidence", "", series), "utf-8")
    whole = {"several networks": (_fitted(rows, 3), SEVERAL), "one network": (_fitted(rows, 2), ALONE)}
    notes = [
        f"{len(rows)} photos; each set's confidences are those of numbers fitted to the other sets. A matte is flagged "
        f"where its confidence is under {LOOK:g} or a finding warns. The plot is {PLOT.name}, beside the report.",
        *(
            f"Fitted to all sets, {name}: start {fit.start:.2f}, slope {fit.slope:.2f}, scatter {fit.scatter:.2f}; in "
            f"the code {ours.start:.2f}, {ours.slope:.2f}, {ours.scatter:.2f}."
            for name, (fit, ours) in whole.items()
        ),
    ]
    figures: dict[str, object] = {"flagged": share, "worst flagged": caught, "reliability": points}
    return Table("Diagnosis beside the truth", ("photos", "number", "found", "limit"), shown, notes, figures)


def _correlations(rows: Sequence[Row], errors: FloatArray, confidences: FloatArray) -> list[tuple[str, ...]]:
    shown: list[tuple[str, ...]] = []
    for name in ("all", *SETS):
        inside = np.array([name in ("all", row.set) for row in rows])
        if inside.sum() < _LARGE:
            continue
        found = -_spearman(errors[inside], confidences[inside])
        least = 0.6 if name == "all" else 0.5
        label = f"{name} ({inside.sum()})"
        shown.append((label, "Spearman", f"{found:.3f}", f"at least {least:g}: {verdict(found >= least)}"))
    return shown


def _left_out(rows: Sequence[Row]) -> FloatArray:
    """Each photo's confidence by numbers that were fitted to the other sets."""
    fits = {name: _fitted([row for row in rows if row.set != name], 3) for name in {row.set for row in rows}}
    return np.array([fits[row.set].confidence(row.numbers) for row in rows], np.float32)


def _fitted(rows: Sequence[Row], count: int) -> Fit:
    """A straight line through the logarithms of the errors, by least squares; from the first `count` numbers."""
    logs = np.log([np.array(row.numbers[:count]) + LEAST for row in rows]).mean(axis=1)
    wanted = np.log(np.array([row.error for row in rows]) + LEAST)
    slope, start = np.polyfit(logs, wanted, 1)
    return Fit(float(start), float(slope), float(np.std(wanted - start - slope * logs) * _OF_A_LOGISTIC))


def _spearman(one: FloatArray, other: FloatArray) -> float:
    first, second = (np.argsort(np.argsort(values)) for values in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def _rows() -> list[Row]:
    loaded = networks(Network())
    rows = []
    for name in SETS:
        photos = samples(name)
        say(f"{name}: {len(photos)} photos")
        rows += [_row(name, sample, loaded) for sample in photos]
    return rows


def _row(name: str, sample: Sample, loaded: Sequence[Loaded]) -> Row:
    photo = photo_of(sample)
    answers: list[Prediction] = []

    def predict(*_: object) -> Sequence[Prediction]:
        answers.extend(ask(photo, loaded))
        return answers

    alpha = cut_out(photo, predict, MATTE_ONLY).alpha
    evidence = evidence_of(photo, answers, Matte(alpha))
    truth = read_alpha(sample.alpha, photo.size)
    known = truth != IGNORED.get(name, -1)
    error = float(np.abs(alpha - truth / np.float32(np.iinfo(truth.dtype).max))[known].mean())
    return Row(name, error, tuple(numbers_of(evidence)), report_on(evidence).findings)
